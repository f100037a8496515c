"""Turns: every few articles a run stops its clock, and other tools read the text of the same articles.

So ours and theirs take turns all the way through, and whatever else the machine does meets both alike.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from hkextract.article import Source
from hkextract.bench.rivals import Loaded
from hkextract.clean.simplify import to_simplified
from hkextract.inputs import find_files
from hkextract.read import read
from hkextract.run import Summary

STRETCH = 32
"""Articles between two turns of the others: a multiple of a run's batch, so that no article counts in a wrong turn."""


@dataclass
class Turn:
    """What a rival did in its turns: seconds of both, and characters, for each stretch of files."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    chars: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """A rival's speed, and how many times as fast ours is: over all, and in the slowest and fastest tenth of turns."""

    name: str
    does: str
    version: str
    chars: int
    speed: float
    ratio: float
    low: float
    high: float
    stage_only: bool


class Turns:
    """Lets the rivals read what the run has just done; the run calls `take` after every article."""

    def __init__(self, rivals: Sequence[Loaded], root: Path) -> None:
        self.rivals, self.root = rivals, root
        self.files = find_files(root)
        self.of = {rival.rival.name: Turn() for rival in rivals}
        self.paused = 0.0
        self.ours, self.chars = 0.0, 0
        self._done = 0
        self._resumed = time.perf_counter()

    def take(self, done: int, _total: int | None) -> None:
        """After a stretch of articles a turn of every rival, unless it has used up more time than ours has."""
        if done % STRETCH and done < len(self.files):
            return
        stopped = time.perf_counter()
        files, first, self._done = self.files[self._done : done], self._done == 0, done
        if not first or done == len(self.files):  # the first holds the loading of the rules, which all share
            self._turns(files, stopped - self._resumed)
        self._resumed = time.perf_counter()
        self.paused += self._resumed - stopped

    def _turns(self, files: Sequence[Path], ours: float) -> None:
        sources = [(path, read(path, self.root)) for path in files]
        chars = sum(len(source.raw_text) for _, source in sources)
        self.ours += ours
        self.chars += chars
        for rival in self.rivals:
            turn = self.of[rival.rival.name]
            if sum(turn.theirs) <= self.ours:
                turn.theirs.append(rival.seconds(_given(rival.rival.given, sources)))
                turn.chars.append(chars)
                turn.ours.append(ours)

    def comparisons(self, summary: Summary) -> list[Comparison]:
        """Each rival beside ours in the stretches that both read; what a run does once is shared out on ours."""
        extra = (summary.wall - self.paused) / summary.raw_chars * self.chars / self.ours
        return [_comparison(rival, self.of[rival.rival.name], extra) for rival in self.rivals]


def _comparison(rival: Loaded, turn: Turn, extra: float) -> Comparison:
    each = [theirs / (ours * extra) for ours, theirs in zip(turn.ours, turn.theirs, strict=True)]
    tenths = quantiles(each, n=10) if len(each) > 1 else each * 2
    return Comparison(
        rival.rival.name,
        rival.rival.does,
        rival.version,
        sum(turn.chars),
        sum(turn.chars) / sum(turn.theirs),
        sum(turn.theirs) / (sum(turn.ours) * extra),
        max(0.0, tenths[0]),
        tenths[-1],
        rival.rival.stage_only,
    )


def _given(form: str, sources: Sequence[tuple[Path, Source]]) -> list[str]:
    """What articles hold, in the form that a rival is given (see `Rival.given`)."""
    if form == "pages":
        return [path.read_bytes().decode(source.encoding, "replace") for path, source in sources]
    texts = [source.raw_text for _, source in sources]
    if form == "raw":
        return texts
    return [line for text in texts for line in to_simplified(text).split("\n") if line.strip()]
