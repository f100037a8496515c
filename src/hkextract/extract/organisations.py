"""Organisations: the register, the grammar for names that it lacks, and what the article itself introduces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hkextract.article import Article
from hkextract.extract.aliases import AliasFinder
from hkextract.extract.gazetteer import Gazetteer, Known
from hkextract.extract.names import Name, NameGrammar
from hkextract.extract.register import load_register
from hkextract.mention import Organisation
from hkextract.rules import Rules
from hkextract.segment import Words

REGISTER_RULE = "org-register"
DAMAGE = "\ufffd"
REACH = 50_000
"""Characters over which the other names of a text settle one. No article is longer; what is, a file of many articles
or a book, is taken in stretches of that length, so that the cost stays linear."""


class OrganisationFinder:
    """Finds and settles the organisations of an article."""

    def __init__(self, rules: Rules) -> None:
        table = rules["organisations"]
        self.register = load_register(rules.folder / "organisations", rules.kept)
        self._words = table.words
        self._grammar = NameGrammar(table)
        self._gazetteer = Gazetteer(self.register, table, self._grammar.suffixes)
        self._aliases = AliasFinder(table, self.register)

    def find(self, article: Article, words: Words) -> tuple[Organisation, ...]:
        """The organisations that the clean text names, in order of place, without overlaps.

        `words` are those of the whole clean text, whose edges short names must respect.
        """
        if len(article.text) <= REACH:
            return self._find(article, words)
        return tuple(
            one._replace(start=one.start + offset, end=one.end + offset)
            for part, own, offset in _stretches(article, words)
            for one in self._find(part, own)
        )

    def _find(self, article: Article, words: Words) -> tuple[Organisation, ...]:
        chars = article.text.chars
        if not chars:
            return ()
        aliases, suffixes = self._gazetteer.spotter.find(chars)
        known = self._gazetteer.find(article, words, aliases)
        names = self._grammar.find(chars, known, words, suffixes)
        found = [self._of_known(body) for body in known] + [self._of_name(name) for name in names]
        found = _without_overlaps(found)
        found = _without_overlaps([*found, *self._aliases.find(chars, found)])
        found = [self._settled(chars, number, found) for number in range(len(found))]
        return tuple(one for one in found if "\n" not in chars[one.start : one.end])

    def _of_known(self, known: Known) -> Organisation:
        body = known.body
        nested = body.parent if body.parent and body.name.startswith(body.parent) else ""
        return Organisation(known.start, known.end, REGISTER_RULE, body.name, body.type, known.parent or nested)

    def _of_name(self, name: Name) -> Organisation:
        """A name by structure: its canonical form has the parent's full name in place of its short one."""
        head = next(
            (t for t in reversed(name.tokens) if t.role in ("head", "weak", "branch", "brand")), name.tokens[-1]
        )
        known = next((t.known for t in name.tokens if t.known), None)
        surface = "".join(token.text for token in name.tokens)
        kind = self._type(head.text) or name.rule.kind
        if known is None:
            return Organisation(name.start, name.end, name.rule.id, surface, kind, self._parent_in(name))
        body = known.body
        rest = "".join(token.text for token in name.tokens if token.start >= known.end)
        if body.type == "company" and self._grammar.is_company(head.text):
            return Organisation(name.start, name.end, name.rule.id, body.name, body.type, body.parent)
        if head.role == "branch":
            kind = body.type
        elif body.type == "university" and kind in ("university", "other"):
            kind = "university"
        whole = surface if body.type == "company" else body.name + rest
        return Organisation(name.start, name.end, name.rule.id, whole, kind, body.name)

    def _parent_in(self, name: Name) -> str:
        """The body that a name begins with, where its first suffix is one of bodies with parts (X大学Y学院)."""
        for number, token in enumerate(name.tokens[:-1]):
            if token.role == "head" and token.text in self._words["parent_head"]:
                return "".join(part.text for part in name.tokens[: number + 1])
        return ""

    def _type(self, head: str) -> str:
        return self._words["head"].category(head) or self._words["weak_head"].category(head)

    def _settled(self, chars: str, number: int, found: Sequence[Organisation]) -> Organisation:
        """A name by structure takes the longer form that the article has elsewhere, or the parent named before it."""
        one = found[number]
        damaged = DAMAGE in chars[one.start : one.end]
        canonical, kind, parent = one.canonical, one.type, one.parent
        if one.rule.startswith("org-named") or one.rule.startswith("org-place"):
            longer = next(
                (o for o in found if len(o.canonical) > len(canonical) and o.canonical.endswith(canonical)), None
            )
            if longer:
                canonical, kind, parent = longer.canonical, longer.type, longer.parent
            elif owner := self._owner(chars, number, found):
                canonical, parent = owner.canonical + canonical, owner.canonical
        return Organisation(one.start, one.end, one.rule, canonical, kind, parent, damaged)

    def _owner(self, chars: str, number: int, found: Sequence[Organisation]) -> Organisation | None:
        """The university that an institute without a place belongs to: its clause's subject, or 该校's."""
        one = found[number]
        if one.type not in ("research", "university") or one.rule.startswith("org-place"):
            return None
        before = chars[max(0, one.start - 40) : one.start]
        clause = max(before.rfind(mark) for mark in "。；;！？!?\n")
        back = any(before.endswith(word) for word in self._words["back"])
        for other in reversed(found[:number]):
            if other.type == "university" and other.parent == "":
                near = other.end >= one.start - len(before) + clause + 1
                founds = any(
                    word in chars[other.end : one.start] for word in self._words["founding"].categories["founds"]
                )
                if back or (near and founds):
                    return other
                return None
        return None


def _stretches(article: Article, words: Words) -> Iterator[tuple[Article, Words, int]]:
    """A long text in stretches with their words and clean offsets, cut at a line's end, else at a word's."""
    chars, start = article.text.chars, 0
    while start < len(chars):
        line, word = chars.find("\n", start + REACH - 1), words.marks.find(1, start + 2 * REACH)
        end = min([place for place in (line + 1, word) if place > 0], default=len(chars))
        yield replace(article, text=article.text[start:end], blocks=()), words.between(start, end), start
        start = end


def _without_overlaps(found: list[Organisation]) -> list[Organisation]:
    """Longest span wins; of equal spans the first in the list."""
    taken: list[Organisation] = []
    places: list[tuple[int, int]] = []
    for one in sorted(found, key=lambda o: o.start - o.end):
        at = bisect_right(places, (one.start, one.end))
        if (at and places[at - 1][1] > one.start) or (at < len(places) and places[at][0] < one.end):
            continue
        places.insert(at, (one.start, one.end))
        taken.append(one)
    return sorted(taken, key=lambda o: o.start)
