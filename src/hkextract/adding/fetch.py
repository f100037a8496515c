"""Pages from the web: one at a time, politely, within limits; what cannot be had is told with the way out.

The bytes are those that the server sent, compression undone. robots.txt is honoured, so is the pause that a site asks
for; nothing but http and https is followed, and no name or password is ever sent.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from hkextract.adding.refusals import (
    NO_ADDRESS,
    SAVE_IT,
    FetchError,
    failed,
    no_article,
    not_allowed,
    not_now,
    refused,
    too_large,
    too_long,
    too_many_turns,
)
from hkextract.adding.robots import Robots, robots_of

if TYPE_CHECKING:
    import httpx

    from hkextract.rules import Rules

__all__ = ["FetchError", "Fetched", "Fetcher", "Limits", "fetch"]

NAME = "hkextract"
"""What robots.txt may call this program."""
PORTS = {"http": 80, "https": 443}
ASKED_TO_WAIT = (429, 503)
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a fetch may cost: bytes, seconds and steps.

    `total` is for one request with its answer; `pause` lies between two requests to a host, `longest_pause` bounds
    what its robots.txt may make of that and what Retry-After is waited for.
    """

    size: int = 20_000_000
    robots_size: int = 500_000
    connect: float = 15.0
    read: float = 20.0
    total: float = 60.0
    redirects: int = 8
    pause: float = 1.0
    longest_pause: float = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came. `url` is the address asked for, `final_url` the one that answered in the end.

    `media_type` is what the server calls it, in small letters, empty where it says nothing. `charset` is the encoding
    that the server states, where the bytes do not tell their own and can be read so; else empty, so it may be written
    to a sidecar as it stands. `fetched_at` is ISO 8601 in UTC.
    """

    url: str
    final_url: str
    data: bytes
    media_type: str
    charset: str
    fetched_at: str


def fetch(url: str, rules: Rules | None = None) -> Fetched:
    """One page; raises `FetchError` with a message for the user. For several use one `Fetcher`."""
    with Fetcher(rules) as fetcher:
        return fetcher.fetch(url)


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer: the status, the headers in small letters, the body without its compression."""

    url: str
    status: int
    headers: httpx.Headers
    data: bytes

    @property
    def target(self) -> str:
        """Where a redirect sends to, empty where this is none."""
        return self.headers.get("location", "") if self.status in REDIRECTS else ""

    @property
    def wait(self) -> float:
        """The seconds that the site asks to wait."""
        return seconds_of(self.headers.get("retry-after", ""))


class Fetcher:
    """Fetches pages one after the other, and knows the hosts' rules and pauses. Use as a context.

    `rules` tell consent and login pages (without them those found here do).
    """

    def __init__(self, rules: Rules | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._rules = rules
        self._robots: dict[str, Robots] = {}
        self._free_at: dict[str, float] = {}
        self._runner = asyncio.Runner()
        self._open_client: httpx.AsyncClient | None = None

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open_client:
            self._runner.run(self._open_client.aclose())
        self._runner.close()

    def fetch(self, url: str) -> Fetched:
        """The page at an address; raises `FetchError` where there is none to be had, and says what to do."""
        try:
            return self._runner.run(self._fetch(url))
        except FetchError as error:
            raise FetchError(f"{_bare(url)}: {error}") from None

    async def _fetch(self, url: str) -> Fetched:
        from hkextract.adding.walls import moved_to, refuse_walls, usable_charset

        at = checked(url)
        for _ in range(self.limits.redirects + 1):
            reply = await self._politely(at)
            if reply.target:
                at = checked(reply.target, at)
                continue
            if reply.status != 200:
                raise refused(reply.status, reply.wait)
            onward = checked(moved_to(reply.data), at)
            if onward == at:
                break
            at = onward
        else:
            raise too_many_turns(self.limits.redirects)
        media_type, charset = content_type(reply.headers)
        charset = usable_charset(reply.data, charset)
        refuse_walls(reply.data, media_type, charset, self._rules)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        return Fetched(url, at, reply.data, media_type, charset, now)

    async def _politely(self, url: str) -> _Reply:
        """An answer, if the host allows it, after the pause that it wants; asked to wait a little, it waits once."""
        robots = await self._robots_of(url)
        if not robots.allows(NAME, url):
            raise not_allowed()
        pause = min(max(self.limits.pause, robots.pause(NAME)), self.limits.longest_pause)
        for again in (True, False):
            await self._wait_for(url)
            try:
                reply = await self._answer(url)
            finally:
                self._free_at[_host(url)] = time.monotonic() + pause
            if not (again and reply.status in ASKED_TO_WAIT and 0 < reply.wait <= self.limits.longest_pause):
                break
            await asyncio.sleep(reply.wait)
        return reply

    async def _wait_for(self, url: str) -> None:
        await asyncio.sleep(max(0.0, self._free_at.get(_host(url), 0.0) - time.monotonic()))

    async def _robots_of(self, url: str) -> Robots:
        """What the robots.txt of a site says; it is read once. A 4xx allows everything, a fault of the site nothing."""
        site = _site(url)
        if site not in self._robots:
            at = f"{site}/robots.txt"
            for _ in range(self.limits.redirects + 1):
                reply = await self._answer(at, robots=True)
                if not reply.target:
                    break
                at = checked(reply.target, at)
            if reply.status >= 500 or reply.status in ASKED_TO_WAIT:
                raise not_now(reply.status)
            self._robots[site] = robots_of(reply.data if reply.status == 200 else b"")
        return self._robots[site]

    async def _answer(self, url: str, *, robots: bool = False) -> _Reply:
        """One request and its whole answer, within the limits of time and size."""
        import httpx

        try:
            async with asyncio.timeout(self.limits.total), self._client().stream("GET", url) as stream:
                if robots:
                    data = await _body(stream, self.limits.robots_size)
                else:
                    no_article(stream.status_code, content_type(stream.headers)[0])
                    data = await _body(stream, self.limits.size)
                    if len(data) > self.limits.size:
                        raise too_large(self.limits.size)
                return _Reply(url, stream.status_code, stream.headers, data)
        except TimeoutError:
            raise too_long(self.limits.total) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise failed(error) from None

    def _client(self) -> httpx.AsyncClient:
        """The connections, opened with the first page."""
        import httpx

        if self._open_client is None:
            self._open_client = httpx.AsyncClient(
                follow_redirects=False,
                timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect),
                headers={
                    "User-Agent": f"{NAME}/{version(NAME)} (reads single articles that its user names)",
                    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
                    "Accept-Language": "zh,en;q=0.5",
                },
            )
        return self._open_client


async def _body(stream: httpx.Response, size: int) -> bytes:
    """The body, at most a piece more than a size; what a redirect sends along is left."""
    data = bytearray()
    if stream.status_code not in REDIRECTS:
        async for piece in stream.aiter_bytes():
            data += piece
            if len(data) > size:
                break
    return bytes(data)


def checked(url: str, base: str = "") -> str:
    """An address that may be fetched, without what follows #; `FetchError` for any other. `base` completes a part.

    >>> checked(" https://example.org/a#top ")
    'https://example.org/a'
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
    except ValueError:
        raise FetchError(NO_ADDRESS) from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise FetchError(NO_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"the link holds a name or password, which is not sent. {SAVE_IT}")
    return urlunsplit(parts._replace(fragment=""))


def _bare(url: str) -> str:
    return re.sub(r"//[^/]*@", "//", url.strip())


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host(url: str) -> str:
    return urlsplit(url).netloc


def content_type(headers: httpx.Headers) -> tuple[str, str]:
    """The media type and the charset of a header, in small letters, each empty where it is not stated."""
    media_type, _, rest = headers.get("content-type", "").lower().partition(";")
    stated = (part.partition("=") for part in rest.split(";"))
    charset = next((value.strip(" \"'") for name, _, value in stated if name.strip() == "charset"), "")
    return media_type.strip(), charset


def seconds_of(retry_after: str) -> float:
    """The seconds that a Retry-After header asks for (a number, or a day and time); 0 where it says nothing usable."""
    from email.utils import parsedate_to_datetime

    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - dt.datetime.now(dt.UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
