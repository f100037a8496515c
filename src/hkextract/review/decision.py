"""Decisions of reviewers, and which of them are in force.

A decision is a line of `reviews.jsonl` (`log.py`) and never changes; a later one takes its place.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from hkextract.tables import AMOUNTS, DATES, FURNITURE, ORGANISATIONS

OPINIONS: Final = ("accept", "reject", "edit", "add")
"""Actions that say what should stand in a table."""
ACTIONS: Final = (*OPINIONS, "skip", "comment", "undo", "done")
ARTICLES_TABLE: Final = "articles"
"""The table of decisions on a whole article (`done`: it has been reviewed from end to end)."""
REVIEWED: Final = tuple(table.name for table in (AMOUNTS, DATES, ORGANISATIONS, FURNITURE))
"""The tables whose rows are judged."""
CONTEXT: Final = 32
"""Characters of the clean text that an anchor keeps on each side."""
RULE: Final = "reviewer"
"""The rule that a row names which a reviewer added."""


class DecisionError(ValueError):
    """A decision that makes no sense; the message says why, for the person who made it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a decision stands, as selectors of the W3C Web Annotation model.

    Offsets are character offsets, half-open; -1 where they are not known. `exact`, `prefix` and `suffix` are of the
    clean text (simplified), with `CONTEXT` characters on each side; `raw_exact` is the same stretch of the raw text.
    """

    raw_start: int
    raw_end: int
    clean_start: int
    clean_end: int
    exact: str
    prefix: str = ""
    suffix: str = ""
    raw_exact: str = ""

    @classmethod
    def at(cls, clean: str, span: tuple[int, int], raw: tuple[int, int] = (-1, -1), raw_exact: str = "") -> Anchor:
        """The anchor of a span of a clean text, with its span of the raw text where that is known.

        >>> Anchor.at("甲厂有24个项目。", (3, 6)).suffix
        '项目。'
        """
        start, end = span
        before, after = clean[max(0, start - CONTEXT) : start], clean[end : end + CONTEXT]
        return cls(*raw, start, end, clean[start:end], before, after, raw_exact)

    @classmethod
    def on_raw(cls, raw: str, span: tuple[int, int], raw_exact: str) -> Anchor:
        """The anchor of a stretch that is not in the clean text; `raw` is the raw text in simplified script."""
        start, end = span
        before, after = raw[max(0, start - CONTEXT) : start], raw[end : end + CONTEXT]
        return cls(start, end, -1, -1, raw[start:end], before, after, raw_exact)

    def as_json(self) -> list[dict[str, Any]]:
        """The selectors, each with the text that it is of."""
        quote = {"type": "TextQuoteSelector", "of": "clean", "exact": self.exact}
        found: list[dict[str, Any]] = [
            {"type": "TextPositionSelector", "of": "raw", "start": self.raw_start, "end": self.raw_end},
            {"type": "TextPositionSelector", "of": "clean", "start": self.clean_start, "end": self.clean_end},
            quote | {"prefix": self.prefix, "suffix": self.suffix},
            {"type": "TextQuoteSelector", "of": "raw", "exact": self.raw_exact},
        ]
        return found

    @classmethod
    def from_json(cls, selectors: list[dict[str, Any]]) -> Anchor:
        """What `as_json` made; `KeyError`, `TypeError` or `ValueError` for anything else."""
        by_name = {(found["type"], found["of"]): found for found in selectors}
        raw, clean = (by_name["TextPositionSelector", of] for of in ("raw", "clean"))
        quote, raw_quote = (by_name["TextQuoteSelector", of] for of in ("clean", "raw"))
        places = (raw["start"], raw["end"], clean["start"], clean["end"])
        texts = (quote["exact"], quote.get("prefix", ""), quote.get("suffix", ""), raw_quote["exact"])
        if not (all(type(place) is int for place in places) and all(isinstance(text, str) for text in texts)):
            raise TypeError("a place is a whole number and a quote a text")
        return cls(*places, *texts)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided, when, and about what.

    `digest` is the SHA-256 of the article's file (empty for a record); `mention_id` and `rule` are those of the row
    judged, `rule_version` a digest of that rule's definition then, `machine` the row's values as cells (empty for an
    addition), `human` all values as they should be (edits and additions), `new` where an edit moves the span to.
    Decisions of one `group` were made in one step and are undone together; `of` is the id or group that an `undo`
    takes back. One that `settles` a disagreement counts in place of all before it. `origin` is browser, spreadsheet or
    command. About furniture, `accept` means rightly dropped, `reject` that the passage belongs in the text, `add` that
    a passage of the text is furniture.
    """

    id: str
    time: str
    reviewer: str
    action: str
    article_id: str = ""
    file: str = ""
    digest: str = ""
    table: str = ""
    anchor: Anchor | None = None
    mention_id: str = ""
    rule: str = ""
    rule_version: str = ""
    machine: Mapping[str, str] = field(default_factory=dict)
    human: Mapping[str, str] = field(default_factory=dict)
    new: Anchor | None = None
    comment: str = ""
    group: str = ""
    of: str = ""
    settles: bool = False
    origin: str = ""

    def as_json(self) -> dict[str, Any]:
        """The decision as a line of the log has it: what is empty is left out."""
        found: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value:
                found[one.name] = value.as_json() if isinstance(value, Anchor) else _plain(value)
        return found

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Decision:
        """What `as_json` made. `DecisionError` for what is no decision; names that are not known are passed over."""
        known = {one.name for one in fields(cls)}
        given = {name: value for name, value in found.items() if name in known}
        try:
            for name in ("anchor", "new"):
                if name in given:
                    given[name] = Anchor.from_json(given[name])
            decision = cls(**given)
        except (KeyError, TypeError, ValueError) as error:
            raise DecisionError(f"it is no decision ({error})") from None
        texts = (decision.id, decision.time, decision.reviewer, decision.article_id, decision.table, decision.of)
        if not all(isinstance(text, str) for text in texts) or decision.action not in ACTIONS:
            raise DecisionError("it is no decision (an unknown action, or a number where a text should be)")
        return decision


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def new_id() -> str:
    """An id that no other decision has, or a name for a group of them."""
    return "r" + secrets.token_hex(8)


def now() -> str:
    """The time, as decisions have it: UTC, ISO 8601, milliseconds."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that nobody has taken back, in order of time, without the undoing ones.

    An undone undo counts for nothing, so that the decision stands again.
    """
    known = {decision.id: decision for decision in decisions}  # a merge of two logs may double a line
    undoing: dict[str, list[str]] = defaultdict(list)
    for decision in known.values():
        if decision.action == "undo":
            undoing[decision.of].append(decision.id)
    state: dict[str, bool] = {}

    def undone(name: str) -> bool:
        if name not in state:
            state[name] = False  # one that undoes itself is no reason to go round in circles
            group = known[name].group
            places = (name, group) if group else (name,)
            state[name] = any(not undone(one) for place in places for one in undoing.get(place, ()) if one != name)
        return state[name]

    kept = [decision for decision in known.values() if decision.action != "undo" and not undone(decision.id)]
    return sorted(kept, key=lambda decision: decision.time)


def target_key(decision: Decision) -> tuple[Any, ...]:
    """What decisions of several people on one thing have in common: article, table, and place in the raw text."""
    anchor = decision.anchor
    place = (anchor.raw_start, anchor.raw_end, anchor.exact) if anchor else ()
    return decision.article_id, decision.table, place


def new_key(decision: Decision) -> tuple[Any, ...] | None:
    """The `target_key` of the row that an edit which moves the span leaves; None for any other decision."""
    if decision.action != "edit" or decision.new is None:
        return None
    return decision.article_id, decision.table, (decision.new.raw_start, decision.new.raw_end, decision.new.exact)


Key = Callable[[Decision], Hashable | None]


def by_target(
    decisions: Iterable[Decision], key: Key = target_key, moved: Key = new_key
) -> dict[Hashable, list[Decision]]:
    """The decisions in force (`in_force`) on each target, the last of each reviewer, in order of time.

    Whoever judges a row that an edit has moved judges the row it was made of. A skip or a comment leaves what its
    author thinks as it was. What was decided before the last one that settles is left out.
    """
    roots: dict[Hashable, Hashable] = {}
    found: dict[Hashable, list[Decision]] = defaultdict(list)
    for decision in decisions:
        place = key(decision)
        root = roots.get(place, place)
        found[root].append(decision)
        goal = moved(decision)
        if goal is not None and goal != root:
            roots[goal] = root
    return {target: _last(group) for target, group in found.items()}


def _last(group: Sequence[Decision]) -> list[Decision]:
    """The last opinion of each reviewer, all comments, and skips of those who have no opinion."""
    settled = max((at for at, decision in enumerate(group) if decision.settles), default=0)
    opinions = {d.reviewer: d for d in group[settled:] if d.action in OPINIONS}
    others = {(d.reviewer, d.action, d.comment): d for d in group if d.action not in OPINIONS}
    kept = {id(d) for d in opinions.values()}
    kept |= {id(d) for d in others.values() if d.action != "skip" or d.reviewer not in opinions}
    return [decision for decision in group if id(decision) in kept]


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """What is in force, per target and reviewer the last, in order of time."""
    kept = [decision for group in by_target(in_force(decisions)).values() for decision in group]
    return sorted(kept, key=lambda decision: decision.time)


Opinion = tuple[str, Hashable, frozenset[tuple[str, str]]]
"""What a reviewer thinks should stand in a table: `row` or `none`; where, if it is not where it was; the values."""


def opinion(decision: Decision) -> Opinion:
    """What a decision says should stand in its table. Two reviewers agree where theirs are equal."""
    if decision.action == "reject":
        return "none", None, frozenset()
    anchor = decision.new if decision.action == "edit" and decision.new else decision.anchor
    values = decision.machine if decision.action == "accept" else decision.human
    return "row", anchor and anchor.exact, frozenset((name, value) for name, value in values.items() if value)


def state_of(decisions: Collection[Decision]) -> str:
    """The state of one target from its standing decisions: accepted, rejected, edited, added, disputed or empty."""
    judged = [decision for decision in decisions if decision.action in OPINIONS]
    if not judged:
        return ""
    if len({opinion(decision) for decision in judged}) > 1:
        return "disputed"
    actions = Counter(decision.action for decision in judged)
    if actions["reject"]:
        return "rejected"
    return "added" if actions["add"] else "edited" if actions["edit"] else "accepted"
