"""What is worked out from the rule files and kept between runs, so that starting costs little.

Compiling some hundred patterns takes longer than processing some hundred articles. What depends on nothing but the
rule files, this package and the Python that runs it is kept in the user's cache folder under a digest of all three;
without a folder to write to everything still works, only slower.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import hashlib
import marshal
import os
import re
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from re import _compiler, _parser  # type: ignore[attr-defined]
from typing import Any, TypeVar

from platformdirs import user_cache_path

T = TypeVar("T")
FILES = 40
"""Files kept at most; a run has five, and a change of the rules or of the package makes new ones."""


class Kept:
    """A store of values that can be marshalled, for one state of rules, package and Python."""

    def __init__(self, digest: str, folder: Path | None = None) -> None:
        state = "\0".join((digest, package_digest(), sys.version, str(_sre.MAGIC)))
        key = hashlib.sha256(state.encode()).hexdigest()[:24]
        self._path = (folder or user_cache_path("hkextract", appauthor=False)) / f"{key}.bin"
        self._values: dict[tuple[str, str], Any] = {}
        self._changed = False
        with suppress(OSError, ValueError, EOFError, TypeError):
            self._values = marshal.loads(self._path.read_bytes())

    def get(self, kind: str, key: str, make: Callable[[], T]) -> T:
        """The value kept under a kind and a key, else the one that `make` returns (of plain types only)."""
        found = self._values.get((kind, key))
        if found is None:
            found = self._values[kind, key] = make()
            self._changed = True
        return found

    def regex(self, source: str) -> re.Pattern[str]:
        """`re.compile(source, re.ASCII)`, from the code that the compiler made of it before."""
        flags, code, groups, names = self.get("regex", source, lambda: _code(source))
        numbers = array("I")
        numbers.frombytes(code)
        indexes: list[str | None] = [None] * (groups + 1)
        for name, number in names.items():
            indexes[number] = name
        try:
            made: re.Pattern[str] = _sre.compile(source, flags, numbers.tolist(), groups, names, tuple(indexes))
            return made
        except (RuntimeError, ValueError, TypeError):
            return re.compile(source, re.ASCII)

    def save(self) -> None:
        """Writes what is new, whole; does nothing where the folder cannot be written or a value not be marshalled."""
        if not self._changed:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(f".{os.getpid()}")
            new.write_bytes(marshal.dumps(self._values))
            new.replace(self._path)
            older = sorted(self._path.parent.glob("*.bin"), key=lambda path: -path.stat().st_mtime)
            for path in older[FILES:]:
                path.unlink()
        except (OSError, ValueError):
            return
        self._changed = False


def _code(source: str) -> tuple[int, bytes, int, dict[str, int]]:
    """What `re` makes of a pattern; raises `re.error` for a faulty one."""
    parsed = _parser.parse(source, re.ASCII)
    code = _compiler._code(parsed, re.ASCII)
    state = parsed.state
    return int(re.ASCII | state.flags), array("I", code).tobytes(), state.groups - 1, dict(state.groupdict)


@cache
def package_digest() -> str:
    """A digest of this package's own code, so that a new version works everything out anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
