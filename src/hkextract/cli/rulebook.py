"""`rules`: list, show, check and test the rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkextract.cli.completion import rule_ids
from hkextract.cli.options import loaded_rules, rules_option

if TYPE_CHECKING:
    from hkextract.rules import Rules


@click.group()
def rules() -> None:
    """List, show, check and test the rules."""


@rules.command("list", epilog="Example: hkextract rules list --table amounts")
@rules_option
@click.option("--table", help="Only this table (amounts, dates …).")
def rules_list(rules_folder: Path | None, table: str | None) -> None:
    """One line a rule: table, id, description."""
    found = loaded_rules(rules_folder)
    if table and table not in found.tables:
        raise click.UsageError(f"There is no table {table!r}; known are {', '.join(found.tables)}.")
    for rule in found:
        if table in (None, rule.table):
            click.echo(f"{rule.table:<14}{rule.id:<32}{rule.description}")


@rules.command("show", epilog="Example: hkextract rules show money")
@click.argument("rule_id", metavar="ID", shell_complete=rule_ids)
@rules_option
def rules_show(rule_id: str, rules_folder: Path | None) -> None:
    """Everything about one rule: pattern, examples, counter-examples, where to edit it."""
    from hkextract.rulebook import describe

    text = describe(loaded_rules(rules_folder), rule_id)
    if text is None:
        raise click.UsageError(f"There is no rule {rule_id!r}; `hkextract rules list` prints them all.")
    click.echo(text)


@rules.command("check", epilog="Example: hkextract rules check")
@rules_option
def rules_check(rules_folder: Path | None) -> None:
    """Read every rule file and report the first thing that is wrong, with file and line."""
    found = _sound_rules(rules_folder)
    counts = ", ".join(f"{len(table.rules)} {name}" for name, table in found.tables.items())
    click.echo(f"The rules in {found.folder} are sound: {counts}.")


@rules.command("test", epilog="Example: hkextract rules test")
@rules_option
def rules_test(rules_folder: Path | None) -> None:
    """Run every example and counter-example of every rule."""
    from hkextract.rulebook import test_rules

    outcome = test_rules(_sound_rules(rules_folder))
    for problem in outcome.problems:
        click.echo(problem)
    click.echo(f"{outcome.passed} examples passed, {len(outcome.problems)} failed.")
    sys.exit(1 if outcome.problems else 0)


def _sound_rules(folder: Path | None) -> Rules:
    """The rules of a folder, which hold all that the program looks up in them."""
    from hkextract.pipeline import Pipeline
    from hkextract.rules import RuleError

    found = loaded_rules(folder)
    try:
        Pipeline(found)
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    return found
