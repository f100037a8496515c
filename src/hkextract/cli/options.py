"""What several commands have in common: options, and the rules that they name."""

from __future__ import annotations

from pathlib import Path

import click

from hkextract.rules import RuleError, Rules, find_rules, load

FOLDER = click.Path(path_type=Path)
rules_option = click.option(
    "--rules", "rules_folder", type=FOLDER, help="Folder of rules (default: ./rules, else the ones shipped)."
)
output_option = click.option(
    "-o", "--output", type=FOLDER, default=Path("output"), show_default=True, help="Folder of the tables."
)


def found_rules(folder: Path | None) -> Path:
    """The folder of rules to use; a fault of usage where there is none."""
    try:
        return find_rules(folder)
    except RuleError as error:
        raise click.UsageError(str(error)) from None


def loaded_rules(folder: Path | None) -> Rules:
    """The rules of that folder; a fault of usage where one is faulty."""
    try:
        return load(found_rules(folder))
    except RuleError as error:
        raise click.UsageError(str(error)) from None
