"""What every task of a run knows, and what a worker's process keeps of it from task to task."""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from hkextract.cluster.storage import Storage
from hkextract.kept import package_digest
from hkextract.read.records import Columns
from hkextract.recurrence import Recurrence
from hkextract.worker import Task, Worker

STAGE = "_stage"
"""Folder, within that of a run, of what stages hand on; begins with `_`, so that readers of Parquet pass over it."""
PER_BUCKET = 8
"""Partitions for each bucket of the shuffles."""


class OtherVersionError(Exception):
    """The program differs between the machines of a cluster."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run: where it reads and writes, how records are read, and into how many buckets it shuffles."""

    corpus: Storage
    output: Storage
    run: str
    columns: Columns
    encoding: str | None
    partitions: int = 0

    @property
    def buckets(self) -> int:
        return max(1, -(-self.partitions // PER_BUCKET))

    def stage(self, kind: str, number: int | None = None, suffix: str = ".arrow") -> str:
        """The name of what a stage hands on, for a partition or bucket or for the whole run."""
        return f"{self.run}/{STAGE}/{kind}" + (f"/{number:05}" if number is not None else "") + suffix

    def part(self, table: str, number: int) -> str:
        """The name of a part of a table."""
        return f"{self.run}/{table}/{part_name(number)}"


def part_name(number: int) -> str:
    """The name of the part that a partition writes."""
    return f"part-{number:05}.parquet"


def share(job: Job, rules: dict[str, bytes], recurrence: Recurrence) -> None:
    """Puts rule files and what recurs where every worker finds them.

    In storage and not in workers' memory: data that is only scattered is lost with the last worker that holds it.
    """
    data = marshal.dumps((package_digest(), rules, dict(recurrence.pairs), recurrence.alone))
    job.output.write(job.stage("common", suffix=".bin"), data)


def rule_bytes(folder: Path) -> dict[str, bytes]:
    """The rule files of a folder by name."""
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in (".toml", ".csv"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


_lock = Lock()
_kept: dict[str, tuple[Recurrence, TemporaryDirectory[str], list[Worker]]] = {}


def recurrence_of(job: Job) -> Recurrence:
    """What recurs in the corpus of a run."""
    with _lock:
        return _common(job)[0]


def worker_of(job: Job) -> Worker:
    """The worker of a run, made once a process."""
    with _lock:
        recurrence, folder, made = _common(job)
        if not made:
            made.append(Worker(Task(Path(folder.name), job.encoding, recurrence)))
        return made[0]


def _common(job: Job) -> tuple[Recurrence, TemporaryDirectory[str], list[Worker]]:
    key = job.output.link(job.run)
    if key not in _kept:
        _kept.clear()
        program, rules, pairs, alone = marshal.loads(job.output.read(job.stage("common", suffix=".bin")))
        if program != package_digest():
            raise OtherVersionError(
                "A worker has another version of hkextract than the one that the run was started with."
            )
        folder = TemporaryDirectory(prefix="hkextract-rules-")
        for name, data in rules.items():
            path = Path(folder.name) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _kept[key] = Recurrence(pairs, alone), folder, []
    return _kept[key]
