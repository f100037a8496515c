"""What the user names as a source: files, folders, patterns, archives, links, standard input. One article at a time."""

from __future__ import annotations

import glob
import re
import shutil
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from hkextract.adding.fetch import Fetched, FetchError
from hkextract.inputs import find_files, sort_out
from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.read.sidecar import SUFFIX, load_sidecar, parse_sidecar, sidecar_places
from hkextract.read.sidecartext import sound

PIPE = "-"
LARGEST_MEMBER = 1_000_000_000
"""Bytes of a file in an archive; a small archive that unpacks to more is made to fill disks."""
NOTHING: Mapping[str, Any] = MappingProxyType({})

_LINK = re.compile(r"(?i)[a-z][a-z0-9+.-]+://")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What reading a damaged, locked or oddly packed archive raises."""


class SourceError(Exception):
    """A source that cannot be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is known of bytes from how they came: media type, encoding and address as a server states them."""

    media_type: str = ""
    charset: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An article to be added, not yet read.

    `origin` is where it comes from, as the user knows it; `name` the file name that it has there, empty for standard
    input; `copy_to` writes its bytes to a file and raises `SourceError` where it cannot; `stated` is what a sidecar
    beside it says.
    """

    origin: str
    name: str
    copy_to: Callable[[Path], Arrived]
    stated: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A source of which nothing can be added, and why."""

    origin: str
    message: str


Fetch = Callable[[str], Fetched]
"""`Fetcher.fetch`: the page of a link, or `FetchError`."""


def is_link(text: str) -> bool:
    """True for an address of any kind.

    >>> is_link("https://example.org/a"), is_link("C:/news/a.txt"), is_link("a.txt")
    (True, False, False)
    """
    return _LINK.match(text) is not None


def sources(named: Iterable[str], fetch: Fetch) -> Iterator[Source | Unusable]:
    """The articles of what the user names, in order; of a folder or an archive all files that a run would read."""
    for name in named:
        if is_link(name):
            yield of_link(name, fetch)
        elif name == PIPE:
            yield Source("standard input", "", _copy_pipe)
        elif (path := Path(name)).is_dir():
            yield from _of_folder(path)
        elif path.exists():
            yield from _of_path(path)
        elif glob.has_magic(name) and (matching := sorted(glob.glob(name, recursive=True))):  # noqa: PTH207 - takes absolute patterns
            for match in map(Path, matching):
                yield from _of_folder(match) if match.is_dir() else _of_path(match)
        else:
            what = "Nothing matches this pattern." if glob.has_magic(name) else "There is no such file or folder."
            yield Unusable(name, f"{what} A link begins with https://.")


def of_link(url: str, fetch: Fetch, stated: Mapping[str, Any] = NOTHING) -> Source:
    """The page of a link."""

    def copy(target: Path) -> Arrived:
        try:
            page = fetch(url)
        except FetchError as error:
            raise SourceError(str(error).removeprefix(f"{url}: ")) from None
        target.write_bytes(page.data)
        return Arrived(page.media_type, page.charset, page.final_url)

    name = PurePosixPath(unquote(urlsplit(url).path, errors="replace")).name
    return Source(url, name, copy, stated)


def _of_folder(folder: Path) -> Iterator[Source | Unusable]:
    files = find_files(folder)
    if not files:
        yield Unusable(str(folder), "This folder holds no files (hidden ones are not read).")
    for path in files:
        yield from _of_path(path)


def _of_path(path: Path) -> Iterator[Source | Unusable]:
    if path.name.endswith(SUFFIX):
        return  # goes with its article
    origin = sound(str(path))
    if not path.is_file():
        yield Unusable(origin, "This is neither a file nor a folder. To add what a program writes, use - for it.")
    elif path.suffix.lower() == ".zip":
        yield from _of_archive(path)
    else:
        try:
            yield Source(origin, path.name, _copier(path), load_sidecar(path).values)
        except (ReadError, OSError) as error:
            yield Unusable(origin, _reason(error))


def _copier(path: Path) -> Callable[[Path], Arrived]:
    def copy(target: Path) -> Arrived:
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise SourceError(_reason(error)) from None
        return Arrived()

    return copy


def _copy_pipe(target: Path) -> Arrived:
    with target.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return Arrived()


def _of_archive(path: Path) -> Iterator[Source | Unusable]:
    """The files of a ZIP archive, hidden ones and what browsers save with a page left out."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member_name(info): info for info in archive.infolist() if not info.is_dir()}
            files, _ = sort_out(Path(), _walk(members))
            for file in files:
                yield _member(path, archive, members, file.as_posix())
            if not files:
                yield Unusable(str(path), "This archive holds no files (hidden ones are not read).")
    except (*_BROKEN, OSError) as error:
        yield Unusable(str(path), f"This is no ZIP archive, or a damaged one ({error}). Unpack it and add the folder.")


def _member(
    path: Path, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], name: str
) -> Source | Unusable:
    origin, info = f"{path}/{name}", members[name]
    if info.flag_bits & 1:
        return Unusable(origin, "This file is locked with a password. Unpack the archive and add the folder.")
    if name.lower().endswith(".zip"):
        return Unusable(origin, "This is an archive within an archive. Unpack the outer one and add the folder.")
    if info.file_size > LARGEST_MEMBER:
        return Unusable(origin, f"This file is larger than {LARGEST_MEMBER // 1_000_000} MB. Unpack it and add it.")
    beside = (place.as_posix() for place in sidecar_places(Path(name)))
    sidecar = next((members[place] for place in beside if place in members), None)
    try:
        stated = parse_sidecar(archive.read(sidecar), member_name(sidecar)).values if sidecar else {}
    except (ReadError, *_BROKEN) as error:
        return Unusable(origin, str(error))

    def copy(target: Path) -> Arrived:
        try:
            with archive.open(info) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except _BROKEN as error:
            raise SourceError(f"This file in the archive is damaged ({error}). Get the archive again.") from None
        return Arrived()

    return Source(origin, PurePosixPath(name).name, copy, stated)


def _walk(members: Iterable[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """The folders and files of an archive as `os.walk` gives those of a folder, from the top."""
    tree: dict[str, tuple[set[str], list[str]]] = {"": (set(), [])}
    for member in members:
        *folders, name = member.split("/")
        for depth, folder in enumerate(folders):
            tree.setdefault("/".join(folders[:depth]), (set(), []))[0].add(folder)
        tree.setdefault("/".join(folders), (set(), []))[1].append(name)
    waiting = [""]
    while waiting:
        here = waiting.pop()
        names = sorted(tree[here][0])
        yield here, names, tree[here][1]
        waiting += [f"{here}/{name}" if here else name for name in names]


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; one that does not say that it is UTF-8 is mostly GBK or Big5 from Windows."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = decode(name.encode("cp437"))[0]
        except (UnicodeEncodeError, ReadError):
            name = info.filename
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file could not be opened: {error.strerror or error}. Check that you may read it."
    return str(error)


def origin_of(path: str) -> str:
    """A place as a sidecar tells it: links and archives as they are, files with the whole path."""
    return path if is_link(path) or path == "standard input" else str(Path(path).absolute())
