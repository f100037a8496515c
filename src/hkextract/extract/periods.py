"""Reads named periods: weeks, quarters, seasons, decades, plans, fiscal years, feasts, lunar dates, anniversaries."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hkextract.extract import calendar, lunar
from hkextract.extract.anchors import Context, Reading
from hkextract.extract.calendar import DAY, Period
from hkextract.extract.points import NO_BASE, Parts, Resolver, _made, month_of, number, this_year, year_number, year_of


def week(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("rel", "") or parts.get("end", "")[:-1].replace("末", "")
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
    return _made(calendar.week_of_year(year.value.year, order), year.anchor, year.cue, "range")


def _split(token: str, context: Context) -> dict[str, str]:
    """`今年3月` → year and month."""
    found = context.month_parts.fullmatch(token)
    return {key: value or "" for key, value in found.groupdict().items()} if found else {"month": token}


def nth_weekday(parts: Parts, context: Context) -> Reading | None:
    day = int(context.words["weekday_name"].category(parts["weekday"]))
    order = -1 if parts.get("last") else number(parts["number"])
    return month_of(
        _split(parts["base"], context), context, lambda y, m: calendar.nth_weekday(y, m, day, order), "date"
    )


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
    """首5个月, 前两天, 最后三个月 of a year or a month; without one, of the year of publication."""
    count, unit, base = number(parts["number"]), parts["unit"], parts.get("base", "")
    last = parts["side"] in ("后", "最后")
    in_days = unit in ("天", "日")
    if not base and (in_days or unit.endswith(("季度", "月")) and parts["side"] not in ("首", "头")):
        return None
    if in_days:
        if "月" not in base:
            return None

        def days(year: int, month: int) -> Period:
            whole = calendar.month(year, month)
            if last:
                return calendar.days(whole.last - (count - 1) * DAY, whole.last)
            return calendar.days(whole.first, whole.first + (count - 1) * DAY)

        return month_of(_split(base, context), context, days, "range")
    if "月" in base:
        return None
    size = count * (3 if "季" in unit else 1)
    if not 1 <= size <= 12:
        return None

    def months(year: int) -> Period:
        return calendar.months(year, 13 - size, 12) if last else calendar.months(year, 1, size)

    if not base:
        return this_year(context, months, "range")
    found = year_of(base, context)
    return Reading.of(months(found.value.year), found.anchor, found.cue) if found else _open("range")


def _open(kind: str) -> Reading:
    return Reading.unresolved(kind, NO_BASE)


def season(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("year") or parts.get("short", "") + "年"
    name = context.words["season"].category(parts["season"])
    year = year_of(token, context)
    if year is None:
        return None if context.words["rel_year"].category(token) in ("same", "next") else _open("range")
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
        tens = number(parts["decade"]) % 100
        century = _century(parts["century"], context) if parts.get("century") else 20 if tens >= 30 else 21
        first = 100 * (century - 1) + tens
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
        first, last = int(parts["first"]), int(parts["last"])
        last += first // 100 * 100 if last < 100 else 0
        if last == first + 1:
            return Reading.of(calendar.starting_in(first, first_month))
        if last <= first:
            return None
        start = calendar.starting_in(first, first_month).first
        return Reading.of(calendar.days(start, calendar.starting_in(last - 1, first_month).last))
    if parts.get("rel"):
        offset = int(context.words["rel_plain"].category(parts["rel"]))
        if context.base is None:
            return _open("range")
        if sort == "general":
            return Reading.of(calendar.year(context.base.year + offset), "relative", context.base_cue)
        now = context.base.year - (context.base.month < first_month)
        return Reading.of(calendar.starting_in(now + offset, first_month), "relative", context.base_cue)
    token = parts["year"]
    year = year_of(token if token.endswith("年") else token + "年", context)
    if year is None:
        return _open("year")
    at = year.value.year
    if sort == "academic":
        return Reading.of(calendar.starting_in(at, 9), year.anchor, year.cue)
    start = 1
    if sort == "fiscal":
        before = context.text[context.sentence_start : context.start]
        found = max(
            context.words["fiscal_region"].regex.finditer(before), key=lambda match: match.start(), default=None
        )
        start = int(context.words["fiscal_region"].category(found[0])) if found else 1
    at -= start > 1
    return Reading.of(calendar.starting_in(at, start), year.anchor, year.cue)


def feast_day(name: str, year: int) -> dt.date | None:
    """The day of a feast in a Gregorian year; the forms are those of `words.feast` in dates.toml."""
    sort, _, rest = name.partition(" ")
    if sort == "eve":
        return lunar.last_day(year - 1)
    numbers = [int(part) for part in rest.replace("-", " -" if sort == "easter" else " ").split()]
    if sort == "fixed":
        return dt.date(year, *numbers)
    if sort == "lunar":
        return lunar.to_solar(year, *numbers)
    if sort == "term":
        return lunar.term(year, numbers[0])
    if sort == "easter":
        return calendar.easter(year) + numbers[0] * DAY
    found = calendar.nth_weekday(year, *numbers)
    return found.start if found else None


def feast(parts: Parts, context: Context) -> Reading | None:
    name = context.words["feast"].category(parts.get("feast", ""))
    edges = (0, 0)
    if not name:
        words = context.words["holiday"].category(parts["holiday"]).split()
        name, edges = " ".join(words[:-2]), (int(words[-2]), int(words[-1]))

    def make(year: int) -> Period | None:
        found = feast_day(name, year)
        if found is None:
            return None
        first, last = found + edges[0] * DAY, found + edges[1] * DAY
        return calendar.of_date(first) if first == last else calendar.days(first, last)

    kind = "date" if edges == (0, 0) else "range"
    if parts.get("year"):
        year = year_of(parts["year"], context)
        reading = _made(make(year.value.year), year.anchor, year.cue, kind) if year else _open(kind)
    else:
        reading = context.in_some_year(make, kind)
    return replace(reading, kind="time") if parts.get("clock") else reading


def lunar_date(parts: Parts, context: Context) -> Reading | None:
    """A lunar day, or a whole lunar month where 农历, 闰 or the name of the month says that it is one."""
    name = parts["month"]
    order = int(context.words["lunar_month"].category(name, "0")) or number(name)
    day, leap = number(parts.get("day", "")), bool(parts.get("leap"))
    marked = bool(parts.get("mark") or parts.get("mark_two") or leap or context.words["lunar_month"].category(name))
    if not marked and (not day or name[0].isdigit()):
        return None

    def make(year: int) -> Period | None:
        if day:
            found = lunar.to_solar(year, order, day, leap)
            return calendar.of_date(found) if found else None
        whole = next((m for m in lunar.months(year) if m[:2] == (order, leap)), None)
        return calendar.days(whole[2], whole[3]) if whole else None

    kind = "date" if day else "range"
    token = parts.get("year", "")
    if token:
        year = year_of(token if token.endswith("年") or not year_number(token) else token + "年", context)
        reading = _made(make(year.value.year), year.anchor, year.cue, kind) if year else _open(kind)
    else:
        reading = context.in_some_year(make, kind)
    return replace(reading, kind="time") if parts.get("clock") else reading


def anniversary(parts: Parts, context: Context) -> Reading | None:
    date = dt.date.fromisoformat(context.words["event"].category(parts["event"]))
    if date == dt.date(1997, 7, 1) and context.text[max(0, context.start - 2) : context.start] == "澳门":
        date = dt.date(1999, 12, 20)
    found = calendar.day(date.year + number(parts["number"]), date.month, date.day)
    return Reading.of(found, cue=f"event {date}") if found else None


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
    "feast": feast,
    "lunar": lunar_date,
    "anniversary": anniversary,
}
