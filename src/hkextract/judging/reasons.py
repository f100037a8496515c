"""Why a stretch of a text is no amount and no date, or another one: idioms, guards, refusals, rivals, near misses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from hkextract.article import Article
from hkextract.extract.conditions import Conditions
from hkextract.extract.drafts import Lexicon
from hkextract.extract.masks import BLANK, masker
from hkextract.extract.matching import GUARD, Found, Matcher, contest
from hkextract.extract.resolvers import RESOLVERS
from hkextract.judging.lines import RuleLines
from hkextract.judging.nearest import Near, Nearest, nearest_word
from hkextract.mention import Mention
from hkextract.rules import Rule, Rules

Span = tuple[int, int]
FEW = 3
"""Lists that a near miss is offered."""
FAR = 2.0
"""Near misses that cost more by this than the nearest are left out."""
NEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "quantity": (
        "one in numerals or a scale alone counts nothing, and some nouns count only after figures",
        ("measure", "qualifier"),
    ),
    "listed": ("days of a month and bare scales are no list of amounts", ("month_day", "qualifier")),
    "money": ("a scale alone says no number unless a qualifier stands before it", ("qualifier",)),
    "range": ("after a word of change the second number is a result and bounds nothing", ("change_verb",)),
    "ratio": ("a ratio counts only near a word that calls it one", ("ratio_cue",)),
    "rank": ("an ordinal is a rank only with a unit, a scope or a word of ranking", ("scope", "rank_verb")),
    "top": ("the first so many are a rank only with a unit, a scope or a word of ranking", ("scope", "rank_verb")),
    "prefixed": ("a currency must stand directly before the number", ("currency", "currency_sign")),
    "english": ("a currency must stand beside it", ("currency", "currency_sign")),
    "bare": ("a number without a unit counts only at the end of its clause or after a qualifier", ("money_after",)),
    "cell": ("the heading of the table must state the unit", ()),
}
UNREADABLE: tuple[str, tuple[str, ...]] = ("its value cannot be read", ())
"""What the conditions of a resolver ask for, and the lists that they look in."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a phrase was not found as it stands. The lower the `cost`, the likelier.

    `sort` is found, otherwise, idiom, guard, refused, rival, near or register; `part` and `word` name the part of a
    near rule that failed and what stands in its place; `edit` are the lines to change, the likeliest first.
    """

    sort: str
    table: str
    cost: float
    text: str
    rule: str = ""
    part: str = ""
    word: str = ""
    lists: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()


def part_of(near: Near) -> str:
    """The part that failed, as the rule names it."""
    piece = near.hole.piece
    return piece.top or piece.part or piece.source


def _part_cost(cost: float, taken: int, span: Span) -> float:
    """What a reason costs that holds for so many characters of a phrase: it explains the whole or hardly anything."""
    return cost if taken >= span[1] - span[0] else cost + FAR


class TableReasons:
    """The reasons that the rules of amounts or of dates give."""

    def __init__(self, rules: Rules, name: str) -> None:
        self.table = rules[name]
        self.lines = RuleLines(rules.folder, self.table)
        self._rules = [rule for rule in self.table.rules if rule.kind != GUARD and rule.pattern]
        self.nearest = Nearest(self.table, self._left if name == "amounts" else None)

    def of(self, article: Article, span: Span, mentions: Sequence[Mention]) -> Iterator[Reason]:
        """The reasons for a clean span, given the mentions that were found in the article."""
        text, (start, end) = article.text.chars, span
        yield from self._idioms(text, span)
        yield from self._matches(article, span, mentions)
        nearest: dict[tuple[str, str], Near] = {}
        for near in self.nearest.find(text, start, end, self._rules):
            nearest.setdefault((near.rule.id, part_of(near)), near)
        limit = min((near.cost for near in nearest.values()), default=0.0) + FAR
        yield from (self.of_near(text, near) for near in nearest.values() if near.cost <= limit)

    def of_near(self, text: str, near: Near) -> Reason:
        """A near miss in words."""
        piece, rule = near.hole.piece, near.rule
        word = text[near.hole.start : near.hole.end]
        part = part_of(near)
        if piece.is_condition:
            told = (
                "asks for something beside it that is not there" if piece.asks else "does not allow what is beside it"
            )
            what = f"the condition {piece.source[:60]} {told}"
        elif piece.words:
            like, likeness = self.nearest.likest(near.hole, text)
            beside = f" (the likest is {like})" if likeness else ""
            what = f"{word or 'nothing'} stands where a word of {piece.words} is wanted{beside}"
        else:
            what = f"{word or 'nothing'} stands where {self._named(part)} is wanted"
        matched = text[near.start : near.hole.start] + (f"⟦{word}⟧" if word else "⟦⟧") + text[near.hole.end : near.end]
        lists = self._lists(part, piece.words, word)
        edit = tuple(self.lines.of_list(name, self._category(name, word)) for name in lists)
        if not edit:
            edit = (self.lines.of_part(piece.part),) if piece.part else (self._at(rule),)
        told = f"rule {rule.id} ({self._at(rule)}) fits {matched}, but {what}"
        return Reason("near", self.table.name, near.cost, told, rule.id, part, word, lists, edit)

    def _named(self, part: str) -> str:
        return f"the part {part}" if part in self.table.parts else part

    def _lists(self, part: str, named: str, word: str) -> tuple[str, ...]:
        """The lists that a word may belong to: the one that was named, then those of the part, the likest first."""
        if not named:
            return ()
        inside = {name for one in part.split("/") for name in self.nearest.outlines.lists_in(one)} - {named}
        inside = inside & self.table.words.keys()
        likeness = {name: nearest_word(word, self.table.words[name])[1] for name in inside}
        likely = [name for name in inside if likeness[name] > 0 or len(inside) < FEW or not word]
        return (named, *sorted(likely, key=lambda name: (-likeness[name], name))[: FEW - 1])

    def _category(self, name: str, word: str) -> str:
        words = self.table.words[name]
        like, likeness = nearest_word(word, words)
        return words.category(like) if likeness else ""

    def _at(self, rule: Rule) -> str:
        return f"{rule.file}:{rule.line}"

    def _idioms(self, text: str, span: Span) -> Iterator[Reason]:
        """Words that hold a numeral and are blanked before any rule reads them."""
        mask = self._mask(text) if self.table.name == "amounts" else text
        if BLANK not in mask[slice(*span)]:
            return
        idioms = self.table.words["idiom"]
        around = text[max(0, span[0] - 4) : span[1] + 4]
        held = sorted((word for word in idioms if word in around), key=len, reverse=True)
        told = f"{held[0] if held else text[slice(*span)]} is kept from all rules as an idiom or a day of the week"
        edit = (self.lines.of_list("idiom", idioms.category(held[0]) if held else ""),)
        cost = _part_cost(0.2, mask[slice(*span)].count(BLANK), span)
        yield Reason("idiom", self.table.name, cost, told, word=held[0] if held else "", lists=("idiom",), edit=edit)

    def _matches(self, article: Article, span: Span, mentions: Sequence[Mention]) -> Iterator[Reason]:
        """Rules that match the phrase as it stands and yet did not win: guards, refusals, rivals."""
        text, (start, end) = article.text.chars, span
        read = self._mask(text) if self.table.name == "amounts" else text
        block = next((block for block in article.blocks if block.start <= start < block.end), None)
        low, high = (block.start, block.end) if block else (0, len(text))
        found = self._matcher.candidates(read, max(low, start - 40), min(high, end + 40))
        winners = contest(found)
        for one in winners:
            if one.rule.kind == GUARD and one.start < end and start < one.end:
                told = f"the guard {one.rule.id} takes {text[one.start : one.end]}: {one.rule.description}"
                cost = _part_cost(0.3, min(one.end, end) - max(one.start, start), span)
                yield Reason("guard", self.table.name, cost, told, one.rule.id, edit=(self._at(one.rule),))
        for one in found:
            if one.rule.kind != GUARD and (one.start, one.end) == span:
                yield from self._lost(text, read, one, mentions)

    def _lost(self, text: str, read: str, one: Found, mentions: Sequence[Mention]) -> Iterator[Reason]:
        over = next((m for m in mentions if m.start < one.end and one.start < m.end), None)
        at, name = self._at(one.rule), self.table.name
        if over is not None:
            told = f"rule {one.rule.id} ({at}) matches it, but {text[over.start : over.end]} by {over.rule} wins"
            yield Reason("rival", name, 0.35, told, one.rule.id, edit=(at,))
        elif name == "amounts" and self._is_refused(one, read):
            why, lists = NEEDS.get(one.rule.resolve, UNREADABLE)
            edit = (*(self.lines.of_list(words) for words in lists), at)
            told = f"rule {one.rule.id} ({at}) matches it and refuses it: {why}"
            yield Reason("refused", name, 0.25, told, one.rule.id, lists=lists, edit=edit)

    def _is_refused(self, found: Found, text: str) -> bool:
        draft = RESOLVERS[found.rule.resolve](found, self._lexicon)
        return draft is None or found.rule.resolve == "cell" or not self._conditions.accept(found, draft, text)

    def _left(self, rule: Rule) -> list[tuple[str, str]]:
        """What joins an amount from its left (`extract/context.py`), by the names of the parts without `_left`."""
        names = ["scope" if rule.kind == "rank" else "qualifier"]
        if rule.kind == "money":
            names = ["currency", "qualifier", "currency"]
        ends = (self.table.parts[f"{name}_left"].removesuffix("$").removesuffix(" ?") for name in names)
        return list(zip(names, ends, strict=True))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(rule for rule in self.table.rules if rule.pattern)

    @cached_property
    def _mask(self) -> Callable[[str], str]:
        return masker(self.table)

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self.table)

    @cached_property
    def _conditions(self) -> Conditions:
        return Conditions(self.table, self._lexicon)
