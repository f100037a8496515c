"""The review page in a real browser, by keyboard and by mouse."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hkextract.review.decision import Decision, in_force
from hkextract.review.log import ReviewLog
from reviewing import Served

Opened = Callable[..., Page]


def log(server: Served) -> list[Decision]:
    return ReviewLog(server.desk.corpus).read()


def news(page: Page, text: str) -> None:
    expect(page.locator("#news")).to_contain_text(text)


def only(page: Page, words: str, count: int) -> None:
    """Searches, and waits for the list of so many rows."""
    page.fill("#search", words)
    expect(page.locator("#matching")).to_have_text(f"{count} row{'s' if count > 1 else ''} in this list")
    page.keyboard.press("Escape")


def test_an_article_is_reviewed_by_keyboard_alone(server: Served, opened: Opened) -> None:
    page = opened(name="")
    page.keyboard.type("Chan Siu")
    page.keyboard.press("Enter")
    page.wait_for_selector("#item:not([hidden])")
    page.keyboard.press("/")
    page.keyboard.type("渡輪公司增加班次")
    rows = [item for item in server.desk.items.items if item.article == "ferry"]
    expect(page.locator("#matching")).to_have_text(f"{len(rows)} rows in this list")
    page.keyboard.press("Escape")
    page.keyboard.press("m")  # a missed organisation, marked with the keys
    expect(page.locator("#editor")).to_be_visible()
    clean = server.desk.library["ferry"].clean
    for _ in range(clean.index("老街坊茶社") - int(page.get_attribute("#clean mark", "data-at") or 0)):
        page.keyboard.press("ArrowRight")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#chosen")).to_have_text("老街坊茶社")
    for _ in range(9):  # past the buttons of the span to the choice of a table
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "table":
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#field-canonical")).to_have_value("老街坊茶社")
    page.keyboard.press("Control+Enter")
    news(page, "Added: 老街坊茶社")
    for at in range(len(rows)):
        surface = page.locator("#rows [aria-current] .surface").inner_text()
        page.keyboard.press("r" if at == 2 else "a")
        news(page, f"{'Rejected' if at == 2 else 'Accepted'}: {surface[:20]}")
    expect(page.locator("#empty")).to_be_visible()
    page.keyboard.press("u")
    page.keyboard.press("d")
    news(page, "Wholly reviewed")
    page.keyboard.press("a")
    expect(page.locator("#empty")).to_be_visible()
    kept = in_force(log(server))
    assert {one.reviewer for one in kept} == {"Chan Siu"}
    assert len([one for one in kept if one.action == "accept"]) == len(rows) - 1
    assert [one.anchor.exact for one in kept if one.action == "add" and one.anchor] == ["老街坊茶社"]
    assert [one.article_id for one in kept if one.action == "done"] == ["ferry"]


def test_a_span_is_edited_by_keys_and_a_value_in_its_field(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "420人", 1)
    page.keyboard.press("e")
    page.keyboard.press("Control+ArrowLeft")
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator("#chosen")).to_have_text("可载420人")
    page.fill("#field-measures", "乘客")
    page.keyboard.press("Enter")
    news(page, "Edited: 420人")
    (one,) = log(server)
    assert (one.new and one.new.exact, one.human["measures"], one.human["low"]) == ("可载420人", "乘客", "420")


def test_a_span_is_edited_by_dragging_its_end_and_by_selecting(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "420人", 1)
    page.keyboard.press("e")
    handle = page.locator(".handle.last").bounding_box()
    letter = page.locator("#clean mark").bounding_box()
    assert handle
    assert letter
    width = letter["width"] / 3
    page.mouse.move(handle["x"], handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + width, handle["y"] + 8, steps=4)
    page.mouse.move(handle["x"] + 20, handle["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.locator("#chosen")).to_have_text("420人，")
    page.evaluate(
        """() => {
          const text = [...document.querySelector("#clean mark").childNodes].find((node) => node.nodeType === 3);
          window.getSelection().setBaseAndExtent(text, 0, text, 3);
        }"""
    )
    page.dispatch_event("#clean", "pointerup")
    expect(page.locator("#chosen")).to_have_text("420")
    page.click("#actions .accept")
    news(page, "Edited")
    (one,) = log(server)
    assert one.new
    assert one.new.exact == "420"


def test_a_value_that_cannot_be_is_refused_with_words(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "420人", 1)
    page.keyboard.press("e")
    page.fill("#field-low", "many")
    page.keyboard.press("Enter")
    news(page, "This value cannot be kept: low is a number")
    expect(page.locator("#editor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#editor")).to_be_hidden()
    assert log(server) == []


def test_an_official_name_is_suggested_and_brings_its_type(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "运输署", 1)
    page.keyboard.press("e")
    page.fill("#field-canonical", "")
    page.locator("#field-canonical").press_sequentially("渔护署")
    page.wait_for_selector("#field-canonical-list li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#field-canonical")).to_have_value("渔农自然护理署")
    expect(page.locator("#field-type")).to_have_value("government")
    page.keyboard.press("Enter")
    news(page, "Edited: 运输署")
    assert log(server)[0].human["canonical"] == "渔农自然护理署"


def test_undo_without_limit_and_redo(server: Served, opened: Opened) -> None:
    page = opened()
    surfaces = []
    for key in ("a", "r", "s", "a"):
        surfaces.append(page.locator("#rows [aria-current] .surface").inner_text())
        page.keyboard.press(key)
        news(page, surfaces[-1][:20])
    for surface in reversed(surfaces):
        page.keyboard.press("u")
        news(page, f"Taken back: {surface[:20]}")
    expect(page.locator("#actions .undo")).to_be_disabled()
    assert in_force(log(server)) == []
    page.keyboard.press("Shift+U")
    news(page, f"Done again: {surfaces[0][:20]}")
    assert [one.action for one in in_force(log(server))] == ["accept"]


def test_equal_cases_are_shown_decided_and_undone_at_once(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "12艘", 3)
    page.keyboard.press("b")
    expect(page.locator(".cases li")).to_have_count(2)
    page.locator(".cases input").first.uncheck()
    expect(page.get_by_role("button", name="Reject all 2")).to_be_visible()
    page.locator(".cases input").first.check()
    assert log(server) == []
    page.get_by_role("button", name="Accept all 3").click()
    news(page, "3 rows decided")
    assert len({one.group for one in log(server)}) == 1
    page.keyboard.press("u")
    news(page, "Taken back: 3 rows")
    assert in_force(log(server)) == []


def test_a_missed_mention_is_added_by_selecting_it(server: Served, opened: Opened) -> None:
    page = opened()
    only(page, "420人", 1)
    page.keyboard.press("w")
    expect(page.locator("#whole")).to_have_attribute("aria-pressed", "true")
    page.evaluate(
        """() => {
          const walker = document.createTreeWalker(document.querySelector("#clean"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf("老街坊茶社");
            if (at >= 0) window.getSelection().setBaseAndExtent(node, at, node, at + 5);
          }
        }"""
    )
    expect(page.locator("#picked")).to_contain_text("老街坊茶社")
    page.keyboard.press("m")
    page.check("#table-organisations")
    expect(page.locator("#field-canonical")).to_have_value("老街坊茶社")
    page.select_option("#field-type", "company")
    page.click("#actions .accept")
    news(page, "Added: 老街坊茶社")
    (one,) = log(server)
    assert (one.action, one.table, one.human["type"]) == ("add", "organisations", "company")
    expect(page.locator("#rows .surface").nth(1)).to_have_text("老街坊茶社")


def test_filters_narrow_the_list_and_are_taken_away(server: Served, opened: Opened) -> None:
    page = opened()
    everything = len(server.desk.items)
    page.keyboard.press("f")
    page.get_by_label("Date", exact=True).check()
    dates = sum(item.table == "dates" for item in server.desk.items.items)
    expect(page.locator("#matching")).to_contain_text(str(dates))
    expect(page.locator("#rows .row:not(.dates)")).to_have_count(0)
    page.get_by_role("button", name="Remove filter Date").click()
    expect(page.locator("#matching")).to_contain_text(str(everything))
    page.fill("#search", "no such words")
    expect(page.locator("#empty")).to_contain_text("Nothing fits")
    page.locator("#empty").get_by_role("button", name="To do").click()
    expect(page.locator("#matching")).to_contain_text(str(everything))
    expect(page.locator("#search")).to_have_value("")


def test_two_reviewers_differ_and_a_third_settles(server: Served, opened: Opened) -> None:
    first, second = opened(name="Chan"), opened(name="李")
    for page, key in ((first, "a"), (second, "r")):
        only(page, "420人", 1)
        expect(page.locator("#said")).to_be_hidden()
        page.keyboard.press(key)
        news(page, "420人")
    third = opened(name="Wong")
    expect(third.locator("#rows .row").first).to_contain_text("420人")
    expect(third.locator("#notice")).to_contain_text("disagree")
    expect(third.locator("#said-list li")).to_have_text(["Chan accepted", "李 rejected"])
    third.keyboard.press("a")
    news(third, "Accepted: 420人")
    assert log(server)[-1].settles
    first.reload()
    first.get_by_role("button", name="All").click()
    only(first, "420人", 1)
    expect(first.locator("#said-list li")).to_have_text(["Wong accepted (settles it)"])


def test_a_comment_is_kept(server: Served, opened: Opened) -> None:
    page = opened()
    page.keyboard.press("c")
    page.keyboard.type("與原文核對過 a r u")
    page.keyboard.press("Control+Enter")
    news(page, "Comment kept")
    expect(page.locator("#said-list")).to_contain_text("與原文核對過 a r u")
    assert [(one.action, one.comment) for one in log(server)] == [("comment", "與原文核對過 a r u")]


def test_a_reload_in_the_middle_loses_nothing(server: Served, opened: Opened) -> None:
    page = opened()
    for key in ("a", "r", "a"):
        surface = page.locator("#rows [aria-current] .surface").inner_text()
        page.keyboard.press(key)
        news(page, surface[:20])
    page.keyboard.press("e")
    page.reload()
    page.wait_for_selector("#item:not([hidden])")
    expect(page.locator("#bar-text")).to_have_text(f"3 of {len(server.desk.items)} judged")
    page.keyboard.press("u")
    news(page, "Taken back")
    assert len(in_force(log(server))) == 2


def test_an_article_full_of_scripts_is_only_text(server: Served, opened: Opened) -> None:
    server.desk.items.articles["hostile"]["url"] = 'javascript:document.title="broken"'
    page = opened(name='<img src=x onerror="document.title=1">')
    page.get_by_role("button", name="All").click()
    only(page, "hostile", sum(item.article == "hostile" for item in server.desk.items.items))
    page.keyboard.press("w")
    for _ in range(page.locator("#rows li").count()):
        page.keyboard.press("n")
    page.keyboard.press("c")
    page.keyboard.type("<script>document.title='broken'</script>")
    page.keyboard.press("Control+Enter")
    news(page, "Comment kept")
    expect(page.locator("#said-list q")).to_contain_text("<script>")
    assert "broken" not in page.title()
    assert page.locator("body script, body img, body b, a[href^=javascript]").count() == 0
    assert "<script>" in page.locator("body").inner_text()


def test_single_keys_can_be_switched_off_and_do_not_act_while_typing(server: Served, opened: Opened) -> None:
    page = opened()
    page.click("#search")
    page.keyboard.type("ars")
    page.keyboard.press("Escape")
    page.fill("#search", "")
    expect(page.locator("#item")).to_be_visible()
    page.click("#help-open")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    for key in ("a", "r", "s"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert log(server) == []


@pytest.mark.parametrize(
    ("language", "size"),
    [("en", (1440, 900)), ("en", (1000, 800)), ("en", (390, 844)), ("zh-Hant", (390, 844)), ("zh-Hans", (1440, 900))],
)
def test_nothing_is_cut_off_sideways(opened: Opened, size: tuple[int, int], language: str) -> None:
    page = opened(language=language, size=size)
    for key in ("", "e", "Escape", "?"):
        if key:
            page.keyboard.press(key)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key
        cut = page.evaluate(
            """() => [...document.querySelectorAll("header button, #actions button, dialog[open] button, h1, label")]
              .filter((one) => one.offsetParent && one.getBoundingClientRect().width > 2)
              .filter((one) => {
                const box = one.getBoundingClientRect();
                return one.scrollWidth > one.clientWidth + 1 || box.right > innerWidth + 1 || box.left < -1;
              })
              .map((one) => one.id + " " + one.textContent)"""
        )
        assert cut == [], key


def test_the_reviewer_and_the_language_are_remembered(opened: Opened) -> None:
    page = opened(name="", language="zh-Hant")
    page.fill("#name", "陳小姐")
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_have_text("審閱人：陳小姐")
    page.select_option("#language", "zh-Hans")
    expect(page.locator("#who")).to_have_text("审阅人：陳小姐")
    page.reload()
    expect(page.locator("#who")).to_have_text("审阅人：陳小姐")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert json.dumps(page.evaluate("document.cookie")).find("a-token") < 0
