"""Numbers as Chinese news writes them → Decimal. Pure values: no rules, no offsets."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    "两": 2, "俩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "廿": 20, "卅": 30, "卌": 40}
LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SEVERAL = (Decimal(2), Decimal("9.9"))
"""What 数 and 几 stand for, as a multiple of the scale that follows: 数千 is 2000 to 9900."""

KEPT = 20_000
"""How many numbers as written are remembered with their values; a text repeats its small ones."""

_ARABIC = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_SEPARATORS = str.maketrans("", "", ",， 个\u00a0\u3000")
_ROUNDED = re.compile("[多余来]")
_TEENS = re.compile("^(.*[十廿卅卌])几(.*)$")
_SEVERAL = re.compile("^好?[数几](?=[十百千万亿])")
_NEIGHBOURS = re.compile("^(.*?)([一二两三四五六七八])([二三四五六七八九])([十百千万亿]*)$")
_TAIL = re.compile("[万亿兆]+$")
_SMALL_TAIL = re.compile("(?<=[^十百千])[百千佰仟k]$")


@lru_cache(maxsize=KEPT)
def parse(text: str) -> Decimal | None:
    """The value of a number in Arabic digits, in Chinese numerals or mixed; None where it is not one number.

    Thousands may be parted by commas or spaces; a numeral after a scale may leave its own scale out (`三万五` is
    35000).

    >>> parse("1,000万"), parse("三亿五千万"), parse("1.5万"), parse("二〇二四"), parse("廿一"), parse("三点一四")
    (Decimal('10000000'), Decimal('350000000'), Decimal('15000.0'), Decimal('2024'), Decimal('21'), Decimal('3.14'))
    """
    text = text.translate(_SEPARATORS)
    whole, dot, decimals = text.partition("点")
    if dot:
        base = parse(whole) if whole else None
        scale = _TAIL.search(decimals)
        digits = decimals[: scale.start()] if scale else decimals
        if base is None or not digits or any(char not in DIGITS for char in digits):
            return None
        value = base + Decimal("0." + "".join(str(DIGITS[char]) for char in digits))
        return value * _scale(scale[0]) if scale else value
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    return _parse_scaled(text)


def _scale(text: str) -> int:
    product = 1
    for char in text:
        product *= LARGE.get(char) or SMALL[char]
    return product


def _parse_scaled(text: str) -> Decimal | None:
    total, section = Decimal(0), Decimal(0)
    digit: Decimal | None = None
    scale, bare = 1, True  # bare: the digit may leave out the scale below the last one
    at = 0
    while at < len(text):
        char = text[at]
        if match := _ARABIC.match(text, at):
            if digit is not None:
                return None
            digit, at, bare = Decimal(match[0]), match.end(), False
            continue
        at += 1
        if char in DIGITS:
            if digit:
                return None
            bare = DIGITS[char] > 0 and digit is None and scale >= 100
            digit = Decimal(DIGITS[char])
        elif char in "廿卅卌":
            section, scale, digit = section + SMALL[char], 10, None
        elif char in SMALL:
            scale = SMALL[char]
            section, digit = section + (1 if digit is None else digit) * scale, None
        elif char in LARGE:
            scale = LARGE[char]
            value = section + (digit or Decimal(0))
            if (at > 1 and text[at - 2] in LARGE) or 0 < total < scale:
                total, value = total * scale, value * scale
            else:
                value = (value if at > 1 else Decimal(1)) * scale
            total, section, digit = total + value, Decimal(0), None
        else:
            return None
    if digit is not None and bare and len(text) > 1:
        digit = digit * scale / 10
    return total + section + (digit or 0)


@lru_cache(maxsize=KEPT)
def bounds(text: str) -> tuple[Decimal | None, Decimal | None, str] | None:
    """Low, high and qualifier of a number that may be inexact in itself; None where it is no number.

    >>> bounds("数十亿"), bounds("二十多万"), bounds("十几")
    ((Decimal('2000000000'), Decimal('9900000000.0'), 'vague'), (Decimal('200000'), None, 'min'), \
(Decimal('11'), Decimal('19'), 'vague'))
    >>> bounds("三四十"), bounds("2,600")
    ((Decimal('30'), Decimal('40'), 'range'), (Decimal('2600'), Decimal('2600'), 'exact'))
    """
    if match := _SEVERAL.match(text):
        return several(text[match.end() :])
    if match := _TEENS.match(text):
        ends = (parse(f"{match[1]}{digit}{match[2]}") for digit in "一九")
        low, high = ends
        return None if low is None or high is None else (low, high, "vague")
    if _ROUNDED.search(text):
        value = parse(_ROUNDED.sub("", text))
        if value is None:
            return None
        return (value, value, "approx") if "来" in text else (value, None, "min")
    if (match := _NEIGHBOURS.match(text)) and (pair := _neighbours(*match.groups())):
        return (*pair, "range")
    value = parse(text)
    return None if value is None else (value, value, "exact")


def several(scale: str) -> tuple[Decimal, Decimal, str] | None:
    """What 数 or 几 and a scale stand for.

    >>> several("千")
    (Decimal('2000'), Decimal('9900.0'), 'vague')
    """
    size = parse(scale)
    return None if size is None else (SEVERAL[0] * size, SEVERAL[1] * size, "vague")


def _neighbours(head: str, first: str, second: str, scale: str) -> tuple[Decimal, Decimal] | None:
    """`三四十`: two neighbouring digits before one scale; `三五百` is the only pair that is no neighbour."""
    step = DIGITS[second] - DIGITS[first]
    if step != 1 and first + second != "三五":
        return None
    if head and head[-1] not in "十百千万亿":
        return None
    low, high = parse(head + first + scale), parse(head + second + scale)
    return None if low is None or high is None or low >= high else (low, high)


def share_scale(low: str, high: str) -> str:
    """The lower end of a range with the scale that the upper end lends it.

    >>> share_scale("两", "三万"), share_scale("十八", "三十万"), share_scale("8500", "3万"), share_scale("1万", "5万")
    ('两万', '十八万', '8500', '1万')
    """
    value, top = parse(low), parse(high)
    if value is None or top is None or _TAIL.search(low):
        return low
    for pattern in (_TAIL, _SMALL_TAIL):
        if (match := pattern.search(high)) and (pattern is _TAIL or all(char not in SMALL for char in low)):
            shared = parse(low + match[0])
            if shared is not None and shared < top and value < top:
                return low + match[0]
            return low
    return low


def fraction(parts: str, whole: str) -> Decimal | None:
    """`三分之一` is 1 of 3, in percent, to ten digits; None where either is no number or the whole is 0.

    >>> fraction("一", "四")
    Decimal('25')
    """
    above, below = parse(parts), parse(whole)
    if above is None or not below:
        return None
    return rounded(above * 100 / below, 10)


def rounded(value: Decimal, places: int) -> Decimal:
    """A quotient rounded to so many decimal places, without trailing zeros; one of 16 digits or more stays as it is.

    >>> rounded(Decimal(200) / 3, 4), rounded(Decimal("1e30"), 4)
    (Decimal('66.6667'), Decimal('1E+30'))
    """
    return value if value.adjusted() > 14 else value.quantize(Decimal(1).scaleb(-places)).normalize() + 0


@lru_cache(maxsize=KEPT)
def plain(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without an exponent.

    >>> plain(Decimal("1.50E+4")), plain(Decimal("9900.0"))
    (Decimal('15000'), Decimal('9900'))
    """
    value = value.normalize()
    return Decimal(int(value)) if value == value.to_integral_value() else value
