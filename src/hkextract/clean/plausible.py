"""How much a stretch of characters looks like Chinese news: the judge between a text and its candidate repairs.

What is common comes from two sources: the first level of GB2312 (3,755 characters in daily use) and the frequencies
of jieba's dictionary. Both are in simplified script, so every text is converted before it is judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from math import log10
from pathlib import Path

from hkextract.clean.simplify import to_simplified

PUNCTUATION = frozenset("。，、；：！？“”‘’《》〈〉「」『』【】（）…—·～\u3000,.:;!?()%\"'/ -+&")
"""Marks that news uses between characters; any other symbol counts as strange."""
_PAIR = 0.8
_SINGLE = 0.2
_RARE, _VERY_RARE, _STRANGE, _LETTER = -1.2, -3.0, -5.0, -0.7
_HANZI = re.compile("[\u3400-\u9fff]")


def score(text: str) -> float:
    """The plausibility of a text: pairs of characters that words hold count for it, rare ones and symbols against.

    Only the scores of two readings of one place can be compared. Real news has 0.5 to 1.5 a character; bytes read
    off by one have -1 to -3.
    """
    simple = to_simplified(text)
    pairs = frequencies()
    total = sum(map(_weight, simple))
    for first, second in pairwise(simple):
        if found := pairs.get(first + second):
            total += _PAIR * min(log10(1 + int(found)), 4.0)
    return total


@cache
def _weight(char: str) -> float:
    if char in PUNCTUATION or char.isdigit():
        return 0.0
    if char < "\x80":
        return _LETTER if char.isalnum() or char in "\r\n\t" else 3 * _LETTER
    level = rank(char)
    if level == 1:
        return max(-0.6, min(0.6, _SINGLE * (log10(1 + frequency(char)) - 3.0)))
    return _RARE if level == 2 else _VERY_RARE if _HANZI.match(char) else _STRANGE


@cache
def rank(char: str) -> int:
    """1 for a character of daily use, 2 for one of the second level of GB2312, else 0; simplified script only."""
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0
    return 1 if 0xB0 <= lead <= 0xD7 else 2 if 0xD8 <= lead <= 0xF7 else 0


def is_common(char: str) -> bool:
    """True for a character of daily use in either script."""
    return rank(to_simplified(char)) == 1


@cache
def frequencies() -> Mapping[str, str]:
    """The words of one and two characters of jieba's dictionary with their counts, as in its file (read in 0.2 s)."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        return {}
    words = Path(spec.submodule_search_locations[0], "dict.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([^ ]{1,2}) (\d+)", words, re.MULTILINE))


def pair_frequency(first: str, second: str) -> int:
    """The dictionary's count for two characters in a row, in either script."""
    return int(frequencies().get(to_simplified(first + second), 0))


def frequency(char: str) -> int:
    """The dictionary's count of a character as a word of its own, in either script."""
    return int(frequencies().get(to_simplified(char), 0))


def completes(left: str, candidates: list[str], at_least: int = 50, share: float = 0.9) -> str:
    """The one candidate that makes a word with the single character at the end of `left`; empty where none stands out.

    A candidate stands out that holds `share` of all counts of the candidates' words, and at least `at_least` of them;
    where the end of `left` is a word of its own (the dictionary's cut says so), nothing is completed.
    """
    import rjieba

    if not left or not _HANZI.match(left[-1]):
        return ""
    tokens = rjieba.cut(to_simplified(left[-12:]), hmm=False)
    if len(tokens[-1]) != 1:
        return ""
    counts = {char: pair_frequency(left[-1], char) for char in candidates}
    total = sum(counts.values())
    best = max(counts, key=lambda char: counts[char], default="")
    return best if best and counts[best] >= max(at_least, share * total) else ""
