"""Looking at what a run made: `show`, `explain`, `score`; and `extract`, which makes no files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hkextract.cli.completion import articles
from hkextract.cli.options import FOLDER, found_rules, loaded_rules, output_option, rules_option


@click.command(epilog="Example: hkextract show a_2024-12-03_海港日報_渡輪")
@click.argument("article", shell_complete=articles)
@output_option
def show(article: str, output: Path) -> None:
    """Print a cleaned ARTICLE (its id or file name) with its mentions in colour."""
    from hkextract.report import NotInOutputError, show_article

    try:
        show_article(output, article)
    except NotInOutputError as error:
        raise click.UsageError(str(error)) from None


@click.command(epilog="Example: hkextract explain ac73e90e174e3")
@click.argument("mention_id")
@output_option
@click.option("--corpus", type=FOLDER, help="Folder of the raw files (default: the one of the run).")
@rules_option
def explain(mention_id: str, output: Path, corpus: Path | None, rules_folder: Path | None) -> None:
    """Print where a mention stands in the raw file, which rule found it, its parts, and the steps between."""
    from hkextract.report import NotInOutputError, explain_mention

    try:
        explain_mention(output, mention_id, corpus, loaded_rules(rules_folder))
    except NotInOutputError as error:
        raise click.UsageError(str(error)) from None


@click.command(epilog="Example: hkextract score output gold corpus --list")
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


@click.command(epilog="Example: echo 撥款3億元 | hkextract extract")
@rules_option
def extract(rules_folder: Path | None) -> None:
    """Read JSON lines {"id", "text", "published_at"}, or plain text, on standard input; write JSON lines."""
    from hkextract.stream import extract_lines

    failed = extract_lines(sys.stdin.buffer, sys.stdout, found_rules(rules_folder))
    sys.exit(1 if failed else 0)
