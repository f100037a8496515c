"""The tasks behind the work: the table of articles with what repeats what, and the index of organisations."""

from __future__ import annotations

from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from hkextract.cluster.arrow import read_part, schema_of, to_arrow, write_part
from hkextract.cluster.copies import copies_of
from hkextract.cluster.job import Job, part_name
from hkextract.cluster.process import BRIEFS, DRAFT, NAMED
from hkextract.cluster.shuffle import read_bucket, write_buckets
from hkextract.gather import OrganisationIndex
from hkextract.parts import Brief
from hkextract.tables import ARTICLES, ORGANISATION_INDEX, to_csv

COUNTS = pa.schema(
    [
        ("canonical", pa.string()),
        ("type", pa.string()),
        ("parent", pa.string()),
        ("aliases", pa.list_(pa.string())),
        ("mentions", pa.int64()),
        ("articles", pa.int64()),
        ("copied_mentions", pa.int64()),
        ("copied_articles", pa.int64()),
        ("first", pa.string()),
        ("last", pa.string()),
    ]
)
"""`gather.Counts` as columns."""
INDEX_PARTITIONS = 64
"""Partitions for each part of the index of organisations."""


def index_parts(job: Job) -> int:
    """The number of parts of the index."""
    return -(-job.partitions // INDEX_PARTITIONS)


def finish(job: Job, number: int) -> int:
    """Writes a partition's part of the table of articles, and counts its organisations; returns its copies."""
    file = part_name(number)
    copies = copies_of(job, number)
    articles = read_part(job.output, f"{job.run}/{DRAFT}/{file}")
    for name, at in (("duplicate_of", 0), ("overlap", 1)):
        column = articles[name].to_pylist()
        for row, copy in copies.items():
            column[row] = copy[at]
        place = articles.schema.get_field_index(name)
        articles = articles.set_column(place, articles.schema.field(place), pa.array(column, articles[name].type))
    write_part(job.output, job.part(ARTICLES.name, number), articles.cast(schema_of(ARTICLES)))
    _count(job, number, frozenset(copies))
    return len(copies)


def _count(job: Job, number: int, copies: frozenset[int]) -> None:
    file = part_name(number)
    briefs = read_part(job.output, f"{job.run}/{BRIEFS}/{file}", ["article_id", "day"])
    ids, days = briefs["article_id"].to_pylist(), briefs["day"].to_pylist()
    named = read_part(job.output, f"{job.run}/{NAMED}/{file}")
    index = OrganisationIndex()
    for row, group in groupby(
        zip(*(named[name].to_pylist() for name in named.schema.names), strict=True), itemgetter(0)
    ):
        brief = Brief(ids[row], (), days[row], tuple(found[1:] for found in group))
        index.add(brief)
        if row in copies:
            index.mark_copy(brief)
    counts = list(index.counts())
    table = pa.Table.from_pylist([dict(zip(COUNTS.names, row, strict=True)) for row in counts], COUNTS)
    buckets = np.fromiter((_bucket(row[0], index_parts(job)) for row in counts), np.int64, len(counts))
    write_buckets(job.output, job.stage("counts", number), table, buckets, index_parts(job))


def _bucket(name: str, parts: int) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little") % parts


def gather_index(job: Job, bucket: int) -> int:
    """Writes a part of the index of organisations, in order of their names; returns the number of them."""
    index = OrganisationIndex()
    names = [job.stage("counts", number) for number in range(job.partitions)]
    for batch in read_bucket(job.output, names, bucket):
        columns: list[list[Any]] = [batch.column(name).to_pylist() for name in COUNTS.names]
        index.merge(zip(*columns, strict=True))
    rows = to_arrow(ORGANISATION_INDEX, to_csv(index.rows()))
    write_part(job.output, job.part(ORGANISATION_INDEX.name, bucket), rows)
    return len(index)
