"""The log of decisions: nothing acknowledged is lost, whoever writes and whatever ends them; which decisions count."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from hkextract.review.agreement import agreement, alpha
from hkextract.review.decision import (
    Anchor,
    Decision,
    DecisionError,
    by_target,
    in_force,
    new_id,
    now,
    standing,
    state_of,
    target_key,
)
from hkextract.review.log import ReviewLog, ReviewLogError

TEXT = "甲厂有24个项目，乙厂有3个项目。"
VALUES = {"kind": "count", "low": "24", "high": "24", "qualifier": "exact", "unit": "个"}


def decision(action: str, reviewer: str = "Chan", span: tuple[int, int] = (3, 6), **more: object) -> Decision:
    """A decision on a mention of `TEXT`, each a moment later than the one before."""
    decision.clock += 1  # type: ignore[attr-defined]
    time_ = f"2024-01-01T00:00:{decision.clock // 1000:02}.{decision.clock % 1000:03}Z"  # type: ignore[attr-defined]
    made = Decision(
        new_id(), time_, reviewer, action, "a", "a.txt", "d", "amounts", Anchor.at(TEXT, span, span, "24个")
    )
    return replace(made, machine=VALUES, **more)  # type: ignore[arg-type]


decision.clock = 0  # type: ignore[attr-defined]


def test_a_decision_comes_back_as_it_was_written(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path)
    moved = Anchor.at(TEXT, (3, 8), (3, 8), "24个项目")
    made = [
        decision("edit", human=VALUES | {"low": "25", "high": "25"}, new=moved, comment="照原文\n第二行"),
        decision("undo", of="r1", group="g", settles=True, origin="browser"),
    ]
    log.append(made)
    assert log.read() == made
    assert "照原文" in log.path.read_text(encoding="utf-8")
    selectors = json.loads(log.path.read_text(encoding="utf-8").splitlines()[0])["anchor"]
    assert {one["type"] for one in selectors} == {"TextPositionSelector", "TextQuoteSelector"}
    assert log.path == tmp_path / ".hkextract" / "reviews.jsonl"


def test_the_log_of_a_single_file_lies_beside_it(tmp_path: Path) -> None:
    article = tmp_path / "one.txt"
    article.write_text("甲", encoding="utf-8")
    assert ReviewLog(article).path == tmp_path / ".hkextract" / "reviews.jsonl"


def test_several_writers_lose_nothing(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, f"w{number}", 40) for number in range(4)]
    said = [line.split() for writer in writers for line in writer.communicate()[0].splitlines()]
    assert len(said) == 160
    assert sorted(name for line in said for name in line) == sorted(one.id for one in ReviewLog(tmp_path).read())


def test_writers_that_are_killed_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    rng = random.Random(8)
    acknowledged: set[str] = set()
    for turn in range(6):
        writers = [_writer(tmp_path, f"{turn}-{number}", 100_000) for number in range(2)]
        for writer in writers:
            assert writer.stdout is not None
            acknowledged |= set(writer.stdout.readline().split())
        time.sleep(rng.random() / 10)
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
            acknowledged |= {name for line in writer.communicate()[0].split("\n")[:-1] for name in line.split()}
    found = {one.id for one in ReviewLog(tmp_path).read()}
    assert acknowledged <= found
    assert len(acknowledged) > 30
    ReviewLog(tmp_path).append([decision("accept")])
    assert all(line.endswith(b"}") for line in ReviewLog(tmp_path).path.read_bytes().splitlines())


def _writer(corpus: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("writing.py")), str(corpus), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("torn", ['{"id": "r1", "time', '{"id": "r1", "comment": "\u4e2d'.encode()[:-1], "{}"])
def test_an_unfinished_line_at_the_end_is_kept_aside_and_told(tmp_path: Path, torn: str | bytes) -> None:
    log = ReviewLog(tmp_path)
    first, second = decision("accept"), decision("reject")
    log.append([first])
    data = torn if isinstance(torn, bytes) else torn.encode()
    with log.path.open("ab") as file:
        file.write(data)
    assert log.read() == [first]
    assert log.torn == ""
    log.append([second])
    assert log.read() == [first, second]
    assert "reviews.torn" in log.torn
    assert log.path.with_name("reviews.torn").read_bytes() == data + b"\n"


def test_a_whole_line_without_its_end_counts(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path)
    first, second = decision("accept"), decision("reject")
    log.append([first])
    log.path.write_bytes(log.path.read_bytes().rstrip(b"\n"))
    log.append([second])
    assert log.read() == [first, second]
    assert log.torn == ""


@pytest.mark.parametrize(
    ("line", "message"), [("{}", "line 2"), ("<<<<<<< HEAD", "merged"), ('{"id": 3, "action": "accept"}', "line 2")]
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    log = ReviewLog(tmp_path)
    log.append([decision("accept")])
    whole = log.path.read_text(encoding="utf-8")
    log.path.write_text(f"{whole}{line}\n{whole}", encoding="utf-8")
    with pytest.raises(ReviewLogError, match=message) as raised:
        log.read()
    assert str(log.path) in str(raised.value)


def test_lines_that_a_merge_doubled_count_once(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path)
    log.append([decision("accept")])
    log.path.write_bytes(log.path.read_bytes() * 2)
    assert len(log.read()) == 1


@pytest.mark.parametrize(
    ("human", "message"),
    [
        ({"low": "5亿"}, "number without separators"),
        ({"low": "9", "high": "8"}, "behind"),
        ({"kind": "sum"}, "kind is one of"),
        ({"currency": "港元"}, "three letters"),
        ({"colour": "red"}, "no value 'colour'"),
    ],
)
def test_an_edit_that_the_table_could_not_hold_is_refused(tmp_path: Path, human: dict[str, str], message: str) -> None:
    log = ReviewLog(tmp_path)
    with pytest.raises(DecisionError, match=message):
        log.append([decision("accept"), decision("edit", human=VALUES | human)])
    assert log.read() == []


def test_a_decision_that_says_nothing_is_refused(tmp_path: Path) -> None:
    for bad in (replace(decision("accept"), anchor=None), decision("undo"), replace(decision("accept"), table="facts")):
        with pytest.raises(DecisionError):
            ReviewLog(tmp_path).append([bad])


def test_undoing_a_step_of_many_and_undoing_that() -> None:
    one, other = decision("accept", group="g"), decision("reject", span=(9, 11), group="g")
    assert in_force([one, other]) == [one, other]
    undo = decision("undo", of="g")
    assert in_force([one, other, undo]) == []
    redo = decision("undo", of=undo.id)
    assert in_force([one, other, undo, redo]) == [one, other]
    assert in_force([redo, undo, other, one]) == [one, other]


def test_the_last_opinion_of_each_reviewer_stands() -> None:
    first, second = decision("accept"), decision("reject")
    skip, comment = decision("skip"), decision("comment", comment="?")
    assert standing([first, second, skip, comment]) == [second, comment]
    other = decision("accept", "Wong")
    assert state_of(standing([second, other])) == "disputed"
    assert state_of(standing([second, other, decision("reject", "Lee", settles=True)])) == "rejected"
    assert state_of([skip]) == ""


def test_whoever_judges_an_edited_row_judges_the_row_it_was_made_of() -> None:
    moved = Anchor.at(TEXT, (3, 8), (3, 8), "24个项目")
    edit = decision("edit", human=VALUES, new=moved)
    confirmed = replace(decision("accept", "Wong", span=(3, 8)), anchor=moved)
    assert list(by_target([edit, confirmed])) == [target_key(edit)]
    assert state_of([edit, confirmed]) == "edited"
    refused = replace(decision("reject", "Wong", span=(3, 8)), anchor=moved)
    assert state_of(next(iter(by_target([edit, refused]).values()))) == "disputed"


def test_equal_edits_agree_and_others_do_not() -> None:
    edit = decision("edit", human=VALUES | {"low": "5"})
    same, other = decision("edit", "Wong", human=VALUES | {"low": "5"}), decision("edit", "Wong", human=VALUES)
    assert state_of([edit, same]) == "edited"
    assert state_of([edit, other]) == "disputed"


def test_alpha_is_that_of_the_book() -> None:
    """Two observers of ten things: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example A."""
    one, other = (0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0)
    assert alpha(zip(one, other, strict=True)) == pytest.approx(0.095, abs=0.0005)


def test_alpha_by_hand() -> None:
    """Three judge one thing a, a, b, two another b, b, one a third: of 5 values a 2, b 3; 2 of 5 pairs differ."""
    assert alpha([("a", "a", "b"), ("b", "b"), ("a",)]) == pytest.approx(1 - 4 * 2 / (25 - 4 - 9))
    assert alpha([("a", "a"), ("a", "a")]) is None
    assert alpha([]) is None


def test_agreement_counts_by_table_and_lists_disagreements() -> None:
    made = [decision("accept"), decision("accept", "Wong"), decision("reject", span=(9, 11))]
    made += [decision("accept", "Wong", span=(9, 11)), decision("accept", span=(11, 13))]
    rows, disputed = agreement(made)
    (row,) = rows
    assert (row.table, row.judged, row.targets, row.judgements, row.disputed) == ("amounts", 3, 2, 4, 1)
    assert row.alpha == pytest.approx(1 - 3 * 2 / (16 - 9 - 1))
    assert [[one.reviewer for one in group] for group in disputed] == [["Chan", "Wong"]]
    settled = [*made, decision("reject", "Lee", span=(9, 11), settles=True)]
    assert agreement(settled)[1] == []


def test_ids_and_times_are_those_of_no_other() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
    assert now()[-1] == "Z"
