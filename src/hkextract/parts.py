"""An article as a run keeps it: its finished rows and texts, and what the tables over all articles need of it."""

from __future__ import annotations

import marshal
import pickle
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hkextract.article import Article, Failure
from hkextract.pipeline import Mentions, Result
from hkextract.reprints import sketch
from hkextract.rows import NOT_JUDGED, Judged, failure_row, rows_of
from hkextract.tables import ARTICLES, ORGANISATION_INDEX, ORPHANS, TABLES, Row, to_csv

LATE = (ARTICLES, ORGANISATION_INDEX)
"""Tables that are written when all articles are known, because of reprints."""
EARLY = tuple(table for table in TABLES if table not in LATE)

_PUBLISHED_AT = ARTICLES.index("published_at")

Named = tuple[str, str, str, str, int]
"""An organisation in an article: canonical name, type, parent, surface, mentions."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What the tables over all articles need of one.

    `row` is its row of articles.csv, `day` its day of publication or empty, `failure` stage and message where it could
    not be processed, `rows` the number of rows by table.
    """

    article_id: str
    row: tuple[str | int, ...]
    day: str = ""
    named: tuple[Named, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    failure: tuple[str, str] | None = None

    @property
    def published_at(self) -> str:
        return str(self.row[_PUBLISHED_AT])

    def packed(self) -> bytes:
        return marshal.dumps((self.article_id, self.row, self.day, self.named, self.rows, self.failure))

    @classmethod
    def unpacked(cls, data: bytes) -> Brief:
        return cls(*marshal.loads(data))


@dataclass(frozen=True, slots=True)
class Body:
    """The bulk of an article: finished CSV rows by table, clean text, and raw text where the run keeps it, all as the
    bytes that are written (`as_bytes`)."""

    csv: Mapping[str, bytes] = field(default_factory=dict)
    text: bytes | None = None
    raw: bytes | None = None

    def packed(self) -> bytes:
        return marshal.dumps((dict(self.csv), self.text, self.raw))

    @classmethod
    def unpacked(cls, data: bytes) -> Body:
        return cls(*marshal.loads(data))


@dataclass(frozen=True, slots=True)
class Part:
    """All of one article: digest of its bytes, lines as `recurrence.scan` makes them and a digest of those that recur,
    sketch of its clean text.

    Where results are kept, `body_kept` is the body and `made` what the stages made (`packed`), both as they are kept.
    """

    brief: Brief
    body: Body = field(default_factory=Body)
    digest: str = ""
    lines: bytes = b""
    sketch: bytes = b""
    seconds: Mapping[str, float] = field(default_factory=dict)
    recurring: bytes = b""
    body_kept: bytes = b""
    made: bytes = b""

    def with_texts_in(self, output: Path) -> Part:
        """Writes the texts into the folder of a run's output; returns the part without them."""
        begun = time.perf_counter()
        for folder, text in (("text", self.body.text), ("raw", self.body.raw)):
            if text is not None:
                write_text(f"{output}/{folder}/{self.brief.article_id}.txt", text)
        seconds = {**self.seconds, "write": time.perf_counter() - begun}
        return replace(self, body=Body(self.body.csv), seconds=seconds)


def as_bytes(text: str) -> bytes:
    """A text as it is written to a file, half a surrogate pair included."""
    return text.encode("utf-8", "surrogatepass")


def write_text(file: str, text: bytes) -> None:
    """Writes a small file with as few calls of the system as can be."""
    with open(file, "wb", buffering=0) as place:  # noqa: PTH123 - a path of its own would take longer than the write
        place.write(text)


def chars_of(data: bytes) -> str:
    """The text that `as_bytes` turned into bytes."""
    return data.decode("utf-8", "surrogatepass")


def packed(result: Result) -> bytes:
    """The article and its mentions, so that a later run can take them up."""
    return pickle.dumps((result.article, result.mentions), pickle.HIGHEST_PROTOCOL)


def unpacked(made: bytes) -> tuple[Article, Mentions]:
    """What `packed` packed. It comes from the user's own cache folder, made by this very program."""
    article, mentions = pickle.loads(made)
    assert isinstance(article, Article)
    assert isinstance(mentions, Mentions)
    return article, mentions


def part_of(result: Result, digest: str, lines: bytes, judged: Judged = NOT_JUDGED) -> Part:
    """A processed article as a part."""
    article = result.article
    source = article.source
    rows = rows_of(result, judged)
    day = article.meta.published_date
    brief = Brief(
        source.article_id,
        tuple(rows[ARTICLES.name][0]),
        day.isoformat() if day else "",
        _named(result, article),
        tuple((name, len(found)) for name, found in rows.items()),
    )
    body = Body(
        {table.name: as_bytes(to_csv(rows[table.name])) for table in EARLY if rows[table.name]},
        as_bytes(article.text.chars),
        as_bytes(source.raw_text) if source.is_container else None,
    )
    return Part(brief, body, digest, lines, sketch(article.text.chars), result.seconds)


def failed_part(failure: Failure, digest: str = "", orphans: Sequence[Row] = ()) -> Part:
    """The part of an article that could not be processed; `orphans` are the rows of decisions that were made on it."""
    row = tuple(failure_row(failure))
    counts = ((ARTICLES.name, 1), *([(ORPHANS.name, len(orphans))] if orphans else []))
    body = Body({ORPHANS.name: as_bytes(to_csv(orphans))} if orphans else {})
    return Part(Brief(failure.article_id, row, rows=counts, failure=(failure.stage, failure.message)), body, digest)


def _named(result: Result, article: Article) -> tuple[Named, ...]:
    chars = article.text.chars
    counts = Counter(
        (found.canonical, found.type, found.parent, chars[found.start : found.end])
        for found in result.mentions.organisations
    )
    return tuple((*name, count) for name, count in counts.items())
