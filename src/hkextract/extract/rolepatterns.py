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
"""A letter for each role of a word; `stop` ends every name."""
LONGEST = 60
"""Words of a span at most, so that a text of nothing but suffixes takes no square of its length."""


def compile_roles(tokens: Sequence[Mapping[str, Any]]) -> re.Pattern[str]:
    """A pattern of a rule over the letters of roles; raises `KeyError` for an unknown role or key.

    >>> compile_roles([{"TAG": "place", "OP": "+"}, {"TAG": {"IN": ["head", "weak"]}}]).pattern
    'p+[hw]'
    """
    parts = []
    for token in tokens:
        if unknown := set(token) - {"TAG", "OP"}:
            raise KeyError(sorted(unknown)[0])
        tag = token["TAG"]
        roles = tag["IN"] if isinstance(tag, Mapping) else [tag]
        letters = "".join(LETTERS[role] for role in roles)
        parts.append((letters if len(letters) == 1 else f"[{letters}]") + str(token.get("OP", "")))
    return re.compile("".join(parts))


def longest_spans(pattern: re.Pattern[str], roles: str) -> Iterator[tuple[int, int]]:
    """The spans of a pattern in a string of roles, the longest first and none over another.

    A span that runs into a longer one is looked for again up to where that one begins.

    >>> list(longest_spans(re.compile("c{1,2}h"), "ccch ch"))
    [(1, 4), (5, 7)]
    """
    found = [
        (start - match.end(), start)
        for stretch in _STRETCH.finditer(roles)
        for start in range(*stretch.span())
        if (match := pattern.match(roles, start, min(start + LONGEST, stretch.end())))
    ]
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


_STRETCH = re.compile("[^ ]+")
