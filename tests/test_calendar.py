"""Periods, their EDTF, the lunar calendar."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.extract import calendar, lunar
from hkextract.extract.calendar import Period

YEARS = st.integers(1000, 2200)
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2200, 12, 31))
PERIODS = st.one_of(
    DAYS.map(calendar.of_date),
    st.builds(calendar.month, YEARS, st.integers(1, 12)),
    YEARS.map(calendar.year),
    st.builds(calendar.quarter, YEARS, st.integers(1, 4)),
    st.builds(calendar.half, YEARS, st.integers(1, 2)),
    st.builds(calendar.season, YEARS, st.sampled_from([3, 6, 9, 12])),
    st.builds(calendar.days, DAYS, DAYS),
    st.builds(calendar.decade, YEARS.map(lambda year: year // 10 * 10)),
    st.builds(calendar.century, st.integers(10, 22)),
    st.builds(calendar.starting_in, YEARS, st.sampled_from([1, 4, 9, 10])),
    st.builds(calendar.week_of_month, YEARS, st.integers(1, 12), st.integers(1, 4)),
    st.builds(calendar.five_year_plan, st.integers(1, 20)),
    DAYS.map(calendar.week),
)


@given(PERIODS)
def test_edtf_is_valid_and_says_the_same_days(period: Period) -> None:
    for found in (period, period.approximate()):
        assert calendar.is_edtf(found.edtf)
        assert calendar.parse_edtf(found.edtf) == (period.start, period.end)


@given(PERIODS, PERIODS)
def test_a_range_is_ordered_and_round_trips(one: Period, other: Period) -> None:
    found = calendar.between(one, other)
    assert found.start is not None
    assert found.end is not None
    assert found.start <= found.end or one.first <= other.first <= other.last <= one.last or other.first <= one.first
    assert calendar.is_edtf(found.edtf)
    start, end = calendar.parse_edtf(found.edtf)
    assert start is not None
    assert end is not None
    assert start <= found.start
    assert end >= found.end


@given(PERIODS)
def test_open_ranges_keep_one_end(period: Period) -> None:
    since, until = calendar.since(period), calendar.until(period)
    assert (since.end, until.start) == (None, None)
    assert calendar.is_edtf(since.edtf)
    assert calendar.is_edtf(until.edtf)
    assert calendar.parse_edtf(since.edtf)[1] is None
    assert calendar.parse_edtf(until.edtf)[0] is None


@given(DAYS, st.sampled_from(["day", "week", "month", "quarter", "half", "year"]), st.integers(-200, 200))
def test_a_shift_goes_the_way_it_says(date: dt.date, unit: str, count: int) -> None:
    found = calendar.shift(date, unit, count)
    assert found is not None
    assert (found > date) == (count > 0)


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-02-30", "../..", "24", "2024-21/2024-22", "198X/199X", "2024-5", "", "2024/2025/2026"]
)
def test_what_is_no_edtf_is_refused(text: str) -> None:
    assert not calendar.is_edtf(text)
    with pytest.raises(ValueError, match="not EDTF"):
        calendar.parse_edtf(text)


@pytest.mark.parametrize(
    ("year", "month", "day", "leap", "wanted"),
    [
        (1997, 1, 1, False, "1997-02-07"),
        (2000, 8, 15, False, "2000-09-12"),
        (2012, 4, 1, True, "2012-05-21"),
        (2020, 4, 1, True, "2020-05-23"),
        (2023, 2, 1, True, "2023-03-22"),
        (2024, 5, 5, False, "2024-06-10"),
        (2025, 6, 1, True, "2025-07-25"),
        (2033, 11, 1, True, "2033-12-22"),
        (2034, 1, 1, False, "2034-02-19"),
        (2024, 9, 9, False, "2024-10-11"),
    ],
)
def test_lunar_dates(year: int, month: int, day: int, leap: bool, wanted: str) -> None:
    found = lunar.to_solar(year, month, day, leap)
    assert found is not None
    assert found.isoformat() == wanted


def test_a_lunar_day_that_does_not_exist_is_none() -> None:
    assert lunar.to_solar(2024, 2, 1, leap=True) is None
    assert lunar.to_solar(2024, 1, 31) is None
    assert lunar.last_day(2024).isoformat() == "2025-01-28"


@given(st.integers(1930, 2090))
def test_a_lunar_year_is_whole(year: int) -> None:
    months = lunar.months(year)
    assert [number for number, leap, *_ in months if not leap] == list(range(1, 13))
    assert all(first <= last and (last - first).days in (28, 29) for _, _, first, last in months)
    assert all(b[2] - a[3] == calendar.DAY for a, b in pairwise(months))
    assert lunar.months(year + 1)[0][2] - months[-1][3] == calendar.DAY


@pytest.mark.parametrize(
    ("year", "number", "wanted"), [(2024, 6, "2024-04-04"), (2017, 23, "2017-12-22"), (2021, 2, "2021-02-03")]
)
def test_solar_terms(year: int, number: int, wanted: str) -> None:
    assert lunar.term(year, number).isoformat() == wanted


def test_movable_days() -> None:
    assert calendar.easter(2024).isoformat() == "2024-03-31"
    assert calendar.nth_weekday(2024, 11, 3, 4) == calendar.day(2024, 11, 28)
    assert calendar.nth_weekday(2024, 2, 0, 5) is None
    assert calendar.day(2023, 2, 29) is None
    assert calendar.working_days(dt.date(2024, 12, 6), 1).isoformat() == "2024-12-09"
    assert calendar.week_of_year(2021, 53) is None
