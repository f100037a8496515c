"""PDF files: the order of their lines, their paragraphs and tables, and pages that only OCR can read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hkextract.pipeline import Pipeline, Result
from hkextract.read import ReadError, read
from hkextract.read.glyphs import Glyph
from hkextract.read.layout import page_lines
from hkextract.read.pdf import read_pdf, unreadable
from hkextract.rows import rows_of
from hkextract.tables import ARTICLES

pytest.importorskip("pdfplumber")
pypdf = pytest.importorskip("pypdf")
canvas = pytest.importorskip("reportlab.pdfgen.canvas")

SIZE = 10
LEADING = 16
PARAGRAPHS = [
    "渔港的翻新工程周一动工，预算是3,000万元（港元）。码头将加长两百米，到明年年底完工，其间渔船照常进港，鱼市也不停业。",
    "承建商是本地的一家公司，去年承建过两座桥。发言人说，工程分三期，每一期都要听取渔民的意见，头一期先换路灯，费用约120万元。",
    "渔民陈一说，等了十年，总算动工了。他的船长十八米，旧码头只能停四艘这样的船，刮台风时要到邻近的海湾去避风。",
    "议员李二则认为，工期太长。他建议夜间也施工，并且把鱼市先搬到停车场，等到新市场落成以后再搬回来，免得影响生意。",
]


class Sheet:
    """A page to print on: characters on a grid of `SIZE` points, lines `LEADING` apart."""

    def __init__(self, font: str = "STSong-Light", **options: Any) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        pdfmetrics.registerFont(UnicodeCIDFont(font))
        self.font = font
        self.data = io.BytesIO()
        self.canvas = canvas.Canvas(self.data, **options)

    def write(self, x: float, y: float, text: str, size: float = SIZE) -> None:
        self.canvas.setFont(self.font, size)
        self.canvas.drawString(x, 800 - y, text)

    def page(self) -> None:
        self.canvas.showPage()

    def finished(self) -> bytes:
        self.canvas.save()
        return self.data.getvalue()


def width_of(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def wrapped(paragraphs: list[str], width: int) -> list[tuple[float, str]]:
    """The lines of paragraphs with their indents, as a typesetter breaks them: two characters in on the first line."""
    lines: list[tuple[float, str]] = []
    for paragraph in paragraphs:
        indent, line = 2.0, ""
        for char in paragraph:
            if indent + width_of(line + char) > width and char not in "，。、）":
                lines.append((indent, line))
                indent, line = 0.0, ""
            line += char
        lines.append((indent, line))
    return lines


def column(sheet: Sheet, x: float, y: float, lines: list[tuple[float, str]]) -> Callable[[int], None]:
    """Prints one line of a column at a time, so that columns can be printed in turn."""

    def line(number: int) -> None:
        if number < len(lines):
            indent, text = lines[number]
            sheet.write(x + indent * SIZE, y + number * LEADING, text)

    return line


def text_of(data: bytes) -> list[str]:
    return [line for line in read_pdf(data)[0].split("\n") if line]


def test_paragraphs_of_one_column_are_whole() -> None:
    sheet = Sheet()
    sheet.write(60, 40, "渔港翻新动工", 20)
    for number, (indent, line) in enumerate(wrapped(PARAGRAPHS, 40)):
        sheet.write(60 + indent * SIZE, 90 + number * LEADING, line)
    assert text_of(sheet.finished()) == ["渔港翻新动工", *PARAGRAPHS]


@pytest.mark.parametrize("gutter", [12, 20, 40])
@pytest.mark.parametrize("shift", [0, 3, 8])
@pytest.mark.parametrize("rule", [False, True])
def test_two_columns_are_read_one_after_the_other(gutter: int, shift: int, rule: bool) -> None:
    """Whatever the order in the file, here line by line across both, on one height or not, with a rule between."""
    sheet = Sheet()
    sheet.write(60, 40, "渔港翻新动工 预算三千万元", 20)
    left, right = (
        column(sheet, x, 90 + down, wrapped(part, 20))
        for x, down, part in ((60, 0, PARAGRAPHS[:2]), (260 + gutter, shift, PARAGRAPHS[2:]))
    )
    for number in range(12):
        left(number)
        right(number)
    if rule:
        sheet.canvas.line(260 + gutter / 2, 720, 260 + gutter / 2, 500)
    assert text_of(sheet.finished()) == ["渔港翻新动工 预算三千万元", *PARAGRAPHS]


def test_three_columns_with_a_headline_across_two_of_them() -> None:
    sheet = Sheet()
    sheet.write(60, 40, "海湾早报", 9)
    sheet.write(60, 70, "渔港翻新动工预算三千万元", 22)
    parts = [wrapped([PARAGRAPHS[n], PARAGRAPHS[3 - n]], 14) for n in range(3)]
    columns = [column(sheet, 60 + 155 * n, 110, part) for n, part in enumerate(parts)]
    for number in range(20):
        for print_line in columns:
            print_line(number)
    sheet.write(270, 110 + 16 * (max(map(len, parts)) + 0.3), "— 3 —", 8)
    wanted = [PARAGRAPHS[at] for n in range(3) for at in (n, 3 - n)]
    assert text_of(sheet.finished()) == ["海湾早报", "渔港翻新动工预算三千万元", *wanted]


def test_a_table_is_no_columns() -> None:
    sheet = Sheet()
    for number, (indent, line) in enumerate(wrapped(PARAGRAPHS[:2], 40)):
        sheet.write(60 + indent * SIZE, 40 + number * LEADING, line)
    rows = [
        ("年度", "开支", "人数"),
        *((f"{year}年", f"{year - 2015}.5亿元", f"{year * 3:,}") for year in range(2016, 2024)),
    ]
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write(60 + 150 * at, 200 + number * LEADING, cell)
    sheet.write(60, 380, "资料来源：海湾市统计处", 8)
    assert text_of(sheet.finished()) == [*PARAGRAPHS[:2], *map("\t".join, rows), "资料来源：海湾市统计处"]


def test_a_table_above_two_columns() -> None:
    sheet = Sheet()
    rows = [
        ("年度", "开支", "人数"),
        *((f"{year}年", f"{year - 2015}.5亿元", f"{year * 3:,}") for year in range(2016, 2024)),
    ]
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            sheet.write(60 + 170 * at, 40 + number * LEADING, cell)
    for print_line in (
        column(sheet, 60, 200, wrapped(PARAGRAPHS[:2], 20)),
        column(sheet, 280, 200, wrapped(PARAGRAPHS[2:], 20)),
    ):
        for number in range(12):
            print_line(number)
    assert text_of(sheet.finished()) == [*map("\t".join, rows), *PARAGRAPHS]


def test_running_heads_stay_for_the_cleaning_and_bare_page_numbers_go() -> None:
    sheet = Sheet()
    lines = wrapped(PARAGRAPHS * 2, 30)
    half = len(lines) // 2 + 1
    for number, part in enumerate((lines[:half], lines[half:]), 1):
        sheet.write(60, 30, "海湾早报 2024年12月3日", 8)
        for at, (indent, line) in enumerate(part):
            sheet.write(60 + indent * SIZE, 80 + at * LEADING, line)
        sheet.write(200, 760, f"— {number} —", 8)
        sheet.page()
    found = text_of(sheet.finished())
    assert found.count("海湾早报 2024年12月3日") == 2
    assert not [line for line in found if "—" in line]
    cut = [at for at, line in enumerate(found) if line not in PARAGRAPHS]
    assert len(cut) in (2, 4)
    assert "".join(line for line in found if line != "海湾早报 2024年12月3日") == "".join(PARAGRAPHS * 2)


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    sheet = Sheet()
    for offset in (0, 0.3, 0.6):
        sheet.write(60 + offset, 40, "渔港翻新动工，好好好。")
    assert text_of(sheet.finished()) == ["渔港翻新动工，好好好。"]


def test_latin_words_keep_their_blanks_and_figures_have_none() -> None:
    sheet = Sheet()
    sheet.write(60, 40, "香港科学园 Hong Kong Science Park 于2024年12月启用，面积1.5公顷。")
    assert text_of(sheet.finished()) == ["香港科学园 Hong Kong Science Park 于2024年12月启用，面积1.5公顷。"]
    glyphs = [Glyph(char, 13.0 * at, 13.0 * at + 10, 20.0, 10.0) for at, char in enumerate("共24亿元")]
    assert [line.text for line in page_lines(glyphs)] == ["共2 4亿元"]
    glyphs = [
        Glyph(char, x, x + w, 20.0, 10.0)
        for char, x, w in [("共", 0, 10), ("2", 13, 5), ("4", 18, 5), ("亿", 26, 10), ("元", 36, 10)]
    ]
    assert [line.text for line in page_lines(glyphs)] == ["共24亿元"]


def test_vertical_lines_run_from_the_right() -> None:
    sheet = Sheet()
    text = PARAGRAPHS[2].replace("，", "、")
    for at, char in enumerate(text):
        sheet.write(500 - 18 * (at // 20), 60 + 11 * (at % 20), char)
    assert "".join(text_of(sheet.finished())) == text


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_lies_on_its_side(angle: int) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(story()))
    writer.pages[0].rotate(angle)
    data = io.BytesIO()
    writer.write(data)
    assert text_of(data.getvalue()) == PARAGRAPHS


def test_a_watermark_across_the_page_is_left_out() -> None:
    sheet = Sheet()
    for number, (indent, line) in enumerate(wrapped(PARAGRAPHS, 40)):
        sheet.write(60 + indent * SIZE, 40 + number * LEADING, line)
    sheet.canvas.translate(100, 500)
    sheet.canvas.rotate(45)
    sheet.write(0, 800, "内部资料", 60)
    assert text_of(sheet.finished()) == PARAGRAPHS


def test_a_layer_of_recognised_text_above_a_scan_is_read() -> None:
    sheet = Sheet()
    sheet.canvas.drawImage(picture(), 0, 0, 595, 842)
    layer = sheet.canvas.beginText(60, 700)
    layer.setTextRenderMode(3)
    layer.setFont(sheet.font, SIZE)
    layer.textLine(PARAGRAPHS[0])
    sheet.canvas.drawText(layer)
    assert text_of(sheet.finished()) == [PARAGRAPHS[0]]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=8), st.integers(1, 10_000))
def test_any_damage_is_read_or_refused(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(story())
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        text, _, _ = read_pdf(bytes(data[: max(length, 9)]))
    except ReadError:
        return
    assert text.strip()


def test_a_font_that_one_library_maps_wrongly_is_read_by_the_other() -> None:
    sheet = Sheet("MSung-Light")
    lines = ["漁港的翻新工程週一動工，預算是三千萬元。", "碼頭將加長兩百米，到明年年底完工。"]
    for number, line in enumerate(lines):
        sheet.write(60, 40 + number * LEADING, line)
    assert text_of(sheet.finished()) == lines


def pdf_of(contents: list[bytes], font: bytes) -> bytes:
    """A PDF written by hand: a page for each stream of drawing commands, with one font named F1."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font]
    kids = []
    for content in contents:
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return data + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


NAMELESS = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType2 /BaseFont /Lost /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    b"/DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /Lost /Flags 4 /FontBBox [0 0 1000 1000] "
    b"/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>"
)
"""A font whose glyphs have numbers and no characters."""
GLYPHS = b"BT /F1 12 Tf 60 700 Td <" + b"".join(b"%04x" % number for number in range(1000, 1030)) + b"> Tj ET"


def joined(*files: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    for data in files:
        writer.append(io.BytesIO(data))
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def story() -> bytes:
    sheet = Sheet()
    for number, (indent, line) in enumerate(wrapped(PARAGRAPHS, 40)):
        sheet.write(60 + indent * SIZE, 40 + number * LEADING, line)
    return sheet.finished()


def picture() -> Any:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    return ImageReader(Image.new("L", (60, 80), 200))


def scan() -> bytes:
    sheet = Sheet()
    for _ in range(2):
        sheet.canvas.drawImage(picture(), 0, 0, 595, 842)
        sheet.page()
    return sheet.finished()


def test_a_file_of_a_font_without_characters_is_refused_with_advice() -> None:
    with pytest.raises(ReadError, match=r"only fonts that name no characters.*\(OCR\)"):
        read_pdf(pdf_of([GLYPHS, GLYPHS], NAMELESS))


def test_a_scan_is_refused_with_advice() -> None:
    with pytest.raises(ReadError, match=r"only pictures of pages \(a scan\).*\(OCR\)"):
        read_pdf(scan())


def test_pages_that_cannot_be_read_are_named_in_the_message(tmp_path: Path, pipeline: Pipeline) -> None:
    (tmp_path / "a.pdf").write_bytes(joined(story(), pdf_of([GLYPHS], NAMELESS), scan()))
    source = read(tmp_path / "a.pdf", tmp_path)
    assert (source.kind, source.is_container) == ("pdf", True)
    result = pipeline.process(source)
    assert isinstance(result, Result)
    [row] = rows_of(result)[ARTICLES.name]
    values = dict(zip((column.name for column in ARTICLES.columns), row, strict=True))
    assert values["status"] == "warning"
    message = str(values["message"])
    assert "Of 4 pages these hold characters that cannot be read: 2 (100%)." in message
    assert "Of 4 pages these are pictures without text: 3, 4." in message
    assert "OCR" in message
    assert [a.low for a in result.mentions.amounts if a.kind == "money"] == [30_000_000, 1_200_000]


def test_a_page_in_good_order_earns_no_warning() -> None:
    assert read_pdf(story())[2].warnings == ()
    assert unreadable("渔港的翻新工程") == 0.0
    assert unreadable("") == 0.0


def test_files_that_cannot_be_read() -> None:
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(story()))
    locked.encrypt("secret", algorithm="AES-256")
    data = io.BytesIO()
    locked.write(data)
    cases = {
        "locked with a password": data.getvalue(),
        "damaged": b"%PDF-1.4\nnothing more",
        "has no pages": pdf_of([], NAMELESS),
        "only empty or damaged pages": pdf_of([b"BT ET"], NAMELESS),
    }
    for words, broken in cases.items():
        with pytest.raises(ReadError, match=words):
            read_pdf(broken)
    with pytest.raises(ReadError, match=r"damaged|no pages"):
        read_pdf(story()[:700])


def test_a_file_that_opens_without_a_password_is_read() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(story()))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    data = io.BytesIO()
    writer.write(data)
    assert text_of(data.getvalue()) == PARAGRAPHS


def test_title_and_date_of_the_information() -> None:
    for title, wanted in (
        ("渔港翻新动工", "渔港翻新动工"),
        ("Microsoft Word - 新建文档.doc", ""),
        ("海湾早报合订本", ""),
    ):
        sheet = Sheet()
        sheet.canvas.setTitle(title)
        sheet.write(60, 40, "渔港翻新动工", 20)
        sheet.write(60, 80, "工程于2024年动工。")
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(sheet.finished()))
        writer.add_metadata({"/CreationDate": "D:20241203090000+08'00'"})
        data = io.BytesIO()
        writer.write(data)
        stated = read_pdf(data.getvalue())[2]
        assert (stated.title, stated.published_at, stated.published_basis) == (wanted, "2024-12-03", "file metadata")


def test_a_pdf_of_another_name_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(story())
    assert read(tmp_path / "a.txt", tmp_path).kind == "pdf"


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pypdf", "pdfplumber"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(ReadError, match=r'pip install "hkextract\[pdf\]"'):
        read_pdf(b"%PDF-1.4")


def test_a_sentence_that_a_page_cuts_is_joined_by_the_cleaning(tmp_path: Path, pipeline: Pipeline) -> None:
    sheet = Sheet()
    lines = wrapped(PARAGRAPHS, 30)
    sheet.write(60, 40, "渔港翻新动工 预算三千万元", 20)
    cut = next(at for at in range(5, len(lines)) if lines[at][0] == 0.0 and lines[at - 1][1][-1] not in "。，")
    for at, (indent, line) in enumerate(lines):
        if at == cut:
            sheet.page()
        sheet.write(60 + indent * SIZE, 90 + (at - cut * (at >= cut)) * LEADING, line)
    (tmp_path / "a.pdf").write_bytes(sheet.finished())
    result = pipeline.process(read(tmp_path / "a.pdf", tmp_path))
    assert isinstance(result, Result)
    assert result.article.text.chars.split("\n") == [
        "渔港翻新动工 预算三千万元",
        *(text.replace("（港元）", "（港元）") for text in PARAGRAPHS),
    ]


def test_a_page_of_thousands_of_lines_is_laid_out_in_time() -> None:
    import time

    glyphs = [
        Glyph("渔", 10.0 * x + (5.0 if x > 30 else 0.0), 10.0 * x + 10, 12.0 * y, 10.0)
        for y in range(500)
        for x in range(60)
    ]
    begun = time.perf_counter()
    assert sum(len(line.text) for line in page_lines(glyphs)) == len(glyphs)
    assert time.perf_counter() - begun < 5.0
