"""Rules are data: `rules/*.toml` and `rules/organisations/*.csv` become typed, immutable values here.

A rule file holds word lists (`[words.NAME]`, category → words), named pieces of regular expression (`[parts]`) and
`[[rule]]` blocks. In a pattern `{name}` stands for a part or for any word of a list, `{name.category}` for the words
of one category; longer words come first. `common.toml` lends its words and parts to every other file. Everything is
in simplified script. Whatever is wrong with a file is told with the file, the line and the rule's id.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hkextract.kept import Kept

COMMON = "common"
KEYS = {"id", "description", "kind", "pattern", "examples", "not", "failing"}
OPTIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "repairs": frozenset({"method", "replacement", "trigger"}),
        "furniture": frozenset({"scope", "place", "trigger", "source"}),
        "metadata": frozenset({"field", "place", "scope", "trigger"}),
        "html": frozenset({"scope"}),
        "walls": frozenset(),
        "amounts": frozenset({"resolve", "priority", "value"}),
        "dates": frozenset({"resolve", "priority", "value"}),
        "organisations": frozenset({"resolve", "priority", "value", "tokens", "source"}),
    }
)
"""The tables of rules, one file each, with the keys that their rules may have besides `KEYS`.

`source` says where the names of a rule come from that has no pattern: the register, or the article itself.
"""

GUARDED = ("amounts", "dates")
"""Tables whose rules are tried at every number: in their patterns a long choice is guarded by what it begins with."""
MANY = 10
"""How many branches make a choice long (measured: 10 is better than 25)."""
Guard = Callable[[str, str], str]
NOTHING = "(?!)"
_REFERENCE = re.compile(r"\{([a-z_]+)(?:\.([^{}]+))?\}")


class RuleError(Exception):
    """Something wrong in a rule file; the message names file, line and rule and says what to change."""

    def __init__(self, path: Path, problem: str, rule: str = "", line: int = 0) -> None:
        place = f"{path.name}:{line}" if line else path.name
        super().__init__(f"{place}: rule {rule!r}: {problem}" if rule else f"{place}: {problem}")


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a rule must (or must not) find something in; square brackets in the file mark the span.

    `start`, `end` are offsets into `text`; both -1 where nothing is marked (a whole line). `values` holds the columns
    that the mention must have.
    """

    text: str
    start: int
    end: int
    values: Mapping[str, Any]

    @property
    def surface(self) -> str:
        return self.text[self.start : self.end] if self.start >= 0 else self.text


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `regex` is compiled with `re.ASCII`, so that `\\d` and `\\w` are ASCII; `options` are its table's own.

    A rule that has a `source` in place of a pattern has an empty `pattern` and a `regex` that matches nothing.
    `resolve` names the resolver that turns the parts of a match into values.
    """

    id: str
    table: str
    description: str
    kind: str
    pattern: str
    regex: re.Pattern[str]
    examples: tuple[Example, ...]
    counter_examples: tuple[str, ...]
    failing: tuple[str, ...]
    options: Mapping[str, Any]
    file: str
    line: int

    priority: int
    resolve: str


class Words:
    """A list of words in categories: `qualifier` with `min` → 超过, 逾 …; a word has one category."""

    def __init__(self, name: str, categories: Mapping[str, tuple[str, ...]]) -> None:
        self.name = name
        self.categories = MappingProxyType(dict(categories))
        self._category = {word: category for category, words in categories.items() for word in words}

    def __contains__(self, word: object) -> bool:
        return word in self._category

    def __iter__(self) -> Iterator[str]:
        return iter(self._category)

    def category(self, word: str, default: str = "") -> str:
        """The category that a word stands in, else the default."""
        return self._category.get(word, default)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Finds any of the words, the longest first."""
        return re.compile(alternation(self), re.ASCII)


def alternation(words: Words | tuple[str, ...]) -> str:
    """A group that matches any of the words, longer ones first."""
    return _alternation(tuple(words))


@lru_cache(maxsize=1024)
def _alternation(words: tuple[str, ...]) -> str:
    """The same, once for each list: many patterns name the same lists, and escaping the words is what loading costs."""
    found = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, found)) + ")"


@dataclass(frozen=True, eq=False)
class RuleSet:
    """The rules and word lists of one table."""

    name: str
    rules: tuple[Rule, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    kept: Kept | None = None
    guard: Guard | None = None

    def compile(self, pattern: str) -> re.Pattern[str]:
        """A pattern of code's own, with this table's parts; for triggers and the like."""
        source = expand(pattern, self.words, self.parts, self.guard)
        return self.kept.regex(source) if self.kept else re.compile(source, re.ASCII)


@dataclass(frozen=True, eq=False)
class Rules:
    """All tables of rules of one folder. `digest` changes with any byte of any rule file, `digests[TABLE]` with any
    byte of the files of one table and of what they have in common."""

    folder: Path
    digest: str
    tables: Mapping[str, RuleSet]
    kept: Kept
    digests: Mapping[str, str]

    def __getitem__(self, table: str) -> RuleSet:
        return self.tables[table]

    def __iter__(self) -> Iterator[Rule]:
        for table in self.tables.values():
            yield from table.rules

    def by_id(self, rule_id: str) -> Rule | None:
        return next((rule for rule in self if rule.id == rule_id), None)


def find_rules(chosen: Path | None = None) -> Path:
    """The folder of rules to use: the one asked for, else `./rules`, else the copy that came with the program.

    Raises `RuleError` where the folder asked for does not exist.
    """
    package = Path(__file__).parent
    if chosen is not None:
        if not chosen.is_dir():
            raise RuleError(chosen, "there is no such folder")
        return chosen
    here = Path("rules")
    if (here / f"{COMMON}.toml").exists():
        return here
    shipped = package / "shipped_rules"
    return shipped if shipped.is_dir() else package.parents[1] / "rules"


def load(folder: Path) -> Rules:
    """Reads every rule file of a folder.

    Raises `RuleError` for the first thing that is wrong: an unreadable file, an unknown key, a duplicate id, a rule
    without an example or whose pattern finds none of its examples, an unknown part, an empty list of words, a pattern
    that matches the empty string, a character in traditional script.
    """
    paths = [path for path in (folder / f"{name}.toml" for name in (COMMON, *OPTIONS)) if path.exists()]
    if not paths:
        raise RuleError(folder, "there are no rule files here (amounts.toml, dates.toml …)")
    digest, digests = _digests(folder)
    kept = Kept(digest)
    kept.learn_patterns()
    words: dict[str, Words] = {}
    parts: dict[str, str] = {}
    tables: dict[str, RuleSet] = {}
    ids: dict[str, str] = {}
    for path in paths:
        found = _load_file(path, words, parts, ids, kept)
        if path.stem == COMMON:
            words, parts = dict(found.words), dict(found.parts)
        else:
            tables[path.stem] = found
    kept.save()
    return Rules(folder, digest[:16], MappingProxyType(tables), kept, MappingProxyType(digests))


def digest_of(folder: Path) -> str:
    """The `Rules.digest` that the files of a folder have now."""
    return _digests(folder)[0][:16]


def _digests(folder: Path) -> tuple[str, dict[str, str]]:
    """The digest of all rule files, and for each table that of its files and of `common.toml`."""
    whole = hashlib.sha256()
    tables = {name: hashlib.sha256() for name in OPTIONS}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".toml", ".csv"):
            continue
        name = path.relative_to(folder)
        data = name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
        whole.update(data)
        own = tables.get(name.parts[0].removesuffix(".toml"))
        for digest in [own] if own else tables.values():
            digest.update(data)
    return whole.hexdigest(), {name: digest.hexdigest()[:16] for name, digest in tables.items()}


def _load_file(
    path: Path, words: Mapping[str, Words], parts: Mapping[str, str], ids: dict[str, str], kept: Kept
) -> RuleSet:
    source = path.read_text(encoding="utf-8")
    kept.get("simplified", path.name, lambda: _refuse_traditional(path, source))
    try:
        data = kept.get("toml", path.name, lambda: tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(path, f"this is not TOML: {error}") from None
    if unknown := set(data) - {"words", "parts", "rule"}:
        raise RuleError(path, f"unknown section {sorted(unknown)[0]!r}; a file holds words, parts and rule")
    own_words = dict(words) | {name: _words(path, name, lists) for name, lists in data.get("words", {}).items()}
    own_parts = dict(parts) | data.get("parts", {})
    guard = partial(_guard, kept, path.stem) if path.stem in GUARDED else None
    lines = [source.count("\n", 0, match.start()) + 1 for match in _ID.finditer(source)]
    rules = []
    for block in data.get("rule", []):
        line = lines.pop(0) if "id" in block and lines else 0
        rule = _rule(path, block, own_words, own_parts, line, kept, guard)
        if rule.id in ids:
            raise RuleError(path, f"this id is taken already in {ids[rule.id]}", rule.id, rule.line)
        ids[rule.id] = f"{path.name}:{rule.line}"
        rules.append(rule)
    return RuleSet(path.stem, tuple(rules), MappingProxyType(own_words), MappingProxyType(own_parts), kept, guard)


_ID = re.compile(r"""^id\s*=\s*["'](?P<id>[^"']*)["']""", re.MULTILINE)


def _words(path: Path, name: str, lists: Mapping[str, Any]) -> Words:
    seen: dict[str, str] = {}
    categories: dict[str, tuple[str, ...]] = {}
    for category, words in lists.items():
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            raise RuleError(path, f"words.{name}.{category} must be a list of words, with at least one in it")
        for word in words:
            if word in seen:
                raise RuleError(path, f"words.{name}: {word!r} stands in {seen[word]!r} and in {category!r}")
            seen[word] = category
        categories[category] = tuple(words)
    if not categories:
        raise RuleError(path, f"words.{name} is empty")
    return Words(name, categories)


def expand(pattern: str, words: Mapping[str, Words], parts: Mapping[str, str], guard: Guard | None = None) -> str:
    """Puts parts and words in place of their names; `KeyError` with the name of an unknown one.

    `guard` gives what to put before one that does not stand first; a search is fastest by a pattern's own beginning.
    """

    def put(match: re.Match[str]) -> str:
        name, category = match.groups()
        if name not in words:
            source = "(?:" + expand(parts[name], words, parts, guard) + ")"
        else:
            source = alternation(words[name] if category is None else words[name].categories[category])
        return guard(match[0], source) + source if guard and match.start() else source

    return _REFERENCE.sub(put, pattern)


def _guard(kept: Kept, table: str, name: str, source: str) -> str:
    """A lookahead for the characters that a choice of many can begin with, else empty.

    Most of the time none of them stands there, and all branches would be tried in turn to find that out.
    """
    return kept.get("guard", f"{table} {name}", partial(_lookahead, source)) if source.count("|") > MANY else ""


def _lookahead(source: str) -> str:
    from hkextract.extract.matching import first_characters

    try:
        chars = first_characters(re.compile(source, re.ASCII))
    except ValueError:
        return ""
    return "(?=[" + "".join(map(re.escape, sorted(chars))) + "])"


def _rule(
    path: Path,
    block: dict[str, Any],
    words: Mapping[str, Words],
    parts: Mapping[str, str],
    line: int,
    kept: Kept,
    guard: Guard | None = None,
) -> Rule:
    name = str(block.get("id", ""))

    def wrong(problem: str) -> RuleError:
        return RuleError(path, problem, name or "(without an id)", line)

    table = path.stem
    allowed = KEYS | OPTIONS[table]
    if unknown := set(block) - allowed:
        raise wrong(f"unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(allowed))}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise wrong("an id is in kebab-case, like money-qualified")
    origin = "source" if "source" in block and "pattern" not in block else "pattern"
    if missing := [key for key in ("description", "kind", origin, "examples") if not block.get(key)]:
        raise wrong(f"it has no {missing[0]}")
    pattern = block.get("pattern", "")
    try:
        source = expand(pattern, words, parts, guard) if pattern else NOTHING
        regex = kept.regex(source)
    except KeyError as error:
        raise wrong(f"there is no part or list of words named {error.args[0]!r}") from None
    except re.error as error:
        raise wrong(f"the pattern is no regular expression: {error}") from None
    if regex.fullmatch(""):
        raise wrong("the pattern matches the empty string")
    try:
        examples = tuple(parse_example(value) for value in block["examples"])
    except ValueError as error:
        raise wrong(str(error)) from None
    if pattern and not any(regex.search(example.text) for example in examples):
        raise wrong("the pattern matches none of its examples")
    return Rule(
        id=name,
        table=table,
        description=block["description"],
        kind=block["kind"],
        pattern=pattern,
        regex=regex,
        examples=examples,
        counter_examples=tuple(block.get("not", ())),
        failing=tuple(block.get("failing", ())),
        options=MappingProxyType({key: block[key] for key in OPTIONS[table] if key in block}),
        file=path.name,
        line=line,
        priority=int(block.get("priority", 0)),
        resolve=str(block.get("resolve", block["kind"])),
    )


def parse_example(value: Any) -> Example:
    """An example from a rule file: a text, or a table with a `text` and the values that its mention must have.

    Raises `ValueError` for anything else. Square brackets mark the span; a text with several pairs marks nothing.

    >>> parse_example("投入[30亿元]").surface
    '30亿元'
    """
    values = dict(value) if isinstance(value, dict) else {"text": value}
    text = values.pop("text", None)
    if not isinstance(text, str):
        raise ValueError("an example is a text or a table with a text")
    match = re.fullmatch(r"(?s)([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)", text)
    if match is None:
        return Example(text, -1, -1, values)
    start = len(match[1])
    return Example("".join(match.groups()), start, start + len(match[2]), values)


def _refuse_traditional(path: Path, source: str) -> bool:
    """True where a file is in simplified script; `RuleError` where it is not."""
    from hkextract.clean.simplify import to_simplified

    for number, (line, simple) in enumerate(
        zip(source.split("\n"), to_simplified(source).split("\n"), strict=True), start=1
    ):
        if line != simple:
            old, new = next((a, b) for a, b in zip(line, simple, strict=True) if a != b)
            raise RuleError(path, f"{old!r} is in traditional script; write {new!r}", line=number)
    return True
