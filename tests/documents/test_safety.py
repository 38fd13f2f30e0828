"""Documents that mean harm, and documents that are broken: one clear error, nothing read, nothing reached."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.containers import docx_parts, epub_parts, odt_parts, p, xlsx_parts, zipped

from aligner.documents import Limits, docx, epub, html, odt, po, read, rtf, sheets, subtitles
from aligner.documents.archive import Archive, parse_xml
from aligner.documents.content import Reader
from aligner.documents.limits import limited
from aligner.errors import FormatError, InputError

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><d>&j;</d>"
)
HARMFUL = {
    "billion laughs": BILLION,
    "quadratic": f'<!DOCTYPE d [<!ENTITY a "{"ha" * 50_000}">]><d>{"&a;" * 50_000}</d>',
    "file": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
    "parameter": '<!DOCTYPE d [<!ENTITY % x SYSTEM "http://localhost:9/x.dtd">%x;]><d/>',
    "empty subset": "<!DOCTYPE d []><d/>",
    "another encoding": '<?xml version="1.0" encoding="gb18030"?><!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>',
}
PAGE = "<html><body><h1>Một</h1><table><tr><td>Hai<br>ba</td></tr></table></body></html>"
RTF = rb"{\rtf1\ansi{\fonttbl{\f0\fcharset134 A;}}{\stylesheet{\s1 heading 1;}}\s1 M\u7897?t\par\'b4\'e5}"
NOTE = f'<w:footnote w:id="1">{p("Chú.")}</w:footnote>'
WORD = p("Một", "H1") + p('<w:r><w:footnoteReference w:id="1"/></w:r>')
LIST = "<text:list><text:list-item><text:p>Hai</text:p></text:list-item></text:list>"
ROW = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
TEXTS: dict[str, tuple[Reader, bytes]] = {
    "a.html": (html, PAGE.encode()),
    "a.rtf": (rtf, RTF),
    "a.srt": (subtitles, "1\n00:00:01,000 --> 00:00:02,000\n<i>Một</i> hai.\n".encode()),
    "a.po": (po, 'msgid "a"\nmsgstr "Một"\n"hai\\n"\n'.encode()),
    "a.csv": (sheets, "id,zh,vi\n1,一本书。,Một quyển sách.\n".encode()),
}
PARTS: dict[str, tuple[Reader, dict[str, str]]] = {
    "a.docx": (docx, docx_parts(f"{WORD}<w:tbl><w:tr><w:tc>{p('Hai')}</w:tc></w:tr></w:tbl>", NOTE)),
    "a.odt": (odt, odt_parts(f"<text:h>Một</text:h>{LIST}")),
    "a.epub": (epub, epub_parts("<h1>Một</h1>", "<p>Hai.</p>")),
    "a.xlsx": (sheets, xlsx_parts(ROW)),
}


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_a_document_type_with_declarations_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(FormatError, match="not safe"):
        parse_xml(text.encode(), "a")
    with pytest.raises(FormatError, match="not safe"):
        list(Archive(zipped({"x": text}), "a").elements("x", "d"))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("harm", ["billion laughs", "file"])
def test_no_format_expands_entities(name: str, harm: str) -> None:
    reader, parts = PARTS[name]
    for part, text in parts.items():
        if part.endswith((".xml", ".rels", ".opf")):
            start = HARMFUL[harm].partition("<d>")[0].removeprefix('<?xml version="1.0"?>')
            data = zipped(parts | {part: start + text})
            with pytest.raises(InputError, match="not safe"):
                reader.read_content(data, path=name, encoding=None)


def test_a_plain_document_type_is_no_harm() -> None:
    for text in ('<!DOCTYPE d SYSTEM "http://localhost:9/x.dtd"><d>a</d>', "<!DOCTYPE d><d>a</d>"):
        assert parse_xml(text.encode(), "a").text == "a"
    assert parse_xml('<?xml version="1.0" encoding="GB18030"?><d>村</d>'.encode("gb18030"), "a").text == "村"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a>" * 300 + "</a>" * 300, "not well-formed"),
        ("<a>", "not well-formed"),
        ("", "not well-formed"),
        ("<a>\x0b</a>", "not well-formed"),
        ("<a>&#x0b;</a>", "not well-formed"),
        ("<a>&nbsp;</a>", "not well-formed"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "not in the encoding"),
    ],
)
def test_broken_xml_is_refused(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        parse_xml(text.encode(), "a")


@pytest.mark.parametrize("declared", ["klingon", "utf-16", "rot13", "punycode", "x" * 5000])
def test_a_mark_counts_more_than_a_declaration_and_no_declaration_breaks_the_reader(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><d>村</d>'
    assert parse_xml(text.encode("utf-8-sig"), "a").text == "村"
    for data in (text.encode(), f"<?xml version='1.0'\tencoding = '{declared}' ?><d>村</d>".encode()):
        with pytest.raises(FormatError) as error:
            parse_xml(data, "a")
        assert len(str(error.value)) < 200


def test_a_tag_with_a_storm_of_attributes_is_refused() -> None:
    storm = " ".join(f"a{n}='x>y'" for n in range(30_000))
    with pytest.raises(InputError, match="over 1000 attributes"):
        html.read_content(f"<p {storm}>Một.</p>".encode(), path="a.html", encoding=None)
    script = "<script>if (a <b " + "c " * 3000 + ")</script><p>Một.</p>"
    assert html.read_content(script.encode(), path="a.html", encoding=None).text == "Một.\n"


def test_numbers_of_any_length_do_no_harm() -> None:
    space = f"<text:p>Một<text:s text:c='{'9' * 5000}'/>hai.</text:p>"
    assert "hai" in odt.read_content(zipped(odt_parts(space)), path="a.odt", encoding=None).text


def bomb(size: int) -> bytes:
    return zipped(docx_parts(p("Một.")) | {"word/document.xml": "<a>" + " " * size + "</a>"})


def test_a_zip_bomb_is_refused_by_its_ratio_and_by_its_size() -> None:
    with pytest.raises(InputError, match="expands to over 200 times"):
        docx.read_content(bomb(20 << 20), path="a.docx", encoding=None)
    with limited(Limits(expanded=1 << 20, ratio=10_000)), pytest.raises(InputError, match="more than 1 MB"):
        docx.read_content(bomb(2 << 20), path="a.docx", encoding=None)


def test_what_an_archive_says_of_its_size_is_not_believed() -> None:
    data = bytearray(bomb(20 << 20))
    start = data.index(b"PK\x01\x02")
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 24 : start + 28] = (1000).to_bytes(
            4, "little"
        )  # the expanded size in the table of contents
        start += 4
    with pytest.raises(InputError):
        docx.read_content(bytes(data), path="a.docx", encoding=None)


def test_an_archive_of_too_many_files_is_refused() -> None:
    with limited(Limits(members=3)), pytest.raises(InputError, match="more than 3 files"):
        Archive(zipped({str(n): "" for n in range(4)}), "a.zip")


def test_members_that_lead_out_of_the_archive_do_not_exist() -> None:
    archive = Archive(zipped({"../a": "x", "/b": "x", "c/../../d": "x", "C:\\e": "x", "f": "x"}), "a.zip")
    assert archive.names == ("f",)
    with pytest.raises(FormatError, match="missing"):
        archive.read("../a")


def test_a_protected_archive_is_refused() -> None:
    data = bytearray(zipped({"word/document.xml": "<a/>"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    with pytest.raises(InputError, match="password"):
        Archive(bytes(data), "a.docx").read("word/document.xml")


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Một hai ba bốn.")
    assert read(path).text
    with pytest.raises(InputError, match="larger than"):
        read(path, limits=Limits(size=10))


@pytest.mark.parametrize("name", PARTS)
def test_every_part_may_be_missing(name: str) -> None:
    reader, parts = PARTS[name]
    for part in parts:
        smaller = {key: text for key, text in parts.items() if key != part}
        assert_read_or_refused(reader, name, zipped(smaller))


CUTS = st.integers(0, 10_000)
CHANGES = st.lists(st.tuples(CUTS, st.binary(min_size=1, max_size=6)), max_size=4)


def changed(data: bytes, changes: list[tuple[int, bytes]], cut: int) -> bytes:
    """Some stretches overwritten, and perhaps the end cut off."""
    mutable = bytearray(data)
    for place, more in changes:
        start = place % (len(mutable) + 1)
        mutable[start : start + len(more)] = more
    return bytes(mutable[: cut if cut < len(mutable) else None])


def assert_read_or_refused(reader: Reader, name: str, data: bytes) -> None:
    refused: InputError | None = None
    try:
        content = reader.read_content(data, path=name, encoding=None)
    except InputError as error:
        refused = error
    if refused:
        assert name in refused.problem
        assert "\n" not in str(refused)
        return
    assert content.blocks
    for block in content.blocks:
        assert content.text[block.start : block.end].strip()


@pytest.mark.parametrize("name", TEXTS)
@settings(deadline=None, max_examples=80)
@given(changes=CHANGES, cut=CUTS)
def test_broken_text_formats_are_read_or_refused(
    name: str, changes: list[tuple[int, bytes]], cut: int
) -> None:
    reader, data = TEXTS[name]
    assert_read_or_refused(reader, name, changed(data, changes, cut))


@pytest.mark.parametrize("name", PARTS)
@settings(deadline=None, max_examples=60)
@given(data=st.data(), changes=CHANGES, cut=CUTS)
def test_broken_containers_are_read_or_refused(
    name: str, data: st.DataObject, changes: list[tuple[int, bytes]], cut: int
) -> None:
    reader, parts = PARTS[name]
    part = data.draw(st.sampled_from(sorted(parts)))
    broken: dict[str, str | bytes] = {**parts, part: changed(parts[part].encode(), changes, cut)}
    assert_read_or_refused(reader, name, zipped(broken))
    assert_read_or_refused(reader, name, changed(zipped(parts), changes, cut))


@pytest.mark.parametrize("name", TEXTS)
def test_the_sample_of_each_format_is_read(name: str) -> None:
    reader, data = TEXTS[name]
    assert reader.read_content(data, path=name, encoding=None).blocks


LONG: dict[str, tuple[Reader, Callable[[int], bytes]]] = {
    "a.html": (html, lambda n: b"<div><p>x<b>y" * n),
    "b.html": (html, lambda n: b"<table><tr><td>" * min(n, 600) + b"<p>x</p>" * n),
    "c.html": (html, lambda n: b"<a href=x>y" * n),
    "a.rtf": (rtf, lambda n: b"{\\rtf1 " + b"\\u-1" * n + b"x\\par" * n),
    "a.srt": (subtitles, lambda n: b"00:00:01,000 --> 00:00:02,000\n" + b"- x <" * n),
    "a.po": (po, lambda n: b'msgid "a"\nmsgstr "b"\n' + b'"x\\\\"\n' * n),
    "a.csv": (sheets, lambda n: b'"a,' * 100 + b"\n" + b"a,b\n" * n),
    "a.docx": (docx, lambda n: zipped(docx_parts(p("x", "H1") * n))),
    "a.odt": (odt, lambda n: zipped(odt_parts("<text:p>x<text:s/>y</text:p>" * n))),
}


@pytest.mark.parametrize("name", LONG)
def test_long_documents_of_one_kind_come_back(name: str) -> None:
    """What takes quadratic time would take minutes here."""
    reader, make = LONG[name]
    assert_read_or_refused(reader, name, make(10_000))
