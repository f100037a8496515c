"""What decisions and gold say of a run: shares with intervals, and figures a rule."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.evaluate import total
from hkextract.goldset import score_run
from hkextract.judging.evaluation import MISSED, RIGHT, WRONG, by_decisions, by_gold
from hkextract.judging.intervals import bootstrap_f1, wilson
from hkextract.judging.stats import chosen, statistics
from hkextract.read.records import Columns
from hkextract.review.decision import Anchor, Decision, new_id, now
from hkextract.review.log import ReviewLog
from hkextract.review.values import VALUES
from hkextract.rules import Rules
from hkextract.run import Settings, run

ROOT = Path(__file__).parents[1]
TEXT = (
    "渡輪公司加班\n\n2024年6月5日 來源：星海報\n\n"
    "渡輪公司去年斥資3億港元，聘請40名船員，開辦12個航班，載客量增加兩成。\n\n"
    "公司計劃明年再購入兩艘新船，以應付遊客的需求，並會維修6個碼頭。\n"
)


def test_wilson_agrees_with_worked_values() -> None:
    """R. G. Newcombe's example: 81 of 263 is 0.3080 (0.2553 to 0.3662); none of 20 reaches 0.1611."""
    assert [round(edge, 4) for edge in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(edge, 4) for edge in wilson(0, 20)] == [0.0, 0.1611]
    assert wilson(0, 0) == (0.0, 1.0)


def test_wilson_covers_the_true_share() -> None:
    chance = random.Random(5)
    held = 0
    for _ in range(2000):
        low, high = wilson(sum(chance.random() < 0.9 for _ in range(40)), 40)
        held += low <= 0.9 <= high
    assert 0.93 < held / 2000 < 0.98


def test_the_bootstrap_is_the_same_each_time_and_narrows_with_articles() -> None:
    some = [(8, 10, 9), (5, 5, 6), (9, 12, 10), (3, 4, 7)]
    few, many = bootstrap_f1(some), bootstrap_f1(some * 20)
    assert few == bootstrap_f1(some)
    assert few is not None
    assert many is not None
    f1 = 2 * 25 / (31 + 32)
    assert few[0] <= many[0] <= f1 <= many[1] <= few[1]
    assert bootstrap_f1(some[:1]) is None
    assert bootstrap_f1([(3, 3, 3), (0, 0, 0)]) is None


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    for name in ("one", "two"):
        (tmp_path / "corpus" / f"{name}.txt").write_text(TEXT + f"（{name}）\n", encoding="utf-8")
    run(Settings(tmp_path / "corpus", tmp_path / "out", ROOT / "rules", 1, None, Columns(), cache=False))
    return tmp_path


def rows_of(place: Path, table: str) -> list[dict[str, str]]:
    with (place / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def on(row: dict[str, str], action: str, reviewer: str = "Lin", **more: object) -> Decision:
    clean = int(row["clean_start"]), int(row["clean_end"])
    anchor = Anchor(int(row["raw_start"]), int(row["raw_end"]), *clean, row["surface"], "", "", row["raw_surface"])
    machine = {name: row[name] for name in VALUES["amounts"]}
    given = {"anchor": anchor, "machine": machine, "rule": row["rule"], **more}
    return Decision(new_id(), now(), reviewer, action, row["article_id"], table="amounts", **given)  # type: ignore[arg-type]


def decisions_on(place: Path) -> list[Decision]:
    """Of article one all is judged: three rows are right, one is none, one has a wrong value, and one was missed."""
    rows = {(row["article_id"], row["surface"]): row for row in rows_of(place, "amounts")}
    human = {name: rows["one", "12个"][name] for name in VALUES["amounts"]} | {"low": "13", "high": "13"}
    missed = Anchor(1, 3, 0, 2, "渡轮", "", "", "渡輪")
    return [
        on(rows["one", "3亿港元"], "accept"),
        on(rows["one", "40名"], "accept"),
        on(rows["one", "两成"], "accept"),
        on(rows["one", "6个"], "reject"),
        on(rows["one", "12个"], "edit", human=human),
        Decision(new_id(), now(), "Lin", "add", "one", table="amounts", anchor=missed, human={"kind": "count"}),
        on(rows["two", "40名"], "accept"),
        on(rows["two", "两成"], "accept"),
        on(rows["two", "两成"], "reject", "Chan"),
    ]


def test_decisions_give_precision_and_only_whole_articles_recall(place: Path) -> None:
    made = decisions_on(place)
    measure = by_decisions(made).measures()[0]
    assert (measure.right, measure.wrong, measure.missed) == (4, 2, 2)
    assert measure.precision == pytest.approx(4 / 6)
    assert measure.precision_interval == wilson(4, 6)
    assert measure.recall is None
    assert measure.f1 is None
    assert any("no recall is given" in line for line in by_decisions(made).basis)
    done = [*made, Decision(new_id(), now(), "Lin", "done", "one", table="articles")]
    evaluation = by_decisions(done)
    measure = evaluation.measures()[0]
    assert measure.recall == pytest.approx(3 / 5)
    assert measure.f1 == pytest.approx(2 * 3 / (5 + 5))
    kinds = {one.name: one for one in evaluation.measures() if one.by == "kind"}
    assert (kinds["money"].right, kinds["count"].wrong, kinds["count"].missed) == (1, 2, 2)
    rules = {one.name: one for one in evaluation.measures() if one.by == "rule"}
    assert (rules["quantity"].right, rules["quantity"].wrong) == (2, 2)
    assert rules["quantity"].recall is None
    assert any("disagree" in line for line in evaluation.basis)


def test_what_is_undone_counts_for_nothing(place: Path) -> None:
    made = decisions_on(place)[:4]
    undo = Decision(new_id(), now(), "Lin", "undo", of=made[3].id)
    (measure, *_) = by_decisions([*made, undo]).measures()
    assert (measure.right, measure.wrong) == (3, 0)


def test_gold_gives_the_counts_of_score(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run(Settings(ROOT / "corpus", output, ROOT / "rules", 1, None, Columns(), cache=False))
    gold, raw = ROOT / "tests" / "gold", ROOT / "corpus"
    evaluation, report = by_gold(output, gold, raw), score_run(output, gold, raw)
    for table in ("amounts", "dates", "organisations"):
        score = total([outcome.score for (_, name), outcome in report.outcomes.items() if name == table])
        judged = [one for one in evaluation.judgements if one.table == table]
        right = sum(one.verdict == RIGHT for one in judged)
        assert right == score.values_right
        assert right + sum(one.verdict == WRONG for one in judged) == score.found
        assert right + sum(one.verdict == MISSED for one in judged) == score.gold
        assert all(one.rule for one in judged if one.verdict != MISSED)


def test_the_commands(place: Path, rules: Rules) -> None:
    runner = CliRunner()
    out = str(place / "out")
    ReviewLog(place / "corpus").append(decisions_on(place))
    told = runner.invoke(main, ["eval", out, "--list"], catch_exceptions=False)
    assert told.exit_code == 0
    assert "0.667 (0.300–0.903)" in told.output
    assert "one amounts count: 12个 (should be: low 13; high 13) [quantity]" in told.output
    figures = json.loads(runner.invoke(main, ["eval", out, "--json", "--list"], catch_exceptions=False).output)
    assert figures["measures"][0]["precision"] == pytest.approx(4 / 6)
    assert len(figures["errors"]) == 4
    asked = ["rules", "stats", out, "--rules", str(rules.folder)]
    told = runner.invoke(main, [*asked, "--under", "0.8", "--csv", str(place / "stats.csv")], catch_exceptions=False)
    assert told.exit_code == 0
    assert "quantity" in told.output
    assert "money" not in told.output
    with (place / "stats.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["rule"], row["accepted"], row["rejected"], row["edited"]) == ("quantity", "2", "1", "1")
    told = runner.invoke(main, [*asked, "--never", "--json"], catch_exceptions=False)
    assert {"percent-words", "date-lunar"} <= {row["rule"] for row in json.loads(told.output)}
    (place / "empty").mkdir()
    (place / "empty" / "run.json").write_text(json.dumps({"corpus": str(place / "empty")}), encoding="utf-8")
    assert "no decisions" in runner.invoke(main, ["eval", str(place / "empty")]).output
    told = runner.invoke(main, ["eval", str(place / "nowhere")])
    assert told.exit_code == 2
    assert "hkextract run CORPUS" in told.output


def test_stats_count_the_rows_of_the_run(place: Path, rules: Rules) -> None:
    figures = {one.rule: one for one in statistics(place / "out", rules, decisions_on(place))}
    amounts = rows_of(place, "amounts")
    for rule in ("quantity", "money", "percent-tenths"):
        assert figures[rule].fired == sum(row["rule"] == rule for row in amounts)
    assert figures["percent-tenths"].disputed == 1
    assert figures["money"].acceptance == 1
    assert "guard-century" not in figures
    silent = chosen(figures.values(), "dates", None, never=True)
    assert all(one.table == "dates" and not one.fired for one in silent)
