"""A processed article as rows of the tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple

from hkextract.article import Article, Edit, Failure
from hkextract.mention import Amount, DateMention, Organisation
from hkextract.pipeline import Result
from hkextract.tables import (
    AMOUNTS,
    ARTICLES,
    BLANK,
    DATES,
    FURNITURE,
    ORGANISATIONS,
    ORPHANS,
    REJECTED,
    REPAIRS,
    SENTENCES,
    Row,
    Table,
    cell,
)

SHORT = 60
"""A clean text of fewer characters than this, and than what was dropped, earns a warning: perhaps the body went too."""


class Judged(NamedTuple):
    """What reviewers decided about an article: status and reviewer of rows by table and place (clean offsets; of
    furniture raw ones), and the rows of rejected.csv and orphans.csv."""

    marks: Mapping[tuple[str, int, int], tuple[str, str]]
    rejected: Sequence[Row] = ()
    orphans: Sequence[Row] = ()

    def cells(self, table: str, start: int, end: int) -> tuple[str, ...]:
        """The cells of the columns for reviewers."""
        return (*self.marks.get((table, start, end), ("", "")), *BLANK[2:]) if self.marks else BLANK


NOT_JUDGED = Judged(MappingProxyType({}))


def rows_of(result: Result, judged: Judged = NOT_JUDGED) -> dict[str, list[Row]]:
    """The rows of one article for every table but the index, in order of place."""
    article, found = result.article, result.mentions
    own = _OwnRows(result, judged)
    return {
        ARTICLES.name: [_article_row(result)],
        SENTENCES.name: own.of_sentences(),
        AMOUNTS.name: own.of_mentions(AMOUNTS, map(_amount, found.amounts)),
        DATES.name: own.of_mentions(DATES, map(_date, found.dates)),
        ORGANISATIONS.name: own.of_mentions(ORGANISATIONS, map(_organisation, found.organisations)),
        FURNITURE.name: [
            (
                article.source.article_id,
                edit.raw_start,
                edit.raw_end,
                edit.kind,
                _raw(article, edit),
                edit.rule,
                *judged.cells(FURNITURE.name, edit.raw_start, edit.raw_end),
            )
            for edit in _edits(article, FURNITURE.name)
        ],
        REPAIRS.name: [
            (
                article.source.article_id,
                edit.raw_start,
                edit.raw_end,
                edit.kind,
                _raw(article, edit),
                edit.after,
                edit.lost_chars,
                edit.rule,
            )
            for edit in _edits(article, "repair")
        ],
        REJECTED.name: list(judged.rejected),
        ORPHANS.name: list(judged.orphans),
    }


def failure_row(failure: Failure) -> Row:
    """The row of articles.csv for a file that could not be processed."""
    known: dict[str, str | int] = {
        "article_id": failure.article_id,
        "file": failure.file,
        "published_basis": "none",
        "encoding": failure.encoding,
        "status": "failed",
        "message": failure.message,
    }
    numbers = {column.name for column in ARTICLES.columns if column.type == "integer"}
    return [known.get(column.name, 0 if column.name in numbers else "") for column in ARTICLES.columns]


def mention_id(article_id: str, table: str, raw_start: int, raw_end: int, surface: str, nth: int = 1) -> str:
    """A letter for the table and twelve hexadecimal digits; the same place and surface give the same one.

    `nth` tells apart mentions that share one repaired stretch of the raw text.

    >>> mention_id("a", "amounts", 3, 7, "24个")[0]
    'a'
    """
    key = f"{article_id}\0{table}\0{raw_start}\0{raw_end}\0{surface}"
    if nth > 1:
        key += f"\0{nth}"
    return table[0] + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def sentence_id(article_id: str, number: int) -> str:
    """A sentence's id: the article's, and its number from 1."""
    return article_id + _numbered(number)


@lru_cache(maxsize=1 << 12)  # every article has the first ones
def _numbered(number: int) -> str:
    return f"-s{number:04d}"


def _edits(article: Article, stage: str) -> Iterator[Edit]:
    return iter(sorted((e for e in article.edits if e.stage == stage), key=lambda e: (e.raw_start, e.raw_end)))


def _raw(article: Article, edit: Edit) -> str:
    return article.source.raw_text[edit.raw_start : edit.raw_end]


def _article_row(result: Result) -> Row:
    article, meta, mentions = result.article, result.article.meta, result.mentions
    source = article.source
    repairs = list(_edits(article, "repair"))
    lost = sum(edit.lost_chars for edit in repairs)
    furniture = sum(edit.raw_end - edit.raw_start for edit in _edits(article, FURNITURE.name))
    message = _doubts(article, furniture, lost)
    return (
        source.article_id,
        source.file,
        meta.title,
        meta.published_at,
        meta.published_basis,
        meta.source,
        meta.author,
        meta.url,
        meta.script,
        source.encoding,
        len(source.raw_text),
        len(article.text),
        furniture,
        len(repairs),
        lost,
        len(result.sentences),
        len(mentions.amounts),
        len(mentions.dates),
        len(mentions.organisations),
        "warning" if message else "ok",
        message,
        "",
        "",
    )


def _doubts(article: Article, furniture: int, lost: int) -> str:
    doubts = []
    if len(article.text) < min(SHORT, furniture + 1):
        doubts.append(
            f"Only {len(article.text)} characters are left after cleaning: look in furniture.csv whether the text "
            "itself was dropped."
        )
    if lost:
        what = "1 character of the file is" if lost == 1 else f"{lost} characters of the file are"
        doubts.append(f"{what} damaged beyond recovery and marked � in the text.")
    return " ".join((*doubts, *article.source.stated.warnings))


class _OwnRows:
    """Makes the rows of an article's sentences, then of its mentions, table after table: each takes its spans, clean
    and raw, from those of all."""

    def __init__(self, result: Result, judged: Judged) -> None:
        self._result, self._judged = result, judged
        found = result.mentions
        self._spans = [(sentence.start, sentence.end) for sentence in result.sentences]
        self._starts = [start for start, _ in self._spans]
        self._spans += [(one.start, one.end) for group in found.by_stage().values() for one in group]
        self._places = zip(self._spans, result.article.text.raw_spans(self._spans), strict=True)
        name = result.article.source.article_id
        self._ids = [sentence_id(name, sentence.number) for sentence in result.sentences]

    def of_sentences(self) -> list[Row]:
        """The rows of the sentences."""
        article, sentences = self._result.article, self._result.sentences
        name, chars, raw = article.source.article_id, article.text.chars, article.source.raw_text
        words = self._result.words.in_rows(self._spans[: len(sentences)])
        return [
            (name, own, paragraph, role, start, end, raw_start, raw_end, chars[start:end], raw[raw_start:raw_end], row)
            for (_, paragraph, role, *_), own, row, ((start, end), (raw_start, raw_end)) in zip(
                sentences, self._ids, words, self._places, strict=False
            )
        ]

    def of_mentions(self, table: Table, values: Iterable[tuple[str, ...]]) -> list[Row]:
        """The rows of a table's mentions; `values` are their cells in the columns that are this table's alone."""
        source, chars = self._result.article.source, self._result.article.text.chars
        raw, name, starts, ids, judged = source.raw_text, source.article_id, self._starts, self._ids, self._judged
        seen: dict[tuple[int, int, str], int] = {}
        rows: list[Row] = []
        for own, ((start, end), (raw_start, raw_end)) in zip(values, self._places, strict=False):
            surface = chars[start:end]
            place = raw_start, raw_end, surface
            nth = seen[place] = seen.get(place, 0) + 1
            marks = judged.cells(table.name, start, end) if judged.marks else BLANK
            rows.append(
                (
                    mention_id(name, table.name, raw_start, raw_end, surface, nth),
                    name,
                    ids[bisect_right(starts, start, 1) - 1],
                    surface,
                    raw[raw_start:raw_end],
                    start,
                    end,
                    raw_start,
                    raw_end,
                    *own,
                    *marks,
                )
            )
        return rows


def _amount(mention: Amount) -> tuple[str, ...]:
    _, _, rule, kind, low, high, qualifier, unit, currency, basis, measures, damaged, si_value, si_unit = mention
    amount = kind, cell(low), cell(high), qualifier, unit, currency, basis, measures
    return (*amount, rule, cell(damaged), cell(si_value), si_unit)


def _date(mention: DateMention) -> tuple[str, ...]:
    _, _, rule, kind, first, last, edtf, anchor, cue, damaged = mention
    return kind, cell(first), cell(last), edtf, anchor, rule, cell(damaged), cue


def _organisation(mention: Organisation) -> tuple[str, ...]:
    _, _, rule, canonical, kind, parent, damaged = mention
    return canonical, kind, parent, rule, cell(damaged)
