"""Writes decisions to a log as fast as it can, and says which are acknowledged. Killed by a test."""

from __future__ import annotations

import sys
from pathlib import Path

from hkextract.review.decision import Decision, new_id, now
from hkextract.review.log import ReviewLog


def write(corpus: Path, reviewer: str, times: int) -> None:
    """Three decisions at a time, of lines of many lengths."""
    log = ReviewLog(corpus)
    for number in range(times):
        comment = f"第{number}条" * (1 + number % 40)
        made = [Decision(new_id(), now(), reviewer, "comment", "a", table="amounts", comment=comment) for _ in range(3)]
        log.append(made)
        print(*(decision.id for decision in made), flush=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
