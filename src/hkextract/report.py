"""What the terminal shows: progress, the summary of a run, a coloured article, the trace of a mention."""

from __future__ import annotations

import csv
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from hkextract.article import Failure
from hkextract.clean.simplify import to_simplified
from hkextract.extract.register import load_register
from hkextract.inputs import Inputs
from hkextract.judging.trace import cues_of, rivals_of
from hkextract.mention import Mention
from hkextract.pipeline import Pipeline, Result
from hkextract.read.records import Columns
from hkextract.rows import mention_id
from hkextract.rules import Rules
from hkextract.run import Progress as Report
from hkextract.run import Summary
from hkextract.tables import AMOUNTS, DATES, FURNITURE, ORGANISATIONS, ORPHANS, TABLES
from hkextract.worker import read_input

COLOURS = {AMOUNTS.name: "bold green", DATES.name: "bold cyan", ORGANISATIONS.name: "bold magenta"}
REDRAW_SECONDS = 0.2
"""Between two drawings of the bar."""
QUIET_SECONDS = 10.0
"""Away from a terminal a line of progress is printed this often."""


class NotInOutputError(Exception):
    """What was asked for is not in the output folder; the message says how to find it."""


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A bar on a terminal; elsewhere a line every ten seconds, on standard error."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("Articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        # Redrawn at each report and not by a thread, beside which no process may be copied (`engines.py`).
        with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
            task = progress.add_task("", total=None)
            drawn = 0.0

            def draw(done: int, total: int | None) -> None:
                nonlocal drawn
                progress.update(task, completed=done, total=total)
                if time.monotonic() - drawn >= REDRAW_SECONDS:
                    drawn = time.monotonic()
                    progress.refresh()

            yield draw
        return
    last = time.monotonic()

    def line(done: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= QUIET_SECONDS:
            last = time.monotonic()
            of = f" of {total:,}" if total is not None else ""
            print(f"{done:,}{of} articles done", file=sys.stderr)

    yield line


def print_summary(summary: Summary, output: Path | str) -> None:
    """The table at the end of a run, and the files that failed with their messages."""
    console = Console(highlight=False)
    table = Table(title=f"Tables in {output}", title_justify="left")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("a row is", style="dim")
    for known in TABLES:
        table.add_row(known.file, f"{summary.rows[known.name]:,}", known.row)
    console.print(table)
    states = ", ".join(f"{count:,} {status}" for status, count in sorted(summary.status.items()))
    console.print(
        f"{summary.articles:,} articles ({states or 'none'}), {summary.raw_chars:,} characters, {summary.wall:.1f} s"
    )
    if lost := summary.rows[ORPHANS.name]:
        decisions = "1 decision of a reviewer has" if lost == 1 else f"{lost:,} decisions of reviewers have"
        console.print(f"{decisions} no place in the texts any more: orphans.csv tells why.")
    if summary.unchanged:
        console.print("Nothing has changed since the last run: the tables were left as they are.")
    elif summary.kept:
        console.print(
            f"{summary.kept:,} of them were kept from an earlier run, because nothing about them has changed."
        )
    for failure in summary.failures[:20]:
        console.print(Text(f"failed: {failure.file}: {failure.message}", style="red"), soft_wrap=True)
    if len(summary.failures) > 20:
        console.print(f"… and {len(summary.failures) - 20} more; see the column `message` of articles.csv.")


def show_article(output: Path, wanted: str, console: Console | None = None) -> None:
    """Prints a cleaned article with its mentions coloured by table, on the terminal or a console of one's own.

    Raises `NotInOutputError` where the output folder or the article is not there.
    """
    article = find_article(output, wanted)
    name = article["article_id"]
    text = Text((output / "text" / f"{name}.txt").read_text(encoding="utf-8", errors="surrogatepass"))
    for table, colour in COLOURS.items():
        for row in _rows(output, table):
            if row["article_id"] == name:
                text.stylize(colour, int(row["clean_start"]), int(row["clean_end"]))
    soft = console is None  # a terminal wraps by itself, and what is copied from it keeps its lines
    console = console or Console(highlight=False)
    facts = (article["file"], article["published_at"] or "no date", article["source"], article["author"])
    console.print(Text(" · ".join(filter(None, facts)), style="dim"))
    legend = Text()
    for table, colour in COLOURS.items():
        legend.append(f"{table} {article[table]}  ", style=colour)
    console.print(legend)
    console.print()
    for line in text.split("\n"):
        console.print(line, soft_wrap=soft)
        console.print()


def explain_mention(output: Path, wanted: str, corpus: Path | None, rules: Rules) -> None:
    """Prints the trace of a mention: raw place, rule, parts, rivals and the steps from the raw text.

    The raw file is processed again, so the trace is that of the rules at hand. Raises `NotInOutputError` where the
    row or the raw file is not there.
    """
    table, row = _find_mention(output, wanted)
    article = find_article(output, row["article_id"])
    result = process_again(output, article, corpus, rules)
    console = Console(highlight=False)
    raw = result.article.source.raw_text
    start, end = int(row["raw_start"]), int(row["raw_end"])
    line = raw.count("\n", 0, start) + 1
    column = start - (raw.rfind("\n", 0, start) + 1) + 1
    values = {key: value for key, value in row.items() if key not in ("raw_surface", "surface") and value}
    console.print(Text(row["surface"], style=COLOURS[table]), f"[dim]{table}, {row['mention_id']}[/dim]")
    around = f"{raw[max(0, start - 20) : start]}⟦{raw[start:end]}⟧{raw[end : end + 20]}"
    around = re.sub(r"[\r\n]+", "⏎", around)
    skipped = ("mention_id", "article_id", "rule")
    lines = [
        f"file       {article['file']}, line {line}, character {column} (raw {start}:{end})",
        f"raw text   {around}",
        "values     " + "; ".join(f"{key} {value}" for key, value in values.items() if key not in skipped),
        *_trace(result, table, row, rules),
    ]
    for text in lines:
        console.print(Text(text), soft_wrap=True)


def _trace(result: Result, table: str, row: dict[str, str], rules: Rules) -> Iterator[str]:
    article = result.article
    start = int(row["clean_start"])
    rule = rules.by_id(row["rule"])
    found = getattr(result.mentions, table)
    place = start, int(row["clean_end"])
    mention = next((m for m in found if _id_of(result, table, m) == row["mention_id"]), None) or next(
        (m for m in found if (m.start, m.end) == place), None
    )
    if row.get("status"):
        yield f"review     {row['status']} by {row['reviewer'].replace('|', ', ')}"
    if mention is None and not row.get("status"):
        yield "note       with the rules and the file as they are now this mention is not found; run again."
    if rule:
        yield f"rule       {rule.id}: {rule.description} ({rule.file}:{rule.line})"
        if match := rule.regex.match(article.text.chars, start):
            parts = [f"{name} {part}" for name, part in match.groupdict().items() if part]
            yield "parts      " + ("; ".join(parts) or match[0])
    elif row.get("status") != "added":
        yield f"rule       {row['rule']} (the register of organisations)"
    if mention is not None:
        if cues := cues_of(rules, result, mention):
            yield f"settled by {cues}"
        register = load_register(rules.folder / "organisations", rules.kept)
        rivals = rivals_of(rules, register, result, table, mention) or ["nothing: no other rule matches here"]
        yield from (f"beat       {rival}" for rival in rivals)
    yield f"step       read as {article.source.encoding}"
    raw_start, raw_end = int(row["raw_start"]), int(row["raw_end"])
    for edit in article.edits:
        if edit.raw_start < raw_end and raw_start < edit.raw_end:
            yield f"step       {edit.stage}: {edit.kind}: {edit.before!r} → {edit.after!r} ({edit.rule})"
    if article.meta.script == "hant":
        yield "step       traditional script converted to simplified"


def _id_of(result: Result, table: str, mention: Mention) -> str:
    article = result.article
    raw = article.text.raw_span(mention.start, mention.end)
    return mention_id(article.source.article_id, table, *raw, article.text.chars[mention.start : mention.end])


def process_again(output: Path, article: dict[str, str], corpus: Path | None, rules: Rules) -> Result:
    """An article of a run processed again from its raw file, by the rules at hand; `NotInOutputError` without it."""
    manifest = json.loads((output / "run.json").read_text(encoding="utf-8"))
    folder = corpus or Path(manifest["corpus"])
    inputs = Inputs(folder, Columns(**manifest.get("columns", {})), manifest["encoding"])
    given = inputs.find(article["file"])
    if given is None:
        path = inputs.root / article["file"]
        raise NotInOutputError(f"The raw file {path} is not there; say with --corpus where the corpus is now.")
    source, _ = read_input(replace(given, article_id=article["article_id"]), manifest["encoding"], rules)
    result = (
        source if isinstance(source, Failure) else Pipeline(rules).process(source, None, _recurring(output, article))
    )
    if isinstance(result, Failure):
        raise NotInOutputError(f"{given.path} cannot be processed: {result.message}")
    return result


def _recurring(output: Path, article: dict[str, str]) -> frozenset[str]:
    """The lines of an article that the run dropped because they recur in its corpus."""
    dropped = (row for row in _rows(output, FURNITURE.name) if row["article_id"] == article["article_id"])
    return frozenset(
        to_simplified("".join(line.split()))
        for row in dropped
        if row["rule"] == "recurring-line"
        for line in row["text"].splitlines()
    )


def _rows(output: Path, table: str) -> Iterator[dict[str, str]]:
    path = output / f"{table}.csv"
    if not path.exists():
        raise NotInOutputError(f"{output} holds no tables; run `hkextract run CORPUS -o {output}` first.")
    with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        yield from csv.DictReader(file)


def find_article(output: Path, wanted: str) -> dict[str, str]:
    """By id, by file, by file name with or without its suffix."""
    for row in _rows(output, "articles"):
        file = Path(row["file"])
        if wanted in (row["article_id"], row["file"], file.name, file.stem) or Path(wanted).name == file.name:
            if row["status"] == "failed":
                raise NotInOutputError(f"{row['file']} could not be processed: {row['message']}")
            return row
    raise NotInOutputError(f"There is no article {wanted!r} in {output}; the first column of articles.csv lists them.")


def _find_mention(output: Path, wanted: str) -> tuple[str, dict[str, str]]:
    for table in COLOURS:
        for row in _rows(output, table):
            if row["mention_id"] == wanted:
                return table, row
    raise NotInOutputError(
        f"There is no mention {wanted!r} in {output}; take one from the column mention_id of a table."
    )
