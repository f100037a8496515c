"""The log in memory, set against the rows: who decided what on each, kept up to date line by line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hkextract.clean.simplify import to_simplified
from hkextract.review.decision import (
    ARTICLES_TABLE,
    OPINIONS,
    Decision,
    by_target,
    in_force,
    new_id,
    new_key,
    now,
)
from hkextract.review.items import Item, Items
from hkextract.review.log import ReviewLog, read_lines
from hkextract.review.states import addition_cells, is_doubtful, key_of, state_for, target_of


@dataclass(slots=True)
class Reviewer:
    """A reviewer's view: the state of each row, whether an own opinion counts on it, the steps that can be undone,
    and those that can be done again.

    A step is the id or the group of decisions; what can be done again is kept as the id of the undo.
    """

    name: str
    states: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    judged: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    steps: dict[str, None] = field(default_factory=dict)
    undone: dict[str, None] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def note(self, number: int, decisions: Sequence[Decision]) -> None:
        """Takes in the standing decisions on a row."""
        self.states[number] = state_for(decisions, self.name)
        self.judged[number] = any(one.reviewer == self.name and one.action in OPINIONS for one in decisions)

    def grow(self, rows: int) -> None:
        """Makes room for so many rows, the new ones open."""
        if (more := rows - len(self.states)) > 0:
            self.states = np.append(self.states, np.zeros(more, np.int8))
            self.judged = np.append(self.judged, np.zeros(more, np.bool_))


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
        key = target_of(decision)
        return self.numbers.get(self._roots.get(key, key))

    def of_item(self, number: int) -> list[Decision]:
        """The standing decisions on a row, the last of each reviewer, in order of time."""
        return self.standing.get(self._root_of_item(number), [])

    def view(self, name: str) -> Reviewer:
        """What a reviewer has decided."""
        if name not in self._views:
            view = self._views[name] = Reviewer(name)
            view.grow(len(self.items))
            for target, decisions in self.standing.items():
                if (number := self.numbers.get(target)) is not None:
                    view.note(number, decisions)
            own = {one.id for one in in_force(self._known.values()) if one.reviewer == name}
            for one in self._known.values():
                self._note_step(view, one, own)
        view = self._views[name]
        view.grow(len(self.items))
        return view

    @property
    def reviewers(self) -> list[str]:
        """Everyone who has decided something, in the order of their first decision."""
        return list(dict.fromkeys(one.reviewer for one in self._known.values()))

    def doubtful_rules(self) -> list[str]:
        """Rules of whose judged rows too few were accepted."""
        return [rule for rule in self.rules if is_doubtful(self.rules[rule])]

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
        key = target_of(decision)
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
        if number is not None:
            for name in self._views:
                self.view(name).note(number, after)

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
        item = self.items.add([(one.table, addition_cells(one, one.anchor))])[0]
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
