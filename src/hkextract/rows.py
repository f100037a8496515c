"""A processed article as rows of the tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from hkextract.article import Article, Edit, Failure
from hkextract.mention import Mention
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
    REVIEW,
    SENTENCES,
    Row,
    Table,
    cell,
)

_GETTERS = {
    table.name: attrgetter(*(column.name for column in table.columns[9 : -len(REVIEW)]))
    for table in (AMOUNTS, DATES, ORGANISATIONS)
}
"""The values of a mention in the order of its table's columns behind those that every mention has."""
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
    article, sentences, found = result.article, result.sentences, result.mentions
    spans = [
        (one.start, one.end) for group in (sentences, found.amounts, found.dates, found.organisations) for one in group
    ]
    places = article.text.raw_spans(spans)
    rest = iter(places[len(sentences) :])
    ids = [sentence_id(article.source.article_id, sentence.number) for sentence in sentences]
    mentions = _MentionRows(result, ids, judged)
    return {
        ARTICLES.name: [_article_row(result)],
        SENTENCES.name: list(_sentence_rows(result, ids, places[: len(sentences)])),
        AMOUNTS.name: list(mentions.of(AMOUNTS, found.amounts, rest)),
        DATES.name: list(mentions.of(DATES, found.dates, rest)),
        ORGANISATIONS.name: list(mentions.of(ORGANISATIONS, found.organisations, rest)),
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
    return f"{article_id}-s{number:04d}"


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


def _sentence_rows(result: Result, ids: Sequence[str], places: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """The rows of the sentences; `places` are their raw spans."""
    article = result.article
    name, chars, raw = article.source.article_id, article.text.chars, article.source.raw_text
    words = result.words.in_rows([(sentence.start, sentence.end) for sentence in result.sentences])
    for sentence, own, tokens, (raw_start, raw_end) in zip(result.sentences, ids, words, places, strict=True):
        _, paragraph, role, start, end = sentence
        yield (
            name,
            own,
            paragraph,
            role,
            start,
            end,
            raw_start,
            raw_end,
            chars[start:end],
            raw[raw_start:raw_end],
            tokens,
        )


class _MentionRows:
    """Makes the rows of an article's mentions; `ids` are those of its sentences."""

    def __init__(self, result: Result, ids: Sequence[str], judged: Judged) -> None:
        self._article = result.article
        self._starts = [sentence.start for sentence in result.sentences]
        self._ids = ids
        self._judged = judged

    def of(self, table: Table, mentions: Sequence[Mention], places: Iterator[tuple[int, int]]) -> Iterator[Row]:
        """The rows of a table's mentions; `places` goes on with their raw spans."""
        source, chars = self._article.source, self._article.text.chars
        raw, name, starts = source.raw_text, source.article_id, self._starts
        values = _GETTERS[table.name]
        seen: dict[tuple[int, int, str], int] = {}
        for mention in mentions:
            raw_start, raw_end = next(places)
            start, end = mention.start, mention.end
            surface = chars[start:end]
            place = raw_start, raw_end, surface
            nth = seen[place] = seen.get(place, 0) + 1
            yield (
                mention_id(name, table.name, raw_start, raw_end, surface, nth),
                name,
                self._ids[max(0, bisect_right(starts, start) - 1)],
                surface,
                raw[raw_start:raw_end],
                start,
                end,
                raw_start,
                raw_end,
                *[value if value.__class__ is str else cell(value) for value in values(mention)],
                *self._judged.cells(table.name, start, end),
            )
