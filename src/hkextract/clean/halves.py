"""Where exactly a run that is read one byte off begins and ends: in doubt, what is shown stays.

At the edge of a run one or two characters may read well either way. The likeliest cut is right nine times in ten
there, which is not enough to change a character that nothing need have damaged.
"""

from __future__ import annotations

from collections.abc import Sequence

from hkextract.clean.lexicon import cheapest
from hkextract.clean.plausible import PUNCTUATION, is_common
from hkextract.clean.slots import Bytes, Piece

DOUBT = 7.0
"""How much cheaper the run must read, for an edge to stay at the likeliest place: a thousand to one."""
STEPS = 3
"""Characters by which an edge is moved at most."""
AROUND = 5
"""Characters on either side that are read with those in doubt."""
EITHER = -2
"""The half of a character of which not even the place of its byte is known."""


def settled(pieces: list[Piece], data: Bytes) -> list[Piece]:
    """The pieces, where halves that no mark shows are moved into the run as far as what is shown there reads well."""
    at = 0
    while at < len(pieces):
        half = pieces[at].half
        if half is not None and half[0] == EITHER:
            at = _begin(pieces, at, data) if _is_kept(pieces, at - 1, data) else _end(pieces, at, data)
        at += 1
    return pieces


def _is_kept(pieces: Sequence[Piece], at: int, data: Bytes) -> bool:
    """True where there is a piece that stands as it is shown."""
    return 0 <= at < len(pieces) and {pieces[at].start, pieces[at].end} <= data.edges.keys()


def _shown(slot: int, data: Bytes) -> str:
    """The common character that is shown at a slot; empty where none begins there."""
    char = data.char(slot) if slot >= 0 and data.is_shown(slot) else ""
    return char if char in PUNCTUATION or is_common(char) or char.isnumeric() else ""


def _begin(pieces: list[Piece], at: int, data: Bytes) -> int:
    """Moves a half at the beginning of a run to the right; returns its new place."""
    slot = pieces[at].start
    run = _run(pieces, at + 1, 1, data)
    kept = ""
    best = 0
    left = _text(pieces[max(0, at - AROUND) : at])
    right = "".join(run)
    price = cheapest(left) + cheapest(right) + DOUBT
    for number in range(1, min(STEPS, len(run)) + 1):
        if not (char := _shown(slot + 2 * number - 2, data)):
            break
        kept += char
        if cheapest(left + kept) + cheapest(right[number:]) <= price:
            best = number
    if best:
        moved = [Piece(slot + 2 * n, slot + 2 * n + 2, kept[n], None) for n in range(best)]
        new = slot + 2 * best
        moved.append(Piece(new, new + 1, pieces[at].text, (EITHER, data.slots[new])))
        pieces[at : at + 1 + best] = moved
    return at + best


def _end(pieces: list[Piece], at: int, data: Bytes) -> int:
    """Moves a half at the end of a run to the left; returns the place of the last piece that it changed."""
    slot = pieces[at].start
    run = _run(pieces, at - 1, -1, data)
    kept = ""
    best = 0
    left, right = "".join(run), _text(pieces[at + 1 : at + 1 + AROUND])
    if not run or not _is_kept(pieces, at + 1, data) or data.slots[slot + 1] < 0x80:  # a run must end before ASCII
        return at
    price = cheapest(left) + cheapest(right) + DOUBT
    for number in range(1, min(STEPS, len(run)) + 1):
        if not (char := _shown(slot - 2 * number + 1, data)):
            break
        kept = char + kept
        if cheapest(left[: len(left) - number]) + cheapest(kept + right) <= price:
            best = number
    if best:
        new = slot - 2 * best
        moved = [Piece(new, new + 1, pieces[at].text, (EITHER, data.slots[new]))]
        moved += [Piece(new + 1 + 2 * n, new + 3 + 2 * n, kept[len(kept) - best + n], None) for n in range(best)]
        pieces[at - best : at + 1] = moved
    return at


def _run(pieces: Sequence[Piece], at: int, step: int, data: Bytes) -> list[str]:
    """The characters that are read anew beside a half, in the order of the text."""
    found: list[str] = []
    while 0 <= at < len(pieces) and len(found) < AROUND + STEPS:
        piece = pieces[at]
        if piece.half or piece.end - piece.start != 2 or piece.start in data.edges:
            break
        found.append(piece.text)
        at += step
    return found[::step]


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces if not piece.half)
