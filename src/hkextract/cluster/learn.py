"""The tasks before the work: numbering records, settling ids, and the sample that recurrence is learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from hkextract.cluster.job import Job, rules_of
from hkextract.cluster.partition import Opened, Partition, opened
from hkextract.inputs import digest_of
from hkextract.read.recordfiles import json_lines
from hkextract.read.records import is_records
from hkextract.recurrence import SAMPLE, Scanned, rank
from hkextract.worker import reading_of

_DIGEST = 12


@dataclass(frozen=True, slots=True)
class Outline:
    """A partition as far as planning needs it: its articles, the smallest rank of their ids, a digest of its bytes."""

    articles: int
    smallest: int
    digest: str


def count(job: Job, partition: Partition) -> tuple[int, int]:
    """The lines and records of a stretch of JSON lines; of Parquet nothing needs counting."""
    assert partition.stretch is not None
    lines = records = 0
    with opened(job.corpus, partition, job.columns, job.encoding) as here:
        for number, line in json_lines(here.inputs.files[0], partition.stretch.codec):
            lines = number
            records += line is None or not line.isspace()
    return lines, records


def outline(job: Job, number: int, partition: Partition) -> Outline:
    """Goes through the ids of a partition and leaves the ranks, and for a stretch all ids' digests, in the stage."""
    with opened(job.corpus, partition, job.columns, job.encoding) as here:
        seen = seen_before(job, partition)
        before = frozenset(seen)
        ranks = np.sort(np.fromiter((rank(given.article_id) for given in here.articles(seen)), dtype=np.uint64))
        job.output.write(job.stage("ranks", number, ".bin"), ranks[:SAMPLE].tobytes())
        if partition.stretch is not None:
            job.output.write(job.stage("ids", number, ".bin"), b"".join(sorted(seen - before)))
        return Outline(len(ranks), int(ranks[0]) if len(ranks) else 2**64 - 1, _digest(here))


def clashes(job: Job, numbers: Sequence[int]) -> list[int]:
    """Of the stretches of one file, in order, those with ids that stand before them; leaves these in the stage."""
    known: set[bytes] = set()
    found = []
    for number in numbers:
        own = _unpacked(job.output.read(job.stage("ids", number, ".bin")))
        if again := own & known:
            job.output.write(job.stage("seen", number, ".bin"), b"".join(sorted(again)))
            found.append(number)
        known |= own
    return found


def lowest_ranks(job: Job, numbers: Sequence[int]) -> bytes:
    """The smallest ranks of some partitions, as many as the sample takes."""
    found = [np.frombuffer(job.output.read(job.stage("ranks", number, ".bin")), np.uint64) for number in numbers]
    return np.sort(np.concatenate(found))[:SAMPLE].tobytes()


def scan(job: Job, partition: Partition, limit: int) -> list[Scanned]:
    """The articles of a partition that the sample takes: those whose ids rank up to `limit`."""
    with opened(job.corpus, partition, job.columns, job.encoding) as here:
        wanted = (given for given in here.articles(seen_before(job, partition)) if rank(given.article_id) <= limit)
        rules = rules_of(job)
        readings = ((given, reading_of(given, job.encoding, rules)) for given in wanted)
        return [found for given, reading in readings if (found := reading.scanned(given)) is not None]


def seen_before(job: Job, partition: Partition) -> set[bytes]:
    """The digests of those ids of a stretch that stand before it in its file."""
    return _unpacked(job.output.read(partition.seen)) if partition.seen else set()


def _unpacked(data: bytes) -> set[bytes]:
    return {data[at : at + _DIGEST] for at in range(0, len(data), _DIGEST)}


def _digest(here: Opened) -> str:
    """A digest of the bytes of record files; other files are told by their stamps, without reading them."""
    found = blake2b(digest_size=16)
    for path in here.inputs.files:
        if is_records(path):
            found.update(digest_of(path).encode())
    return found.hexdigest()
