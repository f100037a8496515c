"""The bytes of a stretch of text in an encoding of two bytes a character, and the pieces into which they are cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, repeat

from hkextract.clean.byteshift import REPLACEMENT
from hkextract.clean.gbk import DoubleByte

KNOWN = 3.0
"""By how much less halves cost in a text that is known to be damaged."""
MARKED = frozenset(REPLACEMENT + "\uf8f5\uf8f8")
"""What stands for bytes that a reader could not read: U+FFFD, and FF in Microsoft's mappings."""
NO_BYTE, _MARK = -1, 0xFF
EURO = 0x80
"""What the byte 80 alone is read as: in Microsoft's GBK it is the euro sign."""

Half = tuple[int, int]
"""The bytes of a character of which one is lost: (lead, -1), (-1, trail), or (-2, byte) for either."""


class Bytes:
    """The bytes of a stretch of text: two places for U+FFFD, which may be one byte or two, one for ASCII.

    `shown` has for each place the character of the two bytes from there, as the text shows it where they stand
    together there (`standing`); empty for no character. `edges` lead from the places where a character of the text
    begins to its number.
    """

    __slots__ = ("chars", "discount", "edges", "encoding", "shown", "slots", "standing")

    def __init__(self, chars: str, encoding: DoubleByte, known: bool = False) -> None:
        self.chars = chars
        self.encoding = encoding
        self.discount = KNOWN if known else 0.0
        units = list(map(_units(encoding).__getitem__, chars))
        begins = list(accumulate(map(len, units), initial=0))
        self.edges = dict(zip(begins, range(len(chars) + 1), strict=True))
        self.slots = list(b"".join(units))
        if _MARK in self.slots:
            self.slots = [NO_BYTE if byte == _MARK else byte for byte in self.slots]
        pairs = zip(self.slots, [*self.slots[1:], NO_BYTE], strict=True)
        self.shown = list(map(encoding.chars.get, pairs, repeat("")))
        self.standing: set[int] = set()
        for place, char, unit in zip(begins, chars, units, strict=False):
            if len(unit) == 2 and char not in MARKED:
                self.shown[place] = char
                self.standing.add(place)

    def char(self, at: int) -> str:
        """The character of the two bytes from `at`: as it is shown, where they stand together there; else empty."""
        return self.shown[at] if at < len(self.shown) else ""

    def is_shown(self, at: int) -> bool:
        """True where the two bytes from `at` are one character of the text as it stands."""
        return at in self.standing


@cache
def _units(encoding: DoubleByte) -> Mapping[str, bytes]:
    """What each character takes up: its bytes, or two marks."""
    ascii_ones = {chr(byte): bytes((byte,)) for byte in range(0x80)}
    euro = {"€": bytes((EURO,))} if encoding.name == "gb18030" else {}
    return {**encoding.codes, **ascii_ones, **dict.fromkeys(MARKED, bytes((_MARK, _MARK))), **euro}


@dataclass(slots=True)
class Piece:
    """A step of the best way, from slot `start` to `end`; `half` is what is known of a character that lost a byte."""

    start: int
    end: int
    text: str
    half: Half | None
