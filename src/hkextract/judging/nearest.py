"""The rules that a stretch of text nearly matches, and the one part of each that does not fit.

A pattern is matched piece by piece, and one piece may be taken by any short word instead: a hole. Where the rest fits,
the hole is the part that failed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hkextract.extract.dispatch import NUMERALS
from hkextract.judging.outline import Outlines, Piece
from hkextract.rules import Rule, RuleSet, Words

LONGEST = 8
"""Characters of an unknown word at most."""
BEFORE = 4
"""How many characters before the phrase a rule may begin."""
HALF, SHORT = 0.5, 5
_NO_WORD = re.compile(r"[\s，。；、！？,;!?“”「」『』]")


class Hole(NamedTuple):
    """The piece that did not fit, and the stretch of the text that stands in its place (clean offsets)."""

    piece: Piece
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that nearly matches `start:end` of a text. The lower the `cost`, the nearer."""

    rule: Rule
    start: int
    end: int
    hole: Hole
    cost: float


Left = Callable[[Rule], Sequence[tuple[str, str]]]
"""What may stand before the match of a rule: names, each with a pattern."""
Taken = tuple[Piece, int, int]
"""An atom, and the stretch of the text that it takes."""


class Nearest:
    """The rules of a table, ready to be asked. `left` leads from a rule to what may stand before its match."""

    def __init__(self, table: RuleSet, left: Left | None = None) -> None:
        self.table = table
        self.outlines = Outlines(table)
        self._left = left
        self._pieces: dict[str, Piece] = {}
        self._sizes: dict[str, Counter[int]] = {}
        self._likest: dict[tuple[str, str], tuple[str, float]] = {}

    def find(self, text: str, start: int, end: int, rules: Iterable[Rule]) -> list[Near]:
        """The ways in which rules nearly match a stretch (clean offsets, half-open), the nearest first."""
        search = _Search(text, start, end, self.likest)
        found: list[Near] = []
        for rule in rules:
            piece = self.piece(rule)
            for at in range(max(0, start - BEFORE), end):
                for stop, hole in search.holed(piece, at):
                    if stop > start and self._is_worth(text, (start, end), (at, stop), hole):
                        found.append(Near(rule, at, stop, hole, self._cost(text, (start, end), (at, stop), hole)))
        return sorted(found, key=lambda near: (near.cost, near.rule.line))

    def fitting(self, rule: Rule, text: str, start: int, end: int) -> tuple[Taken, ...] | None:
        """The atoms of a rule with what each takes of a stretch that the rule matches; None where it does not."""
        paths = _Search(text, start, end, self.likest).paths(self.piece(rule), start)
        return next((taken for stop, taken in paths if stop == end), None)

    def piece(self, rule: Rule) -> Piece:
        """A rule's pattern taken apart, with what may stand before its match."""
        if rule.id not in self._pieces:
            self._pieces[rule.id] = self._piece(rule)
        return self._pieces[rule.id]

    def _is_worth(self, text: str, asked: tuple[int, int], found: tuple[int, int], hole: Hole) -> bool:
        """Whether a hole is like a known word, or all else of the phrase is matched and no known word is swallowed."""
        if self.likest(hole, text)[1] >= HALF:
            return True
        covered = min(found[1], asked[1]) - max(found[0], asked[0])
        swallowed = hole.piece.words and hole.piece.regex.match(text, hole.start)
        return covered > hole.end - hole.start and not swallowed

    def _piece(self, rule: Rule) -> Piece:
        core = self.outlines.of(rule.pattern)
        left = self._left(rule) if self._left else ()
        before = [self.outlines.of(f"(?:{source})?", top=name) for name, source in left]
        inner = core.pieces if core.sort == "sequence" else (core,)
        return Piece("sequence", pieces=(*before, *inner)) if before else core

    def _cost(self, text: str, asked: tuple[int, int], found: tuple[int, int], hole: Hole) -> float:
        """How far a match is from what was asked for: what it leaves out, takes in, does not know."""
        out = max(0, found[0] - asked[0]) + max(0, asked[1] - found[1])
        beside = max(0, asked[0] - found[0]) + max(0, found[1] - asked[1])
        return out + 0.6 * beside + self._unknown(text, hole)

    def _unknown(self, text: str, hole: Hole) -> float:
        """What a hole costs: a refusal least, then a word that is one character off, a missing word most."""
        piece, word = hole.piece, text[hole.start : hole.end]
        if piece.is_condition:
            return 1.4 if piece.asks else 0.4
        if not word:
            return 1.6 if piece.words else 1.85
        like, likeness = self.likest(hole, text)
        numerals = sum((char in NUMERALS or char.isdigit()) and char not in like for char in word)
        known = self._share(piece.words, len(word)) if piece.words else 0.0 if piece.is_named else -1.0
        return 1 + len(word) * (0.85 - 0.7 * likeness) - 0.6 * likeness + 0.5 * numerals - 0.5 * known

    def _share(self, words: str, size: int) -> float:
        """The share of a list's words that have so many characters; of a short list less, for it tells little."""
        if words not in self._sizes:
            self._sizes[words] = Counter(map(len, self.table.words[words]))
        sizes = self._sizes[words]
        return sizes[size] / (sizes.total() + SHORT)

    def likest(self, hole: Hole, text: str) -> tuple[str, float]:
        """Of the words that would fit the one that is most like the word in a hole, and how much, 0 to 1."""
        word, words = text[hole.start : hole.end], hole.piece.words
        if word and words:
            if (word, words) not in self._likest:
                self._likest[word, words] = nearest_word(word, self.table.words[words])
            return self._likest[word, words]
        if word and hole.piece.source.isalnum():
            return hole.piece.source, alike(word, hole.piece.source)
        return "", 0.0


class _Search:
    """The pieces that match in one text; a hole lies within the phrase that was asked for."""

    def __init__(self, text: str, start: int, end: int, likest: Callable[[Hole, str], tuple[str, float]]) -> None:
        self.text, self.start, self.end = text, start, end
        self._likest = likest
        self._plain: dict[tuple[int, int], tuple[int, ...]] = {}
        self._holed: dict[tuple[int, int], tuple[tuple[int, Hole], ...]] = {}

    def plain(self, piece: Piece, at: int) -> tuple[int, ...]:
        """Where a piece that begins at a place may end."""
        key = id(piece), at
        if key not in self._plain:
            ends = set(self._ends(piece, at))
            self._plain[key] = tuple(sorted(ends | {at} if piece.optional else ends, reverse=True))
        return self._plain[key]

    def paths(self, piece: Piece, at: int) -> Iterator[tuple[int, tuple[Taken, ...]]]:
        """The ways in which a piece matches from a place on: where it ends, and what its atoms take."""
        if piece.sort == "atom":
            for end in self.plain(piece, at):
                yield end, ((piece, at, end),) if end > at else ()
            return
        if piece.sort == "choice":
            for branch in piece.pieces:
                yield from self.paths(branch, at)
        else:
            yield from self._paths_of(piece.pieces, at)
        if piece.optional:
            yield at, ()

    def _paths_of(self, pieces: tuple[Piece, ...], at: int) -> Iterator[tuple[int, tuple[Taken, ...]]]:
        if not pieces:
            yield at, ()
            return
        for end, first in self.paths(pieces[0], at):
            for stop, rest in self._paths_of(pieces[1:], end):
                yield stop, first + rest

    def _ends(self, piece: Piece, at: int) -> Iterator[int]:
        if piece.sort == "atom":
            match = piece.regex.match(self.text, at)
            if match:
                yield match.end()
        elif piece.sort == "choice":
            for branch in piece.pieces:
                yield from self.plain(branch, at)
        else:
            yield from self._follow(piece.pieces, at)

    def _follow(self, pieces: tuple[Piece, ...], at: int, after_hole: bool = False) -> set[int]:
        """Where a sequence may end. Behind a hole a condition cannot be judged: it may look at the unknown word."""
        ends = {at}
        for piece in pieces:
            free = after_hole and piece.sort == "atom" and piece.is_condition
            if not free:
                ends = {end for place in ends for end in self.plain(piece, place)}
                after_hole = after_hole and at in ends
            if not ends:
                break
        return ends

    def holed(self, piece: Piece, at: int) -> tuple[tuple[int, Hole], ...]:
        """Where a piece may end that begins at a place and of which one atom does not fit."""
        key = id(piece), at
        if key not in self._holed:
            found = dict.fromkeys(self._with_hole(piece, at))
            self._holed[key] = tuple(way for way in found if way[0] > at or not piece.optional)
        return self._holed[key]

    def _with_hole(self, piece: Piece, at: int) -> Iterator[tuple[int, Hole]]:
        if piece.sort == "atom":
            yield from self._hole(piece, at)
        elif piece.sort == "choice":
            for branch in piece.pieces:
                yield from self.holed(branch, at)
        else:
            for number, item in enumerate(piece.pieces):
                for place in self._follow(piece.pieces[:number], at):
                    for end, hole in self.holed(item, place):
                        rest = piece.pieces[number + 1 :]
                        yield from ((stop, hole) for stop in self._follow(rest, end, end == hole.end))

    def _hole(self, piece: Piece, at: int) -> Iterator[tuple[int, Hole]]:
        fits = piece.regex.match(self.text, at)
        if piece.is_condition:
            if not fits:
                yield at, Hole(piece, at, at)
            return
        if not self.start <= at <= self.end:
            return
        if not piece.optional and not fits:
            yield at, Hole(piece, at, at)
        for stop in range(at + 1, min(self.end, at + LONGEST) + 1):
            if _NO_WORD.match(self.text, stop - 1):
                break
            known = piece.is_known and any(piece.regex.fullmatch(self.text, at + n, stop) for n in range(1, stop - at))
            hole = Hole(piece, at, stop)
            if known and not (piece.words and self._is_misspelt(hole)):
                continue
            if not fits or (piece.words and stop > fits.end()):
                yield stop, hole

    def _is_misspelt(self, hole: Hole) -> bool:
        """Whether a stretch that ends in a known word is more like a longer one (百分点 in a slip of 个百分点)."""
        like, likeness = self._likest(hole, self.text)
        return len(like) == hole.end - hole.start and likeness > HALF


def nearest_word(word: str, words: Words) -> tuple[str, float]:
    """The word of a list that is most like a word, and how much, 0 to 1."""
    return max(((other, alike(word, other)) for other in words), key=lambda found: found[1], default=("", 0.0))


def alike(one: str, other: str) -> float:
    """The share of characters that two words have in the same place, from the front or from the back; 0 to 1.

    >>> alike("港圆", "港元"), alike("平方公田", "平方公里"), alike("蚊", "港元")
    (0.5, 0.75, 0.0)
    """
    front = sum(a == b for a, b in zip(one, other, strict=False))
    back = sum(a == b for a, b in zip(reversed(one), reversed(other), strict=False))
    return max(front, back) / max(len(one), len(other))
