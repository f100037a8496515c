"""A rule's pattern as the parts that a person knows it by: word lists, named parts, literal words, conditions.

A regular expression only says that it does not match. Taken apart, each piece can be tried by itself, so that the
piece that fails can be named, with the list that it stands for and the line to edit.
"""

from __future__ import annotations

import re
import re._parser as sre_parse  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from hkextract.rules import RuleSet, expand

FIGURES = ("3", "三", "十二", "2024")
"""What a part that reads a number matches by itself."""
_REFERENCE = re.compile(r"\{([a-z_]+)(?:\.([^{}]+))?\}")
_QUANTIFIER = re.compile(r"(?:[?*+]|\{\d*,?\d*\})[?+]?")
_GROUP = re.compile(r"\((?:\?:|\?P<(\w+)>)?")
_CHOICE_OF_NAMES = re.compile(r"\(\?P<\w+>(\{[a-z_]+\}(?:\|\{[a-z_]+\})*)\)")
_PLAIN = str.maketrans("|", "/", "{}")
_CONDITION = re.compile(r"\(\?(?:=|!|<=|<!)")


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece of a pattern: an atom with a regular expression of its own, a sequence of pieces, or a choice of them.

    `words` is the list that an atom stands for, `part` the innermost named part of the rule file that the piece
    belongs to, `top` the outermost one: the name that the rule itself uses.
    """

    sort: str
    source: str = ""
    pieces: tuple[Piece, ...] = ()
    optional: bool = False
    words: str = ""
    part: str = ""
    top: str = ""
    expanded: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """What an atom matches."""
        return re.compile(self.expanded, re.ASCII)

    @cached_property
    def is_condition(self) -> bool:
        """Whether an atom takes no character: what must or must not stand there."""
        return bool(sre_parse.parse(self.expanded, re.ASCII).getwidth()[1] == 0)

    @cached_property
    def asks(self) -> bool:
        """Whether a condition asks for something to stand there; else it refuses something."""
        return self.expanded.removeprefix("(?:").startswith(("(?=", "(?<="))

    @cached_property
    def is_named(self) -> bool:
        """Whether an atom is something with a name: a list, a part, a literal word."""
        return bool(self.part) or self.is_known

    @cached_property
    def is_known(self) -> bool:
        """Whether an atom is a list or a literal word, so that it is known what fits."""
        return bool(self.words) or self.source.isalnum()

    def atoms(self) -> Iterator[Piece]:
        """All atoms of a piece."""
        if self.sort == "atom":
            yield self
        for piece in self.pieces:
            yield from piece.atoms()


class Outlines:
    """The patterns of one table, taken apart. Parts that a bare number is enough for stay whole."""

    def __init__(self, table: RuleSet) -> None:
        self.table = table
        self._parts: dict[tuple[str, str], Piece] = {}
        self._lists: dict[str, frozenset[str]] = {}
        self._whole: dict[str, bool] = {}

    def of(self, pattern: str, top: str = "") -> Piece:
        """A pattern as written in a rule file, as pieces; `top` is the name that all of them go by."""
        piece, _ = self._choice(pattern, 0, "", top)
        return piece

    def lists_in(self, part: str) -> frozenset[str]:
        """The word lists that a named part leads to; a list leads to itself."""
        if part in self.table.words:
            return frozenset((part,))
        if part not in self._lists:
            self._lists[part] = frozenset()  # a part that names itself would go round in circles
            source = self.table.parts.get(part, "")
            names = (match[1] for match in _REFERENCE.finditer(source))
            self._lists[part] = frozenset().union(*map(self.lists_in, names))
        return self._lists[part]

    def _stays_whole(self, part: str) -> bool:
        if part not in self._whole:
            piece = self._atom("{" + part + "}", part, part)
            self._whole[part] = piece.is_condition or any(piece.regex.fullmatch(figure) for figure in FIGURES)
        return self._whole[part]

    def _choice(self, source: str, at: int, part: str, top: str) -> tuple[Piece, int]:
        """A choice of sequences up to the end or to the bracket that closes it."""
        branches: list[Piece] = []
        items: list[Piece] = []
        while at < len(source) and source[at] != ")":
            if source[at] == "|":
                branches.append(self._sequence(items))
                items, at = [], at + 1
                continue
            piece, at = self._item(source, at, part, top)
            items.append(piece)
        branches.append(self._sequence(items))
        return (branches[0] if len(branches) == 1 else Piece("choice", pieces=tuple(branches))), at

    def _sequence(self, items: list[Piece]) -> Piece:
        """A sequence; literal characters that follow one another become one word."""
        joined: list[Piece] = []
        for item in (part for piece in items for part in _inlined(piece)):
            last = joined[-1] if joined else None
            if last and _is_literal(last) and _is_literal(item):
                joined[-1] = replace(last, source=last.source + item.source, expanded=last.expanded + item.expanded)
            else:
                joined.append(item)
        return joined[0] if len(joined) == 1 else Piece("sequence", pieces=tuple(joined))

    def _item(self, source: str, at: int, part: str, top: str) -> tuple[Piece, int]:
        end = _end_of_item(source, at)
        quantifier = _QUANTIFIER.match(source, end) if not _REFERENCE.match(source, end) else None
        after = quantifier.end() if quantifier else end
        sign = quantifier[0] if quantifier else ""
        whole = source[at:after]
        reference = _REFERENCE.fullmatch(source, at, end)
        group = _GROUP.match(source, at) if source[at] == "(" and not _CONDITION.match(source, at) else None
        if sign not in ("", "?", "??"):
            return self._atom(whole, part, top), after
        if reference and (name := reference[1]) in self.table.words:
            piece = self._atom(source[at:end], part, top or name, words=name)
        elif reference and self._stays_whole(name := reference[1]):
            piece = self._atom(source[at:end], name, top or name)
        elif reference:
            piece = self._part(name, top or name)
        elif group:
            names = _CHOICE_OF_NAMES.fullmatch(source, at, end)
            piece, _ = self._choice(source, group.end(), part, top or (names[1].translate(_PLAIN) if names else ""))
        else:
            piece = self._atom(source[at:end], part, top)
        return (replace(piece, optional=True) if sign else piece), after

    def _part(self, name: str, top: str) -> Piece:
        if (name, top) not in self._parts:
            self._parts[name, top] = self._choice(self.table.parts[name], 0, name, top)[0]
        return self._parts[name, top]

    def _atom(self, source: str, part: str, top: str, words: str = "") -> Piece:
        expanded = expand(source, self.table.words, self.table.parts)
        return Piece("atom", source, words=words, part=part, top=top, expanded=expanded)


def _inlined(piece: Piece) -> tuple[Piece, ...]:
    return piece.pieces if piece.sort == "sequence" and not piece.optional else (piece,)


def _is_literal(piece: Piece) -> bool:
    return piece.sort == "atom" and not piece.optional and bool(piece.source) and piece.source.isalnum()


def _end_of_item(source: str, at: int) -> int:
    """The place behind the item that begins at a place, its quantifier left out."""
    if source[at] == "\\":
        return at + (6 if source[at + 1] == "u" else 2)
    if source[at] == "[":
        return _end_of_class(source, at)
    if reference := _REFERENCE.match(source, at):
        return reference.end()
    if source[at] != "(":
        return at + 1
    depth = 0
    while True:
        char = source[at]
        if char == "\\":
            at += 2
            continue
        if char == "[":
            at = _end_of_class(source, at)
            continue
        depth += (char == "(") - (char == ")")
        at += 1
        if depth == 0:
            return at


def _end_of_class(source: str, at: int) -> int:
    at += 1 + (source[at + 1] == "^")
    at += source[at] == "]"
    while source[at] != "]":
        at += 1 + (source[at] == "\\")
    return at + 1
