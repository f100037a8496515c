"""The extractors as spaCy components."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from hkextract.components import split_at

TEXT = "香港科技大學去年獲港科大撥款3億元。"


def test_the_components_are_found_by_their_entry_points() -> None:
    nlp = spacy.blank("xx")
    for name in ("hkextract_amounts", "hkextract_dates", "hkextract_organisations"):
        nlp.add_pipe(name)
    doc = nlp.make_doc(TEXT)
    doc._.published_at = "2024-06-05"
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [span.text for span in doc.spans["amounts"]] == ["3億元"]
    assert [span.text for span in doc.spans["dates"]] == ["去年"]
    assert [span.text for span in doc.spans["organisations"]] == ["香港科技大學", "港科大"]
    assert doc.spans["amounts"][0]._.value.low == 300_000_000
    assert str(doc.spans["dates"][0]._.value.date_start) == "2023-01-01"
    assert doc.spans["organisations"][1]._.value.canonical == "香港科技大学"
    assert doc.text == TEXT


def test_tokens_are_split_at_edges() -> None:
    doc = Doc(spacy.blank("xx").vocab, words=["获港", "科大", "拨款"], spaces=[False] * 3)
    split_at(doc, [1, 4, 6])
    assert [token.text for token in doc] == ["获", "港", "科大", "拨款"]
