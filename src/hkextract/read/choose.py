"""Which blocks of a page are its article: its heading, what stands below it, its prose.

The choice is generous. It leaves out what an element's name or its links show to be furniture, and what stands far
from the text; the stages of `clean` judge the rest line by line, as they judge a text dump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hkextract.read.dom import Block, Node, bare
from hkextract.read.outline import Outline
from hkextract.read.pagedate import HEADER
from hkextract.read.roles import ARTICLE, Roles

SHARES = (1.0, 0.5, 0.25)
"""How much of a block's weight its element gets, that one's parent, and the next. Readability gives 1, 1 and 1/2."""
NAMED, NEAR_HEADLINE, BEFORE_HEADLINE = 1.25, 1.3, 0.3
"""What an element's score gains by its name, and by standing below the headline; what a block loses above it."""
MOST = 0.6
"""The share of an element that must be sentences, for the element to hold nothing but text."""
REACH = 15
"""Blocks between headline and text."""
BETWEEN = 150
"""Characters of other things (an advertisement, a caption) that may stand between two parts of one article."""
PARAGRAPHS = frozenset(("p", "li", "ul", "ol", "dd", "dl", "blockquote", "pre"))
"""Elements that are a part of an article, never the whole of it."""
TAIL, TAIL_CHARS = 4, 80
"""Lines below the text that may sign it, and their characters."""
ENTRIES, STAMPED = 0.2, 0.4
"""The share of lines with a time from which an element is a list of entries, and what its score loses by it."""
SHORTEST_COPY = 15
"""Characters of a sentence that stands twice on a page by no chance."""
SHORTEST_HEADLINE, LONGEST_HEADLINE = 7, 60
"""Characters of a headline."""
LINKED_RUN = 3
"""So many lines of links one after the other are a list of other pages."""

_ENDED = re.compile(r"[。！？!?…]")
_CLOSED = re.compile(r"[。！？!?…][”’」』）)]{0,2}$")
_STATED = re.compile(r"[。…][”’」』）)]{0,2}$")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d")


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of the article in order; `first:last` are those that the markup shows to be its text, if any.
    `headline` is the line that does as one on a page whose own title stands nowhere on it."""

    blocks: list[Block]
    first: int = 0
    last: int = 0
    headline: str = ""


def choose(blocks: Sequence[Block], title: str, roles: Roles) -> Choice:
    """The blocks of the article and what of them is surely its text."""
    outline = Outline(blocks, title, roles)
    if not any(outline.weights):
        kept = [block for block, out in zip(blocks, outline.furniture, strict=True) if not out]
        return Choice(_without_lists(kept) or list(blocks))
    best = _best(outline)
    headline = ""
    if outline.headline < 0:
        outline.headline = _strong_line(outline, best)
        headline = blocks[outline.headline].text if outline.headline >= 0 else ""
    stop, pending = _extended(outline, best)
    first = _begins(outline, best.first, stop)
    last = _signed(outline, stop, pending)
    sure = {blocks[i] for i in _sure(outline, best, stop)}
    kept = _kept(outline, first, last, best.first)
    marked = [number for number, block in enumerate(kept) if block in sure]
    return Choice(kept, marked[0], marked[-1] + 1, headline) if marked else Choice(kept, headline=headline)


def _kept(outline: Outline, first: int, last: int, text: int) -> list[Block]:
    """The blocks `first:last` without furniture, without rows above the text and without links within it."""
    numbers = (i for i in range(first, last) if not outline.furniture[i])
    blocks = _without_lists([outline.blocks[i] for i in numbers if not _is_above(outline.blocks[i], i, text)])
    within = set(outline.blocks[text:last])
    return [block for block in blocks if block not in within or not _is_link(block)]


def _sure(outline: Outline, best: Node, stop: int) -> range:
    """The blocks that are surely text: those of an element that holds nothing else; of another those from its first
    sentence to its last, if none of them is a link or holds a time."""
    stop = stop if best.tag in PARAGRAPHS else best.last
    if _is_text(outline, best):
        return range(_text_begins(outline, best), stop)
    closed = [i for i in range(best.first, stop) if _CLOSED.search(outline.blocks[i].text)]
    if not closed:
        return range(0)
    first, last = max(closed[0], outline.headline + 1), closed[-1] + 1
    plain = outline.measure(first, last)[1] == 0 and outline.stamps(first, last) == 0
    return range(first, last) if plain else range(0)


def _strong_line(outline: Outline, best: Node) -> int:
    """The number of the line that does as headline: the first one above the text in bold or large type; else -1."""
    text = _first_sentence(outline, best)
    for i in range(max(0, min(best.first, text) - REACH, text - 2 * REACH), text):
        block = outline.blocks[i]
        fits = SHORTEST_HEADLINE <= len(block.text) <= LONGEST_HEADLINE and not _CLOSED.search(block.text)
        if fits and block.strong and not block.links and not outline.furniture[i]:
            return i
    return -1


def _first_sentence(outline: Outline, best: Node) -> int:
    closed = (i for i in range(best.first, best.last) if _CLOSED.search(outline.blocks[i].text))
    return next(closed, best.last)


def _text_begins(outline: Outline, best: Node) -> int:
    """Where the text in an element begins: below the headline; at its first sentence where no line is the headline."""
    if outline.headline >= 0:
        return max(best.first, outline.headline + 1)
    return _first_sentence(outline, best)


def _is_above(block: Block, number: int, text: int) -> bool:
    """True for a row of a table above the text (a file's number, a share's price), and for sizes of type."""
    if number >= text:
        return False
    sizes = block.anchors >= LINKED_RUN and block.links <= 2 * block.anchors
    return "\t" in block.text or (sizes and is_link_box(block) and not _DAY.search(block.text))


def _is_link(block: Block) -> bool:
    """True for a line that is a link and nothing else, and no statement: within a text it leads to another article.
    Several links, and hardly more than what parts them, do so too."""
    if not block.anchors or block.heading or _STATED.search(block.text):
        return False
    if block.anchors >= LINKED_RUN and is_link_box(block):
        return True
    return len(block.text) >= SHORTEST_HEADLINE and block.letters <= 0.1 * len(block.text)


def _is_text(outline: Outline, node: Node) -> bool:
    """True for an element that holds text alone: by its own name, or as most of it is sentences."""
    prose, links, chars = outline.measure(node.first, node.last)
    if outline.is_named(node):
        blocks = zip(outline.blocks[node.first : node.last], outline.furniture[node.first : node.last], strict=True)
        kept = [block for block, out in blocks if not out and not _is_link(block)]
        return sum(block.links for block in kept) <= 0.1 * sum(len(block.text) for block in kept)
    return links <= 0.1 * chars and prose >= MOST * chars


def _best(outline: Outline) -> Node:
    """The element that holds most sentences directly or a little deeper."""
    scores: dict[Node, float] = {}
    for number, (block, weight) in enumerate(zip(outline.blocks, outline.weights, strict=True)):
        if not weight:
            continue
        if number < outline.headline:
            weight *= BEFORE_HEADLINE
        node: Node | None = block.node
        for share in SHARES:
            if node is None:
                break
            scores[node] = scores.get(node, 0.0) + weight * share
            node = node.parent
    best = max(scores, key=lambda node: scores[node] * _likeliness(outline, node))
    while best.tag in PARAGRAPHS and best.parent is not None and _is_column(outline, best.parent):
        best = best.parent
    return best


def _is_column(outline: Outline, node: Node) -> bool:
    """True for an element of text: few of its characters down to the last sentence are links, none furniture."""
    if node.tag in ("html", "body", ""):
        return False
    numbers = range(node.last - 1, node.first - 1, -1)
    last = next((i for i in numbers if _CLOSED.search(outline.blocks[i].text)), node.last - 1) + 1
    _, links, chars = outline.measure(node.first, last)
    furniture = any(outline.furniture[node.first : last])
    return links <= 0.2 * chars and not furniture


def _likeliness(outline: Outline, node: Node) -> float:
    factor = NAMED if outline.kind(node) == ARTICLE else 1.0
    if outline.stamps(node.first, node.last) >= max(3, ENTRIES * (node.last - node.first)):
        factor *= STAMPED
    if outline.headline >= 0 and -1 <= node.first - outline.headline <= REACH:
        factor *= NEAR_HEADLINE
    return factor


def _extended(outline: Outline, best: Node) -> tuple[int, int]:
    """Where the article ends, and where what was looked at below it ends.

    From the chosen element outwards, each part that follows is taken in if it is prose; a little of something else
    may stand between, if the part is longer by far, and any number of elements of the same kind without links. A line
    of buttons ends the article, unless an element of the same kind goes on with it.
    """
    last = end = best.last
    between = 0.0
    known = {block.text for block in outline.blocks[best.first : best.last]}
    over = _has_buttons(outline.blocks[best.first : best.last])
    anc = best.parent
    while anc is not None and anc.tag != "html":
        for start, stop, tag in _parts(outline, anc, end):
            end = stop
            alike = tag == best.tag and anc is best.parent
            part = outline.blocks[start:stop]
            if _repeats(part, known) or (over and not alike):
                return last, start
            if _is_prose(outline, start, stop, 2 * between) or (anc is best.parent and _is_data(outline, start, stop)):
                last, between = stop, 0.0
                continue
            _, links, chars = outline.measure(start, stop)
            if links and outline.stamps(start, stop):
                return last, end
            between += chars if links or not alike else 0.0
            over = over or _has_buttons(part)
            if between > BETWEEN:
                return last, end
        anc = anc.parent
    return last, end


def _is_data(outline: Outline, start: int, stop: int) -> bool:
    """True for rows of a table without links and times in the element that holds text and headline."""
    rows = outline.blocks[start:stop]
    if len(rows) < 2 or not all("\t" in block.text for block in rows) or any(outline.furniture[start:stop]):
        return False
    parent = rows[0].node.parent
    while parent is not None and parent.first == start and parent.last == stop:
        parent = parent.parent
    holds = parent is not None and parent.first <= outline.headline < parent.last
    return holds and outline.measure(start, stop)[1] == 0 and outline.stamps(start, stop) == 0


def _has_buttons(part: Sequence[Block]) -> bool:
    """True where a line of several links stands below the last sentence."""
    for block in reversed(part):
        if _CLOSED.search(block.text):
            return False
        if is_link_box(block):
            return True
    return False


def _repeats(part: Sequence[Block], known: set[str]) -> bool:
    """True where most sentences of a part stand above already."""
    closed = [block.text for block in part if len(block.text) >= SHORTEST_COPY and _CLOSED.search(block.text)]
    return bool(closed) and 2 * sum(text in known for text in closed) > len(closed)


def _parts(outline: Outline, anc: Node, start: int) -> Iterator[tuple[int, int, str]]:
    """The parts of an element from a block on: its children with their tags, and lines that stand in it directly."""
    while start < anc.last:
        node = outline.blocks[start].node
        stop, tag = start + 1, ""
        while node is not anc and node.parent is not None:
            stop, tag = max(stop, node.last), node.tag
            node = node.parent
        yield start, stop, tag
        start = stop


def _is_prose(outline: Outline, start: int, stop: int, least: float) -> bool:
    """True for a part of mostly sentences, at least `least` characters of them, that is no list of dated entries."""
    prose, links, chars = outline.measure(start, stop)
    if prose < max(least, 0.55 * chars) or links > 0.2 * chars:
        return False
    if not any(_ENDED.search(block.text) for block in outline.blocks[start:stop]):
        return False
    return outline.stamps(start, stop) < 2


def _begins(outline: Outline, first: int, last: int) -> int:
    """Where the article begins: at its heading, if one stands before or within the first blocks of the prose."""
    blocks = outline.blocks
    if 0 <= outline.headline < last:
        return min(first, outline.headline)
    if outline.title:
        for number in range(first, max(-1, first - REACH), -1):
            if bare(blocks[number].text) == outline.title:
                return number
    for number in range(first, max(-1, first - 2 * REACH), -1):
        if blocks[number].heading == "h1" and not outline.furniture[number]:
            return number
    if any(block.heading in ("h1", "h2") for block in blocks[first:last][:3]):
        return first
    while first and outline.weights[first - 1] and not blocks[first - 1].links:
        first -= 1
    return max(0, first - 3) if outline.title else first


def _signed(outline: Outline, last: int, end: int) -> int:
    """The end with the few short lines below the text that may sign it: the editor, the source, the day."""
    stop = last
    while stop < min(end, last + TAIL, len(outline.blocks)):
        block = outline.blocks[stop]
        text = block.text
        if block.links or len(text) > TAIL_CHARS or outline.furniture[stop] or block.heading or _CLOSED.search(text):
            break
        stop += 1
    return stop


def is_link_box(block: Block) -> bool:
    """True for a line of several links and little else: a box of other articles, a list of tags, a menu."""
    return block.anchors > 1 and (block.links >= 0.7 * len(block.text) or block.letters <= 2 * block.anchors)


def _without_lists(blocks: list[Block]) -> list[Block]:
    """The blocks without lines of several links, and without lists of lines that are a link each."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        dated = block.anchors > 1 and not kept[HEADER:] and _DAY.search(block.text)
        if block.anchors and block.letters <= 0.1 * len(block.text) and not block.heading and not dated:
            run.append(block)
            continue
        kept += _of_run(run)
        run = []
        kept.append(block)
    kept += _of_run(run)
    return kept


def _of_run(run: list[Block]) -> list[Block]:
    return [block for block in run if not is_link_box(block)] if len(run) < LINKED_RUN else []
