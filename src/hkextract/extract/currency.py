"""The currency of a bare 元: declared by the article, else inferred from the actors and places around it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from hkextract.article import Article
from hkextract.extract.drafts import Lexicon
from hkextract.extract.matching import searcher
from hkextract.rules import RuleSet

SENTENCE_REACH = 300
"""How many characters back a sentence is followed; a longer one is no sentence."""

_CLAUSE = re.compile("[，,、]")
_SENTENCE = re.compile("[。！？!?;；\n]")


class Currencies:
    """Settles the currency of sums that name none. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon, places: Mapping[str, str] | None = None) -> None:
        """`places` adds names (of organisations, say) that speak for a currency: name → ISO code."""
        self._lexicon = lexicon
        self._beside = table.compile("{number_end}$")
        self._declared = searcher(table.compile("{declared}"))
        cues = {word: Naming(code, "place") for word, code in _codes(table, "place")}
        cues |= {word: Naming(code, "weak") for word, code in _codes(table, "place_weak")}
        cues |= {word: Naming(code, "currency") for word, code in _codes(table, "currency")}
        cues |= {name: Naming(code, "place") for name, code in (places or {}).items()}
        cues |= dict.fromkeys(table.words["joint"], Naming("", "joint"))
        self._namings = tuple(cues.values())
        self._names = AhoCorasick(tuple(cues), matchkind=MatchKind.LeftmostLongest)
        self._outlets = table.compile("{outlet}")

    def for_article(self, article: Article) -> ArticleCurrency:
        """What settles the bare sums of one article; its text is read when the first such sum asks."""
        return ArticleCurrency(article, self)

    def declared(self, text: str) -> str:
        """The code of the currency that a text declares for all its sums: (港元，下同)."""
        match = self._declared(text)
        return self._lexicon.currency(match.group()) if match else ""

    def outlet(self, source: str) -> str:
        """The code of the place of an outlet, empty where it is unknown."""
        match = self._outlets.search(source)
        return self._lexicon.words["outlet"].category(match.group()) if match else ""

    def cues(self, text: str) -> list[Cue]:
        """All names in a text that speak for a currency, in order; a currency beside a number is no cue."""
        found = []
        for name, start, end in self._names.find_matches_as_indexes(text):
            code, sort = self._namings[name]
            if sort == "joint" or (sort == "currency" and self._is_of_sum(text, start, end)):
                continue
            found.append(Cue(start, code, sort))
        return found

    def _is_of_sum(self, text: str, start: int, end: int) -> bool:
        """Whether the name of a currency stands beside a number, so that it speaks for that sum alone."""
        return text[end : end + 2].lstrip()[:1].isdigit() or bool(self._beside.search(text, max(0, start - 2), start))


def _codes(table: RuleSet, name: str) -> list[tuple[str, str]]:
    return [(word, code) for code, words in table.words[name].categories.items() for word in words]


class Naming(NamedTuple):
    """What a name speaks for: an ISO code, by a `place`, a `weak` place, a `currency`, or for none (`joint`)."""

    code: str
    sort: str


class Cue(NamedTuple):
    """A name at a clean offset that speaks for a currency; a weak one only where no other is near."""

    start: int
    code: str
    sort: str


class ArticleCurrency:
    """The grounds that an article gives. Offsets are clean."""

    def __init__(self, article: Article, currencies: Currencies) -> None:
        self._text = article.text.chars
        self._source = article.meta.source
        self._told = article.meta.currency
        self._currencies = currencies
        self._paragraphs: dict[tuple[int, int], str] = {}

    @cached_property
    def _declared(self) -> str:
        return self._currencies.declared(self._text)

    @cached_property
    def _by_sort(self) -> dict[str, list[Cue]]:
        sorts: dict[str, list[Cue]] = {"place": [], "weak": [], "currency": []}
        for cue in self._currencies.cues(self._text):
            sorts[cue.sort].append(cue)
        return sorts

    @cached_property
    def _article(self) -> str:
        """The currency of most places of the article, else of most weak ones, else of the outlet."""
        sorts = self._by_sort
        return (
            _commonest(sorts["place"])
            or _commonest(sorts["weak"] + sorts["currency"])
            or self._currencies.outlet(self._source)
        )

    def at(self, start: int, paragraph: tuple[int, int]) -> tuple[str, str]:
        """Currency and basis of a bare sum: told by the user, declared, stated beside it, else by the places of its
        clause, its sentence, its paragraph and its article, by the outlet, else unknown."""
        if self._told:
            return self._told, "declared"
        if self._declared:
            return self._declared, "declared"
        low, high = paragraph
        floor = max(low, start - SENTENCE_REACH)
        sentence = max((match.end() for match in _SENTENCE.finditer(self._text, floor, start)), default=floor)
        clause = max((match.end() for match in _CLAUSE.finditer(self._text, sentence, start)), default=sentence)
        if named := _between(self._by_sort["currency"], clause, start):
            return named[-1].code, "stated"
        if near := _between(self._by_sort["place"], clause, start):
            return near[-1].code, "inferred"
        if near := _between(self._by_sort["place"], sentence, start):
            return near[0].code, "inferred"
        if paragraph not in self._paragraphs:
            self._paragraphs[paragraph] = _commonest(_between(self._by_sort["place"], low, high)) or self._article
        code = self._paragraphs[paragraph]
        return (code, "inferred") if code else ("", "unknown")


def _commonest(cues: list[Cue]) -> str:
    return Counter(cue.code for cue in cues).most_common(1)[0][0] if cues else ""


def _between(cues: list[Cue], low: int, high: int) -> list[Cue]:
    return cues[bisect_left(cues, low, key=_start) : bisect_left(cues, high, key=_start)]


def _start(cue: Cue) -> int:
    return cue.start
