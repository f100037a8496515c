"""Reads named periods: weeks, quarters, seasons, decades, centuries, plans, fiscal and academic years."""

from __future__ import annotations

import datetime as dt

from hkextract.extract import calendar
from hkextract.extract.anchors import Context, Reading
from hkextract.extract.calendar import DAY, Period
from hkextract.extract.points import (
    NO_BASE,
    Parts,
    Resolver,
    clocked,
    made,
    month_of,
    number,
    this_year,
    unknown,
    year_of,
)


def week(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("rel", "") or parts.get("end", "").partition("周")[0] + "周" * bool(parts.get("end"))
    if token:
        if context.base is None:
            return Reading.unresolved("range", NO_BASE)
        offset = int(context.words["rel_week"].category(token, "0"))
        found = calendar.week(context.base + 7 * offset * DAY)
        if parts.get("end"):
            found = calendar.days(found.first + 5 * DAY, found.last)
        return Reading.of(found, "relative", context.base_cue)
    order, base = number(parts["number"]), parts.get("base", "")
    if not base or order > 53:
        return None
    if "月" in base:
        return month_of(_split(base, context), context, lambda y, m: calendar.week_of_month(y, m, order), "range")
    year = year_of(base, context)
    if year is None:
        return Reading.unresolved("range", NO_BASE)
    return made(calendar.week_of_year(year.value.year, order), year.anchor, year.cue, "range")


def _split(token: str, context: Context) -> dict[str, str]:
    """`今年3月` → year and month."""
    found = context.month_parts.fullmatch(token)
    return {key: value or "" for key, value in found.groupdict().items()} if found else {"month": token}


def nth_weekday(parts: Parts, context: Context) -> Reading | None:
    day = int(context.words["weekday_name"].category(parts["weekday"]))
    order = -1 if parts.get("last") else number(parts["number"])
    split = _split(parts["base"], context)
    if split.get("year") or not number(split["month"]):
        return month_of(split, context, lambda y, m: calendar.nth_weekday(y, m, day, order), "date")
    return this_year(context, lambda y: calendar.nth_weekday(y, number(split["month"]), day, order), "date")


def quarter(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("quarter") or parts.get("order") or ""
    name = parts.get("part") or parts.get("rel_part") or ""
    if parts.get("rel"):
        if context.base is None:
            return Reading.unresolved("quarter", NO_BASE)
        at = (context.base.month + 2) // 3 + int(context.words["rel_quarter"].category(parts["rel"]))
        return Reading.of(_edge(calendar.quarter(context.base.year, at), name), "relative", context.base_cue)
    half = context.words["half"].category(token)

    def make(year: int) -> Period:
        if half:
            return _edge(calendar.half(year, int(half)), name)
        order = context.words["quarter_number"].category(token) or str(number(token))
        several = token[0] in "首前" and number(token) > 1
        return _edge(
            calendar.months(year, 1, 3 * int(order)) if several else calendar.quarter(year, int(order)),
            name,
        )

    kind = "range" if half else "quarter"
    if parts.get("after"):
        return Reading.of(make(int(parts["after"])))
    if not parts.get("year"):
        if half:
            return this_year(context, make, kind)
        return context.in_some_year(make, kind)
    year = year_of(parts["year"], context)
    return Reading.of(make(year.value.year), year.anchor, year.cue) if year else Reading.unresolved(kind, NO_BASE)


def _edge(period: Period, name: str) -> Period:
    """The first or last month of a period of months (季初, 季末)."""
    if not name:
        return period
    date = {"初": period.first, "末": period.last}.get(name, period.first + 45 * DAY)
    return calendar.month(date.year, date.month).approximate()


def first_units(parts: Parts, context: Context) -> Reading | None:
    """首5个月, 前两天, 最后一周 of a year or a month; without one, of the year of publication."""
    base = parts.get("base", "")
    count = number(parts.get("number") or parts.get("number_two") or "一")
    unit = context.words["count_unit"].category(parts.get("unit") or parts.get("unit_two") or "", "month")
    last = parts.get("side") in ("后", "最后")
    of_month = "月" in base
    if not count or (of_month and unit not in ("day", "week")):
        return None
    if of_month:
        return month_of(
            _split(base, context), context, lambda y, m: _edge_of(calendar.month(y, m), unit, count, last), "range"
        )

    def make(year: int) -> Period | None:
        return _edge_of(calendar.year(year), unit, count, last)

    if not base:
        return context.in_some_year(make, "range")
    found = year_of(base, context)
    return made(make(found.value.year), found.anchor, found.cue, "range") if found else unknown("range")


def _edge_of(whole: Period, unit: str, count: int, last: bool) -> Period | None:
    """So many days, weeks or months at the beginning or the end of a month or a year."""
    if unit == "day":
        if last:
            return calendar.days(whole.last - (count - 1) * DAY, whole.last)
        return calendar.days(whole.first, whole.first + (count - 1) * DAY)
    if unit == "week":
        if last:
            return calendar.days(
                calendar.week(whole.last).first - 7 * (count - 1) * DAY, calendar.week(whole.last).last
            )
        monday = whole.first + (-whole.first.weekday() % 7) * DAY
        return calendar.days(monday, monday + (7 * count - 1) * DAY)
    size = count * (3 if unit == "quarter" else 1)
    if not 1 <= size <= 12:
        return None
    return calendar.months(whole.first.year, 13 - size, 12) if last else calendar.months(whole.first.year, 1, size)


def season(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("year") or parts.get("short", "") + "年"
    name = context.words["season"].category(parts["season"])
    year = year_of(token, context)
    if year is None:
        return None if context.words["rel_year"].category(token) in ("same", "next") else unknown("range")
    at = year.value.year
    if "-" in name:
        first, last = map(int, name.split("-"))
        return Reading.of(calendar.months(at, first, last), year.anchor, year.cue)
    return Reading.of(calendar.season(at, int(name)), year.anchor, year.cue)


def _century(token: str, context: Context) -> int:
    if token.startswith("上"):
        return 20 if context.base is None else context.base.year // 100
    if token.startswith("本"):
        return 21 if context.base is None else context.base.year // 100 + 1
    return number(token)


def decade(parts: Parts, context: Context) -> Reading | None:
    if parts.get("year"):
        first = int(parts["year"]) * 10
    else:
        name = parts["decade"].replace("、", "")
        tens = number(name[-2:]) % 100
        century = _century(parts["century"], context) if parts.get("century") else 20 if tens >= 30 else 21
        first = 100 * (century - 1) + tens
        if len(name) == 3:  # 七八十年代
            return Reading.of(calendar.years(first - 10 * (number(name[1]) - number(name[0])), first + 9, "decade"))
    edges = context.words["part_of_decade"].category(parts.get("part", ""))
    if edges:
        start, end = map(int, edges.split("-"))
        return Reading.of(calendar.years(first + start, first + end).approximate(), kind="decade")
    return Reading.of(calendar.decade(first))


def century(parts: Parts, context: Context) -> Reading | None:
    order = _century(parts["century"], context)
    if not 1 <= order <= 40:
        return None
    edges = context.words["part_of_century"].category(parts.get("part", ""))
    if edges:
        start, end = (int(edge) + 100 * order - 100 for edge in edges.split("-"))
        return Reading.of(calendar.years(max(start, 1), end).approximate(), kind="era")
    return Reading.of(calendar.century(order), kind="era")


def plan(parts: Parts, context: Context) -> Reading | None:
    order = context.words["long_plan"].category(parts.get("plan", ""))
    order = order or context.words["plan"].category(parts.get("old", "")) or str(number(parts.get("number", "")))
    return Reading.of(calendar.five_year_plan(int(order)), kind="era")


def fiscal(parts: Parts, context: Context) -> Reading | None:
    """Two-year labels run from April (fiscal) or September (academic); a single year is the calendar year."""
    label = parts.get("type") or parts.get("single") or parts.get("rel_type") or ""
    sort = context.words["plain"].category(label)
    first_month = 9 if sort == "academic" else 4
    if parts.get("first"):
        return _two_years(number(parts["first"]), number(parts["last"]), first_month)
    if parts.get("rel"):
        offset = int(context.words["rel_plain"].category(parts["rel"]))
        if context.base is None:
            return unknown("range")
        if sort == "general":
            return Reading.of(calendar.year(context.base.year + offset), "relative", context.base_cue)
        now = context.base.year - (context.base.month < first_month)
        return Reading.of(calendar.starting_in(now + offset, first_month), "relative", context.base_cue)
    token = parts["year"]
    found = year_of(token if token.endswith("年") else token + "年", context)
    if found is None:
        return unknown("year")
    begin = 9 if sort == "academic" else _fiscal_month(context) if sort == "fiscal" else 1
    at = found.value.year - (sort == "fiscal" and begin > 1)
    return Reading.of(calendar.starting_in(at, begin), found.anchor, found.cue)


def _two_years(first: int, last: int, first_month: int) -> Reading | None:
    """`2023-24年度`: from the first month in the one year to the month before it in the other."""
    last += first // 100 * 100 if last < 100 else 0
    if last <= first:
        return None
    start = calendar.starting_in(first, first_month).first
    return Reading.of(calendar.days(start, calendar.starting_in(last - 1, first_month).last))


def _fiscal_month(context: Context) -> int:
    """The month in which a single fiscal year begins, by the last place named before it in the sentence."""
    places = context.words["fiscal_region"].regex.findall(context.text[context.sentence_start : context.start])
    return int(context.words["fiscal_region"].category(places[-1])) if places else 1


def nth_day(parts: Parts, context: Context) -> Reading | None:
    year, order = year_of(parts["year"], context), number(parts["number"])
    if year is None or not 1 <= order <= 366:
        return Reading.unresolved("date", NO_BASE)
    found = calendar.of_date(dt.date(year.value.year, 1, 1) + (order - 1) * calendar.DAY)
    return clocked(Reading.of(found, year.anchor, year.cue), parts)


RESOLVERS: dict[str, Resolver] = {
    "week": week,
    "nth-weekday": nth_weekday,
    "quarter": quarter,
    "first-units": first_units,
    "season": season,
    "decade": decade,
    "century": century,
    "plan": plan,
    "fiscal": fiscal,
    "nth-day": nth_day,
}
