"""Classic mojibake: UTF-8 bytes that were read as GBK or as Latin-1 (cp1252)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.gbk import gbk_codes
from hkextract.clean.plausible import score
from hkextract.read.encodings import COMMON

BETTER = 1.0
"""How much better the undone text must read (`plausible.score`)."""

_LOST = "锟斤拷"
_HANZI = re.compile("[\u3400-\u9fff]")
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
_UTF8 = re.compile(rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+")


def read_as_gbk(chars: str) -> Iterable[Repair]:
    """Stretches whose GBK bytes are UTF-8 through and through, and read better so.

    Three characters hold the bytes of two. Of an odd number of characters the last byte took an ASCII character with
    it or became ?; such a last character is lost and marked.
    """
    if not _commonest().search(chars):
        return
    for match in gbk_run().finditer(chars):
        tail = match["tail"] or ""
        data = b"".join(gbk_codes()[char] for char in match["whole"])
        found = _again(data.decode("utf-8"))
        if _HANZI.search(found) and score(found) > score(match["whole"]) + BETTER:
            yield Repair(match.start(), match.end(), found + REPLACEMENT * bool(tail), int(bool(tail)))


def read_as_latin(chars: str, pattern: re.Pattern[str]) -> Iterable[Repair]:
    """Stretches whose cp1252 bytes are UTF-8 through and through and hold Chinese."""
    for match in pattern.finditer(chars):
        data = _as_cp1252(match[0])  # a byte a character, so that offsets are the same
        for part in _UTF8.finditer(data):
            if (found := _decoded(part[0])) and (found := _again(found)) and _CHINESE.search(found):
                yield Repair(match.start() + part.start(), match.start() + part.end(), found)


def lost_as_gbk(pattern: re.Pattern[str], chars: str) -> Iterable[Repair]:
    """Two lost characters read as GBK (锟斤拷), marked as two lost characters."""
    for match in pattern.finditer(chars):
        lost = 2 * (len(match[0]) // len(_LOST))
        yield Repair(match.start(), match.end(), REPLACEMENT * lost, lost)


@cache
def _commonest() -> re.Pattern[str]:
    """The characters as which the first two bytes of common characters are read; few of them stand in sound text."""
    found = {char.encode()[:2].decode("gb18030") for char in COMMON if char > "\u2000"}
    return re.compile("[" + "".join(sorted(found)) + "]")


@cache
def gbk_run() -> re.Pattern[str]:
    """Two or more characters of Chinese in UTF-8, read as GBK: bytes E2–EF 80–BF | 80–BF E2–EF | 80–BF 80–BF …"""
    lead, trail = range(0xE2, 0xF0), range(0x80, 0xC0)
    first, second, third = (
        "[" + "".join(re.escape(char) for char, code in gbk_codes().items() if code[0] in a and code[1] in b) + "]"
        for a, b in ((lead, trail), (trail, lead), (trail, trail))
    )
    return re.compile(f"(?P<whole>(?:{first}{second}{third}){{1,400}})(?P<tail>{first}(?:[?\ufffd]|(?={first})))?")


def _again(text: str) -> str:
    """The text, or what it says where it is mojibake itself (encoded twice)."""
    found = _decoded(_as_cp1252(text))
    return found if found and _CHINESE.search(found) else text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _as_cp1252(text: str) -> bytes:
    """A byte for every character; 00 for one that cp1252 and Latin-1 do not have."""
    return b"".join(map(_byte, text))


@cache
def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return bytes((ord(char),)) if ord(char) < 0x100 else b"\0"
