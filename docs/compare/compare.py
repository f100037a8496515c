"""hkextract beside the tools that a user could install instead, on the same texts: the tables of docs/accuracy.md.

Usage: compare.py [--only NAME ...] [--write FILE]

Every tool runs in an environment of its own, which is installed at the first call; one that cannot be installed or
does not run here is left out, with a line that says why. Prints Markdown; `--write` also puts it into a file,
between the two marks that stand there.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from environments import TOOLS, Tool, ToolError, run
from texts import ROOT, GoldText, Group, load_groups

from hkextract.api import extract_with
from hkextract.article import Article
from hkextract.evaluate import TABLES, Item, Score, compare, total
from hkextract.pipeline import Pipeline
from hkextract.rules import load

AIMS = {
    "amounts": "Amounts: sums, shares, quantities, lengths of time, counts, ranks, multiples",
    "money": "Sums of money alone (gold and found mentions of kind money)",
    "dates": "Dates",
    "organisations": "Organisations",
}
MARKS = ("<!-- measured -->", "<!-- /measured -->")
Found = dict[str, list[Item]]


@dataclass
class Entry:
    """One tool's mentions, a table and a text, and its speed a table."""

    name: str
    has_values: bool
    found: dict[str, Found] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Runs what was asked for and prints the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these tools (hkextract is always there)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this file too")
    arguments = parser.parse_args()
    wanted = arguments.only
    rules = load(ROOT / "rules")
    groups = load_groups(rules)
    texts = [text for group in groups for text in group.texts]
    entries, failures = [_ours(Pipeline(rules), texts)], []
    for tool in TOOLS:
        if wanted is None or tool.name in wanted:
            try:
                entries.append(_theirs(tool, texts))
            except ToolError as failure:
                failures.append(f"{tool.name} {failure}.")
    report = "\n".join(_report(groups, entries, failures))
    print(report)
    if arguments.write:
        _write(arguments.write, report)


def _write(path: Path, report: str) -> None:
    """Puts the report between the marks of a file. Raises `SystemExit` where they are missing."""
    text = path.read_text(encoding="utf-8")
    head, begin, rest = text.partition(MARKS[0])
    _, end, tail = rest.partition(MARKS[1])
    if not (begin and end):
        raise SystemExit(f"{path} has no {MARKS[0]} and {MARKS[1]}.")
    path.write_text(f"{head}{begin}\n{report}\n{end}{tail}", encoding="utf-8")


def _ours(pipeline: Pipeline, texts: list[GoldText]) -> Entry:
    """Our mentions by the public interface; then the seconds of each table's finder, words for names included."""
    entry = Entry("**hkextract**", has_values=True, found={table: {} for table in TABLES})
    for text in texts:
        for table, rows in extract_with(pipeline, text.text, text.published_at).items():
            entry.found[table][text.id] = [Item(row["start"], row["surface"], row) for row in rows]
    stages: Counter[str] = Counter()
    for text in texts:
        stages.update(pipeline.annotate(Article.of_text(text.text, text.published_at)).seconds)
    entry.seconds = {table: stages[table] for table in TABLES}
    entry.seconds["organisations"] += stages["words"]
    return entry


def _theirs(tool: Tool, texts: list[GoldText]) -> Entry:
    asked = [{"id": text.id, "text": text.text, "published_at": text.published_at} for text in texts]
    answer = run(tool, asked)
    entry = Entry(f"{tool.name} {answer['version']}", tool.has_values)
    by_id = {text.id: text.text for text in texts}
    for table, result in answer["tables"].items():
        entry.seconds[table] = result["seconds"]
        entry.found[table] = {
            name: [Item(row["start"], by_id[name][row["start"] : row["end"]], row) for row in rows]
            for name, rows in result["found"].items()
        }
    return entry


def _report(groups: list[Group], entries: list[Entry], failures: list[str]) -> Iterator[str]:
    yield f"Measured at commit {_commit()}, Python {platform.python_version()}, {os.cpu_count()} cores."
    yield from (f"Left out: {failure}" for failure in failures)
    yield from ("", "| texts | articles | characters | amounts | dates | organisations |")
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for group in groups:
        gold = (str(sum(_required(text, table) for text in group.texts)) for table in TABLES)
        yield f"| {group.name} | {len(group.texts)} | {group.characters:,} | " + " | ".join(gold) + " |"
    characters = sum(group.characters for group in groups)
    for aim, title in AIMS.items():
        table = "amounts" if aim == "money" else aim
        yield from ("", f"### {title}", "")
        yield (
            "| tool | "
            + " | ".join(f"{group.name}: P / R / **F1** | value" for group in groups)
            + " | characters a second |"
        )
        yield "| --- |" + " ---: | ---: |" * len(groups) + " ---: |"
        for entry in entries:
            if table in entry.found:
                cells = [_cells(_score(aim, group, entry), entry) for group in groups]
                speed = f"{characters / entry.seconds[table]:,.0f}"
                yield f"| {entry.name} | " + " | ".join(cells) + f" | {speed} |"
    yield from _by_kind(groups, entries)


def _required(text: GoldText, table: str) -> int:
    return sum(not item.optional for item in text.gold[table])


def _score(aim: str, group: Group, entry: Entry) -> Score:
    table = "amounts" if aim == "money" else aim
    keep = partial(_is_money, aim)
    return total(
        [
            compare(table, filter(keep, text.gold[table]), filter(keep, entry.found[table][text.id])).score
            for text in group.texts
        ]
    )


def _is_money(aim: str, item: Item) -> bool:
    return aim != "money" or item.values.get("kind") == "money"


def _cells(score: Score, entry: Entry) -> str:
    measures = f"{_percent(score.precision)} / {_percent(score.recall)} / **{_percent(score.f1)}**"
    return f"{measures} | {_percent(score.value_accuracy) if entry.has_values else '–'}"


def _by_kind(groups: list[Group], entries: list[Entry]) -> Iterator[str]:
    """Recall of exact spans a kind of amount, over all texts."""
    texts = [text for group in groups for text in group.texts]
    gold = [(text.id, item) for text in texts for item in text.gold["amounts"] if not item.optional]
    kinds = sorted(
        {item.values["kind"] for _, item in gold}, key=lambda kind: -sum(i.values["kind"] == kind for _, i in gold)
    )
    found = [entry for entry in entries if "amounts" in entry.found]
    yield from ("", "### Amounts found, by kind (recall of exact spans, all texts)", "")
    yield "| kind | in gold | " + " | ".join(entry.name for entry in found) + " |"
    yield "| --- | ---: |" + " ---: |" * len(found)
    for kind in kinds:
        wanted = [(name, item.place, item.surface) for name, item in gold if item.values["kind"] == kind]
        shares = [_percent(sum(spot in _spots(entry) for spot in wanted) / len(wanted)) for entry in found]
        yield f"| {kind} | {len(wanted)} | " + " | ".join(shares) + " |"


def _spots(entry: Entry) -> set[tuple[Any, ...]]:
    return {(name, item.place, item.surface) for name, items in entry.found["amounts"].items() for item in items}


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    main()
