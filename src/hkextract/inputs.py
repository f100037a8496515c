"""What a run takes up: the files of a corpus, and the records of its many-article files, in order, as they come."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b, file_digest
from pathlib import Path

from hkextract.read import ReadError, article_ids
from hkextract.read.ids import MARK, record_id, relative
from hkextract.read.records import BadRecord, Columns, Record, Stretch, is_records, records, records_of_stretch
from hkextract.read.sidecar import SUFFIX, load_sidecar, sidecar_places

UNFINISHED = ("~", ".part", ".partial", ".crdownload", ".download", ".tmp", ".swp")
"""How the files end that browsers and editors keep while they write; `~$` begins those of Word."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run made of an article (`parts.packed`), and the stages whose rules have changed since."""

    made: bytes
    stale: tuple[str, ...]
    digest: str
    lines: bytes


@dataclass(frozen=True, slots=True)
class Input:
    """An article to be processed: a file, or a record of a file.

    `file` is the path as the user knows it, for a record with `#` and its number; `stamp` changes whenever the
    article's bytes (before `|`) or its sidecar (behind it) may have changed; `folder` groups articles of one place;
    `size` counts bytes. With `earlier` only some stages need be done over; `reading` is the article as a process that
    looked for what recurs has read it (pickled), where it was kept.
    """

    article_id: str
    file: str
    path: Path
    stamp: str
    folder: str
    size: int
    record: Record | BadRecord | None = None
    earlier: Earlier | None = None
    reading: bytes = b""


@dataclass(slots=True)
class Inputs:
    """The articles of a corpus. Can be gone through any number of times; record files are read anew each time.

    A single file is a corpus of one.
    """

    corpus: Path
    columns: Columns = field(default_factory=Columns)
    encoding: str | None = None
    root: Path = field(init=False)
    files: list[Path] = field(init=False)
    ids: dict[Path, str] = field(init=False)
    _sidecars: frozenset[str] = field(init=False)
    _many: frozenset[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.root = self.corpus if self.corpus.is_dir() else self.corpus.parent
        self.files, sidecars = _walk(self.corpus)
        self._sidecars = frozenset(map(str, sidecars))
        self._many = frozenset(filter(is_records, self.files))
        self.ids = article_ids(self.files, self.root)

    @classmethod
    def of(cls, root: Path, ids: Mapping[Path, str], columns: Columns, encoding: str | None) -> Inputs:
        """Some files of a corpus, below a folder, whose ids are known."""
        some = cls.__new__(cls)
        some.corpus, some.root, some.columns, some.encoding = root, root, columns, encoding
        some.files, some.ids, some._sidecars = list(ids), dict(ids), frozenset()
        some._many = frozenset(filter(is_records, ids))
        return some

    @property
    def count(self) -> int | None:
        """The number of articles; None where only reading record files can tell."""
        return None if self._many else len(self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(_size(path) for path in self.files)

    def __iter__(self) -> Iterator[Input]:
        for path in self.files:
            if path in self._many:
                yield from self._records(path)
            else:
                yield self.of_file(path)

    def of_file(self, path: Path) -> Input:
        """A file that is one article."""
        file = relative(path, self.root)
        own = self.stamp_of(path)
        sidecar = self._sidecar(path)
        stamp = f"{own}|" + (f"{sidecar.name} {self.stamp_of(sidecar)}" if sidecar else "")
        size = int(own.partition(" ")[0] or 0)
        return Input(self.ids[path], file, path, stamp, file.rpartition("/")[0], size)

    def _sidecar(self, path: Path) -> Path | None:
        """The sidecar of a file. Whether there is one is told by texts: most files have none."""
        place = str(path)
        if f"{place}{SUFFIX}" not in self._sidecars and place.rpartition(".")[0] + SUFFIX not in self._sidecars:
            return None
        return next((place for place in sidecar_places(path) if str(place) in self._sidecars), None)

    def find(self, file: str) -> Input | None:
        """The article of a path as articles.csv has it; None where there is none."""
        path = self.root / file.rpartition("#")[0] if "#" in file else self.root / file
        if (self.root / file) in self.ids:
            return self.of_file(self.root / file)
        if path not in self._many:
            return None
        return next((given for given in self._records(path) if given.file == file), None)

    @staticmethod
    def stamp_of(path: Path) -> str:
        """Size and time of a file, empty where it cannot be looked at."""
        try:
            found = os.stat(path)  # noqa: PTH116 - half the time of the method of a path
        except OSError:
            return ""
        return f"{found.st_size} {found.st_mtime_ns}"

    def of_stretch(self, path: Path, stretch: Stretch, seen: set[bytes]) -> Iterator[Input]:
        """The records of a stretch of a record file.

        `seen` holds the `id_digest`s of the records before it, and in the end those of its own too.
        """
        return self._records(path, records_of_stretch(path, stretch), seen)

    def _records(
        self, path: Path, found: Iterator[Record | BadRecord] | None = None, seen: set[bytes] | None = None
    ) -> Iterator[Input]:
        """The records of a file, with what its sidecar says of all of them.

        One `BadRecord` with the file's own id stands for a file that cannot be read.
        """
        seen = set() if seen is None else seen
        try:
            sidecar = load_sidecar(path)
            for record in found or records(path, self.columns, sidecar.encoding or self.encoding):
                if sidecar.data and isinstance(record, Record):
                    record = replace(record, stated=record.stated.filled_from(sidecar.meta))
                yield self._of_record(path, record, seen)
        except ReadError as error:
            yield self._of_record(path, BadRecord(0, "", str(error)), seen)
        except OSError as error:
            message = f"The file could not be opened: {error.strerror or error}."
            yield self._of_record(path, BadRecord(0, "", message), seen)

    def _of_record(self, path: Path, record: Record | BadRecord, seen: set[bytes]) -> Input:
        file, name = relative(path, self.root), self.ids[path]
        article_id = record_id(name, record.key, record.number) if record.number else name
        if (known := id_digest(article_id)) in seen:
            article_id = f"{article_id}{MARK}{record.number}"
        seen.add(known)
        data = repr(record)
        shown = f"{file}#{record.number}" if record.number else file
        stamp = _small_digest(data).hex()
        return Input(article_id, shown, path, stamp, file, len(data), record)


def id_digest(article_id: str) -> bytes:
    """What tells ids apart that differ in more than case; of a record, its id before a number is put behind it."""
    return _small_digest(article_id.casefold())


def find_files(corpus: Path) -> list[Path]:
    """The files of a corpus in order of path: all but hidden and unfinished ones, sidecars and what
    browsers save with a page."""
    return _walk(corpus)[0]


def _walk(corpus: Path) -> tuple[list[Path], list[Path]]:
    """The files and the sidecars."""
    if corpus.is_file():
        return [corpus], [place for place in sidecar_places(corpus) if place.is_file()]
    return sort_out(corpus, os.walk(corpus))


def sort_out(corpus: Path, walk: Iterable[tuple[str, list[str], list[str]]]) -> tuple[list[Path], list[Path]]:
    """The files and the sidecars of a folder that is gone through as `os.walk` does, from the top."""
    found: list[Path] = []
    sidecars: list[Path] = []
    for folder, folders, names in walk:
        here = Path(folder)
        pages = {Path(name).stem for name in names if name.lower().endswith((".html", ".htm"))}
        folders[:] = [f for f in folders if not f.startswith(".") and f.removesuffix("_files") not in pages - {f}]
        for name in names:
            if not name.startswith((".", "~$")) and not name.endswith(UNFINISHED):
                (sidecars if name.endswith(SUFFIX) else found).append(here / name)
    start = len(str(corpus))
    return sorted(found, key=lambda path: str(path)[start:].replace(os.sep, "/")), sidecars


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _small_digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
