"""A run on a cluster, from the process that the user started: it hands out tasks and holds nothing large."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dask
import numpy as np
from distributed import Client, Future, LocalCluster, as_completed
from distributed.scheduler import KilledWorker

from hkextract import rules as rule_files
from hkextract.cluster import copies, finish, learn
from hkextract.cluster.arrow import to_arrow, write_part
from hkextract.cluster.commit import Current, check, commit, current, described, new_run
from hkextract.cluster.job import STAGE, Job, share_recurrence, share_reviews, share_rules
from hkextract.cluster.listing import JSON_LINES, SIZE, list_files, may_split, numbered, partitions, split
from hkextract.cluster.partition import Partition, place_of
from hkextract.cluster.process import Done, process, reuse, summed
from hkextract.cluster.storage import Storage
from hkextract.kept import package_digest
from hkextract.parts import EARLY
from hkextract.read.records import Columns, is_records
from hkextract.recurrence import SAMPLE, Recurrence, Sample
from hkextract.results import LIBRARIES
from hkextract.review.log import FOLDER, NAME, read_lines
from hkextract.review.reviews import Reviews, gathered
from hkextract.run import Progress, Summary
from hkextract.tables import ARTICLES, ORGANISATION_INDEX, ORPHANS, to_csv

RETRIES = 2
"""Times that a task is tried again after an error, such as a storage that does not answer."""
CAREFUL = 50
"""Times that a partition whose workers die is given to another one; each gives up the article that ends them."""
TOGETHER = 100
"""Partitions whose ranks one task brings together."""


class ClusterError(Exception):
    """The cluster cannot be used or could not do the work; the message says why."""


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What a run is asked to do. Corpus and output are paths or URLs; `scheduler` None starts workers here.

    `jobs` counts these workers, 0 for one a core; without `cache` nothing is taken over from the run before. `size`
    counts the bytes of a partition.
    """

    corpus: str
    output: str
    rules: Path
    scheduler: str | None = None
    jobs: int = 0
    encoding: str | None = None
    columns: Columns = field(default_factory=Columns)
    cache: bool = True
    size: int = SIZE


def run_cluster(settings: ClusterSettings, progress: Progress | None = None, client: Client | None = None) -> Summary:
    """Processes a corpus on a cluster and makes the result the current run of the output.

    Raises `StorageError` for a corpus or an output that cannot be used, `RuleError` for a faulty rule file and
    `ClusterError` where the work could not be done; the run before then stays the current one. A `client` of one's own
    is used instead of a scheduler's address.
    """
    begun = time.perf_counter()
    rules = rule_files.load(settings.rules)
    corpus, output = Storage(settings.corpus), Storage(settings.output)
    check(output)
    files = list_files(corpus)
    if not files:
        return Summary()
    job = Job(corpus, output, new_run(), settings.columns, settings.encoding)
    try:
        with _connected(settings, client) as connected:
            total = _Run(settings, job, connected, rules.digest, progress).go(list(partitions(files, settings.size)))
    except BaseException:
        with suppress(Exception):
            output.remove(job.run)
        raise
    total.wall = time.perf_counter() - begun
    return total


@contextmanager
def _connected(settings: ClusterSettings, client: Client | None) -> Iterator[Client]:
    """A client of the cluster; one that is started here is ended too."""
    if client is not None:
        yield client
        return
    if settings.scheduler:
        try:
            found = Client(settings.scheduler, timeout=30)
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"No scheduler answers at {settings.scheduler}: {error}.") from None
        with found:
            yield found
        return
    jobs = settings.jobs or os.cpu_count() or 1
    with (
        dask.config.set({"distributed.admin.tick.limit": "1h", "distributed.logging.distributed": "error"}),
        LocalCluster(
            n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster) as found,
    ):
        yield found


class _Run:
    """The stages of a run, one behind the other."""

    def __init__(
        self, settings: ClusterSettings, job: Job, client: Client, rules_digest: str, progress: Progress | None
    ) -> None:
        self.settings, self.job, self.client, self.progress = settings, job, client, progress
        self.rules_digest = rules_digest
        self.stages: dict[str, dict[str, float]] = {}
        self.kept = 0
        self.reviews = Reviews()

    def go(self, whole: list[Partition]) -> Summary:
        """Everything from partitions of files to the committed run."""
        begun = time.perf_counter()
        settings, output = self.settings, self.job.output
        parts = self._split(whole)
        self.job = replace(self.job, partitions=len(parts))
        parts, outlines = self._outlined(parts)
        share_rules(self.job, settings.rules)
        share_recurrence(self.job, self._learn(parts, outlines))
        self.reviews = reviews = _reviews(self.job.corpus, parts)
        share_reviews(self.job, reviews)
        fingerprints = [self._fingerprint(part, found) for part, found in zip(parts, outlines, strict=True)]
        known = current(output)
        done = self._process(parts, fingerprints, known if settings.cache else None, sum(o.articles for o in outlines))
        total = summed(done)
        total.kept = self.kept
        lost = reviews.lost({name for one in done for name in one.judged}, {name for one in done for name in one.moved})
        total.rows[ORPHANS.name] += len(lost)
        self._copies()
        self._map(finish.finish, [(number,) for number in range(len(parts))])
        index = self._map(finish.gather_index, [(number,) for number in range(finish.index_parts(self.job))])
        total.rows[ORGANISATION_INDEX.name] = sum(index)
        total.wall = time.perf_counter() - begun
        counts = {table.name: len(parts) for table in (ARTICLES, *EARLY)} | {"texts": len(parts)}
        counts[ORGANISATION_INDEX.name] = len(index)
        if lost:
            write_part(output, self.job.part(ORPHANS.name, len(parts)), to_arrow(ORPHANS, to_csv(lost)))
            counts[ORPHANS.name] += 1
        self._put(f"{STAGE}/partitions.json", fingerprints)
        self._put("datapackage.json", described(version("hkextract"), counts))
        self._put("run.json", self._manifest(total, len(parts), sum(part.size for part in whole)))
        commit(output, self.job.run, counts)
        return total

    def _split(self, whole: list[Partition]) -> list[Partition]:
        """The partitions, with large record files cut into stretches that know what stands before them."""
        size = self.settings.size
        large = [part for part in whole if may_split(part, size)]
        calls = [(part, self.settings.columns, self.settings.encoding, size) for part in large]
        stretches = dict(zip(large, self._map(split, calls, self.job.corpus), strict=True))
        lines = [
            part
            for found in stretches.values()
            for part in found
            if part.span and Path(part.files[0].name).suffix.lower() in JSON_LINES
        ]
        counts = dict(zip(lines, self._map(learn.count, [(part,) for part in lines]), strict=True))
        parts: list[Partition] = []
        for part in whole:
            found = stretches.get(part, [part])
            parts += numbered(found, [counts[one] for one in found]) if found[0] in counts else found
        return parts

    def _outlined(self, parts: list[Partition]) -> tuple[list[Partition], list[learn.Outline]]:
        """The partitions with the ids that a stretch must not use again, and the outline of each."""
        outlines = self._map(learn.outline, list(enumerate(parts)))
        by_file: dict[str, list[int]] = {}
        for number, part in enumerate(parts):
            if part.span is not None:
                by_file.setdefault(part.files[0].name, []).append(number)
        for found in self._map(learn.clashes, [(numbers,) for numbers in by_file.values()]):
            for number in found:
                parts[number] = replace(parts[number], seen=self.job.stage("seen", number, ".bin"))
        again = [number for number, part in enumerate(parts) if part.seen]
        for number, outline in zip(again, self._map(learn.outline, [(n, parts[n]) for n in again]), strict=True):
            outlines[number] = outline
        return parts, outlines

    def _learn(self, parts: list[Partition], outlines: list[learn.Outline]) -> Recurrence:
        """What recurs in the corpus, learnt from the articles whose ids have the smallest hashes."""
        groups = [list(range(at, min(at + TOGETHER, len(parts)))) for at in range(0, len(parts), TOGETHER)]
        found = [np.frombuffer(ranks, np.uint64) for ranks in self._map(learn.lowest_ranks, [(g,) for g in groups])]
        lowest = np.sort(np.concatenate(found))[:SAMPLE]
        limit = int(lowest[-1]) if len(lowest) else 0
        calls = [(part, limit) for part, outline in zip(parts, outlines, strict=True) if outline.smallest <= limit]
        sample = Sample()
        for scanned in self._map(learn.scan, calls):
            for file in scanned:
                if sample.wants(file.name):
                    sample.add(file)
        return sample.learn()

    def _process(
        self, parts: list[Partition], fingerprints: list[str], known: Current | None, articles: int
    ) -> list[Done]:
        """The work itself; what an earlier run did is taken over where nothing that matters has changed."""
        begun = time.perf_counter()
        earlier = self._earlier(known)
        waiting: dict[Future, tuple[int, int]] = {}
        for number, print_ in enumerate(fingerprints):
            if known and print_ in earlier:
                waiting[self._submit(reuse, number, known.run, earlier[print_])] = number, -1
            else:
                waiting[self._submit(process, number, parts[number])] = number, 0
        done: dict[int, Done] = {}
        finished = as_completed(list(waiting))
        for future in finished:
            number, tries = waiting.pop(future)
            error = future.exception()
            result = None if error else future.result()
            if result is not None:
                done[number] = result
                self.kept += result.articles if tries < 0 else 0
                if self.progress:
                    self.progress(sum(one.articles for one in done.values()), articles)
                continue
            if error is not None and (not isinstance(error, KilledWorker) or tries == CAREFUL):
                raise _readable(error)
            again = self._submit(process, number, parts[number], error is not None)
            waiting[again] = number, tries + 1
            finished.add(again)
        self._note("process", begun, len(parts), [])
        return [done[number] for number in range(len(parts))]

    def _earlier(self, known: Current | None) -> dict[str, int]:
        """The partitions of the current run by fingerprint."""
        if known is None:
            return {}
        try:
            prints = json.loads(self.job.output.read(f"{known.run}/{STAGE}/partitions.json"))
        except (OSError, ValueError):
            return {}
        return {print_: number for number, print_ in enumerate(prints)}

    def _copies(self) -> None:
        """Finds the reprints, stage by stage; see `copies`."""
        buckets = [(number,) for number in range(self.job.buckets)]
        for stage in (copies.pair_up, copies.attach, copies.compare):
            self._map(stage, buckets)
        self._map(copies.settle, [()])

    def _submit(self, function: Callable[..., Any], *call: Any, first: Any = None) -> Future:
        return self.client.submit(function, first or self.job, *call, pure=False, retries=RETRIES)

    def _map(self, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], first: Any = None) -> list[Any]:
        """The results of a task for each call, in their order."""
        begun = time.perf_counter()
        futures = [self._submit(function, *call, first=first) for call in calls]
        places = {future: number for number, future in enumerate(futures)}
        results: list[Any] = [None] * len(calls)
        for future in as_completed(futures):
            if (error := future.exception()) is not None:
                raise _readable(error)
            results[places[future]] = future.result()
        self._note(function.__name__, begun, len(calls), results)
        return results

    def _note(self, stage: str, begun: float, tasks: int, results: list[Any]) -> None:
        """Keeps what a stage took, for run.json."""
        known = self.stages.setdefault(stage, {"tasks": 0, "seconds": 0.0})
        known["tasks"] += tasks
        known["seconds"] = round(known["seconds"] + time.perf_counter() - begun, 3)
        if results and all(isinstance(result, int) for result in results):
            known["rows"] = known.get("rows", 0) + sum(results)

    def _fingerprint(self, part: Partition, outline: learn.Outline) -> str:
        """A digest of all that the results of a partition follow from, but for what recurs."""
        settings = self.settings
        base = [self.rules_digest, package_digest(), sys.version, repr(settings.encoding), repr(settings.columns)]
        base += [f"{name} {version(name)}" for name in LIBRARIES]
        for file in part.files:
            stamp = file.stamp.partition("|")[2] if is_records(Path(file.name)) else file.stamp
            base.append(f"{file.name} {file.article_id} {stamp}")
        seen = blake2b(self.job.output.read(part.seen)).hexdigest() if part.seen else ""
        base += [outline.digest, repr(part.stretch), seen, str(self.job.buckets)]
        base += [self.reviews.digest_in(file.article_id) for file in part.files]
        return blake2b("\0".join(base).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _put(self, name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        self.job.output.write(f"{self.job.run}/{name}", text.encode("utf-8", "replace"))

    def _written(self) -> dict[str, int]:
        """Bytes written so far, by table and by what the stages handed on."""
        output, run = self.job.output, self.job.run
        folders = [name for name in output.names(run) if name != STAGE]
        folders += [f"{STAGE}/{name}" for name in output.names(f"{run}/{STAGE}")]
        return {name: int(output.fs.du(output.at(f"{run}/{name}"))) for name in folders if not name.endswith(".json")}

    def _manifest(self, total: Summary, parts: int, size: int) -> dict[str, Any]:
        settings = self.settings
        return {
            "program": {"hkextract": version("hkextract")}
            | {name: version(name) for name in (*LIBRARIES, "distributed", "pyarrow")},
            "engine": {"name": "dask", "partitions": parts, "partition_bytes": settings.size}
            | {"stages": self.stages, "bytes": self._written()},
            "corpus": settings.corpus,
            "corpus_bytes": size,
            "rules": {"folder": str(settings.rules), "digest": self.rules_digest},
            "encoding": settings.encoding,
            "columns": settings.columns.named(),
            **total.as_json(),
        }


def _reviews(corpus: Storage, parts: Sequence[Partition]) -> Reviews:
    """What reviewers decided about the articles of a corpus; the log lies where it does for runs on one machine."""
    place = place_of(corpus, f"{FOLDER}/{NAME}")
    if not corpus.fs.exists(place):
        return Reviews()
    ids = {file.article_id for part in parts for file in part.files}
    return gathered(read_lines(corpus.fs.cat_file(place), place), ids.__contains__)


def _readable(error: BaseException) -> BaseException:
    """An error of a task as the user should read it."""
    if isinstance(error, KilledWorker):
        return ClusterError("The workers of the cluster die again and again; they may have too little memory.")
    return ClusterError(f"A task of the cluster failed: {type(error).__name__}: {error}")
