"""Reprints: the same story again, under another headline, in the other script, cut or damaged.

Each clean text is reduced to a bottom-k sketch: the `SIZE` smallest hashes of its runs of `GRAM` characters (letters,
figures and hanzi only, in simplified script), as in Broder, *On the resemblance and containment of documents* (1997).
Sketches are compared through an index of their hashes, so the cost grows with the number of articles and not with its
square.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, compress, groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

GRAM = 6
"""Characters of a run: shorter ones are shared by any two articles on one subject."""
SIZE = 128
"""Hashes of a sketch; an overlap is then estimated to within about 0.05."""
ENOUGH = 0.6
"""Overlap from which an article is a copy. Two budget speeches, alike in form, share less than 0.2 of their runs."""
HEAD = 32
"""Smallest hashes of a sketch that bring articles together: two that overlap by `ENOUGH` share some of them."""
LEAST = 16
"""Hashes that two sketches must have for comparing: of fewer, chance decides."""
COMMON = 50
"""A hash that more stories have is a standing phrase and brings no two articles together. Stories are told apart by
their smallest hash, so that a story printed a hundred times is not taken for a hundred."""
SHARED = 2
"""Hashes, standing phrases left out, that two articles must share among their `HEAD` smallest to be compared."""

NO_HASH = np.uint64(2**64 - 1)
"""What fills up a row of sketches; it stands behind every hash."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that repeats an earlier one: that one's id, and the share of its runs that the two have in common."""

    original: str
    overlap: float


def sketch(chars: str) -> bytes:
    """The sketch of a text: its smallest hashes in order, eight bytes each; empty for a text without a run.

    >>> len(sketch("香港科技园公司公布新一批进驻企业名单")) // 8
    13
    """
    codes = _letters(chars).astype(np.uint64)
    count = len(codes) - GRAM + 1
    if count < 1:
        return b""
    hashes = codes[:count].copy()
    for place in range(1, GRAM):
        hashes *= np.uint64(0x100000001B3)
        hashes += codes[place : place + count]
    hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    if count > 4 * SIZE:  # of a long text only the lowest are worth sorting: about twice as many as are wanted
        low = _in_order(hashes[hashes < np.uint64(2**64 * 2 * SIZE // count)])
        if len(low) >= SIZE:
            return bytes(low[:SIZE].tobytes())
    return bytes(_in_order(hashes)[:SIZE].tobytes())


def _letters(chars: str) -> NDArray[np.uint32]:
    """The code points of a text that are letters, figures or hanzi."""
    codes = np.frombuffer(chars.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if codes.max(initial=0) < len(_common_letters()):
        return codes[_common_letters()[codes]]
    return np.array([ord(char) for char in chars if char.isalnum()], dtype=np.uint32)


@cache
def _common_letters() -> NDArray[np.bool_]:
    """Which code points of the first plane are letters, figures or hanzi."""
    return np.fromiter(map(str.isalnum, map(chr, range(1 << 16))), dtype=bool)


def _in_order(hashes: Hashes) -> Hashes:
    """The hashes in order, each once."""
    hashes = np.sort(hashes)
    new = np.ones(len(hashes), dtype=bool)
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    return hashes[new]


def overlap(one: Hashes, other: Hashes) -> float:
    """The share of the runs of the shorter text that the longer one has too, estimated from two sketches.

    Up to the end of a sketch that is full both are complete.
    """
    both = one.tolist(), other.tolist()
    if not all(both):
        return 0.0
    last = max(known[-1] for known in both)
    limit = min(known[-1] if len(known) == SIZE else last for known in both)
    fewest = min(bisect_right(known, limit) for known in both)
    return len(set(both[0]).intersection(both[1])) / fewest if fewest >= LEAST else 0.0


def find_copies(articles: Iterable[tuple[str, str, bytes]]) -> dict[str, Copy]:
    """The copies among `(article_id, published_at, sketch)`; the earliest published of a story is its original.

    An article without a date stands behind those that have one, and of equals the one whose id comes first is first;
    so the result does not depend on the order given. An article is a copy of the original that it overlaps most, the
    earliest of equals. `articles` is gone through twice: only what shares hashes with another article is held and
    compared. Whether two articles are compared depends on them and on counts over the corpus alone, so that a cluster
    can settle it pair by pair (`decide`).
    """
    names, sketches, telling = _sharing(articles)
    order = sorted(range(len(names)), key=lambda row: order_of(names[row]))
    many = Sketches(sketches, np.array(order, dtype=np.intp))
    index: dict[int, list[int]] = defaultdict(list)
    copies: dict[str, Copy] = {}
    for place, row in enumerate(order):
        hashes = sketches[row, :HEAD][telling[row]].tolist()
        shared = Counter(chain.from_iterable([index[value] for value in hashes]))
        found = many.alike(place, [other for other, times in shared.items() if times >= SHARED])
        if (best := _best(found)) is not None:
            copies[names[row][0]] = Copy(names[order[best]][0], round(found[best], 2))
            continue
        for value in hashes:
            index[value].append(place)
    return copies


class Sketches:
    """Sketches as the rows of one array, filled up with `NO_HASH`; they are spoken of by their places in an order."""

    def __init__(self, sketches: Hashes, order: NDArray[np.intp]) -> None:
        self._sketches, self._order = sketches, order
        self._seen = np.zeros(1 << 16, dtype=bool)

    def alike(self, place: int, others: list[int]) -> dict[int, float]:
        """The others that a sketch overlaps by `ENOUGH`, with the overlaps.

        How many hashes each other shares at most is counted first, by their lowest 16 bits: that leaves few to be
        compared hash by hash.
        """
        if not others:
            return {}
        one, rows = self._sketches[self._order[place]], self._sketches[self._order[others]]
        self._seen[one.astype(np.uint16)] = True
        hits = self._seen.take(rows.astype(np.uint16), mode="clip")  # nothing to clip: a third of the time of `[]`
        self._seen[one.astype(np.uint16)] = False
        limits = np.minimum(
            np.minimum(rows[:, -1], one[-1]), NO_HASH - np.uint64(1)
        )  # one that is not full is complete
        inside = rows <= limits[:, None]
        fewest = np.minimum(_counted(inside), np.searchsorted(one, limits, side="right"))
        near = np.flatnonzero((_counted(hits) >= ENOUGH * fewest) & (fewest >= LEAST)).tolist()
        return {others[at]: shared for at in near if (shared := overlap(_real(one), _real(rows[at]))) >= ENOUGH}


def _counted(marks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The marks of each row, which has `SIZE` of them: bytes hold their number, and are added up fastest."""
    counts: NDArray[np.uint8] = marks.sum(axis=1, dtype=np.uint8)
    return counts


def _real(row: Hashes) -> Hashes:
    return row[row < NO_HASH]


def decide(pairs: Iterable[tuple[int, int, float]]) -> dict[int, tuple[int, float]]:
    """The copies, with original and overlap, among articles numbered in the order of `order_of`.

    `pairs` are `(article, earlier one, overlap)` in order of the article, for all pairs that overlap by `ENOUGH`.

    >>> decide([(1, 0, 0.9), (2, 0, 0.5), (2, 1, 0.9)])
    {1: (0, 0.9)}
    """
    copies: dict[int, tuple[int, float]] = {}
    for article, group in groupby(pairs, key=itemgetter(0)):
        found = {earlier: shared for _, earlier, shared in group if earlier not in copies}
        if (best := _best(found)) is not None:
            copies[article] = best, round(found[best], 2)
    return copies


def order_of(article: tuple[str, str]) -> tuple[bool, str, str]:
    """What sorts articles, given as id and date of publication, so that an original stands before its copies."""
    name, date = article
    return not date, date, name


def standing(values: Hashes, firsts: Hashes) -> Hashes:
    """The hashes that are standing phrases, in order: `values` each beside the smallest hash of its article."""
    order = np.lexsort((firsts, values))
    values, firsts = values[order], firsts[order]
    new = np.ones(len(values), dtype=bool)
    new[1:] = (values[1:] != values[:-1]) | (firsts[1:] != firsts[:-1])
    found, stories = np.unique(values[new], return_counts=True)
    return found[stories > COMMON]


def _best(found: Mapping[int, float]) -> int | None:
    """The earliest of those that overlap most; None where none does by `ENOUGH`."""
    best = max(found, key=lambda other: (found[other], -other), default=None)
    return best if best is not None and found[best] >= ENOUGH else None


def _sharing(
    articles: Iterable[tuple[str, str, bytes]],
) -> tuple[list[tuple[str, str]], Hashes, NDArray[np.bool_]]:
    """The articles that may be compared with another: id and date, sketch, and which of their `HEAD` hashes tell.

    The sketches are the rows of one array, filled up with `NO_HASH`.
    """
    heads, sizes = bytearray(), []
    for _, _, data in articles:
        if len(data) >= 8 * LEAST:
            heads += data[: 8 * HEAD]
            sizes.append(min(len(data) // 8, HEAD))
    marks = _telling(np.frombuffer(heads, dtype=np.uint64), np.array(sizes, dtype=np.intp))
    kept = marks.sum(axis=1) >= SHARED
    sketches = np.full((kept.sum(), SIZE), NO_HASH)
    names: list[tuple[str, str]] = []
    long = (article for article in articles if len(article[2]) >= 8 * LEAST)
    for name, date, data in compress(long, kept.tolist()):
        sketches[len(names), : len(data) // 8] = np.frombuffer(data, dtype=np.uint64)
        names.append((name, date))
    return names, sketches, marks[kept]


def _telling(together: Hashes, sizes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which hashes of each article's head others have too, standing phrases left out; an article a row."""
    values, counts = np.unique(together, return_counts=True)
    starts = np.cumsum(sizes) - sizes
    often = np.flatnonzero(_among(together, values[counts > COMMON]))  # the others are no standing phrases
    firsts = together[starts[np.searchsorted(starts, often, side="right") - 1]]
    wanted = np.setdiff1d(values[counts > 1], standing(together[often], firsts), assume_unique=True)
    marks = np.zeros((len(sizes), HEAD), dtype=bool)
    marks[np.arange(HEAD) < sizes[:, None]] = _among(together, wanted)
    return marks


def _among(hashes: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which hashes are among known ones, which are in order; takes a third of the memory of `np.isin`."""
    if not len(known):
        return np.zeros(len(hashes), dtype=bool)
    found: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes
    return found
