"""What reviewers' corrections and additions teach: words, aliases and rows for the rules, as a patch to look at."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hkextract.clean.simplify import to_simplified
from hkextract.extract.register import LOCAL, TYPES, Register, load_register
from hkextract.judging.judged import Verdict, verdicts
from hkextract.judging.nearest import nearest_word
from hkextract.judging.patches import PatchError, unified, with_alias, with_row, with_word
from hkextract.judging.units import unknown_words
from hkextract.orgs import FOLDER, Entry, entries
from hkextract.review.decision import Decision
from hkextract.rules import RuleError, Rules, load

SHOWN = 3
"""Places that a proposal's evidence names."""
BY_STRUCTURE = "org-"
OF_REGISTER = "org-register"
NAMED = ("org-introduced-alias", "org-short-form")
"""Rules whose names come from the article, so that no list can stop them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to one file of the rules (its path in their folder), and in words what speaks for it."""

    file: str
    told: str
    change: Callable[[str], str]


@dataclass(slots=True)
class Lesson:
    """What is proposed, as a patch, and what is not, with the reason."""

    proposals: list[Proposal] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    patch: str = ""

    @property
    def text(self) -> str:
        """The patch, below what speaks for each change; the lines of the latter are none of a patch's."""
        told = [f"# {proposal.told}\n" for proposal in self.proposals]
        return "".join(("# Then: hkextract rules check, hkextract rules test, hkextract run\n", *told, self.patch))


def learn(rules: Rules, decisions: Iterable[Decision], least: int) -> Lesson:
    """What at least so many places, or reviewers, agree on and the rules do not know.

    Evidence that contradicts itself is left out, and so is what the rules could not be loaded with.
    """
    judged = [verdict for verdict in verdicts(decisions) if verdict.state != "disputed"]
    lesson = Lesson()
    found = [
        *_names([one for one in judged if one.table == "organisations"], rules, least, lesson.left_out),
        *_stops([one for one in judged if one.table == "amounts"], rules, least, lesson.left_out),
        *_words([one for one in judged if one.table == "amounts"], rules, least, lesson.left_out),
    ]
    _put_together(rules, found, lesson)
    return lesson


def _names(judged: Sequence[Verdict], rules: Rules, least: int, left_out: list[str]) -> Iterator[Proposal]:
    """Aliases, rows and stop entries for names."""
    register = load_register(rules.folder / FOLDER, rules.kept)
    rows = {entry.name: entry for entry in entries(rules.folder)}
    for name, evidence in _by_surface(judged).items():
        readings = Counter(one.values.get("canonical", "") if one.state != "rejected" else "" for one in evidence)
        corrected = [one for one in evidence if one.state in ("edited", "added")]
        if not _suffices(evidence, least) or not (corrected or readings[""]):
            continue
        if len(readings) > 1:
            told = ", ".join(f"{reading or 'no organisation'} ({count})" for reading, count in readings.most_common())
            left_out.append(f"left out: {name}: reviewers read it as {told}")
        elif not corrected:
            yield from _stop_name(name, evidence, rules, left_out, rows)
        elif proposal := _alias_or_row(name, corrected, register, rows, left_out):
            yield proposal


def _alias_or_row(
    name: str, evidence: Sequence[Verdict], register: Register, rows: Mapping[str, Entry], left_out: list[str]
) -> Proposal | None:
    canonical = to_simplified(evidence[0].values["canonical"])
    claims = register.aliases.get(name, ())
    if claims:
        row = rows[claims[0].body.name]
        left_out.append(
            f"left out: {name} → {canonical}: the register has it already, for {claims[0].body.name} "
            f"({row.path.name}:{row.line}); its days (@) or context words (#) are for a person to change"
        )
        return None
    if canonical in register.bodies:
        row, line = rows[canonical], rows[canonical].line
        told = f"alias {name} of {canonical}: {_told(evidence)}"
        return Proposal(f"{FOLDER}/{row.path.name}", told, partial(with_alias, line=line, alias=name))
    kind = Counter(one.values.get("type", "") for one in evidence).most_common(1)[0][0]
    if kind not in TYPES:
        left_out.append(f"left out: {name} → {canonical}: no reviewer says of which type it is")
        return None
    parent = to_simplified(evidence[0].values.get("parent", ""))
    cells = {
        "name": canonical,
        "type": kind,
        "parent": parent if parent in register.bodies else "",
        "aliases": name if name != canonical else "",
    }
    return Proposal(f"{FOLDER}/{LOCAL}", f"row {canonical} ({kind}): {_told(evidence)}", partial(with_row, row=cells))


def _stop_name(
    name: str, evidence: Sequence[Verdict], rules: Rules, left_out: list[str], rows: Mapping[str, Entry]
) -> Iterator[Proposal]:
    """A name by structure that is none goes into `no_name`; one of the register is a person's to settle."""
    rule = evidence[-1].rule
    if rule == OF_REGISTER:
        row = rows.get(evidence[-1].last.machine.get("canonical", ""))
        place = f"{row.path.name}:{row.line}" if row else FOLDER
        left_out.append(
            f"left out: {name} is rejected ({_told(evidence)}): give its alias context words (#) in {place}"
        )
    elif rule in NAMED or not rule.startswith(BY_STRUCTURE):
        left_out.append(f"left out: {name} is rejected ({_told(evidence)}): no list can stop rule {rule}")
    else:
        told = f"stop entry {name}: {_told(evidence)}"
        words = rules["organisations"].words["no_name"]
        category = next(iter(words.categories))
        yield Proposal("organisations.toml", told, partial(with_word, words="no_name", category=category, word=name))


def _stops(judged: Sequence[Verdict], rules: Rules, least: int, left_out: list[str]) -> Iterator[Proposal]:
    """Words that hold a numeral and are no amount go to the idioms."""
    idioms = rules["amounts"].words["idiom"]
    for surface, evidence in _by_surface(judged).items():
        rejected = [one for one in evidence if one.state == "rejected"]
        if not rejected or not _suffices(rejected, least):
            continue
        if len(rejected) < len(evidence):
            left_out.append(
                f"left out: {surface}: rejected {len(rejected)} times and kept {len(evidence) - len(rejected)}"
            )
        elif any(char.isascii() for char in surface) or surface in idioms:
            left_out.append(
                f"left out: {surface} is rejected ({_told(rejected)}): it is no word; its rule needs a condition"
            )
        else:
            told = f"idiom {surface}: {_told(rejected)}"
            category = idioms.category(nearest_word(surface, idioms)[0])
            yield Proposal("amounts.toml", told, partial(with_word, words="idiom", category=category, word=surface))


def _words(judged: Sequence[Verdict], rules: Rules, least: int, left_out: list[str]) -> Iterator[Proposal]:
    """Currencies and measure words that amounts lack which reviewers put in."""
    found: dict[str, list[tuple[str, str, Verdict]]] = defaultdict(list)
    for word, words, category, verdict in unknown_words(judged, rules):
        found[word].append((words, category, verdict))
    for word, uses in found.items():
        evidence = [verdict for _, _, verdict in uses]
        places = Counter((words, category) for words, category, _ in uses)
        if not _suffices(evidence, least):
            continue
        if len(places) > 1:
            told = ", ".join(f"{words} {category} ({count})" for (words, category), count in places.most_common())
            left_out.append(f"left out: {word}: it would belong to {told}")
            continue
        (words, category) = next(iter(places))
        told = f"word {word} in [words.{words}] {category}: {_told(evidence)}"
        yield Proposal(
            "amounts.toml",
            told,
            partial(with_word, words=words, category=category, word=word),
        )


def _by_surface(judged: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """Verdicts by the words that they are about, as they should be read."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for one in judged:
        anchor = one.after or one.before
        if anchor and anchor.exact.strip():
            found[to_simplified(anchor.exact.strip())].append(one)
    return found


def _suffices(evidence: Sequence[Verdict], least: int) -> bool:
    return max(len(_places(evidence)), len(_reviewers(evidence))) >= least


def _places(evidence: Iterable[Verdict]) -> list[str]:
    anchors = ((one, one.after or one.before) for one in evidence)
    return sorted({f"{one.article_id} {anchor.raw_start}:{anchor.raw_end}" for one, anchor in anchors if anchor})


def _reviewers(evidence: Iterable[Verdict]) -> list[str]:
    return sorted({decision.reviewer for one in evidence for decision in one.decisions})


def _told(evidence: Sequence[Verdict]) -> str:
    """`2 places (one 3:7, two 9:13) by Lin, Chan`."""
    places = _places(evidence)
    more = " …" if len(places) > SHOWN else ""
    count = f"{len(places)} place" + "s" * (len(places) != 1)
    return f"{count} ({', '.join(places[:SHOWN])}{more}) by {', '.join(_reviewers(evidence))}"


def _put_together(rules: Rules, proposals: Sequence[Proposal], lesson: Lesson) -> None:
    """Makes the changes in a copy of the rules, one after another; what they do not load with is left out."""
    changed: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "rules"
        shutil.copytree(rules.folder, copy)
        for proposal in proposals:
            path = copy / proposal.file
            before = path.read_bytes() if path.exists() else None
            try:
                text = proposal.change(before.decode("utf-8") if before is not None else "")
                path.write_text(text, encoding="utf-8", newline="")
                _check(copy, proposal.file)
            except (PatchError, RuleError) as error:
                lesson.left_out.append(f"left out: {proposal.told}: {error}")
                path.unlink(missing_ok=True) if before is None else path.write_bytes(before)
                continue
            lesson.proposals.append(proposal)
            changed[proposal.file] = text
    lesson.patch = unified(rules.folder, changed)


def _check(folder: Path, file: str) -> None:
    """Raises `RuleError` where the rules cannot be loaded with a changed file."""
    if file.startswith(FOLDER + "/"):
        load_register(folder / FOLDER)
    else:
        load(folder)
