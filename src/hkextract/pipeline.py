"""One file through all stages: bytes → `Source` → cleaned `Article` → sentences, words, mentions.

Errors are caught here and nowhere else: a file that cannot be processed becomes a `Failure` that names the stage.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hkextract.article import Article, Failure, Source
from hkextract.clean import cleaning, prepare
from hkextract.clean.simplify import to_simplified
from hkextract.clean.width import as_printed, folded
from hkextract.extract.amounts import AmountFinder
from hkextract.extract.dates import DateFinder
from hkextract.extract.organisations import OrganisationFinder
from hkextract.mention import Amount, DateMention, Mention, Organisation
from hkextract.read import ReadError, read
from hkextract.rules import RuleError, Rules
from hkextract.segment import Sentence, SentenceSplitter, Words, words
from hkextract.steps import Steps, T, whole

if TYPE_CHECKING:
    from hkextract.review.furniture import Verdicts

Known = Mapping[str, Any]
"""Mentions by stage, each a tuple as the stage's finder returns it."""
NOTHING: Known = MappingProxyType({})
STAGES: Mapping[str, tuple[str, ...]] = {
    "clean": ("repairs", "furniture", "metadata", "html"),
    "amounts": ("amounts",),
    "dates": ("dates",),
    "organisations": ("organisations",),
    "sentences": ("amounts",),
}
"""The tables of rules that each stage goes by; reading goes by those of cleaning."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was found in one text, each kind in order of place and without overlaps. Offsets are clean."""

    amounts: tuple[Amount, ...]
    dates: tuple[DateMention, ...]
    organisations: tuple[Organisation, ...]

    def by_stage(self) -> Known:
        """The mentions under the names of the stages that find them."""
        return {"amounts": self.amounts, "dates": self.dates, "organisations": self.organisations}


@dataclass(frozen=True, slots=True)
class Result:
    """A processed article. `words` are those of its clean text, cut at the edges of sentences and mentions.

    `seconds` is the time that each stage took.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    words: Words
    mentions: Mentions
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words, white space included; joined they are the clean text."""
        return tuple(self.words)


class Pipeline:
    """All stages, built once from the rules and used for every article.

    Raises `RuleError` for rules that lack a list, part or rule which the program itself looks up.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        try:
            self.splitter = SentenceSplitter(rules)
            self.amounts = AmountFinder(rules)
            self.dates = DateFinder(rules)
            self.organisations = OrganisationFinder(rules)
            prepare(rules)
        except KeyError as missing:
            problem = f"{missing} is missing, which this version of the program needs; take it from the rules shipped"
            raise RuleError(rules.folder, problem) from None
        rules.kept.save()

    def process_file(self, path: Path, root: Path, article_id: str, encoding: str | None = None) -> Result | Failure:
        """Reads and processes a file; whatever goes wrong comes back as a `Failure` with a message for the user."""
        file = path.relative_to(root).as_posix() if path != root else path.name
        begun = time.perf_counter()
        try:
            source = read(path, root, article_id, encoding, self.rules)
        except ReadError as error:
            return Failure(article_id, file, "read", str(error), error.encoding)
        except OSError as error:
            reason = error.strerror or str(error)
            return Failure(article_id, file, "read", f"The file could not be opened: {reason}.")
        except Exception as error:
            return Failure(article_id, file, "read", unexpected(error))
        return self.process(source, begun)

    def process(
        self,
        source: Source,
        begun: float | None = None,
        recurring: frozenset[str] = frozenset(),
        verdicts: Verdicts | None = None,
    ) -> Result | Failure:
        """Processes an article that has been read. `recurring` are lines that recur in its corpus (simplified script,
        without white space), `verdicts` what reviewers decided about its furniture."""
        return whole(self.processing(source, begun, recurring, verdicts))

    def processing(
        self, source: Source, begun: float | None, recurring: frozenset[str], verdicts: Verdicts | None
    ) -> Steps[Result | Failure]:
        """The same, a stage a step."""
        clock = _Clock(begun)
        stage = "clean"
        try:
            clock.lap("read")
            kept = verdicts.kept(source) if verdicts else ()
            cleaned = yield from clock.through("clean", cleaning(Article.of(source), self.rules, recurring, kept=kept))
            article = as_printed(_retitled(cleaned))
            article = verdicts.without(article) if verdicts else article
            clock.lap("clean")
            stage = "extract"
            yield
            return (yield from self._annotating(article, clock))
        except Exception as error:
            return Failure(source.article_id, source.file, stage, unexpected(error), source.encoding)

    def annotating_again(self, article: Article, known: Known) -> Steps[Result | Failure]:
        """Does over what is not known of an article that was processed before, a stage a step."""
        try:
            return (yield from self._annotating(article, _Clock(), known))
        except Exception as error:
            source = article.source
            return Failure(source.article_id, source.file, "extract", unexpected(error), source.encoding)

    def annotate(self, article: Article) -> Result:
        """Finds the mentions of a cleaned article and cuts it into sentences and words."""
        return whole(self._annotating(article, _Clock()))

    def _annotating(self, article: Article, clock: _Clock, known: Known = NOTHING) -> Steps[Result]:
        """The same, a stage a step. `known` are the mentions of stages that need not be done."""
        clock.go_on()
        printed, article = article, folded(article)
        amounts = known["amounts"] if "amounts" in known else self.amounts.find(article)
        yield from clock.step("amounts")
        dates = known["dates"] if "dates" in known else self.dates.find(article)
        yield from clock.step("dates")
        cut = Words.of(words(article.text.chars))
        yield from clock.step("words")
        organisations = known["organisations"] if "organisations" in known else self.organisations.find(article, cut)
        yield from clock.step("organisations")
        sentences = tuple(self.splitter.split(article))
        spans: list[Mention | Sentence] = [*sentences, *amounts, *dates, *organisations]
        cut = cut.cut_at([one.start for one in spans] + [one.end for one in spans])
        if printed.text.chars != article.text.chars:
            cut = cut.over(printed.text.chars)
        mentions = Mentions(tuple(amounts), tuple(dates), tuple(organisations))
        yield from clock.step("sentences")
        return Result(printed, sentences, cut, mentions, dict(clock.seconds))


class _Clock:
    """Seconds a stage, of an article that may wait while others take their steps."""

    def __init__(self, begun: float | None = None) -> None:
        self.seconds: Counter[str] = Counter()
        self._last = time.perf_counter() if begun is None else begun

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] += now - self._last  # type: ignore[assignment]
        self._last = now

    def through(self, stage: str, work: Steps[T]) -> Steps[T]:
        """A stage of several steps."""
        while True:
            try:
                next(work)
            except StopIteration as end:
                result: T = end.value
                return result
            yield from self.step(stage)

    def step(self, stage: str) -> Steps[None]:
        """Ends a stage and its step; the next stage begins when the article's turn comes."""
        self.lap(stage)
        yield
        self.go_on()

    def go_on(self) -> None:
        self._last = time.perf_counter()


def _retitled(article: Article) -> Article:
    """The article under the title that the user tells, in simplified script, whatever heads the text."""
    title = article.source.told.title
    if not title:
        return article
    return replace(article, meta=replace(article.meta, title=to_simplified(title)))


def unexpected(error: Exception) -> str:
    """The message for a fault that nobody foresaw."""
    return f"A fault of the program ({type(error).__name__}: {error}). Please report it together with the file."


def stage_digests(rules: Rules) -> dict[str, str]:
    """A digest of the rules that each stage goes by."""
    return {stage: "".join(rules.digests[table] for table in tables) for stage, tables in STAGES.items()}
