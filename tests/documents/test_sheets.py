"""Sheets: the two columns are found, rows stay paired, tables of every dialect."""

from pathlib import Path

import pytest
from tests.documents.containers import xlsx_parts, zipped

from aligner.documents import is_bilingual, read, separate
from aligner.documents.sheets import read_content, read_rows
from aligner.errors import FormatError, InputError
from aligner.model import Document

CSV = """id,中文,Tiếng Việt,note
1,村里的花都开了。,"Hoa trong làng, đã nở.",ok
2,孩子们很高兴。,Trẻ con vui lắm.,
3,,Chỉ có tiếng Việt ở đây.,see Việt Nam
"""
ROWS = [("B2", 0), ("B3", 1)], [("C2", 0), ("C3", 1), ("C4", 2)]


def write(folder: Path, data: bytes | str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def texts(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", CSV),
        ("a.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("a.csv", CSV.replace('"Hoa trong làng, đã nở."', "Hoa trong làng; đã nở.").replace(",", ";")),
        ("a.tsv", CSV.replace(",", "\t").replace('làng\t đã nở."', 'làng, đã nở."')),
        ("a.csv", CSV.encode("utf-16")),
    ],
)
def test_rows_stay_paired(tmp_path: Path, name: str, data: bytes | str) -> None:
    zh, vi = read_rows(write(tmp_path, data, name))
    assert (zh.lang, vi.lang) == ("zh-Hans", "vi")
    assert texts(zh) == ["村里的花都开了。", "孩子们很高兴。"]
    assert texts(vi)[1:] == ["Trẻ con vui lắm.", "Chỉ có tiếng Việt ở đây."]
    for document, expected in zip((zh, vi), ROWS, strict=True):
        assert [(b.origin.cell, b.origin.paragraph) for b in document.blocks] == expected
    assert zh.text == vi.text
    assert {b.kind for b in zh.blocks} == {"cell"}


def test_a_sheet_is_a_bilingual_document(tmp_path: Path) -> None:
    document = read(write(tmp_path, CSV))
    assert document.lang is None
    assert is_bilingual(document)
    zh, vi = separate(document)
    assert (len(zh.blocks), len(vi.blocks)) == (2, 3)


def test_columns_may_stand_in_any_order_and_without_names(tmp_path: Path) -> None:
    zh, vi = read_rows(write(tmp_path, "Trẻ con vui lắm.,x,孩子们很高兴。\nHoa đã nở.,y,花都开了。\n"))
    assert [b.origin.cell for b in zh.blocks] == ["C1", "C2"]
    assert [b.origin.cell for b in vi.blocks] == ["A1", "A2"]


def test_a_traditional_column(tmp_path: Path) -> None:
    zh, _ = read_rows(write(tmp_path, "孩子們很高興。,Trẻ con vui lắm.\n"))
    assert zh.lang == "zh-Hant"


def test_a_sheet_in_one_language_gives_all_its_text(tmp_path: Path) -> None:
    path = write(tmp_path, "Một.,Hai đứa trẻ.\nTrời mưa rồi.,Bốn.\n")
    assert texts(read(path)) == ["Một.", "Hai đứa trẻ.", "Trời mưa rồi.", "Bốn."]
    with pytest.raises(InputError, match="no sheet with a column"):
        read_rows(path)


def test_a_workbook(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2" t="n"><v>1</v></c><c r="B2" t="s"><v>0</v></c>'
        '<c r="D2" t="s"><v>1</v></c></row><row><c t="n"><v>2</v></c>'
        '<c t="inlineStr"><is><t>孩子们很高兴。</t></is></c><c t="e"><v>#N/A</v></c>'
        '<c t="str"><f>A1</f><v>Trẻ con vui lắm.</v></c></row><row r="9"/>'
    )
    zh, vi = read_rows(write(tmp_path, zipped(xlsx_parts(rows)), "a.xlsx"))
    assert texts(zh) == ["一本书。", "孩子们很高兴。"]
    assert texts(vi) == ["Một quyển sách.", "Trẻ con vui lắm."]
    assert [b.origin.cell for b in vi.blocks] == ["D2", "D3"]


def test_sheets_of_a_workbook_have_names_and_hidden_ones_are_left_out() -> None:
    row = '<row r="1"><c r="A1" t="s"><v>2</v></c></row>'
    parts = xlsx_parts(row, row, row)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="S1"', 'name="S1" state="hidden"')
    content = read_content(zipped(parts), path="a.xlsx", encoding=None)
    assert [b.origin.cell for b in content.blocks] == ["S0!A1", "S2!A1"]
    assert content.text == "河\n河\n"


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" t="s"><v>99</v></c>',
        '<c r="A1" t="s"><v>x</v></c>',
        '<c r="A1" t="s"/>',
        '<c r="ZZZ1"><v>1</v></c>',
    ],
)
def test_a_cell_that_leads_nowhere_is_empty(cell: str) -> None:
    rows = f'<row r="99999999999">{cell}<c r="B1" t="s"><v>0</v></c></row>'
    assert read_content(zipped(xlsx_parts(rows)), path="a.xlsx", encoding=None).text == "一本书。\n"


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(FormatError, match="not a table"):
        read_content(('"' + "chữ " * 100_000).encode(), path="a.csv", encoding=None)
    with pytest.raises(FormatError, match="no workbook"):
        read_content(zipped({"a": "b"}), path="a.xlsx", encoding=None)
