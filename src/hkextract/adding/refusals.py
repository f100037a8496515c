"""Why a page could not be had, and what the user can do about it."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterator, Mapping
from types import MappingProxyType

SAVE_IT = "Open the page in your browser, save it (Ctrl+S, or Cmd+S on a Mac), and add the saved file."
NO_ADDRESS = "this is no web address. A link begins with https:// or http://; a file is added by its name."
LATER = "Run the same command again later."


class FetchError(Exception):
    """A page that could not be had; the message names the address, says why, and what to do.

    The functions below say why and what to do; `Fetcher.fetch` puts the address before it.
    """


BY_STATUS: Mapping[int, str] = MappingProxyType(
    {
        401: f"the site wants a name and password (401). {SAVE_IT}",
        402: f"the site wants to be paid for this page (402). If you have access: {SAVE_IT}",
        403: f"the site refuses programs, or this page is not public (403). {SAVE_IT}",
        404: "there is no page at this address (404). Check the link, or look for the article on the site again.",
        410: "the site has taken this page down (410). Add a copy that you have, or look in a web archive.",
        451: "the site may not show this page here, for legal reasons (451). Add a copy that you have.",
    }
)


def refused(status: int, wait: float = 0) -> FetchError:
    """The error for a status that is not 200; `wait` are the seconds that the site asks to wait."""
    if status in BY_STATUS:
        return FetchError(BY_STATUS[status])
    if status == 429:
        return FetchError(f"the site wants fewer requests (429). {_after(wait)}")
    if status >= 500:
        return FetchError(f"the site has a fault of its own at the moment ({status}). {_after(wait)}")
    return FetchError(f"the site gave no page but the answer {status}. {SAVE_IT}")


def _after(wait: float) -> str:
    if not wait:
        return LATER
    then = dt.datetime.now() + dt.timedelta(seconds=wait)
    return f"Run the same command again after {then:%Y-%m-%d %H:%M}."


def not_allowed() -> FetchError:
    return FetchError(f"the site asks programs not to read this page (robots.txt). {SAVE_IT}")


def not_now(status: int) -> FetchError:
    """The robots.txt of the site could not be read because of a fault of the site."""
    return FetchError(f"the site cannot say now what programs may read (robots.txt: {status}). {LATER}")


def too_large(size: int) -> FetchError:
    return FetchError(f"this is larger than {size // 1_000_000} MB, so it is hardly an article. {SAVE_IT}")


def too_long(seconds: float) -> FetchError:
    return FetchError(f"the site was not done after {seconds:g} seconds. {LATER} If it stays so: {SAVE_IT}")


def too_many_turns(redirects: int) -> FetchError:
    return FetchError(f"the site sends on from address to address ({redirects} times and more). {SAVE_IT}")


ARTICLES = ("text/", "application/xhtml+xml", "application/pdf", "application/octet-stream", "application/vnd.openxml")
"""What the media types of articles begin with; an empty one may be anything."""
NO_ARTICLE: Mapping[str, str] = MappingProxyType(
    {
        "image/": "a picture. If it shows the article, have its text recognised (OCR) and add that",
        "video/": "a film. Add a page or a transcript that holds its words",
        "audio/": "a sound recording. Add a page or a transcript that holds its words",
        "application/json": "data for programs. Add the page that a reader sees",
        "application/rss+xml": "a list of articles. Put the links that you want into a file and use --list",
        "application/atom+xml": "a list of articles. Put the links that you want into a file and use --list",
        "application/zip": "an archive. Save it from your browser and add the saved file",
    }
)


def no_article(status: int, media_type: str) -> None:
    """Raises `FetchError` where a page's media type says that it is no text."""
    if status != 200 or not media_type or media_type.startswith(ARTICLES):
        return
    told = next((words for start, words in NO_ARTICLE.items() if media_type.startswith(start)), "")
    raise FetchError(f"this is {told or f'no article ({media_type}). Add the page that a reader sees'}.")


def failed(error: Exception) -> FetchError:
    """The error for a connection that was not made, or broke."""
    causes = list(_causes(error))
    for kind, words in _CAUSES:
        if cause := next((cause for cause in causes if isinstance(cause, kind)), None):
            reason = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or ""
            return FetchError(words.format(reason=reason))
    return FetchError(_by_name(error))


_CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "the site cannot prove that it is the one it says ({reason}), so nothing was fetched. Check the link and the "
        f"clock of this computer. If you trust the site all the same: {SAVE_IT}",
    ),
    (ssl.SSLError, f"no safe connection to the site could be made ({{reason}}). {LATER} If it stays so: {SAVE_IT}"),
    (
        socket.gaierror,
        "there is no site of this name, or this computer is not connected. Check the link for a slip, and your "
        "connection.",
    ),
    (ConnectionRefusedError, f"the site takes no connections. Check the link. {LATER}"),
    (ConnectionResetError, f"the site broke off the connection. {LATER} If it stays so: {SAVE_IT}"),
)


def _by_name(error: Exception) -> str:
    """What to say of an error of the library that has no more telling cause."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return f"the site did not answer in time. {LATER} If it stays so: {SAVE_IT}"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"only a part of the page came, or the answer was garbled, so nothing was kept. {LATER}"
    if isinstance(error, httpx.DecodingError):
        return f"the page came garbled (its compression is broken), so nothing was kept. {LATER}"
    if isinstance(error, (httpx.InvalidURL, UnicodeError)):
        return NO_ADDRESS
    return f"the page could not be fetched ({error or type(error).__name__}). {LATER}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error with what led to it; of several at once, each."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
