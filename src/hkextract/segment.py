"""Sentences and words of a cleaned article.

Words come from jieba's dictionary and algorithm in their Rust implementation (`rjieba`; a test compares the two).
Mentions are found on characters; words are then cut so that every edge of a mention is an edge of a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from hkextract.article import Article, Role
from hkextract.rules import Rules, alternation


@dataclass(frozen=True, slots=True)
class Sentence:
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
        end, closing = alternation(marks["sentence_end"]), alternation(marks["closing"])
        self._end = re.compile(f"{end}+{closing}*|(?<=[A-Za-z]{{2}})\\.(?= +[A-Z])")

    def split(self, article: Article) -> list[Sentence]:
        """The sentences in order; together they hold everything of every block but the white space between them."""
        chars = article.text.chars
        found: list[Sentence] = []
        for paragraph, block in enumerate(article.blocks, start=1):
            start = block.start
            stops = [match.end() for match in self._end.finditer(chars, block.start, block.end)]
            for stop in [*stops, block.end]:
                while start < stop and chars[start].isspace():
                    start += 1
                end = stop
                while end > start and chars[end - 1].isspace():
                    end -= 1
                if start < end:
                    found.append(Sentence(len(found) + 1, paragraph, block.role, start, end))
                start = stop
        return found


def words(text: str) -> list[str]:
    """The words of a text, white space included, so that joined they are the text again.

    >>> words("获港科大拨款")
    ['获港', '科大', '拨款']
    """
    import rjieba

    cut: list[str] = rjieba.cut(text)
    return cut


def split_at(cut: list[str], edges: set[int]) -> list[str]:
    """Words cut again so that one ends and another begins at each edge (offsets into the text that they make up).

    >>> split_at(['获港', '科大', '拨款'], {1, 4})
    ['获', '港', '科大', '拨款']
    """
    ends = list(accumulate(map(len, cut)))
    wanted = edges.difference(ends)
    if not wanted or not ends:
        return cut
    text = "".join(cut)
    places = sorted({*ends, *(edge for edge in wanted if 0 < edge < len(text))})
    return [text[start:end] for start, end in zip([0, *places], places, strict=False)]
