"""Makes damaged text out of sound text, by the mechanics that damage real pages.

`shifted` searches the GBK bytes of a text for the bytes of ！ and ； and puts ! and ; in their place, at odd bytes too;
`glossed` puts pinyin behind chosen characters, where the search is by bytes also inside other characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypinyin.pinyin_dict import pinyin_dict

_FALSE = 1
"""Stands for the opening bracket of a gloss inside other characters, which the byte before it swallows."""


def reading(char: str) -> str:
    """The first reading of a character, with tone mark; empty where it has none."""
    return pinyin_dict.get(ord(char), "").split(",")[0]


def glossed(text: str, chars: Iterable[str]) -> str:
    """The text with a gloss after each of the characters given."""
    wanted = {char for char in chars if reading(char)}
    return "".join(f"{char}({reading(char)})" if char in wanted else char for char in text)


def shifted(text: str, gloss: Iterable[str] = ()) -> str:
    """The text after a replacement of bytes that minds no character's edges, with glosses put in by the same search."""
    data = flattened(text).encode("gb18030")
    replacements = {b"\xa3\xa1": b"!", b"\xa3\xbb": b";"}
    for char in gloss:
        if reading(char) and len(char.encode("gb18030")) == 2:
            replacements[char.encode("gb18030")] = b""
    return _decode(_replace(data, replacements))


def flattened(text: str) -> str:
    """Full-width commas, colons, brackets and digits as ASCII, as such pages have them."""
    return text.translate(str.maketrans("，：（）！？；", ",:()!?;"))


def _replace(data: bytes, replacements: dict[bytes, bytes]) -> bytes:
    out = bytearray()
    pattern = re.compile(b"|".join(map(re.escape, replacements)))
    at, aligned_to = 0, 0
    for match in pattern.finditer(data):
        if match.start() < at:
            continue
        aligned_to = _align(data, aligned_to, match.start())
        aligned = aligned_to == match.start()
        out += data[at : match.start()]
        at = match.end()
        if new := replacements[match[0]]:
            out += new
            continue
        gloss = f"{reading(match[0].decode('gb18030'))})".encode("utf-16-be")
        opening = b"(" if aligned else bytes((_FALSE,))
        out += match[0] + opening + b"\x02" + gloss.hex().encode() + b"\x03"
    return bytes(out + data[at:])


def _align(data: bytes, start: int, stop: int) -> int:
    """The first edge of a character at or after `stop`, walking from the edge `start`."""
    while start < stop:
        start += 1 if data[start] < 0x80 else 4 if 0x30 <= data[start + 1] <= 0x39 else 2
    return start


def _decode(data: bytes) -> str:
    """Reads GBK as a lenient reader does: a first byte before an ASCII byte is dropped, or swallows it and shows ?."""
    out: list[str] = []
    at = 0
    while at < len(data):
        byte = data[at]
        following = data[at + 1] if at + 1 < len(data) else 0x20
        if byte == 2:
            end = data.index(3, at)
            out.append(bytes.fromhex(data[at + 1 : end].decode()).decode("utf-16-be"))
            at = end + 1
        elif byte == _FALSE:
            out.append("(")
            at += 1
        elif byte <= 0x80:
            out.append(chr(byte) if byte < 0x80 else "€")
            at += 1
        elif following == _FALSE:
            out.append("?")
            at += 2
        elif 0x30 <= following <= 0x39 and len(whole := data[at : at + 4].decode("gb18030", "ignore")) == 1:
            out.append(whole)
            at += 4
        elif following < 0x40:
            at += 1
        else:
            out.append(data[at : at + 2].decode("gb18030", "replace"))
            at += 2
    return "".join(out)
