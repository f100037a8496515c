"""Reprints: the same story again, under another headline, in the other script, cut or damaged.

Each clean text is reduced to a bottom-k sketch: the `SIZE` smallest hashes of its runs of `GRAM` characters (letters,
figures and hanzi only, in simplified script), as in Broder, *On the resemblance and containment of documents* (1997).
Sketches are compared through an index of their hashes, so the cost grows with the number of articles and not with its
square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRAM = 6
"""Characters of a run: shorter ones are shared by any two articles on one subject."""
SIZE = 128
"""Hashes of a sketch; an overlap is then estimated to within about 0.05."""
ENOUGH = 0.6
"""Overlap from which an article is a copy. Two budget speeches, alike in form, share less than 0.2 of their runs."""
LEAST = 16
"""Hashes that two sketches must have for comparing: of fewer, chance decides."""
COMMON = 50
"""A hash of so many articles is a standing phrase and brings no two of them together."""


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
    kept = "".join(filter(str.isalnum, chars))
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
    return bytes(np.unique(hashes)[:SIZE].tobytes())


def overlap(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The share of the runs of the shorter text that the longer one has too, estimated from two sketches."""
    if not len(one) or not len(other):
        return 0.0
    limit = min(known[-1] for known in (one, other) if len(known) == SIZE) if SIZE in (len(one), len(other)) else None
    if limit is not None:
        one, other = one[one <= limit], other[other <= limit]
    fewest = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / fewest if fewest >= LEAST else 0.0


def find_copies(articles: Sequence[tuple[str, str, bytes]]) -> dict[str, Copy]:
    """The copies among `(article_id, published_at, sketch)`; the earliest published of a story is its original.

    An article without a date stands behind those that have one, and of equals the one whose id comes first is first;
    so the result does not depend on the order given.
    """
    sketches = {name: np.frombuffer(data, dtype=np.uint64) for name, _, data in articles}
    order = sorted(articles, key=lambda article: (not article[1], article[1], article[0]))
    index: dict[int, list[str]] = defaultdict(list)
    copies: dict[str, Copy] = {}
    places = {name: place for place, (name, _, _) in enumerate(order)}
    for name, _, _ in order:
        hashes = sketches[name].tolist()
        shared = Counter(other for value in hashes if len(index[value]) < COMMON for other in index[value])
        best = max(
            ((overlap(sketches[name], sketches[other]), -places[other], other) for other, _ in shared.most_common(8)),
            default=(0.0, 0, ""),
        )
        if best[0] >= ENOUGH:
            copies[name] = Copy(best[2], round(best[0], 2))
            continue
        for value in hashes:
            index[value].append(name)
    return copies
