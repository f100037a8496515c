"""What a match of a pattern can begin with, to dispatch rules without trying them.

A prefix is three symbols: characters, but a whole run of figures (`2024`, `二十`) counts as one, written `#`: so
`24个`, `24年` and `24年底` go to different rules. A shorter prefix is a whole match, or ends before an open class.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Iterable
from functools import partial
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.extract.needed import Entry, entry
from hkextract.kept import Kept
from hkextract.rules import Rule

LENGTH = 3
"""Symbols of a prefix; fewer make the tables smaller and the dispatch coarser."""
COARSE = 2
FIGURES = frozenset("0123456789〇零○一二三四五六七八九十廿卅卌两百千万亿")
RUN = re.compile("[" + "".join(sorted(FIGURES)) + "]+")
"""A run of figures."""
FIGURE, ANY = "#", "\0"
KEPT = 50_000
"""How many looked-up prefixes are kept before they are forgotten and looked up again."""

Worth = tuple[tuple[Rule, ...], tuple[Entry, ...]]
"""The rules worth trying at a place, in the order of their file: those told apart finely, and the `coarse` ones."""
NONE: Worth = ((), ())
Place = tuple[int, Worth]
"""Where some rule may match, and which."""


class Dispatch:
    """Rules by the prefixes of what they match; `get` gives those worth trying at a place.

    Rules that are `coarse` are told apart by two symbols only: their third one can be nearly anything.
    """

    def __init__(self, rules: Iterable[Rule], coarse: Iterable[Rule] = (), kept: Kept | None = None) -> None:
        self._rules: dict[str, dict[str, Rule]] = {}
        self._width: dict[str, int] = {}
        self._coarse: dict[str, Entry] = {}
        for rule in rules:
            self._add(rule, LENGTH, kept)
        for rule in coarse:
            self._add(rule, COARSE, kept)
            self._coarse[rule.id] = entry(rule, kept)
        first = {prefix[0] for prefix in self._rules}
        self._two = {prefix[:2] for prefix in self._rules}
        self._kept: dict[tuple[str, int], Worth] = {}
        self._seen: dict[tuple[str, int], Worth] = {}
        one = (prefix for prefix in self._rules if len(prefix) == 1 and prefix != FIGURE)
        pairs = (
            a + b
            for prefix in self._two
            if len(prefix) == 2
            for a in (FIGURES if prefix[0] == FIGURE else prefix[0])
            for b in (FIGURES if prefix[1] == FIGURE else prefix[1])
        )
        runs = (a + b for a in FIGURES for b in FIGURES)
        self._begins = AhoCorasick(sorted({*one, *pairs, *runs}), matchkind=MatchKind.Standard, store_patterns=False)
        chars = "".join(map(re.escape, sorted(first - {FIGURE})))
        self.trigger = re.compile(f"{RUN.pattern}|[{chars}]" if chars else RUN.pattern)

    def _add(self, rule: Rule, length: int, kept: Kept | None) -> None:
        read = partial(_width_and_prefixes, rule.regex, length)
        self._width[rule.id], found = kept.get(f"prefixes of {length}", rule.regex.pattern, read) if kept else read()
        for prefix in found:
            self._rules.setdefault(prefix, {})[rule.id] = rule

    def places(self, text: str) -> list[Place]:
        """Each place of a text at which some rule may match, in order, and the rules worth trying there."""
        found: list[Place] = []
        seen, run_at, reach = self._seen, RUN.match, 0
        # In the order of their ends, which is that of their beginnings, since no beginning is longer than two.
        for _, at, _ in self._begins.find_matches_as_indexes(text, overlapping=True):
            if at < reach:  # inside a run, or the same place again
                continue
            run = run_at(text, at)
            reach = after = run.end() if run else at + 1
            # What stands there as it is; `get` looks up what it comes to, with figures as one symbol.
            key = (text[at : at + 3], 0) if after == at + 1 else (text[after : after + 2], after - at)
            worth = seen.get(key)
            if worth is None:
                worth = self.get(text, at, after)
                if text[after : after + 1] not in FIGURES:  # else the symbol reaches further than the key
                    seen[key] = worth
            if worth is not NONE:
                found.append((at, worth))
        if len(seen) >= KEPT:
            seen.clear()
        return found

    def get(self, text: str, at: int, end: int) -> Worth:
        """The rules that can match where `trigger` found `at:end`."""
        first, second = text[at], text[end : end + 1]
        run = 0
        if first in FIGURES:
            first, run = FIGURE, min(end - at, 8)
        after = end + 1
        if second in FIGURES and second:
            second, after = FIGURE, RUN.match(text, end).end()  # type: ignore[union-attr]
        if first + second not in self._two and first not in self._rules:
            return NONE
        third = text[after : after + 1]
        key = (first + second + (FIGURE if third in FIGURES and third else third), run)
        found = self._kept.get(key)
        return self._look_up(*key) if found is None else found

    def _look_up(self, prefix: str, run: int) -> Worth:
        """Rules of the prefix and of its beginnings; a bare run of figures must be as long as the rule's matches."""
        found = {name: rule for size in (2, 3) for name, rule in self._rules.get(prefix[:size], {}).items()}
        bare = self._rules.get(prefix[:1], {})
        found |= {name: rule for name, rule in bare.items() if not run or self._width[name] <= run}
        if len(self._kept) >= KEPT:
            self._kept.clear()
        rules = sorted(found.values(), key=lambda rule: rule.line)
        fine = tuple(rule for rule in rules if rule.id not in self._coarse)
        coarse = tuple(self._coarse[rule.id] for rule in rules if rule.id in self._coarse)
        worth = (fine, coarse) if rules else NONE
        self._kept[prefix, run] = worth
        return worth


def _width_and_prefixes(regex: re.Pattern[str], length: int) -> tuple[int, list[str]]:
    """The least length of a match, and the prefixes."""
    width = sre_parse.parse(regex.pattern, regex.flags & re.ASCII).getwidth()[0]
    return width, sorted(prefixes(regex, length))


def prefixes(regex: re.Pattern[str], length: int = LENGTH) -> frozenset[str]:
    """All prefixes of what a pattern matches.

    Raises `ValueError` for a pattern that can begin with anything.

    >>> sorted(prefixes(re.compile("[12]?[0-9]月底|今年?")))
    ['#月底', '今', '今年']
    """
    tree = sre_parse.parse(regex.pattern, regex.flags & re.ASCII)
    found = {prefix.split(ANY)[0] for prefix in PrefixReader(length).sequence(tree)}
    if "" in found:
        raise ValueError(f"the pattern can begin with anything: {regex.pattern[:80]}")
    return frozenset(found)


class PrefixReader:
    """Reads the prefixes of so many symbols off a parsed pattern; a run of `figures` is one symbol."""

    def __init__(self, length: int, figures: frozenset[str] = FIGURES) -> None:
        self.length = length
        self.figures = figures

    def sequence(self, items: Any) -> set[str]:
        done: set[str] = set()
        growing = {""}
        for op, value in items:
            if not growing:
                break
            found = self.join(growing, self.item(op, value))
            growing = {prefix for prefix in found if not self.full(prefix)}
            done |= found - growing
        return done | growing

    def full(self, prefix: str) -> bool:
        return ANY in prefix or (len(prefix) >= self.length and prefix[-1] != FIGURE)

    def join(self, left: set[str], right: set[str]) -> set[str]:
        return {self.cut(a + b) for a in left for b in right} if right != {""} else left

    def cut(self, prefix: str) -> str:
        while FIGURE * 2 in prefix:
            prefix = prefix.replace(FIGURE * 2, FIGURE)
        return prefix[: self.length]

    def item(self, op: Any, value: Any) -> set[str]:
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return {""}
        if op is sre.LITERAL:
            return {self.symbol(chr(value))}
        if op is sre.IN:
            return self.members(value)
        if op is sre.SUBPATTERN:
            return self.sequence(value[3])
        if op is sre.ATOMIC_GROUP:
            return self.sequence(value)
        if op is sre.BRANCH:
            return set().union(*(self.sequence(branch) for branch in value[1]))
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self.repeat(int(value[0]), int(value[1]), self.sequence(value[2]))
        return {ANY}

    def repeat(self, least: int, most: int, once: set[str]) -> set[str]:
        found = {""} if least == 0 else set()
        so_far = {""}
        for count in range(1, min(most, self.length) + 1):
            growing = {prefix for prefix in so_far if not self.full(prefix)}
            so_far = (so_far - growing) | self.join(growing, once)
            if count >= min(least, self.length):
                found |= so_far
        return found

    def symbol(self, char: str) -> str:
        return FIGURE if char in self.figures else char

    def members(self, items: Any) -> set[str]:
        found: set[str] = set()
        for op, value in items:
            if op is sre.LITERAL:
                found.add(self.symbol(chr(value)))
            elif op is sre.RANGE and value[1] - value[0] < 1000:
                found.update(self.symbol(chr(code)) for code in range(value[0], value[1] + 1))
            elif op is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
                found.add(FIGURE)
            else:
                return {ANY}
        return found
