"""Seams: which places are seen, and which of two is the likelier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.align.seams import is_ended, seams

# Own sentences; each has its true seam at the bar.
TRUE = [
    "Khai mạc triển lãm tranh về biển đảo|Các họa sĩ trẻ mang đến hơn trăm bức",
    "Giá gạo tăng mạnh trong tháng|Khi mùa vụ kết thúc, kho của nông dân Việt Nam đã cạn",
    "Cầu thủ của Manchester trở lại|Với bàn thắng ở phút cuối, đội của Ferdinand đi tiếp",
    "Cuộc đời của Beethoven trên sân khấu|Một vở nhạc kịch mới ra mắt ở Berlin",
]


@pytest.mark.parametrize("text", TRUE)
def test_the_true_seam_is_the_likeliest_by_the_words_around_it(text: str) -> None:
    before, after = text.split("|")
    found = seams(f"{before} {after}", "vi")
    best = max(found, key=lambda seam: seam.odds)
    assert (f"{before} {after}"[: best.end], f"{before} {after}"[best.start :]) == (before, after)


@pytest.mark.parametrize(
    ("text", "lang", "parts"),
    [
        ("Hà Nội đón khách", "vi", [("Hà", "Nội đón khách")]),
        ("ông nói: “Tôi đi”", "vi", [("ông nói:", "“Tôi đi”")]),
        ("không có chỗ nào", "vi", []),
        ("河内开幕 读者选购", "zh", [("河内开幕", "读者选购")]),
        ("河内 Hanoi 开幕", "zh", []),
        ("", "vi", []),
    ],
)
def test_where_seams_are(text: str, lang: str, parts: list[tuple[str, str]]) -> None:
    assert [(text[: seam.end], text[seam.start :]) for seam in seams(text, lang)] == parts


def test_marks_that_agree_cost_nothing() -> None:
    (plain,), (marked,) = seams("tăng giá Người dân lo", "vi"), seams("tăng giá: Người dân lo", "vi")
    assert plain.weight(ended=False) == plain.odds
    assert marked.weight(ended=True) == marked.odds
    assert plain.weight(ended=True) < plain.odds
    assert marked.weight(ended=False) < marked.odds


@pytest.mark.parametrize(("text", "ended"), [("好。", True), ("好”", False), ("Tốt.”)", True), ("", False)])
def test_is_ended(text: str, *, ended: bool) -> None:
    assert is_ended(text) is ended


@given(st.text(alphabet=" ÁaBđ.“”\n河", max_size=30), st.sampled_from(["zh", "vi"]))
def test_between_the_parts_is_white_space_only(text: str, lang: str) -> None:
    for seam in seams(text, lang):
        assert text[seam.end : seam.start].isspace()
        assert text[: seam.end].strip()
        assert text[seam.start :].strip()
