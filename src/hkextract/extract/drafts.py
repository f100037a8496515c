"""The values of an amount while it is being read, and the words that resolvers look things up in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from hkextract.extract.matching import Found
from hkextract.extract.units import Unit, Units
from hkextract.rules import RuleSet


@dataclass(slots=True)
class Draft:
    """The values of a mention before what stands to its left and around it is read. Offsets are clean, half-open.

    Whoever reads on changes it in place: a copy for each step takes longer than the step.
    """

    kind: str
    start: int
    end: int
    low: Decimal | None
    high: Decimal | None
    qualifier: str = "exact"
    unit: str = ""
    currency: str = ""
    si: Unit | None = None
    scoped: bool = False

    def qualified(self, qualifier: str) -> Draft:
        """This draft with a qualifier added: a bound opens the other end, approx only marks what was exact."""
        if qualifier == "min":
            self.low, self.high, self.qualifier = self.low if self.low is not None else self.high, None, "min"
        elif qualifier == "max":
            self.low, self.high, self.qualifier = None, self.high if self.high is not None else self.low, "max"
        elif qualifier == "approx" and self.qualifier == "exact":
            self.qualifier = "approx"
        return self


KEPT = 2000
"""How many namings of currencies are remembered with their codes."""


class Lexicon:
    """The word lists of the table of amounts that resolvers look things up in."""

    def __init__(self, table: RuleSet) -> None:
        self.units = Units(table)
        self.words = table.words
        self._currencies = sorted(
            ((word, code) for name in ("currency", "currency_sign") for code in table.words[name].categories
             for word in table.words[name].categories[code] if code != "unknown"),
            key=lambda item: -len(item[0]),
        )  # fmt: skip
        self._codes: dict[str, str] = {}

    def currency(self, text: str) -> str:
        """The ISO 4217 code of the currency that a text names, empty where it names none (a bare 元)."""
        code = self._codes.get(text)
        if code is None:
            code = next((code for word, code in self._currencies if word in text), "")
            if len(self._codes) < KEPT:
                self._codes[text] = code
        return code

    def after(self, text: str) -> str:
        return self.words["rounding"].category(text) or self.words["after"].category(text)


Resolver = Callable[[Found, Lexicon], Draft | None]
"""Takes what a rule matched and gives its values, or None where the match is no amount after all."""


def scaled(draft: Draft, size: Decimal) -> Draft:
    """The draft with both bounds times a factor."""
    draft.low = None if draft.low is None else draft.low * size
    draft.high = None if draft.high is None else draft.high * size
    return draft


def qualified_by(draft: Draft, found: Found, lexicon: Lexicon, *parts: str) -> Draft:
    """With the qualifiers that stand in the named parts of the match: 多, 余, 以上."""
    for part in parts:
        if word := found.part(part):
            draft = draft.qualified(lexicon.after(word))
    return draft
