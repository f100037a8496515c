"""The tables that can be judged as one workbook, made for filling in.

A CSV holds every text to the letter, and a spreadsheet that opens it may take a text that begins with = for a formula.
In a workbook each cell says that it is a text.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, Final

from hkextract.review.sheets import TABLES
from hkextract.tables import Table

MOST: Final = 1_048_575
"""Rows that a sheet can hold below its headings."""
LONGEST: Final = 32_767
"""Characters that a cell can hold."""
CHOICES: Final = '"accept,reject,edit,skip"'
FILL: Final = "FFF2CC"
WIDTHS: Final = {
    "surface": 24,
    "raw_surface": 24,
    "text": 60,
    "canonical": 30,
    "review": 10,
    "correction": 28,
    "comment": 28,
}
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class WorkbookError(Exception):
    """The workbook cannot be made; the message says what to do."""


def write_workbook(output: Path, target: Path) -> int:
    """Writes the tables of an output folder into a workbook, a sheet each; returns the number of rows.

    Numbers are numbers; days and all else are texts. Raises `WorkbookError`.
    """
    from openpyxl import Workbook

    if target.suffix.lower() != ".xlsx":
        raise WorkbookError(f"{target}: a workbook's name ends in .xlsx.")
    if target.exists():
        raise WorkbookError(f"{target} exists, and judgements may stand in it; import it and move it away first.")
    if not any((output / table.file).is_file() for table in TABLES.values()):
        raise WorkbookError(f"{output} holds no tables; run `hkextract run` first, or name the folder with -o.")
    book = Workbook(write_only=True)
    rows = sum(_write(book, output / table.file, table) for table in TABLES.values() if (output / table.file).is_file())
    try:
        book.save(target)
    except OSError as error:
        raise WorkbookError(f"{target} could not be written: {error.strerror or error}.") from None
    return rows


def _write(book: Any, path: Path, table: Table) -> int:
    """Adds a sheet with a table; returns the number of its rows."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    numbers = {column.name for column in table.columns if column.type in ("integer", "number")}
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        headings = next(reader, [])
        for at, name in enumerate(headings, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(name, 12)
        choice = DataValidation(type="list", formula1=CHOICES, allow_blank=True, showErrorMessage=False)
        sheet.data_validations.append(choice)
        if "review" in headings:
            letter = get_column_letter(headings.index("review") + 1)
            choice.add(f"{letter}2:{letter}{MOST + 1}")
        top = [WriteOnlyCell(sheet, name) for name in headings]
        for cell, name in zip(top, headings, strict=True):
            cell.font = Font(bold=True)
            if name in ("review", "correction", "comment"):
                cell.fill = PatternFill("solid", fgColor=FILL)
        sheet.append(top)
        count = 0
        for row in reader:
            if count == MOST:
                raise WorkbookError(f"{path} has more than {MOST:,} rows, which no sheet can hold; judge it as CSV.")
            sheet.append([_cell(sheet, value, name in numbers) for name, value in zip(headings, row, strict=False)])
            count += 1
    return count


def _cell(sheet: Any, value: str, is_number: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not value:
        return None
    if is_number and len(value) <= 15:
        return float(value) if "." in value else int(value)
    cell = WriteOnlyCell(sheet, _UNWRITABLE.sub("\ufffd", value)[:LONGEST])
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
