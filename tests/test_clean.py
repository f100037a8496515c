"""Cleaning: pages whose lines say themselves what should become of them, and what must hold for any text.

A file of `tests/pages` holds a page, each line behind a mark: `T|` title, `S|` subtitle, `+|` stays, `&|` stays and
carries on the paragraph before it, `-|` goes, `~|` stays as what follows its
`||`. Lines `@field value` state the metadata.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkextract import rules as rulebook
from hkextract.article import Article, Meta, Source
from hkextract.clean import clean_article, strip_page
from hkextract.clean.simplify import to_simplified

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "tests" / "pages").glob("*.page"))
RULES = rulebook.load(ROOT / "rules")


class Page:
    """A marked page: its raw text, and what it should come to in simplified script."""

    def __init__(self, path: Path) -> None:
        self.fields: dict[str, str] = {}
        raw: list[str] = []
        self.lines: list[tuple[str, str]] = []
        self.exact: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                name, _, value = line[1:].partition(" ")
                self.fields[name] = to_simplified(value)
                continue
            mark, _, text = line.partition("|")
            if mark == "~":
                text, _, stays = text.partition("||")
                self.exact.append(squeeze(to_simplified(stays)))
            elif text.strip():
                self.lines.append((mark, squeeze(to_simplified(text))))
            raw.append(text)
        self.raw = "\n".join(raw)


def squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def cleaned(raw: str, **stated: str) -> Article:
    return clean_article(Article.of(Source("page", "page.txt", raw, "utf-8", stated=Meta(**stated))), RULES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    page = Page(path)
    article = cleaned(page.raw)
    paragraphs = [squeeze(line) for line in article.text.chars.split("\n")]
    whole = "".join(paragraphs)
    lost = [text for mark, text in page.lines if mark in "+&S" and text not in whole and _stem(text) not in whole]
    staying = {text for mark, text in page.lines if mark != "-"}
    leaked = [text for mark, text in page.lines if mark == "-" and text in paragraphs and text not in staying]
    assert len(paragraphs) == len(set(paragraphs))
    assert (lost, leaked) == ([], [])
    assert [text for text in page.exact if text not in paragraphs] == []
    for (_, before), (mark, text) in zip(page.lines, page.lines[1:], strict=False):
        if mark == "&" and f"{before[-6:]}{text[:6]}" not in whole:
            # the first half may stand several lines above
            assert any(text in paragraph and not paragraph.startswith(text) for paragraph in paragraphs), text


def _stem(text: str) -> str:
    """A line without a credit, a byline or an end mark behind its last sentence."""
    return re.sub(r"(?:完|编辑\w{2,3}\d*)$", "", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_title_and_date(path: Path) -> None:
    page = Page(path)
    meta = cleaned(page.raw).meta
    title = next((text for mark, text in page.lines if mark == "T"), squeeze(page.fields.get("title", "")))
    assert squeeze(meta.title) in (title, title.removesuffix("分享到"))
    assert {name: getattr(meta, name) for name in page.fields} == page.fields


def covered(article: Article) -> set[int]:
    """The raw offsets that are in the clean text or in an edit."""
    places: set[int] = set()
    for i, char in enumerate(article.text.chars):
        if char != "\n":
            places.update(range(*article.text.raw_span(i, i + 1)))
    for edit in article.edits:
        places.update(range(edit.raw_start, edit.raw_end))
    return places


def assert_nothing_vanishes(article: Article) -> None:
    raw = article.source.raw_text
    places = covered(article)
    assert [raw[i] for i in range(len(raw)) if i not in places and not raw[i].isspace()] == []
    dropped = [edit for edit in article.edits if edit.stage == "furniture"]
    assert all(raw[edit.raw_start : edit.raw_end] == edit.before for edit in dropped)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_character_vanishes(path: Path) -> None:
    assert_nothing_vanishes(cleaned(Page(path).raw))


LINES = [line for path in PAGES for line in Page(path).raw.split("\n")]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30), st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]))
def test_no_character_vanishes_from_shuffled_pages(lines: list[str], separator: str) -> None:
    article = cleaned(separator.join(lines))
    assert_nothing_vanishes(article)
    texts = article.text.chars.split("\n") if article.blocks else []
    assert [article.text.chars[block.start : block.end] for block in article.blocks] == texts
    assert [block.role for block in article.blocks[1:]].count("title") <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="\n\r 　\t|:：。，（）()0123456789年月日来源记者编辑完摄-*>·●ab", max_size=200))
def test_no_character_vanishes_from_any_text(raw: str) -> None:
    assert_nothing_vanishes(strip_page(Article.of(Source("t", "t", raw, "utf-8")), RULES))


SENTENCES = st.sampled_from(
    [
        "新学年开始，全港有七百多所学校启用了节能照明，每年可省电费三千多万元。",
        "他说，修一条河要十年，弄脏它只要一天。",
        "委员会上周通过拨款，工程将于明年三月动工，预计两年完成！",
        "市民陈先生认为，票价若能再降一成，他会考虑改乘铁路上班。",
        "The project is led by Dr. Chan, and will run for three years.",
        "一九九八年，这里还是一片鱼塘；如今，八座研发楼已经投入使用。",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=5).map("".join), min_size=1, max_size=8), st.booleans())
def test_plain_prose_stays_as_it_is(paragraphs: list[str], indented: bool) -> None:
    unique = [text for i, text in enumerate(paragraphs) if i == 0 or text != paragraphs[i - 1]]
    raw = "\n".join(("　　" if indented else "") + text for text in unique)
    assert cleaned(raw).text.chars == "\n".join(unique)


@pytest.mark.parametrize(
    "part", ["|", "来", "1", "（", ">", "·", "-", "记者", "a ", "2024-", "，", "。", "首页 ", "来源：\n", "1\n"]
)
def test_long_repeats_stay_linear(part: str) -> None:
    raw = part * (100_000 // len(part))
    begun = time.process_time()
    article = strip_page(Article.of(Source("t", "t", raw, "utf-8")), RULES)
    assert time.process_time() - begun < 5  # a quadratic pattern takes minutes
    kept = len(re.sub(r"\s", "", article.text.chars))
    assert kept + sum(len(re.sub(r"\s", "", edit.before)) for edit in article.edits) == len(re.sub(r"\s", "", raw))


def test_stated_title_stands_once() -> None:
    head = "湾区晨报\n渡轮加班三成\n\n渡轮加班三成\n2024-03-01 来源：湾区晨报\n"
    raw = head + "渡轮公司昨日宣布，周末班次增加三成，票价不变，试行半年。"
    article = cleaned(raw, title="渡轮加班三成 - 湾区晨报")
    assert article.text.chars.split("\n")[0] == article.meta.title == "渡轮加班三成"
    assert article.text.chars.count("渡轮加班三成") == 1


def test_empty_and_blank_texts() -> None:
    for raw in ("", "\n \n　\n", "完"):
        assert cleaned(raw).blocks == () or raw == "完"


def test_an_editor_named_in_the_text_does_not_end_it() -> None:
    before = "杂志创刊三十年，走过三次停刊、两次搬家，读者由三千增至八万，如今每月仍按时出版，从不脱期。"
    after = (
        "创刊人说，纸张涨价以后每期要亏两万元，全靠读者预付订费。今年他们把旧刊扫描上网，"
        "头一个月便有十万人翻阅，有人为了找一首旧诗，一页一页看到天亮。"
    )
    head = "老杂志的三十年\n2024-01-02 来源：新港网"
    raw = f"{head}\n{before}\n编辑：林小山\n{after}\n{after[:60]}，{after}\n责任编辑：方圆\n"
    text = cleaned(raw).text.chars
    assert text.count(after) == 2
    assert "方圆" not in text


FERRY = "渡轮公司昨日宣布，周末班次增加三成，票价不变，试行半年。"
SHIPS = "渡轮公司又说，新船下月到港，每艘可载四百人，船上设有单车位和哺乳室。"
MOTTO = "本港风物志，每周六与你同游。"


def with_hints(raw: str, recurring: frozenset[str] = frozenset(), **vetoes: str) -> Article:
    return clean_article(Article.of(Source("page", "page.txt", raw, "utf-8")), RULES, recurring, vetoes)


def test_a_recurring_line_goes_but_a_sentence_only_at_the_edge() -> None:
    slogan = "读好新闻 过好日子"
    known = frozenset({"读好新闻过好日子", "本港风物志，每周六与你同游。", "渡轮周末加班三成票价不变", "36", "好"})
    article = with_hints(f"渡轮周末加班三成 票价不变\n{FERRY}\n{slogan}\n36\n好\n{SHIPS}\n{MOTTO}", known)
    assert article.text.chars == f"渡轮周末加班三成 票价不变\n{FERRY}\n36\n好\n{SHIPS}"
    assert [(edit.rule, edit.kind) for edit in article.edits] == [("recurring-line", "recurring line")] * 2
    assert MOTTO in with_hints(f"{FERRY}\n{MOTTO}\n{SHIPS}", known).text.chars
    assert with_hints(MOTTO, known).text.chars == MOTTO


def test_a_recurring_header_stays_metadata() -> None:
    article = with_hints(f"渡轮加班三成\n来源：港湾网\n{FERRY}", frozenset({"来源港湾网"}))
    assert article.meta.source == "港湾网"
    assert [edit.rule for edit in article.edits] == ["meta-source"]


def test_a_reader_outweighs_every_rule() -> None:
    raw = f"渡轮加班三成\n来源：港湾网\n{FERRY}\n分享到：微信 微博\n————\n{SHIPS}\n责任编辑：林小山\n老街夜市重开"
    article = with_hints(raw, **{"分享到微信微博": "keep", "老街夜市重开": "keep", "————": "keep"})
    lines = ["渡轮加班三成", FERRY, "分享到：微信 微博", "————", SHIPS, "老街夜市重开"]
    assert article.text.chars.split("\n") == lines
    article = with_hints(raw, **{re.sub(r"\W", "", SHIPS): "drop", "渡轮加班三成": "drop", "来源港湾网": "drop"})
    assert article.text.chars == FERRY
    assert article.meta.source == article.meta.title == ""
    assert [edit.before for edit in article.edits if edit.rule == "reader"] == ["渡轮加班三成", "来源：港湾网", SHIPS]
    with pytest.raises(ValueError, match="keep"):
        with_hints(raw, 老街夜市重开="away")
