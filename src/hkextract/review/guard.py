"""Who may ask the review server, and what: everything else is refused before it reaches a route."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-hkextract"
"""A header that no form and no page of another site can send."""
LARGEST = 1_000_000
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing but the server's own files is loaded or run; no inline script, whatever an article holds."""
SAFE = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
ASK = "This address is for one review only. Open the one that `hkextract review` printed when it started."


class Guard:
    """Lets a request through that comes to this machine by name, from this server's own page, with its token.

    The token comes in the address once and stays in a cookie that scripts cannot read and other sites do not send.
    Writing takes JSON with a header of its own on top of it.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str]) -> None:
        self.app, self.token, self.hosts = app, token, frozenset(hosts)
        self.cookie = "hkextract-" + next(iter(hosts)).rpartition(":")[2]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = self._refusal(scope)
        if answer is not None:
            await _safely(answer)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_safe(MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further, None for one that does."""
        headers = Headers(scope=scope)
        method = scope["method"]
        if headers.getlist("host") not in [[host] for host in self.hosts]:
            return PlainTextResponse("Unknown host.", 403)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.hosts}:
            return PlainTextResponse("Another site may not ask this.", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("Another site may not ask this.", 403)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET and POST.", 405)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if method == "GET" and scope["path"] == "/" and given and self._is_token(given):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
            return answer
        if not self._is_token(cookie_parser(headers.get("cookie", "")).get(self.cookie, "")):
            return PlainTextResponse(ASK, 403)
        return _refused_post(headers, origin) if method == "POST" else None

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())


def _refused_post(headers: Headers, origin: str | None) -> Response | None:
    if origin is None or headers.get(HEADER) != "1":
        return PlainTextResponse("Only the review page may write.", 403)
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return PlainTextResponse("Only JSON.", 415)
    length = headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST:
        return PlainTextResponse("Too long.", 413)
    return None


def _safely(answer: Response) -> Response:
    _add_safe(answer.headers)
    return answer


def _add_safe(headers: MutableHeaders) -> None:
    for name, value in SAFE.items():
        headers[name] = value
