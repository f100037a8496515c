"""From bytes to characters: which of the encodings of Chinese news a file is in.

A byte order mark decides, then strict UTF-8, then what the file declares; else the encoding wins under which the
bytes read as the commonest characters of Chinese text.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hkextract.read.errors import ReadError
from hkextract.text import codes

COMMON = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們到作地于於出就分对對成会會可主发發年动動同工"
    "也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進着著等部度家电電力里裡如化高自二理起小现現"
    "实實加量都两兩体體机機当當使点點从從业業本去性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表"
    "间間与與关關重新内內心明利比或但质質气氣第向道此变變条條结結问問意建月公无無系军軍情者最立想已通并並提直题題"
    "党黨展五果料员員入常文总總次品式活设設及管特件长長求基资資边邊流路级級少图圖统統接知较較将將组組见見计計"
    "今港市区區万萬亿億元科技创創新香深京报報记記我嘅咗，。、：；“”「」（）《》"
)
"""The commonest characters of Chinese news in both scripts. In right readings of news they are a third to a half of
all characters that are not ASCII, in GBK read as Big5 or the reverse under a twentieth (the test measures it)."""

SAMPLE = 65_536
"""Bytes that are judged, from the first byte that is not ASCII."""
CERTAIN = 0.15
"""Share of common characters from which a reading needs no second voice."""
ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "hz": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "utf8": "utf-8", "utf_8": "utf-8", "unicode": "utf-16", "iso-8859-1": "cp1252", "latin-1": "cp1252",
}  # fmt: skip
"""Declared encodings that are read as a larger one, as browsers do."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document (docx, xlsx, epub)"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or PowerPoint document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"PAR1", "a Parquet table"),
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WAY_OUT = "Save it as plain text (UTF-8) or as a web page, or take it out of the corpus."


def decode(data: bytes, forced: str | None = None, declared: str = "") -> tuple[str, str]:
    """The characters of a file, without its byte order mark, and the name of the encoding that they were in.

    `forced` is the user's `--encoding`, `declared` what the file says of itself. Bytes that an encoding cannot hold
    become U+FFFD, unless the encoding is forced. Raises `ReadError` for an empty or binary file, for an encoding that
    is forced and wrong or not known, and where no encoding fits.

    >>> decode("香港科技园".encode("gb18030"))
    ('香港科技园', 'gb18030')
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise ReadError("The file is empty. Take it out of the corpus, or save the article into it again.")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"This is {what}, not a text. {_WAY_OUT}")
    text, encoding = _forced(data, forced) if forced else _judged(data, declared)
    if len(_NOT_TEXT.findall(text, 0, SAMPLE)) > 0.05 * min(len(text), SAMPLE):
        raise ReadError(f"This is a binary file, not a text. {_WAY_OUT}", encoding)
    if not text.strip("\0 \t\r\n\ufeff"):
        raise ReadError("The file is empty. Take it out of the corpus, or save the article into it again.", encoding)
    return text, encoding


def canonical(name: str) -> str:
    """The encoding that a declared name is read as; empty for a name that means nothing.

    >>> canonical("GB2312"), canonical("Big5"), canonical("nonsense")
    ('gb18030', 'big5hkscs', '')
    """
    name = name.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    try:
        return ALIASES.get(codecs.lookup(name).name, codecs.lookup(name).name)
    except (LookupError, ValueError):
        return ""


def commonness(text: str) -> float:
    """The share of common Chinese characters among those that are not ASCII; lost and private ones count against it."""
    found = codes(text)
    foreign = int(np.count_nonzero(found > 0x7F))
    return int(_voices()[found].sum()) / foreign if foreign else 1.0


@cache
def _voices() -> NDArray[np.int8]:
    """What each character counts for a reading, by its code."""
    found = np.zeros(0x110000, dtype=np.int8)
    found[list(map(ord, COMMON))] = 1
    for bad in (slice(0x80, 0xA0), slice(0xE000, 0xF900), 0xFFFD):
        found[bad] = -2
    return found


def _forced(data: bytes, forced: str) -> tuple[str, str]:
    encoding = canonical(forced)
    if not encoding:
        raise ReadError(
            f"There is no encoding named {forced!r}. Known are utf-8, gb18030, big5hkscs, utf-16 and many more."
        )
    for bom, _ in _BOMS:
        if data.startswith(bom) and encoding.startswith("utf"):
            return _strict(data, "utf-8-sig" if encoding == "utf-8" else encoding)
    return _strict(data, encoding)


def _strict(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise ReadError(
            f"The file is not in {encoding}: its byte {error.start + 1} does not fit. "
            "Leave --encoding out to have the encoding recognised, or name another.",
            encoding,
        ) from None
    except (UnicodeError, LookupError, AttributeError):
        raise ReadError(f"The file cannot be read as {encoding}. Leave --encoding out, or name another.") from None


def _judged(data: bytes, declared: str) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding
    if found := _wide(data):
        return found
    if (text := _utf8(data)) is not None:
        return text, "utf-8"
    if (text := _broken_utf8(data)) is not None:
        return text, "utf-8"
    start = next(at for at, byte in enumerate(data) if byte > 0x7F)
    sample = data[start : start + SAMPLE]
    voices = ["gb18030", "big5hkscs"]
    if (name := canonical(declared)) and name not in ("utf-8", "cp1252", "ascii"):
        voices.insert(0, name)
    scores = {name: commonness(_lenient(sample, name)) for name in dict.fromkeys(voices)}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= CERTAIN:
        return _lenient(data, best), best
    return _second_voice(data, sample, best, scores[best])


def _lenient(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except (UnicodeError, LookupError):
        return "\ufffd" * (len(data) // 2)


def _wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a byte order mark: every second byte of what is ASCII in it is zero."""
    sample = data[: SAMPLE - SAMPLE % 2]
    zeros = sample.count(0)
    if zeros < max(1, len(sample) // 200) or len(data) % 2:
        return None
    odd = sample[1::2].count(0)
    if zeros < 0.2 * len(sample) and _utf8(data) is not None:
        return None
    encoding = "utf-16-le" if odd > zeros - odd else "utf-16-be"
    text = data.decode(encoding, "replace")
    if max(odd, zeros - odd) >= 0.9 * zeros and (commonness(text[:SAMPLE]) >= CERTAIN or "\ufffd" not in text):
        return text, encoding
    return None


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _broken_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken places (a crawl that was cut off), which no other encoding reads better; else None."""
    text = data.decode("utf-8", "replace")
    sample = text[:SAMPLE]
    wide = int(np.count_nonzero(codes(sample) > 0x7F)) - sample.count("\ufffd")
    return text if text.count("\ufffd") <= 0.05 * wide and commonness(sample) >= CERTAIN else None


def _second_voice(data: bytes, sample: bytes, best: str, score: float) -> tuple[str, str]:
    """Asks charset-normalizer where the common characters leave it open."""
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    name = canonical(match.encoding) if match is not None else ""
    if name in ("gb18030", "big5hkscs") or (name and score < 0.02 and not name.startswith("utf")):
        text = _lenient(data, name)
        if text.count("\ufffd") <= 0.02 * len(text):
            return text, name
    text = _lenient(data, best)
    if score > 0.02 or text.count("\ufffd") <= 0.02 * len(text):
        return text, best
    raise ReadError(
        "The encoding of this file could not be recognised. Name it with --encoding (gb18030, big5hkscs, utf-16 …), "
        "or save the file as UTF-8."
    )
