"""Metadata: header lines in the forms that pages use, and which statement wins over which."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkextract import rules as rulebook
from hkextract.article import Article, Meta, Source
from hkextract.clean import clean_article

RULES = rulebook.load(Path(__file__).resolve().parents[1] / "rules")
TITLE = "河堤单车径通车 全长十二公里"
BODY = (
    "沿河而建的单车径昨日通车，全长十二公里，连接三个新市镇，沿途设有六个休息站。\n\n"
    "工程部门说，下一期会伸延至海边，明年年底完成，届时可以一路骑到码头。"
)


def read(raw: str, file: str = "page.txt", **stated: str) -> Article:
    return clean_article(Article.of(Source("page", file, raw, "utf-8", stated=Meta(**stated))), RULES)


def meta_of(header: str, **stated: str) -> Meta:
    """The metadata of an article with this header between title and text; the header must not stay in the text."""
    article = read(f"{TITLE}\n{header}\n\n{BODY}", **stated)
    assert article.text.chars == f"{TITLE}\n{BODY}".replace("\n\n", "\n")
    return article.meta


@pytest.mark.parametrize(
    ("header", "published_at"),
    [
        ("来源:湾区晨报 2024-12-03 16:02", "2024-12-03T16:02"),
        ("2024年08月09日09:31 | 来源:湾区晨报", "2024-08-09T09:31"),
        ("2024年8月9日 上午9时31分", "2024-08-09T09:31"),
        ("2024年8月9日 下午3:05", "2024-08-09T15:05"),
        ("发布时间：2025-03-14　来源：市发展局　浏览次数：1286", "2025-03-14"),
        ("时间：2021/7/5 8:00:10 来源：湾区晨报", "2021-07-05T08:00:10"),
        ("日期：2023.10.24", "2023-10-24"),
        ("2024-06-05 星期三", "2024-06-05"),
        ("湾区晨报 A10 2024-05-28", "2024-05-28"),
        ("二〇二四年五月二十八日", "2024-05-28"),
        ("民国113年5月28日", "2024-05-28"),
        ("2020-02-02T20:20:20+08:00", "2020-02-02T20:20:20+08:00"),
        ("2024年11月6日（星期三）\n香港时间15时30分", "2024-11-06T15:30+08:00"),
        ("28/05/2024 18:30", "2024-05-28T18:30"),
        ("May 28, 2024", "2024-05-28"),
        ("出版：2024-09-30 12:00　更新：2024-10-02 15:20", "2024-09-30T12:00"),
        ("更新时间：2024-10-02 15:20\n发布时间：2024-09-30 12:00", "2024-09-30T12:00"),
        ("06-05 09:30 来源：湾区晨报", ""),
        ("发布/2022年4月6日 05:00", "2022-04-06T05:00"),
        ("【日期】1994-03-21", "1994-03-21"),
        ("来源：湾区晨报　　作者：云舒　　时间：2024-05-27 09:00　　浏览次数：1,208", "2024-05-27T09:00"),
    ],
)
def test_published(header: str, published_at: str) -> None:
    meta = meta_of(header)
    assert (meta.published_at, meta.published_basis) == (published_at, "header line" if published_at else "none")


@pytest.mark.parametrize(
    ("header", "source", "author"),
    [
        ("来源：湾区晨报 作者：陈立衡", "湾区晨报", "陈立衡"),
        ("稿源: 新港网\n作者: 何启谦、罗文", "新港网", "何启谦、罗文"),
        ("2024-06-21 08:47 来源:南岸网 谢广林", "南岸网", "谢广林"),
        ("本报记者 马天宇 通讯员 罗布", "", "马天宇"),
        ("新华社记者赵远方", "新华社", "赵远方"),
        ("◆港湾晨报记者\n何其乐、关晓彤", "港湾晨报", "何其乐、关晓彤"),
        ("记者简佑任／台南报道", "", "简佑任"),
        ("记者 莫子朗 北京报道", "", "莫子朗"),
        ("文：柏俊　来源：山野通讯", "山野通讯", "柏俊"),
        ("撰文：易乐儿\n摄影：方圆", "", "易乐儿"),
        ("责任编辑：林小山 2023-05-30 10:26:26原创 来源：南岸网", "南岸网", ""),
        ("来源：新港网\n责任编辑：林小山", "新港网", ""),
        ("【来源】新港网\n【作者】陈立衡 罗文", "新港网", "陈立衡、罗文"),
        ("来源于 新港网", "新港网", ""),
        ("来源：新港网-《新港日报》", "新港日报", ""),
        ("湖滨日报记者 李明 湖滨日报通讯员 王芳", "湖滨日报", "李明"),
        ("文｜财新 李明 王芳", "", "李明、王芳"),
    ],
)
def test_source_and_author(header: str, source: str, author: str) -> None:
    meta = meta_of(header)
    assert (meta.source, meta.author) == (source, author)


def test_reporter_behind_the_text() -> None:
    article = read(f"{TITLE}\n2024-01-02 来源：新港网\n{BODY}(记者 相文)\n责任编辑：林小山")
    assert article.meta.author == "相文"
    assert article.text.chars.endswith("一路骑到码头。")
    assert {edit.kind for edit in article.edits} >= {"metadata: byline", "metadata: editor"}


def test_dateline_gives_the_source_and_stays_before_prose() -> None:
    article = read(f"{TITLE}\n新华社沙田1月15日电（记者谭启明）{BODY}")
    assert (article.meta.source, article.meta.author, article.meta.published_at) == ("新华社", "谭启明", "")
    assert "新华社沙田1月15日电" in article.text.chars


@pytest.mark.parametrize("line", ["湖滨日报记者　阮小敏", "（总台记者 阮小敏）"])
def test_reporter_below_the_text(line: str) -> None:
    article = read(f"{TITLE}\n2024-01-02\n{BODY}\n\n{line}\n\n返回顶部")
    assert article.meta.author == "阮小敏"
    assert line not in article.text.chars


def test_name_of_the_site_is_the_last_resort_for_the_source() -> None:
    assert read(f"湖滨日报\n{TITLE}\n2024-01-02 10:00\n{BODY}").meta.source == "湖滨日报"
    assert read(f"湖滨日报\n{TITLE}\n2024-01-02 来源：新港网\n{BODY}").meta.source == "新港网"


def test_reporter_behind_the_label_of_the_outlet() -> None:
    article = read(f"{TITLE}\n2024-01-02\n【新港日报讯】记者韦小高报道：{BODY}")
    assert (article.meta.source, article.meta.author) == ("新港日报", "韦小高")


def test_dateline_with_a_year() -> None:
    meta = read(f"{TITLE}\n新华社沙田1996年1月15日电 {BODY}").meta
    assert (meta.published_at, meta.published_basis) == ("1996-01-15", "dateline")


def test_dateline_that_repeats_the_title_is_dropped() -> None:
    article = read(f"{TITLE}\n来源：新港网 2024-01-02\n新华社沙田1月1日电 题：{TITLE}\n新华社记者谭启明\n{BODY}")
    assert article.text.chars == f"{TITLE}\n{BODY}".replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("file", "published_at"),
    [("2024-12-03_ferry.txt", "2024-12-03"), ("news/20240528.txt", "2024-05-28"), ("13451206.txt", ""), ("a.txt", "")],
)
def test_file_name_is_the_last_resort(file: str, published_at: str) -> None:
    meta = read(f"{TITLE}\n{BODY}", file).meta
    assert (meta.published_at, meta.published_basis) == (published_at, "filename" if published_at else "none")
    assert read(f"{TITLE}\n2020-01-01 来源：新港网\n{BODY}", file).meta.published_at == "2020-01-01"


def test_header_beats_lists_of_other_articles() -> None:
    page = f"新港网 2025-11-10 星期一\n{TITLE}\n2024-01-02 10:00\n{BODY}\n相关新闻\n老街夜市重开\n2025-10-01 09:00\n"
    assert read(page).meta.published_at == "2024-01-02T10:00"


def test_list_of_other_articles_dates_nothing() -> None:
    page = f"{TITLE}\n{BODY}\n责任编辑：林小山\n相关新闻\n老街夜市重开\n2025-10-01 09:00\n渡轮加班\n2025-10-01 08:00"
    assert read(page).meta.published_at == ""


def test_what_the_container_states_wins_but_a_time_of_the_same_day_is_added() -> None:
    stated = {"published_at": "2024-01-02", "published_basis": "file metadata", "source": "新港社"}
    meta = meta_of("2024-01-02 10:00 来源：新港网", **stated)
    assert (meta.published_at, meta.published_basis, meta.source) == ("2024-01-02T10:00", "file metadata", "新港社")
    assert meta_of("2024-05-06 10:00 来源：新港网", **stated).published_at == "2024-01-02"


def test_dates_in_the_text_are_no_header() -> None:
    article = read(
        f"{TITLE}\n{BODY}\n2022年\n\n- ◆ 三月动工\n\n2023年5月1日\n\n- ◆ 首段完成\n\n{BODY}".replace("一路", "直接")
    )
    assert article.meta.published_at == ""
    assert "2022年\n三月动工\n2023年5月1日\n首段完成" in article.text.chars


def test_no_title_where_the_text_begins_at_once() -> None:
    assert read(BODY).meta.title == ""
