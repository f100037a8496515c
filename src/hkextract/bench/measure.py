"""The measurements: the whole path, its stages, the start, memory, two processes, and other tools in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hkextract.bench.corpus import write_corpus
from hkextract.bench.rivals import RIVALS, Loaded, RivalError, load
from hkextract.bench.turns import STRETCH, Comparison, Turns
from hkextract.inputs import find_files
from hkextract.run import Settings, Summary, run

FEW = 10
"""Articles of the short run: the shortest ones."""
REPEAT, ROUNDS = 5, 2
"""Repetitions of short runs and at most of long ones; the best of each counts."""


@dataclass
class Figures:
    """Everything that one bench measures. Sizes in characters and bytes, times in seconds, memory in bytes."""

    files: int = 0
    size: int = 0
    chars: int = 0
    mentions: int = 0
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    help_seconds: float = 0.0
    short_seconds: float = 0.0
    one_process: float = 0.0
    two_processes: float = 0.0
    memory: int = 0
    cores: int = 0

    @property
    def speedup(self) -> float:
        """How many times as fast two processes are as one; 0 where that was not measured."""
        return self.one_process / self.two_processes if self.two_processes else 0.0


Say = Callable[[str], None]


def measure(
    size: int, rules: Path, environments: Sequence[Path], say: Say, seed: int = 1, repeat: int = REPEAT
) -> Figures:
    """Writes a corpus of `size` bytes to a temporary folder and takes all measurements on it.

    `environments` are folders of virtualenvs to look for rivals in; `say` is told what is being measured.
    """
    figures = Figures(size=size, cores=_cores())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        corpus = folder / "corpus"
        say("Writing articles ...")
        figures.files = write_corpus(corpus, size, seed)
        figures.size = sum(path.stat().st_size for path in find_files(corpus))
        say("Start-up ...")
        _measure_start(figures, folder, corpus, rules, repeat)
        say("The whole path, and the others in turn ...")
        with _rivals(environments, figures) as rivals:
            _measure_path(figures, folder, corpus, rules, rivals)
        say("One process and two ...")
        _measure_processes(figures, folder, corpus, rules, repeat)
    return figures


def _measure_start(figures: Figures, folder: Path, corpus: Path, rules: Path, repeat: int) -> None:
    short = folder / "short"
    short.mkdir()
    for path in sorted(find_files(corpus), key=lambda path: path.stat().st_size)[:FEW]:
        shutil.copy(path, short)
    _command("run", short, "-o", folder / "out-short", "--rules", rules)  # what is kept of the rules is there after it
    figures.help_seconds = min(_command("--help")[0] for _ in range(repeat))
    figures.short_seconds = min(
        _command("run", short, "-o", folder / "out-short", "--rules", rules, "--no-cache")[0] for _ in range(repeat)
    )


def _measure_processes(figures: Figures, folder: Path, corpus: Path, rules: Path, repeat: int) -> None:
    """Whole runs of one process and of two, in turn; peak memory is that of the largest process of one."""
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(min(ROUNDS, repeat)):
        for jobs, found in times.items():
            if jobs > figures.cores:
                continue
            arguments = ("run", corpus, "-o", folder / "out-jobs", "--rules", rules, "--no-cache", "--jobs", str(jobs))
            seconds, memory = _command(*arguments)
            found.append(seconds)
            if jobs == 1:
                figures.memory = max(figures.memory, memory)
    figures.one_process, figures.two_processes = (min(found, default=0.0) for found in times.values())


@contextmanager
def _rivals(environments: Sequence[Path], figures: Figures) -> Iterator[list[Loaded]]:
    loaded = []
    for rival in RIVALS:
        try:
            loaded.append(load(rival, environments))
        except RivalError as error:
            figures.missing.append(f"{rival.name} {error}")
    try:
        yield loaded
    finally:
        for rival_loaded in loaded:
            rival_loaded.close()


def _measure_path(figures: Figures, folder: Path, corpus: Path, rules: Path, rivals: Sequence[Loaded]) -> None:
    """One run over everything beside the rivals that read text, one over web pages beside those that read pages."""
    turns = Turns([rival for rival in rivals if rival.rival.given != "pages"], corpus)
    summary = run(_settings(corpus, folder / "out", rules), turns.take)
    figures.chars = summary.raw_chars
    figures.mentions = sum(summary.rows[name] for name in ("amounts", "dates", "organisations"))
    figures.seconds = summary.wall - turns.paused
    figures.stages = dict(_stages(summary, figures.seconds))
    figures.comparisons = turns.comparisons(summary)
    readers = [rival for rival in rivals if rival.rival.given == "pages"]
    if readers:
        turns = Turns(readers, _web_pages(corpus, folder / "pages"))
        summary = run(_settings(folder / "pages", folder / "out", rules), turns.take)
        figures.comparisons += turns.comparisons(summary)
        figures.comparisons.sort(key=lambda found: found.stage_only)


def _web_pages(corpus: Path, folder: Path) -> Path:
    """A folder with some of the web pages of the corpus."""
    pages = [path for path in find_files(corpus) if path.suffix == ".html"]
    folder.mkdir()
    for path in pages[: max(2 * STRETCH, len(pages) // 4)]:
        shutil.copy(path, folder)
    return folder


def _stages(summary: Summary, whole: float) -> Iterator[tuple[str, float]]:
    """Seconds a stage of the run, and what no stage counts: loading the rules, finding files, passing results on."""
    yield from summary.seconds.items()
    yield "the rest", whole - sum(summary.seconds.values())


def _settings(corpus: Path, output: Path, rules: Path) -> Settings:
    """A run in this process that keeps nothing, since what is kept would be read instead of worked out."""
    return Settings(corpus, output, rules, jobs=1, cache=False)


_LAUNCHER = """
import os, subprocess, sys, time
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
if hasattr(os, "wait4"):
    _, status, usage = os.wait4(child.pid, 0)
    code, memory = os.waitstatus_to_exitcode(status), usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
else:
    code, memory = child.wait(), 0
print(time.perf_counter() - begun, memory, code)
"""
"""Runs a command and prints seconds, peak memory in bytes (0 where unknown) and exit code. It is a small process of its
own because a child's peak counts from that of the process that started it."""


def _command(*arguments: object) -> tuple[float, int]:
    """Runs `hkextract` in a process of its own; seconds and bytes of memory at the peak of its largest process.

    Raises `subprocess.CalledProcessError` where it fails.
    """
    command = [sys.executable, "-m", "hkextract", *map(str, arguments)]
    launcher = [sys.executable, "-S", "-c", _LAUNCHER, *command]
    done = subprocess.run(launcher, stdout=subprocess.PIPE, text=True, check=True)
    seconds, memory, code = done.stdout.split()
    if int(code) not in (0, 1):
        raise subprocess.CalledProcessError(int(code), command)
    return float(seconds), int(memory)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
