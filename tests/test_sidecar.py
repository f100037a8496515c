"""What a user says of a file in a sidecar outweighs what is found in it; a faulty sidecar is told, never ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from hkextract.article import Failure
from hkextract.pipeline import Pipeline, Result
from hkextract.read import ReadError, read
from hkextract.read.sidecar import load_sidecar, sidecar_path

PAGE = "渡輪公司增加班次\n2023-05-06 10:20 來源：海港日報\n\n渡輪公司昨日宣布，下月起增加班次，涉及費用3,000萬元。\n"
SIDECAR = """
published_at = 2024-12-03
title = "渡輪加班"
source = "島民週刊"
url = "https://example.org/1"
currency = "MOP"
"""


def process(pipeline: Pipeline, path: Path) -> Result | Failure:
    return pipeline.process_file(path, path.parent, "a")


def test_what_the_user_says_outweighs_what_is_found(pipeline: Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PAGE, encoding="utf-8")
    found = process(pipeline, path)
    assert isinstance(found, Result)
    assert (found.article.meta.published_at, found.article.meta.published_basis) == ("2023-05-06T10:20", "header line")
    (tmp_path / "a.meta.toml").write_text(SIDECAR, encoding="utf-8")
    told = process(pipeline, path)
    assert isinstance(told, Result)
    meta = told.article.meta
    assert (meta.title, meta.source, meta.url) == ("渡轮加班", "岛民周刊", "https://example.org/1")
    assert (meta.published_at, meta.published_basis) == ("2024-12-03", "user")
    assert [(a.currency, a.currency_basis) for a in told.mentions.amounts] == [("MOP", "declared")]
    assert [str(date.date_start) for date in told.mentions.dates] == ["2024-12-02", "2025-01-01"]


def test_the_encoding_is_the_users(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("銀行公佈業績".encode("big5hkscs"))
    (tmp_path / "a.txt.meta.toml").write_text('encoding = "big5hkscs"', encoding="utf-8")
    assert read(path, tmp_path).raw_text == "銀行公佈業績"


def test_the_longer_name_speaks_for_one_file_the_shorter_for_all(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html", "a.html.meta.toml", "a.meta.toml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert sidecar_path(tmp_path / "a.html") == tmp_path / "a.html.meta.toml"
    assert sidecar_path(tmp_path / "a.txt") == tmp_path / "a.meta.toml"
    assert sidecar_path(tmp_path / "b.txt") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('publishd_at = "2024-12-03"', "did you mean 'published_at'?"),
        ('published_at = "3/12/2024"', "no ISO date"),
        ('published_at = "2024-13-03"', "no ISO date"),
        ('currency = "港元"', "ISO 4217"),
        ('encoding = "big6"', "unknown encoding"),
        ("title = 5", "in quotes"),
        ("title = 渡輪", "is not TOML"),
    ],
)
def test_a_faulty_sidecar_is_named_with_the_way_out(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.meta.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=r"a\.meta\.toml") as raised:
        load_sidecar(tmp_path / "a.txt")
    assert told in str(raised.value)


@pytest.mark.parametrize("date", ["2024", "2024-12", "2024-12-03", "2024-12-03T16:02+08:00", "2024-12-03 16:02"])
def test_dates_may_be_as_fine_as_they_are_known(tmp_path: Path, date: str) -> None:
    (tmp_path / "a.meta.toml").write_text(f'published_at = "{date}"\ntags = ["x"]\n', encoding="utf-8")
    assert load_sidecar(tmp_path / "a.txt").meta.published_at == date.replace(" ", "T")
