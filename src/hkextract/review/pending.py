"""Judgements that were typed into the tables of an output folder and not yet imported; a run must not lose them."""

from __future__ import annotations

import csv
from pathlib import Path

from hkextract.output import OutputError
from hkextract.review.intake import names
from hkextract.review.log import ReviewLog
from hkextract.review.reference import Reference
from hkextract.review.sheets import TABLES, SheetError
from hkextract.review.spreadsheet import FILLED, Importer
from hkextract.store import Store


class PendingError(OutputError):
    """A run would overwrite judgements; the message names the file and what to do."""


def check_pending(output: Path, corpus: Path, store: Store, rules: Path) -> None:
    """Raises `PendingError` where a table of the output folder holds judgements that the log does not.

    A table that cannot be read as one is left to be overwritten only if nothing in it could be a judgement.
    """
    log = ReviewLog(corpus).read()
    for table in TABLES.values():
        path = output / table.file
        if not path.is_file() or not _may_be_filled(path):
            continue
        try:
            report = Importer(Reference(output, corpus, store, [path]), log, "", name=names(rules)).read(path)
        except SheetError:
            continue
        if waiting := len(report.decisions) + len(report.faults):
            raise PendingError(
                f"{path} holds {waiting} judgements that are not in the log yet, and this run would overwrite them. "
                f"Take them in with `hkextract review import {path} -o {output}`, or move the file away."
            )


def _may_be_filled(path: Path) -> bool:
    """False for a table as a run writes it, in which nobody has filled in anything."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file)
        try:
            headings = next(rows, [])
            if headings != [column.name for column in TABLES[path.stem].columns]:
                return True
            places = [headings.index(name) for name in FILLED]
            return any(row[place].strip() for row in rows for place in places if place < len(row))
        except csv.Error:
            return True
