"""Patterns over the roles of words, as rules write them, turned into patterns over strings of one letter a role.

A rule writes the roles of a name in the manner of spaCy's token patterns: a list of `{TAG = role}` or
`{TAG = {IN = [roles]}}` with an optional `OP` (`+`, `*`, `?`, `{n,m}`). A role of every word as one letter makes them
regular expressions, which cost a hundredth of what a tagged document costs and need no library.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

LETTERS: Mapping[str, str] = {
    "place": "p",
    "known": "k",
    "core": "c",
    "number": "n",
    "brand": "b",
    "weak": "w",
    "head": "h",
    "branch": "r",
    "and": "a",
    "stop": " ",
}
"""A letter for each role of a word; no rule names `stop`, which ends every name."""
LONGEST = 60
"""Words of a span at most, so that a text of nothing but suffixes takes no square of its length."""
_BOUNDED = {"*": f"{{0,{LONGEST}}}", "+": f"{{1,{LONGEST}}}"}


def compile_roles(tokens: Sequence[Mapping[str, Any]]) -> re.Pattern[str]:
    """A pattern of a rule over the letters of roles; raises `KeyError` for an unknown role or key.

    >>> compile_roles([{"TAG": "place", "OP": "+"}, {"TAG": {"IN": ["head", "weak"]}}]).pattern
    'p{1,60}[hw]'
    """
    parts = []
    for token in tokens:
        if unknown := set(token) - {"TAG", "OP"}:
            raise KeyError(sorted(unknown)[0])
        tag = token["TAG"]
        roles = tag["IN"] if isinstance(tag, Mapping) else [tag]
        letters = "".join(LETTERS[role] for role in roles)
        operator = str(token.get("OP", ""))
        parts.append((letters if len(letters) == 1 else f"[{letters}]") + _BOUNDED.get(operator, operator))
    return re.compile("".join(parts))


def longest_spans(pattern: re.Pattern[str], roles: str) -> Iterator[tuple[int, int]]:
    """The spans of a pattern in a string of roles, the longest first and none over another.

    A span that runs into a longer one is looked for again up to where that one begins.

    >>> list(longest_spans(re.compile("c{1,2}h"), "ccch ch"))
    [(1, 4), (5, 7)]
    """
    found: list[tuple[int, int]] = []
    at = -1
    while first := pattern.search(roles, at + 1):
        at = first.start()
        match = first if first.end() - at <= LONGEST else pattern.match(roles, at, at + LONGEST)
        if match is not None:
            found.append((at - match.end(), at))
    heapify(found)
    firsts: list[int] = []  # of the spans that were taken, in order, and their ends
    lasts: list[int] = []
    while found:
        length, start = heappop(found)
        at = bisect_left(firsts, start)
        if (at and lasts[at - 1] > start) or (at < len(firsts) and firsts[at] == start):
            continue
        if at < len(firsts) and firsts[at] < start - length:
            if match := pattern.match(roles, start, firsts[at]):
                heappush(found, (start - match.end(), start))
            continue
        firsts.insert(at, start)
        lasts.insert(at, start - length)
        yield start, start - length
