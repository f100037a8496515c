"""Recurrence: a line that stands in many files of a corpus, under different stories, is page furniture there.

Each file is reduced to the hashes of its lines. Files that share most of their long lines tell one story (reprints),
so that a story printed ten times does not make its own sentences recur. A line recurs where at least `STORIES` stories
have it together with the line above or below it, or where a good share of the stories of one outlet have it: the
files with the same commonest pair of lines, else those of one folder. All counts are over sets of files, so that
neither their order nor the number of processes changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heappush, heappushpop

import numpy as np
from numpy.typing import NDArray

STORIES = 3
"""Stories that a line must stand in."""
SHARE = 0.1
"""Share of an outlet's stories that must have a line which stands now under this line and now under that one."""
LEAST_ALONE = 8
"""Characters of such a line: shorter ones are headings and forms of address that unrelated texts share."""
LONG = 20
"""Characters from which a line tells stories apart."""
SAME = 0.5
"""Share of the shorter file's long lines from which two files tell one story."""
REACH = 3
"""Files that have one line are compared with so many next ones of them."""
SAMPLE = 5000
"""Files learnt from at most: those whose names have the smallest hashes. Furniture of a large corpus stands in more."""

_WIDTH = 8 + 4
_MIX = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file as far as learning needs it: its article id, its folder, its lines as `scan` makes them."""

    name: str
    folder: str
    lines: bytes


def squeezed_lines(raw_text: str) -> list[str]:
    """The lines of a raw text without white space, empty ones left out."""
    return [line for line in map("".join, map(str.split, raw_text.splitlines())) if line]


def scan(lines: Iterable[str]) -> bytes:
    """The hashes of lines, eight bytes each, then their lengths, four bytes each.

    >>> len(scan(["首页", "新闻"]))
    24
    """
    found = list(lines)
    hashes = b"".join(blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest() for line in found)
    return hashes + np.fromiter(map(len, found), dtype=np.uint32, count=len(found)).tobytes()


class Sample:
    """The files learnt from: of all offered those `SAMPLE` whose ids have the smallest hashes."""

    def __init__(self, size: int = SAMPLE) -> None:
        self.size = size
        self._heap: list[tuple[int, str]] = []
        self._files: dict[str, Scanned] = {}

    def wants(self, name: str) -> bool:
        """Whether a file of this id would be among them now."""
        return len(self._heap) < self.size or -rank(name) > self._heap[0][0]

    def add(self, file: Scanned) -> None:
        entry = (-rank(file.name), file.name)
        self._files[file.name] = file
        if len(self._heap) < self.size:
            heappush(self._heap, entry)
        else:
            del self._files[heappushpop(self._heap, entry)[1]]

    def learn(self) -> Recurrence:
        return learn(self._files.values())


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What recurs in a corpus: pairs of neighbouring lines with the number of their stories, and lines of an outlet."""

    pairs: Mapping[int, int] = field(default_factory=dict)
    alone: frozenset[int] = frozenset()

    def of(self, folder: str, lines: bytes) -> list[bool]:
        """Which lines of a file recur."""
        hashes, sizes = _unpack(lines)
        marks = [False] * len(hashes)
        if not self.pairs and not self.alone:
            return marks
        pairs = _pairs(hashes).tolist()
        for at, pair in enumerate(pairs):
            if pair in self.pairs:
                marks[at] = marks[at + 1] = True
        if self.alone:
            local = (hashes ^ self.outlet(folder, pairs)).tolist()
            for at, (value, size) in enumerate(zip(local, sizes.tolist(), strict=True)):
                if size >= LEAST_ALONE and value in self.alone:
                    marks[at] = True
        return marks

    def outlet(self, folder: str, pairs: list[int]) -> np.uint64:
        """What stands for the outlet of a file: the commonest of its recurring pairs, else its folder."""
        known = [(self.pairs[pair], pair) for pair in pairs if pair in self.pairs]
        return np.uint64(max(known)[1] if known else rank(folder))

    def digest_of(self, folder: str, lines: bytes) -> bytes:
        """A digest of what recurs in a file; empty where nothing does."""
        marks = self.of(folder, lines)
        return blake2b(bytes(marks), digest_size=8).digest() if any(marks) else b""


def learn(files: Iterable[Scanned]) -> Recurrence:
    """What recurs in a set of files, whatever their order."""
    ordered = sorted(files, key=lambda file: (rank(file.name), file.name))
    if len(ordered) < STORIES:
        return Recurrence()
    unpacked = [_unpack(file.lines) for file in ordered]
    numbers = np.repeat(np.arange(len(ordered)), [len(hashes) for hashes, _ in unpacked])
    hashes, sizes = (np.concatenate([file[part] for file in unpacked]) for part in (0, 1))
    stories = _stories(hashes, sizes, numbers, len(ordered))
    pairs = [_pairs(hashes) for hashes, _ in unpacked]
    found, times = _stories_of(np.concatenate(pairs), np.repeat(stories, [len(own) for own in pairs]))
    known = Recurrence(dict(zip(found[times >= STORIES].tolist(), times[times >= STORIES].tolist(), strict=True)))
    outlets = [known.outlet(file.folder, own.tolist()) for file, own in zip(ordered, pairs, strict=True)]
    return Recurrence(known.pairs, _alone(unpacked, stories, outlets))


def _alone(
    unpacked: list[tuple[Hashes, NDArray[np.uint32]]], stories: NDArray[np.intp], outlets: list[np.uint64]
) -> frozenset[int]:
    """The lines that recur in their outlet whatever stands beside them."""
    members: dict[np.uint64, list[int]] = {}
    for number, outlet in enumerate(outlets):
        members.setdefault(outlet, []).append(number)
    recurring: set[int] = set()
    for outlet, files in members.items():
        least = max(STORIES, SHARE * len(set(stories[files].tolist())))
        parts = [unpacked[number][0][unpacked[number][1] >= LEAST_ALONE] for number in files]
        found, times = _stories_of(np.concatenate(parts), np.repeat(stories[files], [len(part) for part in parts]))
        recurring.update((found[times >= least] ^ outlet).tolist())
    return frozenset(recurring)


def _stories(hashes: Hashes, sizes: NDArray[np.uint32], numbers: NDArray[np.intp], files: int) -> NDArray[np.intp]:
    """The story that each file tells: the number of the first file of those that share most of their long lines."""
    long = sizes >= LONG
    hashes, sizes, numbers = _distinct(hashes[long], sizes[long], numbers[long])
    totals = np.bincount(numbers, weights=sizes, minlength=files)
    shared: list[tuple[NDArray[np.intp], NDArray[np.uint32]]] = []
    for step in range(1, REACH + 1):
        same = hashes[step:] == hashes[:-step]
        shared.append((numbers[:-step][same] * files + numbers[step:][same], sizes[step:][same]))
    keys, inverse = np.unique(np.concatenate([key for key, _ in shared]), return_inverse=True)
    weights = np.bincount(inverse, weights=np.concatenate([size for _, size in shared]), minlength=len(keys))
    first, second = np.divmod(keys, files)
    linked = weights >= SAME * np.minimum(totals[first], totals[second])
    heads = list(range(files))
    for one, other in zip(first[linked].tolist(), second[linked].tolist(), strict=True):
        a, b = _head(heads, one), _head(heads, other)
        heads[max(a, b)] = min(a, b)
    return np.array([_head(heads, number) for number in range(files)], dtype=np.intp)


def _head(heads: list[int], number: int) -> int:
    while heads[number] != number:
        heads[number] = heads[heads[number]]
        number = heads[number]
    return number


def _distinct(
    hashes: Hashes, sizes: NDArray[np.uint32], numbers: NDArray[np.intp]
) -> tuple[Hashes, NDArray[np.uint32], NDArray[np.intp]]:
    """Each line of a file once, in order of hash, then of file."""
    order = np.lexsort((numbers, hashes))
    hashes, sizes, numbers = hashes[order], sizes[order], numbers[order]
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])
    return hashes[new], sizes[new], numbers[new]


def _stories_of(items: Hashes, owners: NDArray[np.intp]) -> tuple[Hashes, NDArray[np.intp]]:
    """The distinct items, and in how many stories each stands."""
    order = np.lexsort((owners, items))
    items, owners = items[order], owners[order]
    new = np.ones(len(items), dtype=bool)
    new[1:] = (items[1:] != items[:-1]) | (owners[1:] != owners[:-1])
    found, times = np.unique(items[new], return_counts=True)
    return found, times


def _pairs(hashes: Hashes) -> Hashes:
    """A hash for each line with the one below it."""
    return (hashes[:-1] * _MIX) ^ (hashes[1:] >> np.uint64(1))


def rank(name: str) -> int:
    """The hash of an article id or a folder, 64 bits; the articles with the smallest are learnt from."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _unpack(lines: bytes) -> tuple[Hashes, NDArray[np.uint32]]:
    count = len(lines) // _WIDTH
    return np.frombuffer(lines, np.uint64, count), np.frombuffer(lines, np.uint32, count, 8 * count)
