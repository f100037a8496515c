"""Results that outlive a run: one SQLite file a corpus, in the user's cache folder, an article a row.

An article's results are good while its stamp (size and time of its file and sidecar, or a digest of its record), the
program, the rules and the lines that recur in it are the same. Without a folder to write to, or with `--no-cache`, the
store is a file that goes away with the run.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import zstandard
from platformdirs import user_cache_path

from hkextract.parts import Body, Brief, Part

FORMAT = 2
"""Raised when the tables below change; a store of another format is begun anew."""
LEVEL = 1
"""Of zstd: three times smaller at 300 MB a second; zlib takes three times as long for the same."""

TOGETHER = 500
"""Articles that one query asks for."""

PAGES = 8192
"""Of 4 KB each, that the log of the database grows to before they are put in their place, for which it waits for the
disk."""

_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS articles (
    article_id TEXT PRIMARY KEY, stamp TEXT, digest TEXT, base TEXT, recurring BLOB,
    stages TEXT, brief BLOB, sketch BLOB, lines BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (article_id TEXT PRIMARY KEY, body BLOB);
CREATE TABLE IF NOT EXISTS made (article_id TEXT PRIMARY KEY, made BLOB);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (path TEXT PRIMARY KEY, state TEXT, prints TEXT) WITHOUT ROWID;
PRAGMA user_version = {FORMAT};
"""


class Known(NamedTuple):
    """What tells whether the results of an article are still good."""

    stamp: str
    digest: str
    base: str
    recurring: bytes
    stages: str
    lines: bytes
    complete: bool


class Store:
    """The results of one corpus. Use as a context; what has been put in is safe after each `put`."""

    def __init__(self, path: Path | None) -> None:
        """`path` None makes a store that goes away with the run."""
        self._temporary = TemporaryDirectory(prefix="hkextract-") if path is None else None
        self.path = Path(self._temporary.name) / "run.sqlite" if self._temporary else path or Path()
        self.lasting = path is not None
        self._database = _open(self.path)
        if self._temporary:  # nothing reads it after a crash
            self._database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF")
        self._unpack = zstandard.ZstdDecompressor().decompress

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        if self._temporary:
            self._temporary.cleanup()

    def known(self, article_id: str) -> Known | None:
        """What is kept of an article, None where nothing is."""
        row = self._database.execute(
            "SELECT stamp, digest, base, recurring, stages, lines, EXISTS (SELECT 1 FROM bodies WHERE article_id = ?1)"
            " FROM articles WHERE article_id = ?1",
            (article_id,),
        ).fetchone()
        return Known(*row) if row else None

    def part(self, article_id: str) -> tuple[Brief, Body]:
        """An article that is kept whole; `KeyError` for one that is not."""
        query = "SELECT brief, body FROM articles JOIN bodies USING (article_id) WHERE article_id = ?"
        row = self._database.execute(query, (article_id,)).fetchone()
        if row is None:
            raise KeyError(article_id)
        return Brief.unpacked(row[0]), Body.unpacked(self._unpack(row[1]))

    def made(self, article_id: str) -> bytes:
        """What the stages made of an article (`parts.packed`), empty where nothing is kept."""
        row = self._database.execute("SELECT made FROM made WHERE article_id = ?", (article_id,)).fetchone()
        return self._unpack(row[0]) if row else b""

    def brief(self, article_id: str) -> Brief:
        """The small part of an article that is kept; `KeyError` for one that is not."""
        row = self._database.execute("SELECT brief FROM articles WHERE article_id = ?", (article_id,)).fetchone()
        if row is None:
            raise KeyError(article_id)
        return Brief.unpacked(row[0])

    def sketches(self, article_ids: Sequence[str]) -> Iterator[bytes]:
        """The sketches of articles in the order given, empty ones of those that could not be processed."""
        for (sketch,) in self._rows("sketch", article_ids):
            yield sketch

    def briefs(self, article_ids: Sequence[str]) -> Iterator[Brief]:
        """The small parts of articles, in the order given; `KeyError` for one that is not kept."""
        for (brief,) in self._rows("brief", article_ids):
            yield Brief.unpacked(brief)

    def _rows(self, columns: str, article_ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Rows of articles in the order given, so many at a time that a query costs little."""
        for at in range(0, len(article_ids), TOGETHER):
            wanted = article_ids[at : at + TOGETHER]
            query = f"SELECT article_id, {columns} FROM articles WHERE article_id IN ({','.join('?' * len(wanted))})"
            found = {name: row for name, *row in self._database.execute(query, wanted)}
            yield from (tuple(found[name]) for name in wanted)

    def stories(self) -> Iterator[tuple[str, str, Brief, bytes]]:
        """Id, stamp, brief and sketch of every article that is kept whole."""
        whole = "SELECT article_id FROM bodies"
        query = f"SELECT article_id, stamp, brief, sketch FROM articles WHERE article_id IN ({whole})"
        for name, stamp, brief, sketch in self._database.execute(query):
            yield name, stamp, Brief.unpacked(brief), sketch

    def __len__(self) -> int:
        """The number of articles of which anything is kept."""
        return int(self._database.execute("SELECT count(*) FROM articles").fetchone()[0])

    def put(self, parts: Iterable[tuple[Part, str, str, bytes]], stages: str) -> None:
        """Keeps articles, each with its stamp, the base it was made on, and the digest of what recurs in it.

        `stages` tells the rules of each stage.
        """
        found = list(parts)
        with self._database:
            self._database.executemany(
                "REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (p.brief.article_id, stamp, p.digest, base, recurring, stages, p.brief.packed(), p.sketch, p.lines)
                    for p, stamp, base, recurring in found
                ],
            )
            if self.lasting:
                self._database.executemany(
                    "REPLACE INTO bodies VALUES (?, ?)",
                    [(p.brief.article_id, p.body_kept or kept(p.body.packed())) for p, *_ in found],
                )
                self._database.executemany(
                    "REPLACE INTO made VALUES (?, ?)",
                    [(p.brief.article_id, p.made) for p, *_ in found if p.made],
                )

    def restamp(self, article_id: str, stamp: str) -> None:
        """Notes that a file whose time has changed holds what it held."""
        with self._database:
            self._database.execute("UPDATE articles SET stamp = ? WHERE article_id = ?", (stamp, article_id))

    def forget_others(self, article_ids: Iterable[str]) -> None:
        """Drops what is kept of articles that the corpus no longer has."""
        with self._database:
            self._database.execute("CREATE TEMP TABLE present (article_id TEXT PRIMARY KEY) WITHOUT ROWID")
            self._database.executemany("INSERT OR IGNORE INTO present VALUES (?)", ((name,) for name in article_ids))
            for table in ("articles", "bodies", "made"):
                self._database.execute(f"DELETE FROM {table} WHERE article_id NOT IN (SELECT article_id FROM present)")
            self._database.execute("DROP TABLE present")

    def digest(self, file: str, stamp: str) -> str:
        """The digest of a file of many articles, if its stamp is the one it was taken under; else empty."""
        row = self._database.execute("SELECT stamp, digest FROM files WHERE path = ?", (file,)).fetchone()
        return str(row[1]) if row and row[0] == stamp else ""

    def put_digest(self, file: str, stamp: str, digest: str) -> None:
        with self._database:
            self._database.execute("REPLACE INTO files VALUES (?, ?, ?)", (file, stamp, digest))

    def output(self, place: str) -> tuple[str, str]:
        """The state that an output folder was written in, and the prints of its files; empty where it is unknown."""
        row = self._database.execute("SELECT state, prints FROM outputs WHERE path = ?", (place,)).fetchone()
        return (row[0], row[1]) if row else ("", "")

    def put_output(self, place: str, state: str, prints: str) -> None:
        with self._database:
            self._database.execute("REPLACE INTO outputs VALUES (?, ?, ?)", (place, state, prints))


def kept(data: bytes) -> bytes:
    """Data as the store keeps it."""
    return _packer()(data)


@cache
def _packer() -> Callable[[bytes], bytes]:
    pack: Callable[[bytes], bytes] = zstandard.ZstdCompressor(LEVEL).compress
    return pack


def store_path(corpus: Path) -> Path:
    """Where the results of a corpus are kept."""
    name = blake2b(str(corpus.resolve()).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    return stores_folder() / f"{name}.sqlite"


def stores_folder() -> Path:
    """The folder of all stores: in the user's cache folder, unless the variable `HKEXTRACT_RESULTS` names another."""
    place = os.environ.get("HKEXTRACT_RESULTS")
    return Path(place) if place else user_cache_path("hkextract", appauthor=False) / "results"


def open_store(corpus: Path, *, lasting: bool = True) -> Store:
    """The store of a corpus; one that goes away with the run where the cache folder cannot be used."""
    if lasting:
        path = store_path(corpus)
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(parents=True, exist_ok=True)
            return Store(path)
    return Store(None)


def clear_stores() -> int:
    """Deletes the kept results of every corpus; returns the number of bytes freed."""
    freed = 0
    for path in stores_folder().glob("*.sqlite*"):
        with suppress(OSError):
            size = path.stat().st_size
            path.unlink()
            freed += size
    return freed


def _open(path: Path) -> sqlite3.Connection:
    """The database at a path; one that is broken or of another format is begun anew."""
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and path.exists() and "locked" in str(error):
            raise
        for stale in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            stale.unlink(missing_ok=True)
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30)
    try:
        found = database.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, FORMAT):
            raise sqlite3.DatabaseError("another format")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(f"PRAGMA wal_autocheckpoint = {PAGES}")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database
