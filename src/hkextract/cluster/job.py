"""What every task of a run knows, and what a worker's process keeps of it from task to task."""

from __future__ import annotations

import json
import marshal
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock

from hkextract.cluster.storage import Storage
from hkextract.kept import package_digest
from hkextract.read.records import Columns
from hkextract.recurrence import Recurrence
from hkextract.review.reviews import Reviews
from hkextract.rules import Rules, load
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


def share_rules(job: Job, folder: Path) -> None:
    """Puts the rule files of a folder where every worker finds them, whatever machine it is on."""
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in (".toml", ".csv"))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    job.output.write(job.stage("rules", suffix=".bin"), marshal.dumps((package_digest(), files)))


def share_recurrence(job: Job, recurrence: Recurrence) -> None:
    """Puts what recurs where every worker finds it.

    In storage and not in workers' memory: data that is only scattered is lost with the last worker that holds it.
    """
    data = marshal.dumps((dict(recurrence.pairs), recurrence.alone))
    job.output.write(job.stage("recurrence", suffix=".bin"), data)


def share_reviews(job: Job, reviews: Reviews) -> None:
    """Puts what reviewers decided where every worker finds it."""
    job.output.write(
        job.stage("reviews", suffix=".json"),
        json.dumps(reviews.as_json(), ensure_ascii=False).encode("utf-8", "surrogatepass"),
    )


_lock = RLock()
_workers: dict[bytes, Worker] = {}
"""The worker of this process by a digest of the rules; the last one only."""
_recurrences: dict[str, Recurrence] = {}
"""What recurs in the corpus of a run, by its folder; the last one only."""
_reviews: dict[str, Reviews] = {}
"""What reviewers decided, likewise."""


def rules_of(job: Job) -> Rules:
    """The rules of a run; `OtherVersionError` where this machine has another program than the one that started it."""
    return _worker_of(job).pipeline.rules


def recurrence_of(job: Job) -> Recurrence:
    """What recurs in the corpus of a run."""
    with _lock:
        run = job.output.link(job.run)
        if run not in _recurrences:
            pairs, alone = marshal.loads(job.output.read(job.stage("recurrence", suffix=".bin")))
            _recurrences.clear()
            _recurrences[run] = Recurrence(pairs, alone)
        return _recurrences[run]


def reviews_of(job: Job) -> Reviews:
    """What reviewers decided about the articles of a run."""
    with _lock:
        run = job.output.link(job.run)
        if run not in _reviews:
            found = job.output.read(job.stage("reviews", suffix=".json")).decode("utf-8", "surrogatepass")
            _reviews.clear()
            _reviews[run] = Reviews.from_json(json.loads(found))
        return _reviews[run]


def worker_of(job: Job) -> Worker:
    """What processes the articles of a run; its rules are loaded once a process."""
    with _lock:
        worker = _worker_of(job)
        worker.task = Task(worker.task.rules, job.encoding, recurrence_of(job), reviews=reviews_of(job))
        return worker


def _worker_of(job: Job) -> Worker:
    with _lock:
        data = job.output.read(job.stage("rules", suffix=".bin"))
        if (key := blake2b(data).digest()) not in _workers:
            program, files = marshal.loads(data)
            if program != package_digest():
                raise OtherVersionError("A worker has another hkextract than the one that the run was started with.")
            with TemporaryDirectory(prefix="hkextract-rules-") as folder:
                for name, content in files.items():
                    path = Path(folder) / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
                _workers.clear()
                _workers[key] = Worker(Task(Path(folder)), load(Path(folder)))
        return _workers[key]
