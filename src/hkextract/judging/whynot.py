"""Why a phrase was not found: what was made of it, the nearest rules, the part that failed, the line to edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hkextract.article import Article
from hkextract.clean.simplify import to_simplified
from hkextract.judging.orgreasons import OrganisationReasons
from hkextract.judging.reasons import Reason, Span, TableReasons
from hkextract.mention import Mention
from hkextract.pipeline import Pipeline, Result
from hkextract.rules import Rule, Rules

NUMBERED = ("amounts", "dates")
AGAINST = 1.0
"""What it costs more to take a phrase that holds a number for a name."""

GUARDED = 0.5
"""What a near miss costs more of whose phrase a guard of its table takes a part."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A stretch of the raw text that did not reach the clean text, with what took it."""

    line: int
    text: str
    kind: str
    rule: str
    place: str


class WhyNot:
    """Asks all tables. Build once from the rules, use for every phrase."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.pipeline = Pipeline(rules)
        self.numbered = {name: TableReasons(rules, name) for name in NUMBERED}
        self._bodies = OrganisationReasons(rules, self.pipeline.organisations.register)

    def of_phrase(self, phrase: str, published_at: str = "") -> list[Reason]:
        """The reasons for a phrase that stands alone, the likeliest first."""
        article = Article.of_text(to_simplified(phrase.strip()), published_at)
        return self.of_span(self.pipeline.annotate(article), (0, len(article.text.chars)))

    def of_span(self, result: Result, span: Span) -> list[Reason]:
        """The reasons for a stretch of a processed article (clean offsets, half-open), the likeliest first.

        A phrase that was found as it stands has one reason, which says so.
        """
        found = list(self._found(result, span))
        if any(reason.sort == "found" for reason in found):
            return [reason for reason in found if reason.sort == "found"]
        phrase = result.article.text.chars[slice(*span)]
        numbered = any(char.isdigit() for char in phrase) or self._reads_a_number(phrase)
        reasons = found
        for table, by_rules in self.numbered.items():
            own = list(by_rules.of(result.article, span, getattr(result.mentions, table)))
            guarded = any(reason.sort == "guard" for reason in own)
            reasons += [replace(one, cost=one.cost + GUARDED) if guarded and one.sort == "near" else one for one in own]
        reasons += self._bodies.of(result.article, span, result.mentions.organisations)
        against = AGAINST * numbered
        order = sorted(reasons, key=lambda reason: reason.cost + against * (reason.table == "organisations"))
        return list(_distinct(order))

    def _reads_a_number(self, phrase: str) -> bool:
        return bool(self.rules["amounts"].compile("{number}").search(phrase))

    def _found(self, result: Result, span: Span) -> Iterator[Reason]:
        """The mentions that touch a phrase: it as a whole, or something else."""
        start, end = span
        for table, mentions in result.mentions.by_stage().items():
            for one in mentions:
                if one.start < end and start < one.end:
                    same = (one.start, one.end) == span
                    yield self._told_of(result, table, one, same)

    def _told_of(self, result: Result, table: str, one: Mention, same: bool) -> Reason:
        surface = result.article.text.chars[one.start : one.end]
        rule = self.rules.by_id(one.rule)
        at = f"{rule.file}:{rule.line}" if rule else ""
        told = f"{surface} is found as it stands" if same else f"{surface} is found instead"
        told += f" ({table}, rule {one.rule})"
        return Reason("found" if same else "otherwise", table, 0.0 if same else 9.0, told, one.rule, edit=(at,))


def _distinct(reasons: list[Reason]) -> Iterator[Reason]:
    """Each reason once."""
    seen: set[tuple[str, str]] = set()
    for reason in reasons:
        if (reason.table, reason.text) not in seen:
            seen.add((reason.table, reason.text))
            yield reason


def places(chars: str, phrase: str) -> list[Span]:
    """Where a phrase stands in a text, script and white space aside (offsets into the text, half-open).

    >>> places("港\\n科大與港 科大", "港科大")
    [(0, 4), (5, 9)]
    """
    dense = [number for number, char in enumerate(chars) if not char.isspace()]
    text = to_simplified("".join(chars[number] for number in dense))
    wanted = to_simplified("".join(phrase.split()))
    found: list[Span] = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        found.append((dense[at], dense[at + len(wanted) - 1] + 1))
        at = text.find(wanted, at + 1)
    return found


def gone(article: Article, rules: Rules, span: Span) -> list[Gone]:
    """What took a stretch of the raw text (raw offsets, half-open) away or changed it, in order of place."""
    start, end = span
    raw = article.source.raw_text
    found = []
    for edit in sorted(article.edits, key=lambda edit: edit.raw_start):
        if edit.raw_start < end and start < edit.raw_end and edit.before != edit.after:
            rule: Rule | None = rules.by_id(edit.rule)
            place = f"{rule.file}:{rule.line}" if rule else edit.rule
            line = raw.count("\n", 0, edit.raw_start) + 1
            found.append(Gone(line, edit.before, f"{edit.stage}: {edit.kind}", edit.rule, place))
    return found
