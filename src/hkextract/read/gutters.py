"""The gutters between the columns of a page, and the reading order that follows from them.

A gutter is told from the gaps of a table by what stands beside it: lines of a column fill their width, cells do not.
What crosses a gutter (a headline, a picture's caption) parts the page into bands, which are read from the top down, the
columns within a band from the left to the right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from hkextract.read.glyphs import Stretch, grouped

COLUMN_LINES = 4
"""Lines that must stand on both sides of a gutter at one height."""
COLUMN_WIDTH = 6.0
"""Type sizes that lines beside a gutter measure on average: in columns 8 or more, in cells of figures 2 to 5."""
FILLED = 0.6
"""Share of a column's width that its lines fill on average, the last ones of paragraphs among them."""
WIDEST_GUTTER = 5.0
FLUSH = 3.0
"""Type sizes behind a gutter in which the lines beside it begin, indented ones too."""
BAND_GAP = 2.2
"""Times the usual distance of two rows from which white space parts a band."""


def regions(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """The columns and bands of a page, or of a part of it, in reading order."""
    edge = _gutter(stretches)
    if edge is None:
        if stretches:
            yield list(stretches)
        return
    for band, columnar in _bands(stretches, edge):
        if not columnar:
            yield from regions(band) if len(band) < len(stretches) else [band]
            continue
        for part in _split_at_gaps(band):
            yield from regions([s for s in part if s.x0 < edge])
            yield from regions([s for s in part if s.x0 >= edge])


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
    for left, right in _sides(band, edge):
        if left is not None and right is not None:
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
    for row in grouped(band):
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
