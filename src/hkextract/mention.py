"""Mentions: spans of the clean text with their values. Offsets are clean and half-open.

They are named tuples: immutable like frozen dataclasses, which take four times as long to make.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple, Protocol


class Mention(Protocol):
    """What all mentions have: a span of `article.text.chars` and the id of the rule that found it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def rule(self) -> str: ...


class Amount(NamedTuple):
    """An amount in its base unit (亿 and 万 expanded, percent as 1.07 for 1.07%); an open bound is None."""

    start: int
    end: int
    rule: str
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


class DateMention(NamedTuple):
    """First and last day, inclusive; an open or unresolved end is None. `edtf` is EDTF level 1 or empty.

    `cue` is the reason: the words or the date that anchor a value, or why it stays unresolved.
    """

    start: int
    end: int
    rule: str
    kind: str
    date_start: dt.date | None
    date_end: dt.date | None
    edtf: str
    anchor: str
    cue: str = ""
    damaged: bool = False


class Organisation(NamedTuple):
    """A named body: its canonical name, type and parent as annotation.md defines them."""

    start: int
    end: int
    rule: str
    canonical: str
    type: str
    parent: str = ""
    damaged: bool = False
