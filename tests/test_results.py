"""Results outlive a run: what has not changed is not processed again, and the tables are the same either way."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hkextract import pipeline
from hkextract.article import Article, Source
from hkextract.clean import clean_article
from hkextract.cli import main
from hkextract.extract.amounts import AmountFinder
from hkextract.extract.dates import DateFinder
from hkextract.extract.organisations import OrganisationFinder
from hkextract.rules import RuleSet, find_rules, load
from hkextract.run import Settings, Summary, run
from hkextract.segment import SentenceSplitter
from hkextract.store import clear_stores, store_path

TEXT = """{0}號渡輪新航線
2024-05-0{1} 10:00 來源：海港日報

渡輪公司昨日宣布，{0}號航線去年載客{0}2萬人次，政府撥款{0}00萬元。
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(1, 7):
        (folder / f"a{number}.txt").write_text(TEXT.format(number, number), encoding="utf-8")
    return folder


def go(corpus: Path, *, cache: bool = True, name: str = "out", rules: Path | None = None, jobs: int = 0) -> Summary:
    return run(Settings(corpus, corpus.parent / name, rules or find_rules(), jobs, cache=cache))


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tables(folder: Path) -> dict[str, bytes]:
    return {name: data for name, (data, _) in files(folder).items() if name != "run.json"}


def test_nothing_is_rewritten_where_nothing_has_changed(corpus: Path) -> None:
    first = go(corpus)
    before = files(corpus.parent / "out")
    again = go(corpus)
    assert files(corpus.parent / "out") == before
    assert (again.unchanged, again.kept, first.kept) == (True, 6, 0)
    assert (again.rows, again.status, again.articles) == (first.rows, first.status, 6)
    os.utime(corpus / "a3.txt")
    assert go(corpus).unchanged


def test_only_what_has_changed_is_processed_and_the_tables_are_those_of_a_new_run(corpus: Path) -> None:
    go(corpus)
    (corpus / "a0.txt").write_text(TEXT.format(9, 9), encoding="utf-8")
    assert go(corpus).kept == 6
    (corpus / "a2.txt").write_text(TEXT.format(8, 8), encoding="utf-8")
    (corpus / "a4.meta.toml").write_text('published_at = "2020-01-01"', encoding="utf-8")
    (corpus / "a5.txt").unlink()
    assert go(corpus).kept == 4
    go(corpus, cache=False, name="new")
    assert tables(corpus.parent / "out") == tables(corpus.parent / "new")
    (corpus / "a4.meta.toml").unlink()
    assert go(corpus).kept == 5


def test_a_table_that_was_changed_by_hand_is_written_again(corpus: Path) -> None:
    go(corpus)
    whole = tables(corpus.parent / "out")
    (corpus.parent / "out" / "amounts.csv").write_text("mine", encoding="utf-8")
    (corpus.parent / "out" / "text" / "a1.txt").unlink()
    again = go(corpus)
    assert (again.unchanged, again.kept) == (False, 6)
    assert tables(corpus.parent / "out") == whole


def test_other_rules_or_another_encoding_make_all_results_anew(corpus: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    go(corpus, rules=rules)
    path = rules / "common.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert go(corpus, rules=rules).kept == 0
    assert run(Settings(corpus, tmp_path / "out", rules, encoding="utf-8")).kept == 0


@pytest.mark.parametrize(
    ("file", "done"),
    [
        ("dates.toml", ["dates"]),
        ("amounts.toml", ["amounts"]),
        ("organisations/local.csv", ["organisations"]),
        ("furniture.toml", ["amounts", "clean", "dates", "organisations"]),
    ],
)
def test_a_changed_rule_file_has_only_those_stages_done_over_that_go_by_it(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, done: list[str]
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    go(corpus, rules=rules)
    if file.endswith(".csv"):
        added = CliRunner().invoke(
            main, ["orgs", "add", "--name", "渡轮公司", "--type", "company", "--rules", str(rules)]
        )
        assert added.exit_code == 0, added.output
    else:
        with (rules / file).open("a", encoding="utf-8") as opened:
            opened.write("\n# changed\n")
    called: set[str] = set()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            called.add(name)
            return function(*args, **named)

        return call

    for name, owner in (("amounts", AmountFinder), ("dates", DateFinder), ("organisations", OrganisationFinder)):
        monkeypatch.setattr(owner, "find", counted(name, owner.find))
    monkeypatch.setattr(pipeline, "cleaning", counted("clean", pipeline.cleaning))
    go(corpus, rules=rules)
    assert sorted(called) == done
    go(corpus, rules=rules, cache=False, name="new")
    assert tables(tmp_path / "out") == tables(tmp_path / "new")


def test_every_stage_tells_the_rules_that_it_goes_by() -> None:
    asked: set[str] = set()

    class Watched(dict[str, RuleSet]):
        def __getitem__(self, table: str) -> RuleSet:
            asked.add(table)
            return super().__getitem__(table)

    rules = load(find_rules())
    watched = replace(rules, tables=Watched(rules.tables))
    for stage, build in (("amounts", AmountFinder), ("dates", DateFinder), ("organisations", OrganisationFinder)):
        asked.clear()
        build(watched)
        assert asked == set(pipeline.STAGES[stage])
    asked.clear()
    SentenceSplitter(watched)
    assert asked == set(pipeline.STAGES["sentences"])
    asked.clear()
    text = "海港網首頁\n渡輪加班\n2024-05-01 來源：海港日報\n\n渡輪公司（gong）昨日宣布，下月起加班。\n"
    clean_article(Article.of(Source("a", "a.txt", text, "utf-8")), watched)
    assert asked <= set(pipeline.STAGES["clean"])


def test_a_faulty_file_is_told_every_time_and_one_that_cannot_be_opened_is_tried_again(corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    assert len(go(corpus).failures) == 1
    again = go(corpus)
    assert (len(again.failures), again.unchanged) == (1, True)
    (corpus / "gone.txt").symlink_to(corpus / "nowhere.txt")
    assert [len(go(corpus).failures), go(corpus).unchanged] == [2, False]
    (corpus / "nowhere.txt").write_text(TEXT.format(7, 7), encoding="utf-8")
    assert len(go(corpus).failures) == 1


def test_a_broken_store_is_begun_anew(corpus: Path) -> None:
    go(corpus)
    whole = tables(corpus.parent / "out")
    store_path(corpus).write_bytes(b"no database at all" * 1000)
    assert go(corpus).kept == 0
    assert tables(corpus.parent / "out") == whole
    assert go(corpus).unchanged


def test_no_cache_keeps_nothing_and_clear_deletes(corpus: Path) -> None:
    go(corpus, cache=False)
    assert not store_path(corpus).exists()
    go(corpus)
    assert store_path(corpus).exists()
    done = CliRunner().invoke(main, ["cache", "clear"])
    assert (done.exit_code, "deleted" in done.output) == (0, True)
    assert not store_path(corpus).exists()
    assert clear_stores() == 0


MENU = "海港網首頁\n會員登入\n訂閱電子報\n"
FOOT = "海港網客戶服務熱線二千號\n本網歡迎各界來函指正賜教\n"


def furniture(output: Path) -> set[tuple[str, str]]:
    with (output / "furniture.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["article_id"], row["text"].strip()) for row in csv.DictReader(file) if row["rule"] == "recurring-line"
        }


def test_lines_that_recur_are_dropped_whatever_the_jobs_and_the_order(corpus: Path, tmp_path: Path) -> None:
    for path in corpus.glob("*.txt"):
        path.write_text(MENU + path.read_text(encoding="utf-8") + "\n" + FOOT, encoding="utf-8")
    go(corpus, cache=False, name="one", jobs=1)
    go(corpus, cache=False, name="two", jobs=2)
    assert tables(tmp_path / "one") == tables(tmp_path / "two")
    dropped = furniture(tmp_path / "one")
    assert {("a1", "海港網客戶服務熱線二千號"), ("a6", "本網歡迎各界來函指正賜教")} <= dropped
    go(corpus)
    other = corpus / "b"
    other.mkdir()
    (other / "x.txt").write_text(TEXT.format(7, 7), encoding="utf-8")
    assert go(corpus).kept == 6
    assert furniture(tmp_path / "out") == dropped


def test_records_are_articles(tmp_path: Path) -> None:
    lines = [
        {"id": f"n{n}", "title": f"{n}號渡輪", "date": f"2024-05-0{n}", "text": f"渡輪公司昨日宣布，撥款{n}00萬港元。"}
        for n in (1, 2, 2, 3)
    ]
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n{bad\n", encoding="utf-8")
    summary = run(Settings(path, tmp_path / "out", find_rules()))
    with (tmp_path / "out" / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["article_id"] for row in rows] == ["news~n1", "news~n2", "news~n2~3", "news~n3", "news~5"]
    assert [row["file"] for row in rows] == [f"news.jsonl#{n}" for n in range(1, 6)]
    assert [row["published_at"] for row in rows[:3]] == ["2024-05-01", "2024-05-02", "2024-05-02"]
    assert (summary.articles, len(summary.failures), rows[4]["status"]) == (5, 1, "failed")
    with (tmp_path / "out" / "amounts.csv").open(encoding="utf-8-sig", newline="") as file:
        amounts = list(csv.DictReader(file))
    for row in amounts:
        raw = (tmp_path / "out" / "raw" / f"{row['article_id']}.txt").read_text(encoding="utf-8")
        assert raw[int(row["raw_start"]) : int(row["raw_end"])] == row["raw_surface"]
    assert [row["low"] for row in amounts if row["surface"].startswith("3")] == ["3000000"]
    again = run(Settings(path, tmp_path / "out", find_rules()))
    assert (again.kept, again.unchanged) == (5, True)
    explained = CliRunner().invoke(main, ["explain", amounts[-1]["mention_id"], "-o", str(tmp_path / "out")])
    assert (explained.exit_code, "news.jsonl#4" in explained.output) == (0, True), explained.output


def test_a_record_file_without_a_text_column_says_which_option_to_give(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    summary = run(Settings(tmp_path, tmp_path / "out", find_rules()))
    assert "--text-column" in summary.failures[0].message
    done = CliRunner().invoke(main, ["run", str(tmp_path / "t.csv"), "-o", str(tmp_path / "o2"), "--text-column", "b"])
    assert done.exit_code == 0, done.output
