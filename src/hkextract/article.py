"""The immutable values that travel through the pipeline.

bytes → `Source` → `Article` → (stages) → `Article` → mentions → rows. A stage is `(Article, Rules) -> Article`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Literal

from hkextract.text import Text

Role = Literal["title", "lead", "body", "heading", "caption", "sidebar"]


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about an article. Texts are in simplified script; empty means unknown.

    `currency` is the ISO 4217 code that the user gives for sums of a bare 元; `warnings` are what the reader has to say
    to the user of the file; `body` is the stretch of the raw text that a page's markup shows to be the article's text,
    half-open, and empty where it does not tell.
    `published_at` is ISO 8601 as far as it is known (`2024-12-03`, `2024-12-03T16:02`, with an offset where the page
    states one); `published_basis` is one of file metadata, header line, dateline, filename, user, none.
    """

    title: str = ""
    published_at: str = ""
    published_basis: str = "none"
    source: str = ""
    author: str = ""
    url: str = ""
    script: str = ""
    currency: str = ""
    warnings: tuple[str, ...] = ()
    body: tuple[int, int] = (0, 0)

    @property
    def published_date(self) -> dt.date | None:
        """The day of publication, or None where it is not known to the day."""
        try:
            return dt.date.fromisoformat(self.published_at[:10])
        except ValueError:
            return None

    def filled_from(self, other: Meta) -> Meta:
        """This one, with what it leaves empty taken from another."""
        missing = {
            name: getattr(other, name)
            for name in ("title", "source", "author", "url", "script", "currency")
            if not getattr(self, name)
        }
        if not self.published_at:
            missing |= {"published_at": other.published_at, "published_basis": other.published_basis}
        return replace(self, **missing)


@dataclass(frozen=True, slots=True)
class Source:
    """A raw article as the reader left it.

    `file` is the path as the user knows it (relative to the corpus, `/` between folders); `raw_text` the decoded file
    (`kind` text) or the text taken out of a container (`html`, `markdown` …); `stated` what the container itself says
    (meta tags, front matter), in the script of the file; `told` what the user says of it in a sidecar or in columns
    of a record, which outweighs what is found.
    """

    article_id: str
    file: str
    raw_text: str
    encoding: str
    kind: str = "text"
    stated: Meta = field(default_factory=Meta)
    told: Meta = field(default_factory=Meta)

    @property
    def is_container(self) -> bool:
        """True where the raw text is not the decoded file, so that it is written to `raw/ARTICLE_ID.txt`."""
        return self.kind not in ("text", "markdown")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that a stage made: a repair, or a stretch of furniture that was dropped (`after` empty).

    Offsets are raw and half-open. `kind` is the kind of damage or the reason for dropping; `lost_chars` counts
    characters that could not be recovered.
    """

    stage: str
    rule: str
    kind: str
    raw_start: int
    raw_end: int
    before: str
    after: str
    lost_chars: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the clean text: its role and clean offsets, without the line break that follows it."""

    role: Role
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article between two stages. `text` starts as the raw text; `blocks` are empty until it is cleaned.

    Of a cleaned article `text.chars` is what `text/ARTICLE_ID.txt` holds: the title, if there is one, on the first
    line, then a paragraph a line.
    """

    source: Source
    text: Text
    meta: Meta
    blocks: tuple[Block, ...] = ()
    edits: tuple[Edit, ...] = ()

    @classmethod
    def of(cls, source: Source) -> Article:
        return cls(source, Text.of(source.raw_text), source.told.filled_from(source.stated))

    @classmethod
    def of_text(cls, chars: str, published_at: str = "") -> Article:
        """A text that needs no cleaning: each line that is not empty is a paragraph of the body.

        >>> [block.start for block in Article.of_text("第一段。\\n第二段。").blocks]
        [0, 5]
        """
        basis = "user" if published_at else "none"
        meta = Meta(published_at=published_at, published_basis=basis)
        source = Source("text", "text", chars, "utf-8", stated=meta)
        blocks, at = [], 0
        for line in chars.split("\n"):
            if line.strip():
                blocks.append(Block("body", at, at + len(line)))
            at += len(line) + 1
        return cls(source, Text.of(chars), meta, tuple(blocks))


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be processed: where it failed and what the user can do about it."""

    article_id: str
    file: str
    stage: str
    message: str
    encoding: str = ""
