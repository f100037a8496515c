"""Currencies and measure words in amounts that reviewers put in, which no list has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hkextract.extract.matching import GUARD
from hkextract.judging.judged import Verdict
from hkextract.judging.reasons import TableReasons
from hkextract.rules import Rules

CURRENCY, MEASURE = "currency", "measure"


def unknown_words(judged: Sequence[Verdict], rules: Rules) -> Iterator[tuple[str, str, str, Verdict]]:
    """The word that keeps the rules from reading an amount as a reviewer does, its list and category, the verdict.

    The word is the part of the nearest rule that failed; its category is the currency's code, or for a measure word
    the first of its list. Amounts whose missing part is another are passed over.
    """
    asked = [one for one in judged if one.after and one.state in ("added", "edited")]
    if not asked:
        return
    table = rules["amounts"]
    reasons = TableReasons(rules, "amounts")
    by_rules = [rule for rule in table.rules if rule.kind != GUARD and rule.pattern]
    plain = next(iter(table.words[MEASURE].categories))
    for one in asked:
        anchor, values = one.after, one.values
        if anchor is None:
            continue
        wanted = CURRENCY if values.get("kind") == "money" else MEASURE if values.get("kind") == "count" else ""
        category = values.get("currency", "") if wanted == CURRENCY else plain
        if not wanted or category not in table.words[wanted].categories:
            continue
        text = anchor.prefix + anchor.exact + anchor.suffix
        start = len(anchor.prefix)
        near = reasons.nearest.find(text, start, start + len(anchor.exact), by_rules)
        found = next((n for n in near if n.hole.piece.words == wanted and n.hole.end > n.hole.start), None)
        if found is None:
            continue
        word = text[found.hole.start : found.hole.end]
        if wanted == MEASURE and word != values.get("unit"):
            continue
        if all("\u4e00" <= char <= "\u9fff" for char in word):
            yield word, wanted, category, one
