"""Markdown with front matter: the raw text is the decoded file; what the front matter states becomes `Meta`.

The markup itself is taken out by `clean.markup`, as edits, so that every offset still points into the file.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from hkextract.article import Meta
from hkextract.read.encodings import decode

FIELDS = {
    "title": "title", "headline": "title", "标题": "title", "標題": "title",
    "date": "published_at", "published": "published_at", "published_at": "published_at", "pubdate": "published_at",
    "日期": "published_at", "发布时间": "published_at", "發布時間": "published_at", "publish_date": "published_at",
    "source": "source", "publisher": "source", "outlet": "source", "来源": "source", "來源": "source", "site": "source",
    "author": "author", "authors": "author", "byline": "author", "作者": "author", "记者": "author", "記者": "author",
    "url": "url", "link": "url", "canonical": "url", "source_url": "url", "网址": "url", "網址": "url", "链接": "url",
}  # fmt: skip
"""The keys of front matter that are understood, and the fields of `Meta` that they fill."""

FRONT_MATTER = re.compile(
    r"\ufeff?\s*(?:(?P<fence>---|\+\+\+)[ \t]*\r?\n)(?P<body>.{0,20000}?)^(?P=fence)[ \t]*(?:\r?\n|\Z)", re.S | re.M
)
"""A block between two lines of `---` (YAML) or `+++` (TOML) at the beginning of a file."""

_LINE = re.compile(r"^(?P<key>[^\s:=#-][^:=\n]{0,40}?)[ \t]*[:=][ \t]*(?P<value>[^\n]*?)[ \t]*\r?$", re.M)
_ITEM = re.compile(r"^[ \t]*-[ \t]+(?P<item>[^\n]+?)[ \t]*\r?$", re.M)
_BLOCK = re.compile(r"[|>][-+]?\d?")
_DATE = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:(?:[T ]+|(?<=日))(?P<t>\d{1,2}:\d{2}(?::\d{2})?)[ ]?(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)


def read_markdown(data: bytes, encoding: str | None = None) -> tuple[str, str, Meta]:
    """The decoded file, its encoding and the metadata of its front matter; `ReadError` as `decode` raises it."""
    text, found = decode(data, encoding)
    match = FRONT_MATTER.match(text)
    return text, found, front_matter(match["body"], match["fence"] == "+++") if match else Meta()


def front_matter(body: str, is_toml: bool = False) -> Meta:
    """What front matter states; the first of a field counts.

    Of YAML `key: value` lines are read, lists and blocks of text below a key; TOML that is none is read the same way.

    >>> front_matter("title: 园区一年\\ndate: 2024-08-09 09:31\\n").published_at
    '2024-08-09T09:31'
    """
    found: dict[str, str] = {}
    for key, value in (_of_toml(body) if is_toml else None) or _of_lines(body):
        field = FIELDS.get(key.strip().strip("\"'").lower())
        if field and value:
            found.setdefault(field, value)
    date = iso_date(found.get("published_at", ""))
    return Meta(
        title=found.get("title", ""),
        published_at=date,
        published_basis="file metadata" if date else "none",
        source=found.get("source", ""),
        author=found.get("author", ""),
        url=found.get("url", ""),
    )


def _of_lines(body: str) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(body):
        value = match["value"].strip()
        if _BLOCK.fullmatch(value):
            yield match["key"], " ".join(_block(body, match.end()))
        else:
            yield match["key"], _scalar(value) or "、".join(_items(body, match.end()))


def _of_toml(body: str) -> list[tuple[str, str]]:
    """The values of TOML, those of its tables behind its own; nothing where it is none."""
    try:
        values = tomllib.loads(body.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return []
    inner = [pair for value in values.values() if isinstance(value, dict) for pair in value.items()]
    return [(key, _plain(value)) for key, value in (*values.items(), *inner)]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    return value.isoformat() if isinstance(value, dt.date) else "" if isinstance(value, dict) else str(value).strip()


def _block(body: str, start: int) -> list[str]:
    """The indented lines directly after an offset: a text of several lines."""
    lines = body[start:].lstrip("\r").removeprefix("\n").splitlines()
    return [line.strip() for line in takewhile(lambda line: line[:1].isspace() or not line, lines) if line.strip()]


def iso_date(text: str) -> str:
    """The first date in a text as ISO 8601, with the time and offset where they are stated; else an empty text.

    >>> iso_date("2024年8月9日 09:31"), iso_date("2024-08-09T09:31:00+08:00"), iso_date("2024-13-40")
    ('2024-08-09T09:31', '2024-08-09T09:31:00+08:00', '')
    """
    match = _DATE.search(text)
    if match is None:
        return ""
    day = f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}"
    time = match["t"] or ""
    time = f"T{time.zfill(8 if time.count(':') == 2 else 5)}" if time else ""
    zone = (match["z"] or "") if time else ""
    if zone and zone != "Z" and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    try:
        dt.datetime.fromisoformat(day + time + zone)
    except ValueError:
        try:
            dt.date.fromisoformat(day)
        except ValueError:
            return ""
        return day
    return day + time + zone


def _scalar(value: str) -> str:
    value = value.strip()
    if value[:1] in "\"'" and len(value) > 1:
        end = value.find(value[0], 1)
        return value[1:end] if end > 0 else value[1:]
    if value.startswith("[") and value.endswith("]"):
        return "、".join(item.strip().strip("\"'") for item in value[1:-1].split(",") if item.strip())
    value = re.sub(r"[ \t]#.*$", "", value).strip()
    return "" if value in ("~", "null") else value


def _items(body: str, start: int) -> list[str]:
    """The list items on the lines directly after an offset."""
    found = []
    for line in body[start:].lstrip("\r\n").splitlines():
        match = _ITEM.fullmatch(line)
        if match is None:
            break
        found.append(_scalar(match["item"]))
    return found
