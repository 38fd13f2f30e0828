"""One suite that every format passes: what goes out comes back, whatever stands in the texts."""

from __future__ import annotations

import csv as csv_library
import io
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError, UsageError
from aligner.formats import FORMATS, ExportOptions, Tally, export_files, load_bitext, write_bitexts
from aligner.formats import beads as beads_format
from aligner.formats import bitext as bitext_format
from aligner.formats import moses as moses_format
from aligner.formats.options import Direction
from aligner.formats.units import Unit, document_name
from aligner.model import Bead, Bitext, Segment, Side, Status
from aligner.word_links import linked


class Carries(NamedTuple):
    """What a format can carry; a new format says so here and passes."""

    exact: bool = False  # any text as it is, else cleaned for one line
    all_beads: bool = False  # null and rejected beads too
    facts: bool = True  # confidence, status, note, document
    ids: bool = False  # the segments of a bead, not only their joined text
    reads: bool = True  # it can be read back
    streams: bool = True  # it is read in constant memory
    longest: int = 100_000_000  # characters a text may have


TABLE = {
    "bitext": Carries(exact=True, all_beads=True, ids=True),
    "beads": Carries(all_beads=True, facts=False, ids=True),
    "tmx": Carries(),
    "tsv": Carries(all_beads=True),
    "csv": Carries(all_beads=True),
    "xlsx": Carries(all_beads=True, streams=False, longest=32_767),
    "xliff": Carries(),
    "xliff2": Carries(),
    "html": Carries(all_beads=True, reads=False),
    "omegat": Carries(reads=False),
    "jsonl": Carries(exact=True, all_beads=True),
    "parquet": Carries(exact=True, all_beads=True, streams=False),
    "moses": Carries(facts=False),
    "pharaoh": Carries(facts=False, reads=False),
    "srx": Carries(all_beads=True, facts=False, reads=False),
}
WITH_TEXT = [name for name, carries in TABLE.items() if carries.reads and name != "beads"]
LOADED = [name for name in WITH_TEXT if name != "moses"]
UNIT_FORMATS = [
    name for name, form in FORMATS.items() if form.takes == "units" and not (form.files or form.folder)
]

TEXTS = {
    "plain": "Nguyễn thị Hoà – 25 %",
    "markup": "<b>a & b</b> ]]> &amp; &#11; {0} %s",
    "quotes": '"một" \'hai\' ""ba"" \\',
    "formula": "=cmd|' /C calc'!A0",
    "dash": "-1+2",
    "astral": "𠮷野家 👩‍👩‍👧 🇻🇳",
    "decomposed": "Vie\u0302\u0323t Nam",
    "tab": "a\tb",
    "newline": "a\nb\r\nc\rd",
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei",
    "controls": "a\x00b\x01c\x1fd\x7fe",
    "surrogate": "a\ud800b",
    "noncharacters": "a\ufffeb\uffffc",
    "marks": "\ufeffa\u200bb\u200ec\u00ad",
    "blanks": "\u3000\u00a0 a \u3000",
    "long": "越" * 2001,
}


def bead(number: int, zh: str, vi: str, **facts: Any) -> Bead:
    src = (Segment(number, zh, 9 * number, 9 * number + len(zh)),) if zh else ()
    tgt = (Segment(number, vi, 9 * number, 9 * number + len(vi)),) if vi else ()
    return Bead(number, src, tgt, **{"confidence": 0.5, **facts})


def bitext(*beads: Bead) -> Bitext:
    """A bitext of beads, segments numbered anew."""
    count = [0, 0]
    numbered = []
    for one in beads:
        sides = []
        for side, segments in enumerate((one.src, one.tgt)):
            sides.append(
                tuple(Segment(count[side] + i, s.text, s.start, s.end) for i, s in enumerate(segments))
            )
            count[side] += len(segments)
        numbered.append(one.replace(src=sides[0], tgt=sides[1]))
    return Bitext(Side("zh-Hans", "seeds/a.txt", "ab"), Side("vi", "seeds/a.txt", "ab"), tuple(numbered))


# The Chinese side is told from tables by its characters, so a few of them stand in every sample.
FIRST = bead(0, "第一句话是中文。" * 99, "Câu đầu")


def cleaned(text: str) -> str:
    """What a text looks like in a format of lines; character by character, the slow and obvious way."""
    out = ""
    for char in text.replace("\r\n", "\n"):
        if char in "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
            out += " "
        elif char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff":
            out += char
    return out.strip()


def written(value: Bitext, name: str, folder: Path, options: ExportOptions | None = None) -> Path:
    path = folder / f"out.{name}"
    write_bitexts([value], name, path, options, linker=linked)
    return path


class Row(NamedTuple):
    """What a format gives back of a bead."""

    zh: str
    vi: str
    confidence: float = 0.0
    status: Status = "auto"
    note: str = ""
    document: str = ""


def read(path: Path, name: str) -> list[Row]:
    if name == "moses":
        with Path(f"{path}.zh").open("rb") as zh, Path(f"{path}.vi").open("rb") as vi:
            units = list(moses_format.read_units(zh, vi, ("zh", "vi")))
        return [Row(unit.src, unit.tgt) for unit in units]
    loaded = load_bitext(path)
    document = document_name(loaded)
    return [
        Row(b.src_text, b.tgt_text, round(b.confidence, 4), b.status, b.note, document) for b in loaded.beads
    ]


def expected(value: Bitext, name: str) -> list[Row]:
    """What the table says must come back."""
    carries = TABLE[name]
    as_is = _as_is if carries.exact else lambda text: cleaned(text)[: carries.longest]
    if name == "parquet":  # its texts are UTF-8
        as_is = _without_surrogates
    rows = []
    for one in value.beads:
        row = Row(
            as_is(one.src_text),
            as_is(one.tgt_text),
            round(one.confidence, 4),
            one.status,
            as_is(one.note),
            document_name(value),
        )
        if carries.all_beads or (row.zh and row.vi and row.status != "rejected"):
            rows.append(row if carries.facts else Row(row.zh, row.vi))
    return rows


def _as_is(text: str) -> str:
    return text


def _without_surrogates(text: str) -> str:
    return "".join(c if not "\ud800" <= c <= "\udfff" else ascii(c)[1:-1] for c in text)


def test_every_format_is_in_the_table() -> None:
    assert TABLE.keys() == FORMATS.keys()
    for name, form in FORMATS.items():
        assert form.exact == TABLE[name].exact, name
        assert form.memory != TABLE[name].all_beads, name
        assert form.reads == (name in LOADED), name


@pytest.mark.parametrize("name", WITH_TEXT)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_comes_back(name: str, text: str, tmp_path: Path) -> None:
    value = bitext(FIRST, bead(1, f"中{text}", text), bead(2, text, f"v{text}", note=f"n{text}"))
    assert read(written(value, name, tmp_path), name) == expected(value, name)


@pytest.mark.parametrize("name", WITH_TEXT)
def test_all_kinds_of_beads_come_back(name: str, tmp_path: Path) -> None:
    value = bitext(
        FIRST,
        bead(1, "空", ""),
        bead(2, "", "trống"),
        bead(3, "不好", "không tốt", status="rejected"),
        bead(4, "好", "tốt", status="accepted", confidence=0.98765, note="một ghi chú"),
        bead(5, "改", "sửa", status="edited", confidence=1.0),
        bead(6, " \t", "trắng"),
    )
    if TABLE[name].exact:
        assert read(written(value, name, tmp_path), name) == expected(value, name)
    else:
        rows = [row for row in expected(value, name) if row.zh or row.vi]
        assert read(written(value, name, tmp_path), name) == rows


@pytest.mark.parametrize("name", [name for name, carries in TABLE.items() if carries.ids])
def test_segments_of_a_bead_come_back(name: str, tmp_path: Path) -> None:
    value = Bitext(
        Side("zh-Hant", "zh/a.txt", "1"),
        Side("vi", "vi/a.txt", "2"),
        (
            Bead(
                0,
                (Segment(0, "一。", 0, 2), Segment(1, "二。", 2, 4, "heading")),
                (Segment(0, "Một hai.", 0, 8),),
            ),
            Bead(1, (), (Segment(1, "Ba.", 9, 12),)),
        ),
    )
    path = written(value, name, tmp_path)
    if name == "beads":
        with path.open("rb") as file:
            assert beads_format.read(file, "x") == (((0, 1), (0,)), ((), (1,)))
    else:
        assert load_bitext(path) == value


@pytest.mark.parametrize("name", LOADED)
@settings(max_examples=40, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(
            st.text(max_size=8), st.text(max_size=8), st.sampled_from(["auto", "accepted", "rejected"])
        ),
        max_size=5,
    )
)
def test_random_units_come_back(
    name: str, pairs: list[tuple[str, str, Status]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    beads = [bead(i + 1, f"中{zh}", vi, status=status) for i, (zh, vi, status) in enumerate(pairs)]
    value = bitext(FIRST, *beads)
    folder = tmp_path_factory.mktemp("random")
    assert read(written(value, name, folder), name) == expected(value, name)


@pytest.mark.parametrize("name", LOADED)
@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_the_direction_turns_units_not_meaning(name: str, direction: Direction, tmp_path: Path) -> None:
    value = bitext(FIRST, bead(1, "二", "hai"))
    if name == "bitext":
        return
    path = written(value, name, tmp_path, ExportOptions(direction=direction))
    assert read(path, name) == expected(value, name)
    if FORMATS[name].binary:
        return
    text = path.read_text("utf-8")
    assert (text.index("二") < text.index("hai")) == (direction == "zh-vi")


@pytest.mark.parametrize("name", [name for name in TABLE if name != "pharaoh"])
def test_the_same_bitext_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    value = bitext(
        FIRST, *[bead(i, f"第{i}", f"thứ {i}", evidence={"b": 1.0, "a": 2.0}) for i in range(1, 50)]
    )
    outputs = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        written(value, name, folder)
        outputs.append([path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()])
    assert outputs[0] == outputs[1]
    assert outputs[0][0]


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if not form.binary])
def test_text_is_utf8_with_lines_and_without_mark(name: str, tmp_path: Path) -> None:
    written(bitext(FIRST, bead(1, "二", "hai")), name, tmp_path)
    for path in [path for path in tmp_path.rglob("*") if path.is_file()]:
        data = path.read_bytes()
        data.decode()
        assert data.endswith(b"\n")
        assert not data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", LOADED)
def test_an_empty_bitext_comes_back(name: str, tmp_path: Path) -> None:
    path = written(bitext(), name, tmp_path)
    if path.stat().st_size:
        assert load_bitext(path).beads == ()
    else:
        with pytest.raises(FormatError, match="is empty"):
            load_bitext(path)


@pytest.mark.parametrize("name", WITH_TEXT)
def test_a_segment_of_ten_megabytes(name: str, tmp_path: Path) -> None:
    zh, vi = "越" * 3_400_000, "Việt " * 1_500_000 + "."
    rows = read(written(bitext(FIRST, bead(1, zh, vi)), name, tmp_path), name)
    longest = TABLE[name].longest
    assert [(row.zh, row.vi) for row in rows[1:]] == [(zh[:longest], vi[:longest].strip())]


class Lines(io.RawIOBase):
    """A file that counts what was written and keeps nothing."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.size += len(data)
        return len(data)


@pytest.mark.parametrize("name", UNIT_FORMATS)
def test_writing_takes_one_bitext_at_a_time(name: str) -> None:
    """Of thousands of bitexts no more than a few are in memory: nothing is collected before it is written."""
    file = Lines()
    sizes = []

    def bitexts() -> Iterator[Bitext]:
        for i in range(3000):
            sizes.append(file.size)
            yield bitext(bead(0, f"第{i}" * 20, f"thứ {i} " * 20))

    # What is loaded, and kept for reuse, when this is done for the first time is not the text's.
    write_bitexts(bitexts(), name, cast("BinaryIO", Lines()))
    sizes.clear()
    peak = peak_of(lambda: write_bitexts(bitexts(), name, cast("BinaryIO", file)))
    if FORMATS[name].binary:  # packed, and Parquet by thousands of rows
        assert peak < 20_000_000
        return
    assert file.size > 700_000
    assert sizes[1500] > file.size / 3
    assert peak < 500_000


def peak_of(work: Callable[[], object]) -> int:
    """The most bytes Python held while this ran, beyond what it held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", [name for name in UNIT_FORMATS if name in LOADED and TABLE[name].streams])
def test_converting_takes_constant_memory(name: str, tmp_path: Path) -> None:
    units = bitext(*[bead(i, f"第{i}" * 50, f"thứ {i} " * 50, note="n") for i in range(4000)])
    path = written(units, name, tmp_path)
    options = ExportOptions(min_confidence=0.1)
    assert path.stat().st_size > 3_500_000
    # Much less than the file; the first thousand rows of a table are looked at together.
    assert peak_of(lambda: export_files([path], "tmx", tmp_path / "other", options)) < 1_500_000
    assert (tmp_path / "other").stat().st_size > 4_000_000


def test_a_bitext_is_read_bead_by_bead(tmp_path: Path) -> None:
    value = bitext(*[bead(i, f"第{i}" * 50, f"thứ {i}" * 50) for i in range(3000)])
    path = written(value, "bitext", tmp_path)

    def count() -> None:
        with path.open("rb") as file:
            assert sum(1 for _ in bitext_format.stream(file, "x")[1]) == 3000

    assert peak_of(count) < 300_000


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.takes == "bitext"])
def test_formats_of_one_bitext_refuse_more_and_less(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    one = bitext(FIRST)
    for value, options in (([one, one], None), ([], None), ([one], ExportOptions(min_confidence=0.5))):
        with pytest.raises(UsageError):
            write_bitexts(value, name, path, options)
    assert not path.exists()


def test_every_row_of_csv_is_one_that_others_read(tmp_path: Path) -> None:
    value = bitext(FIRST, *[bead(i + 1, f"中{text}", f"v{text}") for i, text in enumerate(TEXTS.values())])
    path = written(value, "csv", tmp_path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv_library.DictReader(file, strict=True))
    assert [(row["src"], row["tgt"]) for row in rows] == [(r.zh, r.vi) for r in expected(value, "csv")]
    assert path.read_bytes().count(b"\r\n") == len(rows) + 1


def test_stdout_and_stdin(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    value = bitext(FIRST, bead(1, "二", "hai"))
    tally = write_bitexts([value], "tsv", "-")
    out = capfdbinary.readouterr().out
    assert tally == Tally(units=2)
    (tmp_path / "a").write_bytes(out)
    descriptor = os.open(tmp_path / "a", os.O_RDONLY)
    old = os.dup(0)
    os.dup2(descriptor, 0)
    try:
        with io.BufferedReader(io.FileIO(0, closefd=False)) as stdin, pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdin", io.TextIOWrapper(stdin))
            rows = [Row(b.src_text, b.tgt_text) for b in load_bitext("-").beads]
    finally:
        os.dup2(old, 0)
    assert rows == [Row(r.zh, r.vi) for r in expected(value, "tsv")]


def test_columns_are_those_of_the_contract() -> None:
    assert " ".join(Unit._fields[:10]) == "id src tgt confidence status document note src_ids tgt_ids hash"
