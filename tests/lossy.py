"""Makes damaged text of every kind by chance, and knows which characters can be recovered in principle.

A character is *touched* if it does not stand in the damaged text as it was. A touched one of which all bytes are there
is *recoverable* if these determine it (`determined.py`); else it is *ambiguous*: another reading of the same bytes is
as likely. Everything else is to stay as it is.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from determined import MARK, Slot, determined

LOST = "\ufffd"
Room = range
ANY = range(10_000)
Unit = tuple[int, int]
"""A byte and the place of its character in the sound text; a negative byte is a mark that stands for none."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged text, the sound one, and places in the sound one."""

    kind: str
    text: str
    sound: str
    touched: frozenset[int]
    recoverable: frozenset[int]
    ambiguous: frozenset[int] = frozenset()
    inserted: bool = False
    """Something was put between the characters: one is restored only if its neighbour follows it again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a repair made of a damaged text, in characters: recoverable ones and those restored, ambiguous ones and
    those restored, undamaged ones that were changed, and characters that were written and never stood there."""

    recoverable: int
    restored: int
    ambiguous: int
    guessed: int
    changed: int
    invented: int


def judge(damaged: Damaged, repaired: str) -> Outcome:
    """Compares a repaired text with the sound one, aligned by their longest common parts."""
    matcher = difflib.SequenceMatcher(None, repaired, damaged.sound, autojunk=False)
    there: set[int] = set()
    ours: set[int] = set()
    whole: set[int] = set()
    for block in matcher.get_matching_blocks():
        there.update(range(block.b, block.b + block.size))
        whole.update(range(block.b, block.b + block.size - (block.a + block.size < len(repaired))))
        ours.update(range(block.a, block.a + block.size))
    shown = set(damaged.text)
    invented = sum(1 for at, char in enumerate(repaired) if at not in ours and char != LOST and char not in shown)
    changed = len(set(range(len(damaged.sound))) - damaged.touched - there)
    right = whole if damaged.inserted else there
    counts = [len(places) for known in (damaged.recoverable, damaged.ambiguous) for places in (known, known & right)]
    return Outcome(*counts, changed, invented)


def lose_bytes(
    sound: str, random: Random, encoding: str, reader: str, losses: int = 1, mark: str = "", room: Room = ANY
) -> Damaged | None:
    """The text after one byte of so many characters is lost; with a mark in its place, if one is given, and the first
    byte is the lost one. `room` is how many characters follow before the next ASCII one or the end of the line, where a
    run must end. None where the text cannot be written in the encoding, or has no such place."""
    try:
        units = [(byte, at) for at, char in enumerate(sound) for byte in char.encode(encoding)]
    except UnicodeEncodeError:
        return None
    wide = [at for at, length in _rooms(sound) if length in room]
    if not wide:
        return None
    for at in random.sample(wide, min(losses, len(wide))):
        first = next(number for number, unit in enumerate(units) if unit[1] == at)
        if mark:
            units[first] = (-ord(mark), at)
        else:
            del units[first + random.randrange(2)]
    return _read(f"{encoding} {reader}{' ' + mark if mark else ''}", sound, units, encoding, reader)


def _rooms(sound: str) -> list[tuple[int, int]]:
    """The places of the characters of two bytes, and how many such follow before the next ASCII one or the end."""
    found = []
    length = 0
    for at in range(len(sound) - 1, -1, -1):
        length = length + 1 if sound[at] > "\x7f" else 0
        if length:
            found.append((at, length - 1))
    return found[::-1]


def _read(kind: str, sound: str, units: Sequence[Unit], encoding: str, reader: str) -> Damaged:
    """Reads the bytes as a reader does: `replace` shows U+FFFD for a byte that it cannot read and goes on behind it,
    `pair` for two, `question` shows ?, `ignore` shows nothing."""
    shown: list[tuple[str, list[int]]] = []
    at = 0
    sign = {"question": "?", "ignore": ""}.get(reader, LOST)
    while at < len(units):
        byte = units[at][0]
        if byte < 0x80:
            shown.append((chr(abs(byte)), [at] if byte >= 0 else []))
            at += 1
            continue
        second = units[at + 1][0] if at + 1 < len(units) else 0x20
        char = _pair(byte, second, encoding)
        if char:
            shown.append((char, [at, at + 1]))
            at += 2
        else:
            shown.append((sign, []))
            at += 2 if reader == "pair" and second >= 0x80 else 1
    there = {number for _, numbers in shown for number in numbers}
    whole = {at for char, numbers in shown for at in _intact(char, numbers, units, sound)}
    touched = frozenset(range(len(sound))) - whole
    size = {at: len(sound[at].encode(encoding)) for at in touched}
    left = dict.fromkeys(touched, 0)
    for number in there:
        if (place := units[number][1]) in left:
            left[place] += 1
    there_whole = frozenset(at for at in touched if left[at] == size[at])
    slots = [slot for char, numbers in shown for slot in _slots(char, numbers, units)]
    sure = determined(slots, encoding)
    text = "".join(char for char, _ in shown)
    return Damaged(kind, text, sound, touched, there_whole & sure, there_whole - sure)


def _slots(char: str, numbers: Sequence[int], units: Sequence[Unit]) -> list[Slot]:
    if numbers:
        return [Slot(*units[number]) for number in numbers]
    return [Slot(ord(char) if char < "\x80" else MARK, -1)] if char else []


def _intact(char: str, numbers: Sequence[int], units: Sequence[Unit], sound: str) -> list[int]:
    places = {units[number][1] for number in numbers}
    return [at for at in places if len(places) == 1 and sound[at] == char]


def _pair(first: int, second: int, encoding: str) -> str:
    if second < 0x40:
        return ""
    try:
        found = bytes((first, second)).decode(encoding)
    except UnicodeDecodeError:
        return ""
    return found if len(found) == 1 and found > "\x7f" else ""


def read_wrongly(sound: str, written: str, read: str, times: int = 1) -> Damaged | None:
    """The text after its bytes were read in another encoding; None where bytes are lost by that."""
    text = sound
    try:
        for _ in range(times):
            text = text.encode(written).decode(read)
    except UnicodeError:
        return None
    return _all_there(f"{written} as {read}{' twice' if times > 1 else ''}", text, sound)


def read_lossily(sound: str, read: str, sign: str = LOST) -> Damaged:
    """The text after its UTF-8 was read in another encoding by a reader that shows a sign for each byte that it cannot
    read; recoverable are the characters of which every byte is shown."""
    units = [(byte, at) for at, char in enumerate(sound) for byte in char.encode("utf-8")]
    shown: list[str] = []
    lost: set[int] = set()
    at = 0
    while at < len(units):
        byte, place = units[at]
        second = units[at + 1][0] if at + 1 < len(units) else 0x20
        char = bytes((byte,)).decode(read, "ignore")
        size = 1
        if byte >= 0x80 and not char and (char := _pair(byte, second, read)):
            size = 2
        if not char:
            lost.add(place)
        shown.append(char or sign)
        at += size
    hidden = frozenset(at for at, char in enumerate(sound) if char > "\x7f")
    return Damaged(f"utf-8 as {read}", "".join(shown), sound, hidden, hidden - lost)


def as_on_the_web(sound: str, times: int = 1) -> Damaged:
    """The text after its UTF-8 was read as cp1252 as browsers do: the five bytes that it has not are control signs."""
    text = sound
    for _ in range(times):
        read = (bytes((byte,)) for byte in text.encode("utf-8"))
        text = "".join(byte.decode("cp1252", "ignore") or byte.decode("latin-1") for byte in read)
    return _all_there("utf-8 as cp1252", text, sound)


def sprinkle(sound: str, random: Random, signs: str) -> Damaged:
    """The text with invisible signs in it."""
    chars = [char + random.choice(signs) if random.random() < 0.1 else char for char in sound]
    return _all_there("invisible", "".join(chars), sound, inserted=True)


def escape(sound: str, random: Random) -> Damaged:
    """The text with characters written as HTML entities, some of them escaped again."""
    forms = ("&#{};", "&#x{:X};", "&amp;#{};")
    chars = [random.choice(forms).format(ord(char)) if random.random() < 0.1 else char for char in sound]
    return _all_there("entities", "".join(chars), sound)


def in_forms(sound: str, forms: Mapping[str, str]) -> Damaged:
    """The text with characters in a form of type."""
    return _all_there("forms of type", "".join(forms.get(char, char) for char in sound), sound)


def space(sound: str) -> Damaged:
    """The text with a space between any two Chinese characters or marks."""
    chars = [a + " " * (a > "\x7f" and b > "\x7f") for a, b in pairwise(sound)]
    return _all_there("spaced", "".join(chars) + sound[-1:], sound, inserted=True)


def _all_there(kind: str, text: str, sound: str, inserted: bool = False) -> Damaged:
    """A damage that loses nothing: whatever does not stand in the text as it was can be recovered. The spaces of the
    sound text cannot be told from those that were put in."""
    hidden = frozenset(at for at, char in enumerate(sound) if char > "\x7f") if text != sound else frozenset()
    spaces = frozenset(at for at, char in enumerate(sound) if char == " ") if inserted else frozenset()
    return Damaged(kind, text, sound, hidden | spaces, hidden, frozenset(), inserted)
