"""How likely words are in Chinese news, by the counts of jieba's dictionary: the judge between readings of bytes.

All costs are natural logarithms of probabilities, negated. The dictionary is in simplified script, so characters are
converted one by one before they are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import TypeVar

from hkextract.clean.plausible import PUNCTUATION, is_letter_of_news, rank
from hkextract.clean.simplify import to_simplified
from hkextract.kept import Kept

T = TypeVar("T")
LONGEST = 8
"""Characters of the longest words that are known."""
LEAST = 5
"""Count of the rarest words that are known; the dictionary gives 3 to words that it has from lists."""
TOTAL = 60_101_967
"""The sum of all counts of the dictionary."""
MARK = 4.0
"""Cost of a mark of punctuation or a digit."""
SINGLE = (16.0, 10.5, 13.5)
"""Least cost of characters outside the dictionary's words: neither level of GB2312, the first level, the second."""
FOREIGN = 6.0
"""Cost of a letter of another script in a word of that script."""
STRANGE = 17.0
"""Cost of a symbol or a letter of another script."""


@cache
def words() -> Mapping[str, float]:
    """The cost of each word of one to `LONGEST` characters."""
    return _dictionary()[0]


@cache
def beginnings() -> frozenset[str]:
    """The first two characters of every longer word: where two others stand, no longer word need be looked for."""
    return _dictionary()[1]


@cache
def _dictionary() -> tuple[dict[str, float], frozenset[str]]:
    """Read only where a text is damaged, for it takes time, and kept between runs."""
    return of_dictionary("costs", _read)


def of_dictionary(name: str, make: Callable[[], T]) -> T:
    """What `make` works out from the dictionary, kept between runs."""
    kept = Kept(f"{name} of jieba {version('jieba')}")
    found = kept.get(name, "", make)
    kept.save()
    return found


def _read() -> tuple[dict[str, float], frozenset[str]]:
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        return {}, frozenset()
    text = Path(spec.submodule_search_locations[0], "dict.txt").read_text(encoding="utf-8")
    found = re.findall(rf"^([\u3400-\u9fff]{{1,{LONGEST}}}) (\d+)", text, re.MULTILINE)
    whole = log(TOTAL)
    costs = {word: whole - log(int(count)) for word, count in found if int(count) >= LEAST}
    return costs, frozenset(word[:2] for word in costs if len(word) > 2)


@cache
def simple(char: str) -> str:
    """A character in simplified script."""
    return to_simplified(char)


@cache
def cost(char: str) -> float:
    """What a character costs that stands for itself, in either script."""
    if char in PUNCTUATION or char.isdigit() or char < "\x80":
        return MARK
    level = rank(simple(char))
    if level or "\u3400" <= char <= "\u9fff":
        least = SINGLE[level]
        return max(words().get(simple(char), least), least - 6.0) if level == 1 else least
    return MARK + 4.0 if is_letter_of_news(char) else STRANGE


OTHER_SCRIPT = re.compile("[\u0370-\u04ff\u3040-\u312f]")
"""A letter of a script that text read wrongly is full of: Greek, Cyrillic, kana."""


def cost_at(chars: str, at: int) -> float:
    """What the character at a place costs: a letter of another script (Σ, Ж) beside one of the same costs little."""
    char = chars[at]
    if OTHER_SCRIPT.match(char):
        around = chars[max(0, at - 1) : at] + chars[at + 1 : at + 2]
        if any(ord(other) >> 7 == ord(char) >> 7 for other in around):
            return FOREIGN
    return cost(char)


def cheapest(chars: str) -> float:
    """The cost of the cheapest way to cut characters into words."""
    plain = "".join(map(simple, chars))
    best = [0.0] + [1e9] * len(chars)
    known, longer = words(), beginnings()
    for at, char in enumerate(chars):
        here = best[at]
        best[at + 1] = min(best[at + 1], here + cost(char))
        reach = LONGEST if plain[at : at + 2] in longer else 2
        for end in range(at + 2, min(at + reach, len(chars)) + 1):
            if (found := known.get(plain[at:end])) is not None and here + found < best[end]:
                best[end] = here + found
    return best[-1]
