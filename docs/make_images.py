"""Makes the pictures of docs/images: the terminal after a command, and a table as a spreadsheet shows it.

Usage: make_images.py   (benchmarks draw bench.svg: `hkextract bench --write docs`)
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from string import ascii_uppercase
from xml.sax.saxutils import escape

from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.terminal_theme import DEFAULT_TERMINAL_THEME as LIGHT
from rich.terminal_theme import SVG_EXPORT_THEME as DARK
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
WIDTH = 92
CELL, LINE, FONT, WIDE = 9.6, 22.0, 16, 18.5
"""Width and height of a character's cell, and sizes of the type: of Latin letters and of Chinese characters."""
PAGE = "2024-12-03_海港日报_渡轮公司明年添两艘电动船"
TERMINAL = (
    ("add", "add examples/ferry.html --yes"),
    ("run", "run corpus"),
    ("show", f"show {PAGE}.html"),
    ("corpus", "corpus list --sort date"),
)
"""The pictures of the terminal: a name, and what is typed behind `hkextract`, in this order."""
BEFORE = {"run": "add examples/harbour.txt examples/ferry-wire.txt --yes --tag port"}
"""What is done before a picture and not shown."""
UNBROKEN = "\u00a0"
"""A space that no browser takes together with the next."""
SHOWN = ("surface", "raw_surface", "kind", "low", "high", "qualifier", "unit", "currency", "currency_basis")
ROWS = 12


def main() -> None:
    """Writes the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(HERE / "examples", place / "examples")
        for name, command in TERMINAL:
            if name in BEFORE:
                printed(BEFORE[name], place)
            typed = Text.assemble(("$ ", "bold"), f"hkextract {command}\n")
            save(name, Text.assemble(typed, Text.from_ansi(printed(command, place))), DARK)
        save("amounts", spreadsheet(place / "output" / "amounts.csv"), LIGHT, 140)


def printed(command: str, place: Path) -> str:
    """What the program prints in a folder, with its colours."""
    environment = os.environ | {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "HKEXTRACT_RESULTS": str(place / ".results")}
    arguments = [sys.executable, "-c", "from hkextract.cli import main; main(prog_name='hkextract')", *command.split()]
    rules = ["--rules", str(HERE.parent / "rules")] if command.startswith(("add", "run")) else []
    done = subprocess.run([*arguments, *rules], cwd=place, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.rstrip("\n")


def spreadsheet(place: Path) -> Table:
    """The first rows of a table, with the letters and numbers of a spreadsheet."""
    with place.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if PAGE in row["article_id"]][:ROWS]
    table = Table(box=box.SQUARE, show_lines=True, header_style="bold", border_style="dim")
    table.add_column("\n1", style="dim", justify="right")
    for letter, column in zip(ascii_uppercase, SHOWN, strict=False):
        head = f"[dim]{letter}[/]\n{column}"
        table.add_column(head, justify="right" if column in ("low", "high") else "left", no_wrap=True)
    for number, row in enumerate(rows, start=2):
        table.add_row(str(number), *(row[column] for column in SHOWN))
    return table


def save(name: str, shown: RenderableType, theme: TerminalTheme, width: int = WIDTH) -> None:
    """Writes a picture. Characters stand on the grid of a terminal, so that Chinese keeps its place."""
    console = Console(width=width, file=io.StringIO(), force_terminal=True, highlight=False, color_system="truecolor")
    lines = console.render_lines(shown, pad=False)
    wide = max(sum(cell_len(segment.text) for segment in line) for line in lines)
    paper, ink = theme.background_color.hex, theme.foreground_color.hex
    size = f"{(wide + 2) * CELL:.1f} {(len(lines) + 1) * LINE:.1f}"
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-size="{FONT}" fill="{ink}" '
        'font-family="Menlo, Consolas, DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace">',
        f'<rect width="100%" height="100%" rx="8" fill="{paper}"/>',
    ]
    for number, line in enumerate(lines, start=1):
        drawn += pieces(line, (number + 0.2) * LINE, theme)
    (HERE / "images" / f"{name}.svg").write_text("\n".join([*drawn, "</svg>"]) + "\n", encoding="utf-8")


def pieces(line: list[Segment], y: float, theme: TerminalTheme) -> Iterator[str]:
    """The characters of a line, as many together as have a look and a width in common."""
    at = 1
    for segment in line:
        for width, run in groupby(segment.text, key=cell_len):
            chars = "".join(run)
            if text := chars.strip(" "):
                x = at + len(chars) - len(chars.lstrip(" "))
                place = f'x="{x * CELL:.1f}" y="{y:.1f}" textLength="{width * len(text) * CELL:.1f}"'
                size = f' font-size="{WIDE}"' if width > 1 else ""
                yield f"<text {place}{size}{look(segment.style, theme)}>{escape(text).replace(' ', UNBROKEN)}</text>"
            at += width * len(chars)


def look(style: Style | None, theme: TerminalTheme) -> str:
    """The attributes of a style."""
    if style is None:
        return ""
    found = ' font-weight="bold"' if style.bold else ""
    found += ' font-style="italic"' if style.italic else ""
    found += ' opacity="0.6"' if style.dim else ""
    if style.color and not style.color.is_default:
        found += f' fill="{style.color.get_truecolor(theme).hex}"'
    return found


if __name__ == "__main__":
    main()
