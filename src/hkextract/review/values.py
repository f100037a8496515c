"""The values of a mention as cells of its table, and back: what an edit may say, and what follows from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from hkextract.extract.units import KIND_OF_LIST
from hkextract.mention import Amount, DateMention, Mention, Organisation
from hkextract.review.decision import OPINIONS, Decision, DecisionError
from hkextract.tables import cell

AMOUNT_VALUES: Final = (
    "kind",
    "low",
    "high",
    "qualifier",
    "unit",
    "currency",
    "currency_basis",
    "measures",
    "si_value",
    "si_unit",
)
DATE_VALUES: Final = ("kind", "date_start", "date_end", "edtf", "anchor")
ORGANISATION_VALUES: Final = ("canonical", "type", "parent")
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "amounts": AMOUNT_VALUES,
    "dates": DATE_VALUES,
    "organisations": ORGANISATION_VALUES,
    "furniture": (),
    "articles": (),
}
"""The columns that say what a row's stretch of text means, by table; these a reviewer may correct."""
NUMBERS: Final = frozenset(("low", "high", "si_value"))
DAYS: Final = frozenset(("date_start", "date_end"))
KNOWN: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("amounts", "kind"): frozenset(("money", "percent", "count", "rank", "multiple", *KIND_OF_LIST.values())),
    ("amounts", "qualifier"): frozenset(("exact", "approx", "min", "max", "range", "vague")),
    ("amounts", "currency_basis"): frozenset(("", "stated", "declared", "inferred", "unknown")),
    ("dates", "kind"): frozenset(("date", "month", "year", "range", "quarter", "decade", "era", "set", "time")),
    ("dates", "anchor"): frozenset(("explicit", "relative", "context", "unresolved")),
}
"""Columns in which only certain words stand (annotation of amounts and dates)."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_CURRENCY = re.compile("[A-Z]{3}|")


def validate(decision: Decision) -> None:
    """Raises `DecisionError` for a decision that could not be replayed."""
    action, table = decision.action, decision.table
    if action == "undo":
        if not decision.of:
            raise DecisionError("It does not say what is undone.")
        return
    if table not in VALUES:
        raise DecisionError(f"There is no table {table!r} to judge; known are {', '.join(VALUES)}.")
    if action in OPINIONS and (decision.anchor is None or not decision.anchor.exact.strip()):
        raise DecisionError("It does not say which stretch of text it is about.")
    if action in ("edit", "add") and VALUES[table]:
        check(table, decision.human, decision.machine)


def check(table: str, values: Mapping[str, str], machine: Mapping[str, str]) -> None:
    """Raises `DecisionError` where corrected cells are none that the table could hold.

    What the machine wrote may stay, whatever it is.
    """
    for name, value in values.items():
        if value == machine.get(name):
            continue
        if name not in VALUES[table]:
            raise DecisionError(f"{table} has no value {name!r}; it has {', '.join(VALUES[table]) or 'none'}.")
        if message := _fault(table, name, value):
            raise DecisionError(message)
    for first, last in (("low", "high"), ("date_start", "date_end")):
        low, high = values.get(first, ""), values.get(last, "")
        if low and high and (Decimal(low) > Decimal(high) if first in NUMBERS else low > high):
            raise DecisionError(f"{first} ({low}) lies behind {last} ({high}).")
    if table == "organisations" and not values.get("canonical", ""):
        raise DecisionError("An organisation needs a name: canonical is empty.")


def _fault(table: str, name: str, value: str) -> str:
    """What is wrong with a cell, or nothing."""
    if name in NUMBERS and value and not _NUMBER.fullmatch(value):
        return f"{name} is a number without separators, like 100000000 or 1.07, not {value!r}."
    if name in DAYS and value and not is_day(value):
        return f"{name} is a day like 2024-12-03, not {value!r}."
    if name == "currency" and not _CURRENCY.fullmatch(value):
        return f"currency is a code of three letters like HKD, not {value!r}."
    known = KNOWN.get((table, name))
    if known is not None and value not in known:
        return f"{name} is one of {', '.join(sorted(known - {''}))}, not {value!r}."
    return ""


def is_day(text: str) -> bool:
    """True for a day of the calendar, ISO 8601."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def cells_of(table: str, mention: Mention) -> dict[str, str]:
    """The values of a mention as cells."""
    return {name: cell(getattr(mention, name)) for name in VALUES[table]}


def mention_of(
    table: str, place: tuple[int, int], rule: str, values: Mapping[str, str], damaged: bool, found: Mention | None
) -> Mention:
    """A mention with the values of a decision; what these leave out is as in the mention that a rule `found` there."""
    known = cells_of(table, found) if found else {}
    full = {name: values.get(name, known.get(name, "")) for name in VALUES[table]}
    if found is not None and full == known and place == (found.start, found.end) and rule == found.rule:
        return found
    cue = getattr(found, "cue", "") if full == known else values.get("cue", "")
    return _MAKERS[table](place, rule, full, damaged, cue)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if is_day(text) else None


def _amount(place: tuple[int, int], rule: str, cells: Mapping[str, str], damaged: bool, _cue: str) -> Mention:
    return Amount(
        *place,
        rule,
        cells["kind"],
        _number(cells["low"]),
        _number(cells["high"]),
        cells["qualifier"] or "exact",
        cells["unit"],
        cells["currency"],
        cells["currency_basis"],
        cells["measures"],
        damaged,
        _number(cells["si_value"]),
        cells["si_unit"],
    )


def _date(place: tuple[int, int], rule: str, cells: Mapping[str, str], damaged: bool, cue: str) -> Mention:
    days = _day(cells["date_start"]), _day(cells["date_end"])
    return DateMention(*place, rule, cells["kind"], *days, cells["edtf"], cells["anchor"], cue, damaged)


def _organisation(place: tuple[int, int], rule: str, cells: Mapping[str, str], damaged: bool, _cue: str) -> Mention:
    return Organisation(*place, rule, cells["canonical"], cells["type"], cells["parent"], damaged)


_MAKERS: Final[Mapping[str, Callable[[tuple[int, int], str, Mapping[str, str], bool, str], Mention]]] = {
    "amounts": _amount,
    "dates": _date,
    "organisations": _organisation,
}


def corrected(table: str, machine: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """All values of a row of which a reviewer has named the ones to change; raises `DecisionError` for what cannot be.

    What follows from a change is changed with it unless it is named too: a new sum has a new value in SI units, a new
    day a new EDTF.

    >>> corrected("dates", {"kind": "date"}, {"date_start": "2024-12-03", "date_end": "2024-12-03"})["edtf"]
    '2024-12-03'
    """
    values = {name: machine.get(name, "") for name in VALUES[table]} | dict(changes)
    changed = {name for name, value in changes.items() if value != machine.get(name, "")}
    if table == "amounts":
        if changed & {"low", "high"} and not changed & {"si_value", "si_unit"}:
            values["si_value"] = _in_si(machine, values["low"] or values["high"])
        if changed & {"unit", "kind"} and "si_unit" not in changed:
            values["si_value"] = values["si_unit"] = ""
        if "currency" in changed and "currency_basis" not in changed:
            values["currency_basis"] = "stated" if values["currency"] else ""
        values["qualifier"] = values["qualifier"] or "exact"
    if table == "dates" and changed & DAYS:
        first, last = values["date_start"], values["date_end"]
        if "edtf" not in changed:
            values["edtf"] = first if first == last else f"{first or '..'}/{last or '..'}"
        if "kind" not in changed:
            values["kind"] = "date" if first == last else "range"
        if values["anchor"] in ("", "unresolved"):
            values["anchor"] = "explicit"
    check(table, values, machine)
    return values


def _in_si(machine: Mapping[str, str], value: str) -> str:
    """A new value in SI units, by the factor of the old one; empty where there is none."""
    old, size = _number(machine.get("low", "") or machine.get("high", "")), _number(machine.get("si_value", ""))
    new = _number(value)
    if not old or size is None or new is None:
        return ""
    return cell(new * size / old)
