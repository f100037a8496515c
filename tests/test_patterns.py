"""Patterns that were made faster match what `re` matches."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.kept import Kept
from hkextract.rules import Rule, Rules

PATTERNS = [
    "(?P<n>[ab]+)(?P<m>c|(?:ab)?)?(?:(?P<half>bc(?!a))|(?P<t>c))?(?P<a>a{2}|b)?",
    "(?:a(?P<x>b)?){0,3}c?(?P=x)?",
    "(?:(?:ab|b)*c)*a?",
    "(?:(?=a)|b)?(?:a|bc)?b",
    "(?:^a|b$)?c*",
    "(a|(b)?)*c",
    "(?:(a)|b)*?(?:ca)?(?<=c)?",
    "(?i:(?:ab)?)(?:Bc)?",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcA", max_size=12))
def test_a_pattern_matches_as_before(tmp_path_factory: pytest.TempPathFactory, pattern: str, text: str) -> None:
    made = Kept("", tmp_path_factory.getbasetemp() / "none").regex(pattern)
    assert _found(made, text) == _found(re.compile(pattern, re.ASCII), text)


def test_rules_match_as_before(rules: Rules) -> None:
    texts = [example.text for rule in rules for example in islice(rule.examples, 2)]
    assert [rule.id for rule in rules if rule.pattern and not _same(rule, texts)] == []


def _same(rule: Rule, texts: list[str]) -> bool:
    plain = re.compile(rule.regex.pattern, re.ASCII)
    own = [example.text for example in rule.examples] + list(rule.counter_examples)
    return all(_found(rule.regex, text) == _found(plain, text) for text in (*own, *texts[::7]))


def _found(regex: re.Pattern[str], text: str) -> list[tuple[tuple[int, int], tuple[str | None, ...]]]:
    return [(match.span(), match.groups()) for match in regex.finditer(text)]
