"""Amounts: money, shares, quantities, lengths of time, counts, ranks and multiples."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from weakref import WeakKeyDictionary

from hkextract.article import Article, Block
from hkextract.extract import numerals
from hkextract.extract.cells import Heading, Headings, under_heading
from hkextract.extract.conditions import Conditions
from hkextract.extract.context import Context, size_in_si, without_value
from hkextract.extract.currency import ArticleCurrency, Currencies
from hkextract.extract.dispatch import Dispatch
from hkextract.extract.drafts import Draft, Lexicon
from hkextract.extract.masks import masker
from hkextract.extract.matching import GUARD, Found, contest
from hkextract.extract.resolvers import RESOLVERS
from hkextract.mention import Amount
from hkextract.rules import Rules


class AmountFinder:
    """Finds the amounts of articles. Build once from the rules, use for every article.

    >>> from pathlib import Path
    >>> from hkextract.rules import load
    >>> finder = AmountFinder(load(Path("rules")))
    >>> article = Article.of_text("当局拨款逾3亿港元支持24个项目。")
    >>> [article.text.chars[amount.start : amount.end] for amount in finder.find(article)]
    ['逾3亿港元', '24个']
    """

    def __init__(self, rules: Rules, places: Mapping[str, str] | None = None) -> None:
        """`places` adds names that speak for the currency of a bare 元: name → ISO code."""
        table = rules["amounts"]
        self._lexicon = Lexicon(table)
        self._conditions = Conditions(table, self._lexicon)
        self._context = Context(table, self._lexicon)
        self._mask = masker(table)
        self._currencies = Currencies(table, self._lexicon, places)
        self._nouns = table.compile(r"[^，。；、！？\s\d,;]{0,5}?({counted})")
        self._headings = Headings(table, self._lexicon)
        self._dispatch = Dispatch(table.rules, table.kept)

    def find(self, article: Article) -> tuple[Amount, ...]:
        """The amounts of the article's blocks, in order of place, none overlapping. Offsets are clean, half-open."""
        text = article.text.chars
        masked = self._mask(text)
        grounds = self._currencies.for_article(article)
        amounts: list[Amount] = []
        headings = self._headings.of_blocks(text, article.blocks)
        for block in article.blocks:
            drafts = self._drafts(masked, block, headings.get(block.start))
            floor = block.start
            for found, draft in drafts:
                amounts.append(self._amount(found, draft, masked, text, floor, block, grounds))
                floor = amounts[-1].end
        return tuple(amounts)

    def _drafts(self, text: str, block: Block, heading: Heading | None) -> list[tuple[Found, Draft]]:
        """The winners of the contest in a block, guards left out; bare cells count only under a heading."""
        drafts: dict[int, Draft] = {}

        def accept(found: Found) -> bool:
            if found.rule.kind == GUARD:
                return True
            draft = RESOLVERS[found.rule.resolve](found, self._lexicon)
            if draft is not None and found.rule.resolve == "cell":
                draft = under_heading(draft, heading)
            if draft is None or not self._conditions.accept(found, draft, text):
                return False
            drafts[id(found)] = draft
            return True

        candidates = self._dispatch.candidates(text, block.start, block.end)
        winners = contest(candidates, accept)
        return [(found, drafts[id(found)]) for found in winners if found.rule.kind != GUARD]

    def _amount(
        self, found: Found, draft: Draft, masked: str, text: str, floor: int, block: Block, grounds: ArticleCurrency
    ) -> Amount:
        context = self._context
        lost = context.damaged(draft, masked, floor, block.end)
        draft = context.widen(lost or draft, masked, floor)
        if found.rule.resolve == "bare" and context.is_money(draft, masked):
            draft = Draft("money", draft.start, draft.end, draft.low, draft.high, draft.qualifier)
        currency, basis = draft.currency, ""
        if draft.kind == "money":
            currency, basis = (currency, "stated") if currency else grounds.at(draft.start, (block.start, block.end))
        if lost:
            draft = without_value(draft)
        si_value, si_unit = size_in_si(draft)
        noun = self._nouns.match(text, draft.end, min(block.end, draft.end + 12)) if draft.kind == "count" else None
        return Amount(
            start=draft.start,
            end=draft.end,
            rule=found.rule.id,
            kind=draft.kind,
            low=_plain(draft.low),
            high=_plain(draft.high),
            qualifier=draft.qualifier,
            unit=draft.unit,
            currency=currency,
            currency_basis=basis,
            measures=noun[1] if noun else "",
            damaged=lost is not None,
            si_value=si_value,
            si_unit=si_unit,
        )


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else numerals.plain(value)


_FINDERS: WeakKeyDictionary[Rules, AmountFinder] = WeakKeyDictionary()


def find(article: Article, rules: Rules) -> tuple[Amount, ...]:
    """The amounts of an article by the rules given; what is built from the rules is kept with them."""
    finder = _FINDERS.get(rules)
    if finder is None:
        finder = _FINDERS[rules] = AmountFinder(rules)
    return finder.find(article)
