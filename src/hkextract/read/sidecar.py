"""Sidecars: `NAME.meta.toml` beside a file says what the user knows of it, and outweighs what is found in the file.

`a.html.meta.toml` speaks for `a.html` alone, `a.meta.toml` for every file of the name `a`.
"""

from __future__ import annotations

import codecs
import datetime as dt
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from hkextract.article import Meta
from hkextract.read.errors import ReadError

SUFFIX = ".meta.toml"
KNOWN = ("published_at", "title", "source", "author", "url", "currency", "encoding")
"""Keys that override what is found."""
NOTES = ("note", "tags", "added_at", "added_from", "sha256")
"""Keys that are kept for the user and change nothing."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].+)?)?)?")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a user says of a file: `meta` with the basis `user` for its date, the encoding, and the file's text.

    `values` are all its keys.
    """

    meta: Meta = field(default_factory=Meta)
    encoding: str = ""
    data: bytes = b""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags; a single text counts as one."""
        found = self.values.get("tags", ())
        return (found,) if isinstance(found, str) else tuple(map(str, found)) if isinstance(found, list) else ()


def sidecar_places(path: Path) -> tuple[Path, Path]:
    """Where the sidecar of a file may stand; the first that is there speaks."""
    return path.with_name(path.name + SUFFIX), path.with_name(path.stem + SUFFIX)


def sidecar_path(path: Path) -> Path | None:
    """The sidecar of a file, None where it has none."""
    names = (f"{path}{SUFFIX}", f"{path.parent}{os.sep}{path.stem}{SUFFIX}")
    if not any(map(os.path.isfile, names)):  # nearly always, and told at half the cost of two paths
        return None
    return next((place for place in sidecar_places(path) if place.is_file()), None)


def load_sidecar(path: Path) -> Sidecar:
    """What the sidecar of a file says; nothing where there is none. Raises `ReadError` that names fault and way out."""
    place = sidecar_path(path)
    if place is None:
        return Sidecar()
    return parse_sidecar(place.read_bytes(), place.name)


def parse_sidecar(data: bytes, name: str) -> Sidecar:
    """What the text of a sidecar says; `name` stands in the message of a `ReadError`."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ReadError(f"The sidecar {name} is not UTF-8; save it again as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ReadError(f'The sidecar {name} is not TOML ({error}); a line is like: title = "…"') from None
    try:
        return Sidecar(meta_of(values), encoding_of(values), data, values)
    except ValueError as error:
        raise ReadError(f"The sidecar {name}: {error}") from None


def meta_of(values: Mapping[str, Any]) -> Meta:
    """The metadata that a sidecar or a record states; `ValueError` for an unknown key or a value that cannot be.

    >>> meta_of({"published_at": "2024-12-03", "currency": "HKD"}).published_basis
    'user'
    """
    for key, value in values.items():
        if key not in KNOWN + NOTES:
            near = get_close_matches(key, KNOWN, 1)
            meant = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(KNOWN)}."
            raise ValueError(f"unknown key {key!r}; {meant}")
        if key in KNOWN and not isinstance(value, (str, dt.date)):
            raise ValueError(f'{key!r} must be a text in quotes, like {key} = "…"')
    texts = {key: _text(values.get(key, "")) for key in KNOWN}
    published = texts["published_at"]
    if published and not is_date(published):
        raise ValueError(
            f"published_at {published!r} is no ISO date; write it like 2024-12-03 or 2024-12-03T16:02+08:00"
        )
    if texts["currency"] and not _CURRENCY.fullmatch(texts["currency"]):
        raise ValueError(f"currency {texts['currency']!r} is no ISO 4217 code; write HKD, CNY, USD …")
    return Meta(
        title=texts["title"],
        published_at=published.replace(" ", "T"),
        published_basis="user" if published else "none",
        source=texts["source"],
        author=texts["author"],
        url=texts["url"],
        currency=texts["currency"],
    )


def encoding_of(values: Mapping[str, Any]) -> str:
    """The encoding that a sidecar names; `ValueError` for one that does not exist."""
    name = _text(values.get("encoding", ""))
    try:
        if name:
            codecs.lookup(name)
    except LookupError:
        raise ValueError(f"unknown encoding {name!r}; try utf-8, gb18030, big5hkscs or utf-16.") from None
    return name


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


def is_date(text: str) -> bool:
    """True for a day, a month, a year or a moment as ISO 8601 writes it."""
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.datetime.fromisoformat(text + "-01" * ((10 - len(text)) // 3) if len(text) < 10 else text)
    except ValueError:
        return False
    return True
