"""An import as a whole: files read, what they say written to the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from hkextract.review.log import ReviewLog
from hkextract.review.reference import Reference
from hkextract.review.spreadsheet import Importer, Report
from hkextract.store import open_store


def take_in(
    files: Sequence[Path], output: Path, corpus: Path, reviewer: str, rules: Path, dry_run: bool = False
) -> Report:
    """Writes what was filled into files to the log of a corpus, unless it is a `dry_run`.

    Raises `SheetError` for a file that holds no table to review, before anything is written, and `ReviewLogError`.
    """
    log = ReviewLog(corpus)
    whole = Report()
    with open_store(corpus) as store:
        for path in files:
            reference = Reference(output, corpus, store, files)
            known = [*log.read(), *whole.decisions]
            report = Importer(reference, known, reviewer, versions(rules), names(rules)).read(path)
            whole.judged, whole.known = whole.judged + report.judged, whole.known + report.known
            whole.notes += report.notes
            whole.faults += report.faults
            whole.decisions += report.decisions
    if not dry_run:
        log.append(whole.decisions)
    return whole


def versions(folder: Path) -> Callable[[str], str]:
    """The version of a rule by its id, empty for one that the folder lacks; rules are loaded when first asked for."""

    @cache
    def known() -> Mapping[str, str]:
        from hkextract.rulebook import version_of
        from hkextract.rules import load

        return {rule.id: version_of(rule) for rule in load(folder)}

    return lambda rule: known().get(rule, "")


def names(folder: Path) -> Callable[[str], Mapping[str, str]]:
    """What the register of a folder of rules says of a name: canonical, type and parent; nothing for an unknown one."""

    @cache
    def name(text: str) -> Mapping[str, str]:
        from hkextract.extract.register import load_register
        from hkextract.orgs import FOLDER

        register = load_register(folder / FOLDER)
        body = register.bodies.get(text)
        if body is None:
            bodies = {alias.body.name: alias.body for alias in register.aliases.get(text, ()) if alias.valid_on(None)}
            body = next(iter(bodies.values())) if len(bodies) == 1 else None
        return {"canonical": body.name, "type": body.type, "parent": body.parent} if body else {}

    return name
