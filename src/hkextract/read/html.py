"""Saved web pages: the text of the page from its title to the end of the article, a block a line,
with an empty line between blocks that stand apart.

The choice of lines is generous: whatever stands between title and article comes along, and the stages of `clean`
judge it line by line as they judge a text dump. What the page states of itself (meta tags, JSON-LD) becomes `Meta`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Any

from hkextract.article import Meta
from hkextract.read.choose import Choice, choose
from hkextract.read.dom import Block, Node, blocks_of
from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.read.mhtml import page_in
from hkextract.read.pagedate import BELOW, HEADER, Lines, day_of, published
from hkextract.read.pagejson import Told, article_in_scripts, is_markup, sentences
from hkextract.read.pagejson import lines as lines_of
from hkextract.read.pagemeta import Tags, site_of, stated_by, tags_of
from hkextract.read.roles import Roles, roles_of
from hkextract.rules import Rules

FEW_LETTERS, SHOWN = 400, 0.3
"""Where no more letters are shown than these, and less than this share of all, what is hidden is read too."""
FEW_SENTENCES = 120
"""Chinese characters of sentences below which the text may stand in the page's scripts instead."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_DRESS = re.compile(r"(?i)</?(?:font|span|b|i|u|em|strong|big|small|o:p)\b[^>]{0,1000}>")
_BOXES = re.compile(
    r"(?i)</?(?:div|section|article|center|blockquote|[uod]l|li|table|tbody|tr|t[dh]|a|form)\b[^>]{0,1000}>"
)
_TOO_DEEP = 114
"""libxml2's number for a limit that was passed (XML_ERR_RESOURCE_LIMIT)."""
_DECLARED = (
    re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I),
    re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I),
)


def read_html(data: bytes, encoding: str | None = None, rules: Rules | None = None) -> tuple[str, str, Meta]:
    """The article's text, the page's encoding and what it states; `ReadError` for a page without text.

    `rules` tell what the names of elements mean; without them the ones that are found here do.
    """
    archive = page_in(data)
    data = archive.page if archive else data
    page, found = decode(data, encoding, (archive.charset if archive else "") or declared(data))
    tree = parse(page)
    if tree is None:
        raise ReadError(_why_empty(tree), found)
    roles = roles_of(rules)
    blocks = page_blocks(tree)
    tags = tags_of(tree)
    stated = stated_by(tree, tags, [block.text for block in blocks])
    stated = replace(stated, url=stated.url or (archive.url if archive else ""))
    choice = choose(blocks, stated.title, roles) if blocks else Choice([])
    stated = replace(stated, title=choice.headline or stated.title)
    if told := _told(tree, choice.blocks):
        date = stated.published_at or day_of(told.date)
        stated = replace(stated, title=told.title or stated.title, published_at=date)
        blocks = _shown(told, stated.title)
        choice = Choice(blocks, 1, len(blocks))
    if not choice.blocks:
        raise ReadError(_why_empty(tree), found)
    stated = _completed(stated, tree, tags, page, blocks, choice, roles)
    parts = [_line(block, number) for number, block in enumerate(choice.blocks)]
    edges = [sum(map(len, parts[:number])) for number in (choice.first, choice.last)]
    return "".join(parts) + "\n", found, replace(stated, body=(edges[0], edges[1]))


def _completed(
    stated: Meta, tree: Any, tags: Tags, page: str, blocks: list[Block], choice: Choice, roles: Roles
) -> Meta:
    """What the page states, with its day, its source and its author."""
    kept = choice.blocks
    lines = [block.text for block in kept]
    edges = lines[: 2 * HEADER] + lines[2 * HEADER :][-BELOW:]
    above = [block.text for block in takewhile(lambda block: block is not kept[0], blocks)]
    above += _rows_above(blocks, kept[choice.first])[::-1]
    day = published(tree, page, tags.meta, stated, Lines(lines, above, partial(roles.dates, edges)))
    site = site_of(tags, stated.title)
    return replace(
        stated,
        published_at=day.published_at,
        published_basis=day.published_basis,
        source=stated.source or (site if site and not roles.names_source(edges, HEADER) else ""),
        author="" if stated.author == site else roles.bare_author(stated.author),
    )


def _rows_above(blocks: list[Block], text: Block) -> list[str]:
    """The rows of tables above the text, which tell of a law or a file who gave it and when."""
    return [block.text for block in takewhile(lambda block: block is not text, blocks) if "\t" in block.text]


def _told(tree: Any, kept: list[Block]) -> Told | None:
    """The article in the page's scripts, where its elements hold much less text."""
    shown = 0
    for block in kept:
        shown += sentences(block.text)
        if shown >= FEW_SENTENCES:
            return None
    told = article_in_scripts(tree)
    return told if told and sentences(told.text) > 2 * shown else None


def _shown(told: Told, title: str) -> list[Block]:
    """The blocks of an article from a script, its title first."""
    top = Node("body", None)
    tree = parse(f"<html><body>{told.text}</body></html>") if is_markup(told.text) else None
    blocks = blocks_of(tree) if tree is not None else [Block(line, 0, top) for line in lines_of(told.text)]
    if title and blocks and "".join(blocks[0].text.split()) != "".join(title.split()):
        blocks.insert(0, Block(title, 0, top, "h1"))
    return blocks


def _why_empty(tree: Any) -> str:
    """What to tell the user of a page without text."""
    if tree is not None and next(tree.iter("frame"), None) is not None:
        return "This page holds frames and no text. Open the frame with the article by itself and save that page."
    if tree is not None and next(tree.iter("img"), None) is not None:
        return "This page holds pictures and no text. If one of them shows the article, have it recognised (OCR) first."
    return "This page holds no text. Save it again from the browser once it is fully loaded."


def page_blocks(tree: Any) -> list[Block]:
    """The blocks that a browser shows; with them what is hidden where that is nearly all, until a script shows it."""
    shown = blocks_of(tree)
    letters = 0
    for block in shown:
        letters += block.letters
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


def parse(page: str) -> Any:
    """The page as an lxml tree; None where there is nothing to parse.

    The parser gives up below some two thousand levels, which pages reach that leave every `<font>` open: then what only
    dresses the text is taken out first, and at last every element but paragraphs.
    """
    clean = _UNWANTED.sub("", page)
    tree, whole = _parsed(clean)
    for pattern, substitute in ((_DRESS, ""), (_BOXES, "<br>")):
        if not whole:
            clean = pattern.sub(substitute, clean)
            tree, whole = _parsed(clean)
    return tree


def _parsed(page: str) -> tuple[Any, bool]:
    """The tree, and whether it holds the whole page."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(page.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None, True
    return tree, not parser.error_log.filter_types(_TOO_DEEP)
