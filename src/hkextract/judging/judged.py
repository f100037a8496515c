"""The decisions in force, a target at a time, as what should stand in a table: what scores and comparisons go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hkextract.review.decision import ARTICLES_TABLE, OPINIONS, Anchor, Decision, by_target, in_force, state_of

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reviewers think of one place of one table.

    `state` is accepted, rejected, edited, added or disputed; `before` is where the machine's row stood, `after` where
    a row should stand (None: nowhere); `values` are its cells as they should be. `decisions` are the standing ones.
    """

    article_id: str
    table: str
    state: str
    before: Anchor | None
    after: Anchor | None
    values: Mapping[str, str]
    decisions: Sequence[Decision]

    @property
    def last(self) -> Decision:
        return self.decisions[-1]

    @property
    def rule(self) -> str:
        """The rule that found the machine's row; empty for an addition."""
        return "" if self.state == "added" else self.last.rule

    @property
    def kind(self) -> str:
        """The kind, or the type of an organisation, of the row that should stand, else of the machine's."""
        cells = self.values or self.last.machine
        return cells.get("kind") or cells.get("type") or ""

    @property
    def surface(self) -> str:
        anchor = self.before or self.after
        return anchor.exact or anchor.raw_exact if anchor else ""

    @property
    def reviewers(self) -> str:
        return "|".join(dict.fromkeys(decision.reviewer for decision in self.decisions))


def verdicts(decisions: Iterable[Decision]) -> list[Verdict]:
    """The verdicts on all places that somebody judged, in the order of their first decision."""
    found = []
    for group in by_target(in_force(decisions)).values():
        judged = [one for one in group if one.action in OPINIONS and one.table != ARTICLES_TABLE]
        if judged:
            found.append(_verdict(judged))
    return found


def _verdict(judged: Sequence[Decision]) -> Verdict:
    state, last = state_of(judged), judged[-1]
    before = None if state == "added" else last.anchor
    after, values = last.anchor, last.human
    if state == "accepted":
        values = last.machine
    elif state in ("rejected", "disputed"):
        after, values = None, NOTHING
    elif last.new is not None:
        after = last.new
    return Verdict(last.article_id, last.table, state, before, after, values, judged)


def done_articles(decisions: Iterable[Decision]) -> frozenset[str]:
    """The articles that somebody has reviewed from end to end."""
    return frozenset(one.article_id for one in in_force(decisions) if one.action == "done")
