"""The register of organisations: `rules/organisations/*.csv`, edited in a spreadsheet, as typed values.

Columns: `name` (official, simplified), `traditional`, `english`, `type`, `parent`, `place`, `aliases`, `from`, `until`,
`successor`, `note`. Aliases are parted by `|`; one may carry the days it is valid (`创科局@2022-07-01..`) and words of
which the article must hold one (`中大#香港,沙田`).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hkextract.rules import RuleError

COLUMNS = ("name", "traditional", "english", "type", "parent", "place", "aliases", "from", "until", "successor", "note")
TYPES = frozenset(
    "government legislature university research company park_operator industry_body international media school "
    "hospital military party ngo other".split()
)
LOCAL = "local.csv"
"""The file that users' own additions go to."""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation of the register; empty texts and None where the register says nothing."""

    name: str
    type: str
    parent: str
    place: str
    start: dt.date | None
    end: dt.date | None
    successor: str
    english: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of a body: the days it is valid (inclusive), and the words of which the article must hold one."""

    text: str
    body: Body
    start: dt.date | None = None
    end: dt.date | None = None
    context: tuple[str, ...] = ()

    def valid_on(self, day: dt.date | None) -> bool:
        """Whether the alias is in use on a day; without a day, whether it still is."""
        if day is None:
            return self.end is None
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Register:
    """All bodies by name, and all aliases (names among them) by text."""

    bodies: Mapping[str, Body]
    aliases: Mapping[str, tuple[Alias, ...]]


def load_register(folder: Path) -> Register:
    """Reads every CSV file of a folder.

    Raises `RuleError` with file and line for: a wrong header, an unknown type, a name given twice, a parent or
    successor that is not there, a date that is none, rows out of order, an alias that two bodies claim without dates
    or context words, traditional characters in a name or alias.
    """
    bodies: dict[str, Body] = {}
    places: dict[str, tuple[Path, int]] = {}
    claims: dict[str, list[Alias]] = defaultdict(list)
    references: list[tuple[Path, int, str]] = []
    for path in sorted(folder.glob("*.csv")):
        source = path.read_text(encoding="utf-8-sig")
        _refuse_traditional(path, source)
        last = ""
        for line, row in _rows(path, source):
            body = _body(path, line, row)
            if body.name in bodies:
                raise RuleError(path, f"{body.name} stands already in {places[body.name][0].name}", line=line)
            if body.name < last and path.name != LOCAL:
                raise RuleError(path, f"{body.name} stands after {last}; keep the rows sorted by name", line=line)
            last = body.name
            bodies[body.name], places[body.name] = body, (path, line)
            references += [(path, line, name) for name in (body.parent, body.successor) if name]
            for alias in _aliases(path, line, row, body):
                claims[alias.text].append(alias)
    for path, line, name in references:
        if name not in bodies:
            raise RuleError(path, f"{name!r} (parent or successor) has no row of its own", line=line)
    for text, aliases in claims.items():
        if clash := _clash(aliases):
            path, line = places[clash[1].body.name]
            raise RuleError(
                path,
                f"{text!r} is claimed by {clash[0].body.name} and {clash[1].body.name}; give both dates (@) or context "
                "words (#)",
                line=line,
            )
    return Register(bodies, {text: tuple(aliases) for text, aliases in claims.items()})


def _rows(path: Path, source: str) -> Iterable[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(source))
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        raise RuleError(path, f"the header must be {','.join(COLUMNS)}", line=1)
    for cells in reader:
        if len(cells) != len(COLUMNS):
            raise RuleError(path, f"{len(cells)} cells, not {len(COLUMNS)}", line=reader.line_num)
        yield reader.line_num, dict(zip(COLUMNS, cells, strict=True))


def _body(path: Path, line: int, row: Mapping[str, str]) -> Body:
    if not row["name"]:
        raise RuleError(path, "the row has no name", line=line)
    if row["type"] not in TYPES:
        raise RuleError(path, f"unknown type {row['type']!r}; one of {', '.join(sorted(TYPES))}", line=line)
    start, end = _day(path, line, row["from"]), _day(path, line, row["until"], last=True)
    return Body(row["name"], row["type"], row["parent"], row["place"], start, end, row["successor"], row["english"])


def _day(path: Path, line: int, text: str, last: bool = False) -> dt.date | None:
    """A day; of a year or a month alone the first day, or the last one."""
    if not text:
        return None
    try:
        if last and len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
        return dt.date.fromisoformat(
            text + ("-12-31" if last else "-01-01")[(len(text) - 4) if len(text) >= 4 else 0 :]
        )
    except ValueError:
        raise RuleError(path, f"{text!r} is no date; write it like 2022-07-01, 2022-07 or 2022", line=line) from None


def _aliases(path: Path, line: int, row: Mapping[str, str], body: Body) -> Iterable[Alias]:
    """A row's aliases, its own name first; an alias that repeats the name gives the name days or context words."""
    seen: set[str] = set()
    own = [e for e in row["aliases"].split("|") if re.split("[@#]", e, maxsplit=1)[0] == body.name and e != body.name]
    if not own:
        yield Alias(body.name, body)
        seen.add(body.name)
    for entry in filter(None, row["aliases"].split("|")):
        rest, _, words = entry.partition("#")
        text, _, days = rest.partition("@")
        first, _, last = days.partition("..")
        if not text or text in seen:
            raise RuleError(path, f"the alias {entry!r} is empty or stands twice", line=line)
        seen.add(text)
        context = tuple(filter(None, words.split(",")))
        yield Alias(text, body, _day(path, line, first), _day(path, line, last, last=True), context)


def _clash(aliases: list[Alias]) -> tuple[Alias, Alias] | None:
    """Two claims on one text that neither dates nor context words part; a body's own name always stands."""
    for number, one in enumerate(aliases):
        for other in aliases[number + 1 :]:
            apart = bool(
                (one.end and other.start and one.end < other.start)
                or (other.end and one.start and other.end < one.start)
            )
            if not apart and not (one.context and other.context) and other.text not in (one.body.name, other.body.name):
                return one, other
    return None


def _refuse_traditional(path: Path, source: str) -> None:
    from hkextract.clean.simplify import to_simplified

    simple = to_simplified(source)
    if simple == source:
        return
    for number, (line, new) in enumerate(
        zip(csv.reader(io.StringIO(source)), csv.reader(io.StringIO(simple)), strict=True), 1
    ):
        for column, before, after in zip(COLUMNS, line, new, strict=False):
            if column in ("name", "aliases", "parent", "successor") and before != after:
                raise RuleError(path, f"{before!r} holds traditional characters; write {after!r}", line=number)
