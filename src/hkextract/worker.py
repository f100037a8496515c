"""The work on a batch of articles, the same whoever does it: this process, a pool of processes, a cluster."""

from __future__ import annotations

import gc
import pickle
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from itertools import compress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from hkextract import rules as rule_files
from hkextract.article import Failure, Source
from hkextract.clean.simplify import to_simplified
from hkextract.inputs import Earlier, Input
from hkextract.parts import Part, failed_part, packed, part_of, unpacked
from hkextract.pipeline import Pipeline, Result, unexpected
from hkextract.read import ReadError, read_bytes
from hkextract.read.records import BadRecord, source_of
from hkextract.read.sidecar import load_sidecar
from hkextract.recurrence import Recurrence, Scanned, scan, squeezed_lines
from hkextract.review.replay import replay
from hkextract.review.reviews import Reviews
from hkextract.rows import NOT_JUDGED
from hkextract.rules import Rules
from hkextract.steps import Steps, in_turn
from hkextract.store import kept


@dataclass(frozen=True, slots=True)
class Task:
    """What every batch of a run has in common; with `keep` parts hold what a later run can take up.

    `texts` is the folder of the output where the worker itself writes an article's texts; its part is then without.
    """

    rules: Path
    encoding: str | None = None
    recurrence: Recurrence = field(default_factory=Recurrence)
    keep: bool = False
    reviews: Reviews = field(default_factory=Reviews)
    texts: Path | None = None


class Reading(NamedTuple):
    """An article as it was read, or why it could not be: the SHA-256 of its bytes (empty for a record), its lines
    without white space and their hashes, the seconds that reading took."""

    source: Source | Failure
    digest: str
    lines: list[str]
    hashes: bytes
    seconds: float = 0.0

    def scanned(self, given: Input) -> Scanned | None:
        """What learning needs of it, None where it could not be read."""
        return None if isinstance(self.source, Failure) else Scanned(given.article_id, given.folder, self.hashes)


NO_READINGS: Mapping[str, Reading] = MappingProxyType({})


@lru_cache(maxsize=1)
def pipeline_of(rules: Rules) -> Pipeline:
    """The pipeline of rules, kept for a process that runs again and again."""
    pipeline = Pipeline(rules)
    gc.collect()
    gc.freeze()  # what is built from the rules lives as long as the process; no collection need look at it again
    return pipeline


class Worker:
    """A pipeline, and what it needs to know of the run."""

    def __init__(self, task: Task, rules: Rules | None = None) -> None:
        self.task = task
        self.pipeline = pipeline_of(rules or rule_files.load(task.rules))

    def process(self, inputs: Sequence[Input], readings: Mapping[str, Reading] = NO_READINGS) -> list[Part]:
        """The parts of a batch, in its order; `readings` are those at hand, by article id.

        A fault in one article is that article's alone.
        """
        return in_turn(self._process(given, readings.get(given.article_id)) for given in inputs)

    def _process(self, given: Input, reading: Reading | None) -> Steps[Part]:
        if given.earlier is not None:
            return (yield from self._process_again(given, given.earlier))
        reading = reading or (pickle.loads(given.reading) if given.reading else None)
        reading = reading or reading_of(given, self.task.encoding, self.pipeline.rules)
        source, digest, lines, hashes, seconds = reading
        begun = time.perf_counter() - seconds
        if isinstance(source, Failure):
            return self._failed(source, digest)
        marks = self.task.recurrence.of(given.folder, hashes)
        recurring = "\n".join(compress(lines, marks))
        known = frozenset(to_simplified(recurring).split("\n")) if recurring else frozenset()
        verdicts = self.task.reviews.verdicts(source.article_id, digest)
        result = yield from self.pipeline.processing(source, begun, known, verdicts)
        if isinstance(result, Failure):
            return self._failed(result, digest)
        return self._part(given, result, digest, hashes)

    def _process_again(self, given: Input, earlier: Earlier) -> Steps[Part]:
        """The part of an article of which an earlier run has done some stages."""
        article, mentions = unpacked(earlier.made)
        known = {stage: found for stage, found in mentions.by_stage().items() if stage not in earlier.stale}
        result = yield from self.pipeline.annotating_again(article, known)
        if isinstance(result, Failure):
            return self._failed(result, earlier.digest)
        return self._part(given, result, earlier.digest, earlier.lines)

    def _failed(self, failure: Failure, digest: str) -> Part:
        return failed_part(failure, digest, self.task.reviews.orphans(failure.article_id, digest))

    def _part(self, given: Input, result: Result, digest: str, lines: bytes) -> Part:
        decisions = self.task.reviews.of(result.article.source.article_id, digest)
        shown, judged = replay(result, decisions, digest) if decisions else (result, NOT_JUDGED)
        part = part_of(shown, digest, lines, judged)
        part = replace(part, recurring=self.task.recurrence.digest_of(given.folder, lines))
        if self.task.keep:
            part = replace(part, body_kept=kept(part.body.packed()), made=kept(packed(result)))
        return part.with_texts_in(self.task.texts) if self.task.texts else part


def reading_of(given: Input, encoding: str | None, rules: Rules | None) -> Reading:
    """Reads an article."""
    begun = time.perf_counter()
    source, digest = read_input(given, encoding, rules)
    seconds = time.perf_counter() - begun
    if isinstance(source, Failure):
        return Reading(source, digest, [], b"", seconds)
    lines = squeezed_lines(source.raw_text)
    return Reading(source, digest, lines, scan(lines), seconds)


def read_input(given: Input, encoding: str | None, rules: Rules | None) -> tuple[Source | Failure, str]:
    """An article as it was read, or why it could not be, and the SHA-256 of its bytes (empty for a record)."""
    digest = ""
    try:
        if isinstance(given.record, BadRecord):
            return Failure(given.article_id, given.file, "read", given.record.message), ""
        if given.record is not None:
            return source_of(given.record, given.file, given.article_id, rules), ""
        data = given.path.read_bytes()
        digest = sha256(data).hexdigest()
        return read_bytes(data, load_sidecar(given.path), given.article_id, given.file, encoding, rules), digest
    except ReadError as error:
        return Failure(given.article_id, given.file, "read", str(error), error.encoding), digest
    except OSError as error:
        message = f"The file could not be opened: {error.strerror or error}."
    except Exception as error:
        message = unexpected(error)
    return Failure(given.article_id, given.file, "read", message), digest
