"""Shuffles through storage: each partition writes its rows sorted into buckets, each bucket's task reads its share.

Nothing stays in a worker's memory between two stages, so a worker that dies takes nothing with it; a task that runs
twice writes the same file again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hkextract.cluster.storage import Storage

_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


def write_buckets(storage: Storage, name: str, rows: Any, bucket_of: NDArray[Any], buckets: int) -> None:
    """Writes an Arrow table as one file of `buckets` batches; `bucket_of` gives the bucket of each row."""
    order = np.argsort(bucket_of, kind="stable")
    ends = np.searchsorted(bucket_of[order], np.arange(buckets + 1))
    rows = rows.take(order).combine_chunks()
    with storage.writing(name) as path, pa.ipc.new_file(str(path), rows.schema, options=_OPTIONS) as writer:
        for bucket in range(buckets):
            part = rows.slice(ends[bucket], ends[bucket + 1] - ends[bucket])
            batches = part.to_batches() or [pa.RecordBatch.from_pylist([], rows.schema)]
            writer.write_batch(batches[0])


def read_bucket(storage: Storage, names: Iterable[str], bucket: int) -> Iterator[Any]:
    """The rows of a bucket in each of the files, as Arrow batches, in order of the files."""
    for name in names:
        with storage.open(name) as file, pa.ipc.open_file(file) as reader:
            yield reader.get_batch(bucket)
