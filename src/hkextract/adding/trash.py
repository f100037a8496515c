"""Articles taken out of a corpus: they wait in its trash with their sidecars, and can be put back."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from hkextract.adding.files import FOLDER, CorpusFile, corpus_files
from hkextract.adding.keep import LOCK, claim
from hkextract.adding.naming import free_stems, id_key
from hkextract.clean.simplify import to_simplified
from hkextract.locking import locked
from hkextract.read.sidecar import SUFFIX

TRASH = "trash"
RECORD = "removed.json"


@dataclass(frozen=True, slots=True)
class Removed:
    """An article in the trash: the folder that holds it there, its path in the corpus, its title, and when it went.

    `sidecar` is the path of its sidecar in the corpus, empty where it had none.
    """

    folder: str
    file: str
    sidecar: str
    title: str
    removed_at: str


def remove(corpus: Path, one: CorpusFile, title: str) -> Removed:
    """Moves an article and its sidecar to the trash; a sidecar that speaks for another file too is copied."""
    trash = corpus / FOLDER / TRASH
    trash.mkdir(parents=True, exist_ok=True)
    with locked(corpus / FOLDER / LOCK):
        now = dt.datetime.now(dt.UTC)
        folder = Path(tempfile.mkdtemp(prefix=f"{now:%Y%m%d-%H%M%S-%f}-", dir=trash))
        sidecar = one.sidecar.relative_to(corpus).as_posix() if one.sidecar else ""
        gone = Removed(folder.name, one.file, sidecar, title, now.isoformat(timespec="seconds"))
        (folder / RECORD).write_text(json.dumps(asdict(gone), ensure_ascii=False) + "\n", encoding="utf-8")
        one.path.rename(folder / one.path.name)
        if one.sidecar:
            shared = any(other.sidecar == one.sidecar for other in corpus_files(corpus).values())
            (shutil.copy2 if shared else shutil.move)(one.sidecar, folder / one.sidecar.name)
    return gone


def removed(corpus: Path) -> list[Removed]:
    """What lies in the trash, what went last first."""
    found = []
    for record in (corpus / FOLDER / TRASH).glob(f"*/{RECORD}"):
        with suppress(ValueError, TypeError, OSError):
            gone = Removed(**json.loads(record.read_text(encoding="utf-8")))
            if (record.parent / Path(gone.file).name).is_file():
                found.append(gone)
    return sorted(found, key=lambda gone: gone.folder, reverse=True)


def restore(corpus: Path, gone: Removed) -> str:
    """Puts an article back with its sidecar; returns its path in the corpus.

    Where its name is taken meanwhile it gets a number behind it.
    """
    folder = corpus / FOLDER / TRASH / gone.folder
    place = corpus / gone.file
    place.parent.mkdir(parents=True, exist_ok=True)
    stem = place.name.removesuffix(place.suffix)
    with locked(corpus / FOLDER / LOCK):
        taken = {
            id_key(path.name.removesuffix(path.suffix)) for path in place.parent.iterdir() if _is_taken(path, gone)
        }
        for tried in free_stems(stem, taken):
            target = place.with_name(f"{tried}{place.suffix}")
            try:
                _put_back(folder, gone, target)
            except FileExistsError:
                continue
            break
    shutil.rmtree(folder, ignore_errors=True)
    return target.relative_to(corpus).as_posix()


def _is_taken(path: Path, gone: Removed) -> bool:
    """A sidecar that a killed restoring put back already is no hindrance."""
    return path.is_file() and not path.name.startswith(".") and path.name != Path(gone.sidecar or ".").name


def _put_back(folder: Path, gone: Removed, target: Path) -> None:
    """The sidecar first, so that no run sees the article without it."""
    sidecar = folder / Path(gone.sidecar).name if gone.sidecar else None
    beside = None
    if sidecar and sidecar.is_file():
        name = sidecar.name.removesuffix(SUFFIX)
        beside = target.with_name((target.name if name == Path(gone.file).name else target.stem) + SUFFIX)
        if beside.exists() and beside.read_bytes() == sidecar.read_bytes():
            beside = None
        else:
            claim(sidecar, beside)
    try:
        claim(folder / Path(gone.file).name, target)
    except FileExistsError:
        if beside and sidecar:
            beside.rename(sidecar)
        raise


def find_removed(wanted: str, waiting: Iterable[Removed]) -> Removed | None:
    """The article in the trash of a file name, with or without suffix, or a part of a title; of several the last."""
    known = list(waiting)
    for gone in known:
        if wanted in (gone.file, Path(gone.file).name, Path(gone.file).stem, gone.folder):
            return gone
    part = to_simplified(wanted).casefold()
    return next((gone for gone in known if part and part in to_simplified(gone.title).casefold()), None)
