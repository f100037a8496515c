"""A real Chromium for the tests of the review page. Without one they are skipped, except where CI=true."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from reviewing import Served, copied, make_tables, served, write_corpus

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
Opened = Callable[..., Page]


def is_fault(message: ConsoleMessage) -> bool:
    """Whether a script complains; that the server refused something the page tells by itself."""
    return message.type == "error" and "Failed to load resource" not in message.text


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file: while one runs, no other test can have an event loop of its own."""
    place = next((found for name in NAMES if (found := shutil.which(name))), None)
    if place is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium: .ci/browser installs it.")
        pytest.skip("there is no Chromium here; .ci/browser installs it")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("reviewed")
    corpus = write_corpus(folder / "corpus")
    return corpus, make_tables(corpus, folder / "output")


@pytest.fixture
def server(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr("hkextract.review.seen.user_cache_path", lambda *_, **__: tmp_path / "cache")
    corpus, output = copied(made, tmp_path)
    with served(output, corpus) as running:
        yield running


@pytest.fixture
def opened(browser: Browser, server: Served) -> Iterator[Opened]:
    """Opens the page for a reviewer; an error in a script of it fails the test."""
    faults: list[str] = []
    contexts = []

    def make(
        name: str = "Chan",
        language: str = "en",
        scheme: str = "light",
        size: tuple[int, int] = (1440, 900),
        place: str = "",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            locale=language,
        )
        contexts.append(context)
        host = f"http://{server.place}"
        cookies = {"language": language} | ({"reviewer": name} if name else {})
        context.add_cookies(
            [{"name": f"hkextract-{key}", "value": value, "url": host} for key, value in cookies.items()]
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        page.on("dialog", lambda dialog: faults.append(dialog.message))
        page.goto(place or server.address)
        page.wait_for_selector("#item:not([hidden]), dialog[open]")
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []
