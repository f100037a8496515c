"""The bench: what it writes, how it counts turns, what it reports."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from hkextract.bench.corpus import Writer, load_text, write_corpus
from hkextract.bench.measure import Figures, measure
from hkextract.bench.report import MARKS, chart, markdown, write
from hkextract.bench.rivals import RIVALS, Loaded, RivalError, load, load_there
from hkextract.bench.turns import STRETCH, Comparison, Turns
from hkextract.inputs import find_files
from hkextract.read import read
from hkextract.results import BATCH
from hkextract.rules import find_rules
from hkextract.run import Settings, Summary, run

SIZE = 600_000
JIEBA = next(rival for rival in RIVALS if rival.name == "jieba.lcut")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_corpus(folder, SIZE)
    return folder


def test_the_text_is_varied() -> None:
    text, frames = load_text()["text"], load_text()["frame"]
    assert len(set(text["sentences"])) == len(text["sentences"]) >= 150
    assert len({frame["id"] for frame in frames}) == len(frames) >= 12
    assert {frame["script"] for frame in frames} == {"hans", "hant"}
    assert len({frame["encoding"] for frame in frames}) >= 3


def test_every_slot_can_be_filled() -> None:
    writer = Writer(3)
    data = load_text()
    slots = {slot for values in data["slots"].values() for slot in values}
    for template in {*slots, *(line for lines in data["text"].values() for line in lines)}:
        assert not re.search(r"\{[a-z]", writer.fill(template)), template


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, corpus: Path) -> None:
    write_corpus(tmp_path, SIZE)
    other = tmp_path / "other"
    files = find_files(corpus)
    assert [p.read_bytes() for p in find_files(tmp_path)] == [p.read_bytes() for p in files]
    write_corpus(other, SIZE, seed=2)
    assert find_files(other)[0].read_bytes() != files[0].read_bytes()
    assert SIZE <= sum(path.stat().st_size for path in files) < SIZE * 1.2


def _steady(name: str, speed: float) -> Loaded:
    """A tool of a known speed."""
    return Loaded(replace(JIEBA, name=name), "0", lambda texts: sum(map(len, texts)) / speed)


@pytest.fixture(scope="module")
def done(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Turns]:
    """A run beside a fast tool and one that is so slow that a single turn uses up its time."""
    turns = Turns([_steady("fast", 1e9), _steady("slow", 100.0)], corpus)
    output = tmp_path_factory.mktemp("out") / "out"
    return run(Settings(corpus, output, find_rules(), jobs=1, cache=False), turns.take), turns


def test_the_articles_are_like_news(done: tuple[Summary, Turns]) -> None:
    summary, _ = done
    mentions = sum(summary.rows[table] for table in ("amounts", "dates", "organisations"))
    assert not summary.failures
    assert 50 < summary.raw_chars / mentions < 65
    assert summary.rows["furniture"] > 2 * sum(summary.status.values())
    assert summary.rows["repairs"] > 0


def test_turns_cover_all_articles_but_the_first_stretch(done: tuple[Summary, Turns], corpus: Path) -> None:
    summary, turns = done
    fast, _ = turns.comparisons(summary)
    files = find_files(corpus)
    assert len(files) > 2 * STRETCH
    assert fast.chars == sum(len(read(path, corpus).raw_text) for path in files[STRETCH:])
    assert fast.speed == pytest.approx(1e9)
    ours = summary.raw_chars / (summary.wall - turns.paused)
    assert fast.ratio == pytest.approx(ours / 1e9)
    assert fast.low <= fast.high


def test_a_slow_tool_reads_a_sample_only(done: tuple[Summary, Turns]) -> None:
    _, turns = done
    assert len(turns.of["fast"].chars) > len(turns.of["slow"].chars) == 1


def test_a_stretch_is_whole_batches() -> None:
    assert STRETCH % BATCH == 0


def test_a_tool_runs_in_another_environment() -> None:
    loaded = load_there(JIEBA, Path(sys.executable))
    try:
        assert loaded.seconds(["香港科技园公司拨款三亿元"] * 50) > 0
        assert loaded.version == load(JIEBA, ()).version
    finally:
        loaded.close()


def test_a_tool_that_is_nowhere_is_named() -> None:
    missing = replace(JIEBA, name="no tool", load=lambda: import_module("no_such_tool"))
    with pytest.raises(RivalError, match="not installed"):
        load(missing, (Path("/nowhere"),))


def _figures() -> Figures:
    found = [
        Comparison("jieba.lcut", "words", "1", 1000, 500.0, 3.04, 2.5, 3.5, False),
        Comparison("OpenCC", "script", "2", 1000, 5e6, 0.0312, 0.03, 0.04, True),
    ]
    return Figures(9, 3_000_000, 1_000_000, 25_000, 0.5, {"read": 0.1, "the rest": 0.4}, found, ["X is away"], 0.1, 1.2)


def test_the_report_holds_the_figures() -> None:
    text = markdown(_figures())
    assert "2,000,000 characters (6.00 MB) a second" in text
    assert "| jieba.lcut 1 | words | 500 | **3.0** | 2.5–3.5 | 1,000 characters |" in text
    assert "| read | 0.10 | 20.0 % | 10.00 |" in text
    assert "X is away" in text


def test_the_chart_is_svg_whose_bars_are_ratios() -> None:
    root = ET.fromstring(chart(_figures().comparisons))
    space = "{http://www.w3.org/2000/svg}"
    texts = [element.text for element in root.iter(f"{space}text")]
    assert {"jieba.lcut", "3.0", "OpenCC", "0.031"} <= set(texts)
    _, faster, slower = root.iter(f"{space}rect")
    one = float(faster.attrib["x"])
    assert float(slower.attrib["x"]) + float(slower.attrib["width"]) == pytest.approx(one, abs=0.2)
    assert float(slower.attrib["width"]) > float(faster.attrib["width"])


def test_figures_are_written_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    with pytest.raises(ValueError, match=re.escape(MARKS[0])):
        write(_figures(), tmp_path)
    page.write_text(f"before\n{MARKS[0]}\nold\n{MARKS[1]}\nafter\n", encoding="utf-8")
    write(_figures(), tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert (tmp_path / "images" / "bench.svg").exists()


def test_a_small_bench_measures_everything() -> None:
    said: list[str] = []
    figures = measure(60_000, find_rules(), (), said.append, repeat=1)
    assert figures.size >= 60_000
    assert 0 < figures.chars < figures.size
    assert "jieba.lcut" in {found.name for found in figures.comparisons}
    assert sum(figures.stages.values()) == pytest.approx(figures.seconds)
    assert 0 < figures.help_seconds < figures.short_seconds
    assert 50_000_000 < figures.memory < 1_500_000_000
    assert len(said) == 4
