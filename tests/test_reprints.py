"""Reprints are found whatever was done to them, and look-alikes are left apart."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from opencc import OpenCC

from hkextract.reprints import find_copies, sketch
from hkextract.rules import find_rules
from hkextract.run import Settings, run

GOLD = Path(__file__).parent / "gold"
TEXTS = {
    path.name.removesuffix(".clean.txt"): path.read_text(encoding="utf-8") for path in sorted(GOLD.glob("*.clean.txt"))
}


def test_different_articles_are_no_copies() -> None:
    assert find_copies([(name, "", sketch(text)) for name, text in TEXTS.items()]) == {}


@pytest.mark.parametrize("name", sorted(TEXTS)[::4])
def test_a_cut_a_new_headline_and_damage_do_not_hide_a_copy(name: str) -> None:
    text = TEXTS[name]
    chance = random.Random(name)
    headline = "转载：另有标题\n" + text.partition("\n")[2]
    cut = text[: len(text) * 2 // 3]
    damaged = "".join("\ufffd" if chance.random() < 0.01 else char for char in text)
    articles = [("first", "2024-05-01", sketch(text))]
    articles += [(kind, "2024-05-02", sketch(copy)) for kind, copy in (("a", headline), ("b", cut), ("c", damaged))]
    found = find_copies([*articles, *((other, "", sketch(t)) for other, t in TEXTS.items() if other != name)])
    assert {kind: copy.original for kind, copy in found.items()} == dict.fromkeys("abc", "first")


def test_the_order_of_the_articles_does_not_matter() -> None:
    text = TEXTS["press-release"]
    articles = [("a", "2024-05-02", sketch(text)), ("b", "2024-05-01", sketch(text)), ("c", "", sketch(text))]
    assert find_copies(articles) == find_copies(articles[::-1])
    assert {name: copy.original for name, copy in find_copies(articles).items()} == {"a": "b", "c": "b"}


def test_yearly_look_alikes_are_no_copies() -> None:
    one = "预算案提出，来年投入{}亿元发展创科，资助{}个项目，增设{}个学额，并检讨各项计划的成效。{}"
    first = one.format(
        30, 24, 100, "当局又计划在河边兴建一座数据中心，明年动工，三年后落成，由大学营运，供初创企业租用。" * 2
    )
    second = one.format(
        45, 60, 250, "今年的重点是推动绿色航运，码头会装设岸电，渡轮改用电力，乘客票价不变，由基金承担差额。" * 2
    )
    assert find_copies([("2023", "2023-02-22", sketch(first)), ("2024", "2024-02-28", sketch(second))]) == {}


def test_a_run_marks_reprints_across_scripts_and_counts_with_and_without(tmp_path: Path) -> None:
    text = TEXTS["press-release"]
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "one.txt").write_text(text, encoding="utf-8")
    (corpus / "two.txt").write_text(str(OpenCC("s2hk").convert(text)), encoding="utf-8")
    run(Settings(corpus, tmp_path / "out", find_rules()))

    def rows(table: str) -> list[dict[str, str]]:
        with (tmp_path / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    first, second = rows("articles")
    assert (first["duplicate_of"], second["duplicate_of"]) == ("", "one")
    assert float(second["overlap"]) >= 0.9
    index = rows("organisation_index")
    assert all(int(row["articles"]) == 2 and int(row["original_articles"]) == 1 for row in index)
    assert sum(int(row["original_mentions"]) for row in index) * 2 == sum(int(row["mentions"]) for row in index)
