"""Saved web pages: the text of the page from its title to the end of the article, a block a line,
with an empty line between blocks that stand apart.

The choice of lines is generous: whatever stands between title and article comes along, and the stages of `clean`
judge it line by line as they judge a text dump. What the page states of itself (meta tags, JSON-LD) becomes `Meta`.
"""

from __future__ import annotations

import re
from typing import Any

from hkextract.article import Meta
from hkextract.read.dom import Block, blocks_of
from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.read.pagemeta import searched_date, stated_by

_DECLARED = (
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I),
    re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I),
)
_SENTENCE = re.compile(r"[。！？；，、…]|[!?;,](?=[^\x00-\x7f])|[,.!?;:] ")
_SPACE = re.compile(r"\s+")


def read_html(data: bytes, encoding: str | None = None) -> tuple[str, str, Meta]:
    """The article's text, the page's encoding and what it states; `ReadError` for a page without text."""
    text, found = decode(data, encoding, declared(data))
    tree = parse(text)
    blocks = blocks_of(tree) if tree is not None else []
    if not blocks:
        raise ReadError("This page holds no text. Save it again from the browser once it is fully loaded.", found)
    stated = stated_by(tree, [block.text for block in blocks])
    kept = [b for b in blocks[slice(*article_range(blocks, stated.title))] if not is_link_box(b)]
    if not stated.published_at:
        stated = stated.filled_from(searched_date(text, [block.text for block in kept]))
    return "".join(_line(block, number) for number, block in enumerate(kept)) + "\n", found, stated


def is_link_box(block: Block) -> bool:
    """True for a line of several links and little else: a box of other articles, a list of tags, a menu."""
    return block.anchors > 1 and block.links >= 0.7 * len(block.text)


def _line(block: Block, number: int) -> str:
    """A block as it follows the one before it: after an empty line, if it stands apart."""
    return ("\n\n" if block.gap else "\n") * (number > 0) + block.text


def declared(data: bytes) -> str:
    """The encoding that a page's first kilobytes declare, as written there.

    >>> declared(b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">')
    'gb2312'
    """
    for pattern in _DECLARED:
        if match := pattern.search(data[:8192]):
            return match[1].decode("ascii", "replace")
    return ""


def parse(text: str) -> Any:
    """The page as an lxml tree; None where there is nothing to parse."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text)
    try:
        return lxml_html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def article_range(blocks: list[Block], title: str) -> tuple[int, int]:
    """The half-open range of blocks that hold the article: its heading, what stands below it, its prose.

    The prose is the element that holds most sentences directly or one level down (weighed as readability does);
    it grows to its parent while what the parent adds is mostly prose.
    """
    weights = [_prose(block) for block in blocks]
    total = sum(weights)
    if not total:
        return 0, len(blocks)
    scores: dict[Any, float] = {}
    for block, weight in zip(blocks, weights, strict=True):
        share = 1.0
        for element in block.path[::-1][:3]:
            scores[element] = scores.get(element, 0.0) + weight * share
            share *= 0.6 if share == 1.0 and element.tag in ("p", "span", "font", "strong", "b") else 0.45
    best = max(scores, key=lambda element: scores[element])
    best = _grow(best, blocks, weights)
    inside = [number for number, block in enumerate(blocks) if best in block.path]
    first, last = inside[0], inside[-1] + 1
    return _heading_before(blocks, first, last, title), last


def _grow(best: Any, blocks: list[Block], weights: list[float]) -> Any:
    """The ancestor that holds the whole article: each step up must add prose rather than links and labels."""

    def measure(element: Any) -> tuple[float, int, int]:
        found = [(w, b) for w, b in zip(weights, blocks, strict=True) if element in b.path]
        return sum(w for w, _ in found), sum(b.links for _, b in found), sum(len(b.text) for _, b in found)

    prose, links, chars = measure(best)
    while (parent := best.getparent()) is not None and parent.tag not in ("html", "body"):
        wider, more_links, more_chars = measure(parent)
        added = more_chars - chars
        if wider - prose < 0.6 * added or more_links - links > 0.2 * added:
            break
        best, prose, links, chars = parent, wider, more_links, more_chars
    return best


def _heading_before(blocks: list[Block], first: int, last: int, title: str) -> int:
    """Where the article begins: at its heading, if one stands before or within the first blocks of the prose."""
    plain = _SPACE.sub("", title)
    for number in range(first, -1, -1):
        text = _SPACE.sub("", blocks[number].text)
        if plain and text == plain:
            return number
    for number in range(first, -1, -1):
        if blocks[number].heading == "h1":
            return number
    if any(block.heading in ("h1", "h2") for block in blocks[first:last][:3]):
        return first
    return max(0, first - 3) if plain else first


def _prose(block: Block) -> float:
    """The weight of a block as prose: its characters outside links, if it has a sentence's punctuation."""
    own = len(block.text) - block.links
    if block.links > 0.5 * len(block.text) or not _SENTENCE.search(block.text):
        return 0.1 * own if own > 30 and block.links == 0 else 0.0
    return float(own)
