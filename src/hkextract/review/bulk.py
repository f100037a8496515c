"""One decision for all equal cases: rows of one table that the same rule found in the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator

from hkextract.review.items import Item, Items
from hkextract.review.ledger import Reviewer
from hkextract.review.states import OPEN, SKIPPED

MOST = 2000
"""Rows that are decided in one step at most: a person has to look through their list."""


class EqualCases:
    """Which rows are equal."""

    def __init__(self, items: Items) -> None:
        self.items = items
        self._groups: dict[Hashable, list[int]] = defaultdict(list)
        self._seen = 0

    def of(self, view: Reviewer, item: Item) -> list[int]:
        """The rows equal to one, itself left out, that the reviewer has not decided yet, in reading order."""
        for new in self.items.items[self._seen :]:
            self._groups[_sameness(new)].append(new.number)
        self._seen = len(self.items)
        return [number for number in self._open(view, item) if number != item.number]

    def _open(self, view: Reviewer, item: Item) -> Iterator[int]:
        for number in self._groups[_sameness(item)]:
            if view.states[number] in (OPEN, SKIPPED):
                yield number


def same_values(one: Item, other: Item) -> bool:
    """Whether two rows have the same values too: an edit of values fits only those."""
    return one.values == other.values


def _sameness(item: Item) -> Hashable:
    return item.table, item["rule"], item.surface
