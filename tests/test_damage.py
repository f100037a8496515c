"""Damage made by chance (`lossy.py`) is repaired, kind by kind; the figures stand in `docs/damage.md`.

`python tests/test_damage.py` prints the table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from opencc import OpenCC

import lossy
from hkextract.article import Article, Source
from hkextract.clean.repair import repair
from hkextract.rules import load
from lossy import Damaged, Outcome

TESTS = Path(__file__).parent
RULES = load(TESTS.parent / "rules")
TO_TRADITIONAL = OpenCC("s2t")
_ELSEWHERE = re.compile("[^\x00-\x7f\u3000-\u303f\u4e00-\u9fff\uff00-\uff5e“”‘’—…·]|\t")
SIGNS = "\u200b\u200c\u2060\ufeff\u00ad\u200e\u202a\u202c\x07"
FORMS = {"，": "\ufe10", "。": "\ufe12", "（": "\ufe35", "）": "\ufe36", "《": "\ufe3d", "》": "\ufe3e", "一": "\u2f00",
         "大": "\u2f24", "人": "\u2f08", "长": "\u2ed3", "金": "\uf90a", "年": "\uf98e"}  # fmt: skip
PARAGRAPHS = [
    _ELSEWHERE.sub("", line)[:160]
    for path in sorted((TESTS / "gold").glob("*.clean.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if len(line) > 24
]
LONG, SHORT = range(10, 401), range(1, 10)
"""Characters from a loss to the next ASCII character or the end of the line."""
TIMES = 40
CHANGED = {
    "UTF-8 read as Big5, bytes lost": 0.05,
    "Big5, three bytes lost, U+FFFD": 0.05,
    "Big5, eight bytes lost, no mark": 0.1,
}
"""Undamaged characters changed for each text, at most, where not none at all: in Big5 many runs are one character."""
Maker = Callable[[Random], Damaged | None]


def passage(random: Random, script: str = "hans") -> str:
    """A line of 10 to 400 characters; of every other one the ASCII characters are left out, as in full-width text."""
    at = random.randrange(len(PARAGRAPHS))
    line = "".join(PARAGRAPHS[at : at + 6])[: random.choice((10, 20, 40, 80, 160, 240, 320, 400))]
    line = re.sub("[\x00-\x7f]+", "", line) if random.random() < 0.5 else line
    return TO_TRADITIONAL.convert(line) if script == "hant" else line


def _shift(script: str, encoding: str, reader: str, losses: int = 1, mark: str = "", room: range = lossy.ANY) -> Maker:
    return lambda random: lossy.lose_bytes(passage(random, script), random, encoding, reader, losses, mark, room)


def _wrong(script: str, written: str, read: str, times: int = 1) -> Maker:
    def make(random: Random) -> Damaged | None:
        sound = passage(random, script)[:160]
        if written == "utf-8":  # whole pairs of bytes only
            sound = "".join(char for char in sound if char > "\x7f")
        tries = (lossy.read_wrongly(sound[:end], written, read, times) for end in range(len(sound), 1, -1))
        return next((damaged for damaged in tries if damaged), None)

    return make


def _on_passage(change: Callable[[str], Damaged], script: str = "hans") -> Maker:
    return lambda random: change(passage(random, script)[:160])


def _on_text(change: Callable[[str, Random], Damaged]) -> Maker:
    return lambda random: change(random.choice(PARAGRAPHS), random)


KINDS: dict[str, tuple[Maker, float]] = {
    "GBK, one byte lost, U+FFFD in its place": (_shift("hans", "gb18030", "replace", mark="\ufffd", room=LONG), 0.99),
    "GBK, one byte lost, ? in its place": (_shift("hans", "gb18030", "replace", mark="?", room=LONG), 0.99),
    "GBK, one byte lost, a private-use sign": (_shift("hans", "gb18030", "replace", mark="\uf8f5", room=LONG), 0.99),
    "GBK, one byte lost, no mark": (_shift("hans", "gb18030", "ignore", room=LONG), 0.99),
    "GBK, two bytes lost, no mark": (_shift("hans", "gb18030", "ignore", 2, room=LONG), 0.99),
    "GBK, short runs, U+FFFD": (_shift("hans", "gb18030", "replace", mark="\ufffd", room=SHORT), 0.99),
    "GBK, short runs, no mark": (_shift("hans", "gb18030", "ignore", room=SHORT), 0.96),
    "GBK traditional, U+FFFD": (_shift("hant", "gb18030", "replace", mark="\ufffd"), 0.99),
    "GBK traditional, no mark": (_shift("hant", "gb18030", "ignore"), 0.99),
    "Big5, three bytes lost, U+FFFD": (_shift("hant", "big5hkscs", "replace", 3, mark="\ufffd"), 0.99),
    "Big5, eight bytes lost, no mark": (_shift("hant", "big5hkscs", "ignore", 8), 0.99),
    "UTF-8 read as GB18030": (_wrong("hans", "utf-8", "gb18030"), 0.99),
    "UTF-8 read as Latin-1": (_wrong("hans", "utf-8", "latin-1"), 0.99),
    "UTF-8 read as Latin-1 twice": (_wrong("hans", "utf-8", "latin-1", 2), 0.99),
    "UTF-8 read as cp1252 by a browser": (_on_passage(lossy.as_on_the_web), 0.99),
    "UTF-8 read as cp1252 by a browser, twice": (_on_passage(lambda text: lossy.as_on_the_web(text, 2)), 0.99),
    "UTF-8 read as cp1252, bytes lost": (_on_passage(lambda text: lossy.read_lossily(text, "cp1252")), 0.99),
    "UTF-8 read as Big5, bytes lost": (_on_passage(lambda text: lossy.read_lossily(text, "big5hkscs"), "hant"), 0.55),
    "UTF-8 read as GB18030, bytes lost": (_on_passage(lambda text: lossy.read_lossily(text, "gb18030")), 0.96),
    "UTF-8 read as GB18030, twice": (_wrong("hans", "utf-8", "gb18030", 2), 0.65),
    "GBK read as Latin-1": (_wrong("hans", "gb18030", "latin-1"), 0.99),
    "Big5 read as Latin-1": (_wrong("hant", "big5hkscs", "latin-1"), 0.99),
    "Big5 read as GBK": (_wrong("hant", "big5hkscs", "gb18030"), 0.99),
    "invisible characters": (_on_text(lambda text, random: lossy.sprinkle(text, random, SIGNS)), 0.999),
    "entities, escaped once or twice": (_on_text(lossy.escape), 0.999),
    "forms of type": (_on_text(lambda text, _: lossy.in_forms(text, FORMS)), 0.999),
    "spaces between characters": (_on_text(lambda text, _: lossy.space(text)), 0.99),
}
"""Each kind of damage: its maker, and the share of recoverable characters that must be restored."""


def outcomes(kind: str, times: int = TIMES) -> Iterator[Outcome]:
    random = Random(kind)
    for _ in range(times):
        damaged = KINDS[kind][0](random)
        if damaged is not None and damaged.text != damaged.sound:
            article = repair(Article.of(Source("a", "a.txt", damaged.text, "utf-8")), RULES)
            yield lossy.judge(damaged, article.text.chars)


@pytest.mark.parametrize("kind", KINDS)
def test_what_can_be_recovered_is(kind: str) -> None:
    found = list(outcomes(kind))
    recoverable = sum(outcome.recoverable for outcome in found)
    assert recoverable + sum(outcome.ambiguous for outcome in found) > 20
    assert sum(outcome.restored for outcome in found) >= KINDS[kind][1] * recoverable
    assert sum(outcome.changed for outcome in found) <= CHANGED.get(kind, 0.0) * len(found)


@pytest.mark.parametrize("script", ["hans", "hant"])
def test_sound_paragraphs_are_unchanged(script: str) -> None:
    for text in PARAGRAPHS:
        sound = TO_TRADITIONAL.convert(text) if script == "hant" else text
        assert repair(Article.of(Source("a", "a.txt", sound, "utf-8")), RULES).edits == ()


@pytest.mark.parametrize("kind", ["characters", "words"])
def test_lines_spaced_throughout_are_joined_as_a_whole(kind: str) -> None:
    sentence = ["图书馆", "的", "读者", "可以", "借", "三", "本", "书", "，", "期限", "为", "一个", "月", "。"]
    pieces = sentence if kind == "words" else list("".join(sentence))
    text = "\n".join([" ".join(pieces), "新书 目录", " ".join(pieces)])
    article = repair(Article.of(Source("a", "a.txt", text, "utf-8")), RULES)
    whole = "".join(sentence)
    assert article.text.chars == f"{whole}\n新书目录\n{whole}"
    assert {edit.kind for edit in article.edits} == {"spacing"}
    assert len(article.edits) == text.count(" ")


SPACED_AS_MEANT = [
    "出席者 张三 李四 王五 赵六 陈七 刘八",
    "收入 支出 结余 合计 上年 本年 增减",
    "今天天气很好 我们在湖边坐了很久 回家的路上 买了花 也买了菜 晚上 下了雨",
    "小 桥 流 水 人 家 门\n古 道 西 风 瘦 马 行",
    "投资 80 亿元 的 Nvidia 公司",
    "首页 新闻 财经 科技 体育 娱乐 汽车 教育",
]


@pytest.mark.parametrize("text", SPACED_AS_MEANT)
def test_spaces_that_mean_something_stay(text: str) -> None:
    assert repair(Article.of(Source("a", "a.txt", text, "utf-8")), RULES).text.chars == text


def _table(times: int, words: list[str]) -> None:
    for kind in (kind for kind in KINDS if all(word in kind for word in words)):
        found = list(outcomes(kind, times))
        total = sum(outcome.recoverable for outcome in found)
        restored = sum(outcome.restored for outcome in found) / max(1, total)
        changed, invented = sum(o.changed for o in found), sum(o.invented for o in found)
        open_, guessed = sum(o.ambiguous for o in found), sum(o.guessed for o in found)
        figures = (len(found), total, f"{100 * restored:.1f} %", open_, guessed, changed, invented)
        print("|", " | ".join([kind, *map(str, figures)]), "|")


if __name__ == "__main__":
    _table(int(sys.argv[1]) if sys.argv[1:] else 200, sys.argv[2:])
