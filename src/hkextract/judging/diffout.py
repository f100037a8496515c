"""A comparison of rules as CSV and as JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TextIO

from hkextract.judging.diff import COLUMNS, TABLES, Difference

SORTS = ("added", "lost", "changed")


def write_csv(difference: Difference, path: Path) -> None:
    """Every change as a row that a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        rows.writeheader()
        rows.writerows(change.as_row() for change in difference.changes)


def write_json(difference: Difference, file: TextIO) -> None:
    """Counts by table, and every change."""
    counts = {
        table: {"equal": difference.same[table]}
        | {sort: difference.count(table=table, sort=sort) for sort in SORTS}
        | {verdict: difference.count(table=table, verdict=verdict) for verdict in ("mends", "breaks")}
        for table in TABLES
    }
    told = {
        "articles": difference.articles,
        "tables": counts,
        "unplaced_decisions": difference.unplaced,
        "changes": [change.as_row() for change in difference.changes],
    }
    json.dump(told, file, ensure_ascii=False, indent=1)
    file.write("\n")
