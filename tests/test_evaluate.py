"""The scorer: what counts as right, what an optional mention does, and a run's folder against a gold folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.evaluate import Item, Score, compare, same_name, same_value, total
from hkextract.goldset import Gold, Page, read_gold, same_title, score_page, score_run, score_text


def amount(place: int, surface: str, low: float | None, **more: object) -> Item:
    optional = bool(more.pop("optional", False))
    return Item(place, surface, {"kind": "count", "low": low, "high": low, "unit": "个"} | more, optional)


def test_each_occurrence_counts_once() -> None:
    outcome = compare("amounts", [amount(1, "三个", 3), amount(1, "三个", 3)], [amount(1, "三个", 3)])
    assert (outcome.score.right, outcome.score.precision, outcome.score.recall) == (1, 1.0, 0.5)
    assert [item.surface for item in outcome.missed] == ["三个"]


def test_the_place_must_agree() -> None:
    outcome = compare("amounts", [amount(1, "三个", 3)], [amount(2, "三个", 3)])
    assert outcome.score.right == outcome.score.overlapping == 0
    assert outcome.score.f1 == 0.0


def test_a_shorter_span_is_relaxed_only() -> None:
    outcome = compare("amounts", [amount(1, "约三个", 3)], [amount(1, "三个", 3)])
    assert (outcome.score.right, outcome.score.overlapping) == (0, 1)
    assert (outcome.score.f1, outcome.score.relaxed_f1) == (0.0, 1.0)
    assert outcome.missed == outcome.extra == ()


@pytest.mark.parametrize("found", [[], [amount(1, "百强", 100)]], ids=["left out", "found"])
def test_an_optional_mention_counts_for_neither_side(found: list[Item]) -> None:
    outcome = compare("amounts", [amount(1, "百强", 100, optional=True)], found)
    assert (outcome.score.gold, outcome.score.found, outcome.score.right) == (0, 0, 0)
    assert outcome.missed == outcome.extra == ()


def test_required_gold_is_paired_before_optional_gold() -> None:
    gold = [amount(1, "三个", 4, optional=True), amount(1, "三个", 3)]
    outcome = compare("amounts", gold, [amount(1, "三个", 3)])
    assert (outcome.score.gold, outcome.score.right, outcome.score.values_right) == (1, 1, 1)


def test_values_are_scored_over_right_spans_and_named_where_wrong() -> None:
    gold = [amount(1, "三个", 3), amount(2, "五个", 5)]
    found = [amount(1, "三个", 3), amount(2, "五个", 50, currency="HKD")]
    outcome = compare("amounts", gold, found)
    assert outcome.score.value_accuracy == 0.5
    assert outcome.wrong == ((), ("low", "high", "currency"))
    assert outcome.score.wrong == {"low": 1, "high": 1, "currency": 1}


def test_dates_are_compared_by_their_ends() -> None:
    gold = [Item(1, "2024年", {"kind": "year", "start": "2024-01-01", "end": "2024-12-31"})]
    found = [Item(1, "2024年", {"kind": "range", "date_start": "2024-01-01", "date_end": ""})]
    assert compare("dates", gold, found).wrong == (("end",),)


def test_empty_and_equal_values() -> None:
    assert same_value(None, "")
    assert same_value(0, "0.0")
    assert not same_value(None, 0)
    assert not same_value("HKD", "CNY")


def test_names_of_two_bodies_differ() -> None:
    assert same_name("北湾银行", "北湾银行股份有限公司")
    assert not same_name("北湾银行", "南湾银行")
    assert same_name("集团公司", "集团公司")


def test_scores_add_up_and_nothing_at_all_is_perfect() -> None:
    whole = total([Score(gold=2, found=1, right=1), Score(gold=1, found=2, right=1)])
    assert (whole.precision, whole.recall) == (2 / 3, 2 / 3)
    assert (Score().precision, Score().recall, Score().f1) == (1.0, 1.0, 1.0)
    assert Score(found=3).precision == 0.0


def test_clean_text_is_compared_by_shared_runs() -> None:
    score = score_text("一二三四五六七", "一二三四五六七八")
    assert (score.gold, score.found, score.right) == (3, 4, 3)


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A raw file of three lines, its gold and the tables of an imagined run: one span right, one row misplaced."""
    for name in ("raw", "gold", "output/text"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "raw/page.txt").write_text("標題\n共三個。\n首頁", encoding="utf-8")
    (tmp_path / "output/text/page.txt").write_text("标题\n共三个。\n", encoding="utf-8")
    gold = {
        "table": "amounts",
        "line": 2,
        "surface": "三个",
        "nth": 1,
        "kind": "count",
        "low": 3,
        "high": 3,
        "unit": "个",
    }
    (tmp_path / "gold/page.mentions.jsonl").write_text(json.dumps(gold, ensure_ascii=False) + "\n", encoding="utf-8")
    (tmp_path / "gold/page.clean.txt").write_text("标题\n共三个。\n", encoding="utf-8")
    meta = {"title": "标题", "published_at": "2024-05-01", "keep": ["共三"], "furniture": ["首页"]}
    (tmp_path / "gold/page.meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    article = {"article_id": "page", "file": "page.txt", "title": "标题", "published_at": ""}
    write_csv(tmp_path / "output/articles.csv", [article])
    row = {"article_id": "page", "kind": "count", "low": "3", "high": "3", "unit": "个", "currency": ""}
    right = row | {"surface": "三个", "raw_surface": "三個", "raw_start": "4", "raw_end": "6", "clean_start": "4"}
    wrong = row | {"surface": "三个", "raw_surface": "三個", "raw_start": "0", "raw_end": "2", "clean_start": "0"}
    write_csv(tmp_path / "output/amounts.csv", [right, wrong])
    return tmp_path


def test_a_run_is_scored_by_raw_line(run_folder: Path) -> None:
    report = score_run(run_folder / "output", run_folder / "gold", run_folder / "raw")
    amounts = report.tables["amounts"]
    assert (amounts.gold, amounts.found, amounts.right, amounts.value_accuracy) == (1, 2, 1, 1.0)
    assert report.misaligned == 1
    assert report.text.f1 == 1.0
    assert report.meta == {"asked": 2, "right": 1, "keep": 1, "kept": 1, "furniture": 1, "leaked": 0}
    assert report.absent == []


def test_mentions_behind_the_annotated_part_are_left_out(run_folder: Path) -> None:
    path = run_folder / "gold/page.meta.json"
    meta = json.loads(path.read_text(encoding="utf-8")) | {"annotated_until": "标 题"}
    path.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    report = score_run(run_folder / "output", run_folder / "gold", run_folder / "raw")
    assert report.tables["amounts"].found == 1


def test_an_article_that_the_run_lacks_is_named(run_folder: Path) -> None:
    for suffix in ("mentions.jsonl", "clean.txt", "meta.json"):
        path = run_folder / f"gold/page.{suffix}"
        path.rename(path.with_name(f"other.{suffix}"))
    report = score_run(run_folder / "output", run_folder / "gold", run_folder / "raw")
    assert report.absent == ["other"]
    assert report.tables["amounts"].recall == 0.0


def test_a_folder_without_gold_and_an_unknown_table_are_errors(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no gold"):
        read_gold(run_folder / "raw")
    (tmp_path / "x.mentions.jsonl").write_text('{"table": "persons"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="persons"):
        read_gold(tmp_path)


def test_gold_without_mentions_scores_the_cleaning_alone(run_folder: Path) -> None:
    (run_folder / "gold/page.mentions.jsonl").unlink()
    report = score_run(run_folder / "output", run_folder / "gold", run_folder / "raw")
    assert report.outcomes == {}
    assert report.misaligned == 0
    page = report.pages["page"]
    assert (page.kept, page.foreign, page.clean) == (1.0, 0.0, True)
    assert (page.title, page.date, page.paragraphs, page.furniture) == (True, False, (2, 2), (1, 0))


def test_a_page_is_clean_with_little_lost_and_little_foreign() -> None:
    assert Page(Score(gold=100, found=100, right=95)).clean
    assert not Page(Score(gold=100, found=94, right=94)).clean
    assert not Page(Score(gold=100, found=106, right=100)).clean


def test_what_only_the_saved_page_states_is_not_asked_of_its_text() -> None:
    gold = Gold("page", None, "正文。", {"published_at": "2024-05-01", "html_only": ["published_at"]})
    assert score_page(gold, {"file": "page.txt"}, "正文。").date is None
    assert score_page(gold, {"file": "page.html"}, "正文。").date is False


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ("新校舍九月啟用", "新校舍九月启用", True),
        ("“新校舍”九月启用", "新校舍九月启用", True),
        ("新校舍九月启用 家长称便", "新校舍九月启用", True),
        ("新校舍九月启用", "教育频道 某某新闻网 新校舍九月启用", False),
        ("新校舍九月启用", "", False),
    ],
)
def test_titles_are_compared_without_marks(gold: str, found: str, right: bool) -> None:
    assert same_title(gold, found) is right


def test_the_score_command_prints_and_writes(run_folder: Path) -> None:
    folders = [str(run_folder / name) for name in ("output", "gold", "raw")]
    done = CliRunner().invoke(main, ["score", *folders, "--list", "--json", str(run_folder / "score.json")])
    assert done.exit_code == 0, done.output
    assert "Clean articles (at least 95 % kept, at most 5 % foreign): 1 of 1." in done.output
    assert done.output.splitlines()[-1].split() == ["page", "100.0%", "0.0%", "yes", "right", "wrong"]
    kept = json.loads((run_folder / "score.json").read_text(encoding="utf-8"))
    assert kept["tables"]["amounts"]["right"] == 1
    assert kept["pages"]["page"]["clean"] is True
    wrong = CliRunner().invoke(main, ["score", folders[0], folders[2], folders[2]])
    assert wrong.exit_code == 2
    assert "no gold" in wrong.output
