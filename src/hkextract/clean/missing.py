"""A lost character, found again where the words around it leave exactly one possibility."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from heapq import nsmallest

from hkextract.clean.lexicon import cheapest, cost, of_dictionary, simple, words
from hkextract.clean.plausible import rank

MARGIN = 6.0
"""By how much the likeliest candidate must beat the next one, and words with it those without: four hundred to one.
Of characters taken out of sound text, one byte known, 31 % are found again so and under 1 % found wrongly."""
MARGIN_UNKNOWN = 10.0
"""The same where no byte of the character is known."""
AROUND = 4
"""Chinese characters on either side with which a lost one is tried."""
_BEFORE, _AFTER = re.compile(f"[\u3400-\u9fff]{{0,{AROUND}}}\\Z"), re.compile(f"[\u3400-\u9fff]{{0,{AROUND}}}")


def the_one_that_fits(left: str, candidates: str, right: str, margin: float = MARGIN) -> str:
    """The one candidate that makes a word with its neighbours; empty where none does, or several do.

    >>> the_one_that_fits("联合", "围国困固", "教科文")
    '国'
    """
    here, there = neighbours(left, right)
    if (not here and not there) or is_number(left[-1:]) or is_number(right[:1]):
        return ""
    by_simple = _by_simple(candidates)
    ranked = ranking(here, candidates, there)
    if not ranked or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < margin):
        return ""
    price, char = ranked[0]
    alone = cheapest(here) + cost(char) + cheapest(there)
    return by_simple[char] if alone - price >= margin and not is_number(char) else ""


def neighbours(left: str, right: str) -> tuple[str, str]:
    """The Chinese characters at the end of the one text and the beginning of the other, in simplified script."""
    before, after = _BEFORE.search(left), _AFTER.match(right)
    return "".join(map(simple, before[0] if before else "")), "".join(map(simple, after[0] if after else ""))


@lru_cache(maxsize=2_048)
def ranking(before: str, candidates: str, after: str) -> tuple[tuple[float, str], ...]:
    """The two cheapest candidates between two texts in simplified script, with the cost of all three together."""
    lefts = {before[len(before) - n :]: cheapest(before[: len(before) - n]) for n in range(len(before) + 1)}
    rights = {after[:n]: cheapest(after[n:]) for n in range(len(after) + 1)}
    alone = lefts[""] + rights[""]
    known = _by_simple(candidates)
    best = {char: alone + cost(char) for char in _cheapest_alone(candidates)}
    for char, price in _in_words(lefts, rights):
        if char in known and price < best.get(char, alone + cost(char)):
            best[char] = price
    return tuple(nsmallest(2, ((price, char) for char, price in best.items())))


@lru_cache(maxsize=1_024)
def _by_simple(candidates: str) -> Mapping[str, str]:
    """The candidates under their simplified forms."""
    return {simple(char): char for char in reversed(candidates)}


@lru_cache(maxsize=1_024)
def _cheapest_alone(candidates: str) -> Sequence[str]:
    """The two candidates that cost least where they make no word."""
    return nsmallest(2, sorted(_by_simple(candidates)), key=cost)


def _in_words(lefts: Mapping[str, float], rights: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Every character that makes a word with one of the beginnings and one of the ends, and what all cost together."""
    known = words()
    for left, price in lefts.items():
        if left:
            for word in _beginning_with(left):
                rest = word[len(left) + 1 :]
                if len(word) > len(left) and rest in rights:
                    yield word[len(left)], price + known[word] + rights[rest]
    for right, price in rights.items():
        if right:
            for char in _completed_by().get(right, ""):
                yield char, lefts[""] + known[char + right] + price


def _beginning_with(start: str) -> Sequence[str]:
    ordered = _in_order()
    return ordered[bisect_left(ordered, start) : bisect_left(ordered, start + "\uffff")]


@cache
def _in_order() -> Sequence[str]:
    return sorted(words())


@cache
def _completed_by() -> Mapping[str, str]:
    """The characters that make a word with what follows them."""
    return of_dictionary("completions", _completions)


def _completions() -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words():
        if 1 < len(word) <= AROUND + 1:
            found[word[1:]] = found.get(word[1:], "") + word[0]
    return found


def inside_word(left: str, right: str) -> str:
    """The one character between two that makes a word with both; empty without one. Nothing of it need be known.

    >>> inside_word("联合国教", "文组织")
    '科'
    """
    here, there = neighbours(left, right)
    if not here or not there:
        return ""
    return the_one_that_fits(left, _daily(), right, MARGIN_UNKNOWN)


@cache
def _daily() -> str:
    """The characters of daily use, in simplified script."""
    return "".join(word for word in words() if len(word) == 1 and rank(word) == 1)


def is_number(char: str) -> bool:
    """True for digits and for Chinese numerals (三, 百, 亿): they are never guessed, nor is what stands beside them."""
    return bool(char) and unicodedata.numeric(char, None) is not None
