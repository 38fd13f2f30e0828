"""Electronic books: chapters in the order of the spine, read like pages."""

import pytest
from tests.documents.containers import epub_parts, zipped

from aligner.documents.epub import read_content
from aligner.errors import InputError


def blocks(parts: dict[str, str]) -> list[tuple[str, str]]:
    content = read_content(zipped(parts), path="a.epub", encoding=None)
    return [(b.kind, content.text[b.start : b.end]) for b in content.blocks]


def test_chapters_in_order_without_the_books_own_contents() -> None:
    parts = epub_parts("<h1>Chương một</h1><p>Một&nbsp;hai.</p>", "<h1>Chương hai</h1><p>Ba<br/>bốn.</p>")
    assert blocks(parts) == [
        ("title", "Chương một"),
        ("text", "Một\u00a0hai."),
        ("heading", "Chương hai"),
        ("text", "Ba"),
        ("text", "bốn."),
    ]
    first, second = '<itemref idref="c0.xhtml"/>', '<itemref idref="c1.xhtml"/>'
    turned = parts | {"O/b.opf": parts["O/b.opf"].replace(first + second, second + first)}
    assert [text for _, text in blocks(turned)][-1] == "Một\u00a0hai."


def test_numbers_of_notes_are_no_text() -> None:
    note = '<a epub:type="noteref" href="#n">1</a>'
    assert blocks(epub_parts(f"<h1>A</h1><p>Chữ{note} nữa.</p>"))[1] == ("text", "Chữ nữa.")


def test_headings_are_told_by_shape_where_the_book_has_none() -> None:
    chapters = ["<p>Chương một</p><p>Trời mưa, nước lên.</p><p>Nước lại xuống.</p>"] * 2
    assert [kind for kind, _ in blocks(epub_parts(*chapters))] == [
        "title",
        "text",
        "text",
        "heading",
        "text",
        "text",
    ]


def test_an_empty_chapter_does_not_spoil_the_book() -> None:
    parts = epub_parts("<p>Một.</p>", "") | {"O/text/c1.xhtml": ""}
    assert [text for _, text in blocks(parts)] == ["Một."]


def test_a_protected_book_is_refused_and_hidden_fonts_are_not() -> None:
    method = '<e><EncryptionMethod Algorithm="{}"/></e>'.format
    parts = epub_parts("<p>Một.</p>")
    fonts = parts | {"META-INF/encryption.xml": method("http://www.idpf.org/2008/embedding")}
    assert [text for _, text in blocks(fonts)] == ["Một."]
    with pytest.raises(InputError, match="rights management"):
        blocks(parts | {"META-INF/encryption.xml": method("aes")})


@pytest.mark.parametrize(
    "missing", ["META-INF/container.xml", "O/b.opf"],
)  # fmt: skip
def test_a_book_without_its_package_is_refused(missing: str) -> None:
    parts = epub_parts("<p>Một.</p>")
    del parts[missing]
    with pytest.raises(InputError, match="missing"):
        blocks(parts)
