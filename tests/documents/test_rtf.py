"""RTF: characters by every way they can be written, and the same promises as for Word documents."""

import pytest

from aligner.documents.rtf import read_content
from aligner.errors import InputError

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}"
    r"{\f1\fcharset134 SimSun{\*\falt x};}"
    r"{\f2\fcharset0 VNI-Times;}{\f3\fcharset163 Arial;}{\f4\fcharset2 Symbol;}{\f5\fcharset0 .VnTime;}}"
    r"{\stylesheet{\s0\f3 Normal;}{\s1\f3\b heading 1;}{\s2 Title;}{\*\cs10 Default;}}{\info{\title Ten}}"
)


def blocks(body: str) -> list[tuple[str, str]]:
    content = read_content((HEAD + body + "}").encode("latin-1"), path="a.rtf", encoding=None)
    assert content.text == "".join(content.text[b.start : b.end] + "\n" for b in content.blocks)
    return [(b.kind, content.text[b.start : b.end]) for b in content.blocks]


def texts(body: str) -> list[str]:
    return [text for _, text in blocks(body)]


def hexed(text: str, codec: str) -> str:
    return "".join(rf"\'{byte:02x}" for byte in text.encode(codec))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Tr\u7901?i", "Trời"),
        (r"Tr\u7901\'3fi", "Trời"),
        (r"{\uc2 Tr\u7901\'3f\'3fi}", "Trời"),
        (r"{\uc0 Tr\u7901 i}", "Trời"),
        (r"a\u-10179?\u-8704?", "a😀"),
        (r"\u26449?" + "\n" + r"\u24196?", "村庄"),
        (r"{\f1 " + hexed("村庄", "gb18030") + "}", "村庄"),
        (r"{\f1 \'b4" + "\\'e5}", "村"),
        (r"{\f3 Ha N" + hexed("ô", "cp1258") + "i}", "Ha Nôi"),
        (r"{\f2 Vie\'e4t Nam}", "Việt Nam"),
        (r"{\f5 Vi\'d6t Nam}", "Việt Nam"),
        (r"{\f4 \'b7}a", "a"),
        (r"\ldblquote a\rdblquote\emdash b\~c\_d\-e", "“a”—b\u00a0c\u2011de"),
        (r"a\{b\}c\\d", r"a{b}c\d"),
        (r"caf\'e9", "café"),
    ],
)
def test_characters(written: str, read: str) -> None:
    assert texts(rf"{written}\par") == [read]


def test_bytes_of_binary_data_are_no_tokens() -> None:
    assert texts(r"Một".replace("ộ", r"\u7897?") + r"{\pict\bin4 }}{{}\par") == ["Một"]


def test_kinds() -> None:
    body = (
        r"\pard\s2 Lang toi\par\pard\s1 Phan mot\par\pard Nha o ven song.\par"
        r"\pard{\listtext 1.\tab}\ls1 Ca\par\pard\outlinelevel1 Phan hai\par\pard Het."
    )
    assert blocks(body) == [
        ("title", "Lang toi"),
        ("heading", "Phan mot"),
        ("text", "Nha o ven song."),
        ("list", "Ca"),
        ("heading", "Phan hai"),
        ("text", "Het."),
    ]


def test_a_table_is_read_row_by_row() -> None:
    row = r"\trowd\pard\intbl {} \cell {}\cell\row "
    body = row.format(r"\u19968?", "Mot") + row.format(r"\u20108?", r"Hai\par nua") + r"\pard Het.\par"
    content = read_content((HEAD + body + "}").encode(), path="a.rtf", encoding=None)
    assert [(b.kind, b.origin.cell, content.text[b.start : b.end]) for b in content.blocks] == [
        ("cell", "1:1", "一"),
        ("cell", "1:2", "Mot"),
        ("cell", "2:1", "二"),
        ("cell", "2:2", "Hai"),
        ("cell", "2:2", "nua"),
        ("text", None, "Het."),
    ]


def test_notes_stand_at_the_end_and_boxes_after_their_paragraph() -> None:
    note = r"{\super\chftn{\*\footnote\pard\plain\s1\chftn Chu.}}"
    box = r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt Hop.\par}}{\shprslt Hop cu.\par}}"
    assert texts(rf"\pard Dau{note} {box}day.\par Cuoi.\par") == ["Dau day.", "Hop.", "Cuoi.", "Chu."]
    assert [kind for kind, _ in blocks(rf"\pard\s2 A\par\pard Dau{note} day.\par")][1] == "text"


def test_what_is_not_shown_is_no_text() -> None:
    body = (
        r"{\header Dau trang}{\footer Chan trang}Thay{\v  an}{\deleted  xoa}{\*\annotation ban} duoc.\par"
        r"{\pict 89504e47}{\xe chi muc}{\*\unknown la}{\field{\*\fldinst HYPERLINK x}{\fldrslt Lien ket}}\par"
        r"{\upr{cu}{\*\ud moi}}\par"
    )
    assert texts(body) == ["Thay duoc.", "Lien ket", "moi"]


def test_a_table_of_contents_is_left_out() -> None:
    body = (
        r"{\field{\*\fldinst TOC \\o}{\fldrslt Phan mot 3\par Phan hai "
        r"{\field{\*\fldinst PAGEREF}{\fldrslt 4}}}}\par"
        r"\pard\s1 Phan mot\par"
    )
    content = read_content((HEAD + body + "}").encode(), path="a.rtf", encoding=None)
    assert content.text == "Phan mot\n"
    assert "table of contents" in content.notes[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"plain text", "no RTF document"),
        (b"{\\rtf1 }", "holds no text"),
        (b"{\\rtf1 " + b"{" * 20_000, "nested too deep"),
    ],
)
def test_what_is_no_document_is_said(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_content(data, path="a.rtf", encoding=None)


def test_an_unknown_code_page_is_passed_over() -> None:
    assert read_content(rb"{\rtf1\ansi\ansicpg12345 caf\'e9}", path="a.rtf", encoding=None).text == "café\n"
