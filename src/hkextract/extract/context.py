"""What stands around the core of an amount: what it must have to count, and what joins it from the left."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon
from hkextract.extract.matching import Found
from hkextract.rules import RuleSet, alternation

LOST = "\ufffd"
"""Marks a character that was lost; what touches it has no certain value."""

REACH = 14
"""How many characters to the left of a core are looked at for qualifiers, currencies and scopes."""

_BARE_SCALE = re.compile("[百千万亿兆]")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_FRACTION = re.compile(r"\d\.\d+", re.ASCII)
_CLAUSE = re.compile("[，。；！？、\n,;!?]")


class Context:
    """Reads the surroundings of cores. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet) -> None:
        words = table.words
        self.lexicon = Lexicon(table)
        self._qualifier = table.compile(
            r"(?:(?P<q>{qualifier_word})(?:了|是|达|到)?|(?P<s>(?<![以晚早网线海天史会加路世身基本之地不通超经透越度渡路错难好胜]){qualifier_scale})) ?$"
        )
        self._prefix = table.compile(r"(?P<cur>{currency}|{currency_sign}) ?$")
        self._apart = table.compile(
            r"(?:(?P<q>{qualifier_word})(?:{verb_apart})|(?P<far>{qualifier_apart})(?:{verb_apart}|{far})) ?(?:了|约)?$"
        )
        self._warmth = table.compile("{temperature_cue}")
        self._below_zero = table.compile("{below_zero}$")
        self._scope = table.compile(r"{scope.any}(?:的|{scope.ranked})?$")
        self._rank_verb = table.compile(r"{rank_verb}(?:在|于|了|第)?$")
        self._change = table.compile("{change_verb}(?:了|约)?$")
        self._ratio = table.compile("{ratio_cue}")
        self._money = table.compile("{money_cue}")
        self._checks: dict[str, Callable[[Found, Draft, str], bool]] = {
            "quantity": self._counts, "range": self._counts, "listed": self._counts, "ratio": self._is_ratio,
            "rank": self._is_rank, "top": self._is_top, "prefixed": self._has_prefix, "english": self._has_currency, "bare": self._is_bare, "fraction": self._is_fraction,
            "coins": lambda found, draft, text: True,
        }  # fmt: skip

    def accepts(self, found: Found, draft: Draft, text: str) -> bool:
        """Whether a match is an amount where it stands."""
        check = self._checks.get(found.rule.resolve)
        return check is None or check(found, draft, text)

    def _counts(self, found: Found, draft: Draft, text: str) -> bool:
        number = found.part("n")
        if number in ("零", "〇"):
            return draft.kind in ("percent", "temperature")
        qualified = bool(found.part("m") or found.part("t"))
        if _BARE_SCALE.fullmatch(number) and not qualified:
            before = text[max(0, found.start - REACH) : found.start]
            if number == "亿" or not self._qualifier.search(before):
                return False
        if (
            found.rule.resolve == "range"
            and (found.part("u") or found.part("cur1"))
            and self._is_change(found, draft, text)
        ):
            return False
        if draft.unit == "年" and _YEAR.fullmatch(number):
            return False
        if draft.kind != "count":
            return True
        if len(number) == 2 and draft.qualifier == "exact" and all(char in numerals.DIGITS for char in number):
            return False
        if number == "一" and draft.qualifier != "range" and not qualified:
            return False
        high = draft.high if draft.high is not None else draft.low
        if _FRACTION.fullmatch(number) and self.lexicon.units.is_whole(draft.unit):
            return False
        if self.lexicon.units.needs_figures(draft.unit) or draft.unit in "届款":
            if _YEAR.fullmatch(number):
                return False
        if self.lexicon.units.needs_figures(draft.unit):
            before = text[max(0, found.start - REACH) : found.start]
            return number[0].isdigit() or (high is not None and high >= 10) or bool(self._change.search(before))
        return True

    def _is_change(self, found: Found, draft: Draft, text: str) -> bool:
        """`减少15万人至44万人` states a change and its result."""
        if draft.kind == "percent" or not any(joiner in found.match.group() for joiner in "至到"):
            return False
        before = text[max(0, found.start - REACH) : found.start]
        if match := self._qualifier.search(before):
            before = before[: match.start()]
        return bool(self._change.search(before))

    def _is_ratio(self, found: Found, draft: Draft, text: str) -> bool:
        around = text[max(0, found.start - REACH) : found.end + REACH]
        return "\n" not in found.match.group() and bool(self._ratio.search(around))

    def _is_fraction(self, found: Found, draft: Draft, text: str) -> bool:
        return "之" in found.match.group() or (len(found.part("n")) == 1 == len(found.part("whole")))

    def _is_bare(self, found: Found, draft: Draft, text: str) -> bool:
        """A number in numerals counts without a unit only at the end of its clause or after a qualifier."""
        following = text[found.end : found.end + 1]
        if found.part("n")[0].isdigit() or not "\u4e00" <= following <= "\u9fff":
            return True
        return draft.qualifier != "exact" or bool(
            self._qualifier.search(text[max(0, found.start - REACH) : found.start])
        )

    def _has_prefix(self, found: Found, draft: Draft, text: str) -> bool:
        match = self._prefix.search(text[max(0, found.start - REACH) : found.start])
        if match is None:
            return False
        at = found.start - REACH + match.start() if found.start > REACH else match.start()
        return not (match["cur"][0].isascii() and at and text[at - 1].isascii() and text[at - 1].isalpha())

    def _has_currency(self, found: Found, draft: Draft, text: str) -> bool:
        return bool(draft.currency) or self._has_prefix(found, draft, text)

    def _is_rank(self, found: Found, draft: Draft, text: str) -> bool:
        if found.part("sup"):
            return True
        following = text[found.end : found.end + 1]
        if "\u4e00" <= following <= "\u9fff" and following not in "的及和与至之后并升跌降上下变滑回重晋":
            return False
        before = text[max(0, found.start - REACH) : found.start - 1]
        if following in "，。；！？,;" and "\u4e00" <= before[-1:] <= "\u9fff" and before[-1:] != "第":
            return True
        return bool(found.part("u") or self._scope.search(before) or self._rank_verb.search(before))

    def _is_top(self, found: Found, draft: Draft, text: str) -> bool:
        if found.rule.id == "rank-strong":
            return draft.high is not None and draft.high >= 10
        if found.part("u") or found.part("sup"):
            return True
        before = text[max(0, found.start - REACH) : found.start - 1]
        return bool(self._scope.search(before) or self._rank_verb.search(before))

    def widened(self, draft: Draft, text: str, floor: int) -> Draft:
        """The mention with its qualifiers, its currency or its scope; `floor` is where the one before it ends."""
        if draft.scoped:
            return self._with_scope(draft, text, floor)
        start, qualified = draft.start, False
        if draft.unit in self.lexicon.words["degree"] and self._warmth.search(text, max(0, start - 20), draft.end + 6):
            draft = replace(draft, kind="temperature")
        if draft.kind == "temperature" and (match := self._below_zero.search(text, max(floor, start - 3), start)):
            start = match.start()
            draft = replace(draft, low=_negative(draft.low), high=_negative(draft.high))
        for _ in range(4):
            window = text[max(floor, start - REACH) : start]
            match = self._qualifier.search(window)
            if match and (match["q"] or _BARE_SCALE.match(text, start) or text[start] in "十半"):
                start -= len(window) - match.start()
                draft = draft.qualified(self._qualifier_of(match["q"] or match["s"]))
                qualified = True
                continue
            match = self._prefix.search(window) if draft.kind == "money" else None
            if match is None:
                break
            start -= len(window) - match.start()
            draft = replace(draft, currency=draft.currency or self.lexicon.currency(match["cur"]))
        draft = replace(draft, start=start)
        return draft if qualified else self._qualified_from_afar(draft, text, floor)

    def _qualifier_of(self, word: str) -> str:
        words = self.lexicon.words
        return words["qualifier"].category(word) or words["qualifier_scale"].category(word)

    def _qualified_from_afar(self, draft: Draft, text: str, floor: int) -> Draft:
        match = self._apart.search(text[max(floor, draft.start - REACH) : draft.start])
        if match is None or draft.qualifier not in ("exact", "range"):
            return draft
        words = self.lexicon.words
        word = match["q"] or match["far"]
        return draft.qualified(words["qualifier"].category(word) or words["qualifier_apart"].category(word))

    def _with_scope(self, draft: Draft, text: str, floor: int) -> Draft:
        start = draft.start
        if start > floor and text[start - 1] in "第前":
            start -= 1
        match = self._scope.search(text, max(floor, start - REACH), start)
        return replace(draft, start=match.start() if match else start)

    def is_money(self, draft: Draft, text: str) -> bool:
        """Whether a bare number is a sum: a word of paying stands before it in its clause."""
        clause = _CLAUSE.split(text[max(0, draft.start - REACH) : draft.start])[-1]
        return bool(self._money.search(clause))

    @staticmethod
    def damaged(draft: Draft, text: str, floor: int) -> Draft | None:
        """The mention with the lost characters that touch it, without a value; None where none touches it."""
        start, end = draft.start, draft.end
        while start > floor and text[start - 1] == LOST:
            start -= 1
        while end < len(text) and text[end] == LOST:
            end += 1
        if (start, end) == (draft.start, draft.end) and LOST not in text[start:end]:
            return None
        while start > floor and text[start] == LOST and text[start - 1 : start].isdigit():
            start -= 1
        return replace(draft, start=start, end=end)


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def without_value(draft: Draft) -> Draft:
    """The same mention with no value: what is left of a damaged number is never reported."""
    return replace(draft, low=None, high=None)


def masker(table: RuleSet) -> Callable[[str], str]:
    """Blanks the words that hold a numeral and are no number, each with as many marks as it has characters."""
    by_char: dict[str, list[str]] = {}
    for word in table.words["idiom"]:
        by_char.setdefault(word[0], []).append(word[1:])
    branches = "|".join(
        re.escape(char) + (alternation(tuple(rest)) if all(rest) else f"(?:{alternation(tuple(filter(None, rest)))})?")
        for char, rest in sorted(by_char.items())
    )
    weekday = table.compile("{weekday}")
    pattern = re.compile(
        rf"(?<![\d〇零一二两三四五六七八九十百千万亿几上近逾过超约])(?<!小时)(?<![^人次总指倍少多]数)(?:{branches})(?!钟|之[一二三四五六七八九])",
        re.ASCII,
    )

    def mask(text: str) -> str:
        text = weekday.sub(lambda match: "\ue000" * len(match.group()), text)
        return pattern.sub(lambda match: "\ue000" * len(match.group()), text)

    return mask


def size_in_si(draft: Draft) -> tuple[Decimal | None, str]:
    """The value in the SI unit (the lower bound where there is one) and that unit; none for what has no unit."""
    value = draft.low if draft.low is not None else draft.high
    if draft.si is None or not draft.si.size or not draft.si.si_unit or value is None:
        return None, ""
    return numerals.plain(value * draft.si.size), draft.si.si_unit
