"""The cluster engine: the rows of a run on one machine, whatever happens to the workers."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from dask import config
from distributed import Client, LocalCluster

from doomed import Doom
from hkextract.cli import main
from hkextract.cluster import copies
from hkextract.cluster.commit import new_run
from hkextract.cluster.driver import ClusterError, ClusterSettings, _connected, run_cluster
from hkextract.cluster.job import Job, part_name, share_recurrence, share_reviews, share_rules
from hkextract.cluster.listing import list_files, partitions
from hkextract.cluster.process import BRIEFS, SCHEMAS, _write_heads, process
from hkextract.cluster.reader import export, open_tables
from hkextract.cluster.storage import Storage, StorageError
from hkextract.engines import TRIES
from hkextract.inputs import Input
from hkextract.parts import Part
from hkextract.read.records import Columns
from hkextract.recurrence import Recurrence
from hkextract.reprints import find_copies, sketch
from hkextract.review.decision import Anchor, Decision, new_id, now
from hkextract.review.log import ReviewLog
from hkextract.review.reviews import Reviews
from hkextract.rules import find_rules
from hkextract.run import Settings, run
from hkextract.worker import Worker

RULES = find_rules()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers, each a process that may be killed."""
    quiet = {"distributed.logging.distributed": "critical", "distributed.admin.tick.limit": "1h"}
    with (
        config.set(quiet),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        Client(cluster) as found,
    ):
        yield found


def settings(corpus: object, output: object, size: int = 30_000) -> ClusterSettings:
    return ClusterSettings(str(corpus), str(output), RULES, size=size)


def assert_like_local(corpus: Path, output: Path, tmp_path: Path) -> None:
    """The rows of the current run, and its texts, are those of a run on one machine."""
    local = tmp_path / "local"
    run(Settings(corpus, local, RULES, 1, cache=False))
    export(str(output), tmp_path / "csv")
    for path in local.glob("*.csv"):
        assert (tmp_path / "csv" / path.name).read_bytes() == path.read_bytes(), path.name
    texts = pandas.concat(map(pandas.read_parquet, open_tables(str(output)).paths["texts"]))
    for folder, column in (("text", "text"), ("raw", "raw")):
        there = texts.dropna(subset=[column])
        assert {f"{name}.txt" for name in there["article_id"]} == {path.name for path in (local / folder).glob("*")}
        for name, text in zip(there["article_id"], there[column], strict=True):
            assert (local / folder / f"{name}.txt").read_bytes().decode() == text


@pytest.fixture
def mixed(tmp_path: Path, corpus: Path) -> Path:
    """Some articles of all kinds, copies of them, and record files that hold ids twice."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    texts = []
    for path in sorted(corpus.iterdir())[::2]:
        (folder / path.name).write_bytes(path.read_bytes())
        if path.suffix == ".txt" and path.stat().st_size < 9000:
            texts.append(path.read_bytes().decode("utf-8", "ignore"))
    for number, text in enumerate(texts):
        (folder / f"again-{number}.txt").write_text(text[: len(text) * (6 + number % 4) // 10], encoding="utf-8")
    records = [{"id": str(number % 7) if number % 3 else "", "text": text} for number, text in enumerate(texts * 3)]
    lines = [json.dumps(record, ensure_ascii=number % 2 == 0) + "\n" for number, record in enumerate(records)]
    lines[5:5] = ["\n", "  \n", "{no record\n"]
    (folder / "many.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "many.jsonl.meta.toml").write_text('source = "海濱日報"\n', encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(records * 2), folder / "table.parquet", row_group_size=9, compression="none")
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(records[:9])
    (folder / "empty.txt").touch()
    return folder


def test_the_rows_are_those_of_one_machine(mixed: Path, tmp_path: Path, client: Client) -> None:
    output = tmp_path / "out"
    summary = run_cluster(settings(mixed, output), None, client)
    assert summary.status["failed"] == len(summary.failures) == 2
    manifest = json.loads((Path(open_tables(str(output)).folder) / "run.json").read_text(encoding="utf-8"))
    stages = manifest["engine"]["stages"]
    assert stages["split"]["tasks"] == 2
    assert stages["count"]["tasks"] >= 2
    assert stages["settle"]["rows"] > 20
    assert_like_local(mixed, output, tmp_path)
    amounts = pq.read_schema(open_tables(str(output)).paths["amounts"][0])
    dates = pq.read_schema(open_tables(str(output)).paths["dates"][0])
    assert [amounts.field(name).type for name in ("raw_start", "low", "damaged")] == [
        pa.int64(),
        pa.float64(),
        pa.bool_(),
    ]
    assert dates.field("date_start").type == pa.date32()


def test_what_has_not_changed_is_taken_over(mixed: Path, tmp_path: Path, client: Client) -> None:
    output = tmp_path / "out"
    (mixed / "table.parquet").unlink()
    first = run_cluster(settings(mixed, output, 15_000), None, client)
    before = open_tables(str(output))
    again = run_cluster(settings(mixed, output, 15_000), None, client)
    assert (first.kept, again.kept) == (0, first.articles)
    (mixed / "zz-last.txt").write_text("海濱市政府撥款3,000萬元，在2024年5月興建數據中心。\n", encoding="utf-8")
    third = run_cluster(settings(mixed, output, 15_000), None, client)
    assert third.articles == first.articles + 1
    assert third.articles // 2 < third.kept < third.articles
    assert not Path(before.folder).exists()
    assert len(list(output.glob("run-*"))) == 2
    assert_like_local(mixed, output, tmp_path)


def test_killed_workers_lose_and_double_nothing(tmp_path: Path, client: Client) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(150):
        text = f"第{number}號渡輪去年（2023年）共載客{number + 100}萬人次，政府撥款3,000萬元。\n"
        (corpus / f"a{number:03d}.txt").write_text(text * 3, encoding="utf-8")
    killed: list[int] = []
    marks = [25, 70]

    def kill(done: int, _: int | None) -> None:
        if marks and done >= marks[0]:
            marks.pop(0)
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[-1], signal.SIGKILL)

    summary = run_cluster(settings(corpus, tmp_path / "out", 1500), kill, client)
    assert len(set(killed)) == 2
    assert (summary.articles, summary.failures) == (150, [])
    assert_like_local(corpus, tmp_path / "out", tmp_path)


def test_a_partition_whose_worker_dies_is_done_with_care(tmp_path: Path, client: Client) -> None:
    corpus = doomed(tmp_path)
    scheduler = client.cluster.scheduler
    before, scheduler.allowed_failures = scheduler.allowed_failures, 0
    client.register_plugin(Doom())
    try:
        summary = run_cluster(settings(corpus, tmp_path / "out"), None, client)
    finally:
        scheduler.allowed_failures = before
        client.unregister_worker_plugin("doom")
    assert (corpus / ".met").exists()
    assert (summary.articles, summary.failures) == (4, [])


def test_an_article_that_ends_every_worker_is_lost_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Storage(str(doomed(tmp_path)))
    job = Job(corpus, Storage(str(tmp_path / "out")), new_run(), Columns(), None, 1)
    share_rules(job, RULES)
    share_recurrence(job, Recurrence())
    share_reviews(job, Reviews())
    (partition,) = partitions(list_files(corpus))
    work = Worker.process

    def ends(self: Worker, inputs: list[Input]) -> list[Part]:
        if any(given.article_id == "doom" for given in inputs):
            raise KeyboardInterrupt
        return work(self, inputs)

    monkeypatch.setattr(Worker, "process", ends)
    for _ in range(TRIES):
        with pytest.raises(KeyboardInterrupt):
            process(job, 0, partition, careful=True)
    done = process(job, 0, partition, careful=True)
    assert (done.articles, [(failure[0], failure[2]) for failure in done.failures]) == (4, [("doom", "process")])
    rows = pq.read_table(tmp_path / "out" / job.run / "sentences" / part_name(0))["article_id"].to_pylist()
    assert sorted(set(rows)) == ["a", "b", "z"]


def doomed(tmp_path: Path) -> Path:
    """Four articles of which one is named `doom`."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name in ("a", "b", "doom", "z"):
        (corpus / f"{name}.txt").write_text(f"政府於2024年5月撥款3,000萬元，供{name}隊使用。\n", encoding="utf-8")
    return corpus


def test_other_storages_and_a_run_that_fails(tmp_path: Path, corpus: Path) -> None:
    storage = Storage("memory://corpus")
    for path in sorted(corpus.glob("*.txt"))[:6]:
        storage.write(f"2024/{path.name}", path.read_bytes())
        (tmp_path / "2024").mkdir(exist_ok=True)
        (tmp_path / "2024" / path.name).write_bytes(path.read_bytes())
    records = "".join(json.dumps({"text": f"第{n}組獲撥款{n + 1}00萬元，於2024年完成。"}) + "\n" for n in range(40))
    for place in (storage, Storage(str(tmp_path))):
        place.write("2024/many.jsonl", records.encode())
        place.write(".hidden/a.txt", b"no")
        place.write("2024/page.html", "<html><body><p>政府撥款三億元。</p></body></html>".encode())
        place.write("2024/page_files/note.txt", b"no")
    with config.set({"distributed.logging.distributed": "critical"}):
        client = Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=":0")
    with client:
        run_cluster(settings("memory://corpus", "memory://out", 2000), None, client)
        first = open_tables("memory://out")
        with pytest.raises(ClusterError, match="KeyError"):
            _fail(client)
        assert open_tables("memory://out") == first
        assert len([name for name in Storage("memory://out").names() if name.startswith("run-")]) == 1
    local = tmp_path / "local"
    run(Settings(tmp_path / "2024", local, RULES, 1, cache=False))
    export("memory://out", tmp_path / "csv")
    ours, theirs = (
        [row.split(",", 3)[3].replace("2024/", "") for row in (place / "sentences.csv").read_text().splitlines()]
        for place in (tmp_path / "csv", local)
    )
    assert ours == theirs


def _fail(client: Client) -> None:
    """A run whose work fails in every task."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hkextract.cluster.process.worker_of", lambda _: {}["gone"])
        run_cluster(replace(settings("memory://corpus", "memory://out"), cache=False), None, client)


def test_copies_are_those_of_one_machine(tmp_path: Path, corpus: Path) -> None:
    chance = random.Random(7)
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in sorted(corpus.glob("*.txt"))]
    phrase = "本報保留一切權利未經許可不得轉載複製或作任何商業用途敬請讀者留意查詢請致電熱線"
    articles = []
    for number in range(400):
        text = chance.choice(texts)
        start = chance.randrange(len(text) // 2)
        body = text[start:] if number % 3 else "".join(chance.choice("甲乙丙丁戊己庚辛壬癸") for _ in range(300))
        if number % 5 == 0 and articles:
            body = chance.choice(articles)[2]
        date = chance.choice(["", "2024-05-01", "2024-05-02T08:00:00+08:00"])
        articles.append((f"a{chance.randrange(10**9)}", date, body + phrase))
    rows = [(name, date, sketch(text)) for name, date, text in articles]
    expected = {name: (copy.original, copy.overlap) for name, copy in find_copies(rows).items()}
    assert len(expected) > 100
    assert settled(tmp_path, rows, 20) == expected


def settled(tmp_path: Path, rows: list[tuple[str, str, bytes]], parts: int) -> dict[str, tuple[str, float]]:
    """The copies as the cluster's stages find them, with the articles spread over so many partitions."""
    job = Job(Storage(str(tmp_path)), Storage(str(tmp_path / "out")), new_run(), Columns(), None, parts)
    assert job.buckets > 1
    for number in range(parts):
        own = rows[number::parts]
        table = pa.table(
            {name: [row[at] for row in own] for at, name in enumerate(("article_id", "published_at", "sketch"))},
        )
        for field in SCHEMAS[BRIEFS]:
            if field.name not in table.schema.names:
                table = table.append_column(field, pa.nulls(len(own), field.type))
        path = Path(job.output.at(f"{job.run}/{BRIEFS}/{part_name(number)}"))
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        _write_heads(job, number)
    for stage in (copies.pair_up, copies.attach, copies.compare):
        for bucket in range(job.buckets):
            stage(job, bucket)
    copies.settle(job)
    return {
        rows[number::parts][row][0]: copy
        for number in range(parts)
        for row, copy in copies.copies_of(job, number).items()
    }


@pytest.mark.parametrize("jobs", [1, 3])
def test_as_many_workers_as_asked_for(tmp_path: Path, jobs: int) -> None:
    asked = ClusterSettings(str(tmp_path), str(tmp_path / "out"), RULES, jobs=jobs)
    with _connected(asked, None) as client:
        assert len(client.run(os.getpid)) == jobs


def test_a_new_file_moves_no_far_cut(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"a{number:03}.txt").write_bytes(b"x" * 100)

    def cuts() -> list[str]:
        return [part.files[-1].name for part in partitions(list_files(Storage(str(tmp_path))), 2000)]

    before = cuts()
    (tmp_path / "a100-more.txt").write_bytes(b"x" * 100)
    assert len(set(before) ^ set(cuts())) <= 8
    assert 20 <= len(before) <= 40


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StorageError, match="thesis"):
        run_cluster(settings(corpus, tmp_path))
    with pytest.raises(StorageError, match="no finished run"):
        open_tables(str(tmp_path))


def test_the_commands(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "hkextract.cluster.driver")
    result = CliRunner().invoke(main, ["run", str(corpus), "--engine", "dask", "-o", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert 'pip install "hkextract[dask]"' in result.output
    code = (
        "import sys\nfrom hkextract.cli import main\n"
        "try:\n    main(['run', '--help'])\nexcept SystemExit:\n    pass\n"
        "print('HEAVY', sorted({'dask', 'distributed', 'fsspec', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_decisions_count_on_a_cluster_too(corpus: Path, tmp_path: Path, client: Client) -> None:
    """A row taken out, one of a file that was renamed, one of an article that is gone, one of a record."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in sorted(corpus.glob("*.txt"))[:6]:
        (folder / path.name).write_bytes(path.read_bytes())
    texts = [path.read_text(encoding="utf-8") for path in (folder / "agency-wire.txt", folder / "bond-market.txt")]
    lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
    (folder / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run(Settings(folder, tmp_path / "first", RULES, 1, cache=False))
    with (tmp_path / "first" / "amounts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list({row["article_id"]: row for row in csv.DictReader(file)}.values())
    inputs = json.loads((tmp_path / "first" / "run.json").read_text(encoding="utf-8"))["inputs"]
    for row in rows:
        clean = (tmp_path / "first" / "text" / f"{row['article_id']}.txt").read_bytes().decode()
        span, raw = ((int(row[f"{kind}_start"]), int(row[f"{kind}_end"])) for kind in ("clean", "raw"))
        anchor = Anchor.at(clean, span, raw, row["raw_surface"])
        digest = inputs.get(f"{row['article_id']}.txt", "")
        about = (row["article_id"], f"{row['article_id']}.txt", digest, "amounts", anchor, row["mention_id"])
        ReviewLog(folder).append([Decision(new_id(), now(), "Chan", "reject", *about)])
    (folder / "agency-wire.txt").rename(folder / "renamed.txt")
    (folder / "bond-market.txt").unlink()
    output = tmp_path / "out"
    summary = run_cluster(settings(folder, output, 10_000), None, client)
    assert summary.rows["rejected"] == len(rows) - 1
    assert summary.rows["orphans"] == 1
    assert_like_local(folder, output, tmp_path)
    again = run_cluster(settings(folder, output, 10_000), None, client)
    assert again.kept == again.articles
    assert again.rows["orphans"] == 1
