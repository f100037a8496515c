"""The texts of articles, clean and raw, and where a stretch of the one stands in the other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hkextract.clean.simplify import to_simplified

KEPT = 64
"""Articles whose texts are kept in memory."""


@dataclass(frozen=True, slots=True)
class Texts:
    """An article's clean text and its raw text, None where that is not to be had; `sentences` as `Items` has them."""

    clean: str
    raw: str | None
    sentences: NDArray[np.int32]

    def raw_span(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the raw text behind a stretch of the clean one (characters, half-open); None without one.

        Within a sentence the two are compared character by character, the raw one in simplified script.
        """
        if self.raw is None or not len(self.sentences):
            return None
        begin, last = self._row(start), self._row(end - 1)
        first = _aligned(self.raw, self.clean, begin)
        final = first if last == begin else _aligned(self.raw, self.clean, last)
        at = first[min(max(start - begin[0], 0), len(first) - 1)][0]
        till = final[min(max(end - 1 - last[0], 0), len(final) - 1)][1]
        return (at, till) if at < till else None

    def sentence(self, place: int) -> tuple[int, int]:
        """The sentence of the clean text that a character stands in, else the one before it, else the first."""
        return self._row(place)[:2]

    def _row(self, place: int) -> tuple[int, int, int, int]:
        number = int(np.searchsorted(self.sentences[:, 0], place, side="right")) - 1
        start, end, raw_start, raw_end = map(int, self.sentences[max(number, 0)])
        return start, end, raw_start, raw_end


def _aligned(raw: str, clean: str, sentence: tuple[int, int, int, int]) -> Sequence[tuple[int, int]]:
    """For each character of a sentence of the clean text its stretch of the raw text."""
    start, end, raw_start, raw_end = sentence
    written, meant = to_simplified(raw[raw_start:raw_end]), clean[start:end]
    if written == meant:
        return [(raw_start + n, raw_start + n + 1) for n in range(len(meant))]
    found: list[tuple[int, int]] = []
    for _, a, b, c, d in SequenceMatcher(None, written, meant, autojunk=False).get_opcodes():
        each = b - a == d - c
        found += [(raw_start + a + n * each, raw_start + (a + n + 1 if each else b)) for n in range(d - c)]
    return found or [(raw_start, raw_end)]


class Library:
    """The texts of a run's articles, asked for by id; the ones asked for last are kept in memory."""

    def __init__(
        self,
        output: Path,
        corpus: Path,
        settings: dict[str, Any],
        articles: dict[str, dict[str, str]],
        sentences: dict[str, NDArray[np.int32]],
    ) -> None:
        self.output, self.corpus, self.settings = output, corpus, settings
        self.articles, self.sentences = articles, sentences
        self._kept: OrderedDict[str, Texts] = OrderedDict()

    def __getitem__(self, article_id: str) -> Texts:
        """An article's texts; the clean one is empty where its file is gone. Raises `KeyError` for an unknown id."""
        article = self.articles[article_id]
        if article_id not in self._kept:
            clean = self._text("text", article_id) or ""
            raw = self._text("raw", article_id)
            if raw is None:
                raw = self._raw(article_id, article["file"])
            none = np.zeros((0, 4), np.int32)
            self._kept[article_id] = Texts(clean, raw, self.sentences.get(article_id, none))
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(article_id)
        return self._kept[article_id]

    def _text(self, folder: str, article_id: str) -> str | None:
        """A text of the output folder, None where there is none of that name in that very folder."""
        if not _is_inside(f"{article_id}.txt") or "/" in article_id:
            return None
        try:
            path = self.output / folder / f"{article_id}.txt"
            return path.read_bytes().decode("utf-8", "surrogatepass")
        except OSError:
            return None

    def _raw(self, article_id: str, file: str) -> str | None:
        """The raw text read again as the run read it; None where the file is gone or unreadable."""
        from hkextract.article import Failure
        from hkextract.inputs import Inputs
        from hkextract.read.records import Columns
        from hkextract.worker import read_input

        root = self.corpus if self.corpus.is_dir() else self.corpus.parent
        if not _is_inside(file):
            return None
        whole = root / file
        path = whole if whole.exists() or "#" not in file else root / file.rpartition("#")[0]
        encoding = self.settings.get("encoding")
        inputs = Inputs.of(root, {path: article_id}, Columns(**self.settings.get("columns", {})), encoding)
        try:
            given = inputs.find(file)
        except OSError:
            return None
        source = read_input(given, encoding, None)[0] if given else None
        return None if source is None or isinstance(source, Failure) else source.raw_text


def _is_inside(file: str) -> bool:
    """Whether a path that a table names stays below its folder."""
    path = PurePosixPath(file)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in file and "\0" not in file
