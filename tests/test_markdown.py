"""Markdown: front matter in its two languages, and a text of which nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkextract.article import Meta
from hkextract.pipeline import Pipeline, Result
from hkextract.read import read
from hkextract.read.markdown import read_markdown

WANTED = Meta(
    title="渔港翻新动工：预算三千万元",
    published_at="2024-12-03T09:05:00+08:00",
    published_basis="file metadata",
    source="海湾早报",
    author="陈一、李二",
    url="https://news.example/1",
)


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: 渔港翻新动工：预算三千万元\ndate: 2024-12-03T09:05:00+08:00\nsource: "海湾早报"\n'
        "authors: [陈一, 李二]\n"
        "url: https://news.example/1 # 原文\ntags:\n  - 渔港\n---\n",
        "---\r\n標題: >-\r\n  渔港翻新动工：预算三千万元\r\n日期: 2024-12-03 09:05:00 +0800\r\n来源: 海湾早报\r\n"
        "作者:\r\n  - 陈一\r\n"
        "  - 李二\r\n链接: https://news.example/1\r\n---\r\n",
        '+++\ntitle = "渔港翻新动工：预算三千万元"\ndate = 2024-12-03T09:05:00+08:00\nauthors = [\n'
        '  "陈一",\n  "李二",\n]\n'
        '[params]\nsource = "海湾早报"\nurl = "https://news.example/1"\n+++\n',
        '+++\ntitle = "渔港翻新动工：预算三千万元"\ndate = 2024-12-03T09:05:00+08:00\nauthors = ["陈一", "李二"]\n'
        'source = "海湾早报"\nurl = "https://news.example/1"\nbroken = \n+++\n',
    ],
)
def test_front_matter_of_either_language(front: str) -> None:
    raw, _, stated = read_markdown((front + "正文。\n").encode())
    assert raw == front + "正文。\n"
    assert stated == WANTED


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert read_markdown("---\n\n正文没有前言，只有一条线。\n".encode())[2] == Meta()


def test_nothing_of_the_text_is_lost(tmp_path: Path, pipeline: Pipeline) -> None:
    body = (
        "# 渔港翻新动工\n\n工程**周一**动工，预算是[三千万元](https://news.example/2)，由本地的承建商负责施工。\n\n"
        "| 年度 | 开支 |\n| --- | ---: |\n| 2023年 | 3亿元 |\n\n> 局长说：“明年年底完工，渔船照常进港。”\n\n"
        "1. 先加长码头，再更换路灯。\n2. 最后搬回鱼市，费用约120万元。\n"
    )
    (tmp_path / "a.md").write_text("---\ndate: 2024-12-03\n---\n" + body, encoding="utf-8")
    result = pipeline.process(read(tmp_path / "a.md", tmp_path))
    assert isinstance(result, Result)
    clean = result.article.text.chars
    assert clean.startswith("渔港翻新动工\n工程周一动工，预算是三千万元，由本地的承建商负责施工。\n")
    for words in ("2023年", "3亿元", "明年年底完工", "先加长码头", "120万元"):
        assert words in clean
    assert "news.example" not in clean
