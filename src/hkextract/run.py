"""A run over a corpus: find the files, spread the work, gather the rows, commit the output whole."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from hkextract import rules as rule_files
from hkextract.article import Failure
from hkextract.output import OutputFolder
from hkextract.pipeline import Pipeline, Result
from hkextract.read import article_ids
from hkextract.reprints import Copy, find_copies, sketch
from hkextract.rows import failure_row, rows_of
from hkextract.rules import Rules
from hkextract.tables import ARTICLES, ORGANISATION_INDEX, TABLES, Row, Table, cell, datapackage, to_csv

BATCH = 16
"""Files that a worker takes at a time."""
SMALL = 200
"""Below so many files one process is faster than several, which each load the rules (about a second)."""
LIBRARIES = ("opencc", "jieba", "rjieba", "spacy", "pandas")

LAST = (ARTICLES, ORGANISATION_INDEX)
"""Tables that are written when all articles are known, because of reprints."""

Progress = Callable[[int, int], None]
"""Called with the number of files done and of all files."""


@dataclass(slots=True)
class Summary:
    """What a run did: counts of files by status and of rows by table, the failures, seconds a stage."""

    files: int = 0
    raw_chars: int = 0
    status: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    wall: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do; `jobs` 0 lets it choose."""

    corpus: Path
    output: Path
    rules: Path
    jobs: int = 0
    encoding: str | None = None


@dataclass(slots=True)
class _Batch:
    """What a worker sends back for some files: finished CSV text, never objects of the pipeline."""

    csv: dict[str, str]
    articles: list[Row]
    sketches: list[tuple[str, str, bytes]]
    texts: list[tuple[str, str, str | None]]
    index: list[tuple[str, ...]]
    inputs: list[tuple[str, str]]
    summary: Summary


def find_files(corpus: Path) -> list[Path]:
    """The files of a corpus in order of path: every file but hidden ones, sidecars and what browsers save with a page.

    A single file is a corpus of one.
    """
    if corpus.is_file():
        return [corpus]
    found = []
    for folder, folders, names in os.walk(corpus):
        here = Path(folder)
        pages = {Path(name).stem for name in names if name.lower().endswith((".html", ".htm"))}
        folders[:] = [f for f in folders if not f.startswith(".") and f.removesuffix("_files") not in pages - {f}]
        found += [here / name for name in names if not name.startswith(".") and not name.endswith(".meta.toml")]
    return sorted(found, key=lambda path: path.relative_to(corpus).as_posix())


def run(settings: Settings, progress: Progress | None = None) -> Summary:
    """Processes a corpus and writes the output folder.

    Raises `RuleError` for a faulty rule file and `OutputError` for a folder that cannot be used; a file that cannot
    be processed is a row with a message and an entry of `Summary.failures`.
    """
    begun = time.perf_counter()
    rules = rule_files.load(settings.rules)
    root = settings.corpus if settings.corpus.is_dir() else settings.corpus.parent
    files = find_files(settings.corpus)
    ids = article_ids(files, root)
    folder = OutputFolder(settings.output)
    target = folder.open()
    try:
        total = Summary()
        articles: list[Row] = []
        sketches: list[tuple[str, str, bytes]] = []
        index: list[tuple[str, ...]] = []
        inputs: list[tuple[str, str]] = []
        with _Tables(target) as tables:
            for batch in _batches(settings, root, rules, [(path, ids[path]) for path in files]):
                tables.write(batch)
                articles += batch.articles
                sketches += batch.sketches
                index += batch.index
                inputs += batch.inputs
                _add(total, batch.summary)
                if progress:
                    progress(total.files, len(files))
        copies = find_copies(sketches)
        _write_table(target, ARTICLES, with_copies(articles, copies))
        rows = organisation_index(index, copies)
        _write_table(target, ORGANISATION_INDEX, rows)
        total.rows[ORGANISATION_INDEX.name] = len(rows)
        total.wall = time.perf_counter() - begun
        _write_json(target / "datapackage.json", datapackage(version("hkextract")))
        _write_json(target / "run.json", _manifest(settings, rules.digest, inputs, total))
        folder.commit()
    except BaseException:
        folder.discard()
        raise
    return total


class _Tables:
    """The open CSV files of a run and the folders of its texts."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.files = {
            table.name: (target / table.file).open("w", encoding="utf-8", newline="", errors="surrogatepass")
            for table in TABLES
            if table not in LAST
        }
        for table in TABLES:
            if table.name in self.files:
                self.files[table.name].write("\ufeff" + table.header)
        (target / "text").mkdir()

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files.values():
            file.close()

    def write(self, batch: _Batch) -> None:
        for name, text in batch.csv.items():
            self.files[name].write(text)
        for article_id, text, raw in batch.texts:
            _write_text(self.target / "text" / f"{article_id}.txt", text)
            if raw is not None:
                (self.target / "raw").mkdir(exist_ok=True)
                _write_text(self.target / "raw" / f"{article_id}.txt", raw)


def with_copies(articles: Sequence[Row], copies: Mapping[str, Copy]) -> Iterator[Row]:
    """The rows of articles.csv with what each repeats."""
    for row in articles:
        copy = copies.get(str(row[0]))
        yield (*row[:-2], copy.original, cell(Decimal(str(copy.overlap)))) if copy else row


def organisation_index(mentions: Sequence[tuple[str, ...]], copies: Container[str] = ()) -> list[list[Any]]:
    """One row an organisation from `(canonical, type, parent, surface, article, day)` of every mention."""
    columns = ["canonical", "type", "parent", "surface", "article", "day"]
    frame = pd.DataFrame(mentions, columns=columns, dtype=str)
    if frame.empty:
        return []
    frame["original"] = [article if article not in copies else None for article in frame["article"]]
    found = frame.groupby("canonical", sort=True).agg(
        type=("type", "first"),
        parent=("parent", "max"),
        aliases=("surface", lambda names: "|".join(sorted(set(names)))),
        mentions=("surface", "size"),
        articles=("article", "nunique"),
        first_seen=("day", lambda days: min((day for day in days if day), default="")),
        last_seen=("day", "max"),
        original_mentions=("original", "count"),
        original_articles=("original", "nunique"),
    )
    return [list(row) for row in found.reset_index().itertuples(index=False, name=None)]


def _batches(settings: Settings, root: Path, rules: Rules, files: Sequence[tuple[Path, str]]) -> Iterator[_Batch]:
    """The results in order of the files, whatever the number of processes."""
    jobs = settings.jobs or (1 if len(files) < SMALL else os.cpu_count() or 1)
    parts = [files[at : at + BATCH] for at in range(0, len(files), BATCH)]
    if jobs == 1 or len(parts) < 2:
        worker = _Worker(settings, root, rules)
        yield from map(worker.process, parts)
        return
    with ProcessPoolExecutor(min(jobs, len(parts)), initializer=_start_worker, initargs=(settings, root)) as pool:
        waiting: deque[Future[_Batch]] = deque()
        for part in parts:
            waiting.append(pool.submit(_process_in_worker, part))
            if len(waiting) > 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Worker:
    """A pipeline and what it needs to know of the run."""

    def __init__(self, settings: Settings, root: Path, rules: Rules) -> None:
        self.pipeline = Pipeline(rules)
        gc.collect()
        gc.freeze()  # what is built from the rules lives as long as the process; no collection need look at it again
        self.settings = settings
        self.root = root

    def process(self, files: Sequence[tuple[Path, str]]) -> _Batch:
        batch = _Batch({}, [], [], [], [], [], Summary())
        rows: dict[str, list[Any]] = {table.name: [] for table in TABLES if table is not ORGANISATION_INDEX}
        for path, article_id in files:
            result = self.pipeline.process_file(path, self.root, article_id, self.settings.encoding)
            batch.inputs.append((path.relative_to(self.root).as_posix(), _digest(path)))
            batch.summary.files += 1
            if isinstance(result, Failure):
                batch.summary.failures.append(result)
                batch.summary.status["failed"] += 1
                rows[ARTICLES.name].append(failure_row(result))
                continue
            found = rows_of(result)
            for name, new in found.items():
                rows[name] += new
            batch.summary.status[str(found[ARTICLES.name][0][ARTICLES.index("status")])] += 1
            batch.summary.raw_chars += len(result.article.source.raw_text)
            batch.summary.seconds.update(result.seconds)
            _add_texts(batch, result)
        begun = time.perf_counter()
        batch.articles = rows.pop(ARTICLES.name)
        batch.summary.rows[ARTICLES.name] = len(batch.articles)
        for name, new in rows.items():
            batch.summary.rows[name] = len(new)
            batch.csv[name] = to_csv(new)
        batch.summary.seconds["write"] += time.perf_counter() - begun  # type: ignore[assignment]
        return batch


_worker: _Worker | None = None


def _start_worker(settings: Settings, root: Path) -> None:
    global _worker
    _worker = _Worker(settings, root, rule_files.load(settings.rules))


def _process_in_worker(files: Sequence[tuple[Path, str]]) -> _Batch:
    assert _worker is not None
    return _worker.process(files)


def _add_texts(batch: _Batch, result: Result) -> None:
    article = result.article
    source = article.source
    batch.texts.append((source.article_id, article.text.chars, source.raw_text if source.is_container else None))
    batch.sketches.append((source.article_id, article.meta.published_at, sketch(article.text.chars)))
    day = article.meta.published_date
    for mention in result.mentions.organisations:
        surface = article.text.chars[mention.start : mention.end]
        batch.index.append(
            (mention.canonical, mention.type, mention.parent, surface, source.article_id, cell(day) if day else "")
        )


def _add(total: Summary, part: Summary) -> None:
    total.files += part.files
    total.raw_chars += part.raw_chars
    total.status.update(part.status)
    total.rows.update(part.rows)
    total.seconds.update(part.seconds)
    total.failures += part.failures


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _manifest(settings: Settings, rules_digest: str, inputs: list[tuple[str, str]], total: Summary) -> dict[str, Any]:
    return {
        "program": {"hkextract": version("hkextract")} | {name: version(name) for name in LIBRARIES},
        "corpus": str(settings.corpus),
        "rules": {"folder": str(settings.rules), "digest": rules_digest},
        "encoding": settings.encoding,
        "inputs": dict(inputs),
        "counts": {"files": total.files, "raw_chars": total.raw_chars}
        | dict(total.status)
        | {"rows": dict(total.rows)},
        "seconds": {stage: round(seconds, 3) for stage, seconds in total.seconds.items()}
        | {"wall": round(total.wall, 3)},
        "errors": [{"file": f.file, "stage": f.stage, "message": f.message} for f in total.failures],
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_table(target: Path, table: Table, rows: Iterable[Row]) -> None:
    text = "\ufeff" + table.header + to_csv(rows)
    (target / table.file).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
