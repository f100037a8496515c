"""What rules make of a corpus by themselves, without any reviewer's decision: the rows of each article."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hkextract import rules as rule_files
from hkextract.engines import Engine, Here, Processes
from hkextract.inputs import Inputs
from hkextract.read.records import Columns
from hkextract.results import Results, batches
from hkextract.run import SMALL
from hkextract.store import open_store
from hkextract.tables import TABLES
from hkextract.worker import Task

HEADERS = {table.name: tuple(column.name for column in table.columns) for table in TABLES}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A corpus, and how a run is told to read it."""

    corpus: Path
    encoding: str | None = None
    columns: Columns = field(default_factory=Columns)
    jobs: int = 0


def machine_rows(source: Source, folder: Path, tables: tuple[str, ...]) -> Iterator[tuple[str, dict[str, list[Row]]]]:
    """Each article's id and its rows of some tables, as the rules of a folder make them, in the order of the corpus.

    What earlier runs keep of an article is taken up where its rules are the same, and nothing is kept or written.
    Raises `RuleError` for a faulty rule file.
    """
    rules = rule_files.load(folder)
    inputs = Inputs(source.corpus, source.columns, source.encoding)
    jobs = source.jobs or (1 if inputs.size < SMALL else os.cpu_count() or 1)
    engine: Engine = Here(rules) if 1 in (jobs, inputs.count) else Processes(jobs, rules)
    with open_store(source.corpus) as store:
        results = Results(store, inputs, rules)
        results.learn(engine, Task(folder, source.encoding))
        task = Task(folder, source.encoding, results.recurrence)
        known = ([results.with_earlier(given) for given in batch] for batch in batches(inputs))
        for parts in engine.process(known, task):
            for part in parts:
                yield part.brief.article_id, {name: list(_rows(name, part.body.csv.get(name, b""))) for name in tables}


def _rows(table: str, data: bytes) -> Iterator[Row]:
    text = data.decode("utf-8", "surrogatepass")
    for cells in csv.reader(io.StringIO(text, newline="")):
        yield dict(zip(HEADERS[table], cells, strict=True))
