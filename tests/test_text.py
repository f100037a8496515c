"""Offsets survive any chain of edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.text import Text

RAW = st.text(st.sampled_from("創科局(chuàng)，。\n A1"), max_size=60)


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, Text]:
    """A raw text and what a random chain of edits, slices and joins made of it."""
    raw = draw(RAW)
    text = Text.of(raw)
    for _ in range(draw(st.integers(0, 6))):
        edits, at = [], 0
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(at, len(text)))
            end = draw(st.integers(start, len(text)))
            edits.append((start, end, draw(st.sampled_from(["", "甲", "乙丙"]))))
            at = end
        text = text.edit(edits)
        cut = draw(st.integers(0, len(text)))
        if draw(st.booleans()):
            text = Text.join([text[:cut], text[cut:]], draw(st.sampled_from(["", "\n"])))
    return raw, text


@given(chains(), st.data())
def test_every_span_lies_in_the_raw_text_and_grows_with_its_clean_span(
    made: tuple[str, Text], data: st.DataObject
) -> None:
    raw, text = made
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    raw_start, raw_end = text.raw_span(start, end)
    assert 0 <= raw_start <= raw_end <= len(raw)
    if start < end:
        outer_start, outer_end = text.raw_span(max(0, start - 1), min(len(text), end + 1))
        assert outer_start <= raw_start <= raw_end <= outer_end


@given(chains())
def test_untouched_characters_stand_at_their_raw_place(made: tuple[str, Text]) -> None:
    raw, text = made
    for at, char in enumerate(text.chars):
        raw_start, raw_end = text.raw_span(at, at + 1)
        if char in "甲乙丙" or raw_end == raw_start:
            continue
        assert raw[raw_start:raw_end] == char


def test_a_replacement_shares_the_old_span() -> None:
    text = Text.of("創(chuàng)科局").edit([(0, 9, "創")])
    assert text.chars == "創科局"
    assert [text.raw_span(i, i + 1) for i in range(3)] == [(0, 9), (9, 10), (10, 11)]


def test_edits_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="out of order"):
        Text.of("甲乙丙").edit([(1, 2, ""), (0, 1, "")])


def test_a_change_of_characters_keeps_the_length() -> None:
    with pytest.raises(ValueError, match="turned 2 into 3"):
        Text.of("甲乙").map_chars(lambda chars: chars + "丙")


def test_parts_may_change_places() -> None:
    text = Text.of("abcdef")
    moved = Text.join([text[3:], text[:3]])
    assert moved.chars == "defabc"
    assert moved.raw_span(0, 6) == (0, 6)
    assert moved.raw_span(2, 4) == (0, 6)
