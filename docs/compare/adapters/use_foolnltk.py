"""foolnltk: the entities of its neural tagger that are of type `org` or `company`.

The package was made for TensorFlow 1. Its frozen graphs run under TensorFlow 2 in compatibility mode; only the
Viterbi search that it took from `tensorflow.contrib` is missing, and stands here.
"""

from __future__ import annotations

import os
import sys
import types

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow.compat.v1 as tensorflow

PACKAGE = "foolnltk"
UNIT = "sentence"


def viterbi_decode(scores, transitions):
    """The best path of tags and its score: `scores` tokens by tags, `transitions` tags by tags."""
    best, choices = scores[0], []
    for row in scores[1:]:
        arriving = best[:, None] + transitions
        choices.append(arriving.argmax(axis=0))
        best = row + arriving.max(axis=0)
    path = [int(best.argmax())]
    for choice in reversed(choices):
        path.append(int(choice[path[-1]]))
    return path[::-1], best.max()


def load() -> dict:
    tensorflow.disable_v2_behavior()
    contrib, crf = types.ModuleType("tensorflow.contrib"), types.ModuleType("tensorflow.contrib.crf")
    crf.viterbi_decode = viterbi_decode
    sys.modules.update(
        {"tensorflow": tensorflow, "tensorflow.contrib": contrib, "tensorflow.contrib.crf": crf},
    )
    import fool

    def organisations(text: str, _: str) -> list[dict]:
        return [
            {"start": start, "end": end} for start, end, kind, _ in fool.ner([text])[0] if kind in ("org", "company")
        ]

    return {"organisations": organisations}
