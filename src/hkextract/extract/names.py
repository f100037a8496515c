"""Names that the register does not know, found by their structure.

A clause that holds a suffix is cut into words, every word gets a role, and patterns over the roles
(`rules/organisations.toml`) propose spans; what has nothing of its own in its core is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hkextract.extract.gazetteer import Known
from hkextract.extract.rolepatterns import LETTERS, compile_roles, longest_spans
from hkextract.extract.spotter import Hit, Span, leftmost
from hkextract.rules import Rule, RuleSet
from hkextract.segment import PARTING, Words

NOUNS = frozenset(
    ("n", "nz", "nt", "nr", "nrt", "nrfg", "ns", "j", "l", "eng", "vn", "b", "i", "a", "g", "s", "an", "z")
)
PROPER = frozenset(("nz", "nr", "nrt", "nrfg", "ns", "eng", "x"))
"""Word classes of jieba's dictionary: what a name may hold, and what is a name of something in itself."""
ENDS = frozenset(("head", "weak", "branch", "brand"))
LONGEST, BEYOND = 12, 4
"""Words before the first suffix of a clause and behind its last that can belong to a name or to a cue."""
KEPT = 50_000
"""How many words are remembered with their roles."""
BRACKETED = re.compile(r"[（(].*[）)]$")
"""A bracket that stands inside a name and is one word of it."""


class Token(NamedTuple):
    """A word of a clause with its role; offsets are clean. `known` is the body that a token of that role stands for."""

    start: int
    end: int
    text: str
    role: str
    flag: str = ""
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A proposed name: its tokens and the rule that its pattern belongs to."""

    tokens: tuple[Token, ...]
    rule: Rule

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


class NameGrammar:
    """The token patterns of `organisations.toml`, ready to search."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = {rule.id: rule for rule in rules.rules if "tokens" in rule.options}
        self.words = rules.words
        self.suffixes = (*rules.words["head"], *rules.words["weak_head"], *rules.words["branch_head"])
        self._brand = rules.compile("{brand_head}(?={company_cue})")
        self._clauses = rules.compile("{name_clause}")
        self._counted = rules.compile("{name_counted}")
        self._ordinal = rules.compile("{name_ordinal}")
        self._roles = self._fixed_roles()
        self._known_roles: dict[tuple[str, str], str] = {}
        self._classes: dict[str, str] = {}
        self._directions = frozenset(rules.words["direction"])
        self._patterns = [(rule, compile_roles(rule.options["tokens"])) for rule in self.rules.values()]

    def find(self, chars: str, known: Sequence[Known], cut: Words, spotted: Iterable[Hit]) -> list[Name]:
        """Names by structure, the longest where they overlap, in order of place; `spotted` are the suffixes."""
        tokens = self._tokens(chars, known, cut, _outside(self._heads_in(chars, cut, spotted), known))
        if not tokens:
            return []
        roles = "".join([LETTERS[token.role] for token in tokens])
        proposed = []
        for rule, pattern in self._patterns:
            for first, last in longest_spans(pattern, roles):
                name = self._judge(Name(tuple(tokens[first:last]), rule), tokens, first, last)
                if name is not None:
                    proposed.append(name)
        return _longest(proposed)

    def _fixed_roles(self) -> dict[str, str]:
        """The roles that lists of words give, of a word in several lists the one named last here."""
        roles: dict[str, str] = {}
        for name, role in (
            ("branch_head", "branch"),
            ("weak_head", "weak"),
            ("head", "head"),
            ("name_verb", "core"),
            ("brand_head", "brand"),
            ("place", "place"),
            ("level", "place"),
            ("and", "and"),
        ):
            roles |= dict.fromkeys(self.words[name], role)
        return roles

    def _tokens(self, chars: str, known: Sequence[Known], cut: Words, heads: Sequence[Span]) -> list[Token]:
        """The words of all clauses that may hold a name, with a `stop` between two clauses."""
        tokens: list[Token] = []
        clauses = [*self._clauses_of(chars, heads)]
        stretches = cut.stretches([(start, end) for start, end, _ in clauses])
        place = 0
        for (start, end, own), stretch in zip(clauses, stretches, strict=True):
            while place < len(known) and known[place].end <= start:
                place += 1
            inside = [body for body in known[place : place + len(own) + 20] if body.start < end]
            if tokens:
                tokens.append(Token(start, start, "", "stop"))
            words = self._clause(chars, start, self._tagged(chars[start:end], stretch), inside, own)
            ends = [number for number, token in enumerate(words) if token.role in ENDS]
            if ends:
                tokens += words[max(0, ends[0] - LONGEST) : ends[-1] + BEYOND]
        return tokens

    def _clauses_of(self, chars: str, heads: Sequence[Span]) -> Iterator[tuple[int, int, Sequence[Span]]]:
        """The clauses that hold a suffix, each with its suffixes."""
        at = done = 0
        for head, _ in heads:
            if head < done:
                continue
            line = chars.rfind("\n", 0, head) + 1
            done = chars.find("\n", head)
            done = len(chars) if done < 0 else done
            for clause in self._clauses.finditer(chars, line, done):
                end, first = clause.end(), at
                while at < len(heads) and heads[at][0] < end:
                    at += 1
                if first < at:
                    yield clause.start(), end, heads[first:at]
                    if at == len(heads) or heads[at][0] >= done:
                        break

    def _tagged(self, clause: str, stretch: str) -> list[tuple[str, str]]:
        """The words of a clause with their classes; a word has one class wherever it stands."""
        classes = self._classes
        try:
            return [(word, classes[word]) for word in stretch.split(PARTING)]
        except KeyError:
            import rjieba

            tagged: list[tuple[str, str]] = rjieba.tag(clause)
            if len(classes) < KEPT:
                classes.update(tagged)
            return tagged

    def _heads_in(self, chars: str, cut: Words, spotted: Iterable[Hit]) -> list[Span]:
        """The suffixes of the text that end where a word ends, and the tails of short names beside a cue."""
        blocked = self.words["not_head"]
        found = []
        for _, first, last in leftmost(spotted):
            if not cut.marks[last] or _in_brackets(chars, first, last):
                continue
            word = chars[cut.start_of(last) : last]
            if last - first < len(word) and (word in blocked or word[:-1] in self._directions):
                continue
            found.append((first, last))
        return sorted(found + [match.span() for match in self._brand.finditer(chars)])

    def _clause(
        self, chars: str, start: int, tagged: list[tuple[str, str]], known: list[Known], heads: Sequence[Span]
    ) -> list[Token]:
        """The words of a clause, cut at the edges of bodies and suffixes, which are tokens of their own."""
        fixed = sorted([(k.start, k.end, k) for k in known] + [(a, b, None) for a, b in heads], key=lambda f: f[:2])
        tokens: list[Token] = []
        done, end, number = start, start, 0
        for word, flag in _with_brackets(tagged):
            end += len(word)
            while number < len(fixed) and fixed[number][0] < end:
                first, last, body = fixed[number]
                number += 1
                if last <= done or (first < done and body is None):
                    continue
                first = max(first, done)
                if first > done:
                    tokens.append(self._token(chars, done, first, flag))
                if body:
                    tokens.append(Token(first, last, chars[first:last], "known", "nt", body))
                else:
                    tokens.append(self._token(chars, first, last, ""))
                done = last
            if done < end:
                tokens.append(self._token(chars, done, end, flag))
                done = end
        return tokens

    def _token(self, chars: str, start: int, end: int, flag: str) -> Token:
        text = chars[start:end]
        role = self._known_roles.get((text, flag))
        if role is None:
            role = self._role(text, flag)
            if len(self._known_roles) < KEPT:
                self._known_roles[text, flag] = role
        return Token(start, end, text, role, flag)

    def _role(self, text: str, flag: str) -> str:
        if role := self._roles.get(text):
            return role
        if self._ordinal.fullmatch(text):
            return "number"
        return "core" if _may_be_in_a_name(text, flag) else "stop"

    def _judge(self, name: Name, tokens: Sequence[Token], first: int, last: int) -> Name | None:
        """The name without what stands before it by chance, or None where nothing of its own is left."""
        kept = self._trimmed(list(name.tokens))
        if not kept or (last < len(tokens) and tokens[last].text in self.words["thing"]):
            return None
        name = Name(tuple(kept), name.rule)
        if name.rule.id == "org-brand":
            return self._judge_brand(name, tokens, last)
        heads = [token for token in kept if token.role in ("head", "weak", "branch")]
        core = [token for token in kept if token.role in ("core", "brand", "number", "known", "place")]
        surface = "".join(token.text for token in kept)
        if not heads or len(kept) < 2:
            return None
        if self._has_own(core, heads[-1]) and surface not in self.words["no_name"]:
            return name
        founded = any(t.text in self.words["founding"].categories["founds"] for t in tokens[max(0, first - 3) : first])
        strong = heads[-1].role == "head"
        return name if founded and strong and self._specific(core, heads[-1]) else None

    def _trimmed(self, kept: list[Token]) -> list[Token]:
        """Without determiners and the nouns before a name, and from the last place on that follows only such words."""
        generic, before = self.words["generic"], self.words["before_name"]
        for place in range(len(kept) - 2, -1, -1):
            token = kept[place]
            if token.role == "core" and (
                token.text in before
                or generic.category(token.text) == "determiner"
                or self._counted.fullmatch(token.text)
            ):
                return kept[place + 1 :]
        return kept

    def is_company(self, head: str) -> bool:
        """Whether a suffix is that of a company."""
        return "company" in (self.words["head"].category(head), self.words["weak_head"].category(head))

    def _has_own(self, core: Sequence[Token], head: Token) -> bool:
        """Whether a name has something of its own: a word that is not generic, or a head that suits a bare place."""
        generic, words = self.words["generic"], self.words
        own = [
            t
            for t in core
            if t.role not in ("place", "known") and t.text not in generic and t.text not in words["name_verb"]
        ]
        size = sum(len(token.text) for token in own)
        body = next((t.known.body for t in core if t.known), None)
        if body is not None:
            if head.role == "branch" or head.text in words["own_head"]:
                return True
            if body.type == "company" and self.is_company(head.text):
                return not any(token.text in words["kin"] for token in core)
            inner = head.role == "weak" and len(head.text) == 1 and body.type == "company"
            return size >= 2 and not inner
        places = [t for t in core if t.role == "place"]
        if len(places) == len(core):
            if len(head.text) > 2 and head.text in words["local_organ"]:
                return True
            local = any(words["place"].category(t.text) in ("city", "province", "district") for t in places)
            return head.text in words["place_head"] and (local or head.text not in words["local_head"])
        if places and (head.text in words["legal_head"] or head.text in words["organ_head"]):
            return not any(generic.category(token.text) == "determiner" for token in core)
        if head.role == "weak":
            return bool(places) and size >= 2
        if head.text in words["common_head"] and not places:
            return size >= 2 and (len(own) >= 2 or any(t.flag in PROPER for t in own))
        return size >= 2

    def _specific(self, core: Sequence[Token], head: Token) -> bool:
        """Whether what is being founded is called by a name and not only by its kind (设立联合实验室)."""
        determined = any(self.words["generic"].category(token.text) == "determiner" for token in core)
        return not determined and (len(core) > 1 or (len(core) == 1 and len(head.text) > 3))

    def _judge_brand(self, name: Name, tokens: Sequence[Token], last: int) -> Name | None:
        generic = self.words["generic"]
        core = [token for token in name.tokens if token.role == "core"]
        if any(t.text in generic or t.text in self.words["name_verb"] for t in core) or len(core) > 2:
            return None
        if sum(len(t.text) for t in core) > 4 or not any(t.flag in PROPER or len(t.text) == 2 for t in core):
            return None
        ahead = "".join(token.text for token in tokens[last : last + 3])
        return name if self.words["company_cue"].regex.match(ahead) else None


def _may_be_in_a_name(text: str, flag: str) -> bool:
    """By its class, as a bracket inside a name, or because it is no word of the dictionary."""
    import rjieba

    if flag in NOUNS or not flag or (flag == "x" and text.isalnum()) or BRACKETED.match(text):
        return True
    return len(text) > 1 and flag not in ("m", "x", "r", "p", "t", "c") and not rjieba.has_word(text)


def _outside(heads: list[tuple[int, int]], known: Sequence[Known]) -> list[tuple[int, int]]:
    """The suffixes that are no part of a known body's name; both lists are in order of place."""
    found, number = [], 0
    for first, last in heads:
        while number < len(known) and known[number].end < last:
            number += 1
        if number == len(known) or not (known[number].start <= first and last <= known[number].end):
            found.append((first, last))
    return found


def _in_brackets(chars: str, start: int, end: int) -> bool:
    return chars[start - 1 : start] in ("（", "(") and chars[end : end + 1] in ("）", ")")


def _with_brackets(tagged: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words with a bracket inside a name (康跃（香港）有限公司) as one word."""
    if not any(word in "（(" for word, _ in tagged):
        return tagged
    out: list[tuple[str, str]] = []
    opened = False
    for word, flag in tagged:
        if opened:
            out[-1] = (out[-1][0] + word, "x")
            opened = word not in "）)"
        else:
            out.append((word, flag))
            opened = word in "（("
    return out


def _longest(names: list[Name]) -> list[Name]:
    taken: list[Name] = []
    for name in sorted(names, key=lambda n: (n.start - n.end, n.start)):
        if all(name.end <= other.start or other.end <= name.start for other in taken):
            taken.append(name)
    return sorted(taken, key=lambda name: name.start)
