"""The article of a page whose text stands in its scripts alone, for a program in the browser to show it.

It is taken from JSON-LD (`articleBody`), from scripts of type JSON, from values that a script assigns, and at last
from any quoted text in a script: whichever holds most sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

LEAST = 40
"""Characters of sentence text in a value that may be an article."""
ATTEMPTS = 200
"""Values that are tried to be read in one script."""
DEEPEST = 40
"""Levels of nested values that are looked through."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ESCAPED = re.compile(r"\\u[4-9][0-9a-fA-F]{3}")
_MARK = re.compile(r"[，。！？；、：]")
_ASSIGNED = re.compile(r"(?:=|\()\s*(?=[{\[])")
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.){20,})"' + r"|'((?:[^'\\\n]|\\.){20,})'")
_PARSED = re.compile(r"\bparse\(")
_BARE_QUOTE = re.compile(r'(?<!\\)"')
_UNDEFINED = re.compile(r"(?<=[:\[,])\s*(?:undefined|NaN|void 0|!0|!1)(?=\s*[,}\]])")
_TAG = re.compile(r"<[a-zA-Z/][^>]{0,2000}>")
_TITLE = re.compile(r"(?i)^(?:\w*title|headline|subject)$")
_DATE = re.compile(r"(?i)^\w*(?:pub|publish|release|create|issue|post|date|time)\w*$")


@dataclass(frozen=True, slots=True)
class Told:
    """An article in a script: its text, markup and all, and the title and date that stand beside it."""

    text: str
    title: str = ""
    date: str = ""


def article_in_scripts(tree: Any) -> Told | None:
    """The text in a page's scripts that holds most sentences; None where none has enough."""
    best, most = None, LEAST - 1
    for told in _candidates(tree):
        size = sentences(told.text)
        if size > most:
            best, most = told, size
    return best


def sentences(text: str) -> int:
    """Chinese characters of a text that has sentences: all of them if one in forty is a mark between clauses.

    >>> sentences("厂房建于1958年，最盛时有工人五千二百名。"), sentences("首页 新闻 财经")
    (16, 0)
    """
    han = len(_HAN.findall(text))
    return han if len(_MARK.findall(text)) * 40 >= han else 0


def lines(text: str) -> list[str]:
    """The lines of a text without markup.

    >>> lines("　　甲。\\n\\n乙。")
    ['甲。', '乙。']
    """
    return [line for line in (part.strip(" \t\r\u3000\xa0") for part in text.split("\n")) if line]


def is_markup(text: str) -> bool:
    """True for a text with tags."""
    return _TAG.search(text) is not None


def _candidates(tree: Any) -> Iterator[Told]:
    for element in tree.iter("script"):
        script = element.text or ""
        if len(_HAN.findall(script)) < LEAST and len(_ESCAPED.findall(script)) < LEAST:
            continue
        values = list(_values(script))
        for value in values:
            yield from _in_value(value, DEEPEST)
        if not values or _PARSED.search(script):
            for match in _QUOTED.finditer(script):
                text = _unquoted(match[1] or match[2])
                if text.lstrip().startswith(("{", "[")):
                    for value in _values(text):
                        yield from _in_value(value, DEEPEST)
                else:
                    yield Told(text)


def _values(script: str) -> Iterator[Any]:
    """The values of a script: the whole if it is JSON, else each object or list that it assigns or passes on."""
    script = script.strip().removeprefix("<!--").removesuffix("-->")
    try:
        yield json.loads(script, strict=False)
        return
    except (ValueError, RecursionError):
        pass
    script = _UNDEFINED.sub("null", script)
    decoder = json.JSONDecoder(strict=False)
    end = 0
    for match in islice(_ASSIGNED.finditer(script), ATTEMPTS):
        if match.end() < end:
            continue
        try:
            value, end = decoder.raw_decode(script, match.end())
        except (ValueError, RecursionError):
            continue
        yield value


def _unquoted(literal: str) -> str:
    """What a quoted text in a script stands for; as it is where it is not JSON's way of quoting."""
    literal = _BARE_QUOTE.sub('\\\\"', literal.replace("\\'", "'"))
    try:
        return str(json.loads(f'"{literal}"', strict=False))
    except ValueError:
        return literal.replace('\\"', '"').replace("\\n", "\n").replace("\\/", "/")


def _in_value(value: Any, depth: int) -> Iterator[Told]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield from _in_object(value)
        parts: Any = value.values()
    elif isinstance(value, list):
        if joined := _paragraphs(value):
            yield Told(joined)
        parts = value
    else:
        return
    for part in parts:
        if isinstance(part, dict | list):
            yield from _in_value(part, depth - 1)


def _in_object(value: dict[str, Any]) -> Iterator[Told]:
    texts = [text for text in value.values() if isinstance(text, str) and len(text) >= LEAST]
    texts += filter(None, (_paragraphs(part) for part in value.values() if isinstance(part, list)))
    if not texts:
        return
    plain = {key: part for key, part in value.items() if isinstance(part, str | int)}
    title = next((str(part) for key, part in plain.items() if _TITLE.match(key)), "")
    date = next((str(part) for key, part in plain.items() if _DATE.match(key) and str(part)[:4].isdigit()), "")
    for text in texts:
        yield Told(text, title, date)


def _paragraphs(value: list[Any]) -> str:
    """A list of texts, or of objects that hold one text each, as one text; empty for a list of other articles."""
    found = []
    for part in value:
        texts = [part] if isinstance(part, str) else list(part.values()) if isinstance(part, dict) else []
        han = [text for text in texts if isinstance(text, str) and _HAN.search(text)]
        if len(han) > 1:
            return ""
        found += han
    return "\n".join(found) if len(found) > 1 else ""
