"""Sentences and words of a cleaned article.

Words come from jieba's dictionary and algorithm in their Rust implementation (`rjieba`; a test compares the two).
Mentions are found on characters; words are then cut so that every edge of a mention is an edge of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hkextract.article import Article, Role
from hkextract.rules import Rules

PARTING = "\ud800"
"""Stands between two words: half a pair of surrogates, which no text that can be cut into words holds."""


class Sentence(NamedTuple):
    """A sentence: its number and its paragraph's in the article (from 1), role, clean offsets (half-open)."""

    number: int
    paragraph: int
    role: Role
    start: int
    end: int


class SentenceSplitter:
    """Splits paragraphs at the sentence ends of `common.toml`; closing quotes and brackets stay with their sentence."""

    def __init__(self, rules: Rules) -> None:
        marks = rules["amounts"].words["punctuation"].categories
        end, closing = (_one_of(marks[name]) for name in ("sentence_end", "closing"))
        # The pattern begins with a class, so that the search runs over the text without trying every character.
        self._end = re.compile(f"[{end}.](?:(?<=[{end}])[{end}]*[{closing}]*|(?<=[A-Za-z]{{2}}\\.)(?= +[A-Z]))")

    def split(self, article: Article) -> list[Sentence]:
        """The sentences in order; together they hold everything of every block but the white space between them."""
        chars, find_ends = article.text.chars, self._end.finditer
        found: list[Sentence] = []
        for paragraph, block in enumerate(article.blocks, start=1):
            role, start, last = block.role, block.start, block.end
            whole = chars[start:last]
            spaced = whole.split(None, 1) != [whole]
            stops = [match.end() for match in find_ends(chars, start, last)]
            if not stops or stops[-1] < last:
                stops.append(last)
            for stop in stops:
                first, end = _stripped(chars, start, stop) if spaced else (start, stop)
                if first < end:
                    found.append(Sentence(len(found) + 1, paragraph, role, first, end))
                start = stop
        return found


def _stripped(chars: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its ends."""
    while start < end and chars[start].isspace():
        start += 1
    while end > start and chars[end - 1].isspace():
        end -= 1
    return start, end


def _one_of(marks: Iterable[str]) -> str:
    """Marks of one character each, as what stands between the brackets of a class."""
    return "".join(map(re.escape, marks))


def words(text: str) -> list[str]:
    """The words of a text, white space included, so that joined they are the text again.

    >>> words("获港科大拨款")
    ['获港', '科大', '拨款']
    """
    import rjieba

    cut: list[str] = rjieba.cut(text)
    return cut


class Words:
    """The words of a text, white space included. `marks` has a byte for each clean offset, the text's length among
    them: 1 where a word begins or ends. `parted` is the text with a `PARTING` between two words."""

    __slots__ = ("marks", "parted")

    def __init__(self, parted: str, marks: bytes) -> None:
        self.parted = parted
        self.marks = marks

    @classmethod
    def of(cls, cut: Sequence[str]) -> Words:
        """Those that a text was cut into.

        >>> [*Words.of(['获港', '科大', '拨款']).marks]
        [1, 0, 1, 0, 1, 0, 1]
        """
        parted = PARTING.join(cut)
        partings = np.flatnonzero(np.array([parted]).view(np.uint32) == ord(PARTING))
        marks = np.zeros(len(parted) - len(partings) + 1, dtype=np.uint8)
        marks[partings - np.arange(len(partings))] = 1
        marks[[0, -1]] = 1
        return cls(parted, marks.tobytes())

    def __iter__(self) -> Iterator[str]:
        return iter(self.parted.split(PARTING) if self.parted else ())

    def around(self, place: int) -> tuple[int, int]:
        """The offsets of the word that a place lies in."""
        return self.marks.rfind(1, 0, place + 1), self.marks.find(1, place + 1)

    def start_of(self, edge: int) -> int:
        """Where the word begins that ends at an edge."""
        return self.marks.rfind(1, 0, edge)

    def between(self, start: int, end: int) -> Words:
        """Those of a part of the text that begins and ends at edges."""
        before = self.marks.count(1, 1, start + 1)
        inside = self.marks.count(1, start + 1, end)
        return Words(self.parted[start + before : end + before + inside], self.marks[start : end + 1])

    def cut_at(self, edges: Iterable[int]) -> Words:
        """Words cut again so that one ends and another begins at each edge.

        >>> [*Words.of(['获港', '科大', '拨款']).cut_at({1, 4})]
        ['获', '港', '科大', '拨款']
        """
        marks, last = self.marks, len(self.marks) - 1
        wanted = sorted({edge for edge in edges if 0 < edge < last and not marks[edge]})
        if not wanted:
            return self
        new = bytearray(marks)
        parts: list[str] = []
        done = partings = 0
        counted = 1
        for edge in wanted:
            partings += marks.count(1, counted, edge)
            parts.append(self.parted[done : edge + partings])
            done, counted = edge + partings, edge
            new[edge] = 1
        parts.append(self.parted[done:])
        return Words(PARTING.join(parts), bytes(new))

    def over(self, text: str) -> Words:
        """The same edges in another text of the same length."""
        ends = [at for at, mark in enumerate(self.marks) if mark]
        return Words(PARTING.join([text[start:end] for start, end in pairwise(ends)]), self.marks)

    def stretches(self, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
        """The words of each span with a `PARTING` between two; the spans are in order of place."""
        marks, parted = self.marks, self.parted
        counted, before = 1, 0
        for start, end in spans:
            before += marks.count(1, counted, start + 1)
            after = before + marks.count(1, start + 1, end)
            yield parted[start + before : end + after]
            counted, before = end, after

    def in_rows(self, spans: Iterable[tuple[int, int]]) -> list[str]:
        """The words of each span with a space between two, without white space; the spans are in order of place."""
        rows: list[str] = []
        for row in self.stretches(spans):
            if row.split(None, 1) != [row]:
                row = PARTING.join([word for word in row.split(PARTING) if not word.isspace()])
            rows.append(row.replace(PARTING, " "))
        return rows
