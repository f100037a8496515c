"""The tables over all articles: which article repeats which, and the index of organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from hkextract.parts import Brief
from hkextract.reprints import Copy
from hkextract.tables import Row, cell

Counts = tuple[str, str, str, list[str], int, int, int, int, str, str]
"""What is known of an organisation: name, type, parent, aliases; mentions and articles, those of copies; first, last
day."""


def with_copy(row: Row, copy: Copy | None) -> Row:
    """A row of articles.csv with what the article repeats, if anything."""
    return (*row[:-2], copy.original, cell(Decimal(str(copy.overlap)))) if copy else row


@dataclass(slots=True)
class _Entry:
    """What is known of one organisation so far."""

    type: str = ""
    parent: str = ""
    aliases: set[str] = field(default_factory=set)
    mentions: int = 0
    articles: int = 0
    copied_mentions: int = 0
    copied_articles: int = 0
    first: str = ""
    last: str = ""


class OrganisationIndex:
    """One row an organisation, gathered an article at a time in any order."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def add(self, article: Brief) -> None:
        """Counts the mentions of an article."""
        day = article.day
        for canonical in self._count(article):
            entry = self._entries[canonical]
            entry.articles += 1
            if day:
                if not entry.first or day < entry.first:
                    entry.first = day
                if day > entry.last:
                    entry.last = day

    def _count(self, article: Brief) -> set[str]:
        seen = set()
        for canonical, kind, parent, surface, mentions in article.named:
            entry = self._entries.get(canonical)
            if entry is None:
                entry = self._entries[canonical] = _Entry()
            if kind > entry.type:
                entry.type = kind
            if parent > entry.parent:
                entry.parent = parent
            entry.aliases.add(surface)
            entry.mentions += mentions
            seen.add(canonical)
        return seen

    def mark_copy(self, article: Brief) -> None:
        """Notes that an article which was counted repeats another."""
        for canonical in {name for name, *_ in article.named}:
            self._entries[canonical].copied_articles += 1
        for canonical, _, _, _, mentions in article.named:
            self._entries[canonical].copied_mentions += mentions

    def counts(self) -> Iterator[Counts]:
        """What is known of each organisation, for `merge`."""
        for canonical, e in self._entries.items():
            numbers = (e.mentions, e.articles, e.copied_mentions, e.copied_articles)
            yield canonical, e.type, e.parent, sorted(e.aliases), *numbers, e.first, e.last

    def merge(self, counts: Iterable[Counts]) -> None:
        """Adds what `counts` of an index over other articles gave."""
        for (
            canonical,
            kind,
            parent,
            aliases,
            mentions,
            articles,
            copied_mentions,
            copied_articles,
            first,
            last,
        ) in counts:
            entry = self._entries.setdefault(canonical, _Entry())
            entry.type, entry.parent = max(entry.type, kind), max(entry.parent, parent)
            entry.aliases.update(aliases)
            entry.mentions += mentions
            entry.articles += articles
            entry.copied_mentions += copied_mentions
            entry.copied_articles += copied_articles
            entry.first = min(filter(None, (entry.first, first)), default="")
            entry.last = max(entry.last, last)

    def rows(self) -> Iterator[Row]:
        """The rows of organisation_index.csv, in order of the name."""
        for canonical, entry in sorted(self._entries.items()):
            yield (
                canonical,
                entry.type,
                entry.parent,
                "|".join(sorted(entry.aliases)),
                entry.mentions,
                entry.articles,
                entry.first,
                entry.last,
                entry.mentions - entry.copied_mentions,
                entry.articles - entry.copied_articles,
            )

    def __len__(self) -> int:
        return len(self._entries)
