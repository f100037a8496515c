"""Every rule's examples run as tests, and what is wrong with a rule file is told with file, line and rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hkextract.rulebook import cases
from hkextract.rules import RuleError, load

ROOT = Path(__file__).parents[1]
CASES = list(cases(load(ROOT / "rules")))

RULE = """
[words.unit]
people = ["人", "名"]

[[rule]]
id = "people"
description = "People."
kind = "count"
pattern = '\\d+{unit}'
examples = ["来了[3人]"]
"""


@pytest.mark.parametrize("check", [check for _, check in CASES], ids=[name for name, _ in CASES])
def test_example(check: Callable[[], str]) -> None:
    assert check() == ""


@pytest.mark.parametrize("table", ["furniture", "metadata"])
def test_what_a_rule_matches_holds_a_word_that_it_needs(table: str) -> None:
    for rule in load(ROOT / "rules")[table].rules:
        words = rule.options.get("trigger", ())
        texts = [example.text for example in rule.examples if rule.regex.search(example.text)]
        assert not words or all(any(word in text for word in words) for text in texts), rule.id


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "amounts.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_sound_file_loads(tmp_path: Path) -> None:
    rules = load(folder_with(tmp_path, RULE))
    assert [rule.id for rule in rules] == ["people"]
    assert rules["amounts"].words["unit"].category("名") == "people"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "count"', 'kind = "count"\ncolour = "red"', "unknown key 'colour'"),
        ('examples = ["来了[3人]"]', "examples = []", "it has no examples"),
        ("{unit}", "{units}", "no part or list of words named 'units'"),
        ('["人", "名"]', "[]", "at least one"),
        ('["人", "名"]', '["人", "人"]', "stands in"),
        (r"\d+{unit}", "(?:甲)?", "matches the empty string"),
        (r"\d+{unit}", "甲", "matches none of its examples"),
        (r"\d+{unit}", "(甲", "no regular expression"),
        ('"来了[3人]"', '"來了[3人]"', "traditional script"),
        ('id = "people"', 'id = "People"', "kebab-case"),
        ("[[rule]]", "[[rule", "not TOML"),
        ("[words.unit]", "[word.unit]", "unknown section"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in RULE
    with pytest.raises(RuleError, match=r"amounts\.toml") as caught:
        load(folder_with(tmp_path, RULE.replace(old, new, 1)))
    assert told in str(caught.value)


def test_a_duplicate_id_names_both_places(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"amounts\.toml:13: rule 'people': .* amounts\.toml:6"):
        load(folder_with(tmp_path, RULE + "\n" + RULE[RULE.index("[[rule]]") :]))


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule files"):
        load(tmp_path)
