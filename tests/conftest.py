"""What several tests need: the rules, a pipeline, the places of the corpus and of the seed articles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from hkextract.pipeline import Pipeline
from hkextract.rules import Rules, load

ROOT = Path(__file__).parents[1]

settings.register_profile("ci", derandomize=True, database=None, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "search")
"""CI tries the same examples every time; at home each run tries others, and what it finds becomes an example."""


@pytest.fixture(scope="session", autouse=True)
def _results_of_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps the results of the tests' runs apart from the user's."""
    os.environ["HKEXTRACT_RESULTS"] = str(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load(ROOT / "rules")


@pytest.fixture(scope="session")
def pipeline(rules: Rules) -> Pipeline:
    return Pipeline(rules)


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the seed articles are not beside this checkout")
    return folder
