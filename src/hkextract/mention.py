"""Mentions: spans of the clean text with their values. Offsets are clean and half-open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of `article.text.chars` and the id of the rule that found it."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Amount(Mention):
    """An amount in its base unit (亿 and 万 expanded, percent as 1.07 for 1.07%); an open bound is None."""

    kind: str
    low: Decimal | None
    high: Decimal | None
    qualifier: str = "exact"
    unit: str = ""
    currency: str = ""
    currency_basis: str = ""
    measures: str = ""
    damaged: bool = False
    si_value: Decimal | None = None
    si_unit: str = ""


@dataclass(frozen=True, slots=True)
class DateMention(Mention):
    """First and last day, inclusive; an open or unresolved end is None. `edtf` is EDTF level 1 or empty.

    `cue` is the reason: the words or the date that anchor a value, or why it stays unresolved.
    """

    kind: str
    date_start: dt.date | None
    date_end: dt.date | None
    edtf: str
    anchor: str
    cue: str = ""
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class Organisation(Mention):
    """A named body: its canonical name, type and parent as annotation.md defines them."""

    canonical: str
    type: str
    parent: str = ""
    damaged: bool = False
