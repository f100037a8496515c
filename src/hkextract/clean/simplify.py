"""Script and width: traditional characters to simplified, full-width digits and Latin letters to half width."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from opencc import OpenCC

from hkextract.article import Article
from hkextract.rules import Rules

_HALF_WIDTH = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
} | {ord("％"): "%", ord("．"): ".", ord("＄"): "$"}


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config, include_tofu_risk_dictionaries=False)


def to_simplified(chars: str) -> str:
    """Traditional to simplified script, character by character of the same length (OpenCC's t2s)."""
    return str(_converter("t2s").convert(chars))
