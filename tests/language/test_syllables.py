"""Vietnamese syllables: normal form and phonotactics."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.syllables import TONE_LETTERS, is_syllable, syllable_key


@pytest.mark.parametrize(
    "word",
    str.split(
        "nghiêng khuya thuở quyển giếng gì giặc ghế quốc uống yêu ưu oanh khoác ngoằn xoong kỳ lý chuyện "
        "đường ruộng nghệch tịch nhót an ở ý khuỷu quýt thuỷ uỷ ngoeo buýt"
    ),
)
def test_syllables_are_recognised(word: str) -> None:
    assert is_syllable(syllable_key(word))


@pytest.mark.parametrize(
    "word",
    ["that", "windows", "street", "cat", "hot", "file", "zebra", "fan", "kong", "ce", "gh", "ngi", "nga ng",
     "", "hội nghị", "đăk", "côté", "test", "quu", "wa", "hạnhk", "xuânnhững"],
)  # fmt: skip
def test_other_letters_are_refused(word: str) -> None:
    assert not is_syllable(syllable_key(word))


def test_tones_of_a_syllable_differ_only_in_their_letter() -> None:
    keys = [syllable_key(w) for w in ["ma", "mà", "má", "mả", "mã", "mạ"]]
    assert len(set(keys)) == len(keys)
    assert {k[:2] for k in keys} == {"ma"}
    assert {k[2:] for k in keys} == TONE_LETTERS | {""}


def test_two_tone_marks_are_kept_in_order() -> None:
    assert syllable_key("càphê") == "caphêˋ"
    assert syllable_key("đầuxuânnhững") == "đâuxuânnhưngˋˇ"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="aàạăậđyỳkĩKMỹsxgqu\u0301\u0323\u0302", max_size=8))
def test_key_does_not_depend_on_composition_and_is_idempotent(word: str) -> None:
    expected = syllable_key(unicodedata.normalize("NFC", word))
    assert syllable_key(unicodedata.normalize("NFD", word)) == expected
    assert syllable_key(expected) == expected
