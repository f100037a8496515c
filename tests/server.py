"""A web server on this machine whose pages misbehave, each in its own way. All texts are made up for the tests."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import ipaddress
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
STORY = (
    "海湾渡轮公司昨日宣布，两艘电动渡轮将于明年三月投入服务，造价合共八千六百万元。公司发言人表示，新船每次充电需时四十分钟，"
    "可载客三百人，每日往返十二次。运输部门欢迎有关安排，并会在码头加设充电设施，工程预计年底前完成。"
)


def page(body: str, head: str = "", title: str = "电动渡轮明年启航") -> str:
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


ARTICLE = page(
    f"<article><h1>电动渡轮明年启航</h1><p>海港日报 2024-05-06</p>"
    f"<p>{STORY}</p><p>{STORY.replace('两', '三')}</p></article>"
)
CONSENT = page(
    "<h1>在您继续之前</h1><p>我们及合作伙伴使用Cookie储存和读取您设备上的信息，以提供和改善服务。</p>"
    "<p>您可以随时更改隐私设置。</p><button>全部接受</button><button>同意并继续</button>",
    title="征求同意",
)
LOGIN = page(
    "<h1>會員登入</h1><p>請先登入後閱讀全文。</p><form><input name=u><input name=p></form><p>忘記密碼</p>", title="登入"
)
CHALLENGE = page(
    "<h1>Just a moment...</h1><p>Verify you are human by completing the action below.</p>", title="Just a moment..."
)
GONE = page("<p>抱歉，您访问的页面不存在</p><p>3秒后自动返回首页</p>", title="提示")
SCRIPTED = page(
    '<div id="app"></div><script src="/app.js"></script>' + "<script>" + "var a=1;" * 400 + "</script>", title="新闻"
)
BANNER = page(
    "<div class=notice>我们使用Cookie改善服务。<a>同意并继续</a></div>"
    f"<article><h1>电动渡轮明年启航</h1><p>{STORY}</p></article>"
)


class Site(ThreadingHTTPServer):
    """The server. `robots` is its robots.txt (a text, or the status that it answers with); `asked` counts requests."""

    daemon_threads = True

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.robots: str | int = 404
        self.asked: Counter[str] = Counter()
        self.times: list[tuple[str, float]] = []
        self.agents: set[str] = set()
        self.other = ""
        self.scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"

    def url(self, path: str = "") -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}/{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is no matter."""


class Handler(BaseHTTPRequestHandler):
    """Answers by the first part of the path."""

    server: Site

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self.server.asked[self.path] += 1
        self.server.times.append((self.path, time.monotonic()))
        self.server.agents.add(self.headers["User-Agent"])
        name, _, rest = self.path.strip("/").partition("/")
        if name == "robots.txt":
            robots = self.server.robots
            self.send(robots, 200, "text/plain") if isinstance(robots, str) else self.send("", robots)
        else:
            getattr(self, "do_" + name.replace("-", "_"))(rest)

    def send(
        self, body: str | bytes, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for key, value in ({"Content-Type": kind, "Content-Length": str(len(data))} | headers).items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(data)

    def onward(self, url: str) -> None:
        self.send("", 302, Location=url)

    def do_article(self, _: str) -> None:
        self.send(ARTICLE)

    def do_story(self, rest: str) -> None:
        """Another article for each number."""
        ships = "一二三四五六七八九"[int(rest)]
        text = f"{ships}号码头昨日启用，耗资{ships}千万元，工程历时{ships}年。运输部门说，每日有{ships}百人次使用。" * 2
        self.send(
            page(f"<h1>{ships}号码头启用</h1><p>2024-05-0{int(rest) + 1}</p><p>{text}</p>", title=f"{ships}号码头启用")
        )

    def do_banner(self, _: str) -> None:
        self.send(BANNER)

    def do_gbk(self, _: str) -> None:
        """The server states the encoding, the page does not."""
        self.send(ARTICLE.replace('<meta charset="utf-8">', "").encode("gbk"), kind="text/html; charset=GBK")

    def do_latin(self, _: str) -> None:
        """The server states of all pages what is true of none."""
        self.send(ARTICLE.replace("utf-8", "gbk").encode("gbk"), kind="text/html; charset=ISO-8859-1")

    def do_gzip(self, _: str) -> None:
        self.send(gzip.compress(ARTICLE.encode()), Content_Encoding="gzip")

    def do_broken_gzip(self, _: str) -> None:
        self.send(b"\x1f\x8b" + b"not gzip at all", Content_Encoding="gzip")

    def do_bomb(self, _: str) -> None:
        self.send(gzip.compress(b" " * 5_000_000), Content_Encoding="gzip")

    def do_example(self, rest: str) -> None:
        """The pages of the documentation."""
        place = EXAMPLES / rest
        self.send(place.read_bytes()) if place.suffix == ".html" and place.exists() else self.send("", 404)

    def do_text(self, _: str) -> None:
        self.send(STORY, kind="text/plain; charset=utf-8")

    def do_pdf(self, _: str) -> None:
        self.send(b"%PDF-1.7\n%%EOF\n", kind="application/octet-stream")

    def do_status(self, rest: str) -> None:
        self.send(page("<p>…</p>"), int(rest))

    def do_wait(self, rest: str) -> None:
        """Asks to wait, and answers the second time."""
        if self.server.asked[self.path] > 1:
            return self.send(ARTICLE)
        return self.send("", 429, Retry_After=rest)

    def do_wait_until(self, rest: str) -> None:
        then = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=int(rest))
        self.send("", 503, Retry_After=then.strftime("%a, %d %b %Y %H:%M:%S GMT"))

    def do_moved(self, rest: str) -> None:
        self.onward("/" + rest)

    def do_refresh(self, rest: str) -> None:
        self.send(page("<p>…</p>", f'<meta http-equiv="refresh" content="0; url=/{rest}">'))

    def do_reload(self, _: str) -> None:
        self.send(ARTICLE.replace("<title>", '<meta http-equiv="refresh" content="5; url=/reload"><title>'))

    def do_circle(self, rest: str) -> None:
        self.onward(f"/circle/{int(rest or 0) + 1}")

    def do_to_other(self, rest: str) -> None:
        """To another server, which may send back (http to https and back)."""
        self.onward(self.server.other + rest)

    def do_to_file(self, _: str) -> None:
        self.onward("file:///etc/passwd")

    def do_drip(self, _: str) -> None:
        """A byte of the page now and then."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self._drip(b"<html><body>" + b"." * 1000)

    def do_drip_headers(self, _: str) -> None:
        """A byte of the headers now and then."""
        self._drip(b"HTTP/1.1 200 OK\r\nX-Filler: " + b"." * 1000)

    def _drip(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            for at in range(len(data)):
                self.wfile.write(data[at : at + 1])
                self.wfile.flush()
                time.sleep(0.1)

    def do_silent(self, _: str) -> None:
        time.sleep(3)

    def do_short(self, _: str) -> None:
        """Announces more than it sends."""
        self.send(ARTICLE[:200], Content_Length="5000")

    def do_short_chunks(self, _: str) -> None:
        self.protocol_version = "HTTP/1.1"
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"40\r\n<html>")
        self.close_connection = True

    def do_garbled(self, _: str) -> None:
        self.wfile.write(b"\x00\x01\x02 no answer\r\n\r\n")

    def do_large(self, _: str) -> None:
        self.send(b"<html>" + b"a" * 400_000)

    def do_endless(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"a" * 65536)

    def do_empty(self, _: str) -> None:
        self.send("")

    def do_media(self, rest: str) -> None:
        self.send(b"\x00\x01", kind=rest)

    def do_consent(self, _: str) -> None:
        self.send(CONSENT)

    def do_login(self, _: str) -> None:
        self.send(LOGIN)

    def do_challenge(self, _: str) -> None:
        self.send(CHALLENGE)

    def do_gone(self, _: str) -> None:
        self.send(GONE)

    def do_scripted(self, _: str) -> None:
        self.send(SCRIPTED)


@contextlib.contextmanager
def serving(certificate: Path | None = None) -> Iterator[Site]:
    """The server, running."""
    site = Site(certificate)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
