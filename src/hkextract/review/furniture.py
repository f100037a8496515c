"""What reviewers decided about page furniture: passages that stay in the text, and passages that leave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from hkextract.article import Article, Block, Edit, Source
from hkextract.clean.simplify import to_simplified
from hkextract.review.anchor import Ground, NoPlaceError, Span
from hkextract.review.decision import RULE, Decision, by_target, state_of
from hkextract.tables import FURNITURE
from hkextract.text import Text

REASON: Final = "reviewer's decision"


@dataclass(frozen=True)
class Verdicts:
    """The decisions in force on an article's furniture; `digest` is that of its bytes now."""

    decisions: Sequence[Decision]
    digest: str = ""

    @cached_property
    def targets(self) -> list[tuple[str, list[Decision]]]:
        """The state of each passage, and the decisions that make it."""
        groups = by_target(d for d in self.decisions if d.table == FURNITURE.name).values()
        return [(state, group) for group in groups if (state := state_of(group))]

    def kept(self, source: Source) -> list[Span]:
        """The raw spans that belong in the text, whatever rules say."""
        ground = Ground(Article.of(source), self.digest)
        return [span for state, group in self.targets if state == "rejected" for span in raw_spans(ground, group[-1])]

    def without(self, article: Article) -> Article:
        """A cleaned article without the passages that are furniture, whatever rules say."""
        ground = Ground(article, self.digest)
        spans: list[Span] = []
        for state, group in self.targets:
            if state == "added" or (state == "accepted" and group[-1].action == "accept"):
                spans += clean_spans(ground, group[-1])
        return cut_out(article, spans)


def raw_spans(ground: Ground, decision: Decision) -> list[Span]:
    """The raw span of a passage that was dropped when it was judged; none where it has no place."""
    try:
        return [ground.raw_place(decision.anchor, decision.digest)] if decision.anchor else []
    except NoPlaceError:
        return []


def clean_spans(ground: Ground, decision: Decision) -> list[Span]:
    """Where a passage that is furniture stands in the clean text; nowhere, if it was dropped already."""
    anchor = decision.anchor
    if anchor is None:
        return []
    if decision.action == "accept":
        return [span for raw in raw_spans(ground, decision) for span in ground.article.text.clean_spans(*raw)]
    try:
        return [ground.place(anchor, decision.digest)]
    except NoPlaceError:
        return []


def dropped_by(ground: Ground, decision: Decision) -> list[Edit]:
    """The edits that dropped a passage which a reviewer takes for furniture."""
    anchor = decision.anchor
    edits = [edit for edit in ground.article.edits if edit.stage == FURNITURE.name]
    if anchor is None:
        return []
    if decision.digest == ground.digest and anchor.raw_start >= 0:
        start, end = anchor.raw_start, anchor.raw_end
        if found := [edit for edit in edits if edit.raw_start < end and edit.raw_end > start]:
            return found
    wanted = "".join(anchor.exact.split())
    return [edit for edit in edits if wanted == "".join(to_simplified(edit.before).split())]


def cut_out(article: Article, spans: Iterable[Span]) -> Article:
    """An article without some spans of its clean text, each an edit of stage furniture; paragraphs left empty go."""
    gone = sorted(spans)
    if not gone:
        return article
    parts: list[Text] = []
    blocks: list[Block] = []
    at = 0
    for block in article.blocks:
        pieces = [article.text[start:end] for start, end in _left(block, gone)]
        part = Text.join(pieces)
        if part.chars.strip():
            parts.append(part)
            blocks.append(Block(block.role, at, at + len(part)))
            at += len(part) + 1
    raw = article.source.raw_text
    edits = [
        Edit(FURNITURE.name, RULE, REASON, start, end, raw[start:end], "")
        for start, end in article.text.raw_spans(gone)
    ]
    meta = article.meta
    if meta.title and any(b.role == "title" for b in article.blocks) and not any(b.role == "title" for b in blocks):
        meta = replace(meta, title="")
    text = Text.join(parts, "\n")
    return replace(article, text=text, meta=meta, blocks=tuple(blocks), edits=(*article.edits, *edits))


def _left(block: Block, gone: Sequence[Span]) -> Iterator[Span]:
    """What is left of a paragraph, without the blanks that a cut leaves at its ends."""
    at = block.start
    for start, end in gone:
        if start < block.end and end > at:
            if at < start:
                yield at, start
            at = max(at, end)
    if at < block.end:
        yield at, block.end
