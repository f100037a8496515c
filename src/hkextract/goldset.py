"""Scores the tables of a run against a folder of gold: mentions, clean text, metadata and alignment.

A gold folder holds `NAME.mentions.jsonl` and, where there are some, `NAME.clean.txt` and `NAME.meta.json`; NAME is a
raw file's name without its suffix. A mention's place is the raw line that it starts on, or the whole article where
the gold states no lines (saved pages).
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hkextract.evaluate import TABLES, VALUES, Item, Outcome, Score, compare, squeeze
from hkextract.read import ReadError, read

GRAM = 5
"""Clean texts are compared by the runs of so many characters that they share, white space left out."""

Row = Mapping[str, str]


@dataclass(slots=True)
class Report:
    """What a run scores: a `Score` a table, `text` for the clean text, and counts.

    `meta` counts gold titles and dates (`asked`, `right`), phrases that must stay (`keep`, `kept`) and that must go
    (`furniture`, `leaked`). `misaligned` counts rows whose `raw_surface` is not what stands at `raw_start:raw_end`.
    `outcomes` holds the mentions behind the scores, by article and table.
    """

    tables: dict[str, Score] = field(default_factory=lambda: {table: Score() for table in TABLES})
    text: Score = field(default_factory=Score)
    meta: Counter[str] = field(default_factory=Counter)
    misaligned: int = 0
    absent: list[str] = field(default_factory=list)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold of one article. `rows` are the lines of the mentions file, as they are."""

    name: str
    rows: tuple[dict[str, Any], ...]
    clean_text: str | None
    meta: Mapping[str, Any]

    @property
    def by_line(self) -> bool:
        """True where every mention says which raw line it is on."""
        return all(row.get("line") for row in self.rows)

    def items(self, table: str) -> list[Item]:
        """The mentions of one table, placed by raw line, or all at 0."""
        by_line = self.by_line
        return [
            Item(row["line"] if by_line else 0, row["surface"], row, bool(row.get("optional")))
            for row in self.rows
            if row["table"] == table
        ]


def read_gold(folder: Path) -> list[Gold]:
    """The gold of a folder, by name. Raises `FileNotFoundError` where there is none."""
    paths = sorted(folder.glob("*.mentions.jsonl"))
    if not paths:
        raise FileNotFoundError(f"There is no *.mentions.jsonl in {folder}.")
    return [_gold(path, path.name.removesuffix(".mentions.jsonl")) for path in paths]


def score_run(output: Path, gold_folder: Path, raw_folder: Path) -> Report:
    """The scores of the tables in `output`. Raises `FileNotFoundError` where there is no gold or no `articles.csv`."""
    report = Report()
    articles = {Path(row["file"]).stem: row for row in _table(output / "articles.csv", needed=True)}
    mentions = {table: _by_article(_table(output / f"{table}.csv")) for table in TABLES}
    raws = {path.stem: path for path in sorted(raw_folder.rglob("*")) if path.is_file()}
    for gold in read_gold(gold_folder):
        article = articles.get(gold.name)
        if article is None:
            report.absent.append(gold.name)
        article_id = article["article_id"] if article else ""
        text = _read_text(output / "text" / f"{article_id}.txt") if article else ""
        raw = _raw_text(output, article_id, raws.get(gold.name))
        end = _annotated_end(gold, text)
        for table in TABLES:
            rows = mentions[table].get(article_id, [])
            report.misaligned += sum(not _is_aligned(row, raw) for row in rows)
            found = [_item(row, raw if gold.by_line else "") for row in rows if int(row["clean_start"]) < end]
            outcome = compare(table, gold.items(table), found)
            report.outcomes[gold.name, table] = outcome
            report.tables[table].add(outcome.score)
        if gold.clean_text is not None:
            report.text.add(score_text(gold.clean_text, text))
        report.meta.update(_score_meta(gold.meta, article or {}, text))
    return report


def score_text(gold: str, found: str) -> Score:
    """Two texts compared by their runs of `GRAM` characters; each run counts as often as it stands in both.

    >>> score_text("香港科技大学", "香港 科技大学").f1
    1.0
    """
    wanted, got = _grams(gold), _grams(found)
    return Score(gold=wanted.total(), found=got.total(), right=(wanted & got).total())


def _grams(text: str) -> Counter[str]:
    bare = "".join(text.split())
    return Counter(bare[start : start + GRAM] for start in range(len(bare) - GRAM + 1))


def _score_meta(meta: Mapping[str, Any], article: Row, text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    flat = squeeze(text)
    if title := meta.get("title"):
        counts["asked"] += 1
        accepted = {squeeze(title), squeeze(meta.get("title_hans") or title)}
        counts["right"] += squeeze(article.get("title", "")) in accepted
    if published := meta.get("published_at"):
        counts["asked"] += 1
        counts["right"] += article.get("published_at", "")[:10] == published[:10]
    for key, seen in (("keep", "kept"), ("furniture", "leaked")):
        phrases = meta.get(key, [])
        counts[key] += len(phrases)
        counts[seen] += sum(squeeze(phrase) in flat for phrase in phrases)
    return counts


def _annotated_end(gold: Gold, text: str) -> int:
    """Where the annotated part of the clean text ends: after the phrase that the gold names, else at the end."""
    last = "".join(str(gold.meta.get("annotated_until") or "").split())
    dense = [index for index, char in enumerate(text) if not char.isspace()]
    at = "".join(text[index] for index in dense).find(last) if last else -1
    return len(text) if at < 0 else dense[at + len(last) - 1] + 1


def _item(row: Row, raw: str) -> Item:
    line = raw.count("\n", 0, int(row["raw_start"])) + 1 if raw else 0
    return Item(line, row["surface"], row)


def _is_aligned(row: Row, raw: str) -> bool:
    return not raw or raw[int(row["raw_start"]) : int(row["raw_end"])] == row["raw_surface"]


def _raw_text(output: Path, article_id: str, path: Path | None) -> str:
    """What the run's raw offsets count in: the text taken out of a container, else the decoded file."""
    taken_out = output / "raw" / f"{article_id}.txt"
    if article_id and taken_out.exists():
        return _read_text(taken_out)
    if path is None:
        return ""
    try:
        return read(path, path.parent).raw_text
    except ReadError:
        return ""


def _gold(path: Path, name: str) -> Gold:
    rows = tuple(json.loads(line) for line in _read_text(path).splitlines() if line.strip())
    for row in rows:
        if row["table"] not in VALUES:
            raise ValueError(f"{path.name}: {row['table']!r} is not one of {', '.join(TABLES)}.")
    clean, meta = path.with_name(f"{name}.clean.txt"), path.with_name(f"{name}.meta.json")
    return Gold(
        name,
        rows,
        _read_text(clean) if clean.exists() else None,
        json.loads(_read_text(meta)) if meta.exists() else {},
    )


def _read_text(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def _table(path: Path, *, needed: bool = False) -> list[dict[str, str]]:
    if not needed and not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _by_article(rows: Iterable[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["article_id"]].append(row)
    return grouped
