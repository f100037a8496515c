"""Precision, recall and F1 by table, kind and rule, from reviewers' decisions or from gold files.

A row is right where its span and all its values are. One that is not counts against precision, and the row that should
stand in its place against recall.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from hkextract.judging.intervals import Interval, bootstrap_f1, wilson
from hkextract.judging.judged import Verdict, done_articles, verdicts
from hkextract.review.decision import Decision
from hkextract.tables import FURNITURE

RIGHT, WRONG, MISSED = "right", "wrong", "missed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row that is right or wrong, or one that is missed (`rule` empty); `note` says what should stand there."""

    article_id: str
    table: str
    kind: str
    rule: str
    verdict: str
    surface: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """The figures of a table, a kind or a rule. Recall and F1 are None where nothing tells what was missed."""

    table: str
    by: str
    name: str
    right: int
    wrong: int
    missed: int
    precision: float | None
    precision_interval: Interval
    recall: float | None = None
    recall_interval: Interval | None = None
    f1: float | None = None
    f1_interval: Interval | None = None

    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class Evaluation:
    """Judgements on the rows of a run, and in words what the figures rest on.

    `whole` are the articles of which all that should have been found is known; only they count for recall and F1.
    """

    judgements: list[Judgement] = field(default_factory=list)
    whole: frozenset[str] = frozenset()
    basis: list[str] = field(default_factory=list)

    def measures(self) -> list[Measure]:
        """A measure a table, and below it one a kind and one a rule, in order of name."""
        found = []
        for table in dict.fromkeys(one.table for one in sorted(self.judgements, key=lambda one: one.table)):
            on_table = [one for one in self.judgements if one.table == table]
            found.append(self._measure(table, "table", table, on_table))
            for by in ("kind", "rule"):
                groups: dict[str, list[Judgement]] = defaultdict(list)
                for one in on_table:
                    groups[getattr(one, by)].append(one)
                found += (self._measure(table, by, name, groups[name]) for name in sorted(groups) if name)
        return found

    def _measure(self, table: str, by: str, name: str, judged: Sequence[Judgement]) -> Measure:
        counts = Counter(one.verdict for one in judged)
        right, wrong = counts[RIGHT], counts[WRONG]
        share = right / (right + wrong) if right + wrong else None
        whole = [one for one in judged if one.article_id in self.whole]
        measure = (table, by, name, right, wrong, counts[MISSED], share, wilson(right, right + wrong))
        known = Counter(one.verdict for one in whole)
        wanted = known[RIGHT] + known[MISSED]
        if by == "rule" or not whole:  # a row that is missed is no rule's
            return Measure(*measure)
        by_article = [_counts(whole, article) for article in sorted(self.whole)]
        both = 2 * known[RIGHT] + known[WRONG] + known[MISSED]
        return Measure(
            *measure,
            known[RIGHT] / wanted if wanted else None,
            wilson(known[RIGHT], wanted),
            2 * known[RIGHT] / both if both else None,
            bootstrap_f1(by_article),
        )


def _counts(judged: Iterable[Judgement], article: str) -> tuple[int, int, int]:
    """Rows of an article that are right, that were found, that should be found."""
    counts = Counter(one.verdict for one in judged if one.article_id == article)
    return counts[RIGHT], counts[RIGHT] + counts[WRONG], counts[RIGHT] + counts[MISSED]


def by_decisions(decisions: Iterable[Decision]) -> Evaluation:
    """The machine's rows as reviewers judged them.

    Recall and F1 rest on the articles that are marked as reviewed from end to end, for only there is it known what was
    missed.
    """
    decisions = list(decisions)
    found = verdicts(decisions)
    done = done_articles(decisions)
    if not found:
        return Evaluation(basis=["There are no decisions on this corpus: judge rows with `hkextract review` first."])
    judgements = [one for verdict in found for one in _of_verdict(verdict)]
    disputed = sum(verdict.state == "disputed" for verdict in found)
    added = sum(verdict.state == "added" for verdict in found)
    basis = [f"{len(found) - disputed - added} judged rows and {added} added ones, from reviewers' decisions."]
    basis.append("Precision: what the rules had found when it was judged. Rows that nobody judged count for nothing,")
    basis.append("so where only doubtful rows were judged, the true precision is higher.")
    if done:
        basis.append(f"Recall and F1: the {len(done)} articles marked as reviewed from end to end.")
    elif added:
        basis.append(
            "No article is marked as reviewed from end to end: rows were added, but how much was missed in all"
        )
        basis.append("is not known, so no recall is given. Mark articles as done in `hkextract review`.")
    else:
        basis.append("Recall is not known: nothing was added and no article is marked as reviewed from end to end.")
    if disputed:
        basis.append(f"{disputed} rows are left out, because reviewers disagree on them.")
    return Evaluation(judgements, done, basis)


def _of_verdict(verdict: Verdict) -> Iterator[Judgement]:
    """What a verdict says of the machine's row, and of the row that should stand there."""
    if verdict.state == "disputed":
        return
    machine = verdict.last.machine
    kind = machine.get("kind") or machine.get("type") or ("furniture" if verdict.table == FURNITURE.name else "")
    place = (verdict.article_id, verdict.table)
    note = "; ".join(f"{name} {value}" for name, value in verdict.values.items() if value != machine.get(name, ""))
    if verdict.after and verdict.before and verdict.after is not verdict.before:
        note = "; ".join(filter(None, (verdict.after.exact, note)))
    if verdict.state == "accepted":
        yield Judgement(*place, kind, verdict.rule, RIGHT, verdict.surface)
    elif verdict.state == "rejected":
        yield Judgement(*place, kind, verdict.rule, WRONG, verdict.surface)
    elif verdict.state == "edited":
        yield Judgement(*place, kind, verdict.rule, WRONG, verdict.surface, note)
        yield Judgement(*place, verdict.kind or kind, "", MISSED, verdict.surface, note)
    else:
        yield Judgement(*place, verdict.kind or kind, "", MISSED, verdict.surface, note)


def by_gold(output: Path, gold: Path, raw: Path) -> Evaluation:
    """A run's rows compared with gold files; raises `FileNotFoundError` or `ValueError` as `score_run` does."""
    from hkextract.goldset import score_run

    report = score_run(output, gold, raw)
    judgements = []
    for (name, table), outcome in report.outcomes.items():
        for (wanted, found), differing in zip(outcome.right, outcome.wrong, strict=True):
            rule, kind = str(found.values["rule"]), _kind(found.values)
            if not differing:
                judgements.append(Judgement(name, table, kind, rule, RIGHT, found.surface))
                continue
            note = "; ".join(f"{key} {wanted.values.get(key)}" for key in differing)
            judgements.append(Judgement(name, table, kind, rule, WRONG, found.surface, note))
            judgements.append(Judgement(name, table, _kind(wanted.values), "", MISSED, wanted.surface, note))
        for wanted, found in outcome.close:
            rule, kind = str(found.values["rule"]), _kind(found.values)
            judgements.append(Judgement(name, table, kind, rule, WRONG, found.surface, wanted.surface))
            judgements.append(Judgement(name, table, _kind(wanted.values), "", MISSED, wanted.surface, found.surface))
        for item in outcome.extra:
            rule = str(item.values["rule"])
            judgements.append(Judgement(name, table, _kind(item.values), rule, WRONG, item.surface))
        judgements += (Judgement(name, table, _kind(i.values), "", MISSED, i.surface) for i in outcome.missed)
    whole = frozenset(name for name, _ in report.outcomes)
    basis = [f"Gold of {len(whole)} articles in {gold}. A row is right where its span and its values are;"]
    basis.append("`hkextract score` counts spans and values apart.")
    if report.absent:
        basis.append(f"{len(report.absent)} articles of the gold are not in {output}: {', '.join(report.absent[:5])}.")
    return Evaluation(judgements, whole, basis)


def _kind(values: Any) -> str:
    return str(values.get("kind") or values.get("type") or "")


def lines_of(evaluation: Evaluation, *, listed: bool = False) -> Iterator[str]:
    """The figures for the terminal; listed, also every false alarm and every miss."""
    yield from evaluation.basis
    if not evaluation.judgements:
        return
    yield f"{'':<34}{'right':>6}{'wrong':>6}{'missed':>7}  {'precision':<22}{'recall':<22}{'F1':<22}".rstrip()
    for one in evaluation.measures():
        name = one.table.upper() if one.by == "table" else f"  {one.by} {one.name}"
        cells = (
            _told(one.precision, one.precision_interval),
            _told(one.recall, one.recall_interval),
            _told(one.f1, one.f1_interval),
        )
        counts = f"{one.right:>6}{one.wrong:>6}{one.missed:>7}"
        yield f"{name:<34}{counts}  {cells[0]:<22}{cells[1]:<22}{cells[2]}".rstrip()
    if listed:
        for verdict, title in ((WRONG, "False alarms and wrong rows:"), (MISSED, "Misses:")):
            yield title
            for item in evaluation.judgements:
                if item.verdict == verdict:
                    rule = f" [{item.rule}]" if item.rule else ""
                    note = f" (should be: {item.note})" if item.note and verdict == WRONG else ""
                    yield f"  {item.article_id} {item.table} {item.kind}: {item.surface}{note}{rule}"


def _told(share: float | None, interval: Interval | None) -> str:
    """`0.812 (0.700–0.890)`."""
    if share is None:
        return "–"
    return f"{share:.3f}" + (f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else "")


def write_json(evaluation: Evaluation, file: TextIO, *, listed: bool = False) -> None:
    """The figures as JSON; listed, with every judgement that is not right."""
    told: dict[str, Any] = {
        "basis": " ".join(evaluation.basis),
        "articles_reviewed_whole": sorted(evaluation.whole),
        "measures": [one.as_json() for one in evaluation.measures()],
    }
    if listed:
        wrong = (one for one in evaluation.judgements if one.verdict != RIGHT)
        told["errors"] = [{name: getattr(one, name) for name in one.__slots__} for one in wrong]
    json.dump(told, file, ensure_ascii=False, indent=1)
    file.write("\n")
