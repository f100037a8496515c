"""From the places of a page's characters to its lines in reading order: columns, paragraphs, rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from hkextract.read.glyphs import Glyph, Stretch, cell_edges, grouped, joined, stretches
from hkextract.read.gutters import regions

RAGGED = 2.6
"""Type sizes by which a line that goes on may end before the column does: a number or a mark that did not fit."""
INDENT = 1.2
"""Type sizes by which the first line of a paragraph is set in at least (two are usual)."""
PARAGRAPH_GAP = 1.4
"""Times the usual distance of two rows from which a row stands apart."""

_PAGE_NUMBER = re.compile(r"(?P<mark>[-–—·•~第 ]*)\d{1,4}(?P<after>\s*[/／]\s*\d{1,4}|[页頁]?[-–—·•~ ]*)")
_LETTER = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page: `apart` where white space is above it, `begins` where it begins a paragraph."""

    text: str
    apart: bool
    begins: bool
    y: float


def page_lines(glyphs: Sequence[Glyph]) -> list[PageLine]:
    """The lines of a page in reading order, but for a bare page number at its head or foot."""
    lines: list[PageLine] = []
    for region in regions(_without_number(stretches(glyphs))):
        first, *others = _lines(region)
        is_next_column = bool(lines) and first.y <= lines[-1].y
        lines += (replace(first, apart=not is_next_column), *others)
    return lines


def _without_number(found: list[Stretch]) -> list[Stretch]:
    """The stretches without the number of the page: alone in the first or last row, with dashes or apart."""
    rows = list(grouped(found))
    steps = [below[0].y - above[0].y for above, below in pairwise(rows)]
    for row, step in ((rows[-1], steps[-1]), (rows[0], steps[0])) if steps else ():
        match = _PAGE_NUMBER.fullmatch(row[0].text) if len(row) == 1 else None
        if match and (match["mark"] or match["after"] or step > PARAGRAPH_GAP * median(steps)):
            found = [stretch for stretch in found if stretch is not row[0]]
    return found


def _lines(region: list[Stretch]) -> list[PageLine]:
    """The lines of one column, with the cells of a row parted by tabs."""
    edges = cell_edges(region)
    rows = [joined(row, edges) for row in grouped(region)]
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


def between_lines(above: str, below: str) -> str:
    """What stands between two lines of a paragraph once they are joined: a blank between Latin words.

    >>> between_lines("Hong", "Kong"), between_lines("园区", "去年"), between_lines("1,", "200")
    (' ', '', '')
    """
    return " " if _LETTER.match(above[-1:]) and _LETTER.match(below) else ""
