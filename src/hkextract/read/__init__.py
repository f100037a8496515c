"""Bytes → `Source`: text files, saved web pages, Markdown, PDF and Word documents. Each suffix has its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from hkextract.article import Meta, Source
from hkextract.read.errors import ReadError
from hkextract.read.ids import article_ids
from hkextract.read.sidecar import Sidecar, load_sidecar
from hkextract.rules import Rules

__all__ = ["ReadError", "Reader", "article_ids", "read", "read_bytes"]

Reader = Callable[[bytes, str | None], tuple[str, str, Meta]]
"""From a file's bytes and a forced encoding to the raw text, the encoding and what the file states of itself."""


def read(
    path: Path, root: Path, article_id: str = "", encoding: str | None = None, rules: Rules | None = None
) -> Source:
    """Reads one article file with its sidecar.

    `root` is the folder of the corpus, `article_id` the id from `article_ids` (made from the path alone where it is
    left out), `encoding` forces one, `rules` tell the parts of a page (without them those found here). Raises
    `ReadError` with a message for the user where the file is empty, binary or in another encoding than the forced
    one, or its sidecar faulty; `OSError` where it cannot be opened.
    """
    file = path.relative_to(root).as_posix() if path != root else path.name
    article_id = article_id or article_ids([path], root)[path]
    return read_bytes(path.read_bytes(), load_sidecar(path), article_id, file, encoding, rules)


def read_bytes(
    data: bytes,
    sidecar: Sidecar,
    article_id: str,
    file: str,
    encoding: str | None = None,
    rules: Rules | None = None,
) -> Source:
    """The same for a file whose bytes are at hand; its suffix tells what it is. A sidecar's encoding goes first."""
    name = file.rpartition("/")[2]
    dot = name.rfind(".")
    kind = KINDS.get(name[dot:].lower(), "text") if dot > 0 else "text"
    if kind not in ("html", "markdown"):
        kind = kind_of(data) or kind
    raw_text, found, stated = _reader(kind, rules)(data, sidecar.encoding or encoding)
    return Source(article_id, file, raw_text, found, kind, stated, sidecar.meta)


KINDS = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".mhtml": "html",
    ".mht": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
}
"""The kind of a file by its suffix; any other is text."""


def _reader(kind: str, rules: Rules | None) -> Reader:
    if kind == "html":
        from hkextract.read.html import read_html

        return partial(read_html, rules=rules)
    if kind == "markdown":
        from hkextract.read.markdown import read_markdown

        return read_markdown
    if kind == "pdf":
        from hkextract.read.pdf import read_pdf

        return read_pdf
    if kind == "docx":
        from hkextract.read.docx import read_docx

        return read_docx
    if kind in REFUSED:
        return _refuse(kind)
    from hkextract.read.text import read_text

    return read_text


REFUSED = {
    "doc": "an Office document of the old format (.doc), or one locked with a password",
    "rtf": "an RTF document",
    "odt": "an OpenDocument text (.odt)",
}
"""Documents that are not read, as their users know them."""


def _refuse(kind: str) -> Reader:
    def refuse(data: bytes, encoding: str | None) -> tuple[str, str, Meta]:  # noqa: ARG001 - as every reader
        raise ReadError(
            f"This is {REFUSED[kind]}, which is not read. Open it in Word or LibreOffice and save it as .docx without "
            "a password, or convert a whole folder with: soffice --headless --convert-to docx FILES"
        )

    return refuse


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes, whatever its name says; empty where they tell nothing.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of("香港".encode())
    ('pdf', '')
    """
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc"
    if data.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
            return "odt"
        return "docx" if b"word/document" in data else ""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if head.startswith((b"<!doctype html", b"<html")) else ""
