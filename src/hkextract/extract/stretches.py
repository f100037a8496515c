"""Reads what is made of other dates: ranges, open ranges, deadlines. `context.read` reads the dates inside."""

from __future__ import annotations

from dataclasses import replace

from hkextract.extract import calendar
from hkextract.extract.anchors import Anchor, Context, Reading
from hkextract.extract.calendar import DAY, Period
from hkextract.extract.points import NO_BASE, Parts, Resolver, month_of, number, year_number, year_of


def _whole(first: Reading, last: Reading) -> Reading:
    """The range between two readings; unresolved, with the reason, where one of them is."""
    if first.period is None or last.period is None:
        return Reading.unresolved("range", (first if first.period is None else last).cue)
    weakest = max((first, last), key=lambda reading: ("explicit", "context", "relative").index(reading.anchor))
    same = first.period.start == first.period.end == last.period.start == last.period.end
    kind = "time" if "time" in (first.kind, last.kind) else "date" if same else "range"
    return Reading.of(calendar.between(first.period, last.period), weakest.anchor, weakest.cue, kind)


def _anchor(reading: Reading, surface: str) -> Anchor | None:
    if reading.period is None:
        return None
    knows = ("year", "month", "day")[min(reading.period.edtf.split("/")[-1].count("-"), 2)]
    return Anchor(reading.period, knows, reading.anchor == "explicit", False, surface)


def between(parts: Parts, context: Context) -> Reading | None:
    """The last date leans on the first; where only the last one names a year, the first one leans on it."""
    first, last = parts["first"], parts["last"]
    if last in ("现在", "目前", "今"):
        left = context.read(first, None)
        if left is None or left.period is None or context.base is None:
            return Reading.unresolved("range", NO_BASE)
        return Reading.of(calendar.between(left.period, calendar.of_date(context.base)), "relative", context.base_cue)
    names_year = context.year_name.search
    if names_year(last) and not names_year(first):
        right = context.read(last, None)
        left = context.read(first, _anchor(right, last) if right else None)
        if left and right and left.period and right.period and left.period.first > right.period.last:
            left = replace(left, period=_year_earlier(left.period))
    else:
        left = context.read(first, None)
        right = context.read(last, _anchor(left, first) if left else None)
    return _whole(left, right) if left and right else None


def _year_earlier(period: Period) -> Period | None:
    first = period.first
    if period.unit == "day":
        return calendar.day(first.year - 1, first.month, first.day)
    return calendar.month(first.year - 1, first.month) if period.unit == "month" else period


def range_years(parts: Parts, _context: Context) -> Reading | None:
    first = year_number(parts["first"])
    token = parts["last"]
    last = first // 100 * 100 + int(token) if len(token) == 2 and token.isdigit() else year_number(token)
    if last < first:
        return None
    end = calendar.month(last, number(parts["month"])) if parts.get("month") else calendar.year(last)
    return Reading.of(calendar.between(calendar.year(first), end))


def range_months(parts: Parts, context: Context) -> Reading | None:
    first, last = number(parts["first"]), number(parts["last"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    end = last + 12 * (last < first)

    def make(year: int) -> Period:
        return calendar.months(year, first, end)

    if not parts.get("year"):
        return context.in_some_year(make, "range")
    year = year_of(parts["year"], context)
    return Reading.of(make(year.value.year), year.anchor, year.cue) if year else Reading.unresolved("range", NO_BASE)


def range_days(parts: Parts, context: Context) -> Reading | None:
    first, last = number(parts["first"]), number(parts["last"])

    def make(year: int, month: int) -> Period | None:
        left = calendar.day(year, month, first)
        right = calendar.day(year, month, last)
        if left and last < first:
            after = calendar.month(year, month + 1).first
            right = calendar.day(after.year, after.month, last)
        return calendar.between(left, right) if left and right else None

    if parts.get("month"):
        return month_of(parts, context, make, "range")
    left = context.in_some_month(first)
    if left.period is None:
        return replace(left, kind="range")
    found = make(left.period.first.year, left.period.first.month)
    return Reading.of(found, left.anchor, left.cue) if found else Reading.unresolved("range", "no such day")


def _bounded(reading: Reading | None, make: object) -> Reading | None:
    if reading is None or reading.kind == "set":
        return None
    if reading.period is None:
        return replace(reading, kind="range")
    assert callable(make)
    return Reading.of(make(reading.period), reading.anchor, reading.cue, "range")


def since(parts: Parts, context: Context) -> Reading | None:
    if parts.get("now"):
        token = {"今": "今天", "明": "明天"}.get(parts["now"], "今天")
        return _bounded(context.read(token, None), calendar.since)
    return _bounded(
        context.read(parts.get("point") or parts.get("begin") or parts.get("year") or "", None), calendar.since
    )


def until(parts: Parts, context: Context) -> Reading | None:
    return _bounded(
        context.read(parts.get("point") or parts.get("end") or parts.get("stop") or "", None), calendar.until
    )


def before(parts: Parts, context: Context) -> Reading | None:
    """之前 leaves a stated day, month or year out; 前, 以前 and 或之前 take it in, as 年底之前 does."""
    strict = parts["tail"] == "之前"

    def make(period: Period) -> Period:
        if strict and not period.edtf.endswith("~"):
            return calendar.until(calendar.of_date(period.first - DAY))
        return calendar.until(period)

    return _bounded(context.read(parts["point"], None), make)


def after(parts: Parts, context: Context) -> Reading | None:
    loose = parts["tail"] in ("以后", "或以后", "或之后")

    def make(period: Period) -> Period:
        return calendar.since(period if loose else calendar.of_date(period.last + DAY))

    return _bounded(context.read(parts["point"], None), make)


def about(parts: Parts, context: Context) -> Reading | None:
    found = context.read(parts["point"], None)
    if found is None or found.period is None:
        return found
    return replace(found, period=found.period.approximate())


_MARKS = str.maketrans("", "", '“”「」『』"')


def strip_marks(surface: str) -> str:
    """A date without the marks that may stand around it in a range."""
    return surface.translate(_MARKS)


JOINED = frozenset({"range", "since", "until", "before", "after", "about"})
"""The resolvers of rules whose matches hold whole dates."""

RESOLVERS: dict[str, Resolver] = {
    "range": between,
    "range-years": range_years,
    "range-months": range_months,
    "range-days": range_days,
    "since": since,
    "until": until,
    "before": before,
    "after": after,
    "about": about,
}
