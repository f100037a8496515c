"""The day on which a saved page was published: from tags, lines, scripts and address, never from the clock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from hkextract.article import Meta
from hkextract.read.markdown import iso_date

TAGS = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "publish_date",
    "publish-date", "publishtime", "publish_time", "weibo: article:create_at", "weibo:article:create_at",
    "pubtime", "_pubtime", "publication_date", "publication-date", "rnews:datepublished", "sailthru.date", "issued",
    "og:release_date", "apub:time", "dcterms.created", "dcterms.issued", "dc.date.issued",
)  # fmt: skip
LOOSE_TAGS = ("date", "dc.date", "releasedate", "timestamp", "og:time")
"""Tags that hold at times the day on which the page was built: a line of the page goes before them."""
HEADER, ABOVE, BELOW = 8, 8, 4
"""Lines of an article, its title among them, in which the day is looked for; lines above it, and its last ones."""
LONGEST = 100
"""Characters of a line that may be a header."""
LOCAL = dt.timezone(dt.timedelta(hours=8))
"""The time of Hong Kong, Macau, Taiwan and the mainland."""
LATEST = "2099-12-31"
"""A fixed last day for htmldate, whose own is today: a result must not depend on the day of the run."""

_CLOSED = re.compile(r"[。！？!?…][”’」』）)]{0,2}$")
_FRACTION = re.compile(r"(:\d{2})\.\d{1,9}(?=Z|[+-]\d|$)")
_SCRIPT = re.compile(
    r"""\b(?:pub|publish|published|release)_?(?:date|time|at|on|ts)?["']?\s*[:=]\s*["']?(\d[\dT :/.+Z-]{7,28})""", re.I
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-3]\d)(?!\d)")


def day_of(value: str) -> str:
    """A stamp of any of the forms that pages use, as ISO 8601; seconds since 1970 become the time of Hong Kong.

    >>> day_of("2024-03-18T01:12:00.000Z"), day_of("20240318"), day_of("1710753120")
    ('2024-03-18T01:12:00Z', '2024-03-18', '2024-03-18T17:12:00+08:00')
    """
    value = value.strip()
    if value.isdigit() and len(value) in (10, 13):
        moment = dt.datetime.fromtimestamp(int(value[:10]), LOCAL)
        return moment.isoformat() if 1990 < moment.year < 2100 else ""
    if match := _COMPACT.match(value):
        return iso_date("-".join(match.groups()))
    return iso_date(_FRACTION.sub(r"\1", value))


def tagged(tags: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """The day that meta tags or JSON-LD state as the one of publication."""
    return next(filter(None, (day_of(tags.get(name, "")) for name in TAGS)), "") or day_of(
        str(data.get("datePublished", ""))
    )


def published(tree: Any, page: str, tags: Mapping[str, str], stated: Meta, lines: Lines) -> Meta:
    """Day and basis, from the surest sign to the weakest; both empty where the page tells none.

    `stated` holds what the tags tell. A line just below the title may show that a stamp in universal time is another
    day here.
    """
    days = list(lines.days(lines.article[:HEADER]))
    header = next((day for day in days if "T" in day), next(iter(days), ""))
    if stated.published_at:
        return Meta(published_at=_here(stated.published_at, header), published_basis="file metadata")
    if header:
        return Meta(published_at=_finer(header, _time_element(tree)), published_basis="header line")
    signs: Iterable[tuple[str, str]] = (
        (_first(day_of(tags.get(name, "")) for name in LOOSE_TAGS), "file metadata"),
        (_time_element(tree), "file metadata"),
        (_in_scripts(tree), "file metadata"),
        (_first(lines.days(lines.above[::-1][:ABOVE])), "header line"),
        (_first(lines.days(lines.article[HEADER:][-BELOW:])), "header line"),
        (_in_address(stated.url), "file metadata"),
    )
    for value, basis in signs:
        if value:
            return Meta(published_at=value, published_basis=basis)
    if lines.told():
        return Meta()
    value = _searched(page)
    return Meta(published_at=value, published_basis="file metadata" if value else "none")


class Lines:
    """The lines of the article and those above it. `told` returns true where the rules know a stamp in them that is
    written otherwise: `clean` reads it."""

    def __init__(self, article: Sequence[str], above: Sequence[str], told: Callable[[], bool] = lambda: False) -> None:
        self.article = article
        self.above = above
        self.told = told

    @staticmethod
    def days(lines: Iterable[str]) -> Iterator[str]:
        """The days in short lines that are no sentences."""
        return filter(None, (iso_date(line) for line in lines if len(line) < LONGEST and not _CLOSED.search(line)))


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def _here(stated: str, header: str) -> str:
    """A stamp in universal time as the local time, where the page's own line shows that day and not the other."""
    if not header or not stated.endswith(("Z", "+00:00")) or "T" not in stated:
        return stated
    moment = dt.datetime.fromisoformat(stated).astimezone(LOCAL)
    return moment.isoformat() if moment.date().isoformat() == header[:10] != stated[:10] else stated


def _finer(one: str, other: str) -> str:
    """The longer of two stamps of one day, else the first."""
    return other if other[:10] == one[:10] and len(other) > len(one) else one


def _time_element(tree: Any) -> str:
    return _first(day_of(element.get("datetime") or "") for element in tree.iter("time"))


def _in_scripts(tree: Any) -> str:
    found = (_SCRIPT.finditer(element.text or "") for element in tree.iter("script"))
    return _first(day_of(match[1]) for matches in found for match in matches)


def _in_address(url: str) -> str:
    """The day in an address, like the one of `…/2024/0318/…`."""
    return _first(iso_date("-".join(match.groups())) for match in _ADDRESS.finditer(url.partition("://")[2]))


def _searched(page: str) -> str:
    """What htmldate finds, without the network and without the clock."""
    from htmldate import find_date

    try:
        found = find_date(
            page, extensive_search=False, original_date=True, max_date=LATEST, deferred_url_extractor=True
        )
    except Exception:  # any failure of the library on broken markup means: no date
        return ""
    return iso_date(found or "")
