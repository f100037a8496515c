"""The decisions that a run goes by: which are in force, and on which of its articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from hkextract.read.ids import MARK
from hkextract.review.decision import ARTICLES_TABLE, OPINIONS, Decision, in_force, standing
from hkextract.review.furniture import Verdicts
from hkextract.review.replay import orphan_row
from hkextract.tables import FURNITURE, Row

GONE: Final = "The article is no longer in the corpus."
FAILED: Final = "The article could not be processed."


@dataclass(frozen=True, slots=True)
class Reviews:
    """The decisions in force by article id; of articles that are not where they were, by the digest of their bytes."""

    by_article: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    by_digest: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)

    def as_json(self) -> list[dict[str, list[dict[str, Any]]]]:
        """The decisions as other machines can read them."""
        groups = (self.by_article, self.by_digest)
        return [{name: [decision.as_json() for decision in found] for name, found in group.items()} for group in groups]

    @classmethod
    def from_json(cls, found: list[dict[str, list[dict[str, Any]]]]) -> Reviews:
        """What `as_json` made."""
        groups = ({name: tuple(map(Decision.from_json, one)) for name, one in group.items()} for group in found)
        return cls(*groups)

    def of(self, article_id: str, digest: str) -> tuple[Decision, ...]:
        """The decisions on an article, given the digest of its bytes (empty for a record)."""
        moved = self.by_digest.get(digest, ()) if digest else ()
        found = self.by_article.get(article_id, ())
        return tuple(sorted(found + moved, key=lambda d: d.time)) if moved else found

    def verdicts(self, article_id: str, digest: str) -> Verdicts | None:
        """The decisions on the article's furniture, None where there are none."""
        found = [d for d in self.of(article_id, digest) if d.table == FURNITURE.name]
        return Verdicts(found, digest) if found else None

    def marks_of(self, article_id: str, digest: str) -> tuple[str, str]:
        """Digests of the decisions that change how an article is cleaned, and of all of them; empty for none."""
        found = self.of(article_id, digest)
        return _digest(d for d in found if d.table == FURNITURE.name), _digest(found)

    def orphans(self, article_id: str, digest: str) -> list[Row]:
        """The rows of orphans.csv for the decisions on an article that could not be processed."""
        return [orphan_row(d, FAILED) for d in standing(self.of(article_id, digest))]

    def digest_in(self, file_id: str) -> str:
        """A digest of the decisions on the article of a file, or on the articles of a file of records."""
        own = file_id + MARK
        names = sorted(name for name in self.by_article if name == file_id or name.startswith(own))
        return _digest(d for name in names for d in self.by_article[name])

    @property
    def digest(self) -> str:
        """A digest of all decisions."""
        return _digest(d for group in (*self.by_article.values(), *self.by_digest.values()) for d in group)

    def lost(self, articles: Collection[str], digests: Collection[str]) -> list[Row]:
        """The rows of orphans.csv for decisions on articles that are not in the corpus, by ids and digests of those
        that are."""
        groups = [group for name, group in self.by_article.items() if name not in articles]
        groups += [group for digest, group in self.by_digest.items() if digest not in digests]
        found = [d for group in groups for d in standing(group) if d.action in OPINIONS]
        return [orphan_row(d, GONE) for d in sorted(found, key=lambda d: (d.article_id, d.time, d.id))]


def _digest(decisions: Iterable[Decision]) -> str:
    ids = " ".join(decision.id for decision in decisions)
    return blake2b(ids.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if ids else ""


def gathered(
    decisions: Iterable[Decision],
    has: Callable[[str], bool],
    digest_at: Callable[[str], str] | None = None,
    place_of: Callable[[str], str | None] | None = None,
) -> Reviews:
    """The decisions in force, each on the article that it was made on, though that may have been renamed or moved.

    `has` says whether the corpus has an article of an id, `digest_at` what the digest of its bytes is, `place_of` which
    article has a digest; without the last two an article is looked for by its digest only where its id is gone.
    """
    by_article: dict[str, list[Decision]] = defaultdict(list)
    by_digest: dict[str, list[Decision]] = defaultdict(list)
    places: dict[tuple[str, str], str | None] = {}
    for decision in in_force(decisions):
        if decision.table == ARTICLES_TABLE or decision.action not in OPINIONS:
            continue
        name, digest = decision.article_id, decision.digest
        if (name, digest) not in places:
            here = has(name)
            stays = not digest or (here and (digest_at is None or digest_at(name) == digest))
            places[name, digest] = name if stays else (place_of and place_of(digest)) or (name if here else None)
        place = places[name, digest]
        if place is not None:
            by_article[place].append(decision)
        elif place_of is None:
            by_digest[digest].append(decision)
        else:
            by_article[name].append(decision)
    return Reviews(
        {name: tuple(group) for name, group in by_article.items()},
        {digest: tuple(group) for digest, group in by_digest.items()},
    )
