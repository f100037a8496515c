"""Rules as their readers meet them: described, and run against their own examples."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hkextract.rules import Example, Rule, Rules


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many examples passed, and a line for each that did not."""

    passed: int
    problems: tuple[str, ...]


def version_of(rule: Rule) -> str:
    """A short digest of what decides what a rule finds: its pattern with all words of its lists put in, its kind, its
    options. Examples and descriptions do not count, nor does the register behind a rule without a pattern.

    Two rules of different folders that have the same version do the same.
    """
    told = (rule.table, rule.kind, rule.regex.pattern, rule.priority, rule.resolve, sorted(rule.options.items()))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


def describe(rules: Rules, rule_id: str) -> str | None:
    """A rule as text for the terminal, or None where there is none of that id."""
    rule = rules.by_id(rule_id)
    if rule is None:
        return None
    lines = [
        f"{rule.id}  ({rule.table}, kind {rule.kind})",
        rule.description,
        f"edit       {rules.folder / rule.file}, line {rule.line}",
        *([f"pattern    {rule.pattern}"] if rule.pattern else []),
        *(f"{key:<11}{value}" for key, value in rule.options.items()),
        *(f"example    {_marked(example)}{_values(example.values)}" for example in rule.examples),
        *(f"not        {text}" for text in rule.counter_examples),
        *(f"failing    {text}" for text in rule.failing),
    ]
    return "\n".join(lines)


def _marked(example: Example) -> str:
    if example.start < 0:
        return example.text
    return f"{example.text[: example.start]}[{example.surface}]{example.text[example.end :]}"


def _values(values: Mapping[str, Any]) -> str:
    return "  → " + ", ".join(f"{key} {value}" for key, value in values.items()) if values else ""


def cases(rules: Rules) -> Iterator[tuple[str, Callable[[], str]]]:
    """Every example as a name and a check that returns what is wrong with it, or an empty text.

    An example passes only if its own rule wins exactly the marked span with the values given; a counter-example if the
    rule finds nothing in it; a known failure if it still fails, so that a fix is noticed.
    """
    from hkextract.checks import check_counter_example, check_example

    for rule in rules:
        for number, example in enumerate(rule.examples, start=1):
            yield f"{rule.id} example {number}", _bind(check_example, rules, rule, example)
        for number, text in enumerate(rule.counter_examples, start=1):
            yield f"{rule.id} not {number}", _bind(check_counter_example, rules, rule, text)
        for number, text in enumerate(rule.failing, start=1):
            yield f"{rule.id} failing {number}", _bind(_still_fails, rules, rule, text)


def test_rules(rules: Rules) -> Outcome:
    """Runs every example of every rule."""
    passed, problems = 0, []
    for name, check in cases(rules):
        problem = check()
        if problem:
            problems.append(f"{name}: {problem}")
        else:
            passed += 1
    return Outcome(passed, tuple(problems))


def _bind(check: Callable[[Rules, Rule, Any], str], rules: Rules, rule: Rule, case: Any) -> Callable[[], str]:
    return lambda: check(rules, rule, case)


def _still_fails(rules: Rules, rule: Rule, text: str) -> str:
    from hkextract.checks import check_example
    from hkextract.rules import parse_example

    if check_example(rules, rule, parse_example(text)):
        return ""
    return f"{text!r} is listed as failing and passes now; make it an example"
