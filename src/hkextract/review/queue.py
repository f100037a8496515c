"""What is judged next: the rows that a filter leaves, the pressing ones first, and what there is to filter by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hkextract.clean.simplify import to_simplified
from hkextract.review.items import STATIC, Codes, Item, Items, Mask
from hkextract.review.ledger import Ledger, Reviewer
from hkextract.review.states import DISPUTED, OPEN, STATES

REASONS = ("disagreement", "new", "damaged", "doubtful", "rest")
"""Why a row is judged before others, the most pressing first; `doubtful` is a rule of which too little was accepted."""
FACETS = (*STATIC, "status", "reason", "reviewer")
BETWEEN = "\x1e"
"""Stands between texts that are converted at once."""
SHOWN = 40
"""Values of a facet that are listed at a time."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The values asked for, by facet (any of them will do; no values, no demand), and words to be found in the row."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    search: str = ""

    def without(self, *facets: str) -> Filter:
        """The same without the demands of some facets."""
        return Filter({name: asked for name, asked in self.values.items() if name not in facets}, self.search)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in the queue; rows are ordered by both."""

    rank: int
    order: int


class Queue:
    """The rows in the order in which they should be judged. `fresh` marks those that are new since the last review."""

    def __init__(self, items: Items, ledger: Ledger, fresh: Mask) -> None:
        self.items, self.ledger, self._fresh = items, ledger, fresh
        self._texts: list[str] = []
        self._found: tuple[str, Mask] = "", np.zeros(0, np.bool_)

    def select(self, view: Reviewer, wanted: Filter) -> NDArray[np.int64]:
        """The numbers of the rows that a filter leaves, in the order of the queue."""
        numbers = np.flatnonzero(self._mask(view, wanted))
        ranks = self.ranks(view)[numbers]
        found: NDArray[np.int64] = numbers[np.lexsort((self.items.order[numbers], ranks))]
        return found

    def after(self, view: Reviewer, numbers: NDArray[np.int64], place: Place) -> NDArray[np.int64]:
        """Of rows in the order of the queue those behind a place."""
        ranks, orders = self.ranks(view)[numbers], self.items.order[numbers]
        behind = (ranks > place.rank) | ((ranks == place.rank) & (orders > place.order))
        found: NDArray[np.int64] = numbers[behind]
        return found

    def ranks(self, view: Reviewer) -> Codes:
        """For each row its reason, as its place in `REASONS`."""
        count = len(self.items)
        fresh = np.append(self._fresh, np.zeros(count - len(self._fresh), np.bool_))
        doubtful = [self.items.code("rule", rule) for rule in self.ledger.doubtful_rules()]
        waits = view.states == OPEN
        marks = (
            view.states == DISPUTED,
            fresh & waits,
            self.items.damaged & waits,
            np.isin(self.items.codes["rule"], doubtful) & waits,
        )
        return np.select(marks, range(len(marks)), len(marks)).astype(np.int32)

    def facet(self, view: Reviewer, wanted: Filter, name: str, find: str = "") -> tuple[list[tuple[str, int]], int]:
        """The values of a facet that the rest of the filter leaves, with their counts, and how many there are of them.

        At most `SHOWN` are returned, the most frequent ones that hold `find`; those asked for are always among them.
        """
        mask = self._mask(view, wanted.without(name))
        if name == "reviewer":
            judged = {one: int(np.count_nonzero(self._judged_by(one) & mask)) for one in self.ledger.reviewers}
            counted = [(value, count) for value, count in judged.items() if count]
        else:
            codes, names = self._codes(view, name)
            counts = np.bincount(codes[mask & (codes >= 0)], minlength=len(names))
            order = np.argsort(-counts, kind="stable") if name in STATIC else range(len(names))
            counted = [(names[code], int(counts[code])) for code in order if counts[code]]
        asked = wanted.values.get(name, ())
        meant = to_simplified(find).casefold()
        found = [pair for pair in counted if meant in to_simplified(pair[0]).casefold() or pair[0] in asked]
        shown = [pair for at, pair in enumerate(found) if at < SHOWN or pair[0] in asked]
        missing = [(value, 0) for value in asked if value not in dict(shown)]
        return shown + missing, len(found)

    def _mask(self, view: Reviewer, wanted: Filter) -> Mask:
        mask = self._search(wanted.search) if wanted.search.strip() else np.ones(len(self.items), np.bool_)
        for name, asked in wanted.values.items():
            if not asked:
                continue
            if name == "reviewer":
                mask = mask & np.logical_or.reduce([self._judged_by(one) for one in asked])
            else:
                codes, names = self._codes(view, name)
                meant = [names.index(value) for value in asked if value in names]
                mask = mask & np.isin(codes, meant)
        return mask

    def _codes(self, view: Reviewer, facet: str) -> tuple[Codes, Sequence[str]]:
        if facet == "status":
            return view.states.astype(np.int32), STATES
        if facet == "reason":
            return self.ranks(view), REASONS
        return self.items.codes[facet], self.items.names[facet]

    def _judged_by(self, reviewer: str) -> Mask:
        return self.ledger.view(reviewer).judged

    def _search(self, words: str) -> Mask:
        """The rows whose texts hold the words, in either script, and those of articles whose title or id does."""
        meant = to_simplified(words).strip().casefold()
        if self._found[0] != meant or len(self._found[1]) != len(self.items):
            self._texts += _texts_of(self.items.items[len(self._texts) :])
            own = np.fromiter((meant in text for text in self._texts), np.bool_, len(self._texts))
            articles = [
                self.items.code("article", name)
                for name, cells in self.items.articles.items()
                if meant in f"{name}\n{cells.get('title', '')}".casefold()
            ]
            self._found = meant, own | np.isin(self.items.codes["article"], articles)
        return self._found[1]


def _texts_of(items: Sequence[Item]) -> list[str]:
    """What a search looks at in each row, in simplified script."""
    columns = ("mention_id", "raw_surface", "canonical", "measures")
    texts = ["\n".join((item.surface, *(item[name] for name in columns))).replace(BETWEEN, "") for item in items]
    return to_simplified(BETWEEN.join(texts)).casefold().split(BETWEEN) if texts else []
