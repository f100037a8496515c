"""Two rule sets over one corpus: the rows that come, go and change, set against what reviewers decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hkextract.judging.judged import Verdict
from hkextract.judging.machine import HEADERS, Row, Source, machine_rows
from hkextract.review.values import VALUES
from hkextract.tables import FURNITURE

TABLES = ("amounts", "dates", "organisations", "furniture")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A row that only one rule set makes, or that the two make differently.

    `sort` is added, lost or changed; `values` are the cells that differ, a column with the cell before and after;
    `verdict` is mends or breaks where a decision speaks of the place, else empty.
    """

    sort: str
    table: str
    article_id: str
    old: Row | None
    new: Row | None
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    verdict: str = ""
    decision: str = ""
    reviewers: str = ""

    @property
    def row(self) -> Row:
        """The row as it is now, or as it would be where there is none now."""
        return self.old or self.new or {}

    def as_row(self) -> dict[str, str]:
        """The change as cells."""
        row = self.row
        return {
            "change": self.sort,
            "verdict": self.verdict,
            "table": self.table,
            "article_id": self.article_id,
            "raw_start": row.get("raw_start", ""),
            "raw_end": row.get("raw_end", ""),
            "before": _surface(self.old),
            "after": _surface(self.new),
            "values": "; ".join(
                f"{name} {old or '(empty)'} → {new or '(empty)'}" for name, (old, new) in self.values.items()
            ),
            "rule_before": (self.old or {}).get("rule", ""),
            "rule_after": (self.new or {}).get("rule", ""),
            "decision": self.decision,
            "reviewers": self.reviewers,
        }


@dataclass(slots=True)
class Difference:
    """All changes in the order of the corpus; `same` counts equal rows, `unplaced` decisions on other texts."""

    changes: list[Change] = field(default_factory=list)
    same: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    unplaced: int = 0

    def count(self, **wanted: str) -> int:
        """The number of changes with these attributes."""
        return sum(all(getattr(one, name) == value for name, value in wanted.items()) for one in self.changes)


def compare_rules(source: Source, old: Path, new: Path, verdicts: Iterable[Verdict] = ()) -> Difference:
    """Runs both folders of rules over a corpus and compares their rows place by place (raw offsets).

    Rows of one table that overlap and are not equal count as one that changed. Raises `RuleError`.
    """
    judged: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        judged[verdict.article_id].append(verdict)
    found = Difference()
    pairs = zip(machine_rows(source, old, TABLES), machine_rows(source, new, TABLES), strict=True)
    for (article_id, before), (_, after) in pairs:
        found.articles += 1
        for table in TABLES:
            on_table = [one for one in judged.get(article_id, ()) if one.table == table and one.state != "disputed"]
            placed = [one for one in on_table if _is_here(one, before[table], after[table])]
            found.unplaced += len(on_table) - len(placed)
            changes, same = changes_of(table, article_id, before[table], after[table])
            found.same[table] += same
            found.changes += (_judged(change, before[table], after[table], placed) for change in changes)
    return found


def changes_of(table: str, article_id: str, old: Sequence[Row], new: Sequence[Row]) -> tuple[list[Change], int]:
    """The changes between the rows of one article, in order of place, and the number of rows that are equal."""
    before, after = _by_place(old), _by_place(new)
    same, changes, gone = 0, [], []
    for place, row in before.items():
        other = after.pop(place, None)
        if other is None:
            gone.append(row)
        elif values := differing(table, row, other):
            changes.append(Change("changed", table, article_id, row, other, values))
        else:
            same += 1
    left = list(after.values())
    for row in gone:
        moved = next((other for other in left if _overlap(_span(row), _span(other))), None)
        if moved is None:
            changes.append(Change("lost", table, article_id, row, None))
        else:
            left.remove(moved)
            changes.append(Change("changed", table, article_id, row, moved, differing(table, row, moved)))
    changes += (Change("added", table, article_id, None, row) for row in left)
    return sorted(changes, key=lambda change: _span(change.row)), same


def differing(table: str, old: Row, new: Row) -> dict[str, tuple[str, str]]:
    """The values in which two rows differ."""
    names = ("reason",) if table == FURNITURE.name else VALUES[table]
    return {name: (old[name], new[name]) for name in names if old[name] != new[name]}


def holds(verdict: Verdict, rows: Iterable[Row]) -> bool:
    """Whether the rows of an article are as a verdict would have them."""
    place = verdict.after or verdict.before
    wanted = (place.raw_start, place.raw_end) if place else (-1, -1)
    row = next((row for row in rows if _span(row) == wanted), None)
    if verdict.state == "rejected" or row is None:
        return (row is None) == (verdict.state == "rejected")
    if verdict.table == FURNITURE.name:
        return True
    return all(row.get(name, "") == value for name, value in verdict.values.items() if name in HEADERS[verdict.table])


def _judged(change: Change, old: Sequence[Row], new: Sequence[Row], verdicts: Sequence[Verdict]) -> Change:
    """The change with what it means for the decisions on its place; what it breaks counts before what it mends."""
    places = [_span(row) for row in (change.old, change.new) if row]
    told: dict[str, Verdict] = {}
    for verdict in verdicts:
        spans = [(anchor.raw_start, anchor.raw_end) for anchor in (verdict.before, verdict.after) if anchor]
        if any(_overlap(span, place) for span in spans for place in places):
            was, will = holds(verdict, old), holds(verdict, new)
            if was != will:
                told["mends" if will else "breaks"] = verdict
    for word in ("breaks", "mends"):
        if word in told:
            one = told[word]
            sort, table, article_id = change.sort, change.table, change.article_id
            rows = (change.old, change.new, change.values)
            return Change(sort, table, article_id, *rows, word, one.state, one.reviewers)
    return change


def _is_here(verdict: Verdict, *rows: Sequence[Row]) -> bool:
    """Whether the raw text is still the one that was judged, as far as rows at the same place tell."""
    anchor = verdict.before or verdict.after
    if anchor is None or anchor.raw_start < 0:
        return False
    at = [row for group in rows for row in group if _span(row) == (anchor.raw_start, anchor.raw_end)]
    return not at or any(row.get("raw_surface", row.get("text")) == anchor.raw_exact for row in at)


def _by_place(rows: Iterable[Row]) -> dict[tuple[int, int, int], Row]:
    """Rows by their raw span; of several on one span each in turn."""
    found: dict[tuple[int, int, int], Row] = {}
    seen: Counter[Span] = Counter()
    for row in rows:
        span = _span(row)
        found[*span, seen[span]] = row
        seen[span] += 1
    return found


def _span(row: Row) -> Span:
    return int(row["raw_start"]), int(row["raw_end"])


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _surface(row: Row | None) -> str:
    return row.get("surface") or row["text"] if row else ""


COLUMNS = tuple(Change("", "", "", None, None).as_row())
"""The columns of a change."""


def lines_of(difference: Difference, most: int = 0) -> Iterator[str]:
    """The comparison for the terminal: counts a table, then the changes, those that break decisions first."""
    yield f"{'table':<16}{'equal':>8}{'added':>8}{'lost':>8}{'changed':>9}{'mends':>8}{'breaks':>8}"
    for table in TABLES:
        counts = [difference.count(table=table, sort=sort) for sort in ("added", "lost", "changed")]
        judged = [difference.count(table=table, verdict=verdict) for verdict in ("mends", "breaks")]
        added, lost, changed = counts
        yield f"{table:<16}{difference.same[table]:>8}{added:>8}{lost:>8}{changed:>9}{judged[0]:>8}{judged[1]:>8}"
    order = {"breaks": 0, "mends": 1, "": 2}
    told = sorted(difference.changes, key=lambda change: order[change.verdict])
    for change in told[: most or None]:
        cells = change.as_row()
        what = {"added": cells["after"], "lost": cells["before"]}.get(change.sort, cells["before"])
        if change.sort == "changed" and cells["after"] != cells["before"]:
            what += f" → {cells['after']}"
        judged_as = f"  {change.verdict} what {change.reviewers} {change.decision}" if change.verdict else ""
        rule = cells["rule_after"] or cells["rule_before"]
        values = f" ({cells['values']})" if cells["values"] else ""
        place = f"{change.article_id} {cells['raw_start']}:{cells['raw_end']}"
        yield f"{change.sort:<8}{change.table:<14}{place}  {_short(what)}{values}  [{rule}]{judged_as}"
    if most and len(told) > most:
        yield f"… and {len(told) - most} more; --csv FILE writes them all"
    if difference.unplaced:
        yield f"{difference.unplaced} decisions were made on a text that has changed and were left out"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
