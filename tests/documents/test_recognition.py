"""Which reader a file goes to: by suffix, by content, or none, with the remedy named."""

from pathlib import Path

import pytest
from tests.documents.containers import docx_parts, epub_parts, odt_parts, p, xlsx_parts, zipped

from aligner.documents import READERS, read
from aligner.documents.recognition import reader_of
from aligner.errors import InputError

SAMPLES = {
    "docx": zipped(docx_parts(p("Một."))),
    "odt": zipped(odt_parts("<text:p>Một.</text:p>")),
    "epub": zipped(epub_parts("<p>Một.</p>")),
    "sheets": zipped(xlsx_parts('<row><c t="s"><v>1</v></c></row>')),
    "rtf": rb"{\rtf1 M\u7897?t.}",
    "html": "\n<!-- x --><!DOCTYPE html><p>Một.".encode(),
    "text": "Một.".encode(),
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("path", ["-", "a", "a.doc", "a.bin", "a.DOC"])
def test_by_content_where_the_suffix_says_little(name: str, path: str) -> None:
    if name == "text" and path.lower() == "a.doc":
        pytest.skip("text in a .doc is refused")
    assert reader_of(path, SAMPLES[name], READERS) == name


@pytest.mark.parametrize(
    ("name", "suffix"), [("docx", ".doc"), ("html", ".doc"), ("rtf", ".doc"), ("epub", ".zip")]
)
def test_what_a_file_is_counts_more_than_an_old_suffix(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(SAMPLES[name])
    assert read(path).text.startswith("Một.")


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_a_suffix_with_a_reader_is_believed(suffix: str) -> None:
    assert reader_of(f"a{suffix.upper()}", b"x", READERS) == READERS[suffix]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.doc", "save it as .docx"),
        ("a.pages", "save it as .docx"),
        ("a.ppt", "save its text as .docx"),
        ("a.pptx", "save its text as .docx"),
        ("a.xls", "save it as .xlsx"),
        ("a.mobi", "convert it to .epub"),
        ("a.jpg", "OCR"),
        ("a.ass", "save it as .srt"),
        ("a.zip", "unpack it"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(name: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        reader_of(name, OLE, READERS)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "suffix", [".docx", ".xlsx", ".odt", ".epub", ".rtf", ".srt", ".csv", ".po", ".html"]
)
def test_an_old_document_under_a_new_suffix_is_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(OLE + bytes(600))
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(path) in caught.value.problem
    assert caught.value.remedy
