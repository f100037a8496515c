"""The files of a corpus with their ids and sidecars, and stamps that change when either does."""

from __future__ import annotations

import os
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from hkextract.inputs import Inputs, sort_out
from hkextract.read.ids import article_ids
from hkextract.read.sidecar import SUFFIX, sidecar_places

FOLDER = ".hkextract"
"""The hidden folder of a corpus; runs never read it as articles."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of a corpus: `file` is its path there with `/` between folders; `stamp` changes with both files."""

    article_id: str
    file: str
    path: Path
    sidecar: Path | None
    stamp: str

    @property
    def size(self) -> int:
        """Bytes; 0 where the file cannot be looked at."""
        return int(self.stamp.partition(" ")[0] or 0)

    @property
    def is_nameable(self) -> bool:
        """False where the name holds bytes that are no text, as old archives leave behind."""
        return self.file.isprintable() or not any("\ud800" <= char <= "\udfff" for char in self.file)


def corpus_files(corpus: Path) -> dict[str, CorpusFile]:
    """The files of a corpus by their path in it, in order of path; nothing where the folder is not there."""
    files, sidecars = sort_out(corpus, os.walk(corpus))
    there = set(map(str, sidecars))
    ids = article_ids(files, corpus)
    found = {}
    for path in files:
        sidecar = _sidecar(path, there)
        file = path.relative_to(corpus).as_posix()
        found[file] = CorpusFile(ids[path], file, path, sidecar, stamp_of(path, sidecar))
    return found


def _sidecar(path: Path, there: Container[str]) -> Path | None:
    """The sidecar of a file among those that are there; `sidecar_places` without a path for each that is not."""
    whole = str(path)
    if f"{whole}{SUFFIX}" in there or f"{whole.rpartition('.')[0]}{SUFFIX}" in there:
        return next((place for place in sidecar_places(path) if str(place) in there), None)
    return None


def stamp_of(path: Path, sidecar: Path | None) -> str:
    """What changes when a file or its sidecar does."""
    beside = f"{sidecar.name} {Inputs.stamp_of(sidecar)}" if sidecar else ""
    return f"{Inputs.stamp_of(path)}|{beside}"


def lone_sidecars(corpus: Path) -> list[Path]:
    """Sidecars that have no article, in order of path."""
    files, sidecars = sort_out(corpus, os.walk(corpus))
    spoken_for = {place for path in files for place in sidecar_places(path)}
    return sorted(place for place in sidecars if place not in spoken_for)
