"""Classic mojibake: UTF-8 bytes that were read as GBK or as Latin-1 (cp1252)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.plausible import score

LEAST = 6
"""Bytes of UTF-8 that a stretch must hold; two characters can be valid UTF-8 by chance."""

_LOST = "锟斤拷"
_HANZI = re.compile("[\u3400-\u9fff]")
_CP1252_GAPS = {chr(code): bytes((code,)) for code in range(0x80, 0xA0)}


def mojibake(chars: str, pattern: re.Pattern[str]) -> Iterable[Repair]:
    """Stretches whose bytes are UTF-8 through and through once the wrong reading is undone, and read better so.

    Two lost characters read as GBK (锟斤拷) are marked as two lost characters.
    """
    for match in pattern.finditer(chars):
        if set(match[0]) <= set(_LOST):
            lost = 2 * (len(match[0]) // len(_LOST))
            yield Repair(match.start(), match.end(), REPLACEMENT * lost, lost)
        elif new := _undone(match[0]):
            yield Repair(match.start(), match.end(), new)


def _undone(text: str) -> str:
    for encode in (_as_cp1252, _as_gbk):
        data = encode(text)
        if data is None or len(data) < LEAST:
            continue
        try:
            found = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if found == text or not _HANZI.search(found) or "\ufffd" in found:
            continue
        again = _undone(found)
        if score(again or found) > score(text) + 1.0:
            return again or found
    return ""


def _as_gbk(text: str) -> bytes | None:
    try:
        return text.encode("gb18030")
    except UnicodeEncodeError:
        return None


def _as_cp1252(text: str) -> bytes | None:
    if text[:1] > "\u02ff" and not text.startswith(("\u20ac", "\u201c", "\u201d", "\u2018", "\u2019")):
        return None
    found = bytearray()
    for char in text:
        try:
            found += char.encode("cp1252")
        except UnicodeEncodeError:
            if char not in _CP1252_GAPS:
                return None
            found += _CP1252_GAPS[char]
    return bytes(found)
