"""The articles of a corpus with what is known of each; found by id, file name or title, filtered and sorted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkextract.adding.files import CorpusFile
from hkextract.adding.index import Facts, Index
from hkextract.adding.stories import Progress, in_batches, noted, read_stories
from hkextract.clean.simplify import to_simplified
from hkextract.pipeline import Pipeline
from hkextract.read import ReadError
from hkextract.read.sidecar import Sidecar, load_sidecar
from hkextract.store import open_store, store_path
from hkextract.tables import ARTICLES

FEW = 500
"""Files of up to `SMALL` bytes that are read on the spot for a list; of more a run makes known what they tell."""
SMALL = 5_000_000


class NotFoundError(Exception):
    """No article, or more than one, is what was asked for; the message says how to name it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a corpus. `facts` is empty where the file has not been read yet."""

    one: CorpusFile
    facts: Facts

    @property
    def title(self) -> str:
        return str(self.facts.get("title", ""))

    @property
    def date(self) -> str:
        return str(self.facts.get("published_at", ""))

    def value(self, field: str) -> Any:
        """The value of a field of `FIELDS`."""
        return FIELDS[field](self)

    def as_json(self) -> dict[str, Any]:
        """The entry as `--json` prints it."""
        return {field: self.value(field) for field in FIELDS}


FIELDS: Mapping[str, Callable[[Entry], Any]] = {
    "id": lambda entry: entry.one.article_id,
    "file": lambda entry: entry.one.file,
    "date": lambda entry: entry.date,
    "source": lambda entry: entry.facts.get("source", ""),
    "title": lambda entry: entry.title,
    "author": lambda entry: entry.facts.get("author", ""),
    "url": lambda entry: entry.facts.get("url", ""),
    "script": lambda entry: entry.facts.get("script", ""),
    "status": lambda entry: entry.facts.get("status", "" if entry.facts else "not read"),
    "tag": lambda entry: entry.facts.get("tags", []),
    "note": lambda entry: entry.facts.get("note", ""),
    "added": lambda entry: entry.facts.get("added_at", ""),
    "from": lambda entry: entry.facts.get("added_from", ""),
    "records": lambda entry: entry.facts.get("records", 0),
    "chars": lambda entry: entry.facts.get("clean_chars", 0),
    "size": lambda entry: entry.one.size,
}
"""What an article can be listed, sorted and filtered by."""
_FILTER = re.compile(r"(\w+)\s*(>=|<=|!=|=|>|<)\s*(.*)", re.S)


def entries(files: Mapping[str, CorpusFile], index: Index) -> list[Entry]:
    """The articles of a corpus in order of path, with what the index tells of them."""
    facts = index.facts()
    return [Entry(one, facts.get(file) or {}) for file, one in files.items()]


def learn(
    files: Mapping[str, CorpusFile],
    index: Index,
    pipeline: Callable[[], Pipeline],
    few: int | None = FEW,
    progress: Progress | None = None,
) -> int:
    """Makes the index know what the files of its corpus hold; returns the number that it does not know in the end.

    What runs have kept is taken over. Other files are read, of more than `few` none (None reads any number).
    """
    unknown = {file: files[file] for file in index.refresh(files)}
    if unknown:
        known = list(_from_runs(index.corpus, unknown))
        index.tell(known)
        for one, *_ in known:
            del unknown[one.file]
    wanted = [one for one in unknown.values() if few is None or one.size <= SMALL]
    if not wanted or (few is not None and len(wanted) > few):
        return len(unknown)
    for batch in in_batches(read_stories(wanted, pipeline(), progress)):
        index.tell(batch)
    return len(unknown) - len(wanted)


def _from_runs(corpus: Path, unknown: Mapping[str, CorpusFile]) -> Iterator[tuple[CorpusFile, Facts, bytes]]:
    """What runs have kept of files, where they are still the same."""
    if not store_path(corpus).exists():
        return
    wanted = {one.article_id: one for one in unknown.values()}
    columns = [column.name for column in ARTICLES.columns]
    with open_store(corpus) as store:
        for name, stamp, brief, sketch in store.stories():
            one = wanted.get(name)
            if one is None or stamp != one.stamp:
                continue
            with suppress(ReadError, OSError):
                sidecar = load_sidecar(one.path) if one.sidecar else Sidecar()
                yield one, {**dict(zip(columns, brief.row, strict=False)), **noted(sidecar)}, sketch


def find(wanted: str, known: Iterable[Entry]) -> Entry:
    """The article of an id, a path, a file name (with or without suffix) or a part of a title, in either script.

    Raises `NotFoundError` where there is none, or several of which no one is named exactly.
    """
    known = list(known)
    plain = unicodedata.normalize("NFC", wanted)
    for names in (_exact_names, _loose_names):
        if len(exact := [entry for entry in known if plain in names(entry)]) == 1:
            return exact[0]
    part = _folded(wanted)
    found = exact or [entry for entry in known if part and part in _folded(entry.title)]
    found = found or [entry for entry in known if part and part in _folded(entry.one.file)]
    if len(found) == 1:
        return found[0]
    if found:
        few = "".join(f"\n  {entry.one.file}  {entry.title}" for entry in found[:5])
        more = f"\n  … and {len(found) - 5} more" if len(found) > 5 else ""
        raise NotFoundError(f"{wanted!r} fits {len(found)} articles; name one by its file:{few}{more}")
    raise NotFoundError(f"There is no article {wanted!r} in the corpus; `hkextract corpus list` names them all.")


def repeats_of(entry: Entry, index: Index) -> list[str]:
    """What of the corpus an article repeats, as sentences."""
    sketches = {file: found for file, _, found in index.sketches()}
    repeat = index.same_story(sketches.get(entry.one.file, b""), but=entry.one.file)
    return [f"the same story as {repeat.file} ({repeat.overlap:.0%} of the text)"] if repeat else []


def _exact_names(entry: Entry) -> tuple[str, ...]:
    one = entry.one
    return tuple(unicodedata.normalize("NFC", name) for name in (one.article_id, one.file, str(one.path)))


def _loose_names(entry: Entry) -> tuple[str, ...]:
    one = entry.one
    names = (one.path.name, one.path.stem, str(one.path.absolute()), f"./{one.path}")
    return tuple(unicodedata.normalize("NFC", name) for name in names)


def filtered(known: Iterable[Entry], filters: Iterable[str]) -> list[Entry]:
    """The articles that fit all filters: a text that stands in any field, or `field=text`, `date>=2024-12` and such.

    `ValueError` with a message for a comparison that cannot be made.
    """
    found = list(known)
    for text in filters:
        match = _FILTER.fullmatch(text)
        if match and match[1] in FIELDS:
            field, sign, value = match.groups()
            found = [entry for entry in found if _compares(entry.value(field), sign, value.strip())]
        else:
            part = _folded(text)
            found = [e for e in found if any(part in _folded(str(e.value(field))) for field in FIELDS)]
    return found


def _compares(value: Any, sign: str, wanted: str) -> bool:
    if sign in ("=", "!="):
        texts = value if isinstance(value, list) else [str(value)]
        same = any(_folded(wanted) in _folded(text) for text in texts) if wanted else not any(texts)
        return same is (sign == "=")
    if isinstance(value, int):
        try:
            one, other = float(value), float(wanted)
        except ValueError:
            raise ValueError(f"{wanted!r} is no number; write it like size>100000.") from None
        return _ordered(one, other, sign)
    return bool(value) and _ordered(str(value), wanted, sign)


def _ordered(one: Any, other: Any, sign: str) -> bool:
    if isinstance(one, str) and sign in ("<=", ">") and one.startswith(other):  # 2024-12-03 is within 2024-12
        return sign == "<="
    return bool({">": one > other, "<": one < other, ">=": one >= other, "<=": one <= other}[sign])


def in_order(known: Iterable[Entry], field: str, *, backwards: bool = False) -> list[Entry]:
    """The articles sorted by a field; those without a value stand at the end either way."""
    found = list(known)
    full = [entry for entry in found if entry.value(field) not in ("", [], 0)]
    empty = [entry for entry in found if entry.value(field) in ("", [], 0)]
    return sorted(full, key=lambda entry: entry.value(field), reverse=backwards) + empty


def _folded(text: str) -> str:
    return to_simplified(unicodedata.normalize("NFC", text)).casefold()
