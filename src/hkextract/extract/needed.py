"""Characters that a match cannot do without: where none of them is near, a rule need not be tried."""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Callable, Iterator
from typing import Any

from hkextract.extract.matching import first_of
from hkextract.kept import Kept
from hkextract.rules import Rule

FEW = 12
"""Characters of a set that is worth looking for."""
AHEAD, BEHIND = 32, 4
"""How far ahead of and before its beginning a match has what it needs; longer lookbehinds are not read for it."""

Search = Callable[..., "re.Match[str] | None"]
Entry = tuple[Search, Rule, Search | None]
"""What matches a rule at a place, the rule, and what looks for the characters that it needs."""
_FIGURES = frozenset("0123456789.,，〇零一二两三四五六七八九十")
"""What nearly every number and date holds."""


def entry(rule: Rule, kept: Kept | None = None) -> Entry:
    """A rule as it is tried at many places."""
    return rule.regex.match, rule, search_of_needed(rule, kept)


def search_of_needed(rule: Rule, kept: Kept | None = None) -> Search | None:
    """What looks for a character that the rule needs; None for a rule that needs none of a few."""

    def read() -> list[str]:
        return sorted(needed_characters(rule.regex))

    chars = kept.get("needed", rule.id, read) if kept else read()
    return re.compile(f"[{re.escape(''.join(chars))}]").search if chars else None


def needed_characters(regex: re.Pattern[str]) -> frozenset[str]:
    """The smallest set of few characters, none of them a figure, one of which every match holds or stands behind.

    Empty where there is none: of many characters one is nearly always near.

    >>> sorted(needed_characters(re.compile("[0-9]+(?:个)?(?:至|到)[0-9]+个")))
    ['个']
    >>> sorted(needed_characters(re.compile("[0-9]+(?:至|[-~])[0-9]+(?:个|家)?")))
    ['-', '~', '至']
    >>> sorted(needed_characters(re.compile("[0-9万]+(?<=万)|[0-9]+亿")))
    ['万', '亿']
    """
    found = min(_needed(sre_parse.parse(regex.pattern, regex.flags & re.ASCII)), key=len, default=frozenset())
    return found if len(found) <= FEW else frozenset()


def _needed(items: Any) -> Iterator[frozenset[str]]:
    """Of each item that a match cannot leave out, the characters that it begins with, if no figure is among them."""
    for op, value in items:
        if op is sre.SUBPATTERN:
            yield from _needed(value[3])
        elif op is sre.BRANCH:
            branches = [min(_needed(branch), key=len, default=frozenset()) for branch in value[1]]
            if all(branches):
                yield frozenset().union(*branches)
        elif op is sre.ASSERT and (value[0] > 0 or value[1].getwidth()[1] <= BEHIND):
            yield from _needed(value[1])
        try:
            chars, optional = first_of([(op, value)])
        except ValueError:
            continue
        if chars and not optional and not chars & _FIGURES:
            yield frozenset(chars)
