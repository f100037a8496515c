"""The currency of a bare 元: declared by the article, else inferred from the actors and places around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.article import Article
from hkextract.extract.drafts import Lexicon
from hkextract.rules import RuleSet

PlaceOf = Callable[[str], str]
"""Gives the ISO code that a text's organisations speak for, or an empty string: the register's voice."""

_SENTENCE = re.compile("[。！？!?;；\n]")


class Currencies:
    """Settles the currency of sums that name none. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._declared = table.compile(
            r"[(（](?:{currency}|以?{currency}(?:为单位|计算?|计价))[,，、；;]?(?:下同)?[)）]|[(（][^()（）]{0,6}{currency}[,，]下同[)）]"
            r"|(?:单位|货币|币种)[:：]?(?:[十百千万亿]{0,3})?(?:元?{currency})|(?:均|皆|都)以{currency}(?:计|为)"
        )
        self._cues = {word: code for code, words in table.words["place"].categories.items() for word in words}
        self._cues |= dict.fromkeys(table.words["joint"], "")
        self._names = tuple(self._cues)
        self._places = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)
        self._outlets = table.compile("{outlet}")

    def for_article(self, article: Article) -> ArticleCurrency:
        """What settles the bare sums of one article."""
        text = article.text.chars
        declared = self._declared.search(text)
        code = self._lexicon.currency(declared.group()) if declared else ""
        places = self._places.find_matches_as_indexes(text)
        cues = [(start, cue) for name, start, _ in places if (cue := self._cues[self._names[name]])]
        outlet = self._outlets.search(article.meta.source)
        outlet_code = self._lexicon.words["outlet"].category(outlet.group()) if outlet else ""
        return ArticleCurrency(text, code, cues, outlet_code)


class ArticleCurrency:
    """The grounds that an article gives. Offsets are clean."""

    def __init__(self, text: str, declared: str, cues: list[tuple[int, str]], outlet: str) -> None:
        self._text = text
        self._declared = declared
        self._cues = cues
        self._starts = [start for start, _ in cues]
        common = Counter(code for _, code in cues).most_common(1)
        self._article = common[0][0] if common else outlet

    def at(self, start: int, paragraph: tuple[int, int]) -> tuple[str, str]:
        """Currency and basis of a bare sum: declared, else by sentence, paragraph, article, outlet, else unknown."""
        if self._declared:
            return self._declared, "declared"
        low, high = paragraph
        sentence = max((match.end() for match in _SENTENCE.finditer(self._text, low, start)), default=low)
        if first := self._between(sentence, start)[:1]:
            return first[0][1], "inferred"
        if near := self._between(low, high):
            return Counter(code for _, code in near).most_common(1)[0][0], "inferred"
        return (self._article, "inferred") if self._article else ("", "unknown")

    def _between(self, low: int, high: int) -> list[tuple[int, str]]:
        return self._cues[bisect_left(self._starts, low) : bisect_left(self._starts, high)]
