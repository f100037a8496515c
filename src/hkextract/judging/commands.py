"""What the commands have in common: the corpus, the decisions and the gold of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hkextract.judging.diff import Difference, compare_rules
from hkextract.judging.evaluation import Evaluation, by_gold
from hkextract.judging.judged import verdicts
from hkextract.judging.machine import Source
from hkextract.read.records import Columns
from hkextract.review.decision import Decision
from hkextract.review.log import ReviewLog, ReviewLogError
from hkextract.rules import RuleError, find_rules


class AskedError(Exception):
    """What was asked for cannot be told; the message says why and what to do."""


def manifest_of(output: Path) -> dict[str, Any]:
    """The run.json of an output folder."""
    path = output / "run.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AskedError(f"{output} holds no tables; run `hkextract run CORPUS -o {output}` first.") from None
    except (OSError, ValueError) as error:
        raise AskedError(f"{path} cannot be read ({error}); run `hkextract run CORPUS -o {output}` again.") from None
    return found


def decisions_of(output: Path) -> list[Decision]:
    """All decisions on the corpus of a run."""
    return decisions_on(Path(manifest_of(output)["corpus"]))


def decisions_on(corpus: Path) -> list[Decision]:
    """All decisions on a corpus."""
    try:
        return ReviewLog(corpus).read()
    except ReviewLogError as error:
        raise AskedError(str(error)) from None


def found_rules_of(folder: Path | None) -> Path:
    """The folder of rules that is meant."""
    try:
        return find_rules(folder)
    except RuleError as error:
        raise AskedError(str(error)) from None


def compare(corpus: Path | None, output: Path, old: Path, new: Path, jobs: int = 0) -> Difference:
    """Two folders of rules compared on a corpus, by default that of the run in a folder, read as that run read it."""
    encoding, columns = None, Columns()
    if corpus is None:
        manifest = manifest_of(output)
        corpus, encoding, columns = Path(manifest["corpus"]), manifest["encoding"], Columns(**manifest["columns"])
    if not corpus.exists():
        raise AskedError(f"There is no file or folder {corpus}; say behind the rules where the corpus is.")
    try:
        source = Source(corpus, encoding, columns, jobs)
        return compare_rules(source, old, new, verdicts(decisions_on(corpus)))
    except RuleError as error:
        raise AskedError(str(error)) from None


def judgements_by_gold(output: Path, gold: Path, corpus: Path | None) -> Evaluation:
    """A run evaluated against gold files."""
    raw = corpus or Path(manifest_of(output)["corpus"])
    try:
        return by_gold(output, gold, raw)
    except (FileNotFoundError, ValueError) as error:
        raise AskedError(str(error)) from None
