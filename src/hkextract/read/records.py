"""Record files, in which each record is an article: JSON lines, CSV, Parquet, web archives. Read as a stream."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from hkextract.article import Meta, Source
from hkextract.read.columns import Columns, settle
from hkextract.read.encodings import decode
from hkextract.read.errors import ReadError
from hkextract.read.recorddates import iso_of
from hkextract.read.recordfiles import Fault, RowStream, csv_rows, encoding_of, json_rows, parquet_rows, whole
from hkextract.rules import Rules

__all__ = [
    "BadRecord",
    "Columns",
    "Record",
    "Stretch",
    "is_records",
    "records",
    "records_of_stretch",
    "source_of",
    "tell",
]

KINDS = {
    ".jsonl": "json",
    ".ndjson": "json",
    ".jsonlines": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
}
"""The kind of a record file by its suffix; all but Parquet may be packed (`.gz`)."""
FIRST = 50
"""Records from which the columns are told."""
TOP = 200
"""Characters at the beginning of a text in which its title is looked for: a section's name and a dateline go before."""

_BLANK = frozenset(("", "nan", "none", "null", "n/a", "-", "nat"))
"""What programs write into a cell that has no value."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_MARKUP = re.compile(r"</(?:p|div|span|a|b|strong|h[1-6]|td|li|body|html|font|em)\s*>|<(?:br|p)\s*/?>", re.I)
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html\b|<head\b|<body\b)|.{0,3000}?<body\b", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `number` from 1 in order of the file, `key` the value of its id column or an empty text.

    `text` is the article, or empty where it is a page, whose bytes are `html` in UTF-8. `stated` is what the other
    columns say, with the basis `file metadata` for the date; `encoding` what the characters were in.
    """

    number: int
    key: str
    text: str
    html: bytes | None = None
    stated: Meta = field(default_factory=Meta)
    currency: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read, and why; the records after it can."""

    number: int
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known of a stretch of JSON lines or rows of a Parquet table, or of a whole record file (nothing before).

    The file's encoding and columns, and the numbers of records and of lines (rows of Parquet) that stand before it.
    """

    columns: Columns
    codec: str
    records: int = 0
    lines: int = 0


def is_records(path: Path) -> bool:
    """True for a file that holds many articles, by its name.

    >>> [is_records(Path(name)) for name in ("news.jsonl.gz", "NEWS.CSV", "a.html")]
    [True, True, False]
    """
    return _kind(path) != ""


def _kind(path: Path) -> str:
    if not path.name.lower().endswith((*KINDS, ".gz")):
        return ""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes[-1:] == [".gz"]:
        return KINDS.get(suffixes[0], "") if suffixes[0] != ".parquet" else ""
    return KINDS.get(suffixes[-1], "") if suffixes else ""


def records(
    path: Path, columns: Columns | None = None, encoding: str | None = None, skipped: Counter[str] | None = None
) -> Iterator[Record | BadRecord]:
    """The records of a file one at a time, in its order.

    `columns` names those that are not to be guessed, `encoding` forces one, `skipped` counts what a web archive holds
    beside pages. Raises `ReadError` at once where the file is empty or of another kind, where a column is not there
    or where it cannot be told which one holds the text; `OSError` where it cannot be opened.
    """
    columns = columns or Columns()
    kind = _kind(path)
    if kind == "warc":
        pages = _of_archive(path, encoding, Counter() if skipped is None else skipped)
        return chain(list(islice(pages, 1)), pages)
    told = tell(path, columns, encoding)
    return _of_rows(_rows(path, kind, told), told)


def tell(path: Path, columns: Columns, encoding: str | None = None) -> Stretch:
    """What the beginning of a record file other than a web archive tells of all of it; raises as `records` does."""
    kind = _kind(path)
    codec = "utf-8" if kind == "parquet" else encoding_of(path, encoding)
    first = [row for _, row in islice(_rows(path, kind, Stretch(Columns(), codec)), FIRST)]
    good = [row for row in first if not isinstance(row, Fault)]
    if not good:
        why = f": its first record {first[0].message}" if first and isinstance(first[0], Fault) else ""
        raise ReadError(f"{path.name} holds no records{why}.")
    return Stretch(settle(columns, good, path.name), codec)


def records_of_stretch(path: Path, stretch: Stretch) -> Iterator[Record | BadRecord]:
    """The records of a stretch of a larger file, which stands in a file of its own with the same suffix."""
    return _of_rows(_rows(path, _kind(path), stretch), stretch)


def _rows(path: Path, kind: str, known: Stretch) -> RowStream:
    if kind == "json":
        return whole(lambda: json_rows(path, known.codec, known.lines))
    if kind == "csv":
        return whole(lambda: csv_rows(path, known.codec))
    return whole(lambda: parquet_rows(path, tuple(known.columns.named().values()), known.lines))


def _of_rows(rows: RowStream, known: Stretch) -> Iterator[Record | BadRecord]:
    columns, codec = known.columns, known.codec
    for number, (place, row) in enumerate(rows, known.records + 1):
        if isinstance(row, Fault):
            yield BadRecord(number, "", _sentence("" if row.last else place, row.message + "."))
            continue
        key = _plain(row.get(columns.id))
        try:
            yield _record(number, key, row, columns, codec)
        except ValueError as error:
            yield BadRecord(number, key, _sentence(place, str(error)))
        except ReadError as error:
            yield BadRecord(number, key, _sentence(f"{place}:", str(error)))


def _sentence(place: str, rest: str) -> str:
    return f"{place[:1].upper()}{place[1:]} {rest}".lstrip()


def _record(number: int, key: str, row: dict[str, Any], columns: Columns, codec: str) -> Record:
    """One row as a record; `ValueError` with the rest of a sentence about the row that is at fault."""
    text, codec = _text(row.get(columns.text), _plain(row.get(columns.encoding)), codec)
    if text.strip().lower() in _BLANK:
        raise ValueError(f"has no text in its column {columns.text!r}.")
    currency = _plain(row.get(columns.currency)).upper()
    if currency and not _CURRENCY.fullmatch(currency):
        raise ValueError(f"has the currency {currency!r}, which is no ISO 4217 code; write HKD, CNY, USD …")
    date = iso_of(row.get(columns.date))
    stated = Meta(
        title=" ".join(_plain(row.get(columns.title)).split()),
        published_at=date,
        published_basis="file metadata" if date else "none",
        source=_plain(row.get(columns.source)),
        author=_plain(row.get(columns.author)),
        url=_plain(row.get(columns.url)),
        currency=currency,
    )
    if _MARKUP.search(text):
        return Record(number, key, "", text.encode("utf-8", "replace"), stated, currency, codec)
    return Record(number, key, text, None, stated, currency, codec)


def _text(value: Any, declared: str, codec: str) -> tuple[str, str]:
    """The text of a cell and its encoding; the paragraphs of a list are joined by line breaks."""
    if isinstance(value, bytes):
        return decode(value, declared=declared)
    if isinstance(value, list):
        return "\n".join(_plain(item) for item in value), codec
    return ("" if value is None else str(value)), codec


def _plain(value: Any) -> str:
    """A value of metadata as text; several are parted by 、, an object in a list gives its name."""
    if isinstance(value, list):
        return "、".join(filter(None, map(_plain, value)))
    if isinstance(value, dict):
        return _plain(value.get("name"))
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in _BLANK else text


def _of_archive(path: Path, forced: str | None, skipped: Counter[str]) -> Iterator[Record | BadRecord]:
    from hkextract.read.html import declared
    from hkextract.read.warc import warc_pages

    for number, page in enumerate(warc_pages(path, skipped), 1):
        if isinstance(page, Fault):
            yield BadRecord(number, "", f"{page.message}.")
            continue
        try:
            text, codec = decode(page.data, forced, page.charset or declared(page.data))
        except ReadError as error:
            yield BadRecord(number, "", f"{page.url}: {error}")
            continue
        yield Record(number, "", "", text.encode("utf-8", "replace"), Meta(url=page.url), "", codec)


def source_of(record: Record, file: str, article_id: str, rules: Rules | None = None) -> Source:
    """A record as a raw article, as if it were a file of its own: `file` is the path as the user knows it.

    The raw text is the record's text below its title, unless the title stands in it already, so that what a title
    names is found and has its place. What the columns state goes to `told`, for the user chose them, and outweighs
    what a page states of itself; `rules` tell the parts of a page. Raises `ReadError` for a page without text.
    """
    text, stated = record.text, Meta()
    if record.html is not None and _PAGE.match(record.html):
        from hkextract.read.html import read_html

        text, _, stated = read_html(record.html, "utf-8", rules)
    elif record.html is not None:
        text = _fragment(record.html)
    told = record.stated
    if told.title and _squeezed(told.title) not in _squeezed(text[: TOP + len(told.title)]):
        head = f"{told.title}\n\n"
        text, (start, end) = head + text, stated.body
        stated = replace(stated, body=(start + len(head), end + len(head)) if end else (0, 0))
    return Source(article_id, file, text, record.encoding, "record", stated, told)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _fragment(data: bytes) -> str:
    """The text of a piece of a page, which is the article and nothing else: every line of it."""
    from hkextract.read.dom import blocks_of
    from hkextract.read.html import parse

    tree = parse(data.decode("utf-8"))
    blocks = blocks_of(tree) if tree is not None else []
    if not blocks:
        raise ReadError("This record holds markup without text.")
    return "".join(("\n\n" if block.gap else "\n") * (at > 0) + block.text for at, block in enumerate(blocks)) + "\n"
