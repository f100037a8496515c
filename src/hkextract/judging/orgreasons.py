"""Why a name is no organisation, or another one: the register, its conditions, the suffix, the words of the name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from hkextract.article import Article
from hkextract.extract.register import Alias, Register
from hkextract.judging.lines import RuleLines
from hkextract.judging.nearest import alike, nearest_word
from hkextract.judging.reasons import Reason, Span
from hkextract.mention import Mention
from hkextract.orgs import FOLDER, entries
from hkextract.rules import Rules
from hkextract.segment import Words, words

TABLE = "organisations"
HEADS = ("head", "weak_head", "branch_head", "brand_head")
"""The lists of suffixes, the strongest first."""
BLOCKING = ("no_name", "not_head")
"""Lists of what looks like a name and is none."""
EMPTY = ("generic", "name_verb", "before_name", "place", "common_head", "local_head")
"""Lists of words that give a name nothing of its own."""
NEAR = 0.7
"""Names that are so much alike may be one name written in two ways."""
FEW = 2


class OrganisationReasons:
    """The reasons that the register and the grammar of names give."""

    def __init__(self, rules: Rules, register: Register) -> None:
        self.rules, self.register = rules, register
        self.table = rules[TABLE]
        self.lines = RuleLines(rules.folder, self.table)

    def of(self, article: Article, span: Span, mentions: Sequence[Mention]) -> Iterator[Reason]:
        """The reasons for a clean span, given the organisations that were found in the article."""
        chars, (start, end) = article.text.chars, span
        name = chars[start:end]
        if claims := self.register.aliases.get(name, ()):
            yield from self._claimed(article, span, claims, mentions)
            return
        yield from self._like(name)
        yield from self._structure(chars, span)

    def _claimed(
        self, article: Article, span: Span, claims: Sequence[Alias], mentions: Sequence[Mention]
    ) -> Iterator[Reason]:
        """A name that the register has: its context words, what stands around it, a longer name."""
        chars, (start, end) = article.text.chars, span
        name = chars[start:end]
        over = next((m for m in mentions if m.start < end and start < m.end), None)
        for alias in claims:
            row = self._row(alias.body.name)
            known = f"{name} stands for {alias.body.name} in the register ({row})"
            if alias.context and not any(word in chars for word in alias.context):
                told = f"{known} only where the article holds one of {', '.join(alias.context)}"
                yield Reason("register", TABLE, 0.1, told, "org-register", "context", name, edit=(row,))
            elif over is not None:
                told = f"{known}, but {chars[over.start : over.end]} by {over.rule} wins here"
                yield Reason("rival", TABLE, 0.35, told, over.rule, edit=(row,))
            else:
                yield Reason(
                    "register", TABLE, 0.3, f"{known}, but {self._around(chars, span)}", "org-register", "edge"
                )

    def _around(self, chars: str, span: Span) -> str:
        """What stands around a name that keeps the register from reading it there."""
        start, end = span
        cut = Words.of(words(chars))
        thing = self.table.words["thing"].regex.match(chars, end)
        if thing:
            return f"{thing[0]} behind it makes it the name of a thing ({self.lines.of_list('thing')})"
        for edge in (start, end):
            if not cut.marks[edge]:
                first, last = cut.around(edge)
                return f"here it is cut out of the word {chars[first:last]}"
        if chars[start:end] in self.table.words["site"]:
            return f"it is a site and counts only before a word of acting ({self.lines.of_list('acts')})"
        return "what stands beside it makes it part of something else (a dateline, a longer number or name)"

    def _like(self, name: str) -> Iterator[Reason]:
        """Names of the register that are nearly the same."""
        close = [
            (alike(name, text), text)
            for text in self.register.aliases
            if abs(len(text) - len(name)) <= 1 and len(name) > 2 and (text[0] == name[0] or text[-1] == name[-1])
        ]
        for likeness, text in sorted(close, reverse=True)[:FEW]:
            if likeness >= NEAR:
                body = self.register.aliases[text][0].body.name
                row = self._row(body)
                word = "".join(a for a, b in zip(name, text, strict=False) if a != b)
                told = f"the register lacks {name}; the likest is {text}, of {body} ({row})"
                yield Reason("register", TABLE, 1.6 - likeness, told, "org-register", "name", word, edit=(row,))

    def _structure(self, chars: str, span: Span) -> Iterator[Reason]:
        """What the grammar of names lacks: a suffix, or words of the name's own."""
        name = chars[slice(*span)]
        blocking = next((words for words in BLOCKING if name in self.table.words[words]), "")
        if blocking:
            yield self._listed(0.3, f"{name} stands in {blocking}, the list of what is no name", blocking, name)
            return
        head, words_list = self._head(name)
        unknown = self._unknown_suffix(name)
        if not head or len(unknown.word) > len(head):
            yield unknown
        if head:
            yield self._nothing_of_its_own(name, head, words_list)

    def _head(self, name: str) -> tuple[str, str]:
        """The longest suffix that a name ends in, and its list."""
        found = [(word, words) for words in HEADS for word in self.table.words[words] if name.endswith(word)]
        return max(found, key=lambda pair: len(pair[0]), default=("", ""))

    def _unknown_suffix(self, name: str) -> Reason:
        """The suffix that a name would need: what its end is likest to, else its last two characters."""
        best = (0.0, name[-2:], "head", "")
        for size in range(1, min(6, len(name) - 1) + 1):
            for words_list in HEADS[:3]:
                like, likeness = nearest_word(name[-size:], self.table.words[words_list])
                if len(like) == size and (size * likeness, likeness) > (best[0] * len(best[1]), best[0]):
                    best = (likeness, name[-size:], words_list, like)
        likeness, tail, words_list, like = best
        category = self.table.words[words_list].category(like)
        beside = f" (the likest is {like}, {category})" if like else ""
        told = f"the register lacks {name}, and {tail} is no suffix of names{beside}"
        cost = 2.3 - likeness
        edit = (self.lines.of_list(words_list, category), _new_row(self.rules.folder))
        return Reason("near", TABLE, cost, told, "", "suffix", tail, (words_list,), edit)

    def _nothing_of_its_own(self, name: str, head: str, words_list: str) -> Reason:
        """A name whose suffix is known: the lists that its other words stand in, or that cut it."""
        core = [word for word in words(name.removesuffix(head)) if word.strip()]
        empty = [(word, found) for word in core for found in EMPTY if word in self.table.words[found]]
        told = f"the register lacks {name}; {head} is a suffix of {words_list}"
        if not core:
            told += ", and nothing stands before it"
        elif len(empty) >= len(core):
            told += ", but " + ", ".join(f"{word} ({found})" for word, found in empty) + " give it nothing of its own"
        elif words_list == "brand_head":
            told += f", which counts only before a post ({self.lines.of_list('company_cue')})"
        elif words_list == "weak_head":
            told += ", a weak one: a place, a known body or a word that is no common noun must stand before it"
        else:
            told += ", but one of its words can be in no name, or what stands around it is read as part of it"
        lists = tuple(dict.fromkeys(found for _, found in empty)) or (words_list,)
        edit = (_new_row(self.rules.folder), *(self.lines.of_list(found) for found in lists))
        return Reason("near", TABLE, 1.6, told, "", "name", name, lists, edit)

    def _listed(self, cost: float, told: str, words_list: str, word: str) -> Reason:
        return Reason(
            "guard", TABLE, cost, told, "", words_list, word, (words_list,), (self.lines.of_list(words_list),)
        )

    def _row(self, name: str) -> str:
        """`FILE:LINE` of a body's row."""
        return self._rows.get(name, FOLDER)

    @cached_property
    def _rows(self) -> dict[str, str]:
        return {entry.name: f"{FOLDER}/{entry.path.name}:{entry.line}" for entry in entries(self.rules.folder)}


def _new_row(folder: Path) -> str:
    return f"{FOLDER}/local.csv (`hkextract orgs add --rules {folder}`)"
