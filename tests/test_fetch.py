"""Pages from a server that misbehaves: what is kept, what is told, what it costs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from hkextract.adding.fetch import Fetched, Fetcher, FetchError, Limits, checked, seconds_of
from hkextract.adding.linkfile import Link, LinkFileError, LinkLog, in_turns, read_links
from hkextract.adding.walls import moved_to, usable_charset, walls_of
from hkextract.read.html import read_html
from hkextract.rules import Rules
from server import ARTICLE, BANNER, STORY, Site, certificate, serving

ROOT = Path(__file__).parents[1]
QUICK = Limits(size=300_000, connect=2, read=0.5, total=1.0, redirects=4, pause=0.0, longest_pause=0.5)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def fetcher(rules: Rules) -> Iterator[Fetcher]:
    with Fetcher(rules, QUICK) as found:
        yield found


def refusal(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url)
    assert str(caught.value).startswith(url)
    return str(caught.value)


def test_a_page_comes_byte_for_byte(site: Site, fetcher: Fetcher) -> None:
    found = fetcher.fetch(site.url("article/1#part"))
    assert found.data == ARTICLE.encode()
    assert found == Fetched(
        site.url("article/1#part"), site.url("article/1"), ARTICLE.encode(), "text/html", "", found.fetched_at
    )
    assert found.fetched_at.endswith("+00:00")
    assert all(agent.startswith("hkextract/") for agent in site.agents)


@pytest.mark.parametrize("path", ["gzip", "moved/article", "moved/moved/article", "refresh/article", "banner"])
def test_what_leads_to_the_article(site: Site, fetcher: Fetcher, path: str) -> None:
    assert fetcher.fetch(site.url(path)).data in (ARTICLE.encode(), BANNER.encode())


def test_the_address_that_answered_is_told(site: Site, fetcher: Fetcher) -> None:
    assert fetcher.fetch(site.url("moved/article")).final_url == site.url("article")


def test_the_servers_word_for_the_encoding_is_a_hint(site: Site, fetcher: Fetcher) -> None:
    assert fetcher.fetch(site.url("gbk")).charset == "gbk"
    assert fetcher.fetch(site.url("latin")).charset == ""
    assert fetcher.fetch(site.url("text")).charset == ""


def test_other_kinds_of_articles(site: Site, fetcher: Fetcher) -> None:
    assert fetcher.fetch(site.url("text")).data.decode() == STORY
    assert fetcher.fetch(site.url("pdf")).media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("status/401", "name and password"),
        ("status/402", "paid for"),
        ("status/403", "save it (Ctrl+S"),
        ("status/404", "Check the link"),
        ("status/410", "taken this page down"),
        ("status/418", "the answer 418"),
        ("status/429", "fewer requests (429). Run the same command again later"),
        ("status/451", "legal reasons"),
        ("status/500", "a fault of its own at the moment (500)"),
        ("status/204", "the answer 204"),
        ("wait/900", "Run the same command again after 20"),
        ("wait-until/900", "Run the same command again after 20"),
        ("circle/1", "sends on from address to address (4 times and more)"),
        ("silent", "did not answer in time"),
        ("drip", "not done after 1 seconds"),
        ("drip-headers", "not done after 1 seconds"),
        ("short", "only a part of the page came"),
        ("short-chunks", "only a part of the page came"),
        ("garbled", "garbled"),
        ("broken-gzip", "its compression is broken"),
        ("large", "larger than"),
        ("endless", "larger than"),
        ("bomb", "larger than"),
        ("empty", "an empty page"),
        ("media/image/png", "a picture"),
        ("media/video/mp4", "a film"),
        ("media/audio/mpeg", "a sound recording"),
        ("media/application/json", "data for programs"),
        ("media/application/rss+xml", "--list"),
        ("media/application/x-unheard", "no article (application/x-unheard)"),
        ("consent", "asks for consent"),
        ("login", "wants readers to log in (“請先登入後閱讀全文。”)"),
        ("challenge", "checks whether a person is reading"),
        ("gone", "says that the article is not there"),
        ("scripted", "made by scripts"),
    ],
)
def test_what_goes_wrong_is_told_with_the_way_out(site: Site, fetcher: Fetcher, path: str, told: str) -> None:
    begun = time.monotonic()
    message = refusal(fetcher, site.url(path))
    assert told in message
    assert any(way in message for way in ("save it", "Add ", "add ", "Put ", "again", "Check the link"))
    assert time.monotonic() - begun < 5


def test_a_loop_between_http_and_https(
    site: Site, tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path)
    with serving(own) as safe:
        site.other, safe.other = safe.url("to-other/"), site.url("to-other/")
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        with Fetcher(rules, QUICK) as fetcher:
            assert "sends on" in refusal(fetcher, site.url("to-other/"))
        assert site.asked["/to-other/"] + safe.asked["/to-other/"] == QUICK.redirects + 1


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path, fetcher: Fetcher) -> None:
    with serving(certificate(tmp_path)) as safe:
        assert "cannot prove that it is the one it says (self-signed certificate)" in refusal(
            fetcher, safe.url("article")
        )
        assert not safe.asked


def test_a_site_that_is_not_there(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "takes no connections" in refusal(fetcher, f"http://127.0.0.1:{port}/")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "no site of this name" in refusal(fetcher, "http://news.example/1")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/a", "example.org/a", "https://", "javascript:1"]
)
def test_only_web_addresses(url: str) -> None:
    with pytest.raises(FetchError, match="no web address"):
        checked(url)


@pytest.mark.parametrize("url", ["http://[1::", "http://a.example:x/", "http://a\x00b.example"])
def test_broken_addresses(fetcher: Fetcher, url: str) -> None:
    assert "no web address" in refusal(fetcher, url)


def test_names_and_passwords_are_not_sent(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="holds a name or password") as caught:
        fetcher.fetch(site.url("article").replace("//", "//me:hidden@"))
    assert "hidden" not in str(caught.value)
    assert not site.asked


def test_a_page_that_reloads_itself_stands_for_itself(site: Site, fetcher: Fetcher) -> None:
    assert fetcher.fetch(site.url("reload")).data
    assert site.asked["/reload"] == 1


def test_a_redirect_to_a_file_is_not_followed(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="no web address"):
        fetcher.fetch(site.url("to-file"))


def test_robots_are_honoured_and_read_once(site: Site, fetcher: Fetcher) -> None:
    site.robots = "User-agent: *\nDisallow: /article/private\nDisallow: /*.print$\n"
    assert fetcher.fetch(site.url("article/open")).data
    assert "robots.txt" in refusal(fetcher, site.url("article/private/1"))
    assert "robots.txt" in refusal(fetcher, site.url("article/1.print"))
    assert site.asked == {"/robots.txt": 1, "/article/open": 1}


def test_robots_hold_for_the_target_of_a_redirect(site: Site, fetcher: Fetcher) -> None:
    site.robots = "User-agent: hkextract\nDisallow: /article\n"
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher.fetch(site.url("moved/article"))
    assert "/article" not in site.asked


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_robots_that_are_not_there_allow_everything(site: Site, fetcher: Fetcher, status: int) -> None:
    site.robots = status
    assert fetcher.fetch(site.url("article")).data == ARTICLE.encode()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_that_cannot_be_read_allow_nothing_now(site: Site, fetcher: Fetcher, status: int) -> None:
    site.robots = status
    assert "cannot say now" in refusal(fetcher, site.url("article"))
    site.robots = 404
    assert fetcher.fetch(site.url("article")).data


def test_a_host_is_given_time_between_requests(site: Site, rules: Rules) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 0.3\n"
    with Fetcher(rules, QUICK) as fetcher:
        for name in ("article/1", "status/404", "article/2"):
            try:
                fetcher.fetch(site.url(name))
            except FetchError:
                continue
    times = [when for path, when in site.times if path != "/robots.txt"]
    assert [later - earlier >= 0.29 for earlier, later in pairwise(times)] == [True, True]


def test_a_long_delay_is_bounded(site: Site, fetcher: Fetcher) -> None:
    site.robots = "User-agent: *\nCrawl-delay: 3600\n"
    begun = time.monotonic()
    fetcher.fetch(site.url("article/1"))
    fetcher.fetch(site.url("article/2"))
    assert 0.5 <= time.monotonic() - begun < 3


def test_a_robots_file_without_end_is_read_so_far(site: Site, fetcher: Fetcher) -> None:
    site.robots = "User-agent: *\nDisallow: /article/private\n" + "# and so on\n" * 100_000
    assert fetcher.fetch(site.url("article")).data
    assert "robots.txt" in refusal(fetcher, site.url("article/private"))


def test_a_short_wait_that_is_asked_for_is_waited_once(site: Site, rules: Rules) -> None:
    with Fetcher(rules, Limits(pause=0, longest_pause=2)) as fetcher:
        assert fetcher.fetch(site.url("wait/1")).data == ARTICLE.encode()
    times = [when for path, when in site.times if path == "/wait/1"]
    assert times[1] - times[0] >= 1


def test_seconds_to_wait() -> None:
    assert seconds_of("120") == 120
    assert seconds_of("") == seconds_of("soon") == seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_lines_of_an_article_that_speak_of_logins_are_told(rules: Rules) -> None:
    found = walls_of(f"{STORY}\n登入後可繼續閱讀全文\n", rules)
    assert [str(wall) for wall in found] == ["the site wants readers to log in (“登入後可繼續閱讀全文”)"]


def test_a_page_that_sends_on_later_or_without_scripts_stands_for_itself() -> None:
    tag = b'<meta http-equiv="refresh" content="%s">'
    assert moved_to(tag % b"0;URL=&#x2f;a") == "/a"
    assert moved_to(tag % b"600; url=/a") == moved_to(tag % b"5") == ""
    assert moved_to(b"<noscript>" + tag % b"0; url=/nojs" + b"</noscript>") == ""


def test_which_stated_encodings_are_believed() -> None:
    data = "海湾渡轮".encode("gbk")
    assert usable_charset(data, "gb2312") == "gb2312"
    assert usable_charset(data, "big5") in ("", "big5")
    assert (
        usable_charset(data, "utf-8") == usable_charset(data, "windows-1252") == usable_charset(data, "no-such") == ""
    )
    assert usable_charset(b'<meta charset="gbk">' + data, "big5") == ""
    assert usable_charset("海湾渡轮".encode(), "gbk") == ""


def test_a_page_with_a_stated_encoding_is_read_right(site: Site, fetcher: Fetcher) -> None:
    found = fetcher.fetch(site.url("gbk"))
    assert STORY[:20] in read_html(found.data, found.charset)[0]


LIST = """# my links

https://a.example/1
https://a.example/2  # the second
https://b.example/3,4
https://a.example/1
"""


def test_a_list_of_links(tmp_path: Path) -> None:
    path = tmp_path / "links.txt"
    path.write_text(LIST, encoding="utf-8")
    found = read_links(path)
    assert [(link.url, link.line) for link in found] == [
        ("https://a.example/1", 3),
        ("https://a.example/2", 4),
        ("https://b.example/3,4", 5),
    ]
    assert [link.line for link in in_turns(found)] == [3, 5, 4]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_links(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "links.csv"
    rows = [
        "url,标题,date,tag",
        "# later: more",
        'https://a.example/1,"新船, 启航",2024-05-06,渡轮；港口',
        "https://a.example/2,,,",
    ]
    text = "\n".join(rows)
    if delimiter != ",":
        text = text.replace("新船, ", "新船 ").replace(",", delimiter)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    title = "新船, 启航" if delimiter == "," else "新船 启航"
    assert read_links(path) == [
        Link("https://a.example/1", 3, {"title": title, "published_at": "2024-05-06"}, ("渡轮", "港口")),
        Link("https://a.example/2", 4),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://a.example/1\nwww.a.example\n", "line 2: 'www.a.example' is no link"),
        ("url,colour\nhttps://a.example,red\n", "line 1: there is no column 'colour'"),
        ("url,title\n,新船\n", "line 2: 'an empty cell' is no link"),
        ("# nothing\n", "holds no links"),
        ("https://a.example/a b\n", "is no link"),
    ],
)
def test_a_fault_of_a_list_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LinkFileError) as caught:
        read_links(path)
    assert told in str(caught.value)


def test_a_list_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(LinkFileError, match="could not be opened"):
        read_links(tmp_path / "none.txt")
    (tmp_path / "a.csv").write_bytes("url,标题\n".encode("gbk"))
    with pytest.raises(LinkFileError, match="not UTF-8"):
        read_links(tmp_path / "a.csv")


def test_what_is_done_stays_done(tmp_path: Path) -> None:
    log = LinkLog(tmp_path)
    assert not log.path.exists()
    log.note("https://a.example/1", "a.html")
    log.note("https://a.example/2", message="the site has a fault of its own")
    again = LinkLog(tmp_path)
    assert again.done == log.done == {"https://a.example/1"}
    assert again.failed == log.failed == {"https://a.example/2": "the site has a fault of its own"}
    again.note("https://a.example/2", "b.html")
    assert LinkLog(tmp_path).done == {"https://a.example/1", "https://a.example/2"}
    assert not LinkLog(tmp_path).failed


@pytest.mark.parametrize("cut", range(1, 100, 7))
def test_a_line_cut_short_counts_for_nothing(tmp_path: Path, cut: int) -> None:
    log = LinkLog(tmp_path)
    log.note("https://a.example/1", "a.html")
    whole = log.path.read_bytes()
    log.note("https://a.example/2", "新船.html")
    log.path.write_bytes(whole + log.path.read_bytes()[len(whole) :][:cut])
    again = LinkLog(tmp_path)
    assert "https://a.example/1" in again.done
    again.note("https://a.example/3")
    assert {"https://a.example/1", "https://a.example/3"} <= LinkLog(tmp_path).done


def test_a_list_goes_on_after_a_kill(site: Site, tmp_path: Path) -> None:
    links = tmp_path / "links.txt"
    links.write_text("\n".join(site.url(f"story/{number}") for number in range(5)), encoding="utf-8")
    command = [sys.executable, "-m", "hkextract", "add", "--list", str(links), "--yes", "--rules", str(ROOT / "rules")]
    log = LinkLog(tmp_path / "corpus").path
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 120
        while not log.exists() or log.read_bytes().count(b"\n") < 2:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
    done = LinkLog(tmp_path / "corpus").done
    assert 2 <= len(done) < 5
    site.asked.clear()
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    asked = {site.url(path.lstrip("/")) for path in site.asked if path != "/robots.txt"}
    assert asked == {site.url(f"story/{number}") for number in range(5)} - done
    pages = list((tmp_path / "corpus").glob("*.html"))
    assert len(pages) == 5
    assert len(LinkLog(tmp_path / "corpus").done) == 5
