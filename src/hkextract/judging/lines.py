"""Where in a rule file a list, a part or a rule stands: the line to edit."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from hkextract.rules import COMMON, RuleSet


class RuleLines:
    """The lines of a table's file and of `common.toml`, by what stands on them (counted from 1)."""

    def __init__(self, folder: Path, table: RuleSet) -> None:
        self.folder, self.table = folder, table

    def of_list(self, name: str, category: str = "") -> str:
        """`FILE:LINE [words.NAME] CATEGORY` of a word list, or the file alone where it is not found."""
        found = self._find(rf"\[words\.{re.escape(name)}\]")
        if found is None:
            return f"{self.table.name}.toml [words.{name}]"
        path, line = found
        if category:
            for number, text in enumerate(self._lines[path][line:], start=line + 1):
                if text.startswith("["):
                    break
                if re.match(rf"\"?{re.escape(category)}\"?\s*=", text):
                    return f"{path.name}:{number} [words.{name}] {category}"
        return f"{path.name}:{line} [words.{name}]"

    def of_part(self, name: str) -> str:
        """`FILE:LINE part NAME`."""
        found = self._find(rf"{re.escape(name)}\s*=")
        return f"{found[0].name}:{found[1]} part {name}" if found else f"{self.table.name}.toml part {name}"

    def _find(self, pattern: str) -> tuple[Path, int] | None:
        for path, lines in self._lines.items():
            for number, text in enumerate(lines, start=1):
                if re.match(pattern, text):
                    return path, number
        return None

    @cached_property
    def _lines(self) -> dict[Path, list[str]]:
        paths = (self.folder / f"{self.table.name}.toml", self.folder / f"{COMMON}.toml")
        return {path: path.read_text(encoding="utf-8").splitlines() for path in paths if path.exists()}
