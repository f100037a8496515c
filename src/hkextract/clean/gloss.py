"""Pinyin glosses: is a reading in brackets the reading of the character before it?"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.metadata import version

from hkextract.clean.simplify import to_simplified
from hkextract.kept import Kept


@lru_cache(maxsize=16_384)
def is_reading(char: str, gloss: str) -> bool:
    """True where `gloss` is a reading of the character, in the form given or the simplified one, tone included.

    >>> is_reading("創", "chuàng"), is_reading("創", "one"), is_reading("創", "chuang")
    (True, False, False)
    """
    gloss = plain(gloss)
    return gloss in readings(char) or gloss in readings(to_simplified(char))


@lru_cache(maxsize=4_096)
def has_tone(gloss: str) -> bool:
    """True for pinyin with a tone mark; neutral syllables (`men`) have none and look like any Latin word."""
    return any(unicodedata.combining(mark) and mark != "\u0308" for mark in unicodedata.normalize("NFD", gloss))


def plain(gloss: str) -> str:
    """The gloss in the spelling of the readings: lower case, composed, `ɡ` and `v` as g and ü."""
    return unicodedata.normalize("NFC", gloss).lower().replace("ɡ", "g").replace("v", "ü").replace("ɑ", "a")


@cache
def _dictionary() -> dict[int, str]:
    """pypinyin's readings by code point. Importing it takes 0.3 s, so what it says is kept between runs."""
    kept = Kept(f"pypinyin {version('pypinyin')}")
    found = kept.get("readings", "", _read_dictionary)
    kept.save()
    return found


def _read_dictionary() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    return dict(pinyin_dict)


@cache
def readings(char: str) -> frozenset[str]:
    """The readings of a character with tone marks, neutral tones included; empty for anything else."""
    found = _dictionary().get(ord(char), "") if len(char) == 1 else ""
    return frozenset(unicodedata.normalize("NFC", reading) for reading in found.split(",") if reading)


@cache
def readings_by_lead(lead: int) -> tuple[tuple[str, frozenset[str]], ...]:
    """The characters whose GBK code begins with a byte, each with its readings."""
    found = []
    for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
        try:
            char = bytes((lead, trail)).decode("gbk")
        except UnicodeDecodeError:
            continue
        if known := readings(char) | readings(to_simplified(char)):
            found.append((char, known))
    return tuple(found)
