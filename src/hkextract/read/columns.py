"""Which column of a record file holds what: as the user names it, else by the names in use, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from hkextract.read.errors import ReadError
from hkextract.read.recorddates import iso_of

Row = Mapping[str, Any]
"""A record as it stands in its file: the names of its columns and their values."""

LONG = 40
"""Characters of the mean value from which a column of no known name can be the text: titles of news have 10 to 35."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text", "content", "body", "articletext", "articlebody", "articlecontent", "fulltext", "maintext",
        "maincontent", "rawtext", "plaintext", "cleantext", "contenttext", "textcontent", "bodytext", "newstext",
        "newscontent",
        "article", "story", "正文", "内容", "全文", "文本", "原文", "文章内容", "新闻内容", "新闻正文", "文章正文",
        "正文内容", "文章", "html", "rawhtml", "contenthtml", "htmlcontent", "bodyhtml", "rawcontent", "网页",
    ),
    "title": (
        "title", "headline", "articletitle", "newstitle", "heading", "subject", "标题", "题目", "题名", "新闻标题",
        "文章标题", "大标题", "主标题",
    ),
    "date": (
        "publishedat", "publishedon", "datepublished", "publisheddate", "publishdate", "publicationdate", "publishtime",
        "publishedtime", "publisheddatetime", "publishat", "pubdate", "pubtime", "published", "postedat", "postdate",
        "releasedate", "articledate", "newsdate", "date", "datetime", "time", "timestamp", "createdat", "createtime",
        "发布时间", "发布日期", "发表时间", "发表日期", "刊登日期", "刊发日期", "出版日期", "见报日期", "报道日期",
        "报道时间", "新闻日期", "日期", "时间", "创建时间",
    ),
    "id": (
        "id", "articleid", "docid", "documentid", "newsid", "recordid", "uid", "uuid", "guid", "编号", "文章编号",
        "新闻编号", "文章id", "新闻id", "序号", "文号",
    ),
    "source": (
        "source", "sourcename", "publisher", "publishername", "outlet", "medianame", "media", "newspaper", "site",
        "sitename", "website", "来源", "媒体", "媒体名称", "报纸", "报纸名称", "出处", "新闻来源", "文章来源", "网站",
    ),
    "url": (
        "url", "link", "href", "permalink", "sourceurl", "articleurl", "newsurl", "canonicalurl", "originalurl",
        "pageurl", "weburl", "网址", "链接", "网页链接", "原文链接", "文章链接", "新闻链接", "地址",
    ),
    "author": (
        "author", "authors", "authorname", "byline", "creator", "writer", "journalist", "reporter", "作者", "记者",
        "撰文", "撰稿", "文章作者",
    ),
    "currency": ("currency", "货币", "币种"),
    "encoding": ("encoding", "charset", "编码", "字符编码"),
}  # fmt: skip
"""The names that a column of each purpose goes by, the likeliest first; in simplified script, small letters, and
without spaces, hyphens, dots and underscores (`folded`)."""

_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns by what they hold; an empty one is to be guessed."""

    text: str = ""
    title: str = ""
    date: str = ""
    id: str = ""
    source: str = ""
    url: str = ""
    author: str = ""
    currency: str = ""
    encoding: str = ""

    def named(self) -> dict[str, str]:
        """The columns that have a name, by purpose."""
        return {field.name: name for field in fields(self) if (name := getattr(self, field.name))}


def folded(name: str) -> str:
    """A column's name as the list of known names has it.

    >>> folded(" Published_At"), folded("發佈時間"), folded("_id")
    ('publishedat', '发布时间', 'id')
    """
    name = _NOT_LETTERS.sub("", name).lower()
    if name.isascii():
        return name
    from hkextract.clean.simplify import to_simplified

    return to_simplified(name)


def settle(asked: Columns, rows: Sequence[Row], file: str) -> Columns:
    """The columns that the user names and, for the rest, those that the names and values of the first rows suggest.

    Raises `ReadError` where a named column is not there or where it cannot be told which one holds the text.
    """
    seen = list(dict.fromkeys(name for row in rows for name in row))
    for purpose, name in asked.named().items():
        if name not in seen:
            option = f"--{purpose}-column" if purpose in ("text", "title", "date", "id") else purpose
            raise ReadError(f"{file} has no column {name!r} ({option}). Its columns are: {_listed(seen)}.")
    free = [name for name in seen if name not in asked.named().values()]
    known = {purpose: _by_name(purpose, free, rows) for purpose in NAMES} | asked.named()
    if not known["text"]:
        known["text"] = _longest(set(seen) - set(filter(None, known.values())), rows)
    if not known["text"]:
        raise ReadError(
            f"It cannot be told which column of {file} holds the articles' text. Name it with --text-column; "
            f"the columns are: {_listed(seen)}."
        )
    return Columns(**known)


def _by_name(purpose: str, seen: Iterable[str], rows: Sequence[Row]) -> str:
    """The first column by the order of the known names that has values, and for a date values that are dates."""
    by_fold: dict[str, str] = {}
    for name in seen:
        by_fold.setdefault(folded(name), name)
    for wanted in NAMES[purpose]:
        name = by_fold.get(wanted, "")
        values = [row[name] for row in rows if name in row and row[name] not in (None, "")]
        if values and (purpose != "date" or any(map(iso_of, values))):
            return name
    return ""


def _longest(names: set[str], rows: Sequence[Row]) -> str:
    """The column with the longest texts, if they are longer than titles are."""
    means = {name: sum(_chars(row.get(name)) for row in rows) / len(rows) for name in sorted(names)}
    best = max(means, key=lambda name: means[name], default="")
    return best if best and means[best] >= LONG else ""


def _chars(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_chars, value))
    return len(value) if isinstance(value, (str, bytes)) and not _is_address(value) else 0


def _is_address(value: str | bytes) -> bool:
    return value.startswith("http") if isinstance(value, str) else value.startswith(b"http")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:30]) or "none"
    return shown + (f" and {len(names) - 30} more" if len(names) > 30 else "")
