"""Which rows are new since the last review: what the tables held when decisions were last made is kept in the cache."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path

from hkextract.review.items import Item, Items, Mask
from hkextract.review.ledger import Ledger

FOLDER = "reviewed"
"""In the user's cache folder: a small file a corpus."""


def fresh_rows(corpus: Path, items: Items, ledger: Ledger, folder: Path | None = None) -> Mask:
    """For each row whether it is new: not in the tables as they were when decisions were last made.

    Nothing is new in a first review. Once decisions have been made on tables and a later run has changed them, what
    they held counts as seen.
    """
    place = folder or user_cache_path("hkextract", appauthor=False) / FOLDER
    path = place / f"{_digest([str(corpus.resolve())])}.json"
    names = [_name(item) for item in items.items]
    now = {"tables": _digest(names), "decisions": len(ledger), "rows": names, "before": None}
    kept = _read(path)
    if kept is not None:
        changed = kept["tables"] != now["tables"]
        judged = kept["decisions"] != now["decisions"]
        now["before"] = kept["rows"] if changed and judged else kept["before"]
        if not changed:
            now["decisions"] = kept["decisions"]
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    before = now["before"]
    if not isinstance(before, list):
        return np.zeros(len(names), np.bool_)
    known = set(before)
    return np.fromiter((name not in known for name in names), np.bool_, len(names))


def _name(item: Item) -> str:
    return item["mention_id"] or f"{item.article} {item.raw[0]} {item.raw[1]}"


def _read(path: Path) -> dict[str, object] | None:
    """What was kept; None where there is nothing, or nothing of use."""
    with suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        if isinstance(found, dict) and {"tables", "decisions", "rows", "before"} <= found.keys():
            return found
    return None


def _digest(parts: Iterable[str]) -> str:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
