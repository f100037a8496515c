"""What rules and decisions are asked: `why-not`, `eval`, `rules diff`, `rules stats`, `rules learn`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hkextract.cli.completion import articles
from hkextract.cli.options import FOLDER, loaded_rules, output_option, rules_option


@click.command("why-not", epilog="Example: hkextract why-not 撥款數億")
@click.argument("phrase")
@click.option(
    "--article", shell_complete=articles, help="Look for it in this article of the run (its id or file name)."
)
@output_option
@click.option("--corpus", type=FOLDER, help="Folder of the raw files (default: the one of the run).")
@click.option("--date", "published_at", default="", help="Day of publication of a phrase without an article.")
@click.option("--most", type=click.IntRange(min=1), default=3, show_default=True, help="Print so many reasons.")
@rules_option
def why_not(
    phrase: str,
    article: str | None,
    output: Path,
    corpus: Path | None,
    published_at: str,
    most: int,
    rules_folder: Path | None,
) -> None:
    """Say why PHRASE was not found, or not as it stands: the nearest rules, the part that failed, the line to edit.

    PHRASE may be in traditional or simplified script.
    """
    from hkextract.judging.phrases import why_not_alone, why_not_in
    from hkextract.report import NotInOutputError

    if not phrase.strip():
        raise click.UsageError("The phrase is empty; write it in quotation marks behind why-not.")
    rules = loaded_rules(rules_folder)
    try:
        if article:
            lines = list(why_not_in(rules, phrase, output, article, corpus, most))
        else:
            lines = list(why_not_alone(rules, phrase, published_at, most))
    except NotInOutputError as error:
        raise click.UsageError(str(error)) from None
    click.echo("\n".join(lines))


@click.command("diff", epilog="Example: hkextract rules diff rules-new --fail-on-broken")
@click.argument("other_rules", metavar="OTHER_RULES", type=FOLDER)
@click.argument("corpus", required=False, type=FOLDER)
@output_option
@rules_option
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
@click.option("--csv", "csv_file", type=FOLDER, help="Write every change to this CSV file.")
@click.option("--most", type=click.IntRange(min=0), default=40, show_default=True, help="Print so many rows; 0: all.")
@click.option("--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 (the default) chooses.")
@click.option("--fail-on-broken", is_flag=True, help="Exit code 1 where a decision of a reviewer would be broken.")
def rules_diff(
    other_rules: Path,
    corpus: Path | None,
    output: Path,
    rules_folder: Path | None,
    as_json: bool,
    csv_file: Path | None,
    most: int,
    jobs: int,
    fail_on_broken: bool,
) -> None:
    """Compare the rules in use with OTHER_RULES on CORPUS (default: the one of the run in the output folder).

    Rows that OTHER_RULES would add, lose or change are listed, and what that mends or breaks of reviewers' decisions.
    """
    from hkextract.judging.commands import AskedError, compare, found_rules_of

    try:
        difference = compare(corpus, output, found_rules_of(rules_folder), found_rules_of(other_rules), jobs)
    except AskedError as error:
        raise click.UsageError(str(error)) from None
    from hkextract.judging.diff import lines_of
    from hkextract.judging.diffout import write_csv, write_json

    if csv_file:
        write_csv(difference, csv_file)
    if as_json:
        write_json(difference, sys.stdout)
    else:
        click.echo("\n".join(lines_of(difference, most)))
    sys.exit(1 if fail_on_broken and difference.count(verdict="breaks") else 0)


@click.command("stats", epilog="Example: hkextract rules stats output --under 0.8")
@click.argument("output", required=False, type=FOLDER, default=Path("output"))
@rules_option
@click.option("--table", help="Only this table (amounts, dates …).")
@click.option(
    "--under", type=click.FloatRange(0, 1), help="Only rules of whose judged rows less than this is accepted."
)
@click.option("--never", is_flag=True, help="Only rules that never fire.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--csv", "csv_file", type=FOLDER, help="Write the figures to this CSV file.")
def rules_stats(
    output: Path,
    rules_folder: Path | None,
    table: str | None,
    under: float | None,
    never: bool,
    as_json: bool,
    csv_file: Path | None,
) -> None:
    """How often each rule fired in the run in OUTPUT, and what reviewers accepted, rejected and edited of it."""
    from hkextract.judging.commands import AskedError, decisions_of
    from hkextract.judging.stats import chosen, lines_of, statistics, write_csv, write_json

    rules = loaded_rules(rules_folder)
    if table and table not in rules.tables:
        raise click.UsageError(f"There is no table {table!r}; known are {', '.join(rules.tables)}.")
    try:
        figures = chosen(statistics(output, rules, decisions_of(output)), table, under, never=never)
    except AskedError as error:
        raise click.UsageError(str(error)) from None
    if csv_file:
        write_csv(figures, csv_file)
    if as_json:
        write_json(figures, sys.stdout)
    else:
        click.echo("\n".join(lines_of(figures)))


@click.command("learn", epilog="Example: hkextract rules learn output --patch lesson.patch")
@click.argument("output", required=False, type=FOLDER, default=Path("output"))
@rules_option
@click.option("--least", type=click.IntRange(min=1), default=2, show_default=True, help="Places or reviewers it takes.")
@click.option("--patch", "patch_file", type=FOLDER, help="Write the patch to this file and not to the terminal.")
def rules_learn(output: Path, rules_folder: Path | None, least: int, patch_file: Path | None) -> None:
    """Propose rows, aliases and words for the rules from what reviewers corrected and added, as a patch.

    Look at it, then apply it in the folder that holds rules/: git apply FILE, or patch -p1 < FILE.
    """
    from hkextract.judging.commands import AskedError, decisions_of
    from hkextract.judging.learn import learn

    rules = loaded_rules(rules_folder)
    try:
        lesson = learn(rules, decisions_of(output), least)
    except AskedError as error:
        raise click.UsageError(str(error)) from None
    for line in lesson.left_out:
        click.echo(line, err=True)
    if patch_file and lesson.patch:
        patch_file.write_text(lesson.text, encoding="utf-8", newline="")
        click.echo(
            f"{len(lesson.proposals)} proposals in {patch_file}; look at them, then: git apply {patch_file}", err=True
        )
    elif lesson.patch:
        click.echo(lesson.text, nl=False)
    else:
        click.echo("There is nothing to propose.", err=True)


@click.command("eval", epilog="Example: hkextract eval output --list")
@click.argument("output", required=False, type=FOLDER, default=Path("output"))
@click.option("--gold", type=FOLDER, help="Folder of gold files (default: the decisions of reviewers).")
@click.option("--corpus", type=FOLDER, help="Folder of the raw files (default: the one of the run).")
@click.option("--list", "listed", is_flag=True, help="Also every miss and every false alarm.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(output: Path, gold: Path | None, corpus: Path | None, listed: bool, as_json: bool) -> None:
    """Precision, recall and F1 of the run in OUTPUT by table, kind and rule, with 95 % confidence intervals."""
    from hkextract.judging.commands import AskedError, decisions_of, judgements_by_gold
    from hkextract.judging.evaluation import by_decisions, lines_of, write_json

    try:
        evaluation = judgements_by_gold(output, gold, corpus) if gold else by_decisions(decisions_of(output))
    except AskedError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        write_json(evaluation, sys.stdout, listed=listed)
    else:
        click.echo("\n".join(lines_of(evaluation, listed=listed)))
