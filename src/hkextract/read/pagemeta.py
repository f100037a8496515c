"""What a page states of itself: title, date, source, author and address, from meta tags, JSON-LD and headings."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hkextract.article import Meta
from hkextract.read.dom import bare
from hkextract.read.pagedate import tagged

SOURCES = ("source", "contentsource", "mediaid")
SITES = ("og:site_name", "publisher", "article:publisher", "dc.publisher")
"""Tags that name the site, which is the source only where the page names no other."""
AUTHORS = ("author", "article:author", "og:article:author", "byline", "dc.creator", "parsely-author")
SHORTEST, LONGEST_LABEL, LONGEST_SITE = 8, 10, 16
LONGEST = 300
"""Characters of a title that are read."""
TITLES = ("og:title", "articletitle", "twitter:title", "dc.title", "parsely-title")

_BREAK = re.compile(r"[_|｜]+|\s+[-–—·»>]+\s+|\s*(?:--|——)\s*|-(?=[^-]*$)|–(?=[^–]*$)")
_SPACE = re.compile(r"[ \t\r\n\f]+")


class Tags(NamedTuple):
    """What a page states where no reader sees it: the meta tags by name, what its JSON-LD says of an article, and the
    page's title with its site's name."""

    meta: Mapping[str, str]
    data: Mapping[str, Any]
    title: str


def tags_of(tree: Any) -> Tags:
    """The tags of a page."""
    data = {key: value for found in _json_ld(tree) for key, value in found.items()}
    return Tags(dict(meta_tags(tree)), data, _text(next(tree.iter("title"), None)))


def stated_by(tree: Any, found: Tags, lines: Iterable[str]) -> Meta:
    """The metadata of a page; `lines` are its visible lines, which tell a headline from a site's name."""
    tags, data, _ = found
    date = tagged(tags, data)
    return Meta(
        title=_title(tree, found, {bare(line) for line in lines}),
        published_at=date,
        published_basis="file metadata" if date else "none",
        source=_first(tags, SOURCES),
        author=_first(tags, AUTHORS) or _name(data.get("author")),
        url=_url(tree, tags),
    )


def site_of(tags: Tags, headline: str) -> str:
    """The name of the site, as its tags or JSON-LD state it, or as its page's title adds it to the headline."""
    return _first(tags.meta, SITES) or _name(tags.data.get("publisher")) or site_in(tags.title, headline)


def site_in(title: str, headline: str) -> str:
    """The name of the site in a page's title: what stands farthest from the headline.

    >>> site_in("园区一年扫描 - 港澳 - 湖滨日报", "园区一年扫描"), site_in("园区一年扫描", "园区一年扫描")
    ('湖滨日报', '')
    """
    parts = [part.strip() for part in _BREAK.split(_SPACE.sub(" ", title[:LONGEST])) if part.strip()]
    known = bare(headline)
    if len(parts) < 2 or not known:
        return ""
    first, last = (bare(parts[end]) in known for end in (0, -1))
    name = parts[-1] if first and not last else parts[0] if last and not first else ""
    return name if 2 <= len(name) <= LONGEST_SITE else ""


def without_site(title: str, on_page: Collection[str]) -> str:
    """A page's title without the names of site and section that follow it; `on_page` are its lines without white space.

    The longest beginning that stands on the page as a line is the headline; without one the part before the first
    break, if it is long enough to be a headline.

    >>> without_site("园区一年扫描_港澳_新闻网", ["园区一年扫描", "正文。"])
    '园区一年扫描'
    """
    title = _SPACE.sub(" ", title[:LONGEST]).strip()
    ends = [len(title), *(match.start() for match in _BREAK.finditer(title))]
    parts = [title[:end].strip() for end in sorted(ends, reverse=True)]
    for part in parts:
        if bare(part) in on_page:
            return part
    for match in _BREAK.finditer(title):
        if bare(title[match.end() :]) in on_page:
            return title[match.end() :].strip()
    return next((part for part in reversed(parts) if len(part) >= 8), title)


def _title(tree: Any, found: Tags, on_page: Collection[str]) -> str:
    tags, data, own = found
    stated = [tags[name] for name in TITLES if tags.get(name)] + [str(data.get("headline") or ""), own]
    stated = [without_site(title, on_page) for title in stated if title]
    tops = [element for element in tree.iter("h1") if next(element.iter("a"), None) is None]
    headings = [text for text in (_text(element) for element in tree.iter("h1")) if text]
    alone = _text(tops[0]) if len(tops) == 1 else ""
    plain = [bare(title) for title in stated]
    for heading in headings:
        text = bare(heading)
        if any(text == title or (len(text) >= 6 and (text in title or title in text)) for title in plain if title):
            return heading
    for title, text in zip(stated, plain, strict=True):
        if text in on_page:
            is_label = len(text) < LONGEST_LABEL < len(alone)  # the page of a paper, a channel
            return alone if is_label else title
    if len(alone) >= SHORTEST:
        return alone
    return stated[0] if stated else ""


def meta_tags(tree: Any) -> Iterator[tuple[str, str]]:
    """Name and content of the meta tags, the last first, so that the first of a name is the one that stays."""
    for element in reversed(list(tree.iter("meta"))):
        content = _SPACE.sub(" ", element.get("content") or "").strip()
        for attribute in ("name", "property", "itemprop"):
            if content and (name := element.get(attribute)):
                yield name.strip().lower(), content


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    for element in tree.iter("script"):
        if (element.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(element.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        items = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and ("headline" in item or "datePublished" in item):
                yield item


def _first(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((tags[name] for name in names if tags.get(name) and not tags[name].startswith("http")), "")


def _name(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(filter(None, map(_name, value)))
    return str(value.get("name") or "") if isinstance(value, dict) else str(value or "")


def _url(tree: Any, tags: Mapping[str, str]) -> str:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and (element.get("href") or "").startswith("http"):
            return str(element.get("href"))
    return tags.get("og:url", "")


def _text(element: Any) -> str:
    return "" if element is None else _SPACE.sub(" ", "".join(element.itertext())).strip()
