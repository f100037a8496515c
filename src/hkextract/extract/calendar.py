"""Stretches of calendar time and their EDTF form. Pure values: no rules, no offsets, no clock.

A `Period` holds the first and the last day, both inclusive; an open end is None. EDTF is level 1 (ISO 8601-2):
`2024-05`, `2024~`, `198X`, `2024-21` (spring), `2019/..`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

DAY = dt.timedelta(days=1)
KEPT = 5000
"""How many periods of each kind are remembered."""
SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
"""The EDTF number of a season and its first month; winter runs into the next year."""


class Period(NamedTuple):
    """First and last day, inclusive; `unit` is what the period is one of: day, month, year, quarter, decade … or range.

    >>> month(2024, 2)
    Period(start=datetime.date(2024, 2, 1), end=datetime.date(2024, 2, 29), edtf='2024-02', unit='month')
    """

    start: dt.date | None
    end: dt.date | None
    edtf: str
    unit: str = "range"

    @property
    def first(self) -> dt.date:
        """A day to count from: the first one, of an open beginning the last one."""
        found = self.start or self.end
        if found is None:
            raise ValueError("a period without a beginning and an end")
        return found

    @property
    def last(self) -> dt.date:
        return self.end or self.first

    def approximate(self) -> Period:
        """The same with `~`; an interval is qualified at both ends."""
        if self.edtf.endswith("~") or "X" in self.edtf:
            return self
        parts = [part if part == ".." else part.rstrip("~") + "~" for part in self.edtf.split("/")]
        return self._replace(edtf="/".join(parts))


def _iso(year: int, *rest: int) -> str:
    return "-".join([f"{year:04d}", *(f"{number:02d}" for number in rest)])


@lru_cache(maxsize=KEPT)
def day(year: int, month: int, number: int) -> Period | None:
    """A day; None where the calendar has none (`2月30日`)."""
    try:
        return of_date(dt.date(year, month, number))
    except ValueError:
        return None


@lru_cache(maxsize=KEPT)
def of_date(date: dt.date) -> Period:
    return Period(date, date, date.isoformat(), "day")


@lru_cache(maxsize=KEPT)
def month(year: int, number: int) -> Period:
    """A month; a number beyond 1–12 counts into the years around: `month(2024, 13)` is January 2025."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = calendar.monthrange(year, number)[1]
    return Period(dt.date(year, number, 1), dt.date(year, number, last), _iso(year, number), "month")


@lru_cache(maxsize=KEPT)
def year(number: int) -> Period:
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), _iso(number), "year")


@lru_cache(maxsize=KEPT)
def months(year_number: int, first: int, last: int, unit: str = "range") -> Period:
    """From a month's first day to another's last; numbers beyond 12 reach into the next year."""
    return between(month(year_number, first), month(year_number, last))._replace(unit=unit)


def quarter(year_number: int, number: int) -> Period:
    return months(year_number, 3 * number - 2, 3 * number, "quarter")


def half(year_number: int, number: int) -> Period:
    return months(year_number, 6 * number - 5, 6 * number)


def season(year_number: int, first_month: int) -> Period:
    """A season by its first month (3, 6, 9, 12); winter runs from December into February of the next year."""
    number = next(key for key, value in SEASONS.items() if value == first_month)
    found = months(year_number, first_month, first_month + 2)
    return found._replace(edtf=f"{year_number:04d}-{number}", unit="season")


@lru_cache(maxsize=KEPT)
def days(first: dt.date, last: dt.date) -> Period:
    """From a day to a day, in whichever order they come."""
    first, last = min(first, last), max(first, last)
    return Period(first, last, f"{first.isoformat()}/{last.isoformat()}", "range")


def years(first: int, last: int, unit: str = "range") -> Period:
    return between(year(first), year(last))._replace(unit=unit)


def decade(first_year: int) -> Period:
    return Period(dt.date(first_year, 1, 1), dt.date(first_year + 9, 12, 31), f"{first_year // 10:03d}X", "decade")


def century(number: int) -> Period:
    """The n-th century as EDTF writes it, from its year 00 to 99: the 21st is `20XX`."""
    first = 100 * number - 100
    return Period(dt.date(max(first, 1), 1, 1), dt.date(first + 99, 12, 31), f"{number - 1:02d}XX", "century")


@lru_cache(maxsize=KEPT)
def week(date: dt.date) -> Period:
    """Monday to Sunday around a day."""
    monday = date - date.weekday() * DAY
    return days(monday, monday + 6 * DAY)


def week_of_year(year_number: int, number: int) -> Period | None:
    """A week as ISO 8601 counts them; None where the year has fewer."""
    try:
        return week(dt.date.fromisocalendar(year_number, number, 1))
    except ValueError:
        return None


def week_of_month(year_number: int, month_number: int, number: int) -> Period:
    """The n-th week whose Monday lies in the month."""
    first = month(year_number, month_number).first
    monday = first + (-first.weekday() % 7) * DAY
    return week(monday + 7 * (number - 1) * DAY)


def nth_weekday(year_number: int, month_number: int, weekday: int, number: int) -> Period | None:
    """The n-th Monday (weekday 0) … of a month; number -1 is the last one; None where there is none."""
    whole = month(year_number, month_number)
    if number < 0:
        return of_date(whole.last - (whole.last.weekday() - weekday) % 7 * DAY)
    found = whole.first + ((weekday - whole.first.weekday()) % 7 + 7 * (number - 1)) * DAY
    return of_date(found) if found <= whole.last else None


def starting_in(year_number: int, first_month: int) -> Period:
    """Twelve months from a month's first day: fiscal (4, 10) and academic (9) years; from January the year itself."""
    if first_month == 1:
        return year(year_number)
    return days(month(year_number, first_month).first, month(year_number, first_month + 11).last)


def five_year_plan(number: int) -> Period:
    """The n-th plan: 1953–57, 1958–62, 1966–70, then every five years without a gap."""
    first = {1: 1953, 2: 1958}.get(number, 1951 + 5 * number)
    return years(first, first + 4, "era")


@lru_cache(maxsize=KEPT)
def easter(year_number: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Gauss's rule in the form of Butcher, 1876)."""
    a, (b, c) = year_number % 19, divmod(year_number, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    number, rest = divmod(h + shift - 7 * m + 114, 31)
    return dt.date(year_number, number, rest + 1)


def shift(date: dt.date, unit: str, count: int) -> dt.date | None:
    """A day so many days, weeks, months or years later (earlier where negative); None beyond the calendar.

    A day that the month there does not have becomes its last one.
    """
    try:
        if unit in ("day", "week"):
            return date + count * (7 if unit == "week" else 1) * DAY
        number = date.month - 1 + count * {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
        at, number = date.year + number // 12, number % 12 + 1
        return dt.date(at, number, min(date.day, calendar.monthrange(at, number)[1]))
    except (ValueError, OverflowError):
        return None


def working_days(date: dt.date, count: int) -> dt.date:
    """The day so many working days later (Monday to Friday; public holidays are not known here)."""
    weeks, rest = divmod(abs(count), 5)
    step = DAY if count >= 0 else -DAY
    date += 7 * weeks * step
    while rest:
        date += step
        rest -= date.weekday() < 5
    return date


def between(first: Period, last: Period) -> Period:
    """From the beginning of one period to the end of another, in whichever order they come."""
    if first.first > last.last:
        first, last = last, first
    left, right = _end_point(first, 0), _end_point(last, -1)
    edtf = left if left == right else f"{left}/{right}"
    return Period(first.start, last.end, edtf, "range")


def since(period: Period) -> Period:
    return Period(period.first, None, f"{_end_point(period, 0)}/..", "range")


def until(period: Period) -> Period:
    return Period(None, period.last, f"../{_end_point(period, -1)}", "range")


def _end_point(period: Period, side: int) -> str:
    """One end of an interval's EDTF. Seasons and X stand for no end at level 1: their month or year does."""
    part = period.edtf.split("/")[side]
    if part != ".." and not re.fullmatch(r"\d{4}-2[1-4]~?|.*X.*", part):
        return part
    date = period.first if side == 0 else period.last
    return f"{date.year:04d}" if "X" in part else _iso(date.year, date.month)


_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
_ONE = re.compile(rf"(?:{_DATE}|\d{{4}}-2[1-4]|\d{{3}}X|\d{{2}}XX)[~?%]?")
_END = re.compile(rf"(?:{_DATE}[~?%]?|\.\.)")


def is_edtf(text: str) -> bool:
    """True for the EDTF level 1 that this module writes: dates, seasons, unspecified digits, intervals, `~?%`.

    >>> [is_edtf(x) for x in ("2024-05~/..", "198X", "2024-02-30", "2024-21/2024-22")]
    [True, True, False, False]
    """
    parts = text.split("/")
    if len(parts) == 1:
        return bool(_ONE.fullmatch(text)) and _real(text)
    return len(parts) == 2 and parts != ["..", ".."] and all(bool(_END.fullmatch(p)) and _real(p) for p in parts)


def _real(part: str) -> bool:
    numbers = part.rstrip("~?%").split("-")
    return len(numbers) < 3 or day(*map(int, numbers)) is not None


def parse_edtf(text: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of what `is_edtf` accepts; `ValueError` for anything else.

    >>> parse_edtf("2023-12~/2024-02")
    (datetime.date(2023, 12, 1), datetime.date(2024, 2, 29))
    """
    if not is_edtf(text):
        raise ValueError(f"not EDTF level 1: {text!r}")
    parts = text.split("/")
    return _bounds(parts[0])[0], _bounds(parts[-1])[1]


def _bounds(part: str) -> tuple[dt.date | None, dt.date | None]:
    part = part.rstrip("~?%")
    if part == "..":
        return None, None
    if part.endswith("XX"):
        found: Period | None = century(int(part[:2]) + 1)
    elif part.endswith("X"):
        found = decade(int(part[:3]) * 10)
    else:
        numbers = [int(number) for number in part.split("-")]
        if len(numbers) == 3:
            found = day(*numbers)
        elif len(numbers) == 2:
            found = season(numbers[0], SEASONS[numbers[1]]) if numbers[1] > 12 else month(*numbers)
        else:
            found = year(numbers[0])
    return (found.start, found.end) if found else (None, None)


def nearest(candidates: Iterable[Period], date: dt.date, forward: bool = False, weight: int = 2) -> Period | None:
    """The period nearest to a day and preferably not after it; looking forward, preferably not before it.

    A day on the side that is not preferred counts as far away as `weight` days on the other. With 2, `1月5日` is the
    one after 3 December, not the one eleven months before it, and `11月` in May is last year's; a day of the next year
    counts twice again.
    """

    def distance(found: Period) -> int:
        ahead, behind = (found.first - date).days, (date - found.last).days
        if forward:
            return behind * weight if behind > 0 else max(ahead, 0)
        over = (found.last - date).days
        if over <= 0:
            return max(behind, 0)
        return max(ahead, over) * weight * (2 if weight > 1 and found.first.year > date.year else 1)

    return min(candidates, key=distance, default=None)
