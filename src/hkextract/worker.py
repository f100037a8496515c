"""The work on a batch of articles, the same whoever does it: this process, a pool of processes, a cluster."""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from hkextract import rules as rule_files
from hkextract.article import Failure, Source
from hkextract.clean.simplify import to_simplified
from hkextract.inputs import Input
from hkextract.parts import Part, failed_part, part_of
from hkextract.pipeline import Pipeline, unexpected
from hkextract.read import ReadError, read_bytes
from hkextract.read.records import BadRecord, source_of
from hkextract.read.sidecar import load_sidecar
from hkextract.recurrence import Recurrence, Scanned, scan, squeezed_lines
from hkextract.rules import Rules


@dataclass(frozen=True, slots=True)
class Task:
    """What every batch of a run has in common."""

    rules: Path
    encoding: str | None = None
    recurrence: Recurrence = field(default_factory=Recurrence)


class Worker:
    """A pipeline, and what it needs to know of the run."""

    def __init__(self, task: Task, rules: Rules | None = None) -> None:
        self.task = task
        self.pipeline = Pipeline(rules or rule_files.load(task.rules))
        gc.collect()
        gc.freeze()  # what is built from the rules lives as long as the process; no collection need look at it again

    def process(self, inputs: Sequence[Input]) -> list[Part]:
        """The parts of a batch, in its order. A fault in one article is that article's alone."""
        return [self._process(given) for given in inputs]

    def _process(self, given: Input) -> Part:
        begun = time.perf_counter()
        source, digest = read_input(given, self.task.encoding)
        if isinstance(source, Failure):
            return failed_part(source, digest)
        found = squeezed_lines(source.raw_text)
        lines = scan(found)
        marks = self.task.recurrence.of(given.folder, lines)
        recurring = frozenset(to_simplified(line) for line, mark in zip(found, marks, strict=True) if mark)
        result = self.pipeline.process(source, begun, recurring)
        if isinstance(result, Failure):
            return failed_part(result, digest)
        return part_of(result, digest, lines)


def read_input(given: Input, encoding: str | None) -> tuple[Source | Failure, str]:
    """An article as it was read, or why it could not be, and the SHA-256 of its bytes (empty for a record)."""
    if given.record is not None:
        if isinstance(given.record, BadRecord):
            return Failure(given.article_id, given.file, "read", given.record.message), ""
        return source_of(given.record, given.file, given.article_id), ""
    digest = ""
    try:
        data = given.path.read_bytes()
        digest = sha256(data).hexdigest()
        return read_bytes(data, load_sidecar(given.path), given.article_id, given.file, encoding), digest
    except ReadError as error:
        return Failure(given.article_id, given.file, "read", str(error), error.encoding), digest
    except OSError as error:
        message = f"The file could not be opened: {error.strerror or error}."
    except Exception as error:
        message = unexpected(error)
    return Failure(given.article_id, given.file, "read", message), digest


def scan_input(given: Input, encoding: str | None) -> Scanned | None:
    """An article as learning what recurs needs it, None where it cannot be read."""
    source, _ = read_input(given, encoding)
    if isinstance(source, Failure):
        return None
    return Scanned(given.article_id, given.folder, scan(squeezed_lines(source.raw_text)))
