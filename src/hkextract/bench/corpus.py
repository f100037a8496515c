"""Articles for the bench: sentences of `text.toml` with random numbers, names and dates, in the frames of web pages.

The same seed and size give the same bytes. About one article in eight of the text pages is damaged, by glosses, a
lost byte, characters gone, stray entities or zero-width spaces.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from opencc import OpenCC

_SLOT = re.compile(r"\{(?:(?P<name>[a-z]+)|(?P<low>[\d.]+)-(?P<high>[\d.]+)(?P<comma>,)?)\}")
SENTENCES = (2, 5)
"""Sentences a paragraph, fewest and most."""
CLAUSES = 0.7
"""Share of the sentences that a clause opens, and of those that one ends."""
PLAIN = (0, 1, 1, 2)
"""Sentences that name no figure, day or body behind one that does. With them a mention stands every 55 to 60
characters; in the five real articles at hand it is every 57."""
PARAGRAPHS = (3, 5, 6, 8, 9, 11, 14, 18, 26)
"""Paragraphs an article: news runs from a few hundred characters to a few thousand, with a median near 1,000."""
FIRST_DAY = dt.date(2019, 1, 1)
DAYS = 2800
"""The pages' own dates lie in so many days from the first."""


@cache
def load_text() -> Mapping[str, Any]:
    """What `text.toml` holds."""
    return tomllib.loads(Path(__file__).with_name("text.toml").read_text(encoding="utf-8"))


class Writer:
    """Writes articles at random, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.data = load_text()
        self._slots: dict[str, list[str]] = dict(self.data["slots"])
        self._traditional = OpenCC("s2hk", include_tofu_risk_dictionaries=False)
        self._weights = [frame["weight"] for frame in self.data["frame"]]

    def fill(self, template: str) -> str:
        """A template with every slot filled; raises `KeyError` for a slot that `text.toml` does not have."""
        return _SLOT.sub(self._slot, template)

    def page(self) -> tuple[str, bytes]:
        """One article file: the suffix of its name and its bytes."""
        frame = self.random.choices(self.data["frame"], self._weights)[0]
        day = FIRST_DAY + dt.timedelta(days=self.random.randrange(DAYS))
        self._slots["titleline"] = self.data["text"]["titles"]
        self._slots["stamp"] = [self._stamp(day)]
        text = self._web_page(frame, day) if "page" in frame else self._text_page(frame)
        if frame["script"] == "hant":
            text = self._traditional.convert(text)
        if "page" not in frame and self.random.random() < self.data["damage"]["share"]:
            return ".txt", self._damaged(text, frame["encoding"])
        return ".html" if "page" in frame else ".txt", text.encode(frame["encoding"], "ignore")

    def _slot(self, match: re.Match[str]) -> str:
        name, low, high, comma = match.group("name", "low", "high", "comma")
        if name:
            return self.fill(self.random.choice(self._slots[name]))
        if "." in low:
            return f"{self.random.uniform(float(low), float(high)):.1f}"
        number = self.random.randint(int(low), int(high))
        return f"{number:,}" if comma else str(number)

    def _stamp(self, day: dt.date) -> str:
        hour, minute = self.random.randrange(6, 23), self.random.randrange(60)
        forms = (
            f"{day} {hour:02}:{minute:02}",
            f"{day.year}年{day.month}月{day.day}日 {hour:02}:{minute:02}",
            f"{day.year}-{day.month:02}-{day.day:02}",
            f"{day.year}年{day.month:02}月{day.day:02}日",
        )
        return self.random.choice(forms)

    def _paragraphs(self, between: list[str]) -> list[str]:
        """The paragraphs of an article, with what stands between them now and then."""
        rng, text = self.random, self.data["text"]
        lines = []
        for number in range(rng.choice(PARAGRAPHS)):
            if number and rng.random() < 0.15:
                lines.append(self.fill(rng.choice(text["headings"])))
            elif number and between and rng.random() < 0.1:
                lines.append(self.fill(rng.choice(between)))
            elif number and rng.random() < 0.05:
                lines.append(self.fill(rng.choice(text["captions"])))
            lead = rng.choice(text["leads"]) if number == 0 else ""
            sentences = rng.sample(text["sentences"], rng.randint(*SENTENCES))
            lines.append(self.fill(lead + "".join(map(self._drawn_out, sentences))))
        return lines

    def _drawn_out(self, sentence: str) -> str:
        """A sentence as long as those of newspapers: most of them open or end with a clause that says little."""
        rng, text = self.random, self.data["text"]
        if rng.random() < CLAUSES:
            sentence = rng.choice(text["openings"]) + sentence
        if rng.random() < CLAUSES:
            sentence = sentence.removesuffix("。") + rng.choice(text["endings"])
        return sentence + "".join(rng.sample(text["plain"], rng.choice(PLAIN)))

    def _text_page(self, frame: Mapping[str, Any]) -> str:
        title = self.fill(self.random.choice(self.data["text"]["titles"]))
        head = [self.fill(line).replace("[title]", title) for line in frame["head"]]
        body = [frame["indent"] + line for line in self._paragraphs(frame["between"])]
        return "\n".join([*head, *body, *map(self.fill, frame["tail"])]) + "\n"

    def _web_page(self, frame: Mapping[str, Any], day: dt.date) -> str:
        title = self.fill(self.random.choice(self.data["text"]["titles"]))
        tag = frame["tag"]
        lines = self._paragraphs(frame["between"])
        body = "<br><br>\n".join(lines) if tag == "br" else "\n".join(f"<{tag}>{line}</{tag}>" for line in lines)
        page = self.fill(frame["page"]).replace("[title]", title)
        return page.replace("[day]", f"{day}T08:30:00+08:00").replace("[body]", body)

    def _damaged(self, text: str, encoding: str) -> bytes:
        ways: tuple[Callable[[str], str], ...] = (
            self._glossed,
            self._byte_lost,
            self._gone,
            self._entities,
            self._zero,
        )
        return self.random.choice(ways)(text).encode(encoding, "replace")

    def _glossed(self, text: str) -> str:
        readings = self.data["damage"]["gloss"]
        return re.sub("|".join(readings), lambda match: f"{match[0]}({readings[match[0]]})", text)

    def _byte_lost(self, text: str) -> str:
        """One byte of the GB18030 text is gone, and what follows is read one byte off up to the end of its line."""
        lines = text.split("\n")
        number = max(range(len(lines)), key=lambda at: len(lines[at]))
        data = lines[number].encode("gb18030")
        at = self.random.randrange(len(data) // 2)
        lines[number] = (data[:at] + data[at + 1 :]).decode("gb18030", "replace")
        return "\n".join(lines)

    def _gone(self, text: str) -> str:
        chars = list(text)
        for at in self.random.sample(range(len(chars)), len(chars) // 200):
            chars[at] = "\n" if chars[at] == "\n" else "\ufffd"
        return "".join(chars)

    def _entities(self, text: str) -> str:
        return text.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("　　", "&nbsp;&nbsp;&nbsp;")

    def _zero(self, text: str) -> str:
        return text.replace("的", "\u200b的")


def write_corpus(folder: Path, size: int, seed: int = 1) -> int:
    """Writes article files into a folder until they hold `size` bytes; returns their number.

    The files stand in subfolders of a hundred, as they came, so that any stretch of them has every kind of page.
    """
    writer = Writer(seed)
    written = number = 0
    while written < size:
        suffix, data = writer.page()
        place = folder / f"{number // 100:04}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"article-{number:06}{suffix}").write_bytes(data)
        written += len(data)
        number += 1
    return number
