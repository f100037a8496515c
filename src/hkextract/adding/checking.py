"""Whether a corpus is sound: bytes as they came, sidecars, files that cannot be read, dates, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hkextract.adding.catalogue import Entry, entries, learn
from hkextract.adding.files import corpus_files, lone_sidecars
from hkextract.adding.index import Index
from hkextract.adding.stories import Progress, doubts
from hkextract.inputs import digest_of
from hkextract.pipeline import Pipeline
from hkextract.read import ReadError
from hkextract.read.sidecar import Sidecar, load_sidecar
from hkextract.reprints import find_copies

ERROR, WARNING, COPY = "error", "warning", "copy"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: an error (the corpus is damaged), a warning, or a copy; the message says what to do."""

    level: str
    file: str
    message: str


def check(
    corpus: Path, index: Index, pipeline: Callable[[], Pipeline], progress: Progress | None = None
) -> Iterator[Finding]:
    """Everything that is not as it should be. Each file is read, for its bytes may have changed unseen."""
    files = corpus_files(corpus)
    learn(files, index, pipeline, few=None, progress=progress)
    known = entries(files, index)
    for entry in known:
        yield from _of_file(entry)
    for place in lone_sidecars(corpus):
        file = place.relative_to(corpus).as_posix()
        yield Finding(WARNING, file, "speaks for no article: there is no file of this name. Rename it, or delete it.")
    yield from _copies(index)


def _of_file(entry: Entry) -> Iterator[Finding]:
    one, facts = entry.one, entry.facts
    if not one.is_nameable:
        yield Finding(WARNING, ascii(one.file), "has a name that is no text, from an old archive; rename it.")
    try:
        sidecar = load_sidecar(one.path)
    except (ReadError, OSError) as error:
        yield Finding(ERROR, one.file, str(error))
        return
    yield from _of_bytes(entry, sidecar)
    if facts.get("status") == "failed":
        yield Finding(ERROR, one.file, str(facts["message"]))
        return
    for doubt in doubts(facts, inside=True):
        if doubt.kind in ("no date", "no article") or "records" in facts:
            yield Finding(WARNING, one.file, doubt.sentence)


def _of_bytes(entry: Entry, sidecar: Sidecar) -> Iterator[Finding]:
    """Whether a file still holds what was added."""
    stated = sidecar.values.get("sha256")
    if stated and stated != (found := digest_of(entry.one.path)):
        what = "cannot be opened" if not found else "is not what was added: its bytes have changed"
        yield Finding(
            ERROR,
            entry.one.file,
            f"{what}. Put the file back from where it came ({sidecar.values.get('added_from', 'not noted')}); if you "
            "changed it yourself, take the line sha256 out of its sidecar.",
        )


def _copies(index: Index) -> Iterator[Finding]:
    same = {}
    for first, *others in index.same_bytes_all():
        for other in others:
            same[other] = first
            yield Finding(COPY, other, f"holds the same bytes as {first}; `hkextract corpus remove` takes one away.")
    for file, copy in sorted(find_copies(list(index.sketches())).items()):
        if same.get(file) != copy.original and same.get(copy.original) != file:
            yield Finding(COPY, file, f"tells the same story as {copy.original} ({copy.overlap:.0%} of the text).")
