"""TSV, CSV, JSONL, Moses and beads: what the contract suite does not say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from aligner.errors import FormatError, OutputError, UsageError
from aligner.formats import ExportOptions, Tally, beads, export_files, load_bitext, moses, write_bitexts
from aligner.model import Bead, Bitext, Segment, Side

SIDE = Side("zh-Hans", "a.zh.txt", "")


def sample() -> Bitext:
    def segments(texts: list[str], first: int) -> tuple[Segment, ...]:
        return tuple(Segment(first + i, text, 0, len(text)) for i, text in enumerate(texts))

    return Bitext(
        SIDE,
        Side("vi", "a.vi.txt", ""),
        (
            Bead(0, segments(["你好。", "再见。"], 0), segments(["Chào."], 0), confidence=0.98765),
            Bead(1, segments(["一\t二"], 2), segments(["Một,", '"hai"'], 1), status="accepted", note="x\ny"),
            Bead(2, (), segments(["Lẻ"], 3)),
        ),
    )


def exported(name: str, options: ExportOptions | None = None) -> str:
    file = io.BytesIO()
    write_bitexts([sample()], name, file, options)
    return file.getvalue().decode()


def hashes() -> list[str]:
    return [bead.hash for bead in sample().beads]


def test_tsv_is_exactly_this() -> None:
    one, two, three = hashes()
    document = "a.zh.txt | a.vi.txt"
    assert exported("tsv") == (
        "id\tsrc\ttgt\tconfidence\tstatus\tdocument\tnote\tsrc_ids\ttgt_ids\thash\n"
        f"0\t你好。再见。\tChào.\t0.9877\tauto\t{document}\t\t0,1\t0\t{one}\n"
        f'1\t一 二\tMột, "hai"\t0.0000\taccepted\t{document}\tx y\t2\t1,2\t{two}\n'
        f"2\t\tLẻ\t0.0000\tauto\t{document}\t\t\t3\t{three}\n"
    )


def test_csv_is_exactly_this() -> None:
    one, two, three = hashes()
    document = "a.zh.txt | a.vi.txt"
    assert exported("csv", ExportOptions(bom=True, direction="vi-zh")) == (
        "\ufeffid,src,tgt,confidence,status,document,note,src_ids,tgt_ids,hash\r\n"
        f'0,Chào.,你好。再见。,0.9877,auto,{document},,0,"0,1",{one}\r\n'
        f'1,"Một, ""hai""",一 二,0.0000,accepted,{document},x y,"1,2",2,{two}\r\n'
        f"2,Lẻ,,0.0000,auto,{document},,3,,{three}\r\n"
    )


def test_jsonl_is_exactly_this() -> None:
    assert exported("jsonl").splitlines()[1] == (
        '{"id": 1, "src": "一\\t二", "tgt": "Một, \\"hai\\"", "confidence": 0.0, "status": "accepted", '
        '"document": "a.zh.txt | a.vi.txt", "note": "x\\ny", "src_ids": [2], "tgt_ids": [1, 2], '
        f'"hash": "{hashes()[1]}"}}'
    )


def load(tmp_path: Path, data: str | bytes, name: str = "a.tsv") -> Bitext:
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_bitext(tmp_path / name)


def texts(bitext: Bitext) -> list[tuple[str, str]]:
    return [(bead.src_text, bead.tgt_text) for bead in bitext.beads]


EXPECTED = [("你好", "Chào"), ("再见", "Tạm biệt")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tsv", "src\ttgt\n你好\tChào\n再见\tTạm biệt\n"),
        ("a.tsv", "zh\tvi\n你好\tChào\n再见\tTạm biệt"),
        ("a.tsv", "note\tvi\textra\tzh\r\n\tChào\t1\t你好\r\n\r\n\tTạm biệt\t2\t再见\r\n"),
        ("a.tsv", "src\ttgt\nChào\t你好\nTạm biệt\t再见\n"),
        ("a.tsv", "\ufeffsrc\ttgt\n 你好\tChào \n再见\tTạm biệt\n"),
        ("a.tsv", "src\ttgt\n你好\tChào\n再见\tTạm biệt\n".encode("utf-16")),
        ("a.csv", "src,tgt\n你好,Chào\n再见,Tạm biệt\n"),
        ("a.csv", 'src;tgt\n"你好";Chào\n再见;"Tạm biệt"\n'),
        ("a.csv", '"src"\t"tgt"\n你好\tChào\n再见\tTạm biệt\n'),
        ("a.txt", "tgt,src\nChào,你好\nTạm biệt,再见\n"),
        ("a.jsonl", '{"src": "你好", "tgt": "Chào"}\n\n{"tgt": "Tạm biệt", "src": "再见"}'),
    ],
)
def test_tables_made_elsewhere_are_read(name: str, data: str | bytes, tmp_path: Path) -> None:
    found = load(tmp_path, data, name)
    assert texts(found) == EXPECTED
    assert [(b.confidence, b.status) for b in found.beads] == [(1.0, "auto")] * 2
    assert (found.src.lang, found.tgt.lang) == ("zh-Hans", "vi")
    assert found.src.path == str(tmp_path / name)


def test_traditional_characters_make_a_traditional_bitext(tmp_path: Path) -> None:
    assert load(tmp_path, "src\ttgt\n越南國會\tQuốc hội\n").src.lang == "zh-Hant"


def test_a_quote_is_nothing_special_in_tsv(tmp_path: Path) -> None:
    assert texts(load(tmp_path, 'src\ttgt\n"好\t"a" b"\n"\t""\n')) == [('"好', '"a" b"'), ('"', '""')]


def test_lines_end_at_the_line_end_alone(tmp_path: Path) -> None:
    assert texts(load(tmp_path, "src\ttgt\n好\u2028好\ta\x85b\x0cc\n")) == [("好\u2028好", "a\x85b\x0cc")]


def test_the_first_broken_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"a\.tsv:3: 1 cells where the header has 2"):
        load(tmp_path, "src\ttgt\n好\ta\n好\n")
    with pytest.raises(FormatError, match=r"a\.csv:4: 1 cells where the header has 2"):
        load(tmp_path, 'src,tgt\n"a\nb",c\nd\n', "a.csv")


def test_moses_is_exactly_this(tmp_path: Path) -> None:
    for direction in ("zh-vi", "vi-zh"):
        write_bitexts([sample()], "moses", tmp_path / "m", ExportOptions(direction=direction))
        assert (tmp_path / "m.zh").read_bytes().decode() == "你好。再见。\n一 二\n"
        assert (tmp_path / "m.vi").read_bytes().decode() == 'Chào.\nMột, "hai"\n'
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.vi", "m.zh"]


def test_moses_needs_a_prefix(tmp_path: Path) -> None:
    for destination in (None, "-", io.BytesIO()):
        with pytest.raises(UsageError, match="moses is 2 files"):
            write_bitexts([sample()], "moses", destination)
    with pytest.raises(OutputError):
        write_bitexts([sample()], "moses", tmp_path / "no" / "m")


@pytest.mark.parametrize(
    ("zh", "vi", "problem"),
    [("a\nb\n", "c\n", "ZH has more lines than VI"), ("a\n", "b\nc\n", "VI has more lines than ZH")],
)
def test_moses_files_of_different_length(zh: str, vi: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        list(moses.read_units(io.BytesIO(zh.encode()), io.BytesIO(vi.encode()), ("ZH", "VI")))


def test_beads_are_exactly_this() -> None:
    assert exported("beads") == "[0,1]:[0]\n[2]:[1,2]\n[]:[3]\n"


def test_beads_as_other_tools_write_them() -> None:
    text = "# comment\n\n [0, 1] : [0] : 0.123\n[]:[1]\r\n[2]:[]"
    assert beads.read(io.BytesIO(text.encode()), "x") == (((0, 1), (0,)), ((), (1,)), ((2,), ()))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0-0 1-1", "x:1: not a bead"),
        ("[0]:[0]\n[0]:[1]", "x:2: a zh id that stands in a bead already"),
        ("[0]:[0,0]", "x:1: a vi id"),
        ("[1 2]:[0]", "x:1: not a list of ids"),
    ],
)
def test_beads_that_cannot_be(text: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        beads.read(io.BytesIO(text.encode()), "x")


def test_files_are_exported_without_being_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    write_bitexts([sample()], "tsv", path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="is an input"):
        export_files([path], "tsv", path)
    assert path.read_bytes() == before
    assert export_files([path], "tsv", tmp_path / "b.tsv").units == 3
    # All but the segments' numbers, which units do not keep.
    assert load_bitext(tmp_path / "b.tsv").beads == load_bitext(path).beads


def test_a_failure_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("src\ttgt\n好\ta\n好\n", "utf-8")
    (tmp_path / "b.tmx").write_text("old")
    with pytest.raises(FormatError):
        export_files([tmp_path / "a.tsv"], "tmx", tmp_path / "b.tmx")
    assert (tmp_path / "b.tmx").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


def test_several_files_become_one(tmp_path: Path) -> None:
    write_bitexts([sample()], "bitext", tmp_path / "a.bitext.jsonl")
    write_bitexts([sample()], "tmx", tmp_path / "b.tmx")
    tally = export_files([tmp_path / "a.bitext.jsonl", tmp_path / "b.tmx"], "tsv", tmp_path / "c.tsv")
    assert tally == Tally(units=5)
    assert [src for src, _ in texts(load_bitext(tmp_path / "c.tsv"))] == [
        "你好。再见。", "一 二", "", "你好。再见。", "一 二",
    ]  # fmt: skip
