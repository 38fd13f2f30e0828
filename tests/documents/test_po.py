"""Message catalogues: entries, originals in either language, pairs of catalogues."""

from pathlib import Path

import pytest

from aligner.documents import read, separate
from aligner.documents.po import entries, read_content, read_pair
from aligner.errors import FormatError, InputError

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={}\\n"\n\n'
ZH = HEADER.format("UTF-8") + (
    'msgid "Open"\nmsgstr "打开"\n\n#: a.c:1\n#, c-format\n'
    'msgid "%s files"\nmsgid_plural "%s files"\n'
    'msgstr[0] "%s 个文件"\n\nmsgctxt "verb"\nmsgid "Save"\nmsgstr "保存文件。"\n\n'
    'msgid "Help"\nmsgstr "帮助"\n'
)
VI = HEADER.format("UTF-8") + (
    'msgid "Help"\nmsgstr "Trợ giúp"\n\n#, fuzzy\n#| msgid "Opened"\nmsgid "Open"\nmsgstr "Đã mở"\n\n'
    'msgid "%s files"\nmsgid_plural "%s files"\nmsgstr[0] "%s tập tin"\n\n'
    'msgid "Save"\nmsgstr "Sai ngữ cảnh"\n\n'
    'msgctxt "verb"\nmsgid "Save"\nmsgstr ""\n"Lưu \\"tập tin\\".\\n"\n"Dòng hai.\\t"\n\n'
    '#~ msgid "Old"\n#~ msgstr "Cũ"\n'
)


def write(folder: Path, text: str | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_entries() -> None:
    found, notes = entries(VI.encode(), "vi.po")
    assert [(e.number, e.context, e.original, e.translation) for e in found] == [
        (1, "", "Help", "Trợ giúp"),
        (3, "", "%s files", "%s tập tin"),
        (4, "", "Save", "Sai ngữ cảnh"),
        (5, "verb", "Save", 'Lưu "tập tin".\nDòng hai.\t'),
    ]
    assert notes == ()


def test_a_catalogue_gives_its_translations(tmp_path: Path) -> None:
    document = read(write(tmp_path, ZH, "zh.po"))
    assert document.lang == "zh-Hans"
    assert document.text == "打开\n%s 个文件\n保存文件。\n帮助\n"


def test_originals_in_either_language_make_a_bilingual_document(tmp_path: Path) -> None:
    text = (
        HEADER.format("UTF-8") + 'msgid "打开文件"\nmsgstr "Mở tập tin"\n\nmsgid "保存"\nmsgstr "Lưu lại"\n'
    )
    zh, vi = separate(read(write(tmp_path, text, "vi.po")))
    for document, expected in ((zh, ["打开文件", "保存"]), (vi, ["Mở tập tin", "Lưu lại"])):
        assert [document.text[b.start : b.end] for b in document.blocks] == expected
        assert [b.origin.paragraph for b in document.blocks] == [1, 2]


def test_two_catalogues_are_joined_on_their_originals(tmp_path: Path) -> None:
    zh, vi = read_pair(write(tmp_path, ZH, "zh.po"), write(tmp_path, VI, "vi.po"))
    assert [zh.text[b.start : b.end] for b in zh.blocks] == ["%s 个文件", "保存文件。", "帮助"]
    assert [vi.text[b.start : b.end] for b in vi.blocks] == [
        "%s tập tin",
        'Lưu "tập tin".\nDòng hai.',
        "Trợ giúp",
    ]
    assert [b.origin.paragraph for b in zh.blocks] == [b.origin.paragraph for b in vi.blocks] == [0, 1, 2]
    assert (zh.lang, vi.lang) == ("zh-Hans", "vi")
    with pytest.raises(InputError, match="no message in common"):
        read_pair(tmp_path / "zh.po", write(tmp_path, VI.replace('msgid "', 'msgid "x'), "other.po"))


def test_the_declared_charset_is_used() -> None:
    data = (HEADER.format("GB2312") + 'msgid "Open"\nmsgstr "打开文件"\n').encode("gb18030")
    assert read_content(data, path="a.po", encoding=None).text == "打开文件\n"


@pytest.mark.parametrize(
    "line", ["nonsense", 'msgid "open', '"before any keyword"', 'msgstr[x] "a"', "msgid"]
)
def test_a_line_of_no_catalogue_is_named(line: str) -> None:
    with pytest.raises(FormatError, match=r"a[.]po:1"):
        entries(f"{line}\n".encode(), "a.po")


def test_escapes() -> None:
    found, _ = entries(rb'msgid "a"' + b"\n" + rb'msgstr "\x41\101\\n\q"', "a.po")
    assert found[0].translation == r"AA\nq"
