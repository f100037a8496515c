"""Reads a table that went through a spreadsheet: CSV in any encoding and with any delimiter, or a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.review.decision import REVIEWED
from hkextract.tables import AMOUNTS, DATES, FURNITURE, ORGANISATIONS, Table

TABLES: Final[Mapping[str, Table]] = {table.name: table for table in (AMOUNTS, DATES, ORGANISATIONS, FURNITURE)}
PREFIX: Final = {"a": AMOUNTS.name, "d": DATES.name, "o": ORGANISATIONS.name}
"""How mention ids begin, by table."""
DELIMITERS: Final = ",;\t|"
WORKBOOKS: Final = (".xlsx", ".xlsm")
NAMES: Final[Mapping[str, str]] = {
    title: column.name
    for table in TABLES.values()
    for column in table.columns
    for title in (column.name, column.chinese)
}
"""Columns by their names, also the Chinese ones."""
TOLD: Final[Mapping[str, frozenset[str]]] = {
    AMOUNTS.name: frozenset(("low", "high", "currency")),
    DATES.name: frozenset(("date_start", "date_end", "edtf")),
    ORGANISATIONS.name: frozenset(("canonical",)),
    FURNITURE.name: frozenset(("reason",)),
}
"""Columns that only one table has."""

_FIELD_LIMIT: Final = 10_000_000


class SheetError(Exception):
    """A file that holds no table to review; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number as the spreadsheet shows it, its cells by column, the table that it is of (empty: unknown)."""

    number: int
    cells: Mapping[str, str]
    table: str = ""

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(slots=True)
class Sheet:
    """A table as it came back; `notes` say what the spreadsheet did to the file as a whole."""

    name: str
    rows: list[SheetRow]
    columns: frozenset[str]
    notes: list[str] = field(default_factory=list)

    @property
    def reviewed(self) -> bool:
        return bool(self.columns & {"review", "correction", "comment"})


def read_sheets(path: Path) -> list[Sheet]:
    """The tables of a file that can be reviewed; raises `SheetError` where there is none."""
    try:
        found = _of_workbook(path) if path.suffix.lower() in WORKBOOKS else [_of_text(path)]
    except OSError as error:
        raise SheetError(f"{path} could not be opened: {error.strerror or error}.") from None
    reviewed = [sheet for sheet in found if sheet.reviewed]
    if not reviewed:
        raise SheetError(
            f"{path} has no column `review`, `correction` or `comment`. Save amounts.csv, dates.csv, organisations.csv "
            "or furniture.csv with these columns and their headings."
        )
    return reviewed


def _of_text(path: Path) -> Sheet:
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        raise SheetError(f"{path} is a workbook and not CSV; name it so that it ends in .xlsx.")
    try:
        text, encoding = decode(data)
    except ReadError as error:
        raise SheetError(f"{path}: {error}") from None
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"The file was saved in {encoding}; it was written in utf-8.")
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data:
        notes.append("Some characters were lost when the file was saved; they read � now.")
    hint, _, rest = text.partition("\n")
    if hint.strip("\r").lower() in {f"sep={mark}" for mark in DELIMITERS}:
        text = rest
    delimiter = max(DELIMITERS, key=lambda mark: sum(_known(name) in _ALL for name in hint.split(mark)))
    if delimiter != ",":
        notes.append(f"Cells are parted by {'a tab' if delimiter == chr(9) else delimiter} instead of a comma.")
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SheetError(f"{path} is no table: {error}.") from None
    return _sheet(path.stem, rows, notes)


def _of_workbook(path: Path) -> list[Sheet]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise SheetError(f"{path} cannot be read as a workbook ({error}); save it again, or as CSV.") from None
    try:
        return [
            _sheet(sheet.title, [[as_text(value) for value in row] for row in sheet.iter_rows(values_only=True)], [])
            for sheet in book.worksheets
        ]
    finally:
        book.close()


def as_text(value: Any) -> str:
    """A cell of a workbook as the CSV would have it.

    >>> as_text(dt.datetime(2024, 12, 3)), as_text(100000000.0), as_text(True), as_text(None)
    ('2024-12-03', '100000000', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _known(heading: str) -> str:
    """The column that a heading names, else the heading itself."""
    name = heading.strip().strip("\"'\ufeff").strip()
    return NAMES.get(name) or NAMES.get(name.casefold().replace(" ", "_")) or name


_ALL: Final = frozenset(NAMES.values())


def _sheet(name: str, rows: Sequence[Sequence[str]], notes: list[str]) -> Sheet:
    """A table from its rows, the first of which with known headings holds them."""
    top = next((at for at, row in enumerate(rows) if len(_ALL & set(map(_known, row))) >= 3), None)
    if top is None:
        return Sheet(name, [], frozenset(), notes)
    headings = [_known(cell) for cell in rows[top]]
    columns = frozenset(headings) & _ALL
    table = next((table for table, own in TOLD.items() if own & columns), name if name in REVIEWED else "")
    if table:
        expected = [column.name for column in TABLES[table].columns]
        if missing := [column for column in expected if column not in columns]:
            notes.append(f"Columns that are missing: {', '.join(missing)}.")
        if [column for column in headings if column in columns] != [column for column in expected if column in columns]:
            notes.append("The columns stand in another order.")
    if unknown := [cell for cell in rows[top] if cell.strip() and _known(cell) not in _ALL]:
        notes.append(f"Columns that are not known and were not read: {', '.join(unknown)}.")
    found = [_row(number, headings, row, table) for number, row in _filled(rows, top)]
    return Sheet(name, found, columns, notes)


def _filled(rows: Sequence[Sequence[str]], top: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows below the headings that hold anything, with their numbers from 1."""
    return ((at + 1, row) for at, row in enumerate(rows) if at > top and any(cell.strip() for cell in row))


def _row(number: int, headings: Iterable[str], row: Sequence[str], table: str) -> SheetRow:
    cells = {name: cell for name, cell in zip(headings, row, strict=False) if name in _ALL}
    mention = cells.get("mention_id", "").strip()
    return SheetRow(number, cells, PREFIX.get(mention[:1], table) if len(mention) == 13 else table)
