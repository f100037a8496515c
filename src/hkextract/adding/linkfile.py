"""A file of links, and what has been done of them: after a break the work goes on where it stopped.

The file holds a link a line; what follows a # at the beginning of a line or after a space is a comment. Or it is a
table (CSV with commas, semicolons or tabs) whose first line names its columns: `url`, and any of `title`, `date`,
`source`, `note`, `tag`.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

FOLDER = ".hkextract"
NAME = "links.jsonl"
"""The log of a corpus: `FOLDER/NAME`, hidden, so that no run reads it as an article."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "url": "url",
        "link": "url",
        "address": "url",
        "链接": "url",
        "連結": "url",
        "网址": "url",
        "網址": "url",
        "title": "title",
        "标题": "title",
        "標題": "title",
        "date": "published_at",
        "published_at": "published_at",
        "日期": "published_at",
        "source": "source",
        "来源": "source",
        "來源": "source",
        "note": "note",
        "备注": "note",
        "備註": "note",
        "tag": "tags",
        "tags": "tags",
        "标签": "tags",
        "標籤": "tags",
    }
)
"""What the columns of a table may be called, and the key of a sidecar that each fills."""


_COMMENT = re.compile(r"\s#.*")


class LinkFileError(Exception):
    """A file of links that cannot be used; the message names file, line and way out."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link, the line of the file that it stands in (from 1), and what the user says of its article.

    `stated` has the keys of a sidecar (`title`, `published_at`, `source`, `note`).
    """

    url: str
    line: int
    stated: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def read_links(path: Path) -> list[Link]:
    """The links of a file, each once, in the order they stand in; `LinkFileError` where it cannot be understood."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LinkFileError(f"{path} could not be opened: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise LinkFileError(f"{path} is not UTF-8; save it again as UTF-8 (in Excel: CSV UTF-8).") from None
    found: dict[str, Link] = {}
    for link in _links(path, text):
        found.setdefault(link.url, link)
    if not found:
        raise LinkFileError(f"{path} holds no links; write one a line, each beginning with https:// or http://.")
    return list(found.values())


def _links(path: Path, text: str) -> Iterator[Link]:
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if _counts(line)]
    first = lines[0][1] if lines else ""
    delimiter = max("\t;,", key=first.count)
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    if "url" not in map(COLUMNS.get, names):
        for number, line in lines:
            yield Link(_web(path, number, _COMMENT.sub("", line).strip()), number)
        return
    if unknown := [name for name in names if name and name not in COLUMNS]:
        raise LinkFileError(
            f"{path}, line {lines[0][0]}: there is no column {unknown[0]!r}; known are url, title, date, source, note "
            "and tag. Rename it or take it out."
        )
    keys = [COLUMNS.get(name, "") for name in names]
    reader = csv.reader((line + "\n" for _, line in lines[1:]), delimiter=delimiter)
    for row in reader:
        number = lines[reader.line_num][0]
        cells = {key: cell.strip() for key, cell in zip(keys, row, strict=False) if key and cell.strip()}
        if cells:
            yield _of_row(path, number, cells)


def _of_row(path: Path, number: int, cells: dict[str, str]) -> Link:
    url = _web(path, number, cells.pop("url", ""))
    tags = tuple(tag.strip() for tag in cells.pop("tags", "").replace("；", ";").split(";") if tag.strip())
    return Link(url, number, cells, tags)


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _web(path: Path, number: int, url: str) -> str:
    if not url.lower().startswith(("http://", "https://")) or any(map(str.isspace, url)):
        raise LinkFileError(
            f"{path}, line {number}: {url or 'an empty cell'!r} is no link; write one a line, beginning with https:// "
            "or http://, or put # before the line to leave it out."
        )
    return url


def in_turns(links: Iterable[Link]) -> list[Link]:
    """Links so ordered that the hosts take turns: while one rests, the next is asked."""
    hosts: dict[str, deque[Link]] = {}
    for link in links:
        hosts.setdefault(urlsplit(link.url).netloc, deque()).append(link)
    ordered = []
    while hosts:
        ordered += [waiting.popleft() for waiting in hosts.values()]
        hosts = {host: waiting for host, waiting in hosts.items() if waiting}
    return ordered


class LinkLog:
    """What has been done of links in a corpus. `done` are those that need not be fetched again.

    A link that failed is noted with its message, and is not among them. A line that a kill cut short counts for
    nothing.
    """

    def __init__(self, corpus: Path) -> None:
        self.path = corpus / FOLDER / NAME
        self.done: set[str] = set()
        self.failed: dict[str, str] = {}
        with suppress(FileNotFoundError):
            for line in self.path.read_bytes().split(b"\n"):
                self._take_in(_entry(line))

    def _take_in(self, entry: Mapping[str, Any]) -> None:
        url, message = entry.get("url", ""), entry.get("message", "")
        if not url:
            return
        if message:
            self.failed[url] = message
        else:
            self.done.add(url)
            self.failed.pop(url, None)

    def note(self, url: str, file: str = "", message: str = "") -> None:
        """Notes that a link's article is in the corpus, as `file`, or why it could not be had; on the disk at once."""
        entry = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "url": url, "file": file, "message": message}
        line = json.dumps({key: value for key, value in entry.items() if value}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as log:
            torn = log.tell() and _last_byte(log.fileno(), log.tell()) != b"\n"
            os.write(log.fileno(), (b"\n" if torn else b"") + line.encode() + b"\n")
            os.fsync(log.fileno())
        self._take_in(entry)


def _last_byte(file: int, size: int) -> bytes:
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1)


def _entry(line: bytes) -> Mapping[str, Any]:
    with suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict):
            return found
    return {}
