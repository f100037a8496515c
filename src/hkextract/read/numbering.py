"""The numbers and bullets of Word's lists, which stand in no paragraph but are counted when the document is shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "• "

_PLACE = re.compile(r"%(\d)")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: the kind of its numbers, the text around them (`（%1）`), and the first number."""

    kind: str
    text: str
    start: int


class Numbering:
    """Counts the lists of one document; ask once for each paragraph, in order."""

    def __init__(self, numbering: Any, styles: Any) -> None:
        self.levels = _levels(numbering) if numbering is not None else {}
        self.styles = _styles(styles) if styles is not None else {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)

    def mark(self, paragraph: Any) -> str | None:
        """What stands before a paragraph of a list; None for a paragraph of no list."""
        found = _place(paragraph) or self._of_style(paragraph)
        levels = self.levels.get(found[0]) if found else None
        if found is None or levels is None or found[1] not in levels:
            return None
        number, depth = found
        level, counts = levels[depth], self.counts[number]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        if level.kind == "bullet":
            return BULLET
        if level.kind == "none":
            return ""
        text = _PLACE.sub(lambda m: self._shown(levels, counts, int(m[1]) - 1), level.text)
        return text if text.endswith(("、", "）", "．", " ")) or not text else f"{text} "

    def _of_style(self, paragraph: Any) -> tuple[str, int] | None:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self.styles.get(style.get(f"{W}val")) if style is not None else None

    def _shown(self, levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        count = counts.get(depth, level.start if level else 1)
        return FORMS.get(level.kind if level else "decimal", str)(count)


def _levels(numbering: Any) -> dict[str, dict[int, Level]]:
    """The levels of every list by its number."""
    abstract = {one.get(f"{W}abstractNumId"): one for one in numbering.iter(f"{W}abstractNum")}
    found: dict[str, dict[int, Level]] = {}
    for one in numbering.iter(f"{W}num"):
        target = one.find(f"{W}abstractNumId")
        base = abstract.get(target.get(f"{W}val")) if target is not None else None
        levels = {}
        for level in base.iter(f"{W}lvl") if base is not None else ():
            start = _value(level, "start") or "1"
            levels[int(level.get(f"{W}ilvl") or 0)] = Level(
                _value(level, "numFmt") or "decimal", _value(level, "lvlText"), int(start) if start.isdigit() else 1
            )
        found[one.get(f"{W}numId")] = levels
    return found


def _styles(styles: Any) -> dict[str, tuple[str, int]]:
    """The list and level that a style of paragraphs belongs to."""
    places = ((style.get(f"{W}styleId"), _place(style)) for style in styles.iter(f"{W}style"))
    return {name: place for name, place in places if place is not None}


def _place(element: Any) -> tuple[str, int] | None:
    """The list and the level that a paragraph or style names."""
    mark = element.find(f"{W}pPr/{W}numPr")
    if mark is None or not (number := _value(mark, "numId")) or number == "0":
        return None
    depth = _value(mark, "ilvl") or "0"
    return number, int(depth) if depth.isdigit() else 0


def _value(element: Any, name: str) -> str:
    child = element.find(f"{W}{name}")
    return (child.get(f"{W}val") or "") if child is not None else ""


def _chinese(count: int) -> str:
    """A number up to 99 as Chinese lists count.

    >>> [_chinese(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    if not 0 < count < 100:
        return str(count)
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(count, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def _letters(count: int) -> str:
    return chr(ord("a") + (count - 1) % 26)


def _roman(count: int) -> str:
    text = ""
    for value, sign in zip(
        (100, 90, 50, 40, 10, 9, 5, 4, 1), ("c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"), strict=True
    ):
        text, count = text + sign * (count // value), count % value
    return text


FORMS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _chinese,
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalEnclosedCircle": lambda count: chr(0x245F + count) if 0 < count <= 20 else str(count),
    "decimalZero": lambda count: f"{count:02}",
}
"""Kinds of numbers by the names that Office Open XML (ECMA-376, part 1, 17.18.59) gives them; any other is decimal."""
