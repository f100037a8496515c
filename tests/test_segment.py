"""Sentences and words."""

from __future__ import annotations

import logging
from itertools import pairwise

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.article import Article
from hkextract.rules import Rules
from hkextract.segment import SentenceSplitter, Words, words

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
    cut = Words.of(words(text)).cut_at(edges)
    assert "".join(cut) == text
    ends, at = {0, len(text)}, 0
    for word in cut:
        at += len(word)
        ends.add(at)
    assert {edge for edge in edges if edge <= len(text)} <= ends
    assert {edge for edge, mark in enumerate(cut.marks) if mark} == ends


@given(st.text(st.sampled_from("港大a1，。 \n\u3000𠮷"), max_size=40), st.sets(st.integers(0, 40), max_size=6))
def test_a_row_holds_the_words_of_a_stretch(text: str, edges: set[int]) -> None:
    cut = Words.of(words(text)).cut_at(edges)
    ends = [edge for edge, mark in enumerate(cut.marks) if mark]
    spans = list(pairwise([*ends[::3], ends[-1]]))
    assert [[*cut.between(*span)] for span in spans] == [
        [text[a:b] for a, b in pairwise(ends) if start <= a < end] for start, end in spans
    ]
    assert cut.in_rows(spans) == [" ".join(w for w in cut.between(*span) if not w.isspace()) for span in spans]


def test_a_row_of_words() -> None:
    cut = Words.of(["拨款", "已", "批", "\n", "工程", "下月", " ", "动工"])
    assert cut.in_rows([(0, 4), (5, 12)]) == ["拨款 已 批", "工程 下月 动工"]
    assert [*cut.over("撥款已批\n工程下月 動工")] == ["撥款", "已", "批", "\n", "工程", "下月", " ", "動工"]


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
