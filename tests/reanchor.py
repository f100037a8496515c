"""Articles that change after they were judged, with the place that each decision should then have."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from opencc import OpenCC

from hkextract.article import Failure, Source
from hkextract.pipeline import Pipeline, Result
from hkextract.read import ReadError, read
from hkextract.review.decision import Anchor, Decision
from hkextract.review.values import cells_of

SENTENCES = (
    "渡轮公司表示，新船将于秋季下水。",
    "有市民认为班次仍然不足。",
    "记者在码头看到，候船室已经翻新。",
    "委员会下周再议。",
)
"""What is put between lines; no mention of an article stands in them."""
TABLES = ("amounts", "dates", "organisations")

Mapped = tuple[str, list[int]]
"""A raw text, and for each place of the one before (and its end) where that is now, -1 where it is gone."""


def moved(raw: str, edits: Sequence[tuple[int, int, str]]) -> Mapped:
    """A raw text with spans replaced, in order."""
    parts: list[str] = []
    places: list[int] = []
    at = length = 0
    for start, end, new in edits:
        places += [length + n for n in range(start - at)] + [-1] * (end - start)
        parts += (raw[at:start], new)
        length += start - at + len(new)
        at = end
    places += [length + n for n in range(len(raw) - at + 1)]
    return "".join((*parts, raw[at:])), places


def _lines(raw: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for line in raw.splitlines(keepends=True):
        found.append((at, at + len(line)))
        at += len(line)
    return found


def inserted(raw: str, rng: random.Random) -> Mapped:
    """New sentences between lines."""
    return moved(raw, [(end, end, rng.choice(SENTENCES) + "\n") for _, end in _lines(raw) if rng.random() < 0.3])


def shortened(raw: str, rng: random.Random) -> Mapped:
    """Lines dropped."""
    return moved(raw, [(start, end, "") for start, end in _lines(raw) if rng.random() < 0.15])


def retyped(raw: str, rng: random.Random) -> Mapped:
    """One Chinese character in forty lost, doubled or replaced."""
    edits = []
    for place, char in enumerate(raw):
        if "\u4e00" <= char <= "\u9fff" and rng.random() < 1 / 40:
            edits.append(rng.choice([(place, place + 1, ""), (place + 1, place + 1, char), (place, place + 1, "某")]))
    return moved(raw, edits)


def respaced(raw: str, rng: random.Random) -> Mapped:
    """Blank lines between lines, and blanks before them."""
    return moved(
        raw, [(start, start, rng.choice(("\n", "\u3000\u3000"))) for start, _ in _lines(raw) if rng.random() < 0.5]
    )


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2hk", include_tofu_risk_dictionaries=False)


def traditional(raw: str, _: random.Random) -> Mapped:
    """The other script."""
    new = str(_to_traditional().convert(raw))
    return (new, list(range(len(raw) + 1))) if len(new) == len(raw) else (raw, list(range(len(raw) + 1)))


def refetched(raw: str, rng: random.Random) -> Mapped:
    """The same page with other navigation above and other links below."""
    head = "首页\n新闻\n登录\n" if rng.random() < 0.5 else "网站地图\n"
    return moved(raw, [(0, 0, head), (len(raw), len(raw), "\n相关新闻\n返回顶部\n版权所有\n")])


CHANGES: dict[str, Callable[[str, random.Random], Mapped]] = {
    "inserted": inserted,
    "shortened": shortened,
    "retyped": retyped,
    "respaced": respaced,
    "traditional": traditional,
    "refetched": refetched,
}


@dataclass(frozen=True)
class Judged:
    """An article with a decision on each of its mentions."""

    result: Result
    decisions: list[Decision]


def judged(pipeline: Pipeline, folders: Sequence[Path]) -> Iterator[Judged]:
    """The articles of some folders, every mention accepted."""
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.suffix in (".txt", ".html")):
        if path.parent.name == "raw" and int("".join(filter(str.isdigit, path.stem)) or 1) % 3 == 0:
            continue
        try:
            source = read(path, path.parent, path.stem, None, pipeline.rules)
        except ReadError:
            continue
        result = pipeline.process(source)
        if not isinstance(result, Failure):
            yield Judged(result, list(decisions_on(result)))


def decisions_on(result: Result) -> Iterator[Decision]:
    """An acceptance of every mention of an article."""
    text, source = result.article.text, result.article.source
    for table in TABLES:
        for number, mention in enumerate(result.mentions.by_stage()[table]):
            raw = text.raw_span(mention.start, mention.end)
            anchor = Anchor.at(text.chars, (mention.start, mention.end), raw, source.raw_text[slice(*raw)])
            name = f"{source.article_id}-{table}-{number}"
            about = (source.article_id, source.file, "before", table, anchor, name, mention.rule, "")
            yield Decision(name, "2024-01-01T00:00:00.000Z", "Chan", "accept", *about, cells_of(table, mention))


def changed(article: Judged, change: str, rng: random.Random) -> tuple[Source, list[int]]:
    """The article's source after a change, and where each place of its raw text is then."""
    source = article.result.article.source
    raw, places = CHANGES[change](source.raw_text, rng)
    return replace(source, raw_text=raw), places
