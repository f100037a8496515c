"""Scores the tables of a run against a folder of gold: mentions, clean text, metadata and alignment.

A gold folder holds for an article NAME any of `NAME.mentions.jsonl`, `NAME.clean.txt` and `NAME.meta.json`; NAME is a
raw file's name without its suffix. A mention's place is the raw line that it starts on, or the whole article where
the gold states no lines (saved pages). Gold without mentions scores the cleaning alone.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hkextract.clean.simplify import to_simplified
from hkextract.evaluate import TABLES, VALUES, Item, Outcome, Score, compare, squeeze
from hkextract.read import ReadError, read

GRAM = 5
"""Clean texts are compared by the runs of so many characters that they share, white space left out."""

KEPT, FOREIGN = 0.95, 0.05
"""A page is clean from this share of the gold's runs kept and up to this share of the found runs foreign."""
SAVED_PAGES = (".html", ".htm", ".xhtml", ".shtml")
SUFFIXES = (".mentions.jsonl", ".clean.txt", ".meta.json")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """How one article was cleaned. `text` compares the clean text with the gold, `title` and `date` are None where
    the gold states none; `paragraphs` counts the gold's paragraphs and those that are found whole, `furniture` the
    gold's phrases that must go and those that leaked."""

    text: Score
    title: bool | None = None
    date: bool | None = None
    paragraphs: tuple[int, int] = (0, 0)
    furniture: tuple[int, int] = (0, 0)

    @property
    def kept(self) -> float:
        return self.text.recall

    @property
    def foreign(self) -> float:
        return 1 - self.text.precision

    @property
    def clean(self) -> bool:
        return self.text.recall >= KEPT and self.text.precision >= 1 - FOREIGN


@dataclass(slots=True)
class Report:
    """What a run scores: a `Score` a table, `text` for the clean text, and counts.

    `meta` counts gold titles and dates (`asked`, `right`), phrases that must stay (`keep`, `kept`) and that must go
    (`furniture`, `leaked`). `misaligned` counts rows whose `raw_surface` is not what stands at `raw_start:raw_end`.
    `outcomes` holds the mentions behind the scores, by article and table; `pages` the cleaning of each article whose
    gold holds a clean text.
    """

    tables: dict[str, Score] = field(default_factory=lambda: {table: Score() for table in TABLES})
    text: Score = field(default_factory=Score)
    meta: Counter[str] = field(default_factory=Counter)
    misaligned: int = 0
    absent: list[str] = field(default_factory=list)
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold of one article. `rows` are the lines of the mentions file, as they are; None without such a file."""

    name: str
    rows: tuple[dict[str, Any], ...] | None
    clean_text: str | None
    meta: Mapping[str, Any]

    @property
    def by_line(self) -> bool:
        """True where every mention says which raw line it is on."""
        return all(row.get("line") for row in self.rows or ())

    def items(self, table: str) -> list[Item]:
        """The mentions of one table, placed by raw line, or all at 0."""
        by_line = self.by_line
        return [
            Item(row["line"] if by_line else 0, row["surface"], row, bool(row.get("optional")))
            for row in self.rows or ()
            if row["table"] == table
        ]


def read_gold(folder: Path) -> list[Gold]:
    """The gold of a folder, by name. Raises `FileNotFoundError` where there is none."""
    names = {path.name.removesuffix(suffix) for suffix in SUFFIXES for path in folder.glob(f"*{suffix}")}
    if not names:
        raise FileNotFoundError(f"There is no gold (*.mentions.jsonl, *.clean.txt, *.meta.json) in {folder}.")
    return [_gold(folder, name) for name in sorted(names)]


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
        if gold.rows is not None:
            raw = _raw_text(output, article_id, raws.get(gold.name))
            _score_mentions(report, gold, {table: mentions[table].get(article_id, []) for table in TABLES}, text, raw)
        if gold.clean_text is not None:
            report.pages[gold.name] = page = score_page(gold, article or {}, text)
            report.text.add(page.text)
        report.meta.update(_score_meta(gold.meta, article or {}, text))
    return report


def _score_mentions(
    report: Report, gold: Gold, mentions: Mapping[str, list[dict[str, str]]], text: str, raw: str
) -> None:
    end = _annotated_end(gold, text)
    for table, rows in mentions.items():
        report.misaligned += sum(not _is_aligned(row, raw) for row in rows)
        found = [_item(row, raw if gold.by_line else "") for row in rows if int(row["clean_start"]) < end]
        outcome = compare(table, gold.items(table), found)
        report.outcomes[gold.name, table] = outcome
        report.tables[table].add(outcome.score)


def score_page(gold: Gold, article: Row, text: str) -> Page:
    """How the clean text and the row of an article compare with its gold."""
    clean = gold.clean_text or ""
    flat = squeeze(text)
    asked = _asked(gold.meta, article)
    paragraphs = [squeeze(line) for line in clean.splitlines() if line.strip()]
    furniture = gold.meta.get("furniture", [])
    return Page(
        score_text(clean, text),
        same_title(asked["title"], article.get("title", "")) if "title" in asked else None,
        article.get("published_at", "")[:10] == asked["published_at"][:10] if "published_at" in asked else None,
        (len(paragraphs), sum(paragraph in flat for paragraph in paragraphs)),
        (len(furniture), sum(squeeze(phrase) in flat for phrase in furniture)),
    )


def same_title(gold: str, found: str) -> bool:
    """True where two titles are equal but for script, width and marks, or one is at least half of the other.

    >>> same_title("園區一年掃描", "园区一年扫描！"), same_title("园区一年扫描", "新闻网")
    (True, False)
    """
    one, other = ("".join(filter(str.isalnum, squeeze(to_simplified(title)))) for title in (gold, found))
    shorter, longer = sorted((one, other), key=len)
    return shorter in longer and 2 * len(shorter) >= len(longer) and bool(shorter)


def _asked(meta: Mapping[str, Any], article: Row) -> dict[str, str]:
    """The title and the day that the gold states and this form of the page tells (`html_only`: only the saved page)."""
    html = article.get("file", "").lower().endswith(SAVED_PAGES)
    untold = () if html else meta.get("html_only", ())
    return {key: str(meta[key]) for key in ("title", "published_at") if meta.get(key) and key not in untold}


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
    asked = _asked(meta, article)
    if title := asked.get("title"):
        counts["asked"] += 1
        accepted = {squeeze(title), squeeze(meta.get("title_hans") or title)}
        counts["right"] += squeeze(article.get("title", "")) in accepted
    if published := asked.get("published_at"):
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


def _gold(folder: Path, name: str) -> Gold:
    mentions, clean, meta = (folder / f"{name}{suffix}" for suffix in SUFFIXES)
    rows = None
    if mentions.exists():
        rows = tuple(json.loads(line) for line in _read_text(mentions).splitlines() if line.strip())
    for row in rows or ():
        if row["table"] not in VALUES:
            raise ValueError(f"{mentions.name}: {row['table']!r} is not one of {', '.join(TABLES)}.")
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
