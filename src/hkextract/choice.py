"""Which articles of a corpus a run is asked for: some by name, those since a day, those with a tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hkextract.inputs import Input
from hkextract.parts import Brief
from hkextract.read.errors import ReadError
from hkextract.read.sidecar import load_sidecar


class ChoiceError(Exception):
    """No article is chosen; the message says what was asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What chooses articles; all that is given must hold.

    `only` are paths in the corpus and article ids (a path of a record file stands for all its records); `since` is a
    day, month or year, and an article without a date is not since any; of `tags` one must be the article's.
    """

    only: frozenset[str] = frozenset()
    since: str = ""
    tags: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.only or self.since or self.tags)

    def takes(self, given: Input) -> bool:
        """Whether an article may be chosen, as far as that is known before it is read."""
        if self.only and self.only.isdisjoint((given.file, given.article_id, given.folder if given.record else "")):
            return False
        return not self.tags or not self.tags.isdisjoint(_tags(given))

    def takes_made(self, brief: Brief) -> bool:
        """Whether an article that `takes` lets through is chosen, by its date of publication."""
        return not self.since or brief.published_at >= self.since

    def as_json(self) -> dict[str, Any]:
        """The choice as run.json has it."""
        return {"only": sorted(self.only), "since": self.since, "tags": sorted(self.tags)}

    def __str__(self) -> str:
        names = ", ".join(sorted(self.only)[:3]) + (" …" if len(self.only) > 3 else "")
        parts = ("--only " + names) * bool(self.only), f"--since {self.since}" * bool(self.since)
        return " ".join(filter(None, (*parts, *(f"--tag {tag}" for tag in sorted(self.tags)))))


ALL = Choice()


def _tags(given: Input) -> tuple[str, ...]:
    try:
        return load_sidecar(given.path).tags
    except (ReadError, OSError):
        return ()
