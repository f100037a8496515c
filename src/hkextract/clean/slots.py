"""The bytes of a stretch of text in an encoding of two bytes a character, and the pieces into which they are cut."""

from __future__ import annotations

from dataclasses import dataclass

from hkextract.clean.byteshift import REPLACEMENT
from hkextract.clean.gbk import DoubleByte

KNOWN = 3.0
"""By how much less halves cost in a text that is known to be damaged."""
MARKED = frozenset(REPLACEMENT + "\uf8f5\uf8f8")
"""What stands for bytes that a reader could not read: U+FFFD, and FF in Microsoft's mappings."""
NO_BYTE = -1
EURO = 0x80
"""What the byte 80 alone is read as: in Microsoft's GBK it is the euro sign."""

Half = tuple[int, int]
"""The bytes of a character of which one is lost: (lead, -1), (-1, trail), or (-2, byte) for either."""


class Bytes:
    """The bytes of a stretch of text: two places for U+FFFD, which may be one byte or two, one for ASCII."""

    __slots__ = ("chars", "discount", "edges", "encoding", "slots")

    def __init__(self, chars: str, encoding: DoubleByte, known: bool = False) -> None:
        self.chars = chars
        self.encoding = encoding
        self.discount = KNOWN if known else 0.0
        self.slots: list[int] = []
        self.edges: dict[int, int] = {}
        for at, char in enumerate(chars):
            self.edges[len(self.slots)] = at
            if char < "\x80":
                self.slots.append(ord(char))
            elif char in MARKED:
                self.slots += (NO_BYTE, NO_BYTE)
            elif char == "€" and encoding.name == "gb18030":
                self.slots.append(EURO)
            else:
                self.slots += encoding.codes[char]
        self.edges[len(self.slots)] = len(chars)

    def char(self, at: int) -> str:
        """The character of the two bytes from `at`: as it is shown, where they stand together there; else empty."""
        if at + 1 >= len(self.slots) or self.slots[at] < 0x80 or self.slots[at + 1] < 0x40:
            return ""
        if self.is_shown(at):
            return self.chars[self.edges[at]]
        return self.encoding.chars.get((self.slots[at], self.slots[at + 1]), "")

    def is_shown(self, at: int) -> bool:
        """True where the two bytes from `at` are one character of the text as it stands."""
        shown = self.edges.get(at)
        return shown is not None and self.edges.get(at + 2) == shown + 1


@dataclass(slots=True)
class Piece:
    """A step of the best way, from slot `start` to `end`; `half` is what is known of a character that lost a byte."""

    start: int
    end: int
    text: str
    half: Half | None
