"""Characters that have no business in a text: private-use characters, HTML entities."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.gbk import private_pair
from hkextract.clean.simplify import script_of
from hkextract.rules import Words

ESCAPED = 4
"""Times that an entity may have been escaped (&amp;amp;nbsp;)."""
_WORD = re.compile("[\u3400-\u9fffA-Za-z0-9]")
_HANZI = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def private_use(chars: str, pattern: re.Pattern[str], known: Words) -> Iterable[Repair]:
    """Private-use characters: those of GB18030's and, in traditional text, of Hong Kong's character set are written as
    Unicode has them; within words others are lost and marked; elsewhere (icons of a web font) they are dropped."""
    traditional: bool | None = None
    for match in pattern.finditer(chars):
        new, lost = "", 0
        before, after = chars[match.start() - 1 : match.start()], chars[match.end() : match.end() + 1]
        inside = bool(_WORD.match(before) and _WORD.match(after))
        for char in match[0]:
            if mapped := known.category(char):
                new += mapped
                continue
            if traditional is None:
                traditional = script_of(chars) == "hant"
            beside = bool(_HANZI.match(before) or _HANZI.match(after))
            if traditional and beside and (mapped := hong_kong(char)):
                new += mapped
            elif inside:
                new += REPLACEMENT
                lost += 1
        yield Repair(match.start(), match.end(), new, lost)


def hong_kong(char: str) -> str:
    """The Unicode character for a private-use one of the Hong Kong Supplementary Character Set; empty if it has none.

    >>> hong_kong("\\ue11a")
    '峯'
    """
    pair = private_pair(ord(char))
    try:
        found = pair.decode("big5hkscs")
    except UnicodeDecodeError:
        return ""
    return found if _HANZI.fullmatch(found) else ""


def entities(chars: str, pattern: re.Pattern[str]) -> Iterable[Repair]:
    """HTML entities that were left in a text, escaped once or more, read as a browser reads them; what is none stays.

    One that stands for a control character or an invisible one is dropped, for a line break becomes one.
    """
    for match in pattern.finditer(chars):
        text = match[0].replace("＆", "&").replace("；", ";")
        new = _unescaped(text if text.endswith(";") else text + ";")
        if (new.startswith("&") and new != "&") or len(new) > 2 or "\ud800" <= new <= "\uf8ff":
            continue
        if unicodedata.category(new[0]) in ("Cc", "Cf"):
            new = "\n" if new in ("\n", "\x0b", "\x0c", "\x85") else " " if new == "\t" else ""
        yield Repair(match.start(), match.end(), new, new.count(REPLACEMENT))


def _unescaped(text: str) -> str:
    for _ in range(ESCAPED):
        new = html.unescape(text)
        if new == text or new == "&":
            return new
        text = new
    return text
