"""Spaces that recognition of print puts between all characters (香 港 科 技 园): dropped.

Chinese has spaces that mean something: between names, in tables, verse, headings. A run of single characters is
joined only where the result is made of words of more than one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hkextract.clean.byteshift import Repair
from hkextract.clean.lexicon import simple, words
from hkextract.rules import Words

SHORTEST = 4
"""Chinese characters of the shortest run that is joined."""
IN_WORDS = 0.6
"""Share of the characters that must be in words of two and more; single characters in a row have 0.3 by chance."""
VERSE = (4, 5, 7)
"""Characters of the lines of verse."""
LONGEST_WORD = 4
_SPACE = re.compile("[ \u00a0\u3000]")
_ALONE = re.compile("[ \u00a0\u3000][\u3400-\u9fff][ \u00a0\u3000]")
_HANZI = re.compile("[\u3400-\u9fff]")


def joined(chars: str, pattern: re.Pattern[str], alone: Words) -> Iterable[Repair]:
    """The spaces of runs of spaced characters, one repair each. `alone` lists what stands apart in sound text:
    characters that count and choose (`enumerator`), and family names (`surname`)."""
    if not _ALONE.search(chars):
        return
    for match in pattern.finditer(chars):
        text = _SPACE.sub("", match[0])
        hanzi = [simple(char) for char in text if _HANZI.match(char)]
        if len(hanzi) < SHORTEST or _enumerates(hanzi, alone) or _is_verse(chars, match):
            continue
        if _share_in_words("".join(map(simple, text))) >= IN_WORDS:
            for space in _SPACE.finditer(match[0]):
                yield Repair(match.start() + space.start(), match.start() + space.end(), "")


def _enumerates(hanzi: list[str], alone: Words) -> bool:
    counted = sum(1 for char in hanzi if alone.category(char) == "enumerator")
    named = all(alone.category(char) == "surname" for char in hanzi[::2])
    return counted >= 0.5 * len(hanzi) or named


def _is_verse(chars: str, match: re.Match[str]) -> bool:
    """True where the run is a line, and the line before or after it has as many characters, spaced alike."""
    start = chars.rfind("\n", 0, match.start()) + 1
    end = chars.find("\n", match.end())
    end = end if end >= 0 else len(chars)
    tokens = len(chars[start:end].split())
    if tokens not in VERSE or chars[start:end].strip() != match[0].strip():
        return False
    around = (
        chars[max(0, start - 40) : max(0, start - 1)].rpartition("\n")[2],
        chars[end + 1 : end + 40].partition("\n")[0],
    )
    return any(len(line.split()) == tokens and len("".join(line.split())) <= tokens + 1 for line in around)


def _share_in_words(text: str) -> float:
    """The share of the Chinese characters of a text that the longest words from the left take up."""
    inside = sum(len(word) for word in _longest_words(text) if len(word) > 1)
    return inside / max(1, len(_HANZI.findall(text)))


def _longest_words(text: str) -> Iterator[str]:
    known = words()
    at = 0
    while at < len(text):
        size = next((n for n in range(LONGEST_WORD, 1, -1) if text[at : at + n] in known and at + n <= len(text)), 1)
        yield text[at : at + size]
        at += size
