"""Script and width: traditional characters to simplified, full-width digits and Latin letters to half width.

Both keep the length of the text, so that every character keeps its raw place. Punctuation stays as it is but for
the full-width percent sign, full stop and dollar sign of numbers. Never NFKC, which would turn ㎡ into m2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

from hkextract.article import Article
from hkextract.rules import Rules
from hkextract.text import codes

Script = Literal["hans", "hant", ""]

_HALF_WIDTH: Mapping[int, int | str] = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
} | {ord("％"): "%", ord("．"): ".", ord("＄"): "$"}
FULL_WIDTH = re.compile("[" + "".join(map(chr, _HALF_WIDTH)) + "]")
"""A character of full width that has a plain form."""
_SPACES: Mapping[int, int | str] = dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
"""Spaces of other widths; U+3000 stays, typesetters use it as a mark of its own."""
_WIDTH = {**_HALF_WIDTH, **_SPACES}
_WIDE = re.compile("[" + "".join(map(chr, _WIDTH)) + "]")
"""A character whose width changes; looked for first, at a third of the time that a run takes."""
_CHANGES_WIDTH = re.compile(f"{_WIDE.pattern}+")
_NOT_CONVERTIBLE = re.compile("[\0\ud800-\udfff]+")

TRADITIONAL = 0.02
"""Share of convertible characters among the hanzi from which a text is in traditional script. Texts in simplified
script hold under 0.005 (names, quotations), in traditional script 0.25 to 0.4; the share is that of the first
`SAMPLE` characters and of the whole."""
SAMPLE = 20_000

LEAST_CONVERTED, SHARE_CONVERTED = 4, 0.12
"""Traditional characters of a line that is converted in a simplified text, and their share of its hanzi."""

_HANZI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_HANZI_RUN = re.compile(f"{_HANZI.pattern}+")
_HANZI_BLOCKS = (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00)
"""The blocks of hanzi in the first plane, half-open."""
_EITHER_CHARS = "乾著於里係麽麼閒藉徵瞭"
_EITHER = re.compile(f"[{_EITHER_CHARS}]+")
"""Characters that OpenCC changes but that simplified text has too (乾坤, 著作, 於 in names …): no sign of script."""
_PARTICLE = re.compile(
    "(?<=[随沿朝向跟伴循味带接对])著(?![名作称])"
    "|(?<=[\u4e00-\u9fff])(?<![显卓昭专巨原编合译遗新所名论土拙大力自])著(?![名作称述书录者有文于])"
)
"""著 for the particle 着, which Taiwan and Hong Kong write 著 too and OpenCC leaves outside its phrases (沿著, 有著);
the lists hold what makes it a word of writing or fame instead (著名, 显著, 名著)."""


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config, include_tofu_risk_dictionaries=False)


def to_simplified(chars: str) -> str:
    """Traditional to simplified script, character by character of the same length (OpenCC's hk2s).

    NUL and lone surrogates, at which OpenCC would stop, pass unchanged. The particle that it leaves (隨著) is put
    right.

    >>> to_simplified("隨著創科發展")
    '随着创科发展'
    """
    if "\0" not in chars:
        try:
            return _mended(str(_converter("hk2s").convert(chars)))
        except UnicodeEncodeError:
            pass
    parts: list[str] = []
    at = 0
    for match in _NOT_CONVERTIBLE.finditer(chars):
        parts += (to_simplified(chars[at : match.start()]), match[0])
        at = match.end()
    return "".join(parts) + to_simplified(chars[at:])


def _mended(chars: str) -> str:
    return _PARTICLE.sub("着", chars) if "著" in chars else chars


def half_width(chars: str) -> str:
    """Digits, Latin letters, ％ ． ＄ and odd spaces in their plain form, of the same length.

    >>> half_width("２０２４年，ＩＭＤ，１．５％")
    '2024年，IMD，1.5%'
    """
    return _CHANGES_WIDTH.sub(_narrow, chars) if _WIDE.search(chars) else chars


def _narrow(match: re.Match[str]) -> str:
    return match[0].translate(_WIDTH)


def _count_hanzi(chars: str) -> int:
    return sum(map(len, _HANZI_RUN.findall(chars)))


def script_of(chars: str) -> Script:
    """The script of a text: hant where at least `TRADITIONAL` of its hanzi are traditional, hans, or '' without hanzi.

    >>> script_of("創新科技"), script_of("创新科技"), script_of("GDP")
    ('hant', 'hans', '')
    """
    sample = chars[:SAMPLE]
    return _script(chars, sample, to_simplified(sample))


def _script(chars: str, sample: str, simple: str) -> Script:
    """The script of a text, told by its beginning and what that is in simplified script."""
    changed = _differing(sample, simple)
    hanzi = _count_hanzi(sample) if changed else 0
    for match in _EITHER.finditer(sample) if changed else ():
        hanzi -= len(match[0])
        changed -= _differing(match[0], simple[match.start() : match.end()])
    if not hanzi:
        return "hans" if _HANZI.search(chars) else ""
    return "hant" if changed >= max(1, TRADITIONAL * hanzi) else "hans"


def _differing(one: str, other: str) -> int:
    """How many characters of two texts of one length differ."""
    if one == other:
        return 0
    return int(np.count_nonzero(codes(one) != codes(other)))


def simplify(article: Article, rules: Rules) -> Article:  # noqa: ARG001 - a stage takes the rules
    """The article in simplified script and half width; what is simplified already is not converted.

    The script that it came in is noted in `meta.script`; the title, source and author that the file states are
    converted with it.
    """
    text = article.text.map_chars(half_width)
    chars = text.chars
    simple = to_simplified(chars) if _has_traditional(chars) else chars
    script = _script(chars, chars[:SAMPLE], simple[:SAMPLE])
    converted = simple if script == "hant" else _convert_lines(chars, simple) if script == "hans" else chars
    text = text.map_chars(lambda _: converted)
    meta = article.meta
    title, source, author = (half_width(_converted(it, script)) for it in (meta.title, meta.source, meta.author))
    meta = replace(meta, script=meta.script or script, title=title, source=source, author=author)
    return replace(article, text=text, meta=meta)


def _has_traditional(chars: str) -> bool:
    """Whether a text may hold traditional script: told for a small part of what conversion takes."""
    found = codes(chars)
    known = _traditional()
    return bool(found.max(initial=0) >= len(known) or known[found].any())


@cache
def _traditional() -> NDArray[np.bool_]:
    """Which characters of the first plane OpenCC changes by themselves and simplified text has not."""
    known = np.zeros(1 << 16, dtype=np.bool_)
    for first, last in _HANZI_BLOCKS:
        block = "\n".join(map(chr, range(first, last)))
        known[first:last] = (codes(block) != codes(_converter("hk2s").convert(block)))[::2]
    known[[ord(char) for char in _EITHER_CHARS]] = False
    return known


def _convert_lines(chars: str, simple: str) -> str:
    """Converts the lines of a simplified text that are clearly in traditional script (a quoted document, a menu)."""
    if _differing(chars, simple) < LEAST_CONVERTED:
        return chars
    lines = []
    for old, new in zip(chars.split("\n"), simple.split("\n"), strict=True):
        changed = _differing(old, new)
        lines.append(new if changed >= LEAST_CONVERTED and changed >= SHARE_CONVERTED * _count_hanzi(old) else old)
    return "\n".join(lines)


def _converted(value: str, script: Script) -> str:
    """A stated value, which may be in another script than the text (a page's tags often are)."""
    return to_simplified(value) if value and (script == "hant" or script_of(value) == "hant") else value
