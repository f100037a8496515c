"""The text of a sidecar as the program writes it: for a person to read and to change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from hkextract.read.sidecar import KNOWN, NOTES

HINTS: Mapping[str, tuple[str, str]] = {
    "title": ('"…"', "headline"),
    "published_at": ('"2024-12-03"', "day of publication; 2024-12 or 2024 where no more is known"),
    "source": ('"…"', "newspaper, agency or office that published it"),
    "author": ('"…"', "who wrote it"),
    "url": ('"https://…"', "address of the page"),
    "currency": ('"HKD"', "currency of sums that only say 元"),
    "encoding": ('"big5hkscs"', "encoding of the file, where it is read wrongly"),
    "note": ('"…"', "anything you want to remember"),
    "tags": ('["…", "…"]', "words by which you find it again"),
}
"""What each key that a user writes looks like, and means."""
WIDTH = 32


def sidecar_text(file: str, values: Mapping[str, Any]) -> str:
    """A sidecar of a file with these values. Keys without one stand there as comments that show how to write them.

    >>> print(sidecar_text("a.txt", {"title": "渡輪", "sha256": "ab"}).splitlines()[4])
    title = "渡輪"
    """
    lines = [
        f"# What you know of {_plain(file)}. It outweighs what is found in the article.",
        "# A line that begins with # says nothing; take the # away and put your own words between the quotes.",
        "# After a change run hkextract again.",
        "",
    ]
    lines += [_line(key, values.get(key)) for key in HINTS]
    kept = [key for key in (*KNOWN, *NOTES) if key not in HINTS and values.get(key)]
    if kept:
        lines += ["", "# Written when the article was added; leave these lines as they are."]
        lines += [f"{key} = {toml(values[key])}" for key in kept]
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any) -> str:
    example, meaning = HINTS[key]
    if value:
        return f"{key} = {toml(value)}"
    return f"# {key} = {example}".ljust(WIDTH) + f"# {meaning}"


def toml(value: Any) -> str:
    """A text, a list of texts, a date or a moment as TOML.

    >>> toml('a"b'), toml(["x"])
    ('"a\\\\"b"', '["x"]')
    """
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return json.dumps(sound(str(value)), ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(text: str) -> str:
    """A text fit for a comment: one line, no control characters."""
    return "".join(char if char.isprintable() else " " for char in sound(text))


def sound(text: str) -> str:
    """A text that UTF-8 can hold: what a file system gives for bytes that are no text is replaced.

    >>> sound("a\\udcff.txt")
    'a?.txt'
    """
    return text.encode("utf-8", "replace").decode("utf-8")
