"""jieba's part-of-speech tagger: each word tagged `nt` is an organisation."""

from __future__ import annotations

import logging

import jieba
import jieba.posseg

PACKAGE = "jieba"
UNIT = "paragraph"


def load() -> dict:
    jieba.setLogLevel(logging.WARNING)
    return {"organisations": organisations}


def organisations(text: str, _: str) -> list[dict]:
    rows, start = [], 0
    for word, tag in jieba.posseg.cut(text):
        if tag == "nt":
            rows.append({"start": start, "end": start + len(word)})
        start += len(word)
    return rows
