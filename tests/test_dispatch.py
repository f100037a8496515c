"""A rule that dispatch leaves out could not have matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkextract.extract import dispatch, prefixes
from hkextract.extract.left import Left
from hkextract.rules import Rule, Rules

CHARS = "0123456789一二两三十百千万亿半几数点多余年月日号元个人名次分秒时米里度季周成倍折至到和、,.，。 约近超第前"
WORDS = ["1,200", "3.5", "2024", "港元", "小时", "公里", "个月", "%", "以上", "左右", "分之", "平方米", "去年", "同期"]
PIECES = st.lists(st.sampled_from([*CHARS, *WORDS]), max_size=16).map("".join)


@cache
def dispatchers(rules: Rules) -> tuple[dispatch.Dispatch, prefixes.Dispatch]:
    return (
        dispatch.Dispatch(rules["amounts"].rules, rules.kept),
        prefixes.Dispatch(rules["dates"].rules, kept=rules.kept),
    )


def texts(rules: Iterable[Rule]) -> Iterator[str]:
    """The examples of the rules, and what must not be found."""
    for rule in rules:
        yield from (example.text for example in rule.examples)
        yield from rule.counter_examples


def places(matches: Iterable[tuple[Rule, int]]) -> set[tuple[str, int]]:
    return {(rule.id, at) for rule, at in matches}


def check_amounts(rules: Rules, text: str) -> None:
    table = rules["amounts"].rules
    tried = dispatchers(rules)[0].candidates(text, 0, len(text))
    could = (
        (rule, run.start())
        for run in dispatch._RUN.finditer(text)
        for rule in table
        if (match := rule.regex.match(text, run.start())) and match.end() > match.start()
    )
    assert places((found.rule, found.start) for found in tried) == places(could)


def check_dates(rules: Rules, text: str) -> None:
    table = rules["dates"].rules
    known = dispatchers(rules)[1]
    tried = {(rule.id, at) for at, worth in known.places(text) for rule in worth[0] if rule.regex.match(text, at)}
    could = {
        (rule.id, run.start()) for run in known.trigger.finditer(text) for rule in table
        if rule.regex.match(text, run.start())
    }  # fmt: skip
    assert tried == could


def test_no_rule_of_amounts_is_left_out_that_matches(rules: Rules) -> None:
    for text in texts(rules["amounts"].rules):
        check_amounts(rules, text)


def test_no_rule_of_dates_is_left_out_that_matches(rules: Rules) -> None:
    for text in texts(rules["dates"].rules):
        check_dates(rules, text)


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_no_rule_is_left_out_of_any_text(rules: Rules, text: str) -> None:
    check_amounts(rules, text)
    check_dates(rules, text)


@settings(max_examples=60, deadline=None)
@given(PIECES)
@pytest.mark.parametrize("part", ["qualifier_left", "currency_left", "scope_left", "apart_left", "rank_left"])
def test_nothing_is_missed_to_the_left_of_a_number(rules: Rules, part: str, text: str) -> None:
    regex = rules["amounts"].compile("{" + part + "}")
    found, searched = Left(regex).ends(text), regex.search(text)
    assert (found and found.span()) == (searched and searched.span())
