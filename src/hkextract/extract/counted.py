"""Reads what is counted from a day: 过去五年, 一年来, 三年前, 其后三年, 近日, 去年同期; and recurring times."""

from __future__ import annotations

import datetime as dt
import re

from hkextract.extract import calendar
from hkextract.extract.anchors import Anchor, Context, Reading
from hkextract.extract.calendar import DAY, Period
from hkextract.extract.points import NO_BASE, Parts, Resolver, made, number, unknown, year_of

_NEIGHBOURS = re.compile("[二两三四五六七八][三四五六七八九]十?")


def _unit(token: str, context: Context) -> str:
    return context.words["count_unit"].category(token.replace("半", ""))


def _count(parts: Parts) -> tuple[int, bool]:
    """The whole count and whether half a unit is added or meant (半年, 三年半, 1.5年)."""
    token = parts["number"]
    if _NEIGHBOURS.fullmatch(token):  # 两三, 二三十: the larger one
        token = token[1:]
    if token == "半":
        return 0, True
    return number(token.split(".")[0]), token.endswith(".5") or "半" in parts.get("half", "") + parts["unit"]


def _moved(date: dt.date, unit: str, count: int, half: bool, sign: int) -> dt.date | None:
    """A day so many units away; half a year is six months, half a month fifteen days, half a week four days."""
    if unit == "hour":
        return date + sign * ((count + 12) // 24) * DAY
    if unit == "working":
        return calendar.working_days(date, sign * count)
    found = calendar.shift(date, unit, sign * count)
    if found and half:
        smaller, more = {"year": ("month", 6), "quarter": ("day", 45), "month": ("day", 15), "day": ("day", 1)}.get(
            unit, ("day", 4)
        )
        found = calendar.shift(found, smaller, sign * more)
    return found


def lately(_parts: Parts, context: Context) -> Reading | None:
    now = context.published or context.base
    if now is None:
        return Reading.unresolved("range", NO_BASE)
    return Reading.of(calendar.until(calendar.of_date(now)), "relative", context.base_cue)


def span(parts: Parts, context: Context) -> Reading | None:
    """过去五年, 未来三年内: from or to publication, or in the year that a heading sets."""
    unit = _unit(parts.get("unit", ""), context)
    count, half = _count(parts)
    side = parts["side"]
    ahead = side in context.words["span_ahead"]
    if not unit or not (count or half) or (parts["number"] == "一" and side in ("上", "下")):
        return None
    if unit == "hour" and side == "近" and count < 24:  # about so many hours long
        return None
    if side in ("上", "下", "前", "后") and (unit in ("hour", "working") or half or parts.get("more")):
        return None
    if side == "前" and unit == "quarter" and (item := _quarter_before(context)):
        found = calendar.quarter(item.period.first.year, (item.period.first.month + 2) // 3 - count)
        return Reading.of(found, "context", item.surface)
    if context.base is None:
        if context.heading and unit == "year" and ahead:
            found = calendar.years(context.heading, context.heading + count)
            return Reading.of(found, "context", f"heading {context.heading}")
        return Reading.unresolved("range", NO_BASE)
    if side in ("上", "下", "前"):
        return _whole_units(context, context.base, unit, count, ahead)
    now = context.published or context.base
    other = _moved(now, unit, count, half, 1 if ahead else -1)
    if other is None:
        return Reading.unresolved("range", "beyond the calendar")
    found = calendar.days(now, other)
    return Reading.of(_vague(found, parts), "relative", context.base_cue, "range")


def _quarter_before(context: Context) -> Anchor | None:
    """The last quarter named in the paragraph, from which 前一季 counts."""
    return next((item for item in reversed(context.paragraph) if item.period.unit == "quarter"), None)


def _whole_units(context: Context, base: dt.date, unit: str, count: int, ahead: bool) -> Reading | None:
    """上两周, 下三个月: whole weeks, months, years beside the present one."""
    steps = (1, count) if ahead else (-count, -1)
    make = {
        "day": lambda n: calendar.of_date(base + n * DAY),
        "week": lambda n: calendar.week(base + 7 * n * DAY),
        "month": lambda n: calendar.month(base.year, base.month + n),
        "quarter": lambda n: calendar.quarter(base.year, (base.month + 2) // 3 + n),
        "year": lambda n: calendar.year(base.year + n),
    }.get(unit)
    if make is None:
        return None
    return Reading.of(calendar.between(make(steps[0]), make(steps[1])), "relative", context.base_cue, "range")


def _vague(period: Period, parts: Parts) -> Period:
    return period.approximate() if parts.get("more") else period


def span_so_far(parts: Parts, context: Context) -> Reading | None:
    unit = _unit(parts["unit"], context)
    count, half = _count(parts)
    now = context.published or context.base
    if now is None:
        return Reading.unresolved("range", NO_BASE)
    start = _moved(now, unit, count, half, -1)
    if start is None or not (count or half):
        return None
    return Reading.of(_vague(calendar.days(start, now), parts), "relative", context.base_cue, "range")


def ago(parts: Parts, context: Context) -> Reading | None:
    """三年前, 两天后: the year, month, week or day; with 以前, 以后 a bound. 后 counts from a date of its sentence."""
    unit = _unit(parts["unit"], context)
    count, half = _count(parts)
    if not (count or half) or not unit:
        return None
    sign = -1 if "前" in parts["tail"] else 1
    kind = {"year": "month" if half else "year", "month": "month", "quarter": "month", "day": "date"}.get(unit, "range")
    lender = _before(context, unit) if sign > 0 else None
    base = lender.date if lender else context.base
    if base is None:
        return Reading.unresolved(kind, NO_BASE)
    anchor, cue = ("context", lender.surface) if lender else ("relative", context.base_cue)
    date = _moved(base, unit, count, half, sign)
    if date is None:
        return Reading.unresolved(kind, "beyond the calendar")
    found = _around(date, unit, half)
    if parts.get("more") and unit == "year":
        low, high = sorted((date.year, date.year + sign * 10))
        return Reading.of(calendar.years(low, high).approximate(), anchor, cue, "range")
    if parts["tail"] in ("以前", "以后"):
        found = calendar.until(found) if sign < 0 else calendar.since(found)
        return Reading.of(found, anchor, cue, "range")
    return Reading.of(found, anchor, cue, "time" if parts.get("clock") else kind)


def _before(context: Context, unit: str) -> Anchor | None:
    """The date of the sentence that 后 counts from: one that names its year, or a day for what is counted in days."""
    near = ("day", "week", "hour", "working")
    for item in reversed(context.sentence):
        if not item.loose and (item.explicit or (item.knows == "day" and unit in near)):
            return item
    return None


def _around(date: dt.date, unit: str, half: bool) -> Period:
    if unit in ("day", "hour", "working"):
        return calendar.of_date(date)
    if unit == "week":
        return calendar.week(date)
    if unit == "year" and not half:
        return calendar.year(date.year).approximate()
    return calendar.month(date.year, date.month).approximate()


def after_that(parts: Parts, context: Context) -> Reading | None:
    """其后三年, 之前一年: whole years, months, days beside the last date; without one only 较上一年 is a mention."""
    unit, count = _unit(parts["unit"], context), number(parts["number"])
    item = context.recall("year")
    if item is None and parts.get("last"):
        if context.base is None:
            return Reading.unresolved("year", NO_BASE)
        return Reading.of(calendar.year(context.base.year - 1), "relative", context.base_cue)
    if item is None or not count:
        return None
    before = bool(parts.get("before"))
    date = item.period.first if before else item.date
    sign = -1 if before else 1
    if unit == "year":
        first, last = sorted((date.year + sign, date.year + sign * count))
        found = calendar.years(first, last)
        found = calendar.year(first) if first == last else found
    else:
        start, end = date + sign * DAY, _moved(date, unit, count, False, sign)
        if end is None:
            return None
        found = calendar.days(start, end)
        found = found._replace(unit="range")
    return Reading.of(found, "context", item.surface)


def same_period(parts: Parts, context: Context) -> Reading | None:
    """去年同期: the last date of the sentence or paragraph, so many years earlier; without one the whole year."""
    found = year_of(parts["year"], context)
    if found is None:
        return unknown("range")
    item = next((a for a in reversed(context.paragraph) if a.period.start), None)
    if item is None or item.period.unit == "year" or not item.period.start:
        return Reading.of(calendar.year(found.value.year), found.anchor, found.cue)
    period, move = item.period, found.value.year - item.period.first.year
    end = period.end or context.base or period.first
    first = calendar.shift(period.first, "year", move)
    last = calendar.shift(end, "year", move)
    if first is None or last is None:
        return None
    if period.unit == "day":
        return Reading.of(calendar.of_date(first), "context", item.surface)
    if period.unit == "month":
        return Reading.of(calendar.month(first.year, first.month), "context", item.surface)
    if first.day == 1 and (end + DAY).day == 1:
        months = 12 * (last.year - first.year) + last.month
        moved = calendar.months(first.year, first.month, months, period.unit)
        return Reading.of(moved, "context", item.surface)
    return Reading.of(calendar.days(first, last), "context", item.surface)


def year_today(parts: Parts, context: Context) -> Reading | None:
    found = year_of(parts["year"], context)
    if context.base is None or found is None:
        return unknown("date")
    day = calendar.day(found.value.year, context.base.month, context.base.day)
    return made(day, found.anchor, found.cue, "date")


def pair(parts: Parts, context: Context) -> Reading | None:
    """今明两年, 昨今两天: from the first neighbour to the last one."""
    if context.base is None:
        return Reading.unresolved("range", NO_BASE)
    words = context.words["rel_year" if parts["unit"] == "年" else "rel_day"]
    first, last = (
        words.category(parts[name] + ("年" if parts["unit"] == "年" else "天")) for name in ("first", "last")
    )
    if not first or not last or int(first) >= int(last):
        return None
    if parts["unit"] == "年":
        found = calendar.years(context.base.year + int(first), context.base.year + int(last))
    else:
        found = calendar.days(context.base + int(first) * calendar.DAY, context.base + int(last) * calendar.DAY)
    return Reading.of(found, "relative", context.base_cue)


def recurring(_parts: Parts, _context: Context) -> Reading | None:
    return Reading.unresolved("set", "recurs")


RESOLVERS: dict[str, Resolver] = {
    "lately": lately,
    "span": span,
    "span-so-far": span_so_far,
    "ago": ago,
    "after-that": after_that,
    "same-period": same_period,
    "year-today": year_today,
    "pair": pair,
    "set": recurring,
}
