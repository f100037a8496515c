"""What the terminal shows of articles on their way into a corpus, and of those in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hkextract.adding.adder import ADDED, FAILED, NEW, REFUSED, THERE, Looked
from hkextract.adding.catalogue import Entry
from hkextract.adding.index import Facts
from hkextract.adding.stories import Doubt, doubts
from hkextract.read.sidecartext import sound

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "text",
        "html": "web page",
        "markdown": "Markdown",
        "pdf": "PDF",
        "docx": "Word document",
        "records": "file of many articles",
    }
)
SCRIPTS: Mapping[str, str] = MappingProxyType({"hans": "simplified", "hant": "traditional"})
MARKS: Mapping[str, str] = MappingProxyType({ADDED: "+", NEW: "+", THERE: "=", REFUSED: "-", FAILED: "!"})
COLOURS: Mapping[str, str] = MappingProxyType(
    {ADDED: "green", NEW: "green", THERE: "dim", REFUSED: "yellow", FAILED: "red"}
)


def print_preview(looked: Looked, console: Console) -> None:
    """One source in full: a panel of what was found, or a line where there is nothing to look at."""
    if looked.state != NEW:
        print_line(looked, console)
        return
    table = _facts_table(looked.facts)
    if looked.repeats:
        told = f"the same story as {looked.repeats.file} ({looked.repeats.overlap:.0%} of the text)"
        table.add_row("repeats", Text(told, style="yellow"))
    _add_doubts(table, looked.doubts)
    console.print(Panel(table, title=Text(looked.file), title_align="left", subtitle=Text(looked.origin)))


def print_line(looked: Looked, console: Console) -> None:
    """One source as a line: `+` new or added, `=` already there, `-` refused, `!` failed."""
    facts = looked.facts
    parts = []
    if looked.state in (NEW, ADDED):
        basis = str(facts.get("published_basis", ""))
        parts = [looked.file, f"date: {basis}" if facts.get("published_at") else "", _counts(facts)]
        parts += [doubt.kind for doubt in looked.doubts]
        if looked.repeats:
            parts.append(f"the same story as {looked.repeats.file} ({looked.repeats.overlap:.0%})")
    elif looked.state == THERE:
        there = f"in the corpus already as {looked.file}." if looked.file else ""
        parts = [looked.origin, f"{there} {looked.message}".strip()]
    else:
        parts = [looked.origin, looked.message]
    line = Text(f"{MARKS[looked.state]} ", style=COLOURS[looked.state])
    line.append(" · ".join(filter(None, parts)))
    console.print(line, soft_wrap=True)


def print_kept(looked: Looked, console: Console) -> None:
    """What became of a source that was shown in full before."""
    if looked.state == ADDED:
        console.print(Text(f"Added as {looked.file}", style="green"), soft_wrap=True)
    else:
        print_line(looked, console)


def totals(states: Counter[str], corpus: str, *, dry: bool = False) -> str:
    """One sentence about all sources.

    >>> totals(Counter({"added": 2, "failed": 1}), "corpus")
    '2 articles added to corpus; 1 could not be added.'
    """
    count = states[NEW] + states[ADDED]
    verb = "would be added" if dry else "added"
    parts = [f"{count:,} {'article' if count == 1 else 'articles'} {verb} to {corpus}"]
    if states[THERE]:
        parts.append(f"{states[THERE]:,} already there")
    if states[REFUSED]:
        parts.append(f"{states[REFUSED]:,} refused because they repeat an article")
    if states[FAILED]:
        parts.append(f"{states[FAILED]:,} could not be added")
    return "; ".join(parts) + "."


def print_entry(entry: Entry, repeats: Iterable[str], console: Console) -> None:
    """All that is known of an article of the corpus."""
    facts = entry.facts
    if facts.get("status") == "failed":
        console.print(Text(f"{entry.one.file}: {facts['message']}", style="red"), soft_wrap=True)
        return
    table = _facts_table(facts)
    for key, label in (("author", "author"), ("url", "address"), ("note", "note"), ("added_at", "added")):
        if value := facts.get(key):
            table.add_row(label, Text(str(value)))
    if facts.get("tags"):
        table.add_row("tags", Text(", ".join(facts["tags"])))
    if facts.get("added_from"):
        table.add_row("from", Text(str(facts["added_from"])))
    table.add_row("sidecar", Text(entry.one.sidecar.name if entry.one.sidecar else "none"))
    for told in repeats:
        table.add_row("repeats", Text(told, style="yellow"))
    _add_doubts(table, doubts(facts, inside=True))
    console.print(Panel(table, title=Text(entry.one.file), title_align="left", subtitle=Text(entry.one.article_id)))


def print_list(found: list[Entry], console: Console) -> None:
    """The articles of a corpus: a table on a terminal; elsewhere lines with tabs, which spreadsheets take."""
    rows = [
        (e.date[:10], str(e.value("source")), e.title or _untold(e), e.one.file, ", ".join(e.facts.get("tags", [])))
        for e in found
    ]
    header = ("date", "source", "title", "file", "tags")
    if not console.is_terminal:
        for row in (header, *rows):
            print(sound("\t".join(" ".join(cell.split()) for cell in row)), file=console.file)
        return
    table = Table(show_edge=False, pad_edge=False, box=None)
    for name in header:
        table.add_column(name, no_wrap=name == "date", overflow="fold")
    for row in rows:
        table.add_row(*(Text(sound(cell)) for cell in row))
    console.print(table)
    console.print(f"{len(found):,} {'article' if len(found) == 1 else 'articles'}", style="dim")


def as_line(value: Mapping[str, Any]) -> str:
    """A JSON object on a line, Chinese as it is."""
    return sound(json.dumps(value, ensure_ascii=False))


def _untold(entry: Entry) -> str:
    if not entry.facts:
        return "(not read yet)"
    if count := entry.facts.get("records"):
        return f"({count:,} articles)"
    return "(cannot be read)" if entry.facts.get("status") == "failed" else ""


def _facts_table(facts: Facts) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    if "records" in facts:
        table.add_row("kind", KINDS["records"])
        table.add_row("holds", f"{facts['records']:,} articles")
        if facts["title"]:
            table.add_row("the first", Text(str(facts["title"])))
        return table
    kind = KINDS.get(str(facts.get("kind")), "")
    script = SCRIPTS.get(str(facts.get("script")), "not told")
    dropped, raw = int(facts.get("furniture_chars", 0)), int(facts.get("raw_chars", 0)) or 1
    table.add_row("title", Text(str(facts.get("title", "")) or "none found"))
    table.add_row("date", Text(_date(facts)))
    table.add_row("source", Text(str(facts.get("source", "")) or "none found"))
    read_as = " · ".join(filter(None, (kind, str(facts.get("encoding")), f"{script} script")))
    table.add_row("read as", Text(read_as))
    kept = f"{facts.get('clean_chars', 0):,} characters; {dropped:,} dropped as furniture ({dropped / raw:.0%})"
    table.add_row("text", kept)
    table.add_row("found", _counts(facts))
    if opening := facts.get("opening"):
        table.add_row("begins", Text(str(opening)[:80], style="italic"))
    return table


def _add_doubts(table: Table, found: Iterable[Doubt]) -> None:
    for doubt in found:
        table.add_row(Text("warning", style="yellow"), Text(doubt.sentence, style="yellow"))


_BASES: Mapping[str, str] = MappingProxyType(
    {
        "user": "as you say",
        "filename": "from the file's name",
        "header line": "from the line below the title or above the text",
        "dateline": "from the dateline",
        "file metadata": "from what the file states of itself",
    }
)


def _date(facts: Facts) -> str:
    date, basis = str(facts.get("published_at", "")), str(facts.get("published_basis", ""))
    if "records" in facts:
        return ""
    return f"{date} ({_BASES.get(basis, basis)})" if date else "no date"


def _counts(facts: Facts) -> str:
    if "records" in facts:
        return f"{facts['records']:,} articles"
    counts = [(int(facts.get(key, 0)), key) for key in ("amounts", "dates", "organisations")]
    return ", ".join(f"{count:,} {key.removesuffix('s') if count == 1 else key}" for count, key in counts)
