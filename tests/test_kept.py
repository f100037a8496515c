"""What is kept between runs equals what is worked out anew, and a spoilt file does no harm."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from hkextract.kept import FILES, Kept

PATTERNS = [r"(?P<low>\d{1,3}(?:,\d{3})+)(?:万|亿)?(?P<unit>元|个)", r"(?<=第)[一二三]+|[甲乙丙丁]{2,}?$", "今年(?!度)"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_kept_pattern_matches_as_a_new_one(tmp_path: Path, pattern: str) -> None:
    first = Kept("digest", tmp_path)
    first.regex(pattern)
    first.save()
    kept = Kept("digest", tmp_path).regex(pattern)
    fresh = re.compile(pattern, re.ASCII)
    for text in ("拨款1,200万元", "第三批乙丙丁", "今年度与今年", "３３"):
        found, wanted = kept.search(text), fresh.search(text)
        assert (found and (found.span(), found.groupdict())) == (wanted and (wanted.span(), wanted.groupdict()))
    assert (kept.pattern, kept.flags, kept.groups) == (fresh.pattern, fresh.flags, fresh.groups)


def test_a_value_is_made_once(tmp_path: Path) -> None:
    first = Kept("digest", tmp_path)
    assert first.get("kind", "key", lambda: ("a", 1)) == ("a", 1)
    first.save()
    assert Kept("digest", tmp_path).get("kind", "key", lambda: ("b", 2)) == ("a", 1)
    assert Kept("other", tmp_path).get("kind", "key", lambda: ("b", 2)) == ("b", 2)


def test_a_spoilt_file_and_a_closed_folder_do_no_harm(tmp_path: Path) -> None:
    first = Kept("digest", tmp_path)
    first.regex(PATTERNS[0])
    first.save()
    for path in tmp_path.iterdir():
        path.write_bytes(b"spoilt")
    assert Kept("digest", tmp_path).regex(PATTERNS[0]).search("1,200元")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    closed = Kept("digest", tmp_path / "file")
    assert closed.regex(PATTERNS[0]).search("1,200元")
    closed.save()


def test_only_the_newest_files_are_kept(tmp_path: Path) -> None:
    for number in range(FILES + 3):
        kept = Kept(str(number), tmp_path)
        kept.get("kind", "key", lambda: True)
        kept.save()
    assert len(list(tmp_path.iterdir())) == FILES


def test_a_value_that_cannot_be_kept_costs_nothing_but_time(tmp_path: Path) -> None:
    kept = Kept("digest", tmp_path)
    assert kept.get("toml", "day.toml", lambda: dt.date(2024, 5, 6)) == dt.date(2024, 5, 6)
    kept.save()
    assert list(tmp_path.glob("*.bin")) == []


def test_patterns_are_taken_over_when_the_rules_change_and_nothing_else_is(tmp_path: Path) -> None:
    first = Kept("digest", tmp_path)
    first.regex(PATTERNS[0])
    first.get("number", "a-rule", lambda: "old")
    first.save()
    changed = Kept("other", tmp_path)
    changed.learn_patterns()
    assert set(changed._values) == {("regex", PATTERNS[0])}
    assert changed.get("number", "a-rule", lambda: "new") == "new"
    assert changed.regex(PATTERNS[0]).search("1,200元")
