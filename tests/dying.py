"""Work for the tests of engines: a process that meets the word of doom ends itself."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from hkextract.inputs import Input


def ends(batch: Sequence[Input]) -> list[str]:
    """The ids of a batch; `doom` ends the process every time, `once` the first time that it is met."""
    for given in batch:
        if given.article_id.startswith("doom"):
            os._exit(1)
        if given.article_id.startswith("once"):
            try:
                given.path.touch(exist_ok=False)
            except FileExistsError:
                continue
            os._exit(1)
    return [given.article_id for given in batch]


def waits(batch: Sequence[Input]) -> list[str]:
    """Says which process it is in and waits for a minute."""
    for given in batch:
        given.path.write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(60)
    return []


def inputs_of(names: Sequence[str], folder: Path) -> list[Input]:
    """Inputs of the given ids, which need not be there."""
    return [Input(name, name, folder / name, "", "", 1) for name in names]


def quick(batch: Sequence[Input]) -> list[int]:
    """The process that does a batch."""
    return [os.getpid()] * len(batch)
