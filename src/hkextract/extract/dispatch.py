"""Which rules to try at a number, by the character it begins with and the one that follows it.

Most numerals of a text are parts of words (`一般`, `万一`). A rule is tried only where the character after the run of
digits and numerals is one that the rule can match there; that is read off its pattern once.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from hkextract.extract.matching import Found, first_characters, first_of
from hkextract.kept import Kept
from hkextract.rules import Rule

NUMERALS = "〇零一二两俩三四五六七八九十百千万亿兆廿卅卌壹贰叁肆伍陆柒捌玖拾佰仟几"
WORDS = frozenset("半数翻减")
"""Words that begin an amount without being a run of digits or numerals."""

INNER = frozenset("多余来点又 \u00a0")
"""What can stand inside a number, so that the character after the run need not be what the rule reads next."""

_RUN_CHARS = frozenset("0123456789" + NUMERALS)
_INSIDE_RUN = frozenset(".,，")
AFTER_DIGITS = NUMERALS.replace("两", "").replace("俩", "")
_RUN = re.compile(
    rf"(?:\d+(?:[,，]\d{{3}}(?!\d)|\.\d+)*[{AFTER_DIGITS}]*)+|[{NUMERALS}]+|数(?=[十百千万亿以])|半|翻|减半", re.ASCII
)

AHEAD = 32
"""A match of a rule must hold the characters that it cannot do without (the 至 of a range) so near its beginning."""

Entry = tuple[Callable[..., "re.Match[str] | None"], Rule, frozenset[str]]


class Dispatch:
    """The rules of amounts, ready to be tried where a number begins. Build once a table."""

    def __init__(self, rules: Iterable[Rule], kept: Kept | None = None) -> None:
        self._rules = [
            (rule, *(kept.get("number", rule.id, partial(_reads, rule.regex)) if kept else _reads(rule.regex)))
            for rule in rules
        ]
        self._entries: dict[tuple[str, str, str], tuple[Entry, ...]] = {}
        self._known = frozenset().union(*(following for *_, following, _, _ in self._rules))
        self._before = frozenset().union(*(before for _, _, before, *_ in self._rules if before))

    def candidates(self, text: str, start: int, end: int) -> Iterator[Found]:
        """Every match of every rule at a run of digits or numerals in `start:end`, in order of place."""
        known, entries = self._known, self._entries
        for run in _RUN.finditer(text, start, end):
            at, after = run.span()
            following = text[after] if after < end else ""
            if following not in known:
                following = " " if following in INNER or following in _RUN_CHARS else ""
            before = text[at - 1] if at else ""
            key = text[at], following, before if before in self._before else ""
            found = entries.get(key)
            if found is None:
                found = entries[key] = self._eligible(*key)
            near: set[str] | None = None
            for match_at, rule, needs in found:
                if needs:
                    if near is None:
                        near = set(text[at : min(end, at + AHEAD)])
                    if needs.isdisjoint(near):
                        continue
                match = match_at(text, at, end)
                if match is not None and match.end() > at:
                    yield Found(rule, match)

    def _eligible(self, first: str, following: str, before: str) -> tuple[Entry, ...]:
        inner = following in INNER or first in WORDS
        return tuple(
            (rule.regex.match, rule, needs)
            for rule, firsts, befores, followings, ends_in_run, needs in self._rules
            if first in firsts
            and (befores is None or before in befores)
            and (ends_in_run or inner or following in followings)
        )


def _reads(
    regex: re.Pattern[str],
) -> tuple[frozenset[str], frozenset[str] | None, frozenset[str], bool, frozenset[str]]:
    """The characters that a match begins with, stands behind and goes on with, whether it can end in the run, and the
    characters one of which it holds behind the run.
    """
    return (
        first_characters(regex),
        preceding_characters(regex),
        *following_characters(regex),
        needed_characters(regex),
    )


def needed_characters(regex: re.Pattern[str]) -> frozenset[str]:
    """The smallest set of characters, none of them a digit or numeral, one of which every match holds; else empty.

    >>> sorted(needed_characters(re.compile("[0-9]+(?:个)?(?:至|到)[0-9]+个")))
    ['个']
    >>> sorted(needed_characters(re.compile("[0-9]+(?:至|[-~])[0-9]+(?:个|家)?")))
    ['-', '~', '至']
    """
    return min(_needed(sre_parse.parse(regex.pattern, regex.flags & re.ASCII)), key=len, default=frozenset())


def _needed(items: Any) -> Iterator[frozenset[str]]:
    """Of each item that a match cannot leave out, the characters that it begins with, if none belongs to a run."""
    for op, value in items:
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            continue
        if op is sre.SUBPATTERN:
            yield from _needed(value[3])
        try:
            chars, optional = first_of([(op, value)])
        except ValueError:
            continue
        if chars and not optional and not chars & (_RUN_CHARS | _INSIDE_RUN):
            yield frozenset(chars)


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


def following_characters(regex: re.Pattern[str]) -> tuple[frozenset[str], bool]:
    """The characters that a match can have right after its leading digits and numerals, and whether it can end there.

    >>> following, ends_in_run = following_characters(re.compile("[0-9]+(?:多)?(?:年|个月)"))
    >>> sorted(following), ends_in_run
    (['个', '多', '年'], False)
    """
    chars, passes = _following(sre_parse.parse(regex.pattern, regex.flags & re.ASCII))
    return frozenset(chars), passes


def _following(items: Any) -> tuple[set[str], bool]:
    """The first characters outside a run, and whether a match may hold none."""
    chars: set[str] = set()
    for op, value in items:
        found, passes = _item(op, value)
        chars |= found
        if not passes:
            return chars, False
    return chars, True


def _item(op: Any, value: Any) -> tuple[set[str], bool]:
    if op is sre.LITERAL:
        char = chr(value)
        if char in _RUN_CHARS:
            return set(), True
        return {char}, char in _INSIDE_RUN
    if op is sre.IN:
        return _class(value)
    if op is sre.SUBPATTERN:
        return _following(value[3])
    if op is sre.ATOMIC_GROUP:
        return _following(value)
    if op is sre.BRANCH:
        branches = [_following(branch) for branch in value[1]]
        return set().union(*(chars for chars, _ in branches)), any(passes for _, passes in branches)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        chars, passes = _following(value[2])
        return chars, passes or value[0] == 0
    if op is sre.ASSERT and value[0] > 0:
        return _following(value[1])
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return set(), True
    raise ValueError(f"a rule for amounts must not have {op} after its number")


def _class(items: Any) -> tuple[set[str], bool]:
    chars: set[str] = set()
    passes = False
    for op, value in items:
        if op is sre.LITERAL:
            members = {chr(value)}
        elif op is sre.RANGE and value[1] - value[0] < 1000:
            members = set(map(chr, range(value[0], value[1] + 1)))
        elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            members = set("0123456789")
        elif op is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            members = set(" \t\n")
        else:
            raise ValueError("a rule for amounts must not have an open class such as [^…] after its number")
        passes = passes or bool(members & (_RUN_CHARS | _INSIDE_RUN))
        chars |= members - _RUN_CHARS
    return chars, passes
