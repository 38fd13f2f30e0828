"""From a path to a Document: bytes, encodings, what is refused and how."""

import codecs
import hashlib
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents import READERS, read, segmented
from aligner.documents import markdown as markdown_reader
from aligner.documents import text as text_reader
from aligner.errors import AlignerError, EncodingError, InputError, UsageError

VIETNAMESE = "Trời sáng rồi.\nCả làng ra đồng.\n"
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def write(folder: Path, data: bytes | str, name: str = "a.txt") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_document_is_the_file_character_for_character(tmp_path: Path) -> None:
    text = "Dòng một.\r\nDòng hai.\rDòng ba.\n\n  e\u0301 \u2028 x\u0085y \n"
    path = write(tmp_path, text)
    document = read(path)
    assert document.text == text
    assert document.path == str(path)
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [text[b.start : b.end] for b in document.blocks] == [
        "Dòng một.",
        "Dòng hai.",
        "Dòng ba.",
        "e\u0301 \u2028 x\u0085y",
    ]
    assert [b.origin.paragraph for b in document.blocks] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (VIETNAMESE, "vi"),
        ("村里的花都开了。\n孩子们很高兴。\n", "zh-Hans"),
        ("村裡的花都開了。\n孩子們很高興。\n", "zh-Hant"),
        ("村里的花都开了。\nHoa trong làng nở rộ.\n", None),
        ("The village was quiet.\n", None),
    ],
)
def test_the_language_is_found_where_there_is_one(tmp_path: Path, text: str, lang: str | None) -> None:
    assert read(write(tmp_path, text)).lang == lang


def test_the_language_that_was_named_is_taken(tmp_path: Path) -> None:
    assert read(write(tmp_path, "Ha Noi mua thu.\n"), lang="vi").lang == "vi"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, mark: bytes, codec: str) -> None:
    path = write(tmp_path, mark + VIETNAMESE.encode(codec))
    document = read(path)
    assert document.text == VIETNAMESE
    assert document.blocks[0].start == 0
    assert any("byte order mark" in note for note in document.notes)
    assert read(path, encoding=codec).text == VIETNAMESE


def test_utf_16_as_python_names_it(tmp_path: Path) -> None:
    assert read(write(tmp_path, VIETNAMESE.encode("utf-16")), encoding="utf-16").text == VIETNAMESE


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("gb18030", "村里的花都开了。"),
        ("big5", "村裡的花都開了。"),
        ("cp1258", "Ha Nôi, à"),
        ("utf-16-le", VIETNAMESE),
    ],
)
def test_an_encoding_that_is_named(tmp_path: Path, codec: str, text: str) -> None:
    path = write(tmp_path, text.encode(codec))
    document = read(path, encoding=codec)
    assert document.text == text
    assert any(codec.upper() in note for note in document.notes)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        ("Trời ".encode() + b"\xff\xfe abc", 7),
        ("Straße".encode("latin-1"), 4),
        ("花".encode()[:2], 0),
        (codecs.BOM_UTF8 + b"a\xc3(", 4),
        (codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00", 4),
    ],
)
def test_bytes_that_are_not_in_the_encoding(tmp_path: Path, data: bytes, offset: int) -> None:
    with pytest.raises(EncodingError) as caught:
        read(write(tmp_path, data))
    assert f"at byte {offset}" in caught.value.problem
    assert "--encoding" in caught.value.remedy


def test_an_encoding_nobody_knows(tmp_path: Path) -> None:
    for name in ("klingon", "base64", "a\0b"):
        with pytest.raises(UsageError, match="no such encoding"):
            read(write(tmp_path, VIETNAMESE), encoding=name)


@pytest.mark.parametrize(
    ("data", "seems"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7\nrest", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "Office"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0rest", "JPEG"),
        (b"{\\rtf1 a}", "RTF"),
        (b"\x1f\x8brest", "gzip"),
        (b"MZ\x90\x00rest", "program"),
        (b"abc\0def", "NUL"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"\n<!DOCTYPE html><p>a</p>", "HTML"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes, seems: str) -> None:
    with pytest.raises(InputError, match=seems):
        read(write(tmp_path, data))


@pytest.mark.parametrize("text", ["MZ là hai chữ cái.\n", "BM cũng vậy.\n", "RIFF nữa.\n"])
def test_a_text_may_begin_like_a_program(tmp_path: Path, text: str) -> None:
    assert read(write(tmp_path, text)).text == text


@pytest.mark.parametrize("data", [b"", b"  \n\t\n", codecs.BOM_UTF8, "\u3000\n".encode()])
def test_a_file_without_text(tmp_path: Path, data: bytes) -> None:
    for function in (read, segmented):
        with pytest.raises(InputError, match="holds no text"):
            function(write(tmp_path, data))


def test_paths_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read("a\0b")

    def refuse(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match="may not be read"):
        read(tmp_path / "locked.txt")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(VIETNAMESE.encode())))
    document = read("-")
    assert (document.path, document.text, document.lang) == ("-", VIETNAMESE, "vi")


PLAIN = [suffix for suffix, module in READERS.items() if module in ("text", "markdown")]


@pytest.mark.parametrize("suffix", [*PLAIN, ".TXT", ".unknown", ""])
def test_every_suffix_of_text_finds_its_reader(tmp_path: Path, suffix: str) -> None:
    document = read(write(tmp_path, VIETNAMESE, f"a{suffix}"))
    assert document.text == VIETNAMESE
    assert document.blocks


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_are_read_exactly(path: Path) -> None:
    document = read(path)
    assert document.text.encode() == path.read_bytes()
    assert document.lang == (None if path.name.startswith("002") else "vi")
    assert document.notes == ()


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)),
    st.sampled_from([None, "utf-8", "utf-16", "gb18030", "big5", "cp1258"]),
)
def test_no_bytes_cause_another_error_than_ours(data: bytes, encoding: str | None) -> None:
    for reader in (text_reader, markdown_reader):
        try:
            content = reader.read_content(data, path="x", encoding=encoding)
        except AlignerError as error:
            assert error.problem.startswith("x: ")  # noqa: PT017 - either outcome is right
        else:
            position = 0
            for block in content.blocks:
                assert position <= block.start < block.end <= len(content.text)
                piece = content.text[block.start : block.end]
                assert piece == piece.strip()
                position = block.end
