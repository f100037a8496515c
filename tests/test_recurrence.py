"""Lines that recur under different stories are learnt, reprints and order change nothing."""

from __future__ import annotations

import random

from hkextract.recurrence import Recurrence, Sample, Scanned, learn, scan, squeezed_lines

MENU = ["海港网首页", "会员登录", "订阅电子报"]
FOOT = ["本网所有文字未经书面许可不得转载使用。", "海港网客户服务热线 2000 0000"]
SUBJECTS = ("渡轮", "电车", "缆车", "隧道", "码头", "机场", "图书馆", "球场", "街市", "水塘")


def story(subject: str, salt: str = "") -> list[str]:
    return [
        f"{subject}明年起延长服务时间{salt}",
        f"负责{subject}的部门表示，新安排会先试行半年，再按市民意见作出调整{salt}。",
        f"有居民认为{subject}的收费偏高，希望当局一并检讨，并公布{subject}的收支{salt}。",
        f"部门回应说，{subject}的收费三年没有加过，暂时没有调整的计划{salt}。",
    ]


def scanned(name: str, lines: list[str], folder: str = "news") -> Scanned:
    return Scanned(name, folder, scan(lines))


def recurring(learnt: Recurrence, lines: list[str], folder: str = "news") -> list[str]:
    squeezed = squeezed_lines("\n".join(lines))
    marks = learnt.of(folder, scan(squeezed))
    return [line for line, mark in zip(squeezed, marks, strict=True) if mark]


def pages() -> list[Scanned]:
    return [scanned(subject, [*MENU, *story(subject), *map("".join, map(str.split, FOOT))]) for subject in SUBJECTS]


def test_what_stands_around_different_stories_recurs() -> None:
    learnt = learn(pages())
    new = [*MENU, *story("泳池"), *FOOT]
    assert recurring(learnt, new) == [line.replace(" ", "") for line in (*MENU, *FOOT)]


def test_order_does_not_matter() -> None:
    files = pages()
    expected = learn(files)
    for seed in range(5):
        random.Random(seed).shuffle(files)
        assert learn(files) == expected


def test_a_story_printed_often_is_no_furniture() -> None:
    copies = [scanned(f"copy{n}", [f"第{n}家报馆", *story("渡轮"), f"编辑{n}"]) for n in range(12)]
    cut = [scanned(f"cut{n}", story("渡轮")[: 3 + n % 2]) for n in range(6)]
    learnt = learn([*copies, *cut])
    assert recurring(learnt, story("渡轮")) == []


def test_two_stories_are_too_few() -> None:
    assert recurring(learn(pages()[:2]), [*MENU, *story("泳池")]) == []


def test_short_headings_and_calls_alone_do_not_recur() -> None:
    files = [scanned(s, [story(s)[0], "背景", story(s)[1], "各方反应", *story(s)[2:]]) for s in SUBJECTS]
    assert recurring(learn(files), ["背景", "甲", "各方反应"]) == []


def test_a_lone_line_recurs_in_its_folder_only() -> None:
    advert = "下载海港网应用程式随时看新闻"
    files = [scanned(s, [*story(s)[:2], advert, *story(s)[2:]]) for s in SUBJECTS]
    others = [scanned("x" + s, story(s, "云"), "other") for s in SUBJECTS]
    learnt = learn([*files, *others])
    assert recurring(learnt, [*story("泳池")[:2], advert]) == [advert]
    assert recurring(learnt, [*story("泳池")[:2], advert], "other") == []


def test_a_lone_line_recurs_in_its_outlet_though_many_share_a_folder() -> None:
    advert = "下载海港网应用程式随时看新闻"
    files = [scanned(s, [*MENU, *story(s)[:2], advert, *story(s)[2:]]) for s in SUBJECTS[:4]]
    others = [scanned(f"{s}{n}", [f"第{n}台", *story(s, f"云{n}")]) for s in SUBJECTS for n in range(9)]
    learnt = learn([*files, *others])
    assert recurring(learnt, [*MENU, *story("泳池")[:2], advert, *story("泳池")[2:]]) == [*MENU, advert]
    assert recurring(learnt, [*story("泳池")[:2], advert, *story("泳池")[2:]]) == []


def test_the_sample_is_the_same_in_any_order() -> None:
    files = pages()
    results = []
    for seed in range(4):
        random.Random(seed).shuffle(files)
        sample = Sample(6)
        for file in files:
            if sample.wants(file.name):
                sample.add(file)
        results.append((sample.learn(), sorted(sample._files)))
    assert all(result == results[0] for result in results)
    assert len(results[0][1]) == 6


def test_nothing_recurs_in_an_empty_or_lineless_corpus() -> None:
    assert learn([]) == Recurrence()
    assert learn([scanned(str(n), []) for n in range(5)]) == Recurrence()
