"""Puts the article together: its title, then its paragraphs with their roles, cut sentences joined.

Sentences that a page or a column break cut in two are joined; what stands between the halves (a sidebar, a caption)
is lifted out and follows them. Lines that were broken at a fixed width become paragraphs again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hkextract.article import Article, Block, Edit, Meta, Role
from hkextract.clean.line import Drop, Line
from hkextract.clean.lines import Shapes
from hkextract.text import Text

LOOK_AHEAD = 40
"""How many lines may stand between the halves of a sentence."""
CUT_CHARS = 25
"""A cut half has at least this many characters; shorter lines are headings."""
VERSE_CHARS = 12
LIST_LINES = 4
LABEL_CHARS = 8
LEAD_CHARS = 15
WRAP_CHARS = 60
"""Lines broken at a fixed width are no longer than this."""


@dataclass(slots=True)
class Paragraph:
    """Lines that make one paragraph of the clean text."""

    role: Role
    lines: list[Line] = field(default_factory=list)


def assign_roles(lines: Sequence[Line], shapes: Shapes) -> None:
    """Gives every line that stays its role; title lines have theirs already."""
    listed = _in_lists(lines)
    for i, line in enumerate(lines):
        if line.role is None or line.role == "title":
            continue
        if line.caption or (line.short and _captions_picture(lines, i)):
            line.role = "caption"
        elif not listed[i] and line.short and not line.bullet and not line.tabbed and not _is_open(line, shapes):
            line.role = "heading"
        mark = shapes.dropped_mark.match(line.text)
        if mark and mark.end() < len(line):
            line.cuts.insert(0, Drop(line.start, line.start + mark.end(), "list-mark", "list mark"))


def _is_open(line: Line, shapes: Shapes) -> bool:
    """True for a line that leads on to the next: it ends in a comma, or in a colon behind more than a word or two."""
    if line.text[-1] in shapes.colon_end and len(line) <= LABEL_CHARS:
        return False
    return line.text[-1] in shapes.open_end or (line.number and line.flowing)


def _in_lists(lines: Sequence[Line]) -> list[bool]:
    """Which lines stand in a run of short lines without a paragraph between them: verses, entries, no headings."""
    marks = [False] * len(lines)
    run: list[int] = []
    for i, line in enumerate((*lines, None)):
        if line is not None and (line.role is None or line.role == "title"):
            continue
        if line is not None and line.short and not (line.bullet or line.caption or line.tabbed):
            run.append(i)
            continue
        if len(run) >= LIST_LINES:
            for number in run:
                marks[number] = True
        run = []
    return marks


def _captions_picture(lines: Sequence[Line], i: int) -> bool:
    """True for a line below a picture's file name or above its credit."""
    above = lines[i - 1].drop if i else None
    below = lines[i + 1].drop if i + 1 < len(lines) else None
    return bool(above and above.reason == "image file") or bool(below and below.reason == "metadata: credit")


def paragraphs(lines: Sequence[Line], shapes: Shapes) -> list[Paragraph]:
    """The paragraphs of the lines that stay, in the order of the clean text."""
    staying = [line for line in lines if line.role is not None]
    width = _wrap_width(staying)
    result: list[Paragraph] = []
    taken = [False] * len(staying)
    for i, line in enumerate(staying):
        if taken[i]:
            continue
        paragraph = Paragraph(line.role or "body", [line])
        result.append(paragraph)
        last = i
        while (following := _continuation(staying, last, width, shapes)) is not None:
            paragraph.lines.append(staying[following])
            if paragraph.role == "heading":
                paragraph.role = "body"
            taken[following] = True
            for between in staying[last + 1 : following]:
                if between.role not in ("caption", "title"):
                    between.role = "sidebar"
            last = following
    for paragraph in result:
        if paragraph.role == "body" and sum(map(len, paragraph.lines)) >= LEAD_CHARS:
            paragraph.role = "lead"
            break
    return result


def _continuation(lines: Sequence[Line], at: int, width: int, shapes: Shapes) -> int | None:
    """The number of the line that carries on the sentence which a line leaves open."""
    line = lines[at]
    if line.role in ("title", "caption", "sidebar") or line.tabbed or at + 1 >= len(lines):
        return None
    below = lines[at + 1]
    if width:
        return at + 1 if _wraps(line, below, width) else None
    if _breaks_at_comma(line, below, shapes):
        return at + 1
    if line.closed or line.bullet or len(line) < CUT_CHARS or not line.flowing or line.text[-1] in shapes.colon_end:
        return None
    for i in range(at + 1, min(at + 1 + LOOK_AHEAD, len(lines))):
        other = lines[i]
        if other.bullet or other.tabbed or other.role in ("caption", "title") or other.number:
            continue
        if other.indent >= 2 or shapes.paragraph_start.match(other.text):
            return None
        if other.closed and (i == at + 1 or _is_apart(lines[at + 1 : i])):
            return i
        if other.closed or other.prose:
            return None
    return None


def _breaks_at_comma(line: Line, below: Line, shapes: Shapes) -> bool:
    """True for a line that ends in a comma, the next one carrying on; verses of one length are left alone."""
    if line.text[-1] not in shapes.comma_end or line.bullet or below.bullet or below.tabbed:
        return False
    if below.role in ("title", "caption") or below.number:
        return False
    return len(line) > VERSE_CHARS or len(line) != len(below)


def _is_apart(between: Sequence[Line]) -> bool:
    """True where the lines between two halves are a sidebar or captions: marked, or headings beside marked ones."""
    return any(line.bullet or line.role == "caption" for line in between)


def _wraps(line: Line, below: Line, width: int) -> bool:
    if below.bullet or below.tabbed or below.role in ("title", "caption"):
        return False
    if below.gap:  # a page ends in mid-sentence
        return width > 0 and len(line) >= width - 3 and not line.closed and not below.indent and below.flowing
    if below.indent >= 2 and below.indent > line.indent:
        return False
    if width < 0:  # broken at will, paragraphs parted by empty lines
        return not (line.gap and line.short and not line.flowing and not below.gap)
    return len(line) + line.indent >= width - 3


def _wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the lines were broken; -1 for lines broken at will between empty lines; 0 for neither."""
    body = [line for line in lines if line.role not in ("title", "caption") and not line.tabbed and not line.bullet]
    if len(body) < 6:
        return 0
    sizes = sorted(len(line) + line.indent for line in body)
    width = sizes[-1 - len(sizes) // 20]
    full = [line for line in body if len(line) + line.indent >= width - 3]
    if width <= WRAP_CHARS and width >= 16 and 3 * len(full) >= len(body) and _mostly_open(full):
        return width
    within = [line for line, below in pairwise(body) if not below.gap]
    gaps = sum(line.gap for line in body)
    if width <= WRAP_CHARS and gaps >= 2 and len(within) >= 2 * gaps and _mostly_open(within, 0.3):
        return -1
    return 0


def _mostly_open(lines: Sequence[Line], share: float = 0.5) -> bool:
    return sum(not line.closed for line in lines) >= share * len(lines)


def stated_title(article: Article) -> Text | None:
    """The title that stands in the raw text only outside the article (in front matter), with its place there."""
    raw, title = article.source.raw_text, article.meta.title
    at = raw.find(article.source.stated.title) if title else -1
    if at < 0 or len(title) != len(article.source.stated.title):
        return None
    return Text.of(raw)[at : at + len(title)].map_chars(lambda _: title)


def compose(article: Article, lines: Sequence[Line], shapes: Shapes, meta: Meta, title: Text | None) -> Article:
    """The cleaned article: text, blocks, metadata, and an edit for each stretch that was dropped.

    `title` is a title that is none of the lines.
    """
    parts: list[list[tuple[int, int]]] = []
    blocks = [Block("title", 0, len(title))] if title else []
    at = len(title) + 1 if title else 0
    for paragraph in _in_order(paragraphs(lines, shapes)):
        part = [kept_span(line) if line.cuts else (line.start, line.end) for line in paragraph.lines]
        size = sum(end - start for start, end in part)
        if not size:
            continue
        parts.append(part)
        blocks.append(Block(paragraph.role, at, at + size))
        at += size + 1
    edits = (*article.edits, *_edits(article, [drop for line in lines for drop in line.drops]))
    text = article.text.pick(parts, "\n")
    text = Text.join([title, text] if parts else [title], "\n") if title else text
    return replace(article, text=text, meta=meta, blocks=tuple(blocks), edits=edits)


def _in_order(found: list[Paragraph]) -> list[Paragraph]:
    """Title paragraphs first."""
    return [p for p in found if p.role == "title"] + [p for p in found if p.role != "title"]


def kept_span(line: Line) -> tuple[int, int]:
    """What stays of a line: without the stretches cut off its start and end."""
    start, end = line.start, line.end
    for cut in line.cuts:
        if cut.start <= start:
            start = max(start, cut.end)
        else:
            end = min(end, cut.start)
    return start, max(start, end)


def _edits(article: Article, drops: Sequence[Drop]) -> list[Edit]:
    raw = article.source.raw_text
    spans = article.text.raw_spans([(drop.start, drop.end) for drop in drops])
    return [
        Edit("furniture", drop.rule, drop.reason, start, end, raw[start:end], "")
        for drop, (start, end) in zip(drops, spans, strict=True)
    ]
