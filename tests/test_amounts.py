"""Amounts on the main path: values, currencies and their grounds, damage, order, cost."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkextract.article import Article, Meta, Source
from hkextract.extract.amounts import AmountFinder, find
from hkextract.mention import Amount
from hkextract.rules import load

RULES = load(Path(__file__).parents[1] / "rules")
FINDER = AmountFinder(RULES)


def amounts(text: str) -> list[tuple[str, Amount]]:
    return [(text[amount.start : amount.end], amount) for amount in FINDER.find(Article.of_text(text))]


def only(text: str) -> Amount:
    found = amounts(text)
    assert len(found) == 1, found
    return found[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "他一直认为，千万不要把万一当作一般，否则十分麻烦。",
        "一国两制、两岸三地和一带一路都写进了文件。",
        "第三方机构派出一名代表，是唯一一个到场的。",
        "搭乘波音737或C919，用5G手机看4K电视。",
        "电话：2345 6789，传真2345 6780，地址为海边道88号28楼。",
        "会议于9时30分开始，10点半结束，定于2024年5月28日再开。",
        "第十四届全国人大二次会议和二十届三中全会先后举行。",
        "东区队以3比1胜出，总比分4:2。",
        "一期工程已完，二期动工，三期临床在即。",
        "第一、要快；第二、要稳；第三，要省。",
        "过去五年变化很大，三年前还没有地铁，未来两年会更多。",
        "星期六轮流值班，周三场地关闭。",
        "四川、三亚、六安的百姓和万众。",
        "中铁十四局承建，由五台山脚到三元里。",
    ],
)
def test_ordinary_prose_holds_no_amount(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("各获3亿、5亿及8亿港元", ["3亿", "5亿", "8亿港元"]),
        ("至少带来200亿元投资", ["200亿元"]),
        ("3年内招聘60名", ["3年", "60名"]),
        ("每10名学生有7人走读，不足一成住宿", ["10名", "7人", "不足一成"]),
        ("人手由15万人减至12万人，减少3万人至12万人", ["15万人", "12万人", "3万人", "12万人"]),
        ("用户突破300万，收入翻了两番", ["突破300万", "翻了两番"]),
        ("位列全球第26位、亚洲第2", ["全球第26位", "亚洲第2"]),
        ("最高时速100公里，限高4.5米以下", ["100公里", "4.5米以下"]),
        ("气温由零下3摄氏度升到21度", ["零下3摄氏度", "21度"]),
        ("约有200人到场，其中近六成是长者", ["200人", "近六成"]),
    ],
)
def test_spans(text: str, surfaces: list[str]) -> None:
    assert [surface for surface, _ in amounts(text)] == surfaces


def test_a_qualifier_apart_bounds_the_value() -> None:
    amount = only("至少带来200亿元投资")
    assert (amount.low, amount.high, amount.qualifier) == (20_000_000_000, None, "min")
    assert only("约有200人到场").qualifier == "approx"


@pytest.mark.parametrize(
    ("text", "currency", "basis"),
    [
        ("拨款5亿港元", "HKD", "stated"),
        ("筹得US$300万", "USD", "stated"),
        ("人民币部分为15亿元", "CNY", "stated"),
        ("（港元，下同）。北京一家公司盈利3亿元。", "HKD", "declared"),
        ("香港把预算增至5亿元。", "HKD", "inferred"),
        ("广东省财政厅配套600万元。", "CNY", "inferred"),
        ("澳门酒店收入20亿元。", "MOP", "inferred"),
        ("公司盈利3亿元。", "", "unknown"),
    ],
)
def test_currency_and_its_ground(text: str, currency: str, basis: str) -> None:
    amount = only(text)
    assert (amount.currency, amount.currency_basis) == (currency, basis)


def test_the_outlet_is_the_last_ground() -> None:
    text = "公司盈利3亿元。"
    plain = Article.of_text(text)
    article = Article(plain.source, plain.text, Meta(source="新华社"), plain.blocks)
    (amount,) = FINDER.find(article)
    assert (amount.currency, amount.currency_basis) == ("CNY", "inferred")


@pytest.mark.parametrize(
    "text", ["登记用户突破\ufffd10万，", "投资3\ufffd5亿元", "拨款\ufffd亿元及\ufffd5亿元", "占比1.\ufffd7%"]
)
def test_a_damaged_number_has_no_value(text: str) -> None:
    found = amounts(text)
    assert found
    for surface, amount in found:
        assert "\ufffd" in surface
        assert (amount.low, amount.high, amount.damaged) == (None, None, True)


def test_a_damaged_number_keeps_its_qualifier() -> None:
    ((surface, amount),) = amounts("登记用户突破\ufffd10万，")
    assert (surface, amount.kind, amount.qualifier) == ("突破\ufffd10万", "count", "min")


def test_the_heading_of_a_table_gives_its_unit() -> None:
    text = (
        "开支（单位：百万港元）\n项目\t金额\t占比\n训练\t3,000\t18.4%\n合计\t16,340\t100%\n以上为估算，另有500个名额。"
    )
    found = [(surface, amount.low, amount.currency) for surface, amount in amounts(text) if amount.kind == "money"]
    assert found == [("3,000", 3_000_000_000, "HKD"), ("16,340", 16_340_000_000, "HKD")]


def test_units_are_converted_to_si() -> None:
    amount = only("占地3.5万亩")
    assert amount.si_unit == "m2"
    assert amount.si_value is not None
    assert round(amount.si_value) == 23_333_333
    assert only("来了3名教师").si_unit == ""
    assert only("来了30名教师").measures == "教师"


def test_blocks_are_searched_alone() -> None:
    article = Article.of_text("共投入3\n亿元计划")
    assert find(article, RULES) == ()
    assert Article.of(Source("a", "a", "共24个项目", "utf-8")).blocks == ()
    assert FINDER.find(Article.of(Source("a", "a", "共24个项目", "utf-8"))) == ()


UNITS = [
    ("个", "count"),
    ("名", "count"),
    ("公里", "length"),
    ("吨", "weight"),
    ("%", "percent"),
    ("港元", "money"),
    ("倍", "multiple"),
]


@given(st.integers(min_value=2, max_value=10**9), st.sampled_from(UNITS), st.sampled_from(["{}", "{:,}"]))
def test_any_figure_with_a_unit_is_found(value: int, unit: tuple[str, str], form: str) -> None:
    surface = form.format(value) + unit[0]
    amount = only(f"该处录得{surface}。")
    assert (amount.end - amount.start, amount.kind, amount.low, amount.high) == (len(surface), unit[1], value, value)


PIECES = st.sampled_from(
    [*"一三十百千万亿两半几数第前约近逾超多余来至到、和及年个名元成分倍的，。% \t\ufffd", "1", "2.5", "3,000", "2024",
     "港元", "公里", "以上", "以下", "左右", "小时", "人民币", "HK$", "百分之", "全球"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_found_is_in_order(text: str) -> None:
    last = 0
    for amount in FINDER.find(Article.of_text(text)):
        assert last <= amount.start < amount.end <= len(text)
        last = amount.end
        if amount.low is not None and amount.high is not None:
            assert amount.low <= amount.high
        assert amount.damaged == ("\ufffd" in text[amount.start : amount.end])
        for value in (amount.low, amount.high):
            assert value is None or "E" not in str(value)
        assert amount.kind == "money" or amount.currency == ""
        assert isinstance(amount.low, Decimal | None)


@pytest.mark.parametrize(
    "seed",
    ["一", "1,", "3亿、", "1至", "3个至", "约", "三分", "1 ", "1元", "数百", "十几", "第", "\ufffd1", "百分之", "香港"],
)
def test_cost_is_linear(seed: str) -> None:
    def cost(length: int) -> float:
        article = Article.of_text((seed * length)[:length])
        start = time.process_time()
        FINDER.find(article)
        return time.process_time() - start

    cost(1000)
    assert cost(100_000) < 12 * cost(25_000) + 0.5
