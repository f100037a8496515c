"""The Chinese calendar and the solar terms, computed from the places of sun and moon. Pure values.

A lunar month begins on the day (at UTC+8) of the new moon; the month that holds the winter solstice is the eleventh;
where thirteen months stand between two solstices, the first without a principal term is the leap month. New moons and
the sun's longitude follow Meeus, *Astronomical Algorithms*, chapters 25 and 49, to about a minute. Compared once with
a published table, 2,453 of the 2,461 months from 1901 to 2099 begin on the same day; in the other eight the new moon
falls within minutes of midnight (or, before 1929, another meridian counted).
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from math import floor, radians, sin

DAY = dt.timedelta(days=1)
_EPOCH = dt.date(2000, 1, 1)
_J2000 = 2451545.0
_CHINA = 8 / 24


def _civil(julian: float) -> dt.date:
    """The day in China that holds a moment of dynamical time."""
    years = (julian - _J2000) / 365.25
    delta = (62.92 + 0.32217 * years + 0.005589 * years * years) / 86400
    return _EPOCH + dt.timedelta(days=floor(julian - delta + _CHINA - _J2000 + 0.5))


def _longitude(julian: float) -> float:
    """The sun's apparent longitude in degrees."""
    t = (julian - _J2000) / 36525
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    node = radians(125.04 - 1934.136 * t)
    return (280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre - 0.00569 - 0.00478 * sin(node)) % 360


@cache
def term(year: int, number: int) -> dt.date:
    """The day of a solar term: number 0 (小寒, longitude 285°) to 23 (冬至, 270°) of a Gregorian year.

    >>> term(2024, 6), term(2024, 23)
    (datetime.date(2024, 4, 4), datetime.date(2024, 12, 21))
    """
    target = (285 + 15 * number) % 360
    julian = _J2000 + (year - 2000) * 365.2422 + 5 + number * 15.2184
    for _ in range(6):
        julian += ((target - _longitude(julian) + 180) % 360 - 180) / 360 * 365.2422
    return _civil(julian)


_MOON = (  # coefficient in days, multiples of the sun's anomaly, the moon's anomaly, its argument of latitude
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2), (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2), (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0),
    (-0.00042, 0, 3, 0), (0.00042, 1, 0, 2), (0.00038, 1, 0, -2), (-0.00024, -1, 2, 0), (-0.00007, 2, 1, 0),
    (0.00004, 0, 2, -2), (0.00004, 3, 0, 0), (0.00003, 1, 1, -2), (0.00003, 0, 2, 2), (-0.00003, 1, 1, 2),
)  # fmt: skip
_PLANETS = (  # coefficient in days, degrees at the epoch, degrees a lunation
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860), (0.000047, 34.52, 27.261239),
)  # fmt: skip


@cache
def new_moon(k: int) -> dt.date:
    """The day in China of the k-th new moon after that of 6 January 2000."""
    t = k / 1236.85
    e = 1 - 0.002516 * t
    sun = radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    latitude = radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = radians(124.7746 - 1.56375588 * k + 0.0020672 * t * t)
    julian = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    julian += sum(c * e ** abs(s) * sin(s * sun + m * moon + f * latitude) for c, s, m, f in _MOON)
    julian -= 0.00017 * sin(node)
    julian += sum(c * sin(radians(a + b * k)) for c, a, b in _PLANETS)
    return _civil(julian)


@cache
def months(year: int) -> tuple[tuple[int, bool, dt.date, dt.date], ...]:
    """The months of the lunar year that begins in a Gregorian year: number, leap or not, first and last day."""
    found: list[tuple[int, bool, dt.date, dt.date]] = []
    started = False
    for number, leap, first, last in _from_solstice(year) + _from_solstice(year + 1):
        if number == 1 and not leap:
            if started:
                break
            started = True
        if started:
            found.append((number, leap, first, last))
    return tuple(found)


@cache
def _from_solstice(year: int) -> tuple[tuple[int, bool, dt.date, dt.date], ...]:
    """The months from the eleventh one of the year before up to the next eleventh one, that one left out."""
    begin, stop = _eleventh(year - 1), _eleventh(year)
    leaps = stop - begin == 13
    terms = {term(y, n) for y in (year - 1, year) for n in range(1, 24, 2)}
    found: list[tuple[int, bool, dt.date, dt.date]] = []
    number = 10
    for k in range(begin, stop):
        first, last = new_moon(k), new_moon(k + 1) - DAY
        leap = leaps and not any(first <= day <= last for day in terms)
        if leap:
            leaps = False
        else:
            number = number % 12 + 1
        found.append((number, leap, first, last))
    return tuple(found)


def _eleventh(year: int) -> int:
    """The number of the new moon that begins the month of a year's winter solstice."""
    solstice = term(year, 23)
    k = round((solstice - dt.date(2000, 1, 6)).days / 29.530588861) + 1
    while new_moon(k) > solstice:
        k -= 1
    return k


def to_solar(year: int, month: int, day: int, leap: bool = False) -> dt.date | None:
    """The Gregorian day of a lunar date; None where that month or day does not exist. Day 30 of a short month too.

    >>> to_solar(2024, 8, 15), to_solar(2020, 4, 1, leap=True)
    (datetime.date(2024, 9, 17), datetime.date(2020, 5, 23))
    """
    for number, is_leap, first, last in months(year):
        if (number, is_leap) == (month, leap):
            found = first + (day - 1) * DAY
            return found if day >= 1 and found <= last else None
    return None


def last_day(year: int) -> dt.date:
    """The last day of a lunar year (除夕)."""
    return months(year)[-1][3]
