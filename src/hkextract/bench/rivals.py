"""Other tools that the bench runs on the same text, here or in a Python environment of their own.

A rival is a function from texts to nothing, loaded beforehand. Where it cannot be imported here, this file is run as
a script by the Python of another environment: it reads lines of JSON (a list of texts) from standard input and
answers each with the seconds that the rival took. It imports the standard library alone, so that any Python runs it.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Work = Callable[[Sequence[str]], Any]


class RivalError(Exception):
    """A rival cannot be loaded in any environment at hand; the message says why."""


@dataclass(frozen=True)
class Rival:
    """A tool to run beside: its name, what it does, its distribution, how to load it, and what it is given.

    `given` is "raw" (the decoded text), "simplified" (its paragraphs in simplified script, for tools that know no
    other; paragraphs are what such tools read fastest) or "pages" (the source of web pages).
    """

    name: str
    does: str
    package: str
    load: Callable[[], Work]
    given: str = "raw"
    stage_only: bool = False


def _jieba() -> Work:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    return lambda texts: [jieba.lcut(text) for text in texts]


def _rjieba() -> Work:
    import rjieba

    rjieba.cut("")
    return lambda texts: [rjieba.cut(text) for text in texts]


def _opencc() -> Work:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    return lambda texts: [convert(text) for text in texts]


def _jionlp() -> Work:
    jionlp = import_module("jionlp")

    logging.disable(logging.ERROR)  # it logs what it cannot parse, which would cost it time

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            jionlp.ner.extract_time(text)
            jionlp.ner.extract_money(text)

    work(["2024年5月6日拨款3亿元"])  # dictionaries are loaded at the first call
    return work


def _recognizers() -> Work:
    suite = import_module("ms_recognizers_suite")

    finders = (
        suite.recognize_datetime,
        suite.recognize_currency,
        suite.recognize_percentage,
        suite.recognize_dimension,
        suite.recognize_temperature,
        suite.recognize_age,
    )

    def work(texts: Sequence[str]) -> None:
        for text in texts:
            for find in finders:
                with suppress(Exception):  # it fails on some sentences, and has found nothing there
                    find(text, suite.Culture.Chinese)

    work(["2024年5月6日拨款3亿元"])
    return work


def _trafilatura() -> Work:
    trafilatura = import_module("trafilatura")

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return lambda pages: [trafilatura.extract(page) for page in pages]


RIVALS = (
    Rival("jieba.lcut", "words only", "jieba", _jieba),
    Rival("JioNLP", "dates and sums of money only", "jionlp", _jionlp, "simplified"),
    Rival("Recognizers-Text", "dates and amounts only", "ms-recognizers-text-suite", _recognizers, "simplified"),
    Rival("trafilatura", "text of web pages only", "trafilatura", _trafilatura, "pages"),
    Rival("rjieba", "words only; a part of ours", "rjieba", _rjieba, stage_only=True),
    Rival("OpenCC", "script only; a part of ours", "OpenCC", _opencc, stage_only=True),
)


@dataclass
class Loaded:
    """A rival that is ready: seconds for a list of texts, and its version."""

    rival: Rival
    version: str
    seconds: Callable[[Sequence[str]], float]
    close: Callable[[], None] = lambda: None


def load_here(rival: Rival) -> Loaded:
    """Loads a rival in this process; raises `ImportError` where it is not installed."""
    work = rival.load()

    def seconds(texts: Sequence[str]) -> float:
        begun = time.perf_counter()
        work(texts)
        return time.perf_counter() - begun

    return Loaded(rival, _version(rival.package), seconds)


def load_there(rival: Rival, python: Path) -> Loaded:
    """Loads a rival in a process of another environment; raises `RivalError` where it is not installed there."""
    child = subprocess.Popen(
        [python, "-I", __file__, rival.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    stdin, stdout = child.stdin, child.stdout
    assert stdin is not None
    assert stdout is not None
    ready = stdout.readline().strip()
    if not ready:
        child.wait()
        raise RivalError("is not installed here")

    def seconds(texts: Sequence[str]) -> float:
        stdin.write(json.dumps(texts) + "\n")
        stdin.flush()
        return float(stdout.readline())

    def close() -> None:
        stdin.close()
        child.wait()
        stdout.close()

    return Loaded(rival, ready, seconds, close)


def load(rival: Rival, environments: Iterable[Path]) -> Loaded:
    """Loads a rival here, else in the first environment (folder of a virtualenv) that has it.

    Raises `RivalError` where none has.
    """
    try:
        return load_here(rival)
    except ImportError:
        pass
    module = {"JioNLP": "jionlp", "Recognizers-Text": "recognizers_suite"}.get(rival.name, rival.package)
    for folder in environments:
        python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if python.exists() and any(folder.glob(f"[Ll]ib/**/site-packages/*{module}*")):
            with suppress(RivalError):
                return load_there(rival, python)
    raise RivalError("is not installed here")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"


def main() -> None:
    """Serves one rival, named on the command line, to the process that started this one."""
    rival = next(rival for rival in RIVALS if rival.name == sys.argv[1])
    answers, sys.stdout = sys.stdout, sys.stderr  # some tools print a greeting
    loaded = load_here(rival)
    print(loaded.version, file=answers, flush=True)
    for line in sys.stdin:
        print(loaded.seconds(json.loads(line)), file=answers, flush=True)


if __name__ == "__main__":
    main()
