"""The commands. Each imports what it runs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkextract.rules import RuleError, Rules, find_rules, load

if TYPE_CHECKING:
    from hkextract.read.records import Columns
    from hkextract.run import Progress, Summary

FOLDER = click.Path(path_type=Path)
FEW = 10
"""So many rows of the register are printed unasked."""
rules_option = click.option(
    "--rules", "rules_folder", type=FOLDER, help="Folder of rules (default: ./rules, else the ones shipped)."
)
output_option = click.option(
    "-o", "--output", type=FOLDER, default=Path("output"), show_default=True, help="Folder of the tables."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hkextract")
def main() -> None:
    """Turns raw Chinese news articles into tables that can be checked.

    Start with: hkextract run corpus/
    """


@main.command()
@click.argument("corpus")
@click.option("-o", "--output", default="output", show_default=True, help="Folder of the tables (dask: or its URL).")
@rules_option
@click.option("--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 (the default) chooses.")
@click.option("--encoding", help="Read every text file in this encoding (for example big5hkscs).")
@click.option(
    "--text-column", default="", help="Column of the text in files of many articles (.jsonl, .csv, .parquet)."
)
@click.option("--title-column", default="", help="Column of the title there.")
@click.option("--date-column", default="", help="Column of the date of publication there.")
@click.option("--id-column", default="", help="Column of the article's number or name there.")
@click.option("--no-cache", is_flag=True, help="Process every article anew, and keep no results for the next run.")
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="dask: a cluster that writes Parquet; CORPUS and output may be URLs (s3://, gs://, file://).",
)
@click.option("--scheduler", help="Address of the cluster's scheduler (default: workers on this machine).")
def run(
    corpus: str,
    output: str,
    rules_folder: Path | None,
    jobs: int,
    encoding: str | None,
    no_cache: bool,
    engine: str,
    scheduler: str | None,
    **columns: str,
) -> None:
    """Process every article of CORPUS and write the tables.

    Articles that have not changed since the last run are not processed again.

    Exit code 0: all articles processed; 1: some failed (they are named, and rows of articles.csv); 2: nothing was run.
    """
    import codecs

    from hkextract.output import OutputError
    from hkextract.read.records import Columns
    from hkextract.report import print_summary, progress_bar
    from hkextract.run import Settings
    from hkextract.run import run as run_corpus

    if engine == "local" and not Path(corpus).exists():
        raise click.UsageError(f"There is no file or folder {corpus}.")
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise click.UsageError(f"Unknown encoding {encoding!r}; try utf-8, gb18030, big5hkscs or utf-16.") from None
    try:
        folder = find_rules(rules_folder)
        with progress_bar() as progress:
            named = Columns(**{name.removesuffix("_column"): column for name, column in columns.items()})
            options = (jobs, encoding, named, not no_cache)
            if engine == "dask":
                summary = _on_cluster(corpus, output, folder, scheduler, options, progress)
            else:
                summary = run_corpus(Settings(Path(corpus), Path(output), folder, *options), progress)
    except (RuleError, OutputError) as error:
        raise click.UsageError(str(error)) from None
    print_summary(summary, output)
    if summary.articles == 0:
        raise click.UsageError(f"{corpus} holds no files; put article files (.txt, .html, .md) there.")
    sys.exit(1 if summary.failures else 0)


def _on_cluster(
    corpus: str,
    output: str,
    folder: Path,
    scheduler: str | None,
    options: tuple[int, str | None, Columns, bool],
    progress: Progress,
) -> Summary:
    """A run with `--engine dask`."""
    with _cluster_errors():
        from hkextract.cluster.driver import ClusterSettings, run_cluster

        return run_cluster(ClusterSettings(corpus, output, folder, scheduler, *options), progress)


@contextmanager
def _cluster_errors() -> Iterator[None]:
    """What goes wrong with a cluster, as a message; also where its libraries are not installed."""
    try:
        from hkextract.cluster.driver import ClusterError
        from hkextract.cluster.storage import StorageError
    except ImportError:
        from hkextract.cluster import HINT

        raise click.UsageError(HINT) from None
    try:
        yield
    except (ClusterError, StorageError) as error:
        raise click.UsageError(str(error)) from None


@main.command()
@click.argument("output")
@click.option("--csv", "target", type=FOLDER, required=True, help="Folder to write the CSV tables to.")
def export(output: str, target: Path) -> None:
    """Make CSV tables of what a run with `--engine dask` wrote to OUTPUT, a folder or a URL."""
    with _cluster_errors():
        from hkextract.cluster.reader import export as export_tables

        counts = export_tables(output, target)
    click.echo(f"{sum(counts.values()):,} rows in {len(counts)} tables, in {target}.")


@main.group()
def cache() -> None:
    """The results that runs keep, so that only what has changed is processed again."""


@cache.command("clear")
def cache_clear() -> None:
    """Delete the kept results of every corpus; the next run processes every article."""
    from hkextract.store import clear_stores

    click.echo(f"{clear_stores() / 1e6:,.1f} MB of kept results deleted.")


@main.command()
@click.argument("article")
@output_option
def show(article: str, output: Path) -> None:
    """Print a cleaned ARTICLE (its id or file name) with its mentions in colour."""
    from hkextract.report import NotInOutputError, show_article

    try:
        show_article(output, article)
    except NotInOutputError as error:
        raise click.UsageError(str(error)) from None


@main.command()
@click.argument("mention_id")
@output_option
@click.option("--corpus", type=FOLDER, help="Folder of the raw files (default: the one of the run).")
@rules_option
def explain(mention_id: str, output: Path, corpus: Path | None, rules_folder: Path | None) -> None:
    """Print where a mention stands in the raw file, which rule found it, its parts, and the steps between."""
    from hkextract.report import NotInOutputError, explain_mention

    try:
        explain_mention(output, mention_id, corpus, _load(rules_folder))
    except NotInOutputError as error:
        raise click.UsageError(str(error)) from None


@main.command()
@click.argument("output", type=FOLDER)
@click.argument("gold", type=FOLDER)
@click.argument("raw", type=FOLDER)
@click.option("--json", "json_file", type=FOLDER, help="Write the counts to this file too.")
@click.option("--list", "listed", is_flag=True, help="Also a line an article, the ones that are not clean first.")
def score(output: Path, gold: Path, raw: Path, json_file: Path | None, listed: bool) -> None:
    """Compare the tables in OUTPUT with the folder GOLD; RAW holds the files that the run read."""
    import json

    from hkextract.goldset import score_run
    from hkextract.scorecard import as_json, printed

    try:
        report = score_run(output, gold, raw)
    except (FileNotFoundError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    click.echo("\n".join(printed(report, listed=listed)))
    if json_file:
        json_file.write_text(json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@main.command()
@rules_option
def extract(rules_folder: Path | None) -> None:
    """Read JSON lines {"id", "text", "published_at"}, or plain text, on standard input; write JSON lines."""
    from hkextract.stream import extract_lines

    failed = extract_lines(sys.stdin.buffer, sys.stdout, _find(rules_folder))
    sys.exit(1 if failed else 0)


@main.group()
def rules() -> None:
    """List, show, check and test the rules."""


@rules.command("list")
@rules_option
@click.option("--table", help="Only this table (amounts, dates …).")
def rules_list(rules_folder: Path | None, table: str | None) -> None:
    """One line a rule: table, id, description."""
    found = _load(rules_folder)
    if table and table not in found.tables:
        raise click.UsageError(f"There is no table {table!r}; known are {', '.join(found.tables)}.")
    for rule in found:
        if table in (None, rule.table):
            click.echo(f"{rule.table:<14}{rule.id:<32}{rule.description}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@rules_option
def rules_show(rule_id: str, rules_folder: Path | None) -> None:
    """Everything about one rule: pattern, examples, counter-examples, where to edit it."""
    from hkextract.rulebook import describe

    text = describe(_load(rules_folder), rule_id)
    if text is None:
        raise click.UsageError(f"There is no rule {rule_id!r}; `hkextract rules list` prints them all.")
    click.echo(text)


@rules.command("check")
@rules_option
def rules_check(rules_folder: Path | None) -> None:
    """Read every rule file and report the first thing that is wrong, with file and line."""
    found = _load(rules_folder)
    counts = ", ".join(f"{len(table.rules)} {name}" for name, table in found.tables.items())
    click.echo(f"The rules in {found.folder} are sound: {counts}.")


@rules.command("test")
@rules_option
def rules_test(rules_folder: Path | None) -> None:
    """Run every example and counter-example of every rule."""
    from hkextract.rulebook import test_rules

    outcome = test_rules(_load(rules_folder))
    for problem in outcome.problems:
        click.echo(problem)
    click.echo(f"{outcome.passed} examples passed, {len(outcome.problems)} failed.")
    sys.exit(1 if outcome.problems else 0)


@main.group()
def orgs() -> None:
    """Look up, add to and check the register of organisations."""


@orgs.command("find")
@click.argument("name")
@click.option("--all", "everything", is_flag=True, help="Also every row of which a name only holds NAME.")
@rules_option
def orgs_find(name: str, everything: bool, rules_folder: Path | None) -> None:
    """Print what the register knows of NAME: a name, alias or part of one, in either script or English."""
    from hkextract.orgs import describe, find

    try:
        exact, holding = find(_find(rules_folder), name)
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    shown = exact if exact and not everything else [*exact, *holding]
    if not shown:
        raise click.UsageError(f"The register has no {name!r}; add it with `hkextract orgs add`.")
    few = shown if everything else shown[:FEW]
    click.echo("\n\n".join(describe(entry) for entry in few))
    if rest := len(exact) + len(holding) - len(few):
        click.echo(f"\n{rest} more names hold {name}; `--all` prints them too.")


@orgs.command("add")
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
        entry, known = add(_find(rules_folder), {**values, "type": kind, "from": start}, aliases)
    except (OrgsError, RuleError) as error:
        raise click.UsageError(str(error)) from None
    click.echo(describe(entry))
    click.echo("Added to a name that the register had." if known else "Added.")


@orgs.command("check")
@rules_option
@click.option("--all", "everything", is_flag=True, help="Doubtful aliases of every file, not only of local.csv.")
def orgs_check(rules_folder: Path | None, everything: bool) -> None:
    """Read the register, name its first fault, and warn of aliases that may be everyday words."""
    from hkextract.extract.register import LOCAL, load_register
    from hkextract.orgs import FOLDER as REGISTER
    from hkextract.orgs import everyday_aliases

    folder = _find(rules_folder)
    try:
        register = load_register(folder / REGISTER)
    except RuleError as error:
        raise click.UsageError(str(error)) from None
    for entry, alias in everyday_aliases(folder, register):
        if everything or entry.path.name == LOCAL:
            click.echo(f"{entry.path.name}:{entry.line}: {alias!r} may be an everyday word; give it context words (#)")
    click.echo(f"The register is sound: {len(register.bodies)} organisations, {len(register.aliases)} names.")


@orgs.command("propose")
@output_option
@click.option("--least", type=click.IntRange(min=1), default=2, show_default=True, help="Articles that must hold it.")
@rules_option
def orgs_propose(output: Path, least: int, rules_folder: Path | None) -> None:
    """Print names that the register lacks and that recur in a run's tables, as rows for local.csv."""
    from hkextract.orgs import OrgsError, csv_text, propose

    try:
        found = propose(_load(rules_folder), output, least)
    except (OrgsError, RuleError) as error:
        raise click.UsageError(str(error)) from None
    for proposal in found:
        click.echo(csv_text([proposal.row]), nl=False)
        click.echo(f"  {proposal.row[0]}: {proposal.mentions} mentions, {proposal.articles} articles", err=True)
    click.echo(f"{len(found)} names; copy the rows that are right to organisations/local.csv.", err=True)


@main.command()
@click.option("--size", type=click.FloatRange(min=0.01), default=20.0, show_default=True, help="Megabytes of articles.")
@click.option("--seed", default=1, show_default=True, help="Another one makes other articles.")
@click.option("--rivals", type=FOLDER, multiple=True, help="Virtual environment with more tools to run beside.")
@click.option("--write", type=FOLDER, help="Put the figures into benchmarks.md and the chart of this folder (docs).")
@rules_option
def bench(size: float, seed: int, rivals: tuple[Path, ...], write: Path | None, rules_folder: Path | None) -> None:
    """Measure speed, start-up and memory on generated articles, beside other tools on the same text.

    Twenty megabytes take some minutes. Use a machine that does nothing else meanwhile.
    """
    from hkextract.bench.measure import measure
    from hkextract.bench.report import markdown
    from hkextract.bench.report import write as write_page

    say = partial(click.echo, err=True)
    figures = measure(round(size * 1_000_000), _find(rules_folder), rivals, say, seed)
    click.echo(markdown(figures))
    if write:
        try:
            write_page(figures, write)
        except ValueError as error:
            raise click.UsageError(str(error)) from None


def _find(folder: Path | None) -> Path:
    try:
        return find_rules(folder)
    except RuleError as error:
        raise click.UsageError(str(error)) from None


def _load(folder: Path | None) -> Rules:
    try:
        return load(_find(folder))
    except RuleError as error:
        raise click.UsageError(str(error)) from None
