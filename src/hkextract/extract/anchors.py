"""What a date can lean on: the day of publication, a dateline, a heading, the dates before it, the words around it.

A `Context` walks through one article with the finder. It reads no clock; where nothing anchors a date, the reading says
why and has no period.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hkextract.extract import calendar
from hkextract.extract.calendar import Period
from hkextract.rules import RuleSet

KINDS: Mapping[str, str] = {"day": "date", "month": "month", "year": "year", "quarter": "quarter", "decade": "decade"}
"""The kind of a mention by the unit of its period; `range` for all others but eras and sets."""
NEAR = 62
"""Days from publication within which a yearless month is the near one whatever the paragraph speaks of."""
TURN = 9
"""Months by which a month lies before the last one named, so that it is the next year's (12月28日 … 1月3日)."""
LONG = 92
"""Days beyond which a range lends its year but no month."""
KEPT = 40
"""How many dates of a sentence, a paragraph, an article are remembered."""
_CLAUSE_BEFORE, _CLAUSE_AFTER = re.compile("[,，;；、。]"), re.compile("[,，;；。]")
_NONE = re.compile("(?!)")
_FINE = {"year": 0, "month": 1, "day": 2}


@dataclass(slots=True)
class Reading:
    """The value of a date: its kind, its period (None: unresolved), what anchors it, and the words or date that did."""

    kind: str
    period: Period | None
    anchor: str
    cue: str = ""

    @classmethod
    def of(cls, period: Period, anchor: str = "explicit", cue: str = "", kind: str = "") -> Reading:
        return cls(kind or KINDS.get(period.unit, "range"), period, anchor, cue)

    @classmethod
    def unresolved(cls, kind: str, cue: str) -> Reading:
        return cls(kind, None, "unresolved", cue)


@dataclass(slots=True)
class Anchor:
    """A date that was read before: `knows` is its finest unit (year, month, day); `loose` ones lend nothing."""

    period: Period
    knows: str
    explicit: bool
    loose: bool
    surface: str

    @property
    def lends(self) -> bool:
        """False for loose dates, and for stretches of years that run over more than one calendar year."""
        over = self.knows == "year" and self.period.start and self.period.first.year != self.date.year
        return not (self.loose or over)

    @property
    def date(self) -> dt.date:
        return self.period.last if self.period.end else self.period.first


@dataclass(slots=True)
class Dated:
    """A year or a day found for a date that leaves it out."""

    value: dt.date
    anchor: str
    cue: str


class Context:
    """Where the finder stands in an article. `published` and `dateline` are days or None."""

    def __init__(self, rules: RuleSet, text: str, published: dt.date | None) -> None:
        self.words = rules.words
        self.text = text
        self.published = published
        self.base = published
        self.base_cue = f"published {published}" if published else ""
        self.heading: int | None = None
        self.start = self.end = 0
        self.sentence_start = self.sentence_end = 0
        self.sentence: deque[Anchor] = deque(maxlen=KEPT)
        self.paragraph: deque[Anchor] = deque(maxlen=KEPT)
        self.days: deque[Anchor] = deque(maxlen=KEPT)
        self.partner: Anchor | None = None
        self.inside = False
        self.read: Callable[[str, Anchor | None], Reading | None] = lambda _text, _partner: None
        self.month_parts = self.year_name = _NONE
        self._forward = rules.words["forward"].regex
        self._compared = rules.words["compared"].regex

    # ------------------------------------------------------------ where we stand

    def enter_paragraph(self) -> None:
        self.paragraph.clear()
        self.sentence.clear()

    def enter_sentence(self, start: int, end: int) -> None:
        self.sentence_start, self.sentence_end = start, end
        self.sentence.clear()

    def remember(self, reading: Reading, start: int, end: int) -> None:
        """Keeps a resolved date for those after it; stretches counted from today and sets lend nothing."""
        period = reading.period
        if period is None or "X" in period.edtf or reading.kind in ("set", "era"):
            return
        finest = ("year", "month", "day")[min(period.edtf.strip("/.").split("/")[-1].count("-"), 2)]
        if period.start and period.end and (period.end - period.start).days > LONG:
            finest = "year"
        before = self.text[max(self.sentence_start, start - 3) : start]
        loose = period.end is None or bool(self._compared.search(before))
        surface = self.text[start:end]
        loose = loose or surface in self.words["lends_nothing"]
        item = Anchor(period, finest, reading.anchor == "explicit", loose, surface)
        self.sentence.append(item)
        self.paragraph.append(item)
        if finest == "day" and period.start == period.end and surface not in self.words["lends_nothing"]:
            self.days.append(item)

    def recall(self, finest: str) -> Anchor | None:
        """The last date in the paragraph that is at least as fine as a year, a month, a day."""
        wanted = _FINE[finest]
        return next((item for item in reversed(self.paragraph) if _FINE[item.knows] >= wanted), None)

    def recall_day(self) -> Anchor | None:
        """The last single day in the paragraph, else in the article."""
        return next((item for item in reversed(self.paragraph) if item in self.days), None) or next(
            reversed(self.days), None
        )

    @property
    def clause_before(self) -> str:
        return _CLAUSE_BEFORE.split(self.text[max(self.sentence_start, self.start - 14) : self.start])[-1]

    @property
    def forward(self) -> bool:
        """True where the clause looks forward (将, 定于), or the sentence does before it (预计)."""
        after = _CLAUSE_AFTER.split(self.text[self.end : min(self.end + 6, self.sentence_end)], 1)[0]
        if self._forward.search(self.clause_before) or self._forward.match(after):
            return True
        found = self._forward.findall(self.text[max(self.sentence_start, self.start - 60) : self.start])
        return any(self.words["forward"].category(word) == "sentence" for word in found)

    @cached_property
    def reviewed(self) -> str:
        """In January and February the past year, as the text names it if it does so more than the present one."""
        if self.base is None or self.base.month > 2:
            return ""
        past, present = (f"{self.base.year - back}年" for back in (1, 0))
        return past if self.text.count(past) > self.text.count(present) else ""

    @property
    def quoted(self) -> bool:
        """True inside quotation marks of the paragraph."""
        before = self.text[max(0, self.start - 400) : self.start].rsplit("\n", 1)[-1]
        opened = max(before.rfind(mark) for mark in "“「『")
        return opened >= 0 and max(before.rfind(mark) for mark in "”」』") < opened

    # ------------------------------------------------------------ what is left out

    def today(self) -> Dated | None:
        """The day that 今天 means: inside a quotation the day of the event, else that of publication."""
        if self.quoted and self.days and self.base:
            event = self.days[-1]
            if 0 < (self.base - event.date).days <= 7:
                return Dated(event.date, "context", event.surface)
        return Dated(self.base, "relative", self.base_cue) if self.base else None

    def _lender(self) -> tuple[Anchor, str] | None:
        if self.partner:
            return self.partner, self.partner.surface
        found = next((item for item in reversed(self.sentence) if item.lends), None)
        return (found, found.surface) if found else None

    def in_some_year(self, make: Callable[[int], Period | None], kind: str) -> Reading:
        """Reads a date without a year: from the sentence, the heading, the paragraph, else nearest to publication."""
        if lender := self._lender():
            item, cue = lender
            found = make(item.date.year)
            single = found and item.knows != "year" and found.unit in ("day", "month")
            turned = single and found and item.date.month - found.first.month >= TURN
            if found and (turned or (self.partner and found.last < item.period.first)):
                found = make(item.date.year + 1)
            return Reading.of(found, "context", cue) if found else Reading.unresolved(kind, "no such day")
        if self.heading:
            found = make(self.heading)
            return Reading.of(found, "context", f"heading {self.heading}") if found else _impossible(kind)
        near = self._nearest(make)
        earlier = next((item for item in reversed(self.paragraph) if item.explicit and item.lends), None)
        if earlier and (near is None or self.base is None or abs((near.last - self.base).days) > NEAR):
            found = make(earlier.date.year)
            if found:
                return Reading.of(found, "context", earlier.surface)
        if self.base is None:
            return Reading.unresolved(kind, "no year and no date of publication")
        return Reading.of(near, "relative", self.base_cue) if near else _impossible(kind)

    def _nearest(self, make: Callable[[int], Period | None]) -> Period | None:
        if self.base is None:
            return None
        years = range(max(self.base.year - 1, 1), min(self.base.year + 1, 9998) + 1)
        return calendar.nearest([p for p in map(make, years) if p], self.base, self.forward)

    def in_some_month(self, number: int) -> Reading:
        """Reads a day without a month: from the sentence, nearest to publication, from the paragraph."""

        def make(date: dt.date, ahead: int = 0) -> Period | None:
            whole = calendar.month(date.year, date.month + ahead)
            return calendar.day(whole.first.year, whole.first.month, number)

        lender = self._lender()
        if lender and lender[0].knows != "year":
            item, cue = lender
            found = make(item.date)
            if found is None or (found.last < item.date and self.partner):
                found = make(item.date, 1)
            if found and (self.partner or self.base is None or found.first <= self.base or item.date > self.base):
                return Reading.of(found, "context", cue)
        near = None
        if self.base:
            choices = [p for p in (make(self.base, ahead) for ahead in (-2, -1, 0, 1)) if p]
            near = calendar.nearest(choices, self.base, self.forward)
        if near and self.base and abs((near.first - self.base).days) <= 3:
            return Reading.of(near, "relative", self.base_cue)
        item_or_none = self.recall("month")
        if item_or_none and item_or_none.explicit and (found := make(item_or_none.date)):
            return Reading.of(found, "context", item_or_none.surface)
        if self.base is None:
            return Reading.unresolved("date", "no month and no date of publication")
        return Reading.of(near, "relative", self.base_cue) if near else _impossible("date")


def _impossible(kind: str) -> Reading:
    return Reading.unresolved(kind, "no such day")


def with_kind(reading: Reading, kind: str) -> Reading:
    return replace(reading, kind=kind)
