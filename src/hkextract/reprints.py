"""Reprints: the same story again, under another headline, in the other script, cut or damaged.

Each clean text is reduced to a bottom-k sketch: the `SIZE` smallest hashes of its runs of `GRAM` characters (letters,
figures and hanzi only, in simplified script), as in Broder, *On the resemblance and containment of documents* (1997).
Sketches are compared through an index of their hashes, so the cost grows with the number of articles and not with its
square.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
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

Hashes = NDArray[np.uint64]

_NO_LETTER = re.compile(r"[\W_]+")


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
    kept = _NO_LETTER.sub("", chars)
    codes = np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < GRAM:
        return b""
    count = len(codes) - GRAM + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(GRAM):
        hashes = hashes * np.uint64(0x100000001B3) + codes[place : place + count]
    hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(0x9E3779B97F4A7C15)
    hashes ^= hashes >> np.uint64(29)
    hashes.sort()
    new = np.ones(count, dtype=bool)
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    return bytes(hashes[new][:SIZE].tobytes())


def overlap(one: Hashes, other: Hashes) -> float:
    """The share of the runs of the shorter text that the longer one has too, estimated from two sketches."""
    return _overlap(one.tolist(), frozenset(one.tolist()), other.tolist())


def overlaps(ones: Iterable[list[int]], others: Iterable[list[int]]) -> Iterator[float]:
    """The overlaps of pairs of sketches; pairs with the same first one should stand together."""
    last: list[int] = []
    members: frozenset[int] = frozenset()
    for one, other in zip(ones, others, strict=True):
        if one != last:
            last, members = one, frozenset(one)
        yield _overlap(one, members, other)


def _overlap(one: list[int], members: frozenset[int], other: list[int]) -> float:
    """The same of lists; `members` is what `one` holds. Up to the end of a sketch that is full both are complete."""
    if not one or not other:
        return 0.0
    limit = min(known[-1] if len(known) == SIZE else max(one[-1], other[-1]) for known in (one, other))
    fewest = min(bisect_right(one, limit), bisect_right(other, limit))
    return len(members.intersection(other)) / fewest if fewest >= LEAST else 0.0


def find_copies(articles: Iterable[tuple[str, str, bytes]]) -> dict[str, Copy]:
    """The copies among `(article_id, published_at, sketch)`; the earliest published of a story is its original.

    An article without a date stands behind those that have one, and of equals the one whose id comes first is first;
    so the result does not depend on the order given. An article is a copy of the original that it overlaps most, the
    earliest of equals. `articles` is gone through twice: only what shares hashes with another article is held and
    compared. Whether two articles are compared depends on them and on counts over the corpus alone, so that a cluster
    can settle it pair by pair (`decide`).
    """
    sketches, telling = _sharing(articles)
    order = sorted(sketches, key=order_of)
    index: dict[int, list[int]] = defaultdict(list)
    copies: dict[str, Copy] = {}
    for place, key in enumerate(order):
        hashes = sketches[key][:HEAD][telling[key]].tolist()
        shared = Counter(other for value in hashes for other in index[value])
        candidates = [other for other, times in shared.items() if times >= SHARED]
        own = sketches[key].tolist()
        members = frozenset(own)
        found = {other: _overlap(own, members, sketches[order[other]].tolist()) for other in candidates}
        if (best := _best(found)) is not None:
            copies[key[0]] = Copy(order[best][0], round(found[best], 2))
            continue
        for value in hashes:
            index[value].append(place)
    return copies


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
) -> tuple[dict[tuple[str, str], Hashes], dict[tuple[str, str], NDArray[np.bool_]]]:
    """The sketches, by id and date, that may be compared with another, and which of their `HEAD` hashes tell."""
    heads = [np.frombuffer(data, dtype=np.uint64)[:HEAD] for _, _, data in articles if len(data) >= 8 * LEAST]
    if not heads:
        return {}, {}
    sizes = [len(head) for head in heads]
    together = np.concatenate(heads)
    values, counts = np.unique(together, return_counts=True)
    firsts = np.repeat(np.array([head[0] for head in heads], dtype=np.uint64), sizes)
    wanted = np.setdiff1d(values[counts > 1], standing(together, firsts), assume_unique=True)
    marks = np.split(np.isin(together, wanted), np.cumsum(sizes)[:-1])
    long = (article for article in articles if len(article[2]) >= 8 * LEAST)
    sketches, telling = {}, {}
    for (name, date, data), marked in zip(long, marks, strict=True):
        if marked.sum() >= SHARED:
            sketches[name, date] = np.frombuffer(data, dtype=np.uint64)
            telling[name, date] = marked
    return sketches, telling
