"""Sentences without an organisation (`tests/traps/`): nothing is found in them, in either script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import opencc
import pytest

from hkextract.article import Article
from hkextract.clean.simplify import simplify
from hkextract.extract.organisations import OrganisationFinder
from hkextract.rules import Rules
from hkextract.segment import Words, words

ROOT = Path(__file__).parents[1]
Found = Callable[[str], list[str]]
TO_HONG_KONG = opencc.OpenCC("s2hk")


def sentences(name: str) -> list[str]:
    lines = (ROOT / "tests" / "traps" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def found(rules: Rules) -> Callable[[str], list[str]]:
    """Finds the surfaces of the organisations in a sentence, in simplified script."""
    finder = OrganisationFinder(rules)

    def find(text: str) -> list[str]:
        article = simplify(Article.of_text(text), rules)
        chars = article.text.chars
        return [chars[one.start : one.end] for one in finder.find(article, Words.of(words(chars)))]

    return find


@pytest.mark.parametrize("sentence", [*sentences("register"), *sentences("grammar")])
def test_nothing_is_found(found: Found, sentence: str) -> None:
    assert found(sentence) == []
    assert found(TO_HONG_KONG.convert(sentence)) == []


@pytest.mark.parametrize("sentence", sentences("failing"))
def test_what_is_listed_as_failing_still_fails(found: Found, sentence: str) -> None:
    assert found(sentence), "nothing is found any more; move the sentence to register.txt or grammar.txt"


def test_there_are_enough_sentences_and_none_twice() -> None:
    every = [sentence for name in ("register", "grammar", "failing") for sentence in sentences(name)]
    assert len(every) >= 400
    assert len(set(every)) == len(every)
