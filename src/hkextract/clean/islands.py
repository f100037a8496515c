"""What sentences at the edges of a body belong to another text: a slogan above the title, summaries below the end.

An island is a run of sentences between lines that are none. A small one at the edge that takes up no three letters in
a row from the rest is of another subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hkextract.clean.line import Line

SMALL, SMALL_ABOVE = 0.2, 0.35
"""Characters of an island at the edge, as a share of those of the rest, up to which it may be foreign; above a header
or the path to the page more."""
HALF, LONGER = 0.5, 1.5
"""The same for summaries below headlines, and how much longer than these the paragraphs of the article are."""
LONGEST_STRAY, LONGEST_SUMMARY = 80, 45
"""Characters of sentences below the end of the text, and of a summary in a list of articles."""
LEAST_SUMMARIES, MOST_AT_HEAD = 3, 2
"""Summaries under headlines that make a list, and islands that may stand above an article."""
RULER: Final = "furniture-ruler"
ABOVE_TITLES = ("navigation", "breadcrumb", "site name")
"""Kinds of furniture that stand above an article's title, not between its paragraphs."""


@dataclass(frozen=True, slots=True)
class Island:
    """The sentences in the lines `first:stop`, half-open, and how many characters they have."""

    first: int
    stop: int
    size: int


def triples(text: str) -> set[str]:
    """The runs of three letters of a text.

    >>> sorted(triples("新码头，新"))
    ['新码头']
    """
    found = {text[i : i + 3] for i in range(len(text) - 2)}
    return {triple for triple in found if triple.isalpha()}


def islands(lines: Sequence[Line], first: int, stop: int) -> list[Island]:
    """The runs of sentences in a stretch of lines, in order."""
    found: list[Island] = []
    start, size = None, 0
    for i in range(first, stop + 1):
        if i < stop and _is_text(lines[i]):
            start, size = i if start is None else start, size + len(lines[i])
        elif start is not None:
            found.append(Island(start, i, size))
            start, size = None, 0
    return found


def _is_text(line: Line) -> bool:
    """True for a sentence and for a part of one in a narrow column."""
    return (line.prose or line.flowing or line.closed) and not line.rule and not line.header and line.role is not None


def without_strays(lines: Sequence[Line], first: int, stop: int, sure: frozenset[int]) -> tuple[int, int]:
    """A body (half-open) without the sentences of other texts at its edges; `sure` are lines known to be its own."""
    found = islands(lines, first, stop)
    if len(found) < 2:
        return first, stop
    head = 0 if first in sure else _foreign_head(lines, found)
    if head:
        first = _below_furniture(lines, found[head - 1].stop, found[head].first)
    tail = 0 if stop - 1 in sure else _foreign_tail(lines, found[head:])
    return first, found[-tail - 1].stop if tail else stop


def _foreign_head(lines: Sequence[Line], found: Sequence[Island]) -> int:
    """How many islands at the head are of another text: furniture or a header parts them from the rest."""
    for number in range(min(MOST_AT_HEAD, len(found) - 1), 0, -1):
        above, rest = found[:number], found[number:]
        between = lines[above[-1].stop : rest[0].first]
        parted = any(line.header or (line.rule and line.rule.kind in ABOVE_TITLES) for line in between)
        if parted and len(between) > 1 and _is_small(above, rest, SMALL_ABOVE) and _is_foreign(lines, above, rest):
            return number
    return 0


def _foreign_tail(lines: Sequence[Line], found: Sequence[Island]) -> int:
    """How many islands at the tail are of another text: behind lines of a list, or each a summary under a headline."""
    summaries = 0
    while summaries < len(found) - 1 and _is_summary(lines, found[-summaries - 1]):
        summaries += 1
    if summaries >= LEAST_SUMMARIES:
        part, rest = found[-summaries:], found[:-summaries]
        if _mean(rest) >= LONGER * _mean(part) and _is_small(part, rest, HALF) and _is_foreign(lines, part, rest):
            return summaries
    last, rest = found[-1:], found[:-1]
    if not rest:
        return 0
    between = [line for line in lines[rest[-1].stop : last[0].first] if not (line.caption or line.place == "inline")]
    if not between or last[0].size > LONGEST_STRAY or not _is_small(last, rest):
        return 0
    ruled = any(line.rule and line.rule.id == RULER for line in between)
    apart = ruled or len(between) > 1 or _names_author(lines[: found[0].first], between[0])
    return int(apart and _is_foreign(lines, last, rest))


def _names_author(header: Sequence[Line], line: Line) -> bool:
    """True for a name alone that the header names too: what follows is about the author."""
    return line.person and any(other.header and line.text in other.text for other in header)


def _is_summary(lines: Sequence[Line], island: Island) -> bool:
    """True for one short sentence right below a line that looks like its headline."""
    above = lines[island.first - 1]
    return island.stop == island.first + 1 and island.size <= LONGEST_SUMMARY and above.short and not above.caption


def _is_small(part: Sequence[Island], rest: Sequence[Island], share: float = SMALL) -> bool:
    return sum(island.size for island in part) <= share * sum(island.size for island in rest)


def _mean(part: Sequence[Island]) -> float:
    """Characters of a line of some islands."""
    return sum(island.size for island in part) / sum(island.stop - island.first for island in part)


def _is_foreign(lines: Sequence[Line], part: Sequence[Island], rest: Sequence[Island]) -> bool:
    """True where at most one of three sentences takes up three letters in a row from the rest, and none of fewer."""
    known: set[str] = set()
    for island in rest:
        for line in lines[island.first : island.stop]:
            known |= triples(line.text)
    texts = [line.text for island in part for line in lines[island.first : island.stop]]
    alike = sum(not known.isdisjoint(triples(text)) for text in texts)
    return alike <= len(texts) // 3


def _below_furniture(lines: Sequence[Line], first: int, stop: int) -> int:
    """The line below the last furniture or header line of a stretch, else its end."""
    for i in range(stop - 1, first - 1, -1):
        if lines[i].header or lines[i].rule:
            return i + 1
    return stop
