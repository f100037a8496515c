"""From the places of a page's characters to its lines in reading order: columns, paragraphs, rows of tables.

A page is cut at the gutters between its columns. A gutter is told from the gaps of a table by what stands beside it:
lines of a column fill their width, cells do not. What crosses a gutter (a headline, a picture's caption) parts the page
into bands, which are read from the top down, the columns within a band from the left to the right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

SAME_ROW = 0.4
"""Baselines of one row differ by less than this share of the type size (raised figures by a third)."""
CELL_GAP = 0.9
"""White space in type sizes from which two stretches of a row stand apart; justified text leaves up to a half."""
WORD_GAP = 0.15
"""White space in type sizes between two words in Latin letters; a space is a quarter."""
WIDE_GAP = 0.6
"""White space in type sizes between hanzi that stand apart though no blank is written between them."""
TAB_GAP = 2.0
"""White space in type sizes from which two stretches of a row are cells."""
COLUMN_LINES = 4
"""Lines that must stand on both sides of a gutter at one height."""
COLUMN_WIDTH = 6.0
"""Type sizes that lines beside a gutter measure on average: in columns 8 or more, in cells of figures 2 to 5."""
FILLED = 0.6
"""Share of a column's width that its lines fill on average, the last ones of paragraphs among them."""
WIDEST_GUTTER = 5.0
RAGGED = 2.6
"""Type sizes by which a line that goes on may end before the column does: a number or a mark that did not fit."""
FLUSH = 3.0
"""Type sizes behind a gutter in which the lines beside it begin, indented ones too."""
INDENT = 1.2
"""Type sizes by which the first line of a paragraph is set in at least (two are usual)."""
BAND_GAP = 2.2
PARAGRAPH_GAP = 1.4
"""Times the usual distance of two rows from which a row stands apart."""

HANGING = 0.4
"""Share of its width that a full-width mark leaves empty on one side, where it may hang over a column's edge."""

_CLOSING = frozenset("，。、；：！？）」』》〉】”’")
_OPENING = frozenset("（「『《〈【“‘")
_WORD = re.compile(r"[!-~]")
_LETTER = re.compile(r"[A-Za-z]")


class Glyph(NamedTuple):
    """A character and its place in points: left and right edge, baseline from the top of the page, type size."""

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


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page: `apart` where white space is above it, `begins` where it begins a paragraph."""

    text: str
    apart: bool
    begins: bool
    y: float


def page_lines(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """The lines of a page in reading order."""
    stretches = [stretch for row in _rows(map(_inked, glyphs)) for stretch in _stretches(row)]
    lines: list[PageLine] = []
    for region in _regions(stretches):
        lines += _lines(region)
    return lines


def turned(glyphs: Iterable[tuple[Glyph, float, float]], width: float) -> list[Glyph]:
    """The glyphs of a page set in vertical lines as if it were turned, so that its lines run to the right.

    Each comes with its upper and lower edge; `width` is that of the page.
    """
    return [Glyph(g.text, top, bottom, width - g.x0, g.size, g.font) for g, top, bottom in glyphs]


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
    if glyph.text in _CLOSING and glyph.x1 - glyph.x0 > 0.9 * glyph.size:
        return glyph._replace(x1=glyph.x1 - HANGING * glyph.size)
    if glyph.text in _OPENING and glyph.x1 - glyph.x0 > 0.9 * glyph.size:
        return glyph._replace(x0=glyph.x0 + HANGING * glyph.size)
    return glyph


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """The characters by rows of one baseline, without those that are printed twice to look bold."""
    row: list[Glyph] = []
    seen: set[tuple[str, int, int]] = set()
    for glyph in sorted(glyphs, key=lambda g: g.y):
        key = (glyph.text, round(glyph.x0 / 1.5), round(glyph.y / 1.5))
        if key in seen and not glyph.text.isspace():
            continue
        seen.add(key)
        if row and glyph.y - row[0].y > SAME_ROW * max(glyph.size, row[0].size):
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _stretches(row: list[Glyph]) -> Iterator[Stretch]:
    """The stretches of a row; white space is told by the distance, hardly by the blanks that stand in the file."""
    current: Stretch | None = None
    blanks = False
    for glyph in sorted(row, key=lambda g: g.x0):
        if glyph.text.isspace():
            blanks = True
            continue
        if current is None:
            current = _begun(glyph)
            continue
        gap = (glyph.x0 - current.x1) / max(glyph.size, 1.0)
        if gap > CELL_GAP:
            yield current
            current = _begun(glyph)
            blanks = False
            continue
        current.text += _blank(current.text[-1], glyph.text, gap, blanks) + glyph.text
        blanks = False
        current.x1 = max(current.x1, glyph.x1)
        current.size = max(current.size, glyph.size)
        current.fonts |= _fonts(glyph)
    if current is not None:
        yield current


def _begun(glyph: Glyph) -> Stretch:
    return Stretch(glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.size, _fonts(glyph))


def _fonts(glyph: Glyph) -> frozenset[str]:
    return frozenset() if glyph.text.isascii() else frozenset((glyph.font,))


def _blank(before: str, after: str, gap: float, written: bool) -> str:
    """The blank between two characters of a stretch: none between a hanzi and a figure, which typesetters part."""
    latin = bool(_WORD.match(before)), bool(_WORD.match(after))
    if all(latin):
        return " " if gap > WORD_GAP else ""
    if before in _CLOSING or after in _OPENING:
        return ""
    return " " if gap > WIDE_GAP or (written and not any(latin) and gap > WORD_GAP) else ""


def _regions(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """The columns and bands of a page, or of a part of it, in reading order."""
    edge = _gutter(stretches)
    if edge is None:
        if stretches:
            yield list(stretches)
        return
    for band, columnar in _bands(stretches, edge):
        if not columnar:
            yield from _regions(band) if len(band) < len(stretches) else [band]
            continue
        for part in _split_at_gaps(band):
            yield from _regions([s for s in part if s.x0 < edge])
            yield from _regions([s for s in part if s.x0 >= edge])


def _gutter(stretches: Sequence[Stretch]) -> float | None:
    """The left edge of the column right of the gutter that parts most lines; None for a page of one column."""
    edges = Counter(round(stretch.x0) for stretch in stretches)
    best, most = None, 0
    for place in sorted(edges):
        if edges[place - 1] + edges[place] + edges[place + 1] < COLUMN_LINES / 2:
            continue
        edge = place - 1.5
        lines = sum(_parted(band, edge) for band, columnar in _bands(stretches, edge) if columnar)
        if lines > most:
            best, most = edge, lines
    return best


def _bands(stretches: Sequence[Stretch], edge: float) -> Iterator[tuple[list[Stretch], bool]]:
    """The page between what crosses a gutter, from the top down, each part with whether it has columns."""
    part: list[Stretch] = []
    crossing = False
    for stretch in sorted(stretches, key=lambda s: s.y):
        crosses = stretch.x0 < edge < stretch.x1
        if part and crosses is not crossing:
            yield from [(part, False)] if crossing else _trimmed(part, edge)
            part = []
        crossing = crosses
        part.append(stretch)
    if part:
        yield from [(part, False)] if crossing else _trimmed(part, edge)


def _trimmed(band: list[Stretch], edge: float) -> Iterator[tuple[list[Stretch], bool]]:
    """A band without the rows at its head and foot whose stretches begin elsewhere than at the gutter: a table's."""
    good: list[float] = []
    bad: list[float] = []
    for _, right in _sides(band, edge):
        if right is not None:
            (good if right.x0 < edge + FLUSH * right.size else bad).append(right.y)
    first = max((y for y in bad if good and y < good[0]), default=float("-inf"))
    last = min((y for y in bad if good and y > good[-1]), default=float("inf"))
    slack = median(s.size for s in band) / 2
    parts = (
        [s for s in band if s.y <= first + slack],
        [s for s in band if first + slack < s.y < last - slack],
        [s for s in band if s.y >= last - slack],
    )
    yield from ((part, _parted(part, edge) > 0) for part in parts if part)


def _sides(band: Iterable[Stretch], edge: float) -> Iterator[tuple[Stretch | None, Stretch | None]]:
    """For each row what stands next to a gutter on its left and on its right."""
    for row in _grouped(band):
        left = [s for s in row if s.x1 <= edge]
        right = [s for s in row if s.x0 >= edge]
        yield (left[-1] if left else None), (right[0] if right else None)


def _parted(band: Sequence[Stretch], edge: float) -> int:
    """How many lines of columns a gutter parts in a band; 0 where it is no gutter."""
    rows = list(_sides(band, edge))
    sides = [side for side in ([a for a, _ in rows if a], [b for _, b in rows if b]) if len(side) >= COLUMN_LINES]
    if len(sides) < 2:
        return 0
    size = median(s.size for s in band)
    top, bottom = max(side[0].y for side in sides), min(side[-1].y for side in sides)
    left, right = ([s for s in side if top - size <= s.y <= bottom + size] for side in sides)
    if min(len(left), len(right)) < COLUMN_LINES:
        return 0
    if any(sum(s.x1 - s.x0 for s in side) < COLUMN_WIDTH * size * len(side) for side in (left, right)):
        return 0
    begin, reach = min(s.x0 for s in left), max(s.x1 for s in left)
    filled = sum(s.x1 - s.x0 for s in left) / (len(left) * (reach - begin))
    flush = sum(s.x0 < edge + FLUSH * size for s in right) / len(right)
    is_gutter = edge - reach < WIDEST_GUTTER * size and filled >= FILLED and flush >= 0.5
    return min(len(left), len(right)) if is_gutter else 0


def _split_at_gaps(band: list[Stretch]) -> Iterator[list[Stretch]]:
    """A band cut where white space runs across all its columns: a running head, a page's foot, the next story."""
    rows = sorted({round(s.y, 1) for s in band})
    steps = [b - a for a, b in pairwise(rows) if b - a > 0.5 * median(s.size for s in band)]
    limit = BAND_GAP * median(steps) if steps else 0.0
    part: list[Stretch] = []
    for stretch in sorted(band, key=lambda s: s.y):
        if part and stretch.y - part[-1].y > limit > 0:
            yield part
            part = []
        part.append(stretch)
    if part:
        yield part


def _lines(region: list[Stretch]) -> list[PageLine]:
    """The lines of one column, with the cells of a row parted by tabs."""
    rows = [_joined(row) for row in _grouped(region)]
    size = median(row.size for row in rows)
    steps = [b.y - a.y for a, b in pairwise(rows)]
    leading = median(steps) if steps else 2 * size
    left = _left_edge(rows)
    right = max(row.x1 for row in rows)
    lines = []
    for at, row in enumerate(rows):
        above = rows[at - 1] if at else None
        apart = above is None or row.y - above.y > PARAGRAPH_GAP * leading or not 0.88 < row.size / above.size < 1.14
        begins = (
            above is None
            or apart
            or row.x0 - left > INDENT * row.size
            or above.x1 < right - RAGGED * size
            or "\t" in row.text
            or "\t" in above.text
            or bool(row.fonts and above.fonts and not row.fonts & above.fonts)
        )
        lines.append(PageLine(row.text, apart, begins, row.y))
    return lines


def _left_edge(rows: Sequence[Stretch]) -> float:
    """Where the lines of a column begin: the leftmost place that a sixth of them share."""
    edges = Counter(round(row.x0) for row in rows)
    return min(e for e in edges if 6 * (edges[e - 1] + edges[e] + edges[e + 1]) >= len(rows) or len(rows) < 6)


def _grouped(region: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    row: list[Stretch] = []
    for stretch in sorted(region, key=lambda s: s.y):
        if row and stretch.y - row[0].y > SAME_ROW * max(stretch.size, row[0].size):
            yield sorted(row, key=lambda s: s.x0)
            row = []
        row.append(stretch)
    if row:
        yield sorted(row, key=lambda s: s.x0)


def _joined(row: list[Stretch]) -> Stretch:
    text = row[0].text
    for left, right in pairwise(row):
        gap = (right.x0 - left.x1) / right.size
        text += ("\t" if gap > TAB_GAP else _blank(left.text[-1], right.text[0], gap, True)) + right.text
    return Stretch(
        text, row[0].x0, row[-1].x1, row[0].y, max(s.size for s in row), frozenset().union(*(s.fonts for s in row))
    )


def between_lines(above: str, below: str) -> str:
    """What stands between two lines of a paragraph once they are joined: a blank between Latin words.

    >>> between_lines("Hong", "Kong"), between_lines("园区", "去年"), between_lines("1,", "200")
    (' ', '', '')
    """
    return " " if _LETTER.match(above[-1:]) and _LETTER.match(below) else ""
