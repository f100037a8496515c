"""The tables of a run as pandas data frames, with the types that `tables.py` gives their columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from hkextract.tables import TABLES, Table

TYPES: dict[str, Any] = {
    "string": "string",
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}
"""The pandas type of each type of column; all of them know empty cells. Seconds reach from year 1 to year 9999."""


def read_tables(output: str | Path) -> dict[str, pd.DataFrame]:
    """Every table of an output folder by its name, with typed columns; an empty cell is a missing value.

    Raises `FileNotFoundError` where the folder holds no tables.
    """
    folder = Path(output)
    return {table.name: _read(folder / table.file, table) for table in TABLES}


def _read(path: Path, table: Table) -> pd.DataFrame:
    frame = pd.read_csv(
        path, dtype="string", encoding="utf-8-sig", encoding_errors="surrogatepass", keep_default_na=False
    )
    for column in table.columns:
        values = frame[column.name]
        if column.type == "boolean":
            frame[column.name] = values.map({"true": True, "false": False}).astype("boolean")
        elif column.type != "string":
            frame[column.name] = values.mask(values == "").astype(TYPES[column.type])
    return frame
