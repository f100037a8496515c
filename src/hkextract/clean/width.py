"""Full-width figures and letters: folded while the page is judged and mentions are found, kept in the clean text.

Rules are written for one width, and old agency copy is set in the other. The clean text and the surfaces show what the
page shows; the values do not depend on it.
"""

from __future__ import annotations

from dataclasses import replace

from hkextract.article import Article
from hkextract.clean.simplify import FULL_WIDTH, half_width


def as_printed(article: Article) -> Article:
    """A cleaned article with its full-width figures and letters as they stand in the raw text."""
    raw = article.source.raw_text
    places = [match.start() for match in FULL_WIDTH.finditer(raw)]
    if not places:
        return article
    text, meta = article.text.as_in(raw, places, half_width), article.meta
    first = article.blocks[0] if article.blocks else None
    if first and first.role == "title" and meta.title == article.text.chars[first.start : first.end]:
        meta = replace(meta, title=text.chars[first.start : first.end])
    return replace(article, text=text, meta=meta)


def folded(article: Article) -> Article:
    """The same article for the extractors, in half width; every offset stays."""
    text = article.text.map_chars(half_width)
    return article if text.chars == article.text.chars else replace(article, text=text)
