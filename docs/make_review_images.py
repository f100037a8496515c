"""Makes the pictures of the review page in docs/images, with a Chromium that is installed (see .ci/browser).

Usage: make_review_images.py
"""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from hkextract.review.desk import Desk
from hkextract.review.knowledge import Knowledge
from hkextract.review.server import application
from hkextract.run import Settings, run

HERE = Path(__file__).parent
RULES = HERE.parent / "rules"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
TOKEN = "picture"


def serve(folder: Path) -> str:
    """A review of the articles of corpus/, in a thread; returns the page's address."""
    corpus = shutil.copytree(HERE.parent / "corpus", folder / "corpus")
    run(Settings(corpus, folder / "output", RULES, jobs=1, cache=False))
    listening = socket.create_server(("127.0.0.1", 0))
    place = f"127.0.0.1:{listening.getsockname()[1]}"
    app = application(Desk(folder / "output", corpus), Knowledge(RULES, folder / "output"), TOKEN, place)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    return f"http://{place}"


def take(page: Page, address: str, name: str, language: str, keys: tuple[str, ...]) -> None:
    """A picture of the page after some keys; the first answers are shown once the rules are loaded."""
    cookies = {"language": language, "reviewer": "Chan"}
    page.context.add_cookies(
        [{"name": f"hkextract-{key}", "value": value, "url": address} for key, value in cookies.items()]
    )
    page.goto(f"{address}/?token={TOKEN}")
    page.wait_for_selector("#rule .rule-id")
    page.fill("#search", "university-ranking" if language == "en" else "land-sale")
    page.wait_for_timeout(1000)
    page.keyboard.press("Escape")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(600)
    page.screenshot(path=HERE / "images" / name)


def main() -> None:
    """Writes review.png and review-edit.png."""
    place = next(found for name in NAMES if (found := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = serve(Path(folder))
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        options = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "reduced_motion": "reduce"}
        take(browser.new_page(**options), address, "review.png", "en", ("a", "a", "r", "a"))
        take(browser.new_page(**options), address, "review-edit.png", "zh-Hant", ("n", "n", "e", "Shift+ArrowRight"))
        browser.close()


if __name__ == "__main__":
    main()
