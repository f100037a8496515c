"""The blocks of a page: what a reader sees as a line or a paragraph, with its place in the page.

The tree is walked without recursion, so that depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

SKIPPED = frozenset(
    re.split(
        " ",
        "script style noscript template iframe object embed svg canvas video audio map head nav footer button select "
        "option textarea input label datalist dialog rt rp amp-sidebar amp-ad",
    )
)
"""Elements whose text no reader of the article sees or wants."""
ASKING = frozenset(("button", "input", "textarea", "form"))
"""Elements that ask something of a reader."""
INLINE = frozenset(
    re.split(
        " ",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rb ruby s samp small span "
        "strike strong sub sup time tt u var wbr",
    )
)
"""Elements that do not begin a line."""
ITEMS = frozenset(("li", "tr", "td", "th", "dd", "dt", "tbody", "thead", "tfoot", "option"))
"""Elements whose line follows the one before it without a gap."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOLD = frozenset(("b", "strong"))
LARGE = frozenset("4567")
SUBHEADING = 40
"""Characters of a line up to which, if it is bold all through, it is a subheading and stands apart."""
LONGEST_CELL = 120
"""Characters of a cell of a table of data; a table that lays out the page has longer ones."""
LONGEST_FORM = 300
"""Characters of a form that asks for something; it holds no full stop."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLANK = re.compile(r"[ \t\r\n\f\v]")
_SPACE = re.compile(f"{_BLANK.pattern}+")
_SPACES = re.compile(r" {2,}")
_EDGE = " \t\u3000\xa0"


@dataclass(eq=False, slots=True)
class Node:
    """An element that blocks stand in. `first:last` are the numbers of its blocks, half-open; `names` holds what its
    `class`, `id` and `role` say; `asks` is true where a button or a field stands in it directly."""

    tag: str
    parent: Node | None
    names: str = ""
    heading: str = ""
    row: bool = False
    first: int = 0
    last: int = 0
    asks: bool = False


@dataclass(eq=False, slots=True)
class Block:
    """A line of the page. `linked` is its text inside links, `links` counts its characters, `anchors` the links;
    `node` is the innermost block element around it, `heading` the heading that it is (h1 … h6), if any; `gap` is true
    where it does not follow the block before it directly, by one `<br>` or as the next item or row, `strong` where all
    of it is a heading, bold or large."""

    text: str
    links: int
    node: Node
    heading: str = ""
    gap: bool = True
    anchors: int = 0
    linked: str = ""
    strong: bool = False

    @property
    def letters(self) -> int:
        """The letters outside of links."""
        return max(0, _letters(self.text) - _letters(self.linked))


@dataclass(slots=True)
class _Walk:
    blocks: list[Block] = field(default_factory=list)
    node: Node = field(default_factory=lambda: Node("", None))
    parts: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    in_link: int = 0
    in_bold: int = 0
    in_pre: int = 0
    in_row: int = 0
    plain: bool = False
    filled: bool = False
    anchors: int = 0
    gap: bool = True

    def text(self, text: str | None) -> None:
        if not text:
            return
        if not self.in_pre and _BLANK.search(text):
            text = _SPACE.sub(" ", text)
        self.parts.append(text)
        if self.in_link:
            self.linked.append(text)
        if not text.isspace():
            self.filled = True
            self.plain |= not self.in_bold

    def end_line(self, gap: bool = True, broken: bool = False) -> None:
        """Ends the line that is open; `gap` if the next one stands apart, `broken` by `<br>` (two of them part)."""
        if not self.parts:
            self.gap |= gap or broken
            self.anchors = 0
            return
        whole = "".join(self.parts)
        lines = whole.split("\n") if "\n" in whole else [whole]
        for number, line in enumerate(lines):
            text = line.strip(_EDGE)
            if text:
                self._add(_SPACES.sub(" ", text) if "  " in text else text, gap)
            elif broken or number:
                self.gap = True
        self.gap |= gap
        self.plain = self.filled = False
        self.anchors = 0
        self.parts.clear()
        self.linked.clear()

    def _add(self, line: str, gap: bool) -> None:
        strong = not self.plain or bool(self.node.heading)
        bold = not self.plain and len(line) <= SUBHEADING
        self.blocks.append(
            Block(
                line,
                min(sum(len(part.strip()) for part in self.linked), len(line)),
                self.node,
                self.node.heading,
                self.gap or bold,
                self.anchors,
                "".join(self.linked),
                strong,
            )
        )
        self.gap = gap or bold


def bare(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def blocks_of(tree: Any, hidden: bool = False) -> list[Block]:
    """The blocks of a page in order, with `hidden` also those that a browser would not show.

    A table row is one block, its cells parted by tabs; `<br>` ends a line.
    """
    from lxml import etree

    walk = _Walk()
    events = etree.iterwalk(tree, events=("start", "end"))
    skipped: Any = None
    for event, element in events:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or _is_skipped(element, tag, hidden):
                walk.node.asks |= tag in ASKING and element.get("type") != "hidden"
                skipped = element
                events.skip_subtree()
            else:
                _open(element, tag, walk)
                walk.text(element.text)
            continue
        if element is not skipped:
            _close(element, tag, walk)
        walk.text(element.tail)
    walk.end_line()
    return walk.blocks


def _open(element: Any, tag: str, walk: _Walk) -> None:
    if tag == "br":
        if walk.in_row:
            walk.text(" ")
        else:
            walk.end_line(gap=False, broken=True)
        return
    if _is_inline(tag):
        walk.in_bold += _is_strong(element, tag)
        if tag == "a" and _is_link(element):
            walk.in_link += 1
            walk.anchors += 1
        return
    row = tag == "tr" and _is_row(element)
    if not walk.in_row or tag in ("tr", "table"):
        walk.end_line(tag not in ITEMS)
    if tag in ("td", "th") and walk.filled:
        walk.parts.append("\t")
    walk.in_pre += tag == "pre"
    walk.in_row += row
    node = Node(tag, walk.node, "", walk.node.heading, row, len(walk.blocks))
    if element.attrib:
        node.names = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("role"))))
    if tag in HEADINGS:
        node.heading = tag
    walk.node = node


def _close(element: Any, tag: str, walk: _Walk) -> None:
    if tag == "br":
        return
    if _is_inline(tag):
        walk.in_bold -= _is_strong(element, tag)
        walk.in_link -= tag == "a" and _is_link(element)
        return
    node = walk.node
    walk.in_row -= node.row
    if not walk.in_row or tag in ("tr", "table"):
        walk.end_line(tag not in ITEMS)
    walk.in_pre -= tag == "pre"
    node.last = len(walk.blocks)
    if node.parent is not None:
        node.parent.asks |= node.asks and node.first == node.last
        walk.node = node.parent


def _is_inline(tag: str) -> bool:
    """True for an element within a line; word processors mark names and days with such (`st1:date`)."""
    return tag in INLINE or ":" in tag


def _is_strong(element: Any, tag: str) -> bool:
    """True for bold and for large type: `<font size>` of 4 and more."""
    return tag in BOLD or (tag == "font" and (element.get("size") or "").lstrip("+") in LARGE)


def _is_link(element: Any) -> bool:
    """False for an anchor that only names a place; such a one is often left open and holds the rest of the page."""
    return element.get("href") is not None or element.get("name") is None


def _is_row(element: Any) -> bool:
    """A row of a table of data; a table that lays out the page has long cells, or tables within."""
    cells = [child for child in element if child.tag in ("td", "th")]
    if len(cells) < 2 or next(element.iter("table"), None) is not None:
        return False
    if any(sum(1 for _ in cell.iter("p", "div", "h1", "h2", "h3")) > 1 for cell in cells):
        return False
    return all(sum(map(len, cell.itertext())) <= LONGEST_CELL for cell in cells)


def _is_skipped(element: Any, tag: str, hidden: bool) -> bool:
    if tag in SKIPPED or (not hidden and element.attrib and is_hidden(element)):
        return True
    return tag == "form" and _asks(element)


def _asks(form: Any) -> bool:
    """True for a form to search, to vote, to log in; some programs put a form around the whole page."""
    size = 0
    for text in form.itertext():
        size += len(text.strip())
        if size > LONGEST_FORM or "。" in text:
            return False
    return True


def is_hidden(element: Any) -> bool:
    """True for an element that its own attributes hide from a reader."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))
