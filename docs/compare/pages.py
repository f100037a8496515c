"""hkextract beside the libraries that take the article out of a saved page: the table of docs/reading.md.

Usage: pages.py [--html FOLDER --gold FOLDER] [--part open|held|all] [--python FILE ...] [--list] [--write FILE]

Pages and gold default to tests/gold/pages. Every `--python` names an interpreter whose environment holds some of the
tools of `page_worker.py`; those that it cannot import are left out. A page is clean where at least 95 % of the gold
text's runs of five characters are kept and at most 5 % of what was found is foreign. The title is judged by itself:
it is taken out of both texts before they are compared, since not every tool puts it there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hkextract.article import Article
from hkextract.clean import clean_article
from hkextract.clean.simplify import to_simplified
from hkextract.goldset import FOREIGN, KEPT, Gold, read_gold, same_title, score_text
from hkextract.read import ReadError, read
from hkextract.rules import Rules, find_rules, load

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests/gold/pages"
COLUMNS = ("tool", "clean pages", "kept", "foreign", "titles", "dates", "pages a second")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


@dataclass(frozen=True)
class Result:
    """What a tool found in every page: `title`, `date`, `text` by the page's name."""

    name: str
    pages: dict[str, dict[str, Any]]
    seconds: float
    failed: int = 0


@dataclass(frozen=True)
class Judged:
    """One page of one tool: shares kept and foreign; title and date are None where the gold states none."""

    kept: float
    foreign: float
    title: bool | None
    date: bool | None

    @property
    def clean(self) -> bool:
        return self.kept >= KEPT and self.foreign <= FOREIGN + 1e-9


def judge(gold: Gold, found: dict[str, Any]) -> Judged:
    """Compares what a tool found in a page with its gold."""
    title = to_simplified(str(gold.meta.get("title_hans") or gold.meta.get("title") or ""))
    wanted = _without(gold.clean_text or "", title)
    score = score_text(wanted, _without(to_simplified(str(found.get("text") or "")), title))
    day = str(gold.meta.get("published_at") or "")[:10]
    return Judged(
        score.recall,
        1 - score.precision,
        same_title(title, str(found.get("title") or "")) if title else None,
        _day(str(found.get("date") or "")) == day if day else None,
    )


def _without(text: str, title: str) -> str:
    return "".join(text.split()).replace("".join(title.split()), "", 1)


def _day(text: str) -> str:
    match = _DAY.search(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""


def ours(paths: list[Path], rules: Rules) -> Result:
    """Reading and cleaning, as a run does it; the time is that of both."""
    pages: dict[str, dict[str, Any]] = {}
    failed = 0
    for path in paths:  # whatever is loaded at the first call is not timed
        with suppress(ReadError):
            clean_article(Article.of(read(path, path.parent, rules=rules)), rules)
    begun = time.process_time()
    for path in paths:
        try:
            article = clean_article(Article.of(read(path, path.parent, rules=rules)), rules)
        except ReadError:
            failed += 1
            continue
        meta = article.meta
        pages[path.stem] = {"title": meta.title, "date": meta.published_at, "text": article.text.chars}
    return Result("hkextract", pages, time.process_time() - begun, failed)


def others(paths: list[Path], texts: dict[str, str], python: Path) -> list[Result]:
    """Every tool that an interpreter can import."""
    pages = [{"id": path.stem, "path": str(path.resolve()), "text": texts[path.stem]} for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "pages.json"), Path(folder, "found.json")
        source.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
        worker = Path(__file__).with_name("page_worker.py")
        done = subprocess.run([python, worker, source, target], capture_output=True, text=True)
        if done.returncode:
            print(f"{python}: {(done.stderr.strip() or 'no message').splitlines()[-1]}", file=sys.stderr)
            return []
        found = json.loads(target.read_text(encoding="utf-8"))
    return [
        Result(f"{name} {result['version']}", result["pages"], result["seconds"], result["failed"])
        for name, result in found.items()
    ]


def row(result: Result, golds: list[Gold]) -> str:
    """A tool's row of the table."""
    judged = [judge(gold, result.pages.get(gold.name, {})) for gold in golds]
    count = len(judged)
    titles = [page.title for page in judged if page.title is not None]
    dates = [page.date for page in judged if page.date is not None]
    found = result.pages.values()
    cells = (
        result.name,
        f"{sum(page.clean for page in judged)} of {count}",
        f"{sum(page.kept for page in judged) / count:.3f}",
        f"{sum(page.foreign for page in judged) / count:.3f}",
        f"{sum(titles)} of {len(titles)}" if any(page.get("title") for page in found) else "–",
        f"{sum(dates)} of {len(dates)}" if any(page.get("date") for page in found) else "–",
        f"{count / result.seconds:.0f}",
    )
    return _cells(cells)


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def part_of(golds: list[Gold], part: str) -> list[Gold]:
    """The pages that rules were written with (open), those whose number is divisible by three (held), or all."""

    def held(gold: Gold) -> bool:
        number = re.match(r"[a-z](\d+)-", gold.name)
        return bool(number) and int(number[1]) % 3 == 0

    return [gold for gold in golds if part == "all" or held(gold) == (part == "held")]


def decoded(path: Path) -> str:
    """The page as text, read as its bytes are."""
    from hkextract.read.encodings import decode
    from hkextract.read.html import declared

    data = path.read_bytes()
    return decode(data, None, declared(data))[0]


def main() -> None:
    """Prints the table, with `--list` our own pages that are not clean or whose title or date is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--html", type=Path, default=PAGES / "html")
    parser.add_argument("--gold", type=Path, default=PAGES / "gold")
    parser.add_argument("--part", choices=("open", "held", "all"), default="open")
    parser.add_argument("--python", type=Path, action="append", default=[])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    paths = {path.stem: path for path in sorted(chosen.html.glob("*.htm*"))}
    golds = [gold for gold in part_of(read_gold(chosen.gold), chosen.part) if gold.name in paths]
    files = [paths[gold.name] for gold in golds]
    mine = ours(files, load(find_rules()))
    texts = {path.stem: decoded(path) for path in files}
    results = [mine, *(result for python in chosen.python for result in others(files, texts, python))]
    table = "\n".join([_cells(COLUMNS), _cells(("---",) * len(COLUMNS)), *(row(result, golds) for result in results)])
    print(table)
    for result in results:
        if result.failed:
            print(f"{result.name}: failed on {result.failed} pages", file=sys.stderr)
    if chosen.list:
        _print_faults(mine, golds)
    if chosen.write:
        _write(chosen.write, chosen.part, table)


def _print_faults(result: Result, golds: list[Gold]) -> None:
    for gold in golds:
        found = result.pages.get(gold.name, {})
        page = judge(gold, found)
        if page.clean and page.title is not False and page.date is not False:
            continue
        print(f"{gold.name}: kept {page.kept:.3f}, foreign {page.foreign:.3f}")
        if page.title is False:
            print(f"  title {found.get('title')!r}, gold {gold.meta.get('title')!r}")
        if page.date is False:
            print(f"  date {found.get('date')!r}, gold {gold.meta.get('published_at')!r}")


def _write(path: Path, part: str, table: str) -> None:
    """Puts a table between the two marks of its part."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(f"<!-- {part} -->")
    _, _, after = rest.partition(f"<!-- /{part} -->")
    path.write_text(f"{before}<!-- {part} -->\n{table}\n<!-- /{part} -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
