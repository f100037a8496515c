"""What people write into the columns `review` and `correction`, as actions and values."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from hkextract.clean.simplify import half_width, to_simplified
from hkextract.extract import calendar, numerals
from hkextract.review.decision import DecisionError
from hkextract.review.values import DAYS, NUMBERS, VALUES
from hkextract.tables import cell

SURFACE: Final = "surface"
EPOCH: Final = dt.date(1899, 12, 30)
"""Day 0 of the serial numbers that spreadsheets keep days as."""
SERIALS: Final = range(1, 110_000)
"""Serial numbers of days from 1900 to 2201."""

_NAMED = re.compile(r"\s*([a-z_]+)\s*[=＝:：]\s*(.*?)\s*", re.DOTALL)
_PARTS = re.compile(r"[;；\n]")
_RANGE = re.compile(
    r"(?<=[\d〇零一二两三四五六七八九十百千万亿%])\s*(?:-|–|—|~|～|至|到)\s*(?=[\d〇零一二两三四五六七八九十百千])"
)
_FIGURE = re.compile(r"([+-]?[\d,，.]+(?:e[+-]?\d+)?)", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s*年?", re.ASCII)

Name = Callable[[str], Mapping[str, str]]
"""Looks a name up in the register: canonical, type and parent, or nothing."""


@cache
def _words() -> Mapping[str, str]:
    """The actions by what people write for them."""
    path = Path(__file__).with_name("words.toml")
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return {word: action for action, words in found.items() for word in words}


def action_of(text: str) -> str:
    """The action that a cell of the column `review` names, empty for an empty cell; `DecisionError` for another word.

    >>> action_of(" OK "), action_of("錯"), action_of("")
    ('accept', 'reject', '')
    """
    word = to_simplified(half_width(text)).strip().rstrip("。.!！").casefold()
    if not word:
        return ""
    if word not in _words():
        raise DecisionError(
            f"review says {text.strip()!r}; write accept, reject, edit or skip (接受, 拒绝, 修改, 跳过)."
        )
    return _words()[word]


def changes_of(table: str, text: str, machine: Mapping[str, str], name: Name) -> dict[str, str]:
    """The values that a correction names: a bare value, or `column=value; column=value`, `surface=…` among them.

    `machine` are the values of the row. Raises `DecisionError` for what cannot be read.

    >>> changes_of("amounts", "1亿", {"qualifier": "min"}, lambda _: {})
    {'low': '100000000', 'high': ''}
    """
    named = [_NAMED.fullmatch(part) for part in _PARTS.split(text) if part.strip()]
    known = (*VALUES[table], SURFACE)
    if named and all(match is not None and match[1] in known for match in named):
        given = {match[1]: match[2] for match in named if match is not None}
        changes = {column: _cell(column, value) for column, value in given.items()}
        if "canonical" in changes:
            changes = {**name(changes["canonical"]), **changes}
        return changes
    if unknown := [match[1] for match in named if match is not None and match[1] not in known]:
        raise DecisionError(f"correction names {unknown[0]!r}; {table} can be corrected in {', '.join(known)}.")
    value = text.strip()
    if table == "amounts":
        return _amount(value, machine)
    if table == "dates":
        return _date(value)
    if table == "organisations":
        canonical = to_simplified(value)
        return {**name(canonical), "canonical": canonical}
    raise DecisionError("furniture has no values to correct; say accept or reject in `review`.")


def _cell(column: str, text: str) -> str:
    """A value as the table has it."""
    if column in NUMBERS and text:
        return plain(_number(text))
    if column in DAYS and text:
        return as_day(text) or text
    return to_simplified(text)


def _amount(text: str, machine: Mapping[str, str]) -> dict[str, str]:
    """Both bounds; of a row that only has one, that one."""
    bounds = _RANGE.split(half_width(text))
    if len(bounds) == 2:
        scale = re.search("[万亿兆]+$", bounds[1].rstrip("%"))
        low = bounds[0] if scale is None or re.search("[万亿兆]", bounds[0]) else bounds[0] + scale[0]
        return {"low": plain(_number(low)), "high": plain(_number(bounds[1])), "qualifier": "range"}
    value = plain(_number(text))
    shape = machine.get("qualifier", "")
    if shape in ("min", "max"):
        return {"low": value if shape == "min" else "", "high": value if shape == "max" else ""}
    changes = {"low": value, "high": value}
    return changes | ({"qualifier": "exact"} if shape in ("range", "vague") else {})


def _number(text: str) -> Decimal:
    """The value of a number in figures, with separators or an exponent, in Chinese numerals, with 万 or 亿."""
    written = to_simplified(half_width(text)).strip().removesuffix("%").strip()
    match = _FIGURE.fullmatch(written.replace(" ", ""))
    if match and (figure := match[1].replace(",", "").replace("，", "")):
        try:
            return Decimal(figure)
        except ArithmeticError:
            pass
    value = numerals.parse(written)
    if value is None:
        raise DecisionError(f"{text.strip()!r} is no number; write 100000000, 1亿, 50-100 or low=50; high=100.")
    return value


def plain(value: Decimal) -> str:
    """A number as a table has it, without separators or an exponent."""
    return cell(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)


def as_day(text: str) -> str:
    """A day as ISO 8601, from what a spreadsheet makes of it (2024/12/3, 45629); empty for anything else.

    >>> as_day("2024/12/3"), as_day("45629"), as_day("5月")
    ('2024-12-03', '2024-12-03', '')
    """
    text = text.strip()
    if match := _DAY.fullmatch(text):
        try:
            return dt.date(*map(int, match.groups())).isoformat()
        except ValueError:
            return ""
    serial = text.removesuffix(".0")
    if serial.isascii() and serial.isdigit() and len(serial) == 5 and int(serial) in SERIALS:
        return (EPOCH + dt.timedelta(days=int(serial))).isoformat()
    return ""


def _date(text: str) -> dict[str, str]:
    """First and last day of a day, month or year, or of two of these with / between them."""
    text = half_width(text)
    if found := _period(text):
        first, last = found.first, found.last
        kind = {"day": "date"}.get(found.unit, found.unit)
        return {"date_start": first.isoformat(), "date_end": last.isoformat(), "edtf": found.edtf, "kind": kind}
    ends = re.split(r"\s*(?:/|至|到|~|～)\s*", text)
    days = [_period(end) for end in ends]
    if (
        len(ends) == 2
        and all(day is not None or end in ("", "..") for day, end in zip(days, ends, strict=True))
        and any(days)
    ):
        start, end = days
        first_day = start.first.isoformat() if start else ""
        return {"date_start": first_day, "date_end": end.last.isoformat() if end else ""}
    raise DecisionError(f"{text!r} is no date; write 2024-12-03, 2024-12, 2024 or 2024-12-03/2024-12-05.")


def _period(text: str) -> calendar.Period | None:
    if day := as_day(text):
        return calendar.of_date(dt.date.fromisoformat(day))
    text = text.strip()
    if (match := _MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return calendar.month(int(match[1]), int(match[2]))
    if (match := _YEAR.fullmatch(text)) and int(match[1]) > 0:
        return calendar.year(int(match[1]))
    return None
