"""Runs of links on a page: menus and lists of headlines, which no sentence stands between.

One short line says little: it may be a heading, an item, a verse. Four of them in a row, none a sentence and none led
in by a colon, are a menu or a list of other articles, however they are marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkextract.clean.line import HEADING_CHARS, Line
from hkextract.clean.lines import Shapes

LEAST_LINKS = 4
"""Links in a row that make a list; three headings can stand above one another."""
MARKS_OF_LINKS = frozenset("·•‧◇◆■□○●◎☆★►▶▪∙→※>＞»")
SHARE_MARKED, SHARE_OF_FIELDS = 0.6, 0.5
"""Share of lines with a mark that makes a list one of links, and of labelled fields that makes it one of facts."""


def links(lines: Sequence[Line], shapes: Shapes) -> list[list[int]]:
    """The numbers of the lines that are links, list by list, of four or more each.

    A list that a colon leads on to is none, nor one of which half the lines are fields with their label.
    """
    found = []
    for first, stop in _runs(lines, shapes):
        plain = [i for i in range(first, stop) if lines[i].rule is None and not lines[i].recurs]
        if len(plain) < LEAST_LINKS or _is_led_in(lines, first):
            continue
        if sum(shapes.field.match(lines[i].text) is not None for i in plain) > SHARE_OF_FIELDS * len(plain):
            continue
        if _is_marked(lines, plain) or not any(_may_be_item(lines[i]) for i in plain):
            found.append(plain)
    return found


def _runs(lines: Sequence[Line], shapes: Shapes) -> Iterator[tuple[int, int]]:
    """The stretches of lines (half-open) that look like links, furniture between them included."""
    first = None
    for i, line in enumerate(lines):
        if _is_link(line, shapes):
            first = i if first is None else first
        elif first is not None:
            yield first, i
            first = None
    if first is not None:
        yield first, len(lines)


def _is_link(line: Line, shapes: Shapes) -> bool:
    """True for a short line without a sentence, a table, a caption or a number of its own, and for furniture."""
    if line.rule is not None or line.recurs:
        return True
    if line.prose or line.header or line.loose or line.tabbed or line.number or len(line) > HEADING_CHARS:
        return False
    if line.caption and line.text[0] not in MARKS_OF_LINKS:
        return False
    if line.closed and (line.flowing or line.text[-1] not in shapes.asking_end):
        return False
    return line.text[-1] not in shapes.open_end


def _is_led_in(lines: Sequence[Line], first: int) -> bool:
    """True where the line above a list leads on to it."""
    above = lines[first - 1] if first else None
    return above is not None and above.rule is None and above.text[-1] in ":："


def _is_marked(lines: Sequence[Line], run: Sequence[int]) -> bool:
    """True where most lines of a list have a mark in front of them, as links have."""
    return sum(lines[i].text[0] in MARKS_OF_LINKS for i in run) >= SHARE_MARKED * len(run)


def _may_be_item(line: Line) -> bool:
    return line.bullet > 0 or line.caption or line.flowing
