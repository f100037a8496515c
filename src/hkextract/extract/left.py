"""Patterns that end where a number begins: qualifiers, currencies, scopes.

Searching the characters before every number for them would cost more than all else that is read of an amount, and
most numbers have none of them. What a match can end with, or else begin with, and how long it can be is read off the
pattern once; it is searched only where such a character stands, and no further back.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from typing import Any

from hkextract.extract.matching import first_characters


class Left:
    """A pattern with `$` at its end, ready to search before a place of a text."""

    __slots__ = ("_begins", "_lasts", "_search", "_width")

    def __init__(self, regex: re.Pattern[str]) -> None:
        self._search = regex.search
        self._lasts = last_characters(regex)
        self._width = int(sre_parse.parse(regex.pattern, regex.flags & re.ASCII).getwidth()[1]) + 1
        self._begins = re.compile("[" + "".join(map(re.escape, sorted(first_characters(regex)))) + "]").search

    def before(self, text: str, low: int, at: int) -> re.Match[str] | None:
        """The match that ends at `at` and begins at `low` or later; what it must not stand behind may lie before."""
        if at <= low:
            return None
        low = max(low, at - self._width)
        if not (text[at - 1] in self._lasts if self._lasts else self._begins(text, low, at)):
            return None
        return self._search(text, low, at)

    def ends(self, text: str) -> re.Match[str] | None:
        """The match that ends with a text, nothing before which is known."""
        return self.before(text, 0, len(text))


def last_characters(regex: re.Pattern[str]) -> frozenset[str]:
    """All characters that a match of a pattern can end with; empty where it can end with any.

    A line break is among them where the pattern ends in `$`, which also matches before one.

    >>> sorted(last_characters(re.compile("(?:超过|近(?:了|约)?) ?")))
    [' ', '了', '约', '过', '近']
    """
    try:
        chars, optional = _last_of(sre_parse.parse(regex.pattern, regex.flags & re.ASCII))
    except ValueError:
        return frozenset()
    return frozenset() if optional else frozenset(chars)


def _last_of(items: Any) -> tuple[set[str], bool]:
    """The last characters of a parsed sequence, and whether it can match nothing; `ValueError` for an open class."""
    chars: set[str] = set()
    for op, value in reversed(items):
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            chars |= {"\n"} if op is sre.AT and value is sre.AT_END else set()
            continue
        found, optional = _last_of_item(op, value)
        chars |= found
        if not optional:
            return chars, False
    return chars, True


def _last_of_item(op: Any, value: Any) -> tuple[set[str], bool]:
    if op is sre.LITERAL:
        return {chr(value)}, False
    if op is sre.IN and all(kind is sre.LITERAL for kind, _ in value):
        return {chr(code) for _, code in value}, False
    if op is sre.SUBPATTERN:
        return _last_of(value[3])
    if op is sre.BRANCH:
        branches = [_last_of(branch) for branch in value[1]]
        return set().union(*(chars for chars, _ in branches)), any(optional for _, optional in branches)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        chars, optional = _last_of(value[2])
        return chars, optional or value[0] == 0
    raise ValueError(f"a pattern that can end with {op}")
