"""Which blocks of a page are its article: its heading, what stands below it, its prose.

The choice is generous. It leaves out what an element's name or its links show to be furniture, and what stands far
from the text; the stages of `clean` judge the rest line by line, as they judge a text dump.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hkextract.read.dom import Block, Node
from hkextract.read.roles import ARTICLE, COMMENTS, OTHERS, Roles

SHARES = (1.0, 0.5, 0.25)
"""How much of a block's weight its element gets, that one's parent, and the next. Readability gives 1, 1 and 1/2."""
NAMED, NEAR_HEADLINE, BEFORE_HEADLINE = 1.25, 1.3, 0.3
"""What an element's score gains by its name, and by standing below the headline; what a block loses above it."""
MOST = 0.6
"""The share of the page's title that a line must be, to be the headline without the names that follow it; the share of
an element that must be sentences, for the element to hold nothing but text."""
STANDING = 0.3
"""The weight of a character of a verse or an entry in an element that is named as an article."""
REACH = 15
"""Blocks between headline and text."""
ENOUGH_PROSE, ENOUGH_LETTERS = 60, 150
"""Characters of sentence text, and letters outside links, that make an article without what is named as furniture."""
BETWEEN = 150
"""Characters of other things (an advertisement, a caption) that may stand between two parts of one article."""
PARAGRAPHS = frozenset(("p", "li", "ul", "ol", "dd", "dl", "blockquote", "pre"))
"""Elements that are a part of an article, never the whole of it."""
TAIL, TAIL_CHARS = 4, 80
"""Lines below the text that may sign it, and their characters."""
ENTRIES, STAMPED = 0.2, 0.4
"""The share of lines with a time from which an element is a list of entries, and what its score loses by it."""
SHORTEST_HEADLINE, LONGEST_HEADLINE = 7, 60
LONGEST_STAMP = 40
"""Characters of a line that holds the time of an entry."""
LINKED_RUN = 3
"""So many lines of links one after the other are a list of other pages."""

_SENTENCE = re.compile(r"[。！？；，、…]|[!?;,](?=[^\x00-\x7f])|[,.!?;:] ")
_CLOSED = re.compile(r"[。！？!?…][”’」』）)]{0,2}$")
_STAMP = re.compile(r"(?<!\d)(?:(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/月]\d{1,2}|\d{1,2}:\d{2})(?!\d)")
_SPACE = re.compile(r"\s+")


class Outline:
    """The blocks of a page with what is known of each: its weight as prose and whether it is named as furniture."""

    def __init__(self, blocks: Sequence[Block], title: str, roles: Roles) -> None:
        self.blocks = blocks
        self.title = _SPACE.sub("", title)
        self._roles = roles
        self.headline = self._headline()
        self._kinds: dict[Node, str] = {}
        self._own = self._around(self.headline)
        prose = [_prose(block) for block in blocks]
        self.furniture = self._furniture(prose)
        self.weights = [
            0.0 if out else weight or self._standing(block)
            for block, weight, out in zip(blocks, prose, self.furniture, strict=True)
        ]
        stamped = (1.0 if len(b.text) <= LONGEST_STAMP and _STAMP.search(b.text) else 0.0 for b in blocks)
        self._stamps = list(accumulate(stamped, initial=0.0))
        self._sums = [
            list(accumulate(values, initial=0.0))
            for values in (self.weights, [float(b.links) for b in blocks], [float(len(b.text)) for b in blocks])
        ]

    def measure(self, first: int, last: int) -> tuple[float, float, float]:
        """Prose, characters inside links and characters of the blocks `first:last`."""
        prose, links, chars = (sums[last] - sums[first] for sums in self._sums)
        return prose, links, chars

    def stamps(self, first: int, last: int) -> float:
        """How many of the blocks `first:last` are short lines with a day or a time."""
        return self._stamps[last] - self._stamps[first]

    def kind(self, node: Node) -> str:
        """What the names of an element and of those around it state: furniture of the outermost, else an article."""
        chain = []
        known = None
        at: Node | None = node
        while at is not None and (known := self._kinds.get(at)) is None:
            chain.append(at)
            at = at.parent
        known = known or ""
        for inner in reversed(chain):
            own = self._roles.of(inner) if known in ("", ARTICLE) else ""
            if inner.tag == ARTICLE and self._own is not None and known in ("", ARTICLE):
                own = own if inner is self._own or self._is_within(inner) else OTHERS
            if own not in ("", ARTICLE) and inner.first <= self.headline < inner.last:
                own = ""
            known = self._kinds[inner] = own or known
        return known

    def _standing(self, block: Block) -> float:
        """The weight of a line that is no sentence: some, in an element that is named as an article."""
        return STANDING * len(block.text) if not block.links and self.is_named(block.node) else 0.0

    def is_named(self, node: Node) -> bool:
        """True where the element is named as an article, or the one around it."""
        return any(self._roles.of(at) == ARTICLE for at in (node, node.parent) if at is not None)

    def _around(self, number: int) -> Node | None:
        """The innermost `<article>` around a block."""
        node = self.blocks[number].node if number >= 0 else None
        while node is not None and node.tag != ARTICLE:
            node = node.parent
        return node

    def _is_within(self, node: Node) -> bool:
        """True for an element inside the `<article>` of the headline, or around it."""
        own = self._own
        return own is not None and (
            (own.first <= node.first and node.last <= own.last) or (node.first <= own.first and own.last <= node.last)
        )

    def _headline(self) -> int:
        """The number of the block that repeats the page's title: a heading or at least no link; -1 without one."""
        if not self.title:
            return -1
        found = [i for i, block in enumerate(self.blocks) if _SPACE.sub("", block.text) == self.title]
        for i in found:
            if self.blocks[i].heading == "h1":
                return i
        for i in found:
            if self.blocks[i].heading or not self.blocks[i].links:
                return i
        for i, block in enumerate(self.blocks):
            text = _SPACE.sub("", block.text)
            if len(text) >= MOST * len(self.title) and text in self.title and not block.links:
                return i
        return -1

    def _furniture(self, prose: Sequence[float]) -> list[bool]:
        """Which blocks are named as furniture; none but comments where little else is on the page."""
        kinds = [self.kind(block.node) for block in self.blocks]
        out = [kind not in ("", ARTICLE) for kind in kinds]
        kept = sum(weight for weight, gone in zip(prose, out, strict=True) if not gone)
        letters = sum(block.letters for block, gone in zip(self.blocks, out, strict=True) if not gone)
        if kept < ENOUGH_PROSE and letters < ENOUGH_LETTERS and sum(prose) > 3 * kept:
            return [kind == COMMENTS for kind in kinds]
        return out


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
    inside = range(_text_begins(outline, best), stop) if _is_text(outline, best) else range(0)
    kept = _without_lists([blocks[i] for i in range(first, last) if not outline.furniture[i]])
    sure = {blocks[i] for i in inside}
    marked = [number for number, block in enumerate(kept) if block in sure]
    return Choice(kept, marked[0], marked[-1] + 1, headline) if marked else Choice(kept, headline=headline)


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


def _is_text(outline: Outline, node: Node) -> bool:
    """True for an element that holds text alone: by its own name, or as most of it is sentences."""
    prose, links, chars = outline.measure(node.first, node.last)
    if links > 0.1 * chars:
        return False
    return outline.is_named(node) or prose >= MOST * chars


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
    """True for an element of text: few of its characters are links, little of it is furniture."""
    _, links, chars = outline.measure(node.first, node.last)
    furniture = any(outline.furniture[node.first : node.last])
    return node.tag not in ("html", "body", "") and links <= 0.2 * chars and not furniture


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
    may stand between, if the part is longer by far, and any number of elements of the same kind without links.
    """
    last = end = best.last
    between = 0.0
    anc = best.parent
    while anc is not None and anc.tag != "html":
        for start, stop, tag in _parts(outline, anc, end):
            end = stop
            if _is_prose(outline, start, stop, 2 * between):
                last, between = stop, 0.0
                continue
            _, links, chars = outline.measure(start, stop)
            between += chars if links or tag != best.tag or anc is not best.parent else 0.0
            if between > BETWEEN:
                return last, end
        anc = anc.parent
    return last, end


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
    if not any(_CLOSED.search(block.text) for block in outline.blocks[start:stop]):
        return False
    return outline.stamps(start, stop) < 2


def _begins(outline: Outline, first: int, last: int) -> int:
    """Where the article begins: at its heading, if one stands before or within the first blocks of the prose."""
    blocks = outline.blocks
    if 0 <= outline.headline < last:
        return min(first, outline.headline)
    if outline.title:
        for number in range(first, max(-1, first - REACH), -1):
            if _SPACE.sub("", blocks[number].text) == outline.title:
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
        if block.links or len(block.text) > TAIL_CHARS or outline.furniture[stop] or block.heading:
            break
        stop += 1
    return stop


def is_link_box(block: Block) -> bool:
    """True for a line of several links and little else: a box of other articles, a list of tags, a menu."""
    return block.anchors > 1 and block.links >= 0.7 * len(block.text)


def _without_lists(blocks: list[Block]) -> list[Block]:
    """The blocks without lines of several links, and without lists of lines that are a link each."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        if block.anchors and block.letters <= 0.1 * len(block.text) and not block.heading:
            run.append(block)
            continue
        kept += _of_run(run)
        run = []
        kept.append(block)
    kept += _of_run(run)
    return kept


def _of_run(run: list[Block]) -> list[Block]:
    return [block for block in run if not is_link_box(block)] if len(run) < LINKED_RUN else []


def _prose(block: Block) -> float:
    """The weight of a block as prose: its characters outside links, if it has a sentence's punctuation."""
    own = len(block.text) - block.links
    if block.links > 0.5 * len(block.text) or not _SENTENCE.search(block.text):
        return 0.1 * own if own > 30 and block.links == 0 else 0.0
    return float(own)
