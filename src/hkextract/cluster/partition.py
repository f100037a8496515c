"""Partitions: what a task takes up, some files or a stretch of one, and how its articles are come by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyarrow.parquet as pq

from hkextract.cluster.storage import Storage
from hkextract.inputs import Input, Inputs
from hkextract.read.records import Columns, Stretch

BLOCK = 1 << 20
"""Bytes that are read at a time where a line's end is looked for."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus: its name from the corpus's root, its article id, and what changes with its bytes.

    `sidecar` is the name of the sidecar that speaks for it, or empty; `stamp` covers the sidecar.
    """

    name: str
    article_id: str
    size: int
    stamp: str
    sidecar: str = ""


@dataclass(frozen=True, slots=True)
class Partition:
    """What a task takes up.

    With `span` it is a stretch of its only file: bytes of JSON lines (a line belongs where it begins), row groups of
    Parquet, half-open; `stretch` then says what the file tells of it. `digest` is of its bytes, `seen` names the file
    of the ids before it that it holds too.
    """

    files: tuple[File, ...]
    span: tuple[int, int] | None = None
    stretch: Stretch | None = None
    digest: str = ""
    seen: str = ""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Opened:
    """A partition at hand: its root and files in a folder of this machine."""

    inputs: Inputs
    partition: Partition

    def articles(self, seen: set[bytes] | None = None) -> Iterator[Input]:
        """The articles of the partition in order; `seen` as for `Inputs.of_stretch`."""
        if self.partition.stretch is None:
            return iter(self.inputs)
        return self.inputs.of_stretch(self.inputs.files[0], self.partition.stretch, set() if seen is None else seen)


@contextmanager
def opened(corpus: Storage, partition: Partition, columns: Columns, encoding: str | None) -> Iterator[Opened]:
    """A partition at hand. Files of this machine are read where they stand, others and stretches are copied here."""
    if corpus.is_local and partition.span is None:
        root = corpus.local if corpus.local.is_dir() else corpus.local.parent
        yield Opened(_inputs(root, partition, columns, encoding), partition)
        return
    with TemporaryDirectory(prefix="hkextract-") as folder:
        root = Path(folder)
        for file in partition.files:
            if file.sidecar:
                fetch(corpus, file.sidecar, root / file.sidecar)
            if partition.span is None:
                fetch(corpus, file.name, root / file.name)
            else:
                cut_out(corpus, file.name, partition.span, root / file.name)
        yield Opened(_inputs(root, partition, columns, encoding), partition)


def _inputs(root: Path, partition: Partition, columns: Columns, encoding: str | None) -> Inputs:
    return Inputs.of(root, {root / file.name: file.article_id for file in partition.files}, columns, encoding)


def place_of(corpus: Storage, name: str) -> str:
    """The path of a file of a corpus; a corpus of one file has its folder as root."""
    root = corpus.root.rpartition("/")[0] if corpus.fs.isfile(corpus.root) else corpus.root
    return f"{root}/{name}"


def fetch(corpus: Storage, name: str, target: Path) -> None:
    """Copies a file of the corpus to this machine."""
    target.parent.mkdir(parents=True, exist_ok=True)
    corpus.fs.get_file(place_of(corpus, name), str(target))


def cut_out(corpus: Storage, name: str, span: tuple[int, int], target: Path) -> None:
    """Writes a stretch of a record file as a file of its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with corpus.fs.open(place_of(corpus, name), "rb") as source:
        if target.suffix.lower() == ".parquet":
            with pq.ParquetFile(source) as table:
                pq.write_table(table.read_row_groups(list(range(*span)), use_threads=False), target)
            return
        first, last = (_line_start(source, at) for at in span)
        source.seek(first)
        with target.open("wb") as copy:
            while first < last and (block := source.read(min(BLOCK, last - first))):
                copy.write(block)
                first += len(block)


def _line_start(source: IO[bytes], at: int) -> int:
    """The first line's start at or behind a place; the end of the file where there is none."""
    if at == 0:
        return 0
    source.seek(at - 1)
    place = at - 1
    while block := source.read(BLOCK):
        found = block.find(b"\n")
        if found >= 0:
            return place + found + 1
        place += len(block)
    return place
