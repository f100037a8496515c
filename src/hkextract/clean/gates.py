"""Which rules may match a line: most are sorted out by its characters before any pattern is tried.

A rule can match only where a character stands that its pattern can begin with, and where one of the words stands that
the rule file says it needs (`trigger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.extract.left import last_characters
from hkextract.extract.matching import Found, contest, first_characters
from hkextract.kept import Kept
from hkextract.rules import Rule, RuleSet

REMEMBERED = 8192
"""Lines of which the rules are remembered: pages of one outlet have their menus and feet in common."""


class Gate:
    """The rules of one scope, ready to be asked which of them a line may match."""

    def __init__(self, rules: Iterable[Rule], kept: Kept | None) -> None:
        self._rules = tuple(rules)
        self._begins = tuple(_begins(rule, kept) for rule in self._rules)
        self._by_char: dict[str, list[int]] = {}
        by_word: dict[str, list[int]] = {}
        self._anyhow: list[int] = []
        for number, (rule, begins) in enumerate(zip(self._rules, self._begins, strict=True)):
            words = tuple(rule.options.get("trigger", ()))
            for word in words:
                by_word.setdefault(word, []).append(number)
            for char in () if words else begins:
                self._by_char.setdefault(char, []).append(number)
            if not words and not begins:
                self._anyhow.append(number)
        self._chars, self._needing = frozenset(self._by_char), tuple(by_word.values())
        self._words = AhoCorasick(list(by_word), matchkind=MatchKind.Standard)

    def whole(self, text: str) -> Iterator[Rule]:
        """The rules that may match the whole of a line, in the order of their file."""
        numbers = [*self._anyhow, *self._by_char.get(text[0], ()), *self._worded(text)]
        return map(self._rules.__getitem__, sorted(set(numbers)))

    def within(self, text: str) -> Iterator[Rule]:
        """The rules that may match somewhere in a line, in the order of their file."""
        chars = frozenset(text)
        numbers = {*self._anyhow, *self._worded(text)}
        for char in self._chars & chars:
            numbers.update(self._by_char[char])
        for number in sorted(numbers):
            if not self._begins[number] or not self._begins[number].isdisjoint(chars):
                yield self._rules[number]

    def _worded(self, text: str) -> Iterator[int]:
        """The rules of which a line holds one of the words that they need."""
        if not self._needing:
            return
        for word, _, _ in self._words.find_matches_as_indexes(text, overlapping=True):
            yield from self._needing[word]


class HeaderRules:
    """The rules of metadata, ready to be matched."""

    def __init__(self, table: RuleSet) -> None:
        by_scope: dict[str, list[Rule]] = {"part": [], "line": [], "end": [], "start": []}
        for rule in table.rules:
            by_scope[rule.options.get("scope", "part")].append(rule)
        self._whole, self._parts = Gate(by_scope["line"], table.kept), Gate(by_scope["part"], table.kept)
        self.tails, self.heads = with_lasts(by_scope["end"]), tuple(by_scope["start"])
        self.read = lru_cache(REMEMBERED)(self._read)

    def _read(self, text: str) -> tuple[Found, ...]:
        """The pieces of metadata in a line, in order of place, none of which overlap."""
        for rule in self._whole.whole(text):
            if match := rule.regex.fullmatch(text):
                return (Found(rule, match),)
        found: list[Found] = []
        for rule in self._parts.within(text):
            found += [Found(rule, match) for match in rule.regex.finditer(text) if match.end() > match.start()]
        if len(found) < 2:
            return tuple(found)
        return tuple(contest(sorted(found, key=lambda f: (f.start, f.end))))


def with_lasts(rules: Iterable[Rule]) -> tuple[tuple[Rule, frozenset[str]], ...]:
    """Rules for the end of a line, each with the characters that its match can end with; none where any can."""
    return tuple((rule, last_characters(rule.regex)) for rule in rules)


def _begins(rule: Rule, kept: Kept | None) -> frozenset[str]:
    """The characters that a rule's match can begin with; empty where it can begin with any."""

    def made() -> str:
        try:
            found = "".join(first_characters(rule.regex))
            found += found.swapcase() if "(?i" in rule.pattern else ""
            return "".join(sorted(set(found)))
        except ValueError:
            return ""

    return frozenset(kept.get("begins", rule.id, made) if kept else made())
