"""Word boundaries as spans: the loaders work, spans fit the text, names stay whole."""

from __future__ import annotations

import itertools
import unicodedata

import pytest

from aligner.language.words import vi_words, zh_words


def test_chinese_words() -> None:
    text = "越南与中国的关系"
    assert [text[a:b] for a, b in zh_words(text)] == ["越南", "与", "中国", "的", "关系"]


def test_traditional_text_is_cut_like_simplified() -> None:
    assert zh_words("發展關係 很好") == zh_words("发展关系 很好")


def test_vietnamese_words() -> None:
    text = "Hợp tác kinh tế giữa hai nước"
    assert [text[a:b] for a, b in vi_words(text)] == ["Hợp tác", "kinh tế", "giữa", "hai", "nước"]


@pytest.mark.parametrize("name", ["Nguyễn Thị Minh Khai", "Vũ Đại Thắng", "Bà Rịa Vũng Tàu"])
def test_names_are_never_cut(name: str) -> None:
    text = f"ông gặp {name} hôm nay"
    assert name in [text[a:b] for a, b in vi_words(text)]


def test_the_capital_that_opens_a_sentence_joins_nothing() -> None:
    text = "Tại Hà Nội có mưa. Ở Huế thì không."
    words = [text[a:b] for a, b in vi_words(text)]
    assert "Hà Nội" in words
    assert "Huế" in words


@pytest.mark.parametrize(
    "text", ["", "  ", "Hội  nghị\nlần thứ 16 (KT-XH)...", unicodedata.normalize("NFD", "hội nghị lớn")]
)
def test_spans_cover_everything_but_white_space(text: str) -> None:
    for spans in (vi_words(text), zh_words(text)):
        covered = {i for a, b in spans for i in range(a, b)}
        assert {i for i, c in enumerate(text) if not c.isspace()} <= covered
        assert all(a < b for a, b in spans)
        assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
