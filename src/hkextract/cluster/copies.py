"""Reprints on a cluster: candidate pairs by the hashes of sketches, compared where both sketches are at hand.

The rule is that of `reprints.find_copies`, settled pair by pair: two articles are compared where they share enough
hashes that are no standing phrases; `reprints.decide` then goes through the pairs that overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hkextract.cluster.arrow import read_part, write_part
from hkextract.cluster.job import PER_BUCKET, Job, part_name
from hkextract.cluster.process import BRIEFS, HEADS
from hkextract.cluster.shuffle import read_bucket, write_buckets
from hkextract.reprints import NO_HASH, SHARED, SIZE, Sketches, decide, standing

Array = Any
PIECE = 100_000
"""Pairs that are Python objects at a time."""
_SIDES = [("later", pa.uint64()), ("earlier", pa.uint64())]
PAIRS = pa.schema(_SIDES)
"""Two articles, each as `place`: the number of its partition, then its row there."""
_SIDE = [("sketch", pa.large_binary()), ("published_at", pa.string()), ("article_id", pa.string())]
HALF = pa.schema([("later", pa.uint64()), ("earlier", pa.large_list(pa.uint64())), *_SIDE])
"""An article, and the earlier ones of a group of partitions that it may be a copy of."""
EDGES = pa.schema(
    [*_SIDES, ("overlap", pa.float64())]
    + [(f"{side}_{name}", pa.string()) for side in ("later", "earlier") for name in ("published_at", "article_id")]
)
_ARTICLE = pa.schema([("place", pa.uint64()), ("published_at", pa.string()), ("article_id", pa.string())])
COPIES = pa.schema(
    [("partition", pa.int32()), ("row", pa.int32()), ("duplicate_of", pa.string()), ("overlap", pa.float64())]
)


def place(partition: Array, row: Array) -> Array:
    """An article of the run as one number."""
    return (np.asarray(partition, np.uint64) << np.uint64(32)) | np.asarray(row, np.uint64)


def partition_of(places: Array) -> Array:
    return (places >> np.uint64(32)).astype(np.int64)


def row_of(places: Array) -> Array:
    return (places & np.uint64(0xFFFFFFFF)).astype(np.int64)


def pair_up(job: Job, bucket: int) -> int:
    """Pairs of articles that share a hash of a bucket, a pair as often as they share one; returns their number."""
    names = [job.stage("heads", number) for number in range(job.partitions)]
    batches = list(read_bucket(job.output, names, bucket))
    numbers = np.repeat(np.arange(job.partitions), [batch.num_rows for batch in batches])
    rows = pa.Table.from_batches(batches, HEADS).append_column("partition", pa.array(numbers, pa.int64()))
    rows = _telling(rows)
    later, earlier = _pairs(rows)
    table = pa.table([pa.array(later), pa.array(earlier)], PAIRS)
    write_buckets(job.output, job.stage("pairs", bucket), table, partition_of(later) // PER_BUCKET, job.buckets)
    return int(table.num_rows)


def _telling(rows: Any) -> Any:
    """The entries whose value several articles have and that is no standing phrase, in order of value and article."""
    values, firsts = rows["value"].to_numpy(), rows["first"].to_numpy()
    found, counts = np.unique(values, return_counts=True)
    wanted = np.setdiff1d(found[counts > 1], standing(values, firsts), assume_unique=True)
    rows = rows.filter(pa.array(np.isin(values, wanted)))
    rows = rows.append_column("undated", pc.equal(rows["published_at"], ""))
    keys = [(name, "ascending") for name in ("value", "undated", "published_at", "article_id")]
    return rows.take(pc.sort_indices(rows, sort_keys=keys))


def _pairs(rows: Any) -> tuple[Array, Array]:
    """Each article with those before it that have the same value.

    Of articles with one and the same sketch only the first can be an original, so only it is paired with later ones.
    """
    value, same = rows["value"].to_numpy(), rows["same"].to_numpy()
    places = place(rows["partition"].to_numpy(), rows["row"].to_numpy())
    leads = np.zeros(len(value), bool)
    order = np.lexsort((np.arange(len(value)), same, value))
    new = np.ones(len(order), bool)
    new[1:] = (value[order][1:] != value[order][:-1]) | (same[order][1:] != same[order][:-1])
    leads[order[new]] = True
    starts = np.flatnonzero(leads)
    later, earlier = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    step = 1
    while len(starts := starts[starts + step < len(value)]):
        starts = starts[value[starts + step] == value[starts]]
        later.append(places[starts + step])
        earlier.append(places[starts])
        step += 1
    return np.concatenate(later), np.concatenate(earlier)


def attach(job: Job, group: int) -> int:
    """Pairs that share enough, with the sketch of the later article, sent to where the earlier one's is."""
    batches = list(read_bucket(job.output, [job.stage("pairs", bucket) for bucket in range(job.buckets)], group))
    pairs = pa.Table.from_batches(batches, PAIRS)
    later, earlier = pairs["later"].to_numpy(), pairs["earlier"].to_numpy()
    order = np.lexsort((earlier, later))  # so the groups of an article's earlier ones follow each other as well
    later, earlier = later[order], earlier[order]
    starts = np.flatnonzero(_opens(later, earlier))
    enough = starts[np.diff(np.append(starts, len(order))) >= SHARED]
    later, earlier = later[enough], earlier[enough]
    groups = partition_of(earlier) // PER_BUCKET
    starts = np.flatnonzero(_opens(later, groups))
    owners, where = np.unique(later[starts], return_inverse=True)
    lists = pa.LargeListArray.from_arrays(np.append(starts, len(later)), pa.array(earlier))
    table = pa.table([pa.array(later[starts]), lists, *_own(job, owners).take(where).columns], HALF)
    write_buckets(job.output, job.stage("halves", group), table, groups[starts], job.buckets)
    return len(later)


def _opens(*sorted_columns: Array) -> Array:
    """Which rows differ from the one before."""
    new = np.ones(len(sorted_columns[0]), bool)
    new[1:] = np.any([column[1:] != column[:-1] for column in sorted_columns], axis=0)
    return new


def _own(job: Job, places: Array) -> Any:
    """Sketch, date and id of articles; `places` are in order, each once."""
    parts = []
    for partition in np.unique(partition_of(places)).tolist():
        rows = row_of(places[partition_of(places) == partition])
        briefs = read_part(job.output, f"{job.run}/{BRIEFS}/{part_name(partition)}", [name for name, _ in _SIDE])
        parts.append(briefs.select([name for name, _ in _SIDE]).take(rows).cast(pa.schema(_SIDE)))
    return pa.concat_tables(parts or [pa.schema(_SIDE).empty_table()])


def compare(job: Job, group: int) -> int:
    """Compares the pairs whose earlier article stands in a group of partitions; leaves those that overlap."""
    batches = list(read_bucket(job.output, [job.stage("halves", other) for other in range(job.buckets)], group))
    halves = pa.Table.from_batches(batches, HALF)
    lists = halves["earlier"].combine_chunks()
    owners, where = np.unique(lists.flatten().to_numpy(), return_inverse=True)
    own = _own(job, owners)
    together = np.concatenate([_rows(own["sketch"]), _rows(halves["sketch"])])
    sketches = Sketches(together, np.arange(len(together)))
    found: list[tuple[int, int, float]] = []
    ends = np.cumsum(lists.value_lengths().to_numpy()).tolist()
    for row, (start, end) in enumerate(pairwise([0, *ends])):
        alike = sketches.alike(len(owners) + row, where[start:end].tolist())
        found += [(row, other, shared) for other, shared in alike.items()]
    rows, others, shared = zip(*found, strict=True) if found else ((), (), ())
    sides = [halves.take(pa.array(rows, pa.int64())), own.take(pa.array(others, pa.int64()))]
    texts = [side[name] for side in sides for name in ("published_at", "article_id")]
    places = pa.array(owners[np.array(others, np.int64)], pa.uint64())
    table = pa.table([sides[0]["later"], places, pa.array(shared, pa.float64()), *texts], EDGES)
    write_part(job.output, job.stage("edges", group, ".parquet"), table)
    return int(table.num_rows)


def _rows(sketches: Any) -> Array:
    """Sketches as the rows of an array, filled up with `NO_HASH`."""
    rows = np.full((len(sketches), SIZE), NO_HASH)
    for row, data in enumerate(sketches.to_pylist()):
        rows[row, : len(data) // 8] = np.frombuffer(data, np.uint64)
    return rows


def settle(job: Job) -> int:
    """Decides which articles are copies, from the pairs that overlap and nothing else; returns their number."""
    names = [job.stage("edges", group, ".parquet") for group in range(job.buckets)]
    edges = pa.concat_tables([read_part(job.output, name) for name in names])
    articles = _in_order(edges)
    places = articles["place"].to_numpy()
    by_place = np.argsort(places)
    later, earlier = (
        by_place[np.searchsorted(places, edges[side].to_numpy(), sorter=by_place)] for side in ("later", "earlier")
    )
    order = np.argsort(later, kind="stable")
    copies = decide(_pieces(later[order], earlier[order], edges["overlap"].to_numpy()[order]))
    found = places[np.fromiter(copies, np.int64, len(copies))]
    originals = np.fromiter((original for original, _ in copies.values()), np.int64, len(copies))
    columns = [
        pa.array(partition_of(found), pa.int32()),
        pa.array(row_of(found), pa.int32()),
        articles["article_id"].take(originals),
        pa.array([overlap for _, overlap in copies.values()], pa.float64()),
    ]
    table = pa.table(columns, COPIES).sort_by([("partition", "ascending"), ("row", "ascending")])
    write_part(job.output, job.stage("copies", suffix=".parquet"), table)
    return len(copies)


def _pieces(*arrays: Array) -> Iterator[tuple[Any, ...]]:
    """The rows of some arrays, turned into Python's numbers a piece at a time."""
    for start in range(0, len(arrays[0]), PIECE):
        yield from zip(*(array[start : start + PIECE].tolist() for array in arrays), strict=True)


def _in_order(edges: Any) -> Any:
    """The articles of some pairs, each once, in the order of `reprints.order_of`."""
    sides = [
        pa.table([edges[side], edges[f"{side}_published_at"], edges[f"{side}_article_id"]], _ARTICLE)
        for side in ("later", "earlier")
    ]
    both = pa.concat_tables(sides)
    _, first = np.unique(both["place"].to_numpy(), return_index=True)
    both = both.take(first)
    both = both.append_column("undated", pc.equal(both["published_at"], ""))
    return both.sort_by([(name, "ascending") for name in ("undated", "published_at", "article_id")])


def copies_of(job: Job, number: int) -> dict[int, tuple[str, float]]:
    """The copies of a partition by row, each with its original and their overlap."""
    filters = [("partition", "==", number)]
    found = read_part(job.output, job.stage("copies", suffix=".parquet"), filters=filters)
    pairs = zip(found["duplicate_of"].to_pylist(), found["overlap"].to_pylist(), strict=True)
    return dict(zip(found["row"].to_pylist(), pairs, strict=True))
