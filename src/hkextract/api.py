"""Extraction from a text in memory: what `hkextract.extract` and `hkextract extract` do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from hkextract.article import Article
from hkextract.clean.repair import repair
from hkextract.clean.simplify import simplify
from hkextract.clean.width import as_printed
from hkextract.mention import Mention
from hkextract.pipeline import Pipeline
from hkextract.rules import find_rules, load
from hkextract.tables import AMOUNTS, DATES, ORGANISATIONS, REVIEW, Table, cell


@cache
def pipeline(rules: Path | None = None) -> Pipeline:
    """The pipeline for a folder of rules (default: `./rules`, else the ones shipped), built once a process."""
    return Pipeline(load(rules or find_rules()))


def extract(
    text: str, published_at: str | dt.date | None = None, *, rules: Path | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The amounts, dates and organisations of a text that needs no cleaning, in either script.

    Each mention is a dict with `surface` (repaired, simplified), `raw_surface`, `start` and `stop` (character offsets
    into `text`, half-open), and the value columns of its table; numbers are int or float, days ISO 8601, no value is
    None. Relative dates are resolved against `published_at` (ISO 8601) and stay unresolved without it. Raises
    `ValueError` for a `published_at` that is no date.

    >>> extract("获港科大拨款3亿港元")["amounts"][0]["low"]
    300000000
    """
    published = str(published_at or "")
    if published:
        dt.date.fromisoformat(published[:10])
    return extract_with(pipeline(rules), text, published)


def extract_with(pipeline: Pipeline, text: str, published_at: str = "") -> dict[str, list[dict[str, Any]]]:
    """The same with a pipeline at hand."""
    article = _prepared(pipeline, text, published_at)
    mentions = pipeline.annotate(article).mentions
    found: tuple[tuple[Table, Iterable[Mention]], ...] = (
        (AMOUNTS, mentions.amounts),
        (DATES, mentions.dates),
        (ORGANISATIONS, mentions.organisations),
    )
    return {table.name: [_as_dict(table, article, mention, text) for mention in of] for table, of in found}


def _prepared(pipeline: Pipeline, text: str, published_at: str) -> Article:
    """The text repaired and simplified, each of its lines a paragraph."""
    article = simplify(repair(Article.of_text(text, published_at), pipeline.rules), pipeline.rules)
    lines = Article.of_text(article.text.chars, published_at)
    return as_printed(Article(article.source, article.text, lines.meta, lines.blocks, article.edits))


def _as_dict(table: Table, article: Article, mention: Mention, text: str) -> dict[str, Any]:
    start, stop = article.text.raw_span(mention.start, mention.end)
    values = {column.name: getattr(mention, column.name) for column in table.columns[9 : -len(REVIEW)]}
    return {
        "surface": article.text.chars[mention.start : mention.end],
        "raw_surface": text[start:stop],
        "start": start,
        "stop": stop,
    } | {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    plain = cell(value)
    return float(plain) if "." in plain else int(plain)
