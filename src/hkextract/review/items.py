"""What there is to judge: the rows of a run's tables in reading order, and the codes that filters count by."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hkextract.review.reference import manifest
from hkextract.review.values import VALUES
from hkextract.tables import AMOUNTS, ARTICLES, DATES, FURNITURE, ORGANISATIONS, REJECTED, SENTENCES, Table

JUDGED = (AMOUNTS, DATES, ORGANISATIONS, FURNITURE)
"""The tables whose rows are judged."""
STATIC = ("table", "article", "kind", "rule", "organisation")
"""The facets that no decision changes."""
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]


class NoTablesError(Exception):
    """The output folder cannot be reviewed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row to be judged. `number` is its handle while the server runs; `cells` are its columns by name."""

    number: int
    table: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def article(self) -> str:
        return self["article_id"]

    @property
    def is_furniture(self) -> bool:
        return self.table == FURNITURE.name

    @property
    def surface(self) -> str:
        """The text of a mention, for furniture the dropped stretch."""
        return self["text"] if self.is_furniture else self["surface"]

    @property
    def kind(self) -> str:
        """What a filter by kind compares: kind, type of organisation, reason of furniture."""
        return self["kind"] or self["type"] or self["reason"]

    @property
    def raw(self) -> tuple[int, int]:
        return int(self["raw_start"] or 0), int(self["raw_end"] or 0)

    @property
    def clean(self) -> tuple[int, int]:
        """Its place in the clean text; for furniture, which has none, an empty stretch at 0."""
        return int(self["clean_start"] or 0), int(self["clean_end"] or 0)

    @property
    def values(self) -> dict[str, str]:
        """The value columns as cells."""
        return {name: self[name] for name in VALUES[self.table]}


class _Cells(Mapping[str, str]):
    """The cells of a row, by name, without a dictionary a row."""

    __slots__ = ("_places", "_row")

    def __init__(self, places: Mapping[str, int], row: Sequence[str]) -> None:
        self._places, self._row = places, row

    def __getitem__(self, name: str) -> str:
        return self._row[self._places[name]]

    def get(self, name: str, default: Any = None) -> Any:
        place = self._places.get(name)
        return default if place is None else self._row[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(slots=True)
class Items:
    """All rows to be judged, in reading order: by article, its mentions by place, then its furniture.

    `codes[FACET]` has for each item the place of its value in `names[FACET]`; -1 where it has none.
    """

    articles: dict[str, dict[str, str]]
    digests: Mapping[str, str]
    items: list[Item] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)
    order: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    damaged: Mask = field(default_factory=lambda: np.zeros(0, np.bool_))
    sentences: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    _known: dict[str, dict[str, int]] = field(default_factory=dict)
    _place: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for facet in STATIC:
            self.names[facet], self._known[facet] = [], {}
            self.codes[facet] = np.zeros(0, np.int32)
        self._place = {name: place for place, name in enumerate(self.articles)}

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, number: int) -> Item:
        return self.items[number]

    def add(self, rows: Iterable[tuple[str, Mapping[str, str]]]) -> list[Item]:
        """Takes rows in, each with its table; returns them as items."""
        first = len(self.items)
        self.items += [Item(number, table, cells) for number, (table, cells) in enumerate(rows, start=first)]
        new = self.items[first:]
        self.order = np.append(self.order, np.fromiter(map(self._order_of, new), np.int64, len(new)))
        self.damaged = np.append(self.damaged, [item["damaged"] == "true" for item in new]).astype(np.bool_)
        for facet, of in _FACETS.items():
            codes = np.fromiter((self._code(facet, of(item)) for item in new), np.int32, len(new))
            self.codes[facet] = np.append(self.codes[facet], codes)
        return new

    def code(self, facet: str, name: str) -> int:
        """The code of a facet's value; -2, which no item has, for one that does not occur."""
        return self._known[facet].get(name, -2)

    def _code(self, facet: str, name: str) -> int:
        if not name:
            return -1
        known = self._known[facet]
        if name not in known:
            known[name] = len(known)
            self.names[facet].append(name)
        return known[name]

    def _order_of(self, item: Item) -> int:
        start = item.raw[0] if item.is_furniture else item.clean[0]
        return (self._place.get(item.article, 0) << 33) + (int(item.is_furniture) << 32) + start


_FACETS: Mapping[str, Callable[[Item], str]] = {
    "table": lambda item: item.table,
    "article": lambda item: item.article,
    "kind": lambda item: item.kind,
    "rule": lambda item: item["rule"],
    "organisation": lambda item: item["canonical"],
}


def load_items(output: Path) -> Items:
    """Reads the tables of an output folder. Raises `NoTablesError` where there are none, or one has no such columns."""
    articles = {cells["article_id"]: dict(cells) for cells in _rows(output, ARTICLES)}
    items = Items(articles, settings_of(output).get("inputs", {}))
    pool: dict[str, str] = {}
    items.add((table.name, cells) for table in JUDGED for cells in _rows(output, table, pool))
    if (output / REJECTED.file).exists():
        items.add((cells["table"], _as_it_was(cells)) for cells in _rows(output, REJECTED))
    items.sentences = _sentences(output)
    return items


def settings_of(output: Path) -> dict[str, Any]:
    """What run.json says; raises `NoTablesError` where it is not there or cannot be read."""
    found = manifest(output)
    if not found:
        raise NoTablesError(f"{output} holds no tables; run `hkextract run CORPUS -o {output}` first.")
    return found


def _rows(output: Path, table: Table, pool: dict[str, str] | None = None) -> Iterator[_Cells]:
    """The rows of a table; equal short cells share one text through the pool."""
    path = output / table.file
    if not path.exists():
        raise NoTablesError(f"There is no {path}; run `hkextract run CORPUS -o {output}` first.")
    with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        reader = csv.reader(file)
        places = {name: place for place, name in enumerate(next(reader, []))}
        if missing := [column.name for column in table.columns[:5] if column.name not in places]:
            raise NoTablesError(f"{path} has no column {missing[0]}; run `hkextract run CORPUS -o {output}` again.")
        for row in reader:
            if len(row) == len(places):
                yield _Cells(places, row if pool is None else [pool.setdefault(value, value) for value in row])


def _as_it_was(cells: Mapping[str, str]) -> dict[str, str]:
    """A row of rejected.csv as far as it tells how the row was."""
    table, kind = cells["table"], cells["kind"]
    kinds = {ORGANISATIONS.name: "type", FURNITURE.name: "reason"}
    place = {"text": cells["raw_surface"]} if table == FURNITURE.name else {}
    return dict(cells) | place | {"kind": "", kinds.get(table, "kind"): kind, "status": "rejected"}


def _sentences(output: Path) -> dict[str, NDArray[np.int32]]:
    """For each article its sentences' clean and raw spans: a row of four numbers each, in order of place."""
    spans: dict[str, list[tuple[int, ...]]] = {}
    columns = ("clean_start", "clean_end", "raw_start", "raw_end")
    for cells in _rows(output, SENTENCES):
        spans.setdefault(cells["article_id"], []).append(tuple(int(cells[column]) for column in columns))
    return {article: np.array(found, np.int32) for article, found in spans.items()}
