"""The commands beside `run`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import hkextract
from hkextract.cli import main

TEXT = "香港科技大学去年获拨款3亿元，惠及24个项目。"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "one.txt").write_text(
        "香港科技大學獲創(chuàng)新基金撥款\n\n2024年6月5日 來源：星海報\n\n"
        "香港科技大學去年獲撥款3億元，惠及24個項目。\n",
        encoding="utf-8",
    )
    CliRunner().invoke(main, ["run", str(folder / "corpus"), "-o", str(folder / "out")], catch_exceptions=False)
    return folder


def call(*arguments: str, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments, input=text)
    return result.exit_code, result.output


def test_show_prints_the_clean_article(done: Path) -> None:
    for name in ("one", "one.txt"):
        code, out = call("show", name, "-o", str(done / "out"))
        assert code == 0
        assert "香港科技大学去年获拨款3亿元" in out
    code, out = call("show", "two", "-o", str(done / "out"))
    assert code == 2
    assert "no article 'two'" in out


def test_explain_traces_a_mention_to_the_raw_file(done: Path) -> None:
    with (done / "out" / "amounts.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["surface"] == "3亿元")
    code, out = call("explain", row["mention_id"], "-o", str(done / "out"))
    assert code == 0, out
    assert "one.txt, line 5" in out
    assert "⟦3億元⟧" in out
    assert row["rule"] in out
    code, out = call("explain", "a000000000000", "-o", str(done / "out"))
    assert code == 2
    assert "no mention" in out


def test_extract_reads_json_lines(done: Path) -> None:  # noqa: ARG001
    lines = [
        json.dumps({"id": "x", "text": TEXT, "published_at": "2024-06-05"}, ensure_ascii=False),
        "{broken",
        json.dumps({"id": "y", "text": "香港科技大學去年獲撥款"}, ensure_ascii=False),
    ]
    code, out = call("extract", text="\n".join(lines))
    assert code == 1
    found = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    assert [record["id"] for record in found] == ["x", "line-2", "y"]
    assert "error" in found[1]
    date = found[0]["dates"][0]
    assert (date["surface"], date["date_start"], date["date_end"]) == ("去年", "2023-01-01", "2023-12-31")
    money = found[0]["amounts"][0]
    assert TEXT[money["start"] : money["stop"]] == "3亿元"
    assert (money["low"], money["currency"]) == (300_000_000, "HKD")
    body = found[2]["organisations"][0]
    assert (body["surface"], body["raw_surface"], body["canonical"]) == ("香港科技大学", "香港科技大學", "香港科技大学")


def test_extract_reads_plain_text() -> None:
    code, out = call("extract", text=TEXT + "\n")
    assert code == 0
    record = json.loads(out)
    assert record["id"] == "stdin"
    assert [amount["surface"] for amount in record["amounts"]] == ["3亿元", "24个"]


def test_extract_in_python_agrees_with_the_command() -> None:
    record = json.loads(call("extract", text=json.dumps({"text": TEXT, "published_at": "2024-06-05"}))[1])
    assert hkextract.extract(TEXT, "2024-06-05") == {key: value for key, value in record.items() if key != "id"}
    with pytest.raises(ValueError, match="isoformat"):
        hkextract.extract(TEXT, "gestern")


def test_rules_list_show_and_check() -> None:
    code, out = call("rules", "list", "--table", "organisations")
    assert code == 0
    assert "org-branch" in out
    code, out = call("rules", "show", "org-branch")
    assert code == 0
    assert "organisations.toml, line" in out
    assert call("rules", "show", "no-such-rule")[0] == 2
    assert call("rules", "list", "--table", "colours")[0] == 2
    code, out = call("rules", "check")
    assert code == 0
    assert "are sound" in out


def test_rules_of_another_version_are_told(tmp_path: Path) -> None:
    import shutil

    from hkextract.rules import find_rules

    shutil.copytree(find_rules(), tmp_path / "rules")
    path = tmp_path / "rules" / "amounts.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("money_after", "money_behind"), encoding="utf-8")
    for command in (("check",), ("test",)):
        code, out = call("rules", *command, "--rules", str(tmp_path / "rules"))
        assert code == 2
        assert "'money_after' is missing" in out


def test_rules_test_names_what_fails(tmp_path: Path) -> None:
    import shutil

    from hkextract.rules import find_rules

    shutil.copytree(find_rules(), tmp_path / "rules")
    path = tmp_path / "rules" / "organisations.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('not = ["香港大学的研究中心很多"', 'not = ["项目由香港大学潮汐能研究中心牵头"', 1),
        encoding="utf-8",
    )
    code, out = call("rules", "test", "--rules", str(tmp_path / "rules"))
    assert code == 1
    assert "org-branch not 1" in out
