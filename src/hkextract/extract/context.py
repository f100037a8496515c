"""What joins an amount from its left, and what is lost of it: qualifiers, currencies, scopes, damage."""

from __future__ import annotations

from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.conditions import REACH
from hkextract.extract.drafts import Draft, Lexicon
from hkextract.extract.left import Left
from hkextract.rules import RuleSet

LOST = "\ufffd"
"""Marks a character that was lost; what touches it has no certain value."""

LAYERS = 4
"""How many qualifiers and currencies may stand before one number: 至少约人民币50元 has three."""

NEAR = 20
"""How many characters to the left of a number of degrees are looked at for a word of warmth."""


class Context:
    """Reads what stands left of a core. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._qualifier = Left(table.compile("{qualifier_left}")).before
        self._prefix = Left(table.compile("{currency_left}")).before
        self._apart = Left(table.compile("{apart_left}")).before
        self._scope = Left(table.compile("{scope_left}")).before
        self._warmth = table.compile("{temperature_cue}")
        self._below_zero = Left(table.compile("{below_zero}$")).before
        self._minus = Left(table.compile(r"(?<![\w%]){minus}$")).before
        self._degrees = table.words["degree"]
        self._qualifiers = {
            word: category
            for name in ("qualifier_apart", "qualifier_scale", "qualifier")
            for category, words in table.words[name].categories.items()
            for word in words
        }
        self._money = table.compile("{money_cue}{clause_rest}$")
        self._money_after = table.compile("{money_after}")
        self._broken = table.compile(rf"[\d.,]*{LOST}+$")

    def widen(self, draft: Draft, text: str, floor: int) -> Draft:
        """The mention with its qualifiers, its currency or its scope; `floor` is where the one before it ends."""
        if draft.scoped:
            match = self._scope(text, max(floor, draft.start - REACH), draft.start)
            draft.start = match.start() if match else draft.start
            return draft
        draft = self._warmed(draft, text, floor)
        qualified = False
        for _ in range(LAYERS):
            low = max(floor, draft.start - REACH)
            match = self._qualifier(text, low, draft.start)
            if match and (match["q"] or _is_scale(text[draft.start])):
                draft.start, qualified = match.start(), True
                draft.qualified(self._qualifiers.get(match["q"] or match["s"], ""))
                continue
            match = self._prefix(text, low, draft.start) if draft.kind == "money" else None
            if match is None:
                break
            draft.start, draft.currency = match.start(), draft.currency or self._lexicon.currency(match["cur"])
        return draft if qualified else self._qualified_from_afar(draft, text, floor)

    def _warmed(self, draft: Draft, text: str, floor: int) -> Draft:
        """Degrees as a temperature near a word of warmth; below zero as a negative one."""
        if draft.unit in self._degrees:
            if not self._warmth.search(text, max(0, draft.start - NEAR), draft.end + REACH):
                return draft
            draft.kind = "temperature"
        if draft.kind not in ("temperature", "percent"):
            return draft
        sign = self._minus if draft.kind == "percent" else self._below_zero
        match = sign(text, max(floor, draft.start - REACH), draft.start)
        if match:
            draft.start, draft.low, draft.high = match.start(), _negative(draft.low), _negative(draft.high)
        return draft

    def _qualified_from_afar(self, draft: Draft, text: str, floor: int) -> Draft:
        """With the bound of a qualifier that a verb parts from the number: 至少带来200亿元."""
        if draft.qualifier not in ("exact", "range"):
            return draft
        match = self._apart(text, max(floor, draft.start - REACH), draft.start)
        return draft if match is None else draft.qualified(self._qualifiers.get(match["q"] or match["far"], ""))

    def is_money(self, draft: Draft, text: str) -> bool:
        """Whether a bare number is a sum: a word of paying stands before it in its clause, or right after it."""
        if self._money.search(text, max(0, draft.start - REACH), draft.start):
            return True
        return bool(self._money_after.match(text, draft.end))

    def damaged(self, draft: Draft, text: str, floor: int, end: int) -> Draft | None:
        """The mention with the lost characters that touch it and the digits beyond them; None where none touches it."""
        start, stop = draft.start, draft.end
        if text[start - 1 : start] == LOST and (match := self._broken.search(text, max(floor, start - REACH), start)):
            start = match.start()
        while stop < end and text[stop] == LOST:
            stop += 1
        if (start, stop) == (draft.start, draft.end) and LOST not in text[start:stop]:
            return None
        draft.start, draft.end = start, stop
        return draft


def _is_scale(char: str) -> bool:
    value = None if char.isdigit() else numerals.parse(char)
    return value is not None and value >= 10


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def without_value(draft: Draft) -> Draft:
    """The mention with no value: what is left of a damaged number is never reported."""
    draft.low = draft.high = None
    return draft


def size_in_si(draft: Draft) -> tuple[Decimal | None, str]:
    """The value in the SI unit (the lower bound where there is one) and that unit; none for what has no unit."""
    value = draft.low if draft.low is not None else draft.high
    if draft.si is None or not draft.si.size or not draft.si.si_unit or value is None:
        return None, ""
    return numerals.plain(value * draft.si.size), draft.si.si_unit
