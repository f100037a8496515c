"""Runs of text whose GBK bytes were read off by one, because one byte before them was lost.

How it comes about: somebody searched the bytes of a GBK page for the two bytes of a full-width mark and replaced
them with an ASCII one, and hit the second byte of one character and the first of the next: in 。“ = A1 A3 | A1 B0
the middle pair A3 A1 is the code of ！. The A1 before it stands alone and is dropped or shown as ?, and every pair
after it is read one byte off, up to the next ASCII byte, before which one more byte is left over. Pinyin glosses
that were put in by the same kind of search have the same effect. To repair a run is to put the bytes back, and to
keep the result only where it reads better than the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from math import log10

from hkextract.clean.gbk import double_byte
from hkextract.clean.gloss import is_reading, readings_by_lead
from hkextract.clean.plausible import PUNCTUATION, completes, frequency, is_common, joins, pair_frequency, score
from hkextract.clean.quotes import awaited, balance

REPLACEMENT = "\ufffd"
MARKS = {"!": b"\xa3\xa1", "！": b"\xa3\xa1", ";": b"\xa3\xbb", "；": b"\xa3\xbb"}
"""Marks that may stand for two bytes of two characters, with these bytes."""
LONGEST = 400
"""Characters of a run that are looked at; without ASCII digits, glosses or marks a run rarely passes 60."""
MARKS_INSIDE = 4
"""Marks that may be bytes of one run."""
FIRST_LOOK = 6
"""Characters of a run that are judged before the whole of it, so that a mark in sound text costs little."""
GAIN = 3.0
"""How much better a repair must read (`plausible.score`) than what stands there, about one frequent word and a half."""
GAIN_WHERE_KNOWN = 1.0
GLOSS_EVIDENCE = 5.0
"""What a gloss counts for a repair in which it names the character before it, where it does not as the text stands."""

_OPENERS = re.compile("[。、·—…‘“〈《「『【’”〉》」』】]")
"""What can follow the character whose second byte was searched: the marks of row A1 of GBK that news uses."""
_HALVES = "€?" + REPLACEMENT
"""What the byte 80 alone is read as: in Microsoft's GBK it is the euro sign, elsewhere nothing."""
_LATIN = "[A-Za-z\u00c0-\u024f\u0251\u0261\u1e3f]{1,6}"
_GLOSS = re.compile(f"[(（](?P<gloss>{_LATIN})[)）]")
_EATEN_GLOSS = re.compile(f"[?\ufffd](?P<gloss>{_LATIN})[)）]")
_SHIFTED = re.compile("[\u00e0-\u024f\u3400-\u9fff\ue000-\uf8ff]")
_GLOSSES = re.compile(f"[(（]{_LATIN}[)）]")


@dataclass(slots=True)
class Repair:
    """Characters `start:end` (half-open) of the text that are to become `new`; `lost` could not be recovered."""

    start: int
    end: int
    new: str
    lost: int = 0
    gain: float = 0.0


@dataclass(frozen=True, slots=True)
class _Ending:
    """The last character of a run: what it is, where the run ends, what was lost and how sure the ending is."""

    char: str
    end: int
    lost: int = 0
    evidence: float = 0.0


def after_mark(chars: str, at: int, known: bool = False) -> Repair | None:
    """The repair of the run after a mark at `at`, whose first byte belonged to a character that was lost before it.

    In a text that is `known` to have such runs a smaller gain is enough. Ask `may_start` first: it costs far less.
    """
    enough = GAIN_WHERE_KNOWN if known else GAIN
    mark = MARKS[chars[at]]
    best: Repair | None = None
    start = at - 1 if at and chars[at - 1] in "?\ufffd" else at
    for body, ending in _readings(chars, at + 1, mark[1:]):
        if mark[1] == 0xA1 and not _OPENERS.match(body or ending.char):
            continue
        if not _SHIFTED.search(chars, at + 1, ending.end):  # ;“(a) holds nothing that was shifted
            continue
        new = body + ending.char
        gain = _gain(chars, at + 1, ending, new) + balance(chars, start, ending.end, new[:1])
        if gain >= enough and (best is None or gain > best.gain):
            best = Repair(start, ending.end, new, ending.lost, gain)
    if best is None:
        return None
    first = lost_before(_without_glosses(chars, start), 0xA3, best.new)
    return Repair(start, best.end, first + best.new, best.lost + first.count(REPLACEMENT), best.gain)


def after_false_gloss(chars: str, match: re.Match[str]) -> Repair | None:
    """The repair of a gloss that was put into the middle of two characters: `靠?jī)?nèi)`.

    The match holds the cut place with the gloss (`?jī)`). The gloss names a character that never was: its first byte is
    the second of the character before, its second byte the first of the character that was cut.
    """
    at = match.start()
    try:
        first = chars[at - 1].encode("gbk")[1]
    except (UnicodeEncodeError, IndexError):
        return None
    best: Repair | None = None
    for false, known in readings_by_lead(first):
        if match["gloss"].lower() not in known:
            continue
        for body, ending in _readings(chars, match.end(), false.encode("gbk")[1:]):
            new = body + ending.char
            gain = _gain(chars, match.end(), ending, new, chars[at - 1]) + 0.5 * log10(1 + frequency(false))
            if gain > 0 and (best is None or gain > best.gain):
                best = Repair(at, ending.end, new, ending.lost, gain)
    return best


def at_line_end(chars: str, at: int) -> Repair | None:
    """The repair of a mark at the end of a line that stands for a full stop and the first byte of a closing mark.

    Only where an opening mark of the line waits for it; the caller must know that the text has shifted runs.
    """
    line = chars.rfind("\n", 0, at) + 1
    if MARKS[chars[at]][1] != 0xA1 or not re.match(r"[ \t\u3000\xa0]*(?:\r?\n|\Z)", chars[at + 1 : at + 20]):
        return None
    start = at - 1 if at and chars[at - 1] in "?\ufffd" else at
    closing = awaited(chars[line:at])
    first = lost_before(_without_glosses(chars, start), 0xA3, closing)
    if not closing and first == "。":
        return None
    return Repair(start, at + 1, first + (closing or "。"))


def lost_before(left: str, trail: int, right: str) -> str:
    """The character that lost its first byte: 。 (A1 A3), or the one that makes a word with its neighbours.

    Before a full stop or comma it is no full stop, and U+FFFD where nothing makes a word.
    """
    candidates = []
    for lead in range(0x81, 0xFF):
        try:
            char = bytes((lead, trail)).decode("gbk")
        except UnicodeDecodeError:
            continue
        if is_common(char):
            candidates.append(char)
    found = completes(left, candidates) or joins(left, candidates, right)
    return found or (REPLACEMENT if right[:1] in ("。", "、") else "。")


def may_start(chars: str, at: int) -> bool:
    """A first look at the characters after a mark: could they be bytes read off by one?"""
    mark = MARKS[chars[at]]
    head, _ = _run(chars, at + 1, FIRST_LOOK)
    if not head:
        return mark[1] != 0xA1 and _GLOSS.match(chars, at + 1) is not None
    shifted = (mark[1:] + head)[: len(head) // 2 * 2]
    try:
        body = shifted.decode("gb18030")
    except UnicodeDecodeError:
        return False
    if mark[1] == 0xA1 and not _OPENERS.match(body):
        return False
    if len(body) >= 3 and sum(map(_is_usual, body)) < 0.8 * len(body):
        return False
    return len(body) < 3 or score(body) > score(chars[at + 1 : at + 1 + len(body)]) - 2.0


@cache
def _is_usual(char: str) -> bool:
    return char in PUNCTUATION or is_common(char)


def _run(chars: str, at: int, longest: int = LONGEST) -> tuple[bytes, int]:
    """The GBK bytes of the characters from `at` to the next ASCII one, and where that stands."""
    end = at
    stop = min(len(chars), at + longest)
    while end < stop and chars[end] > "\x7f" and chars[end] not in _HALVES:
        end += 1
    codes = double_byte("gb18030").codes
    found = bytearray()
    for place in range(at, end):
        code = codes.get(chars[place])
        if code is None:
            return bytes(found), place
        found += code
    return bytes(found), end


def _readings(chars: str, at: int, prefix: bytes) -> Iterator[tuple[str, _Ending]]:
    """The readings of a run that begins with the byte `prefix`: the characters but the last, and each possible last.

    A mark inside the run may be two of its bytes, so that the run goes on after it.
    """
    data = prefix
    for _ in range(MARKS_INSIDE):
        more, end = _run(chars, at)
        data += more
        try:
            body = data[:-1].decode("gb18030")
        except UnicodeDecodeError:
            return
        if len(body) != len(data) // 2:
            return
        for ending in _endings(chars, end, data[-1], body):
            yield body, ending
        if end >= len(chars) or chars[end] not in MARKS or len(data) >= LONGEST:
            return
        data += MARKS[chars[end]]
        at = end + 1


def _endings(chars: str, end: int, lead: int, body: str) -> Iterator[_Ending]:
    """How a run can end before the character at `end`, its last character having lost its second byte."""
    following = chars[end : end + 1]
    if following and "@" <= following <= "~":
        with suppress(UnicodeDecodeError):
            yield _Ending(bytes((lead, ord(following))).decode("gbk"), end + 1)
        return
    if following and following in _HALVES:
        with suppress(UnicodeDecodeError):
            yield _Ending(bytes((lead, 0x80)).decode("gbk"), end + 1)
    before = body[-1:] or chars[end - 1 : end]
    for pattern, keeps in ((_GLOSS, True), (_EATEN_GLOSS, False)):
        if match := pattern.match(chars, end):
            if char := _named(lead, match["gloss"], before, chars[match.end() : match.end() + 1]):
                matches = keeps and end > 0 and is_reading(chars[end - 1], match["gloss"])
                yield _Ending(char, match.end(), 0, -GLOSS_EVIDENCE if matches else GLOSS_EVIDENCE)
            return
    candidates = [char for char, _ in readings_by_lead(lead) if is_common(char)]
    char = completes(body, candidates)
    if following in ("?", REPLACEMENT) and following:  # the byte took the ASCII character after it with it
        yield _Ending((char or REPLACEMENT) + REPLACEMENT, end + 1, 1 if char else 2, -0.5)
    else:
        yield _Ending(char or REPLACEMENT, end, 0 if char else 1, -0.5)


def _named(lead: int, gloss: str, before: str, after: str) -> str:
    """The character with this first byte and reading that fits best between its neighbours; empty if there is none."""
    found = [char for char, known in readings_by_lead(lead) if gloss.lower() in known]
    if not found:
        return ""
    return max(found, key=lambda char: _fit(before, char, after))


def _fit(before: str, char: str, after: str) -> float:
    """How well a character stands between two others, as the logarithms of its counts alone and in words."""
    pairs = log10(1 + pair_frequency(before, char)) + log10(1 + pair_frequency(char, after))
    return pairs + 0.5 * log10(1 + frequency(char)) + is_common(char)


def _gain(chars: str, at: int, ending: _Ending, new: str, before: str = "") -> float:
    """How much better `new` reads than the characters that it replaces, each with its neighbours."""
    old = chars[at : ending.end].replace(REPLACEMENT, "?")
    if ending.evidence:
        old, new = _GLOSSES.sub("", old), new
    after = chars[ending.end : ending.end + 1]
    lost = new.count(REPLACEMENT)
    return (
        score(before + new.replace(REPLACEMENT, "") + after)
        - 0.3 * lost
        - score(before + old + after)
        + ending.evidence
    )


def _without_glosses(chars: str, end: int) -> str:
    """The characters before a place, without the glosses between them."""
    return _GLOSSES.sub("", chars[max(0, end - 60) : end])[-20:]
