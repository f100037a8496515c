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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkextract.kept import Kept
from hkextract.rules import RuleError

COLUMNS = ("name", "traditional", "english", "type", "parent", "place", "aliases", "from", "until", "successor", "note")
TYPES = frozenset(
    (
        *("government", "legislature", "university", "research", "company", "park_operator", "industry_body"),
        *("international", "media", "school", "hospital", "military", "party", "ngo", "other"),
    )
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


class _Bodies(Mapping[str, Body]):
    """Bodies made from plain values when they are asked for."""

    def __init__(self, plain: Mapping[str, Sequence[Any]]) -> None:
        self._plain = plain
        self._made: dict[str, Body] = {}

    def __getitem__(self, name: str) -> Body:
        if name not in self._made:
            kind, parent, place, start, end, *rest = self._plain[name]
            self._made[name] = Body(name, kind, parent, place, _iso(start), _iso(end), *rest)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


class _Aliases(Mapping[str, tuple[Alias, ...]]):
    """Aliases made from plain values when they are asked for."""

    def __init__(self, plain: Mapping[str, Sequence[Any]], bodies: _Bodies) -> None:
        self._plain = plain
        self._bodies = bodies
        self._made: dict[str, tuple[Alias, ...]] = {}

    def __getitem__(self, text: str) -> tuple[Alias, ...]:
        if text not in self._made:
            self._made[text] = tuple(
                Alias(text, self._bodies[name], _iso(start), _iso(end), tuple(context))
                for name, start, end, context in self._plain[text]
            )
        return self._made[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


def _iso(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def load_register(folder: Path, kept: Kept | None = None) -> Register:
    """The register of a folder, as `read_register` reads it; from what is kept of it where nothing has changed."""
    bodies, aliases = (
        kept.get("register", "", lambda: _plain(read_register(folder))) if kept else _plain(read_register(folder))
    )
    made = _Bodies(bodies)
    return Register(made, _Aliases(aliases, made))


def _plain(register: Register) -> tuple[dict[str, tuple[str, ...]], dict[str, list[tuple[Any, ...]]]]:
    """A register as values of plain types."""

    def iso(day: dt.date | None) -> str:
        return day.isoformat() if day else ""

    return (
        {
            b.name: (b.type, b.parent, b.place, iso(b.start), iso(b.end), b.successor, b.english)
            for b in register.bodies.values()
        },
        {
            text: [(a.body.name, iso(a.start), iso(a.end), a.context) for a in aliases]
            for text, aliases in register.aliases.items()
        },
    )


def read_register(folder: Path) -> Register:
    """Reads every CSV file of a folder.

    A row of `local.csv` wins: where another file has the same name, its row only adds aliases, and where another file
    claims the same alias for another body, that claim is dropped; so a new version never breaks users' additions.

    Raises `RuleError` with file and line for: a file that is not UTF-8, a wrong header, an unknown type, a name given
    twice, a parent or successor that is not there, a date that is none, rows out of order, an alias that two bodies
    claim without dates or context words, traditional characters in a name or alias.
    """
    reading = _Reading()
    for path in register_files(folder):
        reading.add(path)
    return reading.register()


class _Reading:
    """What has been read of a register so far: the bodies with their places, and who claims which alias."""

    def __init__(self) -> None:
        self.bodies: dict[str, Body] = {}
        self.places: dict[str, tuple[Path, int]] = {}
        self.claims: dict[str, list[Alias]] = defaultdict(list)
        self.local: dict[str, list[Alias]] = defaultdict(list)

    def add(self, path: Path) -> None:
        """Reads a file; the users' own must come first."""
        source = _source(path)
        _refuse_traditional(path, source)
        last = ""
        for line, row in _rows(path, source):
            body = self._body(path, line, _body(path, line, row))
            if body.name < last and path.name != LOCAL:
                raise RuleError(path, f"{body.name} stands after {last}; keep the rows sorted by name", line=line)
            last = body.name
            for alias in _aliases(path, line, row, body):
                if all(other.body is not body for other in self.claims[alias.text]):
                    self.claims[alias.text].append(alias)
                    if path.name == LOCAL:
                        self.local[alias.text].append(alias)

    def _body(self, path: Path, line: int, body: Body) -> Body:
        """The body of a row: the users' own row for the name, if there is one."""
        if body.name not in self.bodies:
            self.places[body.name] = (path, line)
            return self.bodies.setdefault(body.name, body)
        first = self.places[body.name][0]
        if first.name != LOCAL or path.name == LOCAL:
            raise RuleError(path, f"{body.name} stands already in {first.name}", line=line)
        return self.bodies[body.name]

    def register(self) -> Register:
        """The register, once every name that a row refers to is there and no alias is claimed twice."""
        for body in self.bodies.values():
            for name in filter(None, (body.parent, body.successor)):
                if name not in self.bodies:
                    path, line = self.places[body.name]
                    raise RuleError(path, f"{name!r} (parent or successor) has no row of its own", line=line)
        for text, aliases in self.claims.items():
            if text in self.local and _clash(aliases):
                self.claims[text] = aliases = self.local[text]
            if clash := _clash(aliases):
                path, line = self.places[clash[1].body.name]
                names = f"{clash[0].body.name} and {clash[1].body.name}"
                problem = f"{text!r} is claimed by {names}; give both dates (@) or context words (#)"
                raise RuleError(path, problem, line=line)
        return Register(self.bodies, {text: tuple(aliases) for text, aliases in self.claims.items()})


def register_files(folder: Path) -> list[Path]:
    """The files of the register in the order in which they are read, the users' own first.

    >>> register_files(Path("no-such-folder"))
    []
    """
    return sorted(folder.glob("*.csv"), key=lambda path: (path.name != LOCAL, path.name))


def read_rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a file as cells by column, each with its line; raises `RuleError` for a wrong header or row."""
    return _rows(path, _source(path))


def _source(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError(path, "this is not UTF-8; save it from the spreadsheet as CSV UTF-8") from None


def _rows(path: Path, source: str) -> Iterable[tuple[int, dict[str, str]]]:
    if not source.strip():
        return
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
