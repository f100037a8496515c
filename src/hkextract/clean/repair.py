"""Repair of damaged text: each rule of `rules/repairs.toml` in its order, each repair an `Edit`.

A rule names a method. `replace` puts its `replacement` in place of whatever its pattern matches; the other methods are
the functions of `METHODS`, which look closer at what the pattern found. What cannot be recovered becomes U+FFFD and is
counted, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from hkextract.article import Article, Edit
from hkextract.clean import byteshift, strays
from hkextract.clean.byteshift import REPLACEMENT, Repair
from hkextract.clean.forms import ordinary
from hkextract.clean.gloss import has_tone, is_reading
from hkextract.clean.markup import strip_markup
from hkextract.clean.misread import misread
from hkextract.clean.missing import inside_word
from hkextract.clean.mojibake import double_byte_as_latin, lost_as_gbk, read_as_latin
from hkextract.clean.odd import notable, odd_or_ascii
from hkextract.clean.plausible import is_common
from hkextract.clean.shifts import plain_shifts
from hkextract.clean.spacing import joined
from hkextract.rules import Rule, Rules, RuleSet

GLOSSED = 3
"""Glosses on common characters from which a text counts as glossed, so that weaker ones are taken for glosses too."""
LOOKS, CHARS_A_LOOK, LOOKS_INSIDE = 100, 100, 30
"""Marks of a text that are looked at closely: so many, and one more for so many characters. A damaged page has one such
mark in 200 characters; the limit keeps the time linear on a text of nothing but marks."""


_BRACKETED = re.compile("[(（][A-Za-z\u00c0-\u024f\u0251\u0261\u1e3f]{1,6}[)）]")


@dataclass(frozen=True, slots=True)
class Job:
    """What a method is given: the text as it stands, the rule, and the word lists of the rule file."""

    article: Article
    rule: Rule
    words: RuleSet
    evidence: frozenset[str]
    """Methods that have repaired something in this text already."""

    @property
    def chars(self) -> str:
        return self.article.text.chars


def repair(article: Article, rules: Rules) -> Article:
    """The article with its damage repaired; sound text comes out unchanged. One pass a rule, linear in the length."""
    article = strip_markup(article)
    table = rules["repairs"]
    evidence: set[str] = set()
    awake = _awake(article.text.chars, table)
    for number, rule in enumerate(table.rules):
        if not awake >> number & 1:
            continue
        method = str(rule.options.get("method", "replace"))
        found = METHODS[method](Job(article, rule, table, frozenset(evidence)))
        changed = _apply(article, rule, found)
        if changed is not article:
            evidence.add(method)
            article = changed
            awake = _awake(article.text.chars, table)
    return article


def _awake(chars: str, table: RuleSet) -> int:
    """The rules, one bit each, of whose triggers a text has a character.

    What a character wakes is found once; the characters of daily use wake only what the whole text is scanned for.
    """
    wakes = _wakes(table)
    found = 0
    for char in set(notable().findall(chars)) - wakes.quiet:
        found |= wakes[char]
    return found


class _Wakes(dict[str, int]):
    """The rules that a character wakes, worked out when it is asked for."""

    def __init__(self, table: RuleSet) -> None:
        super().__init__()
        self.quiet: set[str] = set()
        self._triggers = [
            odd_or_ascii() if rule.options.get("trigger") == "odd" else re.compile(str(rule.options["trigger"]))
            for rule in table.rules
        ]

    def __missing__(self, char: str) -> int:
        found = sum(1 << number for number, trigger in enumerate(self._triggers) if trigger.match(char))
        self[char] = found
        if not found:
            self.quiet.add(char)
        return found


@lru_cache(maxsize=4)
def _wakes(table: RuleSet) -> _Wakes:
    return _Wakes(table)


def _apply(article: Article, rule: Rule, repairs: Iterable[Repair]) -> Article:
    text = article.text
    chars = text.chars
    spans: list[tuple[int, int, str]] = []
    edits: list[Edit] = []
    made = list(repairs)
    for found, (raw_start, raw_end) in zip(made, text.raw_spans([(r.start, r.end) for r in made]), strict=True):
        before = chars[found.start : found.end]
        edits.append(Edit("repair", rule.id, rule.kind, raw_start, raw_end, before, found.new, found.lost))
        if before != found.new:
            spans.append((found.start, found.end, found.new))
    if not edits:
        return article
    return replace(article, text=text.edit(spans), edits=(*article.edits, *edits))


def _replace(job: Job) -> Iterable[Repair]:
    new = str(job.rule.options.get("replacement", ""))
    for match in job.rule.regex.finditer(job.chars):
        yield Repair(match.start(), match.end(), match.expand(new) if "\\" in new else new)


def _glosses(job: Job) -> Iterable[Repair]:
    """Pinyin in brackets after the character that it spells: only with a tone mark, or in a text full of glosses."""
    if not any(_BRACKETED.match(job.chars, at) for sign in "(（" for at in _places(job.chars, sign)):
        return
    found = [
        (match, is_reading(match["char"], match["gloss"]), has_tone(match["gloss"]), is_common(match["char"]))
        for match in job.rule.regex.finditer(job.chars)
    ]
    sure = sum(1 for _, spells, toned, common in found if spells and toned and common)
    for match, spells, toned, common in found:
        if spells and (sure >= GLOSSED or (toned and common)):
            yield Repair(match.start("char"), match.end(), match["char"])


def _places(chars: str, sign: str) -> Iterator[int]:
    """The places of a sign, ten times as fast as a pattern finds them."""
    at = chars.find(sign)
    while at >= 0:
        yield at
        at = chars.find(sign, at + 1)


def _more_shifts(job: Job) -> Iterable[Repair]:
    return _shifts(job, known=True) if job.evidence & {"shift", "false-gloss"} else ()


def _shifts(job: Job, known: bool = False) -> Iterable[Repair]:
    end = 0
    budget = LOOKS + len(job.chars) // CHARS_A_LOOK
    for match in job.rule.regex.finditer(job.chars):
        if match.start() < end or not byteshift.may_start(job.chars, match.start()):
            continue
        budget -= 1
        if not budget:
            return
        found = byteshift.after_mark(job.chars, match.start(), known)
        if found is not None and found.start >= end:
            yield found
            end = found.end


def _false_glosses(job: Job) -> Iterable[Repair]:
    end = 0
    for match in job.rule.regex.finditer(job.chars):
        if match.start() >= end and (found := byteshift.after_false_gloss(job.chars, match)):
            yield found
            end = found.end


def _line_ends(job: Job) -> Iterable[Repair]:
    if "shift" not in job.evidence:
        return
    for match in job.rule.regex.finditer(job.chars):
        if found := byteshift.at_line_end(job.chars, match.start()):
            yield found


def _plain_shifts(job: Job) -> Iterable[Repair]:
    """Where our own reader read the bytes, U+FFFD stands for one byte and no digit was swallowed."""
    known = bool(job.evidence & {"shift", "shift-known", "false-gloss"})
    swallows = job.article.source.encoding not in ("gb18030", "big5hkscs")
    return plain_shifts(job.chars, known, swallows)


def _inside_words(job: Job) -> Iterable[Repair]:
    for number, match in enumerate(job.rule.regex.finditer(job.chars)):
        if number >= LOOKS_INSIDE:
            return
        if char := inside_word(job.chars[match.start() - 4 : match.start()], job.chars[match.end() : match.end() + 4]):
            yield Repair(match.start(), match.end(), char)


def _strays(job: Job) -> Iterable[Repair]:
    return strays.private_use(job.chars, job.rule.regex, job.words.words["private_use"])


def _entities(job: Job) -> Iterable[Repair]:
    return strays.entities(job.chars, job.rule.regex)


def _forms(job: Job) -> Iterable[Repair]:
    return ordinary(job.chars, job.rule.regex, job.words.words["form"])


def _spacing(job: Job) -> Iterable[Repair]:
    return joined(job.chars, job.rule.regex, job.words.words["alone"])


def _mojibake(job: Job) -> Iterable[Repair]:
    return read_as_latin(job.chars, job.rule.regex)


def _misread(job: Job) -> Iterable[Repair]:
    return misread(job.chars)


def _double_byte_as_latin(job: Job) -> Iterable[Repair]:
    return double_byte_as_latin(job.chars, job.rule.regex)


def _lost_as_gbk(job: Job) -> Iterable[Repair]:
    return lost_as_gbk(job.rule.regex, job.chars)


def _lost(job: Job) -> Iterable[Repair]:
    """Counts what was lost before the file came to us; U+FFFD that an earlier rule put in is counted there."""
    for match in job.rule.regex.finditer(job.chars):
        raw_start, raw_end = job.article.text.raw_span(match.start(), match.end())
        if job.article.source.raw_text[raw_start:raw_end] != match[0]:
            continue
        yield Repair(match.start(), match.end(), REPLACEMENT * len(match[0]), len(match[0]))


METHODS: Mapping[str, Callable[[Job], Iterable[Repair]]] = MappingProxyType(
    {
        "replace": _replace,
        "gloss": _glosses,
        "shift": _shifts,
        "shift-known": _more_shifts,
        "false-gloss": _false_glosses,
        "line-end": _line_ends,
        "plain-shift": _plain_shifts,
        "inside-word": _inside_words,
        "private-use": _strays,
        "entity": _entities,
        "form": _forms,
        "spacing": _spacing,
        "mojibake-latin": _mojibake,
        "misread": _misread,
        "mojibake-double-byte": _double_byte_as_latin,
        "mojibake-lost": _lost_as_gbk,
        "lost": _lost,
    }
)
