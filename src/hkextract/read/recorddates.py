"""Dates of records: the many forms in which databases and feeds write a day or an instant, as ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Any

from hkextract.read.markdown import iso_date

OUTLETS_ZONE = dt.timezone(dt.timedelta(hours=8))
"""The zone in which instants of UTC are told: the one of Hong Kong, the mainland, Taiwan and Macau, so that a story of
the small hours keeps the day under which its outlet printed it."""
EARLIEST, LATEST = dt.date(1970, 1, 2), dt.date(2100, 1, 1)
"""Between these a bare number is an epoch; smaller and larger ones are ids or counts."""

_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})?)?")
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}|\d{15,16}|\d{18,19}")
_FRACTION = re.compile(r"(?<=:\d{2})[.,]\d+")
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},? +)?\d{1,2} +[A-Za-z]{3} +\d{4}\b")
_MIDNIGHT = re.compile(r"T00:00(?::00)?\Z")


def iso_of(value: Any) -> str:
    """A record's date as ISO 8601, as exact as it is written; empty where it is none.

    Reads days and instants of databases, ISO 8601, 2024/12/3, 20241203, 2024年12月3日, RFC 2822 and epochs (seconds,
    milliseconds, microseconds, nanoseconds). Instants of UTC are told in the zone of the outlets; a bare midnight is
    how programs write a day, and becomes one.

    >>> iso_of("2024年12月3日 09:05"), iso_of(1733155200), iso_of("Tue, 03 Dec 2024 08:30:00 +0800")
    ('2024-12-03T09:05', '2024-12-03T00:00:00+08:00', '2024-12-03T08:30:00+08:00')
    """
    if isinstance(value, dt.date):
        return _normal(value.isoformat())
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)):
        return ""
    text = f"{value:.0f}" if isinstance(value, float) else str(value).strip()
    if match := _COMPACT.fullmatch(text):
        year, month, day, *clock = match.groups()
        text = f"{year}-{month}-{day}" + (f"T{':'.join(filter(None, clock))}" if clock[0] else "")
        return _normal(text)
    if _EPOCH.fullmatch(text):
        return _epoch(text)
    if _RFC_2822.match(text):
        try:
            return _normal(parsedate_to_datetime(text).isoformat())
        except ValueError:
            return ""
    return _normal(text)


def _normal(text: str) -> str:
    date = _MIDNIGHT.sub("", iso_date(_FRACTION.sub("", text)))
    if not date.endswith(("Z", "+00:00", "-00:00")):
        return date
    if "T00:00:00" in date:
        return date[:10]
    return dt.datetime.fromisoformat(date).astimezone(OUTLETS_ZONE).isoformat()


def _epoch(text: str) -> str:
    whole = int(text.partition(".")[0])
    while whole >= 10**11:
        whole //= 1000
    instant = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=whole)
    return _normal(instant.isoformat()) if EARLIEST <= instant.date() < LATEST else ""
