"""Which rules to try at a number, by the character it begins with and the two that follow it.

Most numerals of a text are parts of words (`一般`, `万一`). A rule is tried only where the characters after the run of
digits and numerals are such as the rule can match there; that is read off its pattern once. What speaks for a rule at
a place is kept as sets of rules, one bit a rule, so that a look-up is three of them joined.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Iterable
from functools import partial, reduce
from operator import or_
from typing import Any

from hkextract.extract.matching import Found, first_characters
from hkextract.extract.needed import AHEAD, BEHIND, Entry, entry
from hkextract.extract.prefixes import ANY, FIGURE, PrefixReader
from hkextract.kept import Kept
from hkextract.rules import Rule

NUMERALS = "〇零一二两俩三四五六七八九十百千万亿兆廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟几"
WORDS = frozenset("半数翻减")
"""Words that begin an amount without being a run of digits or numerals."""

_RUN_CHARS = frozenset("0123456789" + NUMERALS)
_INSIDE_RUN = frozenset(".,，")
AFTER_DIGITS = NUMERALS.replace("两", "").replace("俩", "")
_PARTED = r"(?:[,，]\d{3}(?!\d)|\.\d+)*"
_RUN = re.compile(
    rf"[\d{NUMERALS}数半翻减](?:(?<=\d)\d*{_PARTED}[{AFTER_DIGITS}]*(?:\d+{_PARTED}[{AFTER_DIGITS}]*)*"
    rf"|(?<=[{NUMERALS}])[{NUMERALS}]*|(?<=数)(?=[十百千万亿以])|(?<=[半翻])|(?<=减)半)",
    re.ASCII,
)
"""A run of digits and numerals. The pattern begins with a class, so that the search is not tried at every character."""

KEPT = 50_000
"""How many surroundings of numbers are remembered with the rules worth trying there."""


class Dispatch:
    """The rules of amounts, ready to be tried where a number begins. Build once a table."""

    def __init__(self, rules: Iterable[Rule], kept: Kept | None = None) -> None:
        self._rules = tuple(rules)
        self._first: dict[str, int] = {}
        self._behind: dict[str, int] = {}
        self._anywhere = 0
        self._following: dict[str, int] = {}
        for number, rule in enumerate(self._rules):
            read = partial(_reads, rule.regex)
            first, before, following = kept.get("number", rule.id, read) if kept else read()
            bit = 1 << number
            _add(self._first, first, bit)
            _add(self._behind, before or (), bit)
            self._anywhere |= 0 if before else bit
            _add(self._following, following, bit)
        self._entries = [entry(rule, kept) for rule in self._rules]
        self._made: dict[int, tuple[Entry, ...]] = {}
        self._seen: dict[str, tuple[Entry, ...]] = {}

    def candidates(self, text: str, start: int, end: int) -> list[Found]:
        """Every match of every rule at a run of digits or numerals in `start:end`, in order of place."""
        found: list[Found] = []
        seen = self._seen
        for run in _RUN.finditer(text, start, end):
            at, after = run.span()
            ahead = text[after : after + 2]
            around = text[at - 1 : at + 1] + ahead if at else ""
            tried = seen.get(around)
            if tried is None:
                tried = self._look_up(text[at - 1] if at else "", text[at], ahead)
                if around and len(seen) < KEPT:
                    seen[around] = tried
            for match_at, rule, needed in tried:
                if needed is not None and needed(text, at - BEHIND, at + AHEAD) is None:
                    continue
                match = match_at(text, at, end)
                if match is not None and match.end() > at:
                    found.append(Found(rule, match))
        return found

    def _look_up(self, behind: str, first: str, ahead: str) -> tuple[Entry, ...]:
        """The rules worth trying at a run, by its first character, the one before it and up to two after it."""
        rules = self._first.get(first, 0) & (self._anywhere | self._behind.get(behind, 0))
        if first not in WORDS and ahead[:1] not in _RUN_CHARS:
            two = ahead[0] + FIGURE if ahead[1:] in _RUN_CHARS else ahead
            rules &= reduce(or_, (self._following.get(key, 0) for key in ("", ahead[:1], two)))
        if rules not in self._made:
            self._made[rules] = tuple(made for number, made in enumerate(self._entries) if rules >> number & 1)
        return self._made[rules]


def _add(rules: dict[str, int], keys: Iterable[str], bit: int) -> None:
    for key in keys:
        rules[key] = rules.get(key, 0) | bit


def _reads(regex: re.Pattern[str]) -> tuple[list[str], list[str], list[str]]:
    """The characters that a match begins with, those that it stands behind (none: any), what it goes on with behind
    its leading run.
    """
    return (
        sorted(first_characters(regex)),
        sorted(preceding_characters(regex) or ()),
        sorted(following(regex)),
    )


def following(regex: re.Pattern[str]) -> frozenset[str]:
    """What a match can have behind the run that it begins with: two characters, or one where it ends there or goes
    on with any, or none. A run further on is written `#`.

    >>> sorted(following(re.compile("[0-9]+(?:多)?(?:年|个月[0-9])")))
    ['个月', '多个', '多年', '年']
    """
    tree = sre_parse.parse(regex.pattern, regex.flags & re.ASCII)
    found = (prefix.split(ANY)[0] for prefix in _RunReader(3, _RUN_CHARS).sequence(tree))
    behind = {prefix[1:] for prefix in found if prefix[:1] in (FIGURE, "")}
    return frozenset("" if chars[:1] in _INSIDE_RUN else chars for chars in behind)


class _RunReader(PrefixReader):
    """A run goes on over the marks that stand inside a number; what must stand ahead is read as far as it goes."""

    def item(self, op: Any, value: Any) -> set[str]:
        guard = op is sre.ASSERT and len(value[1]) == 1 and value[1][0][0] is sre.IN
        if op is sre.ASSERT and value[0] > 0 and not guard:
            return {prefix + ANY for prefix in self.sequence(value[1])}
        return super().item(op, value)

    def cut(self, prefix: str) -> str:
        return _RUN_OF_SYMBOLS.sub(FIGURE, prefix)[: self.length]


_RUN_OF_SYMBOLS = re.compile(f"{FIGURE}(?:[.,，]?{FIGURE})+")


def preceding_characters(regex: re.Pattern[str]) -> frozenset[str] | None:
    """The characters one of which must stand before a match, by the lookbehind that the pattern begins with.

    None where it begins with none or with a choice of them.

    >>> sorted(preceding_characters(re.compile("(?<=[第前])[0-9]")) or "")
    ['前', '第']
    """
    items = sre_parse.parse(regex.pattern, regex.flags & re.ASCII)
    op, value = items[0]
    if op is not sre.ASSERT or value[0] > 0:
        return None
    op, value = value[1][-1]
    if op is sre.SUBPATTERN:
        op, value = value[3][-1]
    if op is sre.LITERAL:
        return frozenset(chr(value))
    if op is sre.IN and all(item is sre.LITERAL for item, _ in value):
        return frozenset(chr(char) for _, char in value)
    return None
