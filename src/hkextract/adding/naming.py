"""File names that a person can read: date, source and title, safe on every file system.

Windows forbids some characters, names and trailing dots; macOS and Windows take upper and lower case for the same;
Linux bounds a name in bytes, of which a hanzi takes three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from pathlib import PurePath

from hkextract.clean.publication import FILE_DATE
from hkextract.read.ids import plain_id

LONGEST = 104
"""Bytes of a name without its suffix: with `.meta.toml` and the number of a clash it stays under 120."""
LONGEST_SOURCE = 36
"""Bytes of the source in it."""

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?")
_ASCII = frozenset("+-.%=@,()")
"""ASCII signs that have no meaning for a file system or a shell, and none in the name of a record (`#`, `~`)."""
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")


def article_stem(date: str, source: str, title: str, otherwise: str = "") -> str:
    """A name without its suffix; `otherwise` stands in for an empty title. Empty parts are left out.

    What looks like a date in a title is taken apart where the article has none, so that no run takes it for one.

    >>> article_stem("2024-12-03T09:00", "海港日報", "渡輪公司: 下月加班?")
    '2024-12-03_海港日報_渡輪公司-下月加班'
    """
    parts = [safe(date[:10]), shortened(safe(source), LONGEST_SOURCE)]
    head = "_".join(part for part in parts if part)
    told = safe(title) or safe(otherwise) or "article"
    if not date:
        told = FILE_DATE.sub(lambda match: f"{match[1]}年{int(match[3])}月{int(match[4])}日", told)
    room = LONGEST - len(f"{head}_".encode())
    return reserved_aside("_".join(part for part in (head, shortened(told, room)) if part))


def own_stem(name: str) -> str:
    """The name of a file without its suffix (of `.jsonl.gz` without both), made safe and short.

    >>> own_stem("news 2024.jsonl.gz"), own_stem("CON.txt")
    ('news-2024', 'x-CON')
    """
    stem = PurePath(name).stem
    if name.lower().endswith(".gz"):
        stem = PurePath(stem).stem
    return reserved_aside(shortened(safe(stem, keep="_"), LONGEST) or "article")


def safe(text: str, keep: str = "") -> str:
    """A text as a part of a file name: letters, digits, Chinese punctuation and a few signs; the rest becomes `-`."""
    chars = []
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.category(char) in _DROPPED and not char.isspace():
            continue
        fits = char.isalnum() or char in keep or char in _ASCII or unicodedata.category(char) in ("Mn", "Mc")
        chars.append(char if fits or (ord(char) > 0x2000 and not char.isspace()) else "-")
    made = re.sub(r"-{2,}", "-", "".join(chars))
    return made.strip("-. ")


def shortened(text: str, size: int) -> str:
    """A text cut to a size in bytes, with an ellipsis; no combining sign is parted from its letter."""
    if len(text.encode()) <= size:
        return text
    cut = text.encode()[: max(0, size - len("…".encode()))].decode("utf-8", "ignore")
    if unicodedata.combining(text[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip("-. …") + "…"


def reserved_aside(stem: str) -> str:
    """A stem that is no device of Windows and hides nothing on Unix."""
    return f"x-{stem}" if _RESERVED.fullmatch(stem) else stem


def free_stems(stem: str, taken: Container[str]) -> Iterator[str]:
    """The stem, then the same with `-2`, `-3` …, leaving out those whose article id is taken.

    `taken` are ids as `id_key` makes them, so an article that is added never changes another one's id.
    """
    number = 1
    while True:
        tried = stem if number == 1 else f"{stem}-{number}"
        if id_key(tried) not in taken:
            yield tried
        number += 1


def id_key(stem: str) -> str:
    """What two stems of one article id have in common, upper and lower case apart."""
    return plain_id(stem).casefold()
