"""Tables whose heading states the unit of their sums: (单位：百万港元).

A heading counts for the paragraphs after it that hold columns (tabs), up to the first that holds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hkextract.article import Block
from hkextract.extract import numerals
from hkextract.extract.drafts import Draft, Lexicon
from hkextract.rules import RuleSet

COLUMN = "\t"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of the numbers under it: the factor that they stand for and the ISO code, empty for 元."""

    scale: Decimal
    currency: str


class Headings:
    """Finds the headings of tables. Built once from the rules of the table of amounts."""

    def __init__(self, table: RuleSet, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._heading = table.compile("{table_heading}")

    def of_blocks(self, text: str, blocks: tuple[Block, ...]) -> Mapping[int, Heading]:
        """The heading of each block that is a row under one, by the clean offset at which the block starts."""
        headings: dict[int, Heading] = {}
        if COLUMN not in text:
            return headings
        current: Heading | None = None
        for block in blocks:
            if match := self._heading.search(text, block.start, block.end):
                scale = numerals.parse(match["scale"]) if match["scale"] else Decimal(1)
                current = Heading(scale or Decimal(1), self._lexicon.currency(match["cur"]))
            elif text.find(COLUMN, block.start, block.end) < 0:
                current = None
            if current is not None:
                headings[block.start] = current
        return headings


def under_heading(draft: Draft, heading: Heading | None) -> Draft | None:
    """A number in a cell as the sum that its heading makes of it; None where it stands under no heading."""
    if heading is None or draft.low is None:
        return None
    value = draft.low * heading.scale
    draft.low, draft.high, draft.currency = value, value, heading.currency
    return draft
