"""Which lines the markup of a page shows to be the article's text, as the reader noted it."""

from __future__ import annotations

from collections.abc import Sequence

from hkextract.article import Article
from hkextract.clean.line import Line


def inside(article: Article, lines: Sequence[Line]) -> frozenset[int]:
    """The numbers of the lines that stand in the stretch `Meta.body`; none where the reader noted no stretch.

    A page's verse, its lists and its results stand there without a sentence that would tell them from a menu.
    """
    first, stop = article.source.stated.body
    if first >= stop:
        return frozenset()
    raw_span = article.text.raw_span
    return frozenset(i for i, line in enumerate(lines) if first <= raw_span(line.start, line.end)[0] < stop)
