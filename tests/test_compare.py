"""The comparison of docs/accuracy.md: gold placed in the clean texts, tools that fail, our own row."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from hkextract.goldset import read_gold
from hkextract.rules import find_rules, load

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts, imported as they import each other: from their own folder."""
    names = ("environments", "texts", "worker", "compare")
    sys.path.insert(0, str(ROOT / "docs/compare"))
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(ROOT / "docs/compare"))
    for name in names:
        del sys.modules[name]


def test_every_gold_mention_is_found_in_its_clean_text(scripts: dict[str, ModuleType]) -> None:
    groups = {group.name: group for group in scripts["texts"].load_groups(load(find_rules(ROOT / "rules")))}
    placed = 0
    for name in ("held out", "articles", "corpus"):
        for text in groups[name].texts:
            for items in text.gold.values():
                spans = sorted((item.place, item.place + len(item.surface)) for item in items)
                assert all(text.text[item.place :].startswith(item.surface) for item in items)
                assert all(one[1] <= other[0] for one, other in pairwise(spans)), text.id
                placed += len(items)
    rows = [gold.rows for folder in ("tests/gold", "tests/articles/gold") for gold in read_gold(ROOT / folder)]
    assert placed == sum(map(len, rows))


def test_every_third_article_is_held_out(scripts: dict[str, ModuleType]) -> None:
    groups = {group.name: group for group in scripts["texts"].load_groups(load(find_rules(ROOT / "rules")))}
    numbers = [int(text.id[1:3]) for text in groups["held out"].texts]
    assert numbers == list(range(3, 43, 3))
    assert len(groups["articles"].texts) == 28


def test_surroundings_tell_two_occurrences_apart(scripts: dict[str, ModuleType]) -> None:
    text = "甲校共五项。\n乙校共五项。\n"
    row = {"table": "amounts", "surface": "五项", "nth": 1, "line": 7}
    assert scripts["texts"]._locate(row, "乙校共五项。", text, set()) == text.rindex("五项")
    assert scripts["texts"]._locate(row, "甲校共五项。", text, set()) == text.index("五项")


def test_pieces_keep_their_offsets(scripts: dict[str, ModuleType]) -> None:
    text = "第一句。第二句！\n第三句"
    pieces = list(scripts["worker"].pieces(text, "sentence"))
    assert [piece for _, piece in pieces] == ["第一句。", "第二句！", "第三句"]
    assert all(text[start:].startswith(piece) for start, piece in pieces)


def test_a_tool_that_fails_says_why(scripts: dict[str, ModuleType]) -> None:
    environments = scripts["environments"]
    command = [sys.executable, "-c", "import sys; sys.exit('no such model')"]
    with pytest.raises(environments.ToolError, match="does not run: no such model"):
        environments._call(command, 60, "does not run")


def test_each_tool_has_an_adapter(scripts: dict[str, ModuleType]) -> None:
    adapters = {path.stem for path in (ROOT / "docs/compare/adapters").glob("use_*.py")}
    assert {tool.adapter for tool in scripts["environments"].TOOLS} == adapters
