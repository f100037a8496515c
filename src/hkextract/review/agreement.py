"""How far reviewers agree: Krippendorff's alpha for nominal data, and the disagreements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from hkextract.review.decision import (
    OPINIONS,
    REVIEWED,
    Decision,
    Opinion,
    by_target,
    in_force,
    opinion,
    state_of,
)

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Reviewers' agreement on a table: `targets` judged by two or more, `judgements` on these; `alpha` is None where
    there is nothing to compare, or where all said the same of everything."""

    table: str
    judged: int
    targets: int
    judgements: int
    disputed: int
    alpha: float | None


def alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal data: each unit holds the values that those gave it who judged it.

    After Krippendorff, Content Analysis (2004), chapter 11: 1 − observed / expected disagreement, from the coincidences
    of values within units. Units with one value count for nothing; None where disagreement was not to be expected.

    >>> alpha([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5333333333333333
    """
    coincidences: Counter[tuple[Hashable, Hashable]] = Counter()
    for unit in units:
        for pair in permutations(unit, 2):
            coincidences[pair] += 1 / (len(unit) - 1)  # type: ignore[assignment]
    totals: Counter[Hashable] = Counter()
    for (value, _), count in coincidences.items():
        totals[value] += count
    whole = sum(totals.values())
    expected = whole * whole - sum(count * count for count in totals.values())
    if not expected:
        return None
    observed = sum(count for (one, other), count in coincidences.items() if one != other)
    return 1 - (whole - 1) * observed / expected


def agreement(decisions: Iterable[Decision]) -> tuple[list[Agreement], list[list[Decision]]]:
    """The agreement on each table and on all of them, and the decisions on each target on which it fails, by place.

    A disagreement that was settled is none any more, but the judgements before it count for alpha.
    """
    everything = in_force(decisions)
    before: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for group in by_target(_unsettled(everything)).values():
        if judged := [d for d in group if d.action in OPINIONS]:
            before[judged[0].table].append(_labels(judged))
    disputed = [group for group in by_target(everything).values() if state_of(group) == "disputed"]
    counts = Counter(group[0].table for group in disputed)
    rows = [_row(table, before[table], counts[table]) for table in REVIEWED if table in before]
    if len(rows) > 1:
        units = [unit for table in REVIEWED for unit in before.get(table, [])]
        rows.append(_row(ALL, units, len(disputed)))
    return rows, sorted(disputed, key=_place)


def _unsettled(decisions: Iterable[Decision]) -> list[Decision]:
    return [decision for decision in decisions if not decision.settles]


def _row(table: str, units: Sequence[Sequence[str]], disputed: int) -> Agreement:
    shared = [unit for unit in units if len(unit) > 1]
    return Agreement(table, len(units), len(shared), sum(map(len, shared)), disputed, alpha(shared))


def _labels(group: Sequence[Decision]) -> tuple[str, ...]:
    """What each said of one target: reject, accept, edit or add; edits to different values have different names."""
    strongest: dict[Opinion, str] = {}
    for action in ("accept", "edit", "add", "reject"):
        strongest |= {opinion(d): action for d in group if d.action == action}
    seen: Counter[str] = Counter()
    names: dict[Opinion, str] = {}
    for decision in group:
        said = opinion(decision)
        if said not in names:
            action = strongest[said]
            seen[action] += 1
            names[said] = action if seen[action] == 1 else f"{action} {seen[action]}"
    return tuple(names[opinion(decision)] for decision in group)


def _place(group: Sequence[Decision]) -> tuple[str, str, int]:
    first = group[0]
    return first.article_id, first.table, first.anchor.raw_start if first.anchor else 0


def described(decision: Decision) -> str:
    """A decision in a few words: who, what, and the values where there are any.

    >>> described(Decision("r1", "", "Chan", "edit", human={"low": "5", "high": ""}, comment="see page 2"))
    'Chan: edit low=5 (see page 2)'
    """
    values: Mapping[str, str] = decision.human
    changed = [f"{k}={v}" for k, v in values.items() if v and v != decision.machine.get(k, "")]
    moved = [f"surface={decision.new.exact}"] if decision.new else []
    words = [f"{decision.reviewer}: {decision.action}", *moved, *changed]
    return " ".join(words) + (f" ({decision.comment})" if decision.comment else "")
