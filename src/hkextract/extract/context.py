"""What joins an amount from its left, and what is lost of it: qualifiers, currencies, scopes, damage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.conditions import REACH
from hkextract.extract.drafts import Draft, Lexicon
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
        self._qualifier = table.compile("{qualifier_left}")
        self._prefix = table.compile("{currency_left}")
        self._apart = table.compile("{apart_left}")
        self._scope = table.compile("{scope_left}")
        self._warmth = table.compile("{temperature_cue}")
        self._below_zero = table.compile("{below_zero}$")
        self._minus = table.compile(r"(?<![\w%]){minus}$")
        self._money = table.compile("{money_cue}{clause_rest}$")
        self._money_after = table.compile("{money_after}")
        self._broken = table.compile(rf"[\d.,]*{LOST}+$")

    def widen(self, draft: Draft, text: str, floor: int) -> Draft:
        """The mention with its qualifiers, its currency or its scope; `floor` is where the one before it ends."""
        if draft.scoped:
            match = self._scope.search(text, max(floor, draft.start - REACH), draft.start)
            return replace(draft, start=match.start()) if match else draft
        draft = self._warmed(draft, text, floor)
        qualified = False
        for _ in range(LAYERS):
            low = max(floor, draft.start - REACH)
            match = self._qualifier.search(text, low, draft.start)
            if match and (match["q"] or _is_scale(text[draft.start])):
                draft = replace(draft, start=match.start()).qualified(self._category(match["q"] or match["s"]))
                qualified = True
                continue
            match = self._prefix.search(text, low, draft.start) if draft.kind == "money" else None
            if match is None:
                break
            currency = draft.currency or self._lexicon.currency(match["cur"])
            draft = replace(draft, start=match.start(), currency=currency)
        return draft if qualified else self._qualified_from_afar(draft, text, floor)

    def _warmed(self, draft: Draft, text: str, floor: int) -> Draft:
        """Degrees as a temperature near a word of warmth; below zero as a negative one."""
        if draft.unit in self._lexicon.words["degree"]:
            if not self._warmth.search(text, max(0, draft.start - NEAR), draft.end + REACH):
                return draft
            draft = replace(draft, kind="temperature")
        if draft.kind not in ("temperature", "percent"):
            return draft
        sign = self._minus if draft.kind == "percent" else self._below_zero
        match = sign.search(text, max(floor, draft.start - REACH), draft.start)
        if match is None:
            return draft
        return replace(draft, start=match.start(), low=_negative(draft.low), high=_negative(draft.high))

    def _category(self, word: str) -> str:
        words = self._lexicon.words
        names = ("qualifier", "qualifier_scale", "qualifier_apart")
        return next((found for name in names if (found := words[name].category(word))), "")

    def _qualified_from_afar(self, draft: Draft, text: str, floor: int) -> Draft:
        """With the bound of a qualifier that a verb parts from the number: 至少带来200亿元."""
        if draft.qualifier not in ("exact", "range"):
            return draft
        match = self._apart.search(text, max(floor, draft.start - REACH), draft.start)
        return draft if match is None else draft.qualified(self._category(match["q"] or match["far"]))

    def is_money(self, draft: Draft, text: str) -> bool:
        """Whether a bare number is a sum: a word of paying stands before it in its clause, or right after it."""
        if self._money.search(text, max(0, draft.start - REACH), draft.start):
            return True
        return bool(self._money_after.match(text, draft.end))

    def damaged(self, draft: Draft, text: str, floor: int, end: int) -> Draft | None:
        """The mention with the lost characters that touch it and the digits beyond them; None where none touches it."""
        match = self._broken.search(text, max(floor, draft.start - REACH), draft.start)
        start, stop = match.start() if match else draft.start, draft.end
        while stop < end and text[stop] == LOST:
            stop += 1
        if (start, stop) == (draft.start, draft.end) and LOST not in text[start:stop]:
            return None
        return replace(draft, start=start, end=stop)


def _is_scale(char: str) -> bool:
    value = None if char.isdigit() else numerals.parse(char)
    return value is not None and value >= 10


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def without_value(draft: Draft) -> Draft:
    """The same mention with no value: what is left of a damaged number is never reported."""
    return replace(draft, low=None, high=None)


def size_in_si(draft: Draft) -> tuple[Decimal | None, str]:
    """The value in the SI unit (the lower bound where there is one) and that unit; none for what has no unit."""
    value = draft.low if draft.low is not None else draft.high
    if draft.si is None or not draft.si.size or not draft.si.si_unit or value is None:
        return None, ""
    return numerals.plain(value * draft.si.size), draft.si.si_unit
