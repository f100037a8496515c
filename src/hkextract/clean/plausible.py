"""How much a stretch of characters looks like Chinese news: the judge between a text and its candidate repairs.

What is common comes from two sources: the first level of GB2312 (3,755 characters in daily use) and the frequencies
of jieba's dictionary. Both are in simplified script, so every text is converted before it is judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from math import log10
from pathlib import Path

from hkextract.clean.simplify import to_simplified
from hkextract.kept import Kept

PUNCTUATION = frozenset("。，、；：！？“”‘’《》〈〉「」『』【】（）…—·～∶％\u3000,.:;!?()%\"'/ -+&")
"""Marks that news uses between characters; any other symbol counts as strange."""
FUNCTION_WORD = 50_000
"""The dictionary's count from which a single character is a word of its own nearly always (的, 在, 有)."""
LEAST, SHARE = 50, 0.9
"""A word is put together again if it has this count, and this share of the counts of all words that would fit."""
_PAIR = 0.8
_SINGLE = 0.2
_RARE, _VERY_RARE, _STRANGE, _LETTER = -1.2, -3.0, -5.0, -0.7
_NEWS = re.compile("[\u00a0-\u036f\u2000-\u206f\u2190-\u21ff\u2460-\u24ff\u25a0-\u25ff\uff00-\uff5e℃㎡№]")
_HANZI = re.compile("[\u3400-\u9fff]")


def score(text: str) -> float:
    """The plausibility of a text: pairs of characters that words hold count for it, rare ones and symbols against.

    Only the scores of two readings of one place can be compared. Real news has 0.5 to 1.5 a character; bytes read
    off by one have -1 to -3.
    """
    return sum(map(weight, text)) + sum(pair_score(first, second) for first, second in pairwise(text))


@cache
def weight(char: str) -> float:
    """What a character alone counts for the plausibility of a text that holds it."""
    return _weight(_simple(char))


@lru_cache(maxsize=65_536)
def pair_score(first: str, second: str) -> float:
    """What two characters in a row count, on top of each alone."""
    return _PAIR * min(log10(1 + pair_frequency(first, second)), 4.0)


@cache
def _simple(char: str) -> str:
    return to_simplified(char)


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


@cache
def is_letter_of_news(char: str) -> bool:
    """True for the symbols that news uses beside punctuation: arrows, circled numbers, forms, full width, ℃ ㎡ №."""
    return _NEWS.match(char) is not None


@cache
def is_common(char: str) -> bool:
    """True for a character of daily use in either script."""
    return rank(to_simplified(char)) == 1


@cache
def frequencies() -> Mapping[str, str]:
    """The words of one and two characters of jieba's dictionary with their counts, as in its file.

    Reading the file takes 0.2 s, so what was read is kept between runs.
    """
    kept = Kept(f"jieba {version('jieba')}")
    found = kept.get("words", "", _read_frequencies)
    kept.save()
    return found


def _read_frequencies() -> dict[str, str]:
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        return {}
    words = Path(spec.submodule_search_locations[0], "dict.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([^ ]{1,2}) (\d+)", words, re.MULTILINE))


def pair_frequency(first: str, second: str) -> int:
    """The dictionary's count for two characters in a row, in either script."""
    return int(frequencies().get(_simple(first) + _simple(second), 0))


@cache
def frequency(char: str) -> int:
    """The dictionary's count of a character as a word of its own, in either script."""
    return int(frequencies().get(to_simplified(char), 0))


def _plain(text: str) -> str:
    """A text in simplified script and without half pairs of UTF-16, which the dictionary's cut cannot take."""
    return to_simplified(text.encode("utf-8", "replace").decode("utf-8"))


def completes(left: str, candidates: list[str]) -> str:
    """The one candidate that makes a word with the single character at the end of `left`; empty where none stands out.

    Where the dictionary's cut makes the end of `left` part of a word, or one of several single characters in a row
    (a name), nothing is completed.
    """
    import rjieba

    if not left or not _HANZI.match(left[-1]):
        return ""
    tokens = rjieba.cut(_plain(left[-12:]), hmm=False)
    if len(tokens[-1]) != 1:
        return ""
    if len(tokens) > 1 and len(tokens[-2]) == 1 and rank(tokens[-2]) and frequency(tokens[-2]) < FUNCTION_WORD:
        return ""
    return _outstanding({char: pair_frequency(left[-1], char) for char in candidates})


def joins(left: str, candidates: list[str], right: str) -> str:
    """The one candidate that makes a longer word out of characters on both its sides (环境 保 护); else empty."""
    import rjieba

    if not left or not right or not _HANZI.match(left[-1]) or not _HANZI.match(right[0]):
        return ""
    before, after = _plain(left[-4:]), _plain(right[:4])
    found = []
    for char in candidates:
        at = len(before)
        for word in rjieba.cut(before + to_simplified(char) + after, hmm=False):
            at -= len(word)
            if at <= 0:
                if at + len(word) > 0 and at < -1:
                    found.append(char)
                break
    return found[0] if len(found) == 1 else ""


def _outstanding(counts: Mapping[str, int]) -> str:
    """The key that holds nearly all of the counts and is no rarity."""
    best = max(counts, key=lambda char: counts[char], default="")
    return best if best and counts[best] >= max(LEAST, SHARE * sum(counts.values())) else ""
