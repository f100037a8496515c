"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

import click

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
    named = {match.strip() for match in re.findall(r"`(hkextract (?:rules |orgs |cache |corpus )?[a-z]+)", README)}
    assert named - set(known) <= {"hkextract rules", "hkextract orgs"}


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
