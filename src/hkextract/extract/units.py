"""Units of measure: what kind of quantity each gives and its size in the SI unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hkextract.rules import RuleSet

SI_UNITS = {
    "area": "m2", "length": "m", "weight": "kg", "tael": "kg", "volume": "m3", "power": "W",
    "energy": "J", "data": "byte", "temperature": "°C", "duration": "s",
}  # fmt: skip
"""The lists of words that hold physical units, with the unit that their categories are sizes in."""

KIND_OF_LIST = {name: {"energy": "power", "tael": "weight"}.get(name, name) for name in SI_UNITS}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written: the kind of amount it gives, its size in `si_unit` (0 where it has none)."""

    name: str
    kind: str
    size: Decimal = Decimal(0)
    si_unit: str = ""


class Units:
    """All units of the table of amounts, by the word that is written."""

    def __init__(self, table: RuleSet) -> None:
        self._units: dict[str, Unit] = {}
        alias = table.words["unit_alias"]
        for word in table.words["measure"]:
            self._units[word] = Unit(word, "count")
        for category, words in table.words["percent"].categories.items():
            self._units |= {word: Unit(alias.category(word, word), "percent", Decimal(category)) for word in words}
        for name, kind in KIND_OF_LIST.items():
            for category, words in table.words[name].categories.items():
                size = Decimal(category)
                self._units |= {word: Unit(alias.category(word, word), kind, size, SI_UNITS[name]) for word in words}
        self._minute = {
            word: Unit(alias.category(word, word), "duration", Decimal(category), SI_UNITS["duration"])
            for category, words in table.words["minute"].categories.items()
            for word in words
        }
        self._figures = frozenset(table.words["measure"].categories.get("figures", ()))
        self._whole = frozenset(table.words["whole"])

    def get(self, word: str) -> Unit:
        """The unit of a word; one that only counts where the word is in no list."""
        return self._units.get(word) or Unit(word, "count")

    def minute(self, word: str) -> Unit:
        """The same, with 分 as minutes: beside hours or seconds."""
        return self._minute.get(word) or self.get(word)

    def needs_figures(self, word: str) -> bool:
        """True of a noun that is counted only after figures or a number of ten or more."""
        return word in self._figures

    def is_whole(self, word: str) -> bool:
        """True of a measure word that a decimal fraction cannot stand before: 2.3本 is a heading."""
        return word in self._whole
