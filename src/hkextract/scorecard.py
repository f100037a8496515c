"""A run's score against gold, as it is printed and as it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hkextract.evaluate import Score
from hkextract.goldset import Page, Report


def printed(report: Report, *, listed: bool = False) -> Iterator[str]:
    """The lines of a score in plain English; `listed` adds a line an article."""
    if report.outcomes:
        yield f"{'':<15}{'gold':>6}{'found':>7}{'right':>7}{'precision':>11}{'recall':>8}{'F1':>7}{'values right':>14}"
        for table, score in report.tables.items():
            yield (
                f"{table:<15}{score.gold:>6}{score.found:>7}{score.right:>7}{score.precision:>11.3f}{score.recall:>8.3f}"
                f"{score.f1:>7.3f}{score.value_accuracy:>14.3f}"
            )
        yield f"Rows whose raw text is not where they say: {report.misaligned}."
    if report.pages:
        yield from _pages(report)
    counts = report.meta
    yield f"Titles and dates letter by letter: {counts['right']} of {counts['asked']}."
    yield f"Phrases that must stay and are there: {_of(counts['kept'], counts['keep'])}."
    yield f"Furniture that leaked: {_of(counts['leaked'], counts['furniture'])}."
    if report.absent:
        yield f"Not in the output: {', '.join(report.absent)}."
    if listed:
        yield ""
        yield f"{'article':<40}{'kept':>7}{'foreign':>9}  clean  title  date"
        for name, page in sorted(report.pages.items(), key=lambda item: (item[1].clean, item[0])):
            yield _row(name, page)


def as_json(report: Report) -> dict[str, Any]:
    """The same as plain values, with the counts that the printed shares come from."""
    return {
        "tables": {table: _score(score) for table, score in report.tables.items()} if report.outcomes else {},
        "text": _score(report.text),
        "pages": {
            name: {
                "kept": page.kept,
                "foreign": page.foreign,
                "clean": page.clean,
                "title": page.title,
                "date": page.date,
                "paragraphs": page.paragraphs[0],
                "paragraphs_kept": page.paragraphs[1],
                "furniture": page.furniture[0],
                "leaked": page.furniture[1],
            }
            for name, page in report.pages.items()
        },
        "meta": dict(report.meta),
        "misaligned": report.misaligned,
        "absent": report.absent,
    }


def _pages(report: Report) -> Iterator[str]:
    pages = list(report.pages.values())
    titles = [page.title for page in pages if page.title is not None]
    dates = [page.date for page in pages if page.date is not None]
    yield (
        f"Clean text: {report.text.recall:.1%} of the gold kept, {1 - report.text.precision:.1%} of the text foreign "
        f"(F1 {report.text.f1:.3f})."
    )
    clean = sum(page.clean for page in pages)
    yield f"Clean articles (at least 95 % kept, at most 5 % foreign): {clean} of {len(pages)}."
    yield f"Titles right: {sum(titles)} of {len(titles)}. Days right: {sum(dates)} of {len(dates)}."
    found, whole = (sum(page.paragraphs[i] for page in pages) for i in (1, 0))
    yield f"Paragraphs kept whole: {_of(found, whole)}."


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({part / whole:.1%})" if whole else "")


def _row(name: str, page: Page) -> str:
    words = {None: "–", True: "right", False: "wrong"}
    clean = "yes" if page.clean else "no"
    return f"{name:<40}{page.kept:>7.1%}{page.foreign:>9.1%}  {clean:<5}  {words[page.title]:<5}  {words[page.date]}"


def _score(score: Score) -> dict[str, Any]:
    return {
        "gold": score.gold,
        "found": score.found,
        "right": score.right,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "relaxed_f1": score.relaxed_f1,
        "value_accuracy": score.value_accuracy,
        "wrong": dict(score.wrong),
    }
