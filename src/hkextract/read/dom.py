"""The visible blocks of a page: what a reader sees as a line or a paragraph, with its place in the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

SKIPPED = frozenset(
    re.split(
        " ",
        "script style noscript template iframe object embed svg canvas video audio map head nav footer button select "
        "option textarea input label datalist dialog rt rp",
    )
)
"""Elements whose text no reader of the article sees or wants."""
INLINE = frozenset(
    re.split(
        " ",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rb ruby s samp small span "
        "strike strong sub sup time tt u var wbr",
    )
)
"""Elements that do not begin a line."""
ITEMS = frozenset(("li", "tr", "td", "th", "dd", "dt", "tbody", "thead", "tfoot", "option"))
"""Elements whose line follows the one before it without a gap."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOLD = frozenset(("b", "strong"))
SUBHEADING = 40
"""Characters of a line up to which, if it is bold all through, it is a subheading and stands apart."""
DEEPEST = 400
"""Levels that are walked; what nests deeper is broken markup and is read without its structure."""

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_EDGE = re.compile(r"^[ \t\u3000\xa0]+|[ \t\u3000\xa0]+$")


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page. `links` counts its characters inside links, `path` holds the elements around it from the
    outermost in, `heading` the heading element that it is (h1 … h6), if any; `gap` is true where it does not follow
    the block before it directly, by one `<br>` or as the next item or row; `anchors` counts its links."""

    text: str
    links: int
    path: tuple[Any, ...]
    heading: str = ""
    gap: bool = True
    anchors: int = 0


@dataclass(slots=True)
class _Walk:
    blocks: list[Block] = field(default_factory=list)
    path: list[Any] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    in_link: int = 0
    in_bold: int = 0
    plain: bool = False
    anchors: int = 0
    in_row: int = 0
    gap: bool = True

    def text(self, text: str | None, keep: bool = False) -> None:
        if text:
            text = text if keep else _SPACE.sub(" ", text)
            self.parts.append(text)
            if self.in_link:
                self.linked.append(text)
            self.plain |= not self.in_bold and not text.isspace()

    def end_line(self, gap: bool = True, broken: bool = False) -> None:
        """Ends the line that is open; `gap` if the next one stands apart, `broken` by `<br>` (two of them part)."""
        found = [_EDGE.sub("", re.sub(r" {2,}", " ", line)) for line in "".join(self.parts).split("\n")]
        links = sum(len(part.strip()) for part in self.linked)
        heading = next((e.tag for e in reversed(self.path) if e.tag in HEADINGS), "")
        for number, line in enumerate(found):
            if line:
                bold = not self.plain and len(line) <= SUBHEADING
                self.blocks.append(
                    Block(line, min(links, len(line)), tuple(self.path), heading, self.gap or bold, self.anchors)
                )
                self.gap = gap or bold
            elif broken or number:
                self.gap = True
        self.gap |= gap
        self.plain = False
        self.anchors = 0
        self.parts.clear()
        self.linked.clear()


def blocks_of(tree: Any) -> list[Block]:
    """The blocks of a page in order. A table row is one block, its cells parted by tabs; `<br>` ends a line."""
    walk = _Walk()
    _visit(tree, walk, 0)
    walk.end_line()
    return walk.blocks


def _visit(element: Any, walk: _Walk, depth: int) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in SKIPPED or _is_hidden(element):
        return
    if depth > DEEPEST:
        walk.text(" ".join(element.itertext()))
        return
    if tag == "br":
        if walk.in_row:
            walk.text(" ")
        else:
            walk.end_line(gap=False, broken=True)
        return
    is_block = tag not in INLINE and not (walk.in_row and tag not in ("tr", "table"))
    apart = tag not in ITEMS
    if is_block:
        walk.end_line(apart)
    if tag in ("td", "th") and "".join(walk.parts).strip(" "):
        walk.text("\t", keep=True)
    walk.path.append(element)
    walk.in_link += tag == "a"
    walk.in_bold += tag in BOLD
    walk.anchors += tag == "a"
    walk.in_row += _is_row(element)
    walk.text(element.text, keep=tag == "pre")
    for child in element:
        _visit(child, walk, depth + 1)
        walk.text(child.tail, keep=tag == "pre")
    if is_block:
        walk.end_line(apart)
    walk.in_row -= _is_row(element)
    walk.in_link -= tag == "a"
    walk.in_bold -= tag in BOLD
    walk.path.pop()


def _is_row(element: Any) -> bool:
    """A row of a table of data; a table that lays out the page has long cells, or tables within."""
    if element.tag != "tr":
        return False
    cells = [child for child in element if child.tag in ("td", "th")]
    if len(cells) < 2 or next(element.iter("table"), None) is not None:
        return False
    if any(sum(1 for _ in cell.iter("p", "div", "h1", "h2", "h3")) > 1 for cell in cells):
        return False
    return all(sum(map(len, cell.itertext())) <= 120 for cell in cells)


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))
