"""`orgs`: look up, add to and check the register of organisations."""

from __future__ import annotations

from pathlib import Path

import click

from hkextract.cli.options import found_rules, loaded_rules, output_option, rules_option
from hkextract.rules import RuleError

FEW = 10
"""So many rows of the register are printed unasked."""


@click.group()
def orgs() -> None:
    """Look up, add to and check the register of organisations."""


@orgs.command("find", epilog="Example: hkextract orgs find 科大")
@click.argument("name")
@click.option("--all", "everything", is_flag=True, help="Also every row of which a name only holds NAME.")
@rules_option
def orgsfound_rules(name: str, everything: bool, rules_folder: Path | None) -> None:
    """Print what the register knows of NAME: a name, alias or part of one, in either script or English."""
    from hkextract.orgs import describe, find

    try:
        exact, holding = find(found_rules(rules_folder), name)
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    shown = exact if exact and not everything else [*exact, *holding]
    if not shown:
        raise click.UsageError(f"The register has no {name!r}; add it with `hkextract orgs add`.")
    few = shown if everything else shown[:FEW]
    click.echo("\n\n".join(describe(entry) for entry in few))
    if rest := len(exact) + len(holding) - len(few):
        click.echo(f"\n{rest} more names hold {name}; `--all` prints them too.")


@orgs.command(
    "add", epilog="Example: hkextract orgs add --name 海灣渡輪有限公司 --type company --place 香港 --alias 海灣渡輪"
)
@click.option("--name", required=True, help="Official name, in either script.")
@click.option(
    "--type", "kind", default="", help="government, university, company, research … as the other rows have it."
)
@click.option("--place", default="", help="City, region or country, like 香港.")
@click.option("--alias", "aliases", multiple=True, help="Another name; 简称@2022-07-01.. or 简称#词,词 limit it.")
@click.option("--parent", default="", help="Name of the body that it belongs to.")
@click.option("--traditional", default="", help="Official name in traditional script.")
@click.option("--english", default="", help="Official English name.")
@click.option("--from", "start", default="", help="First day, month or year, like 2022-07-01.")
@click.option("--until", default="", help="Last day, month or year.")
@click.option("--successor", default="", help="Name of the body that followed it.")
@click.option("--note", default="", help="Anything else.")
@rules_option
def orgs_add(rules_folder: Path | None, aliases: tuple[str, ...], kind: str, start: str, **values: str) -> None:
    """Add an organisation, or aliases to one, in a file of your own (organisations/local.csv)."""
    from hkextract.orgs import OrgsError, add, describe

    try:
        entry, known = add(found_rules(rules_folder), {**values, "type": kind, "from": start}, aliases)
    except (OrgsError, RuleError) as error:
        raise click.UsageError(str(error)) from None
    click.echo(describe(entry))
    click.echo("Added to a name that the register had." if known else "Added.")


@orgs.command("check", epilog="Example: hkextract orgs check")
@rules_option
@click.option("--all", "everything", is_flag=True, help="Doubtful aliases of every file, not only of local.csv.")
def orgs_check(rules_folder: Path | None, everything: bool) -> None:
    """Read the register, name its first fault, and warn of aliases that may be everyday words."""
    from hkextract.extract.register import LOCAL, load_register
    from hkextract.orgs import FOLDER as REGISTER
    from hkextract.orgs import everyday_aliases

    folder = found_rules(rules_folder)
    try:
        register = load_register(folder / REGISTER)
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    for entry, alias in everyday_aliases(folder, register):
        if everything or entry.path.name == LOCAL:
            click.echo(f"{entry.path.name}:{entry.line}: {alias!r} may be an everyday word; give it context words (#)")
    click.echo(f"The register is sound: {len(register.bodies)} organisations, {len(register.aliases)} names.")


@orgs.command("propose", epilog="Example: hkextract orgs propose --least 3")
@output_option
@click.option("--least", type=click.IntRange(min=1), default=2, show_default=True, help="Articles that must hold it.")
@rules_option
def orgs_propose(output: Path, least: int, rules_folder: Path | None) -> None:
    """Print names that the register lacks and that recur in a run's tables, as rows for local.csv."""
    from hkextract.orgs import OrgsError, csv_text, propose

    try:
        found = propose(loaded_rules(rules_folder), output, least)
    except (OrgsError, RuleError) as error:
        raise click.UsageError(str(error)) from None
    for proposal in found:
        click.echo(csv_text([proposal.row]), nl=False)
        click.echo(f"  {proposal.row[0]}: {proposal.mentions} mentions, {proposal.articles} articles", err=True)
    click.echo(f"{len(found)} names; copy the rows that are right to organisations/local.csv.", err=True)
