"""The characters of GBK and their two bytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

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


@cache
def gbk_codes() -> Mapping[str, bytes]:
    """The two bytes of every character of GBK, private-use ones included, in each of the mappings that are in use."""
    found: dict[str, bytes] = {}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            code = bytes((lead, trail))
            for mapping in ("gb18030", "gbk"):
                char = code.decode(mapping, "ignore")
                if len(char) == 1:
                    found.setdefault(char, code)
    return found | _NEWER
