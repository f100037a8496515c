"""Patterns over the roles of words, as rules write them, turned into patterns over strings of one letter a role.

A rule writes the roles of a name in the manner of spaCy's token patterns: a list of `{TAG = role}` or
`{TAG = {IN = [roles]}}` with an optional `OP` (`+`, `*`, `?`, `{n,m}`). A role of every word as one letter makes them
regular expressions, which cost a hundredth of what a tagged document costs and need no library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
    """The spans of a pattern in a string of roles, the longest first and none over another, each stretch by itself.

    >>> list(longest_spans(re.compile("c{1,2}h"), "ccch ch"))
    [(1, 4), (5, 7)]
    """
    for stretch in _STRETCH.finditer(roles):
        gaps = [stretch.span()]
        while gaps:
            start, end = gaps.pop()
            spans = [match.span() for at in range(start, end) if (match := pattern.match(roles, at, end))]
            if spans:
                first, last = max(spans, key=lambda span: (span[1] - span[0], -span[0]))
                yield first, last
                gaps += [(last, end), (start, first)]


_STRETCH = re.compile("[^ ]+")
