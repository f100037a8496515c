"""Bytes → `Source`: text files, saved web pages, Markdown. Each suffix has its reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from hkextract.article import Meta, Source
from hkextract.read.errors import ReadError
from hkextract.read.ids import article_ids
from hkextract.read.sidecar import Sidecar, load_sidecar

__all__ = ["ReadError", "Reader", "article_ids", "read", "read_bytes"]

Reader = Callable[[bytes, str | None], tuple[str, str, Meta]]
"""From a file's bytes and a forced encoding to the raw text, the encoding and what the file states of itself."""


def read(path: Path, root: Path, article_id: str = "", encoding: str | None = None) -> Source:
    """Reads one article file with its sidecar.

    `root` is the folder of the corpus, `article_id` the id from `article_ids` (made from the path alone where it is
    left out), `encoding` forces one. Raises `ReadError` with a message for the user where the file is empty, binary
    or in another encoding than the forced one, or its sidecar faulty; `OSError` where it cannot be opened.
    """
    file = path.relative_to(root).as_posix() if path != root else path.name
    article_id = article_id or article_ids([path], root)[path]
    return read_bytes(path.read_bytes(), load_sidecar(path), article_id, file, encoding)


def read_bytes(data: bytes, sidecar: Sidecar, article_id: str, file: str, encoding: str | None = None) -> Source:
    """The same for a file whose bytes are at hand; its suffix tells what it is. A sidecar's encoding goes first."""
    kind = KINDS.get(PurePosixPath(file).suffix.lower(), "text")
    if kind == "text" and _looks_like_html(data):
        kind = "html"
    raw_text, found, stated = _reader(kind)(data, sidecar.encoding or encoding)
    return Source(article_id, file, raw_text, found, kind, stated, sidecar.meta)


KINDS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}
"""The kind of a file by its suffix; any other is text."""


def _reader(kind: str) -> Reader:
    if kind == "html":
        from hkextract.read.html import read_html

        return read_html
    if kind == "markdown":
        from hkextract.read.markdown import read_markdown

        return read_markdown
    from hkextract.read.text import read_text

    return read_text


def _looks_like_html(data: bytes) -> bool:
    """A page that was saved under another suffix."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))
