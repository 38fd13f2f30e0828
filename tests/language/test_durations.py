"""Lengths of time by value and unit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.durations import find_durations
from aligner.language.number_words import han_numeral, vi_numeral

CASES = json.loads((Path(__file__).parents[1] / "cases" / "durations.json").read_text(encoding="utf-8"))
Lang = Literal["zh", "vi"]
Expected = list[tuple[int | str, int | str, bool]]


@pytest.mark.parametrize(
    ("lang", "text", "expected"), [(lang, *case) for lang in ("zh", "vi") for case in CASES[lang]]
)
def test_durations(lang: Lang, text: str, expected: Expected) -> None:
    found = [(length.months, length.days, length.sure) for length in find_durations(text, lang)]
    assert found == [(Fraction(months), Fraction(days), sure) for months, days, sure in expected]


@pytest.mark.parametrize(
    ("zh", "vi", "same"),
    [
        ("一年", "12 tháng", True),
        ("半年", "6 tháng", True),
        ("两周", "14 ngày", True),
        ("一个季度", "ba tháng", True),
        ("90分钟", "một tiếng rưỡi", True),
        ("一个月", "30 ngày", True),
        ("一年", "365 ngày", True),
        ("12个月", "13 tháng", False),
        ("3个月", "30 ngày", False),
        ("十天", "mười tháng", False),
        ("24小时", "12 giờ", False),
    ],
)
def test_lengths_are_the_same_by_value_and_unit(zh: str, vi: str, *, same: bool) -> None:
    (one,), (other,) = find_durations(zh, "zh"), find_durations(vi, "vi")
    assert one.may_equal(other) is other.may_equal(one) is same


def test_the_span_reaches_from_the_number_to_the_end_of_the_unit() -> None:
    text = "Hợp đồng có thời hạn hai năm rưỡi, kể từ nay."
    (length,) = find_durations(text, "vi")
    assert text[length.start : length.end] == "hai năm rưỡi"


@settings(max_examples=100, deadline=None)
@given(
    st.integers(2, 99),
    st.sampled_from([("年", "năm"), ("个月", "tháng"), ("天", "ngày"), ("小时", "giờ"), ("分钟", "phút")]),
)
def test_any_length_is_the_same_in_both_languages(number: int, unit: tuple[str, str]) -> None:
    in_zh = {find_durations(f"{n}{unit[0]}", "zh")[0][2:4] for n in (number, han_numeral(number))}
    in_vi = {find_durations(f"{n} {unit[1]}", "vi")[0][2:4] for n in (number, vi_numeral(number))}
    assert in_zh == in_vi
    assert len(in_zh) == 1


@settings(max_examples=200, deadline=None)
@given(st.text("三半1年月日天内个时分 （）至ngàyămtháu5-", max_size=30), st.sampled_from(["zh", "vi"]))
def test_any_text_can_be_read(text: str, lang: Lang) -> None:
    for length in find_durations(text, lang):
        assert 0 <= length.start < length.end <= len(text)
        assert length.months or length.days
