"""Word documents: kinds by style, changes as accepted, what is not shown, notes, tables, boxes, fields."""

import pytest
from tests.documents.containers import docx_parts, p, r, zipped

from aligner.documents.docx import read_content
from aligner.errors import FormatError, InputError

Blocks = list[tuple[str, str]]


def blocks(body: str, footnotes: str = "") -> Blocks:
    content = read_content(zipped(docx_parts(body, footnotes)), path="a.docx", encoding=None)
    assert content.text == "".join(content.text[b.start : b.end] + "\n" for b in content.blocks)
    return [(b.kind, content.text[b.start : b.end]) for b in content.blocks]


def texts(body: str, footnotes: str = "") -> list[str]:
    return [text for _, text in blocks(body, footnotes)]


def test_kinds_by_style() -> None:
    body = (
        p("Làng tôi", "T") + p("Phần một", "H1") + p("Nhà ở ven sông.") + p("Cá", "L") + p("Hình cá.", "C")
        + p("Phần hai", "Mine") + p("Hết.", "Loop") + p("Hết thật.", "Unknown")
    )  # fmt: skip
    assert blocks(body) == [
        ("title", "Làng tôi"),
        ("heading", "Phần một"),
        ("text", "Nhà ở ven sông."),
        ("list", "Cá"),
        ("caption", "Hình cá."),
        ("heading", "Phần hai"),
        ("text", "Hết."),
        ("text", "Hết thật."),
    ]


def test_without_styles_headings_are_told_by_shape() -> None:
    body = (
        p("我的村庄") + p("村里的花都开了，孩子们很高兴。") + p("第二部分") + p("后来下雨了，花都谢了。") * 2
    )
    assert [kind for kind, _ in blocks(body)] == ["title", "text", "heading", "text", "text"]


def test_own_outline_levels_and_numbering_count() -> None:
    level = '<w:pPr><w:outlineLvl w:val="{}"/></w:pPr>'
    number = '<w:pPr><w:numPr><w:numId w:val="{}"/></w:numPr></w:pPr>'
    body = p("Đầu.", "T") + "".join(
        f"<w:p>{properties}{r(text)}</w:p>"
        for properties, text in [
            (level.format(1), "Một."),
            (level.format(9), "Hai."),
            (number.format(3), "Ba."),
            (number.format(0), "Bốn."),
        ]
    )
    assert [kind for kind, _ in blocks(body)] == ["title", "heading", "text", "list", "text"]


def test_changes_count_as_accepted() -> None:
    body = (
        p(f"{r('Anh ')}<w:ins>{r('em ')}</w:ins><w:del>{r('chị ')}</w:del>{r('vui.')}")
        + p(f"<w:moveFrom>{r('Chuyển đi.')}</w:moveFrom><w:moveTo>{r('Chuyển đến.')}</w:moveTo>")
        + f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{r('Câu bị ')}</w:p>" + p("nối lại.")
    )  # fmt: skip
    assert texts(body) == ["Anh em vui.", "Chuyển đến.", "Câu bị nối lại."]


def test_what_is_not_shown_is_no_text() -> None:
    body = (
        p(r("Thấy") + r(" ẩn", "<w:vanish/>") + r(" được.", '<w:vanish w:val="0"/>'))
        + p("Ẩn cả.", "Secret")
        + p(r("Hiện ra.", '<w:vanish w:val="false"/>'), "Secret")
        + p("<w:r><w:commentReference/></w:r>" + r("Hết."))
    )
    assert texts(body) == ["Thấy được.", "Hiện ra.", "Hết."]


def test_marks_inside_a_paragraph() -> None:
    body = p(
        "<w:r><w:t>Một</w:t><w:tab/><w:t>hai</w:t><w:noBreakHyphen/><w:t>ba</w:t><w:softHyphen/><w:t>bốn</w:t>"
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:char="4E00"/><w:sym w:char="xyz"/></w:r>'
    )
    assert texts(body) == ["Một\thai\u2011babốn一"]


def test_a_line_break_ends_a_paragraph_but_not_a_heading() -> None:
    broken = "<w:r><w:t>Một</w:t><w:br/><w:t>hai</w:t></w:r>"
    assert texts(p(broken)) == ["Một", "hai"]
    assert texts(p(broken, "H1")) == ["Một hai"]


def test_fields_show_their_results_only() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = f"{mark('begin')}<w:r><w:instrText>REF x</w:instrText></w:r>{r('mã')}{mark('separate')}"
    link = f"<w:hyperlink>{r('liên kết')}</w:hyperlink><w:fldSimple>{r(' đơn.')}</w:fldSimple>"
    assert texts(p(r("Xem ") + field + r("kết quả ") + mark("end") + link)) == ["Xem kết quả liên kết đơn."]


def test_a_table_of_contents_is_left_out_by_field_or_style() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o</w:instrText></w:r>'
    begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    field = p(begin + r("Phần một 3")) + p("Phần hai 4") + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    rest = p("Phần một", "H1") + p("Chữ.")
    assert texts(field + rest) == ["Phần một", "Chữ."]
    assert texts(p("Phần một 3", "TOC1") + rest) == ["Phần một", "Chữ."]
    content = read_content(zipped(docx_parts(field + rest)), path="a.docx", encoding=None)
    assert "table of contents" in content.notes[0]


def test_notes_stand_at_the_end_in_the_order_of_their_references() -> None:
    notes = "".join(
        f'<w:footnote w:id="{n}">{p(text)}</w:footnote>' for n, text in enumerate(["kẻ", "Hai.", "Một."])
    )
    body = p(r("Đầu") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + r(" đây.")) + p(
        r("Cuối.") + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    )
    assert texts(body, notes) == ["Đầu đây.", "Cuối.", "Một.", "Hai."]


def test_a_table_is_read_row_by_row() -> None:
    rows = [["村里的花都开了。", "Hoa trong làng đã nở."], ["孩子们很高兴。", "Trẻ con vui lắm."]]
    table = "".join("<w:tr>" + "".join(f"<w:tc>{p(text)}</w:tc>" for text in row) + "</w:tr>" for row in rows)
    content = read_content(zipped(docx_parts(f"<w:tbl>{table}</w:tbl>")), path="a.docx", encoding=None)
    assert [(b.kind, b.origin.cell, content.text[b.start : b.end]) for b in content.blocks] == [
        ("cell", f"{y}:{x}", text) for y, row in enumerate(rows, 1) for x, text in enumerate(row, 1)
    ]


def test_spans_deleted_rows_and_frames() -> None:
    span = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>"
    table = (
        f"<w:tr><w:tc>{span}{p('Một')}</w:tc><w:tc>{p('Hai')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('Xóa')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{merged[0]}{p('Ba')}</w:tc></w:tr><w:tr><w:tc>{merged[1]}{p('Lặp')}</w:tc></w:tr>"
    )
    frame = f"<w:tbl><w:tr><w:tc>{p('Trong khung.')}</w:tc></w:tr></w:tbl>"
    content = read_content(zipped(docx_parts(f"<w:tbl>{table}</w:tbl>{frame}")), path="a.docx", encoding=None)
    assert [(b.origin.cell, content.text[b.start : b.end]) for b in content.blocks] == [
        ("1:1", "Một"), ("1:3", "Hai"), ("2:1", "Ba"), (None, "Trong khung."),
    ]  # fmt: skip


def test_a_text_box_follows_its_paragraph_and_counts_once() -> None:
    box = f"<w:txbxContent>{p('Trong hộp.')}</w:txbxContent>"
    run = (
        "<w:r><w:AlternateContent><w:Choice><w:drawing>" + box + "</w:drawing></w:Choice>"
        "<w:Fallback><w:pict>" + box + "</w:pict></w:Fallback></w:AlternateContent></w:r>"
    )
    assert texts(p(r("Trước ") + run + r("sau.")) + p("Hết.")) == ["Trước sau.", "Trong hộp.", "Hết."]


def test_readings_of_ruby_are_no_text() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('hé')}</w:rt><w:rubyBase>{r('河')}</w:rubyBase></w:ruby></w:r>"
    assert texts(p(r("我在") + ruby + r("边。"))) == ["我在河边。"]


def test_text_in_fonts_of_old_encodings_is_converted() -> None:
    vni = '<w:rFonts w:ascii="VNI-Times"/>'
    body = p("ViÖt Nam", "Old") + p(r("Vieä", vni) + r("t Nam", vni)) + p(r("Việt Nam"))
    content = read_content(zipped(docx_parts(body)), path="a.docx", encoding=None)
    assert content.text == "Việt Nam\n" * 3
    assert content.notes == ("text in fonts for TCVN3 or VNI was converted to Unicode",)


def test_content_controls_are_read() -> None:
    assert texts(f"<w:sdt><w:sdtContent>{p('Một.')}</w:sdtContent></w:sdt>") == ["Một."]
    assert texts(p(f"<w:sdt><w:sdtContent>{r('Hai.')}</w:sdtContent></w:sdt>")) == ["Hai."]


def test_a_document_of_the_strict_dialect() -> None:
    parts = docx_parts(p("Một."))
    strict = {
        name: text.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")
        for name, text in parts.items()
    }
    assert read_content(zipped(strict), path="a.docx", encoding=None).text == "Một.\n"


def test_deep_nesting_is_read_or_refused() -> None:
    for depth in (20, 80, 100, 1000):
        body = "<w:tbl><w:tr><w:tc>" * depth + p("Một.") + "</w:tc></w:tr></w:tbl>" * depth
        try:
            assert texts(body) == ["Một."]
        except FormatError as error:
            assert depth > 80, error  # noqa: PT017 - shallower tables must be read


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (docx_parts(""), "holds no text"),
        ({"a.txt": "x"}, "no Word document"),
        (docx_parts("<w:p>"), "not well-formed"),
    ],
)
def test_what_is_no_document_is_said(parts: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_content(zipped(parts), path="a.docx", encoding=None)
