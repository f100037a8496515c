"""The review server without a browser: who is let in, what is decided, filtered, undone, and how fast."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from hkextract.clean.simplify import to_simplified
from hkextract.review.decision import in_force, standing, state_of
from hkextract.review.desk import Desk
from hkextract.review.guard import LARGEST
from hkextract.review.items import NoTablesError
from hkextract.review.log import ReviewLog
from hkextract.review.pages import CHOICES
from hkextract.review.seen import fresh_rows
from hkextract.review.server import STATIC
from hkextract.review.values import KNOWN
from reviewing import ROOT, TOKEN, Served, copied, large_tables, make_tables, served, write_corpus


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hkextract.review.seen.user_cache_path", lambda *_, **__: tmp_path / "cache")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("reviewed")
    corpus = write_corpus(folder / "corpus")
    return corpus, make_tables(corpus, folder / "output")


@pytest.fixture
def place(made: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    return copied(made, tmp_path)


@pytest.fixture
def server(place: tuple[Path, Path]) -> Iterator[Served]:
    corpus, output = place
    with served(output, corpus) as running:
        yield running


def rows(server: Served, me: str = "Chan", **wanted: str) -> list[dict[str, object]]:
    query = "".join(f"&{name}={quote(value)}" for name, value in wanted.items())
    return server.get(f"/api/list?me={quote(me)}{query}")["rows"]


def row_of(server: Served, surface: str, article: str, me: str = "Chan") -> dict[str, object]:
    return next(row for row in rows(server, me) if row["surface"] == surface and row["article"] == article)


# Who is let in


def test_the_token_of_the_address_becomes_a_cookie_that_scripts_and_other_sites_do_not_have(server: Served) -> None:
    status, headers, _ = server.ask("GET", f"/?token={TOKEN}", headers={"Cookie": ""})
    assert (status, headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(headers["set-cookie"].split("; "))
    assert server.ask("GET", "/")[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Cookie": "hkextract-1=wrong"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/about", "/static/app.js"])
def test_a_request_from_elsewhere_is_refused(server: Served, headers: dict[str, str], path: str) -> None:
    status, answered, body = server.ask("GET", path, headers=headers)
    assert status == 403
    assert TOKEN.encode() not in body
    assert "set-cookie" not in answered


def test_a_wrong_token_is_refused(server: Served) -> None:
    assert server.ask("GET", "/?token=wrong", headers={"Cookie": ""})[0] == 403
    assert server.ask("GET", f"/api/about?token={TOKEN}", headers={"Cookie": ""})[0] == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": ""}, 403),
        ({"X-HKExtract": ""}, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Cookie": ""}, 403),
        ({"Origin": "http://evil.example", "X-HKExtract": "", "Content-Type": "text/plain"}, 403),
    ],
)
def test_only_the_page_can_write(server: Served, headers: dict[str, str], status: int) -> None:
    body = {"me": "Mallory", "action": "reject", "numbers": [0]}
    assert server.ask("POST", "/api/decide", body, headers)[0] == status
    assert ReviewLog(server.desk.corpus).read() == []


def test_what_cannot_be_read_is_refused_and_nothing_is_written(server: Served) -> None:
    assert server.ask("POST", "/api/decide", b"x" * (LARGEST + 1))[0] == 413
    for body in (b"[]", b"{", b'{"me": "A"}', b'{"me": "A", "action": "destroy", "numbers": [0]}', b"null"):
        assert server.ask("POST", "/api/decide", body)[0] == 400, body
    for body in (
        b'{"me": "", "action": "accept", "numbers": [0]}',
        b'{"me": "A\\n", "action": "accept", "numbers": [-1]}',
    ):
        assert server.ask("POST", "/api/decide", body)[0] == 400, body
    assert server.ask("PUT", "/api/decide", {})[0] == 405
    assert server.ask("GET", "/api/decide")[0] == 405
    assert ReviewLog(server.desk.corpus).read() == []


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/lang/..%2f..%2fserver.py",
        "/static//etc/passwd",
        "/text/ferry.txt",
        "/run.json",
        "/..%2f..%2fetc/passwd",
    ],
)
def test_nothing_else_is_served(server: Served, path: str) -> None:
    assert server.ask("GET", path)[0] == 404


def test_tables_cannot_name_files_elsewhere(place: tuple[Path, Path], tmp_path: Path) -> None:
    corpus, output = place
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    table = output / "articles.csv"
    text = table.read_text(encoding="utf-8-sig")
    for article_id, file in (("../secret", "../secret.txt"), ("ferry", str(tmp_path / "secret.txt"))):
        rewritten = text.replace("ferry,ferry.txt", f"{article_id},{file}")
        assert rewritten != text
        table.write_text(rewritten, encoding="utf-8-sig")
        found = Desk(output, corpus).library[article_id]
        assert "secret" not in found.clean
        assert found.raw is None


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/about", "/nowhere"])
def test_every_answer_forbids_inline_scripts_and_guessing(server: Served, path: str) -> None:
    _, headers, _ = server.ask("GET", path)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="/static/app.js">']
    assert not re.search(r"\son\w+=|style=|<style", page)
    for script in STATIC.glob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b", script.read_text("utf-8"))


# What is decided


def test_a_decision_is_in_the_log_before_it_is_answered_and_says_everything(server: Served) -> None:
    row = row_of(server, "3亿港元", "ferry")
    answer = server.post("decide", me="Chan", action="accept", numbers=[row["number"]])
    (one,) = ReviewLog(server.desk.corpus).read()
    assert answer["rows"][0]["state"] == "accepted"
    assert (one.reviewer, one.action, one.article_id, one.file) == ("Chan", "accept", "ferry", "ferry.txt")
    assert (one.table, one.mention_id, one.rule, one.origin) == ("amounts", row["id"], row["rule"], "browser")
    assert one.machine["low"] == "300000000"
    assert one.anchor is not None
    raw = (server.desk.corpus / "ferry.txt").read_text(encoding="utf-8")
    assert raw[one.anchor.raw_start : one.anchor.raw_end] == one.anchor.raw_exact == "3億港元"
    assert one.anchor.prefix.endswith("投资")
    assert one.anchor.suffix.startswith("购买12艘新船")
    assert len(one.digest) == 64
    for _ in range(100):
        if server.desk.versions:
            break
        time.sleep(0.1)
    server.post("decide", me="Chan", action="accept", numbers=[row["number"]])
    assert ReviewLog(server.desk.corpus).read()[-1].rule_version == server.desk.versions[str(row["rule"])]


def test_an_edit_keeps_what_was_not_changed_and_finds_its_raw_place(server: Served) -> None:
    row = row_of(server, "420人", "ferry")
    item = server.get(f"/api/item?me=Chan&number={row['number']}")
    start, end = item["clean"]["span"]
    server.post(
        "decide", me="Chan", action="edit", numbers=[row["number"]], human={"measures": "乘客"}, span=[start - 2, end]
    )
    (one,) = ReviewLog(server.desk.corpus).read()
    assert one.human["measures"] == "乘客"
    assert one.human["low"] == "420"
    assert one.new is not None
    assert (one.new.exact, one.new.raw_exact) == ("可载420人", "可載420人")
    again = server.get(f"/api/item?me=Chan&number={row['number']}")
    assert (again["state"], again["said"][0]["surface"]) == ("edited", "可载420人")


@pytest.mark.parametrize(
    ("human", "told"),
    [({"low": "many"}, "number"), ({"currency": "dollars"}, "three letters"), ({"kind": "heap"}, "one of")],
)
def test_a_value_that_the_table_cannot_hold_is_refused_with_the_reason(
    server: Served, human: dict[str, str], told: str
) -> None:
    row = row_of(server, "420人", "ferry")
    body = {"me": "Chan", "action": "edit", "numbers": [row["number"]], "human": human}
    status, _, answer = server.ask("POST", "/api/decide", body)
    assert status == 400
    assert json.loads(answer)["code"] == "value"
    assert told in json.loads(answer)["message"]
    assert ReviewLog(server.desk.corpus).read() == []


def test_an_addition_appears_as_a_row_and_survives_a_restart(place: tuple[Path, Path]) -> None:
    corpus, output = place
    with served(output, corpus) as server:
        clean = server.desk.library["ferry"].clean
        start = clean.index("老街坊茶社")
        human = {"canonical": "老街坊茶社", "type": "company"}
        answer = server.post(
            "add", me="Chan", article="ferry", table="organisations", human=human, span=[start, start + 5]
        )
        assert answer["rows"][0]["state"] == "added"
    with served(output, corpus) as server:
        (row,) = rows(server, status="added")
        assert (row["surface"], row["table"], row["article"]) == ("老街坊茶社", "organisations", "ferry")
        assert server.get(f"/api/item?me=Chan&number={row['number']}")["values"]["canonical"] == "老街坊茶社"
        server.post("undo", me="Chan")
        assert rows(server, status="added") == []


def test_the_rules_say_what_a_stretch_means_and_which_name_is_meant(server: Served) -> None:
    clean = server.desk.library["ferry"].clean
    start = clean.index("3亿港元")
    found = server.get(f"/api/meaning?article=ferry&table=amounts&start={start}&end={start + 4}")["values"]
    assert (found["low"], found["currency"]) == ("300000000", "HKD")
    assert server.get(f"/api/meaning?article=ferry&table=dates&start={start}&end={start + 4}")["values"] == {}
    names = server.get(f"/api/suggest?text={quote('運輸署')}")["names"]
    assert names[0]["canonical"].endswith("运输署")
    assert names[0]["mentions"] == 1
    assert server.get("/api/rule?id=money")["card"]["examples"]
    assert server.get("/api/rule?id=no-such-rule")["card"] is None


# Undo


def test_undo_goes_back_to_the_start_and_redo_forth_again(server: Served) -> None:
    first, second, third = (int(str(row["number"])) for row in rows(server)[:3])
    server.post("decide", me="Chan", action="accept", numbers=[first])
    server.post("decide", me="Chan", action="reject", numbers=[second, third])
    server.post("decide", me="Lee", action="reject", numbers=[first])
    states = lambda: [int(server.desk.ledger.view("Chan").states[n]) for n in (second, third)]  # noqa: E731
    assert states() == [2, 2]
    assert server.post("undo", me="Chan")["progress"] == server.get("/api/list?me=Chan")["progress"]
    assert states() == [0, 0]
    server.post("undo", me="Chan")
    assert server.post("undo", me="Chan")["rows"] == []
    kept = [one.reviewer for one in in_force(ReviewLog(server.desk.corpus).read())]
    assert kept == ["Lee"]
    server.post("redo", me="Chan")
    server.post("redo", me="Chan")
    assert states() == [2, 2]
    assert server.post("redo", me="Chan")["rows"] == []
    server.post("undo", me="Chan")
    server.post("decide", me="Chan", action="skip", numbers=[third])
    assert server.get("/api/list?me=Chan")["progress"]["redo"] == 0


def test_what_the_page_shows_is_what_the_log_says(server: Served, place: tuple[Path, Path]) -> None:
    numbers = [int(str(row["number"])) for row in rows(server)[:8]]
    for at, number in enumerate(numbers):
        server.post("decide", me="Chan", action=("accept", "reject", "skip")[at % 3], numbers=[number])
        if at % 3 == 1:
            server.post("undo", me="Chan")
        if at == 4:
            server.post("redo", me="Chan")
    corpus, output = place
    again = Desk(output, corpus)
    shown = server.desk.ledger.view("Chan")
    fresh = again.ledger.view("Chan")
    assert shown.states.tolist() == fresh.states.tolist()
    assert list(shown.steps) == list(fresh.steps)
    assert list(shown.undone) == list(fresh.undone)
    found = standing(ReviewLog(corpus).read())
    assert len([one for one in found if state_of([one])]) == int(((shown.states > 0) & (shown.states < 5)).sum())


def test_decisions_of_other_programs_appear(server: Served, place: tuple[Path, Path]) -> None:
    row = rows(server)[0]
    other = Desk(place[1], place[0])
    from hkextract.review.desk import Order

    other.decide("Chan", [int(str(row["number"]))], Order("reject"))
    assert [one["id"] for one in rows(server, status="rejected")] == [row["id"]]


# Two reviewers


def test_the_second_reviewer_is_blind_until_both_differ_and_one_settles(server: Served) -> None:
    row = row_of(server, "420人", "ferry")
    item = f"/api/item?number={row['number']}"
    server.post("decide", me="Chan", action="accept", numbers=[row["number"]])
    server.post("decide", me="Chan", action="comment", comment="看過原文", numbers=[row["number"]])
    blind = server.get(f"{item}&me=Lee")
    assert (blind["state"], blind["said"]) == ("open", [])
    assert [one["action"] for one in server.get(f"{item}&me=Lee&reveal=1")["said"]] == ["accept", "comment"]
    assert dict(server.get("/api/facets?me=Lee")["reviewer"]["values"]) == {"Chan": 1}
    answer = server.post("decide", me="Lee", action="reject", numbers=[row["number"]])
    assert (answer["rows"][0]["state"], answer["rows"][0]["reason"]) == ("disputed", "disagreement")
    for me in ("Chan", "Lee", "Wong"):
        assert rows(server, me)[0]["id"] == row["id"]
        assert len(server.get(f"{item}&me={me}")["said"]) == 3
    server.post("decide", me="Wong", action="accept", numbers=[row["number"]])
    assert ReviewLog(server.desk.corpus).read()[-1].settles
    assert dict(server.get("/api/facets?me=Chan")["reviewer"]["values"]) == {"Wong": 1}
    for me in ("Chan", "Lee", "Wong"):
        assert server.get(f"{item}&me={me}")["state"] == "accepted"
    server.post("undo", me="Wong")
    assert server.get(f"{item}&me=Chan")["state"] == "disputed"


# The queue


def test_filters_search_and_counts(server: Served) -> None:
    everything = rows(server)
    counts = server.get("/api/facets?me=Chan")
    assert sum(count for _, count in counts["article"]["values"]) == len(everything)
    assert dict(counts["table"]["values"])["amounts"] == len(rows(server, table="amounts"))
    assert {row["article"] for row in rows(server, article="library")} == {"library"}
    assert {row["kind"] for row in rows(server, kind="money")} == {"money"}
    assert {row["surface"] for row in rows(server, search="12艘")} == {"12艘"}
    assert {row["article"] for row in rows(server, search="圖書館添置")} == {"library"}
    assert rows(server, search="no such words") == []
    assert rows(server, organisation="no such body") == []
    server.post("decide", me="Chan", action="accept", numbers=[everything[0]["number"]])
    assert [row["number"] for row in rows(server, "Lee", reviewer="Chan")] == [everything[0]["number"]]
    assert len(rows(server, status="open")) == len(everything) - 1
    narrowed = server.get("/api/facets?me=Chan&table=dates")
    assert dict(narrowed["table"]["values"]) == dict(counts["table"]["values"])
    assert sum(count for _, count in narrowed["article"]["values"]) == len(rows(server, table="dates"))


def test_rows_of_doubtful_rules_come_first(server: Served) -> None:
    same = [row for row in rows(server) if row["rule"] == "quantity"]
    assert len(same) >= 7
    for row in same[:5]:
        server.post("decide", me="Chan", action="reject", numbers=[row["number"]])
    first = rows(server, status="open")[0]
    assert (first["rule"], first["reason"]) == ("quantity", "doubtful")


def test_equal_cases_are_listed_decided_and_undone_in_one_step(server: Served) -> None:
    row = row_of(server, "12艘", "ferry")
    equal = server.get(f"/api/equal?me=Chan&number={row['number']}")
    assert sorted(one["article"] for one in equal["rows"]) == ["ferry", "library"]
    assert "码头旁的" in equal["rows"][0]["before"]
    within = server.get(f"/api/equal?me=Chan&number={row['number']}&article=ferry")
    assert (len(within["rows"]), within["outside"]) == (1, 1)
    numbers = [row["number"], *equal["numbers"]]
    server.post("decide", me="Chan", action="accept", numbers=numbers)
    assert len({one.group for one in ReviewLog(server.desk.corpus).read()}) == 1
    assert len(rows(server, status="accepted")) == 3
    server.post("undo", me="Chan")
    assert rows(server, status="accepted") == []


def test_an_edit_of_equal_cases_moves_each_span_its_own_way(server: Served) -> None:
    row = row_of(server, "12艘", "ferry")
    item = server.get(f"/api/item?me=Chan&number={row['number']}")
    start, end = item["clean"]["span"]
    other = row_of(server, "12艘", "library")
    numbers = [row["number"], other["number"]]
    body = {"me": "Chan", "action": "edit", "numbers": numbers, "human": {}, "span": [start, end + 1]}
    status, _, answer = server.ask("POST", "/api/decide", body)
    assert (status, json.loads(answer)["code"]) == (400, "differs")
    assert ReviewLog(server.desk.corpus).read() == []
    server.post("decide", me="Chan", action="edit", numbers=numbers, human={"unit": "条"}, span=[start, end])
    assert [one.human["unit"] for one in ReviewLog(server.desk.corpus).read()] == ["条", "条"]


def test_furniture_is_kept_or_dropped_and_an_article_is_done(server: Served) -> None:
    row = next(row for row in rows(server) if row["table"] == "furniture")
    item = server.get(f"/api/item?me=Chan&number={row['number']}")
    assert item["clean"] is None
    assert not item["raw"]["stale"]
    server.post("decide", me="Chan", action="reject", numbers=[row["number"]])
    (one,) = ReviewLog(server.desk.corpus).read()
    assert one.anchor is not None
    assert to_simplified(one.anchor.raw_exact) == one.anchor.exact
    progress = server.post("finish", me="Chan", article="ferry")["progress"]
    assert progress["done"] == ["ferry"]
    assert server.post("undo", me="Chan")["progress"]["done"] == []
    assert server.post("redo", me="Chan")["progress"]["done"] == ["ferry"]


def test_rows_that_a_later_run_brings_are_new(place: tuple[Path, Path], tmp_path: Path) -> None:
    corpus, output = place
    keep = tmp_path / "seen"

    def fresh() -> int:
        desk = Desk(output, corpus)
        return int(fresh_rows(corpus, desk.items, desk.ledger, keep).sum())

    from hkextract.review.desk import Order

    assert fresh() == 0
    Desk(output, corpus).decide("Chan", [0], Order("accept"))
    (corpus / "pier.txt").write_text("碼頭擴建\n2024-12-05\n碼頭擴建耗資7億港元，增加9個泊位。\n", encoding="utf-8")
    make_tables(corpus, output)
    count = fresh()
    assert count >= 2
    assert fresh() == count  # looking at them does not make them old


def test_a_run_takes_the_decisions_up_and_the_page_still_knows_them(place: tuple[Path, Path]) -> None:
    corpus, output = place
    with served(output, corpus) as server:
        wrong, kept, mended = (row_of(server, s, "ferry") for s in ("420人", "3亿港元", "5艘"))
        start, end = server.get(f"/api/item?me=Chan&number={mended['number']}")["clean"]["span"]
        server.post("decide", me="Chan", action="reject", numbers=[wrong["number"]])
        server.post("decide", me="Chan", action="accept", numbers=[kept["number"]])
        server.post(
            "decide", me="Chan", action="edit", numbers=[mended["number"]], human={"unit": "条"}, span=[start - 2, end]
        )
        before = server.get("/api/list?me=Chan")["progress"]
    make_tables(corpus, output)
    with (output / "amounts.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {row["surface"]: row for row in csv.DictReader(file) if row["article_id"] == "ferry"}
    assert "420人" not in table
    assert (table["其中5艘"]["unit"], table["其中5艘"]["status"]) == ("条", "edited")
    with served(output, corpus) as server:
        assert server.get("/api/list?me=Chan")["progress"]["open"] == before["open"]
        states = {row["surface"]: row["state"] for row in rows(server) if row["article"] == "ferry"}
        assert (states["420人"], states["3亿港元"], states["5艘"]) == ("rejected", "accepted", "edited")
        blind = row_of(server, "5艘", "ferry", "Lee")
        item = server.get(f"/api/item?me=Lee&number={blind['number']}")
        assert (blind["state"], item["values"]["unit"], item["clean"]["span"]) == ("open", "艘", [start, end])


def test_decisions_are_known_again_in_a_file_that_was_saved_anew_under_another_name(place: tuple[Path, Path]) -> None:
    corpus, output = place
    with served(output, corpus) as server:
        for surface, action in (("420人", "reject"), ("3亿港元", "accept")):
            row = row_of(server, surface, "ferry")
            server.post("decide", me="Chan", action=action, numbers=[row["number"]])
        start = server.desk.library["ferry"].clean.index("老街坊茶社")
        human = {"canonical": "老街坊茶社", "type": "company"}
        span = [start, start + 5]
        server.post("add", me="Chan", article="ferry", table="organisations", human=human, span=span)
    text = (corpus / "ferry.txt").read_text(encoding="utf-8")
    (corpus / "ferry.txt").write_text(text.replace("2024-12-03", "\n\n2024-12-03"), encoding="utf-8")
    make_tables(corpus, output)
    (corpus / "ferry.txt").rename(corpus / "boats.txt")
    (corpus / "boats.txt").write_text(text, encoding="utf-8")
    make_tables(corpus, output)
    with served(output, corpus) as server:
        states = {row["surface"]: row["state"] for row in rows(server) if row["article"] == "boats"}
        assert (states["420人"], states["3亿港元"], states["老街坊茶社"]) == ("rejected", "accepted", "added")
        assert len([row for row in rows(server) if row["surface"] == "老街坊茶社"]) == 1
        row = row_of(server, "3亿港元", "boats")
        server.post("decide", me="Chan", action="reject", numbers=[row["number"]])
        assert row_of(server, "3亿港元", "boats")["state"] == "rejected"


def test_what_was_dropped_wrongly_comes_back_and_what_was_kept_wrongly_goes(place: tuple[Path, Path]) -> None:
    corpus, output = place
    path = corpus / "ferry.txt"
    path.write_text(path.read_text(encoding="utf-8") + "責任編輯：陳大文\n更多新聞請關注我們\n", encoding="utf-8")
    make_tables(corpus, output)
    with served(output, corpus) as server:
        row = row_of(server, "更多新聞請關注我們", "ferry")
        server.post("decide", me="Chan", action="reject", numbers=[row["number"]])
        clean = server.desk.library["ferry"].clean
        start = clean.index("新船每艘")
        span = [start, clean.index("\n", start)]
        server.post("add", me="Chan", article="ferry", table="furniture", span=span)
    make_tables(corpus, output)
    text = (output / "text" / "ferry.txt").read_text(encoding="utf-8")
    assert "更多新闻请关注我们" in text
    assert "新船每艘" not in text
    with served(output, corpus) as server:
        states = {row["surface"][:4]: row["state"] for row in rows(server, table="furniture", article="ferry")}
        assert (states["更多新聞"], states["新船每艘"]) == ("rejected", "added")


def test_a_stretch_of_the_clean_text_is_found_in_the_raw_text(corpus: Path, tmp_path: Path) -> None:
    """Mentions know their raw place exactly; comparing sentences must find the same one, glosses behind it left out."""
    output = make_tables(corpus, tmp_path / "output")
    desk = Desk(output, corpus)
    wrong, glossed, count = [], 0, 0
    for item in desk.items.items:
        if item.is_furniture:
            continue
        count += 1
        texts = desk.library[item.article]
        found = texts.raw_span(*item.clean)
        assert found is not None
        assert texts.raw is not None
        if found != item.raw:
            rest = texts.raw[found[1] : item.raw[1]]
            glossed += found[0] == item.raw[0] and rest.startswith("(")
            wrong.append((item.surface, texts.raw[slice(*found)]))
    assert count > 1000
    assert len(wrong) == glossed <= count // 100, wrong


# Languages and folders


def test_every_language_has_every_text_in_its_script() -> None:
    texts = {path.stem: json.loads(path.read_text("utf-8")) for path in (STATIC / "lang").glob("*.json")}
    assert set(texts) == {"en", "zh-Hans", "zh-Hant"}
    assert texts["en"].keys() == texts["zh-Hans"].keys() == texts["zh-Hant"].keys()
    for name, text in texts["zh-Hans"].items():
        assert to_simplified(text) == text, name
    used = set()
    for script in STATIC.glob("*.js"):
        used |= set(re.findall(r"\bt\(\"([a-z_]+)\"", script.read_text("utf-8")))
    used |= set(re.findall(r"data-t(?:-label|-placeholder)?=\"([a-z_]+)\"", (STATIC / "index.html").read_text("utf-8")))
    assert used - texts["en"].keys() == set()
    for table, columns in CHOICES.items():
        for column, values in columns.items():
            assert {f"{column}.{value}" for value in values if value} <= texts["en"].keys()
            if (table, column) in KNOWN:
                assert set(values) == KNOWN[table, column]


def test_a_folder_without_tables_is_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(NoTablesError, match="hkextract run CORPUS"):
        Desk(tmp_path, tmp_path)


def test_a_corpus_that_has_moved_is_told_before_decisions_go_astray(place: tuple[Path, Path]) -> None:
    corpus, output = place
    with pytest.raises(NoTablesError, match="--corpus"):
        Desk(output, corpus / "gone")


# Speed


def test_a_decision_on_a_table_of_a_hundred_thousand_rows_takes_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    """Measured as the processor time of client and server together, since other work may keep the machine busy."""
    large_tables(tmp_path / "output", tmp_path / "corpus")
    begun = time.process_time()
    with served(tmp_path / "output", tmp_path / "corpus") as server:
        assert len(server.desk.items) == 100_000
        loading = time.process_time() - begun

        def took(ask: str, **body: object) -> float:
            start = time.process_time()
            server.post(ask, **body) if body else server.get(ask)
            return time.process_time() - start

        first = took("/api/list?me=Chan&status=open&status=disputed")
        decisions = sorted(
            took("decide", me="Chan", action="accept", numbers=[number]) for number in range(0, 90_000, 4_500)
        )
        items = sorted(took(f"/api/item?me=Chan&number={number}") for number in range(0, 90_000, 9_000))
        search = took(f"/api/list?me=Chan&search={quote('丙厂3')}")
        facets = took("/api/facets?me=Chan&status=open")
        undo = took("undo", me="Chan")
    told = (
        f"seconds: load {loading:.2f}, list {first:.3f}, decision {decisions[10]:.3f} to {decisions[-1]:.3f}, "
        f"row {items[5]:.3f}, search {search:.3f}, facets {facets:.3f}, undo {undo:.3f}"
    )
    print(told)
    assert decisions[10] + items[5] < 0.1, told
    assert first < 1, told
    assert max(search, facets) < 1.5, told
    assert undo < 0.2, told


def test_the_static_files_are_in_the_package() -> None:
    assert STATIC.is_relative_to(ROOT / "src")
    assert {path.name for path in STATIC.iterdir()} >= {"index.html", "style.css", "app.js", "lang", "icon.svg"}
