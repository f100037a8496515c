"""Blanks words that hold a numeral and are no number (`一年一度`, `十分`), so that no rule reads into them."""

from __future__ import annotations

import re
from collections.abc import Callable

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.extract.matching import first_characters
from hkextract.rules import RuleSet, alternation

BLANK = "\ue000"
"""Stands for a blanked character; no rule reads it."""


def masker(table: RuleSet) -> Callable[[str], str]:
    """A function that blanks the idioms of a table in a text and keeps its length.

    An idiom that `idiom_kept` stands before or `idiom_goes_on` after is read as a number (`三十分`, `十分钟`).
    """
    by_char: dict[str, list[str]] = {}
    for word in table.words["idiom"]:
        by_char.setdefault(word[0], []).append(word[1:])
    branches = "|".join(re.escape(char) + alternation(tuple(rest)) for char, rest in sorted(by_char.items()))
    pattern = table.compile("(?:{weekday})|{idiom_kept}(?:" + branches + "){idiom_goes_on}")

    firsts = first_characters(table.compile("{weekday}"))
    # Both can be no more than words of these; looking for them takes a quarter of the time of searching the pattern.
    begins = AhoCorasick([*table.words["idiom"], *firsts], matchkind=MatchKind.Standard)

    def blank(text: str) -> str:
        parts: list[str] = []
        done = 0
        for start in sorted({hit[1] for hit in begins.find_matches_as_indexes(text, overlapping=True)}):
            match = pattern.match(text, start) if start >= done else None
            if match is not None:
                parts += (text[done:start], BLANK * (match.end() - start))
                done = match.end()
        return "".join((*parts, text[done:])) if done else text

    return blank
