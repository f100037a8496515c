"""What a file tells when it is read as a run reads it: facts for a preview, a sketch for finding copies, doubts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from hkextract.adding.files import CorpusFile
from hkextract.adding.index import Facts
from hkextract.adding.walls import INSTEAD, wall_instead
from hkextract.article import Failure
from hkextract.pipeline import Pipeline
from hkextract.read import KINDS, ReadError, kind_of, read_bytes
from hkextract.read.records import BadRecord, is_records, records
from hkextract.read.sidecar import Sidecar, load_sidecar
from hkextract.reprints import sketch
from hkextract.rows import rows_of
from hkextract.tables import ARTICLES

FEW = 60
"""Characters of a clean text below which an article is told to be very short."""
MOSTLY = 0.5
"""Share of the raw text from which it is told to be mostly furniture."""
BATCH = 50
"""Stories that are kept at a time."""

Progress = Callable[[int, int], None]
"""Called with the number of files read and of all."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the user should know before an article is kept: in a word or two, and as a sentence with the way out."""

    kind: str
    sentence: str


def read_story(path: Path, file: str, sidecar: Sidecar, pipeline: Pipeline) -> tuple[Facts, bytes]:
    """The facts of a file and the sketch of its story (empty for a file of many articles).

    `file` is the name that tells its kind and may tell its date. Raises `ReadError` and `OSError`.
    """
    if is_records(Path(file)):
        return {**_records(path, sidecar), **noted(sidecar)}, b""
    data = path.read_bytes()
    source = read_bytes(data, sidecar, "article", file, None, pipeline.rules)
    result = pipeline.process(source)
    if isinstance(result, Failure):
        raise ReadError(result.message)
    row = rows_of(result)[ARTICLES.name][0]
    facts = dict(zip((column.name for column in ARTICLES.columns), row, strict=False))
    wall = wall_instead(source.raw_text, pipeline.rules)
    chars = result.article.text.chars
    opening = next((block for block in result.article.blocks if block.role != "title"), None)
    facts |= {
        "kind": source.kind,
        "wall": wall.kind if wall else "",
        "opening": chars[opening.start : opening.end][:200] if opening else "",
        **noted(sidecar),
    }
    return facts, sketch(chars)


def noted(sidecar: Sidecar) -> Facts:
    """What a sidecar notes beside what it says of the article."""
    values = sidecar.values
    added = values.get("added_at", "")
    return {
        "tags": list(sidecar.tags),
        "note": str(values.get("note", "")),
        "added_at": added.isoformat() if isinstance(added, dt.date) else str(added),
        "added_from": str(values.get("added_from", "")),
    }


def _records(path: Path, sidecar: Sidecar) -> Facts:
    """Counts what a file of many articles holds; `title` is that of its first good record."""
    good = bad = 0
    first, fault = "", ""
    for record in records(path, None, sidecar.encoding or None):
        if isinstance(record, BadRecord):
            bad += 1
            fault = fault or record.message
        else:
            good += 1
            first = first or record.stated.title
    if not good:
        raise ReadError(fault or "The file holds no records.")
    return {"kind": "records", "records": good, "bad_records": bad, "title": first, "message": fault}


def read_stories(
    files: Iterable[CorpusFile], pipeline: Pipeline, progress: Progress | None = None
) -> Iterator[tuple[CorpusFile, Facts, bytes]]:
    """What the files of a corpus tell; of one that cannot be read the facts are `status` and `message`."""
    waiting = list(files)
    for number, one in enumerate(waiting, 1):
        try:
            yield one, *read_story(one.path, one.path.name, load_sidecar(one.path), pipeline)
        except (ReadError, OSError) as error:
            yield one, {"status": "failed", "message": str(error)}, b""
        if progress:
            progress(number, len(waiting))


def in_batches(stories: Iterable[tuple[CorpusFile, Facts, bytes]]) -> Iterator[list[tuple[CorpusFile, Facts, bytes]]]:
    """Stories in batches that are worth a step of the index."""
    found = iter(stories)
    while batch := list(islice(found, BATCH)):
        yield batch


def doubts(facts: Facts, *, inside: bool = False) -> list[Doubt]:
    """What an article's facts give reason to look at; `inside` the corpus the way out is another one."""
    if "records" in facts:
        bad = int(facts["bad_records"])
        return [Doubt(f"{bad:,} bad records", f"{bad:,} records cannot be read; the first: {facts['message']}")] * (
            bad > 0
        )
    found = []
    date, title = (
        ("tell it with `hkextract corpus edit`",) * 2 if inside else ("say it with --date", "say it with --title")
    )
    if wall := facts.get("wall"):
        told = INSTEAD.get(str(wall), str(wall))
        found.append(Doubt("no article", f"This may be no article: {told}. Save the page once you see the text."))
    if not facts.get("published_at"):
        found.append(Doubt("no date", f"No date of publication was found, so 去年 or 本月 stay open; {date}."))
    if not facts.get("title"):
        found.append(Doubt("no title", f"No title was found; {title}."))
    clean, raw, dropped = (int(facts.get(key, 0)) for key in ("clean_chars", "raw_chars", "furniture_chars"))
    if clean < FEW:
        found.append(
            Doubt("very short", f"Only {clean} characters are left after cleaning: is the whole article here?")
        )
    if dropped > MOSTLY * raw:
        found.append(Doubt("mostly furniture", f"{dropped / raw:.0%} of it was dropped as menus, links and the like."))
    if lost := int(facts.get("lost_chars", 0)):
        found.append(Doubt("unreadable characters", f"{lost} characters are damaged and could not be recovered."))
    if facts.get("status") == "warning" and not found:
        found.append(Doubt("see message", str(facts.get("message", ""))))
    return found


def suffix_of(data: bytes, name: str, media_type: str = "") -> str:
    """The suffix that fits what a file holds, whatever its name says; of a record file its own.

    >>> suffix_of(b"<!doctype html><p>...", "page.php"), suffix_of("渡輪".encode(), "")
    ('.html', '.txt')
    """
    if is_records(Path(name)):
        suffixes = [suffix.lower() for suffix in Path(name).suffixes]
        return "".join(suffixes[-2:]) if suffixes[-1] == ".gz" else suffixes[-1]
    told = Path(name).suffix.lower()
    kind = kind_of(data)
    if kind:
        return told if kind == "html" and KINDS.get(told) == "html" else f".{kind}"
    if _is_web_archive(data):
        return ".mhtml"
    if KINDS.get(told) in ("html", "markdown"):
        return told
    if media_type in ("text/html", "application/xhtml+xml"):
        return ".html"
    return ".md" if media_type == "text/markdown" else ".txt"


def _is_web_archive(data: bytes) -> bool:
    from hkextract.read.mhtml import page_in

    return page_in(data) is not None
