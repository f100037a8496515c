"""Web archives: the pages among their responses, each with its address and the encoding that its server named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hkextract.read.errors import ReadError
from hkextract.read.recordfiles import BROKEN, Fault, missing

PAGES = ("text/html", "application/xhtml+xml")
PACKED = ("Content-Encoding", "Transfer-Encoding")
LARGEST = 32_000_000
"""Bytes of a page; a larger response is a download that calls itself a page."""


class Page(NamedTuple):
    """A page of an archive as the server sent it, unpacked; `charset` is what the header of the response names."""

    url: str
    data: bytes
    charset: str


def warc_pages(path: Path, skipped: Counter[str]) -> Iterator[Page | Fault]:
    """The pages of an archive in order; `skipped` counts the other records by their kind.

    A page is a response with status 200 whose content type is HTML. Raises `ReadError` where the file is no archive or
    the library is missing; where an archive is cut off, the last item says so.
    """
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise missing("Web archives", "warc") from None
    number = 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, auto_decode="all", strict_mode=False):
                number += 1
                if kind := _no_page(record):
                    skipped[kind] += 1
                else:
                    yield _page(record)
    except (*BROKEN, ValueError, RuntimeError) as error:
        if not number:
            raise ReadError(f"This is no web archive (WARC), or a damaged one ({str(error)[:120]}).") from None
        yield Fault(f"The archive breaks off after its record {number} ({str(error)[:120]})", last=True)
    if not number:
        raise ReadError("This is no web archive (WARC), or an empty one.")


def _no_page(record: Any) -> str:
    """The kind of a record that is no page; empty for a page."""
    if (kind := str(record.record_type).rpartition(".")[2]) != "response":
        return kind
    if not record.is_http or not record.is_http_parsed:
        return "response without HTTP"
    status = record.http_headers.status_code
    if status != 200:
        return f"status {status}"
    kind = (record.http_content_type or "no content type").lower()
    return "" if kind in PAGES else kind


def _page(record: Any) -> Page | Fault:
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    whole, packed = record.content_length, any(name in record.http_headers for name in PACKED)
    data = record.reader.read(LARGEST + 1)
    if len(data) < min(whole, LARGEST) and not packed:
        return Fault(f"The archive breaks off within {url}", last=True)
    if len(data) > LARGEST:
        return Fault(f"{url} is larger than {LARGEST:,} bytes")
    return Page(url, data, record.http_charset or "")
