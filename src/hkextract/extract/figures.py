"""Reads dates that are written in figures alone: `2024-05-28`, `2019.08`, `2030和2035`, `24年`."""

from __future__ import annotations

from hkextract.extract import calendar
from hkextract.extract.anchors import Context, Reading
from hkextract.extract.points import Parts, Resolver, clocked, number, part_of_year, short_year


def numeric(parts: Parts, _context: Context) -> Reading | None:
    """Digits: year-month-day, or day and month before the year (month first where only that is a date)."""
    solid = parts.get("solid", "")
    if solid:
        values = (int(solid[:4]), int(solid[4:6]), int(solid[6:]))
    elif parts.get("late"):
        values = (int(parts["late"]), int(parts["two"]), int(parts["one"]))
        if values[1] > 12:
            values = (values[0], values[2], values[1])
    else:
        values = (int(parts["year"]), int(parts["month"]), int(parts["day"]))
    found = calendar.day(*values)
    reading = Reading.of(found) if found else Reading.unresolved("date", "no such day")
    return clocked(reading, parts)


def year_month(parts: Parts, _context: Context) -> Reading | None:
    return Reading.of(calendar.month(int(parts["year"]), int(parts["month"])))


def bare_year(parts: Parts, _context: Context) -> Reading | None:
    return Reading.of(calendar.year(int(parts.get("year") or parts["later"])))


def two_digit_year(parts: Parts, context: Context) -> Reading | None:
    """`24年` soon after a full year (within ten years of it), or a year that no length is written like (`零六年`)."""
    token, name = parts["year"], context.words["part_of_year"].category(parts.get("part", ""))
    value = short_year(token, context)
    last = next((item for item in reversed(context.paragraph) if item.explicit), None)
    single = not token[0].isdigit() and abs(number(token[0]) - number(token[1])) != 1
    if last and 0 < abs(value - last.date.year) <= 6:
        return Reading.of(part_of_year(value, name), "context", last.surface)
    if single or token[0] == "0" or parts.get("part"):
        return Reading.of(part_of_year(value, name))
    return None


RESOLVERS: dict[str, Resolver] = {
    "numeric": numeric,
    "year-month": year_month,
    "bare-year": bare_year,
    "short-year": two_digit_year,
}
