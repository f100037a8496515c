"""Spaces that recognition of print puts between all characters (香 港 科 技 园), and those that tools for corpora put
between all words (香港 的 科技园 ， 今年 开放 。): dropped.

Chinese has spaces that mean something: between names, in tables, verse, headings. A run of single characters is
joined only where the result is made of words of more than one character. A line is joined as a whole where words of
grammar and marks stand alone in it (的, 了, ，), which they do in no list of names and in no table.
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
TOKENS, GRAMMAR, MEAN = 6, 2, 2.2
"""A line of words with spaces between them has so many at least, so many of them marks or words of grammar (and one in
ten), and on the average at most so many Chinese characters a word."""
WHOLE = 0.6
"""Share of a text's Chinese characters in such lines from which its short lines are taken for the same."""
_CHINESE = "\u3001-\u303f\u3400-\u9fff\uff01-\uff5e“”‘’—…·"
_BETWEEN = re.compile(
    f"(?<=[{_CHINESE}])[ \u00a0\u3000]{{1,2}}(?=[^\\s])|(?<=[^\\s])[ \u00a0\u3000]{{1,2}}(?=[{_CHINESE}])"
)
_MARKS = re.compile("[\u3001-\u303f\uff01-\uff0f\uff1a-\uff20“”‘’—…,.:;?!()%\"'-]+")
_SPACE = re.compile("[ \u00a0\u3000]")
_ALONE = re.compile("[ \u00a0\u3000][\u3400-\u9fff][ \u00a0\u3000]")
_HANZI = re.compile("[\u3400-\u9fff]")


def joined(chars: str, pattern: re.Pattern[str], alone: Words) -> Iterable[Repair]:
    """The spaces of runs of spaced characters and of lines of spaced words, one repair each. `alone` lists what stands
    apart in sound text: characters that count and choose (`enumerator`), family names (`surname`); and the words of
    grammar that stand in sentences only (`grammar`)."""
    if not _ALONE.search(chars):
        return
    lines = [match.span() for match in re.finditer("[^\n]+", chars)]
    spaced = {line for line in lines if len(chars[line[0] : line[1]].split()) >= SHORTEST}
    whole = {line for line in spaced if _is_segmented(chars[line[0] : line[1]], alone) and not _is_verse(chars, *line)}
    if whole and sum(end - start for start, end in whole) >= WHOLE * len(chars):
        whole = {line for line in lines if not _is_verse(chars, *line)}
    for line in lines:
        if line in whole:
            yield from _dropped(chars, *line, _BETWEEN)
        elif line in spaced:
            yield from _runs(chars, *line, pattern, alone)


def _dropped(chars: str, start: int, end: int, spaces: re.Pattern[str]) -> Iterator[Repair]:
    return (Repair(space.start(), space.end(), "") for space in spaces.finditer(chars, start, end))


def _is_segmented(line: str, alone: Words) -> bool:
    """True for a line in which all words, or all characters, have spaces between them."""
    tokens = line.split()
    sizes = [size for token in tokens if (size := len(_HANZI.findall(token)))]
    if len(tokens) < TOKENS or not sizes or sum(sizes) > MEAN * len(sizes):
        return False
    grammar = sum(1 for token in tokens if _MARKS.fullmatch(token) or alone.category(simple(token)) == "grammar")
    return grammar >= max(GRAMMAR, 0.1 * len(tokens))


def _runs(chars: str, start: int, end: int, pattern: re.Pattern[str], alone: Words) -> Iterator[Repair]:
    """The spaces of the spaced characters of a line, where they make words."""
    for match in pattern.finditer(chars, start, end):
        text = _SPACE.sub("", match[0])
        hanzi = [simple(char) for char in text if _HANZI.match(char)]
        if len(hanzi) < SHORTEST or _enumerates(hanzi, alone) or _is_verse(chars, match.start(), match.end()):
            continue
        if _share_in_words("".join(map(simple, text))) >= IN_WORDS:
            yield from _dropped(chars, match.start(), match.end(), _SPACE)


def _enumerates(hanzi: list[str], alone: Words) -> bool:
    counted = sum(1 for char in hanzi if alone.category(char) == "enumerator")
    named = all(alone.category(char) == "surname" for char in hanzi[::2])
    return counted >= 0.5 * len(hanzi) or named


def _is_verse(chars: str, first: int, stop: int) -> bool:
    """True where the stretch is a line, and the line before or after it has as many characters, spaced alike."""
    start = chars.rfind("\n", 0, first) + 1
    end = chars.find("\n", stop)
    end = end if end >= 0 else len(chars)
    tokens = len(chars[start:end].split())
    if tokens not in VERSE or chars[start:end].strip() != chars[first:stop].strip():
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
