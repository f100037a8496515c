"""cutword: the entities of its neural tagger that are of type `ORG`."""

from __future__ import annotations

import warnings

from cutword import NER

PACKAGE = "cutword"
UNIT = "sentence"


def load() -> dict:
    warnings.simplefilter("ignore")
    tagger = NER()

    def organisations(text: str, _: str) -> list[dict]:
        rows, at = [], 0
        for entities in tagger.predict(text):
            for entity in entities:
                start = text.find(entity.entity, at)
                if entity.ner_type_en == "ORG" and start >= 0:
                    rows.append({"start": start, "end": start + len(entity.entity)})
                    at = start + len(entity.entity)
        return rows

    return {"organisations": organisations}
