"""axe-core on every state of the page: nothing serious, in any language, colour scheme or width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


STATES = {
    "a row": (),
    "decided": ("a", "p"),
    "filters": ("f",),
    "editing": ("f", "e"),
    "adding": ("Escape", "m"),
    "help": ("Escape", "?"),
    "comment": ("Escape", "c"),
}
"""States of the page, and the keys that lead to each from the one before."""
FEW = ("a row", "decided", "editing")


def faults(page: Page) -> list[str]:
    """What axe finds: the rule, how bad it is, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']} ({one['impact']}): {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(
    ("language", "scheme", "size", "states"),
    [
        ("en", "light", (1440, 900), tuple(STATES)),
        ("zh-Hant", "dark", (390, 844), tuple(STATES)),
        ("en", "dark", (1000, 800), FEW),
        ("zh-Hant", "light", (1440, 900), FEW),
        ("zh-Hans", "light", (390, 844), FEW),
        ("zh-Hans", "dark", (1440, 900), FEW),
    ],
)
def test_axe_finds_nothing(
    opened: Callable[..., Page], language: str, scheme: str, size: tuple[int, int], states: tuple[str, ...]
) -> None:
    page = opened(language=language, scheme=scheme, size=size)
    expect(page.locator("#rule .rule-id")).to_be_visible()
    problems = {}
    for state, keys in STATES.items():
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(100)
        if state in states and (found := faults(page)):
            problems[state] = found
    assert problems == {}


def test_axe_finds_nothing_where_reviewers_differ_and_in_the_list_of_equal_cases(opened: Callable[..., Page]) -> None:
    for name, key in (("Chan", "a"), ("Lee", "r")):
        page = opened(name=name)
        page.fill("#search", "12艘")
        expect(page.locator("#matching")).to_contain_text("3 rows")
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        expect(page.locator("#news")).to_contain_text("12艘")
    page = opened(name="Wong", scheme="dark")
    expect(page.locator("#said-list li")).to_have_count(2)
    assert faults(page) == []
    page.fill("#search", "12艘")
    expect(page.locator("#matching")).to_contain_text("3 rows")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator(".cases li")).to_have_count(2)
    assert faults(page) == []


def test_axe_would_find_something(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate("document.querySelector('#news').replaceChildren(document.createElement('button'))")
    page.evaluate("document.querySelector('#matching').style.color = '#ccc'")
    rules = {fault.partition(" ")[0] for fault in faults(page)}
    assert {"button-name", "color-contrast"} <= rules


def test_what_has_the_focus_is_seen_and_dialogs_give_it_back(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator("#help-open").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "help-open"
