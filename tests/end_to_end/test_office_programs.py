"""Documents as LibreOffice writes them: one text in every format reads the same."""

import subprocess
from pathlib import Path

import pytest

from aligner.documents import read

PAGE = """<html><head><meta charset="utf-8"></head><body><h1>Làng tôi</h1>
<p>Nhà ở <b>ven</b> sông. Trước nhà có cây đa, dưới gốc đa có giếng nước trong, chiều chiều bọn trẻ con
trong xóm ra đó nô đùa, còn các bà ngồi kể chuyện ngày xưa.</p>
<ul><li>Một con trâu.</li><li>Hai con bò.</li></ul>
<table border="1"><tr><td>村里的花都开了。</td><td>Hoa trong làng đã nở.</td></tr>
<tr><td>孩子们很高兴。</td><td>Trẻ con vui lắm.</td></tr></table>
<h2>Phần hai</h2><p>Câu có chú thích<a class="sdfootnoteanc" name="sdfootnote1anc"
href="#sdfootnote1sym"><sup>1</sup></a> ở giữa.</p>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym"
href="#sdfootnote1anc">1</a>Đây là chú thích.</p></div></body></html>"""
LONG = (
    "Nhà ở ven sông. Trước nhà có cây đa, dưới gốc đa có giếng nước trong, chiều chiều bọn trẻ con "
    "trong xóm ra đó nô đùa, còn các bà ngồi kể chuyện ngày xưa."
)
TEXTS = [
    "Làng tôi",
    LONG,
    "Một con trâu.",
    "Hai con bò.",
    "村里的花都开了。",
    "Hoa trong làng đã nở.",
    "孩子们很高兴。",
    "Trẻ con vui lắm.",
    "Phần hai",
    "Câu có chú thích ở giữa.",
    "Đây là chú thích.",
]
SHEET = "id,zh,vi\n1,村里的花都开了。,Hoa trong làng đã nở.\n2,孩子们很高兴。,Trẻ con vui lắm.\n"

pytestmark = pytest.mark.program("soffice")


def convert(source: Path, suffix: str, *options: str) -> Path:
    """The document in another format, made by LibreOffice with a profile of its own."""
    folder = source.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    places = ["--convert-to", suffix, "--outdir", str(folder), str(source)]
    subprocess.run(
        ["soffice", "--headless", profile, *options, *places], check=True, capture_output=True, timeout=110
    )
    return source.with_suffix("." + suffix.partition(":")[0])


@pytest.fixture(scope="module")
def text_document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("office") / "a.html"
    page.write_text(PAGE, "utf-8")
    return convert(page, "odt:writer8", "--infilter=HTML (StarWriter)")


def texts(path: Path) -> list[str]:
    document = read(path)
    return [document.text[b.start : b.end] for b in document.blocks]


@pytest.mark.parametrize("suffix", ["odt", "docx", "rtf"])
def test_every_word_processors_format_reads_the_same(text_document: Path, suffix: str) -> None:
    path = text_document if suffix == "odt" else convert(text_document, suffix)
    document = read(path)
    assert [document.text[b.start : b.end] for b in document.blocks] == TEXTS
    assert [b.kind for b in document.blocks] == [
        "title", "text", "list", "list", "cell", "cell", "cell", "cell", "heading", "text", "text",
    ]  # fmt: skip
    assert [b.origin.cell for b in document.blocks][4:8] == ["1:1", "1:2", "2:1", "2:2"]


def test_a_book_reads_the_same_but_for_the_number_of_a_note(text_document: Path) -> None:
    assert texts(convert(text_document, "epub"))[:-2] == TEXTS[:-2]


def test_a_pdf_holds_the_same_text(text_document: Path) -> None:
    pytest.importorskip("pypdfium2", reason="the extra docs is not installed")
    found = texts(convert(text_document, "pdf"))
    assert found[:2] == TEXTS[:2]
    assert "".join("".join(found).split()).count("Hoatronglàngđãnở.") == 1
    letters = sorted(c for text in found for c in text if c.isalpha())
    assert letters == sorted(c for text in TEXTS for c in text if c.isalpha())


def test_a_workbook_pairs_the_same_rows(tmp_path: Path) -> None:
    from aligner.documents.sheets import read_rows

    path = tmp_path / "a.csv"
    path.write_text(SHEET, "utf-8")
    workbook = convert(path, "xlsx", "--infilter=CSV:44,34,76,1")
    for side, other in zip(read_rows(workbook), read_rows(path), strict=True):
        assert side.blocks == other.blocks
        assert side.text == other.text


def test_an_old_word_document_is_refused_with_the_remedy(text_document: Path) -> None:
    from aligner.errors import InputError

    with pytest.raises(InputError, match=r"save it as [.]docx"):
        read(convert(text_document, "doc"))


def test_the_bead_table_survives_a_spreadsheet(tmp_path: Path) -> None:
    """LibreOffice Calc opens the workbook, keeps texts texts, and what it saves is read as the same beads."""
    import csv
    import zipfile

    from aligner.formats import load_bitext, write_bitexts
    from aligner.model import Bead, Bitext, Segment, Side

    texts = [
        ("村里的花都开了。", "Hoa đã nở."),
        ("=1+1", "+1"),
        ("-2", "@a"),
        ("００12", "00012"),
        ("“𠮷”", "3-4"),
    ]
    beads = [
        Bead(i, (Segment(i, zh, 0, 9),), (Segment(i, vi, 0, 9),), confidence=0.25, status="accepted")
        for i, (zh, vi) in enumerate(texts)
    ]
    value = Bitext(Side("zh-Hans", "a.txt", ""), Side("vi", "a.txt", ""), tuple(beads))
    path = tmp_path / "a.xlsx"
    write_bitexts([value], "xlsx", path)
    table = convert(path, "csv:Text - txt - csv (StarCalc):44,34,76,1")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["src"], row["tgt"]) for row in rows] == texts
    before = load_bitext(path).beads
    saved = tmp_path / "again" / "a.xlsx"
    saved.parent.mkdir()
    path.rename(saved)
    (tmp_path / "again" / "out").mkdir()
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again" / "out"), str(saved)],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip
    after = tmp_path / "again" / "out" / "a.xlsx"
    assert load_bitext(after).beads == before
    with zipfile.ZipFile(after) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "auto,accepted,edited,rejected" in sheet
    assert "cellIs" in sheet
