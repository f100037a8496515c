"""What a spreadsheet does to cells: blanks cut, days and numbers rewritten, guards against formulas."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from hkextract.review.corrections import as_day
from hkextract.review.values import is_day

GUARD: Final = "'"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet may take for a formula."""
PRECISION: Final = Decimal("1e-13")
"""Spreadsheets keep fifteen digits of a number."""
LOST: Final = "characters were lost when the file was saved"
_NUMBER = re.compile(r"[+-]?[\d,' \u00a0]*\.?\d+(?:[eE][+-]?\d+)?%?")


def unguarded(text: str) -> str:
    """A cell without the mark that keeps it from being a formula.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(FORMULA) else text


def change_of(written: str, found: str) -> str | None:
    """What was done to a cell, empty where nothing was, None where it holds something else.

    >>> change_of("2024-12-03", "45629")
    'the day 2024-12-03 was turned into 45629'
    """
    if written == found:
        return ""
    if solid(written) == solid(found):
        return "blanks or line breaks were changed" if written.strip() != found.strip() else "blanks were cut off"
    if solid(unguarded(found)) == solid(written):
        return "a mark against formulas was put before it"
    if is_day(written) and as_day(found) == written:
        return f"the day {written} was turned into {found}"
    if written.casefold() == found.strip().casefold():
        return f"{written} is written as {found}"
    if (old := number(written)) is not None and (new := number(found)) is not None:
        if old == new:
            return f"the number {written} is written as {found}"
        if old and abs(new - old) <= abs(old) * PRECISION:
            return f"the number {written} lost digits: {found}"
    return LOST if is_lossy(written, found) else None


def is_lossy(written: str, found: str) -> bool:
    """True where characters that the file's encoding lacks became question marks.

    >>> is_lossy("83.4亿元", "83.4??"), is_lossy("83.4亿元", "83.4亿元")
    (True, False)
    """
    lost = [new for old, new in zip(written, found, strict=False) if old != new]
    return (
        bool(lost)
        and set(lost) <= {"?", "�"}
        and len(written) == len(found)
        and all(old > "\x7f" for old, new in zip(written, found, strict=True) if old != new)
    )


def solid(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def number(text: str) -> Decimal | None:
    """A number however a spreadsheet writes it, None for anything else.

    >>> number("1,000,000"), number("1E+08"), number("50%"), number("甲")
    (Decimal('1000000'), Decimal('1E+8'), Decimal('0.5'), None)
    """
    text = text.strip()
    if not text or not _NUMBER.fullmatch(text):
        return None
    plain = re.sub(r"[,' \u00a0]", "", text)
    try:
        return Decimal(plain[:-1]) / 100 if plain.endswith("%") else Decimal(plain)
    except InvalidOperation:
        return None
