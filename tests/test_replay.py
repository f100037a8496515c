"""Decisions in later runs: rows marked, taken out, corrected, put in; found again when texts, rules, files change."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from hkextract.article import Failure
from hkextract.clean.simplify import to_simplified
from hkextract.pipeline import Pipeline
from hkextract.review.anchor import DROPPED, Ground, NoPlaceError
from hkextract.review.decision import Anchor, Decision, new_id, now
from hkextract.review.log import ReviewLog
from hkextract.review.replay import replay
from hkextract.review.reviews import GONE
from hkextract.review.values import VALUES, corrected
from hkextract.rules import find_rules, load
from hkextract.run import Settings, Summary, run
from reanchor import CHANGES, TABLES, Judged, changed, judged

ROOT = Path(__file__).parents[1]
PAGE = """海港市新渡轮下水

2024年6月5日，海港市政府宣布拨款5.2亿元建造24艘渡轮。海港大学将负责设计。

运输署表示，票价约为6元，班次增加三成。海港大学明年公布图纸。
"""
OTHER = "第二篇文章\n\n市政府在2024年7月拨款300万元修缮码头，工程为期两年，由海港大学监督。\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "other.txt").write_text(OTHER, encoding="utf-8")
    return folder


def go(corpus: Path, name: str = "out", rules: Path | None = None, jobs: int = 1, cache: bool = True) -> Summary:
    return run(Settings(corpus, corpus.parent / name, rules or find_rules(), jobs, cache=cache))


def rows(corpus: Path, table: str, name: str = "out") -> list[dict[str, str]]:
    with (corpus.parent / name / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown(corpus: Path, table: str, status: str) -> list[str]:
    return [row["surface"] for row in rows(corpus, table) if row["status"] == status]


def row_of(corpus: Path, table: str, surface: str, nth: int = 0) -> dict[str, str]:
    found = [row for row in rows(corpus, table) if row.get("surface", row.get("text", "")) == surface]
    return found[nth]


def about(corpus: Path, table: str, row: dict[str, str], action: str, reviewer: str = "Chan") -> Decision:
    """A decision on a row of a run."""
    out = corpus.parent / "out"
    file = next(one["file"] for one in rows(corpus, "articles") if one["article_id"] == row["article_id"])
    digest = json.loads((out / "run.json").read_text(encoding="utf-8"))["inputs"].get(file, "")
    raw = int(row["raw_start"]), int(row["raw_end"])
    if table == "furniture":
        whole = (corpus / file).read_bytes().decode()
        anchor = Anchor.on_raw(to_simplified(whole), raw, row["text"])
    else:
        clean = (out / "text" / f"{row['article_id']}.txt").read_bytes().decode()
        anchor = Anchor.at(clean, (int(row["clean_start"]), int(row["clean_end"])), raw, row["raw_surface"])
    machine = {name: row[name] for name in VALUES[table]}
    named = (row["article_id"], file, digest, table, anchor, row.get("mention_id", ""), row["rule"], "", machine)
    return Decision(new_id(), now(), reviewer, action, *named)


def edited(made: Decision, **changes: str) -> Decision:
    return replace(made, action="edit", human=corrected(made.table, made.machine, changes))


def added(corpus: Path, article: str, table: str, surface: str, **values: str) -> Decision:
    """An addition by its words alone, as the review page makes it where it does not know the raw place."""
    clean = (corpus.parent / "out" / "text" / f"{article}.txt").read_bytes().decode()
    start = clean.index(surface)
    anchor = Anchor.at(clean, (start, start + len(surface)))
    file = f"{article}.txt"
    human = corrected(table, {}, values) if VALUES[table] else {}
    return Decision(new_id(), now(), "Chan", "add", article, file, "", table, anchor, rule="reviewer", human=human)


def decide(corpus: Path, *decisions: Decision) -> Sequence[Decision]:
    ReviewLog(corpus).append(decisions)
    return decisions


def test_rows_are_marked_taken_out_corrected_and_put_in(corpus: Path) -> None:
    go(corpus)
    decide(
        corpus,
        about(corpus, "amounts", row_of(corpus, "amounts", "24艘"), "accept"),
        about(corpus, "amounts", row_of(corpus, "amounts", "三成"), "reject"),
        edited(about(corpus, "amounts", row_of(corpus, "amounts", "5.2亿元"), ""), currency="HKD"),
        added(corpus, "other", "organisations", "市政府", canonical="海港市人民政府", type="government"),
    )
    before = {row["article_id"]: row for row in rows(corpus, "articles")}
    summary = go(corpus)
    assert shown(corpus, "amounts", "accepted") == ["24艘"]
    assert shown(corpus, "amounts", "edited") == ["5.2亿元"]
    money = row_of(corpus, "amounts", "5.2亿元")
    assert (money["currency"], money["currency_basis"], money["reviewer"]) == ("HKD", "stated", "Chan")
    (out,) = rows(corpus, "rejected")
    assert (out["table"], out["surface"], out["reviewer"]) == ("amounts", "三成", "Chan")
    (new,) = [row for row in rows(corpus, "organisations") if row["status"] == "added"]
    assert (new["canonical"], new["rule"], new["raw_surface"]) == ("海港市人民政府", "reviewer", "市政府")
    assert "海港市人民政府" in {row["canonical"] for row in rows(corpus, "organisation_index")}
    assert all(row[name] == "" for row in rows(corpus, "amounts") for name in ("review", "correction", "comment"))
    after = {row["article_id"]: row for row in rows(corpus, "articles")}
    assert int(after["page"]["amounts"]) == int(before["page"]["amounts"]) - 1
    assert summary.rows["rejected"] == 1
    for table in TABLES:
        assert sum(int(row[table]) for row in after.values()) == len(rows(corpus, table))
    raw = (corpus / "page.txt").read_bytes().decode()
    for table in TABLES:
        for row in rows(corpus, table):
            if row["article_id"] == "page":
                assert raw[int(row["raw_start"]) : int(row["raw_end"])] == row["raw_surface"]


def test_words_are_cut_at_the_edges_of_what_is_added(corpus: Path) -> None:
    go(corpus)
    assert not any(" 市政 府 " in row["tokens"] for row in rows(corpus, "sentences"))
    decide(corpus, added(corpus, "page", "organisations", "海港市政", canonical="甲", type="other"))
    go(corpus)
    assert any(" 市政 府 " in row["tokens"] for row in rows(corpus, "sentences"))


def test_the_same_log_gives_the_same_bytes_and_ten_decisions_cost_their_articles(corpus: Path) -> None:
    go(corpus)
    decide(corpus, about(corpus, "amounts", row_of(corpus, "amounts", "24艘"), "reject"))
    again = go(corpus)
    assert again.kept == 1
    assert not again.seconds["clean"]
    assert go(corpus).unchanged
    go(corpus, "new", cache=False)
    go(corpus, "two", jobs=2, cache=False)
    for path in (corpus.parent / "out").glob("*.csv"):
        for other in ("new", "two"):
            assert path.read_bytes() == (corpus.parent / other / path.name).read_bytes()
    ReviewLog(corpus).append([Decision(new_id(), now(), "Chan", "undo", of=ReviewLog(corpus).read()[-1].id)])
    go(corpus)
    assert row_of(corpus, "amounts", "24艘")["status"] == ""
    assert rows(corpus, "rejected") == []


def test_decisions_outlive_the_rules(corpus: Path, tmp_path: Path) -> None:
    go(corpus)
    keep = about(corpus, "amounts", row_of(corpus, "amounts", "24艘"), "accept")
    mend = edited(about(corpus, "amounts", row_of(corpus, "amounts", "6元"), ""), low="7", high="7")
    refuse = about(corpus, "amounts", row_of(corpus, "amounts", "三成"), "reject")
    decide(corpus, keep, mend, refuse)
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    text = (rules / "amounts.toml").read_text(encoding="utf-8")
    head, *blocks = re.split(r"(?m)^(?=\[\[rule\]\]$)", text)
    few = [block for block in blocks if 'kind = "none"' in block]
    (rules / "amounts.toml").write_text("".join([head, *few]), encoding="utf-8")
    go(corpus, rules=rules)
    assert [(row["surface"], row["low"], row["status"]) for row in rows(corpus, "amounts")] == [
        ("24艘", "24", "accepted"),
        ("6元", "7", "edited"),
    ]
    assert [row["surface"] for row in rows(corpus, "rejected")] == ["三成"]
    assert rows(corpus, "orphans") == []


def test_a_human_span_beats_the_machines_that_it_overlaps(corpus: Path) -> None:
    go(corpus)
    row = row_of(corpus, "amounts", "6元")
    made = edited(about(corpus, "amounts", row, ""), low="6", high="6", qualifier="exact")
    clean = (corpus.parent / "out" / "text" / "page.txt").read_bytes().decode()
    start = clean.index("票价约为6元")
    decide(corpus, replace(made, new=Anchor.at(clean, (start + 2, start + 6))))
    go(corpus)
    assert [row["surface"] for row in rows(corpus, "amounts") if "6元" in row["surface"]] == ["约为6元"]
    moved = row_of(corpus, "amounts", "约为6元")
    decide(corpus, about(corpus, "amounts", moved, "accept", "Wong"))
    go(corpus)
    assert row_of(corpus, "amounts", "约为6元")["reviewer"] == "Chan|Wong"
    decide(corpus, about(corpus, "amounts", moved, "reject", "Wong"))
    go(corpus)
    (disputed,) = [row for row in rows(corpus, "amounts") if row["status"] == "disputed"]
    assert disputed["surface"] == row["surface"]


def test_two_who_disagree_leave_the_row_until_it_is_settled(corpus: Path) -> None:
    go(corpus)
    row = row_of(corpus, "organisations", "运输署")
    yes, no = about(corpus, "organisations", row, "accept"), about(corpus, "organisations", row, "reject", "Wong")
    decide(corpus, yes, no)
    go(corpus)
    assert shown(corpus, "organisations", "disputed") == ["运输署"]
    assert row_of(corpus, "organisations", "运输署")["reviewer"] == "Chan|Wong"
    decide(corpus, replace(about(corpus, "organisations", row, "reject", "Lee"), settles=True))
    go(corpus)
    assert "运输署" not in [row["surface"] for row in rows(corpus, "organisations")]


def test_of_two_additions_that_overlap_the_later_stands_and_the_other_is_told(corpus: Path) -> None:
    go(corpus)
    decide(
        corpus,
        added(corpus, "page", "organisations", "海港市政府", canonical="甲", type="government"),
        added(corpus, "page", "organisations", "海港市政府宣布", canonical="乙", type="government"),
    )
    go(corpus)
    assert [row["canonical"] for row in rows(corpus, "organisations") if row["status"]] == ["乙"]
    (orphan,) = rows(corpus, "orphans")
    assert "overlaps" in orphan["reason"]


def test_furniture_is_kept_and_dropped_as_reviewers_say(corpus: Path) -> None:
    page = PAGE + "\n责任编辑：王小明\n相关新闻\n"
    (corpus / "page.txt").write_text(page, encoding="utf-8")
    go(corpus)
    dropped = [row["text"] for row in rows(corpus, "furniture")]
    assert dropped == ["责任编辑：王小明", "相关新闻"]
    decide(
        corpus,
        about(corpus, "furniture", row_of(corpus, "furniture", "责任编辑：王小明"), "reject"),
        about(corpus, "furniture", row_of(corpus, "furniture", "相关新闻"), "accept"),
        added(corpus, "page", "furniture", "海港大学明年公布图纸。"),
    )
    go(corpus)
    text = (corpus.parent / "out" / "text" / "page.txt").read_text(encoding="utf-8")
    assert "责任编辑：王小明" in text
    assert "明年公布图纸" not in text
    marked = {row["text"]: (row["status"], row["rule"]) for row in rows(corpus, "furniture")}
    assert marked["相关新闻"][0] == "accepted"
    assert marked["海港大学明年公布图纸。"] == ("added", "reviewer")
    assert [row["surface"] for row in rows(corpus, "rejected")] == ["责任编辑：王小明"]
    assert rows(corpus, "orphans") == []
    assert [row["article_id"] for row in rows(corpus, "organisations") if row["surface"] == "海港大学"].count(
        "page"
    ) == 1
    (corpus / "page.txt").write_text("首页\n" + page, encoding="utf-8")
    go(corpus)
    assert "责任编辑：王小明" in (corpus.parent / "out" / "text" / "page.txt").read_text(encoding="utf-8")
    assert rows(corpus, "orphans") == []


def test_articles_are_followed_when_they_are_renamed_and_told_when_they_are_gone(corpus: Path) -> None:
    go(corpus)
    decide(
        corpus,
        about(corpus, "amounts", row_of(corpus, "amounts", "24艘"), "accept"),
        about(corpus, "amounts", row_of(corpus, "amounts", "300万元"), "accept"),
    )
    (corpus / "page.txt").rename(corpus / "swap.txt")
    (corpus / "other.txt").rename(corpus / "page.txt")
    (corpus / "deep").mkdir()
    (corpus / "swap.txt").rename(corpus / "deep" / "other.txt")
    go(corpus)
    assert shown(corpus, "amounts", "accepted") == ["24艘", "300万元"]
    assert rows(corpus, "orphans") == []
    (corpus / "deep" / "other.txt").unlink()
    go(corpus)
    assert [row["surface"] for row in rows(corpus, "orphans")] == ["24艘"]
    (corpus / "page.txt").rename(corpus / "new.txt")
    summary = go(corpus)
    (orphan,) = rows(corpus, "orphans")
    assert (orphan["surface"], orphan["reason"], summary.rows["orphans"]) == ("24艘", GONE, 1)
    assert go(corpus).rows["orphans"] == 1


def test_decisions_on_records_stand(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [json.dumps({"id": f"n{n}", "text": text}, ensure_ascii=False) for n, text in enumerate((PAGE, OTHER))]
    (corpus / "many.jsonl").write_text("\n".join(lines), encoding="utf-8")
    go(corpus)
    decide(corpus, about(corpus, "amounts", row_of(corpus, "amounts", "300万元"), "reject"))
    assert go(corpus).kept == 1
    assert [row["surface"] for row in rows(corpus, "rejected")] == ["300万元"]
    (corpus / "many.jsonl").write_text("\n".join(reversed(lines)), encoding="utf-8")
    go(corpus)
    assert [row["surface"] for row in rows(corpus, "rejected")] == ["300万元"]


def test_decisions_on_an_article_that_fails_are_told(corpus: Path) -> None:
    go(corpus)
    decide(corpus, about(corpus, "amounts", row_of(corpus, "amounts", "24艘"), "accept"))
    (corpus / "page.txt").write_bytes(b"")
    go(corpus)
    (orphan,) = rows(corpus, "orphans")
    assert orphan["reason"] == "The article could not be processed."


@pytest.fixture(scope="module")
def articles(pipeline: Pipeline) -> list[Judged]:
    """Articles of many kinds, every mention of which was accepted."""
    found = list(judged(pipeline, [ROOT / "corpus", ROOT / "tests" / "articles" / "raw"]))
    assert sum(len(one.decisions) for one in found) > 1500
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_decisions_find_their_place_in_changed_texts(articles: list[Judged], pipeline: Pipeline, change: str) -> None:
    """Of the decisions whose passage is still in the text 99 % are there, and none is anywhere else."""
    rng = random.Random(f"8 {change}")
    counts: Counter[str] = Counter()
    for article in articles:
        source, places = changed(article, change, rng)
        result = pipeline.process(source)
        assert not isinstance(result, Failure)
        ground = Ground(result.article, "after")
        for decision in article.decisions:
            counts[_outcome(ground, decision, places)] += 1
    assert counts["wrong"] == 0, counts
    assert counts["right"] >= 0.99 * (counts["right"] + counts["missed"]), counts
    assert counts["right"] > 1000


def _outcome(ground: Ground, decision: Decision, places: list[int]) -> str:
    """Where a decision is put in a changed text, beside where it should be."""
    anchor, text = decision.anchor, ground.article.text
    assert anchor is not None
    span = places[anchor.raw_start : anchor.raw_end]
    whole = -1 not in span and span[-1] - span[0] == len(span) - 1
    here = whole and bool(text.clean_spans(span[0], span[-1] + 1))
    try:
        place = ground.place(anchor, decision.digest)
    except NoPlaceError:
        return "missed" if here else "gone"
    start, end = text.raw_span(*place)
    left = [one for one in span if one >= 0]
    return "right" if left and start < left[-1] + 1 and end > left[0] else "wrong"


def test_no_decision_finds_a_place_in_another_article(articles: list[Judged]) -> None:
    for article, other in zip(articles, [*articles[1:], articles[0]], strict=True):
        ground = Ground(other.result.article, "after")
        for decision in article.decisions:
            assert decision.anchor is not None
            with pytest.raises(NoPlaceError):
                ground.place(decision.anchor, decision.digest)


def test_decisions_keep_their_place_when_rules_are_changed_at_random(articles: list[Judged], tmp_path: Path) -> None:
    """With a third of the rules gone each decision stands where it stood, or is told to be on what is dropped now."""
    rules = tmp_path / "rules"
    shutil.copytree(find_rules(), rules)
    rng = random.Random(8)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in ("amounts", "dates", "furniture", "metadata", "organisations"):
        path = rules / f"{name}.toml"
        head, *blocks = re.split(r"(?m)^(?=\[\[rule\]\]$)", path.read_text(encoding="utf-8"))
        named = [re.search('(?m)^id = "(.*)"', block) for block in blocks]
        few = [b for b, n in zip(blocks, named, strict=True) if (n and f'"{n[1]}"' in code) or rng.random() < 2 / 3]
        path.write_text("".join([head, *few]), encoding="utf-8")
    pipeline = Pipeline(load(rules))
    placed = 0
    reasons: Counter[str] = Counter()
    for article in articles:
        before = article.result.article.source
        result = pipeline.process(before)
        assert not isinstance(result, Failure)
        decisions = article.decisions
        shown, told = replay(result, decisions, "before")
        assert len(told.marks) + len(told.orphans) + len(told.rejected) == len(decisions)
        assert {state for state, _ in told.marks.values()} <= {"accepted"}
        for table in TABLES:
            spans = sorted((one.start, one.end) for one in shown.mentions.by_stage()[table])
            assert all(one[1] <= other[0] for one, other in pairwise(spans))
        ground = Ground(result.article, "before")
        for decision in decisions:
            assert decision.anchor is not None
            try:
                place = ground.place(decision.anchor, "before")
            except NoPlaceError as error:
                reasons[str(error)] += 1
                continue
            anchor = decision.anchor
            assert result.article.text.raw_span(*place) == (anchor.raw_start, anchor.raw_end)
            placed += 1
    assert set(reasons) <= {DROPPED}
    assert placed >= 0.99 * (placed + reasons.total())
