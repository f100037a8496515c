"""Where a decision stands in a text as it is now: by its place where the raw text is the same, else by its words.

A quote is looked for without white space, and of several places the one counts whose neighbourhood is most like the
one that was kept. Where that leaves a doubt there is no place: a decision is never put on a wrong stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

from hkextract.article import Article
from hkextract.clean.simplify import to_simplified
from hkextract.review.decision import CONTEXT, Anchor

LIKE: Final = 0.45
"""Share of the neighbourhood that must be the same where the raw text has changed (`tests/reanchor.py` measures it)."""
NEAR: Final = 10
"""Characters on each side that count most."""
APART: Final = 0.15
"""By so much the best place must be better than the second."""
SAME_PLACE: Final = 0.25
"""Share that is enough where the bytes of the file and the words at the place are the same."""
EDGE: Final = "\x02\x03"
"""Stand for the beginning and the end of a text."""

Span = tuple[int, int]

GONE: Final = "The passage is no longer in the text."
DROPPED: Final = "The passage was dropped from the text as page furniture."
CHANGED: Final = "The passage reads differently now."
TWICE: Final = "The passage fits two places of the text equally well."
ELSEWHERE: Final = "The same words stand in the text, but their neighbourhood is another."


class NoPlaceError(Exception):
    """A decision has no place in a text; the message says why."""


@dataclass(frozen=True)
class Quoted:
    """A text in which quotes are looked for without regard to white space."""

    chars: str

    @cached_property
    def places(self) -> list[int]:
        """The offsets of the characters that are no white space."""
        return [place for place, char in enumerate(self.chars) if not char.isspace()]

    @cached_property
    def solid(self) -> str:
        return "".join(self.chars.split())

    def find(self, quote: str) -> Iterator[Span]:
        """Each place of a quote, as a span of `solid`."""
        wanted = "".join(quote.split())
        at = self.solid.find(wanted) if wanted else -1
        while at >= 0:
            yield at, at + len(wanted)
            at = self.solid.find(wanted, at + 1)

    def span(self, solid: Span) -> Span:
        """A span of `solid`, which is not empty, as one of `chars`."""
        return self.places[solid[0]], self.places[solid[1] - 1] + 1

    def likeness(self, solid: Span, anchor: Anchor) -> float:
        """How much the neighbourhood of a span of `solid` is like the one that an anchor keeps, 0 to 1."""
        before, after = _neighbours(anchor)
        left = (EDGE[0] + self.solid[: solid[0]])[-len(before) :] if before else ""
        right = (self.solid[solid[1] :] + EDGE[1])[: len(after)]
        weights = min(len(before), NEAR), min(len(after), NEAR)
        same = weights[0] * _like(before[::-1], left[::-1]) + weights[1] * _like(after, right)
        return same / sum(weights) if any(weights) else 1.0


def _neighbours(anchor: Anchor) -> tuple[str, str]:
    """What stands before and behind an anchor, without white space; shorter than `CONTEXT` only at a text's ends."""
    before, after = "".join(anchor.prefix.split()), "".join(anchor.suffix.split())
    if len(anchor.prefix) < CONTEXT:
        before = EDGE[0] + before
    if len(anchor.suffix) < CONTEXT:
        after += EDGE[1]
    return before, after


def _like(wanted: str, found: str) -> float:
    """How much of a stretch is found again, 0 to 1: half for all of it in order, half for what touches the quote, at
    which both begin."""
    if wanted == found:
        return 1.0
    if not wanted or not found:
        return 0.0
    near = min(len(wanted), NEAR)
    touching = next((n for n, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), near)
    return SequenceMatcher(None, wanted, found, autojunk=False).ratio() / 2 + min(touching, near) / near / 2


def locate(quoted: Quoted, anchor: Anchor) -> Span:
    """The span of a text that an anchor's quote fits best; `NoPlaceError` where none or several do."""
    found = sorted(((quoted.likeness(solid, anchor), solid) for solid in quoted.find(anchor.exact)), reverse=True)
    if not found:
        raise NoPlaceError(GONE)
    (best, solid), *others = found
    if best < LIKE:
        raise NoPlaceError(ELSEWHERE)
    if others and best - others[0][0] < APART and not (best == 1.0 and others[0][0] < 1.0 - APART / 3):
        raise NoPlaceError(TWICE)
    return quoted.span(solid)


@dataclass(frozen=True)
class Ground:
    """An article that decisions are put on. `digest` is that of its bytes, empty for a record."""

    article: Article
    digest: str = ""

    @cached_property
    def clean(self) -> Quoted:
        return Quoted(self.article.text.chars)

    @cached_property
    def raw(self) -> Quoted:
        """The raw text in simplified script, which keeps its length."""
        return Quoted(to_simplified(self.article.source.raw_text))

    def place(self, anchor: Anchor, digest: str) -> Span:
        """The clean span of an anchor that was made when the file's bytes had a digest; `NoPlaceError` for none."""
        if self._is_same(anchor, digest):
            return self._at(anchor)
        try:
            return locate(self.clean, anchor)
        except NoPlaceError as error:
            if str(error) == GONE and self._dropped(anchor):
                raise NoPlaceError(DROPPED) from None
            raise

    def raw_place(self, anchor: Anchor, digest: str) -> Span:
        """The raw span of an anchor on a dropped stretch, whose quote is of the raw text in simplified script."""
        raw = self.article.source.raw_text
        start, end = anchor.raw_start, anchor.raw_end
        if digest == self.digest and 0 <= start < end and raw[start:end] == anchor.raw_exact:
            return start, end
        return locate(self.raw, anchor)

    def _is_same(self, anchor: Anchor, digest: str) -> bool:
        """True where the raw text at an anchor's place is what it was."""
        raw = self.article.source.raw_text
        start, end = anchor.raw_start, anchor.raw_end
        if digest != self.digest or not 0 <= start < end or raw[start:end] != anchor.raw_exact:
            return False
        if digest and not self.article.source.is_container:
            return True
        wanted = SAME_PLACE if digest else 1.0 - APART
        return max(self._likeness(anchor)) >= wanted

    def _likeness(self, anchor: Anchor) -> Iterator[float]:
        """How much the neighbourhood of the raw place is like what it was, in the raw text and in the clean one."""
        before = len("".join(self.raw.chars[: anchor.raw_start].split()))
        length = len("".join(self.raw.chars[anchor.raw_start : anchor.raw_end].split()))
        yield self.raw.likeness((before, before + length), anchor)
        for start, end in self.article.text.clean_spans(anchor.raw_start, anchor.raw_end):
            before = len("".join(self.clean.chars[:start].split()))
            length = len("".join(self.clean.chars[start:end].split()))
            yield self.clean.likeness((before, before + length), anchor)

    def _at(self, anchor: Anchor) -> Span:
        """The clean span of an anchor's raw span."""
        text = self.article.text
        spans = text.clean_spans(anchor.raw_start, anchor.raw_end)
        wanted = "".join(anchor.exact.split())
        same = [span for span in spans if "".join(text.chars[slice(*span)].split()) == wanted]
        whole = [span for span in spans if text.raw_span(*span) == (anchor.raw_start, anchor.raw_end)]
        best = [span for span in same if span in whole] or same or self._near(anchor, spans) or whole
        if not best:
            raise NoPlaceError(CHANGED if spans else DROPPED if self._is_dropped(anchor) else GONE)
        if len(best) > 1:
            best = [span for span in best if span[0] == anchor.clean_start]
        if len(best) != 1:
            raise NoPlaceError(TWICE)
        return best[0]

    def _near(self, anchor: Anchor, spans: list[Span]) -> list[Span]:
        """Where the quote stands that has one of some spans in it: the raw span was only roughly known."""
        try:
            start, end = locate(self.clean, anchor)
        except NoPlaceError:
            return []
        return [(start, end)] if any(first < end and last > start for first, last in spans) else []

    def _is_dropped(self, anchor: Anchor) -> bool:
        edits = self.article.edits
        return any(
            e.stage == "furniture" and e.raw_start < anchor.raw_end and e.raw_end > anchor.raw_start for e in edits
        )

    def _dropped(self, anchor: Anchor) -> bool:
        """True where the words of an anchor stand in what was dropped."""
        wanted = "".join(anchor.exact.split())
        dropped = (edit.before for edit in self.article.edits if edit.stage == "furniture")
        return any(wanted in "".join(to_simplified(text).split()) for text in dropped)
