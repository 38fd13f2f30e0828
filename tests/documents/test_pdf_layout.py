"""Lines on pages into paragraphs: columns, joined lines, heads and feet, notes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents.pdf_columns import Line, Page
from aligner.documents.pdf_layout import pieces

WIDE = 500.0


def lines(*texts: str, left: float = 50, top: float = 700, size: float = 10, step: float = 14) -> list[Line]:
    """Lines one below the other; every letter is half as wide as high, a Han character as wide."""
    return [line(text, left, top - n * step, size) for n, text in enumerate(texts)]


def line(text: str, left: float, y: float, size: float = 10) -> Line:
    width = sum(size if c > "\u2e80" else size / 2 for c in text)
    return Line(text, left, left + width, y, size)


def texts(*pages: list[Line]) -> list[str]:
    made = [Page(n, 600, 800, tuple(page)) for n, page in enumerate(pages, 1)]
    return [piece.text for piece in pieces(made)]


FULL = "chữ " * 25  # a hundred letters: 500 points


def test_lines_are_joined_where_the_next_word_would_not_have_fitted() -> None:
    assert texts(lines(FULL + "một", FULL + "hai", "ba.", "Bốn.")) == [f"{FULL}một {FULL}hai ba.", "Bốn."]


def test_an_indent_or_a_blank_line_begins_a_paragraph() -> None:
    page = lines(FULL, FULL) + lines(FULL, left=65, top=672) + lines(FULL, FULL, top=640)
    assert [len(text) // 90 for text in texts(page)] == [2, 1, 2]


def test_lines_of_han_are_joined_without_a_space() -> None:
    full = "村里的花都开了孩子们" * 4
    assert texts(lines(full, full[:20] + "。", "后来下雨了。")) == [full + full[:20] + "。", "后来下雨了。"]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("trans-", "lation", "translation"),
        ("trans\u0002", "lation", "translation"),
        ("Hà Nội-", "Hải Phòng", "Hà Nội-Hải Phòng"),
        ("đóng-", "gói", "đóng-gói"),
        ("2020-", "2021", "2020-2021"),
    ],
)
def test_a_hyphen_that_only_parts_a_word_goes(above: str, below: str, joined: str) -> None:
    found = texts(lines(FULL + above, f"{below} {FULL}", "hết."))[0]
    assert f"{FULL}{joined} " in found


def test_columns_are_read_one_after_the_other() -> None:
    left = lines(*["trái " * 9] * 5, "hết.", left=50)
    right = lines(*["phải " * 9] * 5, "hết.", left=320, top=695)
    head, foot = lines("Đầu trang này rất dài " * 4 + ".", top=740), lines("Cuối trang này " * 6, top=600)
    order = [text[0] for text in texts(foot + right + left + head)]
    assert order == ["Đ", "t", "p", "C"]


def test_two_stretches_of_one_line_are_no_columns() -> None:
    page = [line("Một", 50, 700), line("hai ba bốn năm sáu bảy", 90, 700), *lines(FULL, FULL, top=686)]
    assert texts(page)[0].startswith("Một hai")


def pages(count: int, **edges: str) -> list[list[Line]]:
    return [
        lines(FULL, FULL, f"hết {n}.")
        + [line(text.format(n), 50, 780 if place == "head" else 20) for place, text in edges.items()]
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("foot", ["{}", "- {} -", "Trang {}", "第 {} 页", "{}/9", "xi"])
def test_page_numbers_are_left_out(foot: str) -> None:
    assert len(texts(*pages(2, foot=foot))) == 2


def test_running_heads_are_left_out_also_where_they_change() -> None:
    assert len(texts(*pages(5, head="Báo làng, số {}"))) == 5
    changing = pages(5)
    for page, word in zip(changing, ["Một", "Hai", "Ba", "Bốn", "Năm"], strict=True):
        page.append(line(f"Chương {word}", 50, 780))
    assert len(texts(*changing)) == 5


def test_what_stands_only_once_at_the_head_is_text() -> None:
    assert "Chuyện làng" in texts([*pages(1)[0], line("Chuyện làng", 50, 780)])


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    first, second = lines(FULL, FULL), lines("tiếp theo.", "Mới.")
    assert texts(first, second) == [f"{FULL}{FULL}tiếp theo.", "Mới."]


def test_notes_go_to_the_end() -> None:
    page = lines(FULL, "hết.") + lines("1 Chú thích nhỏ.", top=100, size=8)
    assert texts(page, lines("Trang hai.")) == [f"{FULL}hết.", "Trang hai.", "1 Chú thích nhỏ."]


def test_larger_letters_make_a_heading() -> None:
    page = Page(1, 600, 800, (line("Chuyện làng", 50, 740, 16), *lines(FULL, FULL, "hết.")))
    assert [piece.kind for piece in pieces([page])] == ["heading", "text"]
    assert [piece.origin.page for piece in pieces([page])] == [1, 1]


def test_text_in_a_narrow_box_is_joined() -> None:
    narrow = "khung " * 12
    page = lines(FULL, FULL, "hết.") + lines(*[narrow] * 5, "xong.", left=90, top=600)
    assert texts(page)[-1].startswith("khung khung")
    assert texts(page)[-1].endswith("xong.")


LINES = st.builds(
    Line,
    st.text("ab 中đ.-1", min_size=1, max_size=8),
    st.floats(0, 600),
    st.floats(0, 600),
    st.floats(0, 800),
    st.sampled_from([0.0, 8.0, 10.0, 16.0]),
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(LINES, max_size=12), max_size=5))
def test_no_letter_is_lost_or_doubled_but_at_the_edges(made: list[list[Line]]) -> None:
    inner = [[line for line in page if 100 < line.y < 700] for page in made]
    found = pieces([Page(n, 600, 800, tuple(page)) for n, page in enumerate(inner, 1)])

    def letters(text: str) -> list[str]:
        return sorted(c for c in text if c.isalnum())

    everything = "".join(line.text for page in inner for line in page if line.text.strip())
    assert letters("".join(piece.text for piece in found)) == letters(everything)
