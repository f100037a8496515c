"""The task that does the work: a partition's articles → Parquet parts, and what the tables over all articles need."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from hkextract.article import Failure
from hkextract.cluster.arrow import GROUP, TEXTS, Parts, as_text, read_part, schema_of, to_arrow
from hkextract.cluster.job import STAGE, Job, part_name, recurrence_of, reviews_of, worker_of
from hkextract.cluster.learn import seen_before
from hkextract.cluster.partition import Partition, opened
from hkextract.cluster.shuffle import write_buckets
from hkextract.engines import TRIES
from hkextract.inputs import Input
from hkextract.parts import EARLY, Part, as_bytes, chars_of, failed_part
from hkextract.reprints import COMMON, HEAD, LEAST
from hkextract.review.reviews import Reviews
from hkextract.run import Summary
from hkextract.tables import ARTICLES, to_csv

BATCH = 16
"""Articles that are processed between two looks at how much is waiting to be written."""
NAMED_FAILURES = 100
"""Failures of a partition that are handed on by name; all are rows of articles."""
DRAFT = f"{STAGE}/{ARTICLES.name}"
BRIEFS = f"{STAGE}/briefs"
NAMED = f"{STAGE}/named"
SCHEMAS = {table.name: schema_of(table) for table in EARLY} | {
    "texts": TEXTS,
    DRAFT: schema_of(ARTICLES),
    BRIEFS: pa.schema(
        [
            ("article_id", pa.string()),
            ("published_at", pa.string()),
            ("day", pa.string()),
            ("folder", pa.string()),
            ("sketch", pa.binary()),
            ("lines", pa.binary()),
            ("failed", pa.bool_()),
        ]
    ),
    NAMED: pa.schema(
        [
            ("row", pa.int32()),
            ("canonical", pa.string()),
            ("type", pa.string()),
            ("parent", pa.string()),
            ("surface", pa.string()),
            ("mentions", pa.int64()),
        ]
    ),
}
"""What a partition writes, by folder: the tables that no other partition touches, and the stage of the others."""
HEADS = pa.schema(
    [
        ("value", pa.uint64()),
        ("first", pa.uint64()),
        ("same", pa.uint64()),
        ("row", pa.int32()),
        ("published_at", pa.string()),
        ("article_id", pa.string()),
    ]
)
"""The smallest hashes of sketches: `first` is the sketch's smallest, `same` a hash of all of it."""


@dataclass(slots=True)
class Done:
    """What a partition came to; `counts` as in `run.Summary`. `marks` digests the lines that recur in its articles.

    `judged` are the ids of articles that reviewers decided about, `moved` the digests of those found under other ids.
    """

    articles: int = 0
    raw_chars: int = 0
    status: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    marks: str = ""
    again: bool = False
    judged: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def process(job: Job, number: int, partition: Partition, careful: bool = False) -> Done:
    """Processes a partition and writes its parts, under names that depend on its number alone.

    `careful` notes each article before it is begun, and gives up one that has ended its process `TRIES` times.
    """
    done = Summary()
    judged: list[str] = []
    moved: list[str] = []
    with opened(job.corpus, partition, job.columns, job.encoding) as here:
        given = here.articles(seen_before(job, partition))
        parts = _carefully(job, number, given) if careful else _parts(job, given)
        marks = _write(job, number, _noting(reviews_of(job), parts, judged, moved), done)
    _write_heads(job, number)
    failures = [(f.article_id, f.file, f.stage, f.message, f.encoding) for f in done.failures]
    result = Done(
        done.articles,
        done.raw_chars,
        dict(done.status),
        dict(done.rows),
        dict(done.seconds),
        failures[:NAMED_FAILURES],
        marks,
        any(f.stage == "process" or "could not be opened" in f.message for f in done.failures),
        judged,
        moved,
    )
    job.output.write(job.stage("done", number, ".json"), json.dumps(asdict(result), ensure_ascii=False).encode())
    return result


def _parts(job: Job, articles: Iterator[Input]) -> Iterator[tuple[Input, Part]]:
    worker = worker_of(job)
    while batch := list(islice(articles, BATCH)):
        yield from zip(batch, worker.process(batch), strict=True)


def _noting(
    reviews: Reviews, parts: Iterable[tuple[Input, Part]], judged: list[str], moved: list[str]
) -> Iterator[tuple[Input, Part]]:
    """The same, with a note of what reviewers decided about."""
    for given, part in parts:
        if given.article_id in reviews.by_article:
            judged.append(given.article_id)
        if part.digest in reviews.by_digest:
            moved.append(part.digest)
        yield given, part


def _carefully(job: Job, number: int, articles: Iterator[Input]) -> Iterator[tuple[Input, Part]]:
    """The same an article at a time; which one is under way stands in the stage, for the process that comes after."""
    name = job.stage("under-way", number, ".json")
    deaths: dict[str, int] = {}
    with suppress(FileNotFoundError):
        known = json.loads(job.output.read(name))
        deaths = known["deaths"]
        if known["now"]:
            deaths[known["now"]] = deaths.get(known["now"], 0) + 1
    for given in articles:
        if deaths.get(given.article_id, 0) >= TRIES:
            yield given, failed_part(Failure(given.article_id, given.file, "process", LOST))
            continue
        job.output.write(name, json.dumps({"deaths": deaths, "now": given.article_id}).encode())
        yield from _parts(job, iter([given]))
    job.output.write(name, json.dumps({"deaths": deaths, "now": ""}).encode())


class _Waiting:
    """Rows that wait to be written, by folder."""

    def __init__(self) -> None:
        self.csv: dict[str, list[bytes]] = {name: [] for name in (*(table.name for table in EARLY), DRAFT)}
        self.rows: dict[str, list[tuple[Any, ...]]] = {"texts": [], BRIEFS: [], NAMED: []}
        self.size = 0

    def add(self, row: int, given: Input, part: Part) -> None:
        """Takes the rows of the partition's article number `row`."""
        brief, body = part.brief, part.body
        for name, rows in (*body.csv.items(), (DRAFT, as_bytes(to_csv([brief.row])))):
            self.csv[name].append(rows)
            self.size += len(rows)
        if body.text is not None:
            raw = chars_of(body.raw) if body.raw is not None else None
            self.rows["texts"].append((brief.article_id, as_text(chars_of(body.text)), as_text(raw)))
            self.size += len(body.text) + len(body.raw or b"")
        failed = brief.failure is not None
        texts = (brief.article_id, brief.published_at, brief.day, as_text(given.folder))
        self.rows[BRIEFS].append((*texts, part.sketch, part.lines, failed))
        self.rows[NAMED] += [(row, *named) for named in brief.named]

    def put(self, parts: Parts) -> None:
        """Writes all and begins anew."""
        for table in EARLY:
            parts.write(table.name, to_arrow(table, chars_of(b"".join(self.csv[table.name]))))
        parts.write(DRAFT, to_arrow(ARTICLES, chars_of(b"".join(self.csv[DRAFT]))))
        for name, rows in self.rows.items():
            parts.write(name, _table(rows, SCHEMAS[name]))
        self.__init__()  # type: ignore[misc]


def _table(rows: list[tuple[Any, ...]], schema: Any) -> Any:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


def _write(job: Job, number: int, parts: Iterable[tuple[Input, Part]], done: Summary) -> str:
    """Writes all parts of a partition; returns the digest of what recurs in its articles."""
    recurrence = recurrence_of(job)
    marks = blake2b(digest_size=16)
    waiting = _Waiting()
    with Parts(job.output, job.run, part_name(number), SCHEMAS) as files:
        for row, (given, part) in enumerate(parts):
            waiting.add(row, given, part)
            done.add(part.brief)
            done.seconds.update(part.seconds)
            marks.update(recurrence.digest_of(given.folder, part.lines) + b"|")
            if waiting.size >= GROUP:
                waiting.put(files)
        waiting.put(files)
    return marks.hexdigest()


def marks_now(job: Job, run: str, number: int) -> str:
    """The digest of what recurs now in the articles of a partition of an earlier run."""
    recurrence = recurrence_of(job)
    marks = blake2b(digest_size=16)
    rows = read_part(job.output, f"{run}/{BRIEFS}/{part_name(number)}", ["folder", "lines"])
    for folder, lines in zip(rows["folder"].to_pylist(), rows["lines"].to_pylist(), strict=True):
        marks.update(recurrence.digest_of(folder, lines) + b"|")
    return marks.hexdigest()


def reuse(job: Job, number: int, run: str, old: int) -> Done | None:
    """Takes over what an earlier run wrote for a partition, or None where other lines recur in it now."""
    storage = job.output
    done = Done(**json.loads(storage.read(f"{run}/{STAGE}/done/{old:05}.json")))
    if done.again or done.marks != marks_now(job, run, old):
        return None
    for folder in SCHEMAS:
        storage.copy(f"{run}/{folder}/{part_name(old)}", f"{job.run}/{folder}/{part_name(number)}")
    _write_heads(job, number)
    storage.copy(f"{run}/{STAGE}/done/{old:05}.json", job.stage("done", number, ".json"))
    return done


def _write_heads(job: Job, number: int) -> None:
    """Writes the smallest hashes of the partition's sketches, in buckets."""
    briefs = read_part(job.output, f"{job.run}/{BRIEFS}/{part_name(number)}", ["article_id", "published_at", "sketch"])
    sketches = [np.frombuffer(data, np.uint64) for data in briefs["sketch"].to_pylist()]
    rows = [row for row, sketch in enumerate(sketches) if len(sketch) >= LEAST]
    heads = [sketches[row][:HEAD] for row in rows] or [np.zeros(0, np.uint64)]
    sizes = [len(head) for head in heads] if rows else []
    values = np.concatenate(heads)
    owners = np.repeat(np.array(rows, np.int32), sizes)
    firsts = np.repeat(np.array([head[0] for head in heads if len(head)], np.uint64), sizes)
    same = np.repeat(np.array([_hash(sketches[row]) for row in rows], np.uint64), sizes)
    kept = _enough(values, firsts)
    values, owners, firsts, same = values[kept], owners[kept], firsts[kept], same[kept]
    table = pa.table(
        [
            pa.array(values),
            pa.array(firsts),
            pa.array(same),
            pa.array(owners, pa.int32()),
            briefs["published_at"].take(owners),
            briefs["article_id"].take(owners),
        ],
        HEADS,
    )
    write_buckets(job.output, job.stage("heads", number), table, values % np.uint64(job.buckets), job.buckets)


def _enough(values: Any, firsts: Any) -> Any:
    """Which entries to hand on: of a value that is a standing phrase here already, no more than prove it one."""
    order = np.lexsort((firsts, values))
    value, first = values[order], firsts[order]
    opens = np.ones(len(value), bool)
    opens[1:] = value[1:] != value[:-1]
    new = opens.copy()
    new[1:] |= first[1:] != first[:-1]
    story = np.cumsum(new)
    group = np.cumsum(opens) - 1
    nth = story - story[opens][group]
    stories = np.bincount(group, weights=new) if len(group) else np.zeros(0)
    kept = np.ones(len(values), bool)
    kept[order] = (stories[group] <= COMMON) | (new & (nth <= COMMON))
    return kept


def _hash(sketch: Any) -> int:
    return int.from_bytes(blake2b(sketch.tobytes(), digest_size=8).digest(), "little")


LOST = "The worker was ended by the system while it worked on this article; it may be too large for the memory."


def summed(found: Iterable[Done]) -> Summary:
    """The counts of all partitions."""
    total = Summary()
    for done in found:
        total.articles += done.articles
        total.raw_chars += done.raw_chars
        total.status.update(Counter(done.status))
        total.rows.update(Counter(done.rows))
        total.seconds.update(done.seconds)
        total.failures += [Failure(*failure) for failure in done.failures]
    return total
