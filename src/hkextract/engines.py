"""Who does the work of a run: this process, or a pool of processes on this machine.

Batches go out, parts come back in the order of the batches. A process that dies (killed, out of memory, a fault in a
library) costs nothing: what it had is done again, and an article that kills its process every time is reported as one
that could not be processed.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from hkextract.article import Failure
from hkextract.inputs import Input
from hkextract.parts import Part, failed_part
from hkextract.recurrence import Scanned
from hkextract.rules import Rules, load
from hkextract.worker import Reading, Task, Worker, reading_of

AHEAD = 4
"""Batches that wait for each process: enough to keep it busy, few enough to bound memory."""
KEPT = 10_000_000
"""Characters that are read once and not twice where one process does all: 50 MB."""
PATIENCE = 2.0
"""Seconds that the end of a pool's own thread is waited for."""
TRIES = 3
"""Times that an article may end its process before it is given up."""

Batch = Sequence[Input]
T = TypeVar("T")


class Engine(Protocol):
    """What a run asks of an engine: both give back results in the order of the batches."""

    def scan(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Scanned | None]]:
        """The lines of articles, for learning what recurs."""

    def process(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Part]]:
        """The parts of articles; an empty batch gives an empty list."""


@dataclass(slots=True)
class Here:
    """This process alone. What it reads while scanning is kept for processing, up to `KEPT` characters."""

    rules: Rules
    _readings: dict[str, Reading] = field(default_factory=dict)
    _chars: int = 0

    def scan(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Scanned | None]]:
        for batch in batches:
            yield [self._read(given, task).scanned(given) for given in batch]

    def _read(self, given: Input, task: Task) -> Reading:
        reading = reading_of(given, task.encoding, self.rules)
        self._chars += sum(map(len, reading.lines))
        if self._chars <= KEPT:
            self._readings[given.article_id] = reading
        return reading

    def process(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Part]]:
        worker: Worker | None = None
        for batch in batches:
            worker = worker or (Worker(task, self.rules) if batch else None)
            readings = {
                name: self._readings.pop(name) for given in batch if (name := given.article_id) in self._readings
            }
            yield worker.process(batch, readings) if worker else []


@dataclass(slots=True)
class Processes:
    """So many processes on this machine. What they read while scanning is kept for processing, up to `KEPT`
    characters."""

    jobs: int
    rules: Rules | None = None
    _readings: dict[str, bytes] = field(default_factory=dict)
    _bytes: int = 0

    def scan(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Scanned | None]]:
        for found in self._map(_Job(_scan, task, lambda _: (None, b""), self.rules), batches):
            for scanned, reading in found:
                self._bytes += len(reading)
                if scanned is not None and self._bytes <= KEPT * 3:  # bytes of a hanzi
                    self._readings[scanned.name] = reading
            yield [scanned for scanned, _ in found]

    def process(self, batches: Iterable[Batch], task: Task) -> Iterator[list[Part]]:
        return self._map(_Job(_process, task, _lost, self.rules), map(self._with_readings, batches))

    def _with_readings(self, batch: Batch) -> Batch:
        return [replace(given, reading=self._readings.pop(given.article_id, b"")) for given in batch]

    def _map(self, job: _Job[T], batches: Iterable[Batch]) -> Iterator[list[T]]:
        pool: ProcessPoolExecutor | None = None
        waiting: deque[tuple[Batch, Future[list[T]]]] = deque()
        source = iter(batches)
        broken = 0
        try:
            while True:
                while len(waiting) < AHEAD * self.jobs and (batch := next(source, None)) is not None:
                    pool = pool or (job.start(self.jobs) if batch else None)
                    waiting.append((batch, job.submit(pool, batch)))
                if not waiting:
                    return
                try:
                    result = waiting[0][1].result()
                except BrokenExecutor:
                    job.end(pool)
                    broken += 1
                    if broken == TRIES:
                        yield job.carefully(waiting.popleft()[0])
                        broken = 0
                    pool = job.start(self.jobs)
                    waiting = deque((batch, job.submit(pool, batch)) for batch, _ in waiting)
                    continue
                waiting.popleft()
                broken = 0
                yield result
        finally:
            job.end(pool)


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    """What the processes of a pool do, and what stands for an article that none of them survives."""

    function: Callable[[Batch], list[T]]
    task: Task | None
    lost: Callable[[Input], T]
    rules: Rules | None = None

    def start(self, jobs: int) -> ProcessPoolExecutor:
        """A pool. Its processes are copies of this one, with all that is built from the rules, where this one has no
        other thread that might hold a lock at that moment; else they load the rules."""
        if sys.platform == "linux" and threading.active_count() == 1:
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)  # numpy's own
            _begin(self.task, self.rules)
            if self.function is _process:
                _the_worker()
            return ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _end_with_parent)
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            context.set_forkserver_preload(["hkextract.worker"])
        return ProcessPoolExecutor(jobs, context, _begin_apart, (self.task,))

    def submit(self, pool: ProcessPoolExecutor | None, batch: Batch) -> Future[list[T]]:
        future: Future[list[T]] = Future()
        if not batch or not pool:
            future.set_result([])
            return future
        try:
            return pool.submit(self.function, batch)
        except BrokenExecutor as error:
            future.set_exception(error)
            return future

    def end(self, pool: ProcessPoolExecutor | None) -> None:
        """Ends a pool at once. Its processes hold nothing any more, and one that waits for work may wait for good:
        another that was killed may have taken the lock of the queue with it."""
        if pool is None:
            return
        processes = list((pool._processes or {}).values())
        thread: Any = pool._executor_manager_thread
        with suppress(OSError):
            pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(OSError, ValueError):
                process.terminate()
        if thread:
            thread.join(PATIENCE)

    def carefully(self, batch: Batch) -> list[T]:
        """A batch an article at a time, each in a process of its own if need be."""
        return [self._alone(given) for given in batch]

    def _alone(self, given: Input) -> T:
        for _ in range(TRIES):
            pool = self.start(1)
            try:
                return self.submit(pool, [given]).result()[0]
            except BrokenExecutor:
                continue
            finally:
                self.end(pool)
        return self.lost(given)


def _lost(given: Input) -> Part:
    message = "The program was ended by the system while it worked on this article; it may be too large for the memory."
    return failed_part(Failure(given.article_id, given.file, "process", message))


_task: Task | None = None
_rules: Rules | None = None
_worker: Worker | None = None


def _begin(task: Task | None, rules: Rules | None = None) -> None:
    global _task, _rules, _worker
    _task, _rules, _worker = task, rules, None


def _begin_apart(task: Task | None) -> None:
    _begin(task)
    _end_with_parent()


def _end_with_parent() -> None:
    """Ends this process when the one that started the run is gone, however it went."""

    def wait() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _the_worker() -> Worker:
    global _worker
    assert _task is not None
    _worker = _worker or Worker(_task, _rules)
    return _worker


def _scan(batch: Batch) -> list[tuple[Scanned | None, bytes]]:
    global _rules
    assert _task is not None
    _rules = _rules or load(_task.rules)
    found = [(given, reading_of(given, _task.encoding, _rules)) for given in batch]
    return [(reading.scanned(given), pickle.dumps(reading, pickle.HIGHEST_PROTOCOL)) for given, reading in found]


def _process(batch: Batch) -> list[Part]:
    return _the_worker().process(batch)
