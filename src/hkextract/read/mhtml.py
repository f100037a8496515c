"""Web archives (`.mhtml`, `.mht`): the page that a browser saved together with its pictures in one file."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD = re.compile(rb"(?:From|Subject|Date|MIME-Version|Snapshot-Content-Location|Content-Type):[ \t]", re.I)
_KIND = re.compile(rb"^Content-Type:[ \t]*multipart/related", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Archive:
    """The page in a web archive: its bytes, the encoding that the archive states, and its address."""

    page: bytes
    charset: str = ""
    url: str = ""


def page_in(data: bytes) -> Archive | None:
    """The first page in a web archive; None for any other file.

    >>> page_in(b"<html></html>") is None
    True
    """
    if not _HEAD.match(data) or not _KIND.search(data[:4096]):
        return None
    from email import message_from_bytes

    message = message_from_bytes(data)
    url = str(message.get("Snapshot-Content-Location") or "")
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = part.get_payload(decode=True)
            address = url or str(part.get("Content-Location") or "")
            if isinstance(page, bytes):
                return Archive(page, part.get_content_charset() or "", address if address.startswith("http") else "")
    return None
