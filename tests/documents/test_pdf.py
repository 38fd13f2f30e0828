"""PDF documents as PDFium reads them: text, rotation, what is refused."""

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents.content import Content
from aligner.errors import InputError, MissingBackend

pytest.importorskip("pypdfium2", reason="the extra docs is not installed")

from aligner.documents.limits import Limits, limited
from aligner.documents.pdf import read_content


def pdf(*pages: Sequence[tuple[str, float, float, float]], extra: str = "", drawn: str = "") -> bytes:
    """Pages of texts in Helvetica, each with left edge, baseline and size."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, page in enumerate(pages):
        stream = drawn + "\n".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET" for text, x, y, size in page)
        rest = f"/Contents {5 + 2 * n} 0 R /Resources << /Font << /F 3 0 R >> >> {extra}"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {rest} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out = b"%PDF-1.4\n"
    places = []
    for n, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def content(data: bytes) -> Content:
    return read_content(data, path="a.pdf", encoding=None)


STORY = [("Chuyen làng", 50, 740, 18), ("Sông xanh, núi cao.", 50, 700, 10), ("Xong.", 50, 686, 10)]


def test_text_is_read_with_its_places() -> None:
    found = content(pdf(STORY, [("Trang hai.", 50, 700, 10)]))
    assert found.text == "Chuyen làng\nSông xanh, núi cao.\nXong.\nTrang hai.\n"
    assert [b.kind for b in found.blocks] == ["title", "text", "text", "text"]
    assert [b.origin.page for b in found.blocks] == [1, 1, 1, 2]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
@pytest.mark.parametrize("shown", [0, 90])
def test_a_page_is_read_in_whatever_direction_it_is_set(angle: int, shown: int) -> None:
    """A text matrix turns the letters; how the page is shown says nothing of them."""
    a, b = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[angle]
    drawn = [
        f"BT /F 10 Tf {a} {b} {-b} {a} {300 + 20 * n * b} {400 - 20 * n * a} Tm ({word} chao) Tj ET"
        for n, word in enumerate(["Xin", "anh,", "toi."])
    ]
    found = content(pdf([], drawn="\n".join(drawn), extra=f"/Rotate {shown}"))
    assert found.text.split() == ["Xin", "chao", "anh,", "chao", "toi.", "chao"]


def test_a_scan_is_refused_with_the_remedy() -> None:
    with pytest.raises(InputError, match="no text layer") as caught:
        content(pdf([]))
    assert "OCR" in caught.value.remedy


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.4\n", "broken PDF"),
        (b"text", "no PDF document"),
        (b"%PDF-1.7" + bytes(range(256)) * 9, "broken PDF"),
    ],
)
def test_what_is_no_pdf_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        content(data)


def test_too_many_pages_are_refused() -> None:
    with limited(Limits(pages=1)), pytest.raises(InputError, match="more than 1 pages"):
        content(pdf(STORY, STORY))


def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingBackend, match=r"docs.*pip install"):
        content(pdf(STORY))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=6)), max_size=5),
    st.integers(0, 3000),
)
def test_broken_documents_are_read_or_refused(changes: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray(pdf(STORY))
    for place, more in changes:
        start = place % len(data)
        data[start : start + len(more)] = more
    try:
        assert content(bytes(data[: cut if cut < len(data) else None])).blocks
    except InputError:
        return
