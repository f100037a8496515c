"""`hkextract extract`: JSON lines or plain text in, JSON lines out."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from hkextract.api import extract_with, pipeline


def extract_lines(source: BinaryIO, sink: TextIO, rules: Path) -> int:
    """Extracts from every record of a stream as it comes; returns how many records were faulty.

    A stream whose first line is a JSON object holds a record a line: `text`, and if wanted `id` and `published_at`.
    Any other stream is one plain text with the id `stdin`. A faulty line is told on standard error with its number
    and gives a line with `id` and `error`.
    """
    ready = pipeline(rules)
    failed = 0
    for number, line in _records(source):
        record: dict[str, Any] = {}
        try:
            record = _record(line)
            name, text, published = record.get("id", f"line-{number}"), record["text"], record.get("published_at") or ""
            out = {"id": name} | extract_with(ready, text, published)
        except ValueError as error:
            failed += 1
            print(f"line {number}: {error}", file=sys.stderr)
            out = {"id": record.get("id", f"line-{number}"), "error": str(error)}
        sink.write(json.dumps(out, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8") + "\n")
    sink.flush()
    return failed


def _records(source: BinaryIO) -> Iterator[tuple[int, str | dict[str, Any]]]:
    first = source.readline()
    while first and not first.strip():
        first = source.readline()
    head = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"{"):
        yield 1, {"id": "stdin", "text": (first + source.read()).decode("utf-8-sig", "replace")}
        return
    yield 1, head.decode("utf-8", "replace")
    for number, line in enumerate(source, start=2):
        if line.strip():
            yield number, line.decode("utf-8", "replace")


def _record(line: str | dict[str, Any]) -> dict[str, Any]:
    """A checked record; `ValueError` says what is wrong with it."""
    if isinstance(line, dict):
        return line
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f'this is not JSON ({error.msg}); a record is one line like {{"text": "…"}}') from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ValueError('a record is an object with a "text"')
    published = record.get("published_at")
    try:
        if published:
            dt.date.fromisoformat(str(published)[:10])
    except ValueError:
        raise ValueError(f'"published_at" is no ISO date: {published!r}') from None
    return record | {"published_at": str(published or "")}
