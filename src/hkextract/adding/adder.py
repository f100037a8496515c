"""Adding articles one by one: look at each, tell what it is and whether the corpus has it, keep it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

from hkextract.adding.files import CorpusFile, corpus_files, stamp_of
from hkextract.adding.index import Facts, Index, Repeat
from hkextract.adding.keep import Keeper
from hkextract.adding.naming import article_stem, free_stems, id_key, own_stem
from hkextract.adding.sources import Arrived, Source, SourceError, Unusable, origin_of
from hkextract.adding.stories import Doubt, doubts, noted, read_story, suffix_of
from hkextract.pipeline import Pipeline
from hkextract.read import ReadError
from hkextract.read.records import is_records
from hkextract.read.sidecar import Sidecar, load_sidecar, sidecar_places
from hkextract.read.sidecar import encoding_of as sidecar_encoding
from hkextract.read.sidecar import meta_of as sidecar_meta
from hkextract.read.sidecartext import sidecar_text

SAME_PAGE = 0.95
"""Overlap from which the page of one address is the same page: what changes at each visit is not the article."""
ADDED, NEW, THERE, REFUSED, FAILED = "added", "new", "already there", "refused", "failed"
"""What became of a source; new is one that is looked at and not yet kept."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says for all sources: keys of a sidecar; whether reprints are taken, and names kept."""

    said: Mapping[str, Any] = field(default_factory=dict)
    reprints: bool = True
    own_names: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """A source that was looked at: its state, the name it has or would get, its facts and doubts, what it repeats."""

    origin: str
    state: str
    file: str = ""
    facts: Facts = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()
    repeats: Repeat | None = None
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """The source as `--json` prints it."""
        shown = {key: value for key, value in self.facts.items() if key in _TOLD}
        return {
            "origin": self.origin,
            "state": self.state,
            "file": self.file,
            **shown,
            "warnings": [doubt.sentence for doubt in self.doubts],
            "repeats": self.repeats.file if self.repeats else "",
            "overlap": self.repeats.overlap if self.repeats else None,
            "message": self.message,
        }


_TOLD = (
    "kind", "title", "published_at", "published_basis", "source", "author", "url", "script", "encoding", "raw_chars",
    "clean_chars", "furniture_chars", "repairs", "lost_chars", "amounts", "dates", "organisations", "records",
    "bad_records",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Staged:
    """A source whose bytes are on their way in, with all that keeping it needs."""

    looked: Looked
    path: Path
    suffix: str
    stem: str
    digest: str
    sketch: bytes
    values: Mapping[str, Any]


class Adder:
    """Adds articles to a corpus. Use within the contexts of its index and its keeper.

    `files` are those of the corpus at the beginning.
    """

    def __init__(self, keeper: Keeper, index: Index, pipeline: Pipeline, wishes: Wishes) -> None:
        self.corpus, self.keeper, self.index = keeper.corpus, keeper, index
        self.pipeline, self.wishes = pipeline, wishes
        self._number = 0
        self._taken: set[str] = set()
        self._print = -1
        self._seen: dict[str, str] = {}
        self.files = self._catch_up()

    def _catch_up(self) -> dict[str, CorpusFile]:
        """Takes note of the files that the corpus has now."""
        self._print = self._folder_print()
        files = corpus_files(self.corpus)
        self._taken = {one.article_id.casefold() for one in files.values()}
        return files

    def look(self, source: Source | Unusable) -> Looked | Staged:
        """Takes a source in, reads it and tells what it is; `Staged` where it can be kept.

        Whatever is wrong with it is told in `Looked.message`.
        """
        if isinstance(source, Unusable):
            return Looked(source.origin, FAILED, message=source.message)
        self._number += 1
        path = self.keeper.stage / str(self._number)
        try:
            arrived = source.copy_to(path)
            staged = self._read(source, arrived, path)
        except (SourceError, ReadError, OSError) as error:
            path.unlink(missing_ok=True)
            message = f"It could not be copied: {error.strerror}." if isinstance(error, OSError) else str(error)
            return Looked(source.origin, FAILED, message=message)
        looked = staged.looked
        if looked.state != NEW:
            staged.path.unlink(missing_ok=True)
            return looked
        self._seen.setdefault(staged.digest, looked.origin)
        return staged

    def keep(self, staged: Staged) -> Looked:
        """Puts a staged article into the corpus, unless it has come there meanwhile."""
        with self.keeper.lock():
            if self._folder_print() != self._print:
                self.index.refresh(self._catch_up())
            looked = self._compared(staged, self.index.same_bytes(staged.digest, staged.path.stat().st_size))
            if looked.state != NEW:
                staged.path.unlink()
                return looked
            values = dict(staged.values)
            if looked.repeats:
                values["note"] = _with_repeat(str(values.get("note", "")), looked.repeats)
            text = sidecar_text(f"{staged.stem}{staged.suffix}", values)
            path = self.keeper.keep(
                staged.path, staged.digest, text, free_stems(staged.stem, self._taken), staged.suffix
            )
            self._note(path, staged)
        return replace(looked, state=ADDED, file=path.name)

    def _note(self, path: Path, staged: Staged) -> None:
        """Notes in the index what was kept."""
        self._taken.add(id_key(path.name.removesuffix(path.suffix)))
        sidecar = next(place for place in sidecar_places(path) if place.exists())
        one = CorpusFile("", path.name, path, sidecar, stamp_of(path, sidecar))
        facts = {**staged.looked.facts, **noted(load_sidecar(path))}
        self.index.put(one, staged.digest, facts, staged.sketch)
        self._print = self._folder_print()

    def _read(self, source: Source, arrived: Arrived, path: Path) -> Staged:
        digest, size = _digest(path)
        origin = origin_of(source.origin)
        values = self._values(source, arrived) | {"added_at": _now(), "added_from": origin, "sha256": digest}
        suffix = suffix_of(b"" if is_records(Path(source.name)) else path.read_bytes(), source.name, arrived.media_type)
        path = path.rename(path.with_name(path.name + suffix))
        if there := self.index.same_bytes(digest, size):
            looked = Looked(source.origin, THERE, there, self.index.facts_of(there), repeats=Repeat(there, 1.0))
            return Staged(looked, path, suffix, "", digest, b"", values)
        if first := self._seen.get(digest):
            message = f"The same bytes as {first}, which comes before it."
            return Staged(Looked(source.origin, THERE, message=message), path, suffix, "", digest, b"", values)
        try:
            sidecar = Sidecar(sidecar_meta(values), sidecar_encoding(values))
        except ValueError as error:
            raise ReadError(str(error)) from None
        name = own_stem(source.name) + suffix if source.name else f"article{suffix}"
        facts, sketch = self._story(path, name, sidecar)
        stem = self._stem(source, facts)
        file = next(free_stems(stem, self._taken)) + suffix
        looked = Looked(source.origin, NEW, file, facts, tuple(doubts(facts)))
        staged = Staged(looked, path, suffix, stem, digest, sketch, values)
        return replace(staged, looked=self._compared(staged, ""))

    def _story(self, path: Path, name: str, sidecar: Sidecar) -> tuple[Facts, bytes]:
        try:
            return read_story(path, name, sidecar, self.pipeline)
        except ReadError as error:  # tells the file by the name that it has only here
            raise ReadError(str(error).replace(path.name, name)) from None
        except OSError as error:
            raise ReadError(f"The file could not be read: {error.strerror or error}.") from None

    def _compared(self, staged: Staged, same: str) -> Looked:
        """The article with what it repeats: nothing, a file of the same bytes, the same page, or the same story."""
        looked = staged.looked
        if same:
            return replace(looked, state=THERE, file=same, repeats=Repeat(same, 1.0))
        repeat = self.index.same_story(staged.sketch)
        if repeat is None:
            return replace(looked, repeats=None)
        url = looked.facts.get("url")
        if url and repeat.overlap >= SAME_PAGE and self.index.facts_of(repeat.file).get("url") == url:
            message = "The same address with the same text."
            return replace(looked, state=THERE, file=repeat.file, repeats=repeat, message=message)
        if not self.wishes.reprints:
            message = f"The same story as {repeat.file} ({repeat.overlap:.0%} of its text); not added (--no-reprints)."
            return replace(looked, state=REFUSED, file="", repeats=repeat, message=message)
        return replace(looked, repeats=repeat)

    def _values(self, source: Source, arrived: Arrived) -> dict[str, Any]:
        """The keys of the sidecar: what stood beside the file, what the server says, and the user over both."""
        found = dict(source.stated)
        if arrived.url:
            found["url"] = arrived.url
        if arrived.charset:
            found["encoding"] = arrived.charset
        said = {key: value for key, value in self.wishes.said.items() if value}
        if said.get("tags"):
            said["tags"] = list(dict.fromkeys([*Sidecar(values=found).tags, *said["tags"]]))
        return found | said

    def _stem(self, source: Source, facts: Facts) -> str:
        if source.name and (self.wishes.own_names or "records" in facts):
            return own_stem(source.name)
        date, outlet, title = (str(facts.get(key, "")) for key in ("published_at", "source", "title"))
        return article_stem(date, outlet, title, own_stem(source.name) if source.name else str(facts.get("opening")))

    def _folder_print(self) -> int:
        """What changes when files come to or go from the corpus's own folder."""
        try:
            return self.corpus.stat().st_mtime_ns
        except OSError:
            return 0


def _with_repeat(note: str, repeat: Repeat) -> str:
    told = f"The same story as {repeat.file} ({repeat.overlap:.0%} of the text)."
    return f"{note} {told}" if note else told


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest(), path.stat().st_size


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
