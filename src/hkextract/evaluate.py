"""Scores found mentions against gold mentions: exact spans, and the values of those that are right.

A mention is right where table, place and surface agree, each occurrence counted once. What a place is, the caller
says: a raw line (`goldset`) or a clean offset. An optional gold mention counts for neither side.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

VALUES: Mapping[str, Mapping[str, str]] = {
    "amounts": {"kind": "kind", "low": "low", "high": "high", "unit": "unit", "currency": "currency"},
    "dates": {"start": "date_start", "end": "date_end"},
    "organisations": {"canonical": "canonical", "type": "type"},
}
"""The values that count, a table: their key in a gold file and the column they are compared with."""
TABLES = tuple(VALUES)

_LEGAL_FORMS = ("有限责任", "有限", "股份", "控股", "集团", "国际", "公司")
"""Endings that a canonical name may have or lack: they say how a body is set up, not which one it is."""


@dataclass(frozen=True, slots=True)
class Item:
    """A mention as it is scored: where it stands, its simplified surface and its values by column."""

    place: Hashable
    surface: str
    values: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False


@dataclass(slots=True)
class Score:
    """Counts that add up over articles, and the measures they give. A measure of nothing at all is 1."""

    gold: int = 0
    found: int = 0
    right: int = 0
    overlapping: int = 0
    values_right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, other: Score) -> None:
        self.gold += other.gold
        self.found += other.found
        self.right += other.right
        self.overlapping += other.overlapping
        self.values_right += other.values_right
        self.wrong.update(other.wrong)

    @property
    def precision(self) -> float:
        return _share(self.right, self.found, self.gold)

    @property
    def recall(self) -> float:
        return _share(self.right, self.gold, self.found)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall.

        >>> Score(gold=4, found=6, right=3).f1
        0.6
        """
        both = self.gold + self.found
        return 2 * self.right / both if both else 1.0

    @property
    def relaxed_f1(self) -> float:
        """The same where a surface that holds the other one, at the same place, counts too."""
        both = self.gold + self.found
        return 2 * (self.right + self.overlapping) / both if both else 1.0

    @property
    def value_accuracy(self) -> float:
        """The share of the right mentions whose values are all right; 0 where no mention is right."""
        return self.values_right / self.right if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The score of one table of one article, and the mentions behind it.

    `right` and `close` pair a gold item with the one found for it; `wrong` names the values of each right pair that
    differ; `missed` is gold that nothing answers, `extra` what was found beside the gold. Optional gold is in none.
    """

    score: Score
    right: tuple[tuple[Item, Item], ...]
    close: tuple[tuple[Item, Item], ...]
    wrong: tuple[tuple[str, ...], ...]
    missed: tuple[Item, ...]
    extra: tuple[Item, ...]


def compare(table: str, gold: Iterable[Item], found: Iterable[Item]) -> Outcome:
    """Pairs what was found with the gold of one article. Gold values have the keys of the gold files.

    >>> gold = [Item(0, "三项", {"kind": "count", "low": 3, "high": 3, "unit": "项"})]
    >>> found = [Item(0, "三项", {"kind": "count", "low": "3", "high": "3", "unit": "个"}), Item(9, "五成")]
    >>> outcome = compare("amounts", gold, found)
    >>> outcome.score.precision, outcome.score.recall, outcome.wrong
    (0.5, 1.0, (('unit',),))
    """
    gold, found = list(gold), list(found)
    exact, gold_left, found_left = _pair_exact(gold, found)
    near, missed, extra = _pair_close(gold_left, found_left)
    right = tuple(pair for pair in exact if not pair[0].optional)
    close = tuple(pair for pair in near if not pair[0].optional)
    wrong = tuple(tuple(_differing(table, *pair)) for pair in right)
    score = Score(
        gold=sum(not item.optional for item in gold),
        found=len(found) - (len(exact) - len(right)),
        right=len(right),
        overlapping=len(close),
        values_right=wrong.count(()),
        wrong=Counter(name for names in wrong for name in names),
    )
    return Outcome(score, right, close, wrong, tuple(item for item in missed if not item.optional), tuple(extra))


def _pair_exact(gold: list[Item], found: list[Item]) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pairs of equal place and surface; where there are too few, required gold comes before optional."""
    waiting: dict[Hashable, list[Item]] = defaultdict(list)
    for item in found:
        waiting[item.place, item.surface].append(item)
    pairs, unpaired = [], []
    for item in sorted(gold, key=lambda item: item.optional):
        same_span = waiting[item.place, item.surface]
        if same_span:
            pairs.append((item, same_span.pop(0)))
        else:
            unpaired.append(item)
    return pairs, unpaired, [item for items in waiting.values() for item in items]


def _pair_close(gold: list[Item], found: list[Item]) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pairs at one place of which one surface holds the other, each item used once."""
    pairs, missed, spare = [], [], list(found)
    for item in gold:
        index = next((i for i, other in enumerate(spare) if _is_close(item, other)), None)
        if index is None:
            missed.append(item)
        else:
            pairs.append((item, spare.pop(index)))
    return pairs, missed, spare


def _is_close(one: Item, other: Item) -> bool:
    return one.place == other.place and (one.surface in other.surface or other.surface in one.surface)


def _differing(table: str, gold: Item, found: Item) -> Iterator[str]:
    for key, column in VALUES[table].items():
        agree = same_name if key == "canonical" else same_value
        if not agree(gold.values.get(key), found.values.get(column)):
            yield key


def same_value(one: Any, other: Any) -> bool:
    """True for equal text, equal numbers, or two empty cells.

    >>> same_value(1.5e8, "150000000"), same_value(None, ""), same_value("个", "项")
    (True, True, False)
    """
    one, other = _plain(one), _plain(other)
    if one == other:
        return True
    try:
        x, y = float(one), float(other)
    except ValueError:
        return False
    return abs(x - y) <= 1e-9 * max(1.0, abs(x), abs(y))


def same_name(one: Any, other: Any) -> bool:
    """True for canonical names that are equal but for the place in front and the legal form behind.

    >>> same_name("深圳市星河机器人股份有限公司", "星河机器人"), same_name("科技大学", "理工大学")
    (True, False)
    """
    one, other = _bare_name(_plain(one)), _bare_name(_plain(other))
    return one == other or (min(len(one), len(other)) >= 2 and (one in other or other in one))


def squeeze(text: str) -> str:
    """Half width, lower case and without white space, as titles and phrases are compared.

    >>> squeeze("ＨＫ 科技")
    'hk科技'
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def _bare_name(name: str) -> str:
    full = rest = squeeze(name)
    while ending := next((form for form in _LEGAL_FORMS if rest.endswith(form)), None):
        rest = rest.removesuffix(ending)
    return rest or full


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _share(right: int, of: int, other: int) -> float:
    return right / of if of else float(other == 0)


def total(scores: Sequence[Score]) -> Score:
    """One score over several articles."""
    whole = Score()
    for score in scores:
        whole.add(score)
    return whole
