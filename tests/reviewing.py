"""A small corpus with its tables, and the review server on top of it, for the tests of the review page."""

from __future__ import annotations

import csv
import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn

from hkextract.review.desk import Desk
from hkextract.review.knowledge import Knowledge
from hkextract.review.server import application
from hkextract.rules import Rules, load
from hkextract.run import Settings, run
from hkextract.tables import AMOUNTS, ARTICLES, DATES, FURNITURE, ORGANISATIONS, SENTENCES

ROOT = Path(__file__).parents[1]
TOKEN = "a-token-of-the-tests"
STORIES = {
    "ferry": """渡輪公司增加班次
2024-12-03 08:30　來源：海港日報
渡輪公司昨日公布，投資3億港元購買12艘新船，其中5艘明年投入服務。運輸署表示支持。
新船每艘可載420人，比舊船多兩成。公司說，票價三年內不變。
老街坊茶社的東主說，碼頭旁的12艘舊船已停用多年，盼早日拆走。
""",
    "library": """圖書館添置新書
2024-11-20 10:00　來源：海港日報
中央圖書館添置3,000冊新書，耗資200萬港元。館方表示，12艘模型船同時展出。
""",
    "hostile": """<script>document.title="broken"</script>公司增加人手
2024-11-21 09:00　來源：<img src=x onerror=document.title="broken">
某公司聘請80名員工，<b onclick="document.title='broken'">薪金</b>共900萬港元。詳情見javascript:document.title="broken"。
""",
}


def write_corpus(folder: Path) -> Path:
    """The articles above as files."""
    folder.mkdir(parents=True)
    for name, text in STORIES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def make_tables(corpus: Path, output: Path) -> Path:
    """Runs the program over a corpus."""
    run(Settings(corpus, output, ROOT / "rules", jobs=1, cache=False))
    return output


@dataclass(slots=True)
class Served:
    """A server that runs: its address, its desk, and requests to it as the page makes them."""

    desk: Desk
    place: str

    @property
    def address(self) -> str:
        return f"http://{self.place}/?token={TOKEN}"

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (in lower case) and body of an answer. Headers given replace the page's; empty ones go."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        own = {"Host": self.place, "Cookie": f"hkextract-{self.place.rpartition(':')[2]}={TOKEN}"}
        if method == "POST":
            own |= {"Origin": f"http://{self.place}", "X-HKExtract": "1", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(self.place, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (own | (headers or {})).items():
                if value:
                    connection.putheader(name, value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """What a route for reading answers."""
        status, _, body = self.ask("GET", path)
        assert status == 200, body
        return json.loads(body)

    def post(self, name: str, **body: Any) -> Any:
        """What a route for writing answers."""
        status, _, answer = self.ask("POST", f"/api/{name}", body)
        assert status == 200, answer
        return json.loads(answer)


@cache
def loaded_rules() -> Rules:
    """The rules, loaded once for all servers of the tests."""
    return load(ROOT / "rules")


@contextmanager
def served(output: Path, corpus: Path) -> Iterator[Served]:
    """The review server of an output folder, in a thread, for as long as the block lasts."""
    desk = Desk(output, corpus)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = f"127.0.0.1:{listening.getsockname()[1]}"
        knowledge = Knowledge(ROOT / "rules", output)
        knowledge.__dict__["rules"] = loaded_rules()
        app = application(desk, knowledge, TOKEN, place)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Served(desk, place)
        finally:
            server.should_exit = True
            thread.join(10)


def copied(made: tuple[Path, Path], folder: Path) -> tuple[Path, Path]:
    """A corpus and its tables for one test."""
    return tuple(shutil.copytree(path, folder / path.name) for path in made)  # type: ignore[return-value]


def large_tables(output: Path, corpus: Path, articles: int = 2000, mentions: int = 50) -> None:
    """Tables of many made-up rows: so many articles of one line with so many amounts, dates and organisations each."""
    (output / "text").mkdir(parents=True)
    corpus.mkdir()
    pieces = [f"第{n}组{'甲乙丙丁'[n % 4]}厂{n % 7}吨；" for n in range(mentions)]
    line = "".join(pieces)
    spans = [(sum(map(len, pieces[:n])), sum(map(len, pieces[: n + 1])) - 1) for n in range(mentions)]
    files = {}
    for table in (ARTICLES, SENTENCES, AMOUNTS, DATES, ORGANISATIONS, FURNITURE):
        files[table.name] = (output / table.file).open("w", encoding="utf-8-sig", newline="")
        files[table.name].write(table.header)
    writers = {
        table.name: csv.DictWriter(files[table.name], [c.name for c in table.columns], lineterminator="\n")
        for table in (ARTICLES, SENTENCES, AMOUNTS, DATES, ORGANISATIONS)
    }
    for number in range(articles):
        name = f"a{number:05d}"
        (output / "text" / f"{name}.txt").write_text(line, encoding="utf-8")
        (corpus / f"{name}.txt").write_text(line, encoding="utf-8")
        writers["articles"].writerow(
            {"article_id": name, "file": f"{name}.txt", "title": f"第{number}篇", "status": "ok"}
        )
        whole = {"clean_start": 0, "clean_end": len(line), "raw_start": 0, "raw_end": len(line)}
        writers["sentences"].writerow(
            {"article_id": name, "sentence_id": f"{name}-s0001", "text": line, "raw_text": line} | whole
        )
        for at, (start, end) in enumerate(spans):
            table, letter = (("amounts", "a"), ("dates", "d"), ("organisations", "o"))[at % 3]
            place = {"clean_start": start, "clean_end": end, "raw_start": start, "raw_end": end}
            row = {
                "mention_id": f"{letter}{number:06d}{at:06d}",
                "article_id": name,
                "surface": line[start:end],
                "raw_surface": line[start:end],
            }
            values = {
                "amounts": {"kind": "weight", "low": at % 7, "high": at % 7},
                "dates": {"kind": "date"},
                "organisations": {"canonical": f"{'甲乙丙丁'[at % 4]}厂", "type": "company"},
            }
            writers[table].writerow(row | place | values[table] | {"rule": f"rule-{at % 20}", "damaged": "false"})
    for file in files.values():
        file.close()
    (output / "run.json").write_text(
        json.dumps({"corpus": str(corpus), "inputs": {}, "encoding": None, "columns": {}}), encoding="utf-8"
    )
