"""Patterns over roles find what spaCy's matcher finds with the same tokens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from hkextract.extract.rolepatterns import LETTERS, compile_roles, longest_spans
from hkextract.rules import find_rules, load

TOKENS = {r.id: r.options["tokens"] for r in load(find_rules())["organisations"].rules if "tokens" in r.options}
COMMON = ("core", "core", "core", "place", "known", "head", "weak", "brand", "and", "number", "branch", "stop")
VOCAB = Vocab()


@pytest.mark.parametrize("rule", TOKENS)
@settings(max_examples=60, deadline=None)
@given(roles=st.lists(st.sampled_from(COMMON), min_size=1, max_size=16))
def test_the_spans_are_those_of_spacy(rule: str, roles: list[str]) -> None:
    matcher = Matcher(VOCAB)
    matcher.add(rule, [TOKENS[rule]], greedy="LONGEST")
    theirs = {(start, end) for _, start, end in matcher(Doc(VOCAB, words=["x"] * len(roles), tags=roles))}
    ours = set(longest_spans(compile_roles(TOKENS[rule]), "".join(LETTERS[role] for role in roles)))
    assert ours == theirs


def test_an_unknown_role_or_key_is_refused() -> None:
    with pytest.raises(KeyError, match="city"):
        compile_roles([{"TAG": "city"}])
    with pytest.raises(KeyError, match="LOWER"):
        compile_roles([{"LOWER": "x"}])
