"""The tables come into pandas with their types, whatever their cells hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import hkextract
from hkextract.rules import find_rules
from hkextract.run import Settings, run

TEXT = (
    "渡輪加班\n2024-05-01 10:00 來源：海港日報\n\n香港科技園公司昨日（4月30日）宣布撥款3,000萬港元，佔開支的12.5%。\n"
)


def test_columns_have_their_types_and_empty_cells_are_missing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    run(Settings(tmp_path, tmp_path / "out", find_rules()))
    tables = hkextract.read_tables(tmp_path / "out")
    amounts = tables["amounts"].set_index("kind")
    assert amounts.loc["money", "low"] == 30_000_000
    assert amounts.loc["percent", "low"] == 12.5
    assert (amounts["raw_start"].dtype, amounts["damaged"].dtype) == ("Int64", "boolean")
    assert tables["dates"]["date_start"].tolist() == [pd.Timestamp("2024-04-30")]
    articles = tables["articles"].set_index("article_id")
    assert articles["overlap"].isna().all()
    assert articles.loc["empty", "status"] == "failed"


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hkextract.read_tables(tmp_path)
