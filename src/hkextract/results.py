"""The results of a corpus from run to run: which are still good, what recurs, whether the tables still stand."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from hkextract.choice import ALL, Choice
from hkextract.engines import Engine
from hkextract.inputs import Earlier, Input, Inputs, digest_of
from hkextract.kept import package_digest
from hkextract.output import OWN
from hkextract.parts import Body, Brief, Part
from hkextract.pipeline import stage_digests
from hkextract.recurrence import Recurrence, Sample, Scanned
from hkextract.review.decision import Decision
from hkextract.review.reviews import Reviews, gathered
from hkextract.rules import Rules
from hkextract.store import Known, Store
from hkextract.tables import Row
from hkextract.worker import Task

LIBRARIES = ("opencc", "jieba", "rjieba", "spacy", "pandas")
"""Their versions stand in run.json; results of another version are made anew."""
BATCH, BATCH_BYTES = 16, 400_000
"""Articles, and bytes of them, that a worker takes at a time."""


class Results:
    """What is known of a corpus's articles while a run goes through them.

    `ids` are the articles that the run has gone through, `published` their dates of publication, `present` all that the
    corpus has of which it has heard, `digests` the digest of each file by its path, `kept` counts the articles whose
    results were good from an earlier run.
    """

    def __init__(self, store: Store, inputs: Inputs, rules: Rules, choice: Choice = ALL) -> None:
        self.store = store
        self.inputs = inputs
        self.choice = choice
        self.present: list[str] = []
        self.recurrence = Recurrence()
        self.reviews = Reviews()
        self.ids: list[str] = []
        self.published: list[str] = []
        self.digests: dict[str, str] = {}
        self.kept = 0
        self._written: bool | None = None
        versions = [f"{name} {version(name)}" for name in LIBRARIES]
        settings = (inputs.encoding, inputs.columns, sys.version)
        self._base = _digest(package_digest(), *versions, *map(repr, settings))
        self._rules = stage_digests(rules)
        self._stages = json.dumps(self._rules)
        self._state = self._new_state()

    def learn(self, engine: Engine, task: Task) -> None:
        """Learns what recurs in the corpus, reading no article whose lines are known."""
        sample = Sample()

        def unknown() -> Iterator[Input]:
            for given in self.inputs:
                if not sample.wants(given.article_id):
                    continue
                known = self._known(given)
                if known is None or "clean" in self._stale(known):
                    yield given
                elif known.lines:
                    sample.add(Scanned(given.article_id, given.folder, known.lines))

        for scanned in chain.from_iterable(engine.scan(batches(unknown()), task)):
            if scanned is not None:
                sample.add(scanned)
        self.recurrence = sample.learn()

    def good(self, given: Input) -> Known | None:
        """What is kept of an article, where it is what processing it would give; else None."""
        known = self._known(given)
        if known is None or not known.complete or known.stages != self._stages:
            return None
        return known if known.recurring == b"|".join(self._marks_now(given, known)) else None

    def with_earlier(self, given: Input) -> Input:
        """An article whose results are not good, with what an earlier run made of it, if that can be taken up."""
        known = self._known(given)
        if known is None or known.recurring.rpartition(b"|")[0] != self._marks_now(given, known)[0]:
            return given
        stale = self._stale(known)
        if "clean" in stale or not (made := self.store.made(given.article_id)):
            return given
        return replace(given, earlier=Earlier(made, stale, known.digest, known.lines))

    def _marks_now(self, given: Input, known: Known) -> tuple[bytes, bytes]:
        return self._marks(given, self.recurrence.digest_of(given.folder, known.lines), known.digest)

    def _marks(self, given: Input, recurring: bytes, digest: str) -> tuple[bytes, bytes]:
        """What beside the rules tells how an article is cleaned (what recurs in it, what reviewers keep and drop), and
        what they decided in all."""
        cleaned, judged = self.reviews.marks_of(given.article_id, digest)
        return recurring + cleaned.encode(), judged.encode()

    def _stale(self, known: Known) -> tuple[str, ...]:
        """The stages whose rules have changed since an article was processed."""
        if known.stages == self._stages:
            return ()
        then = json.loads(known.stages)
        return tuple(stage for stage, digest in self._rules.items() if then.get(stage) != digest)

    def _new_state(self) -> Any:
        choice = json.dumps(self.choice.as_json())
        return blake2b((self._base + self._stages + self.reviews.digest + choice).encode(), digest_size=16)

    def take_reviews(self, decisions: Sequence[Decision]) -> None:
        """Takes in what reviewers decided, each decision on the article that it was made on, wherever that is now."""
        paths = {name: path for path, name in self.inputs.ids.items()}

        @cache
        def digest_at(name: str) -> str:
            stamp = self.inputs.stamp_of(paths[name])
            known = self.store.known(name)
            return known.digest if known and known.stamp.partition("|")[0] == stamp else digest_of(paths[name])

        @cache
        def places() -> dict[str, str]:
            return {digest_at(name): name for name in sorted(paths, reverse=True)}

        self.reviews = gathered(decisions, paths.__contains__, digest_at, lambda digest: places().get(digest))
        self._state = self._new_state()

    def chosen(self) -> Iterator[Input]:
        """The articles that may be chosen (`Choice.takes`)."""
        self.present.clear()
        for given in self.inputs:
            self.present.append(given.article_id)
            if self.choice.takes(given):
                yield given

    def kept_part(self, given: Input, known: Known) -> tuple[Brief, Body]:
        """The results of an article that are good."""
        self.kept += 1
        brief, body = self.store.part(given.article_id)
        self.went_through(given, known.digest, brief)
        return brief, body

    def orphans(self, articles: Iterable[str]) -> list[Row]:
        """The rows of orphans.csv for decisions on other articles than these, which are all that the corpus has."""
        return self.reviews.lost(frozenset(articles), frozenset())

    def keep(self, made: Iterable[tuple[Input, Part]]) -> None:
        """Keeps new results. An article that could not be opened, or ended its process, is tried again next time."""
        rows = []
        for given, part in made:
            failed = part.brief.failure
            again = failed and (failed[0] == "process" or not (part.digest or given.record))
            base = "" if again else self._base
            rows.append((part, given.stamp, base, b"|".join(self._marks(given, part.recurring, part.digest))))
        self.store.put(rows, self._stages)

    def sketches(self) -> Iterable[tuple[str, str, bytes]]:
        """Id, date and sketch of the articles gone through; may be gone through again."""
        return _Sketches(self.store, self.ids, self.published)

    def written(self, output: Path) -> bool:
        """True where the output folder holds what the last run put there, to the file. It is looked through once."""
        if self._written is None:
            _, prints = self.store.output(str(output.resolve()))
            self._written = prints != "" and prints == _prints(output)
        return self._written

    def unchanged(self, output: Path) -> list[Brief] | None:
        """All articles, where the tables in an output folder are those that this run would write; else None."""
        state, _ = self.store.output(str(output.resolve()))
        more = self.inputs.count is not None and self.inputs.count > len(self.store)
        if more or not self.written(output):
            return None
        seen = self._new_state()
        ids = []
        for given in self.chosen():
            known = self.good(given)
            if known is None:
                return None
            if self.choice and not self.choice.takes_made(self.store.brief(given.article_id)):
                continue
            seen.update(_entry(given, known.digest))
            ids.append(given.article_id)
        return list(self.store.briefs(ids)) if seen.hexdigest() == state else None

    def finish(self, output: Path) -> None:
        """Notes what an output folder holds, and forgets articles that the corpus no longer has."""
        if self.store.lasting:
            self.store.put_output(str(output.resolve()), self._state.hexdigest(), _prints(output))
            if not self.choice:
                self.store.forget_others(self.ids)

    def _known(self, given: Input) -> Known | None:
        """What is kept of an article as it is now, made with these rules and this program."""
        known = self.store.known(given.article_id) if self.store.lasting else None
        if known is None or known.base != self._base:
            return None
        if known.stamp != given.stamp:
            own, _, sidecar = given.stamp.partition("|")
            if not own or given.record or known.stamp.partition("|")[2] != sidecar or not known.digest:
                return None
            if digest_of(given.path) != known.digest:
                return None
            self.store.restamp(given.article_id, given.stamp)
        return known

    def went_through(self, given: Input, digest: str, brief: Brief) -> None:
        """Notes that the run has come to an article, in order."""
        self.ids.append(given.article_id)
        self.published.append(sys.intern(brief.published_at))  # many share one
        self._state.update(_entry(given, digest))
        if given.record is None:
            self.digests[given.file] = digest
        elif given.folder not in self.digests:  # the folder of a record is its file
            self.digests[given.folder] = self._digest_of_records(given.path, given.folder)

    def _digest_of_records(self, path: Path, file: str) -> str:
        stamp = self.inputs.stamp_of(path)
        known = self.store.digest(file, stamp) or digest_of(path)
        self.store.put_digest(file, stamp, known)
        return known


class _Sketches:
    def __init__(self, store: Store, ids: list[str], published: list[str]) -> None:
        self._store, self._ids, self._published = store, ids, published

    def __iter__(self) -> Iterator[tuple[str, str, bytes]]:
        for name, date, sketch in zip(self._ids, self._published, self._store.sketches(self._ids), strict=True):
            if sketch:
                yield name, date, sketch


def batches(inputs: Iterable[Input]) -> Iterator[list[Input]]:
    """Articles in batches of a size that is worth sending to a worker."""
    batch: list[Input] = []
    size = 0
    for given in inputs:
        batch.append(given)
        size += given.size
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _entry(given: Input, digest: str) -> bytes:
    sidecar = given.stamp.partition("|")[2]
    return "\0".join((given.article_id, digest or given.stamp, sidecar, "")).encode("utf-8", "surrogatepass")


def _prints(output: Path) -> str:
    """A digest of the names, sizes and times of what a run wrote into a folder; empty where there is nothing."""
    if not (output / "run.json").is_file():
        return ""
    found = []
    for name in sorted(OWN):
        place = output / name
        if place.is_dir():
            with os.scandir(place) as entries:
                found += [_print(f"{name}/{entry.name}", entry.stat()) for entry in sorted(entries, key=_name)]
        elif place.is_file():
            found.append(_print(f"{name}/{name}", place.stat()))
    return _digest(*found)


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _print(name: str, found: os.stat_result) -> str:
    return f"{name} {found.st_size} {found.st_mtime_ns}"
