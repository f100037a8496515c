"""Recognizers-Text: currencies, percentages, dimensions, temperatures, ages, durations and dates.

Mapped: a unit is the one that the span names; the kind of a dimension follows from its English unit; a span inside
another one is dropped. Of a date's two readings the later one that is not after the day of publication counts, else
the first. The day after a stretch becomes its last day; of a stretch between two written ends the last day, month
or year is the one written. A year or month that the tool names as such is the whole of it. A recurring
date has no ends.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

import ms_recognizers_suite as suite

PACKAGE = "ms-recognizers-text-suite"
UNIT = "clause"

CHINESE = suite.Culture.Chinese
DIMENSIONS = (
    ("area", ("square", "hectare", "acre", "mu")),
    ("volume", ("cubic", "liter", "litre", "gallon", "barrel")),
    ("weight", ("gram", "ton", "pound", "jin", "liang", "ounce")),
    ("data", ("byte", "bit")),
    ("length", ("meter", "metre", "mile", "foot", "inch", "yard", "li", "chi", "cun")),
)
QUANTITIES = (
    (suite.recognize_currency, "money"),
    (suite.recognize_percentage, "percent"),
    (suite.recognize_dimension, ""),
    (suite.recognize_temperature, "temperature"),
    (suite.recognize_age, "duration"),
)


def load() -> dict:
    return {"amounts": amounts, "dates": dates}


def amounts(text: str, published_at: str) -> list[dict]:
    rows = [
        row
        for recognize, kind in QUANTITIES
        for found in recognize(text, CHINESE)
        if found.resolution and found.resolution.get("value") is not None
        for row in [_quantity(found, text, kind)]
    ]
    rows += [_duration(found, text) for found in _moments(text, published_at) if found.type_name.endswith("duration")]
    return _longest(rows)


def dates(text: str, published_at: str) -> list[dict]:
    wanted = ("date", "daterange", "datetime", "datetimerange", "set")
    found = [moment for moment in _moments(text, published_at) if moment.type_name.partition(".")[2] in wanted]
    return _longest([_date(moment, text, _reference(published_at)) for moment in found])


def _reference(published_at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(published_at)


def _moments(text: str, published_at: str) -> list:
    try:
        found = suite.recognize_datetime(text, CHINESE, reference=_reference(published_at))
    except Exception:  # the tool fails on some sentences: it has found nothing there
        return []
    return [moment for moment in found if 0 <= moment.start <= moment.end]


def _span(found, text: str) -> tuple[dict, str]:
    start, end = found.start, found.end + 1
    return {"start": start, "end": end}, text[start:end]


def _quantity(found, text: str, kind: str) -> dict:
    span, surface = _span(found, text)
    value = str(found.resolution["value"]).rstrip("%")
    kind = kind or _dimension(found.resolution.get("unit") or "")
    row = span | {"kind": kind, "low": value, "high": value, "unit": "%" if kind == "percent" else _unit(surface)}
    if kind == "money":
        row |= {"unit": "", "currency": found.resolution.get("isoCurrency")}
    return row


def _duration(found, text: str) -> dict:
    span, surface = _span(found, text)
    readings = (found.resolution or {}).get("values") or [{}]
    number = re.search(r"[\d.]+", readings[0].get("timex") or "")
    value = number.group() if number else None
    return span | {"kind": "duration", "low": value, "high": value, "unit": _unit(surface)}


def _unit(surface: str) -> str:
    return re.sub(r"^[^\d零一二三四五六七八九十百千万亿两半]*[\d零一二三四五六七八九十百千万亿两半.,，]+", "", surface)


def _dimension(unit: str) -> str:
    words = re.findall("[a-z]+", unit.lower())
    for kind, signs in DIMENSIONS:
        if any(word == sign or (len(sign) > 3 and word.endswith(sign)) for word in words for sign in signs):
            return kind
    return "length"


def _date(found, text: str, reference: dt.datetime) -> dict:
    span, surface = _span(found, text)
    row = span | {"date_start": None, "date_end": None}
    readings = (found.resolution or {}).get("values") or []
    if not readings or found.type_name.endswith("set"):
        return row
    past = [reading for reading in readings if (_first_day(reading) or "9999") <= reference.date().isoformat()]
    reading = past[-1] if past else readings[0]
    if "value" in reading:
        day = _day(reading["value"])
        return row | {"date_start": day, "date_end": day}
    whole = re.fullmatch(r"(\d{4})(?:-(\d\d))?", reading.get("timex") or "")
    if whole:
        return row | _whole(int(whole.group(1)), int(whole.group(2) or 0))
    return row | {"date_start": _first_day(reading), "date_end": _last_day(reading, surface)}


def _whole(year: int, month: int) -> dict:
    """First and last day of a month, or of a year where the month is 0."""
    first, last = (month, month) if month else (1, 12)
    end = dt.date(year, last, calendar.monthrange(year, last)[1])
    return {"date_start": dt.date(year, first, 1).isoformat(), "date_end": end.isoformat()}


def _first_day(reading: dict) -> str | None:
    return _day(reading.get("value") or reading.get("start"))


def _last_day(reading: dict, surface: str) -> str | None:
    day = _day(reading.get("end"))
    if day is None:
        return None
    last = dt.date.fromisoformat(day)
    period = re.search(r",P[\d.]+([DMYW])\)$", reading.get("timex") or "")
    if not (period and re.search("[至到—–~-]", surface)):
        return (last - dt.timedelta(days=1)).isoformat()
    if period.group(1) == "M":
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    elif period.group(1) == "Y":
        last = last.replace(month=12, day=31)
    return last.isoformat()


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment and re.match(r"\d{4}-\d\d-\d\d", moment) else None


def _longest(rows: list[dict]) -> list[dict]:
    kept: list[dict] = []
    for row in sorted(rows, key=lambda row: row["start"] - row["end"]):
        if all(row["end"] <= other["start"] or other["end"] <= row["start"] for other in kept):
            kept.append(row)
    return sorted(kept, key=lambda row: row["start"])
