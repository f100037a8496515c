"""Reads points in time: the named parts of a rule's match, and a `Context` → a `Reading`, or None for no mention."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from hkextract.extract import calendar, numerals
from hkextract.extract.anchors import Context, Dated, Reading, with_kind
from hkextract.extract.calendar import Period

Parts = Mapping[str, str]
Resolver = Callable[[Parts, Context], "Reading | None"]
WHOLE = "1-31"
NO_BASE = "no date of publication"
KEPT = 5000
"""How many tokens are remembered with what they say."""
_REPUBLIC = re.compile(r"\d{3}年")
_FOUR_DIGITS = re.compile(r"\d{4}")
_SHORT_YEAR = re.compile(r"(?:\d\d|[〇零○一二三四五六七八九]{2})年?")
_NUMBER = re.compile(r"[\d〇零○一二三四五六七八九十廿卅两仨百]+")


@lru_cache(maxsize=KEPT)
def number(token: str) -> int:
    """The whole number in a token (`十二月`, `第3`, `廿一`); 0 where there is none."""
    found = _NUMBER.search(token)
    if found is None:
        return 0
    value = numerals.parse(found[0].replace("○", "〇").replace("仨", "三"))
    return int(value) if value is not None else 0


@lru_cache(maxsize=KEPT)
def year_number(token: str) -> int:
    """A stated year: `2024年`, `二〇二四年`, `公元1997年`, `民国113年`, `113年`."""
    if token.startswith("民国"):
        return 1911 + number(token)
    if _REPUBLIC.fullmatch(token):  # 114年1月1日: three digits are a year of the Republic
        return 1911 + number(token[:-1])
    digits = "".join(str(numerals.DIGITS.get(char, char)) for char in token.replace("○", "〇"))
    found = _FOUR_DIGITS.search(digits)
    return int(found[0]) if found else number(token)  # 两千零八年


def short_year(token: str, context: Context) -> int:
    """A year of two digits: the one of its century's turn nearest to the last year named, else to publication.

    A year of the first centuries is no guide to one that is not shortly after it.
    """
    digits = "".join(str(numerals.DIGITS.get(char, char)) for char in token.replace("○", "〇"))
    value = int(re.sub(r"\D", "", digits))
    last = context.recall("year")
    dates = (last.date if last else None, context.base, dt.date(2025, 1, 1))
    turns = ((date.year, date.year // 100 * 100 + 100) for date in dates if date)
    return next(c + value for year, turn in turns for c in range(turn, 0, -100) if c + value <= year + 10)


def year_of(token: str, context: Context) -> Dated | None:
    """The year that a token names, as its first day; None where nothing anchors it (or no date stands before)."""
    offset = context.words["rel_year"].category(token)
    if not offset:
        if _SHORT_YEAR.fullmatch(token):
            return Dated(dt.date(short_year(token, context), 1, 1), "explicit", token)
        return Dated(dt.date(year_number(token), 1, 1), "explicit", token) if year_number(token) else None
    if offset in ("same", "next"):
        item = context.partner or context.recall("year")
        if item is None:
            return None
        return Dated(dt.date(item.date.year + (offset == "next"), 1, 1), "context", item.surface)
    if context.base is None:
        return None
    return Dated(dt.date(context.base.year + int(offset), 1, 1), "relative", context.base_cue)


def needs_antecedent(token: str, context: Context, words: str) -> bool:
    """True for 同年, 翌日 and the like where no date stands before them: these are no mentions alone."""
    return context.words[words].category(token) in ("same", "next")


def clocked(reading: Reading | None, parts: Parts) -> Reading | None:
    """Of kind time where a time of day stands with the date."""
    return with_kind(reading, "time") if reading and parts.get("clock") else reading


def month_of(parts: Parts, context: Context, make: Callable[[int, int], Period | None], kind: str) -> Reading | None:
    """Settles year and month of a match and makes the period from them."""
    token = parts.get("month", "")
    offset = context.words["rel_month"].category(token)
    if offset in ("same", "next"):
        item = context.partner or context.recall("month")
        if item is None:
            if kind == "month" and not parts.get("part"):
                return None
            return _from_base(context, int(offset == "next"), make, kind)
        first = calendar.month(item.date.year, item.date.month + (offset == "next")).first
        if parts.get("year") and (found := year_of(parts["year"], context)):
            first = first.replace(year=found.value.year)
        return made(make(first.year, first.month), "context", item.surface, kind)
    if offset:
        return _from_base(context, int(offset), make, kind)
    value = number(token)
    if parts.get("year"):
        found = year_of(parts["year"], context)
        if found is None:
            return Reading.unresolved(kind, NO_BASE)
        return made(make(found.value.year, value), found.anchor, found.cue, kind)
    return context.in_some_year(lambda year: make(year, value), kind)


def _from_base(context: Context, offset: int, make: Callable[[int, int], Period | None], kind: str) -> Reading:
    if context.base is None:
        return Reading.unresolved(kind, NO_BASE)
    first = calendar.month(context.base.year, context.base.month + offset).first
    return made(make(first.year, first.month), "relative", context.base_cue, kind)


def made(period: Period | None, anchor: str, cue: str, kind: str) -> Reading:
    return Reading.of(period, anchor, cue) if period else Reading.unresolved(kind, "no such day")


def unknown(kind: str) -> Reading:
    return Reading.unresolved(kind, NO_BASE)


# ---------------------------------------------------------------- resolvers


def day(parts: Parts, context: Context) -> Reading | None:
    value = number(parts["day"])
    if parts.get("month"):
        found = month_of(parts, context, lambda y, m: calendar.day(y, m, value), "date")
    elif "号" in parts["day"] and not (parts.get("clock") or parts["day"][0] in "廿卅" or context.inside):
        return None
    else:
        found = context.in_some_month(value)
    return clocked(found, parts)


def part_of_month(year: int, month: int, days: str) -> Period:
    """From a day of a month to another (`11-20` for 中旬), or the whole month."""
    whole = calendar.month(year, month)
    if days in ("", WHOLE):
        return whole
    first, last = (int(part) for part in days.split("-"))
    return calendar.days(whole.first.replace(day=first), whole.first.replace(day=min(last, whole.last.day)))


def month(parts: Parts, context: Context) -> Reading | None:
    name = context.words["part_of_month"].category(parts.get("part", ""))
    kind = "month" if name in ("", WHOLE) else "range"
    return month_of(parts, context, lambda y, m: part_of_month(y, m, name), kind)


def part_of_year(year: int, name: str) -> Period:
    number = {"start": 1, "middle": 6, "end": 12}.get(name)
    return calendar.month(year, number).approximate() if number else calendar.year(year)


def year(parts: Parts, context: Context) -> Reading | None:
    name = context.words["part_of_year"].category(parts.get("part", ""))
    kind = "month" if name in ("start", "middle", "end") else "year"
    found = year_of(parts["year"], context)
    if found is None:
        if not needs_antecedent(parts["year"], context, "rel_year"):
            return Reading.unresolved(kind, NO_BASE)
        if kind == "year" or context.base is None:
            return None
        found = Dated(context.base, "relative", context.base_cue)
        if context.words["rel_year"].category(parts["year"]) == "next":
            found = replace(found, value=dt.date(found.value.year + 1, 1, 1))
    return Reading.of(part_of_year(found.value.year, name), found.anchor, found.cue, kind)


def early_year(parts: Parts, _context: Context) -> Reading | None:
    if parts.get("before"):
        return Reading.unresolved("year", "before the year 1")
    return Reading.of(calendar.year(int(parts["year"])))


def part(parts: Parts, context: Context) -> Reading | None:
    """年底, 年内 alone: sentence, heading, then the year of publication."""
    name = context.words["part_of_year"].category(parts["part"])
    kind = "month" if name in ("start", "middle", "end") else "year"
    if parts["part"] in context.words["review"] and context.reviewed and context.base and not context.forward:
        return made(part_of_year(context.base.year - 1, name), "context", context.reviewed, kind)
    return this_year(context, lambda y: part_of_year(y, name), kind)


def this_year(context: Context, make: Callable[[int], Period | None], kind: str) -> Reading:
    """A part of an unnamed year: that of the sentence or heading, else of publication."""
    item = context.partner or next((a for a in reversed(context.sentence) if not a.loose and a.explicit), None)
    if item:
        return made(make(item.date.year), "context", item.surface, kind)
    if context.heading:
        return made(make(context.heading), "context", f"heading {context.heading}", kind)
    if context.base is None:
        return Reading.unresolved(kind, NO_BASE)
    return made(make(context.base.year), "relative", context.base_cue, kind)


def bare_part_of_month(parts: Parts, context: Context) -> Reading | None:
    name = context.words["part_of_month"].category(parts["part"])
    item = next((a for a in reversed(context.sentence) if a.knows == "month" and not a.loose), None)
    kind = "month" if name == WHOLE else "range"
    if item:
        return Reading.of(part_of_month(item.date.year, item.date.month, name), "context", item.surface, kind)
    return _from_base(context, 0, lambda y, m: part_of_month(y, m, name), kind)


def bracket_day(token: str, context: Context, near: dt.date | None) -> Reading | None:
    """The day inside brackets (`(27日)`, `(5月28日)`, `(26)`) nearest to the day before them; None for a weekday."""
    found = _BRACKET.search(token)
    if found is None or not number(found["day"]):
        return None
    if found["year"]:
        return day({"year": found["year"], "month": found["month"], "day": found["day"]}, context)
    if near is None:
        return Reading.unresolved("date", NO_BASE)
    value, month_number = number(found["day"]), number(found["month"] or "")
    if month_number:
        choices = [calendar.day(near.year + n, month_number, value) for n in (-1, 0, 1)]
    else:
        months = [calendar.month(near.year, near.month + n).first for n in (-1, 0, 1)]
        choices = [calendar.day(first.year, first.month, value) for first in months]
    nearest = calendar.nearest([choice for choice in choices if choice], near, weight=1)
    return Reading.of(nearest, "relative", token) if nearest else Reading.unresolved("date", "no such day")


_BRACKET = re.compile(
    r"[(（](?P<year>\d{4}年)? ?(?:(?P<month>[\d一二三四五六七八九十]{1,2}月) ?)?"
    r"(?P<day>[\d一二三四五六七八九十廿卅]{1,3})[日号]?[)）]"
)


def relative_day(parts: Parts, context: Context) -> Reading | None:
    token = parts.get("rel") or parts.get("half") or (parts.get("short") or parts.get("alone") or "") + "天"
    bracket = parts.get("bracket") or parts.get("bracket_two") or parts.get("bracket_three") or ""
    time = bool(parts.get("clock") or parts.get("half")) or token[-1] in "晚夜晨"
    kind = "time" if time else "date"
    offset = context.words["rel_day"].category(token) or context.words["rel_clock"].category(token)
    if offset in ("same", "next"):
        item = context.recall_day()
        if item:
            value = item.date + int(offset == "next") * calendar.DAY
            return Reading.of(calendar.of_date(value), "context", item.surface, kind)
        if not time and not context.partner:
            return None
        offset = str(int(offset == "next"))
    today = context.today()
    value_or_none = today.value + int(offset) * calendar.DAY if today and offset else None
    if bracket and (found := bracket_day(bracket, context, value_or_none)):
        return with_kind(found, kind)
    if today is None or value_or_none is None:
        return Reading.unresolved(kind, NO_BASE)
    return Reading.of(calendar.of_date(value_or_none), today.anchor, today.cue, kind)


def weekday(parts: Parts, context: Context) -> Reading | None:
    token = parts["weekday"]
    value = _weekday_value(token, context)
    if parts.get("bracket") and (found := bracket_day(parts["bracket"], context, value)):
        return clocked(found, parts)
    if value is None:
        return clocked(Reading.unresolved("date", NO_BASE), parts)
    return clocked(Reading.of(calendar.of_date(value), "relative", context.base_cue), parts)


def _weekday_value(token: str, context: Context) -> dt.date | None:
    if context.base is None:
        return None
    number_of_day = int(context.words["weekday_name"].category(token[-1]))
    monday = calendar.week(context.base).first + number_of_day * calendar.DAY
    if week := context.words["rel_week"].regex.match(token):
        return monday + 7 * int(context.words["rel_week"].category(week[0])) * calendar.DAY
    if context.partner:
        first = context.partner.date
        return first + (number_of_day - first.weekday()) % 7 * calendar.DAY
    choices = [calendar.of_date(monday + 7 * n * calendar.DAY) for n in (-1, 0, 1)]
    nearest = calendar.nearest(choices, context.base, context.forward, weight=1)
    return nearest.first if nearest else None


def either(parts: Parts, context: Context) -> Reading | None:
    found = context.read(parts.get("point") or parts.get("point_two") or "", None)
    return clocked(found, parts)


RESOLVERS: dict[str, Resolver] = {
    "day": day,
    "month": month,
    "year": year,
    "early-year": early_year,
    "part": part,
    "part-of-month": bare_part_of_month,
    "relative-day": relative_day,
    "weekday": weekday,
    "either": either,
}
