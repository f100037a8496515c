"""Changing what a sidecar says: written whole or not at all, and only if it can be read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hkextract.adding.files import CorpusFile, corpus_files
from hkextract.adding.keep import on_disk
from hkextract.read.sidecar import parse_sidecar, sidecar_places
from hkextract.read.sidecartext import sidecar_text


def text_to_edit(one: CorpusFile) -> str:
    """The sidecar of an article as it is; a blank one to fill in where it has none, or none that is UTF-8."""
    if one.sidecar is None:
        return sidecar_text(one.path.name, {})
    return one.sidecar.read_bytes().decode("utf-8-sig", "replace")


def save(corpus: Path, one: CorpusFile, text: str) -> Path:
    """Writes the sidecar of an article; raises `ReadError`, and writes nothing, where the text is at fault."""
    place = one.sidecar or _new_place(corpus, one)
    data = text.encode("utf-8")
    parse_sidecar(data, place.name)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        on_disk(new)
        new.chmod(one.path.stat().st_mode & 0o666)
        new.replace(place)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return place


def _new_place(corpus: Path, one: CorpusFile) -> Path:
    """The short name, unless it would speak for another file too."""
    own, short = sidecar_places(one.path)
    others = (other for other in corpus_files(corpus).values() if other.path != one.path)
    return own if any(sidecar_places(other.path)[1] == short for other in others) else short
