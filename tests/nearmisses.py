"""Near misses made from the examples of rules: one part of an example is turned into a word that no list has."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hkextract.article import Article
from hkextract.clean.simplify import to_simplified
from hkextract.extract.matching import GUARD
from hkextract.judging.whynot import WhyNot
from hkextract.mention import Mention
from hkextract.rules import Rules

RARE = range(0x5C60, 0x5E00)
"""Characters of which most are names of hills, which no rule holds."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A text with a made-up word, the span that was an example, and what the word stands in the place of."""

    rule: str
    text: str
    span: tuple[int, int]
    part: str
    words: str
    word: str
    published_at: str = ""


def spare_characters(folder: Path) -> list[str]:
    """Characters that no rule file holds, in simplified script."""
    held = set("".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()))
    return [char for char in map(chr, RARE) if char not in held and to_simplified(char) == char]


def of_numbers(asker: WhyNot, rules: Rules, table: str, seed: int, whole: bool = False) -> Iterator[NearMiss]:
    """A near miss for each word of a list in each example of a table: one character changed, or the whole word."""
    chance, spare = random.Random(seed), spare_characters(rules.folder)
    nearest = asker.numbered[table].nearest
    for rule in rules[table].rules:
        if rule.kind == GUARD or not rule.pattern:
            continue
        for example in rule.examples:
            taken = nearest.fitting(rule, example.text, example.start, example.end) if example.start >= 0 else None
            for piece, first, last in taken or ():
                old = example.text[first:last]
                if not piece.words or old.isascii():
                    continue
                place = chance.randrange(len(old))
                new = old[:place] + chance.choice(spare) + old[place + 1 :]
                if whole:
                    new = "".join(chance.choice(spare) for _ in old)
                text = example.text[:first] + new + example.text[last:]
                published = str(example.values.get("published_at", ""))
                part = piece.top or piece.part
                yield NearMiss(rule.id, text, (example.start, example.end), part, piece.words, new, published)


def of_suffixes(rules: Rules, seed: int) -> Iterator[NearMiss]:
    """A near miss for each example of a rule for names: one character of the suffix changed."""
    chance, spare = random.Random(seed), spare_characters(rules.folder)
    table = rules["organisations"]
    heads = [(word, name) for name in ("head", "weak_head", "branch_head") for word in table.words[name]]
    for rule in table.rules:
        if rule.kind != "head":
            continue
        for example in rule.examples:
            found = [pair for pair in heads if example.surface.endswith(pair[0])]
            head, name = max(found, key=lambda pair: len(pair[0]), default=("", ""))
            if len(head) < 2:
                continue
            place = chance.randrange(len(head))
            new = head[:place] + chance.choice(spare) + head[place + 1 :]
            text = example.text[: example.end - len(head)] + new + example.text[example.end :]
            yield NearMiss(rule.id, text, (example.start, example.end), "suffix", name, new)


def still_found(asker: WhyNot, miss: NearMiss) -> bool:
    """Whether the span is a mention all the same, so that there is nothing to explain."""
    found = asker.pipeline.annotate(Article.of_text(miss.text, miss.published_at)).mentions
    mentions: Sequence[Mention] = [one for group in found.by_stage().values() for one in group]
    return any((one.start, one.end) == miss.span for one in mentions)
