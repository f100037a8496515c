"""The characters of GBK and of Big5 (with Hong Kong's supplement) and their two bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from hkextract.kept import Kept

_NEWER = {
    "\u1e3f": b"\xa8\xbc",
    "\u01f9": b"\xa8\xbf",
    "\u303e": b"\xa9\x89",
    "\u00b7": b"\xa1\xa4",
    "\u2014": b"\xa1\xaa",
} | {
    chr(0x9FB4 + number): b"\xfe" + bytes((trail,))
    for number, trail in enumerate((0x59, 0x61, 0x66, 0x67, 0x6D, 0x7E, 0x90, 0xA0))
}
"""Characters that were private-use in GBK and have places of their own in Unicode since."""

EUDC = ((0xE000, 0xE310, 0xFA), (0xE311, 0xEEB7, 0x8E), (0xEEB8, 0xF6B0, 0x81), (0xF6B1, 0xF848, 0xC6))
"""Microsoft's places of the user-defined characters of Big5: first and last private-use code, first lead byte. A lead
byte has 157 trail bytes (40–7E, A1–FE); the last zone begins at C6A1."""
_BIG5_TRAILS = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_LATER_ZONE = _BIG5_TRAILS.index(0xA1)

_SECOND_PLACES = {(0xA2, 0xCC): "十", (0xA2, 0xCE): "卅"}
"""Characters that Big5 has twice: the places that are not written but may be read."""


def _gbk_codes() -> dict[str, bytes]:
    """The two bytes of every character of GBK, private-use ones included, in each of the mappings that are in use."""
    trails = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    return _codes(trails, "gb18030", "gbk") | _NEWER


def _big5_codes() -> dict[str, bytes]:
    """The two bytes of every character of Big5, of Hong Kong's supplement and of Microsoft's private-use places."""
    found = _codes(_BIG5_TRAILS, "big5hkscs", "cp950", "big5")
    for first, last, _ in EUDC:
        for code in range(first, last + 1):
            found.setdefault(chr(code), private_pair(code))
    return found


def private_pair(code: int) -> bytes:
    """The two bytes of Big5 that Microsoft's mapping shows as a private-use code; empty for any other code."""
    for first, last, lead in EUDC:
        if first <= code <= last:
            row, cell = divmod(code - first + (_LATER_ZONE if lead == 0xC6 else 0), len(_BIG5_TRAILS))
            return bytes((lead + row, _BIG5_TRAILS[cell]))
    return b""


def _codes(trails: tuple[int, ...], *mappings: str) -> dict[str, bytes]:
    """The codes of all characters; of two codes the one of the first mapping counts."""
    found: dict[str, bytes] = {}
    for mapping in mappings:
        for lead in range(0x81, 0xFF):
            for trail in trails:
                code = bytes((lead, trail))
                char = code.decode(mapping, "ignore")
                if len(char) == 1 and char > "\x7f" and char not in found:
                    found[char] = char.encode(mapping)  # of two places (十 in Big5) the one that is written
    return found


@dataclass(frozen=True, slots=True, eq=False)
class DoubleByte:
    """An encoding of two bytes a character: the codes as which its readers show it, and what each code says."""

    name: str
    codes: Mapping[str, bytes]
    chars: Mapping[tuple[int, int], str]
    by_lead: Mapping[int, str]
    by_trail: Mapping[int, str]
    """The common characters (of daily use, in either script) that a first or a second byte leaves open."""


@cache
def double_byte(name: str) -> DoubleByte:
    """GBK (`gb18030`) or Big5 (`big5hkscs`). To work it out takes a tenth of a second, so it is kept between runs."""
    kept = Kept(f"{name} with OpenCC {version('opencc')}")
    found = kept.get("encoding", "", lambda: _double_byte(name))
    kept.save()
    return DoubleByte(name, *found)


_Parts = tuple[dict[str, bytes], dict[tuple[int, int], str], dict[int, str], dict[int, str]]


def _double_byte(name: str) -> _Parts:
    from hkextract.clean.plausible import is_common

    codes = _big5_codes() if name == "big5hkscs" else _gbk_codes()
    chars: dict[tuple[int, int], str] = {}
    for char, (lead, trail) in codes.items():
        if not "\ue000" <= char <= "\uf8ff":
            chars.setdefault((lead, trail), char)
    for place, char in _SECOND_PLACES.items() if name == "big5hkscs" else ():
        chars.setdefault(place, char)
    common = [(lead, trail, char) for (lead, trail), char in chars.items() if is_common(char)]
    leads = _gathered((lead, char) for lead, _, char in common)
    trails = _gathered((trail, char) for _, trail, char in common)
    return codes, chars, leads, trails


def _gathered(pairs: Iterator[tuple[int, str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for byte, char in pairs:
        found[byte] = found.get(byte, "") + char
    return found
