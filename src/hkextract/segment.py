"""Sentences and words of a cleaned article.

Words come from jieba's dictionary and algorithm in their Rust implementation (`rjieba`; a test compares the two).
Mentions are found on characters; words are then cut so that every edge of a mention is an edge of a word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from hkextract.article import Article, Role
from hkextract.rules import Rules


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
            for stop in [*(match.end() for match in find_ends(chars, start, last)), last]:
                while start < stop and chars[start].isspace():
                    start += 1
                end = stop
                while end > start and chars[end - 1].isspace():
                    end -= 1
                if start < end:
                    found.append(Sentence(len(found) + 1, paragraph, role, start, end))
                start = stop
        return found


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


class Boundaries(NamedTuple):
    """Where words begin and end in a text: offsets, 0 and the text's length among them, as a set and in order."""

    edges: frozenset[int]
    ordered: Sequence[int]

    @classmethod
    def of(cls, cut: Iterable[str]) -> Boundaries:
        """Those of the words that a text was cut into.

        >>> Boundaries.of(['获港', '科大', '拨款']).ordered
        [0, 2, 4, 6]
        """
        ordered = [0, *accumulate(map(len, cut))]
        return cls(frozenset(ordered), ordered)

    def word_around(self, place: int) -> tuple[int, int]:
        """The offsets of the word that a place lies strictly inside of."""
        number = bisect_right(self.ordered, place)
        return self.ordered[number - 1], self.ordered[number]

    def word_before(self, chars: str, edge: int) -> str:
        """The word that ends at an edge."""
        return chars[self.ordered[bisect_right(self.ordered, edge) - 2] : edge]


def split_at(cut: list[str], edges: Iterable[int], boundaries: Boundaries | None = None) -> list[str]:
    """Words cut again so that one ends and another begins at each edge (offsets into the text that they make up).

    `boundaries` are those of the words, where they are known already.

    >>> split_at(['获港', '科大', '拨款'], {1, 4})
    ['获', '港', '科大', '拨款']
    """
    known, ordered = boundaries or Boundaries.of(cut)
    wanted = sorted({edge for edge in edges if edge not in known and 0 < edge < ordered[-1]})
    found: list[str] = []
    done = 0
    rest, at = "", 0  # what is left of a word that is being cut, and where it begins
    for edge in wanted:
        number = bisect_right(ordered, edge) - 1
        if number >= done:
            found += [rest, *cut[done:number]] if rest else cut[done:number]
            rest, at, done = cut[number], ordered[number], number + 1
        found.append(rest[: edge - at])
        rest, at = rest[edge - at :], edge
    return [*found, rest, *cut[done:]] if wanted else cut
