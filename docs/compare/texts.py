"""The texts that every tool is given, and their gold with offsets.

A gold file places a mention by raw line and occurrence. Here each is found again in the clean gold text: the
occurrence of its surface whose surroundings agree best with those in the raw line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkextract.article import Article
from hkextract.clean.repair import repair
from hkextract.clean.simplify import simplify
from hkextract.evaluate import TABLES, Item
from hkextract.goldset import Gold, read_gold
from hkextract.read import read
from hkextract.rules import Rules

ROOT = Path(__file__).parents[2]
CONTEXT = 40
"""Characters on either side by which two occurrences of one surface are told apart."""


@dataclass(frozen=True)
class Group:
    """Texts that are scored together."""

    name: str
    texts: tuple[GoldText, ...]

    @property
    def characters(self) -> int:
        return sum(len(text.text) for text in self.texts)


@dataclass(frozen=True)
class GoldText:
    """A clean, simplified text, its day of publication ("" where unknown) and its gold, placed by clean offset."""

    id: str
    text: str
    published_at: str
    gold: dict[str, list[Item]]


def load_groups(rules: Rules) -> list[Group]:
    """Every group of texts that is there; the real articles stand beside the repository and may be missing."""
    corpus = _load(ROOT / "tests/gold", ROOT / "corpus", rules)
    articles = _load(ROOT / "tests/articles/gold", ROOT / "tests/articles/raw", rules)
    groups = [
        Group("held out", tuple(text for text in articles if _is_held_out(text.id))),
        Group("articles", tuple(text for text in articles if not _is_held_out(text.id))),
        Group("corpus", tuple(corpus)),
    ]
    shared = ROOT.parent / "shared"
    if (shared / "gold").exists():
        groups.insert(1, Group("real", tuple(_load(shared / "gold", shared / "seeds", rules))))
    return groups


def _is_held_out(name: str) -> bool:
    """Articles whose number is divisible by three: see `tests/articles/README.md`."""
    number = re.match(r"a(\d+)-", name)
    return bool(number) and int(number.group(1)) % 3 == 0


def _load(gold_folder: Path, raw_folder: Path, rules: Rules) -> list[GoldText]:
    raws = {path.stem: path for path in raw_folder.iterdir()}
    return [_gold_text(gold, raws[gold.name], rules) for gold in read_gold(gold_folder)]


def _gold_text(gold: Gold, raw: Path, rules: Rules) -> GoldText:
    text = (gold.clean_text or "").rstrip("\n") + "\n"
    lines = read(raw, raw.parent).raw_text.split("\n") if gold.by_line else []
    plain: dict[int, str] = {}
    taken: set[tuple[str, int]] = set()
    items: dict[str, list[Item]] = {table: [] for table in TABLES}
    for row in gold.rows:
        number = int(row.get("line") or 0)
        if number not in plain:
            plain[number] = _simplified(lines[number - 1], rules) if number else text
        start = _locate(row, plain[number], text, taken)
        taken.add((row["table"], start))
        items[row["table"]].append(Item(start, row["surface"], row, bool(row.get("optional"))))
    return GoldText(gold.name, text, str(gold.meta.get("published_at") or ""), items)


def _simplified(line: str, rules: Rules) -> str:
    return simplify(repair(Article.of_text(line), rules), rules).text.chars


def _locate(row: dict[str, Any], line: str, text: str, taken: set[tuple[str, int]]) -> int:
    """The clean offset of a gold mention. Raises `ValueError` where the clean text does not hold it."""
    surface, nth = row["surface"], int(row.get("nth") or 1)
    here = _occurrences(surface, line)
    if line is text:
        return here[nth - 1]
    places = [place for place in _occurrences(surface, text) if (row["table"], place) not in taken]
    if not places:
        raise ValueError(f"{surface!r} of line {row.get('line')} is not in the clean text.")
    if not here:
        return places[0]
    at = here[min(nth, len(here)) - 1]
    before, after = line[max(0, at - CONTEXT) : at], line[at + len(surface) :][:CONTEXT]
    return max(places, key=lambda place: _agreement(text, place, len(surface), before, after))


def _occurrences(surface: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(f"(?={re.escape(surface)})", text)]


def _agreement(text: str, place: int, length: int, before: str, after: str) -> int:
    """How many characters on both sides are the same, counted from the mention outwards."""
    left = _common(reversed(before), reversed(text[max(0, place - CONTEXT) : place]))
    return left + _common(after, text[place + length :][:CONTEXT])


def _common(one: Any, other: Any) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
