"""Folders and files by path or URL, through fsspec. A file is there whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

UNDONE = ".undone-"
"""Begins the name of a local file that is being written; readers of Parquet folders pass over such names."""


class StorageError(Exception):
    """A place that cannot be used; the message says why and what to do."""


@dataclass(slots=True)
class Storage:
    """A folder, or a single file, by path or URL (`file://`, `s3://`, `gs://` …). Names below it have `/`.

    >>> storage = Storage("memory://example")
    >>> storage.write("a/b.txt", b"text")
    >>> storage.read("a/b.txt"), storage.names("a")
    (b'text', ['b.txt'])
    """

    url: str
    fs: Any = field(init=False, repr=False)
    root: str = field(init=False)

    def __post_init__(self) -> None:
        """Raises `StorageError` for a URL whose library is not installed or that means nothing."""
        try:
            self.fs, self.root = fsspec.core.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise StorageError(f"{self.url} cannot be used: {error}.") from None
        self.root = str(self.root).rstrip("/") or "/"

    def __reduce__(self) -> tuple[type[Storage], tuple[str]]:
        return Storage, (self.url,)

    @property
    def is_local(self) -> bool:
        return isinstance(self.fs, LocalFileSystem)

    @property
    def local(self) -> Path:
        """The path of a local place."""
        return Path(self.root)

    def at(self, name: str = "") -> str:
        """The path of a file as its file system knows it."""
        return f"{self.root}/{name}" if name else self.root

    def link(self, name: str = "") -> str:
        """The path of a file as a user writes it."""
        return str(self.fs.unstrip_protocol(self.at(name))) if not self.is_local else self.at(name)

    def exists(self, name: str = "") -> bool:
        return bool(self.fs.exists(self.at(name)))

    def names(self, folder: str = "") -> list[str]:
        """What stands in a folder, sorted; empty where there is none."""
        self.fs.invalidate_cache()
        try:
            found = self.fs.ls(self.at(folder), detail=False)
        except FileNotFoundError:
            return []
        return sorted(name for one in found if (name := str(one).rstrip("/").rpartition("/")[2]))

    def open(self, name: str) -> IO[bytes]:
        opened: IO[bytes] = self.fs.open(self.at(name), "rb")
        return opened

    def read(self, name: str) -> bytes:
        return bytes(self.fs.cat_file(self.at(name)))

    def write(self, name: str, data: bytes) -> None:
        """Writes a file in one step, in the place of one of that name."""
        with self.writing(name) as path:
            path.write_bytes(data)

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A local path to write to; what stands there in the end is put under the name in one step."""
        target = self.at(name)
        if self.is_local:
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            undone = Path(target).with_name(f"{UNDONE}{uuid.uuid4().hex[:8]}-{Path(target).name}")
            try:
                yield undone
                undone.replace(target)
            finally:
                with suppress(OSError):
                    undone.unlink()
            return
        with TemporaryDirectory(prefix="hkextract-") as folder:
            path = Path(folder) / "file"
            yield path
            self.fs.put_file(str(path), target)

    def copy(self, source: str, target: str) -> None:
        """Copies a file of this storage within it."""
        if self.is_local:
            with self.writing(target) as path:
                try:
                    os.link(self.at(source), path)
                except OSError:
                    shutil.copyfile(self.at(source), path)
            return
        self.fs.cp_file(self.at(source), self.at(target))

    def remove(self, folder: str) -> None:
        """Removes a folder with all in it, or a file; nothing where there is none."""
        with suppress(FileNotFoundError):
            self.fs.rm(self.at(folder), recursive=True)
