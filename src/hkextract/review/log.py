"""The log of decisions: a JSON object a line, only ever appended to, safe with several writers and a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from hkextract.locking import locked
from hkextract.review.decision import Decision, DecisionError
from hkextract.review.values import validate

FOLDER: Final = ".hkextract"
"""The hidden folder of a corpus; runs never read it as articles."""
NAME: Final = "reviews.jsonl"
TORN: Final = "reviews.torn"
"""Beside the log: the ends of lines whose writers were killed."""


class ReviewLogError(Exception):
    """The log cannot be read or written; the message names the file, the line and the way out."""


def log_path(corpus: Path) -> Path:
    """Where the log of a corpus lies; for a corpus that is one file, beside that file."""
    return (corpus if corpus.is_dir() or not corpus.exists() else corpus.parent) / FOLDER / NAME


class ReviewLog:
    """The log of a corpus. `path` need not exist yet; nothing is made before the first decision is."""

    def __init__(self, corpus: Path) -> None:
        self.path = log_path(corpus)

    def read(self) -> list[Decision]:
        """All decisions in the order they were written.

        The beginning of a line that a killed writer left at the end counts for nothing. `ReviewLogError` for any other
        line that is no decision.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ReviewLogError(f"{self.path} could not be read: {error.strerror or error}.") from None
        return read_lines(data, str(self.path))

    def append(self, decisions: Sequence[Decision]) -> None:
        """Writes decisions; when this returns they are on the disk.

        Raises `DecisionError` for one that could not be replayed (`values.validate`) and `ReviewLogError` where they
        cannot be written; then none is.
        """
        for decision in decisions:
            validate(decision)
        lines = [json.dumps(decision.as_json(), ensure_ascii=False) + "\n" for decision in decisions]
        data = "".join(lines).encode("utf-8", "surrogatepass")
        if not data:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_name(NAME + ".lock")):
                fresh = not self.path.exists()
                with self.path.open("ab+") as file:
                    self._heal(file.fileno())
                    _write(file.fileno(), data)
                if fresh:
                    _sync_folder(self.path.parent)
        except OSError as error:
            raise ReviewLogError(f"{self.path} could not be written: {error.strerror or error}.") from None

    def _heal(self, file: int) -> None:
        """Ends the last line where a killed writer did not; its bytes go beside the log unless they are a decision."""
        size = os.fstat(file).st_size
        if not size or _byte_at(self.path, size - 1) == b"\n":
            return
        data = self.path.read_bytes()
        last = data[data.rfind(b"\n") + 1 :]
        try:
            Decision.from_json(json.loads(last))
        except (DecisionError, ValueError, AttributeError):
            with self.path.with_name(TORN).open("ab") as aside:
                _write(aside.fileno(), last + b"\n")
            os.ftruncate(file, size - len(last))
        else:
            _write(file, b"\n")

    @property
    def torn(self) -> str:
        """A message about lines that killed writers left, empty where there are none."""
        place = self.path.with_name(TORN)
        with suppress(OSError):
            count = place.read_bytes().count(b"\n")
            return f"{count} unfinished lines of killed programs were moved from the log to {place}." if count else ""
        return ""


def read_lines(data: bytes, name: str) -> list[Decision]:
    """The decisions of a log's bytes; `name` stands in the message of a `ReviewLogError`."""
    found: dict[str, Decision] = {}
    *lines, last = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, line in enumerate([*lines, last], start=1):
        if not line.strip():
            continue
        try:
            decision = Decision.from_json(json.loads(line.decode("utf-8", "surrogatepass")))
        except (DecisionError, ValueError, AttributeError) as error:
            if number > len(lines):
                break
            if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
                raise ReviewLogError(
                    f"{name}, line {number}: two versions of the log were merged and left their marks; "
                    "delete the lines of marks and keep all others."
                ) from None
            raise ReviewLogError(
                f"{name}, line {number}: this line cannot be read ({error}); take it out of the file, or put the last "
                "good version of the file in its place."
            ) from None
        found.setdefault(decision.id, decision)
    return list(found.values())


def _write(file: int, data: bytes) -> None:
    """Writes all bytes at the end of a file and waits for the disk; takes back what it wrote where it cannot."""
    size = os.fstat(file).st_size
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    except OSError:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _byte_at(path: Path, place: int) -> bytes:
    with path.open("rb") as file:
        file.seek(place)
        return file.read(1)


def _sync_folder(folder: Path) -> None:
    """Waits until the name of a new file is on the disk, where the system can be asked to."""
    with suppress(OSError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
