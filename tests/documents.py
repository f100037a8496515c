"""The documentation as it is run: a page's console sessions, each in a folder like its reader's.

A block that begins with ```console is a session: a line that begins with `$ ` is a command, what follows is what it
prints, where … stands for anything. `[Y/n]: y` is what the reader answers. Nothing below a command leaves its output
open.
"""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A block of a page: its kind and its lines."""
SITE = "https://news.example/"
"""The site of the documentation's links; a server on this machine stands for it."""
ANSWER = "[Y/n]: y"
WIDTH = 100
"""Columns of the reader's terminal."""
PATIENCE = 240
_STAYS = re.compile(r"--watch|\breview output")
_PROGRESS = re.compile(r"^[\d,]+ (?:of [\d,]+ )?articles done\n", re.MULTILINE)
"""What a run on a slow machine prints meanwhile."""
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Step:
    """A command of a page, what the page says that it prints, and the line that it stands in."""

    command: str
    printed: str
    line: int


def steps(page: Path) -> list[Step]:
    """The commands of a page in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for block in FENCE.finditer(text):
        if block[1] != "console":
            continue
        line = text.count("\n", 0, block.start()) + 1
        for part in re.split(r"^(?=\$ )", block[2], flags=re.MULTILINE):
            if part.startswith("$ "):
                command, _, printed = part[2:].partition("\n")
                found.append(Step(command, printed.rstrip("\n"), line + 1))
            line += part.count("\n")
    return found


class Reader:
    """Someone who follows a page: a folder of their own, the project in their home, the program on the path."""

    def __init__(self, folder: Path, site: str) -> None:
        self.site = site
        self.place = folder / "my-work"
        programs = folder / "bin"
        for made in (self.place, programs):
            made.mkdir(parents=True)
        (folder / "hkextract").symlink_to(ROOT)
        start = "from hkextract.cli import main; main(prog_name='hkextract')"
        for name, arguments in (("hkextract", f'-c "{start}"'), ("python", "")):
            program = programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
        kept = {name: os.environ[name] for name in ("HKEXTRACT_RESULTS", "XDG_CACHE_HOME") if name in os.environ}
        cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
        self.environment = kept | {
            "HOME": str(folder),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")))),
            "XDG_CACHE_HOME": cache,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "TERM": "dumb",
            "COLUMNS": str(WIDTH),
            "NO_COLOR": "1",
            "EDITOR": "true",
            "BROWSER": "true",
        }

    def run(self, step: Step) -> tuple[str, int]:
        """What a command prints, on whatever channel, and its exit code."""
        command = step.command.replace(SITE, self.site)
        if _STAYS.search(command):
            command = f"timeout --preserve-status -s INT -k 20 8 {command}"
        if ANSWER in step.printed:
            printed, code = self._answer(command, step.printed.count(ANSWER))
        else:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=self.place,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=PATIENCE,
                check=False,
            )
            printed, code = done.stdout.decode(), done.returncode
        links = self.place / "examples" / "links.csv"
        if links.exists():
            links.write_text(links.read_text(encoding="utf-8").replace(SITE, self.site), encoding="utf-8")
        return _PROGRESS.sub("", printed.replace(self.site, SITE)).rstrip("\n"), code

    def _answer(self, command: str, questions: int) -> tuple[str, int]:
        """The same at a terminal, where questions are answered with y."""
        inner, outer = pty.openpty()
        process = subprocess.Popen(
            ["bash", "-c", f"stty cols {WIDTH}; {command}"],
            cwd=self.place,
            env=self.environment,
            stdin=outer,
            stdout=outer,
            stderr=outer,
            start_new_session=True,
        )
        os.close(outer)
        printed, answered, until = b"", 0, time.monotonic() + PATIENCE
        while time.monotonic() < until:
            ready, _, _ = select.select([inner], [], [], 0.1)
            if ready:
                try:
                    piece = os.read(inner, 65536)
                except OSError:
                    break
                if not piece:
                    break
                printed += piece
            if answered < questions and printed.count(b"[Y/n]: ") > answered:
                os.write(inner, b"y\n")
                answered += 1
        code = process.wait(timeout=PATIENCE)
        os.close(inner)
        return _COLOUR.sub("", printed.decode()).replace("\r\n", "\n"), code


def agrees(page: str, printed: str) -> bool:
    """True where what was printed is what the page says; … stands for anything there."""
    if not page.strip():
        return True
    pattern = ".*".join(re.escape(part) for part in _plain(page).split("…"))
    return re.fullmatch(pattern, _plain(printed), re.DOTALL) is not None


def _plain(text: str) -> str:
    """Lines without empty ones, and with a space wherever there are several."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
