"""The log in memory, set against the rows: who decided what on each, kept up to date line by line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hkextract.clean.simplify import to_simplified
from hkextract.review.decision import (
    ARTICLES_TABLE,
    OPINIONS,
    Anchor,
    Decision,
    by_target,
    in_force,
    new_id,
    new_key,
    now,
    state_of,
    target_key,
)
from hkextract.review.items import Item, Items
from hkextract.review.log import ReviewLog, read_lines
from hkextract.review.values import VALUES
from hkextract.tables import FURNITURE

STATES = ("open", "accepted", "rejected", "edited", "added", "skipped", "disputed")
"""What a reviewer has made of a row; `disputed` where reviewers differ and nobody has settled it."""
OPEN, SKIPPED, DISPUTED = STATES.index("open"), STATES.index("skipped"), STATES.index("disputed")
OF_ACTION = {"accept": "accepted", "reject": "rejected", "edit": "edited", "add": "added", "skip": "skipped"}
ENOUGH, LOW = 5, 0.8
"""A rule is doubtful where, of at least so many judged rows, a smaller share than this was accepted."""


@dataclass(slots=True)
class Reviewer:
    """A reviewer's view: the state of each row, the steps that can be undone, and those that can be done again.

    A step is the id or the group of decisions; what can be done again is kept as the id of the undo.
    """

    name: str
    states: NDArray[np.int8]
    steps: dict[str, None] = field(default_factory=dict)
    undone: dict[str, None] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


class Ledger:
    """All decisions, by the row they are on.

    Raises `ReviewLogError` where the log has a line that cannot be read.
    """

    def __init__(self, log: ReviewLog, items: Items) -> None:
        self.log, self.items = log, items
        self.numbers: dict[Hashable, int] = {}
        self.standing: dict[Hashable, list[Decision]] = {}
        self.rules: dict[str, Counter[str]] = defaultdict(Counter)
        self._loaded = False
        self._begin()
        self._index(items.items)
        self.refresh()
        self._loaded = True
        self._find_places()

    def _begin(self) -> None:
        self._read = 0
        self._inode = -1
        self._known: dict[str, Decision] = {}
        self._groups: dict[str, list[str]] = defaultdict(list)
        self._undoing: dict[str, list[str]] = defaultdict(list)
        self._targets: dict[Hashable, list[str]] = defaultdict(list)
        self._roots: dict[Hashable, Hashable] = {}
        self._views: dict[str, Reviewer] = {}
        self.standing.clear()
        self.rules.clear()

    def __len__(self) -> int:
        """The number of lines taken in, undone ones and undos among them."""
        return len(self._known)

    def refresh(self) -> bool:
        """Takes in the lines that were written since the last time, by whomever; true where there were any.

        A log that has been put in another's place is read anew.
        """
        try:
            found = self.log.path.stat()
        except FileNotFoundError:
            return False
        if found.st_size == self._read and found.st_ino == self._inode:
            return False
        if found.st_size < self._read or (self._read and found.st_ino != self._inode):
            self._begin()
        self._inode = found.st_ino
        with self.log.path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        new = [one for one in read_lines(data, str(self.log.path)) if one.id not in self._known]
        self._read += len(data)
        self._take(new)
        return bool(new)

    def write(self, decisions: Sequence[Decision]) -> None:
        """Puts decisions into the log, and then takes in what it holds. Raises `ReviewLogError`."""
        self.log.append(decisions)
        self.refresh()

    def number_of(self, decision: Decision) -> int | None:
        """The row that a decision is on, None where the tables have none."""
        key = _key(decision)
        return self.numbers.get(self._roots.get(key, key))

    def of_item(self, number: int) -> list[Decision]:
        """The standing decisions on a row, the last of each reviewer, in order of time."""
        return self.standing.get(self._root_of_item(number), [])

    def opinions(self, number: int) -> list[Decision]:
        """Of these the ones that say what should stand in the table."""
        return [decision for decision in self.of_item(number) if decision.action in OPINIONS]

    def view(self, name: str) -> Reviewer:
        """What a reviewer has decided."""
        if name not in self._views:
            view = self._views[name] = Reviewer(name, np.zeros(len(self.items), np.int8))
            for target, decisions in self.standing.items():
                if (number := self.numbers.get(target)) is not None:
                    view.states[number] = _state(decisions, name)
            own = {one.id for one in in_force(self._known.values()) if one.reviewer == name}
            for one in self._known.values():
                self._note_step(view, one, own)
        view = self._views[name]
        if len(view.states) < len(self.items):
            view.states = np.append(view.states, np.zeros(len(self.items) - len(view.states), np.int8))
        return view

    @property
    def reviewers(self) -> list[str]:
        """Everyone who has decided something, in the order of their first decision."""
        return list(dict.fromkeys(one.reviewer for one in self._known.values()))

    def doubtful_rules(self) -> list[str]:
        """Rules of whose judged rows too few were accepted."""
        return [rule for rule in self.rules if _is_doubtful(self.rules[rule])]

    def step(self, step: str) -> list[Decision]:
        """The decisions of a step, by its id or group."""
        return [self._known[name] for name in self._groups.get(step, [step]) if name in self._known]

    def undo(self, reviewer: str) -> list[Decision]:
        """Takes back the reviewer's last step; returns its decisions, none where there is nothing to take back."""
        steps = self.view(reviewer).steps
        if not steps:
            return []
        step = next(reversed(steps))
        self.write([Decision(new_id(), now(), reviewer, "undo", of=step, origin="browser")])
        return self.step(step)

    def redo(self, reviewer: str) -> list[Decision]:
        """Takes the last undo back; returns the decisions that are in force again."""
        undone = self.view(reviewer).undone
        if not undone:
            return []
        undo = self._known[next(reversed(undone))]
        self.write([Decision(new_id(), now(), reviewer, "undo", of=undo.id, origin="browser")])
        return self.step(undo.of)

    def _index(self, items: Iterable[Item]) -> None:
        for item in items:
            self.numbers.setdefault(key_of(item), item.number)

    def _root_of_item(self, number: int) -> Hashable:
        key = key_of(self.items[number])
        return self._roots.get(key, key)

    def _take(self, decisions: Sequence[Decision]) -> None:
        """Takes new decisions in: the targets they touch are worked out anew, nothing else."""
        touched: dict[Hashable, None] = {}
        for one in decisions:
            self._known[one.id] = one
            if one.group:
                self._groups[one.group].append(one.id)
            if one.action == "undo":
                self._undoing[one.of].append(one.id)
                touched |= dict.fromkeys(map(self._target, self._undone_by(one)))
            else:
                touched[self._target(one)] = None
                self._targets[self._target(one)].append(one.id)
        for target in touched:
            self._work_out(target)
        for view in list(self._views.values()):
            for one in decisions:
                if one.reviewer == view.name:
                    self._note_step(view, one, {one.id})

    def _target(self, decision: Decision) -> Hashable:
        key = _key(decision)
        root = self._roots.get(key, key)
        goal = new_key(decision)
        if goal is not None and goal != root:
            self._roots[goal] = root
            if goal in self.numbers and root not in self.numbers:
                self.numbers[root] = self.numbers[goal]
        return root

    def _undone_by(self, undo: Decision) -> list[Decision]:
        """The decisions, no undos, that an undo touches."""
        found = self.step(undo.of)
        return [end for one in found for end in (self._undone_by(one) if one.action == "undo" else [one])]

    def _work_out(self, target: Hashable) -> None:
        """The standing decisions of a target, and what hangs on them."""
        before = self.standing.pop(target, [])
        alive = in_force(self._with_undos([self._known[name] for name in self._targets[target]]))
        groups = by_target(alive, lambda _: target, lambda _: None)
        after = [one for group in groups.values() for one in group]
        if after:
            self.standing[target] = after
        for decisions, sign in ((before, -1), (after, 1)):
            for one in decisions:
                if one.rule and one.action in OPINIONS:
                    self.rules[one.rule][one.action] += sign
        number = self.numbers.get(target)
        if number is None and self._loaded:
            number = self._added(target, after)
        for view in self._views.values():
            if number is not None:
                self.view(view.name).states[number] = _state(after, view.name)

    def _with_undos(self, decisions: list[Decision]) -> list[Decision]:
        """Decisions with the undos that bear on them."""
        found = {one.id: one for one in decisions}
        todo = list(decisions)
        while todo:
            one = todo.pop()
            for name in (*self._undoing.get(one.id, ()), *(self._undoing.get(one.group, ()) if one.group else ())):
                if name not in found:
                    found[name] = self._known[name]
                    todo.append(self._known[name])
        return list(found.values())

    def _added(self, target: Hashable, decisions: Sequence[Decision]) -> int | None:
        """The row of an addition that no run has taken up yet."""
        one = next((one for one in decisions if one.action == "add" and one.anchor), None)
        if one is None or one.anchor is None or one.article_id not in self.items.articles:
            return None
        if one.digest != self.items.digests.get(one.file, ""):
            return None  # only a run can tell where it stands in another text
        item = self.items.add([(one.table, _cells_of(one, one.anchor))])[0]
        self.numbers[target] = item.number
        return item.number

    def _find_places(self) -> None:
        """The rows of decisions that stand elsewhere now, since the raw text has changed or the file has another name.

        The last run has found them and marked them; what it added is in the tables, what nobody has run yet is not.
        """
        marked: dict[Hashable, list[Item]] = defaultdict(list)
        for item in self.items.items:
            if item["status"]:
                words = to_simplified(item.surface) if item.is_furniture else item.surface
                marked[item.article, item.table, words].append(item)
        renamed = {self.items.digests.get(cells["file"], ""): name for name, cells in self.items.articles.items()}
        for target, decisions in list(self.standing.items()):
            one = next((one for one in reversed(decisions) if one.action in OPINIONS and one.anchor), None)
            if target in self.numbers or one is None or one.anchor is None:
                continue
            anchor = one.new or one.anchor
            article = one.article_id if one.article_id in self.items.articles else renamed.get(one.digest or "-", "")
            rows = marked.get((article, one.table, anchor.exact), [])
            if rows:
                row = min(rows, key=lambda item: abs(item.raw[0] - anchor.raw_start))
                rows.remove(row)
                self.numbers[target] = row.number
                self._roots[key_of(row)] = target
            else:
                self._added(target, decisions)

    def _note_step(self, view: Reviewer, one: Decision, alive: Iterable[str]) -> None:
        """Keeps a reviewer's steps: a new decision is one, an undo takes one away, its undo brings it back."""
        if one.reviewer != view.name:
            return
        if one.action != "undo":
            step = one.group or one.id
            if one.id in alive:
                view.steps[step] = None
                view.undone.clear()
            if one.table == ARTICLES_TABLE and one.action == "done":
                (view.done.add if one.id in alive else view.done.discard)(one.article_id)
            return
        undone = self._known.get(one.of)
        if undone is not None and undone.action == "undo":
            view.undone.pop(undone.id, None)
            view.steps[undone.of] = None
        else:
            view.steps.pop(one.of, None)
            view.undone[one.id] = None
        for done in self._undone_by(one):
            if done.table == ARTICLES_TABLE:
                still = any(own.action == "done" and own.reviewer == view.name for own in self._alive(done))
                (view.done.add if still else view.done.discard)(done.article_id)

    def _alive(self, decision: Decision) -> list[Decision]:
        return self.standing.get(self._target(decision), [])


def key_of(item: Item) -> Hashable:
    """The target of decisions on a row, as `_key` makes it."""
    return item.article, item.table, (*item.raw, "" if item.is_furniture else item.surface)


def _key(decision: Decision) -> Hashable:
    """`target_key`, of furniture the place in the raw text alone, since the clean text may or may not have it."""
    article, table, place = target_key(decision)
    return article, table, (*place[:2], "") if table == FURNITURE.name and place else place


def settling(decisions: Sequence[Decision]) -> bool:
    """Whether a disagreement on a row was settled."""
    return any(one.settles for one in decisions)


def _state(decisions: Sequence[Decision], reviewer: str) -> int:
    """A reviewer's state of a row from its standing decisions; blind to others' where they do not differ."""
    overall = state_of(decisions)
    if overall == "disputed" or settling(decisions):
        return STATES.index(overall)
    own = [one for one in decisions if one.reviewer == reviewer and one.action in OF_ACTION]
    return STATES.index(OF_ACTION[own[-1].action]) if own else OPEN


def _is_doubtful(counts: Mapping[str, int]) -> bool:
    judged = sum(counts.values())
    return judged >= ENOUGH and counts.get("accept", 0) < LOW * judged


def _cells_of(decision: Decision, anchor: Anchor) -> dict[str, str]:
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
