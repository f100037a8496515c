"""Numbers as Chinese news writes them → Decimal. Pure values: no rules, no offsets."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "廿": 20, "卅": 30, "卌": 40}
LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}

_ARABIC = re.compile(r"\d[\d, ]*(?:\.\d+)?")


def parse(text: str) -> Decimal | None:
    """The value of a number in Arabic digits, in Chinese numerals or mixed; None where it is not one number.

    >>> parse("1,000万"), parse("三亿五千万"), parse("1.5万"), parse("二〇二四"), parse("廿一")
    (Decimal('10000000'), Decimal('350000000'), Decimal('15000.0'), Decimal('2024'), Decimal('21'))
    """
    text = text.replace(",", "").replace(" ", "")
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return Decimal("".join(str(DIGITS[char]) for char in text))
    total, section, digit, scale = Decimal(0), Decimal(0), None, 1
    at = 0
    while at < len(text):
        char = text[at]
        if match := _ARABIC.match(text, at):
            if digit is not None:
                return None
            digit, at = Decimal(match[0]), match.end()
            continue
        at += 1
        if char in DIGITS:
            digit = Decimal(DIGITS[char])
        elif char in SMALL:
            scale = SMALL[char]
            if char in "廿卅卌":
                section, scale = section + scale, 10
            else:
                section, digit = section + (1 if digit is None else digit) * scale, None
        elif char in LARGE:
            scale = LARGE[char]
            value = section + (digit or 0)
            total = total + value * scale if total >= scale else (total + value or 1) * scale
            section, digit = Decimal(0), None
        else:
            return None
    return total + section + (digit or 0)
