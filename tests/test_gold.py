"""The whole path against gold: floors that are only ever raised.

The articles whose number is divisible by three (`held`) were not used to write rules; the seed articles are real ones
that belong to their publishers and are tested where they stand beside the checkout.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hkextract.goldset import Report, score_run
from hkextract.rules import find_rules
from hkextract.run import Settings, run

HERE = Path(__file__).parent
FLOORS = {
    "corpus": {"amounts": (0.985, 0.98), "dates": (0.98, 0.98), "organisations": (0.92, 0.95), "text": 0.99},
    "held": {"amounts": (0.95, 0.95), "dates": (0.95, 0.95), "organisations": (0.90, 0.90), "text": 0.99},
    "seeds": {"amounts": (0.97, 0.97), "dates": (0.97, 0.97), "organisations": (0.93, 0.95), "text": 0.99},
}
"""F1 of exact spans and share of right values, a table; F1 of the clean text."""


def held_out(raw: Path, gold: Path, place: Path) -> tuple[Path, Path]:
    """The articles whose number is divisible by three, with their gold, in folders of their own."""
    (place / "raw").mkdir()
    (place / "gold").mkdir()
    for source, target in ((raw, place / "raw"), (gold, place / "gold")):
        for path in source.iterdir():
            if path.name[1:3].isdigit() and int(path.name[1:3]) % 3 == 0:
                shutil.copy2(path, target / path.name)
    return place / "raw", place / "gold"


@pytest.fixture(scope="module", params=list(FLOORS))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Report]:
    name: str = request.param
    place = tmp_path_factory.mktemp(name)
    if name == "corpus":
        raw, gold = HERE.parent / "corpus", HERE / "gold"
    elif name == "held":
        raw, gold = held_out(HERE / "articles" / "raw", HERE / "articles" / "gold", place)
    else:
        raw, gold = request.getfixturevalue("seeds"), HERE.parents[1] / "shared" / "gold"
    run(Settings(raw, place / "output", find_rules()))
    return name, score_run(place / "output", gold, raw)


def test_every_mention_is_where_it_says(report: tuple[str, Report]) -> None:
    assert report[1].misaligned == 0
    assert report[1].absent == []


@pytest.mark.parametrize("table", ["amounts", "dates", "organisations"])
def test_mentions_and_values_reach_their_floors(report: tuple[str, Report], table: str) -> None:
    name, found = report
    spans, values = FLOORS[name][table]  # type: ignore[misc]
    score = found.tables[table]
    assert score.f1 >= spans, score
    assert score.value_accuracy >= values, score


def test_the_clean_text_reaches_its_floor(report: tuple[str, Report]) -> None:
    name, found = report
    assert found.text.f1 >= FLOORS[name]["text"]  # type: ignore[operator]
    assert found.meta["kept"] == found.meta["keep"]
    assert found.meta["leaked"] <= 0.02 * found.meta["furniture"]


def test_titles_and_dates_are_right(report: tuple[str, Report]) -> None:
    assert report[1].meta["right"] == report[1].meta["asked"]
