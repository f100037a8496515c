"""The folders of runs in an output: which one is current, what may go."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from hkextract.cluster.arrow import TEXTS
from hkextract.cluster.job import STAGE, part_name
from hkextract.cluster.storage import Storage, StorageError
from hkextract.tables import datapackage

CURRENT = "_current.json"
"""The file that names the current run; written last, in one step."""
RUN = "run-"
KEPT_STAGES = ("articles", "briefs", "named", "done", "partitions.json")
"""What the next run needs to take over the parts of partitions that have not changed."""


@dataclass(frozen=True, slots=True)
class Current:
    """The current run of an output: its folder, and the number of parts of each table."""

    run: str
    parts: dict[str, int]


def current(output: Storage) -> Current | None:
    """The current run, None where there is none yet."""
    if not output.exists(CURRENT):
        return None
    known = json.loads(output.read(CURRENT))
    return Current(known["run"], known["parts"])


def check(output: Storage) -> None:
    """Raises `StorageError` where the place is a file or holds other things than runs of a cluster."""
    if output.fs.isfile(output.root):
        raise StorageError(f"{output.url} is a file; name a folder for the output with -o.")
    own = (CURRENT, "README.md")
    strangers = [name for name in output.names() if name not in own and not name.startswith((RUN, "."))]
    if strangers:
        raise StorageError(
            f"{output.url} holds files that are not from a run with --engine dask ({strangers[0]} …); "
            "name a new folder with -o."
        )


def new_run() -> str:
    """A name for a run's folder; later ones sort behind earlier ones."""
    return f"{RUN}{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"


def commit(output: Storage, run: str, parts: dict[str, int]) -> None:
    """Makes a run the current one; then removes what it needed on its way, and runs before the one before it."""
    before = current(output)
    output.write(CURRENT, json.dumps({"run": run, "parts": parts}, indent=1).encode())
    for kind in output.names(f"{run}/{STAGE}"):
        if kind not in KEPT_STAGES:
            output.remove(f"{run}/{STAGE}/{kind}")
    for name in output.names():
        if name.startswith(RUN) and name < run and (before is None or name != before.run):
            output.remove(name)


def described(version: str, parts: dict[str, int]) -> dict[str, Any]:
    """The Frictionless description of the tables of a run as Parquet parts."""
    found = datapackage(version)
    for resource in found["resources"]:
        _as_parquet(resource, resource["path"].removesuffix(".csv"), parts)
    texts = {
        "name": "texts",
        "description": "A row is the text of an article.",
        "profile": "tabular-data-resource",
        "schema": {"fields": [{"name": name, "type": "string"} for name in TEXTS.names], "primaryKey": "article_id"},
    }
    _as_parquet(texts, "texts", parts)
    found["resources"].append(texts)
    return found


def _as_parquet(resource: dict[str, Any], table: str, parts: dict[str, int]) -> None:
    for key in ("encoding", "dialect"):
        resource.pop(key, None)
    resource |= {
        "path": [f"{table}/{part_name(number)}" for number in range(parts[table])],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
