"""One command's work of adding: sources in, looked at, kept; links from a file noted, so that a break costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from hkextract.adding.adder import ADDED, FAILED, THERE, Adder, Looked, Staged, Wishes
from hkextract.adding.catalogue import learn
from hkextract.adding.fetch import Fetched, Fetcher
from hkextract.adding.index import Index
from hkextract.adding.keep import Keeper
from hkextract.adding.linkfile import LinkLog, in_turns, read_links
from hkextract.adding.sources import Source, Unusable, of_link, sources
from hkextract.adding.stories import Progress
from hkextract.rules import Rules
from hkextract.worker import pipeline_of

Say = Callable[[str], None]


class Session:
    """Adds what a command names to a corpus. Use as a context; with `dry` nothing is kept.

    `unread` counts the files of the corpus of which nothing is known. `say` tells the user what he should know beside
    the articles; `KeepError` where the corpus cannot be written to.
    """

    def __init__(
        self,
        corpus: Path,
        rules: Rules,
        wishes: Wishes,
        *,
        dry: bool = False,
        say: Say = print,
        progress: Progress | None = None,
    ) -> None:
        self.corpus, self.dry = corpus, dry
        self.unread = 0
        self.wishes, self._rules, self._say, self._progress = wishes, rules, say, progress
        self._open = ExitStack()
        self._fetcher: Fetcher | None = None
        self._links: set[str] = set()
        self._log = LinkLog(corpus)

    def __enter__(self) -> Session:
        with ExitStack() as stack:
            keeper = stack.enter_context(Keeper(self.corpus, dry=self.dry))
            index = stack.enter_context(Index(self.corpus))
            pipeline = pipeline_of(self._rules)
            if not self.dry:
                with keeper.lock():
                    pass  # takes back what a killed program left
            self._adder = Adder(keeper, index, pipeline, self.wishes)
            self.unread = learn(self._adder.files, index, lambda: pipeline, progress=self._progress)
            if self.unread:
                self._say(
                    f"{self.unread:,} files of {self.corpus} have not been read yet, so what repeats them is not "
                    f"recognised; `hkextract run {self.corpus}` reads them."
                )
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def items(self, named: Iterable[str], link_file: Path | None = None) -> Iterator[Source | Unusable]:
        """The articles of what the user names, then those of a file of links that are not done yet."""
        yield from sources(named, self._fetch)
        if link_file is None:
            return
        links = read_links(link_file)
        todo = [link for link in links if link.url not in self._log.done]
        if len(todo) < len(links):
            self._say(f"{len(links) - len(todo):,} of {len(links):,} links of {link_file} were done before.")
        self._links = {link.url for link in todo}
        for link in in_turns(todo):
            stated = {**link.stated, "tags": list(link.tags)} if link.tags else link.stated
            yield of_link(link.url, self._fetch, stated)

    def look(self, source: Source | Unusable) -> Looked | Staged:
        """Tells what a source is; `Staged` where it can be kept."""
        found = self._adder.look(source)
        return self._noted(found) if isinstance(found, Looked) else found

    def keep(self, staged: Staged) -> Looked:
        """Puts it into the corpus."""
        return self._noted(self._adder.keep(staged))

    @staticmethod
    def drop(staged: Staged) -> Looked:
        """Lets go of a source that is not to be kept."""
        staged.path.unlink(missing_ok=True)
        return staged.looked

    def _noted(self, looked: Looked) -> Looked:
        """Writes down what became of a link of a file."""
        if looked.origin in self._links and not self.dry:
            if looked.state in (ADDED, THERE):
                self._log.note(looked.origin, file=looked.file)
            elif looked.state == FAILED:
                self._log.note(looked.origin, message=looked.message)
        return looked

    def _fetch(self, url: str) -> Fetched:
        if self._fetcher is None:
            self._fetcher = self._open.enter_context(Fetcher(self._rules))
        return self._fetcher.fetch(url)
