"""Where an article ends: a mark of the end below enough of its text, unless the article goes on below the mark.

Marks are an editor's line, `（完）`, a copyright notice, the heading of a list of other articles, a widget. All times
are linear in the number of lines: what stands below a mark is summed up once, from the bottom of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

from hkextract.clean.islands import triples
from hkextract.clean.line import Line

ENOUGH_PROSE = 60
"""Characters of sentence text that must stand before a mark of the end, so that a line above the text is none."""
ENOUGH_BELOW_HEADER = 40
"""The same where the article's stamp or source stands above the text."""
SAME_SUBJECT = 1 / 3
"""Share of paragraphs that take up three letters in a row from the text before, from which both are one article.

Measured on 66 articles cut at half: the rest of the same article reaches it in 79 % of cases, another one in 20 %.
"""
PARAGRAPHS_COMPARED, PARAGRAPH_CHARS, REACH = 6, 35, 200
"""How many paragraphs below a mark are looked at, their usual length at least, and within how many lines."""
COMMENT_ENTRY: Final = "furniture-comment-entry"
LONGEST_COMMENT, FEEDBACK = 6, "赞顶踩回举"
"""Lines of a comment with its entry at most, and how a line of feedback below a comment begins."""
INVITATIONS = ("share", "subscription", "advertising")
"""Kinds of furniture that stand between paragraphs, and head no list of other articles."""


def find_end(lines: Sequence[Line], listed: Sequence[bool]) -> int:
    """The number of the first line that closes the article, else the number of lines."""
    seeker = _Seeker(lines, listed)
    size = 0
    headed = False
    comments = _comments(lines)
    for i, line in enumerate(lines):
        if i == comments and size >= ENOUGH_PROSE:
            return i
        headed = headed or (line.header and not size)
        marked = size and (line.closing or line.place in ("end", "box")) and not (i and lines[i - 1].place == "inline")
        if marked and not seeker.resumes(i, size, ENOUGH_BELOW_HEADER if headed else ENOUGH_PROSE):
            return i
        if seeker.is_text(i):
            size += len(line)
    return len(lines)


def _comments(lines: Sequence[Line]) -> int:
    """The number of the first line of readers' comments, else the number of lines: two entries stand close together.

    A line with a reader's name stands above each comment, or a line to answer it below.
    """
    entries = [i for i, line in enumerate(lines) if line.rule is not None and line.rule.id == COMMENT_ENTRY]
    for i, (entry, following) in enumerate(pairwise(entries)):
        apart = following - entry
        if 1 < apart <= LONGEST_COMMENT:
            below = lines[entry].text[0] in FEEDBACK and i == 0
            return max(0, entry - apart + 1) if below else entry
    return len(lines)


class _Seeker:
    """A page and what stands below each of its lines."""

    def __init__(self, lines: Sequence[Line], listed: Sequence[bool]) -> None:
        self.lines, self.listed = lines, listed
        self._triples: set[str] = set()
        self._read = 0

    def is_text(self, i: int) -> bool:
        return self.lines[i].prose and not self.listed[i] and not self.lines[i].rule

    def resumes(self, at: int, size: int, enough: int) -> bool:
        """True where the article goes on below a mark: much text of the same subject, or nearly all of it."""
        mark = self.lines[at]
        much, signed = self._below[at]
        if size < enough and much:
            return True
        if mark.rule is not None and mark.rule.kind in INVITATIONS and mark.place == "box":
            return much >= ENOUGH_PROSE / 2
        if mark.closing and at + 1 < len(self.lines) and self.lines[at + 1].prose and not self.listed[at + 1]:
            return much >= 2 * ENOUGH_PROSE  # editors named inside a text: no list of articles begins without a heading
        ahead = self._ahead(at)
        if signed and mark.place == "box" and much >= ENOUGH_PROSE / 2 and not self._lists(ahead):
            return True  # the editors sign below the article, not below the list of others
        if much < ENOUGH_PROSE or (mark.place != "box" and much < max(size, 2 * ENOUGH_PROSE)):
            return False
        if mark.place == "box" and self._runs_on(ahead):
            return True
        if mark.place == "box" and self._lists(ahead) and not self._are_long(ahead):
            return False
        return self._same_subject(at, ahead, SAME_SUBJECT if much >= 2 * ENOUGH_PROSE else 2 * SAME_SUBJECT)

    def _ahead(self, at: int) -> list[int]:
        """The numbers of the next paragraphs below a mark, up to the next mark of the end."""
        found: list[int] = []
        for i in range(at + 1, min(at + 1 + REACH, len(self.lines))):
            if found and (self.lines[i].place == "end" or self.lines[i].closing):
                break
            if self.is_text(i):
                found.append(i)
                if len(found) == PARAGRAPHS_COMPARED:
                    break
        return found

    def _headed(self, ahead: Sequence[int]) -> float:
        """The share of paragraphs with a short line right above, as summaries have below their headlines."""
        above = [self.lines[i - 1] for i in ahead if i]
        return sum(line.short and not (line.bullet or line.rule) for line in above) / len(ahead) if ahead else 0.0

    def _lists(self, ahead: Sequence[int]) -> bool:
        """True for headlines and summaries in turn."""
        return len(ahead) >= 2 and self._headed(ahead) > 0.5

    def _runs_on(self, ahead: Sequence[int]) -> bool:
        """True for paragraphs one below the other, which no list of articles has."""
        if len(ahead) < 2 or self._headed(ahead) > 0.5:
            return False
        return self._are_long(ahead) and all(self.lines[i].text[-1] not in "？！?!" for i in ahead)

    def _are_long(self, ahead: Sequence[int]) -> bool:
        """True for paragraphs of usual length, which summaries and comments are not."""
        return sum(len(self.lines[i]) for i in ahead) >= PARAGRAPH_CHARS * len(ahead)

    @cached_property
    def _below(self) -> list[tuple[int, bool]]:
        """For each line: characters of text below it up to the next mark of the end, and whether that mark signs."""
        begun, fresh = (0, False), (0, False)  # what a reader has ahead who has met text already, who has not
        below = []
        for i in range(len(self.lines) - 1, -1, -1):
            below.append(fresh)
            line = self.lines[i]
            size = len(line) if self.is_text(i) else 0
            ahead = (size + begun[0], begun[1])
            if size:
                fresh = ahead
            if line.place == "end" or line.closing:
                begun = (0, line.closing or bool(line.rule and line.rule.kind == "end mark"))
            else:
                begun = ahead
        return below[::-1]

    def _same_subject(self, at: int, ahead: Sequence[int], share: float) -> bool:
        """True where enough paragraphs below a line take up a run of three letters from the text above it."""
        for i in range(self._read, at):
            if self.is_text(i):
                self._triples.update(triples(self.lines[i].text))
        self._read = max(self._read, at)
        taken_up = sum(not self._triples.isdisjoint(triples(self.lines[i].text)) for i in ahead)
        return taken_up >= share * len(ahead)
