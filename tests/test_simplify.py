"""Script and width."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.article import Article, Meta, Source
from hkextract.clean.simplify import half_width, script_of, simplify, to_simplified
from hkextract.rules import load

RULES = load(Path(__file__).parents[1] / "rules")


def simplified(text: str, **stated: str) -> Article:
    return simplify(Article.of(Source("a", "a.txt", text, "utf-8", stated=Meta(**stated))), RULES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("隨著新園區落成，經費沿著舊例撥出。", "随着新园区落成，经费沿着旧例拨出。"),
        ("著名學者的著作影響顯著。", "著名学者的著作影响显著。"),
        ("衞生署、滙豐和深水埗的裏面", "卫生署、汇丰和深水埗的里面"),
        ("ＩＭＤ２０２４年排名第５，升１．５％", "IMD2024年排名第5，升1.5%"),
        ("面積３㎡的㈱①", "面积3㎡的㈱①"),
    ],
)
def test_conversion(text: str, wanted: str) -> None:
    assert simplified(text).text.chars == wanted


@pytest.mark.parametrize("text", ["乾坤湾的著作由於先生收藏。", "科技园区引进了企业。", "只有English和123。", "瞭望塔"])
def test_simplified_text_is_left_alone(text: str) -> None:
    article = simplified(text)
    assert article.text.chars == text
    assert article.meta.script in ("hans", "")


def test_a_traditional_line_in_a_simplified_text_is_converted() -> None:
    plain = "园区引进了二十家企业，人才也来了。\n" * 40
    article = simplified(plain + "這裡轉載園區管理處的聲明。\n" + plain)
    assert "这里转载园区管理处的声明。" in article.text.chars
    assert article.meta.script == "hans"


def test_script() -> None:
    assert [script_of(text) for text in ("創科局今日發文", "创科局今日发文", "GDP 2024", "")] == [
        "hant",
        "hans",
        "",
        "",
    ]


def test_stated_metadata_are_converted_too() -> None:
    meta = simplified("创科局今日发文", title="創科局發文", author="陳大文", source="香港商報").meta
    assert (meta.title, meta.author, meta.source, meta.script) == ("创科局发文", "陈大文", "香港商报", "hans")


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_every_text_keeps_its_length(text: str) -> None:
    assert len(to_simplified(text)) == len(text)
    assert len(half_width(text)) == len(text)
    assert len(simplified(text).text) == len(text)


@given(st.text(alphabet="園區着著隨的發髮后後裏里０１ａＺ％", max_size=60))
def test_conversion_twice_is_conversion_once(text: str) -> None:
    once = to_simplified(half_width(text))
    assert to_simplified(once) == once
