"""The currency of a bare 元: declared by the article, else inferred from the actors and places around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.article import Article
from hkextract.extract.drafts import Lexicon
from hkextract.rules import RuleSet

PlaceOf = Callable[[str], str]
"""Gives the ISO code that a text's organisations speak for, or an empty string: the register's voice."""

SENTENCE_REACH = 300
"""How many characters back a sentence is followed; a longer one is no sentence."""

_CLAUSE = re.compile("[，,、]")
_SENTENCE = re.compile("[。！？!?;；\n]")


class Currencies:
    """Settles the currency of sums that name none. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._declared = table.compile(
            r"[(（](?:{currency}|以?{currency}(?:为单位|计算?|计价))[,，、；;]?(?:下同)?[)）]|[(（][^()（）]{0,6}{currency}[,，]下同[)）]"
            r"|(?:单位|货币|币种)[:：]?(?:[十百千万亿]{0,3})?(?:元?{currency})|(?:均|皆|都)以{currency}(?:计|为)"
        )
        self._cues = _codes(table, "place") | dict.fromkeys(table.words["joint"], ("", False))
        self._cues |= {word: (code, True) for word, (code, _) in _codes(table, "place_weak").items()}
        self._names = tuple(self._cues)
        self._places = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)
        self._named = table.compile(r"(?<![\d十百千万亿元])(?<!\d )(?P<name>{currency})(?! ?\d)")
        self._outlets = table.compile("{outlet}")

    def for_article(self, article: Article) -> ArticleCurrency:
        """What settles the bare sums of one article."""
        text = article.text.chars
        declared = self._declared.search(text)
        code = self._lexicon.currency(declared.group()) if declared else ""
        places = self._places.find_matches_as_indexes(text)
        cues = [Cue(start, *self._cues[self._names[name]]) for name, start, _ in places]
        cues = [cue for cue in cues if cue.code]
        outlet = self._outlets.search(article.meta.source)
        outlet_code = self._lexicon.words["outlet"].category(outlet.group()) if outlet else ""
        return ArticleCurrency(text, code, cues, self._stated(text), outlet_code)

    def _stated(self, text: str) -> list[Cue]:
        """Currencies named apart from a number: 人民币部分."""
        return [Cue(match.start(), self._lexicon.currency(match["name"])) for match in self._named.finditer(text)]


def _codes(table: RuleSet, name: str) -> dict[str, tuple[str, bool]]:
    return {word: (code, False) for code, words in table.words[name].categories.items() for word in words}


@dataclass(frozen=True, slots=True)
class Cue:
    """A place, a body or a currency that is named at a clean offset and speaks for a currency; a weak one only
    where no other is near."""

    start: int
    code: str
    weak: bool = False


class ArticleCurrency:
    """The grounds that an article gives. Offsets are clean."""

    def __init__(self, text: str, declared: str, cues: list[Cue], named: list[Cue], outlet: str) -> None:
        self._text = text
        self._declared = declared
        self._cues = [cue for cue in cues if not cue.weak]
        self._all = cues
        self._named = named
        self._paragraphs: dict[tuple[int, int], str] = {}
        self._article = _commonest(self._cues) or _commonest(cues) or outlet

    def at(self, start: int, paragraph: tuple[int, int]) -> tuple[str, str]:
        """Currency and basis of a bare sum: declared, stated beside it, else by the places of its clause, its
        sentence, its paragraph and its article, by the outlet, else unknown."""
        if self._declared:
            return self._declared, "declared"
        low, high = paragraph
        floor = max(low, start - SENTENCE_REACH)
        sentence = max((match.end() for match in _SENTENCE.finditer(self._text, floor, start)), default=floor)
        clause = max((match.end() for match in _CLAUSE.finditer(self._text, sentence, start)), default=sentence)
        if named := _between(self._named, clause, start):
            return named[-1].code, "stated"
        if near := _between(self._cues, clause, start):
            return near[-1].code, "inferred"
        if near := _between(self._cues, sentence, start):
            return near[0].code, "inferred"
        if paragraph not in self._paragraphs:
            self._paragraphs[paragraph] = _commonest(_between(self._cues, low, high)) or self._article
        code = self._paragraphs[paragraph]
        return (code, "inferred") if code else ("", "unknown")


def _commonest(cues: list[Cue]) -> str:
    return Counter(cue.code for cue in cues).most_common(1)[0][0] if cues else ""


def _between(cues: list[Cue], low: int, high: int) -> list[Cue]:
    return cues[bisect_left(cues, low, key=_start) : bisect_left(cues, high, key=_start)]


def _start(cue: Cue) -> int:
    return cue.start
