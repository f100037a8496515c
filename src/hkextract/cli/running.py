"""`run` and what goes with it: `export`, `cache`, `bench`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkextract.cli.completion import articles, places
from hkextract.cli.options import FOLDER, found_rules, rules_option
from hkextract.rules import RuleError, find_rules

if TYPE_CHECKING:
    from hkextract.choice import Choice
    from hkextract.read.records import Columns
    from hkextract.run import Progress, Settings, Summary


@click.command(epilog="Example: hkextract run corpus -o output --watch")
@click.argument("corpus", shell_complete=places)
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
@click.option(
    "--only",
    multiple=True,
    shell_complete=articles,
    help="Only this article: file, id, or a part of its title; may be repeated.",
)
@click.option("--since", default="", help="Only articles published on this day or later, like 2024-12-03 or 2024-12.")
@click.option("--tag", "tags", multiple=True, help="Only articles that have this tag; may be repeated.")
@click.option("--watch", "watching", is_flag=True, help="Stay, and take up what lands in CORPUS until Ctrl-C.")
def run(
    corpus: str,
    output: str,
    rules_folder: Path | None,
    jobs: int,
    encoding: str | None,
    no_cache: bool,
    engine: str,
    scheduler: str | None,
    watching: bool,
    only: tuple[str, ...],
    since: str,
    tags: tuple[str, ...],
    **columns: str,
) -> None:
    """Process every article of CORPUS and write the tables.

    Articles that have not changed since the last run are not processed again. With --only, --since or --tag the tables
    hold the chosen articles alone; -o keeps them apart from those of the whole corpus.

    Exit code 0: all articles processed; 1: some failed (they are named, and rows of articles.csv); 2: nothing was run.
    """
    import codecs

    from hkextract.choice import ChoiceError
    from hkextract.output import OutputError
    from hkextract.read.records import Columns
    from hkextract.report import print_summary, progress_bar
    from hkextract.review.log import ReviewLogError
    from hkextract.run import Settings
    from hkextract.run import run as run_corpus

    if engine == "local" and not Path(corpus).exists():
        raise click.UsageError(f"There is no file or folder {corpus}.")
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise click.UsageError(f"Unknown encoding {encoding!r}; try utf-8, gb18030, big5hkscs or utf-16.") from None
    if watching and (engine != "local" or no_cache):
        raise click.UsageError("--watch works with the results that runs keep; leave out --engine and --no-cache.")
    if (only or since or tags) and engine != "local":
        raise click.UsageError("--only, --since and --tag work without --engine; a cluster processes the whole corpus.")
    try:
        folder = find_rules(rules_folder)
        choice = _choice(Path(corpus), only, since, tags)
        named = Columns(**{name.removesuffix("_column"): column for name, column in columns.items()})
        if watching:
            return _stay(Settings(Path(corpus), Path(output), folder, jobs, encoding, named, choice=choice))
        with progress_bar() as progress:
            options = (jobs, encoding, named, not no_cache)
            if engine == "dask":
                summary = _on_cluster(corpus, output, folder, scheduler, options, progress)
            else:
                summary = run_corpus(Settings(Path(corpus), Path(output), folder, *options, choice), progress)
    except (RuleError, OutputError, ChoiceError, ReviewLogError) as error:
        raise click.UsageError(str(error)) from None
    print_summary(summary, output)
    if summary.articles == 0:
        raise click.UsageError(f"{corpus} holds no files; put article files (.txt, .html, .md) there.")
    sys.exit(1 if summary.failures else 0)


def _choice(corpus: Path, only: tuple[str, ...], since: str, tags: tuple[str, ...]) -> Choice:
    """What chooses articles; a fault of usage for a date that is none and for an article that is not there."""
    from hkextract.choice import Choice
    from hkextract.read.sidecar import is_date

    if since and not is_date(since):
        raise click.UsageError(f"--since {since!r} is no date; write it like 2024-12-03, 2024-12 or 2024.")
    if only and corpus.is_dir():
        from hkextract.cli.corpus import files_of

        only = files_of(only, corpus)
    return Choice(frozenset(only), since, frozenset(tags))


def _stay(settings: Settings) -> None:
    """A run with `--watch`: a line for each turn, until Ctrl-C."""
    from hkextract.adding.watch import watch

    click.echo(f"Watching {settings.corpus}; the tables are in {settings.output}. Ctrl-C ends it.")
    try:
        watch(settings, lambda turn: click.echo(str(turn)))
    except KeyboardInterrupt:
        click.echo("Ended. The tables are those of the last line above.")


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


@click.command(epilog="Example: hkextract export s3://bucket/tables --csv tables")
@click.argument("output")
@click.option("--csv", "target", type=FOLDER, required=True, help="Folder to write the CSV tables to.")
def export(output: str, target: Path) -> None:
    """Make CSV tables of what a run with `--engine dask` wrote to OUTPUT, a folder or a URL."""
    with _cluster_errors():
        from hkextract.cluster.reader import export as export_tables

        counts = export_tables(output, target)
    click.echo(f"{sum(counts.values()):,} rows in {len(counts)} tables, in {target}.")


@click.group()
def cache() -> None:
    """The results that runs keep, so that only what has changed is processed again."""


@cache.command("clear", epilog="Example: hkextract cache clear")
def cache_clear() -> None:
    """Delete the kept results of every corpus; the next run processes every article."""
    from hkextract.store import clear_stores

    click.echo(f"{clear_stores() / 1e6:,.1f} MB of kept results deleted.")


@click.command(epilog="Example: hkextract bench --size 2")
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
    figures = measure(round(size * 1_000_000), found_rules(rules_folder), rivals, say, seed)
    click.echo(markdown(figures))
    if write:
        try:
            write_page(figures, write)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
