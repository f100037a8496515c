"""`corpus`: list, show, edit, check, remove and restore the articles of a corpus."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hkextract.cli.adding import corpus_option, reading_bar, say
from hkextract.cli.completion import articles
from hkextract.cli.options import loaded_rules

if TYPE_CHECKING:
    from hkextract.adding.catalogue import Entry
    from hkextract.adding.index import Index
    from hkextract.pipeline import Pipeline

FIELDS = ("file", "date", "source", "title", "added", "author", "script", "status", "chars", "records", "size", "id")
"""What articles can be sorted by."""


@click.group()
def corpus() -> None:
    """Keep a corpus in order: list, show, edit, check, remove and restore its articles."""


@corpus.command("list", epilog='Example: hkextract corpus list --filter "date>=2024-12" --filter 預算 --sort date')
@corpus_option
@click.option("--sort", "field", type=click.Choice(FIELDS), default="file", show_default=True, help="Order by this.")
@click.option("--reverse", is_flag=True, help="The last first.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    help="Only what holds this text, in either script; or title=…, source=…, tag=…, date>=2024-12, date= (none) …",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each article.")
def corpus_list(corpus: Path, field: str, reverse: bool, filters: tuple[str, ...], as_json: bool) -> None:
    """Print the articles with date, source, title, file and tags."""
    from rich.console import Console

    from hkextract.adding.catalogue import filtered, in_order
    from hkextract.adding.shown import as_line, print_list

    with _known(corpus) as (_, entries):
        try:
            found = in_order(filtered(entries, filters), field, backwards=reverse)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    if as_json:
        for entry in found:
            click.echo(as_line(entry.as_json()))
    else:
        print_list(found, Console(highlight=False))


@corpus.command("show", epilog="Example: hkextract corpus show 渡輪")
@click.argument("article", shell_complete=articles)
@corpus_option
@click.option("--json", "as_json", is_flag=True, help="Print it as a JSON object.")
def corpus_show(article: str, corpus: Path, as_json: bool) -> None:
    """Print all that is known of an ARTICLE: its id, file name, or a part of its title."""
    from rich.console import Console

    from hkextract.adding.catalogue import repeats_of
    from hkextract.adding.shown import as_line, print_entry

    with _known(corpus) as (index, entries):
        entry = _found(article, entries)
        if as_json:
            click.echo(as_line(entry.as_json()))
        else:
            print_entry(entry, repeats_of(entry, index), Console(highlight=False))


@corpus.command("edit", epilog="Example: EDITOR=nano hkextract corpus edit 渡輪")
@click.argument("article", shell_complete=articles)
@corpus_option
def corpus_edit(article: str, corpus: Path) -> None:
    """Open what you know of an ARTICLE (date, title, tags …) in your editor, the one that $EDITOR names.

    What you save is checked; where something is wrong you are told, and may go on editing.
    """
    from hkextract.adding.editing import save, text_to_edit
    from hkextract.read.errors import ReadError

    with _known(corpus) as (_, entries):
        one = _found(article, entries).one
    text = original = text_to_edit(one)
    while True:
        edited = click.edit(text, extension=".toml")
        if edited is None or edited == original:
            click.echo("Nothing was changed.")
            return
        try:
            place = save(corpus, one, edited)
        except ReadError as error:
            click.echo(str(error), err=True)
            if not sys.stdin.isatty() or not click.confirm("Edit again?", default=True):
                click.echo("Nothing was changed.", err=True)
                sys.exit(1)
            text = edited
        else:
            click.echo(f"Saved {place.name}. `hkextract run {corpus}` brings the tables up to date.")
            return


@corpus.command("check", epilog="Example: hkextract corpus check --corpus my-articles")
@corpus_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each finding.")
def corpus_check(corpus: Path, as_json: bool) -> None:
    """Look for changed bytes, faulty sidecars, files that cannot be read, missing dates and copies.

    Exit code 0: no errors; 1: errors; 2: the corpus could not be looked at.
    """
    from dataclasses import asdict

    from hkextract.adding.checking import check
    from hkextract.adding.files import corpus_files
    from hkextract.adding.shown import as_line

    levels: Counter[str] = Counter()
    with _opened(corpus) as index, reading_bar() as bar:
        for finding in check(corpus, index, _pipeline, bar):
            levels[finding.level] += 1
            if as_json:
                click.echo(as_line(asdict(finding)))
            else:
                colour = {"error": "red", "warning": "yellow"}.get(finding.level)
                click.echo(click.style(f"{finding.level}: ", fg=colour) + f"{finding.file}: {finding.message}")
    counts = f"{levels['error']:,} errors, {levels['warning']:,} warnings, {levels['copy']:,} copies"
    click.echo(f"{len(corpus_files(corpus)):,} files checked: {counts}.", err=as_json)
    sys.exit(1 if levels["error"] else 0)


@corpus.command("remove", epilog="Example: hkextract corpus remove 2024-12-03_渡輪公司.html")
@click.argument("articles", shell_complete=articles, nargs=-1, required=True, metavar="ARTICLE…")
@corpus_option
def corpus_remove(articles: tuple[str, ...], corpus: Path) -> None:
    """Move each ARTICLE to the trash of the corpus, from where `hkextract corpus restore` takes it back."""
    from hkextract.adding.trash import remove

    with _known(corpus) as (_, entries):
        found = {entry.one.file: entry for entry in (_found(article, entries) for article in articles)}
    for entry in found.values():
        try:
            gone = remove(corpus, entry.one, entry.title)
        except OSError as error:
            raise click.UsageError(f"{entry.one.file} could not be removed: {error.strerror}.") from None
        click.echo(f"Removed {gone.file}. To take it back: hkextract corpus restore {Path(gone.file).stem!r}")


@corpus.command("restore", epilog="Example: hkextract corpus restore 渡輪")
@click.argument("articles", nargs=-1, metavar="[ARTICLE…]")
@corpus_option
def corpus_restore(articles: tuple[str, ...], corpus: Path) -> None:
    """Take each ARTICLE back from the trash; without one, list what lies there."""
    from hkextract.adding.trash import find_removed, removed, restore

    _check_there(corpus)
    if not articles:
        waiting = removed(corpus)
        for gone in waiting:
            click.echo(f"{gone.removed_at[:16].replace('T', ' ')}  {gone.file}  {gone.title}")
        click.echo(f"{len(waiting):,} {'article' if len(waiting) == 1 else 'articles'} in the trash.")
        return
    for article in articles:
        found = find_removed(article, removed(corpus))
        if found is None:
            raise click.UsageError(
                f"There is no {article!r} in the trash; `hkextract corpus restore` lists what lies there."
            )
        file = restore(corpus, found)
        renamed = "" if file == found.file else f" (its name {found.file} is taken by now)"
        click.echo(f"Restored {file}{renamed}.")


def _check_there(corpus: Path) -> None:
    if not corpus.is_dir():
        raise click.UsageError(f"There is no folder {corpus}; name the folder of the articles with --corpus.")


@contextmanager
def _opened(corpus: Path) -> Iterator[Index]:
    """The index of a corpus, after what a killed `add` left has been taken back."""
    from hkextract.adding.index import Index
    from hkextract.adding.keep import tidy

    _check_there(corpus)
    tidy(corpus)
    with Index(corpus) as index:
        yield index


@contextmanager
def _known(corpus: Path) -> Iterator[tuple[Index, list[Entry]]]:
    """The index of a corpus and its articles with what they tell, as far as reading them does not take long."""
    from hkextract.adding.catalogue import entries, learn
    from hkextract.adding.files import corpus_files

    with _opened(corpus) as index, reading_bar() as bar:
        files = corpus_files(corpus)
        if unread := learn(files, index, _pipeline, progress=bar):
            say(f"{unread:,} files have not been read yet; `hkextract run {corpus}` reads them.")
        yield index, entries(files, index)


def _pipeline() -> Pipeline:
    from hkextract.worker import pipeline_of

    return pipeline_of(loaded_rules(None))


def _found(article: str, known: list[Entry]) -> Entry:
    from hkextract.adding.catalogue import NotFoundError, find

    try:
        return find(article, known)
    except NotFoundError as error:
        raise click.UsageError(str(error)) from None


def files_of(named: tuple[str, ...], corpus: Path) -> tuple[str, ...]:
    """The paths in the corpus of articles that the user names; a record of a file (`#`, `~`) stays as it is named."""
    plain = [name for name in named if "#" not in name and "~" not in name]
    records = tuple(name for name in named if name not in plain)
    if not plain:
        return records
    with _known(corpus) as (_, entries):
        return records + tuple(_found(name, entries).one.file for name in plain)
