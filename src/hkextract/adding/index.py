"""What is known of the files of a corpus without opening them: the digest of each, and the story that it tells.

An SQLite file a corpus, in the user's cache folder beside the results of runs. Nothing in it is not in the corpus too:
it may be deleted at any time. A file is taken to be as it was while its size and time, and those of its sidecar, are.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hkextract.adding.files import CorpusFile
from hkextract.inputs import digest_of
from hkextract.kept import package_digest
from hkextract.reprints import ENOUGH, HEAD, LEAST, SHARED, overlap
from hkextract.store import store_path

FORMAT = 2
TRIED = 20
"""Stories that are compared with a new one: those that share most hashes with it. A copy shares more than half."""

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE, stamp TEXT, size INTEGER, digest TEXT, facts TEXT,
    sketch BLOB
);
CREATE INDEX IF NOT EXISTS sizes ON files (size);
CREATE TABLE IF NOT EXISTS program (digest TEXT);
PRAGMA user_version = {FORMAT};
"""

_PUT = "REPLACE INTO files (path, stamp, size, digest, facts, sketch) VALUES (?, ?, ?, ?, ?, ?)"
_NEW_HEADS = (
    "SELECT number, path, substr(sketch, 1, ?) FROM files WHERE number > ? AND length(sketch) >= ? ORDER BY number"
)

Facts = Mapping[str, Any]
"""The row of articles.csv by its columns, and what the sidecar notes (`tags`, `note`, `added_at`, `added_from`).

Of a file of many articles `records` and `bad_records`; of one that cannot be read `status` failed and `message`."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The file that a new one repeats, and the share of the shorter text that both have; 1 for the same bytes."""

    file: str
    overlap: float


class Index:
    """The index of a corpus. Use as a context."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        path = store_path(corpus)
        path = path.with_name(f"{path.stem}-files.sqlite")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = _opened(path)
        except (OSError, sqlite3.Error):
            self._database = _connected(":memory:")
        self._heads = Heads()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def refresh(self, files: Mapping[str, CorpusFile]) -> list[str]:
        """Takes note of what has come, gone and changed; returns the files whose story is not known.

        Opens no file. `files` are those of the corpus as it is now.
        """
        now = {file: one for file, one in files.items() if one.is_nameable}
        with self._writing():
            rows = self._rows("SELECT path, stamp, facts IS NOT NULL, digest")
            known = {file: (stamp, told, digest) for file, stamp, told, digest in rows}
            gone = [(file,) for file in known.keys() - now.keys() if not (self.corpus / file).is_file()]
            self._database.executemany("DELETE FROM files WHERE path = ?", gone)
            new, changed = [], []
            for file, one in now.items():
                stamp, told, digest = known.get(file, ("", 0, ""))
                if stamp != one.stamp:
                    same = stamp.partition("|")[0] == one.stamp.partition("|")[0]
                    changed.append((file, one.stamp, one.size, digest if same else "", None, b""))
                if stamp != one.stamp or not told:
                    new.append(file)
            self._database.executemany(_PUT, changed)
        return new

    def tell(self, stories: Iterable[tuple[CorpusFile, Facts, bytes]]) -> None:
        """Keeps what files tell: facts and sketch of each (empty where there is none)."""
        with self._writing():
            rows = [
                (one.file, one.stamp, one.size, self.digest(one.file), _as_text(facts), sketch)
                for one, facts, sketch in stories
            ]
            self._database.executemany(_PUT, rows)

    def put(self, one: CorpusFile, digest: str, facts: Facts, sketch: bytes) -> None:
        """Keeps all that is known of a file."""
        with self._writing():
            self._database.execute(_PUT, (one.file, one.stamp, one.size, digest, _as_text(facts), sketch))

    def facts(self) -> dict[str, Facts | None]:
        """The facts of every file, None where they are not known."""
        return {file: json.loads(told) if told else None for file, told in self._rows("SELECT path, facts")}

    def facts_of(self, file: str) -> Facts:
        """The facts of one file, nothing where they are not known."""
        row = self._database.execute("SELECT facts FROM files WHERE path = ?", (file,)).fetchone()
        found: Facts = json.loads(row[0]) if row and row[0] else {}
        return found

    def digest(self, file: str) -> str:
        """The SHA-256 of a file as far as it is known."""
        row = self._database.execute("SELECT digest FROM files WHERE path = ?", (file,)).fetchone()
        return str(row[0]) if row else ""

    def same_bytes(self, digest: str, size: int) -> str:
        """The file that holds the same bytes, empty where there is none. Only files of that size are read, once."""
        rows = self._database.execute("SELECT path, digest FROM files WHERE size = ? ORDER BY path", (size,)).fetchall()
        for file, known in rows:
            if not known:
                known = digest_of(self.corpus / file)
                with self._writing():
                    self._database.execute("UPDATE files SET digest = ? WHERE path = ?", (known, file))
            if known == digest and (self.corpus / file).is_file():
                return str(file)
        return ""

    def same_bytes_all(self) -> Iterator[list[str]]:
        """The files that hold the same bytes, group by group."""
        sizes = self._database.execute(
            "SELECT path, size FROM files WHERE size IN (SELECT size FROM files GROUP BY size HAVING count(*) > 1)"
        ).fetchall()
        groups: dict[str, list[str]] = {}
        for file, size in sizes:
            self.same_bytes("", size)
            groups.setdefault(self.digest(file), []).append(file)
        yield from (sorted(group) for digest, group in sorted(groups.items()) if digest and len(group) > 1)

    def same_story(self, sketch: bytes, but: str = "") -> Repeat | None:
        """The file whose text a text with this sketch repeats most (`but` left out), if it is one story."""
        if len(sketch) < 8 * LEAST:
            return None
        self._heads.add(self._database.execute(_NEW_HEADS, (8 * HEAD, self._heads.last, 8 * LEAST)))
        own = np.frombuffer(sketch, dtype=np.uint64)
        best = Repeat("", 0.0)
        for file in self._heads.alike(own[:HEAD]):
            row = self._database.execute("SELECT sketch FROM files WHERE path = ?", (file,)).fetchone()
            if file == but or row is None or not row[0] or not (self.corpus / file).is_file():
                continue
            found = overlap(own, np.frombuffer(row[0], dtype=np.uint64))
            best = max(best, Repeat(file, round(found, 2)), key=lambda one: one.overlap)
        return best if best.overlap >= ENOUGH else None

    def sketches(self) -> Iterator[tuple[str, str, bytes]]:
        """Path, date of publication and sketch of every article, for `reprints.find_copies`."""
        for file, told, sketch in self._rows("SELECT path, facts, sketch"):
            if told and sketch:
                yield file, str(json.loads(told).get("published_at", "")), sketch

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One step: what others write at the same moment comes before it or after."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _rows(self, select: str) -> Iterator[Any]:
        yield from self._database.execute(f"{select} FROM files ORDER BY path")


class Heads:
    """The smallest hashes of all stories, so that those that may be alike are found in one sweep over an array."""

    def __init__(self) -> None:
        self.last = 0
        self._files: list[str] = []
        self._hashes = np.zeros((0, HEAD), dtype=np.uint64)

    def add(self, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """Takes in files with their numbers, which grow, and the beginnings of their sketches."""
        new = list(rows)
        if not new:
            return
        self.last = new[-1][0]
        self._files += [file for _, file, _ in new]
        packed = b"".join(head.ljust(8 * HEAD, b"\0") for _, _, head in new)
        self._hashes = np.concatenate([self._hashes, np.frombuffer(packed, dtype=np.uint64).reshape(-1, HEAD)])

    def alike(self, head: NDArray[np.uint64]) -> list[str]:
        """The files that share most of these hashes, at most `TRIED`."""
        shared = np.isin(self._hashes, head).sum(axis=1)
        order = np.argsort(-shared, kind="stable")[: 2 * TRIED]
        files = dict.fromkeys(self._files[place] for place in order if shared[place] >= SHARED)
        return list(files)[:TRIED]


def _as_text(facts: Facts) -> str:
    return json.dumps(dict(facts), ensure_ascii=False)


def _opened(path: Path) -> sqlite3.Connection:
    """The database at a path; one that is broken or of another format is begun anew."""
    try:
        return _connected(str(path))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise
        for stale in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            with suppress(FileNotFoundError):
                stale.unlink()
        return _connected(str(path))


def _connected(place: str) -> sqlite3.Connection:
    database = sqlite3.connect(place, timeout=60, isolation_level=None)
    try:
        if database.execute("PRAGMA user_version").fetchone()[0] not in (0, FORMAT):
            raise sqlite3.DatabaseError("another format")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")  # what is lost is made again from the corpus
        database.executescript(_SCHEMA)
        _drop_stories_of_others(database)
    except BaseException:
        database.close()
        raise
    return database


def _drop_stories_of_others(database: sqlite3.Connection) -> None:
    """Sketches of another program cannot be compared with ours."""
    mine = package_digest()
    row = database.execute("SELECT digest FROM program").fetchone()
    if row and row[0] == mine:
        return
    database.executescript("BEGIN; UPDATE files SET facts = NULL, sketch = NULL; DELETE FROM program;")
    database.execute("INSERT INTO program VALUES (?)", (mine,))
    database.execute("COMMIT")
