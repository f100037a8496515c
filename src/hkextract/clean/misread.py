"""Text of two-byte characters that was read in the wrong one of their encodings: Big5 as GBK, GBK as Big5.

Every character stands for one other, so the likeliest way through a line is looked for in which each character is
either sound or misread; to change from the one to the other costs something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from hkextract.clean.byteshift import Repair
from hkextract.clean.gbk import double_byte
from hkextract.clean.lexicon import beginnings, cheapest, cost_at, simple, words
from hkextract.clean.mojibake import holds_utf8, read_as_double_byte
from hkextract.clean.odd import NEAR, crowded, odd, odd_places
from hkextract.clean.plausible import is_common

CHANGE = 12.0
"""What it costs to pass from sound text to misread text or back, in the units of `lexicon.cost`."""
IMPOSSIBLE = 30.0
"""What a character costs that the other encoding has not."""
WORD = 4
"""Characters of the longest words that are looked up."""
AROUND = 12
"""Characters on either side of an odd one that are looked at before its line is."""
FEW = 2
"""Odd characters that a short line must have for that, and half of those that so long a stretch must have."""
USUAL = 0.9
"""Share of the Chinese characters of such a stretch that must be in daily use."""
DEAREST = 7.0
"""What its characters may cost on the average: news costs 5, bytes read wrongly 10 to 12."""
LEAST, LEAST_WITH_A_RARE = 2, 6
"""Chinese characters of the shortest stretch that counts as misread, and of one that holds a rare one."""
ODD = 0.1
"""Share of a line's Chinese characters that must be odd ones for it to be looked at: misread text has a third."""
INSIDE = 0.5
"""Share of a line's odd characters that must stand in such stretches; where most are left, a byte was lost instead."""
_HANZI = re.compile("[\u3400-\u9fff]")
NAMES = ("gb18030", "big5hkscs")
_PASSES = (("gb18030", "big5hkscs"), ("big5hkscs", "gb18030"))


def misread(chars: str) -> Iterator[Repair]:
    """The stretches of a text that were read in the wrong encoding: UTF-8 as GBK or Big5, Big5 as GBK, GBK as Big5.

    Only lines with odd characters close to one another, or before € as which a lone byte of UTF-8 is read, are looked
    at; a place at which nothing comes of it costs no more than its surroundings.
    """
    end = done = 0
    places = odd_places(chars) if "€" in chars else crowded(chars)
    for place in places:
        if place < end:
            continue
        before = chars[max(0, place - AROUND) : place].rpartition("\n")[2]
        if not _may_be(before + chars[place : place + AROUND].partition("\n")[0]):
            end = place + NEAR
            continue
        stop = chars.find("\n", place)
        stop = stop if stop >= 0 else len(chars)
        start = chars.rfind("\n", done, place) + 1 or done
        end = done = stop
        for repair in _of_line(chars[start:stop]):
            yield Repair(start + repair.start, start + repair.end, repair.new, repair.lost)


def _may_be(around: str) -> bool:
    """True where the surroundings of an odd character hold UTF-8, or as many odd ones as misread text."""
    if len(odd().findall(around)) >= FEW + FEW * (len(around) > AROUND):
        return True
    return any(holds_utf8(around, name) and any(read_as_double_byte(around, name)) for name in NAMES)


def _of_line(line: str) -> list[Repair]:
    found: list[Repair] = max((list(read_as_double_byte(line, name)) for name in NAMES), key=_size)
    strange = len(odd_places(line))
    if strange < 2 or strange < ODD * len(_HANZI.findall(line)):
        return found
    price, other = min((_best(line, _other(shown, said)) for shown, said in _PASSES), key=lambda way: way[0])
    inside = sum(len(odd().findall(line, repair.start, repair.end)) for repair in other)
    return other if price < 0 and inside >= INSIDE * strange and _size(other) > 2 * _size(found) else found


def _size(repairs: list[Repair]) -> int:
    return sum(repair.end - repair.start for repair in repairs)


@cache
def _other(shown: str, said: str) -> Mapping[str, str]:
    """The character that was meant for each that is shown."""
    meant = double_byte(said).chars
    pairs = ((char, meant.get((code[0], code[1]), "")) for char, code in double_byte(shown).codes.items())
    return {char: other for char, other in pairs if other}


def _best(line: str, other: Mapping[str, str]) -> tuple[float, list[Repair]]:
    """The misread stretches of a line, and what it costs less than the line as it stands (negative if so)."""
    meant = "".join(other.get(char, char if char < "\x80" else "\0") for char in line)
    ways = _words(line), _words(meant)
    sound = [0.0] + [1e9] * len(line)
    best = [[0.0, CHANGE]] + [[1e9, 1e9] for _ in line]
    steps = [[(0, 0), (0, 0)] for _ in range(len(line) + 1)]
    for at in range(len(line)):
        here = best[at]
        for state in (0, 1):
            if here[1 - state] + CHANGE < here[state]:
                here[state], steps[at][state] = here[1 - state] + CHANGE, (at, 1 - state)
        for state in (0, 1):
            for end, price in ways[state][at]:
                if here[state] + price < best[end][state]:
                    best[end][state], steps[end][state] = here[state] + price, (at, state)
                if not state and sound[at] + price < sound[end]:
                    sound[end] = sound[at] + price
    state = 0 if best[-1][0] <= best[-1][1] else 1
    return best[-1][state] - sound[-1], _stretches(line, meant, steps, state)


def _stretches(line: str, meant: str, steps: list[list[tuple[int, int]]], state: int) -> list[Repair]:
    """The stretches that the best way reads in the other encoding, from its last step back."""
    label = bytearray(len(line))
    at = len(line)
    while at or state:
        before, former = steps[at][state]
        label[before:at] = bytes((state,)) * (at - before)
        at, state = before, former
    runs = (match.span() for match in re.finditer(b"\x01+", label))
    found = [Repair(start, end, meant[start:end]) for start, end in runs]
    return [repair for repair in found if _is_news(repair.new)]


def _is_news(text: str) -> bool:
    """True for at least `LEAST` Chinese characters, nearly all of them in daily use and in words."""
    hanzi = _HANZI.findall(text)
    usual = sum(1 for char in hanzi if is_common(char))
    allowed = max((1 - USUAL) * len(hanzi), len(hanzi) >= LEAST_WITH_A_RARE)
    return len(hanzi) >= LEAST and len(hanzi) - usual <= allowed and cheapest(text) <= DEAREST * len(text)


def _words(text: str) -> list[list[tuple[int, float]]]:
    """For each place of a text the ends and the costs of the words that begin there."""
    known, longer = words(), beginnings()
    plain = "".join(map(simple, text))
    found: list[list[tuple[int, float]]] = []
    for at, char in enumerate(text):
        here = [(at + 1, IMPOSSIBLE if char == "\0" else cost_at(text, at))]
        two = plain[at : at + 2]
        if (price := known.get(two)) is not None and len(two) == 2:
            here.append((at + 2, price))
        if two in longer:
            ends = range(at + 3, min(at + WORD, len(text)) + 1)
            here += [(end, price) for end in ends if (price := known.get(plain[at:end])) is not None]
        found.append(here)
    return found
