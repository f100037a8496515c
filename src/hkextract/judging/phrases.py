"""`why-not` on the terminal: a phrase that stands alone, or in an article of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hkextract.clean.simplify import to_simplified
from hkextract.judging.reasons import Reason
from hkextract.judging.whynot import WhyNot, gone, places
from hkextract.pipeline import Result
from hkextract.report import find_article, process_again
from hkextract.rules import Rules

PLACES = 3
"""Places of a phrase in an article that are explained."""


def why_not_alone(rules: Rules, phrase: str, published_at: str, most: int) -> Iterator[str]:
    """Lines about a phrase without an article."""
    yield from told(WhyNot(rules).of_phrase(phrase, published_at), rules.folder, most)


def why_not_in(rules: Rules, phrase: str, output: Path, article: str, corpus: Path | None, most: int) -> Iterator[str]:
    """Lines about a phrase in an article of a run, which is processed again by the rules at hand.

    Raises `NotInOutputError` where the article or its raw file is not there.
    """
    row = find_article(output, article)
    result = process_again(output, row, corpus, rules)
    spans = places(result.article.text.chars, phrase)
    if not spans:
        yield from _not_in_text(rules, phrase, result, row["file"])
        return
    asker = WhyNot(rules)
    chars = result.article.text.chars
    for start, end in spans[:PLACES]:
        around = f"{chars[max(0, start - 15) : start]}⟦{chars[start:end]}⟧{chars[end : end + 15]}".replace("\n", "⏎")
        yield f"{row['file']}, clean text {start}:{end}: {around}"
        yield from (f"  {line}" for line in told(asker.of_span(result, (start, end)), rules.folder, most))
    if len(spans) > PLACES:
        yield f"and {len(spans) - PLACES} more places in {row['file']}"


def _not_in_text(rules: Rules, phrase: str, result: Result, file: str) -> Iterator[str]:
    """What cleaning made of a phrase that only the raw text holds."""
    raw = to_simplified(result.article.source.raw_text)
    spans = places(raw, phrase)
    if not spans:
        yield f"{file} does not hold {phrase}, neither its raw nor its clean text; `hkextract show` prints it."
        return
    for span in spans[:PLACES]:
        line = raw.count("\n", 0, span[0]) + 1
        taken = gone(result.article, rules, span)
        yield f"{phrase} stands in line {line} of the raw text of {file} and not in the clean text."
        for one in taken:
            yield f"  {one.kind} by rule {one.rule} ({one.place}), with the line {' '.join(one.text.split())[:60]}"
        if taken:
            yield f"  to keep it: edit {taken[0].place}, or reject its row of furniture.csv with `hkextract review`"
        else:
            yield "  no rule took it whole; parts of it are joined differently in the clean text"


def told(reasons: Sequence[Reason], folder: Path, most: int) -> Iterator[str]:
    """The likeliest reasons, each with the lines to edit in a folder of rules, and what was found in its place."""
    if reasons and reasons[0].sort == "found":
        yield from (reason.text for reason in reasons)
        return
    yield from (reason.text for reason in reasons if reason.sort == "otherwise")
    likely = [reason for reason in reasons if reason.sort != "otherwise"][:most]
    if not likely:
        yield "No rule comes near it. `hkextract rules list` prints what the rules are for."
    for number, reason in enumerate(likely, start=1):
        yield f"{number}. {reason.table}: {reason.text}"
        yield from (f"   edit {folder / place}" for place in reason.edit if place)
    if likely:
        yield "After an edit, `hkextract rules test` tells whether all examples still hold."
