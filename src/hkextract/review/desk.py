"""A review under way: what is judged, by whom, and the decisions that come of what a reviewer does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hkextract.clean.simplify import to_simplified
from hkextract.review.bulk import MOST, EqualCases, same_values
from hkextract.review.decision import (
    ARTICLES_TABLE,
    CONTEXT,
    OPINIONS,
    REVIEWED,
    RULE,
    Anchor,
    Decision,
    DecisionError,
    new_id,
    now,
)
from hkextract.review.items import Item, Items, NoTablesError, load_items, settings_of
from hkextract.review.ledger import Ledger
from hkextract.review.log import ReviewLog
from hkextract.review.queue import Queue
from hkextract.review.seen import fresh_rows
from hkextract.review.states import DISPUTED, as_found
from hkextract.review.texts import Library
from hkextract.review.values import VALUES, corrected, validate
from hkextract.rows import mention_id
from hkextract.tables import FURNITURE

BROWSER = "browser"
NAME = 60
"""Characters of a reviewer's name."""
COMMENT = 4000
"""Characters of a comment or a value."""


class DeskError(ValueError):
    """What a reviewer asked for cannot be done; `code` names the message that the page shows in its language."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """What a reviewer does with rows: `human` and `span` (of the clean text) are given with an edit."""

    action: str
    human: Mapping[str, str] | None = None
    span: tuple[int, int] | None = None
    comment: str = ""


class Desk:
    """The rows, texts and decisions of one output folder.

    `corpus` says where the raw files are, if not where run.json has it. Raises `NoTablesError` where there are no
    tables or no such corpus, `ReviewLogError` where the log has a line that cannot be read.
    """

    def __init__(self, output: Path, corpus: Path | None = None) -> None:
        settings = settings_of(output)
        self.output = output
        self.corpus = corpus or Path(settings.get("corpus", ""))
        if self.corpus == Path() or not self.corpus.exists():
            raise NoTablesError(
                f"The articles of {output} are not in {self.corpus} any more; say with --corpus where they are now."
            )
        self.items: Items = load_items(output)
        self.library = Library(output, self.corpus, settings, self.items.articles, self.items.sentences)
        self.ledger = Ledger(ReviewLog(self.corpus), self.items)
        self.queue = Queue(self.items, self.ledger, fresh_rows(self.corpus, self.items, self.ledger))
        self.cases = EqualCases(self.items)
        self.versions: Mapping[str, str] = {}
        self._of_article: dict[str, list[int]] = defaultdict(list)
        self._indexed = 0

    def item(self, number: int) -> Item:
        """A row as the rules found it; raises `DeskError` for a number that no row has."""
        if not 0 <= number < len(self.items):
            raise DeskError("gone", "There is no such row.")
        item = self.items[number]
        return as_found(item, self.ledger.of_item(number))

    def of_article(self, article_id: str) -> list[int]:
        """The rows of an article."""
        for item in self.items.items[self._indexed :]:
            self._of_article[item.article].append(item.number)
        self._indexed = len(self.items)
        return self._of_article.get(article_id, [])

    def decide(self, reviewer: str, numbers: Sequence[int], order: Order) -> list[Decision]:
        """Writes a decision on rows, in one step; returns what was written. Raises `DeskError`, `ReviewLogError`."""
        if order.action not in ("accept", "reject", "edit", "skip", "comment") or not numbers or len(numbers) > MOST:
            raise DeskError("bad", "This is no decision on a row.")
        if order.action == "comment" and not order.comment.strip():
            raise DeskError("bad", "The comment is empty.")
        first = self.item(numbers[0])
        group = new_id() if len(numbers) > 1 else ""
        rows = [self.item(number) for number in numbers]
        made = [self._decision(reviewer, row, order, first, group) for row in rows]
        self._write(made)
        return made

    def add(self, reviewer: str, article_id: str, table: str, order: Order) -> Decision:
        """Writes an addition: a stretch of the clean text that the rules missed, or that should be furniture."""
        if article_id not in self.items.articles or table not in REVIEWED or not order.span:
            raise DeskError("gone", "There is no such article.")
        anchor = self._anchor(article_id, order.span)
        human = dict(order.human or {})
        if table != FURNITURE.name:
            human = _corrected(table, human, {})
        elif human:
            raise DeskError("bad", "Furniture has no values.")
        name = mention_id(article_id, table, anchor.raw_start, anchor.raw_end, anchor.exact)
        made = self._of(reviewer, "add", article_id, table)
        made = replace(made, anchor=anchor, mention_id=name, rule=RULE, human=human, comment=order.comment)
        self._write([made])
        return made

    def finish(self, reviewer: str, article_id: str) -> Decision:
        """Writes that an article has been reviewed from end to end."""
        if article_id not in self.items.articles:
            raise DeskError("gone", "There is no such article.")
        made = self._of(reviewer, "done", article_id, ARTICLES_TABLE)
        self._write([made])
        return made

    def _write(self, made: Sequence[Decision]) -> None:
        try:
            for one in made:
                validate(one)
        except DecisionError as error:
            raise DeskError("value", str(error)) from None
        self.ledger.write(made)

    def _decision(self, reviewer: str, row: Item, order: Order, first: Item, group: str) -> Decision:
        base = self._of(reviewer, order.action, row.article, row.table)
        state = self.ledger.view(reviewer).states[row.number]
        base = replace(
            base,
            anchor=self._anchor_of(row),
            mention_id=row["mention_id"],
            rule=row["rule"],
            rule_version=self.versions.get(row["rule"], ""),
            machine={} if row["rule"] == RULE else row.values,
            comment=order.comment[:COMMENT],
            group=group,
            settles=bool(state == DISPUTED and order.action in OPINIONS),
        )
        if order.action != "edit":
            return base
        if row.is_furniture:
            raise DeskError("bad", "Furniture has no values: keep the passage or let it be dropped.")
        if not same_values(row, first):
            raise DeskError("bad", "An edit fits only rows with the same values.")
        human = _corrected(row.table, dict(order.human or {}), row.values)
        return replace(base, human=human, new=self._moved(row, order.span, first))

    def _moved(self, row: Item, span: tuple[int, int] | None, first: Item) -> Anchor | None:
        """Where an edit puts the span of a row, which is equal to the first one: the same way from its old place."""
        if span is None or span == first.clean:
            return None
        shift = row.clean[0] - first.clean[0]
        anchor = self._anchor(row.article, (span[0] + shift, span[1] + shift))
        if row.number != first.number and anchor.exact != self.library[first.article].clean[slice(*span)]:
            raise DeskError("differs", f"The text around it in {row.article} differs: edit that row by itself.")
        return anchor

    def _anchor(self, article_id: str, span: tuple[int, int]) -> Anchor:
        """The anchor of a stretch of an article's clean text."""
        texts = self.library[article_id]
        if not 0 <= span[0] < span[1] <= len(texts.clean) or not texts.clean[slice(*span)].strip():
            raise DeskError("span", "This stretch is not in the text.")
        raw = texts.raw_span(*span)
        if raw is None or texts.raw is None:
            raise DeskError("raw", "The raw file is not there; say with --corpus where the corpus is now.")
        return Anchor.at(texts.clean, span, raw, texts.raw[slice(*raw)])

    def _anchor_of(self, row: Item) -> Anchor:
        """The anchor of a row as its table has it."""
        if row.is_furniture:
            return self._anchor_of_furniture(row)
        clean = self.library[row.article].clean
        return replace(Anchor.at(clean, row.clean, row.raw, row["raw_surface"]), exact=row.surface)

    def _anchor_of_furniture(self, row: Item) -> Anchor:
        """The anchor of a dropped stretch: its quote is of the raw text, in simplified script."""
        raw = self.library[row.article].raw or ""
        around = to_simplified(raw[max(0, row.raw[0] - CONTEXT) : row.raw[1] + CONTEXT])
        before = min(CONTEXT, row.raw[0])
        length = row.raw[1] - row.raw[0]
        made = Anchor.at(around, (before, before + length), row.raw, row["text"])
        return replace(made, clean_start=-1, clean_end=-1, exact=to_simplified(row["text"]))

    def _of(self, reviewer: str, action: str, article_id: str, table: str) -> Decision:
        name = reviewer.strip()
        if not name or len(name) > NAME or not name.isprintable():
            raise DeskError("name", "Say who you are first.")
        file = self.items.articles[article_id]["file"]
        digest = self.items.digests.get(file, "")
        return Decision(new_id(), now(), name, action, article_id, file, digest, table, origin=BROWSER)


def _corrected(table: str, human: Mapping[str, str], machine: Mapping[str, str]) -> dict[str, str]:
    """All value columns of an edit or addition, checked, with what follows from them; raises `DeskError`."""
    if set(human) - set(VALUES[table]) or any(len(value) > COMMENT for value in human.values()):
        raise DeskError("bad", f"The table {table} has other columns.")
    try:
        return corrected(table, machine, {name: value.strip() for name, value in human.items()})
    except DecisionError as error:
        raise DeskError("value", str(error)) from None
