"""Runs one tool over a list of texts, in the tool's own virtual environment. Standard library only.

Usage: worker.py ADAPTER INPUT.json OUTPUT.json

An adapter (`adapters/NAME.py`) has `PACKAGE`, the distribution whose version is reported; `UNIT`, the stretch of
text that the tool is given at a time; and `load()`, which returns a function a table: (text, day of publication) ->
rows with `start`, `end` (offsets in that text, half-open) and the tool's values in the columns of our tables.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

STOPS = "。！？；!?;"
Finder = Callable[[str, str], list[dict]]
UNITS = {
    "paragraph": re.compile(r"[^\n]+"),
    "sentence": re.compile(rf"[^\n{STOPS}]+[{STOPS}]*"),
    "clause": re.compile(rf"(?:[^\n，,{STOPS}]|(?<=\d),(?=\d))+[，,{STOPS}]*"),
}
STANDINS = ("2000-01-01", "2011-08-20")
"""Days that a tool is given in turn for an article without a date: a value that differs hangs on a date that is not
known, and is left empty, as our own would be."""


def pieces(text: str, unit: str) -> Iterator[tuple[int, str]]:
    """The stretches of a text with their offsets."""
    for match in UNITS[unit].finditer(text):
        yield match.start(), match.group()


def settled(rows: list[dict], others: list[dict]) -> list[dict]:
    """The rows, without the values that come out otherwise on another day."""
    return [row if row in others else {name: row[name] for name in ("start", "end")} for row in rows]


def shifted(row: dict, by: int) -> dict:
    """A row whose offsets count from the start of the whole text."""
    return row | {"start": row["start"] + by, "end": row["end"] + by}


def run(find: Finder, unit: str, texts: list[dict[str, str]]) -> dict:
    """What a tool finds in each text, and the seconds that it takes when every text is read once."""
    found: dict[str, list[dict]] = {}
    seconds = 0.0
    for text in texts:
        day = text["published_at"][:10]
        found[text["id"]] = []
        for start, piece in pieces(text["text"], unit):
            begun = time.perf_counter()
            rows = find(piece, day or STANDINS[0])
            seconds += time.perf_counter() - begun
            if not day:
                rows = settled(rows, find(piece, STANDINS[1]))
            found[text["id"]] += [shifted(row, start) for row in rows]
    return {"found": found, "seconds": seconds}


def main() -> None:
    """Reads the texts, runs every table that the adapter offers, writes mentions and seconds."""
    name, source, target = sys.argv[1:]
    adapter = importlib.import_module(f"adapters.{name}")
    texts = json.loads(Path(source).read_text(encoding="utf-8"))
    result = {"version": version(adapter.PACKAGE), "tables": {}}
    for table, find in adapter.load().items():
        run(find, adapter.UNIT, texts[:1])  # whatever is loaded at the first call is not timed
        result["tables"][table] = run(find, adapter.UNIT, texts)
    Path(target).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
