"""Characters that know where in the raw text they came from.

All offset arithmetic of the package happens here. Offsets are character offsets, half-open `[start, end)`;
*clean* offsets count the characters of a `Text`, *raw* offsets those of the raw text it was made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int32]


def codes(chars: str) -> NDArray[np.uint32]:
    """The code of each character.

    >>> codes("港A").tolist()
    [28207, 65]
    """
    return np.frombuffer(chars.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class Text:
    """A string of which every character carries its half-open raw span.

    Immutable: every method returns a new `Text`. Raw spans always point at the raw text, so that edits compose
    without chains of maps.

    >>> text = Text.of("創(chuàng)科局").edit([(0, 9, "創")])
    >>> text.chars, text.raw_span(0, 3)
    ('創科局', (0, 11))
    """

    __slots__ = ("_ends", "_ordered", "_starts", "chars")

    def __init__(self, chars: str, starts: Offsets, ends: Offsets, ordered: bool | None = None) -> None:
        if not len(chars) == len(starts) == len(ends):
            raise ValueError(f"{len(chars)} characters, {len(starts)} raw starts, {len(ends)} raw ends")
        self.chars = chars
        self._starts = starts
        self._ends = ends
        self._ordered = ordered

    @classmethod
    def of(cls, raw: str) -> Text:
        """The raw text itself: character i stands at raw span (i, i + 1)."""
        starts = np.arange(len(raw), dtype=np.int32)
        return cls(raw, starts, starts + np.int32(1), ordered=True)

    @classmethod
    def join(cls, parts: Iterable[Text], separator: str = "") -> Text:
        """Texts one after the other; a separator's raw span is the empty one at the end of the part before it."""
        parts = list(parts)
        if not parts:
            return cls.of("")
        starts, ends = [parts[0]._starts], [parts[0]._ends]
        for before, part in pairwise(parts):
            if separator:
                last = before._ends[-1:] if len(before) else np.zeros(1, dtype=np.int32)
                gap = last if len(separator) == 1 else last.repeat(len(separator))
                starts.append(gap)
                ends.append(gap)
            starts.append(part._starts)
            ends.append(part._ends)
        chars = separator.join([part.chars for part in parts])
        return cls(chars, np.concatenate(starts), np.concatenate(ends))

    def pick(self, parts: Iterable[Sequence[tuple[int, int]]], separator: str) -> Text:
        """Parts of several spans each, a separator of one character between the parts, as `join` puts it there.

        >>> Text.of("港口，扩建").pick([[(0, 1)], [(3, 4), (4, 5)]], "\\n").chars
        '港\\n扩建'
        """
        chars: list[str] = []
        starts: list[Offsets] = []
        ends: list[Offsets] = []
        for part in parts:
            if chars:
                gap = ends[-1][-1:]
                chars.append(separator)
                starts.append(gap)
                ends.append(gap)
            for start, end in part:
                if start < end:
                    chars.append(self.chars[start:end])
                    starts.append(self._starts[start:end])
                    ends.append(self._ends[start:end])
        if not chars:
            return Text.of("")
        return Text("".join(chars), np.concatenate(starts), np.concatenate(ends))

    def as_in(self, raw: str, places: Iterable[int], form: Callable[[str], str]) -> Text:
        """Puts the raw character back at each of the raw `places` where `form` made the one that stands there now."""
        wanted = np.isin(self._starts, np.fromiter(places, dtype=np.int32)) & (self._ends - self._starts == 1)
        chars = list(self.chars)
        for at in np.flatnonzero(wanted).tolist():
            original = raw[self._starts[at]]
            if form(original) == chars[at]:
                chars[at] = original
        return Text("".join(chars), self._starts, self._ends, self._ordered)

    def __len__(self) -> int:
        return len(self.chars)

    def __getitem__(self, part: slice) -> Text:
        return Text(self.chars[part], self._starts[part], self._ends[part], self._ordered or None)

    def edit(self, edits: Iterable[tuple[int, int, str]]) -> Text:
        """Replaces every span `(start, end, new)`; the new characters share the raw span of the old ones.

        The edits are in order and do not overlap (`ValueError`). An insertion (`start == end`) takes the empty raw
        span at that place.
        """
        edits = list(edits)
        if not edits:
            return self
        chars: list[str] = []
        starts: list[Offsets] = []
        ends: list[Offsets] = []
        at = 0
        spans = np.array(self.raw_spans([(start, end) for start, end, _ in edits]), dtype=np.int32)
        for number, (start, end, new) in enumerate(edits):
            if not at <= start <= end <= len(self.chars):
                raise ValueError(f"edit {start}:{end} is out of order or outside 0:{len(self.chars)}")
            chars += (self.chars[at:start], new)
            starts.append(self._starts[at:start])
            ends.append(self._ends[at:start])
            if new:
                shared = spans[number : number + 1]
                starts.append(shared[:, 0] if len(new) == 1 else shared[:, 0].repeat(len(new)))
                ends.append(shared[:, 1] if len(new) == 1 else shared[:, 1].repeat(len(new)))
            at = end
        chars.append(self.chars[at:])
        starts.append(self._starts[at:])
        ends.append(self._ends[at:])
        ordered = self._ordered and all(start < end for start, end, _ in edits)
        return Text("".join(chars), np.concatenate(starts), np.concatenate(ends), ordered or None)

    def delete(self, start: int, end: int) -> Text:
        return self.edit([(start, end, "")])

    def replace(self, start: int, end: int, new: str) -> Text:
        return self.edit([(start, end, new)])

    def map_chars(self, change: Callable[[str], str]) -> Text:
        """Applies a change that keeps the length (a conversion of script, of width); `ValueError` where it does not."""
        chars = change(self.chars)
        if len(chars) != len(self.chars):
            raise ValueError(f"a change of characters turned {len(self.chars)} into {len(chars)}")
        return Text(chars, self._starts, self._ends, self._ordered)

    def raw_spans(self, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The raw span of each clean span; of many at once this takes a fraction of the time."""
        if len(spans) < 8:
            return [self.raw_span(start, end) for start, end in spans]
        first, after = zip(*spans, strict=True)
        places, lasts = np.array(first, dtype=np.intp), np.array(after, dtype=np.intp)
        if (lasts <= places).any():
            return [self.raw_span(start, end) for start, end in spans]
        if self._is_ordered():
            starts, ends = self._starts[places], self._ends[lasts - 1]
        else:
            edges = np.stack((places, lasts), axis=1).ravel()
            starts = np.minimum.reduceat(np.append(self._starts, 0), edges)[::2]  # the last may end where the text does
            ends = np.maximum.reduceat(np.append(self._ends, 0), edges)[::2]
        return list(zip(starts.tolist(), ends.tolist(), strict=True))

    def _is_ordered(self) -> bool:
        """True where no character stands before one that is later in the raw text, as in a text nobody rearranged."""
        if self._ordered is None:
            starts, ends = self._starts, self._ends
            self._ordered = bool((starts[1:] >= starts[:-1]).all() and (ends[1:] >= ends[:-1]).all())
        return self._ordered

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest raw span that holds the characters `start:end`; for an empty one the place itself."""
        if start >= end:
            at = self._starts.item(start) if start < len(self.chars) else self._ends.item(-1) if len(self.chars) else 0
            return at, at
        if self._is_ordered():
            return self._starts.item(start), self._ends.item(end - 1)
        return int(self._starts[start:end].min()), int(self._ends[start:end].max())

    def clean_spans(self, raw_start: int, raw_end: int) -> list[tuple[int, int]]:
        """Where the characters stand now that come from a raw span, wholly or in part: none where it was dropped, and
        several where cleaning has parted them.

        >>> Text.of("創(chuàng)科局").edit([(0, 9, "創")]).clean_spans(3, 10)
        [(0, 2)]
        """
        inside = np.flatnonzero((self._starts < raw_end) & (self._ends > raw_start))
        if not len(inside):
            return []
        runs = np.split(inside, np.flatnonzero(np.diff(inside) > 1) + 1)
        return [(int(run[0]), int(run[-1]) + 1) for run in runs]
