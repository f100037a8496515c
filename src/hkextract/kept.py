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
from re import _compiler  # type: ignore[attr-defined]
from typing import Any, TypeVar

from platformdirs import user_cache_path

from hkextract.patterns import parse

T = TypeVar("T")
FILES = 40
"""Files kept at most; a run has up to nine, and a change of the rules or of the package makes new ones."""


RECENT = 8
"""Files of the same program that are looked through for patterns."""
OF_PATTERNS = ("regex", "prefixes")
"""Kinds of values that depend on a pattern, which is their key, and on nothing else in the rules."""


class Kept:
    """A store of values that can be marshalled, for one state of rules, package and Python."""

    def __init__(self, digest: str, folder: Path | None = None) -> None:
        program = hashlib.sha256("\0".join((package_digest(), sys.version, str(_sre.MAGIC))).encode()).hexdigest()[:12]
        key = hashlib.sha256(digest.encode()).hexdigest()[:12]
        self._path = (folder or user_cache_path("hkextract", appauthor=False)) / f"{program}-{key}.bin"
        self._values: dict[tuple[str, str], Any] = _loaded(self._path)
        self._changed = False

    def learn_patterns(self) -> None:
        """Takes the patterns from what this program kept last for other rules, so that a changed rule costs itself."""
        if self._values:
            return
        for path in reversed(_newest_first(self._path.parent, self._path.name.partition("-")[0])[:RECENT]):
            self._values |= {key: made for key, made in _loaded(path).items() if key[0].split()[0] in OF_PATTERNS}

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
            for path in _newest_first(self._path.parent)[FILES:]:
                path.unlink()
        except (OSError, ValueError):
            return
        self._changed = False


def _loaded(path: Path) -> dict[tuple[str, str], Any]:
    """The values of a file, none where it is not there or spoilt."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        found = marshal.loads(path.read_bytes())
        if isinstance(found, dict):
            return found
    return {}


def _newest_first(folder: Path, program: str = "") -> list[Path]:
    return sorted(folder.glob(f"{program}*.bin"), key=lambda path: -path.stat().st_mtime)


def _code(source: str) -> tuple[int, bytes, int, dict[str, int]]:
    """What `re` makes of a pattern; raises `re.error` for a faulty one."""
    parsed = parse(source)
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
