"""Which rules may match a line: most are sorted out by its characters before any pattern is tried.

A rule can match only where a character stands that its pattern can begin with and one that it can end with, and where
one of the words stands that the rule file says it needs (`trigger`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.extract.left import last_characters
from hkextract.extract.matching import Found, contest, first_characters
from hkextract.kept import Kept
from hkextract.rules import Rule, RuleSet

REMEMBERED = 8192
"""Lines of which the rules are remembered: pages of one outlet have their menus and feet in common."""


class Gate:
    """The rules of one scope, ready to be asked which of them a line may match.

    A set of rules is a number here, the rule at place n of the file the bit 1 << n.
    """

    def __init__(self, rules: Iterable[Rule], kept: Kept | None) -> None:
        self._rules = tuple(rules)
        by_word: dict[str, int] = {}
        self._wordless = 0
        for number, rule in enumerate(self._rules):
            words = tuple(rule.options.get("trigger", ()))
            for word in words:
                by_word[word] = by_word.get(word, 0) | 1 << number
            self._wordless |= 0 if words else 1 << number
        self._beginning, self._open_begin = _by_char([_begins(rule, kept) for rule in self._rules])
        self._ending, self._open_end = _by_char([_ends(rule, kept) for rule in self._rules])
        self._chars, self._needing = frozenset(self._beginning), by_word
        self._words = AhoCorasick(list(by_word), matchkind=MatchKind.Standard)

    def whole(self, text: str) -> Iterator[Rule]:
        """The rules that may match the whole of a line, in the order of their file."""
        edges = self._beginning.get(text[0], self._open_begin) & self._ending.get(text[-1], self._open_end)
        return self._of(edges & self._worded(text)) if edges else iter(())

    def within(self, text: str) -> Iterator[Rule]:
        """The rules that may match somewhere in a line, in the order of their file."""
        begin = self._open_begin
        for char in self._chars.intersection(text):
            begin |= self._beginning[char]
        return self._of(begin & self._worded(text)) if begin else iter(())

    def needing(self, text: str) -> Iterator[Rule]:
        """The rules that need no word, and those of which a line holds one that they need."""
        return self._of(self._worded(text))

    def _worded(self, text: str) -> int:
        found = self._wordless
        if self._needing:
            for word in self._words.find_matches_as_strings(text, overlapping=True):
                found |= self._needing[word]
        return found

    def _of(self, numbers: int) -> Iterator[Rule]:
        while numbers:
            first = numbers & -numbers
            yield self._rules[first.bit_length() - 1]
            numbers ^= first


def _by_char(chars: Sequence[frozenset[str]]) -> tuple[dict[str, int], int]:
    """From each character to the rules that may have it at their edge, and the rules that may have any."""
    anyhow = sum(1 << number for number, some in enumerate(chars) if not some)
    found: dict[str, int] = {}
    for number, some in enumerate(chars):
        for char in some:
            found[char] = found.get(char, anyhow) | 1 << number
    return found, anyhow


class HeaderRules:
    """The rules of metadata, ready to be matched."""

    def __init__(self, table: RuleSet) -> None:
        by_scope: dict[str, list[Rule]] = {"part": [], "line": [], "end": [], "start": []}
        for rule in table.rules:
            by_scope[rule.options.get("scope", "part")].append(rule)
        self._whole, self._parts = Gate(by_scope["line"], table.kept), Gate(by_scope["part"], table.kept)
        self.tails, self.heads = with_lasts(by_scope["end"]), Gate(by_scope["start"], table.kept)
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


def _ends(rule: Rule, kept: Kept | None) -> frozenset[str]:
    """The characters that a rule's match can end with; empty where it can end with any."""

    def made() -> str:
        return "" if "(?i" in rule.pattern else "".join(sorted(last_characters(rule.regex)))

    return frozenset(kept.get("ends", rule.id, made) if kept else made())
