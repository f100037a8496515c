"""Pages that come in the place of an article: consent, login, checks against robots, pages that scripts fill.

The words that show them stand in `rules/walls.toml`.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from hkextract.adding.refusals import SAVE_IT, FetchError
from hkextract.clean.simplify import half_width, to_simplified
from hkextract.read import ReadError, kind_of
from hkextract.rules import Rules, find_rules, load

PROSE = 80
"""Chinese characters of sentences that name no wall; a page with as many holds an article, whatever else it says."""
SENTENCE = 15
"""Chinese characters that a line with a full stop has at least, to count as sentences."""
FEW_LETTERS = 200
"""Below so many characters, none of them in sentences, a page with scripts is one that scripts fill."""
SHOWN = 40
"""Characters of a line that a message quotes."""
SOON = 5
"""Seconds after which a page that sends a reader on stands for the one that it sends to."""
SMALL = 20_000
"""Bytes of a page that does nothing but send on."""
STATED = frozenset({"gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-16-be"})
"""Encodings that are believed of a server. Others are what it states of every page alike."""

_HANZI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_STOP = re.compile("[。！？；]")
_NOSCRIPT = re.compile(rb"(?is)<noscript\b.*?</noscript>")
_REFRESH = re.compile(rb"""(?i)<meta[^>]{0,80}http-equiv\s*=\s*["']?refresh\b[^>]{0,200}""")
_ONWARD = re.compile(rb"""(?i)content\s*=\s*["']?\s*(\d{1,2})[\d.]*\s*[;,]\s*url\s*=\s*["']?([^"'>\s]{1,2000})""")
_SCRIPT = re.compile(rb"(?i)<script\b")

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "consent": "the site asks for consent before it shows the article",
        "login": "the site wants readers to log in",
        "paid": "the site shows the article to subscribers only",
        "robot": "the site checks whether a person is reading",
        "script": "the text of this page is made by scripts, which only a browser runs",
        "missing": "the site says that the article is not there",
    }
)
"""What a kind of wall means; the kinds of the rules of the table `walls`."""
GONE = "missing"
LOOK_AGAIN = "Check the link, or look for the article on the site again."


@dataclass(frozen=True, slots=True)
class Wall:
    """What stands in the place of an article or beside it: its kind (a key of `INSTEAD`), the line that shows it."""

    kind: str
    line: str

    def __str__(self) -> str:
        """As a message tells it."""
        line = self.line if len(self.line) <= SHOWN else self.line[:SHOWN] + "…"
        return INSTEAD.get(self.kind, self.kind) + (f" (“{line}”)" if line else "")


def walls_of(text: str, rules: Rules) -> list[Wall]:
    """The lines of a page's text, in either script, that speak of consent, logins and the like.

    Beside an article they say that it may be incomplete; `wall_instead` says where there is no article.
    """
    return [wall for line in text.splitlines() if (wall := _wall(line, rules))]


def wall_instead(text: str, rules: Rules) -> Wall | None:
    """The wall that a page's text is, None where it holds an article (`PROSE`) or names no wall."""
    found: Wall | None = None
    prose = 0
    for line in text.splitlines():
        wall = _wall(line, rules)
        found = found or wall
        prose += 0 if wall else _prose(line)
    return found if prose < PROSE else None


def _wall(line: str, rules: Rules) -> Wall | None:
    table = rules.tables.get("walls")
    plain = half_width(to_simplified(line)).lower()
    for rule in table.rules if table else ():
        if rule.regex.search(plain):
            return Wall(rule.kind, " ".join(line.split()))
    return None


def _prose(line: str) -> int:
    hanzi = len(_HANZI.findall(line))
    return hanzi if hanzi >= SENTENCE and _STOP.search(line) else 0


def refuse_walls(data: bytes, media_type: str, charset: str, rules: Rules | None) -> None:
    """Raises `FetchError` where the bytes of a page are no article: nothing at all, a wall, a page made by scripts."""
    if not data.strip():
        raise FetchError(f"the site sent an empty page. {SAVE_IT}")
    if "html" not in (kind_of(data) or media_type or "html"):
        return
    wall = wall_of_page(data, charset, rules or load(find_rules()))
    if wall:
        raise FetchError(f"{wall}. {LOOK_AGAIN if wall.kind == GONE else SAVE_IT}")


def wall_of_page(data: bytes, charset: str, rules: Rules) -> Wall | None:
    """The wall that a page is, None where it holds an article. `charset` as in `Fetched`."""
    from hkextract.read.html import read_html

    text = ""
    with suppress(ReadError):
        text, _, stated = read_html(data, charset or None, rules)
        text = f"{stated.title}\n{text}"
    if wall := wall_instead(text, rules):
        return wall
    letters = sum(map(str.isalnum, text))
    if letters < FEW_LETTERS and not sum(map(_prose, text.splitlines())) and _SCRIPT.search(data):
        return Wall("script", "")
    return None


def moved_to(data: bytes) -> str:
    """Where a small page sends its readers on at once (`http-equiv="refresh"`); empty where it does not.

    >>> moved_to(b'<meta http-equiv="refresh" content="0; url=/news/1.html">')
    '/news/1.html'
    """
    if len(data) > SMALL or not (tag := _REFRESH.search(_NOSCRIPT.sub(b"", data))):
        return ""
    match = _ONWARD.search(tag[0])
    return html.unescape(match[2].decode("utf-8", "replace")) if match and int(match[1]) <= SOON else ""


def usable_charset(data: bytes, stated: str) -> str:
    """The encoding that a server states of a page, if it is needed and may be right; else empty.

    It is needed where the bytes tell none (no mark, no `<meta charset>`, no UTF-8), and may be right where they can be
    read so.
    """
    from hkextract.read.html import declared

    try:
        name = codecs.lookup(stated).name if stated else ""
    except LookupError:
        return ""
    if (
        name not in STATED
        or declared(data)
        or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    ):
        return ""
    with suppress(UnicodeDecodeError):
        data.decode("utf-8")
        return ""
    try:
        data.decode("gb18030" if name in ("gb2312", "gbk") else name)
    except UnicodeDecodeError:
        return ""
    return name
