"""Rows as typed Arrow tables, and Parquet parts that are written as they grow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from hkextract.cluster.storage import Storage
from hkextract.tables import Table

TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
"""The Arrow type of each type of column."""
GROUP = 16_000_000
"""Bytes of rows that a worker gathers before it writes them as a row group."""
COMPRESSION = "zstd"
TEXTS = pa.schema([("article_id", pa.string()), ("text", pa.string()), ("raw", pa.string())])
"""The table of texts: the clean text, and the raw text of what was no plain text file (null otherwise)."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def schema_of(table: Table) -> Any:
    """The Arrow schema of a table."""
    return pa.schema([(column.name, TYPES[column.type]) for column in table.columns])


def to_arrow(table: Table, rows: str) -> Any:
    """CSV rows without a header as an Arrow table with the table's types; an empty cell is null unless it is a text.

    >>> from hkextract.tables import FURNITURE
    >>> to_arrow(FURNITURE, "a,0,3,menu,首页,r,,,,,\\n").to_pylist()[0]["raw_end"]
    3
    """
    schema = schema_of(table)
    data = encoded(rows)
    if not data:
        return schema.empty_table()
    return pa_csv.read_csv(
        pa.BufferReader(data),
        pa_csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=len(data) + 1),
        pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        pa_csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=False,
        ),
    )


def encoded(text: str) -> bytes:
    """Text as UTF-8; what has no place in it (half a surrogate pair) as U+FFFD, so that offsets stay."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()


def as_text(text: str | None) -> str | None:
    """A text that Arrow can hold."""
    return text if text is None or text.isascii() else encoded(text).decode()


class Parts:
    """One Parquet part a table, for a partition; nothing is seen of it before the end (use as a context)."""

    def __init__(self, storage: Storage, folder: str, file: str, schemas: Mapping[str, Any]) -> None:
        self._stack = ExitStack()
        self._place = storage, folder, file
        self._schemas = schemas
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Parts:
        for name, schema in self._schemas.items():
            storage, folder, file = self._place
            path: Path = self._stack.enter_context(storage.writing(f"{folder}/{name}/{file}"))
            self._writers[name] = self._stack.enter_context(pq.ParquetWriter(path, schema, compression=COMPRESSION))
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def write(self, name: str, rows: Any) -> None:
        """Adds an Arrow table as a row group."""
        if rows.num_rows:
            self._writers[name].write_table(rows)


def read_part(storage: Storage, name: str, columns: list[str] | None = None, filters: Any = None) -> Any:
    """A Parquet file, or some columns or rows of it, as an Arrow table."""
    with storage.open(name) as file:
        return pq.read_table(file, columns=columns, filters=filters, use_threads=False)


def write_part(storage: Storage, name: str, table: Any, rows: int = 50_000) -> None:
    """An Arrow table as a Parquet file with row groups of so many rows."""
    with storage.writing(name) as path:
        pq.write_table(table, path, compression=COMPRESSION, row_group_size=rows)
