"""Measures what `docs/scale.md` reckons with: `python -m hkextract.cluster.measure` prints the figures as JSON.

A corpus of generated articles, one file of JSON lines, is run with one worker and with two. Rates are by the workers'
own processor time, so that a busy machine does not change them, and by the clock.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from dask import config
from distributed import Client, LocalCluster

from hkextract.bench.corpus import Writer
from hkextract.cluster.driver import ClusterSettings, run_cluster
from hkextract.cluster.reader import open_tables
from hkextract.read.encodings import decode
from hkextract.rules import find_rules

TASKS = 2000
"""Tasks that do nothing, of which the scheduler's cost for one is taken."""
FIRST = 200_000
"""Bytes for each worker of a run before the one that is measured, in which rules are loaded and compiled."""
REPRINTED = 10
"""Of so many articles one is printed twice."""


def write_records(path: Path, size: int, seed: int = 1) -> int:
    """Writes generated articles as JSON lines until they hold `size` bytes; returns their number."""
    writer = Writer(seed)
    articles = 0
    with path.open("wb") as file:
        while file.tell() < size:
            text = decode(writer.page()[1])[0]
            for _ in range(1 + (articles % REPRINTED == 0)):
                record = {"id": f"n{articles}", "text": text, "date": f"2024-{articles % 12 + 1:02}-11"}
                file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
                articles += 1
    return articles


@contextmanager
def workers(jobs: int) -> Iterator[Client]:
    """So many workers on this machine."""
    with (
        config.set({"distributed.admin.tick.limit": "1h"}),
        LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        yield client


def measure(corpus: Path, output: Path, jobs: int, size: int) -> dict[str, Any]:
    """A run with so many workers: rates, bytes by table and stage, seconds by stage."""
    with workers(jobs) as client, TemporaryDirectory(prefix="hkextract-") as folder:
        few = Path(folder) / "few.jsonl"
        write_records(few, FIRST * jobs, seed=2)
        start = run_cluster(
            ClusterSettings(str(few), f"{folder}/out", find_rules(), size=FIRST // 4), None, client
        ).wall
        before = sum(client.run(time.process_time).values())
        settings = ClusterSettings(str(corpus), str(output), find_rules(), size=size, cache=False)
        total = run_cluster(settings, None, client)
        used = sum(client.run(time.process_time).values()) - before
        peak = max(client.run(_peak).values())
    manifest = json.loads((Path(open_tables(str(output)).folder) / "run.json").read_text(encoding="utf-8"))
    engine = manifest["engine"]
    return {
        "workers": jobs,
        "articles": total.articles,
        "chars": total.raw_chars,
        "corpus_bytes": corpus.stat().st_size,
        "start_seconds": round(start, 1),
        "wall_seconds": round(total.wall, 1),
        "processor_seconds": round(used, 1),
        "chars_per_processor_second": round(total.raw_chars / used),
        "chars_per_second": round(total.raw_chars / total.wall),
        "peak_memory_mb": round(peak),
        "partitions": engine["partitions"],
        "stages": engine["stages"],
        "bytes_per_article": {name: round(size / total.articles, 1) for name, size in engine["bytes"].items()},
    }


def overhead(jobs: int) -> float:
    """Seconds that a task costs beside its work, with the arguments that tasks of a run have."""
    with workers(jobs) as client:
        begun = time.perf_counter()
        client.gather([client.submit(_nothing, number, pure=False) for number in range(TASKS)])
        return (time.perf_counter() - begun) / TASKS


def _nothing(number: int) -> int:
    return number


def _peak() -> float:
    """The largest memory of this process so far, in MB."""
    import resource
    import sys

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


@click.command()
@click.option("--size", type=click.FloatRange(min=0.1), default=20.0, show_default=True, help="Megabytes of articles.")
@click.option("--part", type=click.FloatRange(min=0.01), default=2.0, show_default=True, help="Megabytes a partition.")
@click.option("--jobs", type=click.IntRange(min=1), multiple=True, default=(1, 2), help="Workers; can be repeated.")
def main(size: float, part: float, jobs: tuple[int, ...]) -> None:
    """Measure the cluster engine on this machine."""
    with TemporaryDirectory(prefix="hkextract-") as folder:
        corpus = Path(folder) / "articles.jsonl"
        write_records(corpus, round(size * 1e6))
        for number in jobs:
            found = measure(corpus, Path(folder) / f"out{number}", number, round(part * 1e6))
            click.echo(json.dumps(found, indent=1))
    click.echo(json.dumps({"task_overhead_ms": round(1000 * overhead(2), 2)}))


if __name__ == "__main__":
    main()
