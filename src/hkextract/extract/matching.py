"""Finds where rules match: dispatch on the first character, then one contest for the longest span.

A rule is tried only where one of the characters that it can begin with stands, so the cost grows with the number of
such places and not with the number of rules. All rules of a table compete, guards (kind `none`) among them.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hkextract.rules import Rule

GUARD = "none"
"""The kind of a rule that only keeps others out: it competes, and what it wins is dropped."""


class Found:
    """A rule's match in a text; `match` has the named parts. Offsets are those of the text that was searched.

    Made for every candidate, so it is a plain class: a frozen dataclass takes three times as long to make.
    """

    __slots__ = ("_parts", "end", "match", "rule", "start")

    def __init__(self, rule: Rule, match: re.Match[str]) -> None:
        self.rule = rule
        self.match = match
        self.start, self.end = match.span()
        self._parts: dict[str, str | None] | None = None

    def part(self, name: str) -> str:
        """The text of a named part; empty where it took no part in the match or the rule has none of that name."""
        parts = self._parts
        if parts is None:
            parts = self._parts = self.match.groupdict()
        return parts.get(name) or ""


class Matcher:
    """The rules of a table, ready to search. Build once a table, use for every text."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        by_char: dict[str, list[tuple[Any, Rule]]] = {}
        for rule in rules:
            for char in first_characters(rule.regex):
                by_char.setdefault(char, []).append((rule.regex.match, rule))
        self._by_char = {char: tuple(entries) for char, entries in by_char.items()}
        self._trigger = re.compile("[" + "".join(map(re.escape, sorted(by_char))) + "]") if by_char else None

    def candidates(self, text: str, start: int = 0, end: int | None = None) -> list[Found]:
        """Every match of every rule that begins in `start:end`, in order of place; they may overlap."""
        found: list[Found] = []
        if self._trigger is None:
            return found
        stop = len(text) if end is None else end
        by_char = self._by_char
        for trigger in self._trigger.finditer(text, start, stop):
            at = trigger.start()
            for match_at, rule in by_char[text[at]]:
                match = match_at(text, at, stop)
                if match is not None and match.end() > at:
                    found.append(Found(rule, match))
        return found

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Found]:
        """The winners of the contest, guards included, in order of place; no two overlap."""
        return contest(self.candidates(text, start, end))


def contest(candidates: Sequence[Found], accept: Callable[[Found], bool] | None = None) -> list[Found]:
    """The higher priority wins, then the longer span, then the earlier, then the rule that stands first in its file.

    A candidate that `accept` refuses takes no part; it is asked only of those that nothing better overlaps.
    """
    taken: list[Found] = []
    first, count = 0, len(candidates)
    while first < count:  # in order of place, so that overlapping ones are neighbours
        reach, last = candidates[first].end, first + 1
        while last < count and candidates[last].start < reach:
            reach = max(reach, candidates[last].end)
            last += 1
        if last - first > 1:
            taken += _settle(candidates[first:last], accept)
        elif accept is None or accept(candidates[first]):
            taken.append(candidates[first])
        first = last
    return taken


def _rank(found: Found) -> tuple[int, int, int, int]:
    rule, start = found.rule, found.start
    return -rule.priority, start - found.end, start, rule.line


def _settle(group: Sequence[Found], accept: Callable[[Found], bool] | None) -> list[Found]:
    """The winners among candidates that overlap one another in a chain."""
    winners: list[Found] = []
    starts: list[int] = []  # of the winners, in order, so that a long chain of overlaps costs no square
    for found in sorted(group, key=_rank):
        at = bisect_left(starts, found.start)
        free = (at == 0 or winners[at - 1].end <= found.start) and (at == len(starts) or found.end <= starts[at])
        if free and (accept is None or accept(found)):
            winners.insert(at, found)
            starts.insert(at, found.start)
    return winners


def searcher(regex: re.Pattern[str]) -> Callable[[str], re.Match[str] | None]:
    """`regex.search`, tried only where a character stands that the pattern can begin with.

    A pattern that begins with a choice is otherwise tried at every character of a text.
    """
    begins = re.compile("[" + "".join(map(re.escape, sorted(first_characters(regex)))) + "]")

    def search(text: str) -> re.Match[str] | None:
        matches = (regex.match(text, place.start()) for place in begins.finditer(text))
        return next(filter(None, matches), None)

    return search


def first_characters(regex: re.Pattern[str]) -> frozenset[str]:
    """All characters that a match of the pattern can begin with.

    Raises `ValueError` for a pattern that can begin with any character (a negated class, a dot): such a rule would be
    tried everywhere.
    """
    chars, optional = first_of(sre_parse.parse(regex.pattern, regex.flags & re.ASCII))
    if optional or not chars:
        raise ValueError(f"the pattern can begin with anything: {regex.pattern[:80]}")
    return frozenset(chars)


def first_of(items: Any) -> tuple[set[str], bool]:
    """The first characters of a parsed sequence, and whether it can match nothing."""
    chars: set[str] = set()
    for op, value in items:
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            continue
        if op is sre.LITERAL:
            return chars | {chr(value)}, False
        if op is sre.IN:
            return chars | _members(value), False
        if op is sre.SUBPATTERN:
            found, optional = first_of(value[3])
        elif op is sre.BRANCH:
            branches = [first_of(branch) for branch in value[1]]
            found, optional = set().union(*(b[0] for b in branches)), any(b[1] for b in branches)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            found, optional = first_of(value[2])
            optional = optional or value[0] == 0
        elif op is sre.ATOMIC_GROUP:
            found, optional = first_of(value)
        else:
            raise ValueError(f"a pattern must not begin with {op}")
        chars |= found
        if not optional:
            return chars, False
    return chars, True


def _members(items: Any) -> set[str]:
    chars: set[str] = set()
    for op, value in items:
        if op is sre.LITERAL:
            chars.add(chr(value))
        elif op is sre.RANGE and value[1] - value[0] < 1000:
            chars.update(map(chr, range(value[0], value[1] + 1)))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            chars.update("0123456789")
        else:
            raise ValueError("a pattern must not begin with an open class such as [^…] or \\w")
    return chars
