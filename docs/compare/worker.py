"""Runs one tool over a list of texts, in the tool's own virtual environment. Standard library only.

Usage: worker.py ADAPTER INPUT.json OUTPUT.json

An adapter (`adapters/NAME.py`) has `PACKAGE`, the distribution whose version is reported; `UNIT`, the stretch of
text that the tool is given at a time; and `load()`, which returns a function a table: (text, published_at or "") ->
rows with `start`, `end` (offsets in that text, half-open) and the tool's values in the columns of our tables.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

UNITS = {"paragraph": re.compile(r"[^\n]+"), "sentence": re.compile(r"[^\n。！？；!?;]+[。！？；!?;]*")}


def pieces(text: str, unit: str) -> Iterator[tuple[int, str]]:
    """The stretches of a text with their offsets."""
    for match in UNITS[unit].finditer(text):
        yield match.start(), match.group()


def shifted(row: dict, by: int) -> dict:
    """A row whose offsets count from the start of the whole text."""
    return row | {"start": row["start"] + by, "end": row["end"] + by}


def main() -> None:
    """Reads the texts, runs every table that the adapter offers, writes mentions and seconds."""
    name, source, target = sys.argv[1:]
    adapter = importlib.import_module(f"adapters.{name}")
    texts = json.loads(Path(source).read_text(encoding="utf-8"))
    finders = adapter.load()
    result = {"version": version(adapter.PACKAGE), "tables": {}}
    for table, find in finders.items():
        warm = texts[0]
        for _, piece in pieces(warm["text"], adapter.UNIT):
            find(piece, warm["published_at"])
        begun = time.perf_counter()
        found = {}
        for text in texts:
            rows = found[text["id"]] = []
            for start, piece in pieces(text["text"], adapter.UNIT):
                rows += [shifted(row, start) for row in find(piece, text["published_at"])]
        result["tables"][table] = {"found": found, "seconds": time.perf_counter() - begun}
    Path(target).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
