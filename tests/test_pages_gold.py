"""Cleaning of the own pages of `tests/gold/pages`, as text dumps and as saved pages: floors that are only ever raised.

The pages whose number is divisible by three are held out: no rule was written with a look at them, only the totals of
all of them together are seen, and they are tested as totals here. On the others every page must be clean by itself
but for those that a floor allows for.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hkextract.article import Article
from hkextract.clean import clean_article
from hkextract.goldset import Gold, Page, read_gold, score_page
from hkextract.read import read
from hkextract.rules import Rules, find_rules, load

PAGES = Path(__file__).parent / "gold" / "pages"
GOLD = read_gold(PAGES / "gold")
FLOORS = {
    ("text", "open"): {"clean": 0.96, "paragraphs": 0.985, "leaked": 0.002, "titles": 1.0, "dates": 1.0},
    ("html", "open"): {"clean": 0.96, "paragraphs": 0.985, "leaked": 0.002, "titles": 1.0, "dates": 1.0},
    ("text", "held"): {"clean": 0.6, "paragraphs": 0.945, "leaked": 0.02, "titles": 0.87, "dates": 0.93},
    ("html", "held"): {"clean": 0.85, "paragraphs": 0.99, "leaked": 0.02, "titles": 1.0, "dates": 0.93},
}
"""Shares of pages that are clean, of paragraphs found whole, of furniture phrases that leaked (at most), of titles and
of dates that are right."""


def is_held_out(gold: Gold) -> bool:
    return int(gold.name[1:3]) % 3 == 0


def cleaned(gold: Gold, form: str, rules: Rules) -> Page:
    path = next((PAGES / form).glob(f"{gold.name}.*"))
    article = clean_article(Article.of(read(path, path.parent)), rules)
    row = {"file": path.name, "title": article.meta.title, "published_at": article.meta.published_at}
    return score_page(gold, row, article.text.chars)


@pytest.fixture(scope="module", params=FLOORS, ids="-".join)
def totals(request: pytest.FixtureRequest) -> tuple[dict[str, float], dict[str, float]]:
    form, part = request.param
    rules = load(find_rules())
    pages = [cleaned(gold, form, rules) for gold in GOLD if is_held_out(gold) == (part == "held")]
    counts: Counter[str] = Counter()
    for page in pages:
        counts["clean"] += page.clean
        counts.update(paragraphs=page.paragraphs[0], found=page.paragraphs[1])
        counts.update(furniture=page.furniture[0], leaked=page.furniture[1])
        counts.update(asked_title=page.title is not None, titles=bool(page.title))
        counts.update(asked_date=page.date is not None, dates=bool(page.date))
    shares = {
        "clean": counts["clean"] / len(pages),
        "paragraphs": counts["found"] / counts["paragraphs"],
        "leaked": counts["leaked"] / counts["furniture"],
        "titles": counts["titles"] / counts["asked_title"],
        "dates": counts["dates"] / counts["asked_date"],
    }
    return shares, FLOORS[form, part]


@pytest.mark.parametrize("measure", ["clean", "paragraphs", "titles", "dates"])
def test_enough_is_right(totals: tuple[dict[str, float], dict[str, float]], measure: str) -> None:
    shares, floors = totals
    assert shares[measure] >= floors[measure], shares


def test_little_furniture_leaks(totals: tuple[dict[str, float], dict[str, float]]) -> None:
    shares, floors = totals
    assert shares["leaked"] <= floors["leaked"], shares


def test_every_page_has_its_gold_in_both_forms() -> None:
    names = {gold.name for gold in GOLD}
    assert len(names) >= 40
    for form in ("text", "html"):
        assert {path.stem for path in (PAGES / form).iterdir()} == names
