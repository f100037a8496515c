"""Finds the lines that may hold text read one byte off, at next to no cost for sound text.

A run that is read off by one is full of characters that news does not use. Each such character is looked at closer
only if it and its neighbours, read one byte later, make common characters that go together; only then is its line
cut anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from hkextract.clean.byteshift import Repair
from hkextract.clean.gbk import DoubleByte, double_byte
from hkextract.clean.odd import crowded, odd_places
from hkextract.clean.plausible import PUNCTUATION, is_common, pair_score, score
from hkextract.clean.realign import realigned
from hkextract.clean.slots import MARKED

NAMES = ("gb18030", "big5hkscs")
PROMISING = 1.5
"""How much better the neighbourhood of an odd character must read one byte later, for its line to be looked at."""
FAILURES, CHARS_A_FAILURE = 40, 400
"""Lines that are looked at in vain before the rest of a text is believed: so many, and one more for so many
characters. The limit keeps the time linear on a text of nothing but rare characters."""
NEAR = 10
"""Characters on either side of an odd one that are cut anew before its whole line is."""
LONGEST_LINE = 1_200
"""Characters of a line that are cut anew at once; a run ends at an ASCII character or a full stop long before."""
USUAL = 0.75
"""Share of the characters of a repair that must be in daily use."""
STRANGER = 2.0
"""What each strange character counts for a repair beside a mark of loss."""
_HANZI = re.compile("[\u3400-\u9fff]")
_OUTSIDE = re.compile("[\ufffd\ue000-\uf8ff]")


def plain_shifts(chars: str, known: bool, swallows: bool) -> Iterable[Repair]:
    """The repairs of all runs that are read one byte off, found from the odd characters of a text.

    In a text that is `known` to be damaged, and around a mark of loss, less is needed; `swallows` is explained at
    `realign.realigned`.
    """
    end = 0
    failures = FAILURES + len(chars) // CHARS_A_FAILURE
    known = known or any(mark in chars for mark in MARKED)
    close = frozenset(crowded(chars))
    if not known and not close:
        return
    for at in odd_places(chars):
        if at < end or not (known or (at in close and any(promises(chars, at, double_byte(name)) for name in NAMES))):
            continue
        found: list[Repair] = []
        start, stop = _line(chars, at, end)
        if known or _best_of_both(chars[max(start, at - NEAR) : min(stop, at + NEAR)], swallows):
            end = stop
            found = _best_of_both(chars[start:end], swallows, known)
        for repair in found:
            yield Repair(start + repair.start, start + repair.end, repair.new, repair.lost)
        known = known or bool(found)
        failures -= not found
        if not failures:
            return


def promises(chars: str, at: int, encoding: DoubleByte) -> bool:
    """True where the characters around a place, read one byte later, make characters that go together better."""
    codes = encoding.codes
    if chars[at] < "\x80":
        at -= 1
    if chars[at] not in codes:
        return False
    start, end = at, at + 1
    while start > at - 2 and start and chars[start - 1] in codes:
        start -= 1
    while end < at + 3 and end < len(chars) and chars[end] in codes:
        end += 1
    shown = chars[start:end]
    data = b"".join(codes[char] for char in shown)
    read = "".join(encoding.chars.get((data[n], data[n + 1]), "\x00") for n in range(1, len(data) - 1, 2))
    following = chars[end : end + 1]
    if "@" <= following <= "~":
        read += encoding.chars.get((data[-1], ord(following)), "\x00")
    usual = sum(1 for char in read if char in PUNCTUATION or is_common(char))
    return 0 < len(read) <= 2 * usual and score(read) / len(read) - score(shown) / len(shown) > PROMISING / 2


def _line(chars: str, at: int, before: int) -> tuple[int, int]:
    start = max(before, chars.rfind("\n", before, at) + 1, at - LONGEST_LINE // 2)
    end = chars.find("\n", at)
    return start, min(end if end >= 0 else len(chars), start + LONGEST_LINE)


def _best_of_both(line: str, swallows: bool, known: bool = False) -> list[Repair]:
    best: list[Repair] = []
    top = 0.0
    for name in NAMES:
        encoding = double_byte(name)
        found = list(_in_stretches(line, encoding, swallows, known))
        gain = sum(_gain(line, repair) for repair in found)
        if gain > top:
            best, top = found, gain
    return best


def _in_stretches(line: str, encoding: DoubleByte, swallows: bool, known: bool) -> Iterator[Repair]:
    """The repairs between the characters that the encoding has not; none in a line with hanzi that it has not."""
    start = 0
    codes = encoding.codes
    foreign = set()
    for char in set(line):
        if char >= "\x80" and char not in codes and char not in MARKED:
            if _HANZI.match(char):
                return
            foreign.add(char)
    for end in (*(at for at, char in enumerate(line) if char in foreign), len(line)):
        if end > start:
            for repair in realigned(line[start:end], encoding, swallows, known):
                if _reads(line, start + repair.start, repair.new, start + repair.end, known):
                    yield Repair(start + repair.start, start + repair.end, repair.new, repair.lost)
        start = end + 1


def _reads(line: str, start: int, new: str, end: int, sure: bool) -> bool:
    """True where nearly all characters of a repair are in daily use; one character alone must make a word, or
    be a mark in a text that is damaged for sure, or stand beside a mark of loss in the place of stranger ones."""
    known = [char for char in new if char != "\ufffd"]
    usual = sum(1 for char in known if char in PUNCTUATION or is_common(char))
    if usual < USUAL * len(known):
        return False
    if not MARKED.isdisjoint(line[start:end]) and _strange(line[start:end]) > len(known) - usual:
        return True
    if sure and any(char in PUNCTUATION for char in known):
        return True
    around = line[max(0, start - 1) : start] + new + line[end : end + 1]
    return len(known) > 1 or any(pair_score(first, second) for first, second in pairwise(around))


def _strange(text: str) -> int:
    """The characters that are neither in daily use nor marks of news nor signs of loss; ASCII after Chinese is."""
    return sum(
        1
        for before, char in pairwise(" " + text)
        if char not in MARKED
        and char not in PUNCTUATION
        and not is_common(char)
        and (char >= "\x80" or (before >= "\x80" and not char.isdigit()))
    )


def _gain(line: str, repair: Repair) -> float:
    before, after = line[repair.start - 1 : repair.start], line[repair.end : repair.end + 1]
    shown = line[repair.start : repair.end]
    marks = sum(char in MARKED for char in shown)
    old, new = _OUTSIDE.sub("", shown), repair.new.replace("\ufffd", "")
    price = max(0, repair.lost - marks) - STRANGER * _strange(shown) * (marks > 0)
    return score(before + new + after) - score(before + old + after) - price
