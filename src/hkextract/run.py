"""A run over a corpus: learn what recurs, process what is new, put the tables together, commit the output whole."""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hkextract import rules as rule_files
from hkextract.article import Failure
from hkextract.choice import ALL, Choice, ChoiceError
from hkextract.engines import Engine, Here, Processes
from hkextract.gather import OrganisationIndex, with_copy
from hkextract.inputs import Input, Inputs
from hkextract.output import OutputFolder
from hkextract.parts import EARLY, Body, Brief, as_bytes, write_text
from hkextract.read.records import Columns
from hkextract.reprints import find_copies
from hkextract.results import LIBRARIES, Results, batches
from hkextract.review.log import ReviewLog
from hkextract.review.pending import check_pending
from hkextract.rules import Rules
from hkextract.store import Known, open_store
from hkextract.tables import ARTICLES, ORGANISATION_INDEX, ORPHANS, Row, Table, datapackage, to_csv
from hkextract.worker import Task

SMALL = 3_000_000
"""Below so many bytes one process is faster than several, which each load the rules (about a second)."""
BUFFER = 1 << 18
"""Bytes of a table that are gathered before they are written."""
ROWS = 1000
"""Rows that are written at a time."""

Progress = Callable[[int, int | None], None]
"""Called with the number of articles done and of all articles, None while that is unknown."""


@dataclass(slots=True)
class Summary:
    """What a run did: counts of articles by status and of rows by table, the failures, seconds a stage.

    `kept` counts the articles whose results were good from an earlier run; `unchanged` is true where all tables were.
    """

    articles: int = 0
    raw_chars: int = 0
    status: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    kept: int = 0
    unchanged: bool = False
    wall: float = 0.0

    def add(self, article: Brief) -> None:
        """Counts an article."""
        self.articles += 1
        self.raw_chars += int(article.row[_RAW_CHARS])
        self.status[str(article.row[_STATUS])] += 1
        for table, rows in article.rows:
            self.rows[table] += rows
        if article.failure:
            stage, message = article.failure
            file, encoding = (str(article.row[place]) for place in (_FILE, _ENCODING))
            self.failures.append(Failure(article.article_id, file, stage, message, encoding))

    def add_seconds(self, seconds: Mapping[str, float]) -> None:
        """Adds the time that the stages of an article took."""
        for stage, took in seconds.items():
            self.seconds[stage] += took  # type: ignore[assignment]

    def as_json(self) -> dict[str, Any]:
        """The counts, the seconds by stage and the errors, as run.json has them."""
        return {
            "counts": {"articles": self.articles, "raw_chars": self.raw_chars, "kept": self.kept}
            | dict(self.status)
            | {"rows": dict(self.rows)},
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()}
            | {"wall": round(self.wall, 3)},
            "errors": [{"file": f.file, "stage": f.stage, "message": f.message} for f in self.failures],
        }


_FILE, _ENCODING, _RAW_CHARS, _STATUS = map(ARTICLES.index, ("file", "encoding", "raw_chars", "status"))


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do; `jobs` 0 lets it choose; without `cache` no results are kept or used."""

    corpus: Path
    output: Path
    rules: Path
    jobs: int = 0
    encoding: str | None = None
    columns: Columns = field(default_factory=Columns)
    cache: bool = True
    choice: Choice = ALL


def run(settings: Settings, progress: Progress | None = None, rules: Rules | None = None) -> Summary:
    """Processes a corpus and writes the output folder; `rules` are those of `settings.rules`, if they are loaded.

    Raises `RuleError` for a faulty rule file and `OutputError` for a folder that cannot be used; an article that
    cannot be processed is a row with a message and an entry of `Summary.failures`.
    """
    begun = time.perf_counter()
    rules = rules or rule_files.load(settings.rules)
    folder = OutputFolder(settings.output)
    folder.check()
    inputs = Inputs(settings.corpus, settings.columns, settings.encoding)
    engine = _engine(settings, inputs, rules)
    with open_store(settings.corpus, lasting=settings.cache) as store:
        results = Results(store, inputs, rules, settings.choice)
        results.take_reviews(ReviewLog(settings.corpus).read())
        results.learn(engine, Task(settings.rules, settings.encoding))
        total = Summary()
        if (articles := results.unchanged(settings.output)) is not None:
            for article in articles:
                total.add(article)
            total.kept, total.unchanged = len(articles), True
            total.rows[ORPHANS.name] += len(results.orphans(results.present))
        else:
            if not results.written(settings.output):
                check_pending(settings.output, settings.corpus, store, settings.rules)
            target = folder.open()
            try:
                _write(target, settings, results, engine, total, progress)
                total.wall = time.perf_counter() - begun
                _write_json(target / "datapackage.json", datapackage(version("hkextract")))
                _write_json(target / "run.json", _manifest(settings, rules.digest, results, total))
                folder.commit()
            except BaseException:
                folder.discard()
                raise
            results.finish(settings.output)
    total.wall = time.perf_counter() - begun
    return total


def _engine(settings: Settings, inputs: Inputs, rules: Rules) -> Engine:
    jobs = settings.jobs or (1 if inputs.size < SMALL else os.cpu_count() or 1)
    return Here(rules) if 1 in (jobs, inputs.count) else Processes(jobs, rules)


def _write(
    target: Path, settings: Settings, results: Results, engine: Engine, total: Summary, progress: Progress | None
) -> None:
    """Writes all tables and texts."""
    texts = None if settings.choice else target  # what is made of an article may decide whether it is chosen
    task = Task(settings.rules, settings.encoding, results.recurrence, results.store.lasting, results.reviews, texts)
    index = OrganisationIndex()
    articles = results.inputs.count
    written = settings.output if results.written(settings.output) else None
    with _Tables(target, written) as tables:
        for brief, body, kept in _results(results, engine, task, total):
            begun = time.perf_counter()
            tables.write(brief, body, kept)
            index.add(brief)
            total.add(brief)
            total.seconds["write"] += time.perf_counter() - begun  # type: ignore[assignment]
            if progress:
                progress(total.articles, articles)
        orphans = results.orphans(results.present)
        tables.write_rows({ORPHANS.name: as_bytes(to_csv(orphans))})
        total.rows[ORPHANS.name] += len(orphans)
    if settings.choice and not results.ids:
        raise ChoiceError(
            f"No article of {settings.corpus} is chosen by {settings.choice}; the tables stay as they were."
        )
    begun = time.perf_counter()
    copies = find_copies(results.sketches())
    for name in copies:
        index.mark_copy(results.store.brief(name))
    briefs = results.store.briefs(results.ids)
    _write_table(target, ARTICLES, (with_copy(brief.row, copies.get(brief.article_id)) for brief in briefs))
    _write_table(target, ORGANISATION_INDEX, index.rows())
    total.rows[ORGANISATION_INDEX.name] = len(index)
    total.kept = results.kept
    total.seconds["write"] += time.perf_counter() - begun  # type: ignore[assignment]


def _results(results: Results, engine: Engine, task: Task, total: Summary) -> Iterator[tuple[Brief, Body, bool]]:
    """The results of all articles in their order: those that are good (true) from the store, others from the engine."""
    plan: deque[list[tuple[Input, Known | None]]] = deque()

    def new() -> Iterator[list[Input]]:
        for batch in batches(results.chosen()):
            plan.append([(given, results.good(given)) for given in batch])
            yield [results.with_earlier(given) for given, good in plan[-1] if good is None]

    for parts in engine.process(new(), task):
        made = iter(parts)
        results.keep(zip((given for given, good in plan[0] if good is None), parts, strict=True))
        for given, good in plan.popleft():
            if good is not None:
                if not results.choice or results.choice.takes_made(results.store.brief(given.article_id)):
                    yield *results.kept_part(given, good), True
                continue
            part = next(made)
            total.add_seconds(part.seconds)
            if not results.choice.takes_made(part.brief):
                continue
            results.went_through(given, part.digest, part.brief)
            yield part.brief, part.body, False


class _Tables:
    """The open CSV files of a run and the folders of its texts.

    `written` is a folder whose texts are those of the run before: a kept article's text is linked from there.
    """

    def __init__(self, target: Path, written: Path | None) -> None:
        self.target = target
        self.written = written
        self.files = {table.name: (target / table.file).open("wb", BUFFER) for table in EARLY}
        for table in EARLY:
            self.files[table.name].write(as_bytes("\ufeff" + table.header))
        for folder in ("text", "raw"):
            (target / folder).mkdir()

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files.values():
            file.close()
        if not any((self.target / "raw").iterdir()):
            (self.target / "raw").rmdir()

    def write(self, article: Brief, body: Body, kept: bool) -> None:
        """Writes an article's rows, and its texts where a worker has not done so."""
        self.write_rows(body.csv)
        for folder, text in (("text", body.text), ("raw", body.raw)):
            file = f"{folder}/{article.article_id}.txt"
            if text is not None:
                self._write_text(file, text, kept)
            elif article.failure:  # a worker that died may have written it
                (self.target / file).unlink(missing_ok=True)

    def write_rows(self, rows: Mapping[str, bytes]) -> None:
        """Writes finished rows by table."""
        for name, lines in rows.items():
            self.files[name].write(lines)

    def _write_text(self, file: str, text: bytes, kept: bool) -> None:
        if kept and self.written:
            with suppress(OSError):
                os.link(f"{self.written}/{file}", f"{self.target}/{file}")
                return
        write_text(f"{self.target}/{file}", text)


def _manifest(settings: Settings, rules_digest: str, results: Results, total: Summary) -> dict[str, Any]:
    return {
        "program": {"hkextract": version("hkextract")} | {name: version(name) for name in LIBRARIES},
        "corpus": str(settings.corpus),
        "rules": {"folder": str(settings.rules), "digest": rules_digest},
        "encoding": settings.encoding,
        "columns": settings.columns.named(),
        "inputs": results.digests,
        **({"choice": settings.choice.as_json()} if settings.choice else {}),
        **total.as_json(),
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_table(target: Path, table: Table, rows: Iterable[Row]) -> None:
    with (target / table.file).open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write("\ufeff" + table.header)
        waiting: list[Row] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == ROWS:
                file.write(to_csv(waiting))
                waiting.clear()
        file.write(to_csv(waiting))
