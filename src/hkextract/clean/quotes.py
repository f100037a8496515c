"""Quotation marks and brackets of a line: which of them wait for a partner?"""

from __future__ import annotations

import re

WINDOW = 500
"""Characters of a line on either side of a mark in which its partner is looked for."""
_PARTNER = 2.0

_PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("「", "」"), ("『", "』"), ("〈", "〉"), ("【", "】"))
_OPENING = dict(_PAIRS)
_QUOTES = re.compile("[" + "".join(a + b for a, b in _PAIRS) + "]")
_CLOSING = {closing: opening for opening, closing in _PAIRS}


def balance(chars: str, start: int, end: int, mark: str) -> float:
    """What the quotation marks of the line say of a mark put between `start` and `end`: does it have its partner?"""
    if mark in _CLOSING:
        line = chars.rfind("\n", max(0, start - WINDOW), start) + 1
        return _PARTNER if awaited(chars[max(line, start - WINDOW) : start]) == mark else -_PARTNER
    if mark in _OPENING:
        rest = chars[end : end + WINDOW].partition("\n")[0]
        found = re.search(f"[{mark}{_OPENING[mark]}]", rest)
        return _PARTNER if found and found[0] != mark else 0.0
    return 0.0


def awaited(line: str) -> str:
    """The closing mark that the last open opening mark of a line waits for."""
    opened: list[str] = []
    for char in _QUOTES.findall(line):
        if char in _OPENING:
            opened.append(_OPENING[char])
        elif char in opened[-8:]:
            while opened.pop() != char:
                pass
    return opened[-1] if opened else ""
