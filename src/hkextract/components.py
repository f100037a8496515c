"""The extractors as spaCy components: `nlp.add_pipe("hkextract_amounts")`.

Each puts its mentions into `doc.spans` (`amounts`, `dates`, `organisations`) with the value on the span
(`span._.value`, an `Amount`, `DateMention` or `Organisation`). Tokens that an edge of a mention falls into are split,
so that a span holds exactly the mention. `doc._.published_at` (ISO 8601) anchors relative dates.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from hkextract.api import pipeline
from hkextract.article import Article
from hkextract.clean.simplify import simplify
from hkextract.mention import Mention
from hkextract.pipeline import Pipeline

for _holder, _name in ((Doc, "published_at"), (Span, "value")):
    if not _holder.has_extension(_name):
        _holder.set_extension(_name, default=None)


class Component:
    """A component that marks the mentions of one table."""

    def __init__(self, table: str, rules: str | None) -> None:
        self.table = table
        self.pipeline: Pipeline = pipeline(Path(rules) if rules else None)

    def __call__(self, doc: Doc) -> Doc:
        article = simplify(Article.of_text(doc.text, str(doc._.published_at or "")), self.pipeline.rules)
        mentions = self._find(article)
        split_at(doc, (edge for mention in mentions for edge in (mention.start, mention.end)))
        doc.spans[self.table] = [_span(doc, m.start, m.end, m.rule, m) for m in mentions]
        return doc

    def _find(self, article: Article) -> Iterable[Mention]:
        if self.table == "amounts":
            return self.pipeline.amounts.find(article)
        if self.table == "dates":
            return self.pipeline.dates.find(article)
        return self.pipeline.annotate(article).mentions.organisations


def split_at(doc: Doc, edges: Iterable[int]) -> None:
    """Splits the tokens of a Doc wherever a character offset of `edges` falls inside one.

    The spans of `doc.spans` stay on their characters.
    """
    tokens = list(doc)
    starts = [token.idx for token in tokens]
    cuts: dict[int, set[int]] = {}
    for edge in edges:
        token = tokens[bisect_right(starts, edge) - 1]
        if token.idx < edge < token.idx + len(token):
            cuts.setdefault(token.i, set()).add(edge - token.idx)
    if not cuts:
        return
    kept = {
        name: [(span.start_char, span.end_char, span.label_, span._.value) for span in group]
        for name, group in doc.spans.items()
    }
    with doc.retokenize() as retokenizer:
        for number, inside in cuts.items():
            token = tokens[number]
            places = [0, *sorted(inside), len(token)]
            parts = [token.text[start:end] for start, end in pairwise(places)]
            retokenizer.split(token, parts, heads=[(token, part) for part in range(len(parts))])
    for name, spans in kept.items():
        doc.spans[name] = [_span(doc, *span) for span in spans]


def _span(doc: Doc, start: int, end: int, label: str, value: Any) -> Span:
    span = doc.char_span(start, end, label=label)
    assert span is not None, "the tokens were split at both edges"
    span._.value = value
    return span


@Language.factory("hkextract_amounts", assigns=["doc.spans"], default_config={"rules": None})
def make_amounts(nlp: Language, name: str, rules: str | None) -> Component:  # noqa: ARG001
    """Amounts of money, percentages, counts, quantities, ranks and multiples in `doc.spans["amounts"]`."""
    return Component("amounts", rules)


@Language.factory("hkextract_dates", assigns=["doc.spans"], default_config={"rules": None})
def make_dates(nlp: Language, name: str, rules: str | None) -> Component:  # noqa: ARG001
    """Dates in `doc.spans["dates"]`."""
    return Component("dates", rules)


@Language.factory("hkextract_organisations", assigns=["doc.spans"], default_config={"rules": None})
def make_organisations(nlp: Language, name: str, rules: str | None) -> Component:  # noqa: ARG001
    """Organisations in `doc.spans["organisations"]`."""
    return Component("organisations", rules)
