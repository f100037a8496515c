"""What the page's own header lines say: when the article appeared, where, and who wrote it.

A line is metadata when pieces that the rules know (a stamp, a labelled source, a reporter's names) cover it. The
stamp that stands between title and text, or on one line with the source, beats any other on the page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hkextract.article import Meta
from hkextract.clean.furniture import Body
from hkextract.clean.lines import LONGEST_HEADER_LINE, Drop, HeaderRules, Line, Shapes, squeeze
from hkextract.extract.matching import Found
from hkextract.extract.numerals import parse
from hkextract.rules import Rules, expand

TAIL_CHARS = 60
FIRST_PARAGRAPHS = 4
HEADER_REACH = 12
"""A header line stands at most this many lines above the first line of the text."""
_TRIGGER = re.compile(
    r"\d[-/.年时:：]\d|\d月|[:：/／|｜]|记者|特派员|图|摄|报道|报导|讯|电|版|[一二][〇零○九]|民国|浏览|原创|供|19|20|社|作者|[A-Z][a-z]{2}"
)
_SEPARATORS = re.compile(r"[\s\u3000|｜丨/·•,，、;；:：()（）\[\]【】>＞—\-]+")
_ROC = 1911
_FIRST_MONTH = {"元": "1", "正": "1"}
_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time of publication as ISO 8601, how sure it is to be the article's own, and where it was found."""

    value: str
    weight: float
    basis: str


class HeaderReader:
    """Recognises header lines and reads them. Build once a `Rules`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = HeaderRules(rules)
        table = rules["metadata"]
        self.words = table.words
        self.outlet = re.compile(expand(table.parts["outlet_short"], table.words, table.parts))
        self.names = re.compile(expand(table.parts["names"], table.words, table.parts))
        self.given = re.compile(expand(table.parts["given"], table.words, table.parts))
        self.own = re.compile(expand(table.parts["own_outlet"], table.words, table.parts))
        self.updated = re.compile(expand(table.parts["updated_label"], table.words, table.parts))
        self.edition = re.compile(expand(table.parts["edition"], table.words, table.parts) + "$")

    def mark(self, lines: Sequence[Line]) -> None:
        """Notes on each line the metadata in it, whether it is a header line and whether it closes the article."""
        awaiting_names = False
        for line in lines:
            readable = len(line) <= LONGEST_HEADER_LINE and not (line.prose and line.closed)
            if awaiting_names and len(line) <= 40 and self.names.fullmatch(line.text):
                line.header, line.names, awaiting_names = True, True, False
                continue
            awaiting_names = False
            if not readable or not _TRIGGER.search(line.text):
                continue
            line.found = self.rules.read(line.text)
            line.header = bool(line.found) and self._covers(line)
            kinds = [found.rule.kind for found in line.found]
            line.closing = bool(kinds) and kinds[0] == "editor" and line.found[0].start <= 1
            line.header = line.header or line.closing
            awaiting_names = line.header and line.found[-1].rule.id == "meta-byline-open"

    def _covers(self, line: Line) -> bool:
        """True where the pieces leave nothing of the line, or only an outlet or a name beside a stamp or a byline."""
        free = [word for word in self.free_words(line) if word not in self.words["filed"]]
        if not free:
            return (
                any(found.rule.kind not in ("header word", "count", "page") for found in line.found) or len(line) <= 24
            )
        kinds = {found.rule.kind for found in line.found}
        if line.bullet or not kinds & {"published", "source", "author", "byline"}:
            return False
        if len(free) <= 2 and all(self.outlet.fullmatch(word) or self.names.fullmatch(word) for word in free):
            return True
        marked = line.found[0].rule.kind == "header word" and line.found[0].start == 0
        return marked and "published" in kinds and len(free) <= 3 and all(len(word) <= 12 for word in free)

    @staticmethod
    def free_words(line: Line) -> list[str]:
        """The words of a header line that no piece covers."""
        rest, at = [], 0
        for found in line.found:
            rest.append(line.text[at : found.start])
            at = found.end
        rest.append(line.text[at:])
        return [word for part in rest for word in _SEPARATORS.split(part) if word]

    def datelines(self, lines: Sequence[Line], title: str, shapes: Shapes) -> list[Found]:
        """The datelines of the first paragraphs; a line that holds no more than one and the title becomes a header."""
        found: list[Found] = []
        seen = 0
        for line in lines:
            if line.role is None and not line.header:
                continue
            start = 0
            for rule in self.rules.heads:
                if match := rule.regex.match(line.text, start):
                    found.append(Found(rule, match))
                    start = match.end()
                    if rule.kind == "published":
                        line.cuts.append(Drop(line.start, line.start + start, rule.id, _reason(rule)))
                    elif _repeats(line, line.text[start:], title, shapes):
                        line.header = True
            seen += line.prose
            if seen >= FIRST_PARAGRAPHS:
                break
        return found

    def cut_tails(self, lines: Iterable[Line], shapes: Shapes) -> list[Found]:
        """Cuts credits, reporters and end marks off the ends of lines that stay; returns the pieces."""
        found = []
        for line in lines:
            if line.role is None:
                continue
            end = len(line.text)
            if not line.caption and not shapes.tail_end.match(line.text[-1]):
                continue
            while match := self._tail(line, end, shapes):
                rule = match.rule
                line.cuts.append(Drop(line.start + match.start, line.start + match.end, rule.id, _reason(rule)))
                found.append(match)
                end = match.start
        return found

    def _tail(self, line: Line, end: int, shapes: Shapes) -> Found | None:
        """What stands behind the last sentence of `line.text[:end]` and is no part of it."""
        for rule in (*shapes.tails, *self.rules.tails):
            match = rule.regex.search(line.text[:end], max(0, end - TAIL_CHARS))
            if match and match.start() > 0 and (rule.kind != "credit" or line.caption):
                return Found(rule, match)
        return None

    def stamp_of(self, found: Found) -> str:
        """The ISO 8601 value of a stamp; empty where it is no real day.

        >>> # 2024年8月9日 上午9:05 → 2024-08-09T09:05
        """
        month_word = found.part("month_name") or found.part("month_name_after")
        month = self.words["month"].category(month_word) if month_word else found.part("month")
        year = found.part("year") or found.part("year_last")
        year = str(int(found.part("roc")) + _ROC) if found.part("roc") else year
        day = found.part("day") or found.part("day_first")
        try:
            date = dt.date(*(_number(part) for part in (year, month, day)))
        except (ValueError, TypeError):
            return ""
        return date.isoformat() + self.clock_of(found)

    def clock_of(self, found: Found) -> str:
        """`T09:05` with seconds and offset where they stand; empty without a time."""
        if not found.part("hour"):
            return ""
        hour, minute = int(found.part("hour")), int(found.part("minute"))
        half = self.words["half"].category(found.part("half") or found.part("after"))
        if half == "pm" and hour < 12:
            hour += 12
        if half == "am" and hour == 12:
            hour = 0
        if hour > 23 or minute > 59:
            return ""
        second = f":{found.part('second')}" if found.part("second") else ""
        zone = found.part("zone") or found.part("zone2").strip("()（）")
        offset = self.words["offset"].category(zone, zone if re.fullmatch(r"[+-]\d{2}:?\d{2}|Z", zone) else "")
        return f"T{hour:02}:{minute:02}{second}{offset}"


def _repeats(line: Line, rest: str, title: str, shapes: Shapes) -> bool:
    """True where what follows a dateline is nothing, a label and a headline, or the title."""
    named = shapes.rest_of_dateline.match(rest)
    told = squeeze(rest[named.end() :] if named else rest)
    headline = squeeze(title)
    if not told or told in headline:
        return True
    return not line.closed and (bool(named and named.end()) or bool(headline and headline in told))


def _number(part: str) -> int:
    """A year, month or day in Arabic or Chinese numerals."""
    value = parse(_FIRST_MONTH.get(part, part))
    if value is None:
        raise ValueError(part)
    return int(value)


def _reason(rule: object) -> str:
    kind = str(getattr(rule, "kind", ""))
    return f"metadata: {kind}" if getattr(rule, "table", "") == "metadata" else kind


def drop_headers(lines: Sequence[Line], body: Body) -> None:
    """Drops the header lines; inside the body a bare day stays, which heads a section there."""
    for i, line in enumerate(lines):
        if not line.header or line.role is None or line.role == "title":
            continue
        kinds = [found.rule.kind for found in line.found]
        dated = set(kinds) == {"published"} and not any(
            found.part("hour") or found.part("label") for found in line.found
        )
        if dated and body.first < i < body.stop:
            continue
        rule = line.found[0].rule.id if line.found else "meta-dateline"
        line.discard(rule, f"metadata: {kinds[0] if kinds else 'dateline'}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page offers for its metadata: its lines, where the body and the title stand, datelines and cut tails."""

    lines: Sequence[Line]
    body: Body
    title: int | None
    datelines: Sequence[Found]
    tails: Sequence[Found]

    @property
    def header(self) -> list[tuple[int, Line]]:
        """The header lines near the title and the first lines of the text, with their numbers."""
        first = max(0, (self.body.first if self.title is None else min(self.title, self.body.first)) - HEADER_REACH)
        stop = min(self.body.first + 4, len(self.lines))
        return [(i, self.lines[i]) for i in range(first, stop) if self.lines[i].header]

    @property
    def above(self) -> list[tuple[int, Line]]:
        """Other lines above the text in which a stamp stands: a newspaper's head, a site's."""
        lines = enumerate(self.lines[: self.body.first])
        return [(i, line) for i, line in lines if line.found and not line.header and not line.bullet]

    @property
    def footer(self) -> list[tuple[int, Line]]:
        """The header lines right below the text: an editor's line, the stamp of a press release."""
        stop = min(self.body.stop + 4, len(self.lines))
        below = []
        for i in range(max(self.body.stop, self.body.first + 4), stop):
            if self.lines[i].place == "box":
                break
            if self.lines[i].header:
                below.append((i, self.lines[i]))
        return below


def collect(reader: HeaderReader, evidence: Evidence, meta: Meta, file: str) -> Meta:
    """The metadata of an article: what the container or the user states, filled from the page and the file's name."""
    found = replace(meta, source=_source(reader, evidence), author=_author(reader, evidence))
    stamp = _best_stamp(reader, evidence, file)
    if stamp:
        found = replace(found, published_at=stamp.value, published_basis=stamp.basis)
    merged = meta.filled_from(found)
    finer = stamp and len(stamp.value) > len(meta.published_at) and stamp.value.startswith(meta.published_at)
    if stamp and meta.published_at and finer and meta.published_basis != "user":
        merged = replace(merged, published_at=stamp.value)
    return merged


def _best_stamp(reader: HeaderReader, evidence: Evidence, file: str) -> Stamp | None:
    stamps = []
    for number, (i, line) in enumerate((*evidence.header, *evidence.footer, *evidence.above)):
        in_header = number < len(evidence.header)
        for found in line.found:
            value = reader.stamp_of(found) if found.rule.kind == "published" else ""
            if value:
                if "T" not in value and i + 1 < len(evidence.lines):
                    value += _clock_below(reader, evidence.lines[i + 1])
                stamps.append(Stamp(value, _stamp_weight(reader, evidence, i, found, in_header), "header line"))
    if stamps:
        return max(stamps, key=lambda stamp: stamp.weight)
    for found in (*evidence.datelines, *evidence.tails):
        value = reader.stamp_of(found) if found.part("month") else ""
        if value:
            return Stamp(value, 0, "header line" if found.rule.kind == "published" else "dateline")
    if match := _FILE_DATE.search(file.rpartition("/")[2]):
        return Stamp(f"{match[1]}-{match[3]}-{match[4]}", 0, "filename")
    return None


def _clock_below(reader: HeaderReader, below: Line) -> str:
    return next((reader.clock_of(found) for found in below.found if found.rule.kind == "clock"), "")


def _stamp_weight(reader: HeaderReader, evidence: Evidence, i: int, found: Found, in_header: bool) -> float:
    line = evidence.lines[i]
    company = {other.rule.kind for other in line.found} & {"source", "author", "byline", "editor"}
    old = reader.updated.match(found.part("label")) is not None
    weight = 3.0 * bool(found.part("label")) - 2 * old + 3 * bool(company) + bool(found.part("hour"))
    if evidence.title is not None and evidence.title < i:
        weight += 3
    return weight - 0.2 * abs(evidence.body.first - i) if in_header else weight - 4


def _source(reader: HeaderReader, evidence: Evidence) -> str:
    lines = (*evidence.header, *evidence.footer)
    labelled = [f.part("source") for _, line in lines for f in line.found if f.rule.kind == "source"]
    bylines = [f.part("source") for _, line in lines for f in line.found if f.rule.kind == "byline"]
    above = (line for _, line in (*evidence.header, *evidence.above))
    words = [reader.edition.sub("", word) for line in above for word in reader.free_words(line)]
    free = [word for word in words if reader.outlet.fullmatch(word)]
    filed = [found.part("source") for found in evidence.datelines]
    tails = [found.part("source") for found in evidence.tails if found.rule.kind == "byline"]
    for source in (*labelled, *bylines, *free, *filed, *tails):
        if source and not reader.own.match(source):
            return reader.edition.sub("", source).strip("《》 \u3000")
    return ""


def _author(reader: HeaderReader, evidence: Evidence) -> str:
    names = []
    for _, line in evidence.header:
        names += [found.part("author") for found in line.found if found.rule.kind in ("author", "byline")]
        names += [line.text] if line.names else []
    names += [found.part("author") or found.part("before") for found in evidence.datelines]
    names += [found.part("author") for found in evidence.tails if found.rule.kind == "byline"]
    names += [
        found.part("author") for _, line in evidence.footer for found in line.found if found.rule.kind == "author"
    ]
    free = [word for _, line in evidence.header for word in reader.free_words(line)]
    names += [word for word in free if reader.given.fullmatch(word) and not reader.outlet.fullmatch(word)]
    author = next((name for name in names if name), "")
    return "、".join(part for part in re.split(r"[、,，/&和与 \u3000\t]+", author) if part)
