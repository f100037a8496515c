"""Reads feasts, holidays, lunar dates and anniversaries: days that a name and a year give."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hkextract.extract import calendar, lunar
from hkextract.extract.anchors import Context, Reading
from hkextract.extract.calendar import DAY, Period
from hkextract.extract.points import Parts, Resolver, made, number, unknown, year_number, year_of


def feast_day(name: str, year: int) -> dt.date | None:
    """The day of a feast in a Gregorian year; the forms are those of `words.feast` in dates.toml."""
    sort, _, rest = name.partition(" ")
    if sort == "eve":
        return lunar.last_day(year - 1)
    numbers = [int(part) for part in rest.replace("-", " -" if sort == "easter" else " ").split()]
    if sort == "fixed":
        return dt.date(year, *numbers)
    if sort == "lunar":
        return lunar.to_solar(year, numbers[0], numbers[1])
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

    new_year = any((item.date.month, item.date.day) == (12, 31) for item in context.sentence)

    def make(year: int) -> Period | None:
        found = dt.date(year, 12, 31) if name == "eve" and new_year else feast_day(name, year)
        if found is None:
            return None
        first, last = found + edges[0] * DAY, found + edges[1] * DAY
        return calendar.of_date(first) if first == last else calendar.days(first, last)

    kind = "date" if edges == (0, 0) else "range"
    if parts.get("year"):
        year = year_of(parts["year"], context)
        reading = made(make(year.value.year), year.anchor, year.cue, kind) if year else unknown(kind)
    else:
        reading = context.in_some_year(make, kind)
    return replace(reading, kind="time") if parts.get("clock") else reading


def lunar_date(parts: Parts, context: Context) -> Reading | None:
    """A lunar day, or a whole lunar month where 农历, 闰 or the name of the month says that it is one."""
    name = parts["month"]
    order = int(context.words["lunar_month"].category(name, "0")) or number(name)
    day, leap = number(parts.get("day", "")), bool(parts.get("leap"))
    marked = bool(parts.get("mark") or parts.get("mark_two") or leap or context.words["lunar_month"].category(name))
    if not marked and (not day or "日" in parts["day"] or "号" in parts["day"]):
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
        reading = made(make(year.value.year), year.anchor, year.cue, kind) if year else unknown(kind)
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
    "feast": feast,
    "lunar": lunar_date,
    "anniversary": anniversary,
}
