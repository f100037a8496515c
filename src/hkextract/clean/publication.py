"""Which day, source and author an article has: the page's header lines weighed against each other.

The stamp that stands between title and text, or on one line with the source, beats any other on the page; without one
a dateline with a year counts, then the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from hkextract.article import Meta
from hkextract.clean.furniture import Body
from hkextract.clean.line import Line
from hkextract.clean.metadata import HeaderReader
from hkextract.extract.matching import Found

HEADER_REACH = 12
"""A header line stands at most this many lines above the first line of the text."""
SITE_REACH = 3
"""The name of the site stands in the first lines of a page, if at all."""
FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
"""A day in the name of a file; year, month and day are its groups 1, 3 and 4."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time of publication as ISO 8601, how sure it is to be the article's own, and where it was found."""

    value: str
    weight: float
    basis: str


class Evidence:
    """What a page offers for its metadata: its lines, where the body and the title stand, datelines and cut tails."""

    def __init__(
        self,
        lines: Sequence[Line],
        body: Body,
        title: int | None,
        datelines: Sequence[Found],
        tails: Sequence[Found],
    ) -> None:
        self.lines, self.body, self.title = lines, body, title
        self.datelines, self.tails = datelines, tails
        self.header, self.above, self.footer = self._header(), self._above(), self._footer()

    def _header(self) -> list[tuple[int, Line]]:
        """The header lines near the title and the first lines of the text, with their numbers."""
        first = max(0, (self.body.first if self.title is None else min(self.title, self.body.first)) - HEADER_REACH)
        stop = min(self.body.first + 4, self.body.stop)
        return [(i, self.lines[i]) for i in range(first, stop) if self.lines[i].header or self._is_loose(i)]

    def _is_loose(self, i: int) -> bool:
        return self.lines[i].loose and i < self.body.first

    @property
    def below_title(self) -> Sequence[Line]:
        """The lines between title and text."""
        return self.lines[self.title + 1 : self.body.first] if self.title is not None else ()

    def _above(self) -> list[tuple[int, Line]]:
        """Other lines above the text in which a stamp stands: a newspaper's head, a site's."""
        lines = enumerate(self.lines[: self.body.first])
        return [(i, line) for i, line in lines if line.found and not line.header and not line.bullet]

    def _footer(self) -> list[tuple[int, Line]]:
        """The header lines right below the text: an editor's line, the stamp of a press release."""
        stop = min(self.body.stop + 4, len(self.lines))
        below = []
        for i in range(self.body.stop, stop):
            if self.lines[i].place == "box":
                break
            if self.lines[i].header:
                below.append((i, self.lines[i]))
        return below


def collect(reader: HeaderReader, evidence: Evidence, meta: Meta, file: str) -> Meta:
    """The metadata of an article: what the container or the user states, filled from the page and the file's name."""
    stamp = _best_stamp(reader, evidence, file) or Stamp(meta.published_at, 0, meta.published_basis)
    stated = meta.published_at
    finer = len(stamp.value) > len(stated) and stamp.value.startswith(stated) and meta.published_basis != "user"
    return replace(
        meta,
        source=meta.source or _source(reader, evidence),
        author=meta.author or _author(reader, evidence),
        published_at=stamp.value if not stated or finer else stated,
        published_basis=meta.published_basis if stated else stamp.basis,
    )


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
    if match := FILE_DATE.search(file.rpartition("/")[2]):
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
    labelled = (f.part("source") for _, line in lines for f in line.found if f.rule.kind == "source")
    bylines = (f.part("source") for _, line in lines for f in line.found if f.rule.kind == "byline")
    above = (line for _, line in (*evidence.header, *evidence.above))
    words = (reader.edition.sub("", word) for line in above for word in reader.free_words(line))
    free = (word for word in words if reader.outlet.fullmatch(word))
    filed = (found.part("source") for found in evidence.datelines)
    tails = (found.part("source") for found in evidence.tails if found.rule.kind == "byline")
    heads = (reader.edition.sub("", line.text) for line in evidence.lines[: min(SITE_REACH, evidence.body.first)])
    sites = (head for head in heads if reader.site.fullmatch(head))
    for source in chain(labelled, bylines, free, filed, tails, sites, _owners(reader, evidence)):
        if source and not reader.own.match(source):
            return _unquoted(reader.edition.sub("", source))
    return ""


def _owners(reader: HeaderReader, evidence: Evidence) -> Iterator[str]:
    """The outlets that a page's head and foot name: the first step of its path, the owner of its rights."""
    for line in evidence.lines[: evidence.body.first]:
        if line.rule and line.rule.kind == "breadcrumb":
            step = reader.edition.sub("", reader.steps.split(line.text.strip())[0].strip())
            yield step if reader.outlet.fullmatch(step) else ""
    for line in evidence.lines[evidence.body.stop :]:
        if line.rule and line.rule.kind == "copyright" and (owner := reader.owner.search(line.text)):
            yield owner["owner"] or owner["owner_behind"] or ""


def _unquoted(source: str) -> str:
    """An outlet without the marks of a title; of a site and a paper (`港湾网-《港湾日报》`) the paper."""
    _, opened, paper = source.rstrip("》 \u3000").rpartition("《")
    return paper if opened else source.strip("《》 \u3000")


def _names(reader: HeaderReader, evidence: Evidence) -> Iterator[str]:
    """The names that may be the author's, the likeliest first; empty ones among them."""
    for _, line in evidence.header:
        yield from _writers(line)
        yield line.text if line.names else ""
    yield from (line.text for line in evidence.below_title if line.person)
    yield from (found.part("author") or found.part("before") for found in evidence.datelines)
    yield from (found.part("author") for found in evidence.tails if found.rule.kind == "byline")
    for _, line in evidence.footer:
        yield from _writers(line)
    yield from (line.text for line in evidence.lines[evidence.body.stop : evidence.body.stop + 2] if line.person)
    free = (word for _, line in evidence.header for word in reader.free_words(line))
    yield from (word for word in free if reader.given.fullmatch(word) and not reader.outlet.fullmatch(word))


def _writers(line: Line) -> Iterator[str]:
    return (found.part("author") for found in line.found if found.rule.kind in ("author", "byline"))


def _author(reader: HeaderReader, evidence: Evidence) -> str:
    author = next(filter(None, _names(reader, evidence)), "")
    if not author:
        return ""
    parts = [part for part in reader.between_names.split(author) if part]
    return "、".join(part for part in parts if len(parts) == 1 or part not in reader.words["outlet"])
