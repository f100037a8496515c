"""What decisions make of a row: the state that a reviewer sees, and the row as it was before anyone decided."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hkextract.review.decision import Anchor, Decision, state_of, target_key
from hkextract.review.items import Item
from hkextract.review.values import VALUES
from hkextract.tables import FURNITURE

STATES = ("open", "accepted", "rejected", "edited", "added", "skipped", "disputed")
"""What a reviewer has made of a row; `disputed` where reviewers differ and nobody has settled it."""
OPEN, SKIPPED, DISPUTED = STATES.index("open"), STATES.index("skipped"), STATES.index("disputed")
OF_ACTION = {"accept": "accepted", "reject": "rejected", "edit": "edited", "add": "added", "skip": "skipped"}
ENOUGH, LOW = 5, 0.8
"""A rule is doubtful where, of at least so many judged rows, a smaller share than this was accepted."""


def key_of(item: Item) -> Hashable:
    """The target of decisions on a row, as `target_of` makes it."""
    return item.article, item.table, (*item.raw, "" if item.is_furniture else item.surface)


def target_of(decision: Decision) -> Hashable:
    """`target_key`, of furniture the place in the raw text alone, since the clean text may or may not have it."""
    article, table, place = target_key(decision)
    return article, table, (*place[:2], "") if table == FURNITURE.name and place else place


def settling(decisions: Sequence[Decision]) -> bool:
    """Whether a disagreement on a row was settled."""
    return any(one.settles for one in decisions)


def state_for(decisions: Sequence[Decision], reviewer: str) -> int:
    """A reviewer's state of a row from its standing decisions; blind to others' where they do not differ."""
    overall = state_of(decisions)
    if overall == "disputed" or settling(decisions):
        return STATES.index(overall)
    own = [one for one in decisions if one.reviewer == reviewer and one.action in OF_ACTION]
    return STATES.index(OF_ACTION[own[-1].action]) if own else OPEN


def is_doubtful(counts: Mapping[str, int]) -> bool:
    judged = sum(counts.get(action, 0) for action in ("accept", "reject", "edit"))
    return judged >= ENOUGH and counts.get("accept", 0) < LOW * judged


def addition_cells(decision: Decision, anchor: Anchor) -> dict[str, str]:
    """An addition as a row."""
    values: dict[str, Any] = {name: decision.human.get(name, "") for name in VALUES[decision.table]}
    place = {name: str(getattr(anchor, name)) for name in ("raw_start", "raw_end", "clean_start", "clean_end")}
    cells = values | place | {"article_id": decision.article_id, "mention_id": decision.mention_id}
    cells |= {"rule": decision.rule or "reviewer", "damaged": "false", "surface": anchor.exact}
    return cells | {"raw_surface": anchor.raw_exact, "text": anchor.raw_exact, "reason": "reviewer"}


def as_found(item: Item, decisions: Sequence[Decision]) -> Item:
    """A row as the rules found it, where a run has since edited it or taken it out as reviewers decided."""
    action = {"edited": "edit", "rejected": "reject"}.get(item["status"], "")
    one = next((one for one in decisions if one.action == action), None)
    if one is None:
        return item
    cells = dict(item.cells) | dict(one.machine)
    if one.new is not None and one.anchor is not None:
        names = ("raw_start", "raw_end", "clean_start", "clean_end")
        cells |= {name: str(getattr(one.anchor, name)) for name in names}
        cells |= {"surface": one.anchor.exact, "raw_surface": one.anchor.raw_exact}
    return replace(item, cells=cells)
