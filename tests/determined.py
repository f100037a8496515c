"""Which characters of a text with lost bytes the bytes determine: a yardstick that knows nothing of the program.

Every way to cut the bytes that are shown into characters, ASCII and lone halves is counted, with a plain price: each
character outside daily use is 1 (news has one in 300), each lone half that nothing shows is `LOSS`. A character is
determined if every way that does not read it costs more than the true one; else another reading is as likely, or
likelier, and no reader could know. `LOSS` is 3, because sound text must not be touched: three rare characters in a row
stand by chance once in 27 million characters, two once in 90,000, which is every hundredth article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from opencc import OpenCC

LOSS = 3
MARK = -1
"""The slot of a sign of loss (U+FFFD, a private-use sign)."""
_SIGNS = frozenset("，。、；：？！“”‘’《》〈〉（）「」『』【】—…·％～　")
_TO_SIMPLIFIED = OpenCC("t2s")
_NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Slot:
    """A byte as it is shown (`MARK`: a sign of loss), and the place of its character in the sound text (-1: none)."""

    byte: int
    place: int


@cache
def price(char: str) -> int:
    """0 for a Chinese character of daily use (first level of GB2312, in either script) or an ordinary mark, else 1."""
    if char in _SIGNS or "\uff10" <= char <= "\uff5a":
        return 0
    try:
        lead = _TO_SIMPLIFIED.convert(char).encode("gb2312")[0]
    except UnicodeEncodeError:
        return 1
    return int(not 0xB0 <= lead <= 0xD7)


def determined(slots: Sequence[Slot], encoding: str) -> frozenset[int]:
    """The places of the sound text whose characters the slots determine.

    >>> determined([Slot(0xB9, 0), Slot(0xFA, 0)], "gb18030")  # 国 in GBK, which nothing speaks against
    frozenset({0})
    """
    steps = [_steps(slots, at, encoding) for at in range(len(slots))]
    before = [0] + [_NEVER] * len(slots)
    for at, here in enumerate(steps):
        for size, cost in here:
            before[at + size] = min(before[at + size], before[at] + cost)
    after = [_NEVER] * len(slots) + [0]
    for at in range(len(slots) - 1, -1, -1):
        after[at] = min(cost + after[at + size] for size, cost in steps[at])
    true = _true_cost(slots, steps)
    found = set()
    for at, (first, second) in enumerate(pairwise(slots)):
        if first.place != second.place or first.place < 0:
            continue
        others = [
            before[start] + cost + after[start + size]
            for start in (at - 1, at, at + 1)
            if 0 <= start < len(slots)
            for size, cost in steps[start]
            if start + size > at and (start, size) != (at, 2)
        ]
        if min(others) > true:
            found.add(first.place)
    return frozenset(found)


def _steps(slots: Sequence[Slot], at: int, encoding: str) -> list[tuple[int, int]]:
    """What can begin at a slot: its size in slots and its price."""
    byte = slots[at].byte
    following = slots[at + 1].byte if at + 1 < len(slots) else 0x20
    if byte == MARK:
        return [(1, 0)]
    if byte < 0x80:
        alone = byte > 0x40 and at > 0 and slots[at - 1].byte >= 0x80 and following >= 0x80
        return [(1, int(alone))]
    shown = (at and slots[at - 1].byte == MARK) or following < 0x80
    found = [(1, 0 if shown else LOSS)]
    if following >= 0x40 and (char := _pair(byte, following, encoding)):
        found.append((2, price(char)))
    return found


@cache
def _pair(first: int, second: int, encoding: str) -> str:
    char = bytes((first, second)).decode(encoding, "ignore")
    return char if len(char) == 1 and char > "\x7f" else ""


def _true_cost(slots: Sequence[Slot], steps: Sequence[Sequence[tuple[int, int]]]) -> int:
    total = at = 0
    while at < len(slots):
        whole = slots[at].place >= 0 and slots[at].place == (slots[at + 1].place if at + 1 < len(slots) else -1)
        size = 2 if whole else 1
        total += next((cost for length, cost in steps[at] if length == size), LOSS)
        at += size
    return total
