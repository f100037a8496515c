"""Repair of damaged text: what is recovered, what is marked, and that sound text stays as it is.

The examples of `rules/repairs.toml` run with those of the other rules; here stands what needs traditional characters
or chance. Damage is made by `damage.py`.
"""

from __future__ import annotations

import difflib
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from damage import flattened, shifted
from hkextract.article import Article, Source
from hkextract.clean.markup import strip_markup
from hkextract.clean.repair import repair
from hkextract.clean.strays import hong_kong
from hkextract.read.markdown import read_markdown
from hkextract.rules import load

RULES = load(Path(__file__).parents[1] / "rules")
GLOSSED = "創發學業產國機點長會個時開關實經濟現體構數據網間設進這們來對區灣圍達當級員與還認請讓題類華"
"""Characters that get a gloss on the pages that this damage comes from: those that differ between the scripts."""

SENTENCES = [
    "科學館的館長說:“展品已經到齊了,大家可以來看。”孩子們都很高興。",
    "這家公司去年賣出三萬台機器。《工業週刊》為它作了報道,還登了照片。",
    "醫院裡的病人最怕久等。“以前要排四個小時,現在只要二十分鐘。”護士說。",
    "新的規定出台了。還有幾家銀行在研究,預計年底前會有結果。",
    "報告指出,這個行業的社保基金負擔不輕,需要政府的支持。",
    "學校和企業一起開了三門課程,共有一百二十名學生報讀。",
    "碼頭的工人說:“風浪大的時候,機器比人可靠。”他在這裡工作了三十年。",
    "圖書館明年搬到河邊。“那裡的光線好,”館長說,“書也不會受潮。”",
    "他們辦了一次展覽。‘綠色出行’是今年的主題,吸引了很多家庭。",
    "水務署的工程師在山上裝了五百個探頭,漏水的地方一看便知道。",
]
PLAIN = [
    "园区的第一批厂房下月落成，总投资十二亿元，可容纳六十家企业。",
    "“机会来了！”他说，“我们等了三年；现在终于可以动工。”",
    "The committee met on 5 May (Monday); it approved HK$3.2 billion!",
    "方案(one)与方案(two)的差别不大；前者由合奏团(Ensemble)演出。",
    "太好了！爱心企业越来越多；还有人问：“能不能早一点？”",
    "報告（第三版）指出，升幅達１．５％；比去年高。",
    "他姓犇（bēn），名字很少見。",
    "涓涓细流，汇成江河；浜江路与鍦的旧称，鏄字少见。",
    "R&D支出占GDP的1.11%；A&B公司的网址是https://example.org/?a=1&b=2。",
    "C/C++、Σ与π、①②③、㎡、№5、½、°C、→、★、ㄅㄆㄇ、カタカナ",
]


def repaired(text: str) -> Article:
    return repair(Article.of(Source("a", "a.txt", text, "utf-8")), RULES)


def lost(article: Article) -> int:
    return sum(edit.lost_chars for edit in article.edits)


@pytest.mark.parametrize(
    ("damaged", "sound"),
    [
        ("創(chuàng)新科技", "創新科技"),
        ("產(chǎn)業(yè)鏈（liàn）", "產業鏈"),
        ("銀行(háng)行(xíng)長(zhǎng)", "銀行行長"),
        ("綠(lǜ)色女(nǚ)性", "綠色女性"),
        ("他們(men)來(lái)這(zhè)裡發(fā)展(zhǎn)", "他們來這裡發展"),
        ("研究院(ASTRI)和方案(one)", "研究院(ASTRI)和方案(one)"),
        ("他姓犇（bēn）", "他姓犇（bēn）"),
    ],
)
def test_glosses(damaged: str, sound: str) -> None:
    assert repaired(damaged).text.chars == sound


def test_a_gloss_belongs_to_the_raw_span_of_its_character() -> None:
    article = repaired("創(chuàng)科局")
    assert article.text.raw_span(0, 1) == (0, 9)
    assert [(e.raw_start, e.raw_end, e.before, e.after) for e in article.edits] == [(0, 9, "創(chuàng)", "創")]


@pytest.mark.parametrize("sound", SENTENCES)
def test_shifted_and_glossed_sentences_are_recovered(sound: str) -> None:
    text = sound + "\n" + SENTENCES[0]
    article = repaired(shifted(text, GLOSSED))
    differing = [pair for pair in zip(article.text.chars, text, strict=True) if pair[0] != pair[1]]
    assert all(char == "\ufffd" for char, _ in differing)
    assert len(differing) == lost(article)


def test_a_digit_that_was_swallowed_is_marked_and_not_guessed() -> None:
    text = "“我們等了很久。”計劃的用戶突破510萬,比去年多"
    damaged = shifted(text)
    cut = damaged.index("5")
    article = repaired(damaged[:cut] + "?" + damaged[cut + 1 :])
    assert "用戶突破\ufffd10萬" in article.text.chars
    assert lost(article) == 1


@given(st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=12), st.sets(st.sampled_from(GLOSSED)))
@settings(max_examples=40, deadline=None)
def test_random_damage_is_restored(sentences: list[str], chars: set[str]) -> None:
    """Offsets always fit; nothing is invented but what the damage itself left open."""
    text = "\n".join(sentences)
    damaged = shifted(text, sorted(chars))
    article = repaired(damaged)
    for edit in article.edits:
        assert 0 <= edit.raw_start <= edit.raw_end <= len(damaged)
    spans = [article.text.raw_span(at, at + 1) for at in range(len(article.text))]
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)


def test_at_least_99_percent_of_recoverable_characters_are_restored() -> None:
    """Over all sentences, with glosses and without; damaged is what an alignment with the sound text says."""
    damaged_chars = missing = 0
    for size in (1, 3, 5):
        for start in range(len(SENTENCES)):
            text = flattened("\n".join((SENTENCES * 2)[start : start + size]))
            for gloss in ("", GLOSSED, "工業報人時"):
                article = repaired(broken := shifted(text, gloss))
                damaged_chars += _unlike(re.sub(r"\([a-zA-Zà-ǜ]+\)", "", broken), text)
                missing += max(0, _unlike(article.text.chars, text) - lost(article))
    assert damaged_chars > 500
    assert missing <= 0.01 * damaged_chars, f"{missing} of {damaged_chars} not restored"


def _unlike(found: str, wanted: str) -> int:
    """Characters of the wanted text that the found one has not."""
    matcher = difflib.SequenceMatcher(None, found, wanted, autojunk=False)
    return len(wanted) - sum(block.size for block in matcher.get_matching_blocks())


@pytest.mark.parametrize("text", [*PLAIN, *SENTENCES, *map(flattened, SENTENCES)])
def test_sound_text_is_unchanged(text: str) -> None:
    article = repaired(text)
    assert article.text.chars == text
    assert article.edits == ()


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*PLAIN, *SENTENCES]),
            st.sampled_from(["!", ";", "！", "；", "?", "(a)", "(one)", "&", "\n", " ", "“", "”", "《", "5", "G"]),
            st.text(alphabet="园区去年的企业引进了二十家他们说经费已到位還有新聞報道", min_size=1, max_size=12),
        ),
        max_size=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_sound_text_is_changed(parts: list[str]) -> None:
    text = "".join(parts)
    assert repaired(text).text.chars == text


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
@settings(deadline=None)
def test_any_text_passes_and_keeps_its_places(text: str) -> None:
    article = repaired(text)
    assert not re.search("[\x00-\x08\x0e-\x1b\ud800-\udfff]", article.text.chars)
    for edit in article.edits:
        assert text[edit.raw_start : edit.raw_end] or not edit.before
    for at in range(len(article.text)):
        start, end = article.text.raw_span(at, at + 1)
        assert 0 <= start < end <= len(text)


def test_mojibake() -> None:
    text = "港區用地獲批"
    assert repaired(text.encode().decode("gb18030")).text.chars == text
    assert repaired("“" + text.encode().decode("latin-1") + "”").text.chars == f"“{text}”"
    assert repaired(text.encode().decode("latin-1").encode().decode("latin-1")).text.chars == text


def test_lost_characters_stay_marked_and_are_counted() -> None:
    article = repaired("香\ufffd\ufffd科技\ud800大學")
    assert article.text.chars == "香\ufffd\ufffd科技\ufffd大學"
    assert lost(article) == 3


def test_private_use_characters() -> None:
    chars = "峯"
    code = chars.encode("big5hkscs")
    assert code == b"\xfb\xdf"
    assert hong_kong("\ue11a") == chars
    assert repaired("香港大帽山\ue11a頂的氣象站去年裝了新儀器").text.chars == "香港大帽山峯頂的氣象站去年裝了新儀器"
    assert repaired("\uf101 分享到").text.chars == " 分享到"
    article = repaired("气象\ue5b4站去年装了新仪器")
    assert (article.text.chars, lost(article)) == ("气象\ufffd站去年装了新仪器", 1)


def test_markdown_loses_its_markup_and_nothing_else() -> None:
    source = (
        "---\ntitle: 甲\n---\n# 甲\n\n**三亿元**由[投资公司](https://example.org/a)拨出。![图](a.png)\n\n"
        "- 第一项，5*3与2_3_4不变\n> 引文`代码`\n"
    )
    raw, encoding, stated = read_markdown(source.encode())
    article = strip_markup(Article.of(Source("a", "a.md", raw, encoding, "markdown", stated)))
    assert article.text.chars == "甲\n\n三亿元由投资公司拨出。\n\n◆ 第一项，5*3与2_3_4不变\n引文代码\n"
    at = article.text.chars.index("投资公司")
    assert raw[slice(*article.text.raw_span(at, at + 4))] == "投资公司"
    covered = {i for e in article.edits for i in range(e.raw_start, e.raw_end)}
    covered |= {i for at in range(len(article.text)) for i in range(*article.text.raw_span(at, at + 1))}
    assert covered == set(range(len(raw)))


@pytest.mark.parametrize(
    "unit", ["!", "!啊", "!犊;", "中?yī)", "中(", "“!“", "ç§", "ç§‘", "锟斤拷", "&amp", "锛", "\ue000", "创(chuàng)!"]
)
def test_time_is_linear_on_junk(unit: str) -> None:
    repaired(unit * 100)
    seconds = []
    for size in (10_000, 40_000):
        begun = time.perf_counter()
        repaired((unit * size)[:size])
        seconds.append(time.perf_counter() - begun)
    assert seconds[1] < 12 * seconds[0] + 0.5
