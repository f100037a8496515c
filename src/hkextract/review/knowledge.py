"""What the rules tell a reviewer: what a rule is for, what a stretch of text means, which names are known."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from hkextract.clean.simplify import to_simplified
from hkextract.rules import Example, RuleError, Rules, load
from hkextract.tables import cell

EXAMPLES = 4
"""Examples of a rule that are shown."""
SUGGESTED = 12
"""Names that are suggested at a time."""


class Name(NamedTuple):
    """A name that an organisation is known by, the organisation, and how often this corpus mentions it."""

    text: str
    canonical: str
    type: str
    parent: str
    mentions: int


class Knowledge:
    """The rules of a folder and the organisations of a run. Loaded when first asked for; may be asked by any thread."""

    def __init__(self, folder: Path, output: Path) -> None:
        self.folder, self.output = folder, output
        self._loading = Lock()

    @cached_property
    def rules(self) -> Rules:
        """The rules; raises `RuleError` where one is faulty."""
        with self._loading:
            return load(self.folder)

    def get_ready(self) -> None:
        """Loads the names of organisations before the first is typed; a fault shows when they are asked for."""
        with suppress(RuleError, OSError):
            self.suggest("-")

    def versions(self) -> dict[str, str]:
        """The version of every rule."""
        from hkextract.rulebook import version_of

        return {rule.id: version_of(rule) for rule in self.rules}

    def card(self, rule_id: str) -> dict[str, Any] | None:
        """What a rule is for, its examples and where to edit it; None for one that is not in the folder."""
        rule = self.rules.by_id(rule_id)
        if rule is None:
            return None
        return {
            "id": rule.id,
            "description": rule.description,
            "place": f"{rule.file}, line {rule.line}",
            "examples": [_marked(example) for example in rule.examples[:EXAMPLES]],
            "not": list(rule.counter_examples[:EXAMPLES]),
        }

    def meaning(self, table: str, sentence: str, span: tuple[int, int], published_at: str) -> dict[str, str]:
        """The values that the rules read in a stretch of a sentence, else in the stretch alone; empty if in neither."""
        from hkextract.api import extract_with, pipeline
        from hkextract.review.values import VALUES

        with self._loading:
            ready = pipeline(self.folder)
            alone = sentence[span[0] : span[1]]
            for text, place in ((sentence, span), (alone, (0, len(alone)))):
                for found in extract_with(ready, text, published_at).get(table, ()):
                    if (found["start"], found["stop"]) == place:
                        return {name: _as_cell(found[name]) for name in VALUES[table]}
        return {}

    def suggest(self, asked: str) -> list[dict[str, Any]]:
        """Organisations that a name or a part of one may mean, the ones that the corpus mentions most often first."""
        wanted = to_simplified(asked).casefold().strip()
        if not wanted:
            return []
        best: dict[str, tuple[tuple[int, int, int], Name]] = {}
        for name in self._names:
            at = name.text.casefold().find(wanted)
            if at < 0:
                continue
            merit = (0 if name.text.casefold() == wanted else 1 if at == 0 else 2, -name.mentions, len(name.text))
            if name.canonical not in best or merit < best[name.canonical][0]:
                best[name.canonical] = merit, name
        found = sorted(best.values(), key=lambda pair: pair[0])[:SUGGESTED]
        return [name._asdict() for _, name in found]

    @cached_property
    def _names(self) -> list[Name]:
        """The names of the run's organisations and of the register."""
        from hkextract.extract.register import load_register
        from hkextract.orgs import FOLDER

        register = load_register(self.folder / FOLDER)
        met = list(_met(self.output / "organisation_index.csv"))
        mentions = {name.canonical: name.mentions for name in met}
        known = [
            Name(text, alias.body.name, alias.body.type, alias.body.parent, mentions.get(alias.body.name, 0))
            for text, aliases in register.aliases.items()
            for alias in aliases
        ]
        return [*met, *known]


def _met(path: Path) -> Iterator[Name]:
    """The names of a run's index of organisations; none where there is no such table."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", errors="surrogatepass", newline="") as file:
        for row in csv.DictReader(file):
            for text in dict.fromkeys((row["canonical"], *row["aliases"].split("|"))):
                if text:
                    yield Name(text, row["canonical"], row["type"], row["parent"], int(row["mentions"] or 0))


def _as_cell(value: Any) -> str:
    """A value of `extract` as a cell; a float is written as it is meant, 0.1 and not what the machine holds."""
    return cell(Decimal(str(value)) if isinstance(value, float) else value)


def _marked(example: Example) -> list[str]:
    """An example before, in and behind its mark; all of it marked where the file marks nothing."""
    start, end = (example.start, example.end) if example.start >= 0 else (0, len(example.text))
    return [example.text[:start], example.text[start:end], example.text[end:]]
