"""Two rule sets compared: the list is that of a plain comparison of two full runs, and knows what decisions say."""

from __future__ import annotations

import csv
import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.judging.diff import TABLES, compare_rules
from hkextract.judging.judged import verdicts
from hkextract.judging.machine import Source, machine_rows
from hkextract.read.records import Columns
from hkextract.review.decision import Anchor, Decision, new_id, now
from hkextract.review.log import ReviewLog
from hkextract.review.values import VALUES
from hkextract.run import Settings, run

ROOT = Path(__file__).parents[1]
EDITS = (
    ("amounts.toml", '"港元", ', ""),
    ("amounts.toml", '"个", "名", "位"', '"个", "位"'),
    ("dates.toml", '"去年", ', ""),
)
ARTICLES = {
    "ferry.txt": "渡輪公司加班\n\n2024年6月5日 來源：星海報\n\n"
    "渡輪公司去年斥資3億港元，聘請40名船員，開辦12個航班。\n\n"
    "公司計劃明年再購入兩艘新船，以應付遊客的需求。\n",
    "tram.txt": "電車換新\n\n2024年7月2日 來源：星海報\n\n"
    "電車公司以5000萬港元更換80輛電車，去年已有20名司機受訓。\n\n"
    "新電車的耗電量比舊車少兩成，全部會在三年內投入服務。\n",
}
Row = dict[str, str]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rules without some of their words."""
    folder = tmp_path_factory.mktemp("other") / "rules"
    shutil.copytree(ROOT / "rules", folder)
    for file, old, new in EDITS:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def tables_of(folder: Path) -> dict[str, list[Row]]:
    found = {}
    for table in TABLES:
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[table] = list(csv.DictReader(file))
    return found


def plain_comparison(old: Path, new: Path) -> tuple[dict[tuple[str, ...], tuple[str, ...]], ...]:
    """Rows by table, article and place with their values: those of one run that the other has not or has otherwise."""
    sides = []
    for folder in (old, new):
        rows = {}
        for table, found in tables_of(folder).items():
            names = VALUES[table] or ("reason",)
            for row in found:
                key = (table, row["article_id"], row["raw_start"], row["raw_end"])
                rows[key] = tuple(row[name] for name in names)
        sides.append(rows)
    before, after = sides
    gone = {key: values for key, values in before.items() if after.get(key) != values}
    come = {key: values for key, values in after.items() if before.get(key) != values}
    return gone, come


@pytest.mark.parametrize("corpus", ["corpus", "own"])
def test_the_list_is_that_of_two_full_runs(place: Path, other: Path, corpus: str) -> None:
    folder = ROOT / "corpus" if corpus == "corpus" else place / "corpus"
    for name, rules in (("old", ROOT / "rules"), ("new", other)):
        run(Settings(folder, place / name, rules, 1, None, Columns(), cache=False))
    gone, come = plain_comparison(place / "old", place / "new")
    difference = compare_rules(Source(folder, jobs=1), ROOT / "rules", other)
    told_gone, told_come = {}, {}
    for change in difference.changes:
        names = VALUES[change.table] or ("reason",)
        for row, told in ((change.old, told_gone), (change.new, told_come)):
            if row is not None:
                key = (change.table, change.article_id, row["raw_start"], row["raw_end"])
                told[key] = tuple(row[name] for name in names)
        assert (change.old is None, change.new is None) == (change.sort == "added", change.sort == "lost")
    assert told_gone == gone
    assert told_come == come
    assert gone
    total = sum(len(rows) for rows in tables_of(place / "old").values())
    assert sum(difference.same.values()) + len(gone) == total


def decision(corpus: Path, row: Row, action: str, **more: object) -> Decision:
    path = corpus / f"{row['article_id']}.txt"
    text, digest = path.read_text(encoding="utf-8"), sha256(path.read_bytes()).hexdigest()
    start, end = int(row["raw_start"]), int(row["raw_end"])
    clean = (int(row["clean_start"]), int(row["clean_end"]))
    anchor = Anchor(start, end, *clean, row["surface"], "", "", text[start:end])
    machine = {name: row[name] for name in VALUES["amounts"]}
    given = {
        "anchor": anchor,
        "machine": machine,
        "rule": row["rule"],
        "mention_id": row["mention_id"],
        "digest": digest,
    }
    return Decision(new_id(), now(), "Lin", action, row["article_id"], table="amounts", **given | more)  # type: ignore[arg-type]


def test_what_it_mends_and_breaks(place: Path, other: Path) -> None:
    corpus = place / "corpus"
    run(Settings(corpus, place / "out", ROOT / "rules", 1, None, Columns(), cache=False))
    rows = {row["surface"]: row for row in tables_of(place / "out")["amounts"]}
    edited = {name: rows["3亿港元"][name] for name in VALUES["amounts"]} | {"low": "1", "high": "1"}
    made = [
        decision(corpus, rows["40名"], "accept"),
        decision(corpus, rows["20名"], "reject"),
        decision(corpus, rows["12个"], "accept"),
        decision(corpus, rows["3亿港元"], "edit", human=edited),
    ]
    difference = compare_rules(Source(corpus, jobs=1), ROOT / "rules", other, verdicts(made))
    judged = {(change.row["surface"], change.verdict) for change in difference.changes if change.verdict}
    assert judged == {("40名", "breaks"), ("20名", "mends")}
    assert difference.unplaced == 0


def test_the_command(place: Path, other: Path) -> None:
    corpus = place / "corpus"
    runner = CliRunner()
    run(Settings(corpus, place / "out", ROOT / "rules", 1, None, Columns(), cache=False))
    rows = {row["surface"]: row for row in tables_of(place / "out")["amounts"]}
    asked = ["rules", "diff", str(other), "-o", str(place / "out"), "--rules", str(ROOT / "rules"), "--fail-on-broken"]
    told = runner.invoke(main, asked, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    ReviewLog(corpus).append([decision(corpus, rows["40名"], "accept")])
    told = runner.invoke(main, [*asked, "--csv", str(place / "diff.csv")], catch_exceptions=False)
    assert told.exit_code == 1
    assert "breaks what Lin accepted" in told.output
    with (place / "diff.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["before"] for row in written if row["verdict"] == "breaks"] == ["40名"]
    told = runner.invoke(main, [*asked, "--json"], catch_exceptions=False)
    counts = json.loads(told.output)["tables"]["amounts"]
    assert counts["breaks"] == 1
    same = runner.invoke(main, ["rules", "diff", str(ROOT / "rules"), str(corpus), "--rules", str(ROOT / "rules")])
    assert same.exit_code == 0
    wrong = runner.invoke(main, ["rules", "diff", str(place / "nowhere"), str(corpus)])
    assert wrong.exit_code == 2
    assert "there is no such folder" in wrong.output


def test_what_a_run_kept_is_taken_up(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows come from the results of the last run, as the rules found them and not as reviewers would have them."""
    corpus = place / "corpus"
    settings = Settings(corpus, place / "out", ROOT / "rules", 1)
    run(settings)
    row = next(row for row in tables_of(place / "out")["amounts"] if row["surface"] == "40名")
    ReviewLog(corpus).append([decision(corpus, row, "reject")])
    run(settings)
    assert "40名" not in {row["surface"] for row in tables_of(place / "out")["amounts"]}

    def fail(*_: object) -> None:
        raise AssertionError("cleaned again")

    monkeypatch.setattr("hkextract.pipeline.cleaning", fail)
    made = dict(machine_rows(Source(corpus, jobs=1), ROOT / "rules", TABLES))
    assert "40名" in {row["surface"] for row in made["ferry"]["amounts"]}
