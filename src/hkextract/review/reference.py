"""The rows of a run as it wrote them, for rows that come back from a spreadsheet: their values, places, files.

A table that a spreadsheet has saved is no longer what the run wrote, so rows come from the results that runs keep, and
only where these have none from the table itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from hkextract.article import Source
from hkextract.inputs import Inputs
from hkextract.read.records import Columns
from hkextract.review.sheets import TABLES
from hkextract.store import Store
from hkextract.tables import ARTICLES
from hkextract.worker import read_input

Cells = Mapping[str, str]


class Reference:
    """The rows of one output folder. `spoilt` are tables that do not count, since they are what is imported."""

    def __init__(self, output: Path, corpus: Path, store: Store, spoilt: Sequence[Path] = ()) -> None:
        self.output, self.corpus, self.store = output, corpus, store
        self.spoilt = frozenset(path.resolve() for path in spoilt)
        self._texts: dict[str, str] = {}

    @cache  # noqa: B019 - one a run of the command
    def rows(self, article_id: str, table: str) -> list[Cells]:
        """The rows of an article in a table; none where nothing is known of it."""
        try:
            _, body = self.store.part(article_id)
        except KeyError:
            return self._written(table).get(article_id, [])
        data = body.csv.get(table, b"").decode("utf-8", "surrogatepass")
        names = [column.name for column in TABLES[table].columns]
        return [dict(zip(names, row, strict=True)) for row in csv.reader(io.StringIO(data, newline=""))]

    @cache  # noqa: B019
    def _written(self, table: str) -> Mapping[str, list[Cells]]:
        """The rows of a table of the output folder by article, if the run's own file is still there."""
        path = self.output / f"{table}.csv"
        found: dict[str, list[Cells]] = defaultdict(list)
        if path.resolve() in self.spoilt or not path.is_file():
            return found
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != [column.name for column in TABLES[table].columns]:
                return found
            for row in reader:
                found[row["article_id"]].append(row)
        return found

    def text(self, article_id: str) -> str:
        """The clean text of an article, empty where its file is gone."""
        if article_id not in self._texts:
            path = self.output / "text" / f"{article_id}.txt"
            try:
                self._texts[article_id] = path.read_bytes().decode("utf-8", "surrogatepass")
            except (OSError, ValueError):
                self._texts[article_id] = ""
        return self._texts[article_id]

    @cache  # noqa: B019
    def raw(self, article_id: str) -> str:
        """The raw text of an article, empty where its file is gone or can no longer be read as it was."""
        with suppress(OSError, ValueError):
            return (self.output / "raw" / f"{article_id}.txt").read_bytes().decode("utf-8", "surrogatepass")
        root = self.corpus if self.corpus.is_dir() else self.corpus.parent
        file, _ = self.file(article_id)
        path = root / (file.rpartition("#")[0] or file)
        if not file or not path.is_file():
            return ""
        encoding = self.manifest.get("encoding")
        inputs = Inputs.of(root, {path: article_id}, Columns(**self.manifest.get("columns", {})), encoding)
        given = inputs.find(file)
        source = read_input(given, encoding, None)[0] if given else None
        return source.raw_text if isinstance(source, Source) else ""

    def file(self, article_id: str) -> tuple[str, str]:
        """The path of an article's file in the corpus and the digest of its bytes; empty where they are not known."""
        known = self.store.known(article_id) if self.store.lasting else None
        if known is not None:
            return str(self.store.brief(article_id).row[ARTICLES.index("file")]), known.digest
        file = self._files.get(article_id, "")
        return file, str(self.manifest.get("inputs", {}).get(file, ""))

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What run.json says; empty where there is none."""
        return manifest(self.output)

    @cached_property
    def _files(self) -> Mapping[str, str]:
        path = self.output / ARTICLES.file
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            return {row["article_id"]: row["file"] for row in csv.DictReader(file)}


def manifest(output: Path) -> dict[str, Any]:
    """What run.json of an output folder says; empty where there is none."""
    try:
        found = json.loads((output / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
