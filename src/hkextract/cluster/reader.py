"""Reading what a cluster wrote: the parts of the current run, and CSV tables made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hkextract.cluster.commit import current
from hkextract.cluster.job import part_name
from hkextract.cluster.storage import Storage, StorageError
from hkextract.tables import ORGANISATION_INDEX, TABLES, Row, Table, cell, to_csv

ROWS = 4096
"""Rows that are turned into CSV at a time."""


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """The current run of an output: its folder, and the paths or URLs of the parts of each table, in order."""

    folder: str
    paths: dict[str, list[str]]


def open_tables(output: str) -> CurrentRun:
    """The parts of the current run of an output folder or URL, by table; `texts` holds the texts.

    Each run has its own folder and is named by one small file that is written last, so what is found is whole; it
    stays until two later runs have been made. Raises `StorageError` where there is no run.

        import pandas
        amounts = pandas.concat(map(pandas.read_parquet, open_tables("output").paths["amounts"]))
    """
    storage = Storage(output)
    known = current(storage)
    if known is None:
        raise StorageError(f"{output} holds no finished run of --engine dask.")
    paths = {
        table: [storage.link(f"{known.run}/{table}/{part_name(number)}") for number in range(parts)]
        for table, parts in known.parts.items()
    }
    return CurrentRun(storage.link(known.run), paths)


def export(output: str, target: Path) -> dict[str, int]:
    """Writes the current run as CSV files into a folder; returns the number of rows by table.

    The rows stand in the order of a run on one machine. Texts are left in Parquet.
    """
    run = open_tables(output)
    target.mkdir(parents=True, exist_ok=True)
    counts = {}
    for table in TABLES:
        counts[table.name] = 0
        with (target / table.file).open("w", encoding="utf-8", newline="") as file:
            file.write("\ufeff" + table.header)
            for rows in _rows(table, run.paths[table.name]):
                file.write(to_csv(rows))
                counts[table.name] += len(rows)
    return counts


def _rows(table: Table, paths: list[str]) -> Iterator[list[Row]]:
    if table is ORGANISATION_INDEX:  # its parts hold the names as their hashes fell
        yield from _as_rows(pa.concat_tables([*map(_whole, paths)]).sort_by("canonical") if paths else pa.table({}))
        return
    for path in paths:
        storage = Storage(path)
        with storage.open("") as file, pq.ParquetFile(file) as part:
            for batch in part.iter_batches(ROWS, use_threads=False):
                yield from _as_rows(batch)


def _whole(path: str) -> Any:
    with Storage(path).open("") as file:
        return pq.read_table(file, use_threads=False)


def _as_rows(rows: Any) -> Iterator[list[Row]]:
    columns = [map(_cell, rows.column(number).to_pylist()) for number in range(rows.num_columns)]
    yield list(zip(*columns, strict=True))


def _cell(value: Any) -> str | int:
    """A value as in the CSV tables of a run on one machine.

    >>> _cell(0.5), _cell(2e8), _cell(None), _cell(True)
    ('0.5', '200000000', '', 'true')
    """
    return cell(Decimal(repr(value)) if isinstance(value, float) else value)
