"""Runs of GBK or Big5 text that are read one byte off, with or without a mark at the place of the lost byte.

Where a byte of a two-byte character is lost, every character after it is read from the second byte of one and the
first byte of the next, until an ASCII byte, the end of a line or a second loss brings the reading back. The bytes are
all there, so the likeliest of all ways to cut them into words is looked for (Viterbi's algorithm): half a character
that is left over costs so much that sound text is never cut anew, and text read one byte off nearly always is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from operator import add, sub

from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.gbk import DoubleByte
from hkextract.clean.halves import settled
from hkextract.clean.lexicon import MARK, OTHER_SCRIPT, beginnings, cost, cost_at, simple, words
from hkextract.clean.missing import the_one_that_fits
from hkextract.clean.slots import EURO, NO_BYTE, Bytes, Half, Piece

HALF = 14.0
"""What half a character that stands alone costs: the rarity of the damage, and a character that is not known. Words
cost five a character, bytes read one byte off twelve, so that three characters outweigh a loss."""
HALF_AT_EDGE = 8.0
"""The same before an ASCII character or the end, where a shifted run must end."""
HALF_AT_MARK = 7.0
"""The same where U+FFFD stands for the other half."""
HALF_AT_QUESTION = 9.0
"""The same where a question mark seems to."""
AS_SHOWN = 1.0
"""What a character costs less that is left as it stands."""
LOST = 6.0
"""What U+FFFD costs that stands for a whole character."""
WORD = 5
"""Characters of the longest words that a way is made of."""
LONE_LETTER, LONE_SIGN = 12.0, 14.0
"""What an ASCII letter or one of the signs @[\\]^_`{|}~ costs between Chinese ones: it may be a second byte."""

_QUESTION, _NOTHING = 0x3F, "\0"
_Step = tuple[int, str, float, Half | None]
"""The end of a step, its characters, its cost, and the half that is known of a lost one."""
_Last = tuple[int, str, Half | None]
"""The beginning of a step, its characters but of a word, and the half that is known of a lost one."""


def realigned(chars: str, encoding: DoubleByte, swallows: bool = False, known: bool = False) -> list[Repair]:
    """The repairs of a stretch of text without line breaks, offsets in it; the encoding must have every character.

    In a text that is `known` to be damaged less is needed. `swallows` says that the reader that made the text may have
    taken an ASCII character with the half before it, so that a digit behind a mark is not to be trusted.
    """
    data = Bytes(chars, encoding, known)
    found: list[Repair] = []
    run: list[Piece] = []
    for piece in settled(list(_single(_best(data))), data):
        at = data.edges.get(piece.start)
        if at is not None and data.edges.get(piece.end) == at + 1:
            _close(run, data, swallows, found)
            run = []
        else:
            run.append(piece)
    _close(run, data, swallows, found)
    return found


def _single(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces, words taken apart."""
    for piece in pieces:
        if len(piece.text) == 1:
            yield piece
        else:
            for number, char in enumerate(piece.text):
                at = piece.start + 2 * number
                yield Piece(at, at + 2, char, None)


def _close(run: list[Piece], data: Bytes, swallows: bool, found: list[Repair]) -> None:
    """Makes one repair of pieces that differ from what is shown."""
    if not run:
        return
    start, end = data.edges[run[0].start], data.edges[run[-1].end]
    chars = data.chars
    new = ""
    for number, piece in enumerate(run):
        char = piece.text
        if piece.half:
            right = "".join(later.text for later in run[number + 1 : number + 5]) + chars[end : end + 4]
            char = the_one_that_fits(chars[max(0, start - 4) : start] + new, _open(piece.half, data.encoding), right)
            char = char or REPLACEMENT
        new += char
    last = chars[end - 1 : end]
    if swallows and last in ("?", REPLACEMENT) and chars[end : end + 1].isdigit() and not new.endswith(REPLACEMENT):
        new += REPLACEMENT
    if new != chars[start:end]:
        found.append(Repair(start, end, new, new.count(REPLACEMENT)))


def _open(half: Half, encoding: DoubleByte) -> str:
    """The common characters that half a character can have been."""
    lead, trail = half
    if lead == -2:
        return encoding.by_lead.get(trail, "") + encoding.by_trail.get(trail, "")
    return encoding.by_trail.get(trail, "") if lead < 0 else encoding.by_lead.get(lead, "")


def _best(data: Bytes) -> list[Piece]:
    """The cheapest way through the bytes, none where it is the text as it stands.

    Nearly all the time of a repair is spent here, so the common steps are tried in place and not by functions.
    """
    shown, kept = data.shown, _kept(data)
    size = len(shown)
    plain = list(map(_plain, shown))
    two = [*map(add, plain, plain[2:]), "", ""][:size]
    ways = zip(
        shown,
        _singles(data, kept),
        map(words().get, two),
        map(beginnings().__contains__, two),
        data.slots,
        [*data.slots[1:], 0],
        strict=True,
    )
    lone = HALF - data.discount
    costs = [0.0] + [1e9] * size
    steps: list[_Last] = [(0, "", None)] * (size + 1)
    for at, (char, single, pair, longer, first, second) in enumerate(ways):
        here = costs[at]
        if here >= 1e9:
            continue
        if char:
            if (price := here + single) < costs[at + 2]:
                costs[at + 2], steps[at + 2] = price, (at, "", None)
            if pair is not None and (price := here + (pair - (kept[at] + kept[at + 2]))) < costs[at + 4]:
                costs[at + 4], steps[at + 4] = price, (at, "", None)
            if longer:
                for end, price in _longer_words(at, plain, kept):
                    if here + price < costs[end]:
                        costs[end], steps[end] = here + price, (at, "", None)
        if first > EURO and second >= 0x80:  # between Chinese bytes, `_steps` in short
            if (price := here + lone) < costs[at + 1]:
                costs[at + 1], steps[at + 1] = price, (at, REPLACEMENT, (-2, first))
            continue
        for end, text, price, half in _steps(data, at):
            if here + price < costs[end]:
                costs[end], steps[end] = here + price, (at, text, half)
    return _way(steps, shown)


def _way(steps: list[_Last], shown: list[str]) -> list[Piece]:
    """The steps that lead to the end, from the first; none where every byte is read in its place.

    The characters of a word are those that are shown.
    """
    found = []
    at = len(steps) - 1
    while at:
        found.append((at, steps[at]))
        at = steps[at][0]
    if all(half is None for _, (_, _, half) in found):  # only half a character leads out of place
        return []
    return [Piece(at, end, text or "".join(shown[at:end:2]), half) for end, (at, text, half) in reversed(found)]


@cache
def _plain(char: str) -> str:
    """A character in simplified script; for none one that is in no word."""
    return simple(char) if char else _NOTHING


def _kept(data: Bytes) -> list[float]:
    """What a character costs less at each place."""
    found = [0.0] * len(data.slots)
    for at in data.standing:
        found[at] = AS_SHOWN
    return found


def _singles(data: Bytes, kept: list[float]) -> list[float]:
    """The cost of the character at each place."""
    found = list(map(sub, map(cost, data.shown), kept))
    if OTHER_SCRIPT.search(data.chars):
        for at in data.standing:
            found[at] = cost_at(data.chars, data.edges[at]) - kept[at]
    return found


def _longer_words(at: int, plain: list[str], kept: list[float]) -> Iterator[tuple[int, float]]:
    """The ends and the costs of the words of three characters and more that begin at a place."""
    known = words()
    word, saved = plain[at] + plain[at + 2], kept[at] + kept[at + 2]
    for end in range(at + 4, min(at + 2 * WORD, len(plain) - 1), 2):
        saved += kept[end]
        word += plain[end]
        if (whole := known.get(word)) is not None:
            yield end + 2, whole - saved


def _steps(data: Bytes, at: int) -> Iterator[_Step]:
    """The halves, marks and ASCII characters that can begin at a place."""
    slots = data.slots
    first = slots[at]
    second = slots[at + 1] if at + 1 < len(slots) else 0
    if first == NO_BYTE:
        yield from _after_mark(data, at)
    elif first < 0x80:
        yield at + 1, chr(first), _ascii(data, at), None
        if first == _QUESTION and second >= 0x80:
            yield at + 2, REPLACEMENT, HALF_AT_QUESTION - data.discount, (-1, second)
    else:
        if first == EURO and at in data.edges:
            yield at + 1, "€", MARK, None
        if second == NO_BYTE:
            yield at + 3, REPLACEMENT, HALF_AT_MARK - data.discount, (first, -1)
            yield at + 2, REPLACEMENT, HALF_AT_MARK - data.discount, (first, -1)
        elif second == _QUESTION and at not in data.edges:
            yield at + 2, REPLACEMENT, HALF_AT_QUESTION - data.discount, (first, -1)
        price = HALF_AT_EDGE if 0 <= second < 0x80 else HALF
        yield at + 1, REPLACEMENT, price - data.discount, (-2, first)


def _after_mark(data: Bytes, at: int) -> Iterator[_Step]:
    whole = at in data.edges
    end = at + 2 if whole else at + 1
    yield end, data.chars[data.edges[at]] if whole else REPLACEMENT, LOST, None
    if end < len(data.slots) and data.slots[end] >= 0x80:
        yield end + 1, REPLACEMENT, HALF_AT_MARK - data.discount, (-1, data.slots[end])


def _ascii(data: Bytes, at: int) -> float:
    """The cost of an ASCII character: high for one that may be a second byte, between two Chinese characters."""
    byte = data.slots[at]
    if byte < 0x40 or byte == 0x7F or at < 1 or data.slots[at - 1] < 0x80:
        return MARK
    if at + 1 < len(data.slots) and 0 <= data.slots[at + 1] < 0x7F:
        return MARK
    return LONE_LETTER if chr(byte).isalpha() else LONE_SIGN
