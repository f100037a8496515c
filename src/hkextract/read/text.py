"""Text files: the raw text is the decoded file, line breaks included."""

from __future__ import annotations

from hkextract.article import Meta
from hkextract.read.encodings import decode


def read_text(data: bytes, encoding: str | None = None) -> tuple[str, str, Meta]:
    """The decoded file, its encoding and no metadata; `ReadError` as `decode` raises it."""
    text, found = decode(data, encoding)
    return text, found, Meta()
