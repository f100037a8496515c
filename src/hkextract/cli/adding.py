"""`add`: articles from files, folders, archives, links and pipes into a corpus."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from hkextract.cli.completion import places
from hkextract.cli.options import FOLDER, loaded_rules, output_option, rules_option

if TYPE_CHECKING:
    from hkextract.adding.flow import Ask
    from hkextract.rules import Rules
    from hkextract.run import Settings

FEW = 50
"""So many new articles are done sooner by this process, whose rules are loaded, than by several that begin."""
corpus_option = click.option(
    "--corpus", type=FOLDER, default=Path("corpus"), show_default=True, help="Folder of the articles."
)


@click.command(epilog="Example: hkextract add https://example.org/1.html notes/*.docx --tag budget --run")
@click.argument("sources", nargs=-1, metavar="SOURCE…", shell_complete=places)
@corpus_option
@click.option("--list", "link_file", type=FOLDER, help="File of links, one a line; goes on where a break stopped it.")
@click.option("--title", default="", help="Headline, for one article.")
@click.option("--date", "published_at", default="", help="Day of publication, like 2024-12-03 (or 2024-12, 2024).")
@click.option("--source", default="", help="Newspaper, agency or office that published it.")
@click.option("--url", default="", help="Address of the page, for one article.")
@click.option("--note", default="", help="Anything you want to remember.")
@click.option("--tag", "tags", multiple=True, help="A word by which you find it again; may be given several times.")
@click.option("--encoding", default="", help="Encoding of the files, where it is read wrongly (for example big5hkscs).")
@click.option("--no-reprints", is_flag=True, help="Leave out what repeats an article of the corpus.")
@click.option("--keep-names", is_flag=True, help="Keep the names of files instead of naming them by date and title.")
@click.option("-y", "--yes", is_flag=True, help="Add without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, and add nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each source.")
@click.option("--run", "run_too", is_flag=True, help="Bring the tables up to date afterwards.")
@output_option
@rules_option
def add(
    sources: tuple[str, ...],
    corpus: Path,
    link_file: Path | None,
    no_reprints: bool,
    keep_names: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    run_too: bool,
    output: Path,
    rules_folder: Path | None,
    **said: Any,
) -> None:
    """Add articles to a corpus: files, folders, patterns (*.html), ZIP archives, links, or - for what is piped in.

    Each is shown before it is kept. The bytes stay as they came, under a name made of date, source and title; what you
    say of an article goes into a text file beside it (NAME.meta.toml).

    Exit code 0: all is in the corpus; 1: something could not be added (it is named); 2: nothing was done.
    """
    from hkextract.adding.adder import ADDED, FAILED, Wishes
    from hkextract.adding.flow import Flow
    from hkextract.adding.keep import KeepError
    from hkextract.adding.linkfile import LinkFileError
    from hkextract.adding.session import Session
    from hkextract.adding.sources import SourceError
    from hkextract.run import Settings

    if not sources and not link_file:
        raise click.UsageError("Name a file, a folder or a link to add, or - for standard input.")
    check_corpus(corpus)
    rules = loaded_rules(rules_folder)
    wishes = Wishes(_checked(said), not no_reprints, keep_names)
    with _answers(piped="-" in sources) as ask:
        if not (yes or dry_run or ask):
            raise click.UsageError("Nobody can be asked here: say --yes to add, or --dry-run only to look.")
        try:
            with (
                reading_bar() as bar,
                Session(corpus, rules, wishes, dry=dry_run, say=say, progress=bar) as session,
            ):
                flow = Flow(session, None if yes or dry_run else ask, as_json=as_json)
                flow.go(session.items(sources, link_file))
        except (LinkFileError, SourceError) as error:
            raise click.UsageError(str(error)) from None
        except KeepError as error:
            raise click.ClickException(str(error)) from None
    code = 1 if flow.states[FAILED] else 0
    if run_too and not dry_run:
        few = not session.unread and flow.states[ADDED] <= FEW
        code = max(code, _run(Settings(corpus, output, rules.folder, jobs=1 if few else 0), rules, quiet=as_json))
    sys.exit(code)


def check_corpus(corpus: Path) -> None:
    """A fault of usage where the corpus is no folder."""
    if corpus.exists() and not corpus.is_dir():
        raise click.UsageError(f"{corpus} is a file; name the folder of the articles with --corpus.")


def say(message: str) -> None:
    """Tells something beside what a command prints."""
    click.echo(message, err=True)


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    """What the user says, as keys of a sidecar; a fault of usage for a date or an encoding that cannot be."""
    from hkextract.read.sidecar import encoding_of, meta_of

    values = {key: list(value) if isinstance(value, tuple) else value.strip() for key, value in said.items()}
    values = {key: value for key, value in values.items() if value}
    try:
        meta_of(values)
        encoding_of(values)
    except ValueError as error:
        raise click.UsageError(str(error).replace("published_at ", "--date ")) from None
    return values


@contextmanager
def _answers(*, piped: bool) -> Iterator[Ask | None]:
    """A way to ask the user; None where nobody sits there. While text is piped in, the terminal itself is asked."""
    if sys.stdin.isatty():
        yield lambda question: click.confirm(question, default=True)
        return
    terminal = _terminal() if piped else None
    if terminal is None:
        yield None
        return

    def ask(question: str) -> bool:
        click.echo(f"{question} [Y/n]: ", nl=False, err=True)
        return terminal.readline().strip().lower() in ("", "y", "yes")

    with terminal:
        yield ask


def _terminal() -> TextIO | None:
    """The terminal that the user sits at, None where there is none."""
    if sys.stderr.isatty():
        with suppress(OSError):
            return Path("/dev/tty").open(encoding="utf-8")
    return None


@contextmanager
def reading_bar() -> Iterator[Any]:
    """A bar while files of the corpus are read, gone when it is full; nothing away from a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    shown = Progress(console=console, transient=True)

    def progress(done: int, total: int) -> None:
        if not shown.tasks:
            shown.add_task("Reading the corpus", total=total)
            shown.start()
        shown.update(shown.tasks[0].id, completed=done)
        if done == total:
            shown.stop()

    try:
        yield progress
    finally:
        shown.stop()


def _run(settings: Settings, rules: Rules, *, quiet: bool) -> int:
    """A run over the corpus with rules that are loaded; returns its exit code."""
    from hkextract.inputs import find_files
    from hkextract.output import OutputError
    from hkextract.report import print_summary, progress_bar
    from hkextract.run import run

    if not find_files(settings.corpus):
        return 0
    try:
        with progress_bar() as progress:
            summary = run(settings, progress, rules)
    except OutputError as error:
        raise click.UsageError(str(error)) from None
    with redirect_stdout(sys.stderr if quiet else sys.stdout):
        print_summary(summary, settings.output)
    return 1 if summary.failures else 0
