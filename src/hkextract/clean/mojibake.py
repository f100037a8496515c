"""Classic mojibake: UTF-8 bytes that were read as GBK, as Big5 or as Latin-1 (cp1252), once or twice.

The bytes are put together again and every stretch of them that is UTF-8 is read as such. Where the wrong reader could
not read a byte, the character that it belonged to is lost and marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.gbk import double_byte
from hkextract.clean.plausible import is_common, score

BETTER = 1.0
"""How much better the undone text must read (`plausible.score`)."""
LEAST = 3
"""Characters of a stretch of GBK or Big5 in Latin-1 that is beyond doubt."""
COVERED = 0.6
"""Share of such letters that must be UTF-8 in a text."""
TWICE = 3
"""Times that a text may have been misread."""

_LOST = "锟斤拷"
_HANZI = re.compile("[\u3400-\u9fff]")
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
_MARK = b"\xff"
_WHOLE = rb"[\xe2-\xef][\x80-\xbf]{2}|[\xc2\xc3][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}"
_PART = (
    rb"[\xe2-\xef](?:[\x80-\xbf]?[\xff?]|\xff[\x80-\xbf]|[\x80-\xbf](?=[\xe2-\xef]))"
    rb"|\xff[\x80-\xbf]{1,2}"
)
_LATIN = rb"|[\xc4-\xcb][\x80-\xbf]"
"""The letters and accents of cp1252 in UTF-8 (œ, ˆ), which only text that was misread twice holds."""
_CHAR = re.compile(rb"(?P<whole>" + _WHOLE + _LATIN + rb")|" + _PART)
_HAN_BYTES = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_STRETCH = re.compile(rb"(?:" + _WHOLE + rb")(?:" + _WHOLE + rb"|" + _PART + rb")*")
_STRETCH_LOST = re.compile(rb"(?:" + _WHOLE + _LATIN + rb"|" + _PART + rb")+")


def holds_utf8(text: str, name: str) -> bool:
    """A first look: do the bytes of a text in GBK or Big5 hold a Chinese character of UTF-8?"""
    codes = double_byte(name).codes
    return _HAN_BYTES.search(b"".join([codes.get(char, _MARK) for char in text])) is not None


def read_as_double_byte(line: str, name: str) -> Iterator[Repair]:
    """Stretches of a line whose bytes in GBK (`gb18030`) or Big5 (`big5hkscs`) are UTF-8, and read better so.

    Three characters hold the bytes of two. Of an odd number of bytes the last took an ASCII character with it, which
    is given back, or could not be read, and its character is lost.
    """
    data, edges = _bytes(line, double_byte(name).codes)
    for start, end, new, rest in _stretches(data, edges, _STRETCH):
        old = line[start:end]
        if _HANZI.search(new) and score(new.replace(REPLACEMENT, "")) > score(old.replace(REPLACEMENT, "")) + BETTER:
            yield Repair(start, end, new + rest, new.count(REPLACEMENT))


def read_as_latin(chars: str, pattern: re.Pattern[str]) -> Iterable[Repair]:
    """Stretches whose cp1252 bytes are UTF-8 and hold Chinese; bytes that cp1252 has not may be lost."""
    found: list[tuple[int, int, int, str]] = []
    whole = covered = 0
    for match in pattern.finditer(chars):
        data = b"".join(_byte(char) or _MARK for char in match[0])
        edges = {at: at for at in range(len(data) + 1)}
        whole += len(data)
        for start, end, new, _ in _stretches(data, edges, _STRETCH_LOST):
            covered += end - start
            found.append((match.start(), start, end, new))
    if covered < COVERED * whole:  # GBK and Big5 read as Latin-1, in which a few pairs are UTF-8 by chance
        return
    for at, start, end, new in found:
        chinese = len(_CHINESE.findall(new))
        if chinese and chinese >= new.count(REPLACEMENT):
            yield Repair(at + start, at + end, new, new.count(REPLACEMENT))


def double_byte_as_latin(chars: str, pattern: re.Pattern[str]) -> Iterable[Repair]:
    """Stretches whose cp1252 bytes are GBK or Big5, and make common Chinese characters only.

    A single character (年 between digits) counts only in a text that has longer stretches.
    """
    found = []
    for match in pattern.finditer(chars):
        data = b"".join(map(_byte, match[0]))
        if sum(byte > 0x7F for byte in data) < 0.5 * len(data) or len(data) != len(match[0]):
            continue
        readings = [_decoded(data, name) for name in ("gb18030", "big5hkscs")]
        best = max((text for text in readings if _is_chinese(text)), key=score, default="")
        if best:
            found.append(Repair(match.start(), match.end(), best))
    return found if any(len(repair.new) >= LEAST for repair in found) else ()


def _is_chinese(text: str) -> bool:
    hanzi = _HANZI.findall(text)
    foreign = sum(1 for char in text if char > "\x7f" and not _CHINESE.match(char) and char not in "“”‘’—…·")
    return bool(text) and not foreign and sum(map(is_common, hanzi)) >= 0.8 * len(hanzi)


def lost_as_gbk(pattern: re.Pattern[str], chars: str) -> Iterable[Repair]:
    """Two lost characters read as GBK (锟斤拷), marked as two lost characters."""
    for match in pattern.finditer(chars):
        lost = 2 * (len(match[0]) // len(_LOST))
        yield Repair(match.start(), match.end(), REPLACEMENT * lost, lost)


def _bytes(line: str, codes: Mapping[str, bytes]) -> tuple[bytes, dict[int, int]]:
    """The bytes of a line, FF for what has none, and the place of the character that begins at a byte."""
    found = bytearray()
    edges = {}
    for at, char in enumerate(line):
        edges[len(found)] = at
        found += bytes((ord(char),)) if char < "\x80" else b"\x80" if char == "€" else codes.get(char, _MARK)
    edges[len(found)] = len(line)
    return bytes(found), edges


def _stretches(
    data: bytes, edges: Mapping[int, int], stretch: re.Pattern[bytes]
) -> Iterator[tuple[int, int, str, str]]:
    """The stretches of UTF-8 that begin at a character: its place and its end, what it says, and an ASCII character
    that the last of its bytes had taken with it."""
    at = 0
    while match := stretch.search(data, at):
        at = match.start() + 1
        if match.start() not in edges:
            continue
        end, rest = match.end(), ""
        while end > match.start() and end not in edges:
            if data[end] < 0x80 and end + 1 in edges and end == match.end():
                rest = chr(data[end])
                break
            end -= 1
        text = "".join(_text(part) for part in _CHAR.finditer(data, match.start(), end))
        stop = end + len(rest)
        if stop > match.start() and stop in edges:
            yield edges[match.start()], edges[stop], _again(text), rest
            at = stop


def _text(part: re.Match[bytes]) -> str:
    return _decoded(part[0], "utf-8") or REPLACEMENT if part["whole"] else REPLACEMENT


def _again(text: str) -> str:
    """The text, or what it says where it is mojibake itself (encoded twice)."""
    for _ in range(TWICE):
        found = _decoded(b"".join(map(_byte, text)), "utf-8")
        if not found or not _CHINESE.search(found):
            found = _decoded(_bytes(text, double_byte("gb18030").codes)[0], "utf-8")
        if not found or score(found) < score(text):
            return text
        text = found
    return text


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


@cache
def _byte(char: str) -> bytes:
    """The byte of a character in cp1252, or in Latin-1; FF for one that neither has."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return bytes((ord(char),)) if ord(char) < 0x100 else _MARK
