"""OpenDocument texts: the same promises as for Word documents."""

import pytest
from tests.documents.containers import odt_parts, zipped

from aligner.documents.odt import read_content
from aligner.errors import InputError

STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="Title"/>'
    '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T2"><style:text-properties style:font-name="VNI-Times"/></style:style>'
    '<style:style style:name="L1" style:parent-style-name="L2"/>'
    '<style:style style:name="L2" style:parent-style-name="L1"/>'
    '<style:style style:name="Heading_20_2"/>'
)


def blocks(body: str) -> list[tuple[str, str]]:
    content = read_content(zipped(odt_parts(body, STYLES)), path="a.odt", encoding=None)
    assert content.text == "".join(content.text[b.start : b.end] + "\n" for b in content.blocks)
    return [(b.kind, content.text[b.start : b.end]) for b in content.blocks]


def texts(body: str) -> list[str]:
    return [text for _, text in blocks(body)]


def test_kinds() -> None:
    body = (
        '<text:p text:style-name="P1">Làng tôi</text:p><text:h>Phần một</text:h>'
        "<text:p>Nhà ở\n  ven sông.</text:p>"
        "<text:list><text:list-item><text:p>Cá</text:p><text:list><text:list-item><text:p>Tôm</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        '<text:p text:style-name="Heading_20_2">Phần hai</text:p><text:p text:style-name="L1">Hết.</text:p>'
    )
    assert blocks(body) == [
        ("title", "Làng tôi"),
        ("heading", "Phần một"),
        ("text", "Nhà ở ven sông."),
        ("list", "Cá"),
        ("list", "Tôm"),
        ("heading", "Phần hai"),
        ("text", "Hết."),
    ]


def test_marks_inside_a_paragraph() -> None:
    body = (
        '<text:p>Một<text:s text:c="2"/>hai<text:tab/>ba <text:span>bốn</text:span> năm<text:bookmark/>,'
        "<text:a>sáu</text:a><text:line-break/>bảy</text:p>"
    )
    assert texts(body) == ["Một  hai\tba bốn năm,sáu", "bảy"]


def test_what_is_not_shown_is_no_text() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Đã xóa.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>Thấy"
        '<text:span text:style-name="T1"> ẩn</text:span>'
        "<office:annotation><text:p>Lời bàn.</text:p></office:annotation> được.</text:p>"
        '<text:p text:style-name="T1">Ẩn cả.</text:p>'
        '<text:section text:display="none"><text:p>Ẩn nốt.</text:p></text:section>'
        "<text:p>我在<text:ruby><text:ruby-base>河</text:ruby-base><text:ruby-text>hé</text:ruby-text></text:ruby>边。</text:p>"
    )
    assert texts(body) == ["Thấy được.", "我在河边。"]


def test_notes_stand_at_the_end_and_boxes_after_their_paragraph() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Chú.</text:p>"
        "</text:note-body></text:note>"
    )
    box = "<drawing:frame><drawing:text-box><text:p>Hộp.</text:p></drawing:text-box></drawing:frame>"
    assert texts(f"<text:p>Đầu{note} {box}đây.</text:p><text:p>Cuối.</text:p>") == [
        "Đầu đây.", "Hộp.", "Cuối.", "Chú.",
    ]  # fmt: skip


def test_tables_and_contents() -> None:
    row = "<table:table-row>{}</table:table-row>".format
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    head = f"<table:table-header-rows>{row(cell('Thứ') + cell('Giá'))}</table:table-header-rows>"
    rice = row(cell("Gạo") + "<table:covered-table-cell/>" + cell("Hai đồng"))
    table = f"<table:table>{head}{rice}</table:table>"
    contents = "<text:table-of-content><text:p>Chợ 1</text:p></text:table-of-content>"
    content = read_content(zipped(odt_parts(contents + table)), path="a.odt", encoding=None)
    assert [(b.kind, b.origin.cell) for b in content.blocks] == [
        ("cell", "1:1"), ("cell", "1:2"), ("cell", "2:1"), ("cell", "2:2"),
    ]  # fmt: skip
    assert "table of contents" in content.notes[0]


def test_text_in_a_font_of_an_old_encoding() -> None:
    assert texts('<text:p><text:span text:style-name="T2">Vieät Nam</text:span></text:p>') == ["Việt Nam"]


def test_a_protected_document_is_refused() -> None:
    parts = odt_parts("<text:p>Một.</text:p>")
    parts["META-INF/manifest.xml"] = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(InputError, match="password"):
        read_content(zipped(parts), path="a.odt", encoding=None)
