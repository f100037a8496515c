"""Record files: which column is what, one faulty record among good ones, and memory that does not grow."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hkextract.article import Article
from hkextract.pipeline import Pipeline, Result
from hkextract.read import ReadError
from hkextract.read.columns import Columns, folded
from hkextract.read.recorddates import iso_of
from hkextract.read.recordfiles import dialect_of
from hkextract.read.records import BadRecord, Record, is_records, records, source_of

STORIES = [
    (
        "n1",
        "渔港翻新动工",
        "渔港的翻新工程周一动工，预算是三千万元。\n码头将加长两百米，到明年年底完工，渔船照常进港。",
    ),
    ("n2", "校车换成电动的", "全市的校车将分三年换成电动的，第一批有八十辆。司机们说，新车更安静，也省钱。"),
    ("n3", "图书馆延长开放", "读者要求了多年，图书馆终于决定，周末开放到晚上十点，并且增加五名馆员，明年再看。"),
]
RAW = [
    {"id": key, "title": title, "published_at": f"2024-12-0{at}", "source": "海湾早报", "content": text}
    for at, (key, title, text) in enumerate(STORIES, 1)
]


def write_json(path: Path, rows: list[Any], encoding: str = "utf-8") -> Path:
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_csv(path: Path, rows: list[dict[str, Any]], encoding: str = "utf-8", **dialect: Any) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), **dialect)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_parquet(path: Path, rows: list[dict[str, Any]], **options: Any) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(rows), path, **options)
    return path


def good(found: Iterator[Record | BadRecord]) -> list[Record]:
    kept = list(found)
    assert not [item for item in kept if isinstance(item, BadRecord)]
    return [item for item in kept if isinstance(item, Record)]


def assert_stories(found: list[Record]) -> None:
    assert [(r.number, r.key, r.stated.title, r.text) for r in found] == [
        (number, *story) for number, story in enumerate(STORIES, 1)
    ]
    assert [(r.stated.published_at, r.stated.published_basis) for r in found] == [
        (f"2024-12-0{at}", "file metadata") for at in (1, 2, 3)
    ]
    assert {r.stated.source for r in found} == {"海湾早报"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_json_lines(tmp_path: Path, name: str, encoding: str) -> None:
    found = good(records(write_json(tmp_path / name, RAW, encoding)))
    assert_stories(found)
    assert {r.encoding for r in found} == {encoding}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_in_any_dialect(tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert_stories(good(records(write_csv(tmp_path / "a.csv", RAW, encoding, delimiter=delimiter))))
    assert_stories(good(records(write_csv(tmp_path / "a.tsv", RAW, encoding, delimiter=delimiter))))


def test_csv_in_big5(tmp_path: Path) -> None:
    rows = [
        {"編號": "甲1", "標題": "漁港翻新", "內容": "漁港的翻新工程週一動工，預算是三千萬元。" * 3, "日期": "2024/12/3"}
    ]
    [record] = good(records(write_csv(tmp_path / "a.csv", rows, "big5")))
    assert (record.key, record.stated.title, record.encoding) == ("甲1", "漁港翻新", "big5hkscs")
    assert record.text == rows[0]["內容"]
    assert record.stated.published_at == "2024-12-03"


def test_parquet(tmp_path: Path) -> None:
    assert_stories(good(records(write_parquet(tmp_path / "a.parquet", RAW, row_group_size=2))))
    rows = [{"text": STORIES[0][2], "date": dt.datetime(2024, 12, 3, 9, 5), "author": ["陈一", "李二"], "extra": 1.5}]
    [record] = good(records(write_parquet(tmp_path / "b.parquet", rows)))
    assert (record.stated.published_at, record.stated.author) == ("2024-12-03T09:05:00", "陈一、李二")


def test_which_files_hold_records() -> None:
    yes = ["a.jsonl", "a.JSONL", "a.ndjson.gz", "a.csv", "a.tsv", "a.csv.gz", "a.parquet", "a.warc", "a.b.warc.gz"]
    assert [name for name in yes if not is_records(Path(name))] == []
    assert [
        n for n in ("a.txt", "a.html", "a.gz", "csv", "a.json", "a.md", "a.csv.meta.toml") if is_records(Path(n))
    ] == []


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("id", "title", "date", "text"), Columns("text", "title", "date", "id")),
        (("docID", "Headline", "Pub_Date", "Body"), Columns("Body", "Headline", "Pub_Date", "docID")),
        (("編號", "標題", "發佈時間", "正文"), Columns("正文", "標題", "發佈時間", "編號")),
        (("文章编号", "题名", "见报日期", "全文"), Columns("全文", "题名", "见报日期", "文章编号")),
        (("_id", "heading", "crawled", "stuff"), Columns("stuff", "heading", "", "_id")),
    ],
)
def test_columns_are_told_by_name_and_by_length(tmp_path: Path, names: tuple[str, ...], wanted: Columns) -> None:
    rows = [dict(zip(names, (key, title, "2024-12-03", text), strict=True)) for key, title, text in STORIES]
    found = good(records(write_json(tmp_path / "a.jsonl", rows)))
    assert [r.text for r in found] == [text for _, _, text in STORIES]
    assert [r.key for r in found] == [key for key, _, _ in STORIES]
    assert [r.stated.title for r in found] == [title for _, title, _ in STORIES]
    assert {r.stated.published_at for r in found} == ({"2024-12-03"} if wanted.date else {""})


def test_a_column_of_a_date_s_name_without_dates_is_not_the_date(tmp_path: Path) -> None:
    rows = [{"text": STORIES[0][2], "time": "5 min", "日期": "2024年12月3日"}]
    assert good(records(write_json(tmp_path / "a.jsonl", rows)))[0].stated.published_at == "2024-12-03"


def test_an_empty_column_of_a_known_name_is_passed_over(tmp_path: Path) -> None:
    rows = [{"text": "", "content": text} for _, _, text in STORIES]
    assert [r.text for r in good(records(write_csv(tmp_path / "a.csv", rows)))] == [row["content"] for row in rows]


def test_named_columns_go_before_guesses(tmp_path: Path) -> None:
    rows = [{"text": "摘要：" + title, "long": text, "when": "20241203"} for _, title, text in STORIES]
    path = write_json(tmp_path / "a.jsonl", rows)
    [first, *_] = good(records(path, Columns(text="long", date="when", title="text")))
    assert (first.text, first.stated.published_at) == (STORIES[0][2], "2024-12-03")
    assert first.stated.title == "摘要：渔港翻新动工"


def test_what_cannot_be_told_is_asked_with_the_columns_and_the_option(tmp_path: Path) -> None:
    path = write_json(tmp_path / "a.jsonl", [{"n": 1, "label": "甲"}])
    with pytest.raises(ReadError, match=r"a\.jsonl.*--text-column.*n, label"):
        records(path)
    with pytest.raises(ReadError, match=r"a\.jsonl has no column 'body' \(--text-column\)\. Its columns are: n, label"):
        records(path, Columns(text="body"))


def test_objects_within_records_are_columns(tmp_path: Path) -> None:
    row = {
        "_id": {"$oid": "5f0"},
        "source": {"name": "海湾早报", "site": 3},
        "article": {"body": ["第一段。", "第二段。"], "authors": [{"name": "陈一"}, {"name": "李二"}]},
        "published": {"$date": {"$numberLong": "1733155200000"}},
    }
    path = write_json(tmp_path / "a.jsonl", [row])
    [record] = good(records(path, Columns(author="article.authors")))
    assert (record.key, record.text) == ("5f0", "第一段。\n第二段。")
    assert (record.stated.source, record.stated.author) == ("海湾早报", "陈一、李二")
    assert record.stated.published_at == "2024-12-03T00:00:00+08:00"


def test_a_faulty_record_does_not_end_the_file(tmp_path: Path) -> None:
    lines = [json.dumps(row, ensure_ascii=False) for row in RAW]
    lines[1:1] = [
        "{broken",
        "",
        "[1, 2]",
        '{"id": "n9", "content": " "}',
        '{"id": 8, "currency": "元", "content": "甲"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(records(tmp_path / "a.jsonl"))
    assert [item.number for item in found] == list(range(1, 8))
    assert [item.key for item in found] == ["n1", "", "", "n9", "8", "n2", "n3"]
    bad = [item.message for item in found if isinstance(item, BadRecord)]
    assert [message.split(" (")[0] for message in bad[:2]] == [
        "Line 2 is not JSON",
        "Line 4 is JSON but no object with named values.",
    ]
    assert "no text in its column 'content'" in bad[2]
    assert "ISO 4217" in bad[3]


def test_faulty_rows_of_csv(tmp_path: Path) -> None:
    text = (
        "id,title,text\n1,甲题,没有引号的正文，用全角逗号。\n2,乙题,half width, so it is cut\n\n3,丙题\n4,丁题,好的。\n"
    )
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = list(records(tmp_path / "a.csv"))
    assert [type(item).__name__ for item in found] == ["Record", "BadRecord", "BadRecord", "Record"]
    assert [item.key for item in found] == ["1", "", "3", "4"]
    assert isinstance(found[1], BadRecord)
    assert found[1].message.startswith("Line 3 has 4 cells where the first line names 3 columns")


def test_csv_keeps_line_breaks_quotes_and_commas(tmp_path: Path) -> None:
    text = '第一段，有"引号"和,逗号。\r\n\r\n第二段；有分号；有\t制表符。'
    path = write_csv(tmp_path / "a.csv", [{"id": "1", "text": text}, {"id": "2", "text": "短。"}])
    assert [r.text for r in good(records(path))] == [text, "短。"]


def test_a_tsv_with_stray_quotes_is_read_line_by_line(tmp_path: Path) -> None:
    rows = "".join(f'{n}\t题{n}\t"他说，第{n}句没有收尾。\n' for n in range(1, 6))
    (tmp_path / "a.tsv").write_text("id\ttitle\ttext\n" + rows, encoding="utf-8")
    found = good(records(tmp_path / "a.tsv"))
    assert [r.text for r in found] == [f'"他说，第{n}句没有收尾。' for n in range(1, 6)]


def test_a_csv_with_backslashes_before_its_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('"id","text"\n"1","他说\\"好\\", 然后走了。"\n"2","乙。"\n', encoding="utf-8")
    assert [r.text for r in good(records(tmp_path / "a.csv"))] == ['他说"好", 然后走了。', "乙。"]


def test_a_csv_of_excel_and_one_of_a_single_column(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\nid;text\n1;甲, 乙。\n", encoding="utf-8")
    assert [r.text for r in good(records(tmp_path / "a.csv"))] == ["甲, 乙。"]
    (tmp_path / "b.csv").write_text("text\n甲, 乙; 丙。\n丁。\n", encoding="utf-8")
    assert [r.text for r in good(records(tmp_path / "b.csv"))] == ["甲, 乙; 丙。", "丁。"]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), min_size=3, max_size=3), max_size=9
    )
)
def test_any_csv_that_python_writes_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["id", "title", "text"], *rows])
    dialect, skip = dialect_of(text.getvalue())
    text.seek(0)
    assert (skip, list(dialect.reader(text))) == (0, [["id", "title", "text"], *rows])


def test_files_that_are_no_records(tmp_path: Path) -> None:
    cases = {
        "empty.jsonl": (b"", "is empty"),
        "list.jsonl": (b'[{"text": "a"}, {"text": "b"}]', "one JSON list"),
        "none.jsonl": (b"not json\nat all\n", "holds no records: its first record is not JSON"),
        "bin.csv": (bytes(range(32)) * 40, "binary"),
        "zip.csv": (b"PK\x03\x04abc", "office document"),
        "story.csv": (("渔港的翻新工程周一动工。" * 8 + "\n甲,乙\n").encode(), "must name its columns"),
        "x.parquet": (b"PAR1 no", "no Parquet table"),
        "x.jsonl.gz": (b"\x1f\x8bnothing", "damaged or cut off|cannot be read"),
    }
    for name, (data, words) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ReadError, match=words):
            records(tmp_path / name)
    with pytest.raises(OSError, match=r"nowhere\.csv"):
        records(tmp_path / "nowhere.csv")


def test_a_forced_encoding(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", RAW, "gb18030")
    assert_stories(good(records(path, encoding="gbk")))
    with pytest.raises(ReadError, match="not in utf-8"):
        records(path, encoding="utf-8")


def test_an_archive_that_is_cut_off_gives_what_is_there(tmp_path: Path) -> None:
    rows = [RAW[n % 3] | {"id": f"n{n}", "salt": hash((n, "salt"))} for n in range(20_000)]
    path = write_json(tmp_path / "a.jsonl.gz", rows)
    path.write_bytes(path.read_bytes()[:-2000])
    *found, last = records(path)
    assert len(found) > 10_000
    assert isinstance(last, BadRecord)
    assert "breaks off" in last.message


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("2024-12-03", "2024-12-03"),
        ("2024/12/3 8:05", "2024-12-03T08:05"),
        ("20241203", "2024-12-03"),
        (20241203, "2024-12-03"),
        (20241203.0, "2024-12-03"),
        ("20241203160205", "2024-12-03T16:02:05"),
        ("2024年12月3日", "2024-12-03"),
        ("2024-12-03T16:02:05.123+08:00", "2024-12-03T16:02:05+08:00"),
        ("2024-12-03 00:00:00", "2024-12-03"),
        ("2024-12-03T00:00:00.000Z", "2024-12-03"),
        ("2024-12-02T23:30:00Z", "2024-12-03T07:30:00+08:00"),
        ("Tue, 03 Dec 2024 08:30:00 +0800", "2024-12-03T08:30:00+08:00"),
        ("Mon, 02 Dec 2024 23:30:00 GMT", "2024-12-03T07:30:00+08:00"),
        (1733214725, "2024-12-03T16:32:05+08:00"),
        ("1733214725000", "2024-12-03T16:32:05+08:00"),
        (1733214725.25, "2024-12-03T16:32:05+08:00"),
        (dt.date(2024, 12, 3), "2024-12-03"),
        (dt.datetime(2024, 12, 3, tzinfo=dt.UTC), "2024-12-03"),
        ("昨日", ""),
        ("20241340", ""),
        (12, ""),
        (True, ""),
        (None, ""),
        ("", ""),
    ],
)
def test_dates_of_records(value: Any, wanted: str) -> None:
    assert iso_of(value) == wanted


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.datetimes(), st.binary(max_size=20)))
def test_any_value_is_a_date_or_none(value: Any) -> None:
    found = iso_of(value)
    assert found == "" or dt.date.fromisoformat(found[:10])


def test_names_are_folded() -> None:
    assert folded("Published-At") == folded("publishedAt") == "publishedat"
    assert folded("發布 日期") == "发布日期"


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>渔港翻新动工_海湾早报</title>
<meta property="article:published_time" content="2023-01-02T08:00:00+08:00"></head>
<body><div class=nav><a href=/>首页</a></div><div><h1>渔港翻新动工</h1>
<p>渔港的翻新工程周一动工，预算是三千万元。</p><p>码头将加长两百米，明年年底完工。</p></div></body></html>"""


def test_markup_in_a_column_is_read_as_a_page(tmp_path: Path) -> None:
    rows = [
        {"content": "<p>第一段，说明<b>重点</b>。</p><div>图：码头</div><p>第二段。</p>", "title": "片段"},
        {"content": PAGE.format(charset="gb2312"), "title": "栏里的标题"},
        {"content": "a < b，b > c，<<渔港>>和<工程>都不是标记。", "title": "文字"},
    ]
    found = good(records(write_json(tmp_path / "a.jsonl", rows)))
    assert [r.html is not None for r in found] == [True, True, False]
    sources = [source_of(r, "a.jsonl", f"a_{r.number}") for r in found]
    assert sources[0].raw_text == "片段\n\n第一段，说明重点。\n\n图：码头\n\n第二段。\n"
    assert "码头将加长两百米，明年年底完工。" in sources[1].raw_text
    assert "首页" not in sources[1].raw_text
    assert sources[1].stated.published_at == "2023-01-02T08:00:00+08:00"
    assert sources[1].told.title == "栏里的标题"
    assert sources[1].raw_text.startswith("栏里的标题\n\n渔港翻新动工\n")
    start, end = sources[1].stated.body
    assert sources[1].raw_text[start:end].strip().endswith("明年年底完工。")
    assert "标题" not in sources[1].raw_text[start:end]
    assert sources[2].raw_text == "文字\n\n" + rows[2]["content"]
    assert all(source.is_container and source.kind == "record" for source in sources)


def test_a_record_goes_through_the_pipeline(tmp_path: Path, pipeline: Pipeline) -> None:
    rows = [RAW[0] | {"currency": "hkd", "url": "https://news.example/1"}]
    [record] = good(records(write_json(tmp_path / "a.jsonl", rows)))
    source = source_of(record, "a.jsonl", "a_n1")
    assert Article.of(source).meta.published_at == "2024-12-01"
    result = pipeline.process(source)
    assert isinstance(result, Result)
    meta = result.article.meta
    assert (meta.title, meta.published_at, meta.published_basis) == ("渔港翻新动工", "2024-12-01", "file metadata")
    assert (meta.source, meta.url, record.currency) == ("海湾早报", "https://news.example/1", "HKD")
    [amount] = [a for a in result.mentions.amounts if a.kind == "money"]
    assert (amount.low, amount.currency) == (30_000_000, "HKD")
    assert result.article.text.chars.splitlines()[0] == "渔港翻新动工"


def warc_record(url: str, body: bytes, kind: str = "text/html; charset=gb2312", status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: 2024-12-05T01:02:03Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_web_archives(tmp_path: Path, name: str) -> None:
    pytest.importorskip("fastwarc")
    bodies = [
        warc_record("https://news.example/1", PAGE.replace('<meta charset="{charset}">', "").encode("gb18030")),
        warc_record("https://news.example/a.png", b"\x89PNG", "image/png"),
        warc_record("https://news.example/2", PAGE.format(charset="utf-8").encode(), "text/html"),
        warc_record("https://news.example/3", b"<html>gone</html>", status="404 Not Found"),
        warc_record("https://news.example/4", b"%PDF-1.4", "text/html"),
    ]
    path = tmp_path / name
    path.write_bytes(b"".join(gzip.compress(body) if name.endswith("gz") else body for body in bodies))
    skipped: Counter[str] = Counter()
    found = list(records(path, skipped=skipped))
    assert [type(item).__name__ for item in found] == ["Record", "Record", "BadRecord"]
    assert dict(skipped) == {"image/png": 1, "status 404": 1}
    pages = [item for item in found if isinstance(item, Record)]
    assert [(page.encoding, page.stated.url) for page in pages] == [
        ("gb18030", "https://news.example/1"),
        ("utf-8", "https://news.example/2"),
    ]
    for page in pages:
        source = source_of(page, name, "a")
        assert source.raw_text.startswith("渔港翻新动工\n")
        assert source.stated.published_at == "2023-01-02T08:00:00+08:00"
    assert isinstance(found[-1], BadRecord)
    assert "news.example/4" in found[-1].message


def test_a_web_archive_that_is_cut_off(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    page = PAGE.format(charset="utf-8").encode()
    data = warc_record("https://news.example/1", page) + warc_record("https://news.example/2", page)
    (tmp_path / "a.warc").write_bytes(data[:-100])
    first, last = records(tmp_path / "a.warc")
    assert isinstance(first, Record)
    assert isinstance(last, BadRecord)
    assert last.message == "The archive breaks off within https://news.example/2."


def test_a_packed_page_of_a_web_archive(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    page = gzip.compress(PAGE.format(charset="utf-8").encode())
    record = warc_record("https://news.example/1", page, "text/html\r\nContent-Encoding: gzip")
    (tmp_path / "a.warc").write_bytes(record)
    [found] = good(records(tmp_path / "a.warc"))
    assert "渔港翻新动工" in source_of(found, "a.warc", "a").raw_text


def test_what_is_no_web_archive(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    (tmp_path / "a.warc").write_bytes(b"nothing of the kind\n" * 50)
    with pytest.raises(ReadError, match="no web archive"):
        records(tmp_path / "a.warc")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str) -> None:
    path, size, number = tmp_path / name, 0, 0
    if name == "a.parquet":
        rows = [{"id": str(n), "text": f"{n}号渔船今天回港。" * 300} for n in range(4_000)]
        write_parquet(path, rows, compression="none", use_dictionary=False)
        del rows
        number = 4_000
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if name == "a.csv":
                writer.writerow(["id", "text"])
            while size < 30_000_000:
                number += 1
                text = f"{number}号渔船今天回港。" * 300
                size += len(text.encode())
                if name == "a.csv":
                    writer.writerow([number, text])
                else:
                    file.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
    assert path.stat().st_size > 28_000_000
    tracemalloc.start()
    try:
        assert sum(isinstance(record, Record) for record in records(path)) == number
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_line_without_end_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hkextract.read.recordfiles.LONGEST", 2_000)
    path = write_json(tmp_path / "a.jsonl", [RAW[0], {"content": "长" * 9_000}, RAW[1]])
    found = list(records(path))
    assert [type(item).__name__ for item in found] == ["Record", "BadRecord", "Record"]
    assert isinstance(found[1], BadRecord)
    assert found[1].message == "Line 2 is longer than 2,000 characters."
