"""What a person waits for with 100,000 rows: from a key to the next row on the screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, expect

from reviewing import Served, large_tables, served

WATCH = """() => {
  window.times = [];
  let pressed = 0;
  document.addEventListener("keydown", () => { pressed = performance.now(); }, true);
  new MutationObserver(() => { if (pressed) times.push(performance.now() - pressed); pressed = 0; })
    .observe(document.querySelector("#badges"), { childList: true });
}"""
"""Notes the milliseconds from each key to the change of the row that is shown."""


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr("hkextract.review.seen.user_cache_path", lambda *_, **__: tmp_path / "cache")
    large_tables(tmp_path / "output", tmp_path / "corpus")
    with served(tmp_path / "output", tmp_path / "corpus") as running:
        yield running


def test_a_decision_appears_within_a_tenth_of_a_second(browser: Browser, large: Served) -> None:
    """The limit is for a machine that does nothing else; what else runs lengthens it in proportion."""
    page = browser.new_page()
    page.context.add_cookies([{"name": "hkextract-reviewer", "value": "Chan", "url": f"http://{large.place}"}])
    page.goto(large.address)
    expect(page.locator("#bar-text")).to_contain_text("100,000")
    page.evaluate(WATCH)
    for count in range(1, 16):
        page.keyboard.press("a" if count % 2 else "r")
        for _ in range(1000):
            if page.evaluate("times.length") == count:
                break
            page.wait_for_timeout(10)
    times = page.evaluate("times")
    page.close()
    assert len(times) == 15
    print(f"milliseconds from key to next row: median {median(times):.0f}, longest {max(times):.0f}")
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert median(times) < 100 * busy
