"""Boxes of a page that are no part of its article though no name says so: teasers of other articles, boxes with a
heading such as 相关阅读, boxes that ask for an address or an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from hkextract.read.dom import Block, Node
from hkextract.read.roles import COMMENTS, Roles

CARDS = 3
"""So many teasers side by side are a list of other articles."""
CARD_LINES, CARD_CHARS = 6, 220
"""Lines and characters of a teaser: a linked headline, a summary, a time."""
ENOUGH_PROSE, SHORT_LINE = 40, 30
"""Characters of an article above the comments; of a line with a name and a time."""
ASKING_CHARS = 150
"""Characters of a box that asks for something."""
ASKING = frozenset(("div", "section", "form", "fieldset"))
FRAMES = frozenset(("html", "body", "main", ""))
MOST = 0.5
"""The share of the page's prose that a box without comments may hold at most."""

_CLOSED = re.compile(r"[。！？!?…][”’」』）)]{0,2}$")


class Boxes:
    """Marks the blocks of such boxes. `first` is the number of the headline (-1 without one), `prose` the weight of
    each block as prose.

    >>> from hkextract.read.html import parse
    >>> from hkextract.read.dom import blocks_of
    >>> from hkextract.read.roles import roles_of
    >>> page = "<h1>题</h1><p>甲乙，丙。</p><div><b>相关阅读</b><p><a href=/>丁</a></p></div>"
    >>> Boxes(blocks_of(parse(page)), 0, [0, 5, 0, 0], roles_of(None)).marked
    {2: 'other articles', 3: 'other articles'}
    """

    def __init__(self, blocks: Sequence[Block], headline: int, prose: Sequence[float], roles: Roles) -> None:
        self._blocks, self._headline, self._roles = blocks, headline, roles
        self._sums = list(accumulate(prose, initial=0.0))
        self._begins = next((i for i in range(headline + 1, len(blocks)) if prose[i]), len(blocks))
        self._children = _children(blocks)
        self.marked: dict[int, str] = {}
        self._find()

    def _find(self) -> None:
        for parent, children in self._children.items():
            boxes = (self._cards(children), self._flat_cards(parent), self._asking(children), self._entries(children))
            for kind, first, last in chain.from_iterable(boxes):
                self.marked.update(dict.fromkeys(range(first, last), kind))
        for number, kind in enumerate(self._roles.labels([block.text for block in self._blocks])):
            if kind and number not in self.marked:
                first, last = self._labelled(number, kind)
                self.marked.update(dict.fromkeys(range(first, last), kind))

    def _holds_headline(self, node: Node) -> bool:
        return node.first <= self._headline < node.last

    def _cards(self, children: Sequence[Node]) -> Iterator[tuple[str, int, int]]:
        """Teasers: elements side by side that begin with a link and go on with a little prose."""
        if len(children) < CARDS:
            return
        cards = [child for child in children if self._is_card(child)]
        if len(cards) >= CARDS:
            yield from (("other articles", card.first, card.last) for card in cards)

    def _is_card(self, node: Node) -> bool:
        size = node.last - node.first
        if not 2 <= size <= CARD_LINES or self._holds_headline(node) or not _is_linked(self._blocks[node.first]):
            return False
        return sum(len(block.text) for block in self._blocks[node.first : node.last]) <= CARD_CHARS

    def _flat_cards(self, parent: Node) -> Iterator[tuple[str, int, int]]:
        """Teasers without elements of their own: linked headlines and summaries by turns."""
        first, last = parent.first, parent.last
        if not 2 * CARDS <= last - first <= 200 or self._holds_headline(parent):
            return
        if len(self._children[parent]) < last - first:
            return
        linked = [i for i in range(first, last) if _is_linked(self._blocks[i])]
        if len(linked) < CARDS or len(linked) < 0.4 * (last - linked[0]) or self._is_too_large(parent, COMMENTS):
            return
        pairs = all(i + 1 < last and self._prose(i + 1, i + 2) for i in linked)
        if pairs and not self._prose(first, linked[0]):
            yield "other articles", linked[0], last

    def _asking(self, children: Sequence[Node]) -> Iterator[tuple[str, int, int]]:
        """Small boxes below the first sentence with a field or a button, unless there are many of their kind."""
        found = [node for node in children if node.asks and node.tag in ASKING and node.last - node.first <= CARD_LINES]
        for node in found if len(found) < CARDS else ():
            chars = sum(len(block.text) for block in self._blocks[node.first : node.last])
            if self._headline >= 0 and node.first > self._begins and 0 < chars <= ASKING_CHARS:
                yield "tools", node.first, node.last

    def _entries(self, children: Sequence[Node]) -> Iterator[tuple[str, int, int]]:
        """Comments: elements of one name side by side below the article, each with a short line and a button."""
        below = [node for node in children if node.names and node.first > self._begins and self._is_entry(node)]
        names = {node.names for node in below}
        if self._headline < 0 or len(below) < CARDS or len(names) > 1 or not below[0].parent:
            return
        if below[0].parent.first > self._begins and self._prose(self._headline + 1, below[0].first) >= ENOUGH_PROSE:
            yield from ((COMMENTS, node.first, node.last) for node in below)

    def _is_entry(self, node: Node) -> bool:
        if not 2 <= node.last - node.first <= CARD_LINES or not self._asks(node):
            return False
        return not self._prose(node.first, node.first + 1) and len(self._blocks[node.first].text) <= SHORT_LINE

    def _asks(self, node: Node, depth: int = 3) -> bool:
        return node.asks or (depth > 0 and any(self._asks(child, depth - 1) for child in self._children[node]))

    def _labelled(self, number: int, kind: str) -> tuple[int, int]:
        """The box that a heading begins: the largest element that begins with it and does not hold the article."""
        box = self._blocks[number].node
        if box.first != number or self._is_too_large(box, kind):
            return number, number
        while box.parent is not None and box.parent.first == number and not self._is_too_large(box.parent, kind):
            box = box.parent
        below = self._headline >= 0 and number > self._begins
        if box.last == number + 1 and kind == COMMENTS and below and box.parent is not None:
            return number, box.parent.last if box.parent.tag not in FRAMES else number
        return (number, box.last) if box.last > number + 1 else (number, number)

    def _is_too_large(self, box: Node, kind: str) -> bool:
        if box.tag in FRAMES or self._holds_headline(box):
            return True
        if kind == COMMENTS and self._headline >= 0 and box.first > self._begins:
            return False
        return self._prose(box.first, box.last) > MOST * self._sums[-1]

    def _prose(self, first: int, last: int) -> float:
        return self._sums[last] - self._sums[first]


def _is_linked(block: Block) -> bool:
    """True for a line that is a link and no sentence."""
    return block.anchors == 1 and block.letters <= 0.1 * len(block.text) and not _CLOSED.search(block.text)


def _children(blocks: Sequence[Block]) -> dict[Node, list[Node]]:
    """The elements that hold lines, each with those directly within it, in order."""
    found: dict[Node, list[Node]] = {}
    for block in blocks:
        node, path = block.node, []
        while node not in found:
            found[node] = []
            if node.parent is None:
                break
            path.append((node, node.parent))
            node = node.parent
        for child, parent in reversed(path):
            found.setdefault(parent, []).append(child)
    return found
