"""What the lines of a page look like: the evidence on which furniture and metadata are judged.

Offsets are those of the text that the lines were cut from (repaired and simplified, not yet cleaned), half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from ahocorasick_rs import AhoCorasick

from hkextract.clean.gates import REMEMBERED, Gate, with_lasts
from hkextract.clean.line import Drop, Line, split
from hkextract.extract.left import last_characters
from hkextract.extract.matching import Matcher, first_characters
from hkextract.rules import Rule, Rules

LONGEST_FURNITURE_LINE = 120
"""Lines of more characters are no button, heading or contact line; rules of scope search and spam still see them."""
LONGEST_HEADER_LINE = 160
CREDIT_CHARS = 12
MENU: Final = "furniture-menu"
BOILERPLATE: Final = "furniture-boilerplate"
LONGEST_BOILERPLATE = 400
SHORTEST_MENU, SHARE_OF_MENU = 8, 0.6
"""Characters of a line of a menu, and the share of its letters that known words make up."""
CAPTION_LABEL: Final = "furniture-caption-label"

_BLANK = " \t\u3000\xa0\u202f\u205f\u200b\u200c\u200d\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_PLAIN = {ord(char): " " for char in _BLANK if char not in " \t\u3000"} | {
    ord("╱"): "／",
    ord("︱"): "|",
    ord("│"): "|",
}
_ODD = re.compile("[" + "".join(map(chr, _PLAIN)) + "]")


class Shapes:
    """The rules of furniture and the shapes of lines, ready to be matched. Build once a `Rules`; see `shapes`."""

    def __init__(self, rules: Rules) -> None:
        table = rules["furniture"]

        made = table.compile
        self.sentence_end = made("{sentence_end}$")
        ends = ("open_end", "comma_end", "colon_end", "tail_end", "asking_end", "stamp_end")
        lasts = [first_characters(made(f"{{{end}}}")) for end in ends]  # all of them are choices of one character
        self.open_end, self.comma_end, self.colon_end, self.tail_end, self.asking_end, self._stamp_end = lasts
        self.clause, self.speaker = made("{clause}"), made("{speaker}")
        self.list_mark, self.dropped_mark = made("{list_mark}"), made("{dropped_mark}")
        self.field = made("{field}")
        self.subtitle_mark, self.number_heading = made("{subtitle_mark}"), made("{number_heading}")
        self.caption_mark, self.credit_word = made("{caption_mark}"), made(r"{credit_word}[)）】\]]?$")
        marks = (self.list_mark, self.number_heading, self.caption_mark)
        self._mark = frozenset[str]().union(*map(first_characters, marks))
        self._sentence_end, self._credit_end = map(last_characters, (self.sentence_end, self.credit_word))
        self.stamp_line, self.dated_end = made("{stamp_line}"), made("{dated_end}$")
        self.rest_of_dateline, self.paragraph_start = made("{rest_of_dateline}"), made("{paragraph_start}")
        self._label_char = first_characters(made("{label_char}"))
        self.salutation, self.annex = made("{salutation}"), made("{annex}")
        self.entry_mark, self.two_clauses = made("{entry_mark}"), made("{two_clauses}")
        self.document_number = made("{document_number}")
        self.wish, self.signed = made("{wish}"), made("{signed}")
        self._spaced, self._menu_words = made("(?:{han}[ 　])+{han}"), made("{navigation}|{tool}|{share.target}")
        listed = (table.words["navigation"], table.words["tool"], table.words["share"].categories["target"])
        self._menu_letters = frozenset(char for words in listed for word in words for char in word)
        self._menu_signs = AhoCorasick(sorted({word for words in listed for word in words}))
        self._deixis, self._matters = made("{deixis}"), made("{matter}")
        by_id = {rule.id: rule for rule in table.rules}
        self._menu, self._boilerplate = by_id[MENU], by_id[BOILERPLATE]
        by_scope: dict[str, list[Rule]] = {"line": [], "search": [], "end": [], "start": [], "title": [], "page": []}
        for rule in table.rules:
            by_scope[rule.options.get("scope", "line")].append(rule)
        self._search = Matcher(by_scope["search"])
        self._searched = [word for rule in by_scope["search"] for word in rule.options.get("trigger", ("",))]
        self.tails, self._labels = with_lasts(by_scope["end"]), tuple(by_scope["start"])
        self.title_tails = tuple(by_scope["title"])
        self._line = Gate(by_scope["line"], table.kept)
        self._furniture = lru_cache(REMEMBERED)(self._furniture_of)

    def lines(self, chars: str) -> list[Line]:
        """The lines of a text with their shape and the rule of furniture that each matches."""
        view = chars.translate(_PLAIN) if _ODD.search(chars) else chars
        lines = [self._shaped(line) for line in split(view)]
        for label, line in pairwise(lines):
            if label.rule and label.rule.id == CAPTION_LABEL and line.rule is None:
                line.caption = True
        if any(map(view.__contains__, self._searched)):
            self._search_in(view, lines)
        return lines

    def _search_in(self, view: str, lines: Sequence[Line]) -> None:
        """Notes the rules that look for words anywhere in a line."""
        starts = [line.start for line in lines]
        for found in self._search.candidates(view):
            line = lines[bisect_right(starts, found.start) - 1]
            if line.rule is None and (not line.prose or len(line) <= LONGEST_FURNITURE_LINE):
                line.rule = found.rule

    def _without_button(self, line: Line) -> None:
        """Cuts a button off the end of a headline that it sticks to."""
        for rule, _ in self.tails:
            match = rule.regex.search(line.text) if rule.kind == "share" else None
            if match and match.start() > 0:
                line.cuts.append(Drop(line.start + match.start(), line.end, rule.id, rule.kind))
                line.text = line.text[: match.start()]

    def _without_label(self, line: Line) -> None:
        """Cuts the name of a field off the start of a line."""
        for rule in self._labels:
            if match := rule.regex.match(line.text):
                line.cuts.append(Drop(line.start, line.start + match.end(), rule.id, rule.kind))
                line.start += match.end()
                line.text = line.text[match.end() :]

    def _without_path(self, line: Line) -> None:
        """Cuts the path to the page off a headline that stands in the next cell of a table."""
        path, _, rest = line.text.partition("\t")
        rule = self._furniture(path.rstrip(" \u3000"))
        rest = rest.lstrip(" \t\u3000")
        if rule is None or rule.kind != "breadcrumb" or self._furniture(rest) is not None:
            return
        start = line.end - len(rest)
        line.cuts.append(Drop(line.start, start, rule.id, rule.kind))
        line.start, line.text = start, rest

    def _shaped(self, line: Line) -> Line:
        if line.text.count("\t") == 1 and len(line) <= LONGEST_FURNITURE_LINE:
            self._without_path(line)
        if line.text[0] in self._label_char:
            self._without_label(line)
        if line.text[-1] in self.colon_end and len(line) <= LONGEST_FURNITURE_LINE:
            self._without_button(line)
        text = line.text
        size = len(text)
        line.closed = text[-1] in self._sentence_end and self.sentence_end.search(text[-6:]) is not None
        clauses = self.clause.search(text) is not None
        line.flowing = clauses
        if text[0] in self._mark:
            mark = self.list_mark.match(text)
            line.bullet = mark.end() if mark else 0
            line.number = self.number_heading.match(text) is not None
            line.caption = self.caption_mark.match(text) is not None
        line.tabbed = "\t" in text
        if size <= LONGEST_FURNITURE_LINE and text[-1] in self._credit_end and not line.caption:
            line.caption = self.credit_word.search(text[-CREDIT_CHARS:]) is not None
        line.prose = not line.tabbed and self._is_prose(line, size, clauses)
        if size <= LONGEST_FURNITURE_LINE or "|" in text[:20] or "｜" in text[:20]:
            line.rule = self._furniture(text)
        elif size <= LONGEST_BOILERPLATE and self._speaks_of_itself(text):
            line.rule = self._boilerplate
        if size <= LONGEST_FURNITURE_LINE and not line.tabbed and text[-1] in self._stamp_end:
            line.stamped = self.stamp_line.fullmatch(text) is not None or self.dated_end.search(text, -40) is not None
        return line

    def _is_prose(self, line: Line, size: int, clauses: bool) -> bool:
        if line.text[-1] in self.colon_end:
            return size >= 20
        if line.closed:
            return clauses and size >= 15
        return size >= 45 and len(self.clause.findall(line.text)) >= 2

    def _furniture_of(self, text: str) -> Rule | None:
        if self._spaced.fullmatch(text):  # 热 点 专 题
            text = text.replace(" ", "").replace("\u3000", "")
        for rule in self._line.whole(text):
            if rule.regex.fullmatch(text):
                return rule
        if self._is_menu(text):
            return self._menu
        return self._boilerplate if self._speaks_of_itself(text) else None

    def _speaks_of_itself(self, text: str) -> bool:
        """True where a site speaks of itself and of two matters that sites speak of: rights, liability, letters."""
        return self._deixis.search(text) is not None and len(set(self._matters.findall(text))) >= 2

    def _is_menu(self, text: str) -> bool:
        """True for a line of words of menus: three of them parted by signs, or four in a row."""
        if len(text) < SHORTEST_MENU or self.clause.search(text):
            return False
        letters = sum(map(str.isalnum, text))
        if sum(map(self._menu_letters.__contains__, text)) < SHARE_OF_MENU * letters:
            return False
        if len(self._menu_signs.find_matches_as_strings(text, overlapping=True)) < 3:
            return False
        words = self._menu_words.findall(text)
        if len(words) < 3 or (len(words) < 4 and text.isalnum()):
            return False
        return sum(map(len, words)) >= SHARE_OF_MENU * letters


@lru_cache(maxsize=8)
def shapes(rules: Rules) -> Shapes:
    """The shapes of a `Rules`, built once."""
    return Shapes(rules)
