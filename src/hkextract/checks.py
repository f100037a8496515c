"""Runs one example or counter-example of a rule, as its table is used on the main path."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from hkextract.article import Article, Source
from hkextract.clean import strip_page
from hkextract.clean.hints import DROP
from hkextract.clean.line import squeeze
from hkextract.clean.markup import strip_markup
from hkextract.clean.repair import repair
from hkextract.extract.matching import GUARD
from hkextract.mention import Mention
from hkextract.pipeline import Pipeline
from hkextract.rules import Example, Rule, Rules

MENTIONS = frozenset({"amounts", "dates", "organisations"})


def check_example(rules: Rules, rule: Rule, example: Example) -> str:
    """What is wrong with an example of a rule, or an empty text.

    Of a rule that finds mentions, the rule must win exactly the marked span, with the values given (`published_at`
    among them is the date of publication); a guard must keep every mention out of it. A rule that repairs must turn
    the text into `after`; a rule for lines must match the line.
    """
    if rule.table == "repairs":
        return _check_repair(rules, rule, example)
    if rule.table not in MENTIONS:
        if not rule.pattern:
            return (
                ""
                if example.surface in _dropped(rules, rule, example.text, example.surface)
                else f"{example.text!r} is not dropped"
            )
        match = _line_match(rule, example.text)
        if match is None or (example.start >= 0 and match.span() != (example.start, example.end)):
            return f"{example.text!r} is not matched, or not as marked"
        return ""
    if example.start < 0:
        return f"{example.text!r} marks no span; put square brackets around it"
    mentions = _mentions(rules, rule, example.text, str(example.values.get("published_at", "")))
    touching = [m for m in mentions if m.start < example.end and example.start < m.end]
    if rule.kind == GUARD:
        return f"{example.text!r}: {_told(example, touching[0])} is not kept out" if touching else ""
    for mention in touching:
        if (mention.start, mention.end, mention.rule) == (example.start, example.end, rule.id):
            return _wrong_value(example, mention)
    found = ", ".join(f"{_told(example, m)} by {m.rule}" for m in touching) or "nothing"
    return f"{example.text!r}: wanted {example.surface!r}, found {found}"


def check_counter_example(rules: Rules, rule: Rule, text: str) -> str:
    """What a rule finds in a counter-example, or an empty text where it finds nothing."""
    if rule.table == "repairs":
        return "" if not _repaired(rules, rule, text)[1] else f"{text!r} is changed"
    if rule.table not in MENTIONS:
        found = _line_match(rule, text) if rule.pattern else _dropped(rules, rule, text)
        return f"{text!r} is matched" if found else ""
    for mention in _mentions(rules, rule, text, ""):
        if mention.rule == rule.id:
            return f"{text!r}: finds {text[mention.start : mention.end]!r}"
    return ""


def _dropped(rules: Rules, rule: Rule, page: str, marked: str = "") -> list[str]:
    """What a rule without a pattern drops from a page; `marked` is the line that recurs or that a reader drops."""
    origin = rule.options.get("source")
    kind = "markdown" if origin == "Markdown" else "text"
    recurring = frozenset({marked}) if origin == "lines of the corpus" else frozenset()
    vetoes = {squeeze(marked): DROP} if origin == "a reader" else {}
    source = Source("example", "example", page, "utf-8", kind)
    article = strip_page(strip_markup(Article.of(source)), rules, recurring, vetoes)
    return [edit.before for edit in article.edits if edit.rule == rule.id]


def _line_match(rule: Rule, text: str) -> re.Match[str] | None:
    """Where a rule for lines matches a line: the whole of it, or a piece where its scope says so."""
    whole = rule.options.get("scope", "line" if rule.table == "furniture" else "part") == "line"
    return rule.regex.fullmatch(text) if whole else rule.regex.search(text)


@lru_cache(maxsize=4)
def _pipeline(rules: Rules) -> Pipeline:
    return Pipeline(rules)


def _mentions(rules: Rules, rule: Rule, text: str, published_at: str) -> tuple[Mention, ...]:
    pipeline, article = _pipeline(rules), Article.of_text(text, published_at)
    if rule.table == "amounts":
        return tuple(pipeline.amounts.find(article))
    if rule.table == "dates":
        return tuple(pipeline.dates.find(article))
    return pipeline.annotate(article).mentions.organisations


def _told(example: Example, mention: Mention) -> str:
    return repr(example.text[mention.start : mention.end])


def _wrong_value(example: Example, mention: Mention) -> str:
    for name, wanted in example.values.items():
        if name == "published_at":
            continue
        if not hasattr(mention, name):
            return f"{example.text!r}: there is no value {name!r}"
        got = getattr(mention, name)
        if not _equal(wanted, got):
            return f"{example.text!r}: {name} is {got!s}, not {wanted!s}"
    return ""


def _equal(wanted: Any, got: Any) -> bool:
    if wanted == "" and got is None:
        return True
    if isinstance(got, Decimal) and not isinstance(wanted, bool):
        return Decimal(str(wanted)) == got
    if isinstance(got, dt.date):
        return str(wanted) == got.isoformat()
    return bool(wanted == got)


def _check_repair(rules: Rules, rule: Rule, example: Example) -> str:
    after, edited = _repaired(rules, rule, example.text)
    wanted = example.values.get("after")
    if not edited:
        return f"{example.text!r}: the rule makes no repair"
    return "" if wanted is None or after == wanted else f"{example.text!r} becomes {after!r}, not {wanted!r}"


def _repaired(rules: Rules, rule: Rule, text: str) -> tuple[str, bool]:
    article = repair(Article.of(Source("example", "example", text, "utf-8")), rules)
    return article.text.chars, any(edit.rule == rule.id for edit in article.edits)
