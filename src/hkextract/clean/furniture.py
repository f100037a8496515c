"""Where the article's body stands on a page, and which lines are furniture.

The body is the run of lines with the most sentence text in it, furniture and lists counting against it (the
maximum-sum run of weighted lines); a mark of the article's end closes it. Lines outside are dropped, inside only
what a rule knows as furniture anywhere. A page on which no rule finds anything is kept whole: to lose a paragraph is
worse than to leave a line too many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hkextract.clean.edges import widen_above, widen_below
from hkextract.clean.ending import find_end
from hkextract.clean.islands import without_strays
from hkextract.clean.line import Line
from hkextract.clean.lines import Shapes
from hkextract.clean.runs import links

MOST_OF_A_PARAGRAPH = 160
"""The weight of a paragraph is its length up to this, so that one long paragraph does not outweigh an article."""
HEADLINES_ABOVE, LONGEST_HEADLINE = 10, 35
LINKS_WEIGHED = 12
"""Links of one list that count against the body, so that a long list inside an article does not cut it in two."""
CLOCK_CHARS = 8
"""Characters of a time of day alone."""
NARROWEST, WIDEST, LINES_OF_COLUMN = 10, 60, 6
"""Characters of a line of a column of print, and how many of one width make a column."""
WEIGHT_LISTED, WEIGHT_STAMPED, WEIGHT_KNOWN, WEIGHT_SHORT, WEIGHT_ITEM = -60, -20, -8, -8, 6


@dataclass(frozen=True, slots=True)
class Body:
    """The lines `first:stop` are the body, line numbers half-open; from `end` on the article is over.

    `whole` is true for a text without any furniture.
    """

    first: int
    stop: int
    end: int
    whole: bool


def locate(lines: Sequence[Line], shapes: Shapes, inside: frozenset[int] = frozenset()) -> Body:
    """Finds the body of a page; `inside` are the numbers of lines that its markup shows to be text."""
    listed, chronicle = _listed(lines)
    listed = [marked and i not in inside for i, marked in enumerate(listed)]
    end = find_end(lines, listed)
    if not any(line.rule or line.header or line.recurs for line in lines) and not any(listed):
        return Body(0, len(lines), len(lines), whole=True)
    wrapped = _wrapped(lines)
    sure = inside.union(chronicle)
    weights = [_weight(line, listed[i], i in wrapped, i in sure) for i, line in enumerate(lines)]
    for run in links(lines, shapes):
        for number, i in enumerate(run):
            if i not in sure and i not in wrapped:
                weights[i] = min(weights[i], WEIGHT_SHORT if number < LINKS_WEIGHED else 0)
    first, stop = _best_run(weights[:end])
    if first == stop:  # no sentence anywhere: what no rule knows is the text
        return Body(0, end, end, whole=False)
    first, closed = without_strays(lines, _below_header(lines, first, stop), stop, sure.union(wrapped))
    stop = widen_below(lines, stop, end, shapes) if closed == stop else closed
    first = widen_above(lines, first, stop, shapes)
    return Body(first, stop, end, whole=False)


def _below_header(lines: Sequence[Line], first: int, stop: int) -> int:
    """The first line of the body, past headlines that end like sentences and stand above the article's header."""
    for i in range(first, min(first + HEADLINES_ABOVE, stop)):
        if lines[i].prose and len(lines[i]) > LONGEST_HEADLINE:
            break
        if lines[i].header and {found.rule.kind for found in lines[i].found} & {"published", "source"}:
            return i + 1
    return first


def _listed(lines: Sequence[Line]) -> tuple[list[bool], range]:
    """Which lines are entries of a list of articles: a line of text, below it a line that is a stamp and no more.

    The second value are the lines of a chronicle, whose entries are the article.
    """
    marks = [False] * len(lines)
    for i in range(len(lines) - 1):
        below = lines[i + 1]
        dated = below.stamped and len(below) <= 24 and not (lines[i].stamped or lines[i].header)
        marks[i] = dated and not any(found.part("label") for found in below.found)
    if sum(marks) < 2:
        return [False] * len(lines), range(0)
    chronicle = _chronicle(lines)
    entries = [i for i, marked in enumerate(marks) if marked and lines[i].prose and i not in chronicle]
    if not entries:
        return [False] * len(lines), chronicle
    if not chronicle and _tells(lines, marks, entries):
        return [False] * len(lines), range(len(lines))
    return [marked and i not in chronicle for i, marked in enumerate(marks)], chronicle


def _chronicle(lines: Sequence[Line]) -> range:
    """The lines of a live report: times, and between them hardly anything but sentences; empty where there is none."""
    first = next((i for i, line in enumerate(lines) if line.prose and line.closed), len(lines))
    over = next(
        (i for i in range(first, len(lines)) if lines[i].place in ("box", "end") or lines[i].closing), len(lines)
    )
    times = [i for i in range(first, over) if _is_clock(lines[i])]
    if len(times) < 3:
        return range(0)
    between = [line for line in lines[times[0] : times[-1]] if not line.stamped]
    if sum(line.closed for line in between) < 0.7 * len(between):
        return range(0)
    return range(first, min(times[-1] + 2, over))


def _is_clock(line: Line) -> bool:
    return line.stamped and len(line) <= CLOCK_CHARS and not {":", "："}.isdisjoint(line.text)


def _tells(lines: Sequence[Line], marks: Sequence[bool], entries: Sequence[int]) -> bool:
    """True where most of the text stands between stamps and no heading of a list comes first."""
    if any(line.place in ("box", "end") or line.closing for line in lines[: marks.index(True)]):
        return False
    return sum(len(lines[i]) for i in entries) > 0.6 * sum(len(line) for line in lines if line.prose)


def _wrapped(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines of narrow columns: broken at one width in mid-sentence, and the last of a paragraph."""
    narrow = [(i, line) for i, line in enumerate(lines) if NARROWEST <= line.end - line.start + line.indent <= WIDEST]
    if sum(not (line.closed or line.rule or line.header) for _, line in narrow) < 0.7 * LINES_OF_COLUMN:
        return set()
    sizes = {i: _width(line) for i, line in narrow}
    usual = Counter(sizes.values()).most_common(1)[0][0]
    full = [i for i, size in sizes.items() if abs(size - usual) <= 1 and not lines[i].rule and not lines[i].header]
    opened = [i for i in full if not lines[i].closed]
    if len(full) < LINES_OF_COLUMN or len(opened) < 0.7 * len(full):
        return set()
    if sum(lines[i].flowing for i in opened) < 0.5 * len(opened):
        return set()
    after = {i + 1 for i in opened if i + 1 < len(lines) and not lines[i + 1].gap}
    return {i for i in after.union(full) if not lines[i].rule and not lines[i].header}


def _width(line: Line) -> int:
    """The width of a line as printed, in full-width characters: two letters or digits take the room of one."""
    return line.indent + len(line) - len(line.text.encode("ascii", "ignore")) // 2


def _weight(line: Line, listed: bool, wrapped: bool, inside: bool) -> int:
    if listed:
        return WEIGHT_LISTED
    if line.rule or line.header or line.loose or line.recurs or line.role is None:
        return WEIGHT_KNOWN
    if wrapped or line.prose or (line.closed and line.flowing):
        return min(len(line), MOST_OF_A_PARAGRAPH)
    if line.stamped and not inside:
        return WEIGHT_STAMPED
    if inside or line.bullet or line.caption or line.tabbed or line.flowing or line.closed:
        return WEIGHT_ITEM
    return WEIGHT_SHORT


def _best_run(weights: Sequence[int]) -> tuple[int, int]:
    """The run with the largest sum, half-open; an empty one where nothing weighs more than 0."""
    best, best_run, total, start = 0, (0, 0), 0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, start = 0, i
        total += weight
        if total > best:
            best, best_run = total, (start, i + 1)
    return best_run


def drop_furniture(lines: Sequence[Line], body: Body) -> None:
    """Marks the lines that are no part of the article as dropped, each with its rule and reason."""
    titled = False
    for i, line in enumerate(lines):
        titled = titled or line.role == "title"
        if line.role is None or line.role == "title" or line.kept:
            continue
        if line.rule and (line.place in ("anywhere", "inline") or not body.first <= i < body.stop):
            line.discard(line.rule.id, line.rule.kind)
        elif i >= body.stop:
            line.discard("after-body", "after the end")
        elif i < body.first and not (titled and (line.caption or line.role == "heading")):
            line.discard("before-body", "before the text")
    _drop_boxes(lines, body)
    _drop_repeats(lines)


def _drop_boxes(lines: Sequence[Line], body: Body) -> None:
    """Drops marks of the end inside the body, and below a box's heading its links up to the next paragraph."""
    linking = False
    for line in lines[body.first : body.stop]:
        if line.kept:
            continue
        if line.rule and line.place in ("box", "end") and line.role is not None:
            line.discard(line.rule.id, line.rule.kind)
            linking = line.place == "box"
        elif linking and line.role == "body" and not line.prose and not line.gap:
            line.discard("box-of-links", "other articles")
        elif line.role is not None:
            linking = False


def _drop_repeats(lines: Sequence[Line]) -> None:
    """Drops the second copy of a caption or of a paragraph that stands right below the first."""
    last: Line | None = None
    captions: set[str] = set()
    for line in lines:
        if line.role is None or line.kept:
            continue
        text = line.squeezed if len(line) >= 10 and (line.caption or (last and len(last) == len(line))) else ""
        if text and ((last and last.squeezed == text) or text in captions):
            line.discard("repeated-line", "repeated line")
            continue
        if text and line.caption:
            captions.add(text)
        last = line
