"""Which row of a run a row of a spreadsheet was, what became of its cells, and where a corrected stretch stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hkextract.clean.simplify import to_simplified
from hkextract.review.decision import Anchor, DecisionError
from hkextract.review.mangled import change_of, number
from hkextract.review.reference import Cells
from hkextract.review.sheets import SheetRow
from hkextract.review.values import VALUES
from hkextract.tables import FURNITURE, REVIEW

FOR_REVIEW: Final = frozenset(column.name for column in REVIEW)


def same_row(row: SheetRow, rows: Iterable[Cells]) -> Cells | None:
    """The row that a row of a spreadsheet was: by its id and place, else by place and words, else by words alone.

    A row whose id and place are of one mention and whose words are of another was torn apart by sorting some columns;
    it is none of the two.
    """
    words = "text" if row.table == FURNITURE.name else "surface"
    rows = list(rows)
    wanted = row["mention_id"].strip()
    alike = [found for found in rows if change_of(found[words], row[words]) is not None]
    here = [found for found in rows if _places(row) and _places(row) <= _places(found)]
    if wanted:
        named = [found for found in rows if found.get("mention_id") == wanted]
        if named and (named[0] in alike or named[0] in here or not row[words].strip()):
            return named[0]
        if named:
            return None
    both = [found for found in here if found in alike]
    if len(both) == 1:
        return both[0]
    return alike[0] if len(alike) == 1 and not _places(row) else None


def _places(row: SheetRow | Cells) -> frozenset[tuple[str, int]]:
    """The offsets of a row that can be read."""
    found = []
    for name in ("raw_start", "raw_end"):
        cell = row[name] if isinstance(row, SheetRow) else row.get(name, "")
        value = number(cell)
        if value is not None:
            found.append((name, int(value)))
    return frozenset(found)


def changed_cells(row: SheetRow, written: Cells) -> Iterator[str]:
    """What a spreadsheet did to the cells of a judged row."""
    for name, cell in row.cells.items():
        if name in FOR_REVIEW or name not in written:
            continue
        change = change_of(written[name], cell)
        if change:
            yield f"{name}: {change}."
        elif change is None and (cell.strip() or name in VALUES[row.table]):
            yield (
                f"{name} reads {cell!r} where the table has {written[name]!r}; this was not taken for a correction. "
                "What should stand there goes into the column `correction`."
            )


def moved_span(clean: str, anchor: Anchor, surface: str) -> tuple[int, int]:
    """Where another stretch stands in the paragraph of an anchor: over it, else the only place."""
    wanted = to_simplified(surface.strip())
    first = clean.rfind("\n", 0, anchor.clean_start) + 1
    last = clean.find("\n", anchor.clean_end)
    last = len(clean) if last < 0 else last
    found = []
    at = clean.find(wanted, first, last)
    while at >= 0:
        found.append((at, at + len(wanted)))
        at = clean.find(wanted, at + 1, last)
    over = [span for span in found if span[0] < anchor.clean_end and span[1] > anchor.clean_start]
    best = over or found
    if not best:
        raise DecisionError(f"surface: {wanted!r} does not stand in the paragraph of {anchor.exact!r}.")
    if len(best) > 1:
        raise DecisionError(f"surface: {wanted!r} stands in the paragraph more than once; name a longer stretch.")
    return best[0]
