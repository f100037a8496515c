"""What a bench measured, as Markdown for people and as a chart of ratios."""

from __future__ import annotations

import datetime as dt
import math
import os
import platform
from collections.abc import Iterator
from html import escape
from importlib.metadata import version
from pathlib import Path

from hkextract.bench.measure import Figures
from hkextract.bench.turns import Comparison

MARKS = ("<!-- measured -->", "<!-- /measured -->")
LIBRARIES = ("opencc", "rjieba", "spacy", "lxml", "numpy")
CHART = Path("images") / "bench.svg"
MEGA = 1_000_000


def markdown(figures: Figures) -> str:
    """The tables of docs/benchmarks.md."""
    return "\n".join((*_head(figures), *_whole(figures), *_comparisons(figures), *_stages(figures), *_start(figures)))


def _head(figures: Figures) -> Iterator[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    density = figures.chars / max(1, figures.mentions)
    yield f"Measured on {dt.date.today()}: {_processor()}, {figures.cores} cores, {platform.system()};"
    yield f"Python {platform.python_version()}, hkextract {version('hkextract')}, {libraries}."
    yield f"The text: {figures.files:,} files, {figures.size / MEGA:.1f} MB, {figures.chars / MEGA:.2f} M characters,"
    yield f"a mention every {density:.0f} characters."
    yield ""


def _whole(figures: Figures) -> Iterator[str]:
    chars, size = figures.chars / figures.seconds, figures.size / figures.seconds / MEGA
    yield "**The whole path, from bytes to written tables, on one core:"
    yield f"{chars:,.0f} characters ({size:.2f} MB) a second.**"
    yield ""


def _comparisons(figures: Figures) -> Iterator[str]:
    heads = ("beside", "which does", "characters a second", "ours is … times as fast", "80 % of turns", "it read")
    yield f"| {' | '.join(heads)} |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for found in figures.comparisons:
        yield (
            f"| {found.name} {found.version} | {found.does} | {found.speed:,.0f} | **{_ratio(found.ratio)}** "
            f"| {_ratio(found.low)}–{_ratio(found.high)} | {found.chars:,} characters |"
        )
    yield ""
    if figures.missing:
        yield "Left out: " + "; ".join(figures.missing) + "."
        yield ""


def _stages(figures: Figures) -> Iterator[str]:
    yield "| stage | seconds | share | million characters a second |"
    yield "| --- | ---: | ---: | ---: |"
    for stage, seconds in sorted(figures.stages.items(), key=lambda item: -item[1]):
        speed = figures.chars / seconds / MEGA if seconds > 0 else math.inf
        yield f"| {stage} | {seconds:.2f} | {100 * seconds / figures.seconds:.1f} % | {speed:.2f} |"
    yield f"| whole path | {figures.seconds:.2f} | 100 % | {figures.chars / figures.seconds / MEGA:.2f} |"
    yield ""


def _start(figures: Figures) -> Iterator[str]:
    yield "| what | measured |"
    yield "| --- | ---: |"
    yield f"| `hkextract --help` | {figures.help_seconds:.2f} s |"
    yield f"| `hkextract run` over ten short articles | {figures.short_seconds:.2f} s |"
    yield f"| the whole run in one process, start included | {figures.one_process:.1f} s |"
    if figures.two_processes:
        times = f"{figures.speedup:.2f} times as fast"
        yield f"| the whole run in two processes | {figures.two_processes:.1f} s, {times} |"
    if figures.memory:
        yield f"| memory at the peak of the one process | {figures.memory / MEGA:,.0f} MB |"


def _ratio(value: float) -> str:
    """With two significant digits, which is more than shared machines repeat.

    >>> _ratio(123.4), _ratio(2.345), _ratio(0.0234)
    ('120', '2.3', '0.023')
    """
    if value <= 0:
        return "0"
    digits = 1 - math.floor(math.log10(value))
    return f"{round(value, digits):.{max(0, digits)}f}"


def write(figures: Figures, docs: Path) -> None:
    """Puts the tables between the marks of `benchmarks.md` in a folder, and the chart beside it.

    Raises `ValueError` where the page or its marks are missing.
    """
    page = docs / "benchmarks.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    head, begin, rest = text.partition(MARKS[0])
    _, end, tail = rest.partition(MARKS[1])
    if not (begin and end):
        raise ValueError(f"{page} is not there, or lacks the lines {MARKS[0]} and {MARKS[1]} to write between.")
    page.write_text(f"{head}{begin}\n{markdown(figures)}\n{end}{tail}", encoding="utf-8")
    (docs / CHART).parent.mkdir(parents=True, exist_ok=True)
    (docs / CHART).write_text(chart(figures.comparisons), encoding="utf-8")


FONT = 'font-family="sans-serif"'
LEFT, WIDTH, ROW, TOP = 300, 760, 34, 64
LOWEST, HIGHEST = 0.01, 1000.0
"""Ends of the logarithmic axis; a bar beyond them is cut."""


def chart(comparisons: list[Comparison]) -> str:
    """An SVG of the ratios: bars from 1 (as fast as the other) on a logarithmic axis, right where ours is faster."""
    height = TOP + ROW * len(comparisons) + 40
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT} font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="16" y="24" font-size="16" fill="#1f2933">How many times as fast our whole path is as …</text>',
        '<text x="16" y="44" fill="#52606d">same text, same run; ours from bytes to tables, theirs a part</text>',
    ]
    for power in range(-2, 4):
        x = _place(10.0**power)
        lines.append(f'<path d="M{x:.1f} {TOP - 8}V{height - 32}" stroke="{"#52606d" if power == 0 else "#e4e7eb"}"/>')
        label = f"{10.0**power:g}"
        lines.append(f'<text x="{x:.1f}" y="{height - 14}" text-anchor="middle" fill="#52606d">{label}</text>')
    for number, found in enumerate(comparisons):
        lines += _bar(found, TOP + number * ROW)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _bar(found: Comparison, y: int) -> Iterator[str]:
    one, end = _place(1.0), _place(found.ratio)
    left, width = min(one, end), max(1.0, abs(end - one))
    colour = "#9fb3c8" if found.stage_only else "#0b69a3" if found.ratio >= 1 else "#ba2525"
    middle = y + 15
    yield f'<text x="16" y="{middle - 2}" fill="#1f2933">{escape(found.name)}</text>'
    yield f'<text x="16" y="{middle + 12}" font-size="11" fill="#52606d">{escape(found.does)}</text>'
    yield f'<rect x="{left:.1f}" y="{y}" width="{width:.1f}" height="20" fill="{colour}"/>'
    at, anchor = (end + 6, "start") if end >= one else (end - 6, "end")
    yield f'<text x="{at:.1f}" y="{middle}" text-anchor="{anchor}" fill="#1f2933">{_ratio(found.ratio)}</text>'


def _place(ratio: float) -> float:
    """Where a ratio stands on the axis."""
    inside = min(max(ratio, LOWEST), HIGHEST)
    share = (math.log10(inside) - math.log10(LOWEST)) / (math.log10(HIGHEST) - math.log10(LOWEST))
    return LEFT + share * (WIDTH - LEFT - 50)


def _processor() -> str:
    """The processor's name as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or os.uname().machine
