"""The formats that other programs open: a workbook, a page, an OmegaT project, word links, numbered files."""

from __future__ import annotations

import io
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import etree

from aligner.errors import FormatError, OutputError, UsageError
from aligner.formats import ExportOptions, export_files, load_bitext, write_bitexts
from aligner.formats.omegat import FOLDERS
from aligner.model import Bead, Bitext, Segment, Side
from aligner.word_links import linked

MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def bitext(*pairs: tuple[str, str], path: str = "a.txt", confidence: float = 0.5) -> Bitext:
    beads = tuple(
        Bead(
            i,
            (Segment(i, zh, 100 * i, 100 * i + len(zh)),) if zh else (),
            (Segment(i, vi, 100 * i, 100 * i + len(vi)),) if vi else (),
            confidence=confidence,
        )
        for i, (zh, vi) in enumerate(pairs)
    )
    return Bitext(Side("zh-Hans", path, ""), Side("vi", path, ""), beads)


def sheet_of(value: Bitext) -> etree._Element:
    file = io.BytesIO()
    write_bitexts([value], "xlsx", file)
    with zipfile.ZipFile(file) as archive:
        return etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    sheet = sheet_of(bitext((text, text), ("一", "một")))
    assert not list(sheet.iter("{*}f"))
    cells = [cell for cell in sheet.iter("{*}c") if cell.findtext("m:is/m:t", "", MAIN) == text]
    assert [cell.get("t") for cell in cells] == ["inlineStr", "inlineStr"]


def test_a_workbook_helps_who_edits_it() -> None:
    sheet = sheet_of(bitext(("一", "một"), ("二", "hai")))
    assert sheet.find(".//m:pane", MAIN).get("state") == "frozen"  # type: ignore[union-attr]
    assert sheet.findtext(".//m:dataValidation/m:formula1", "", MAIN) == '"auto,accepted,edited,rejected"'
    assert sheet.find(".//m:dataValidation", MAIN).get("sqref") == "E2:E3"  # type: ignore[union-attr]
    rules = sheet.findall(".//m:conditionalFormatting/m:cfRule", MAIN)
    assert [rule.findtext("m:formula", "", MAIN) for rule in rules] == ["0.5", "0.9"]
    # The order of these elements is part of the format: Excel refuses any other.
    order = [etree.QName(child).localname for child in sheet]
    assert order == [
        "sheetViews", "cols", "sheetData", "autoFilter", "conditionalFormatting", "dataValidations",
    ]  # fmt: skip


def test_a_text_longer_than_a_cell_is_told() -> None:
    tally = write_bitexts([bitext(("越" * 40_000, "một"))], "xlsx", io.BytesIO())
    assert tally.remarks == ["1 texts are cut at the 32,767 characters that a cell takes"]


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page_loads_and_runs_nothing() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
    file = io.BytesIO()
    write_bitexts([bitext((hostile, hostile), ("一", ""), path="<b>.txt")], "html", file)
    page = Page(file.getvalue())
    assert not {"script", "img", "link", "iframe", "b"} & set(page.tags)
    assert page.loaded == []
    assert page.texts.count(hostile) == 2
    assert page.tags.count("tr") == 3
    assert b"default-src 'none'" in file.getvalue()


def test_a_page_has_a_table_for_each_document() -> None:
    file = io.BytesIO()
    write_bitexts([bitext(("一", "một"), path="x/a.txt"), bitext(("二", "hai"), path="b.txt")], "html", file)
    page = Page(file.getvalue())
    assert page.tags.count("table") == page.tags.count("thead") == 2
    assert {"a.txt", "b.txt"} <= set(page.texts)
    empty = io.BytesIO()
    write_bitexts([], "html", empty)
    assert Page(empty.getvalue()).tags.count("table") == 0


def test_an_omegat_project_is_whole_and_spares_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    write_bitexts(
        [bitext(("一", "một"))], "omegat", folder, ExportOptions(glossary=lambda f, _: f.write(b"g"))
    )
    assert all((folder / name).is_dir() for name in FOLDERS)
    assert load_bitext(folder / "tm" / "auto" / "aligner.tmx").beads[0].tgt_text == "một"
    assert (folder / "glossary" / "aligner.txt").read_bytes() == b"g"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p"]
    (folder / "omegat" / "segmentation.conf").write_text("mine")
    (folder / "omegat" / "project_save.tmx").write_text("work")
    tally = write_bitexts([bitext(("一", "hai"))], "omegat", folder)
    assert "is a project already" in tally.remarks[0]
    assert load_bitext(folder / "tm" / "auto" / "aligner.tmx").beads[0].tgt_text == "hai"
    assert (folder / "omegat" / "segmentation.conf").read_text() == "mine"
    assert (folder / "omegat" / "project_save.tmx").read_text() == "work"


def test_a_folder_of_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine")
    with pytest.raises(UsageError, match="no OmegaT project"):
        write_bitexts([bitext(("一", "một"))], "omegat", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_word_links_name_words_of_their_lines(tmp_path: Path) -> None:
    value = bitext(
        ("河内是越南的首都。", "Hà Nội là thủ đô của Việt Nam."), ("无", ""), ("下雨了。", "Trời mưa.")
    )
    for direction in ("zh-vi", "vi-zh"):
        options = ExportOptions(direction=direction)
        assert write_bitexts([value], "pharaoh", tmp_path / "a", options, linker=linked).units == 2
        zh, vi, links = (
            (tmp_path / f"a.{suffix}").read_text("utf-8").split("\n")[:-1]
            for suffix in ("zh", "vi", "pharaoh")
        )
        assert len(zh) == len(vi) == len(links) == 2
        sides = (zh, vi) if direction == "zh-vi" else (vi, zh)
        pairs = [tuple(map(int, pair.split("-"))) for pair in links[0].split()]
        words = {(sides[0][0].split()[i], sides[1][0].split()[j]) for i, j in pairs}
        assert ("河内", "Hà_Nội") in words or ("Hà_Nội", "河内") in words
        assert "".join(zh[0].split()) == value.beads[0].src_text


def test_word_links_need_what_knows_them(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="word links"):
        write_bitexts([bitext(("一", "một"))], "pharaoh", tmp_path / "a")


@pytest.mark.parametrize("link", ["tm/auto/aligner.tmx", "tm/auto", "glossary", "tm"])
def test_a_project_of_others_leads_nowhere_else(link: str, tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    write_bitexts([bitext(("一", "một"))], "omegat", project)
    outside.mkdir()
    (outside / "auto").mkdir()
    (outside / "victim").write_text("precious", "utf-8")
    path = project / link
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.symlink_to(outside / "victim" if path.suffix else outside)
    with pytest.raises(OutputError, match="leads out of"):
        write_bitexts([bitext(("一", "một"))], "omegat", project)
    assert (outside / "victim").read_text("utf-8") == "precious"
    assert sorted(p.name for p in outside.rglob("*")) == ["auto", "victim"]


def test_long_files_are_split(tmp_path: Path) -> None:
    value = bitext(*[(f"第{i}", f"thứ {i}") for i in range(5)])
    for name in ("tmx", "xlsx"):
        tally = write_bitexts([value], name, tmp_path / f"a.{name}", ExportOptions(split=2))
        assert tally.units == 5
        paths = sorted(tmp_path.glob(f"a.*.{name}"))
        assert [path.name for path in paths] == [f"a.00{i}.{name}" for i in (1, 2, 3)]
        assert [len(load_bitext(path).beads) for path in paths] == [2, 2, 1]
    for bad in ("-", None):
        with pytest.raises(UsageError, match="split"):
            write_bitexts([value], "tmx", bad, ExportOptions(split=2))


def test_parts_of_a_longer_export_are_neither_left_among_the_new_ones_nor_deleted(tmp_path: Path) -> None:
    value = bitext(*[(f"第{i}", f"thứ {i}") for i in range(4)])
    old = [tmp_path / f"a.{number}.tmx" for number in ("001", "002", "003", "100")]
    for path in old:
        path.write_text("old", "utf-8")
    with pytest.raises(OutputError, match=r"a\.003\.tmx and 1 more would stay") as error:
        write_bitexts([value], "tmx", tmp_path / "a.tmx", ExportOptions(split=2))
    assert "delete" in str(error.value)
    assert sorted(tmp_path.iterdir()) == old
    assert {path.read_text("utf-8") for path in old} == {"old"}
    for path in old[2:]:
        path.unlink()
    (tmp_path / "b.003.tmx").touch()
    write_bitexts([value], "tmx", tmp_path / "a.tmx", ExportOptions(split=2))
    assert [len(load_bitext(path).beads) for path in old[:2]] == [2, 2]


def test_what_is_split_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("zh\tvi\n" + "".join(f"第{i}\tthứ {i}\n" for i in range(1100)) + "broken\n", "utf-8")
    with pytest.raises(FormatError, match=r"a\.tsv:1102"):
        export_files([source], "tmx", tmp_path / "b.tmx", ExportOptions(split=500))
    assert [path.name for path in tmp_path.iterdir()] == ["a.tsv"]


def test_of_broken_input_nothing_reaches_stdout(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    source = tmp_path / "a.tsv"
    source.write_text("zh\tvi\nmột\n", "utf-8")
    with pytest.raises(FormatError, match=r"a\.tsv:2"):
        export_files([source], "tsv", "-")
    assert capfdbinary.readouterr().out == b""
