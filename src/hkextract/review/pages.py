"""What the page is told: rows, their texts, rules and decisions as plain values. Offsets count characters of a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hkextract.review.decision import OPINIONS, Decision
from hkextract.review.desk import Desk
from hkextract.review.items import Item
from hkextract.review.ledger import Reviewer
from hkextract.review.queue import FACETS, REASONS, Filter, Place
from hkextract.review.states import DISPUTED, OPEN, STATES, settling
from hkextract.review.values import VALUES

AROUND = 500
"""Characters shown on each side of a mention at first; then up to the ends of the paragraphs."""
WHOLE = 40_000
"""Characters shown on each side where the whole article is asked for."""
PAGE = 60
"""Rows of the queue that are sent at a time."""
SHOWN = 500
"""Equal cases whose sentence is sent along."""


def about(desk: Desk) -> dict[str, Any]:
    """What the page needs to know once."""
    return {
        "corpus": desk.corpus.resolve().name,
        "rows": len(desk.items),
        "articles": len(desk.items.articles),
        "reviewers": desk.ledger.reviewers,
        "columns": {table: columns for table, columns in VALUES.items() if columns},
        "choices": CHOICES,
    }


CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "amounts": {
        "kind": (
            *("money", "percent", "count", "rank", "multiple", "duration", "area", "length", "weight"),
            *("volume", "power", "data", "temperature"),
        ),
        "qualifier": ("exact", "approx", "min", "max", "range", "vague"),
        "currency_basis": ("", "stated", "declared", "inferred", "unknown"),
    },
    "dates": {
        "kind": ("date", "month", "year", "range", "quarter", "decade", "era", "set", "time"),
        "anchor": ("explicit", "relative", "context", "unresolved"),
    },
    "organisations": {
        "type": (
            *("government", "legislature", "university", "research", "company", "park_operator", "industry_body"),
            *("international", "media", "school", "hospital", "military", "party", "ngo", "other"),
        )
    },
}
"""The values that some columns may have."""


def progress(desk: Desk, view: Reviewer) -> dict[str, Any]:
    """How far a reviewer is, and whether there is something to undo."""
    counts = np.bincount(view.states, minlength=len(STATES))
    return {
        "total": len(desk.items),
        "open": int(counts[OPEN]),
        "disputed": int(counts[DISPUTED]),
        "skipped": int(counts[STATES.index("skipped")]),
        "undo": len(view.steps),
        "redo": len(view.undone),
        "done": sorted(view.done),
    }


def listed(desk: Desk, view: Reviewer, wanted: Filter, after: Place | None) -> dict[str, Any]:
    """The next rows of the queue that a filter leaves."""
    numbers = desk.queue.select(view, wanted)
    rest = numbers if after is None else desk.queue.after(view, numbers, after)
    ranks = desk.queue.ranks(view)
    rows = [row(desk, view, int(number), int(ranks[number])) for number in rest[:PAGE]]
    return {"rows": rows, "matching": len(numbers), "more": len(rest) > PAGE, "progress": progress(desk, view)}


def facets(desk: Desk, view: Reviewer, wanted: Filter) -> dict[str, Any]:
    """What there is to filter by."""
    return {name: facet(desk, view, wanted, name, "") for name in FACETS}


def facet(desk: Desk, view: Reviewer, wanted: Filter, name: str, find: str) -> dict[str, Any]:
    """The values of one facet with their counts; titles stand beside the ids of articles."""
    values, count = desk.queue.facet(view, wanted, name, find)
    titles = {value: title_of(desk, value) for value, _ in values} if name == "article" else {}
    return {"values": values, "of": count, "titles": titles}


def row(desk: Desk, view: Reviewer, number: int, rank: int | None = None) -> dict[str, Any]:
    """A row as the queue lists it."""
    item = desk.item(number)
    rank = int(desk.queue.ranks(view)[number]) if rank is None else rank
    return {
        "number": number,
        "id": item["mention_id"],
        "table": item.table,
        "article": item.article,
        "title": title_of(desk, item.article),
        "surface": item.surface[:80],
        "kind": item.kind,
        "rule": item["rule"],
        "state": STATES[view.states[number]],
        "reason": REASONS[rank],
        "place": [rank, int(desk.items.order[number])],
    }


def item(desk: Desk, view: Reviewer, number: int, *, whole: bool = False, reveal: bool = False) -> dict[str, Any]:
    """A row with everything that is needed to judge it.

    What others decided is told where they differ or it was settled, or with `reveal`.
    """
    one = desk.item(number)
    said = desk.ledger.of_item(number)
    open_to_all = reveal or view.states[number] == DISPUTED or settling(said)
    shown = [decision for decision in said if open_to_all or decision.reviewer == view.name]
    article = desk.items.articles.get(one.article, {})
    texts = desk.library[one.article] if article else None
    return row(desk, view, number) | {
        "surface": one.surface,
        "values": one.values,
        "damaged": one["damaged"] == "true",
        "cue": one["cue"],
        "meta": {name: article.get(name, "") for name in ("file", "published_at", "source", "script")},
        "done": one.article in view.done,
        "left": int(np.count_nonzero(view.states[desk.of_article(one.article)] == OPEN)),
        "clean": None if one.is_furniture or texts is None else clean_window(desk, one, texts.clean, whole),
        "raw": None if texts is None or texts.raw is None else raw_window(desk, one, texts.raw, whole),
        "said": [as_said(decision) for decision in shown],
        "equal": len(desk.cases.of(view, one)),
        "judged": {name: max(0, desk.ledger.rules[one["rule"]][name]) for name in OPINIONS},
    }


def as_said(decision: Decision) -> dict[str, Any]:
    """A decision as the page shows it."""
    moved = decision.new
    return {
        "reviewer": decision.reviewer,
        "time": decision.time,
        "action": decision.action,
        "human": dict(decision.human),
        "span": [moved.clean_start, moved.clean_end] if moved else None,
        "surface": moved.exact if moved else "",
        "comment": decision.comment,
        "settles": decision.settles,
    }


def clean_window(desk: Desk, one: Item, clean: str, whole: bool) -> dict[str, Any]:
    """The clean text around a mention, its sentence, and the other mentions there."""
    start, end = one.clean
    first, last = _window(clean, start, end, WHOLE if whole else AROUND)
    texts = desk.library[one.article]
    sentence = texts.sentence(start) if len(texts.sentences) else (start, end)
    others = [
        [*other.clean, other.table]
        for other in (desk.items[number] for number in desk.of_article(one.article))
        if other.number != one.number and not other.is_furniture and other.clean[0] < last and first < other.clean[1]
    ]
    return {"text": clean[first:last], "offset": first, "length": len(clean), "span": [start, end]} | {
        "sentence": sentence,
        "others": sorted(others),
    }


def raw_window(desk: Desk, one: Item, raw: str, whole: bool) -> dict[str, Any]:
    """The raw text around a row; `stale` where it is no longer what the run read. Around furniture the other stretches
    that were dropped are told."""
    start, end = one.raw
    first, last = _window(raw, start, end, WHOLE if whole else AROUND)
    dropped = [
        [*other.raw, other.table]
        for other in (desk.items[number] for number in (desk.of_article(one.article) if one.is_furniture else ()))
        if other.number != one.number and other.is_furniture and other.raw[0] < last and first < other.raw[1]
    ]
    expected = one["text"] if one.is_furniture else one["raw_surface"]
    return {"text": raw[first:last], "offset": first, "length": len(raw), "span": [start, end]} | {
        "others": sorted(dropped),
        "stale": raw[start:end] != expected,
    }


def equal_cases(desk: Desk, view: Reviewer, number: int, wanted: Filter) -> dict[str, Any]:
    """The undecided rows with the same words and rule, within the filter as far as decisions do not bear on it."""
    one = desk.item(number)
    within = set(desk.queue.select(view, wanted.without("status", "reason", "reviewer")).tolist())
    equal = desk.cases.of(view, one)
    found = [other for other in equal if other in within]
    return {
        "rows": [equal_case(desk, one, desk.item(other)) for other in found[:SHOWN]],
        "numbers": found,
        "outside": len(equal) - len(found),
    }


def equal_case(desk: Desk, one: Item, other: Item) -> dict[str, Any]:
    """An equal case with its sentence and what tells it apart from the one at hand."""
    differs = {name: value for name, value in other.values.items() if value != one.values[name]}
    told = {"number": other.number, "article": other.article, "title": title_of(desk, other.article)}
    if other.is_furniture:
        return told | {"before": "", "surface": other.surface[:200], "after": "", "differs": {}}
    texts, (start, end) = desk.library[other.article], other.clean
    first, last = texts.sentence(start) if len(texts.sentences) else (start, end)
    before, after = texts.clean[max(first, start - 40) : start], texts.clean[end : min(last, end + 40)]
    return told | {"before": before, "surface": other.surface, "after": after, "differs": differs}


def title_of(desk: Desk, article_id: str) -> str:
    """The title of an article, else its id."""
    return desk.items.articles.get(article_id, {}).get("title") or article_id


def _window(text: str, start: int, end: int, around: int) -> tuple[int, int]:
    """A stretch with so many characters on each side, widened to the ends of its paragraphs where these are near."""
    first, last = max(0, start - around), min(len(text), end + around)
    line = text.rfind("\n", max(0, first - around), first) + 1
    near = text.find("\n", last, last + around)
    if line or first <= around:
        first = line
    if near >= 0 or last + around >= len(text):
        last = near if near >= 0 else len(text)
    return first, last
