"""A run that stays: what lands in the corpus, changes or goes is in the tables a moment later.

Changes that come together are taken together, and a file that is still being written is waited for. A turn is an
ordinary run with the results of the one before, so it costs what has changed.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import NamedTuple

from watchfiles import watch as changes_of

from hkextract import rules as rule_files
from hkextract.article import Failure
from hkextract.choice import ChoiceError
from hkextract.output import OutputError
from hkextract.review.log import log_path
from hkextract.rules import RuleError, Rules
from hkextract.run import Settings, Summary, run

TOGETHER = 400
"""Milliseconds for which changes that follow each other closely are gathered before they are looked at."""
STEP = 50
"""Milliseconds without a change that end the gathering."""
IDLE = 500
"""Milliseconds between two looks whether the corpus is still there."""
SETTLE = 0.3
"""Seconds for which a file must keep its size and time to count as written."""
PATIENCE = 10.0
"""Seconds after which a file that grows on is taken as it is; once it stops growing it is taken again."""
SHOWN = 3
"""Files of a turn that are named."""
FEW = 50
"""So many changed files are done sooner by this process, whose rules are loaded, than by several that begin."""


class Turn(NamedTuple):
    """What one turn took up: the files that changed, below the corpus, and what the run did or why it could not.

    `failures` are those that no turn before told.
    """

    files: tuple[str, ...]
    summary: Summary | None
    problem: str = ""
    failures: tuple[Failure, ...] = ()

    def __str__(self) -> str:
        """A line with the time of day, and one for each failure."""
        names = ", ".join(self.files[:SHOWN]) + (f" and {len(self.files) - SHOWN} more" * (len(self.files) > SHOWN))
        done = self.problem
        if self.summary:
            new = self.summary.articles - self.summary.kept
            done = f"{new:,} articles processed, {self.summary.articles:,} in the tables ({self.summary.wall:.1f} s)"
        failed = [f"          failed: {failure.file}: {failure.message}" for failure in self.failures]
        return "\n".join([f"{dt.datetime.now():%H:%M:%S}  {f'{names}: ' if names else ''}{done}", *failed])


def watch(settings: Settings, told: Callable[[Turn], None], stop: Event | None = None) -> None:
    """Runs now and after every change, until `stop` is set; `KeyboardInterrupt` ends it too.

    `told` is called after each turn that did something. What goes wrong in a turn is told and ends that turn alone; a
    corpus that is gone is waited for.
    """
    stop = stop or Event()
    turns = _Turns(settings)
    while not stop.is_set():
        if not settings.corpus.exists():
            told(Turn((), None, f"{settings.corpus} is gone; the tables stay as they are until it is back."))
            while not settings.corpus.exists() and not stop.wait(IDLE / 1000):
                pass
        fresh = True
        for changed in _changes(settings, stop):
            if not settings.corpus.exists():
                break
            if fresh or changed:
                settle(changed, stop)
                if turn := turns.take(changed):
                    told(turn)
            fresh = False


class _Turns:
    """Takes turns with rules that stay loaded until a rule file changes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.root = _root(settings.corpus.resolve())
        self.rules: Rules | None = None
        self.failures: frozenset[Failure] = frozenset()

    def take(self, changed: set[Path]) -> Turn | None:
        """A turn; None where it turned out that nothing had changed."""
        files = tuple(sorted(str(p.relative_to(self.root) if p.is_relative_to(self.root) else p) for p in changed))
        few = self.settings.jobs == 0 and 0 < len(changed) <= FEW
        try:
            if self.rules is None or rule_files.digest_of(self.settings.rules) != self.rules.digest:
                self.rules = rule_files.load(self.settings.rules)
            summary = run(replace(self.settings, jobs=1) if few else self.settings, rules=self.rules)
        except (RuleError, OutputError, ChoiceError) as error:
            return Turn(files, None, str(error))
        except (OSError, sqlite3.Error) as error:
            return Turn(files, None, f"the tables could not be brought up to date ({error}); the next change will.")
        told, self.failures = self.failures, frozenset(summary.failures)
        if summary.unchanged and files:
            return None
        return Turn(files, summary, failures=tuple(failure for failure in summary.failures if failure not in told))


def _changes(settings: Settings, stop: Event) -> Iterator[set[Path]]:
    """What changes that matters, as it comes, and an empty set now and then; ends when `stop` is set.

    What changes while the last set is dealt with comes with the next.
    """
    corpus, rules = settings.corpus.resolve(), settings.rules.resolve()
    matters = _filter(corpus, rules, settings.output.resolve())
    found = changes_of(
        _root(corpus),
        rules,
        watch_filter=lambda _, name: matters(Path(name)),
        debounce=TOGETHER,
        step=STEP,
        stop_event=stop,
        rust_timeout=IDLE,
        yield_on_timeout=True,
    )
    for some in found:
        yield {Path(name) for _, name in some}


def _filter(corpus: Path, rules: Path, output: Path) -> Callable[[Path], bool]:
    """Which paths matter: files of the corpus that are not hidden, decisions of its reviewers, and rules."""
    root, log = _root(corpus), log_path(corpus)
    stem = "" if corpus.is_dir() else corpus.stem

    def matters(path: Path) -> bool:
        if path == log:
            return True
        if path == root or path.is_relative_to(output):
            return False
        if path.is_relative_to(rules) and path.suffix in (".toml", ".csv"):
            return True
        if not path.is_relative_to(root):
            return False
        parts = path.relative_to(root).parts
        return parts[0].startswith(stem) and not any(part.startswith(".") for part in parts)

    return matters


def _root(corpus: Path) -> Path:
    return corpus.parent if corpus.is_file() else corpus


def settle(paths: set[Path], stop: Event) -> None:
    """Returns once none of these files has grown or changed for `SETTLE` seconds, after `PATIENCE` in any case."""
    until = time.monotonic() + PATIENCE
    before: dict[Path, tuple[int, int]] = {}
    while paths and time.monotonic() < until:
        now = {path: _state(path) for path in paths}
        if now == before or stop.wait(SETTLE):
            return
        before = now


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return found.st_size, found.st_mtime_ns
