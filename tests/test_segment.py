"""Sentences and words."""

from __future__ import annotations

import logging

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.article import Article
from hkextract.rules import Rules
from hkextract.segment import SentenceSplitter, split_at, words

TEXTS = [
    "香港科技园公司与三所大学签署合作备忘录，推动生物科技研究成果落地。",
    "截至去年底，全港共有4,700多家初创企业，较五年前增加约四成。",
    "记者从深圳市工业和信息化局获悉，今年首批补贴共2.3亿元。",
    "该平台由HKSTP负责营运，面积约3.5万平方米。",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_rust_implementation_cuts_as_jieba_does(text: str) -> None:
    jieba.setLogLevel(logging.WARNING)
    assert words(text) == jieba.lcut(text)


@given(st.text(max_size=80))
def test_words_joined_are_the_text_again(text: str) -> None:
    assert "".join(words(text)) == text


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sets(st.integers(0, 45), max_size=5))
def test_every_edge_is_the_edge_of_a_word(text: str, edges: set[int]) -> None:
    cut = split_at(words(text), edges)
    assert "".join(cut) == text
    ends, at = {0, len(text)}, 0
    for word in cut:
        at += len(word)
        ends.add(at)
    assert {edge for edge in edges if edge <= len(text)} <= ends


def split(rules: Rules, text: str) -> list[str]:
    return [text[s.start : s.end] for s in SentenceSplitter(rules).split(Article.of_text(text))]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("拨款已批。工程下月动工！", ["拨款已批。", "工程下月动工！"]),
        ("他说：“拨款已批。”工程下月动工。", ["他说：“拨款已批。”", "工程下月动工。"]),
        ("真的吗？！是。", ["真的吗？！", "是。"]),
        ("增长1.5倍。 其后回落", ["增长1.5倍。", "其后回落"]),
        ("第一段\n第二段。", ["第一段", "第二段。"]),
        ("引入新机制……效果未明。", ["引入新机制……", "效果未明。"]),
    ],
)
def test_sentences(rules: Rules, text: str, sentences: list[str]) -> None:
    assert split(rules, text) == sentences
