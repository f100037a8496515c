"""Reading: encodings, messages, ids, saved pages, Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.read import ReadError, article_ids, read
from hkextract.read.encodings import CERTAIN, canonical, commonness, decode
from hkextract.read.html import read_html
from hkextract.read.markdown import front_matter, iso_date, read_markdown

SIMPLIFIED = "园区去年引进了二十家企业，今年的目标是三十家。负责人说：“我们的经费已经到位，人也来了。”\r\n"
TRADITIONAL = "園區去年引進了二十家企業，今年的目標是三十家。負責人說：「我們的經費已經到位，人也來了。」\r\n"
CANTONESE = "佢哋喺觀塘嘅舖頭，而家仲有好多街坊嚟幫襯，衞生署嘅人都話冇問題。深水埗嗰間就執咗啦。\n"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_is_recognised_and_every_character_kept(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("text", [TRADITIONAL, CANTONESE])
def test_big5_of_hong_kong_is_recognised(text: str) -> None:
    assert decode(text.encode("big5hkscs")) == (text, "big5hkscs")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert decode((SIMPLIFIED * 5).encode(encoding)) == (SIMPLIFIED * 5, encoding)


def test_the_right_reading_has_common_characters_and_the_wrong_one_has_not() -> None:
    for text, right, wrong in ((SIMPLIFIED, "gb18030", "big5hkscs"), (TRADITIONAL, "big5hkscs", "gb18030")):
        data = text.encode(right)
        assert commonness(data.decode(right)) > 2 * CERTAIN
        assert commonness(data.decode(wrong, "replace")) < CERTAIN / 3


def test_a_stray_nul_does_not_make_utf8_something_else() -> None:
    text = SIMPLIFIED * 3 + "\0" + SIMPLIFIED
    assert decode(text.encode()) == (text, "utf-8")


def test_utf8_with_a_broken_end_stays_utf8() -> None:
    text, encoding = decode((SIMPLIFIED * 3).encode()[:-4])
    assert encoding == "utf-8"
    assert text.count("\ufffd") == 1


def test_declared_gb2312_is_read_as_gb18030() -> None:
    assert canonical("GB2312") == "gb18030"
    page = (
        "<html><head><meta charset=gb2312></head><body><p>总理朱镕基。研究员郑赟说，去年的经费不够。</p></body></html>"
    )
    text, encoding, _ = read_html(page.encode("gb18030"))
    assert encoding == "gb18030"
    assert "朱镕基" in text
    assert "郑赟" in text


def test_forced_encoding() -> None:
    assert decode("香港".encode("big5"), "big5") == ("香港", "big5hkscs")
    with pytest.raises(ReadError, match="Leave --encoding out"):
        decode(SIMPLIFIED.encode("gb18030"), "utf-8")
    with pytest.raises(ReadError, match="no encoding named"):
        decode(b"abc", "klingon")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.4 ...", "a PDF file"),
        (b"PK\x03\x04....", "office document"),
        (bytes(range(32)) * 50, "binary"),
    ],
)
def test_what_is_no_text_is_told_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as error:
        decode(data)
    assert "corpus" in str(error.value) or "Save it" in str(error.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except ReadError:
        return
    assert text.strip("\0 \t\r\n\ufeff")
    assert encoding


def test_raw_text_is_the_decoded_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + SIMPLIFIED.encode())
    source = read(tmp_path / "a.txt", tmp_path, "a")
    assert (source.raw_text, source.kind, source.encoding, source.file) == (SIMPLIFIED, "text", "utf-8-sig", "a.txt")


def test_ids_are_unique_safe_and_begin_with_a_letter() -> None:
    root = Path("c")
    names = [
        "2024-05-28.txt",
        "a.txt",
        "A.html",
        "新闻 一.txt",
        "x/y.txt",
        "x__y.txt",
        "con.txt",
        "b",
        ".c.d",
        "1e5.txt",
    ]
    ids = article_ids([root / name for name in names], root)
    assert len({name.casefold() for name in ids.values()}) == len(names)
    assert all(name[0].isalpha() and not set(name) & set('/\\:*?"<>| ') for name in ids.values())
    assert ids[root / "2024-05-28.txt"] == "a_2024-05-28"
    assert (ids[root / "a.txt"], ids[root / "A.html"]) == ("a_txt", "A_html")
    assert ids[root / "新闻 一.txt"] == "新闻_一"


def test_ids_do_not_depend_on_the_order() -> None:
    root = Path("c")
    paths = [root / name for name in ("a.txt", "a.html", "b/a.txt", "b__a.txt", "b__a.md")]
    assert article_ids(paths, root) == article_ids(paths[::-1], root)


def test_long_names_are_cut_and_stay_apart() -> None:
    root = Path("c")
    ids = article_ids([root / ("长" * 90 + tail + ".txt") for tail in "甲乙"], root)
    assert len(set(ids.values())) == 2
    assert all(len(name.encode()) <= 130 for name in ids.values())


PAGE = """<!DOCTYPE html><html><head><title>{title}_产业_某某网</title>
<meta property="article:published_time" content="2024-03-05T08:30:00+08:00"><meta name="author" content="周小雨">
</head><body><div class=nav><a href=/>首页</a><a href=/b>产业</a></div>
<div id=main><h1>{title}</h1><div class=info>2024年3月5日 08:30 来源：某某网</div>
<div class=text>{body}</div>
<div class=share><a href=#>微信</a><a href=#>微博</a></div></div>
<div class=side><ul><li><a href=/1>别的新闻标题在这里一条</a><li><a href=/2>另一条别的新闻标题</a></ul></div>
<div class=foot>版权所有 某某网</div></body></html>"""
PARAGRAPHS = [
    "深圳的一家工厂上周开工，投资三亿元，占地五公顷。",
    "厂长说，新的生产线比旧的快两倍，用电却少了三成。",
    "市政府的官员表示，今后三年还会有十家这样的工厂。",
]


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
        "<br>".join(PARAGRAPHS),
        "<br><br>".join("　　" + text for text in PARAGRAPHS),
        "".join(f"<div><span>{text}</span></div>" for text in PARAGRAPHS),
        f"{PARAGRAPHS[0]}<p>{PARAGRAPHS[1]}</p>{PARAGRAPHS[2]}",
        f"<p>{PARAGRAPHS[0][:6]}<b>{PARAGRAPHS[0][6:10]}</b>{PARAGRAPHS[0][10:]}</p><p>{PARAGRAPHS[1]}<p>{PARAGRAPHS[2]}",
    ],
)
def test_a_page_gives_its_article_a_line_a_paragraph(body: str) -> None:
    page = PAGE.format(title="新工厂开工记：三亿元的生产线", body=body)
    text, _, stated = read_html(page.encode())
    lines = [line for line in text.split("\n") if line]
    assert lines[0] == stated.title == "新工厂开工记：三亿元的生产线"
    assert [line for line in lines if line in PARAGRAPHS] == PARAGRAPHS
    assert "别的新闻" not in text
    assert "版权" not in text
    assert (stated.published_at, stated.published_basis) == ("2024-03-05T08:30:00+08:00", "file metadata")
    assert stated.author == "周小雨"


def test_a_table_keeps_its_rows() -> None:
    rows = "<tr><th>年度</th><th>开支</th></tr><tr><td>2023</td><td>3亿元</td></tr>"
    page = PAGE.format(
        title="开支一览表公布了", body=f"<p>{PARAGRAPHS[0]}</p><table>{rows}</table><p>{PARAGRAPHS[1]}</p>"
    )
    text, _, _ = read_html(page.encode())
    assert "\n年度\t开支\n2023\t3亿元\n" in text


def test_a_table_that_lays_out_the_page_is_no_row() -> None:
    cells = f"<td><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></td><td>一栏</td>"
    text, _, _ = read_html(f"<html><body><table><tr>{cells}</tr></table></body></html>".encode())
    assert text.split("\n")[0] == PARAGRAPHS[0]


def test_lines_broken_within_a_paragraph_stand_together() -> None:
    page = PAGE.format(
        title="分行排的文章一篇", body="甲句的前半，<br>甲句的后半。<br><br>乙句的前半，<br>乙句的后半。"
    )
    text, _, _ = read_html(page.encode())
    assert "甲句的前半，\n甲句的后半。\n\n乙句的前半，\n乙句的后半。" in text


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(ReadError, match="holds no text"):
        read_html(b"<html><head><title>x</title></head><body><script>1</script></body></html>")


def test_the_date_below_the_title_beats_dates_in_lists() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-03-05T08:30:00+08:00">', "")
    page = page.format(title="新工厂开工记：三亿元的生产线", body="".join(f"<p>{text}</p>" for text in PARAGRAPHS))
    assert read_html(page.replace("<li>", "<li>2019-01-01 ").encode())[2].published_at == "2024-03-05T08:30"


def test_front_matter() -> None:
    text = '---\ntitle: "甲：乙"\ndate: 2024-08-09 09:31\nauthors:\n  - 陈一\n  - 李二\n---\n# 甲：乙\n正文。\n'
    raw, _, stated = read_markdown(text.encode())
    assert raw == text
    assert (stated.title, stated.published_at, stated.author) == ("甲：乙", "2024-08-09T09:31", "陈一、李二")
    assert read_markdown("# 没有前言\n---\n正文。\n".encode())[2].title == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024年8月9日09:31", "2024-08-09T09:31"),
        ("2024/8/9", "2024-08-09"),
        ("2024-08-09T09:31:00+0800", "2024-08-09T09:31:00+08:00"),
        ("2024-08-09 25:99", "2024-08-09"),
        ("2024-02-30", ""),
        ("昨日", ""),
    ],
)
def test_dates_of_metadata(text: str, wanted: str) -> None:
    assert iso_date(text) == wanted


@given(st.text(max_size=200))
def test_any_front_matter_is_read(body: str) -> None:
    assert front_matter(body).published_basis in ("none", "file metadata")
