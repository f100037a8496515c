"""Why a phrase was not found: the part that failed is named, and the line to edit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hkextract.article import Article
from hkextract.cli import main
from hkextract.judging.outline import Outlines
from hkextract.judging.reasons import Reason
from hkextract.judging.whynot import WhyNot, places
from hkextract.rules import Rules
from nearmisses import NearMiss, of_numbers, of_suffixes, still_found

FLOOR = 0.9
"""The share of near misses whose part must be named right."""


@pytest.fixture(scope="module")
def asker(rules: Rules) -> WhyNot:
    return WhyNot(rules)


def first_reason(asker: WhyNot, miss: NearMiss) -> Reason:
    result = asker.pipeline.annotate(Article.of_text(miss.text, miss.published_at))
    reasons = [reason for reason in asker.of_span(result, miss.span) if reason.sort != "otherwise"]
    return reasons[0] if reasons else Reason("none", "", 0.0, "")


def judged(asker: WhyNot, misses: Iterator[NearMiss]) -> tuple[int, int, list[str]]:
    """How many near misses there are, of how many the list is named first, and those whose part is not named."""
    count, listed, wrong = 0, 0, []
    for miss in misses:
        if still_found(asker, miss):
            continue
        count += 1
        reason = first_reason(asker, miss)
        listed += miss.words in reason.lists[:1]
        if reason.part != miss.part and miss.words not in reason.lists:
            wrong.append(f"{miss.rule}: {miss.text} ({miss.part}, {miss.word}): {reason.text}")
    return count, listed, wrong


def test_the_part_that_failed_is_named(asker: WhyNot, rules: Rules) -> None:
    """One character of a word is another in each example of each rule for amounts and dates."""
    misses = (miss for table in ("amounts", "dates") for miss in of_numbers(asker, rules, table, seed=4))
    count, listed, wrong = judged(asker, misses)
    assert count > 60
    assert 1 - len(wrong) / count >= FLOOR, wrong
    assert listed / count >= 0.75


def test_an_unknown_suffix_is_named(asker: WhyNot, rules: Rules) -> None:
    count, _, wrong = judged(asker, of_suffixes(rules, 1))
    assert count >= 15
    assert 1 - len(wrong) / count >= FLOOR, wrong


@pytest.mark.parametrize(
    ("phrase", "sort", "told", "edit"),
    [
        ("大抵三億元", "near", "大抵", "[words.qualifier]"),
        ("三平方公田", "near", "公田", "[words.area]"),
        ("百份之三", "near", "份之", "amounts.toml"),
        ("晋身16强", "guard", "guard-knockout-stage", "amounts.toml"),
        ("一年一度", "idiom", "idiom", "[words.idiom]"),
        ("1:8", "refused", "multiple-ratio", "[words.ratio_cue]"),
        ("中大", "register", "only where the article holds", "hk-universities.csv"),
        ("相关办公室", "near", "nothing of its own", "[words.generic]"),
        ("香港科技太学", "register", "香港科技大学", "hk-universities.csv"),
    ],
)
def test_reasons_by_sort(asker: WhyNot, phrase: str, sort: str, told: str, edit: str) -> None:
    reasons = [reason for reason in asker.of_phrase(phrase) if reason.sort == sort]
    assert any(told in reason.text for reason in reasons), [reason.text for reason in asker.of_phrase(phrase)]
    assert any(edit in place for reason in reasons for place in reason.edit)


def test_lines_to_edit_hold_what_they_say(asker: WhyNot, rules: Rules) -> None:
    (place,) = [p for r in asker.of_phrase("大抵三亿元") if r.lists[:1] == ("qualifier",) for p in r.edit][:1]
    file, _, rest = place.partition(":")
    line = (rules.folder / file).read_text(encoding="utf-8").splitlines()[int(rest.split()[0]) - 1]
    assert line.startswith("min = [")


def test_what_is_found_is_said_to_be(asker: WhyNot) -> None:
    (reason,) = asker.of_phrase("三億元")
    assert (reason.sort, reason.rule) == ("found", "money")


def test_a_pattern_taken_apart_matches_what_it_matched(asker: WhyNot, rules: Rules) -> None:
    """Taken apart, the rules read nearly all of their own examples."""
    for table in ("amounts", "dates"):
        nearest, fit, count = asker.numbered[table].nearest, 0, 0
        for rule in rules[table].rules:
            for example in rule.examples:
                match = rule.regex.search(example.text)
                if rule.kind != "none" and match:
                    count += 1
                    span = (example.start, example.end)
                    fit += nearest.fitting(rule, example.text, *span) is not None
        assert fit / count > 0.9, (table, fit, count)


def test_choices_of_lists_keep_their_names(rules: Rules) -> None:
    piece = Outlines(rules["amounts"]).of("(?P<u>{area}|{tael})[十百]{1,2}(?:分之)?(?!的)")
    assert [atom.top for atom in piece.atoms()][:2] == ["area/tael", "area/tael"]
    assert [atom.source for atom in piece.atoms()][2:] == ["[十百]{1,2}", "分之", "(?!的)"]


def test_places_look_past_script_and_line_breaks() -> None:
    assert places("研\n究院設於研究院", "研究院设") == [(0, 5)]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whynot")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "ferry.txt").write_text(
        "渡輪公司下月增加班次\n\n2024年6月5日 來源：星海報\n\n"
        "渡輪公司宣布斥資大抵3億元購入新船，香港科技大學的團隊參與設計，預計明年6月投入服務。\n\n"
        "新船可載客四百人，船程縮短至半小時，票價維持不變，居民普遍表示歡迎。\n\n責任編輯：王小明\n",
        encoding="utf-8",
    )
    CliRunner().invoke(main, ["run", str(folder / "corpus"), "-o", str(folder / "out")], catch_exceptions=False)
    return folder


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.output


def test_why_not_in_an_article(done: Path) -> None:
    out = str(done / "out")
    code, told = call("why-not", "大抵3億元", "--article", "ferry", "-o", out)
    assert code == 0, told
    assert "⟦大抵3亿元⟧" in told
    assert "[words.qualifier]" in told
    code, told = call("why-not", "責任編輯", "--article", "ferry.txt", "-o", out)
    assert code == 0
    assert "not in the clean text" in told
    assert "by rule" in told
    code, told = call("why-not", "電車", "--article", "ferry", "-o", out)
    assert "does not hold 電車" in told
    code, told = call("why-not", "電車", "--article", "tram", "-o", out)
    assert code == 2


def test_explain_tells_rivals_and_cues(done: Path) -> None:
    def explained(table: str, surface: str) -> str:
        with (done / "out" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            row = next(row for row in csv.DictReader(file) if row["surface"] == surface)
        code, told = call("explain", row["mention_id"], "-o", str(done / "out"))
        assert code == 0, told
        return told

    told = explained("dates", "明年6月")
    assert "settled by relative: published 2024-06-05" in told
    assert "beat       明年 (date-year): shorter" in told
    told = explained("amounts", "3亿元")
    assert "settled by inferred: most names of places in the article (香港)" in told
    assert "beat       nothing" in told
    assert "beat       nothing" in explained("organisations", "香港科技大学")
