"""The local server behind the review page: its own files, the data of one output folder, and the log."""

from __future__ import annotations

import json
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from hkextract.review import pages
from hkextract.review.desk import NAME, Desk, DeskError, Order
from hkextract.review.guard import Guard
from hkextract.review.knowledge import Knowledge
from hkextract.review.ledger import Reviewer
from hkextract.review.log import ReviewLogError
from hkextract.review.queue import FACETS, Filter, Place
from hkextract.rules import RuleError

STATIC = Path(__file__).parent / "static"
HOST = "127.0.0.1"
Answer = Mapping[str, Any]


def serve(
    output: Path, rules: Path, corpus: Path | None = None, *, port: int = 0, browser: bool = True, reviewer: str = ""
) -> None:
    """Serves the review page of an output folder on this machine until it is stopped with Ctrl-C.

    `port` 0 takes a free one; `browser` opens the page; `reviewer` is the name that the page proposes. Raises
    `NoTablesError`, `ReviewLogError`, and `OSError` where the port is taken.
    """
    desk = Desk(output, corpus)
    knowledge = Knowledge(rules, output)
    with socket.create_server((HOST, port)) as listening:
        place = f"{HOST}:{listening.getsockname()[1]}"
        token = secrets.token_urlsafe(24)
        app = application(desk, knowledge, token, place, reviewer)
        threading.Thread(target=knowledge.get_ready, daemon=True).start()
        address = f"http://{place}/?token={token}"
        print(
            f"{len(desk.items):,} rows of {len(desk.items.articles):,} articles; decisions go to {desk.ledger.log.path}"
        )
        print(f"Review them at {address}", "Stop with Ctrl-C.", sep="\n", flush=True)
        if browser:
            threading.Timer(0.2, webbrowser.open, [address]).start()
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", server_header=False)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    print("Everything that was decided is in the log.", file=sys.stderr)


def application(desk: Desk, knowledge: Knowledge, token: str, place: str, reviewer: str = "") -> ASGIApp:
    """The server's routes behind their guard. `place` is its host and port; the page is at `/?token=TOKEN` first."""
    routes = Routes(desk, knowledge, reviewer)
    threading.Thread(target=routes.get_ready, daemon=True).start()
    app = Starlette(
        routes=[
            Route("/", routes.page),
            *(Route(f"/api/{name}", _reading(handler)) for name, handler in routes.read.items()),
            *(Route(f"/api/{name}", _writing(handler), methods=["POST"]) for name, handler in routes.write.items()),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )
    return Guard(app, token, (place, f"localhost:{place.rpartition(':')[2]}"))


class Routes:
    """What can be asked for (`read`, by GET) and done (`write`, by POST)."""

    def __init__(self, desk: Desk, knowledge: Knowledge, reviewer: str) -> None:
        self.desk, self.knowledge, self.reviewer = desk, knowledge, reviewer
        self.read: dict[str, Callable[[Request], Any]] = {
            "about": self.about,
            "list": self.queue,
            "facets": self.facets,
            "facet": self.facet,
            "item": self.item,
            "equal": self.equal,
            "rule": self.rule,
            "suggest": self.suggest,
            "meaning": self.meaning,
        }
        self.write: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "decide": self.decide,
            "add": self.add,
            "finish": self.finish,
            "undo": lambda asked: self.stepped(asked, self.desk.ledger.undo),
            "redo": lambda asked: self.stepped(asked, self.desk.ledger.redo),
        }

    def get_ready(self) -> None:
        """Loads the rules while the page is being opened; without them there are no rule cards and no versions."""
        with suppress(RuleError, OSError):
            self.desk.versions = self.knowledge.versions()

    async def page(self, _: Request) -> Response:
        """The page itself; all its texts come from the files of its languages."""
        return Response((STATIC / "index.html").read_bytes(), media_type="text/html")

    def about(self, _: Request) -> Answer:
        self.desk.ledger.refresh()
        return pages.about(self.desk) | {"reviewer": self.reviewer}

    def queue(self, request: Request) -> Answer:
        after = request.query_params.get("after", "")
        place = Place(*(int(part) for part in after.split(","))) if after else None
        return pages.listed(self.desk, self._view(request), _filter(request), place)

    def facets(self, request: Request) -> Answer:
        return pages.facets(self.desk, self._view(request), _filter(request))

    def facet(self, request: Request) -> Answer:
        name = request.query_params["name"]
        if name not in FACETS:
            raise DeskError("bad", "There is no such filter.")
        return pages.facet(self.desk, self._view(request), _filter(request), name, request.query_params.get("find", ""))

    def item(self, request: Request) -> Answer:
        asked = request.query_params
        options = {name: asked.get(name) == "1" for name in ("whole", "reveal")}
        return pages.item(self.desk, self._view(request), int(asked["number"]), **options)

    def equal(self, request: Request) -> Answer:
        number = int(request.query_params["number"])
        return pages.equal_cases(self.desk, self._view(request), number, _filter(request))

    async def rule(self, request: Request) -> Answer:
        with suppress(RuleError, OSError):
            return {"card": await run_in_threadpool(self.knowledge.card, request.query_params["id"])}
        return {"card": None}

    async def suggest(self, request: Request) -> Answer:
        with suppress(RuleError, OSError):
            return {"names": await run_in_threadpool(self.knowledge.suggest, request.query_params["text"])}
        return {"names": []}

    async def meaning(self, request: Request) -> Answer:
        asked = request.query_params
        article, table = asked["article"], asked["table"]
        texts = self.desk.library[article]
        start, end = int(asked["start"]), int(asked["end"])
        first, last = texts.sentence(start) if len(texts.sentences) else (start, end)
        sentence, span = texts.clean[first : max(last, end)], (start - first, end - first)
        published = self.desk.items.articles[article].get("published_at", "")
        with suppress(RuleError, OSError, ValueError):
            return {"values": await run_in_threadpool(self.knowledge.meaning, table, sentence, span, published)}
        return {"values": {}}

    def decide(self, asked: dict[str, Any]) -> Answer:
        numbers = [int(number) for number in asked["numbers"]]
        self.desk.decide(asked["me"], numbers, _order(asked))
        return self._after(asked["me"], numbers)

    def add(self, asked: dict[str, Any]) -> Answer:
        made = self.desk.add(asked["me"], str(asked["article"]), str(asked["table"]), _order(asked))
        return self._after(asked["me"], self._numbers([made]))

    def finish(self, asked: dict[str, Any]) -> Answer:
        self.desk.finish(asked["me"], str(asked["article"]))
        return self._after(asked["me"], [])

    def stepped(self, asked: dict[str, Any], step: Callable[[str], list[Any]]) -> Answer:
        return self._after(asked["me"], self._numbers(step(_name(asked["me"]))))

    def _numbers(self, decisions: list[Any]) -> list[int]:
        found = (self.desk.ledger.number_of(decision) for decision in decisions)
        return [number for number in found if number is not None]

    def _after(self, me: str, numbers: list[int]) -> Answer:
        """The rows as they are after a decision, read back from the log."""
        view = self.desk.ledger.view(_name(me))
        ranks = self.desk.queue.ranks(view)
        rows = [pages.row(self.desk, view, number, int(ranks[number])) for number in numbers]
        return {"rows": rows, "count": len(numbers), "progress": pages.progress(self.desk, view)}

    def _view(self, request: Request) -> Reviewer:
        self.desk.ledger.refresh()
        return self.desk.ledger.view(_name(request.query_params["me"]))


def _name(me: Any) -> str:
    name = str(me).strip()
    if not name or len(name) > NAME:
        raise DeskError("name", "Say who you are first.")
    return name


def _filter(request: Request) -> Filter:
    values = {name: request.query_params.getlist(name) for name in FACETS}
    return Filter({name: asked for name, asked in values.items() if asked}, request.query_params.get("search", ""))


def _order(asked: dict[str, Any]) -> Order:
    human, span = asked.get("human"), asked.get("span")
    return Order(
        str(asked.get("action", "add")),
        {str(name): str(value) for name, value in human.items()} if human is not None else None,
        (int(span[0]), int(span[1])) if span is not None else None,
        str(asked.get("comment", "")),
    )


def _reading(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        try:
            found = handler(request)
            return _json(found if isinstance(found, Mapping) else await found)
        except (DeskError, ReviewLogError, KeyError, TypeError, ValueError) as error:
            return _fault(error)

    return answer


def _writing(handler: Callable[[dict[str, Any]], Answer]) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        try:
            asked = json.loads(await request.body())
            return _json(handler(asked))
        except (DeskError, ReviewLogError, AttributeError, KeyError, TypeError, ValueError) as error:
            return _fault(error)

    return answer


def _fault(error: Exception) -> Response:
    """What the page shows: a code that it knows in its language, and the message in English."""
    if isinstance(error, ReviewLogError):
        return _json({"code": "log", "message": str(error)}, 500)
    if isinstance(error, DeskError):
        return _json({"code": error.code, "message": str(error)}, 400)
    return _json({"code": "bad", "message": "The server does not understand this request."}, 400)


def _json(value: Answer, status: int = 200) -> Response:
    """Plain ASCII, so that a lone surrogate of a damaged text comes through."""
    return Response(json.dumps(value), status, media_type="application/json")
