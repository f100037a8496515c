"""The commands of the register: rows found, added, checked and proposed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from hkextract.extract.register import COLUMNS, load_register
from hkextract.rules import RuleError

HEADER = ",".join(COLUMNS) + "\n"
SHIPPED = """临江市气象台,,Linjiang Observatory,government,,临江,江气台,1990,,,
清瑶大学,,Qingyao University,university,,临江,瑶大|清大@2001..|瑶光#山区,,,,
清瑶大学工学院,,,university,清瑶大学,临江,,,,,
"""
TOML = """
[words.head]
school = ["学院"]

[words.weak_head]
company = ["公司"]

[words.brand_head]
company = ["科技"]

[words.place]
city = ["临江", "临江市"]

[[rule]]
id = "plain"
description = "Nothing of note."
kind = "other"
pattern = "学院"
examples = ["[学院]"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "organisations").mkdir(parents=True)
    (folder / "organisations.toml").write_text(TOML, encoding="utf-8")
    (folder / "organisations" / "town.csv").write_text(HEADER + SHIPPED, encoding="utf-8")
    return folder


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["orgs", *arguments], catch_exceptions=False)
    return result.exit_code, result.output


def added(rules: Path) -> list[dict[str, str]]:
    with (rules / "organisations" / "local.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("asked", ["清瑶大学", "清瑤大學", "qingyao university", "瑶大", "清大"])
def test_find_by_any_name(rules: Path, asked: str) -> None:
    code, out = call("find", asked, "--rules", str(rules))
    assert code == 0
    assert out.startswith("清瑶大学  (university, 临江)")
    assert "清大  (from 2001)" in out
    assert "瑶光  (where the article holds 山区)" in out
    assert "town.csv, line 3" in out


def test_find_shows_rows_that_only_hold_the_name_when_asked(rules: Path) -> None:
    code, out = call("find", "清瑶大学", "--rules", str(rules))
    assert "1 more names" in out
    assert "工学院" not in out
    code, out = call("find", "清瑶大学", "--all", "--rules", str(rules))
    assert "清瑶大学工学院" in out
    assert "part of      清瑶大学" in out
    code, out = call("find", "observatory", "--rules", str(rules))
    assert code == 0
    assert out.startswith("临江市气象台")
    code, out = call("find", "无此机构", "--rules", str(rules))
    assert code == 2
    assert "orgs add" in out


def test_add_writes_a_sorted_row_of_simplified_names(rules: Path) -> None:
    for name in ("臨江書院", "临江水务公司"):
        code, out = call("add", "--name", name, "--type", "company", "--alias", name[2:], "--rules", str(rules))
        assert code == 0, out
    rows = added(rules)
    assert [row["name"] for row in rows] == ["临江书院", "临江水务公司"]
    assert (rows[0]["traditional"], rows[0]["aliases"]) == ("臨江書院", "书院")
    assert [path.name for path in (rules / "organisations").iterdir()].count("local.csv") == 1
    assert not list((rules / "organisations").glob(".*"))
    assert load_register(rules / "organisations").aliases["书院"][0].body.name == "临江书院"


def test_add_gives_aliases_to_a_name_of_another_file(rules: Path) -> None:
    code, out = call("add", "--name", "清瑶大学", "--alias", "瑶大仔", "--rules", str(rules))
    assert code == 0, out
    assert "that the register had" in out
    call("add", "--name", "清瑶大学", "--alias", "小瑶", "--rules", str(rules))
    assert added(rules)[0]["aliases"] == "瑶大仔|小瑶"
    register = load_register(rules / "organisations")
    for alias in ("瑶大", "瑶大仔", "小瑶", "清瑶大学"):
        assert [claim.body.type for claim in register.aliases[alias]] == ["university"], alias


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--name", "某局"], "type"),
        (["--name", "某局", "--type", "bureau"], "unknown type 'bureau'"),
        (["--name", "某局", "--type", "government", "--parent", "某府"], "no row of its own"),
        (["--name", "某局", "--type", "government", "--from", "gestern"], "is no date"),
    ],
)
def test_add_refuses_what_would_not_load(rules: Path, arguments: list[str], told: str) -> None:
    code, out = call("add", *arguments, "--rules", str(rules))
    assert code == 2
    assert told in out.replace("\n", " ")
    assert not (rules / "organisations" / "local.csv").exists()


def test_a_new_version_breaks_no_addition(rules: Path) -> None:
    call("add", "--name", "临江船厂", "--type", "company", "--alias", "江船", "--rules", str(rules))
    shipped = rules / "organisations" / "zz.csv"
    shipped.write_text(HEADER + "临江客船公司,,,company,,,江船,,,,\n临江船厂,,,other,,,船厂,,,,\n", encoding="utf-8")
    register = load_register(rules / "organisations")
    assert [alias.body.name for alias in register.aliases["江船"]] == ["临江船厂"]
    assert [alias.body.type for alias in register.aliases["船厂"]] == ["company"]


def test_two_shipped_rows_may_not_share_a_name(rules: Path) -> None:
    (rules / "organisations" / "zz.csv").write_text(HEADER + "清瑶大学,,,university,,,,,,,\n", encoding="utf-8")
    with pytest.raises(RuleError, match=r"already in town\.csv"):
        load_register(rules / "organisations")


def test_check_names_the_first_fault_and_doubtful_aliases(rules: Path) -> None:
    assert call("check", "--rules", str(rules)) == (0, "The register is sound: 3 organisations, 7 names.\n")
    call(
        "add",
        "--name",
        "多利商店公司",
        "--type",
        "company",
        "--alias",
        "苹果",
        "--alias",
        "西瓜#商店",
        "--rules",
        str(rules),
    )
    code, out = call("check", "--rules", str(rules))
    assert code == 0
    assert "local.csv:2: '苹果'" in out
    assert "西瓜" not in out
    (rules / "organisations" / "local.csv").write_bytes((HEADER + "东风社,,,media,,,,,,,\n").encode("gb18030"))
    code, out = call("check", "--rules", str(rules))
    assert code == 2
    assert "CSV UTF-8" in out


def test_propose_prints_rows_that_load(rules: Path, tmp_path: Path) -> None:
    table = tmp_path / "output" / "organisations.csv"
    code, out = call("propose", "-o", str(table.parent), "--rules", str(rules))
    assert code == 2
    assert "hkextract run" in out
    table.parent.mkdir()
    mentions = [
        ("a", "临江湿地学会", "临江湿地学会", "industry_body", "", "false"),
        ("a", "湿地学会", "临江湿地学会", "industry_body", "", "false"),
        ("b", "临江湿地学会", "临江湿地学会", "industry_body", "清瑶大学", "false"),
        ("b", "孤山商会", "孤山商会", "industry_body", "", "false"),
        ("a", "清瑶大学", "清瑶大学", "university", "", "false"),
        ("b", "瑶大", "清瑶大学", "university", "", "false"),
        ("a", "坏�报社", "坏�报社", "media", "", "true"),
        ("b", "坏�报社", "坏�报社", "media", "", "true"),
    ]
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["article_id", "surface", "canonical", "type", "parent", "damaged"])
        writer.writerows(mentions)
    result = CliRunner().invoke(main, ["orgs", "propose", "-o", str(table.parent), "--rules", str(rules)])
    assert result.exit_code == 0
    assert result.stdout == "临江湿地学会,,,industry_body,清瑶大学,临江,湿地学会,,,,\n"
    assert "3 mentions, 2 articles" in result.stderr
    (rules / "organisations" / "local.csv").write_text(HEADER + result.stdout, encoding="utf-8")
    assert load_register(rules / "organisations").aliases["湿地学会"][0].body.name == "临江湿地学会"
    result = CliRunner().invoke(
        main, ["orgs", "propose", "--least", "1", "-o", str(table.parent), "--rules", str(rules)]
    )
    assert [line.split(",")[0] for line in result.stdout.splitlines()] == ["孤山商会"]
