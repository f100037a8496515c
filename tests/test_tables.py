"""Rows as CSV."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from hkextract.tables import to_csv

CELL = st.one_of(st.integers(), st.text(st.sampled_from('a字, \t"\r\n'), max_size=6))


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=4))
def test_rows_are_read_back_as_they_were(rows: list[list[str | int]]) -> None:
    back = list(csv.reader(io.StringIO(to_csv(rows), newline=""), strict=True))
    assert back == [[str(cell) for cell in row] for row in rows]


def test_a_carriage_return_stays_inside_its_cell() -> None:
    assert to_csv([("行一\r行二", 2)]) == '"行一\r行二",2\n'
