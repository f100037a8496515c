"""The blocks of a page with what is known of each: its weight as prose, whether its element is named as furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from hkextract.read.boxes import Boxes
from hkextract.read.dom import Block, Node, bare
from hkextract.read.roles import ARTICLE, AUTHOR, COMMENTS, OTHERS, Roles

MOST = 0.6
"""The share of the page's title that a line must be, to be the headline without the names that follow it."""
STANDING = 0.3
"""The weight of a character of a verse or an entry in an element that is named as an article."""
ENOUGH_PROSE, ENOUGH_LETTERS = 60, 150
"""Characters of sentence text, and letters outside links, that make an article without what is named as furniture."""
LONGEST_STAMP = 40
"""Characters of a line that holds the time of an entry."""

_SENTENCE = re.compile(r"[。！？；，、…]|[!?;,](?=[^\x00-\x7f])|[,.!?;:] ")
_STAMP = re.compile(r"(?<!\d)(?:(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/月]\d{1,2}|\d{1,2}:\d{2})(?!\d)")


class Outline:
    """The blocks of a page with what is known of each: its weight as prose and whether it is named as furniture."""

    def __init__(self, blocks: Sequence[Block], title: str, roles: Roles) -> None:
        self.blocks = blocks
        self.title = bare(title)
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
        found = [i for i, block in enumerate(self.blocks) if bare(block.text) == self.title]
        for i in found:
            if self.blocks[i].heading == "h1":
                return i
        for i in found:
            if self.blocks[i].heading or not self.blocks[i].links:
                return i
        for i, block in enumerate(self.blocks):
            text = bare(block.text)
            if len(text) >= MOST * len(self.title) and text in self.title and not block.links:
                return i
        return -1

    def _furniture(self, prose: Sequence[float]) -> list[bool]:
        """Which blocks are named as furniture; none but comments where little else is on the page."""
        boxes = Boxes(self.blocks, self.headline, prose, self._roles).marked
        named = [self.kind(block.node) for block in self.blocks]
        kinds = [kind if kind not in ("", ARTICLE) else boxes.get(i, kind) for i, kind in enumerate(named)]
        begun = next((i for i in range(self.headline + 1, len(prose)) if prose[i] and not kinds[i]), 0)
        kinds = ["" if kind == AUTHOR and i <= begun else kind for i, kind in enumerate(kinds)]
        out = [kind not in ("", ARTICLE) for kind in kinds]
        kept = sum(weight for weight, gone in zip(prose, out, strict=True) if not gone)
        if kept >= ENOUGH_PROSE or sum(prose) <= 3 * kept:
            return out
        letters = sum(block.letters for block, gone in zip(self.blocks, out, strict=True) if not gone)
        return [kind == COMMENTS for kind in kinds] if letters < ENOUGH_LETTERS else out


def _prose(block: Block) -> float:
    """The weight of a block as prose: its characters outside links, if it has a sentence's punctuation."""
    own = len(block.text) - block.links
    if block.links > 0.5 * len(block.text) or not _SENTENCE.search(block.text):
        return 0.1 * own if own > 30 and block.links == 0 else 0.0
    return float(own)
