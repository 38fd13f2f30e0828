"""Glossaries in every format: what goes out comes back, what is broken is refused by its row, in one line."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aligner.errors import AlignerError, FormatError, UsageError
from aligner.formats.glossaries import GLOSSARY_FORMATS, GlossaryOptions, load_glossary, write_glossary
from aligner.formats.glossary import COLUMNS, read_entries, write_entries
from aligner.formats.workbook import write_workbook
from aligner.terms.model import Occurrence, TermEntry, entry_id

ENTRIES = [
    TermEntry(
        zh="农业技术",
        vi="kỹ thuật nông nghiệp",
        zh_variants=("農業技術",),
        vi_variants=("kĩ thuật nông nghiệp", "KTNN"),
        category="technology",
        status="approved",
        confidence=0.9321,
        frequency=3,
        context_zh="推广农业技术。",
        context_vi='Phổ biến "kỹ thuật nông nghiệp".',
        beads="bai:3,14",
        note="thống nhất <với> & bộ",
        id=entry_id("农业技术", "kỹ thuật nông nghiệp"),
        evidence={"translation links": 2.5},
        occurrences=(Occurrence("bai", 3, (2, 6), (9, 29)),),
    ),
    TermEntry("=1+1公式", "-công thức", id=entry_id("=1+1公式", "-công thức"), confidence=0.25),
    TermEntry("旧称", "tên cũ", status="deprecated", id=entry_id("旧称", "tên cũ")),
    TermEntry("误译", "dịch sai", status="rejected", id=entry_id("误译", "dịch sai")),
]
WHOLE = ("tsv", "jsonl", "sheet")
ROWS = {name for name in GLOSSARY_FORMATS if name not in WHOLE}


def through(entries: list[TermEntry], name: str, folder: Path, **options: object) -> list[TermEntry]:
    path = folder / f"g{GLOSSARY_FORMATS[name]}"
    write_glossary(entries, name, path, GlossaryOptions(**options))  # type: ignore[arg-type]
    return load_glossary(path)


@pytest.mark.parametrize("name", WHOLE)
def test_our_own_formats_keep_every_column(name: str, tmp_path: Path) -> None:
    found = through(ENTRIES, name, tmp_path)
    bare = [entry.replace(evidence={}, occurrences=()) for entry in ENTRIES]
    assert [entry.replace(evidence={}, occurrences=()) for entry in found] == [
        entry.replace(context_vi=entry.context_vi.replace('"kỹ', '"kỹ')) for entry in bare
    ]
    if name == "jsonl":
        assert found == ENTRIES


@pytest.mark.parametrize("name", sorted(ROWS))
def test_exchange_formats_keep_the_terms(name: str, tmp_path: Path) -> None:
    found = through(ENTRIES, name, tmp_path)
    pairs = {(entry.zh, entry.vi) for entry in found}
    assert {("农业技术", "kỹ thuật nông nghiệp"), ("=1+1公式", "-công thức")} <= pairs
    assert "误译" not in {entry.zh for entry in found}, "a rejected entry is no term"
    forms = {form for entry in found for form in (entry.zh, *entry.zh_variants)}
    assert "農業技術" in forms


@pytest.mark.parametrize("name", ["tbx", "tbx3", "csv", "xlsx"])
def test_a_deprecated_term_says_so(name: str, tmp_path: Path) -> None:
    status = {entry.zh: entry.status for entry in through(ENTRIES, name, tmp_path)}
    assert status["旧称"] == "deprecated"
    assert status["农业技术"] == "approved"


@pytest.mark.parametrize("name", ["tbx", "tbx3"])
def test_tbx_keeps_variants_context_and_note(name: str, tmp_path: Path) -> None:
    (found, *_) = through(ENTRIES, name, tmp_path)
    for column in ("zh_variants", "vi_variants", "category", "context_zh", "context_vi", "note"):
        assert getattr(found, column) == getattr(ENTRIES[0], column)


@pytest.mark.parametrize(("name", "schema"), [("tbx", "omegat_tbx.xsd"), ("tbx3", "TBXcoreStructV03.rng")])
def test_tbx_is_valid(name: str, schema: str, schemas: Path, tmp_path: Path) -> None:
    path = tmp_path / "g.tbx"
    write_glossary(ENTRIES, name, path)
    kind = etree.XMLSchema if schema.endswith("xsd") else etree.RelaxNG
    kind(etree.parse(schemas / schema)).assertValid(etree.parse(path))


def test_another_reader_reads_tbx(tmp_path: Path) -> None:
    from translate.storage import tbx

    write_glossary(ENTRIES, "tbx", tmp_path / "g.tbx")
    store: Any = tbx.tbxfile
    units = store.parsefile(str(tmp_path / "g.tbx")).units
    assert [(unit.source, unit.target) for unit in units][:2] == [
        ("农业技术", "kỹ thuật nông nghiệp"),
        ("=1+1公式", "-công thức"),
    ]


@pytest.mark.parametrize("name", ["tbx", "csv", "xlsx"])
def test_language_codes_are_ours_to_choose(name: str, tmp_path: Path) -> None:
    found = through(ENTRIES, name, tmp_path, zh_code="zh-TW", vi_code="vi")
    assert found[0].zh == "农业技术"
    if name == "csv":
        header = (tmp_path / "g.csv").read_text("utf-8").splitlines()[0]
        assert "zh-TW" in header.split(",")


def test_the_omegat_glossary_goes_both_ways(tmp_path: Path) -> None:
    there = through(ENTRIES, "omegat-glossary", tmp_path)
    back = through(ENTRIES, "omegat-glossary", tmp_path, direction="vi-zh")
    assert (there[0].zh, back[0].zh) == ("农业技术", "农业技术")
    assert (tmp_path / "g.txt").read_text("utf-8").startswith("kỹ thuật nông nghiệp\t农业技术\t")


def test_the_same_glossary_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in GLOSSARY_FORMATS:
        for run in ("a", "b"):
            write_glossary(ENTRIES, name, tmp_path / run)
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes(), name


TEXT = st.text(alphabet="农业a ăÂ\t\n|\"'=“”,;\u2028\x0b<&", min_size=0, max_size=8)


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXT, max_size=3), TEXT, TEXT, TEXT)
def test_whatever_stands_in_a_cell_stays_in_it(variants: list[str], zh: str, context: str, note: str) -> None:
    """Read back, a glossary is what cleaning makes of it, and cleaning it again changes nothing."""
    entry = TermEntry(f"词{zh}", "từ", tuple(variants), context_zh=context, note=note)
    once = written_and_read([entry])
    assert len(once) == 1
    assert once == written_and_read(once)
    assert once[0].zh.split() == f"词{zh}".replace("\x0b", " ").replace("\u2028", " ").split() or '"' in zh


def written_and_read(entries: list[TermEntry]) -> list[TermEntry]:
    file = io.BytesIO()
    write_entries(entries, file)
    return read_entries(io.BytesIO(file.getvalue()), "g")


def as_spreadsheet(entries: list[TermEntry], encoding: str) -> bytes:
    """What Excel makes of the sheet when it saves "Unicode text": cells that hold quotes or commas quoted."""
    file = io.BytesIO()
    write_entries(entries, file)
    rows = [line.split("\t") for line in file.getvalue().decode().splitlines()]
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab").writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_sheet_saved_by_a_spreadsheet_is_the_same(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    path.write_bytes(as_spreadsheet(ENTRIES, encoding))
    assert load_glossary(path) == [entry.replace(evidence={}, occurrences=()) for entry in ENTRIES]


def test_columns_in_another_order_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    names = [*reversed(COLUMNS), "mine"]
    row = {"zh": "渔业", "vi": "nghề cá", "confidence": "0,75", "status": "Approved", "frequency": "2.0"}
    cells = "\t".join(row.get(name, "") for name in names)
    path.write_text("\t".join(names) + f"\n{cells}\n\n", "utf-8")
    (found,) = load_glossary(path)
    assert (found.confidence, found.status, found.frequency, found.category) == (
        0.75,
        "approved",
        2,
        "general",
    )
    assert found.id == entry_id("渔业", "nghề cá")


def tsv(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    lines = ["\t".join(columns), *("\t".join(row.get(c, "") for c in columns) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


GOOD = {"zh": "渔业", "vi": "nghề cá"}
BROKEN = {
    "a column is missing": (tsv(GOOD, columns=tuple(c for c in COLUMNS if c != "status")), "status"),
    "two rows with one key": (
        tsv(GOOD, {"zh": "林业", "vi": "rừng"}, {"zh": "渔业", "vi": "Nghề  Cá"}),
        ":4",
    ),
    "an unknown status": (tsv(GOOD, {"zh": "林", "vi": "rừng", "status": "maybe"}), ":3"),
    "an unknown category": (tsv({**GOOD, "category": "fish"}), ":2"),
    "no number": (tsv({**GOOD, "confidence": "high"}), ":2"),
    "a negative number": (tsv({**GOOD, "frequency": "-1"}), ":2"),
    "no translation": (tsv({"zh": "渔业"}), ":2"),
    "another encoding": (tsv(GOOD) + "林业\trừng\n".encode("gb18030", "replace"), ":3"),
    "cut cells": (tsv(GOOD).rstrip(b"\n") + b"\tx\ty\n", ":2"),
    "empty": (b"", "empty"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_glossary_is_refused_by_row(name: str, tmp_path: Path) -> None:
    data, said = BROKEN[name]
    path = tmp_path / "g.tsv"
    path.write_bytes(data)
    with pytest.raises(FormatError) as caught:
        load_glossary(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


ONE_LANGUAGE = (
    '<martif><text><body><termEntry><langSet xml:lang="zh"><tig><term>渔业</term></tig></langSet></termEntry>'
    "</body></text></martif>"
)
OTHERS = {
    "a table without Vietnamese": ("g.csv", "zh-CN,en\n渔业,fishery\n", "Vietnamese"),
    "a half empty row": ("g.csv", "zh-CN,vi-VN\n渔业,nghề cá\n林业,\n", ":3"),
    "no TBX": ("g.tbx", "<html><body/></html>", "no TBX"),
    "broken TBX": ("g.tbx", "<martif><text>", "well-formed"),
    "TBX without Vietnamese": ("g.tbx", ONE_LANGUAGE, "both"),
    "an entity": ("g.tbx", '<!DOCTYPE martif [<!ENTITY a "b">]><martif>&a;</martif>', "entities"),
    "a column is missing": ("g.tsv", "zh\tnote\n渔业\tx\n", "Vietnamese"),
    "no Chinese": ("g.tsv", "book\tsách\n", "no Chinese"),
    "an unknown status": (
        "g.tsv",
        "# mine\nzh\tvi\tstatus\n渔业\tnghề cá\tapprov\n",
        "g.tsv:3: unknown status",
    ),
    "two rows that contradict each other": (
        "g.csv",
        "zh,vi,status\n书,sách,approved\n书,Sách,forbidden\n",
        "g.csv:3: 书 ↔ Sách is deprecated here and approved in line 2",
    ),
    "exchanged columns": ("g.csv", "zh,vi\nsách,书\n", "the Chinese stands in the column vi"),
    "a list of words": ("g.txt", "渔业\n林业\n", "one column"),
    "no workbook": ("g.xlsx", "PK\x03\x04 nothing", "g.xlsx"),
    "broken JSON": ("g.jsonl", '{"zh": "渔业"', ":1"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_broken_file_of_another_format_is_one_line(name: str, tmp_path: Path) -> None:
    file, text, said = OTHERS[name]
    path = tmp_path / file
    path.write_text(text, "utf-8")
    with pytest.raises(AlignerError) as caught:
        load_glossary(path)
    assert "\n" not in str(caught.value)
    assert said in str(caught.value)


def test_tables_of_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("\ufeffTiếng Việt;中文;Ghi chú\nnghề cá;渔业;chung\nnghề cá;渔业;again\n", "utf-8")
    (found,) = load_glossary(path)
    assert (found.zh, found.vi, found.note, found.status) == ("渔业", "nghề cá", "chung", "approved")
    with (tmp_path / "g.xlsx").open("wb") as file:
        write_workbook(["en", "zh_CN", "vi_VN"], [["fishery", "渔业", "nghề cá"]], file, title="terms")
    assert [(e.zh, e.vi) for e in load_glossary(tmp_path / "g.xlsx")] == [("渔业", "nghề cá")]


@pytest.mark.parametrize(
    "text",
    [
        "zh\tvi\n书\tsách\n",
        "书\tsách\n",
        "sách\t书\n",
        "VI\tZH\nsách\t书\n",
        "# a comment\n\n书\tsách\ta note\n",
        "zh\tvi\n# a comment\n书\tsách\n",
        "\ufeffzh\tvi\n书\tsách\n",
    ],
)
def test_tables_of_two_columns(text: str, tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    path.write_text(text, "utf-8")
    (found,) = load_glossary(path)
    assert (found.zh, found.vi, found.status) == ("书", "sách", "approved")


def test_a_table_may_have_variants_and_a_status(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    path.write_text("vi\tzh\tvi_variants\tstatus\nhội kiến\t会晤\tgặp | họp\tdeprecated\n\nvăn\t文", "utf-8")
    meeting, script = load_glossary(path)
    assert (meeting.vi_variants, meeting.status) == (("gặp", "họp"), "deprecated")
    assert (script.vi, script.status) == ("văn", "approved")


def test_of_our_sheet_forms_and_status_are_enough_to_read(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    columns = ("id", "zh", "vi", "status", "confidence")
    path.write_bytes(tsv({**GOOD, "id": "t1", "status": "approved"}, GOOD | {"zh": "林业"}, columns=columns))
    assert [entry.status for entry in load_glossary(path)] == ["approved", "candidate"]


def test_tbx_of_other_programs(tmp_path: Path) -> None:
    """Nested ntig, a language passed over, a preferred term that comes second, a superseded one."""
    path = tmp_path / "g.tbx"
    status = '<termNote type="administrativeStatus">{}</termNote>'
    path.write_text(
        '<?xml version="1.0"?><martif type="TBX"><text><body><termEntry id="c1">'
        '<langSet xml:lang="en"><tig><term>fishery</term></tig></langSet>'
        '<langSet xml:lang="vi_VN"><ntig><termGrp><term>nghề <hi>cá</hi></term></termGrp></ntig>'
        f"<tig><term>thuỷ sản</term>{status.format('preferredTerm-admn-sts')}</tig>"
        f"<tig><term>ngư nghiệp</term>{status.format('supersededTerm-admn-sts')}</tig></langSet>"
        '<langSet xml:lang="zh-Hans"><tig><term>渔业</term></tig></langSet>'
        "</termEntry></body></text></martif>",
        "utf-8",
    )
    good, bad = load_glossary(path)
    assert (good.zh, good.vi, good.vi_variants, good.status) == ("渔业", "thuỷ sản", ("nghề cá",), "approved")
    assert (bad.zh, bad.vi, bad.status) == ("渔业", "ngư nghiệp", "deprecated")


def test_no_such_format() -> None:
    with pytest.raises(UsageError):
        write_glossary(ENTRIES, "docx", "-")


@pytest.mark.program("soffice")
@pytest.mark.parametrize("name", ["sheet", "tsv"])
def test_the_sheet_survives_libreoffice(name: str, tmp_path: Path) -> None:
    import subprocess

    # TSV cannot say that a cell is text and no formula; a workbook can.
    entries = [entry for entry in ENTRIES if name == "sheet" or not entry.zh.startswith("=")]
    path = tmp_path / f"g{GLOSSARY_FORMATS[name]}"
    write_glossary(entries, name, path)
    out = tmp_path / "out"
    # TAB, quotation mark, UTF-8, from the first line, all columns as text
    filters = "CSV:9,34,76,1," + "/".join(f"{n}/2" for n in range(1, len(COLUMNS) + 1))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += [f"--infilter={filters}"] if name == "tsv" else []
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (saved,) = out.iterdir()
    assert load_glossary(saved) == [entry.replace(evidence={}, occurrences=()) for entry in entries]
