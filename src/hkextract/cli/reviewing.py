"""`review`: judging what a run found, in the browser or in a spreadsheet, and how far reviewers agree."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click

from hkextract.cli.options import FOLDER, found_rules, output_option, rules_option

PAGE = "page"


class _OrPage(click.Group):
    """A group of which the command that opens the page needs no name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = [PAGE, *args]
        return super().parse_args(ctx, args)


def _user() -> str:
    """The name of the person at the computer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "reviewer"


reviewer_option = click.option(
    "--reviewer", metavar="NAME", default=_user, show_default="your user name", help="Who decides."
)
corpus_option = click.option(
    "--corpus", type=FOLDER, help="Folder of the articles (default: the one of the run); its log is used."
)


def _corpus(output: Path, corpus: Path | None) -> Path:
    """The corpus that an output folder was made of."""
    from hkextract.review.reference import manifest

    found = corpus or Path(str(manifest(output).get("corpus", "")))
    if not str(found) or found == Path() or not found.exists():
        raise click.UsageError(
            f"It is not known which articles {output} was made of; name their folder with --corpus, or the folder of "
            "the tables with -o."
        )
    return found


@click.group(cls=_OrPage, epilog="Example: hkextract review output")
def review() -> None:
    """Judge what a run found: `hkextract review [OUTPUT]` opens a page in your browser.

    What is decided is kept in the folder .hkextract of the corpus and counts in every later run.
    """


@review.command(PAGE, epilog="Example: hkextract review output --reviewer Chan")
@click.argument("output", type=FOLDER, default=Path("output"))
@corpus_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the page; 0 (the default) takes a free one."
)
@click.option("--no-open", is_flag=True, help="Print the address and do not open the browser.")
@click.option("--reviewer", metavar="NAME", default="", help="Name that the page proposes.")
@rules_option
def page(output: Path, corpus: Path | None, port: int, no_open: bool, reviewer: str, rules_folder: Path | None) -> None:
    """Open the page on which the rows of OUTPUT are judged; this is what `hkextract review` does."""
    from hkextract.review.items import NoTablesError
    from hkextract.review.log import ReviewLogError
    from hkextract.review.server import serve

    try:
        serve(output, found_rules(rules_folder), corpus, port=port, browser=not no_open, reviewer=reviewer)
    except (NoTablesError, ReviewLogError) as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"The page could not be opened: {error.strerror or error}.") from None


@review.command("import", epilog="Example: hkextract review import output/amounts.csv --reviewer Chan")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE…")
@output_option
@corpus_option
@reviewer_option
@click.option("--dry-run", is_flag=True, help="Only say what would be taken in.")
@rules_option
def review_import(
    files: tuple[Path, ...], output: Path, corpus: Path | None, reviewer: str, dry_run: bool, rules_folder: Path | None
) -> None:
    """Take in what was filled into the columns review, correction and comment of FILE (CSV or a workbook).

    Exit code 0: all rows were taken in; 1: some were not (they are named); 2: nothing was read.
    """
    from hkextract.review.intake import take_in
    from hkextract.review.log import ReviewLogError
    from hkextract.review.sheets import SheetError

    try:
        report = take_in(files, output, _corpus(output, corpus), reviewer, found_rules(rules_folder), dry_run)
    except (SheetError, ReviewLogError) as error:
        raise click.UsageError(str(error)) from None
    for note in report.notes:
        click.echo(note)
    for fault in report.faults:
        click.secho(f"not taken in: {fault}", fg="red")
    done = "would be taken in" if dry_run else "taken in"
    click.echo(
        f"{report.judged:,} rows were judged: {len(report.decisions):,} {done}, {report.known:,} known already, "
        f"{len(report.faults):,} not taken in."
    )
    if report.decisions and not dry_run:
        click.echo("They count from the next run on.")
    sys.exit(1 if report.faults else 0)


@review.command("sheet", epilog="Example: hkextract review sheet review.xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@output_option
def review_sheet(file: Path, output: Path) -> None:
    """Write the tables that can be judged into one workbook (.xlsx), in which no cell can run as a formula."""
    from hkextract.review.workbook import WorkbookError, write_workbook

    try:
        rows = write_workbook(output, file)
    except WorkbookError as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"{rows:,} rows in {file}. Fill in the columns at the end, save, then: hkextract review import {file}")


@review.command("agreement", epilog="Example: hkextract review agreement -o output")
@output_option
@corpus_option
def review_agreement(output: Path, corpus: Path | None) -> None:
    """Print how far reviewers agree (Krippendorff's alpha, nominal), and where they do not."""
    from hkextract.review.agreement import agreement, described
    from hkextract.review.log import ReviewLog, ReviewLogError

    try:
        rows, disputed = agreement(ReviewLog(_corpus(output, corpus)).read())
    except ReviewLogError as error:
        raise click.UsageError(str(error)) from None
    if not rows:
        click.echo("Nothing has been judged yet.")
        return
    click.echo(f"{'table':<16}{'judged':>9}{'by two+':>9}{'disputed':>10}{'alpha':>8}")
    for row in rows:
        shown = f"{row.alpha:.3f}" if row.alpha is not None else "-"
        click.echo(f"{row.table:<16}{row.judged:>9,}{row.targets:>9,}{row.disputed:>10,}{shown:>8}")
    for group in disputed:
        first = group[0]
        exact = first.anchor.exact if first.anchor else ""
        click.echo(f"\n{first.file or first.article_id}, {first.table}: {exact}")
        for decision in group:
            click.echo(f"  {described(decision)}")


@review.command("list", epilog="Example: hkextract review list --reviewer Chan")
@output_option
@corpus_option
@click.option("--reviewer", metavar="NAME", default="", help="Only what this person decided.")
def review_list(output: Path, corpus: Path | None, reviewer: str) -> None:
    """Print every decision that is in force, the earliest first."""
    from hkextract.review.agreement import described
    from hkextract.review.decision import standing
    from hkextract.review.log import ReviewLog, ReviewLogError

    log = ReviewLog(_corpus(output, corpus))
    try:
        found = [one for one in standing(log.read()) if reviewer in ("", one.reviewer)]
    except ReviewLogError as error:
        raise click.UsageError(str(error)) from None
    for one in found:
        exact = one.anchor.exact if one.anchor else ""
        click.echo(f"{one.time[:16]}  {one.article_id}  {one.table}  {exact!r}  {described(one)}")
    click.echo(f"{len(found):,} decisions, in {log.path}." + (f"\n{log.torn}" if log.torn else ""))


@review.command("orphans", epilog="Example: hkextract review orphans -o output")
@output_option
def review_orphans(output: Path) -> None:
    """Print the decisions that the last run could not apply, and why."""
    import csv

    path = output / "orphans.csv"
    if not path.is_file():
        raise click.UsageError(f"There is no {path}; run `hkextract run` first, or name the folder with -o.")
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        click.echo(f"{row['file'] or row['article_id']}, {row['table']}: {row['surface']}")
        click.echo(f"  {row['reviewer']}: {row['action']}. {row['reason']}")
    click.echo(f"{len(rows):,} decisions without a place." if rows else "Every decision has its place.")
