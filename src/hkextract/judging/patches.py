"""Changes to rule files as text: a word in a list, an alias in a row, a row in `local.csv`; all of them as a patch."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from hkextract.extract.register import COLUMNS


class PatchError(Exception):
    """A change cannot be made by itself; the message says what stands in its way."""


def with_word(text: str, words: str, category: str, word: str) -> str:
    """A rule file with a word at the end of a list's category; `PatchError` where that is not on one line.

    >>> with_word('[words.cent]\\nHKD = ["港仙"]\\n', "cent", "HKD", "仙")
    '[words.cent]\\nHKD = ["港仙", "仙"]\\n'
    """
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if re.match(rf"\[words\.{re.escape(words)}\]", line)), None)
    if start is None:
        raise PatchError(f"there is no [words.{words}]")
    for number in range(start + 1, len(lines)):
        if lines[number].startswith("["):
            break
        found = re.fullmatch(rf'("?{re.escape(category)}"?\s*=\s*\[.*")(\].*)', lines[number])
        if found:
            lines[number] = f'{found[1]}, "{word}"{found[2]}'
            return "\n".join(lines)
    raise PatchError(f"[words.{words}] has no line {category} with all its words")


def with_alias(text: str, line: int, alias: str) -> str:
    """A file of the register with an alias more in the row on a line (counted from 1)."""
    lines = text.split("\n")
    ending = "\r" if lines[line - 1].endswith("\r") else ""
    cells = next(csv.reader([lines[line - 1]]), [])
    if len(cells) != len(COLUMNS):
        raise PatchError("the row goes over several lines")
    place = COLUMNS.index("aliases")
    cells[place] = "|".join(filter(None, (cells[place], alias)))
    lines[line - 1] = _as_line(cells) + ending
    return "\n".join(lines)


def with_row(text: str, row: Mapping[str, str]) -> str:
    """`local.csv` with a row more, before the first with a later name; an empty text becomes a file with a header."""
    lines = text.rstrip("\n").split("\n") if text else [_as_line(COLUMNS)]
    new = _as_line(row.get(column, "") for column in COLUMNS)
    at = next((n for n, line in enumerate(lines) if n and line.partition(",")[0] > row["name"]), len(lines))
    return "\n".join((*lines[:at], new, *lines[at:])) + "\n"


def _as_line(cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)  # type: ignore[arg-type]
    return out.getvalue()


def unified(folder: Path, changed: Mapping[str, str]) -> str:
    """A patch of the files of a folder of rules (paths in it → new text), for `git apply` and `patch -p1`."""
    return "".join(part for file in sorted(changed) for part in _of_file(folder, file, changed[file]))


def _of_file(folder: Path, file: str, new: str) -> Iterator[str]:
    path = folder / file
    old = path.read_bytes().decode("utf-8") if path.exists() else ""
    name = f"{folder.resolve().name}/{file}"
    before = f"a/{name}" if path.exists() else "/dev/null"
    for line in difflib.unified_diff(_lines(old), _lines(new), before, f"b/{name}"):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines with their ends; only `\\n` ends one, as patches have it."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
