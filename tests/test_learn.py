"""What reviewers teach: the patch that is proposed applies, the rules load with it, and a run finds what was missed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.judging.learn import Lesson, learn
from hkextract.judging.patches import PatchError, unified, with_row, with_word
from hkextract.read.records import Columns
from hkextract.review.decision import Anchor, Decision, new_id, now
from hkextract.review.log import ReviewLog
from hkextract.rules import load
from hkextract.run import Settings, run

ROOT = Path(__file__).parents[1]
TEXTS = {
    "one": "瑤台船塢昨日公布業績\n\n2024年6月5日 來源：星海報\n\n"
    "瑤台船塢的負責人說，今年獲撥款3億坡幤，會聘請40垛工人。\n\n"
    "城科大的學者指出，地方科普走廊將擴建，工程由清瑤理工大學監督。\n",
    "two": "瑤台船塢增聘人手\n\n2024年7月5日 來源：星海報\n\n瑤台船塢會再聘請60垛工人，並投資5億坡幤購買機器。\n\n"
    "城科大的團隊負責設計，預計兩年內完成，居民普遍歡迎這個安排。\n",
}
Cells = dict[str, str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "corpus" / f"{name}.txt").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path


def added(article: str, table: str, raw: str, clean: str, human: Cells, reviewer: str = "Lin") -> Decision:
    from hkextract.clean.simplify import to_simplified

    text = TEXTS[article]
    start = text.rindex(raw)
    around = to_simplified(text)
    before, after = around[max(0, start - 20) : start], around[start + len(raw) : start + len(raw) + 20]
    anchor = Anchor(start, start + len(raw), start, start + len(raw), clean, before, after, raw)
    return Decision(new_id(), now(), reviewer, "add", article, table=table, anchor=anchor, human=human)


def rejected(article: str, table: str, raw: str, clean: str, rule: str, machine: Cells) -> Decision:
    start = TEXTS[article].rindex(raw) if raw in TEXTS[article] else 0
    anchor = Anchor(start, start + len(raw), start, start + len(raw), clean, "", "", raw)
    given = {"anchor": anchor, "rule": rule, "machine": machine}
    return Decision(new_id(), now(), "Lin", "reject", article, table=table, **given)  # type: ignore[arg-type]


DOCK = {"canonical": "瑶台船坞", "type": "company", "parent": ""}
CITY = {"canonical": "香港城市大学", "type": "university", "parent": ""}


def lessons() -> list[Decision]:
    money = {"kind": "money", "low": "300000000", "high": "300000000", "currency": "SGD"}
    count = {"kind": "count", "low": "40", "high": "40", "unit": "垛"}
    return [
        *(added(article, "organisations", "瑤台船塢", "瑶台船坞", DOCK) for article in TEXTS),
        *(added(article, "organisations", "城科大", "城科大", CITY) for article in TEXTS),
        added("one", "amounts", "3億坡幤", "3亿坡幤", money),
        added("two", "amounts", "5億坡幤", "5亿坡幤", money),
        added("one", "amounts", "40垛", "40垛", count),
        added("two", "amounts", "60垛", "60垛", count | {"low": "60", "high": "60"}),
    ]


def apply(place: Path, lesson: Lesson, tool: str) -> None:
    (place / "lesson.patch").write_text(lesson.text, encoding="utf-8", newline="")
    command = ["git", "apply", "lesson.patch"] if tool == "git" else ["patch", "-p1", "-i", "lesson.patch"]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("tool", ["git", "patch"])
def test_the_patch_applies_and_a_run_finds_what_was_missed(place: Path, tool: str) -> None:
    lesson = learn(load(place / "rules"), lessons(), 2)
    assert len(lesson.proposals) == 4, lesson
    assert lesson.left_out == []
    apply(place, lesson, tool)
    told = CliRunner().invoke(main, ["rules", "check", "--rules", str(place / "rules")])
    assert told.exit_code == 0, told.output
    assert CliRunner().invoke(main, ["orgs", "check", "--rules", str(place / "rules")]).exit_code == 0
    run(Settings(place / "corpus", place / "out", place / "rules", 1, None, Columns(), cache=False))
    found = {table: rows_of(place, table) for table in ("amounts", "organisations")}
    names = {(row["surface"], row["canonical"], row["type"]) for row in found["organisations"]}
    assert {("瑶台船坞", "瑶台船坞", "company"), ("城科大", "香港城市大学", "university")} <= names
    amounts = {(row["surface"], row["low"], row["currency"] or row["unit"]) for row in found["amounts"]}
    assert {("3亿坡幤", "300000000", "SGD"), ("40垛", "40", "垛")} <= amounts


def rows_of(place: Path, table: str) -> list[Cells]:
    with (place / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_is_rejected_again_and_again_is_stopped(place: Path) -> None:
    machine = {"canonical": "清瑶理工大学", "type": "university"}
    made = [
        rejected(article, "organisations", "清瑤理工大學", "清瑶理工大学", "org-named", machine) for article in TEXTS
    ] + [rejected(article, "amounts", "兩年", "两年度", "quantity", {"kind": "count"}) for article in TEXTS]
    made[1:2] = [rejected("two", "organisations", "設計", "清瑶理工大学", "org-named", machine)]
    lesson = learn(load(place / "rules"), made, 2)
    assert [proposal.file for proposal in lesson.proposals] == ["organisations.toml", "amounts.toml"]
    apply(place, lesson, "git")
    rules = load(place / "rules")
    assert "清瑶理工大学" in rules["organisations"].words["no_name"]
    assert "两年度" in rules["amounts"].words["idiom"]
    run(Settings(place / "corpus", place / "out", place / "rules", 1, None, Columns(), cache=False))
    assert "清瑶理工大学" not in {row["surface"] for row in rows_of(place, "organisations")}


def test_too_little_and_contradictory_evidence_is_left_out(place: Path) -> None:
    rules = load(place / "rules")
    assert learn(rules, lessons()[:1], 2).proposals == []
    assert len(learn(rules, lessons()[:1], 1).proposals) == 1
    other = added("two", "organisations", "城科大", "城科大", CITY | {"canonical": "香港科技大学"})
    lesson = learn(rules, [lessons()[2], other], 2)
    assert lesson.proposals == []
    assert "城科大: reviewers read it as" in lesson.left_out[0]
    known = [added(article, "organisations", "城科大", "港大", CITY) for article in TEXTS]
    lesson = learn(rules, known, 2)
    assert lesson.proposals == []
    assert "the register has it already, for 香港大学" in lesson.left_out[0]
    register = [
        rejected(article, "organisations", "城科大", "港大", "org-register", {"canonical": "香港大学"})
        for article in TEXTS
    ]
    lesson = learn(rules, register, 2)
    assert lesson.proposals == []
    assert "context words" in lesson.left_out[0]


def test_two_reviewers_of_one_place_suffice(place: Path) -> None:
    made = [added("one", "organisations", "城科大", "城科大", CITY, name) for name in ("Lin", "Chan")]
    (proposal,) = learn(load(place / "rules"), made, 2).proposals
    assert "1 place" in proposal.told
    assert "Chan, Lin" in proposal.told


def test_the_command(place: Path) -> None:
    run(Settings(place / "corpus", place / "out", place / "rules", 1, None, Columns(), cache=False))
    ReviewLog(place / "corpus").append(lessons())
    asked = ["rules", "learn", str(place / "out"), "--rules", str(place / "rules")]
    told = CliRunner().invoke(main, [*asked, "--patch", str(place / "it.patch")], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert "4 proposals" in told.output
    text = (place / "it.patch").read_text(encoding="utf-8")
    assert "+++ b/rules/organisations/local.csv" in text
    assert "# word 坡幤 in [words.currency] SGD: 2 places" in text
    told = CliRunner().invoke(main, [*asked, "--least", "9"], catch_exceptions=False)
    assert "nothing to propose" in told.output


def test_patches_keep_what_they_do_not_change(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "x.toml").write_bytes('\ufeffa = 1\n[words.z]\nall = ["丙"] # 三\nb = 2'.encode())
    text = with_word((folder / "x.toml").read_bytes().decode(), "z", "all", "丁")
    assert text.endswith('all = ["丙", "丁"] # 三\nb = 2')
    patch = unified(folder, {"x.toml": text})
    assert patch.count("\n-") == 1
    assert "No newline" in patch
    with pytest.raises(PatchError):
        with_word(text, "y", "all", "丁")
    assert with_row("", {"name": "甲"}).count("\n") == 2
