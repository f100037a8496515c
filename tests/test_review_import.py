"""Tables that come back from a spreadsheet: what was filled in is taken in, whatever was done to the file."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from hkextract.cli import main
from hkextract.review.corrections import action_of, changes_of
from hkextract.review.decision import DecisionError
from hkextract.review.intake import take_in
from hkextract.review.log import ReviewLog
from hkextract.review.sheets import SheetError
from hkextract.review.spreadsheet import Report
from hkextract.rules import find_rules
from hkextract.run import Settings, run

ROOT = Path(__file__).parents[1]
PAGE = """海港市新渡轮下水

2024年6月5日，市政府宣布拨款5.2亿元建造24艘渡轮，约占预算的65%。海港大学将负责设计。

运输署在2024年6月8日表示，票价约为6元，班次增加三成，共投入1,200人。
"""
JUDGED = ("amounts", "dates", "organisations", "furniture")
Rows = list[dict[str, str]]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE + "\n责任编辑：王小明\n", encoding="utf-8")
    (folder / "second.txt").write_text("另一篇文章\n\n" + PAGE.replace("渡轮", "巴士"), encoding="utf-8")
    go(folder)
    return folder


def go(corpus: Path) -> None:
    run(Settings(corpus, corpus.parent / "out", find_rules(), 1))


def rows(corpus: Path, table: str) -> Rows:
    with (corpus.parent / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled(corpus: Path, table: str, surface: str, **cells: str) -> Rows:
    """The rows of a table, one of them filled in."""
    found = rows(corpus, table)
    next(row for row in found if surface in (row.get("surface"), row.get("text"))).update(cells)
    return found


def save(found: Sequence[dict[str, str]], path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(found)
    return path


def take(corpus: Path, *paths: Path, reviewer: str = "Chan", dry_run: bool = False) -> Report:
    return take_in(paths, corpus.parent / "out", corpus, reviewer, find_rules(), dry_run)


def test_judgements_in_the_table_itself_count_in_the_next_run(corpus: Path) -> None:
    table = corpus.parent / "out" / "amounts.csv"
    found = filled(corpus, "amounts", "24艘", review="接受", comment="见第二页")
    next(row for row in found if row["surface"] == "三成")["review"] = "錯"
    next(row for row in found if row["surface"] == "5.2亿元")["correction"] = "5.3亿"
    save(found, table)
    report = take(corpus, table)
    assert report.faults == []
    assert sorted(one.action for one in report.decisions) == ["accept", "edit", "reject"]
    assert {one.reviewer for one in ReviewLog(corpus).read()} == {"Chan"}
    assert all(one.rule_version and one.digest and one.anchor and one.anchor.prefix for one in report.decisions)
    go(corpus)
    state = {row["surface"]: (row["status"], row["low"]) for row in rows(corpus, "amounts") if row["status"]}
    assert state == {"24艘": ("accepted", "24"), "5.2亿元": ("edited", "530000000")}
    assert [row["surface"] for row in rows(corpus, "rejected")] == ["三成"]


def test_a_run_does_not_overwrite_what_was_filled_in(corpus: Path) -> None:
    table = corpus.parent / "out" / "amounts.csv"
    save(filled(corpus, "amounts", "24艘", review="ok"), table)
    (corpus / "third.txt").write_text("第三篇\n\n政府拨款3亿元。\n", encoding="utf-8")
    before = table.read_bytes()
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(corpus.parent / "out"), "--no-cache"])
    assert result.exit_code == 2
    assert "hkextract review import" in result.output
    assert "amounts.csv" in result.output
    assert table.read_bytes() == before
    command = ["review", "import", str(table), "-o", str(corpus.parent / "out"), "--reviewer", "Chan"]
    assert CliRunner().invoke(main, command).exit_code == 0
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(corpus.parent / "out"), "--no-cache"])
    assert result.exit_code == 0, result.output
    assert [row["surface"] for row in rows(corpus, "amounts") if row["status"]] == ["24艘"]


def test_importing_twice_adds_nothing_and_an_old_file_undoes_nothing(corpus: Path, tmp_path: Path) -> None:
    old = save(filled(corpus, "amounts", "24艘", review="ok"), tmp_path / "old.csv")
    new = save(filled(corpus, "amounts", "24艘", review="x"), tmp_path / "new.csv")
    os.utime(old, (1, 1))
    assert len(take(corpus, old).decisions) == 1
    assert take(corpus, old).known == 1
    assert len(take(corpus, new).decisions) == 1
    assert take(corpus, old).known == 1
    assert [one.action for one in ReviewLog(corpus).read()] == ["accept", "reject"]
    assert len(take(corpus, new, reviewer="Wong").decisions) == 1


def test_a_dry_run_writes_nothing(corpus: Path, tmp_path: Path) -> None:
    path = save(filled(corpus, "dates", "2024年6月5日", review="ok"), tmp_path / "dates.csv")
    assert len(take(corpus, path, dry_run=True).decisions) == 1
    assert ReviewLog(corpus).read() == []


def _sorted(found: Rows) -> Rows:
    return sorted(found, key=lambda row: row["surface"])


def _reordered(found: Rows) -> Rows:
    names = list(found[0])
    random.Random(1).shuffle(names)
    return [{name: row[name] for name in names} for row in found]


def _without_ids(found: Rows) -> Rows:
    return [{name: cell for name, cell in row.items() if name not in ("mention_id", "sentence_id")} for row in found]


def _in_chinese(found: Rows) -> Rows:
    from hkextract.tables import DATES

    names = {column.name: column.chinese for column in DATES.columns}
    return [{names[name]: cell for name, cell in row.items()} for row in found]


def _days(found: Rows) -> Rows:
    return [
        row | {"date_start": row["date_start"].replace("-0", "/").replace("-", "/"), "date_end": "45448"}
        for row in found
    ]


def _twice(found: Rows) -> Rows:
    return [row for row in found for _ in range(2)]


def _guarded(found: Rows) -> Rows:
    return [row | {"review": row["review"] and f" {row['review']} "} for row in found]


@pytest.mark.parametrize("change", [_sorted, _reordered, _without_ids, _in_chinese, _days, _twice, _guarded])
def test_rows_are_found_again(corpus: Path, tmp_path: Path, change: Callable[[Rows], Rows]) -> None:
    found = filled(corpus, "dates", "2024年6月5日", review="x")
    wanted = next(row for row in found if row["review"])
    report = take(corpus, save(change(found), tmp_path / "back.csv"))
    assert report.faults == []
    (made,) = report.decisions
    assert (made.mention_id, made.action, made.machine["date_start"]) == (wanted["mention_id"], "reject", "2024-06-05")
    assert bool(report.notes) == (change is not _sorted and change is not _guarded)


@pytest.mark.parametrize(
    ("encoding", "delimiter", "told"),
    [
        ("utf-8", ",", ""),
        ("gb18030", ",", "gb18030"),
        ("big5hkscs", ";", "big5hkscs"),
        ("utf-16", "\t", "a tab"),
        ("utf-8", ";", "parted by ;"),
    ],
)
def test_files_are_read_in_any_encoding(corpus: Path, tmp_path: Path, encoding: str, delimiter: str, told: str) -> None:
    found = filled(corpus, "amounts", "24艘", review="对")
    if encoding == "big5hkscs":
        found = [
            {name: cell.encode(encoding, "replace").decode(encoding) for name, cell in row.items()} for row in found
        ]
        found = [row | {"review": row["review"] and "ok"} for row in found]
    report = take(corpus, save(found, tmp_path / "back.csv", encoding, delimiter))
    assert [one.action for one in report.decisions] == ["accept"], report.faults
    assert told in " ".join(report.notes)


def test_a_judgement_of_lost_characters_is_refused(corpus: Path, tmp_path: Path) -> None:
    found = filled(corpus, "amounts", "24艘", review="?")
    lost = [{name: cell.encode("ascii", "replace").decode() for name, cell in row.items()} for row in found]
    report = take(corpus, save(lost, tmp_path / "back.csv"))
    assert report.decisions == []
    assert "question mark" in report.faults[0]


def test_rows_torn_apart_are_not_taken_in(corpus: Path, tmp_path: Path) -> None:
    """Only the column of ids was sorted: an id no longer says what its row is about."""
    found = filled(corpus, "amounts", "24艘", review="x")
    ids = sorted((row["mention_id"] for row in found), reverse=True)
    torn = [row | {"mention_id": name} for row, name in zip(found, ids, strict=True)]
    report = take(corpus, save(torn, tmp_path / "back.csv"))
    if torn != found:
        assert report.decisions == [] or report.decisions[0].anchor.exact == "24艘"  # type: ignore[union-attr]
        assert len(report.decisions) + len(report.faults) == 1


def test_faults_are_told_by_row_and_the_others_are_taken_in(corpus: Path, tmp_path: Path) -> None:
    found = rows(corpus, "amounts")
    found[0]["review"], found[1]["review"], found[2]["correction"] = "maybe", "edit", "viele"
    found[3] |= {"review": "ok", "correction": "5"}
    found[4] |= {"review": "ok", "low": "77"}
    path = save(found, tmp_path / "back.csv")
    result = CliRunner().invoke(main, ["review", "import", str(path), "-o", str(corpus.parent / "out")])
    assert result.exit_code == 1
    for number in (2, 3, 4, 5):
        assert f"not taken in: back.csv, row {number}: " in result.output
    assert "row 6: low reads '77'" in result.output
    assert "1 taken in, 0 known already, 4 not taken in" in result.output


def test_two_judgements_of_one_mention_are_told(corpus: Path, tmp_path: Path) -> None:
    found = filled(corpus, "amounts", "24艘", review="ok")
    again = next(row for row in found if row["review"]) | {"review": "x"}
    report = take(corpus, save([*found, again], tmp_path / "back.csv"))
    assert [one.action for one in report.decisions] == ["accept"]
    assert "judges the same mention otherwise" in report.faults[0]


def test_another_stretch_and_a_name_of_the_register(corpus: Path, tmp_path: Path) -> None:
    found = filled(corpus, "amounts", "6元", correction="surface=约为6元; qualifier=approx")
    names = filled(corpus, "organisations", "运输署", correction="香港科技大学")
    paths = save(found, tmp_path / "a.csv"), save(names, tmp_path / "o.csv")
    edit, named = take(corpus, *paths).decisions
    assert edit.new is not None
    assert (edit.new.exact, edit.human["qualifier"]) == ("约为6元", "approx")
    assert (named.human["canonical"], named.human["type"]) == ("香港科技大学", "university")
    go(corpus)
    assert "约为6元" in [row["surface"] for row in rows(corpus, "amounts") if row["status"] == "edited"]
    bad = save(filled(corpus, "dates", "2024年6月5日", correction="surface=昨天"), tmp_path / "d.csv")
    assert "does not stand in the paragraph" in take(corpus, bad).faults[0]


def test_furniture_is_judged_too(corpus: Path, tmp_path: Path) -> None:
    path = save(filled(corpus, "furniture", "责任编辑：王小明", review="拒絕"), tmp_path / "furniture.csv")
    (made,) = take(corpus, path).decisions
    assert made.action == "reject"
    go(corpus)
    assert "责任编辑：王小明" in (corpus.parent / "out" / "text" / "page.txt").read_text(encoding="utf-8")


def test_a_workbook_goes_out_and_comes_back_and_nothing_in_it_is_a_formula(corpus: Path, tmp_path: Path) -> None:
    (corpus / "bad.txt").write_text(
        '=HYPERLINK("x")\n\n政府拨款3亿元建造码头，工程为期两年。\n\n@首页\n', encoding="utf-8"
    )
    go(corpus)
    path = tmp_path / "review.xlsx"
    out = str(corpus.parent / "out")
    result = CliRunner().invoke(main, ["review", "sheet", str(path), "-o", out])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(main, ["review", "sheet", str(path), "-o", out]).exit_code == 2
    book = load_workbook(path)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    for table in JUDGED:
        sheet = book[table]
        column = [cell.value for cell in sheet[1]].index("review") + 1
        sheet.cell(2, column).value = True
    book.save(path)
    report = take(corpus, path)
    assert report.faults == []
    assert [one.table for one in report.decisions] == list(JUDGED)


def test_what_is_no_table_to_review_is_refused(corpus: Path, tmp_path: Path) -> None:
    empty = Workbook()
    empty.save(tmp_path / "empty.xlsx")
    (tmp_path / "text.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no")
    shutil.copy(tmp_path / "empty.xlsx", tmp_path / "named.csv")
    for name in ("empty.xlsx", "text.csv", "broken.xlsx", "named.csv", "none.csv"):
        with pytest.raises(SheetError, match=name):
            take(corpus, tmp_path / name)


def days(first: str, last: str, **more: str) -> dict[str, str]:
    return {"date_start": first, "date_end": last, **more}


@pytest.mark.parametrize(
    ("table", "text", "found"),
    [
        ("amounts", "1亿", {"low": "100000000", "high": "100000000"}),
        ("amounts", "1.5E+07", {"low": "15000000", "high": "15000000"}),
        ("amounts", "50-100", {"low": "50", "high": "100", "qualifier": "range"}),
        ("amounts", "１，２００万", {"low": "12000000", "high": "12000000"}),
        ("amounts", "low=5；high=8", {"low": "5", "high": "8"}),
        ("dates", "2024/12/3", days("2024-12-03", "2024-12-03", edtf="2024-12-03", kind="date")),
        ("dates", "2024-02", days("2024-02-01", "2024-02-29", edtf="2024-02", kind="month")),
        ("dates", "2024-12-03/2024-12-05", days("2024-12-03", "2024-12-05")),
        ("organisations", "創科局", {"canonical": "创科局"}),
    ],
)  # fmt: skip
def test_corrections_are_read_as_people_write_them(table: str, text: str, found: dict[str, str]) -> None:
    assert changes_of(table, text, {}, lambda _: {}) == found


def test_an_open_bound_stays_open() -> None:
    assert changes_of("amounts", "5万", {"qualifier": "min"}, lambda _: {}) == {"low": "50000", "high": ""}
    assert changes_of("amounts", "5万", {"qualifier": "max"}, lambda _: {}) == {"low": "", "high": "50000"}


@pytest.mark.parametrize("word", ["perhaps", "0.5", "删了吧"])
def test_an_unknown_word_is_named(word: str) -> None:
    with pytest.raises(DecisionError, match=word):
        action_of(word)


@pytest.fixture
def soffice() -> str:
    """LibreOffice, which must be there where CI is set."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice (Debian: libreoffice-calc-nogui) is not installed, and CI must run this test.")
        pytest.skip("LibreOffice is not installed")
    return found


def test_what_libreoffice_saves_comes_back_whole(soffice: str, tmp_path: Path) -> None:
    """Opened and saved by LibreOffice, as a workbook and as CSV with semicolons: 99 % of judgements find their rows."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for path in sorted((ROOT / "corpus").iterdir())[:12]:
        shutil.copy(path, corpus)
    go(corpus)
    rng = random.Random(8)
    files = []
    for table in JUDGED:
        found = rows(corpus, table)
        for row in found:
            row["review"] = rng.choice(("", "", "接受", "错", "ok"))
        files.append(save(found, tmp_path / f"{table}.csv"))
    wanted = {
        (table, row["article_id"], row["raw_start"], row["raw_end"]): row["review"] == "错"
        for table, path in zip(JUDGED, files, strict=True)
        for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True))
        if row["review"]
    }
    assert len(wanted) > 250
    books = _convert(soffice, "xlsx:Calc MS Excel 2007 XML", files, tmp_path / "books")
    sheets = _convert(soffice, "csv:Text - txt - csv (StarCalc):59,34,76,1", books, tmp_path / "sheets")
    for paths in (books, sheets):
        report = take(corpus, *paths, dry_run=True)
        made = {
            (one.table, one.article_id, str(one.anchor.raw_start), str(one.anchor.raw_end)): one.action == "reject"
            for one in report.decisions
            if one.anchor
        }
        assert len(made) + len(report.faults) == len(wanted) == report.judged
        assert len(made) >= 0.99 * len(wanted), report.faults[:5]
        assert all(wanted[place] == refused for place, refused in made.items())
        assert report.notes


def _convert(soffice: str, kind: str, files: Sequence[Path], folder: Path) -> list[Path]:
    """The files as LibreOffice saves them."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = [
        soffice,
        profile,
        "--headless",
        "--infilter=CSV:44,34,76,1",
        "--convert-to",
        kind,
        "--outdir",
        str(folder),
    ]
    if files[0].suffix == ".xlsx":
        command.remove("--infilter=CSV:44,34,76,1")
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=240)
    return [folder / f"{path.stem}.{kind.partition(':')[0]}" for path in files]
