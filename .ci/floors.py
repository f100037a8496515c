"""Fails where a score of the seed articles lies under its floor. Floors are only ever raised.

Usage: floors.py SCORE.json
"""

import json
import sys
from pathlib import Path

FLOORS = {
    ("amounts", "f1"): 0.97,
    ("dates", "f1"): 0.97,
    ("organisations", "f1"): 0.93,
    ("amounts", "value_accuracy"): 0.95,
    ("dates", "value_accuracy"): 0.95,
    ("organisations", "value_accuracy"): 0.95,
    ("text", "f1"): 0.99,
}


def main() -> int:
    """0 where every floor is met."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    problems = [
        f"{table} {measure} is {report[table][measure]:.3f}, its floor {floor}"
        for (table, measure), floor in FLOORS.items()
        if report[table][measure] < floor
    ]
    meta = report["meta"]
    if meta["strict"] < meta["gold"]:
        problems.append(f"titles and dates: {meta['strict']} of {meta['gold']} right")
    if report["misaligned"]:
        problems.append(f"{report['misaligned']} rows are not where they say")
    print("\n".join(problems) or "All floors are met.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
