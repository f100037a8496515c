"""Names that an article itself introduces: short forms in brackets, and the short form of a company named in full."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_letters, digits

from hkextract.extract.register import Register
from hkextract.mention import Organisation
from hkextract.rules import RuleSet

BRACKET_RULE = "org-introduced-alias"
SHORT_RULE = "org-short-form"
_LATIN = frozenset(ascii_letters + digits)
_PARTS = re.compile("[，,、；;/]|或|及")
_IN_BRACKETS = re.compile("[（(].*?[）)]")


class AliasFinder:
    """Finds the aliases that an article gives to bodies named before, and their other occurrences in it."""

    def __init__(self, rules: RuleSet, register: Register) -> None:
        self._bracket = re.compile(r"[”」』’\"]?[（(](?P<inside>[^（()）\n]{1,40})[）)]")
        self._entry = rules.compile(
            r"(?P<cue>{introducer})?[为作是]?[:：]?\s*[“「『\"‘]?"
            r"(?P<alias>[A-Za-z][A-Za-z0-9&.\-]*(?: [A-Za-z0-9&.\-]+){0,4}|[一-鿿A-Za-z0-9]{2,12})[”」』\"’]?"
        )
        self._place = rules.compile("{place}[市省]?(?=.{4})")
        self._legal = rules.compile("(?:{legal_tail})$")
        self._register = register
        self._trade = rules.compile("(?:{brand_head}|{weak_head.company}|{trade})$")

    def find(self, chars: str, organisations: Sequence[Organisation]) -> list[Organisation]:
        """The mentions that stand for bodies named in full elsewhere in the text."""
        names: dict[str, tuple[Organisation, str]] = {}
        for body in organisations:
            full = chars[body.start : body.end]
            for alias in self._bracketed(chars, body.end, full):
                names.setdefault(alias, (body, BRACKET_RULE))
            if body.parent and len(rest := self._without_parent(full)) >= 4:
                names.setdefault(rest, (body, SHORT_RULE))
            if body.type == "company":
                for short in self._short_forms(full):
                    names.setdefault(short, (body, SHORT_RULE))
        taken = {(body.start, body.end) for body in organisations}
        return [
            Organisation(start, end, rule, body.canonical, body.type, body.parent)
            for name, (body, rule) in names.items()
            for start, end in _occurrences(chars, name)
            if (start, end) not in taken
        ]

    def _without_parent(self, full: str) -> str:
        """大湾区研发院 of 中国一汽大湾区研发院; empty where the name does not begin with a known body."""
        for end in range(len(full) - 4, 1, -1):
            if full[:end] in self._register.aliases:
                return full[end:]
        return ""

    def _bracketed(self, chars: str, end: int, full: str) -> Iterable[str]:
        """The short forms in brackets directly behind a name, several parted by commas or 或."""
        bracket = self._bracket.match(chars, end)
        for part in _PARTS.split(bracket["inside"]) if bracket else ():
            entry = self._entry.fullmatch(part.strip())
            if entry and _plausible(entry["alias"], full, bool(entry["cue"])):
                yield entry["alias"]

    def _short_forms(self, full: str) -> Iterable[str]:
        """益成医疗用品有限公司 and 益成医疗用品 of 香港益成医疗用品有限公司, where the register has no such name."""
        bare = _IN_BRACKETS.sub("", full)
        if place := self._place.match(bare):
            bare = bare[place.end() :]
        names = [bare, self._legal.sub("", bare)]
        while (shorter := self._trade.sub("", names[-1])) != names[-1] and len(shorter) > 1:
            names.append(shorter)
        for name in names:
            if name != full and name not in self._register.aliases and (len(name) >= 4 or self._is_brand(name)):
                yield name

    def _is_brand(self, name: str) -> bool:
        """Whether what is left of a name is no word of the language, so that it stands for the company alone."""
        import rjieba

        return len(name) > 1 and not rjieba.has_word(name) and rjieba.cut(name) != list(name)


def _plausible(alias: str, full: str, introduced: bool) -> bool:
    """Whether a bracketed text can be a short form of the name before it."""
    if alias == full or len(alias) >= len(full) + 12:
        return False
    if alias.isascii():
        letters = [c for c in alias if c.isalpha()]
        return len(letters) >= 2 and (introduced or letters[0].isupper())
    if introduced:
        return True
    if full.startswith(alias):
        return True
    if alias[0] == full[0] and len(alias) <= 4 and _in_order(alias, full):
        return True
    shared = sum(char in full for char in alias)
    return len(alias) < len(full) and shared * 3 >= len(alias) * 2 and alias[-1] in full[-4:]


def _in_order(alias: str, full: str) -> bool:
    """Whether the characters of an alias stand in the full name in the same order."""
    rest = iter(full)
    return all(char in rest for char in alias)


def _occurrences(chars: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a name stands; one in Latin letters only where no other letter or figure touches it."""
    at, latin = chars.find(name), name.isascii()
    while at >= 0:
        end = at + len(name)
        alone = not latin or _LATIN.isdisjoint((chars[at - 1 : at], chars[end : end + 1]))
        if alone:
            yield at, end
        at = chars.find(name, end if alone else at + 1)
