"""Article ids: from a file's path, stable, unique in the corpus, safe as a file name and in a spreadsheet."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

LONGEST = 120
"""Characters of an id; a longer one keeps its beginning and gets a digest, so that it fits every file system."""

MARK = "~"
"""Stands in an article id between a record file's id and the record's key; no file's id holds it."""

_UNSAFE = re.compile(r"[^\w.+-]+")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def article_ids(paths: Iterable[Path], root: Path) -> dict[Path, str]:
    """The id of every file of a corpus.

    An id is the path relative to `root` without its suffix, `/` written `__`; `a_` stands before one that does not
    begin with a letter, so that no spreadsheet takes it for a number. Files that would share an id (`a.txt`,
    `a.html`) all carry their suffix in it, whatever their order; the comparison ignores upper and lower case.

    >>> root = Path("corpus")
    >>> list(article_ids([root / "2024" / "a.txt", root / "b.txt", root / "b.html"], root).values())
    ['a_2024__a', 'b_txt', 'b_html']
    """
    files = list(paths)
    ids = {path: _article_id(path, root) for path in files}
    for path in _shared(ids):
        ids[path] = _shorten(f"{ids[path]}_{_UNSAFE.sub('_', path.suffix.lstrip('.')) or 'file'}")
    for path in _shared(ids):
        digest = hashlib.sha256(relative(path, root).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        ids[path] = f"{ids[path]}_{digest}"
    return ids


def record_id(file_id: str, key: str, number: int) -> str:
    """The id of a record: its file's, `MARK`, and its key or else its number.

    >>> record_id("news", "A/17", 3), record_id("news", "", 3)
    ('news~A_17', 'news~3')
    """
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", key)).strip("_.")
    return _shorten(f"{file_id}{MARK}{name or number}")


def _shared(ids: dict[Path, str]) -> list[Path]:
    groups = defaultdict(list)
    for path, name in ids.items():
        groups[name.casefold()].append(path)
    return [path for group in groups.values() if len(group) > 1 for path in group]


def relative(path: Path, root: Path) -> str:
    """A path as the user knows it: below `root`, with `/` between folders; the name alone where it is not below.

    >>> relative(Path("corpus/2024/a.txt"), Path("corpus"))
    '2024/a.txt'
    """
    start, place = f"{root}/", str(path)
    if os.sep == "/" and place.startswith(start):  # a twentieth of the time of `Path.relative_to`
        return place[len(start) :]
    try:
        return path.relative_to(root).as_posix() if path != root else path.name
    except ValueError:
        return path.name


def _article_id(path: Path, root: Path) -> str:
    name = relative(path, root)
    return plain_id(name.removesuffix(path.suffix) if path.stem else name)


def plain_id(stem: str) -> str:
    """The id of a path relative to the corpus, without its suffix, as long as no other file has the same.

    >>> plain_id("2024/a b")
    'a_2024__a_b'
    """
    parts = (_UNSAFE.sub("_", part) for part in unicodedata.normalize("NFC", stem).split("/"))
    name = "__".join(part.strip("_.") or "_" for part in parts)
    if not name[:1].isalpha() or _RESERVED.fullmatch(name):
        name = f"a_{name}"
    return _shorten(name)


def _shorten(name: str) -> str:
    if len(name.encode("utf-8", "surrogateescape")) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    kept = name.encode("utf-8", "surrogateescape")[: LONGEST - 9].decode("utf-8", "ignore")
    return f"{kept}_{digest}"
