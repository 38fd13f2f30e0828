"""Every reader meets every broken input with one line that says the problem, never with a traceback."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import AlignerError, FormatError, InputError
from aligner.formats import FORMATS, load_bitext, write_bitexts
from aligner.model import Bead, Bitext, Segment, Side

LOADED = {
    "bitext": ".bitext.jsonl",
    "tmx": ".tmx",
    "tsv": ".tsv",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "xliff": ".xliff",
    "xliff2": ".xlf",
    "jsonl": ".jsonl",
    "parquet": ".parquet",
}
# A table of contents stands at the end of these: nothing of a part can be read.
PACKED = {"xlsx", "parquet"}
QUICK = settings(max_examples=60, deadline=None)

ZH = "河内是越南的首都。"
VI = 'Hà Nội là "thủ đô" của Việt Nam.'
BAD = {
    "nothing": b"",
    "blanks": b" \n\n\t\n",
    "U+0000": b"\0" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "UTF-16 without mark": f"{ZH}\t{VI}\n".encode("utf-16-le"),
    "GB18030": f"src\ttgt\n{ZH}\tHa Noi\n".encode("gb18030"),
    "Big5": "src,tgt\n河內是首都,Ha Noi\n".encode("big5"),
    "cp1258": "src\ttgt\nabc\tVie\u0323t\n".encode("cp1258", "replace"),
    "TCVN3": b"src\ttgt\nabc\tVi\xd6t Nam\n",
    "bad UTF-8": b'{"src": "\xc3(", "tgt": "b"}\n',
    "half a mark": b"\xef\xbb",
    "mark of UTF-16 alone": b"\xff\xfe",
    "half UTF-16": b"\xff\xfes",
    "brackets": b"[" * 200_000,
    "braces": b'{"a":' * 200_000,
    "a long number": b'{"id": ' + b"9" * 10_000 + b', "src": "a", "tgt": "b"}\n',
    "NaN": b'{"src": "a", "tgt": "b", "confidence": NaN}\n',
    "infinity": b'{"src": "a", "tgt": "b", "confidence": 1e999}\n',
    "a list": b"[1, 2]\n",
    "a text": b'"abc"\n',
    "an open quote": b'src,tgt\n"a,b\n',
    "a stray quote": b'src,tgt\n"a"b,c\n',
    "one line of ten megabytes": b"x" * 10_000_000,
    "one column": b"src\na\n",
    "a cell too few": b"src\ttgt\nabc\n",
    "a cell too many": b"src\ttgt\na\tb\tc\n",
    "no number": b"id\tsrc\ttgt\nx\ta\tb\n",
    "a negative id": b"id\tsrc\ttgt\n-1\ta\tb\n",
    "a confidence over one": b"src\ttgt\tconfidence\na\tb\t1.5\n",
    "no confidence": b"src\ttgt\tconfidence\na\tb\tnan\n",
    "an unknown status": b"src\ttgt\tstatus\na\tb\tfine\n",
    "a status of many lines": b'{"src": "a", "tgt": "b", "status": "x\\ny\\u0007' + b"z" * 1000 + b'"}\n',
    "ids that are none": b"src\ttgt\tsrc_ids\na\tb\t1;2\n",
    "a glossary": b"id\tzh\tvi\tzh_variants\tvi_variants\n0\ta\tb\t\t\n",
    "HTML": b"<!DOCTYPE html><html><body>a</body></html>",
    "prose": f"{ZH}\n{VI}\n".encode(),
}


def sample() -> Bitext:
    beads = [
        Bead(
            i,
            (Segment(i, f"{i}{ZH}", 0, 9),),
            (Segment(i, VI, 0, 9),),
            1.5,
            {"translation": 1.5},
            0.5,
            note="ghi chú" if i == 1 else "",
        )
        for i in range(3)
    ]
    return Bitext(Side("zh-Hans", "a", "0"), Side("vi", "a", "0"), tuple(beads), "v:1")


def good(name: str) -> bytes:
    file = io.BytesIO()
    write_bitexts([sample()], name, file)
    return file.getvalue()


GOOD = {name: good(name) for name in LOADED}


def attempt(path: Path, data: bytes) -> Bitext | None:
    """Loads it; None where that is refused as it should be."""
    path.write_bytes(data)
    try:
        return load_bitext(path)
    except AlignerError as error:
        raised = error
    assert isinstance(raised, InputError)
    assert str(raised).isprintable()
    assert len(str(raised)) < len(str(path)) + 250
    assert path.name in str(raised)
    return None


def test_all_formats_that_load_are_here() -> None:
    assert {name for name, form in FORMATS.items() if form.reads} == set(LOADED)


@pytest.mark.parametrize("suffix", [*LOADED.values(), ".txt", ".beads", ".tmx.gz"])
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_bad_input_is_one_line_under_any_name(suffix: str, data: bytes, tmp_path: Path) -> None:
    assert attempt(tmp_path / f"a{suffix}", data) is None


@pytest.mark.parametrize("name", LOADED)
def test_a_file_cut_anywhere_is_refused_or_lacks_its_end(name: str, tmp_path: Path) -> None:
    whole = [bead.src_text for bead in sample().beads]
    path = tmp_path / f"a{LOADED[name]}"
    for size in range(0, len(GOOD[name]), 17 if name in PACKED else 1):
        found = attempt(path, GOOD[name][:size])
        if found is not None:
            texts = [bead.src_text for bead in found.beads]
            assert texts == whole[: len(texts)]


@pytest.mark.parametrize("name", LOADED)
@QUICK
@given(data=st.data())
def test_a_damaged_byte_is_refused_or_read(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    damaged = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    attempt(tmp_path_factory.mktemp("damaged") / f"a{LOADED[name]}", bytes(damaged))


@pytest.mark.parametrize("name", LOADED)
@QUICK
@given(noise=st.binary(max_size=60))
def test_noise_is_refused_or_read(name: str, noise: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    attempt(tmp_path_factory.mktemp("noise") / f"a{LOADED[name]}", noise)


@pytest.mark.parametrize("name", LOADED)
def test_content_decides_where_the_name_does_not(name: str, tmp_path: Path) -> None:
    marked = [] if name in PACKED else [b"\xef\xbb\xbf" + GOOD[name]]
    for number, data in enumerate([GOOD[name], *marked]):
        found = attempt(tmp_path / f"{number}.dat", data)
        assert found is not None
        assert [bead.src_text for bead in found.beads] == [bead.src_text for bead in sample().beads]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.tmx"):
        with pytest.raises(InputError, match="cannot be read"):
            load_bitext(path)
    (tmp_path / "a.beads").write_text("[0]:[0]\n")
    with pytest.raises(FormatError, match="holds beads, and no texts"):
        load_bitext(tmp_path / "a.beads")
