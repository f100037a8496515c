"""Every table and column once: name, type and meaning → CSV rows and the Frictionless description of them.

The contract with spreadsheets and scripts: columns are only ever added at the end, none is renamed. A cell holds one
value; an empty cell means that there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

Value = str | int | bool | Decimal | dt.date | None
Row = Sequence[str | int]
"""A row as it is written: `cell` has turned every value that is no text and no whole number into one."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its Frictionless type and what it means, in English and Chinese."""

    name: str
    type: str
    meaning: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file of a run: what a row is, and its columns in order."""

    name: str
    row: str
    key: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def header(self) -> str:
        return ",".join(column.name for column in self.columns) + "\n"

    def index(self, column: str) -> int:
        """The place of a column in a row, from 0; `KeyError` for an unknown one."""
        for place, known in enumerate(self.columns):
            if known.name == column:
                return place
        raise KeyError(column)


ARTICLE = Column("article_id", "string", "The article; its path in the corpus without the suffix.", "文章编号")
SENTENCE = Column("sentence_id", "string", "The sentence that the mention begins in.", "句子编号")
CLEAN = (
    Column("clean_start", "integer", "First character in text/ARTICLE_ID.txt, counted from 0.", "清理后起点"),
    Column("clean_end", "integer", "Character after the last one in text/ARTICLE_ID.txt.", "清理后终点"),
)
RAW = (
    Column("raw_start", "integer", "First character in the raw text, counted from 0.", "原文起点"),
    Column("raw_end", "integer", "Character after the last one in the raw text.", "原文终点"),
)
MENTION = (
    Column("mention_id", "string", "Stable while the article and the mention's place stay the same.", "提及编号"),
    ARTICLE,
    SENTENCE,
    Column("surface", "string", "The text of the mention, repaired and in simplified script.", "文字"),
    Column("raw_surface", "string", "The same stretch of the raw text, untouched.", "原文文字"),
    *CLEAN,
    *RAW,
)
RULE = (
    Column("rule", "string", "The rule that found it; `hkextract rules show ID` prints it.", "规则"),
    Column("damaged", "boolean", "true where it touches text that could not be wholly recovered.", "是否受损"),
)
REVIEW = (
    Column("status", "string", "What reviewers decided: accepted, edited, added, disputed, or empty.", "审阅状态"),
    Column("reviewer", "string", "Who decided it, with | between two.", "审阅人"),
    Column(
        "review", "string", "For you to fill in: accept, reject, edit or skip; then `hkextract review import`.", "审阅"
    ),
    Column("correction", "string", "For you to fill in: what should stand there, like 1亿 or low=5; high=8.", "更正"),
    Column("comment", "string", "For you to fill in: anything else.", "备注"),
)
BLANK = ("",) * len(REVIEW)
"""The cells of these columns in a row that nobody has judged."""

ARTICLES = Table(
    "articles",
    "a raw article file",
    "article_id",
    (
        ARTICLE,
        Column("file", "string", "Path of the file in the corpus.", "文件"),
        Column("title", "string", "Title in simplified script; empty where the file states none.", "标题"),
        Column("published_at", "string", "Date or time of publication, ISO 8601, as far as it is known.", "发布时间"),
        Column("published_basis", "string", "Where that was found: file metadata, header line …", "发布时间依据"),
        Column("source", "string", "The outlet or agency that the article names as its source.", "来源"),
        Column("author", "string", "The reporters that the byline names.", "作者"),
        Column("url", "string", "Address of the page, where the file states one.", "网址"),
        Column("script", "string", "hans (simplified), hant (traditional) or empty.", "字体"),
        Column("encoding", "string", "Encoding that the file was read in.", "编码"),
        Column("raw_chars", "integer", "Characters of the raw text.", "原文字数"),
        Column("clean_chars", "integer", "Characters of the clean text.", "清理后字数"),
        Column("furniture_chars", "integer", "Characters of the raw text dropped as page furniture.", "剔除字数"),
        Column("repairs", "integer", "Repairs made to damaged text.", "修复处数"),
        Column("lost_chars", "integer", "Characters that could not be recovered.", "丢失字数"),
        Column("sentences", "integer", "Sentences of the clean text.", "句数"),
        Column("amounts", "integer", "Amounts found.", "数量数"),
        Column("dates", "integer", "Dates found.", "日期数"),
        Column("organisations", "integer", "Mentions of organisations found.", "机构提及数"),
        Column("status", "string", "ok, warning (read the message) or failed.", "状态"),
        Column("message", "string", "What went wrong or looks doubtful, and what to do.", "说明"),
        Column("duplicate_of", "string", "The article that this one repeats, where it is a reprint.", "重复于"),
        Column("overlap", "number", "Share of the text that the two have in common, 0 to 1.", "重合度"),
    ),
)
SENTENCES = Table(
    "sentences",
    "a sentence of a cleaned article",
    "sentence_id",
    (
        ARTICLE,
        Column("sentence_id", "string", "The sentence.", "句子编号"),
        Column("paragraph", "integer", "Paragraph of the clean text, counted from 1.", "段落"),
        Column("role", "string", "title, lead, body, heading, caption or sidebar.", "角色"),
        *CLEAN,
        *RAW,
        Column("text", "string", "The sentence, repaired and in simplified script.", "文字"),
        Column("raw_text", "string", "The same stretch of the raw text, untouched.", "原文文字"),
        Column("tokens", "string", "Its words, with a space between two.", "分词"),
    ),
)
AMOUNTS = Table(
    "amounts",
    "an amount",
    "mention_id",
    (
        *MENTION,
        Column("kind", "string", "money, percent, count, rank, multiple, duration, area, length …", "种类"),
        Column("low", "number", "Lower bound in the base unit (万, 亿 written out); empty if open.", "下限"),
        Column("high", "number", "Upper bound in the base unit; empty if open.", "上限"),
        Column("qualifier", "string", "exact, approx, min, max, range or vague.", "限定"),
        Column("unit", "string", "Measure word or unit as written; empty for money.", "单位"),
        Column("currency", "string", "ISO 4217 code; empty where unknown.", "货币"),
        Column("currency_basis", "string", "stated, declared, inferred or unknown.", "货币依据"),
        Column("measures", "string", "The noun that is counted or paid for.", "所计之物"),
        *RULE,
        Column("si_value", "number", "Lower bound (or the only one) in the SI unit.", "国际单位值"),
        Column("si_unit", "string", "The SI unit of si_value.", "国际单位"),
        *REVIEW,
    ),
)
DATES = Table(
    "dates",
    "a date",
    "mention_id",
    (
        *MENTION,
        Column("kind", "string", "date, month, year, range, quarter, decade, era, set or time.", "种类"),
        Column("date_start", "date", "First day, inclusive; empty if open or unresolved.", "首日"),
        Column("date_end", "date", "Last day, inclusive; empty if open or unresolved.", "末日"),
        Column("edtf", "string", "The same in EDTF level 1.", "EDTF"),
        Column("anchor", "string", "explicit, relative, context or unresolved.", "依据"),
        *RULE,
        Column("cue", "string", "The words or the date that settled it, or why it is unresolved.", "线索"),
        *REVIEW,
    ),
)
ORGANISATIONS = Table(
    "organisations",
    "a mention of an organisation",
    "mention_id",
    (
        *MENTION,
        Column("canonical", "string", "Full official name in simplified script.", "正式名称"),
        Column("type", "string", "government, university, company …", "类型"),
        Column("parent", "string", "The body that it is part of, where its name says so.", "上级机构"),
        *RULE,
        *REVIEW,
    ),
)
ORGANISATION_INDEX = Table(
    "organisation_index",
    "an organisation",
    "canonical",
    (
        Column("canonical", "string", "Full official name in simplified script.", "正式名称"),
        Column("type", "string", "government, university, company …", "类型"),
        Column("parent", "string", "The body that it is part of.", "上级机构"),
        Column("aliases", "string", "The names it was met under, with | between two.", "所见名称"),
        Column("mentions", "integer", "Mentions of it.", "提及次数"),
        Column("articles", "integer", "Articles that name it.", "文章数"),
        Column("first_seen", "date", "Earliest date of publication among them.", "最早"),
        Column("last_seen", "date", "Latest date of publication among them.", "最晚"),
        Column("original_mentions", "integer", "Mentions of it, reprints left out.", "除重复外提及次数"),
        Column("original_articles", "integer", "Articles that name it, reprints left out.", "除重复外文章数"),
    ),
)
FURNITURE = Table(
    "furniture",
    "a stretch of the raw text that cleaning dropped",
    "",
    (
        ARTICLE,
        *RAW,
        Column("reason", "string", "What it was taken for.", "原因"),
        Column("text", "string", "The dropped stretch of the raw text, untouched.", "文字"),
        Column("rule", "string", "The rule that dropped it.", "规则"),
        *REVIEW,
    ),
)
REPAIRS = Table(
    "repairs",
    "a repair made to damaged text",
    "",
    (
        ARTICLE,
        *RAW,
        Column("kind", "string", "The kind of damage.", "种类"),
        Column("before", "string", "The raw text at that place.", "修复前"),
        Column("after", "string", "What the repair put there; empty where it only removed.", "修复后"),
        Column("lost_chars", "integer", "Characters that could not be recovered there.", "丢失字数"),
        Column("rule", "string", "The rule that made it.", "规则"),
    ),
)
REJECTED = Table(
    "rejected",
    "a row that reviewers took out of a table",
    "",
    (
        Column("table", "string", "The table that it stood in.", "表"),
        Column("mention_id", "string", "Its number there; empty for furniture.", "提及编号"),
        *MENTION[1:],
        Column("kind", "string", "Its kind; the type of an organisation, the reason of furniture.", "种类"),
        Column("low", "number", "Lower bound of an amount.", "下限"),
        Column("high", "number", "Upper bound of an amount.", "上限"),
        Column("unit", "string", "Measure word or unit of an amount.", "单位"),
        Column("currency", "string", "ISO 4217 code of an amount.", "货币"),
        Column("date_start", "date", "First day of a date.", "首日"),
        Column("date_end", "date", "Last day of a date.", "末日"),
        Column("canonical", "string", "Official name of an organisation.", "正式名称"),
        Column("rule", "string", "The rule that found it.", "规则"),
        Column("reviewer", "string", "Who took it out, with | between two.", "审阅人"),
        Column("time", "string", "When, ISO 8601.", "时间"),
        Column("comment", "string", "What the reviewer said of it.", "备注"),
    ),
)
ORPHANS = Table(
    "orphans",
    "a decision of a reviewer that has no place in the texts as they are now",
    "",
    (
        Column("decision", "string", "The decision's number in the log.", "决定编号"),
        Column("article_id", "string", "The article that it was made on.", "文章编号"),
        Column("file", "string", "Path of that article's file then.", "文件"),
        Column("table", "string", "The table that it is about.", "表"),
        Column("action", "string", "accept, reject, edit or add.", "决定"),
        Column("surface", "string", "The stretch of text that it is about.", "文字"),
        Column("prefix", "string", "The text before it.", "前文"),
        Column("suffix", "string", "The text behind it.", "后文"),
        Column("reason", "string", "Why it could not be applied.", "原因"),
        Column("reviewer", "string", "Who decided.", "审阅人"),
        Column("time", "string", "When, ISO 8601.", "时间"),
        Column("comment", "string", "What the reviewer said of it.", "备注"),
    ),
)
TABLES = (
    ARTICLES,
    SENTENCES,
    AMOUNTS,
    DATES,
    ORGANISATIONS,
    ORGANISATION_INDEX,
    FURNITURE,
    REPAIRS,
    REJECTED,
    ORPHANS,
)


@lru_cache(maxsize=1 << 14, typed=True)  # most values come again and again
def cell(value: Value) -> str:
    """A value as a cell: numbers plain and without an exponent, dates ISO 8601, None empty.

    >>> cell(Decimal("1E+8")), cell(Decimal("1.50")), cell(None), cell(True)
    ('100000000', '1.5', '', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def to_csv(rows: Iterable[Row]) -> str:
    """Rows of texts and whole numbers as CSV (RFC 4180 quoting, `\\n` rows), without a header.

    Rows in which nothing needs quotes are joined as they stand: some times as fast as the module `csv`.

    >>> to_csv([("a", 1), ("1,5", "")])
    'a,1\\n"1,5",\\n'
    """
    found = [*map(tuple, rows)]
    if not found:
        return ""
    lines = [_pattern(len(row)) % row for row in found]
    text = "\n".join(lines) + "\n"
    marked = '"' in text or "\r" in text or text.count("\n") != len(found)
    if marked or text.count(",") != sum(map(len, found)) - len(found):
        lines = [
            ",".join([_quoted(str(value)) for value in row])
            if line.count(",") >= len(row) or (marked and ('"' in line or "\n" in line or "\r" in line))
            else line
            for row, line in zip(found, lines, strict=True)
        ]
        text = "\n".join(lines) + "\n"
    return text


@cache
def _pattern(cells: int) -> str:
    """What `%` makes a row of so many cells with, in half the time of joining what `str` makes of each."""
    return ",".join(["%s"] * cells)


def _quoted(text: str) -> str:
    """A cell, in quotes where it holds a mark of the format."""
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def datapackage(version: str) -> dict[str, Any]:
    """The Frictionless description of every table of a run."""
    return {
        "name": "hkextract-output",
        "title": "Amounts, dates and organisations of a corpus of Chinese news articles",
        "profile": "tabular-data-package",
        "created_by": f"hkextract {version}",
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": column.type, "description": column.meaning, "title:zh": column.chinese}
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = table.key
    return {
        "name": table.name.replace("_", "-"),
        "path": table.file,
        "description": f"A row is {table.row}.",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "doubleQuote": True},
        "schema": schema,
    }
