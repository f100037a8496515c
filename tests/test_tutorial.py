"""Every command of the tutorial and the how-to pages is run, and prints what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from documents import FENCE, PAGES, Reader, agrees, steps
from server import serving

BY_HAND = re.compile(r"(?:python3?|py) -m venv |pip install |\. \S+/bin/activate|\S+\\Scripts\\activate|cd |mkdir |#")
"""What a reader types once and no test can: installing, and going to a folder."""


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_command_of_a_page_does_what_the_page_says(page: Path, tmp_path: Path) -> None:
    with serving() as site:
        reader = Reader(tmp_path, site.url("example/"))
        for step in steps(page):
            printed, code = reader.run(step)
            told = f"{page.name}:{step.line}: {step.command}\n{printed}"
            assert code == 0 or (code in (1, 2) and step.printed), told
            assert "Traceback" not in printed, told
            assert agrees(step.printed, printed), told


def test_no_command_of_a_page_is_left_out() -> None:
    for page in PAGES:
        for kind, block in FENCE.findall(page.read_text(encoding="utf-8")):
            if kind == "sh":
                assert all(BY_HAND.match(line) for line in block.splitlines()), f"{page.name}: {block}"
            else:
                assert kind in ("console", "toml", "csv", "text"), f"{page.name}: a block of kind {kind!r}"
