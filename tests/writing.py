"""Writes decisions to a log as fast as it can, and says which are acknowledged. Killed by a test."""

from __future__ import annotations

import sys
from pathlib import Path

from hkextract.review.decision import Decision, new_id, now
from hkextract.review.log import ReviewLog

corpus, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
log = ReviewLog(corpus)
for number in range(count):
    comment = f"第{number}条" * (1 + number % 40)
    made = [Decision(new_id(), now(), name, "comment", "a", table="amounts", comment=comment) for _ in range(3)]
    log.append(made)
    print(*(decision.id for decision in made), flush=True)
