"""What a match needs around it to be an amount where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon
from hkextract.extract.left import Left
from hkextract.extract.matching import Found
from hkextract.rules import RuleSet

REACH = 14
"""How many characters to the left of a core are looked at for qualifiers, currencies and scopes."""

_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FRACTION = re.compile(r"\d+\.\d+", re.ASCII)
_HAN = re.compile("[\u4e00-\u9fff]")

Condition = Callable[[Found, Draft, str], bool]


class Conditions:
    """Says of every match whether it is an amount. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._qualifier = Left(table.compile("{qualifier_left}")).ends
        self._prefix = Left(table.compile("{currency_left}")).ends
        self._scope = Left(table.compile("{scope_left}")).ends
        self._rank_verb = Left(table.compile("{rank_left}")).ends
        self._rank_follow = table.compile("{rank_follow}")
        self._clause_end = table.compile("{clause_end}")
        self._change = Left(table.compile("{change_left}")).ends
        self._to = table.compile("{to}")
        self._paid = table.compile("{money_after}")
        self._ratio = table.compile("{ratio_cue}")
        self._by_resolver: dict[str, Condition] = {
            "quantity": self._is_quantity,
            "listed": self._is_listed,
            "money": self._is_sum,
            "range": self._is_range,
            "ratio": self._is_ratio,
            "rank": self._is_rank,
            "top": self._is_top,
            "prefixed": self._has_prefix,
            "english": self._has_currency,
            "bare": self._is_bare,
        }

    def accept(self, found: Found, draft: Draft, text: str) -> bool:
        """Whether a match is an amount where it stands in the text."""
        condition = self._by_resolver.get(found.rule.resolve)
        return condition is None or condition(found, draft, text)

    @staticmethod
    def _before(found: Found, draft: Draft, text: str) -> str:
        start = min(found.start, draft.start)
        return text[max(0, start - REACH) : start]

    def _is_quantity(self, found: Found, draft: Draft, text: str) -> bool:
        number = found.part("n")
        value = draft.low if draft.low is not None else draft.high
        if value is None:
            return False
        numeral = not number[0].isdigit()
        if numeral and value == 0:
            return draft.kind in ("percent", "temperature")
        rounded = bool(found.part("m") or found.part("t"))
        if not rounded and self._is_scale_alone(found, draft, text):
            return False
        if _YEAR.fullmatch(number) and draft.unit in self._lexicon.words["yearly"]:
            return False
        return draft.kind != "count" or self._is_count(found, draft, text, rounded)

    def _is_scale_alone(self, found: Found, draft: Draft, text: str) -> bool:
        """`百家`, `亿元` say no number, but `逾百家` does."""
        number, value = found.part("n"), draft.low if draft.low is not None else draft.high
        if len(number) > 1 or number[0].isdigit() or value is None or value < 100:
            return False
        return not self._qualifier(self._before(found, draft, text))

    def _is_listed(self, found: Found, draft: Draft, text: str) -> bool:
        """A number of a list whose unit stands after the last; `3、4日` are dates."""
        if draft.kind == "money":
            return self._is_sum(found, draft, text)
        is_day = draft.unit in self._lexicon.words["month_day"] and draft.low is not None and draft.low <= 31
        return not is_day and self._is_quantity(found, draft, text)

    def _is_sum(self, found: Found, draft: Draft, text: str) -> bool:
        return bool(found.part("m")) or not self._is_scale_alone(found, draft, text)

    def _is_count(self, found: Found, draft: Draft, text: str, rounded: bool) -> bool:
        """`一个` is an article, `2.3本` a heading, `三省` a name; a noun is counted only after figures."""
        number, units = found.part("n"), self._lexicon.units
        numeral = not number[0].isdigit()
        exact = draft.qualifier == "exact"
        if numeral and exact and not rounded and draft.low == 1:
            return False
        if exact and len(number) == 2 and all(char in numerals.DIGITS for char in number):
            return False
        if _FRACTION.fullmatch(number) and units.is_whole(draft.unit):
            return False
        if not units.needs_figures(draft.unit):
            return True
        if _YEAR.fullmatch(number):
            return False
        high = draft.high if draft.high is not None else draft.low
        if not numeral or (high is not None and high >= 10):
            return True
        return bool(self._change(self._before(found, draft, text)))

    def _is_range(self, found: Found, draft: Draft, text: str) -> bool:
        """`减少15万人至44万人` states a change and its result, no range."""
        if (found.part("u") or found.part("cur1")) and draft.kind != "percent" and self._to.search(found.match.group()):
            before = self._before(found, draft, text)
            if match := self._qualifier(before):
                before = before[: match.start()]
            if self._change(before):
                return False
        if found.rule.kind != "quantity" or not found.part("u"):
            return True
        return not (_YEAR.fullmatch(found.part("n")) and draft.unit in self._lexicon.words["yearly"])

    def _is_ratio(self, found: Found, draft: Draft, text: str) -> bool:  # noqa: ARG002
        return bool(self._ratio.search(text, max(0, found.start - REACH), found.end + REACH))

    def _is_bare(self, found: Found, draft: Draft, text: str) -> bool:
        """A number in numerals counts without a unit only at the end of its clause, after a qualifier, before 买入."""
        if found.part("n")[0].isdigit() or not _HAN.match(text, found.end) or self._paid.match(text, found.end):
            return True
        return draft.qualifier != "exact" or bool(self._qualifier(self._before(found, draft, text)))

    def _has_prefix(self, found: Found, draft: Draft, text: str) -> bool:
        before = self._before(found, draft, text)
        match = self._prefix(before)
        if match is None:
            return False
        char = before[match.start() - 1 : match.start()] if match.start() else ""
        return not (char.isdigit() or (match["cur"][0].isascii() and char.isascii() and char.isalpha()))

    def _has_currency(self, found: Found, draft: Draft, text: str) -> bool:
        return bool(draft.currency) or self._has_prefix(found, draft, text)

    def _is_rank(self, found: Found, draft: Draft, text: str) -> bool:
        """`第三` is a rank with a unit, a scope or a verb of ranking, or as the last word of a clause."""
        if found.part("sup"):
            return True
        if _HAN.match(text, found.end) and not self._rank_follow.match(text, found.end):
            return False
        before = self._before(found, draft, text)
        if self._clause_end.match(text, found.end) and _HAN.match(before[-1:]):
            return True
        return bool(found.part("u") or self._scope(before) or self._rank_verb(before))

    def _is_top(self, found: Found, draft: Draft, text: str) -> bool:
        if not found.part("mark") and found.part("u"):
            return draft.high is not None and draft.high >= 10
        if found.part("u") or found.part("sup"):
            return True
        before = self._before(found, draft, text)
        return bool(self._scope(before) or self._rank_verb(before))
