"""Runs every main-content extractor that this interpreter can import over saved pages.

Usage: page_worker.py INPUT.json OUTPUT.json

The input is a list of pages: `id`, `path` and `text` (the page decoded as it should be, so that no tool loses for its
charset alone). The output holds for each tool its version, the seconds for all pages and what it found in each page:
`title`, `date`, `text`. Needs nothing but the tools. A tool that fails on a page has found nothing there.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

Found = dict[str, Any]
Extractor = Callable[[str, bytes], Found]


def trafilatura_text() -> Extractor:
    from trafilatura import bare_extraction

    return lambda text, _: _trafilatura(bare_extraction(text, with_metadata=True))


def trafilatura_bytes() -> Extractor:
    from trafilatura import bare_extraction

    return lambda _, data: _trafilatura(bare_extraction(data, with_metadata=True))


def _trafilatura(document: Any) -> Found:
    if document is None:
        return {}
    return {"title": document.title, "date": document.date, "text": document.text}


def gne() -> Extractor:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def extract(text: str, _: bytes) -> Found:
        found = extractor.extract(text)
        return {"title": found["title"], "date": found["publish_time"], "text": found["content"]}

    return extract


def readability() -> Extractor:
    from readability import Document

    def extract(text: str, _: bytes) -> Found:
        document = Document(text)
        return {"title": document.short_title(), "text": _text_of(document.summary())}

    return extract


def newspaper() -> Extractor:
    import newspaper as package

    def extract(text: str, _: bytes) -> Found:
        article = package.article("https://example.org/page.html", language="zh", input_html=text)
        return {"title": article.title, "date": str(article.publish_date or ""), "text": article.text}

    return extract


def justext() -> Extractor:
    import justext as package

    def extract(text: str, _: bytes) -> Found:  # no list of stop words: by length and links alone, as its manual says
        paragraphs = package.justext(
            text, frozenset(), stopwords_low=0, stopwords_high=0, length_low=20, length_high=60
        )
        return {"text": "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)}

    return extract


def resiliparse() -> Extractor:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def extract(text: str, _: bytes) -> Found:
        tree = HTMLTree.parse(text)
        return {"title": tree.title, "text": extract_plain_text(tree, main_content=True)}

    return extract


def goose() -> Extractor:
    from goose3 import Goose
    from goose3.text import StopWordsChinese

    tool = Goose({"stopwords_class": StopWordsChinese, "enable_image_fetching": False})

    def extract(text: str, _: bytes) -> Found:
        article = tool.extract(raw_html=text)
        return {"title": article.title, "date": str(article.publish_date or ""), "text": article.cleaned_text}

    return extract


def boilerpy() -> Extractor:
    from boilerpy3.extractors import ArticleExtractor

    tool = ArticleExtractor(raise_on_failure=False)

    def extract(text: str, _: bytes) -> Found:
        document = tool.get_doc(text)
        return {"title": document.title, "text": document.content}

    return extract


def magic() -> Extractor:
    from magic_html import GeneralExtractor

    tool = GeneralExtractor()

    def extract(text: str, _: bytes) -> Found:
        found = tool.extract(text, base_url="https://example.org/page.html")
        return {"title": found.get("title"), "text": _text_of(found.get("html") or "")}

    return extract


def _text_of(markup: str) -> str:
    """The text of cleaned markup, a line a block."""
    from lxml import html

    tree = html.document_fromstring(markup)
    for element in tree.iter("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "section", "table"):
        element.tail = "\n" + (element.tail or "")
        element.text = "\n" + (element.text or "")
    return re.sub(r"\s*\n\s*", "\n", tree.text_content())


TOOLS: dict[str, tuple[str, Callable[[], Extractor]]] = {
    "trafilatura (text)": ("trafilatura", trafilatura_text),
    "trafilatura (bytes)": ("trafilatura", trafilatura_bytes),
    "GNE": ("gne", gne),
    "readability-lxml": ("readability-lxml", readability),
    "newspaper4k": ("newspaper4k", newspaper),
    "jusText": ("jusText", justext),
    "Resiliparse": ("Resiliparse", resiliparse),
    "goose3": ("goose3", goose),
    "boilerpy3": ("boilerpy3", boilerpy),
    "magic-html": ("magic-html", magic),
}
"""A tool's name in the table, its distribution, and what makes its extractor."""


def run(extract: Extractor, pages: list[dict[str, str]]) -> dict[str, Any]:
    """What a tool finds in each page, the seconds that it takes and on how many pages it fails."""
    found: dict[str, Found] = {}
    failed = 0
    data = {page["id"]: Path(page["path"]).read_bytes() for page in pages}
    begun = time.process_time()
    for page in pages:
        try:
            found[page["id"]] = extract(page["text"], data[page["id"]])
        except Exception:  # whatever a tool raises is its result for this page
            found[page["id"]] = {}
            failed += 1
    return {"seconds": time.process_time() - begun, "failed": failed, "pages": found}


def main() -> None:
    """Tries every tool; one that cannot be imported is left out."""
    warnings.simplefilter("ignore")
    source, target = sys.argv[1:]
    pages = json.loads(Path(source).read_text(encoding="utf-8"))
    results = {}
    for name, (package, make) in TOOLS.items():
        try:
            extract = make()
            extract("<html><body><p>text</p></body></html>", b"<html><body><p>text</p></body></html>")
        except ImportError:
            continue
        except Exception as error:  # some tools refuse so short a page
            print(f"{name}: {error}", file=sys.stderr)
        run(extract, pages)  # whatever is loaded at the first call is not timed
        results[name] = {"version": version(package)} | run(extract, pages)
    Path(target).write_text(json.dumps(results, ensure_ascii=False, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
