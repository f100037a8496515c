"""The cluster engine as it is used on a cluster: an object store, a scheduler that is somewhere else."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from fsspec import filesystem
from moto.server import ThreadedMotoServer

from hkextract.cli import main
from hkextract.cluster.storage import Storage
from hkextract.rules import find_rules
from hkextract.run import Settings, run

BUCKET = "hkextract-test"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a bucket of an object store on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    filesystem("s3").mkdir(BUCKET)
    yield f"s3://{BUCKET}"
    server.stop()


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers, each a program of its own in a folder of its own.

    Ask for it behind `store`, whose settings they inherit."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    program = (sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard")
    worker = (
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    )
    commands = [(*program, "--host", "127.0.0.1", "--port", port), worker, worker]
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            folder = tmp_path / f"elsewhere-{number}"
            folder.mkdir()
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield address


def test_an_object_store_and_a_scheduler_elsewhere(store: str, scheduler: str, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    chosen = [*sorted(corpus.glob("*.txt"))[:4], *sorted(corpus.glob("*.html"))[:1]]
    for path in chosen:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "many.jsonl").write_text(
        "".join(
            json.dumps({"id": n, "text": f"第{n}組於2024年5月獲政府撥款{n + 1}00萬元。"}) + "\n" for n in range(30)
        ),
        encoding="utf-8",
    )
    (folder / "many.jsonl.meta.toml").write_text('source = "海濱日報"\n', encoding="utf-8")
    there = Storage(f"{store}/news")
    for path in folder.iterdir():
        there.write(path.name, path.read_bytes())

    def cli(*arguments: str) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    tables = f"{store}/tables"
    command = ("run", f"{store}/news", "-o", tables, "--engine", "dask", "--scheduler", scheduler)
    cli(*command)
    cli("export", tables, "--csv", str(tmp_path / "csv"))
    local = tmp_path / "local"
    run(Settings(folder, local, find_rules(), 1, cache=False))
    for path in local.glob("*.csv"):
        assert (tmp_path / "csv" / path.name).read_bytes() == path.read_bytes(), path.name
    cli(*command)
    runs = [name for name in Storage(tables).names() if name.startswith("run-")]
    manifest = json.loads(Storage(tables).read(f"{runs[-1]}/run.json"))
    assert manifest["counts"]["kept"] == manifest["counts"]["articles"] == len(chosen) + 30
    assert not list(tmp_path.glob("elsewhere-*/**/*.parquet"))
