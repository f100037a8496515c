"""The files of a corpus in any storage, and how they are cut into partitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hkextract.cluster.partition import File, Partition, cut_out, fetch, place_of
from hkextract.cluster.storage import Storage, StorageError
from hkextract.inputs import sort_out
from hkextract.read import ReadError, article_ids
from hkextract.read.records import Columns, is_records, tell
from hkextract.read.sidecar import load_sidecar, sidecar_places
from hkextract.recurrence import rank

SIZE = 64_000_000
"""Bytes of a partition: about a minute of work, so that a dead worker costs little and a task's overhead nothing."""
FILES = 20_000
"""Files of a partition at most."""
CUTS = 8
"""One file in so many may end a partition, by the hash of its id: a new file then moves no cut but the nearest ones."""
JSON_LINES = (".jsonl", ".ndjson", ".jsonlines")
"""Record files that can be read from any line; packed ones cannot."""


def list_files(corpus: Storage) -> list[File]:
    """The files of a corpus in order, with the ids that a run on one machine would give them.

    Raises `StorageError` where there is nothing at the place.
    """
    if not corpus.exists():
        raise StorageError(f"There is no file or folder {corpus.url}.")
    infos: dict[str, dict[str, Any]] = {}
    root = Path(corpus.root)
    if corpus.fs.isfile(corpus.root):
        root = root.parent
        places = [str(path) for path in (Path(corpus.root), *sidecar_places(Path(corpus.root)))]
        infos = {place: corpus.fs.info(place) for place in places if corpus.fs.isfile(place)}
        found, sidecars = [Path(corpus.root)], [Path(place) for place in infos if place != places[0]]
    else:
        found, sidecars = sort_out(root, _walk(corpus, infos))
    ids = article_ids(found, root)
    known = frozenset(sidecars)
    return [_file(path, root, ids[path], known, infos) for path in found]


def _walk(corpus: Storage, infos: dict[str, dict[str, Any]]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Goes through a storage as `os.walk` does, and notes what it tells of each file."""
    for folder, folders, files in corpus.fs.walk(corpus.root, detail=True):
        wanted = list(folders)
        infos.update({str(Path(folder) / name): info for name, info in files.items()})
        yield folder, wanted, list(files)
        for name in set(folders) - set(wanted):
            del folders[name]


def _file(path: Path, root: Path, name: str, sidecars: frozenset[Path], infos: dict[str, dict[str, Any]]) -> File:
    sidecar = next((place for place in sidecar_places(path) if place in sidecars), None)
    info = infos[str(path)]
    stamp = _stamp(info) + (f"|{_stamp(infos[str(sidecar)])}" if sidecar else "")
    relative = path.relative_to(root).as_posix()
    return File(
        relative, name, int(info.get("size") or 0), stamp, sidecar.relative_to(root).as_posix() if sidecar else ""
    )


def _stamp(info: dict[str, Any]) -> str:
    """Size, and the first thing that a storage tells of a file's state."""
    states = (info.get(key) for key in ("ETag", "etag", "mtime", "LastModified", "updated", "created"))
    return f"{info.get('size')} {next((state for state in states if state is not None), '')}"


def partitions(files: Iterable[File], size: int = SIZE) -> Iterator[Partition]:
    """Files in partitions, in order; a record file that is larger than a partition stands alone."""
    waiting: list[File] = []
    held = 0
    for file in files:
        large = is_records(Path(file.name)) and file.size > size
        if waiting and (large or _full(waiting, held, size)):
            yield Partition(tuple(waiting))
            waiting, held = [], 0
        waiting.append(file)
        held += file.size
        if large:
            yield Partition((file,))
            waiting, held = [], 0
    if waiting:
        yield Partition(tuple(waiting))


def _full(files: list[File], held: int, size: int) -> bool:
    if held >= size or len(files) >= FILES:
        return True
    return (held >= size // 2 or len(files) >= FILES // 2) and rank(files[-1].article_id) % CUTS == 0


def may_split(partition: Partition, size: int = SIZE) -> bool:
    """True for a record file that is larger than a partition and can be read from its midst."""
    (file, *others) = partition.files
    return not others and file.size > size and Path(file.name).suffix.lower() in (*JSON_LINES, ".parquet")


def split(
    corpus: Storage, whole: Partition, columns: Columns, encoding: str | None, size: int = SIZE
) -> list[Partition]:
    """The stretches of a large record file; the file itself where it cannot be read from its midst.

    Those of JSON lines do not know yet how many lines stand before them (`numbered`).
    """
    file = whole.files[0]
    with TemporaryDirectory(prefix="hkextract-") as folder:
        path = Path(folder) / file.name
        try:
            if file.sidecar:
                fetch(corpus, file.sidecar, Path(folder) / file.sidecar)
            spans, before = _spans(corpus, file, size)
            cut_out(corpus, file.name, spans[0], path)
            known = tell(path, columns, load_sidecar(path).encoding or encoding)
        except (ReadError, pa.ArrowException, OSError):
            return [whole]
    if known.codec.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        return [whole]
    return [
        replace(whole, span=span, stretch=replace(known, records=rows, lines=rows))
        for span, rows in zip(spans, before, strict=True)
    ]


def _spans(corpus: Storage, file: File, size: int) -> tuple[list[tuple[int, int]], list[int]]:
    """The stretches of a record file, and the rows before each (0 for JSON lines, which must be counted)."""
    if Path(file.name).suffix.lower() in JSON_LINES:
        starts = range(0, file.size, size)
        return [(start, min(start + size, file.size)) for start in starts], [0] * len(starts)
    spans: list[tuple[int, int]] = []
    before: list[int] = []
    with corpus.fs.open(place_of(corpus, file.name), "rb") as source, pq.ParquetFile(source) as table:
        start = rows = held = since = 0
        for number in range(table.num_row_groups):
            group = table.metadata.row_group(number)
            held += sum(group.column(at).total_compressed_size for at in range(group.num_columns))
            since += group.num_rows
            if held >= size or number == table.num_row_groups - 1:
                spans.append((start, number + 1))
                before.append(rows)
                start, rows, held, since = number + 1, rows + since, 0, 0
    return spans, before


def numbered(stretches: Iterable[Partition], counts: Iterable[tuple[int, int]]) -> list[Partition]:
    """Stretches of one file of JSON lines, given lines and records of each, that know what stands before them."""
    lines = records = 0
    done = []
    for partition, (own_lines, own_records) in zip(stretches, counts, strict=True):
        assert partition.stretch is not None
        done.append(replace(partition, stretch=replace(partition.stretch, lines=lines, records=records)))
        lines, records = lines + own_lines, records + own_records
    return done
