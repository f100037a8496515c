"""Saved pages: what of a page becomes the article's text, and what the page states of itself."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.article import Article, Meta
from hkextract.clean import clean_article
from hkextract.read import ReadError, read_bytes
from hkextract.read.html import read_html
from hkextract.read.pagedate import Lines, day_of, published
from hkextract.read.pagejson import article_in_scripts, sentences
from hkextract.read.roles import roles_of
from hkextract.read.sidecar import Sidecar
from hkextract.rules import find_rules, load

RULES = load(find_rules())
TITLE = "旧码头改建的书店今天开门迎客"
TEXT = [
    "书店占了码头的三间旧仓房，墙上还留着当年的货号，书架是用拆下来的船板钉成的。",
    "店主说，她在外地开过两家店，都关了，这次回到镇上，租金只有从前的一成。",
    "开门头一天来了四百多人，其中不少是放了学的孩子，一本漫画在他们手里传了一圈。",
    "镇上的人说，晚上总算又有一处亮着灯的地方了。",
]
OTHERS = ["山路塌方已经抢通", "中学足球队夺得冠军", "菜市场下月起翻修", "渡轮加开夜班"]
LIST = "<ul>" + "".join(f"<li><a href=/{i}>{text}</a></li>" for i, text in enumerate(OTHERS)) + "</ul>"
MENU = "<div class=menu><a href=/>首页</a> <a href=/n>新闻</a> <a href=/s>体育</a></div>"
FOOT = "<div class=footer>版权所有，未经许可不得转载。</div>"


def paragraphs(texts: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def page(body: str, head: str = "", title: str = f"{TITLE}_某某网") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{MENU}{body}{FOOT}</body></html>"


def lines_of(html: str | bytes) -> list[str]:
    text, _, _ = read_html(html.encode() if isinstance(html, str) else html, None, RULES)
    return [line for line in text.split("\n") if line]


def cleaned(html: str) -> list[str]:
    source = read_bytes(html.encode(), Sidecar(), "a", "a.html", None, RULES)
    return [line for line in clean_article(Article.of(source), RULES).text.chars.split("\n") if line]


def stated(html: str) -> Meta:
    return read_html(html.encode(), None, RULES)[2]


FORMS = {
    "paragraphs": f"<div>{paragraphs(TEXT)}</div>",
    "paragraphs that are not closed": "<div>" + "".join(f"<p>{text}" for text in TEXT) + "</div>",
    "line breaks in a cell": "<table><tr><td>" + "<br><br>　　".join(TEXT) + "</td></tr></table>",
    "bare text, paragraphs and spans": f"<div>{TEXT[0]}<p>{TEXT[1]}</p>{TEXT[2]}<br><br><span>{TEXT[3]}</span></div>",
    "sections in sections": "".join(
        f"<section><section><p><span>{text}</span></p></section></section>" for text in TEXT
    ),
    "two parts": f"<div>{paragraphs(TEXT[:2])}</div><div class=ad>买一送一</div><div>{paragraphs(TEXT[2:])}</div>",
    "hidden until a script runs": f'<div class=body style="visibility: hidden">{paragraphs(TEXT)}</div>',
    "preformatted": "<pre>\n　　" + "\n\n　　".join(TEXT) + "\n</pre>",
    "spaces that do not break": "".join(f"<p>&nbsp;&nbsp;{text}</p><p>&nbsp;</p>" for text in TEXT),
    "fonts that are not closed": "".join(f"<font size=3><p>{text}" for text in TEXT),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_the_text_is_kept_whole_and_other_articles_stay_out(body: str) -> None:
    found = lines_of(page(f"<h1>{TITLE}</h1>{body}<h3>相关新闻</h3>{LIST}"))
    assert found[0] == TITLE
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(OTHERS) & set(found)
    assert "买一送一" not in found


COMMENTS = [f"我上周去过第{number}次，船板的味道很好闻，孩子们坐在地上看书，谁也不肯回家。" for number in range(9)]


@pytest.mark.parametrize("name", ["comment-list", "pageComments", "box pinglun"])
def test_comments_longer_than_the_article_stay_out(name: str) -> None:
    body = f"<div><h1>{TITLE}</h1><div>{paragraphs(TEXT)}</div><div class='{name}'>{paragraphs(COMMENTS)}</div></div>"
    found = lines_of(page(body))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(COMMENTS) & set(found)


def test_an_article_in_an_element_of_an_unlucky_name_is_read() -> None:
    found = lines_of(page(f"<div class=recommend><h1>{TITLE}</h1>{paragraphs(TEXT)}</div>"))
    assert [line for line in found if line in TEXT] == TEXT


def test_copies_that_no_reader_sees_stay_out() -> None:
    copies = "".join(
        f"<{tag}{style}>{paragraphs(TEXT)}</{tag.split()[0]}>"
        for tag, style in (("noscript", ""), ("textarea", ""), ("template", ""), ("div", " style='display:none'"))
    )
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{paragraphs(TEXT)}</div>{copies}"))
    assert [line for line in found if line in TEXT] == TEXT


VERSE = ["渡口", "船来得很慢", "灯也亮得很慢", "我数到第九朵浪", "你还没有上岸"]


def test_verse_in_an_element_named_as_text_survives_cleaning() -> None:
    html = page(f"<h1>{TITLE}</h1><p>2024年3月5日 来源：某某报</p><div class=text>{'<br>'.join(VERSE)}</div>")
    assert [line for line in cleaned(html) if line in VERSE] == VERSE


def test_a_list_of_results_between_sentences_survives_cleaning() -> None:
    results = ["男子组", "第一名 周大海 32分10秒", "第二名 李小山 32分44秒", "女子组", "第一名 何青 38分02秒"]
    body = paragraphs([TEXT[0], *results, TEXT[3]])
    html = page(f"<h1>{TITLE}</h1><p>2024年3月5日 来源：某某报</p><div class=content>{body}</div>{LIST}")
    assert [line for line in cleaned(html) if line in results] == results


def test_lists_captions_and_definitions_keep_their_lines() -> None:
    body = (
        f"<p>{TEXT[0]}</p><ol><li>东库：童书<ul><li>一层绘本</li></ul></li><li>西库：旧报</li></ol>"
        "<dl><dt>开门</dt><dd>每天十点</dd></dl><figure><img src=a.gif data-src=b.jpg><figcaption>船板书架</figcaption>"
        f"</figure><p>{TEXT[1]}</p>"
    )
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{body}</div>"))
    wanted = ["东库：童书", "一层绘本", "西库：旧报", "开门", "每天十点", "船板书架"]
    assert [line for line in found if line in wanted] == wanted


def test_readings_above_characters_are_left_out() -> None:
    found = lines_of(
        page(f"<h1>{TITLE}</h1><p><ruby>埠<rp>(</rp><rt>bù</rt><rp>)</rp></ruby>头的旧仓房，今天重新开门了。</p>")
    )
    assert "埠头的旧仓房，今天重新开门了。" in found


MARKUP = paragraphs(TEXT)
WHOLE = {"title": TITLE, "content": MARKUP, "publishTime": "2024-03-05T08:00:00+08:00"}
LINKED_DATA = json.dumps({"headline": TITLE, "articleBody": "\n".join(TEXT)})
ESCAPED = json.dumps(WHOLE).replace("\\", "\\\\")
PARTS = json.dumps({"title": TITLE, "parts": [{"text": text} for text in TEXT]})
SCRIPTS = {
    "JSON-LD": f'<script type="application/ld+json">{LINKED_DATA}</script>',
    "a script of type JSON": f'<script type="application/json">{json.dumps({"props": {"page": WHOLE}})}</script>',
    "an assigned value": f"<script>window.__STATE__ = {json.dumps({'d': WHOLE, 'n': [1]})};run()</script>",
    "a value with undefined": f'<script>var a = {{"x":undefined,"title":"{TITLE}","body":"{MARKUP}"}};</script>',
    "a quoted text": f"<script>show(JSON.parse('{ESCAPED}'))</script>",
    "paragraphs in a list": f"<script>a={{'b':1}};window.data={PARTS}</script>",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_an_article_that_only_scripts_hold_is_read(script: str) -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><div id=app>正在加载</div>{script}</body></html>"
    assert lines_of(html) == [TITLE, *TEXT]


def test_scripts_are_left_alone_where_the_page_shows_the_article() -> None:
    script = f'<script type="application/json">{json.dumps({"summary": "".join(COMMENTS)})}</script>'
    long = TEXT * 2
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{paragraphs(long)}</div>{script}"))
    assert [line for line in found if line in TEXT] == long


def test_summaries_of_other_articles_are_no_list_of_paragraphs() -> None:
    from hkextract.read.html import parse

    items = [{"title": text, "summary": TEXT[0]} for text in OTHERS]
    tree = parse(f"<html><body><script>a={json.dumps({'list': items})}</script></body></html>")
    told = article_in_scripts(tree)
    assert told is None or told.text == TEXT[0]
    assert (
        sentences(
            "首页 新闻 财经 体育 娱乐 科技 汽车 房产 教育 健康 视频 论坛 图片 专题 直播 评论 读书 彩票 游戏 商城 天气"
        )
        == 0
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<html><frameset><frame src=a.html></frameset></html>", "frames"),
        ("<html><body><img src=a.jpg></body></html>", "pictures"),
        ("<html><body><div id=app></div></body></html>", "Save it again"),
    ],
)
def test_a_page_without_text_tells_what_to_do(html: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read_html(html.encode())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (page(f"<h1>{TITLE}</h1>{MARKUP}", "<meta charset=gb2312>").encode("gb18030"), "gb18030"),
        (page(f"<h1>{TITLE}</h1>{MARKUP}").encode("gb18030"), "gb18030"),
        (page(f"<h1>{TITLE}</h1>{MARKUP}", "<meta charset=utf-8>").encode("gb18030"), "gb18030"),
        (page(f"<h1>{TITLE}</h1>{MARKUP}", "<meta charset=gb2312>").encode("utf-8-sig"), "utf-8-sig"),
    ],
    ids=["declared too small", "not declared", "declared wrong", "marked"],
)
def test_the_bytes_beat_the_declaration(data: bytes, encoding: str) -> None:
    text, found, _ = read_html(data, None, RULES)
    assert found == encoding
    assert TEXT[0] in text


PUBLISHED = '<meta property="article:published_time" content="{}">'
BUILT = '<meta name="date" content="{}">'


@pytest.mark.parametrize(
    ("head", "line", "wanted", "basis"),
    [
        (PUBLISHED.format("2024-03-05T08:30:00+08:00"), "", "2024-03-05T08:30:00+08:00", "file metadata"),
        (PUBLISHED.format("2024-03-04T17:30:00.000Z"), "2024年3月5日", "2024-03-05T01:30:00+08:00", "file metadata"),
        (PUBLISHED.format("2024-03-04T17:30:00.000Z"), "", "2024-03-04T17:30:00Z", "file metadata"),
        (BUILT.format("2020-01-01"), "2024年3月5日", "2024-03-05", "header line"),
        (BUILT.format("2024-03-05"), "", "2024-03-05", "file metadata"),
        ('<script>var pubDate="20240305";</script>', "", "2024-03-05", "file metadata"),
        ('<script>a={"publish_time":1709602200}</script>', "", "2024-03-05T09:30:00+08:00", "file metadata"),
        ("<link rel=canonical href=https://example.org/2024/0305/c1.html>", "", "2024-03-05", "file metadata"),
        ("", "时间：2024-03-05 08:30", "2024-03-05T08:30", "header line"),
        ("", "", "", "none"),
    ],
)
def test_the_day_of_a_page(head: str, line: str, wanted: str, basis: str) -> None:
    html = page(f"<h1>{TITLE}</h1><p>{line}</p><div>{MARKUP}</div>", head)
    found = stated(html)
    assert (found.published_at, found.published_basis) == (wanted, basis)


def test_a_day_above_the_title_or_below_the_text_counts_where_no_other_stands() -> None:
    above = page(f"<p>2024年3月5日 08:30</p><h1>{TITLE}</h1><div>{MARKUP}</div>")
    below = page(f"<h1>{TITLE}</h1><div>{MARKUP}<p>《某某报》（2024年3月5日第二版）</p></div>")
    assert stated(above).published_at == "2024-03-05T08:30"
    assert stated(below).published_at == "2024-03-05"


def test_a_day_in_the_first_sentence_is_not_the_day_of_publication() -> None:
    told = "2001年6月1日，码头停了最后一班船。"
    assert stated(page(f"<h1>{TITLE}</h1><div><p>{told}</p>{MARKUP}</div>")).published_at == ""


def test_days_are_read_in_the_forms_that_pages_use() -> None:
    assert day_of("2024-03-05T01:12:00.000Z") == "2024-03-05T01:12:00Z"
    assert day_of("1709602200000") == "2024-03-05T09:30:00+08:00"
    assert day_of("9999999999999999") == day_of("soon") == ""


def test_the_clock_is_never_asked() -> None:
    from hkextract.read.html import parse

    html = f"<html><body>{MARKUP}</body></html>"
    assert published(parse(html), html, {}, Meta(), Lines(TEXT, [])) == Meta()


def test_the_source_is_the_line_of_the_page_before_the_site() -> None:
    head = '<meta property="og:site_name" content="某某网">'
    body = f"<h1>{TITLE}</h1><p>{{}}</p><div>{MARKUP}</div>"
    assert stated(page(body.format("2024年3月5日"), head)).source == "某某网"
    assert stated(page(body.format("2024年3月5日 來源：湖濱日報"), head)).source == ""


@pytest.mark.parametrize("title", [f"{TITLE}_城事_某某网", f"{TITLE} - 某某网", f"某某网 - 城事 - {TITLE}", TITLE])
def test_the_title_comes_without_the_site(title: str) -> None:
    assert stated(page(f"<div><b>{TITLE}</b></div><div>{MARKUP}</div>", title=title)).title == TITLE


def test_names_of_elements_are_read_by_their_words() -> None:
    roles = roles_of(RULES)
    assert roles.named("relatedNews") == roles.named("box hot-list") == "other articles"
    assert roles.named("commentary-page") == roles.named("photo") == ""
    assert roles.named("article_content") == "article"


UNITS = [f"<p>{TEXT[0]}</p>", "<div>字，字。", "<a href=/>别的标题</a>", "<td>一，二</td>", "<font><p>字，字。"]


@pytest.mark.parametrize("unit", [*UNITS, "<table><tr><td>一，二。"])
def test_time_grows_with_the_page_and_no_faster(unit: str) -> None:
    def seconds(times: int) -> float:
        data = page(f"<h1>{TITLE}</h1>{MARKUP}<table><tr>{unit * times}").encode()
        begun = time.process_time()
        read_html(data, None, RULES)
        return time.process_time() - begun

    seconds(50)
    assert seconds(8000) < 0.2 + 12 * seconds(2000)


def test_a_page_deeper_than_the_parser_goes_is_read_whole() -> None:
    html = page(f"<h1>{TITLE}</h1>" + "<div>" * 5000 + MARKUP)
    assert [line for line in lines_of(html) if line in TEXT] == TEXT


@given(st.text(alphabet="<>/pdivatr=\"' 字，。\n", max_size=200))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    try:
        text, _, _ = read_html(f"<html>{markup}".encode(), None, RULES)
    except ReadError:
        return
    assert text.endswith("\n")


def test_a_strong_line_is_the_headline_where_the_title_names_the_site_alone() -> None:
    rows = [f"<font size=5>{TITLE}</font>", "湖边的读者来信", MARKUP]
    body = "<table>" + "".join(f"<tr><td>{row}</td></tr>" for row in rows) + "</table>"
    html = page(body, title="某某网 新闻中心")
    assert stated(html).title == TITLE
    assert lines_of(html)[0] == TITLE


def test_another_article_below_stays_out() -> None:
    below = f"<article><h2>{OTHERS[0]}</h2>{paragraphs(COMMENTS)}</article>"
    found = lines_of(page(f"<main><article><h1>{TITLE}</h1>{MARKUP}</article>{below}</main>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(COMMENTS) & set(found)


def test_entries_with_their_times_are_no_article() -> None:
    entries = "".join(
        f"<div><b>网友{i}</b><p>{text}</p><i>2024-03-1{i} 回复</i></div>" for i, text in enumerate(COMMENTS)
    )
    found = lines_of(page(f"<div><h1>{TITLE}</h1><div>{MARKUP}</div></div><div><h4>留言</h4>{entries}</div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(COMMENTS) & set(found)


def test_an_anchor_left_open_is_no_link() -> None:
    found = lines_of(page(f"<a name=top><h1>{TITLE}</h1><a name=text><div>{'<br>'.join(TEXT)}</div>"))
    assert [line for line in found if line in TEXT] == TEXT


def test_marks_of_word_processors_do_not_break_a_line() -> None:
    marked = TEXT[0].replace("码头", "<st1:place w:st=on>码头</st1:place>") + "<o:p></o:p>"
    assert TEXT[0] in lines_of(page(f"<h1>{TITLE}</h1><p>{marked}</p>{MARKUP}"))


def test_a_form_that_asks_is_left_out_and_one_around_the_page_is_not() -> None:
    vote = "<form><p>您喜欢哪一层书？</p><input type=radio>船板层，很安静<input type=radio>漫画层，很热闹</form>"
    found = lines_of(page(f"<form id=Form1><h1>{TITLE}</h1><div>{MARKUP}</div></form>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert "您喜欢哪一层书？" not in lines_of(page(f"<h1>{TITLE}</h1><div>{MARKUP}{vote}</div>"))


def test_results_between_sentences_survive_in_a_cell_without_a_name() -> None:
    results = ["男子组", "第一名 周大海 32分10秒", "第二名 李小山 32分44秒", "第三名 马岸 33分01秒"]
    rows = "<br>".join([TEXT[0], *results, TEXT[3]])
    html = page(f"<table><tr><td><b>{TITLE}</b><br>2024年3月5日 来源：某某报<br>{rows}</td></tr></table>{LIST}")
    assert [line for line in cleaned(html) if line in results] == results


def test_a_paper_that_titles_its_pages_alone_still_has_headlines() -> None:
    body = f"<div>第A05版：城事</div><div class=right><h1>{TITLE}</h1><div>{MARKUP}</div></div>"
    assert stated(page(body, title="某某报数字报-第A05版：城事")).title == TITLE


def test_the_same_article_again_for_telephones_stays_out() -> None:
    copy = f"<div class=wap><h1>{TITLE}</h1><div>{MARKUP}</div></div>"
    found = lines_of(page(f"<div class=pc><h1>{TITLE}</h1><div>{MARKUP}</div></div>{copy}"))
    assert [line for line in found if line in TEXT] == TEXT


def test_slides_of_a_photo_story_are_one_article() -> None:
    slides = "".join(
        f"<div class=slide><img src={i}.jpg><div><i>{i}/4</i><p>{text}</p></div></div>" for i, text in enumerate(TEXT)
    )
    found = lines_of(page(f"<h1>{TITLE}</h1><div class=swiper>{slides}</div>{LIST}"))
    assert [line for line in found if line in TEXT] == TEXT


def test_a_link_alone_between_paragraphs_leads_elsewhere_and_one_in_a_sentence_stays() -> None:
    linked = TEXT[1].replace("租金", "<a href=/k>租金</a>")
    body = f"<p>{TEXT[0]}</p><p><a href=/1>{OTHERS[0]}</a></p><p>{linked}</p><p>{TEXT[2]}</p>"
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{body}</div>"))
    assert [line for line in found if line in TEXT] == TEXT[:3]
    assert OTHERS[0] not in found


def test_a_web_archive_holds_the_page() -> None:
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    archive = MIMEMultipart("related")
    archive["Snapshot-Content-Location"] = "https://example.org/2024/0305/c1.html"
    archive.attach(MIMEText(page(f"<h1>{TITLE}</h1><div>{MARKUP}</div>"), "html", "gb18030"))
    archive.attach(MIMEText("td { color: red }", "css"))
    source = read_bytes(archive.as_bytes(), Sidecar(), "a", "a.mhtml", None, RULES)
    assert [line for line in source.raw_text.split("\n") if line in TEXT] == TEXT
    assert (source.encoding, source.stated.published_at) == ("gb18030", "2024-03-05")
    assert source.stated.url == "https://example.org/2024/0305/c1.html"


TEASERS = {
    "elements": "".join(
        f"<div><h3><a href=/{i}>{text}</a></h3><p>{COMMENTS[i]}</p></div>" for i, text in enumerate(OTHERS)
    ),
    "lines": "".join(f"<p><a href=/{i}>{text}</a></p><p>{COMMENTS[i]}</p>" for i, text in enumerate(OTHERS)),
    "definitions": "".join(f"<dl><dt><a href=/{i}>{x}</a><dd>{COMMENTS[i]}</dl>" for i, x in enumerate(OTHERS)),
}


@pytest.mark.parametrize("teasers", TEASERS.values(), ids=TEASERS)
def test_teasers_longer_than_the_article_stay_out(teasers: str) -> None:
    found = lines_of(page(f"<div><h1>{TITLE}</h1><div>{MARKUP}</div><div>{teasers}</div></div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not {*COMMENTS, *OTHERS} & set(found)


def test_links_between_paragraphs_make_no_teasers_of_them() -> None:
    mixed = "".join(f"<p>{TEXT[i]}</p><p><a href=/{i}>{text}</a></p>" for i, text in enumerate(OTHERS[:3])) + TEXT[3]
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{mixed}</div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(OTHERS) & set(found)


@pytest.mark.parametrize("label", ["推广", "【广告】", "延伸阅读", "热门评论（36）", "最新留言"])
def test_a_box_is_told_by_its_heading(label: str) -> None:
    box = f"<div><div>{label}</div><div>{COMMENTS[0]}</div></div>"
    body = f"<div>{TEXT[0]}</div><div>{TEXT[1]}</div>{box}<div>{TEXT[2]}</div><div>{TEXT[3]}</div>"
    found = lines_of(page(f"<div><h1>{TITLE}</h1><div>{body}</div></div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not {label, COMMENTS[0]} & set(found)


def test_a_heading_of_comments_ends_the_article_where_they_follow_without_a_box() -> None:
    comments = "".join(f"<p>读者{i}</p><p>{text}</p>" for i, text in enumerate(COMMENTS))
    found = lines_of(page(f"<div><h2>{TITLE}</h2>{MARKUP}<h3>网友评论</h3>{comments}</div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(COMMENTS) & set(found)


def test_an_article_under_a_telling_heading_is_read() -> None:
    found = lines_of(page(f"<div><div>最新消息</div><h1>{TITLE}</h1><div>{MARKUP}</div></div>{LIST}"))
    assert [line for line in found if line in TEXT] == TEXT
    found = lines_of(page(f"<div><h3>最新评论</h3><div>{MARKUP}</div></div>{LIST}", title="某某网"))
    assert [line for line in found if line in TEXT] == TEXT


def test_a_small_box_that_asks_stays_out_and_slides_with_buttons_do_not() -> None:
    asks = "<div><p>每周六寄一封信，里面有店主的三则短记。</p><form><input type=email><button>好</button></form></div>"
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{paragraphs(TEXT[:2])}{asks}{paragraphs(TEXT[2:])}</div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not any("每周六" in line for line in found)
    slides = "".join(f"<div><p>{text}</p><button>下一张</button></div>" for text in TEXT)
    found = lines_of(page(f"<h1>{TITLE}</h1><div>{slides}</div>"))
    assert [line for line in found if line in TEXT] == TEXT


def test_a_box_about_the_author_is_furniture_below_the_text_only() -> None:
    box = "<div class='author-bio'><p>2024年3月5日 周大海，本地人，开过船，写过两本关于渡口的书。</p></div>"
    below = lines_of(page(f"<h1>{TITLE}</h1><div>{MARKUP}{box}</div>"))
    assert [line for line in below if line in TEXT] == TEXT
    assert not any("周大海" in line for line in below)
    above = "<div class='author-bio'>周大海　2024年3月5日</div>"
    assert stated(page(f"<h1>{TITLE}</h1>{above}<div>{MARKUP}</div>")).published_at == "2024-03-05"


def test_data_below_the_text_is_kept_and_rows_above_it_tell_the_day() -> None:
    above = "<table><tr><td>文号</td><td>镇字第九号</td></tr><tr><td>颁布日期</td><td>2024-03-05</td></tr></table>"
    below = "<h2>藏书</h2><table><tr><th>童书</th><td>四百册</td></tr><tr><th>旧报</th><td>六十捆</td></tr></table>"
    html = page(f"<div><h1>{TITLE}</h1>{above}<div>{MARKUP}</div>{below}</div>")
    found = lines_of(html)
    assert found == [TITLE, *TEXT, "藏书", "童书\t四百册", "旧报\t六十捆"]
    assert stated(html).published_at == "2024-03-05"


def test_links_that_show_the_day_above_the_text_are_kept_and_sizes_of_type_are_not() -> None:
    line = "<div>2024年3月5日08:30　<a href=/m>湖滨日报</a>　<a href=/c>我有话说</a>(<a href=/c>12人参与</a>)</div>"
    sizes = "<div>字体：[<a href=#>大</a> <a href=#>中</a> <a href=#>小</a>]</div>"
    html = page(f"<h1>{TITLE}</h1>{line}{sizes}<div>{MARKUP}</div>")
    assert stated(html).published_at.startswith("2024-03-05")
    assert not any("字体" in text for text in lines_of(html))


def test_entries_with_a_button_each_are_comments_though_they_are_longer_than_the_article() -> None:
    entry = "<div class=x7><div>客{i} {i} 分钟前</div><div>{text}</div><div><button>好</button></div></div>"
    entries = "".join(entry.format(i=i, text=text) for i, text in enumerate(COMMENTS))
    found = lines_of(page(f"<div><h1>{TITLE}</h1><div>{MARKUP}</div></div><div>{entries}</div>"))
    assert [line for line in found if line in TEXT] == TEXT
    assert not set(COMMENTS) & set(found)


def test_the_first_post_of_a_thread_is_the_article() -> None:
    def post(number: int, text: str) -> str:
        day = f"<tr><td>2024-3-{number} 10:21:00</td><td>IP: 已设置保密 <a href=#>回复</a> <a href=#>引用</a></td></tr>"
        return f"<tr><td>客{number}</td><td>{text}</td></tr>{day}"

    answers = "".join(post(number, text) for number, text in enumerate(COMMENTS[:3], 6))
    html = page(f"<div>{TITLE}</div><table>{post(5, '<br><br>'.join(TEXT))}{answers}</table>")
    found = lines_of(html)
    assert [line for line in found if line in TEXT] == TEXT
    assert not any(text in line for line in found for text in COMMENTS)
