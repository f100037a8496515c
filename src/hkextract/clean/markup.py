"""Markdown: front matter and inline markup leave the text, their places stay known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hkextract.article import Article, Edit
from hkextract.read.markdown import FRONT_MATTER

RULES = {"front": "markdown-front-matter", "markup": "markdown-markup"}

_MARKUP = re.compile(
    r"(?m)^[ \t]{0,3}(?P<fence>(?:```|~~~)[^\n]*)$"
    r"|^[ \t]{0,3}(?P<heading>#{1,6})[ \t]+"
    r"|(?P<closing>[ \t]+#+)[ \t]*$"
    r"|^[ \t]{0,3}(?P<quote>(?:>[ \t]?){1,5})"
    r"|^[ \t]{0,3}(?P<rule>(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$"
    r"|^[ \t]{0,12}(?P<bullet>[-*+][ \t]+)(?=\S)"
    r"|(?P<comment><!--.{0,2000}?-->)"
    r"|!\[(?P<alt>[^\[\]\n]{0,200})\]\([^()\n]{0,500}\)"
    r"|\[(?P<link>[^\[\]\n]{1,200})\](?:\([^()\n]{0,500}\)|\[[^\[\]\n]{0,60}\])"
    r"|(?P<note>\[\^[^\[\]\n]{1,20}\]:?)"
    r"|<(?P<url>https?://[^<>\s]{1,500})>"
    r"|(?P<tag></?(?:p|br|b|i|em|strong|u|div|span|center|font|sub|sup|img|a|figure|figcaption)"
    r"(?:[ \t][^<>\n]{0,300})?/?>)"
    r"|(?P<marks>\*\*\*|\*\*|__)(?P<strong>(?=\S)[^\n*_]{1,300}?)(?P=marks)"
    r"|(?<![\w*])\*(?P<em>(?=[^\s*])[^\n*]{1,300}?)\*(?![\w*])"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|~~(?P<struck>[^~\n]{1,300})~~"
    r"|\\(?P<escaped>[\\`*_{}\[\]()#+.!>~|-])"
)
"""The markup of CommonMark that articles use; the named group that is text, if any, stays."""

_KEPT = ("link", "strong", "em", "code", "struck", "escaped", "url")
BULLET = "◆ "
"""What a list mark becomes, so that later stages see a list and not a dash of the text."""
_NESTED = 3
"""Passes over the text: emphasis in a link in a quotation."""


def strip_markup(article: Article) -> Article:
    """A Markdown article without front matter and markup; any other article unchanged.

    Front matter is a dropped stretch (stage `furniture`), markup an edit of the stage `markup`.
    """
    if article.source.kind != "markdown":
        return article
    text, edits = article.text, list(article.edits)
    if match := FRONT_MATTER.match(text.chars):
        raw_start, raw_end = text.raw_span(0, match.end())
        edits.append(Edit("furniture", RULES["front"], "front matter", raw_start, raw_end, match[0], ""))
        text = text.delete(0, match.end())
    for _ in range(_NESTED):
        spans = list(_markup(text.chars))
        if not spans:
            break
        for start, end, new in spans:
            raw_start, raw_end = text.raw_span(start, end)
            edits.append(Edit("markup", RULES["markup"], "markup", raw_start, raw_end, text.chars[start:end], new))
        text = text.edit(spans)
    return replace(article, text=text, edits=tuple(edits))


def _markup(chars: str) -> Iterator[tuple[int, int, str]]:
    """The spans of markup, without the words that it marks, and what takes their place: a bullet for a list mark."""
    for match in _MARKUP.finditer(chars):
        kept = next((name for name in _KEPT if match[name] is not None), "")
        if kept:
            yield match.start(), match.start(kept), ""
            yield match.end(kept), match.end(), ""
        else:
            yield match.start(), match.end(), BULLET if match["bullet"] else ""
