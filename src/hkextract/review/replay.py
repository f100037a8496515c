"""The decisions of reviewers applied to an article: rows marked, taken out, corrected, put in.

The machine's mentions go in as the rules found them, and come out as reviewers would have them. Every decision in force
shows: as the status of a row, as a row of rejected.csv, or with a reason as a row of orphans.csv.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hkextract.mention import Mention
from hkextract.pipeline import Mentions, Result
from hkextract.review.anchor import Ground, NoPlaceError, Span
from hkextract.review.decision import (
    OPINIONS,
    RULE,
    Decision,
    by_target,
    standing,
    state_of,
)
from hkextract.review.furniture import Verdicts, dropped_by
from hkextract.review.values import cells_of, mention_of
from hkextract.rows import Judged, mention_id, sentence_id
from hkextract.tables import FURNITURE, Row

TABLES: Final = ("amounts", "dates", "organisations")
LOST: Final = "�"
OVERLAPS: Final = "A later decision is about a stretch that overlaps this one."
NOT_KEPT: Final = "Cleaning drops the passage all the same."
NOT_DROPPED: Final = "The passage that should be dropped was not found."


@dataclass(slots=True)
class _Change:
    """What the decisions on one target come to: the mention that should stand (None where none should), its state."""

    place: Span
    state: str
    group: list[Decision]
    mention: Mention | None


@dataclass(slots=True)
class _Outcome:
    """What is gathered while the decisions on an article are applied."""

    result: Result
    ground: Ground
    marks: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)
    rejected: list[Row] = field(default_factory=list)
    orphans: list[tuple[Decision, str]] = field(default_factory=list)


def replay(result: Result, decisions: Sequence[Decision], digest: str) -> tuple[Result, Judged]:
    """An article as the decisions in force on it would have it (`digest`: of its bytes), and what they say of its rows.

    The words of sentences are cut at the edges of new mentions too.
    """
    outcome = _Outcome(result, Ground(result.article, digest))
    last = {decision.id for decision in standing(decisions)}
    found: dict[str, Sequence[Mention]] = dict(result.mentions.by_stage())
    for table in TABLES:
        if on_table := [d for d in decisions if d.table == table and d.action in OPINIONS]:
            found[table] = _settled(outcome, table, found[table], on_table, last)
    _judge_furniture(outcome, Verdicts(decisions, digest), last)
    mentions = Mentions(*(tuple(found[table]) for table in TABLES))  # type: ignore[arg-type]
    edges = {edge for table in TABLES for one in found[table] for edge in (one.start, one.end)}
    rows = [orphan_row(decision, reason) for decision, reason in outcome.orphans]
    judged = Judged(outcome.marks, outcome.rejected, rows)
    return replace(result, mentions=mentions, words=result.words.cut_at(edges)), judged


def orphan_row(decision: Decision, reason: str) -> Row:
    """The row of orphans.csv for a decision that could not be applied."""
    anchor = decision.anchor
    texts = (anchor.exact, anchor.prefix, anchor.suffix) if anchor else ("", "", "")
    about = (decision.id, decision.article_id, decision.file, decision.table, decision.action)
    return (*about, *texts, reason, decision.reviewer, decision.time, decision.comment)


def _settled(
    outcome: _Outcome, table: str, machine: Sequence[Mention], decisions: Sequence[Decision], last: set[str]
) -> list[Mention]:
    """The mentions of a table as the decisions on it would have them."""
    places, goals = _placed(outcome, decisions, last)
    by_place = {(mention.start, mention.end): mention for mention in machine}
    groups = by_target((d for d in decisions if d.id in places), lambda d: places[d.id], lambda d: goals.get(d.id))
    changes = [
        _change(table, by_place, root, group, places | goals)
        for root, group in groups.items()
        if isinstance(root, tuple)
    ]
    turns = {decision.id: turn for turn, decision in enumerate(decisions)}
    changes.sort(key=lambda change: turns[change.group[-1].id], reverse=True)
    standing_changes = _without_overlaps(outcome, changes, last)
    for change in standing_changes:
        if change.mention is None:
            outcome.rejected.append(_rejected_row(outcome, table, change, by_place.get(change.place)))
        else:
            marked = (table, change.mention.start, change.mention.end)
            outcome.marks[marked] = (change.state, _names(change.group))
    roots = {change.place for change in standing_changes}
    human = [change.mention for change in standing_changes if change.mention is not None]
    kept = [m for m in machine if (m.start, m.end) not in roots and not any(_overlap(m, h) for h in human)]
    return sorted([*kept, *human], key=lambda mention: mention.start)


def _placed(
    outcome: _Outcome, decisions: Sequence[Decision], last: set[str]
) -> tuple[dict[str, Span], dict[str, Span]]:
    """Where decisions stand, and where edits move their spans to, by id; the others become orphans."""
    places: dict[str, Span] = {}
    goals: dict[str, Span] = {}
    for decision in decisions:
        if decision.anchor is None:
            continue
        try:
            place = outcome.ground.place(decision.anchor, decision.digest)
            if decision.new is not None:
                goals[decision.id] = outcome.ground.place(decision.new, decision.digest)
            places[decision.id] = place
        except NoPlaceError as error:
            if decision.id in last:
                outcome.orphans.append((decision, str(error)))
    return places, goals


def _change(
    table: str, machine: Mapping[Span, Mention], place: Span, group: list[Decision], places: Mapping[str, Span]
) -> _Change:
    """What the decisions on one target come to."""
    state, found = state_of(group), machine.get(place)
    if state == "rejected":
        return _Change(place, state, group, None)
    if state == "disputed" and found is not None:
        return _Change(place, state, group, found)
    says = next(d for d in reversed(group) if d.action in OPINIONS and d.action != "reject")
    rule = RULE if says.action == "add" else found.rule if found is not None else says.rule
    if any(d.action == "add" for d in group) and found is None:
        rule = RULE
    values = says.machine if says.action == "accept" else says.human
    damaged = found.damaged if found is not None else says.machine.get("damaged") == "true"  # type: ignore[attr-defined]
    return _Change(place, state, group, mention_of(table, places[says.id], rule, values, damaged, found))


def _without_overlaps(outcome: _Outcome, changes: list[_Change], last: set[str]) -> list[_Change]:
    """The changes whose mentions can stand beside each other, given the last decided first: it beats others."""
    kept: list[_Change] = []
    for change in sorted(changes, key=_weight, reverse=True):
        mention = change.mention
        if mention is not None and any(o.mention is not None and _overlap(mention, o.mention) for o in kept):
            outcome.orphans += [(decision, OVERLAPS) for decision in change.group if decision.id in last]
        else:
            kept.append(change)
    return sorted(kept, key=lambda change: change.place)


def _weight(change: _Change) -> tuple[bool, bool]:
    """What counts more comes later: the agreed, the settled."""
    return change.state != "disputed", any(d.settles for d in change.group)


def _overlap(one: Mention, other: Mention) -> bool:
    return one.start < other.end and other.start < one.end


def _names(group: Sequence[Decision]) -> str:
    return "|".join(sorted({decision.reviewer for decision in group if decision.action in OPINIONS}))


def _rejected_row(outcome: _Outcome, table: str, change: _Change, found: Mention | None) -> Row:
    """The row of rejected.csv for a mention that was taken out, or that rules no longer find."""
    text, article = outcome.result.article.text, outcome.result.article
    (start, end), last = change.place, change.group[-1]
    raw_start, raw_end = text.raw_span(start, end)
    surface, name = text.chars[start:end], article.source.article_id
    starts = [sentence.start for sentence in outcome.result.sentences]
    number = outcome.result.sentences[max(0, bisect_right(starts, start) - 1)].number if starts else 1
    values = cells_of(table, found) if found is not None else last.machine
    return (
        table,
        mention_id(name, table, raw_start, raw_end, surface) if table in TABLES else "",
        name,
        sentence_id(name, number),
        surface,
        article.source.raw_text[raw_start:raw_end],
        start,
        end,
        raw_start,
        raw_end,
        values.get("kind") or values.get("type") or values.get("reason") or "",
        *(values.get(c, "") for c in ("low", "high", "unit", "currency", "date_start", "date_end", "canonical")),
        found.rule if found is not None else last.rule,
        _names(change.group),
        last.time,
        last.comment,
    )


def _judge_furniture(outcome: _Outcome, verdicts: Verdicts, last: set[str]) -> None:
    """Marks the rows of furniture that were judged; passages that were kept become rows of rejected.csv."""
    for state, group in verdicts.targets:
        decision = group[-1]
        if state == "rejected":
            reason = _judge_kept(outcome, group)
        elif edits := dropped_by(outcome.ground, decision):
            reason = ""
            for edit in edits:
                outcome.marks[FURNITURE.name, edit.raw_start, edit.raw_end] = (state, _names(group))
        else:
            reason = "" if state == "disputed" else NOT_DROPPED
        if reason:
            outcome.orphans += [(d, reason) for d in group if d.id in last and d.action in OPINIONS]


def _judge_kept(outcome: _Outcome, group: list[Decision]) -> str:
    """Notes a passage that was kept; returns why it was not, where it was not."""
    anchor, digest = group[-1].anchor, group[-1].digest
    if anchor is None:
        return NOT_KEPT
    try:
        raw = outcome.ground.raw_place(anchor, digest)
    except NoPlaceError as error:
        return str(error)
    spans = outcome.result.article.text.clean_spans(*raw)
    if not spans:
        return NOT_KEPT
    place = min(start for start, _ in spans), max(end for _, end in spans)
    outcome.rejected.append(_rejected_row(outcome, FURNITURE.name, _Change(place, "rejected", group, None), None))
    return ""
