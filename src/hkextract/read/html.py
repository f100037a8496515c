"""Saved web pages: the text of the page from its title to the end of the article, a block a line,
with an empty line between blocks that stand apart.

The choice of lines is generous: whatever stands between title and article comes along, and the stages of `clean`
judge it line by line as they judge a text dump. What the page states of itself (meta tags, JSON-LD) becomes `Meta`.
"""

from __future__ import annotations

import re
from typing import Any

from hkextract.article import Meta
from hkextract.read.choose import choose
from hkextract.read.dom import Block, blocks_of
from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.read.pagemeta import searched_date, stated_by
from hkextract.read.roles import roles_of
from hkextract.rules import Rules

FEW_LETTERS, SHOWN = 400, 0.3
"""Where no more letters are shown than these, and less than this share of all, what is hidden is read too."""

_DECLARED = (
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I),
    re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I),
)


def read_html(data: bytes, encoding: str | None = None, rules: Rules | None = None) -> tuple[str, str, Meta]:
    """The article's text, the page's encoding and what it states; `ReadError` for a page without text.

    `rules` tell what the names of elements mean; without them the ones that are found here do.
    """
    text, found = decode(data, encoding, declared(data))
    tree = parse(text)
    blocks = page_blocks(tree) if tree is not None else []
    if not blocks:
        raise ReadError("This page holds no text. Save it again from the browser once it is fully loaded.", found)
    stated = stated_by(tree, [block.text for block in blocks])
    kept = choose(blocks, stated.title, roles_of(rules))
    if not stated.published_at:
        stated = stated.filled_from(searched_date(text, [block.text for block in kept]))
    return "".join(_line(block, number) for number, block in enumerate(kept)) + "\n", found, stated


def page_blocks(tree: Any) -> list[Block]:
    """The blocks that a browser shows; with them what is hidden where that is nearly all, until a script shows it."""
    shown = blocks_of(tree)
    letters = sum(block.letters for block in shown)
    if letters > FEW_LETTERS:
        return shown
    everything = blocks_of(tree, hidden=True)
    return everything if letters < SHOWN * sum(block.letters for block in everything) else shown


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

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text)
    try:
        return lxml_html.document_fromstring(clean.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
