"""The sources of one command, one after the other: shown, asked about, kept, summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice

from rich.console import Console

from hkextract.adding.adder import NEW, Looked, Staged
from hkextract.adding.session import Session
from hkextract.adding.shown import as_line, print_kept, print_line, print_preview, totals
from hkextract.adding.sources import Source, SourceError, Unusable

Ask = Callable[[str], bool]
"""Puts a question to the user; true for yes."""
FOR_ONE = {"title": "--title", "url": "--url"}
"""Keys of a sidecar that can be true of one article only."""


class Flow:
    """Adds what a session is given. Without `ask` nobody is asked.

    One source is shown in full, several have a line each. With `as_json` each source is a JSON object on standard
    output, and what is meant for a reader goes to standard error.
    """

    def __init__(self, session: Session, ask: Ask | None, *, as_json: bool = False) -> None:
        self.session, self.ask, self.as_json = session, ask, as_json
        self.states: Counter[str] = Counter()
        self.console = Console(stderr=as_json, highlight=False)
        self._single = False

    def go(self, items: Iterator[Source | Unusable]) -> None:
        """Takes all sources. `SourceError` where something is said of several articles that can be true of one only."""
        first = list(islice(items, 2))
        self._single = len(first) < 2
        said = [option for key, option in FOR_ONE.items() if self.session.wishes.said.get(key)]
        if said and not self._single:
            raise SourceError(f"{said[0]} can be said of one article only; add that one by itself.")
        waiting = [staged for item in chain(first, items) if (staged := self._take(item))]
        if waiting:
            said_yes = self.ask is not None and self.ask(self._question(waiting))
            for staged in waiting:
                self._done((self.session.keep if said_yes else self.session.drop)(staged), shown=True)
        self._sum_up()

    def _take(self, item: Source | Unusable) -> Staged | None:
        """Looks at a source, and keeps it where nobody is asked; what waits for an answer is returned."""
        found = self.session.look(item)
        if isinstance(found, Looked):
            self._done(found)
            return None
        if self.ask or self._single:
            self._show(found.looked)
        if self.ask:
            return found
        if self.session.dry:
            self._done(self.session.drop(found), shown=self._single)
        else:
            self._done(self.session.keep(found), shown=self._single)
        return None

    def _show(self, looked: Looked) -> None:
        (print_preview if self._single else print_line)(looked, self.console)

    def _done(self, looked: Looked, *, shown: bool = False) -> None:
        """Tells what became of a source; one that was `shown` before is told only what has changed since."""
        self.states[looked.state] += 1
        if self.as_json:
            print(as_line(looked.as_json()), flush=True)
        elif not shown:
            print_line(looked, self.console)
        elif looked.state != NEW:
            print_kept(looked, self.console)

    def _question(self, waiting: list[Staged]) -> str:
        if self._single:
            return "Add this article?"
        doubtful = sum(bool(staged.looked.doubts) for staged in waiting)
        warned = f" ({doubtful:,} with warnings)" if doubtful else ""
        return f"Add {len(waiting):,} articles to {self.session.corpus}{warned}?"

    def _sum_up(self) -> None:
        if self.states[NEW] and not self.session.dry:
            self.console.print("Nothing was added.")
        elif not self._single or self.states[NEW]:
            self.console.print(totals(self.states, str(self.session.corpus), dry=self.session.dry), soft_wrap=True)
