"""A run over some articles of a corpus: by name, by date, by tag."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.cli import main
from stories import STORIES, json_lines


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(4):
        (folder / f"a{number}.txt").write_text(STORIES[number * 3].text, encoding="utf-8")
    (folder / "a1.meta.toml").write_text('tags = ["水", "电"]\n', encoding="utf-8")
    (folder / "a2.meta.toml").write_text('tags = ["电"]\n', encoding="utf-8")
    (folder / "lines.jsonl").write_text(json_lines(STORIES[20:22]), encoding="utf-8")
    return folder


def chosen(corpus: Path, *options: str, code: int = 0, out: str = "some") -> list[str]:
    output = corpus.parent / out
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(output), *options])
    assert result.exit_code == code, result.output
    if code:
        return [result.stderr]
    with (output / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["file"] for row in csv.DictReader(file)]


RECORDS = ["lines.jsonl#1", "lines.jsonl#2"]


@pytest.mark.parametrize(
    ("options", "files"),
    [
        (["--only", "a1"], ["a1.txt"]),
        (["--only", "顶棚", "--only", "a3.txt"], ["a0.txt", "a3.txt"]),
        (["--only", "lines.jsonl"], RECORDS),
        (["--only", "lines.jsonl#2"], RECORDS[1:]),
        (["--since", "2024-04-30"], RECORDS),
        (["--since", "2024-03"], ["a2.txt", "a3.txt", *RECORDS]),
        (["--tag", "电"], ["a1.txt", "a2.txt"]),
        (["--tag", "电", "--since", "2024-03"], ["a2.txt"]),
        (["--tag", "水", "--tag", "电", "--only", "a1"], ["a1.txt"]),
    ],
)
def test_the_tables_hold_what_is_chosen(corpus: Path, options: list[str], files: list[str]) -> None:
    (corpus / "a3.txt").write_text(STORIES[5].text, encoding="utf-8")
    assert chosen(corpus, *options) == files
    run = json.loads((corpus.parent / "some" / "run.json").read_text(encoding="utf-8"))
    assert set(run["choice"]) == {"only", "since", "tags"}


def test_a_choice_costs_the_others_nothing_and_changes_none_of_their_rows(corpus: Path) -> None:
    everything = chosen(corpus, out="all")
    assert len(everything) == 6
    before = {path.name: path.read_bytes() for path in (corpus.parent / "all").glob("*.csv")}
    assert chosen(corpus, "--tag", "水") == ["a1.txt"]
    for name in ("sentences.csv", "amounts.csv", "dates.csv"):
        rows = (corpus.parent / "some" / name).read_bytes().splitlines()[1:]
        assert rows
        assert set(rows) <= set(before[name].splitlines())
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(corpus.parent / "all")])
    assert "Nothing has changed" in result.output
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(corpus.parent / "some"), "--tag", "水"])
    assert "Nothing has changed" in result.output
    result = CliRunner().invoke(main, ["run", str(corpus), "-o", str(corpus.parent / "some")])
    assert "6 of them were kept" in result.output


def test_what_chooses_nothing_leaves_the_tables_as_they_were(corpus: Path) -> None:
    chosen(corpus, "--only", "a1")
    for options, word in (
        (["--tag", "火"], "--tag 火"),
        (["--since", "2030"], "--since 2030"),
        (["--since", "gestern"], "is no date"),
        (["--only", "nobody"], "no article 'nobody'"),
        (["--only", "a"], "fits"),
    ):
        [error] = chosen(corpus, *options, code=2)
        assert word in error, error
    assert "a1.txt" in (corpus.parent / "some" / "articles.csv").read_text(encoding="utf-8-sig")
