"""Makes docs/reference.md from the code: every command with its options, every table with its columns, every rule file.

Usage: make_reference.py   (a test tells when it is due)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from hkextract.cli import main
from hkextract.extract.register import COLUMNS as REGISTER
from hkextract.read.sidecar import NOTES
from hkextract.read.sidecartext import HINTS
from hkextract.rules import COMMON, KEYS, OPTIONS, load
from hkextract.tables import TABLES, Column

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "docs" / "reference.md"
RULE_FILES = ROOT / "rules"
WIDTH = 100
SHARED = 3
"""A column that stands in so many tables is explained once, above them."""


def reference() -> str:
    """The whole page."""
    parts = [
        "# Reference",
        "Made from the program itself by `docs/make_reference.py`. How to go about a task: [howto](howto/README.md).",
        "## Commands",
        *(text for name, command in commands(main) for text in of_command(name, command)),
        "## Tables",
        "CSV in UTF-8 with a mark that spreadsheets know it by; an empty cell means that there is no value. The same "
        "descriptions stand in `datapackage.json` of every run.",
        *tables(),
        "## Sidecars",
        f"`NAME.meta.toml` beside a file says what you know of it. {listed(NOTES)} change nothing and are kept for "
        "you; the other keys outweigh what is found in the file.",
        sidecar_keys(),
        "## Rule files",
        f"A rule has the keys {listed(sorted(KEYS))}; a file may allow more. Square brackets in an example mark what "
        "the rule must find, `not` holds what it must not. `common.toml` lends its words and parts to all others.",
        *rule_files(),
        "### organisations/*.csv",
        f"The register, a row an organisation: {listed(REGISTER)}. Rows of your own go into `local.csv` "
        "(`hkextract orgs add`).",
    ]
    return "\n\n".join(parts) + "\n"


def commands(group: click.Group, prefix: str = "hkextract") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, in order of the alphabet."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def of_command(name: str, command: click.Command) -> Iterator[str]:
    """A command: how it is called, what it does, its options."""
    ctx = click.Context(command, info_name=name, max_content_width=WIDTH)
    yield f"### {name}"
    yield f"`{name} {' '.join(command.collect_usage_pieces(ctx))}`"
    yield re.sub(r"[ \t]+", " ", click.unstyle(str(command.help))).replace("\n ", "\n").strip()
    rows = []
    for parameter in command.params:
        record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
        if record:
            rows.append(f"| `{record[0]}` | {cell(record[1])} |")
    if rows:
        yield "\n".join(["| option | does |", "| --- | --- |", *rows])
    if command.epilog:
        before, _, example = command.epilog.partition("Example: ")
        yield f"{before}Example: `{example}`" if example else before


def tables() -> Iterator[str]:
    """The columns that many tables have, then each table with its own."""
    counts: dict[Column, int] = {}
    for table in TABLES:
        for column in table.columns:
            counts[column] = counts.get(column, 0) + 1
    shared = {column for column, count in counts.items() if count >= SHARED}
    yield "### Columns of several tables"
    yield columns(column for column in counts if column in shared)
    for table in TABLES:
        yield f"### {table.file}"
        yield f"A row is {table.row}. Columns: {listed(column.name for column in table.columns)}."
        if own := [column for column in table.columns if column not in shared]:
            yield columns(own)


def columns(found: Iterator[Column] | list[Column]) -> str:
    """Columns as a table."""
    rows = [f"| `{c.name}` | {c.type} | {cell(c.meaning)} | {cell(c.chinese)} |" for c in found]
    return "\n".join(["| column | type | meaning | 中文 |", "| --- | --- | --- | --- |", *rows])


def sidecar_keys() -> str:
    """The keys of a sidecar that a user writes."""
    rows = [f"| `{key} = {example}` | {cell(meaning)} |" for key, (example, meaning) in HINTS.items()]
    return "\n".join(["| a line like | says |", "| --- | --- |", *rows])


def rule_files() -> Iterator[str]:
    """Each rule file: what its head says, the keys that its rules may have, the kinds of its rules."""
    rules = load(RULE_FILES)
    for name in (COMMON, *OPTIONS):
        yield f"### {name}.toml"
        yield head_of((RULE_FILES / f"{name}.toml").read_text(encoding="utf-8"))
        if name != COMMON:
            kinds = dict.fromkeys(rule.kind for rule in rules[name].rules)
            more = f"More keys: {listed(sorted(OPTIONS[name]))}. " if OPTIONS[name] else ""
            yield f"{more}Kinds: {listed(sorted(kinds))}."


def head_of(text: str) -> str:
    """The comment that a rule file begins with, a block as it stands."""
    lines = re.match(r"(?:#.*\n)+", text)
    assert lines, "every rule file begins with a comment that says what it holds"
    head = [re.sub(r"^# ?", "", line) for line in lines[0].splitlines()]
    return "\n".join(["```text", *(line for line in head if not line.startswith("---")), "```"]).replace(
        "\n\n```", "\n```"
    )


def listed(names: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PLACE.write_text(reference(), encoding="utf-8")
