"""A run that stays: what lands, changes and goes is in the tables a moment later. Each test waits for what it wants."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hkextract.adding import watch as watching
from hkextract.adding.watch import Turn, settle, watch
from hkextract.run import Settings

ROOT = Path(__file__).parents[1]
SLOW = 180
"""Seconds after which a test has waited long enough; what is promised is measured apart."""


def article(number: int) -> str:
    story = f"公司昨日宣布，{number}艘电动渡轮造价合共{number}千万元，可载客三百人。"
    return f"海湾渡轮添{number}艘新船\n2024-05-06\n{story}\n"


class Watched:
    """A corpus that is watched by a thread."""

    def __init__(self, folder: Path, corpus: str = "corpus") -> None:
        self.corpus, self.output = folder / corpus, folder / "output"
        self.turns: list[Turn] = []
        self.stop = threading.Event()
        settings = Settings(self.corpus, self.output, ROOT / "rules", jobs=1)
        self.thread = threading.Thread(target=watch, args=(settings, self.turns.append, self.stop), daemon=True)

    def files(self) -> set[str]:
        try:
            with (self.output / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
                return {row["file"] for row in csv.DictReader(file)}
        except FileNotFoundError:
            return set()

    def put(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text, encoding="utf-8")

    def until(self, holds: Callable[[], bool]) -> float:
        begun = time.monotonic()
        while not holds():
            assert time.monotonic() - begun < SLOW, self.turns
            assert self.thread.is_alive()
            time.sleep(0.01)
        return time.monotonic() - begun


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.txt").write_text(article(1), encoding="utf-8")
    found = Watched(tmp_path)
    found.thread.start()
    try:
        found.until(lambda: bool(found.turns))
        yield found
    finally:
        found.stop.set()
        found.thread.join(SLOW)
    assert not found.thread.is_alive()


def test_what_lands_changes_and_goes(watched: Watched) -> None:
    assert watched.files() == {"one.txt"}
    watched.put("two.txt", article(2))
    watched.until(lambda: watched.files() == {"one.txt", "two.txt"})
    (watched.corpus / "two.txt").rename(watched.corpus / "three.txt")
    watched.until(lambda: watched.files() == {"one.txt", "three.txt"})
    (watched.corpus / "one.txt").unlink()
    watched.until(lambda: watched.files() == {"three.txt"})
    watched.put("three.meta.toml", 'title = "三艘"\n')
    watched.until(lambda: "三艘" in (watched.output / "articles.csv").read_text(encoding="utf-8-sig"))
    (watched.corpus / "sub").mkdir()
    watched.put("sub/four.txt", article(4))
    watched.until(lambda: watched.files() == {"three.txt", "sub/four.txt"})
    assert watched.turns[1].files == ("two.txt",)
    assert "two.txt: 1 articles processed, 2 in the tables" in str(watched.turns[1])


def test_a_burst_is_taken_together(watched: Watched) -> None:
    for number in range(2, 30):
        watched.put(f"{number}.txt", article(number))
    watched.until(lambda: len(watched.files()) == 29 and len(watched.turns) > 1)
    assert len(watched.turns) <= 3
    assert " more: " in str(watched.turns[1])


def test_nothing_and_its_own_tables_make_no_turn(watched: Watched) -> None:
    watched.put(".hidden.txt", article(3))
    (watched.corpus / "one.txt").touch()
    time.sleep(1.5)
    assert len(watched.turns) == 1


def test_a_file_that_is_being_written_is_waited_for(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SETTLE", 1.0)
    with (watched.corpus / "slow.txt").open("w", encoding="utf-8") as file:
        for sentence in article(5).split("，") * 3:
            file.write(sentence)
            file.flush()
            time.sleep(0.2)
        assert watched.files() == {"one.txt"}
    watched.until(lambda: len(watched.turns) == 2)
    assert watched.files() == {"one.txt", "slow.txt"}


def test_a_file_that_grows_on_is_taken_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 0.5)
    monkeypatch.setattr(watching, "SETTLE", 0.1)
    place, stop = tmp_path / "a.txt", threading.Event()

    def grow() -> None:
        while not stop.wait(0.02):
            with place.open("a", encoding="utf-8") as file:
                file.write("船")

    writer = threading.Thread(target=grow)
    writer.start()
    begun = time.monotonic()
    settle({place}, threading.Event())
    stop.set()
    writer.join()
    assert 0.5 <= time.monotonic() - begun < 5


def test_what_cannot_be_read_is_told_once_and_ends_nothing(watched: Watched) -> None:
    (watched.corpus / "bad.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    watched.until(lambda: len(watched.turns) == 2)
    assert [failure.file for failure in watched.turns[1].failures] == ["bad.docx"]
    assert "failed: bad.docx: " in str(watched.turns[1])
    watched.put("two.txt", article(2))
    watched.until(lambda: len(watched.turns) == 3)
    assert watched.turns[2].failures == ()


def test_a_fault_of_a_turn_ends_nothing(watched: Watched) -> None:
    aside = watched.output.with_name("aside")
    watched.output.rename(aside)
    watched.output.write_text("in the way", encoding="utf-8")
    watched.put("two.txt", article(2))
    watched.until(lambda: len(watched.turns) == 2)
    assert "is a file" in str(watched.turns[1])
    watched.output.unlink()
    watched.put("three.txt", article(3))
    watched.until(lambda: len(watched.files()) == 3)


def test_a_corpus_that_goes_is_waited_for(watched: Watched) -> None:
    aside = watched.corpus.with_name("aside")
    watched.corpus.rename(aside)
    watched.until(lambda: len(watched.turns) == 2)
    assert "is gone" in str(watched.turns[1])
    assert watched.files() == {"one.txt"}
    (aside / "two.txt").write_text(article(2), encoding="utf-8")
    aside.rename(watched.corpus)
    watched.until(lambda: len(watched.files()) == 2)


def test_a_corpus_of_one_file(tmp_path: Path) -> None:
    place = tmp_path / "one.txt"
    place.write_text(article(1), encoding="utf-8")
    watched = Watched(tmp_path, "one.txt")
    watched.thread.start()
    try:
        watched.until(lambda: bool(watched.turns))
        place.write_text(article(7), encoding="utf-8")
        watched.until(lambda: "7艘" in (watched.output / "text" / "one.txt").read_text(encoding="utf-8"))
    finally:
        watched.stop.set()
        watched.thread.join(SLOW)


def test_a_changed_rule_is_taken_up(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.txt").write_text(article(1), encoding="utf-8")
    watched = Watched(tmp_path)
    settings = Settings(watched.corpus, watched.output, tmp_path / "rules", jobs=1)
    watched.thread = threading.Thread(target=watch, args=(settings, watched.turns.append, watched.stop), daemon=True)
    watched.thread.start()
    try:
        watched.until(lambda: bool(watched.turns))
        rules = tmp_path / "rules" / "walls.toml"
        sound = rules.read_text(encoding="utf-8")
        rules.write_text(sound.replace("kind", "kin", 1).replace("kind = ", "kin = ", 1), encoding="utf-8")
        watched.until(lambda: len(watched.turns) == 2)
        assert "walls.toml" in watched.turns[1].problem
        amounts = (tmp_path / "rules" / "amounts.toml").read_text(encoding="utf-8")
        rules.write_text(sound, encoding="utf-8")
        (tmp_path / "rules" / "amounts.toml").write_text(amounts + "\n# changed\n", encoding="utf-8")
        watched.until(lambda: len(watched.turns) == 3)
        assert watched.turns[2].summary
    finally:
        watched.stop.set()
        watched.thread.join(SLOW)


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "one.txt").write_text(article(1), encoding="utf-8")
    command = [sys.executable, "-m", "hkextract", "run", "corpus", "--watch", "--rules", str(ROOT / "rules")]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert "Ctrl-C ends it" in process.stdout.readline()
        assert "1 articles processed" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=SLOW)
    assert (process.returncode, errors) == (0, "")
    assert out.startswith("Ended.")
    assert not list(tmp_path.glob(".output*"))
