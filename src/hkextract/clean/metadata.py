"""What the page's own header lines say: when the article appeared, where, and who wrote it.

A line is metadata when pieces that the rules know (a stamp, a labelled source, a reporter's names) cover it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from hkextract.clean.furniture import Body
from hkextract.clean.gates import HeaderRules
from hkextract.clean.line import Drop, Line, squeeze
from hkextract.clean.lines import LONGEST_HEADER_LINE, Shapes
from hkextract.extract.matching import Found
from hkextract.extract.numerals import parse
from hkextract.rules import Rules

TAIL_CHARS = 60
LONGEST_CAPTION, CREDIT_REACH = 120, 24
HEADER_CHARS = 60
"""A line that opens with a day and a time may be a header, even if it ends like a sentence, up to this length."""
PERSONS_CHARS = 20
MOST_FREE, LONGEST_FREE = 8, 12
"""Words that no rule knows in a header line, and characters of each, at most."""
SLIGHT = frozenset({"header word", "count", "page"})
TELLING = frozenset({"published", "source", "author", "byline", "editor"})
DAYS_IN_LIST = 3
FIRST_PARAGRAPHS = 4
_ROC = 1911


class HeaderReader:
    """Recognises header lines and reads them. Build once a `Rules`."""

    def __init__(self, rules: Rules) -> None:
        table = rules["metadata"]
        made = table.compile
        self.rules, self.words = HeaderRules(table), table.words
        self.trigger, self.separators = made("{trigger}"), made("{separators}")
        self.outlet, self.own, self.site = made("{outlet_short}"), made("{own_outlet}"), made("{site_name}")
        self.names, self.given, self.between_names = made("{names}"), made("{given}"), made("{between_names}")
        self.year_line, self.day_line, self.time_line = made("{year_line}"), made("{day_line}"), made("{time_line}")
        self.owner, self.steps = made("{owner}"), made("{steps}")
        self.credit_hint = made("{credit_hint}")
        self.opens, self.person = made("{opens_dated}"), made("{person}")
        self.updated, self.edition = made("{updated_label}"), made("{edition}$")

    def mark(self, lines: Sequence[Line]) -> None:
        """Notes on each line the metadata in it, whether it is a header line and whether it closes the article."""
        awaiting_names = False
        for line in lines:
            sentence = line.prose and line.closed and not (len(line) <= HEADER_CHARS and self.opens.match(line.text))
            readable = len(line) <= LONGEST_HEADER_LINE and not sentence
            line.person = (
                line.rule is None and len(line) <= PERSONS_CHARS and self.person.fullmatch(line.text) is not None
            )
            if awaiting_names and len(line) <= 40 and self.names.fullmatch(line.text):
                line.header, line.names, awaiting_names = True, True, False
                continue
            awaiting_names = False
            if not readable or not self.trigger.search(line.text):
                continue
            line.found = self.rules.read(line.text)
            line.header = bool(line.found) and self._covers(line)
            kinds = [found.rule.kind for found in line.found]
            line.closing = bool(kinds) and kinds[0] == "editor" and line.found[0].start <= 1
            line.header = line.header or line.closing
            line.closing = line.closing or (line.header and "editor" in kinds)
            line.loose = not line.header and self._opens_with_stamp(line)
            awaiting_names = line.header and line.found[-1].rule.id == "meta-byline-open"
        self._join_stamps(lines)
        _unmark_calendars(lines)

    def _join_stamps(self, lines: Sequence[Line]) -> None:
        """Reads a stamp of which the year, the day and the time stand on a line each."""
        for i in range(len(lines) - 1):
            if not self.year_line.fullmatch(lines[i].text) or not self.day_line.fullmatch(lines[i + 1].text):
                continue
            timed = i + 2 < len(lines) and self.time_line.fullmatch(lines[i + 2].text) is not None
            parts = lines[i : i + 2 + timed]
            parts[0].found = self.rules.read(" ".join(part.text for part in parts))
            for part in parts if parts[0].found else ():
                part.header, part.rule = True, None

    def _covers(self, line: Line) -> bool:
        """True where the pieces leave nothing of the line, or no more than header lines have beside their pieces."""
        free = [word for word in self.free_words(line) if word not in self.words["filed"]]
        kinds = {found.rule.kind for found in line.found}
        if not free:
            return not kinds <= SLIGHT or len(line) <= 24
        told = kinds & TELLING
        if line.bullet or not told:
            return False
        if len(free) <= 2 and all(self.outlet.fullmatch(word) or self.names.fullmatch(word) for word in free):
            return True
        if len(free) > MOST_FREE or any(len(word) > LONGEST_FREE and not word.isascii() for word in free):
            return False
        if len(told) >= 2:
            return True
        marked = line.found[0].rule.kind == "header word" and line.found[0].start == 0
        return marked and "published" in kinds and len(free) <= 3

    def _opens_with_stamp(self, line: Line) -> bool:
        """True for a day with its time and behind it a few words, which may be a header or an entry of a chronicle."""
        stamp = next((found for found in line.found if found.rule.kind == "published"), None)
        if stamp is None or not stamp.part("hour") or line.closed or line.prose or line.bullet:
            return False
        free = self.free_words(line)
        before = [word for word in self.separators.split(line.text[: stamp.start]) if word in free]
        return not before and len(free) <= 4 and all(len(word) <= LONGEST_FREE for word in free)

    def free_words(self, line: Line) -> list[str]:
        """The words of a header line that no piece covers."""
        rest, at = [], 0
        for found in line.found:
            rest.append(line.text[at : found.start])
            at = found.end
        rest.append(line.text[at:])
        return [word for part in rest for word in self.separators.split(part) if word]

    def datelines(self, lines: Sequence[Line], title: str, shapes: Shapes) -> list[Found]:
        """The datelines of the first paragraphs; a line that holds no more than one and the title becomes a header."""
        found: list[Found] = []
        seen = 0
        for line in lines:
            if line.role is None and not line.header:
                continue
            start = 0
            for rule in self.rules.heads.needing(line.text):
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
            if line.role is None or line.kept:
                continue
            end = len(line.text)
            credited = line.caption or self._may_be_credited(line)
            if not credited and line.text[-1] not in shapes.tail_end:
                continue
            while match := self._tail(line, end, credited, shapes):
                rule = match.rule
                line.caption = line.caption or rule.kind == "credit"
                line.cuts.append(Drop(line.start + match.start, line.start + match.end, rule.id, _reason(rule)))
                found.append(match)
                end = match.start
        return found

    def _may_be_credited(self, line: Line) -> bool:
        """True for a line short enough for a caption, with a word of credits near its end."""
        if len(line) > LONGEST_CAPTION or line.text.count("。", 0, -1) > 1:
            return False
        return self.credit_hint.search(line.text, max(0, len(line) - CREDIT_REACH)) is not None

    def _tail(self, line: Line, end: int, credited: bool, shapes: Shapes) -> Found | None:
        """What stands behind the last sentence of `line.text[:end]` and is no part of it."""
        text = line.text[:end]
        for rule, lasts in (*shapes.tails, *self.rules.tails):
            if (lasts and text[-1:] not in lasts) or (rule.kind == "credit" and not credited):
                continue
            match = rule.regex.search(text, max(0, end - TAIL_CHARS))
            if match and match.start() > 0:
                return Found(rule, match)
        return None

    def stamp_of(self, found: Found) -> str:
        """The ISO 8601 value of a stamp; empty where it is no real day.

        >>> # 2024年8月9日 上午9:05 → 2024-08-09T09:05
        """
        month_word = found.part("month_name") or found.part("month_name_after")
        month = self.words["month"].category(month_word or found.part("month"), found.part("month"))
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


def _unmark_calendars(lines: Sequence[Line]) -> None:
    """Bare days line by line are a choice of back numbers, no headers."""
    run: list[Line] = []
    for line in (*lines, None):
        if line is not None and line.header and line.stamped and [f.rule.kind for f in line.found] == ["published"]:
            run.append(line)
            continue
        if len(run) >= DAYS_IN_LIST:
            for day in run:
                day.header, day.found = False, ()
        run = []


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
    value = parse(part)
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
