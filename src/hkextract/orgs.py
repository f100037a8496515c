"""The register as its users meet it: rows looked up, rows added to `local.csv`, doubtful aliases, names proposed."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hkextract.extract.register import COLUMNS, LOCAL, Register, load_register, read_rows, register_files
from hkextract.rules import RuleError, Rules

FOLDER = "organisations"
"""The register's folder inside the folder of rules."""
EVERYDAY = frozenset(("n", "v", "a", "d", "l", "i", "b", "m", "q", "r", "t", "z", "vn", "an"))
"""Word classes of jieba's dictionary that names of bodies do not have."""
LONGEST = 4
"""An alias of more characters than this is hardly an everyday word."""


class OrgsError(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the register as it stands in its file."""

    path: Path
    line: int
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.cells["name"]

    @property
    def aliases(self) -> list[str]:
        """The aliases without their days and context words."""
        return [entry.partition("#")[0].partition("@")[0] for entry in self.cells["aliases"].split("|") if entry]

    @property
    def names(self) -> list[str]:
        """Everything the body is called, English in lower case, in simplified script."""
        from hkextract.clean.simplify import to_simplified

        found = [self.name, *self.aliases, self.cells["traditional"], self.cells["english"]]
        return [to_simplified(text).casefold() for text in found if text]


def entries(folder: Path) -> Iterator[Entry]:
    """Every row of the register of a folder of rules; raises `RuleError` for a file that is none of the register's."""
    for path in register_files(folder / FOLDER):
        for line, cells in read_rows(path):
            yield Entry(path, line, cells)


def find(folder: Path, asked: str) -> tuple[list[Entry], list[Entry]]:
    """The rows of which a name, an alias or the English name is the one asked for, and those of which one holds it.

    Script and case do not matter. The first list is in the order of the files, the second the shortest name first.
    """
    from hkextract.clean.simplify import to_simplified

    wanted = to_simplified(asked).casefold().strip()
    exact: list[Entry] = []
    holding: list[Entry] = []
    for entry in entries(folder):
        names = entry.names
        if wanted in names:
            exact.append(entry)
        elif any(wanted in name for name in names):
            holding.append(entry)
    return exact, sorted(holding, key=lambda entry: len(entry.name))


def describe(entry: Entry) -> str:
    """A row as text for the terminal: what the body is, its days, its aliases with their conditions, file and line."""
    cells = entry.cells
    facts = (
        ("traditional", cells["traditional"]),
        ("English", cells["english"]),
        ("part of", cells["parent"]),
        ("from", cells["from"]),
        ("until", cells["until"]),
        ("then", cells["successor"]),
        *(("alias", _told_alias(alias)) for alias in cells["aliases"].split("|")),
        ("note", cells["note"]),
        ("row", f"{entry.path}, line {entry.line}"),
    )
    head = f"{entry.name}  ({', '.join(filter(None, (cells['type'], cells['place'])))})"
    return "\n".join([head, *(f"  {label:<13}{value}" for label, value in facts if value)])


def _told_alias(entry: str) -> str:
    rest, _, words = entry.partition("#")
    text, _, days = rest.partition("@")
    first, _, last = days.partition("..")
    told = [f"from {first}"] * bool(first) + [f"until {last}"] * bool(last)
    if words:
        told.append("where the article holds " + " or ".join(words.split(",")))
    return f"{text}  ({', '.join(told)})" if told else text


def add(folder: Path, values: Mapping[str, str], aliases: Sequence[str]) -> tuple[Entry, bool]:
    """Puts a row into `local.csv`, sorted and in one step, and returns it and whether the register had the name.

    What is not given of a body that the register has is taken from its row there. A name in traditional script goes
    to the column `traditional`, its simplified form to `name`. Raises `OrgsError` where the type is missing, or the
    register would not load with the row; then nothing is written.
    """
    from hkextract.clean.simplify import to_simplified

    given = {key: value.strip() for key, value in values.items() if value and value.strip()}
    name = to_simplified(given.get("name", ""))
    if name != given.get("name"):
        given.setdefault("traditional", given.get("name", ""))
    given["name"] = name
    for key in ("parent", "successor"):
        given |= {key: to_simplified(given[key])} if key in given else {}
    rows = list(entries(folder))
    known = next((entry for entry in rows if entry.name == name), None)
    old = [entry for entry in known.cells["aliases"].split("|") if entry] if known and known.path.name == LOCAL else []
    new = [to_simplified(alias.strip()) for alias in aliases if alias.strip()]
    row = dict.fromkeys(COLUMNS, "") | (dict(known.cells) if known else {}) | given
    row["aliases"] = "|".join(dict.fromkeys([*old, *new]))
    if not name or not row["type"]:
        raise OrgsError("A row needs a name and a type; give them with --name and --type.")
    own = [entry.cells for entry in rows if entry.path.name == LOCAL and entry.name != name]
    own = sorted([*own, row], key=lambda cells: cells["name"])
    path = folder / FOLDER / LOCAL
    _write(path, own)
    return Entry(path, own.index(row) + 2, row), known is not None


def _write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes `local.csv` in one step, after the register has been read with it in a copy."""
    text = "\ufeff" + csv_text([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])
    with tempfile.TemporaryDirectory() as copy:
        trial = Path(copy) / FOLDER
        shutil.copytree(path.parent, trial)
        (trial / LOCAL).write_text(text, encoding="utf-8")
        try:
            load_register(trial)
        except RuleError as error:
            raise OrgsError(f"Nothing was added. With this row the register would not load: {error}") from None
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise OrgsError(f"{path} cannot be written ({error.strerror}); name a folder of rules with --rules.") from None


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as CSV with `\\n` at the end of each.

    >>> csv_text([["a", "b,c"]])
    'a,"b,c"\\n'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def everyday_aliases(folder: Path, register: Register) -> Iterator[tuple[Entry, str]]:
    """Aliases without context words that jieba's dictionary has as everyday words (苹果), with their rows.

    A word that ends in a register's suffix is a name even where the dictionary calls it a noun (教育部, 环球时报).
    """
    import rjieba

    from hkextract.rules import load

    table = load(folder)["organisations"]
    suffix = table.compile("(?:{head}|{weak_head}|{brand_head})$")
    for entry in entries(folder):
        for text in dict.fromkeys((entry.name, *entry.aliases)):
            claims = [alias for alias in register.aliases.get(text, ()) if alias.body.name == entry.name]
            if not claims or claims[0].context or len(text) > LONGEST or suffix.search(text):
                continue
            tagged = rjieba.tag(text)
            if rjieba.has_word(text) and len(tagged) == 1 and tagged[0][1] in EVERYDAY:
                yield entry, text


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name that the register lacks: how often and in how many articles it stands, and the row that it would be."""

    mentions: int
    articles: int
    row: tuple[str, ...]


def propose(rules: Rules, output: Path, least: int) -> list[Proposal]:
    """The names of a run's `organisations.csv` that the register lacks and that at least so many articles hold.

    The ones that the most articles hold come first. Raises `OrgsError` where there is no such table, `RuleError` where
    the register has a fault.
    """
    register = load_register(rules.folder / FOLDER)
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _mentions(output):
        if row["canonical"] not in register.aliases and row["damaged"] != "true":
            found[row["canonical"]].append(row)
    counted = {name: len({row["article_id"] for row in rows}) for name, rows in found.items()}
    kept = {name: found[name] for name, articles in counted.items() if articles >= least}
    order = sorted(kept, key=lambda name: (-counted[name], -len(kept[name]), name))
    return [Proposal(len(kept[n]), counted[n], _row(n, kept, register, rules)) for n in order]


def _mentions(output: Path) -> list[dict[str, str]]:
    path = output / "organisations.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise OrgsError(f"There is no {path}; make it with: hkextract run CORPUS -o {output}") from None


def _row(name: str, found: Mapping[str, list[dict[str, str]]], register: Register, rules: Rules) -> tuple[str, ...]:
    """A row for `local.csv`; a parent that would have no row of its own is left out."""
    mentions = found[name]
    kind = Counter(row["type"] for row in mentions).most_common(1)[0][0]
    parent = next((row["parent"] for row in mentions if row["parent"]), "")
    surfaces = sorted({row["surface"] for row in mentions} - {name} - register.aliases.keys())
    starts = [word for word in rules["organisations"].words["place"] if name.startswith(word)]
    known = parent in register.bodies or parent in found
    values = {
        "name": name,
        "type": kind,
        "parent": parent if known and parent != name else "",
        "place": min(starts, key=len, default=""),
        "aliases": "|".join(surfaces),
    }
    return tuple(values.get(column, "") for column in COLUMNS)
