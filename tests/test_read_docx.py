"""Word documents: everything that a reader of the finished document sees, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from hkextract.pipeline import Pipeline, Result
from hkextract.read import ReadError, read
from hkextract.read.document import document_meta
from hkextract.read.docx import read_docx

docx = pytest.importorskip("docx")

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARAGRAPHS = [
    "渔港的翻新工程周一动工，预算是三千万元，由本地的承建商负责。",
    "码头将加长两百米，到明年年底完工，其间渔船照常进港。",
]


def saved(document: Any) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def with_paragraph(inner: str) -> bytes:
    """A document with one paragraph of the given XML."""
    from docx.oxml import parse_xml

    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{inner}</w:p>"))
    return saved(document)


def with_part(data: bytes, name: str, xml: str, kind: str) -> bytes:
    """The document with one more part, as Word adds its footnotes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for item in old.namelist():
            content = old.read(item).decode("utf-8") if item.endswith((".xml", ".rels")) else ""
            if item == "[Content_Types].xml":
                entry = f'<Override PartName="/word/{name}.xml" ContentType="application/xml"/>'
                content = content.replace("</Types>", entry + "</Types>")
            if item == "word/_rels/document.xml.rels":
                base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                entry = f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{name}.xml"/>'
                content = content.replace("</Relationships>", entry + "</Relationships>")
            new.writestr(item, content or old.read(item))
        new.writestr(f"word/{name}.xml", xml)
    return result.getvalue()


def test_paragraphs_headings_tables_and_lists() -> None:
    document = docx.Document()
    document.add_heading("渔港翻新动工", 0)
    document.add_paragraph(PARAGRAPHS[0])
    document.add_heading("工期", 1)
    document.add_paragraph(PARAGRAPHS[1])
    table = document.add_table(3, 3)
    for row, cells in zip(
        table.rows, (("年度", "开支", "人数"), ("2023", "3亿元", "20"), ("2024", "", "30")), strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for text in ("加长码头", "更换路灯"):
        document.add_paragraph(text, style="List Bullet")
    for text in ("先招标", "后动工"):
        document.add_paragraph(text, style="List Number")
    document.sections[0].header.paragraphs[0].text = "页眉不要"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    text, encoding, stated = read_docx(saved(document))
    assert (encoding, stated.published_at) == ("", "")
    assert text == (
        f"渔港翻新动工\n\n{PARAGRAPHS[0]}\n\n工期\n\n{PARAGRAPHS[1]}\n\n年度\t开支\t人数\n2023\t3亿元\t20\n2024\t\t30\n"
        "• 加长码头\n• 更换路灯\n1. 先招标\n2. 后动工\n"
    )


def test_insertions_are_in_and_deletions_and_hidden_text_out() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    data = with_paragraph(
        run.format("预算是")
        + f'<w:del w:id="1">{run.format("X").replace("w:t>", "w:delText>")}</w:del>'
        + f'<w:ins w:id="2">{run.format("三千")}</w:ins>'
        + f'<w:moveFrom w:id="3">{run.format("旧处")}</w:moveFrom><w:moveTo w:id="4">{run.format("万")}</w:moveTo>'
        + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
        + f'<w:hyperlink w:anchor="a">{run.format("元")}</w:hyperlink>'
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run.format("，")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>Hong</w:t><w:br w:type="page"/>'
        + '<w:t xml:space="preserve"> Kong</w:t><w:br/><w:t>下一行</w:t><w:noBreakHyphen/>'
        + "<w:softHyphen/><w:tab/><w:t>完</w:t></w:r>"
    )
    assert read_docx(data)[0] == "预算是三千万元，Hong Kong\n下一行-\t完\n"


def test_a_reading_above_characters_is_left_out() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    ruby = f"<w:r><w:ruby><w:rt>{run}</w:rt><w:rubyBase>{run}</w:rubyBase></w:ruby></w:r>"
    assert read_docx(with_paragraph(ruby.format("chuàng", "创") + "<w:r><w:t>科局</w:t></w:r>"))[0] == "创科局\n"


def test_a_text_box_stands_behind_its_paragraph_and_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框里的话。</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    data = with_paragraph(
        f'<w:r><mc:AlternateContent {mc}><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
        "</mc:AlternateContent></w:r><w:r><w:t>段落的话。</w:t></w:r>"
    )
    assert read_docx(data)[0] == "段落的话。\n\n框里的话。\n"


def test_notes_follow_the_text() -> None:
    data = with_paragraph('<w:r><w:t>预算是三千万元</w:t><w:footnoteReference w:id="2"/></w:r><w:r><w:t>。</w:t></w:r>')
    note = '<w:footnote w:id="{}"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>'
    notes = "".join(note.format(*pair) for pair in ((0, "——"), (2, "不含利息。"), (3, "没有引到。")))
    xml = f"<w:footnotes {W}>{notes}</w:footnotes>"
    assert read_docx(with_part(data, "footnotes", xml, "footnotes"))[0] == "预算是三千万元。\n\n不含利息。\n"


def test_chinese_numbers_of_lists() -> None:
    from docx.oxml import parse_xml

    document = docx.Document()
    numbering = document.part.numbering_part.element
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    levels = level.format(0, "chineseCounting", "%1、") + level.format(1, "chineseCounting", "（%2）")
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for depth, text in ((0, "总则"), (1, "目标"), (1, "对象"), (0, "经费"), (1, "来源")):
        paragraph = document.add_paragraph(text)
        mark = f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(mark))
    assert read_docx(saved(document))[0].split() == ["一、总则", "（一）目标", "（二）对象", "二、经费", "（一）来源"]


def test_a_table_that_lays_out_the_page_gives_paragraphs() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = PARAGRAPHS[0] * 5
    table.cell(0, 1).text = "侧栏。"
    assert read_docx(saved(document))[0] == f"{PARAGRAPHS[0] * 5}\n\n侧栏。\n"


def test_what_the_document_states_counts_where_the_text_bears_it_out(tmp_path: Path, pipeline: Pipeline) -> None:
    document = docx.Document()
    for text in ("渔港翻新动工", *PARAGRAPHS):
        document.add_paragraph(text)
    document.core_properties.title = "渔港翻新动工"
    document.core_properties.created = dt.datetime(2024, 12, 2, 23, 30)
    stated = read_docx(saved(document))[2]
    assert (stated.title, stated.published_at, stated.published_basis) == (
        "渔港翻新动工",
        "2024-12-03",
        "file metadata",
    )
    document.core_properties.title = "Microsoft Word - 新建文档.doc"
    assert read_docx(saved(document))[2].title == ""
    (tmp_path / "a.docx").write_bytes(saved(document))
    source = read(tmp_path / "a.docx", tmp_path)
    assert (source.kind, source.is_container) == ("docx", True)
    result = pipeline.process(source)
    assert isinstance(result, Result)
    assert result.article.text.chars.split("\n") == ["渔港翻新动工", *PARAGRAPHS]
    assert [amount.low for amount in result.mentions.amounts if amount.kind == "money"] == [30_000_000]


@pytest.mark.parametrize(
    ("text", "created", "wanted"),
    [
        ("题目\n正文。", "2024-12-03T01:00:00Z", "2024-12-03"),
        ("题目\n正文。", "D:20241202233000Z", "2024-12-03"),
        ("题目\n正文。", "D:20241203003000+08'00'", "2024-12-03"),
        ("题目\n2024年11月5日\n正文。", "2024-12-03", ""),
        ("题目\n去年即2018年的事，2019年才完成。", "2024-12-03", ""),
        ("题目\n2023年的事，到2030年才完成。", "2024-12-03", "2024-12-03"),
        ("题目\n正文。", "D:20241340", ""),
        ("题目\n正文。", "", ""),
    ],
)
def test_the_date_of_a_document(text: str, created: str, wanted: str) -> None:
    assert document_meta(text, "", created).published_at == wanted


def test_documents_that_are_not_read_say_how_to_go_on(tmp_path: Path) -> None:
    odt = io.BytesIO()
    with zipfile.ZipFile(odt, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    cases = {
        "a.doc": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            r"old format \(\.doc\), or one locked.*save it as \.docx",
        ),
        "b.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "without a password"),
        "c.rtf": (b"{\\rtf1\\ansi text}", r"RTF.*save it as \.docx"),
        "d.odt": (odt.getvalue(), r"OpenDocument.*save it as \.docx"),
        "e.docx": (b"PK\x03\x04 broken", "damaged"),
        "f.docx": (b"no archive at all", "damaged"),
        "g.docx": (saved(docx.Document()), "holds no text"),
        "h.docx": (saved(docx.Document())[:-400], "damaged"),
        "i.txt": (saved(docx.Document()), "holds no text"),
    }
    for name, (data, words) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ReadError, match=words):
            read(tmp_path / name, tmp_path)


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(ReadError, match=r'pip install "hkextract\[docx\]"'):
        read_docx(b"")
