"""PDF files: the text of every page in reading order, and a word of warning for pages that need OCR.

pypdf opens the file and reads its information. The lines come from pdfplumber, because only the places of the
characters tell columns, first lines and white space; where it does not know a font and pypdf does, pypdf's text counts.
"""

from __future__ import annotations

import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hkextract.article import Meta
from hkextract.read.document import document_meta
from hkextract.read.encodings import commonness
from hkextract.read.errors import ReadError
from hkextract.read.glyphs import Glyph, is_vertical, turned
from hkextract.read.layout import PageLine, between_lines, page_lines
from hkextract.read.recordfiles import missing

UNREADABLE = 0.05
"""Share of unreadable characters from which a page is marked. Pages whose fonts can be read have none, or the bullets
of a symbol font (under 1 %); a page with one font that cannot be read loses all that is set in it."""
LOST_FONT = 0.15
"""By so much more must the share of common characters be in pypdf's reading to be taken for pdfplumber's: a font that
is mapped wrongly gives rare characters, not odd ones."""
DOUBTFUL, GARBLED = 0.3, 0.05
"""Shares of common characters: news has a third to a half, tables of names less, another character set under 0.05."""
ENOUGH = 20
"""Letters that are not ASCII, and half of all, from which the share of common ones among them is told."""
OCR = "Run a text recognition (OCR) over the file, for example with ocrmypdf, and read the result."

_ODD = re.compile(r"\(cid:\d+\)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its lines, the share of its characters that cannot be read, whether it is a picture of a page."""

    lines: list[PageLine]
    unreadable: float
    scanned: bool = False


def read_pdf(data: bytes, encoding: str | None = None) -> tuple[str, str, Meta]:  # noqa: ARG001 - as every reader
    """The text of a PDF, no encoding, and what it states; its pages that need OCR are in the warnings of `Meta`.

    Lines of a paragraph are joined where their places tell that they belong together; paragraphs that a column or a
    page cuts stay cut, for `clean` to join. Raises `ReadError` for a file that is encrypted, damaged, without pages or
    without readable text, and where the libraries are missing.
    """
    try:
        import pdfplumber
        import pypdf
    except ImportError:
        raise missing("PDF files", "pdf") from None
    for name in ("pypdf", "pdfminer"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("This PDF is locked with a password. Open it, save it without one, and try again.")
        if not len(reader.pages):
            raise ReadError("This PDF has no pages. Save it again from where it came.")
        with pdfplumber.open(io.BytesIO(data)) as document:
            pages = [_page(seen, reader.pages[at]) for at, seen in enumerate(document.pages)]
        information = {key: str(value) for key, value in (reader.metadata or {}).items()}
    except ReadError:
        raise
    except Exception as error:  # the libraries raise errors of every kind on damaged files
        raise ReadError(
            f"This PDF is damaged and cannot be read ({type(error).__name__}: {str(error)[:120]}). Open it in a PDF "
            "reader and print it to a new PDF, or save its text."
        ) from None
    text = _text([page.lines for page in pages])
    readable = _ODD.sub("", text).strip()
    if not readable or all(page.unreadable > 0.5 for page in pages):
        raise ReadError(f"This PDF has no text that can be read, only {_what(pages)}. {OCR}")
    meta = document_meta(text, information.get("/Title", ""), information.get("/CreationDate", ""))
    return text, "", meta_with(meta, _warnings(pages))


def meta_with(meta: Meta, warnings: Sequence[str]) -> Meta:
    """The metadata with what the user must know of the reading."""
    from dataclasses import replace

    return replace(meta, warnings=tuple(warnings))


def _page(seen: Any, other: Any) -> Page:
    """One page as pdfplumber sees it, or as pypdf reads it where that is better."""
    lines, pictured = _seen(seen)
    text = "\n".join(line.text for line in lines)
    if unreadable(text) > UNREADABLE or _common(text) < DOUBTFUL or not lines:
        plain = _plain(other)
        if _is_better(plain, text):
            lines = [PageLine(line, False, True, 0.0) for line in plain.splitlines() if line.strip()]
            text = plain
    share = 1.0 if _common(text) < GARBLED else unreadable(text)
    return Page(lines, share, scanned=pictured and not lines)


def _seen(page: Any) -> tuple[list[PageLine], bool]:
    """The lines of a page, and whether it holds pictures; nothing where its drawing is damaged."""
    chars: list[Any] = []
    pictures: list[Any] = []
    try:
        layout = page.layout
        _collect(layout, chars, pictures)
        page.close()
    except Exception:  # pdfminer raises errors of every kind on damaged streams
        return [], False
    heading = Counter(_heading(char) for char in chars).most_common(1)
    if not heading:
        return [], bool(pictures)
    chars = [char for char in chars if _heading(char) == heading[0][0]]
    glyphs = [_glyph(char, heading[0][0]) for char in chars]
    if is_vertical(glyphs):
        glyphs = turned([(g, -c.y1, -c.y0) for g, c in zip(glyphs, chars, strict=True)])
    return page_lines(glyphs), bool(pictures)


def _heading(char: Any) -> int:
    """Where a line of writing runs, in degrees counted to the left from the right of the page; a watermark's is odd."""
    return round(math.degrees(math.atan2(char.matrix[1], char.matrix[0]))) % 360


def _glyph(char: Any, heading: int) -> Glyph:
    """A character in the place that it has once the page is turned so that its lines run to the right."""
    x0, x1, y = {
        90: (char.y0, char.y1, char.matrix[4]),
        180: (-char.x1, -char.x0, char.matrix[5]),
        270: (-char.y1, -char.y0, -char.matrix[4]),
    }.get(heading, (char.x0, char.x1, -char.matrix[5]))
    return Glyph(char.get_text(), x0, x1, y, char.size or 1.0, char.fontname)


def _plain(page: Any) -> str:
    """The text of a page as pypdf reads it; empty where it cannot."""
    try:
        return str(page.extract_text() or "")
    except Exception:  # pypdf raises errors of every kind on damaged streams
        return ""


def _collect(container: Iterable[Any], chars: list[Any], pictures: list[Any]) -> None:
    """The characters and pictures of a page, those in its forms too."""
    from pdfminer.layout import LTChar, LTContainer, LTImage

    for item in container:
        if isinstance(item, LTChar):
            chars.append(item)
        elif isinstance(item, LTImage):
            pictures.append(item)
        elif isinstance(item, LTContainer):
            _collect(item, chars, pictures)


def _is_better(plain: str, text: str) -> bool:
    """Whether pypdf's reading of a page is right where pdfplumber's is not: more of it must be common characters."""
    if not plain.strip():
        return False
    if unreadable(plain) < unreadable(text) - 0.01:  # a guess at nameless glyphs gives rare characters
        return _common(plain) >= max(GARBLED, _common(_ODD.sub("", text)) - 0.05)
    return not text.strip() or _common(plain) > _common(text) + LOST_FONT


def _common(text: str) -> float:
    """The share of common hanzi among the letters of a page that are not ASCII; 1 where these are few."""
    letters = [char for char in text if char.isalpha()]
    foreign = "".join(char for char in letters if not char.isascii())
    return commonness(foreign) if len(foreign) >= ENOUGH and 2 * len(foreign) > len(letters) else 1.0


def unreadable(text: str) -> float:
    """The share of characters that stand for nothing: glyph numbers, U+FFFD, private use, controls.

    >>> unreadable("渔(cid:12)\\ufffd港")
    0.5
    """
    marked = _ODD.sub("\ufffd", text)
    chars = sum(1 for char in marked if not char.isspace())
    return marked.count("\ufffd") / chars if chars else 0.0


def _text(pages: Sequence[Sequence[PageLine]]) -> str:
    """The pages as text: an empty line where white space is, none where a page ends, for a sentence may go on."""
    parts: list[str] = []
    for lines in pages:
        for at, line in enumerate(lines):
            if not line.begins and parts:
                parts += (between_lines(parts[-1], line.text), line.text)
            else:
                parts += ("" if not parts else "\n\n" if line.apart and at else "\n", line.text)
    return "".join(parts) + "\n"


def _what(pages: Sequence[Page]) -> str:
    if all(page.scanned for page in pages):
        return "pictures of pages (a scan)"
    if any(page.scanned for page in pages):
        return "pictures of pages and fonts that name no characters"
    return "fonts that name no characters" if any(page.lines for page in pages) else "empty or damaged pages"


def _warnings(pages: Sequence[Page]) -> list[str]:
    """A sentence for the pages that need OCR."""
    odd = [f"{at} ({page.unreadable:.0%})" for at, page in enumerate(pages, 1) if page.unreadable > UNREADABLE]
    scans = [str(at) for at, page in enumerate(pages, 1) if page.scanned]
    found = []
    if odd:
        found.append(f"Of {len(pages)} pages these hold characters that cannot be read: {', '.join(odd)}.")
    if scans:
        found.append(f"Of {len(pages)} pages these are pictures without text: {', '.join(scans)}.")
    return [*found, OCR] if found else []
