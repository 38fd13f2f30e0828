"""Tokens of many texts at once are those of each text alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.numbered import numbered
from aligner.language.numerals import Side
from aligner.language.tokens import token_keys

WORDS = (
    "một hai mươi nghìn tỷ UBND KT-XH 3,5 19-21/2 xuânnhững , . 中 二 十六 350万 百分之 G20 XXI 5kg an ở Ủy "
    "phần trăm thứ 分之 点 國 兩萬 3多万 1,234.5 (một) “hai” J.K Привет あ ○ 〇"
)
PIECES = [*WORDS.split(), "\n", "\u3000", "\ud800"]
TEXTS = st.lists(
    st.text(max_size=8)
    | st.lists(st.sampled_from([*PIECES, " "]), max_size=6).map("".join)
    | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "vi"]))
def test_texts_together_have_the_tokens_of_each(texts: list[str], lang: Side) -> None:
    found = numbered(texts, lang)
    assert found.texts() == [token_keys(text, lang) for text in texts]
    assert len(set(found.keys)) == len(found.keys)
    assert sorted(set(found.flat.tolist())) == list(range(len(found.keys)))


def test_numbers_in_words_end_with_their_text() -> None:
    assert numbered(["lần thứ hai mươi", "sáu người, hai", "", "mươi"], "vi").texts() == [
        token_keys("lần thứ hai mươi", "vi"),
        token_keys("sáu người, hai", "vi"),
        [],
        token_keys("mươi", "vi"),
    ]


def test_no_texts() -> None:
    langs: tuple[Side, ...] = ("zh", "vi")
    for lang in langs:
        found = numbered([], lang)
        assert (found.keys, len(found.flat), len(found.lengths)) == ((), 0, 0)
        assert np.array_equal(numbered(["", "…"], lang).lengths, [0, 0])


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_parts_of_a_long_document_are_numbered_as_one(lang: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(PIECES[k % len(PIECES) : k % len(PIECES) + k % 7]) for k in range(100)]
    whole = numbered(texts, lang)
    monkeypatch.setattr("aligner.language.numbered._TOGETHER", 7)
    parts = numbered(texts, lang)
    assert parts.keys == whole.keys
    assert np.array_equal(parts.flat, whole.flat)
    assert np.array_equal(parts.lengths, whole.lengths)
