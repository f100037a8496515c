"""From a raw article to the clean one: repair, script, furniture, metadata, paragraphs.

`clean_article` runs all stages. Each stretch of the raw text that does not reach the clean text is an `Edit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from hkextract.article import Article
from hkextract.clean.furniture import drop_furniture, locate
from hkextract.clean.hints import drop_recurring, note_kept, note_recurring, note_vetoes, without_cuts
from hkextract.clean.lines import shapes
from hkextract.clean.marked import inside
from hkextract.clean.metadata import HeaderReader, drop_headers
from hkextract.clean.publication import Evidence, collect
from hkextract.clean.reflow import assign_roles, compose, kept_span, stated_title
from hkextract.clean.repair import repair
from hkextract.clean.simplify import simplify
from hkextract.clean.title import Sheet, find_title, mark_title
from hkextract.rules import Rules
from hkextract.steps import Steps, whole

NO_VETOES: Mapping[str, str] = MappingProxyType({})


@lru_cache(maxsize=8)
def _header_reader(rules: Rules) -> HeaderReader:
    return HeaderReader(rules)


def prepare(rules: Rules) -> None:
    """Builds what cleaning needs of the rules, so that the first article does not wait for it."""
    shapes(rules)
    _header_reader(rules)


def clean_article(
    article: Article,
    rules: Rules,
    recurring: frozenset[str] = frozenset(),
    vetoes: Mapping[str, str] = NO_VETOES,
    kept: Sequence[tuple[int, int]] = (),
) -> Article:
    """The article in simplified script without furniture: title, then a paragraph a line, with roles and metadata.

    Takes an article as `Article.of` makes it. Offsets of the blocks are clean, those of the edits raw, all half-open.
    Every character of the raw text but white space is in the clean text or in an edit.

    `recurring` are lines (simplified script, without white space) that stand in many unrelated files of the corpus:
    such a line is furniture unless it is the title, metadata, or a sentence between others. `vetoes` lead from a line's
    letters and digits (`squeeze`) to what a reader decided, "keep" or "drop", which beats every rule. `kept` are raw
    spans of passages that stay in the text for the same reason.
    """
    return whole(cleaning(article, rules, recurring, vetoes, kept))


def cleaning(
    article: Article,
    rules: Rules,
    recurring: frozenset[str] = frozenset(),
    vetoes: Mapping[str, str] = NO_VETOES,
    kept: Sequence[tuple[int, int]] = (),
) -> Steps[Article]:
    """The same, a stage a step."""
    article = repair(article, rules)
    yield
    article = simplify(article, rules)
    yield
    return (yield from _stripping(article, rules, recurring, vetoes, kept))


def strip_page(
    article: Article,
    rules: Rules,
    recurring: frozenset[str] = frozenset(),
    vetoes: Mapping[str, str] = NO_VETOES,
    kept: Sequence[tuple[int, int]] = (),
) -> Article:
    """Drops furniture, reads metadata and joins paragraphs of an article that is repaired and simplified."""
    return whole(_stripping(article, rules, recurring, vetoes, kept))


def _stripping(
    article: Article,
    rules: Rules,
    recurring: frozenset[str],
    vetoes: Mapping[str, str],
    kept: Sequence[tuple[int, int]],
) -> Steps[Article]:
    look, reader = shapes(rules), _header_reader(rules)
    lines = look.lines(article.text.chars)
    yield
    reader.mark(lines)
    yield
    note_vetoes(lines, vetoes)
    note_kept(lines, article.text, kept)
    note_recurring(lines, recurring)
    body = locate(lines, look, inside(article, lines))
    yield
    sheet = Sheet(lines, body, look)
    title = find_title(sheet, article.meta.title)
    headline = lines[title].text if title is not None else article.meta.title
    datelines = reader.datelines(lines, headline, look)
    if title is not None:
        mark_title(sheet, title)
    yield
    drop_headers(lines, body)
    drop_recurring(lines)
    drop_furniture(lines, body)
    tails = reader.cut_tails(lines, look)
    without_cuts(lines, article.text, kept)
    if title is not None:
        start, end = kept_span(lines[title])
        headline = article.text.chars[start:end]
    meta = collect(reader, Evidence(lines, body, title, datelines, tails), article.meta, article.source.file)
    yield
    assign_roles(lines, look)
    told = None if title is not None else stated_title(article)
    return compose(article, lines, look, replace(meta, title=headline), told)
