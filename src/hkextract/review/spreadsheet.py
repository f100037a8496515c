"""Takes in what people filled in in a spreadsheet: rows found again, judgements read, decisions made of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from hkextract.clean.simplify import to_simplified
from hkextract.review.corrections import SURFACE, action_of, as_day, changes_of, plain
from hkextract.review.decision import Anchor, Decision, DecisionError, new_id, now
from hkextract.review.mangled import change_of, is_lossy, number, solid, unguarded
from hkextract.review.matching import changed_cells, moved_span, same_row
from hkextract.review.reference import Cells, Reference
from hkextract.review.sheets import Sheet, SheetRow, read_sheets
from hkextract.review.values import DAYS, NUMBERS, VALUES, corrected, is_day
from hkextract.tables import FURNITURE

ORIGIN: Final = "spreadsheet"
FILLED: Final = ("review", "correction", "comment")
SPOILT: Final = (
    "The judgement holds a question mark that may have been another character. Save the file as a workbook (.xlsx), or "
    "as CSV in UTF-8."
)
_OFFSETS: Final = ("raw_start", "raw_end", "clean_start", "clean_end")


@dataclass(slots=True)
class Report:
    """What came of an import: the decisions to be made, what is to be said row by row, what could not be taken in.

    `judged` counts rows with a judgement, `known` those that had been imported before.
    """

    decisions: list[Decision] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    judged: int = 0
    known: int = 0


class Importer:
    """Makes decisions of filled-in tables. `log` is all that was decided before, `reviewer` who filled them in.

    `version` tells the version of a rule by its id, `name` looks an organisation up in the register.
    """

    def __init__(
        self,
        reference: Reference,
        log: Sequence[Decision],
        reviewer: str,
        version: Callable[[str], str] = lambda _: "",
        name: Callable[[str], Mapping[str, str]] = lambda _: {},
    ) -> None:
        self.reference, self.log, self.reviewer = reference, log, reviewer
        self.version, self.name = version, name

    def read(self, path: Path) -> Report:
        """What a file says; raises `SheetError` for one that holds no table to review."""
        report = Report()
        made: dict[tuple[object, ...], tuple[str, Decision]] = {}
        sheets = read_sheets(path)
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="milliseconds")
        for sheet in sheets:
            where = f"{path.name}, sheet {sheet.name}" if path.suffix.lower() == ".xlsx" else path.name
            report.notes += [f"{where}: {note}" for note in sheet.notes]
            judged = [row for row in sheet.rows if any(row[name].strip() for name in FILLED)]
            report.judged += len(judged)
            if any(map(self._lost_characters, judged)):
                report.notes.append(f"{where}: Characters were lost when the file was saved; they read ? now.")
                for row in [row for row in judged if any("?" in row[name] for name in FILLED)]:
                    report.faults.append(f"{where}, row {row.number}: {SPOILT}")
                    judged.remove(row)
            for row in judged:
                self._take(report, row, f"{where}, row {row.number}", made)
            report.notes += self._others(sheet, where)
        for place, decision in made.values():
            if self._is_known(decision, changed):
                report.known += 1
            else:
                report.decisions.append(decision)
                report.notes += self._about(decision, place)
        return report

    def _take(
        self, report: Report, row: SheetRow, place: str, made: dict[tuple[object, ...], tuple[str, Decision]]
    ) -> None:
        """Adds the decision of a row, or says why there is none."""
        try:
            written = self._match(row)
            decision = self._decision(row, written)
        except DecisionError as error:
            report.faults.append(f"{place}: {error}")
            return
        report.notes += [f"{place}: {note}" for note in changed_cells(row, written)]
        target = (row.table, decision.article_id, written["raw_start"], written["raw_end"], decision.mention_id)
        earlier = made.get(target)
        if earlier is None:
            made[target] = place, decision
        elif _says(earlier[1]) == _says(decision):
            report.notes.append(f"{place}: the row stands there twice; it counts once.")
        else:
            report.faults.append(f"{place}: {earlier[0]} judges the same mention otherwise; that one was taken.")

    def _lost_characters(self, row: SheetRow) -> bool:
        """True where cells of a row hold question marks in place of characters."""
        try:
            written = self._match(row)
        except DecisionError:
            return False
        return any(is_lossy(written[name], cell) for name, cell in row.cells.items() if name in written)

    def _match(self, row: SheetRow) -> Cells:
        """The row that the run wrote; `DecisionError` where it cannot be told."""
        if not row.table:
            raise DecisionError("It cannot be told which table this row is of; keep the column mention_id.")
        article = row["article_id"].strip()
        rows = self.reference.rows(article, row.table) if article else []
        if not rows and (own := self._by_itself(row)):
            return own
        if not rows:
            raise DecisionError(
                f"There is no article {article!r} with rows in {row.table}.csv of this output folder."
                if article
                else "The column article_id is empty."
            )
        found = same_row(row, rows)
        if found is None:
            shown = row["text" if row.table == FURNITURE.name else "surface"]
            raise DecisionError(f"No row of {row.table}.csv is about {shown!r} at that place; it was not taken in.")
        return found

    def _by_itself(self, row: SheetRow) -> Cells | None:
        """A row as it came back, with its days and numbers put right, if its words stand at its place in the text."""
        article = row["article_id"].strip()
        offsets = {name: number(row[name]) for name in _OFFSETS}
        if any(offsets[name] is None for name in ("raw_start", "raw_end")):
            return None
        cells = {name: _repaired(name, unguarded(cell)) for name, cell in row.cells.items()}
        cells |= {name: str(int(value)) for name, value in offsets.items() if value is not None} | {
            "article_id": article
        }
        cells.setdefault("rule", "")
        if row.table == FURNITURE.name:
            whole, place, words = self.reference.raw(article), ("raw_start", "raw_end"), "text"
        else:
            whole, place, words = self.reference.text(article), ("clean_start", "clean_end"), "surface"
        if offsets[place[0]] is None or offsets[place[1]] is None:
            return None
        there = whole[int(cells[place[0]]) : int(cells[place[1]])]
        if not there or change_of(there, row[words]) is None:
            return None
        return cells | {words: there, "raw_surface": self.reference.raw(article)[slice(*_raw_span(cells))]}

    def _decision(self, row: SheetRow, written: Cells) -> Decision:
        """What a row says, as a decision."""
        action, correction, comment = action_of(row["review"]), row["correction"].strip(), row["comment"].strip()
        if correction and action in ("accept", "reject", "skip"):
            raise DecisionError(
                f"review says {row['review'].strip()!r} and yet there is a correction; clear one of them."
            )
        if action == "edit" and not correction:
            raise DecisionError("review says that the row should be edited, but `correction` is empty.")
        action = action or ("edit" if correction else "comment")
        machine = {name: written.get(name, "") for name in VALUES[row.table]}
        article = written["article_id"]
        file, digest = self.reference.file(article)
        decision = Decision(
            new_id(),
            now(),
            self.reviewer,
            action,
            article,
            file,
            digest,
            row.table,
            self._anchor(row.table, written),
            written.get("mention_id", ""),
            written["rule"],
            self.version(written["rule"]),
            machine or {"reason": written.get("reason", "")},
            comment=comment,
            origin=ORIGIN,
        )
        return self._edited(decision, correction) if action == "edit" else decision

    def _edited(self, decision: Decision, correction: str) -> Decision:
        """An edit with the values, and the stretch of text, that a correction names."""
        changes = changes_of(decision.table, unguarded(correction), decision.machine, self.name)
        surface = changes.pop(SURFACE, "")
        human = corrected(decision.table, decision.machine, changes)
        anchor = decision.anchor
        if not surface or anchor is None or solid(surface) == solid(anchor.exact):
            return replace(decision, human=human)
        clean = self.reference.text(decision.article_id)
        return replace(decision, human=human, new=Anchor.at(clean, moved_span(clean, anchor, surface)))

    def _anchor(self, table: str, written: Cells) -> Anchor:
        raw = _raw_span(written)
        if table == FURNITURE.name:
            whole = self.reference.raw(written["article_id"])
            return Anchor.on_raw(to_simplified(whole), raw, written["text"])
        clean = self.reference.text(written["article_id"])
        span = int(written["clean_start"]), int(written["clean_end"])
        if clean[slice(*span)] == written["surface"]:
            return Anchor.at(clean, span, raw, written["raw_surface"])
        return Anchor(*raw, *span, written["surface"], raw_exact=written["raw_surface"])

    @cached_property
    def _earlier(self) -> Mapping[tuple[object, ...], list[Decision]]:
        """What was decided before, by target and reviewer; undoing counts as deciding."""
        by_id = {decision.id: decision for decision in self.log}
        found: dict[tuple[object, ...], list[Decision]] = defaultdict(list)
        for decision in sorted(self.log, key=lambda one: one.time):
            for name in (self.reviewer, ""):
                about = by_id.get(decision.of, decision) if decision.action == "undo" else decision
                if not name or decision.reviewer == name:
                    found[name, *_target(about)].append(decision)
        return found

    def _is_known(self, decision: Decision, changed: str) -> bool:
        """True for what was imported before, and for what is older than another decision of the same reviewer."""
        earlier = self._earlier.get((self.reviewer, *_target(decision)), [])
        same = [one for one in earlier if _says(one) == _says(decision)]
        return bool(same) and (same[-1] is earlier[-1] or changed <= earlier[-1].time)

    def _about(self, decision: Decision, place: str) -> Iterator[str]:
        """What is worth saying of a decision that is taken in."""
        if not self.reference.text(decision.article_id) and decision.table != FURNITURE.name:
            yield f"{place}: the clean text of the article is not in the output folder; it is kept without its context."

    def _others(self, sheet: Sheet, where: str) -> list[str]:
        """What a spreadsheet did to rows that nobody judged, as counts."""
        counts: Counter[str] = Counter()
        for row in sheet.rows:
            if row.table and not any(row[name].strip() for name in FILLED):
                for name in ("date_start", "date_end", "low", "high", "si_value"):
                    cell = row[name].strip()
                    if cell and _looks_changed(name, cell):
                        counts[name] += 1
        return [
            f"{where}: {count} more rows have another form of {name}; that does no harm."
            for name, count in counts.items()
        ]


def _raw_span(cells: Cells) -> tuple[int, int]:
    return int(cells["raw_start"]), int(cells["raw_end"])


def _repaired(name: str, cell: str) -> str:
    """A value without what a spreadsheet did to it."""
    if name in DAYS:
        return as_day(cell) or cell
    value = number(cell) if name in NUMBERS else None
    return plain(value) if value is not None else cell.strip()


def _looks_changed(name: str, cell: str) -> bool:
    if name.startswith("date"):
        return not is_day(cell)
    value = number(cell)
    return value is None or "e" in cell.casefold() or "," in cell


def _target(decision: Decision) -> tuple[object, ...]:
    anchor = decision.anchor
    place = (anchor.raw_start, anchor.raw_end) if anchor else ()
    return decision.article_id, decision.table, place, decision.mention_id


def _says(decision: Decision) -> tuple[object, ...]:
    """What a decision says, whoever said it and when."""
    moved = decision.new.exact if decision.new else ""
    human = tuple(sorted((k, v) for k, v in decision.human.items() if v))
    return decision.action, human, moved, decision.comment
