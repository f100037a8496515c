"""Dates in their surroundings: what anchors them, what stays unresolved, and that nothing is slow."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkextract.article import Article, Block
from hkextract.extract import calendar
from hkextract.extract.dates import DateFinder
from hkextract.mention import DateMention
from hkextract.rules import load

RULES = load(Path(__file__).parents[1] / "rules")
FINDER = DateFinder(RULES)


def find(text: str, published_at: str = "") -> list[tuple[str, DateMention]]:
    mentions = FINDER.find(Article.of_text(text, published_at))
    return [(text[mention.start : mention.end], mention) for mention in mentions]


def days(text: str, published_at: str = "") -> dict[str, str]:
    return {surface: f"{m.date_start or ''}..{m.date_end or ''}" for surface, m in find(text, published_at)}


@pytest.mark.parametrize(
    ("text", "published_at", "surface", "wanted"),
    [
        ("本台讯,5月28日公布结果。", "2024-06-02", "5月28日", "2024-05-28..2024-05-28"),
        ("合约预计5月28日签署。", "2024-03-02", "5月28日", "2024-05-28..2024-05-28"),
        ("比赛将于1月5日开锣。", "2024-12-03", "1月5日", "2025-01-05..2025-01-05"),
        ("公司2019年8月注册,10月完成首轮融资。", "2024-06-02", "10月", "2019-10-01..2019-10-31"),
        ("大会2023年5月开幕,同月闭幕。", "", "同月", "2023-05-01..2023-05-31"),
        ("厂房2015年动工,翌年落成。", "", "翌年", "2016-01-01..2016-12-31"),
        ("协议于3月29日签署,次日生效。", "2024-04-02", "次日", "2024-03-30..2024-03-30"),
        ("总督察7日接报,8日拘捕一人。", "2024-08-09", "8日", "2024-08-08..2024-08-08"),
        ("新馆去年动工,今年底启用。", "2024-06-02", "今年底", "2024-12-01..2024-12-31"),
        ("展期由12月28日至1月3日。", "2024-12-20", "由12月28日至1月3日", "2024-12-28..2025-01-03"),
        ("统计2024年12月至2025年3月的数据。", "", "2024年12月至2025年3月", "2024-12-01..2025-03-31"),
        ("美国2024财年预算获通过。", "", "2024财年", "2023-10-01..2024-09-30"),
        ("该厂1998年投产,三年后扩建。", "2024-06-02", "三年后", "2001-01-01..2001-12-31"),
        ("12月31日前交付,1月1日起收费。", "2024-12-04", "1月1日起", "2025-01-01.."),
        ("2024年12月28日开幕,1月3日闭幕。", "2025-02-01", "1月3日", "2025-01-03..2025-01-03"),
        ("去年首三季升3%,较2022年同期快。", "2024-12-04", "2022年同期", "2022-01-01..2022-09-30"),
        ("局方周四（5日）回复。", "2024-12-06", "周四（5日）", "2024-12-05..2024-12-05"),
        ("会期为九月十五日至十七日。", "2024-12-06", "九月十五日至十七日", "2024-09-15..2024-09-17"),
        ("未来10个工作日派发。", "2024-12-06", "未来10个工作日", "2024-12-06..2024-12-20"),
        ("石碑立于公元5年,到87年底才出土。", "2024-06-02", "87年底", "1987-12-01..1987-12-31"),
        ("澳门回归25周年庆典。", "", "澳门回归25周年", "2024-12-20..2024-12-20"),
    ],
)
def test_what_anchors_a_date(text: str, published_at: str, surface: str, wanted: str) -> None:
    assert days(text, published_at)[surface] == wanted


@pytest.mark.parametrize(
    "text", ["今年动工", "上月底公布", "12月3日举行", "过去三年", "周五截止", "近日公布", "昨晚启用"]
)
def test_without_publication_nothing_is_guessed(text: str) -> None:
    (_, mention), *rest = find(text)
    assert not rest
    assert (mention.date_start, mention.date_end, mention.edtf, mention.anchor) == (None, None, "", "unresolved")
    assert mention.cue


def test_a_day_that_does_not_exist_is_kept_without_a_value() -> None:
    ((surface, mention),) = find("交付日定为2023年2月30日。")
    assert (surface, mention.anchor, mention.cue) == ("2023年2月30日", "unresolved", "no such day")


@pytest.mark.parametrize(
    "text",
    [
        "当时目前现在一直长远",
        "近年来最近近期几年前截至目前",
        "历时40年的工程",
        "须于14日内或3年内完成",
        "同月、同年、翌日都没有前文",
        "第三季报、四季酒店、五月天乐队",
        "售价100日元、5:3的比分、共24个、天问一号",
        "2024未来科技展",
        "需时5年至10年",
        "一日三餐、三日两头",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert find(text, "2024-12-03") == []


def test_a_year_heading_sets_the_year_until_the_role_changes() -> None:
    text = "大事记\n2022年\n局方7月1日改名,年底发表蓝图。\n2023年\n年内动工。\n首段回到正文,年底公布。"
    lines, blocks, at = text.split("\n"), [], 0
    roles = ("heading", "sidebar", "sidebar", "sidebar", "sidebar", "body")
    for line, role in zip(lines, roles, strict=True):
        blocks.append(Block(role, at, at + len(line)))
        at += len(line) + 1
    plain = Article.of_text(text)
    article = Article(plain.source, plain.text, plain.meta, tuple(blocks))
    found = {(text[m.start : m.end], m.start): m for m in FINDER.find(article)}
    values = [
        (surface, str(m.date_start), m.anchor) for (surface, _), m in sorted(found.items(), key=lambda x: x[0][1])
    ]
    assert values == [
        ("2022年", "2022-01-01", "explicit"),
        ("7月1日", "2022-07-01", "context"),
        ("年底", "2022-12-01", "context"),
        ("2023年", "2023-01-01", "explicit"),
        ("年内", "2023-01-01", "context"),
        ("年底", "None", "unresolved"),
    ]


def test_a_dateline_is_the_today_of_the_text() -> None:
    text = "某社香港8月8日电 记者今天获悉,工程昨日完工。"
    assert days(text, "2024-08-09")["今天"] == "2024-08-08..2024-08-08"
    assert days(text, "2024-08-09")["昨日"] == "2024-08-07..2024-08-07"


def test_today_in_a_quotation_is_the_day_of_the_event() -> None:
    text = "论坛29日在京举行。主办者说:「欢迎今天到场的企业。」记者今天再访。"
    found = [(surface, str(m.date_start), m.anchor) for surface, m in find(text, "2023-05-30")]
    assert found[1:] == [("今天", "2023-05-29", "context"), ("今天", "2023-05-30", "relative")]


def test_a_lost_character_leaves_no_value() -> None:
    ((_, mention),) = find("工程于\ufffd24年5月完成", "2024-12-03")
    assert mention.damaged
    assert (mention.date_start, mention.edtf) == (None, "")


@settings(deadline=None, max_examples=60)
@given(st.dates(min_value=calendar.of_date(calendar.easter(1950)).first, max_value=calendar.easter(2060)))
def test_every_way_to_write_a_day_gives_the_day(date: object) -> None:
    year, month, day = (int(part) for part in str(date).split("-"))
    han = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    small = ["", *"一二三四五六七八九十", *(f"十{c}" for c in "一二三四五六七八九"), "二十"]
    small += [*(f"二十{c}" for c in "一二三四五六七八九"), "三十", "三十一"]
    for surface in (
        f"{year}年{month}月{day}日",
        f"{year} 年 {month} 月 {day} 日",
        f"{year}-{month:02d}-{day:02d}",
        f"{year}/{month}/{day}",
        f"{han}年{small[month]}月{small[day]}日",
    ):
        assert days(f"文件于{surface}签署。") == {surface: f"{date}..{date}"}


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="2024年5月28日至到今去上下周一二三十前后来起自从截季底初内近未过时点(),-. 、", max_size=60))
def test_any_text_gives_ordered_valid_mentions(text: str) -> None:
    for published_at in ("", "2024-12-03"):
        at = 0
        for _, mention in find(text, published_at):
            assert at <= mention.start < mention.end
            at = mention.end
            if mention.date_start and mention.date_end:
                assert mention.date_start <= mention.date_end
            assert (mention.edtf == "") == (mention.anchor == "unresolved")
            if mention.edtf:
                assert calendar.is_edtf(mention.edtf)


@pytest.mark.parametrize("unit", ["2024", "2024年至", "5月5日(", "十", "自截至", "上周一", "过去", "每 "])
def test_repeats_cost_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        article = Article.of_text(unit * (size // len(unit)), "2024-12-03")
        begin = time.process_time()
        FINDER.find(article)
        return time.process_time() - begin

    small, large = seconds(10_000), seconds(100_000)
    assert large < 25 * small + 0.5
