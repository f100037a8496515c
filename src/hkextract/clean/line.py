"""A line of a page, what is known of it, and how a text is cut into lines.

Offsets are those of the text that the lines were cut from (repaired and simplified, not yet cleaned), half-open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hkextract.article import Role
from hkextract.extract.matching import Found
from hkextract.rules import Rule

HEADING_CHARS = 40
"""A line without a sentence's end is a heading up to this length (the seeds' longest has 37 characters)."""

_EDGE = " \t\u3000\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Blanks at the edges of a line, and what `str.splitlines` takes for its end."""
_SQUEEZE = re.compile(r"[\W_]")


class Drop(NamedTuple):
    """A stretch that does not reach the clean text, with the id of its rule and the reason."""

    start: int
    end: int
    rule: str
    reason: str


@dataclass(slots=True)
class Line:
    """A line that holds more than white space; `start:end` is the stripped text.

    `indent` counts the blanks before it, `gap` is true after an empty line. Its shape: `prose` (sentence text),
    `closed` (ends like a sentence), `bullet` (length of a list mark), `stamped` (a time, or text with one behind it),
    `flowing` (holds a comma or the like), `tabbed` (a row of a table), `number` (a numbered heading), `caption` (marked
    as one). `header` is true for a line of metadata, `loose` for one that may be (it opens with a day and a time),
    `names` for one of reporters' names alone, `person` for one that looks like it, `closing` for one that closes an
    article, `recurs` for one that stands in many files of the corpus, `kept` for one that a reader keeps. `role` is
    what it becomes in the clean text; a dropped line has none. `cuts` are stretches dropped from a line that stays.
    """

    start: int
    end: int
    text: str
    indent: int
    gap: bool
    prose: bool = False
    closed: bool = False
    bullet: int = 0
    stamped: bool = False
    flowing: bool = False
    tabbed: bool = False
    caption: bool = False
    number: bool = False
    header: bool = False
    loose: bool = False
    names: bool = False
    person: bool = False
    closing: bool = False
    recurs: bool = False
    kept: bool = False
    rule: Rule | None = None
    role: Role | None = "body"
    drop: Drop | None = None
    found: tuple[Found, ...] = ()
    cuts: list[Drop] = field(default_factory=list)
    squeezed_text: str = ""

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def place(self) -> str:
        """Where its furniture rule counts: anywhere, inline, outside, end or box; empty where no rule matches."""
        return str(self.rule.options.get("place", "anywhere")) if self.rule else ""

    @property
    def short(self) -> bool:
        """True for what may be a heading: short and without a sentence's end."""
        return len(self) <= HEADING_CHARS and not self.closed

    @property
    def squeezed(self) -> str:
        """The letters and digits alone, as titles are compared."""
        if not self.squeezed_text:
            self.squeezed_text = squeeze(self.text)
        return self.squeezed_text

    def discard(self, rule: str, reason: str) -> None:
        self.role = None
        start = min([self.start, *[cut.start for cut in self.cuts]]) if self.cuts else self.start
        self.drop = Drop(start, self.end, rule, reason)

    @property
    def drops(self) -> Sequence[Drop]:
        """The stretches of it that do not reach the clean text."""
        return (self.drop,) if self.drop else self.cuts


def squeeze(text: str) -> str:
    """Letters and digits alone.

    >>> squeeze("「智慧」 城市：2024")
    '智慧城市2024'
    """
    return _SQUEEZE.sub("", text)


def split(view: str) -> list[Line]:
    """The lines of a text that hold more than blanks, stripped of them."""
    lines: list[Line] = []
    at = last = 0
    blank = False
    for whole in view.splitlines(keepends=True):
        first, at = at, at + len(whole)
        text = whole.strip(_EDGE)
        if not text:
            blank = True
            continue
        indent = 0 if text[0] == whole[0] else len(whole) - len(whole.lstrip(_EDGE))
        gap = blank and (view.count("\n", last, first) > 1 or view.count("\r", last, first) > 1)
        start = first + indent
        last = start + len(text)
        lines.append(Line(start, last, text, indent, gap or not lines))
        blank = False
    return lines
