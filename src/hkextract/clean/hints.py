"""What is known of lines from outside their page: those that recur in the corpus, and what a reader decided.

Both are known by a line's text (simplified script) without white space and marks. They cost nothing where none are
given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hkextract.clean.line import Line
from hkextract.text import Text

READER: Final = "reader"
RECURRING: Final = "recurring-line"
KEEP: Final = "keep"
DROP: Final = "drop"
SHORTEST = 2
"""A line of fewer letters and digits recurs by chance."""

Lines = Sequence[Line]


def key(line: Line) -> str:
    """By what a line is known: its letters and digits; of a line of marks alone the marks."""
    return line.squeezed or "".join(line.text.split())


def note_vetoes(lines: Lines, vetoes: Mapping[str, str]) -> None:
    """Notes what a reader decided: a line to keep is no furniture and no header, one to drop is dropped.

    `vetoes` leads from the `key` of a line to `KEEP` or `DROP`; `ValueError` for any other value.
    """
    if not vetoes:
        return
    for line in lines:
        decided = vetoes.get(key(line))
        if decided == KEEP:
            _keep(line)
        elif decided == DROP:
            line.discard(READER, "reader's decision")
            line.rule, line.found = None, ()
            line.header = line.names = line.closing = line.prose = False
        elif decided is not None:
            raise ValueError(f"a reader's decision is {KEEP!r} or {DROP!r}, not {decided!r}")


def note_kept(lines: Lines, text: Text, kept: Sequence[tuple[int, int]]) -> None:
    """Notes the lines of which raw spans to be kept hold half or more: they are no furniture and no header."""
    for line in lines if kept else ():
        start, end = text.raw_span(line.start, line.end)
        if 2 * sum(max(0, min(end, last) - max(start, first)) for first, last in kept) >= end - start:
            _keep(line)


def without_cuts(lines: Lines, text: Text, kept: Sequence[tuple[int, int]]) -> None:
    """Gives back to the lines what was cut off their ends and belongs to the raw spans to be kept."""
    for line in lines if kept else ():
        for cut in list(line.cuts):
            start, end = text.raw_span(cut.start, cut.end)
            if any(start < last and end > first for first, last in kept):
                line.cuts.remove(cut)
                line.start, line.end = min(line.start, cut.start), max(line.end, cut.end)


def _keep(line: Line) -> None:
    line.kept = True
    line.rule, line.found = None, ()
    line.header = line.names = line.closing = line.stamped = False


def note_recurring(lines: Lines, recurring: frozenset[str]) -> None:
    """Notes the lines that are known to stand in many unrelated files and that no rule for headers claims.

    `recurring` holds texts of lines, with or without their marks, white space left out.
    """
    if not recurring:
        return
    begins = {text[:1] for text in recurring}
    for line in lines:
        first = line.text[0]
        if (first.isalnum() and first not in begins) or line.header or line.kept or line.role is None:
            continue
        text = line.squeezed
        if len(text) >= SHORTEST and not text.isdigit():
            line.recurs = text in recurring or "".join(line.text.split()) in recurring


def drop_recurring(lines: Lines) -> None:
    """Drops the lines that recur, but the title; sentences only above the first or below the last one that does not."""
    marked = [i for i, line in enumerate(lines) if line.recurs and line.role not in (None, "title")]
    if not marked:
        return
    own = [i for i, line in enumerate(lines) if _is_sentence(line) and not line.recurs and line.role is not None]
    for i in marked:
        line = lines[i]
        if not _is_sentence(line) or (own and not own[0] < i < own[-1]):
            line.discard(line.rule.id if line.rule else RECURRING, line.rule.kind if line.rule else "recurring line")


def _is_sentence(line: Line) -> bool:
    return line.prose or (line.closed and line.flowing)
