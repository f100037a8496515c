"""`completion`: names that the shell completes, of commands, options, files, articles and rules."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

VARIABLE: Final = "_HKEXTRACT_COMPLETE"
"""The environment variable by which a shell asks for completions (click's protocol)."""
SHELLS: Final = ("bash", "zsh", "fish")
MOST: Final = 2000
"""Names that a shell is given at most; more than that nobody looks through."""
ZSH_NEEDS: Final = "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n"
"""What zsh must have loaded before; without a configuration of one's own it has not."""


def articles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """The articles that begin so, by id or file, or the only one whose title holds what was typed.

    They are those of the tables; where a command is about a corpus, or there are no tables, of its files.
    """
    from click.shell_completion import CompletionItem

    found = _articles(ctx)
    wanted = incomplete.casefold()
    fitting = [one for one in found if any(name.casefold().startswith(wanted) for name in _names(one))]
    if not fitting:
        holding = [one for one in found if wanted in one[2].casefold()]
        fitting = holding if len(holding) == 1 else []
    return [CompletionItem(name, help=" ".join(title.split())) for name, _, title in fitting[:MOST]]


def rule_ids(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """The rules whose id begins so."""
    from click.shell_completion import CompletionItem

    from hkextract.rules import RuleError, find_rules, load

    with suppress(RuleError):
        rules = load(find_rules(ctx.params.get("rules_folder")))
        return [CompletionItem(rule.id, help=rule.description) for rule in rules if rule.id.startswith(incomplete)]
    return []


def places(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Files and folders, as the shell completes them, for what may also be a URL or a pattern."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _names(article: tuple[str, str, str]) -> tuple[str, str, str]:
    """What one may begin to type of an article: its id, its id without what makes it begin with a letter, its file."""
    return article[0], article[0].removeprefix("a_"), article[1]


def _articles(ctx: click.Context) -> list[tuple[str, str, str]]:
    """Id, file and title of the articles that a command line is about."""
    corpus = Path(ctx.params.get("corpus") or "corpus")
    if "output" not in ctx.params and "corpus" in ctx.params:
        return _files(corpus)
    table = Path(ctx.params.get("output") or "output") / "articles.csv"
    with (
        suppress(OSError, KeyError, csv.Error, UnicodeDecodeError),
        table.open(encoding="utf-8-sig", newline="") as file,
    ):
        return [(row["article_id"], row["file"], row["title"]) for row in csv.DictReader(file)]
    return _files(corpus)


def _files(corpus: Path) -> list[tuple[str, str, str]]:
    from hkextract.inputs import find_files
    from hkextract.read.ids import article_ids

    if not corpus.is_dir():
        return []
    ids = article_ids(find_files(corpus), corpus)
    return [(name, path.relative_to(corpus).as_posix(), path.stem) for path, name in ids.items()]


@click.command(epilog="Example: hkextract completion --install")
@click.argument("shell", required=False, type=click.Choice(SHELLS))
@click.option("--install", is_flag=True, help="Put it where the shell looks for it, instead of printing it.")
@click.pass_context
def completion(ctx: click.Context, shell: str | None, install: bool) -> None:
    """Let the Tab key complete commands, options, files and articles, in SHELL (default: the one you use)."""
    shell = shell or _own_shell()
    source = _source(ctx.find_root().command, shell)
    if not install:
        click.echo(source, nl=False)
        return
    try:
        for place in _installed(shell, source):
            click.echo(f"Written: {place}")
    except OSError as error:
        raise click.UsageError(f"{error.filename} could not be written: {error.strerror}.") from None
    click.echo("Open a new terminal, type `hkextract ` and press Tab.")


def _own_shell() -> str:
    name = Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise click.UsageError(f"Say for which shell: {', '.join(SHELLS)}.")
    return name


def _source(command: click.Command, shell: str) -> str:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    source = kind(command, {}, "hkextract", VARIABLE).source().rstrip("\n") + "\n"
    return ZSH_NEEDS + source if shell == "zsh" else source


def _installed(shell: str, source: str) -> Iterable[Path]:
    """Writes the script, and the line that reads it at the start of the shell where it needs one."""
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    if shell == "fish":
        return [_written(settings / "fish" / "completions" / "hkextract.fish", source)]
    script = _written(settings / "hkextract" / f"completion.{shell}", source)
    home = Path(os.environ.get("ZDOTDIR") or Path.home()) if shell == "zsh" else Path.home()
    start = home / f".{shell}rc"
    line = f". '{script}'"
    before = start.read_text(encoding="utf-8", errors="surrogateescape") if start.exists() else ""
    if line in before.splitlines():
        return [script]
    gap = "\n" if before and not before.endswith("\n") else ""
    with start.open("a", encoding="utf-8") as file:
        file.write(f"{gap}{line}\n")
    return [script, start]


def _written(place: Path, text: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place
