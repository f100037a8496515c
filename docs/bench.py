"""Characters a second of the whole path beside `jieba.lcut` alone, on the same text in the same run.

Usage: bench.py [CORPUS]   (default: corpus/)
"""

from __future__ import annotations

import gc
import logging
import sys
import time
from collections import Counter
from pathlib import Path

import jieba

from hkextract.article import Failure
from hkextract.pipeline import Pipeline
from hkextract.read import article_ids
from hkextract.rows import rows_of
from hkextract.rules import find_rules, load
from hkextract.inputs import find_files
from hkextract.tables import to_csv

ROUNDS = 5


def main() -> None:
    """Prints the two speeds, their ratio and the share of each stage; the best of five rounds counts."""
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else "corpus")
    files = find_files(corpus)
    ids = article_ids(files, corpus)
    pipeline = Pipeline(load(find_rules()))
    gc.collect()
    gc.freeze()  # as a run does
    raw = [pipeline.process_file(path, corpus, ids[path]) for path in files]
    texts = [result.article.source.raw_text for result in raw if not isinstance(result, Failure)]
    chars = sum(map(len, texts))
    whole, alone, stages = [], [], Counter[str]()
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for path in files:
            result = pipeline.process_file(path, corpus, ids[path])
            if isinstance(result, Failure):
                continue
            stages.update(result.seconds)
            written = time.perf_counter()
            for rows in rows_of(result).values():
                to_csv(rows)
            stages["write"] += time.perf_counter() - written  # type: ignore[assignment]
        whole.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        for text in texts:
            jieba.lcut(text)
        alone.append(time.perf_counter() - begun)
    print(f"{len(texts)} articles, {chars:,} characters, best of {ROUNDS} rounds on one core")
    print(f"hkextract, the whole path  {chars / min(whole):12,.0f} characters a second")
    print(f"jieba.lcut alone           {chars / min(alone):12,.0f} characters a second")
    print(f"ratio                      {min(alone) / min(whole):12.2f}")
    total = sum(stages.values())
    for stage, seconds in stages.most_common():
        print(f"  {stage:<24} {100 * seconds / total:6.1f} %")


if __name__ == "__main__":
    main()
