"""Names of the register in a text: what an automaton spots, then what a list cannot decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hkextract.article import Article
from hkextract.extract.dispatch import NUMERALS
from hkextract.extract.left import Left
from hkextract.extract.register import Alias, Body, Register
from hkextract.extract.spotter import Hit, Spotter
from hkextract.rules import RuleSet
from hkextract.segment import Words

SHORT = 2
"""A name of so many characters must stand between two edges of words: 中大, 人大, 北大 also occur inside others."""
PUBLIC = frozenset(("university", "government", "hospital", "legislature"))
"""Types of which a body named without doubt speaks for an ambiguous short form of another in the same place."""


@dataclass(slots=True)
class Known:
    """A body of the register in a text: its clean span, the place before it included."""

    start: int
    end: int
    body: Body
    parent: str = ""


class Gazetteer:
    """The aliases of a register; `spotter` finds them, as its first list, and the suffixes of names, as its second."""

    def __init__(self, register: Register, rules: RuleSet, suffixes: Iterable[str]) -> None:
        self.register = register
        self._texts = list(register.aliases)
        self.spotter = Spotter(self._texts, suffixes)
        self._places = rules.words["place"]
        self._prefix = Left(rules.compile("(?:{prefix}|{place})$")).before
        self._levels = rules.words["level"]
        self._organs = rules.words["local_organ"]
        self._dateline = rules.compile("{dateline_tail}")
        self._sites = rules.words["site"]
        self._acts = rules.words["acts"].regex
        self._renamed = rules.words["renamed"].regex
        sides = rules.words["function_word"].categories
        self._before = frozenset((*sides["both"], *sides["before"]))
        self._after = frozenset((*sides["both"], *sides["after"]))
        self._meet = frozenset(sides["meet"])
        self._thing = rules.words["thing"].regex

    def find(self, article: Article, cut: Words, spotted: Sequence[Hit]) -> list[Known]:
        """The bodies that the text names, in order of place; `spotted` are the aliases in it."""
        chars = article.text.chars
        hits = self._hits(chars, cut, spotted)
        present = {text for text, _, _ in hits}
        day = article.meta.published_date
        found: list[Known] = []
        claims = {
            text: [alias for alias in self.register.aliases[text] if self._in_context(alias, chars, present)]
            for text in present
        }
        for text, start, end in hits:
            alias = self._settle(claims[text], chars, end, present, day)
            if alias is None or (text in self._sites and not self._acts.match(chars, end)):
                continue
            if alias.body.type == "media" and self._dateline.match(chars, end):
                continue
            body, start = self._local(text, alias.body, chars, start, cut) or (
                alias.body,
                self._with_place(chars, start, alias, cut),
            )
            found.append(Known(max(start, found[-1].end if found else 0), end, body))
        return self._merged(found)

    def _hits(self, chars: str, cut: Words, spotted: Sequence[Hit]) -> list[tuple[str, int, int]]:
        """The aliases that stand alone, in order of place; of two that overlap the earlier, then the longer one."""
        hits: list[tuple[str, int, int]] = []
        reach = 0
        for number, start, end in sorted(spotted, key=lambda hit: (hit[1], -hit[2])):
            if start >= reach and (
                _stands_alone(chars, start, end, cut)
                or self._behind_place(chars, start, end, cut)
                or self._between_function_words(chars, start, end, cut)
            ):
                reach = end
                if not self._names_a_thing(chars, end, cut):
                    hits.append((self._texts[number], start, end))
        return hits

    def _between_function_words(self, chars: str, start: int, end: int, cut: Words) -> bool:
        """Whether a name's edges are those of words but for a function word that clings to it (由谷歌, 安永与).

        The tagger makes up such words of names that its dictionary lacks; a word of the dictionary is left alone, but
        for those in which a name's end and a function word meet (港大将 is no 大将).
        """
        import rjieba

        left = right = True
        if cut.marks[start] and cut.marks[end]:
            return False
        if not cut.marks[start]:
            first, last = cut.around(start)
            left = chars[start - 1] in self._before and not rjieba.has_word(chars[first:last])
        if left and not cut.marks[end]:
            first, last = cut.around(end)
            word = chars[first:last]
            right = (
                chars[end] in self._after and first >= start - 1 and (word in self._meet or not rjieba.has_word(word))
            )
        return left and right

    def _names_a_thing(self, chars: str, end: int, cut: Words) -> bool:
        """Whether the word behind a name makes it the name of a building, a station, a law or an index."""
        thing = self._thing.match(chars, end)
        return thing is not None and bool(cut.marks[thing.end()])

    def _behind_place(self, chars: str, start: int, end: int, cut: Words) -> bool:
        """Whether a name that begins inside a word stands directly behind a place (香港城 / 巴)."""
        place = self._prefix(chars, max(0, start - 8), start) if cut.marks[end] else None
        return place is not None and bool(cut.marks[place.start()])

    def _settle(
        self, aliases: list[Alias], chars: str, end: int, present: set[str], day: dt.date | None
    ) -> Alias | None:
        """Which of the aliases that the article speaks for is meant here: by what it is renamed to, by the day."""
        if len(aliases) > 1:
            aliases = self._by_renaming(aliases, chars, end) or aliases
        if len(aliases) > 1:
            aliases = [alias for alias in aliases if alias.valid_on(day)] or aliases
        if len(aliases) > 1:
            votes = {alias.body.name: _votes(alias, chars, present) for alias in aliases}
            aliases = sorted(aliases, key=lambda alias: -votes[alias.body.name])
        return aliases[0] if aliases else None

    def _in_context(self, alias: Alias, chars: str, present: set[str]) -> bool:
        """Whether the article speaks for an alias that is ambiguous: its body's name, its context words, its peers."""
        if not alias.context or (alias.body.name in present and alias.text != alias.body.name):
            return True
        if any(word in chars for word in alias.context):
            return True
        return alias.body.type in PUBLIC and any(
            other.body.place == alias.body.place and other.body.type == alias.body.type
            for text in present
            for other in self.register.aliases[text]
            if not other.context and text != alias.text
        )

    def _by_renaming(self, aliases: list[Alias], chars: str, end: int) -> list[Alias]:
        if not self._renamed.match(chars, end):
            return []
        named = {body.name for body in self._named_in(chars[end : end + 16])}
        return [alias for alias in aliases if alias.body.successor in named]

    def _named_in(self, text: str) -> Iterator[Body]:
        """The bodies that a few words name, by whatever name and however the names overlap."""
        for number, _, _ in self.spotter.find(text)[0]:
            yield from (alias.body for alias in self.register.aliases[self._texts[number]])

    def _local(self, text: str, body: Body, chars: str, start: int, cut: Words) -> tuple[Body, int] | None:
        """The body of a place that every place has (江西省 + 统计局), with the start of its span."""
        if text not in self._organs:
            return None
        match = self._prefix(chars, max(0, start - 8), start)
        if match is None or not cut.marks[match.start()]:
            return self._of_level(text, body, chars, start, cut)
        if self._places.category(match[0]) not in ("city", "province", "district") or match[0] == body.place:
            return None
        place = match[0].rstrip("省市")
        return Body(match[0] + text, body.type, "", place, None, None, ""), match.start()

    def _of_level(self, text: str, body: Body, chars: str, start: int, cut: Words) -> tuple[Body, int] | None:
        """市财政局: the organ of the place of that level that the text named last before."""
        level = chars[start - 1 : start]
        if not level or level not in self._levels or not cut.marks[start - 1]:
            return None
        named = [word for word in self._places if word.endswith(level) and len(word) > 2]
        at, place = max(((chars.rfind(word, 0, start - 1), word) for word in named), default=(-1, ""))
        name = (place if at >= 0 else level) + text
        return Body(name, body.type, "", place.rstrip("省市"), None, None, ""), start - 1

    def _with_place(self, chars: str, start: int, alias: Alias, cut: Words) -> int:
        """The start of the span with a place before it that is the body's own (香港 of 香港创科局)."""
        match = self._prefix(chars, max(0, start - 6), start)
        if match is None or not cut.marks[match.start()]:
            return start
        word, body = match[0], alias.body
        kind = self._places.category(word)
        if alias.text.startswith(word):
            return start
        if kind:
            own = word.rstrip("省市") == body.place or word == body.place
            nation = word == "中国" and self._places.category(body.place) in ("city", "province")
            return match.start() if own or nation or not body.place else start
        return match.start() if body.type in ("government", "legislature") else start

    def _merged(self, found: list[Known]) -> list[Known]:
        """A body directly behind the one that it belongs to is one mention (特区政府创科局)."""
        merged: list[Known] = []
        for known in found:
            last = merged[-1] if merged else None
            if last and last.end == known.start and _belongs(known.body, last.body):
                merged[-1] = Known(last.start, known.end, known.body, last.body.name)
            else:
                merged.append(known)
        return merged


def _votes(alias: Alias, chars: str, present: set[str]) -> int:
    """How much of the text speaks for a body: its own full name, its context words, its place."""
    body = alias.body
    return (
        100 * (body.name in present)
        + sum(chars.count(word) for word in alias.context)
        + chars.count(body.place or "\0")
    )


def _stands_alone(chars: str, start: int, end: int, cut: Words) -> bool:
    """Whether a name is no part of a longer word: Latin letters around it, or words that its edges cut through."""
    if chars[start].isascii() and start and chars[start - 1].isascii() and chars[start - 1].isalnum():
        return False
    if chars[end - 1].isascii() and end < len(chars) and chars[end].isascii() and chars[end].isalnum():
        return False
    if chars[start] in NUMERALS and start and (chars[start - 1] in NUMERALS or chars[start - 1].isdigit()):
        return False
    import rjieba

    left, right = cut.marks[start], cut.marks[end]
    if left and right:
        return True
    if end - start <= SHORT and not right:
        return False
    if not left and not right:
        return end - start > 4 and cut.around(start) != cut.around(end)
    if not right:
        word_start, word_end = cut.around(end)
        if not rjieba.has_word(chars[word_start:word_end]):
            return word_start >= start and (end - start > 3 or end - word_start < 2)
        rest = chars[end:word_end]  # 局长 of 创科 / 局局长 goes on as a word, 面 of 发展 / 局面 does not
        return word_start >= start and end - word_start < 2 and len(rest) > 1 and rjieba.has_word(rest)
    word_start, word_end = cut.around(start)
    if end - start > 3:
        return word_end <= end and start - word_start <= 2
    return end - start > SHORT and not rjieba.has_word(chars[word_start:word_end])


def _belongs(part: Body, whole: Body) -> bool:
    if part.parent == whole.name:
        return True
    return part.type == whole.type == "government" and part.place == whole.place and whole.name.endswith("政府")
