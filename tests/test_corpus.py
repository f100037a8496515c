"""`hkextract corpus`: a corpus listed, shown, edited, checked, thinned out and put right again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hkextract.adding.catalogue import learn
from hkextract.adding.files import corpus_files
from hkextract.adding.index import Index
from hkextract.cli import main
from hkextract.cli.corpus import FIELDS as SORTED_BY
from hkextract.read.sidecar import load_sidecar
from stories import STORIES, json_lines, traditional


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five files dropped in by hand and one that was added, in the folder `corpus` below the working one."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "corpus"
    (folder / "2024").mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.txt").write_text(STORIES[number].text, encoding="utf-8")
    (folder / "2024" / "deep.html").write_text(STORIES[4].page, encoding="utf-8")
    (folder / "lines.jsonl").write_text(json_lines(STORIES[10:12]), encoding="utf-8")
    result = CliRunner().invoke(
        main, ["add", "-", "--yes", "--tag", "甲", "--note", "夜里"], input=traditional(STORIES[5].text)
    )
    assert result.exit_code == 0, result.output
    return folder


ADDED = "2024-03-27_江心早报_古桥修缮用回糯米灰浆.txt"


def call(*arguments: str, code: int = 0, piped: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["corpus", *arguments], input=piped)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def lines(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
    return [json.loads(line) for line in call(*arguments, "--json", code=code).stdout.splitlines()]


def files(*arguments: str) -> list[str]:
    return [one["file"] for one in lines("list", *arguments)]


ALL = ["0.txt", "1.txt", "2.txt", ADDED, "2024/deep.html", "lines.jsonl"]


@pytest.mark.usefixtures("corpus")
def test_list_sorts_and_filters() -> None:
    assert sorted(files()) == sorted(ALL)
    dated = ["0.txt", "1.txt", "2.txt", "2024/deep.html", ADDED]
    assert files("--sort", "date") == [*dated, "lines.jsonl"]
    assert files("--sort", "date", "--reverse") == [*dated[::-1], "lines.jsonl"]
    for filters, found in {
        ("date>=2024-02",): ["2.txt", "2024/deep.html", ADDED],
        ("date<=2024-01",): ["0.txt", "1.txt"],
        ("date=",): ["lines.jsonl"],
        ("tag=甲",): [ADDED],
        ("tag!=甲", "source=時報"): ["2.txt"],
        ("糯米",): [ADDED],
        ("菜市場",): ["0.txt"],
        ("size>100000",): [],
    }.items():
        options = [part for one in filters for part in ("--filter", one)]
        assert files("--sort", "date", *options) == found, filters
    assert "is no number" in call("list", "--filter", "size>x", code=2).stderr
    table = call("list").stdout.splitlines()
    assert table[0].split("\t") == ["date", "source", "title", "file", "tags"]
    assert f"2024-03-27\t江心早报\t古桥修缮用回糯米灰浆\t{ADDED}\t甲" in table
    for field in SORTED_BY:
        assert len(files("--sort", field)) == 6


@pytest.mark.usefixtures("corpus")
def test_an_article_is_found_by_id_file_and_title_in_either_script() -> None:
    for name in (
        ADDED,
        ADDED.removesuffix(".txt"),
        f"corpus/{ADDED}",
        "糯米",
        "古橋",
        "a_2024-03-27_江心早报_古桥修缮用回糯米灰浆",
    ):
        assert [one["file"] for one in lines("show", name)] == [ADDED], name
    assert lines("show", "2024/deep.html") == lines("show", "deep") == lines("show", "邮局")
    for name, word in (("nothing", "no article 'nothing'"), ("txt", "fits 4 articles"), ("", "no article")):
        assert word in call("show", name, code=2).stderr
    shown = call("show", "糯米").stdout
    for word in (
        "2024-03-27",
        "江心早报",
        "traditional",
        "甲",
        "夜里",
        "standard input",
        ADDED.replace(".txt", ".meta.toml"),
    ):
        assert word in shown
    assert "2 articles" in call("show", "lines").stdout


def editor(folder: Path, script: str) -> dict[str, str]:
    """An editor that does what a line of Python does to `text`."""
    place = folder / "editor.sh"
    python = (
        f"import sys,pathlib;p=pathlib.Path(sys.argv[1]);text=p.read_text('utf-8');{script};p.write_text(text,'utf-8')"
    )
    place.write_text(f'#!/bin/sh\nexec python3 -c "{python}" "$1"\n', encoding="utf-8")
    place.chmod(0o755)
    return {"EDITOR": str(place), "VISUAL": ""}


def edit(corpus: Path, article: str, script: str) -> Result:
    environment = editor(corpus.parent, script)
    return CliRunner().invoke(main, ["corpus", "edit", article], env=environment)


def test_edit_checks_what_is_saved(corpus: Path) -> None:
    result = edit(corpus, "0", "text=text.replace('# published_at = ', 'published_at = ').replace('# note', 'note')")
    assert result.exit_code == 0, result.output
    place = corpus / "0.meta.toml"
    assert load_sidecar(corpus / "0.txt").values == {"published_at": "2024-12-03", "note": "…"}
    assert lines("show", "0")[0]["date"] == "2024-12-03"
    kept = place.read_bytes()
    for script, word in (
        ("text+='titel = 1'", "unknown key 'titel'"),
        ("text=text.replace('2024-12-03', '3.12.2024')", "no ISO date"),
        ("text='['", "is not TOML"),
    ):
        result = edit(corpus, "0", script)
        assert result.exit_code == 1, result.output
        assert word in result.stderr
        assert place.read_bytes() == kept
    result = edit(corpus, "1", "pass")
    assert "Nothing was changed" in result.output
    assert not (corpus / "1.meta.toml").exists()
    assert [path.name for path in corpus.iterdir() if path.name.startswith(".")] == [".hkextract"]


def test_edit_of_one_of_two_files_of_a_name_speaks_for_that_one(corpus: Path) -> None:
    (corpus / "0.html").write_text(STORIES[8].page, encoding="utf-8")
    edit(corpus, "0.html", "text='title = 5'.replace('5', chr(39)+'x'+chr(39))")
    assert load_sidecar(corpus / "0.html").meta.title == "x"
    assert load_sidecar(corpus / "0.txt").meta.title == ""


def test_check_finds_what_is_wrong(corpus: Path) -> None:
    assert [one["level"] for one in lines("check")] == []
    (corpus / ADDED).write_bytes((corpus / ADDED).read_bytes() + b"\n")
    (corpus / "1.meta.toml").write_text("titel = 'x'", encoding="utf-8")
    (corpus / "alone.meta.toml").write_text("title = 'x'", encoding="utf-8")
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "undated.txt").write_text(STORIES[7].body, encoding="utf-8")
    (corpus / "copy.txt").write_bytes((corpus / "2.txt").read_bytes())
    (corpus / "reprint.txt").write_text(traditional(STORIES[0].text), encoding="utf-8")
    found = {(one["level"], one["file"]): one["message"] for one in lines("check", code=1)}
    told = {
        ("error", ADDED): ["its bytes have changed", "standard input", "sha256"],
        ("error", "1.txt"): ["1.meta.toml", "unknown key"],
        ("error", "empty.txt"): ["is empty"],
        ("warning", "alone.meta.toml"): ["no article"],
        ("warning", "undated.txt"): ["No date", "corpus edit"],
        ("copy", "copy.txt"): ["the same bytes as 2.txt"],
        ("copy", "reprint.txt"): ["the same story as 0.txt"],
    }
    assert found.keys() == told.keys()
    assert [(key, word) for key, words in told.items() for word in words if word not in found[key]] == []
    shown = call("check", code=1)
    assert "10 files checked: 3 errors, 2 warnings, 2 copies." in shown.stdout
    repeated = call("show", "reprint").stdout
    assert "the same story as 0.txt" in " ".join(repeated.split())


def test_remove_and_restore(corpus: Path) -> None:
    sidecar = corpus / ADDED.replace(".txt", ".meta.toml")
    before = (corpus / ADDED).read_bytes(), sidecar.read_bytes()
    removed = call("remove", "糯米", "deep").stdout
    assert "hkextract corpus restore" in removed
    assert not (corpus / ADDED).exists()
    assert not sidecar.exists()
    assert sorted(files()) == sorted(set(ALL) - {ADDED, "2024/deep.html"})
    listed = call("restore").stdout
    assert ADDED in listed
    assert "2 articles in the trash." in listed
    assert call("restore", "灰漿", "deep").stdout.splitlines() == [f"Restored {ADDED}.", "Restored 2024/deep.html."]
    assert ((corpus / ADDED).read_bytes(), sidecar.read_bytes()) == before
    assert "0 articles in the trash" in call("restore").stdout
    assert sorted(files()) == sorted(ALL)
    assert lines("check") == []
    assert "no 'deep' in the trash" in call("restore", "deep", code=2).stderr
    assert "no article 'gone'" in call("remove", "gone", code=2).stderr


def test_restore_does_not_overwrite_what_has_come_meanwhile(corpus: Path) -> None:
    call("remove", ADDED)
    (corpus / ADDED).write_text("渡轮", encoding="utf-8")
    assert "-2.txt" in call("restore", "糯米").stdout
    assert (corpus / ADDED).read_text(encoding="utf-8") == "渡轮"
    again = corpus / ADDED.replace(".txt", "-2.txt")
    assert load_sidecar(again).tags == ("甲",)
    assert load_sidecar(corpus / ADDED).tags == ()


def test_a_sidecar_of_two_files_stays_with_the_other(corpus: Path) -> None:
    (corpus / "0.html").write_text(STORIES[8].page, encoding="utf-8")
    (corpus / "0.meta.toml").write_text('source = "甲报"\n', encoding="utf-8")
    call("remove", "0.html")
    assert load_sidecar(corpus / "0.txt").meta.source == "甲报"
    call("restore", "0.html")
    assert load_sidecar(corpus / "0.html").meta.source == "甲报"


def test_trash_that_a_kill_left_half_done_is_no_article(corpus: Path) -> None:
    call("remove", "0.txt")
    [folder] = (corpus / ".hkextract" / "trash").iterdir()
    half = folder.with_name("20990101-000000-000000-x")
    half.mkdir()
    (half / "removed.json").write_text("{", encoding="utf-8")
    assert "1 article in the trash." in call("restore").stdout


def test_what_a_run_knows_need_not_be_read(corpus: Path) -> None:
    result = CliRunner().invoke(main, ["run", "corpus", "-o", "out"])
    assert result.exit_code == 0, result.output
    (corpus / "late.txt").write_text(STORIES[9].text, encoding="utf-8")

    def no_pipeline() -> Any:
        raise AssertionError("no file may be read")

    with Index(corpus) as index:
        for file in ("0.txt", "1.txt", "2.txt", "2024/deep.html"):
            os.utime(corpus / file, (2, 2))
        assert learn(corpus_files(corpus), index, no_pipeline, few=0) == 5
    CliRunner().invoke(main, ["run", "corpus", "-o", "out"])
    with Index(corpus) as index:
        assert learn(corpus_files(corpus), index, no_pipeline, few=0) == 0
        told = index.facts_of("2024/deep.html")
    assert (told["title"], told["published_at"]) == ("乡村邮局兼卖咖啡", "2024-03-09")


def test_a_corpus_that_is_not_there_is_told(tmp_path: Path) -> None:
    for command in (["list"], ["show", "x"], ["check"], ["restore"]):
        assert "--corpus" in call(*command, "--corpus", str(tmp_path / "none"), code=2).stderr


def test_every_help_ends_with_an_example() -> None:
    for command in ("list", "show", "edit", "check", "remove", "restore"):
        assert "Example: " in call(command, "--help").stdout
    assert "Example: hkextract add" in CliRunner().invoke(main, ["add", "--help"]).stdout
