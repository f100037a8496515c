"""What the README says is so."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import click

from documents import FENCE, PAGES
from hkextract.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "hkextract") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        found += commands(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_is_documented_and_no_other() -> None:
    known = commands(main)
    assert [command for command in known if command not in README] == []
    groups = {name.rpartition(" ")[0] for name in known}
    for named in re.findall(r"`(hkextract [a-z-]+(?: [a-z-]+)?)", README):
        assert {named, named.rpartition(" ")[0]} & ({*known, *groups} - {"hkextract"}), named


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets


def test_every_command_and_option_has_help() -> None:
    def walk(group: click.Group) -> None:
        for command in group.commands.values():
            assert command.help
            for parameter in command.params:
                if isinstance(parameter, click.Option):
                    assert parameter.help, (command.name, parameter.name)
            if isinstance(command, click.Group):
                walk(command)

    walk(main)


def test_links_and_pictures_of_the_documentation_are_there() -> None:
    for page in [ROOT / "README.md", ROOT / "README.zh-Hant.md", *PAGES]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_the_reference_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    written = made.PLACE.read_text(encoding="utf-8")
    assert written == made.reference(), "the program has changed: python docs/make_reference.py"


def test_every_help_ends_with_an_example() -> None:
    for name in commands(main):
        command: click.Command = main
        for part in name.split()[1:]:
            assert isinstance(command, click.Group)
            command = command.commands[part]
        assert (command.epilog or "").startswith("Example: "), name


def skeleton(page: Path) -> dict[str, list[str]]:
    """What two editions of a page have in common: headings, commands, first cells of tables, blocks, links."""
    text = page.read_text(encoding="utf-8")
    blocks = ["\n".join(line.split("#")[0].rstrip() for line in block.splitlines()) for _, block in FENCE.findall(text)]
    prose = FENCE.sub("", text)
    return {
        "headings": re.findall(r"^#+(?= )", prose, re.MULTILINE),
        "commands": sorted(re.findall(r"`((?:hkextract|make|pip)[ .][^`]+)`", prose)),
        "rows": re.findall(r"^\| (`.+?`(?:, `.+?`)*) \|", prose, re.MULTILINE),
        "blocks": blocks,
        "links": sorted(set(re.findall(r"\]\(([^)]+)\)", prose)) - {"README.md", "README.zh-Hant.md"}),
    }


def test_the_two_editions_of_the_readme_keep_step() -> None:
    english, chinese = (skeleton(ROOT / name) for name in ("README.md", "README.zh-Hant.md"))
    for kind, found in english.items():
        assert found == chinese[kind], f"README.zh-Hant.md differs in its {kind}"
