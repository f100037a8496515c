"""How often each rule fired, and what reviewers made of it."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hkextract.extract.matching import GUARD
from hkextract.judging.intervals import wilson
from hkextract.judging.judged import verdicts
from hkextract.review.decision import RULE, Decision
from hkextract.rules import Rules

TABLES = ("amounts", "dates", "organisations", "furniture", "repairs")
"""The tables whose rows name the rule that made them. Guards make no rows, so nothing is known of them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A rule: how many rows of a run it made, and how many of those that were ever judged reviewers took which way."""

    rule: str
    table: str
    fired: int
    articles: int
    accepted: int
    rejected: int
    edited: int
    disputed: int

    @property
    def judged(self) -> int:
        """Rows on which reviewers agree."""
        return self.accepted + self.rejected + self.edited

    @property
    def acceptance(self) -> float | None:
        """The share of them that was accepted as it was; None where none was judged."""
        return self.accepted / self.judged if self.judged else None

    def as_row(self) -> dict[str, str | int | float]:
        """The figures by column; empty where there is no share."""
        low, high = wilson(self.accepted, self.judged) if self.judged else (None, None)
        shares = {"acceptance": self.acceptance, "acceptance_low": low, "acceptance_high": high}
        counts = {name: getattr(self, name) for name in self.__slots__}
        return counts | {name: "" if share is None else round(share, 4) for name, share in shares.items()}


def statistics(output: Path, rules: Rules, decisions: Iterable[Decision]) -> list[Figure]:
    """The figures of every rule whose rows can be seen, in the order of the rule files, then of rules that are gone.

    Rows that reviewers took out count as fired.
    """
    fired: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for table in TABLES:
        for row in _rows(output / f"{table}.csv"):
            if row["rule"] != RULE and row.get("status") != "added":
                fired[table, row["rule"]][row["article_id"]] += 1
    for row in _rows(output / "rejected.csv"):
        fired[row["table"], row["rule"]][row["article_id"]] += 1
    judged: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for verdict in verdicts(decisions):
        if verdict.state != "added":
            judged[verdict.table, verdict.last.rule][verdict.state] += 1
    known = [(rule.table, rule.id) for rule in rules if rule.table in TABLES and rule.kind != GUARD]
    gone = sorted((fired.keys() | judged.keys()) - set(known) - {("", "")})
    return [_figure(table, rule, fired[table, rule], judged[table, rule]) for table, rule in [*known, *gone] if rule]


def _figure(table: str, rule: str, fired: Counter[str], judged: Counter[str]) -> Figure:
    states = (judged[state] for state in ("accepted", "rejected", "edited", "disputed"))
    return Figure(rule, table, fired.total(), len(fired), *states)


def chosen(figures: Iterable[Figure], table: str | None, under: float | None, *, never: bool = False) -> list[Figure]:
    """The figures of one table, of rules with a smaller acceptance than `under`, of rules that never fire."""
    found = [one for one in figures if table in (None, one.table)]
    if under is not None:
        found = [one for one in found if one.acceptance is not None and one.acceptance < under]
        found.sort(key=lambda one: (one.acceptance, -one.judged))
    return [one for one in found if not one.fired] if never else found


def lines_of(figures: Sequence[Figure]) -> Iterator[str]:
    """The figures for the terminal; rules that never fired in one line a table."""
    yield f"{'rule':<34}{'table':<15}{'fired':>7}{'articles':>9}{'accepted':>9}{'rejected':>9}{'edited':>7}  acceptance"
    for one in figures:
        if one.fired or one.judged:
            counts = f"{one.fired:>7}{one.articles:>9}{one.accepted:>9}{one.rejected:>9}{one.edited:>7}"
            yield f"{one.rule:<34}{one.table:<15}{counts}  {_told(one)}".rstrip()
    for table in dict.fromkeys(one.table for one in figures):
        silent = [one.rule for one in figures if one.table == table and not one.fired]
        if silent:
            yield f"never fired in {table} ({len(silent)}): {', '.join(silent)}"


def _told(one: Figure) -> str:
    if one.acceptance is None:
        return ""
    low, high = wilson(one.accepted, one.judged)
    return f"{one.acceptance:.2f} ({low:.2f}–{high:.2f})"


def write_csv(figures: Iterable[Figure], path: Path) -> None:
    """A row a rule, as a spreadsheet opens it."""
    rows = [one.as_row() for one in figures]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, Figure("", "", 0, 0, 0, 0, 0, 0).as_row(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_json(figures: Iterable[Figure], file: TextIO) -> None:
    """A list of the same."""
    json.dump([one.as_row() for one in figures], file, ensure_ascii=False, indent=1)
    file.write("\n")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
            yield from csv.DictReader(file)
