"""Finds dates in a cleaned article: points and stretches of calendar time, with what anchors each.

Rules for single dates are tried wherever one of their first characters stands; rules that hold other dates (ranges,
open ranges, deadlines) only where a single date was found, or one of their function words before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from operator import attrgetter, itemgetter

from hkextract.article import Article, Block
from hkextract.extract import counted, feasts, figures, periods, points, stretches
from hkextract.extract.anchors import Anchor, Context, Reading
from hkextract.extract.matching import GUARD, Found, contest
from hkextract.extract.needed import BEHIND
from hkextract.extract.points import Resolver
from hkextract.extract.prefixes import Dispatch, Place
from hkextract.mention import DateMention
from hkextract.rules import Rule, Rules

RESOLVERS: dict[str, Resolver] = {
    **points.RESOLVERS,
    **periods.RESOLVERS,
    **figures.RESOLVERS,
    **feasts.RESOLVERS,
    **counted.RESOLVERS,
    **stretches.RESOLVERS,
}
_SENTENCE_END = re.compile(r"[。！？!?；;](?:[”」』’])?")
_LOST = "\ufffd"
FLEETING = frozenset({"span", "span-so-far", "lately", "ago"})
"""Resolvers of stretches that are counted from publication: these lend nothing to the dates after them."""
REACH = 6
"""How many characters before a date a function word of its range may begin (截止到今年…)."""


class DateFinder:
    """The rules of dates.toml, ready to search. Build once from the rules, use for every article.

    >>> from pathlib import Path
    >>> from hkextract.rules import load
    >>> finder = DateFinder(load(Path("rules")))
    >>> [mention.edtf for mention in finder.find(Article.of_text("自2019年起,至今年3月共三期。", "2024-06-02"))]
    ['2019/..', '2024-03']
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules["dates"]
        for rule in self.rules.rules:
            if rule.kind != GUARD and rule.resolve not in RESOLVERS:
                raise ValueError(f"{rule.file}:{rule.line}: rule {rule.id!r}: no resolver {rule.resolve!r}")
        joined = [rule for rule in self.rules.rules if rule.resolve in stretches.JOINED]
        simple = [rule for rule in self.rules.rules if rule.resolve not in stretches.JOINED]
        self.dispatch = Dispatch(simple, joined, self.rules.kept)
        self.tail = self.rules.compile("{joined_tail}")
        self.lead = self.rules.compile("{joined_lead}")
        self._year_alone = self.rules.compile(r"[【\[(（◆●■★ ]*({year_full}|{yyyy})(?:度)?[】\])）:： ]*")
        self._dateline = self.rules.compile("{dateline}")
        self._month_parts = self.rules.compile(r"(?:(?P<year>{year}|{year_short})的?)? ?(?P<month>{month}|{rel_month})")
        self._year_name = self.rules.compile(r"{year_full}|{rel_year}|{year_short}|\d{4}[-/.]")

    def find(self, article: Article) -> tuple[DateMention, ...]:
        """The date mentions of an article in order of place; offsets are clean, no two overlap."""
        context = self._context(article)
        search = _Search(self, context.text)
        found: list[DateMention] = []
        heading_role: str | None = None
        for block in article.blocks:
            heading_role = self._enter(context, block, heading_role)
            found += self._in_block(context, block, search.candidates(block.start, block.end))
        return tuple(found)

    def _context(self, article: Article) -> Context:
        context = Context(self.rules, article.text.chars, article.meta.published_date)
        context.month_parts = self._month_parts
        context.year_name = self._year_name
        context.read = lambda surface, partner: self._read(context, surface, partner)
        lead = next((block for block in article.blocks if block.role == "lead"), None)
        for block in [lead] if lead else list(article.blocks[:4]):
            dateline = self._dateline.search(context.text, block.start, min(block.end, block.start + 40))
            if dateline and (reading := self._read(context, dateline["date"], None)) and reading.period:
                day = reading.period.first
                if context.published is None or 0 <= (context.published - day).days <= 7:
                    context.base, context.base_cue = day, f"dateline {dateline['date']}"
        return context

    def _enter(self, context: Context, block: Block, under: str | None) -> str | None:
        """Begins a paragraph; keeps or ends the year of a heading. Gives the role of what stands under the heading."""
        context.enter_paragraph()
        heading = self._year_alone.fullmatch(context.text, block.start, block.end)
        if heading:
            context.heading = points.year_number(heading[1])
            return None
        if context.heading is not None:
            if under is None:
                return block.role
            if block.role == "heading" or block.role != under:
                context.heading = None
        return under

    def _in_block(self, context: Context, block: Block, candidates: list[Found]) -> Iterator[DateMention]:
        if not candidates:
            return
        sentences = [match.end() for match in _SENTENCE_END.finditer(context.text, block.start, block.end)]
        sentences.append(block.end)
        index = 0
        context.enter_sentence(block.start, sentences[0])
        for winner in contest(candidates):
            while winner.start >= sentences[index]:
                index += 1
                context.enter_sentence(sentences[index - 1], sentences[index])
            yield from self._settled(context, winner, candidates)

    def _settled(self, context: Context, winner: Found, candidates: list[Found]) -> Iterator[DateMention]:
        """The mention of a winner; where it has no reading, the mentions of what it had beaten inside its span."""
        if winner.rule.kind == GUARD:
            return
        if mention := self._mention(context, winner):
            yield mention
            return
        if winner.rule.resolve in stretches.JOINED:
            first = bisect_left(candidates, winner.start, key=lambda candidate: candidate.start)
            last = bisect_left(candidates, winner.end, key=lambda candidate: candidate.start)
            rest = [c for c in candidates[first:last] if c.end <= winner.end and c.rule is not winner.rule]
            for other in contest(rest):
                yield from self._settled(context, other, rest)

    def _mention(self, context: Context, winner: Found) -> DateMention | None:
        context.start, context.end = winner.start, winner.end
        reading = self._resolve(context, winner.rule, winner.match)
        if reading is None:
            return None
        text = context.text
        damaged = _LOST in text[max(0, winner.start - 1) : winner.end + 1]
        if damaged:
            reading = Reading.unresolved(reading.kind, "a character is lost")
        if winner.rule.resolve not in FLEETING:
            context.remember(reading, winner.start, winner.end)
        period = reading.period
        start, end, edtf, _ = period or (None, None, "", "")
        return DateMention(
            winner.start,
            winner.end,
            winner.rule.id,
            reading.kind,
            start,
            end,
            edtf,
            reading.anchor,
            reading.cue,
            damaged,
        )

    def _resolve(self, context: Context, rule: Rule, match: re.Match[str]) -> Reading | None:
        try:
            return RESOLVERS[rule.resolve](match.groupdict(""), context)
        except (OverflowError, ValueError):
            return Reading.unresolved(rule.kind, "beyond the calendar")

    def _read(self, context: Context, surface: str, partner: Anchor | None) -> Reading | None:
        """Reads a date that stands inside another match, by the first rule that takes the whole of it."""
        surface = stretches.strip_marks(surface.strip())
        outer, context.partner = (context.partner, context.inside), partner or context.partner
        context.inside = True
        try:
            for rule in self._starting(surface):
                if rule.kind == GUARD or not (match := rule.regex.fullmatch(surface)):
                    continue
                if reading := self._resolve(context, rule, match):
                    return reading
        finally:
            context.partner, context.inside = outer
        return None

    def _starting(self, surface: str) -> tuple[Rule, ...]:
        trigger = self.dispatch.trigger.match(surface)
        return self.dispatch.get(surface, 0, trigger.end())[0] if trigger else ()


class _Search:
    """The search through one text: where rules may match is found once, for all its blocks."""

    def __init__(self, finder: DateFinder, text: str) -> None:
        self._finder = finder
        self._text = text
        self._places = finder.dispatch.places(text)

    def candidates(self, start: int, end: int) -> list[Found]:
        """All matches in a block, in order of place; what holds whole dates only where a date or its lead stands."""
        text, finder = self._text, self._finder
        goes_on, leads = finder.tail.match, finder.lead.search
        found: list[Found] = []
        near: list[tuple[int, int]] = []
        far = start
        for at, (rules, _) in _between(self._places, start, end):
            is_near = False
            for rule in rules:
                match = rule.regex.match(text, at, end)
                if match is not None:
                    found.append(Found(rule, match))
                    stop = match.end()
                    far = max(far, stop)
                    is_near = is_near or bool(goes_on(text, stop, end) or leads(text, max(start, at - REACH), at))
            if is_near:
                near.append((at, far))
        if near:
            found += self._holding(near, start, end)
            found.sort(key=_start)
        return found

    def _holding(self, near: list[tuple[int, int]], start: int, end: int) -> Iterator[Found]:
        """The matches of rules that hold whole dates, at the places given or a little before them.

        With each place goes the end of the date there, behind which soon stands what such a rule needs (至, 起, 前).
        """
        text, reach = self._text, start
        for place, far in near:  # in order
            for at, (_, rules) in _between(self._places, max(reach, place - REACH), place + 1):
                for match_at, rule, needed in rules:
                    if needed is not None and needed(text, at - BEHIND, far + REACH) is None:
                        continue
                    match = match_at(text, at, end)
                    if match is not None:
                        yield Found(rule, match)
            reach = place + 1


def _between(places: list[Place], start: int, end: int) -> list[Place]:
    return places[bisect_left(places, start, key=_at) : bisect_left(places, end, key=_at)]


_at: Callable[[Place], int] = itemgetter(0)
_start: Callable[[Found], int] = attrgetter("start")
