"""A process that dies costs nothing, and an article that kills every process is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from dying import ends, inputs_of
from hkextract.engines import Batch, Here, Processes, _Job
from hkextract.inputs import Input
from hkextract.rules import find_rules, load
from hkextract.run import Settings, run
from hkextract.worker import Task


def outcome(names: list[list[str]], folder: Path) -> list[list[str]]:
    batches: Iterator[Batch] = (inputs_of(batch, folder) for batch in names)
    return list(Processes(2)._map(_Job(ends, None, lambda given: f"lost {given.article_id}"), batches))


def test_results_come_in_order_and_empty_batches_cost_nothing(tmp_path: Path) -> None:
    names = [["a", "b"], [], ["c"], [], ["d"]] * 4
    assert outcome(names, tmp_path) == names
    assert outcome([[], []], tmp_path) == [[], []]


def test_what_a_dead_process_had_is_done_again(tmp_path: Path) -> None:
    names = [["a", "once1"], ["b"], ["once2", "c"], ["d"], ["e"]]
    assert outcome(names, tmp_path) == names


def test_an_article_that_ends_every_process_is_lost_alone(tmp_path: Path) -> None:
    names = [["a"], ["b", "doom", "c"], ["d"], ["e"]]
    assert outcome(names, tmp_path) == [["a"], ["b", "lost doom", "c"], ["d"], ["e"]]


def test_processes_end_with_the_run_however_it_ends(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom dying import inputs_of, waits\n"
        "from hkextract.engines import Processes, _Job\n"
        "batches = [inputs_of([name], Path(sys.argv[1])) for name in 'ab']\n"
        "list(Processes(2)._map(_Job(waits, None, str), batches))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.Popen([sys.executable, "-c", code, tmp_path], env=environment)
    written = [tmp_path / name for name in "ab"]
    assert _happens(lambda: all(path.exists() and path.read_text() for path in written))
    pids = [int(path.read_text(encoding="utf-8")) for path in written]
    run.kill()
    run.wait()
    assert _happens(lambda: not any(_alive(pid) for pid in pids))


def _happens(what: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    return what()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_whose_processes_are_killed_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(400):
        text = f"第{number}號渡輪去年（2023年）共載客{number + 100}萬人次，政府撥款3,000萬元。\n"
        (corpus / f"a{number:03d}.txt").write_text(text * 3, encoding="utf-8")
    run(Settings(corpus, tmp_path / "quiet", find_rules(), 1, cache=False))
    pools: list[ProcessPoolExecutor] = []
    start = _Job.start

    def remembered(self: _Job[object], jobs: int) -> ProcessPoolExecutor:
        pools.append(start(self, jobs))
        return pools[-1]

    monkeypatch.setattr(_Job, "start", remembered)
    killed: list[ProcessPoolExecutor] = []

    def kill(done: int, _: int | None) -> None:
        if len(killed) < 2 and done >= 20 and pools[-1] not in killed:
            killed.append(pools[-1])
            os.kill(next(iter(pools[-1]._processes)), signal.SIGKILL)

    summary = run(Settings(corpus, tmp_path / "killed", find_rules(), 2, cache=False), kill)
    assert len(killed) == 2
    assert (summary.articles, summary.failures) == (400, [])
    for path in (tmp_path / "quiet").glob("*.csv"):
        assert (tmp_path / "killed" / path.name).read_bytes() == path.read_bytes()


def test_a_process_that_is_killed_while_it_waits_for_work_holds_nobody_up(tmp_path: Path) -> None:
    code = (
        "import os, signal\nfrom pathlib import Path\nfrom dying import inputs_of, quick\n"
        "from hkextract.engines import Processes, _Job\n"
        "batches = [inputs_of([str(n)], Path('.')) for n in range(8)]\n"
        "for _ in range(6):\n"
        "    results = Processes(2)._map(_Job(quick, None, lambda _: 0), batches)\n"
        "    pids = [next(results)[0] for _ in batches]\n"
        "    os.kill(pids[-1], signal.SIGKILL)\n"
        "    assert next(results, None) is None\n"
        "print('over')\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, timeout=100, capture_output=True)
    assert (done.returncode, done.stdout.decode().strip()) == (0, "over"), done.stderr.decode()


def test_what_is_read_while_scanning_is_not_read_again(tmp_path: Path) -> None:
    batches = []
    for number in range(3):
        path = tmp_path / f"a{number}.txt"
        path.write_text(f"第{number}號渡輪去年共載客100萬人次。\n", encoding="utf-8")
        batches.append([Input(path.stem, path.name, path, "", "", 1)])
    task = Task(find_rules())
    for engine in (Here(load(find_rules())), Processes(2), Processes(2, load(find_rules()))):
        for [given] in batches:
            given.path.write_text(f"第{given.file[1]}號渡輪去年共載客100萬人次。\n", encoding="utf-8")
        assert [scanned.name for [scanned] in engine.scan(batches, task) if scanned] == ["a0", "a1", "a2"]
        for [given] in batches:
            given.path.unlink()
        assert [part.brief.failure for [part] in engine.process(batches, task)] == [None] * 3
