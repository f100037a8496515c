"""What the names of a page's elements tell of their part in it, from `rules/html.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from hkextract.clean.gates import Gate
from hkextract.clean.simplify import to_simplified
from hkextract.read.dom import Node
from hkextract.rules import Rules, find_rules, load

ARTICLE = "article"
AUTHOR = "author"
"""What stands in a box about the author: below the text furniture, above it at times the day."""
COMMENTS = "comments"
OTHERS = "other articles"
_FRAMES = frozenset(("", "html", "body", "main", "form"))
"""Elements that hold the whole page, whatever they are called."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = re.compile(r"[_\s]+")
LONGEST_NAMES = 200
_NOTHING = re.compile("(?!)")
LONGEST_HEADING = 24
"""Characters of the heading of a box."""
LONGEST = 100
"""Characters of a line that may be a header."""


class Roles:
    """Reads the names of elements. Build once a `Rules`; see `roles_of`."""

    def __init__(self, rules: Rules) -> None:
        table = rules.tables.get("html")
        found = table.rules if table else ()
        self._article = [rule.regex for rule in found if rule.kind == ARTICLE]
        scoped = [rule for rule in found if rule.options.get("scope") == "label"]
        self._labelling = [(rule.regex, rule.kind) for rule in scoped]
        self._furniture = [(rule.regex, rule.kind) for rule in found if rule.kind != ARTICLE and rule not in scoped]
        self._known: dict[str, str] = {"": ""}
        meta = rules.tables.get("metadata")
        stamps = [rule for rule in meta.rules if rule.kind == "published"] if meta else []
        sources = [rule for rule in meta.rules if "source" in rule.regex.groupindex] if meta else []
        kept = meta.kept if meta else None
        self._stamps = Gate((rule for rule in stamps if rule.options.get("scope", "part") == "part"), kept)
        self._sources = Gate(sources, kept)
        names = ("{own_outlet}", "{outlet_short}", "{separators}")
        self._own, self._outlet, self._separators = (meta.compile(name) if meta else _NOTHING for name in names)
        self._labels = sorted(meta.words["label"].categories["author"], key=len) if meta else []

    def dates(self, lines: Iterable[str]) -> bool:
        """True where a line holds a stamp of publication that the rules of metadata know."""
        return any(map(self._is_stamped, _short(lines)))

    def _is_stamped(self, line: str) -> bool:
        return any(rule.regex.search(line) for rule in self._stamps.within(line))

    def names_source(self, lines: Sequence[str], header: int) -> bool:
        """True where a line names an outlet as the rules of metadata know it: behind a label, in a byline or dateline,
        or by itself beside a stamp in the first `header` lines."""
        for number, line in enumerate(_short(lines)):
            for rule in self._sources.within(line):
                match = rule.regex.search(line)
                if match and match["source"] and not self._own.match(match["source"]):
                    return True
            if number < header and self._is_stamped(line):
                words = filter(None, self._separators.split(line))
                if any(self._outlet.fullmatch(word) and not self._own.match(word) for word in words):
                    return True
        return False

    def bare_author(self, author: str) -> str:
        """An author without the label that some sites state with the name.

        >>> roles_of(None).bare_author("記者陳立衡")
        '陳立衡'
        """
        plain = to_simplified(author)
        label = next((word for word in reversed(self._labels) if plain.startswith(word)), "")
        return author[len(label) :].lstrip(" :：/／") if len(author) > len(label) + 1 else author

    def labels(self, lines: Iterable[str]) -> list[str]:
        """The kind of furniture that each line heads; empty for any other line.

        >>> roles_of(None).labels(["相關閱讀：", "相關閱讀很少。"])
        ['other articles', '']
        """
        short = [line if len(line) <= LONGEST_HEADING else "" for line in lines]
        plain = to_simplified("\n".join(short)).split("\n") if any(short) else short
        return [self._labels_box(line) if line else "" for line in plain]

    def _labels_box(self, plain: str) -> str:
        return next((kind for regex, kind in self._labelling if regex.fullmatch(plain)), "")

    def named(self, names: str) -> str:
        """The kind that the names of an element state: the furniture that it holds, `article`, or an empty text."""
        kind = self._known.get(names)
        if kind is None:
            kind = self._known[names] = self._read(names)
        return kind

    def _read(self, names: str) -> str:
        plain = " ".join(_JOINT.sub("-", _HUMP.sub("-", name)).lower() for name in names[:LONGEST_NAMES].split())
        for regex, kind in self._furniture:
            if regex.search(plain):
                return kind
        return ARTICLE if any(regex.search(plain) for regex in self._article) else ""

    def of(self, node: Node) -> str:
        """The kind of one element; `aside` is a sidebar, `article` an article, and frames are nothing."""
        if node.tag in _FRAMES:
            return ""
        return self.named(node.names) or {"aside": "sidebar", "article": ARTICLE}.get(node.tag, "")


def _short(lines: Iterable[str]) -> list[str]:
    """The beginnings of lines, in simplified script."""
    return to_simplified("\n".join([line[:LONGEST] for line in lines])).split("\n")


@lru_cache(maxsize=8)
def roles_of(rules: Rules | None) -> Roles:
    """The roles of a `Rules`, built once; of the rules that are found here where none are given."""
    return Roles(rules if rules is not None else load(find_rules()))
