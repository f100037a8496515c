"""Runs as a user starts them: whole tables, the same bytes every time, one bad file never in the way."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hkextract.article import Failure, Source
from hkextract.cli import main
from hkextract.inputs import find_files
from hkextract.pipeline import Pipeline
from hkextract.rows import rows_of
from hkextract.rules import find_rules, load
from hkextract.run import Settings, run
from hkextract.tables import TABLES

TEXT = "香港科技园公司公布，去年（2023年）共有1,200家公司进驻，较五年前多三成。\n\n政府拨款约30亿元，分五年发放。\n"


def rows(output: Path, table: str) -> list[dict[str, str]]:
    with (output / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def digests(output: Path) -> dict[str, str]:
    """Every file of an output folder but run.json, which tells the time."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("run") / "output"
    run(Settings(Path(__file__).parents[1] / "corpus", place, find_rules()))
    return place


def test_every_table_is_there_with_its_columns(output: Path) -> None:
    for table in TABLES:
        with (output / table.file).open("rb") as file:
            first = file.readline()
        assert first == b"\xef\xbb\xbf" + table.header.encode()


def test_the_datapackage_describes_every_column(output: Path) -> None:
    package = json.loads((output / "datapackage.json").read_text(encoding="utf-8"))
    described = {r["path"]: [f["name"] for f in r["schema"]["fields"]] for r in package["resources"]}
    assert described == {table.file: [column.name for column in table.columns] for table in TABLES}


def test_every_row_stands_where_it_says(output: Path, corpus: Path) -> None:
    pipeline_files = {row["article_id"]: row for row in rows(output, "articles")}
    raws, texts = {}, {}
    for name, row in pipeline_files.items():
        kept = output / "raw" / f"{name}.txt"
        encoding = row["encoding"].removesuffix("-sig")
        data = kept.read_bytes() if kept.exists() else (corpus / row["file"]).read_bytes()
        raws[name] = data.decode("utf-8" if kept.exists() else encoding).removeprefix("\ufeff")
        texts[name] = (output / "text" / f"{name}.txt").read_bytes().decode("utf-8")
    checked = 0
    for table in ("sentences", "amounts", "dates", "organisations"):
        text, raw_text = ("text", "raw_text") if table == "sentences" else ("surface", "raw_surface")
        for row in rows(output, table):
            name = row["article_id"]
            assert raws[name][int(row["raw_start"]) : int(row["raw_end"])] == row[raw_text]
            assert texts[name][int(row["clean_start"]) : int(row["clean_end"])] == row[text]
            checked += 1
    for table, column in (("furniture", "text"), ("repairs", "before")):
        for row in rows(output, table):
            assert raws[row["article_id"]][int(row["raw_start"]) : int(row["raw_end"])] == row[column]
            checked += 1
    assert checked > 500


def test_every_rule_in_the_tables_can_be_shown(output: Path) -> None:
    rules = load(find_rules())
    told = {row["rule"] for table in TABLES for row in rows(output, table.name) if "rule" in row}
    assert len(told) > 100
    assert [rule for rule in sorted(told) if rules.by_id(rule) is None] == []


def test_no_tokens_cut_a_mention(output: Path) -> None:
    sentences = {row["sentence_id"]: row for row in rows(output, "sentences")}
    for table in ("amounts", "dates", "organisations"):
        for row in rows(output, table):
            sentence = sentences[row["sentence_id"]]
            tokens = sentence["tokens"].split(" ")
            surface = "".join(row["surface"].split())
            at = len("".join(sentence["text"][: int(row["clean_start"]) - int(sentence["clean_start"])].split()))
            ends, place = {0}, 0
            for token in tokens:
                place += len(token)
                ends.add(place)
            assert {at, at + len(surface)} <= ends


def test_any_number_of_jobs_gives_the_same_bytes(output: Path, corpus: Path, tmp_path: Path) -> None:
    many = tmp_path / "many"
    for number in range(3):
        shutil.copytree(corpus, many / f"copy{number}")
    for jobs in (1, 2):
        run(Settings(many, tmp_path / f"out{jobs}", find_rules(), jobs))
    assert digests(tmp_path / "out1") == digests(tmp_path / "out2")
    again = tmp_path / "again"
    run(Settings(corpus, again, find_rules()))
    assert digests(again) == digests(output)


def test_a_bad_file_is_a_row_and_the_run_goes_on(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "good.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    done = CliRunner().invoke(main, ["run", str(corpus), "-o", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "empty.txt" in done.output
    assert "picture.txt" in done.output
    found = {row["file"]: row for row in rows(tmp_path / "out", "articles")}
    assert {name: row["status"] for name, row in found.items()} == {
        "good.txt": "ok",
        "empty.txt": "failed",
        "picture.txt": "failed",
    }
    assert found["empty.txt"]["message"]
    assert rows(tmp_path / "out", "amounts")


def test_usage_errors_write_nothing(tmp_path: Path) -> None:
    runner = CliRunner()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_bytes(b"mine")
    for arguments, told in (
        (["nowhere"], "no file or folder"),
        ([str(tmp_path / "corpus"), "--encoding", "big6"], "Unknown encoding"),
        ([str(tmp_path / "corpus"), "-o", str(tmp_path / "mine")], "thesis.docx"),
        ([str(tmp_path / "corpus"), "--rules", str(tmp_path / "none")], "no such folder"),
    ):
        done = runner.invoke(main, ["run", *arguments, *([] if "-o" in arguments else ["-o", str(tmp_path / "out")])])
        assert done.exit_code == 2, done.output
        assert told in done.output.replace("\n", " ")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.docx"]
    assert not (tmp_path / "out").exists()


def test_a_users_own_file_in_the_output_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    out = tmp_path / "out"
    run(Settings(tmp_path / "a.txt", out, find_rules()))
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    run(Settings(tmp_path / "a.txt", out, find_rules()))
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_killed_run_leaves_the_old_output_or_the_new(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    for number in range(30):
        (corpus / f"a{number}.txt").write_text(TEXT * (1 + number % 3), encoding="utf-8")
    run(Settings(corpus, out, find_rules()))
    old = digests(out)
    for number in range(30, 40):
        (corpus / f"a{number}.txt").write_text(TEXT, encoding="utf-8")
    run(Settings(corpus, tmp_path / "new", find_rules()))
    new = digests(tmp_path / "new")
    assert old != new
    code = (
        "import sys\nfrom pathlib import Path\nfrom hkextract.rules import find_rules\n"
        "from hkextract.run import Settings, run\nprint('ready', flush=True)\n"
        "run(Settings(Path(sys.argv[1]), Path(sys.argv[2]), find_rules()))"
    )
    chance = random.Random(1)
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", code, corpus, out], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.05, 1.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert digests(out) in (old, new)
    run(Settings(corpus, out, find_rules()))
    assert digests(out) == new
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_files_are_found_in_order_without_what_is_no_article(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.html",
        "a/z_files/style.css",
        ".hidden",
        "~$b.docx",
        "c.txt.part",
        "b.meta.toml",
        "a.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert [p.relative_to(tmp_path).as_posix() for p in find_files(tmp_path)] == ["a.txt", "a/z.html", "b.txt"]


SHIFTED = "。“科研經費增加".encode("gb18030")[1:].decode("gb18030", "replace")
PIECES = st.sampled_from(
    [
        *(
            "香港科技大学",
            "創(chuàng)新",
            "創科局",
            "30億元",
            "超過2,000億元",
            "2024年5月28日",
            "去年",
            "10%",
            "(one)",
            "&nbsp;",
        ),
        *(
            "\ufffd",
            "\x00",
            "\u200b",
            "\ue5e5",
            "\n",
            "\r\n",
            "　　",
            "「",
            "」",
            "。",
            "，",
            "𠮷",
            "ＡＢＣ１２",
            "\ud800",
        ),
        *("责任编辑：李四", "來源：星海報 2023-05-30 10:26", SHIFTED + "(jiā)"),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=40).map("".join))
@example("\ufffd\xa00")  # a stretch of one character to be cut anew
def test_every_row_of_damaged_text_stands_where_it_says(pipeline: Pipeline, raw: str) -> None:
    result = pipeline.process(Source("a", "a.txt", raw, "utf-8"))
    assert not isinstance(result, Failure), result
    clean = result.article.text.chars
    names = {table.name: [column.name for column in table.columns] for table in TABLES}
    for table, found in rows_of(result).items():
        for row in found:
            cells = dict(zip(names[table], row, strict=True))
            if "raw_start" not in cells:
                continue
            there = raw[cells["raw_start"] : cells["raw_end"]]
            for column in ("raw_surface", "raw_text", "before"):
                assert cells.get(column, there) == there
            if table == "furniture":
                assert cells["text"] == there
            if "clean_start" in cells:
                surface = cells["surface"] if "surface" in cells else cells["text"]
                assert clean[cells["clean_start"] : cells["clean_end"]] == surface
