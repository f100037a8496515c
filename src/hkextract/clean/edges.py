"""What belongs to an article right above its first and right below its last sentence.

Above: the form of address of a letter, the number of a document. Below: a wish and a signature, a seal with its day, a
list of annexes, tables and lists. None of these are sentences, so that the run of sentences ends before them.
"""

from __future__ import annotations

from collections.abc import Sequence

from hkextract.clean.line import Line
from hkextract.clean.lines import Shapes

LONGEST_TAIL = 30
"""Lines without sentences that may stand between the last paragraph and the mark of the end."""
LINK_MARKS = frozenset("►▶☆★◆■●•·‧∙※")
ENTRY_CHARS = 40
SIGNATURE_CHARS, SEAL_CHARS, SEALS = 16, 30, 3
"""Characters of the name below a letter's wish, of a body's name above its day, and how many bodies may sign."""


def widen_above(lines: Sequence[Line], first: int, stop: int, shapes: Shapes) -> int:
    """The first line of a body with the form of address above it, or the first of its numbered headings."""
    while first and not _is_furniture(lines[first - 1]):
        above = lines[first - 1]
        heads = above.number and above.short and any(line.number and line.short for line in lines[first:stop])
        addressed = shapes.salutation.fullmatch(above.text) or shapes.document_number.fullmatch(above.text)
        if not heads and not addressed:
            break
        first -= 1
    return first


def widen_below(lines: Sequence[Line], stop: int, end: int, shapes: Shapes) -> int:
    """The end of a body (half-open) with what belongs to it below; `end` is where the article is over in any case."""
    stop = _without_links(lines, stop)
    while True:
        wider = _lists_below(lines, _entries_below(lines, stop, end, shapes), end)
        wider = _annexes_below(lines, wider, end, shapes)
        wider = _letter_end_below(lines, wider, end, shapes)
        wider = _seals_below(lines, wider, end)
        if wider == stop:
            return _list_above_end(lines, stop, end)
        stop = wider


def _is_furniture(line: Line) -> bool:
    return line.rule is not None or line.header or line.loose or line.recurs or line.role is None


def _lists_below(lines: Sequence[Line], stop: int, end: int) -> int:
    """Past tables, lists and captions, each perhaps under a heading."""
    told = stop > 0 and lines[stop - 1].text[-1] in ":："
    while stop < end:
        heads_table = stop + 2 < end and lines[stop].rule is None and lines[stop + 1].tabbed and lines[stop + 2].tabbed
        if not heads_table and not _is_item(lines[stop], told):
            break
        stop += 1
    return stop


def _entries_below(lines: Sequence[Line], stop: int, end: int, shapes: Shapes) -> int:
    """Past a chronicle of years, perhaps under a heading."""
    heading = stop < end and not _is_furniture(lines[stop]) and not shapes.entry_mark.match(lines[stop].text)
    last = stop + heading
    while last < end and not _is_furniture(lines[last]) and shapes.entry_mark.match(lines[last].text):
        last += 1
    return last if last - stop > 1 + heading else stop


def _without_links(lines: Sequence[Line], stop: int) -> int:
    """The end of a body without headlines behind marks right below a paragraph: links, unless a colon leads on."""
    last = stop
    while last and lines[last - 1].text[0] in LINK_MARKS and not (lines[last - 1].closed or lines[last - 1].flowing):
        last -= 1
    return last if last and lines[last - 1].closed else stop


def _is_item(line: Line, told: bool) -> bool:
    """True for a row, a caption or an entry of a list; a headline behind a mark is a link, unless a colon leads on."""
    if _is_furniture(line) or line.stamped:
        return False
    entry = line.bullet > 0 and (told or line.closed or line.flowing or line.text[0] not in LINK_MARKS)
    return line.caption or line.tabbed or entry


def _annexes_below(lines: Sequence[Line], stop: int, end: int, shapes: Shapes) -> int:
    """Past annexes, and past what a colon or the word annex leads on to: short lines of a kind, perhaps a day."""
    while stop < end and not _is_furniture(lines[stop]) and shapes.annex.fullmatch(lines[stop].text):
        stop += 1
    leads = stop > 0 and (lines[stop - 1].text[-1] in ":：" or shapes.annex.fullmatch(lines[stop - 1].text) is not None)
    if not leads and stop + 2 < end and lines[stop].text[-1] in ":：" and not _is_furniture(lines[stop]):
        leads = all(_is_alike(line, lines[stop + 2]) for line in lines[stop + 1 : stop + 3])
        stop += leads
    last = stop
    while leads and last < end and last - stop < LONGEST_TAIL and _is_alike(lines[last], lines[min(stop + 1, end - 1)]):
        last += 1
    if last > stop and last < len(lines) and _is_day(lines[last]):
        return last + 1
    return last if last > stop + 1 else stop


def _is_alike(line: Line, other: Line) -> bool:
    """True for a short line that is no furniture and stands as close to the one above as another line."""
    return not _is_furniture(line) and not line.stamped and line.gap == other.gap and len(line) <= ENTRY_CHARS


def _letter_end_below(lines: Sequence[Line], stop: int, end: int, shapes: Shapes) -> int:
    """Past a wish and the name below it."""
    last = stop
    while last < end and not _is_furniture(lines[last]) and shapes.wish.fullmatch(lines[last].text):
        last += 1
    if last == end or _is_furniture(lines[last]):
        return last
    line = lines[last]
    if shapes.signed.fullmatch(line.text):
        return last + 1
    return last + (last > stop and line.short and not line.flowing and len(line) <= SIGNATURE_CHARS)


def _seals_below(lines: Sequence[Line], stop: int, end: int) -> int:
    """Past the names of one or more bodies and the day below them."""
    above = lines[stop - 1] if 0 < stop < len(lines) else None
    if above and _is_day(lines[stop]) and above.short and not above.flowing and len(above) <= SEAL_CHARS:
        return stop + 1
    for last in range(stop, min(stop + SEALS, end)):
        line = lines[last]
        if _is_furniture(line) or line.closed or line.flowing or len(line) > SEAL_CHARS:
            return stop
        if last + 1 < len(lines) and _is_day(lines[last + 1]):
            return last + 2
    return stop


def _is_day(line: Line) -> bool:
    """True for a day on a line of its own."""
    found = [found.rule.kind for found in line.found]
    return line.header and found == ["published"] and not line.found[0].part("hour") and not line.found[0].part("label")


def _list_above_end(lines: Sequence[Line], stop: int, end: int) -> int:
    """Past the lines that stand between the text and a mark of the end: a list of winners, a note."""
    if end == len(lines) or lines[end].place == "box" or end - stop > LONGEST_TAIL:
        return stop
    plain = all(not (_is_furniture(line) or line.stamped or line.person) for line in lines[stop:end])
    return end if plain else stop
