"""Reprints: the same story again, under another headline, in the other script, cut or damaged.

Each clean text is reduced to a bottom-k sketch: the `SIZE` smallest hashes of its runs of `GRAM` characters (letters,
figures and hanzi only, in simplified script), as in Broder, *On the resemblance and containment of documents* (1997).
Sketches are compared through an index of their hashes, so the cost grows with the number of articles and not with its
square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

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


def find_copies(articles: Iterable[tuple[str, str, bytes]]) -> dict[str, Copy]:
    """The copies among `(article_id, published_at, sketch)`; the earliest published of a story is its original.

    An article without a date stands behind those that have one, and of equals the one whose id comes first is first;
    so the result does not depend on the order given. `articles` is gone through twice: only what shares one of its
    smallest hashes with another article is held and compared.
    """
    sketches = _sharing(articles)
    order = sorted(sketches, key=lambda key: (not key[1], key[1], key[0]))
    index: dict[int, list[int]] = defaultdict(list)
    copies: dict[str, Copy] = {}
    for place, key in enumerate(order):
        hashes = sketches[key][:HEAD].tolist()
        shared = Counter(other for value in hashes if len(index[value]) < COMMON for other in index[value])
        best = max(
            ((overlap(sketches[key], sketches[order[other]]), -other) for other, _ in shared.most_common(8)),
            default=(0.0, 0),
        )
        if best[0] >= ENOUGH:
            copies[key[0]] = Copy(order[-best[1]][0], round(best[0], 2))
            continue
        for value in hashes:
            index[value].append(place)
    return copies


def _sharing(articles: Iterable[tuple[str, str, bytes]]) -> dict[tuple[str, str], NDArray[np.uint64]]:
    """The sketches, by id and date, of which one of the `HEAD` smallest hashes is another article's too."""
    heads = [np.frombuffer(data, dtype=np.uint64)[:HEAD] for _, _, data in articles]
    if not heads:
        return {}
    values, counts = np.unique(np.concatenate(heads), return_counts=True)
    repeated = values[counts > 1]
    owners = np.isin(np.concatenate(heads), repeated)
    ends = np.cumsum([len(head) for head in heads])
    sharing = [bool(part.any()) for part in np.split(owners, ends[:-1])]
    return {
        (name, date): np.frombuffer(data, dtype=np.uint64)
        for (name, date, data), wanted in zip(articles, sharing, strict=True)
        if wanted
    }
