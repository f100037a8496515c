"""Numbers in every form parse to their value, and what is no number to none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.extract.numerals import bounds, fraction, parse, plain, share_scale

DIGITS = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def section(value: int) -> str:
    """Below 10,000, with 零 for a gap, as it is read aloud."""
    text, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        elif text:
            gap = True
    return text


def in_numerals(value: int) -> str:
    if value == 0:
        return "零"
    text, gap = "", False
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, value = divmod(value, scale)
        if part:
            text += ("零" if text and (gap or part < 1000) else "") + section(part) + name
            gap = False
        elif text:
            gap = True
    return text.removeprefix("一") if text.startswith("一十") else text


NUMBERS = st.integers(min_value=0, max_value=10**12 - 1)


@given(NUMBERS)
def test_numerals_parse_back(value: int) -> None:
    assert parse(in_numerals(value)) == value


@given(NUMBERS)
def test_formal_numerals_parse_back(value: int) -> None:
    assert parse(in_numerals(value).translate(FORMAL)) == value


@given(NUMBERS, st.sampled_from([",", "，", " "]))
def test_figures_parse_back(value: int, separator: str) -> None:
    assert parse(str(value)) == value
    assert parse(f"{value:,}".replace(",", separator)) == value


@given(
    st.decimals(min_value=0, max_value=99999, places=2),
    st.sampled_from([("万", 4), ("亿", 8), ("万亿", 12), ("千", 3)]),
)
def test_figures_with_a_scale_parse_back(value: Decimal, scale: tuple[str, int]) -> None:
    assert parse(f"{value}{scale[0]}") == value.scaleb(scale[1])


@given(st.text("0123456789", min_size=2, max_size=12))
def test_positional_numerals_parse_back(digits: str) -> None:
    assert parse("".join("〇一二三四五六七八九"[int(digit)] for digit in digits)) == int(digits)


@given(st.text("零〇一二两三十百千万亿廿半数几多余来点0123456789.,"))
def test_bounds_are_in_order(text: str) -> None:
    read = bounds(text)
    if read is not None and read[0] is not None and read[1] is not None:
        assert read[0] <= read[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三亿五千万", 350_000_000),
        ("两万四千", 24_000),
        ("三万五", 35_000),
        ("一百零五", 105),
        ("万亿", 10**12),
        ("3千5百", 3500),
        ("1亿2000万", 120_000_000),
        ("两个亿", 200_000_000),
        ("15k", 15_000),
        ("三点六万", 36_000),
        ("卅五", 35),
    ],
)
def test_forms_of_the_press(text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize("text", ["", "点五", "三五万三", "甲", "1.2.3", "十点甲"])
def test_no_number(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier"),
    [
        ("几百", 200, 990, "vague"),
        ("好几千", 2000, 9900, "vague"),
        ("三十几", 31, 39, "vague"),
        ("百多", 100, None, "min"),
        ("3000余", 3000, None, "min"),
        ("20来", 20, 20, "approx"),
        ("八九亿", 800_000_000, 900_000_000, "range"),
        ("三五百", 300, 500, "range"),
        ("十七八", 17, 18, "range"),
        ("一二", 1, 2, "range"),
    ],
)
def test_inexact_numbers(text: str, low: int, high: int | None, qualifier: str) -> None:
    assert bounds(text) == (low, high, qualifier)


@pytest.mark.parametrize(
    ("low", "high", "shared"),
    [
        ("八", "九百亿", "八亿"),
        ("两", "3百", "两百"),
        ("一千", "两千万", "一千万"),
        ("2", "3万", "2万"),
        ("甲", "3万", "甲"),
    ],
)
def test_a_range_shares_its_scale(low: str, high: str, shared: str) -> None:
    assert share_scale(low, high) == shared


def test_fractions_and_plain_values() -> None:
    assert fraction("一", "四") == 25
    assert fraction("二", "三") == Decimal("66.6666666667")
    assert fraction("一", "零") is None
    assert str(plain(Decimal("2E+9"))) == "2000000000"
