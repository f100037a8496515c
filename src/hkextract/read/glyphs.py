"""The characters of a page by rows, and the stretches of a row that white space parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SAME_ROW = 0.4
"""Baselines of one row differ by less than this share of the type size (raised figures by a third)."""
CELL_GAP = 0.9
"""White space in type sizes from which two stretches of a row stand apart; justified text leaves up to a half."""
WORD_GAP = 0.15
"""White space in type sizes between two words in Latin letters; a space is a quarter."""
TWICE = 0.12
"""Type sizes by which the second print of a character is shifted at most; the narrowest letters are twice as wide."""
WIDE_GAP = 0.6
"""White space in type sizes between hanzi that stand apart though no blank is written between them."""
TAB_GAP = 2.0
"""White space in type sizes from which two stretches of a row are cells."""
HANGING = 0.4
"""Share of its width that a full-width mark leaves empty on one side, where it may hang over a column's edge."""

_CLOSING = frozenset("，。、；：！？）」』》〉】")
_OPENING = frozenset("（「『《〈【")
_QUOTES = (frozenset("”’"), frozenset("“‘"))
_WORD = re.compile(r"[!-~]")


class Glyph(NamedTuple):
    """A character and its place in points: left and right edge, baseline counted downwards, type size."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str = ""


@dataclass(slots=True)
class Stretch:
    """Characters of a row without wide white space; the unit of which columns and cells are made.

    `fonts` are those of its characters that are not ASCII, whose font is mostly another.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    fonts: frozenset[str] = frozenset()


def stretches(glyphs: Iterable[Glyph]) -> list[Stretch]:
    """The stretches of a page from the top down, each row from the left."""
    return [stretch for row in _rows(map(_inked, glyphs)) for stretch in _stretches(row)]


def turned(glyphs: Iterable[tuple[Glyph, float, float]]) -> list[Glyph]:
    """The glyphs of a page set in vertical lines as if it were turned, so that its lines run to the right.

    Each comes with its upper and lower edge, counted downwards.
    """
    return [Glyph(g.text, top, bottom, -g.x0, g.size, g.font) for g, top, bottom in glyphs]


def is_vertical(glyphs: Sequence[Glyph]) -> bool:
    """True where most characters stand below the one before them."""
    steps = Counter(
        abs(b.x0 - a.x0) < 0.3 * a.size and 0.6 * a.size < b.y - a.y < 1.7 * a.size
        for a, b in pairwise(glyphs)
        if not a.text.isascii()
    )
    return steps[True] > 0.6 * steps.total() and steps.total() > 8


def _inked(glyph: Glyph) -> Glyph:
    """A character in the width of its ink, if it is a full-width mark."""
    if glyph.x1 - glyph.x0 > 0.9 * glyph.size:
        if glyph.text in _CLOSING or glyph.text in _QUOTES[0]:
            return glyph._replace(x1=glyph.x1 - HANGING * glyph.size)
        if glyph.text in _OPENING or glyph.text in _QUOTES[1]:
            return glyph._replace(x0=glyph.x0 + HANGING * glyph.size)
    return glyph


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The characters by rows of one baseline, each row from the left."""
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: g.y):
        if row and glyph.y - row[0].y > SAME_ROW * max(glyph.size, row[0].size):
            yield sorted(row, key=lambda g: g.x0)
            row = []
        row.append(glyph)
    if row:
        yield sorted(row, key=lambda g: g.x0)


def _stretches(row: list[Glyph]) -> Iterator[Stretch]:
    """The stretches of a row; what is printed twice to look bold is taken once."""
    current: Stretch | None = None
    blanks = False
    last: list[Glyph] = []
    for glyph in row:
        if glyph.text.isspace():
            blanks = True
            continue
        if any(glyph.text == other.text and glyph.x0 - other.x0 < TWICE * glyph.size for other in last):
            continue
        last = [*last[-2:], glyph]
        gap = (glyph.x0 - current.x1) / max(glyph.size, 1.0) if current else 0.0
        if current is None or gap > CELL_GAP:
            if current is not None:
                yield current
            current = _begun(glyph)
        else:
            current.text += _blank(current.text[-1], glyph.text, gap, blanks) + glyph.text
            current.x1 = max(current.x1, glyph.x1)
            current.size = max(current.size, glyph.size)
            current.fonts |= _fonts(glyph)
        blanks = False
    if current is not None:
        yield current


def _begun(glyph: Glyph) -> Stretch:
    return Stretch(glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.size, _fonts(glyph))


def _fonts(glyph: Glyph) -> frozenset[str]:
    return frozenset() if glyph.text.isascii() else frozenset((glyph.font,))


def _blank(before: str, after: str, gap: float, written: bool) -> str:
    """The blank between two characters of a stretch: where one is written and shows, or where the distance tells one.

    Typesetters part hanzi and figures by a quarter of the type size without a blank: there the distance tells nothing.
    """
    if before in _CLOSING or after in _OPENING:
        return ""
    latin = _WORD.match(before) and _WORD.match(after)
    return " " if gap > (WORD_GAP if latin or written else WIDE_GAP) else ""


def grouped(region: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """Stretches by rows of one baseline, each row from the left."""
    row: list[Stretch] = []
    for stretch in sorted(region, key=lambda s: s.y):
        if row and stretch.y - row[0].y > SAME_ROW * max(stretch.size, row[0].size):
            yield sorted(row, key=lambda s: s.x0)
            row = []
        row.append(stretch)
    if row:
        yield sorted(row, key=lambda s: s.x0)


def cell_edges(region: Iterable[Stretch]) -> Counter[tuple[str, int]]:
    """How often each place is the left edge, the right edge or the middle of a stretch that begins no row."""
    edges: Counter[tuple[str, int]] = Counter()
    for row in grouped(region):
        for stretch in row[1:]:
            edges.update(_edges(stretch))
    return edges


def _edges(stretch: Stretch) -> tuple[tuple[str, int], ...]:
    return ("left", round(stretch.x0)), ("right", round(stretch.x1)), ("middle", round((stretch.x0 + stretch.x1) / 2))


def joined(row: list[Stretch], edges: Counter[tuple[str, int]]) -> Stretch:
    """A row as one stretch, its cells parted by tabs: what stands far apart or in line with another row's."""
    text = row[0].text
    for left, right in pairwise(row):
        gap = (right.x0 - left.x1) / right.size
        cell = gap > TAB_GAP or any(edges[edge] > 1 for edge in _edges(right))
        text += ("\t" if cell else _blank(left.text[-1], right.text[0], gap, True)) + right.text
    fonts = frozenset[str]().union(*(stretch.fonts for stretch in row))
    return Stretch(text, row[0].x0, row[-1].x1, row[0].y, max(s.size for s in row), fonts)
