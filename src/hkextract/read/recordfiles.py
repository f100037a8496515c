"""The rows of record files, one at a time: JSON lines, CSV in any dialect, Parquet. Nothing is loaded whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError

LONGEST = 4_000_000
"""Characters of a line or cell; a longer one is no article but a file without line breaks or a quote never closed."""
SAMPLE = 262_144
"""Bytes of which the encoding and the dialect are told."""
SAMPLES = 64
"""Stretches of that size that may be all ASCII before the file is taken to be so throughout."""
ROWS = 64
"""Rows of a Parquet table in memory at a time."""
DELIMITERS = ",\t;|"
BROKEN = (OSError, EOFError, zlib.error)
"""What reading raises where an archive is cut off or damaged."""


class Fault(NamedTuple):
    """A row that cannot be read, and why."""

    message: str
    last: bool = False


RowStream = Iterator[tuple[str, dict[str, Any] | Fault]]
"""Each row with its place for messages (`line 4`) and what it holds."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written: what parts its cells, and whether quotes and backslashes have a meaning."""

    delimiter: str
    quoting: int = csv.QUOTE_MINIMAL
    escape: str | None = None

    def reader(self, lines: Iterator[str]) -> Any:
        """A reader of the csv module; its cells may hold up to `LONGEST` characters."""
        csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=self.quoting,  # type: ignore[arg-type]
            escapechar=self.escape,
            doublequote=self.escape is None,
        )


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where its name ends in `.gz`."""
    if path.suffix.lower() == ".gz":
        return io.BufferedReader(gzip.open(path, "rb"))
    return path.open("rb")


def encoding_of(path: Path, forced: str | None) -> str:
    """The encoding of a file, judged from its first stretch with characters that are not ASCII.

    Raises `ReadError` for an empty, broken or binary file and for a forced encoding that does not fit.
    """
    first = chunk = b""
    try:
        with opened(path) as file:
            first = chunk = file.read(SAMPLE)
            for _ in range(SAMPLES):
                if not chunk or not chunk.isascii():
                    break
                chunk = file.read(SAMPLE)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        if not first:
            raise ReadError(f"The archive is damaged or cut off ({error}).") from None
    data = chunk if not chunk.isascii() else first
    wide = b"\0" in data[:4096]
    start = 0 if data is first or wide else data.find(b"\n") + 1
    stop = len(data) - len(data) % 2 if wide else data.rfind(b"\n") + 1 if len(data) == SAMPLE else len(data)
    data = data[start:stop] or data
    for cut in range(4):
        try:
            return decode(data[: len(data) - cut], forced)[1]
        except ReadError:
            if cut == 3 or not forced:
                raise
    raise AssertionError("unreachable")


def json_rows(path: Path, codec: str, before: int = 0) -> RowStream:
    """The objects of a file of JSON lines; empty lines are passed over. Raises `ReadError` for one large array.

    With `before` the file is a stretch of a larger one, and so many lines stand before it.
    """
    for number, line in json_lines(path, codec, before):
        place = f"line {number}"
        if line is None:
            yield place, Fault(f"is longer than {LONGEST:,} characters")
        elif not line.isspace():
            if number == 1 and line.lstrip("\ufeff \t")[0] == "[":
                raise ReadError(
                    f"{path.name} is one JSON list, not JSON lines: save it with one object a line (jq -c '.[]')."
                )
            yield place, _object(line)


def json_lines(path: Path, codec: str, before: int = 0) -> Iterator[tuple[int, str | None]]:
    """The lines of a file with their numbers; None stands for one that is too long."""
    with opened(path) as file, io.TextIOWrapper(file, codec, errors="replace", newline="\n") as text:
        number = before
        while line := text.readline(LONGEST):
            number += 1
            if len(line) == LONGEST and not line.endswith("\n"):
                while (rest := text.readline(LONGEST)) and not rest.endswith("\n"):
                    pass
                yield number, None
            else:
                yield number, line


def _object(line: str) -> dict[str, Any] | Fault:
    try:
        value = json.loads(line, strict=False)
    except json.JSONDecodeError as error:
        return Fault(f"is not JSON ({error.msg} at character {error.pos + 1})")
    except (ValueError, RecursionError):
        return Fault("is JSON with a number or a depth that cannot be read")
    return flat(value) if isinstance(value, dict) else Fault("is JSON but no object with named values")


def flat(row: dict[str, Any], outer: str = "") -> dict[str, Any]:
    """Objects within a record as columns `outer.inner`; wrappers of databases (`{"$date": …}`) taken off.

    >>> flat({"source": {"name": "甲报"}, "_id": {"$oid": "5f"}})
    {'source.name': '甲报', '_id': '5f'}
    """
    found: dict[str, Any] = {}
    for key, value in row.items():
        while isinstance(value, dict) and len(value) == 1 and (wrapped := next(iter(value))).startswith("$"):
            value = value[wrapped]
        if isinstance(value, dict) and outer.count(".") < 4:
            found |= flat(value, f"{outer}{key}.")
        else:
            found[f"{outer}{key}"] = value
    return found


def csv_rows(path: Path, codec: str) -> RowStream:
    """The rows of a CSV file by the names in its first line; line breaks within quotes stay.

    A row with more cells than names is a fault: an unquoted delimiter would have cut its text.
    """
    with opened(path) as file, io.TextIOWrapper(file, codec, errors="replace", newline="") as text:
        dialect, skip = dialect_of(text.read(SAMPLE // 4), path.suffixes)
        text.seek(0)
        for _ in range(skip):
            text.readline()
        reader = dialect.reader(text)
        names: list[str] = []
        while True:
            place = f"line {reader.line_num + 1 + skip}"
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield place, Fault(f"cannot be read: {error}")
                continue
            if cells is None:
                return
            if not any(cells):
                continue
            if not names:
                names = _header([cell.strip(" \ufeff") for cell in cells], path.name)
                continue
            if len(cells) > len(names) and any(cells[len(names) :]):
                yield (
                    place,
                    Fault(
                        f"has {len(cells)} cells where the first line names {len(names)} columns: is a text with "
                        f"{dialect.delimiter!r} in it without quotes?"
                    ),
                )
            else:
                yield place, dict(zip(names, cells, strict=False))


def _header(names: list[str], file: str) -> list[str]:
    """The names of columns, the second of two equal ones numbered."""
    if any(len(name) > 60 or "。" in name for name in names):
        raise ReadError(f"The first line of {file} must name its columns (title, date, text …); it holds an article.")
    seen: Counter[str] = Counter()
    found = []
    for number, name in enumerate(names, 1):
        name = name or f"column {number}"
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def dialect_of(sample: str, suffixes: Collection[str] = ()) -> tuple[Dialect, int]:
    """The dialect under which the first rows of a CSV have as many cells as its first one, and the lines to skip.

    >>> dialect_of("标题;正文\\n甲;乙, 丙\\n")[0].delimiter
    ';'
    """
    if sample[:4].lower() == "sep=" and sample[5:6] in "\r\n":  # the line that Excel writes for itself
        return Dialect(sample[4]), 1
    first = "\t" if ".tsv" in (suffix.lower() for suffix in suffixes) else ","
    candidates = [Dialect(delimiter) for delimiter in sorted(DELIMITERS, key=lambda one: one != first)]
    if '\\"' in sample:
        candidates += [Dialect(one.delimiter, escape="\\") for one in candidates]
    candidates.append(Dialect("\t", csv.QUOTE_NONE))
    scores = [_evenness(dialect, sample) for dialect in candidates]
    best = max(range(len(candidates)), key=lambda at: (scores[at], -at))
    return (candidates[best] if scores[best][0] else Dialect("\x1f")), 0


def _evenness(dialect: Dialect, sample: str) -> tuple[float, int]:
    """The share of rows that have as many cells as the first, 0 where that is one cell, and their number.

    Of two even readings the one with more rows is right: a stray quote swallows the rows behind it.
    """
    lines = sample.splitlines(keepends=True)
    try:
        rows = [row for row in islice(dialect.reader(iter(lines)), 100) if any(row)]
    except csv.Error:
        return 0.0, 0
    if len(rows) > 1 and not sample.endswith("\n"):
        rows.pop()
    if not rows or len(rows[0]) < 2 or any(len(cell) > LONGEST for cell in rows[0]):
        return 0.0, 0
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows), len(rows)


def parquet_rows(path: Path, columns: Collection[str] = (), before: int = 0) -> RowStream:
    """The rows of a Parquet table, `ROWS` at a time; with `columns` only these (by their outermost name).

    With `before` the table is a stretch of a larger one, and so many rows stand before it.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise missing("Parquet tables", "parquet") from None
    path.open("rb").close()
    try:
        table = parquet.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise ReadError(f"This is no Parquet table, or a damaged one ({str(error).splitlines()[0][:120]}).") from None
    outer = {name.partition(".")[0] for name in columns}
    wanted = [name for name in table.schema_arrow.names if not columns or name in outer or name in columns]
    number = before
    with table:
        try:
            for batch in table.iter_batches(ROWS, columns=wanted, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", flat(row)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            yield f"row {number + 1}", Fault(f"and all after it cannot be read ({str(error)[:120]})", last=True)


def missing(what: str, extra: str) -> ReadError:
    """The error for a kind of file whose library is not installed."""
    return ReadError(f'{what} need a library that is not installed: pip install "hkextract[{extra}]".')


def whole(rows: Callable[[], RowStream]) -> RowStream:
    """The same rows; where the file breaks off, the last one is a fault that says so."""
    number = 0
    try:
        for row in rows():
            number += 1
            yield row
    except BROKEN as error:
        if not number:
            raise ReadError(f"The file cannot be read: it is damaged or cut off ({error}).") from None
        yield "", Fault(f"The file breaks off after record {number} ({error})", last=True)
