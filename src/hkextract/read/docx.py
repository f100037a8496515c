"""Word documents (.docx): paragraphs, lists with their numbers, tables as rows, text boxes and notes, in reading order.

What a reader of the final document sees is taken: tracked insertions are in, deletions and hidden text are out, headers
and footers of the pages too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hkextract.article import Meta
from hkextract.read.document import document_meta
from hkextract.read.errors import ReadError
from hkextract.read.numbering import Numbering
from hkextract.read.recordfiles import missing

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
LEFT_OUT = frozenset(
    [
        f"{W}{name}"
        for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "rPr", "pPr", "comment")
    ]
    + [f"{MC}Fallback"]
)
"""Elements without text that a reader sees: deletions, codes of fields, readings above characters, second versions."""
TEMPLATE = "2013-12-23T23:15:00Z"
"""The date that python-docx leaves in documents made with its template; it says nothing of them."""
LONGEST_CELL = 120
"""Characters of a cell up to which its row is one of a table of data; a table with longer ones lays out the page."""

_CONTAINERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_MARKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


@dataclass(slots=True)
class _Block:
    """A paragraph or a row of a table; `close` where it follows the one before it without an empty line."""

    text: str
    close: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What a paragraph holds: its own text, the text boxes that hang on it, the notes that it refers to."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read_docx(data: bytes, encoding: str | None = None) -> tuple[str, str, Meta]:  # noqa: ARG001 - as every reader
    """The text of a Word document, no encoding, and what it states of itself as far as its text bears it out.

    Paragraphs stand apart, rows of tables and entries of lists do not; cells are parted by tabs, notes follow the text.
    Raises `ReadError` for a damaged, locked or empty document and where the library is missing.
    """
    try:
        import docx
    except ImportError:
        raise missing("Word documents", "docx") from None
    try:
        document = docx.Document(io.BytesIO(data))
        walk = _Walk(document)
        blocks = [block for block in walk.blocks(document.element.body) if block.text.strip()]
        blocks += walk.noted()
        stated = document.core_properties
        title, created = stated.title or "", stated.created.strftime("%Y-%m-%dT%H:%M:%SZ") if stated.created else ""
        created = "" if created == TEMPLATE else created
    except Exception as error:  # the library raises errors of every kind on damaged files
        raise ReadError(
            f"This Word document is damaged and cannot be read ({type(error).__name__}: {str(error)[:100]}). Open "
            "it in Word or LibreOffice and save it again as .docx or as plain text."
        ) from None
    if not blocks:
        raise ReadError(
            "This Word document holds no text. If it holds pictures of pages, run a text recognition (OCR)."
        )
    text = "".join(("" if not at else "\n" if b.close else "\n\n") + b.text for at, b in enumerate(blocks)) + "\n"
    return text, "", document_meta(text, title, created)


class _Walk:
    """One pass over a document; the numbers of its lists are counted on the way."""

    def __init__(self, document: Any) -> None:
        parts = {part.partname: part for part in document.part.package.iter_parts()}
        self.numbering = Numbering(_root(parts.get("/word/numbering.xml")), _root(parts.get("/word/styles.xml")))
        self.kinds = {name: _root(parts.get(f"/word/{name}s.xml")) for name in ("footnote", "endnote")}
        self.notes: list[tuple[str, str]] = []

    def blocks(self, parent: Any) -> Iterator[_Block]:
        """The paragraphs and rows below an element, in order."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in _CONTAINERS:
                yield from self.blocks(child)

    def noted(self) -> list[_Block]:
        """The notes that the text referred to, in that order."""
        found: list[_Block] = []
        for kind, number in self.notes:
            for note in self.kinds[kind].iter(f"{W}{kind}") if self.kinds[kind] is not None else ():
                if note.get(f"{W}id") == number:
                    text = " ".join(block.text for block in list(self.blocks(note)))
                    found.append(_Block(text.strip(), close=bool(found)))
        return [note for note in found if note.text]

    def _paragraph(self, element: Any) -> Iterator[_Block]:
        paragraph = _Paragraph()
        _gather(element, paragraph)
        self.notes += paragraph.notes
        text = "".join(paragraph.parts).strip("\n")
        mark = self.numbering.mark(element)
        if text.strip():
            yield _Block((mark or "") + text, close=mark is not None)
        for box in paragraph.boxes:
            yield from self.blocks(box)

    def _table(self, table: Any) -> Iterator[_Block]:
        """The rows of a table of data, or what stands in the cells of one that lays out the page."""
        for number, row in enumerate(_below(table, f"{W}tr")):
            cells = [list(self.blocks(cell)) for cell in _below(row, f"{W}tc")]
            texts = [" ".join(" ".join(block.text.split()) for block in cell if block.text) for cell in cells]
            if len(texts) > 1 and max(map(len, texts)) <= LONGEST_CELL:
                yield _Block("\t".join(texts).rstrip("\t"), close=number > 0)
            else:
                for cell in cells:
                    yield from cell


def _gather(element: Any, into: _Paragraph) -> None:
    """The text of a paragraph or a run, its boxes and notes."""
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in LEFT_OUT:
            continue
        if tag == f"{W}t":
            into.parts.append(child.text or "")
        elif tag in _MARKS:
            into.parts.append("" if child.get(f"{W}type") in ("page", "column") else _MARKS[tag])
        elif tag == f"{W}txbxContent":
            into.boxes.append(child)
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            into.notes.append((tag.removeprefix(W).removesuffix("Reference"), child.get(f"{W}id") or ""))
        elif tag != f"{W}r" or not _is_hidden(child):
            _gather(child, into)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false", "off")


def _below(parent: Any, tag: str) -> Iterator[Any]:
    """The children of a kind, through content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in _CONTAINERS:
            yield from _below(child, tag)


def _root(part: Any) -> Any:
    """The XML of a part of the package; None where there is none."""
    if part is None:
        return None
    if hasattr(part, "element"):
        return part.element
    from lxml import etree

    return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
