"""N5: numbers by value, in figures and words of both languages."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.language.number_words import han_numeral, parse_han, vi_numeral
from aligner.language.numerals import find_numerals, number_key, roman_value

CASES = json.loads((Path(__file__).parents[1] / "cases" / "numerals.json").read_text(encoding="utf-8"))
Lang = Literal["zh", "vi"]


def by_language(name: str) -> list[Any]:
    return [(lang, case) for lang in ("zh", "vi") for case in CASES[name][lang]]


@pytest.mark.parametrize(
    ("lang", "text", "expected"), [(lang, *case) for lang in ("zh", "vi") for case in CASES[lang]]
)
def test_values(lang: Lang, text: str, expected: list[int | str]) -> None:
    assert [n.value for n in find_numerals(text, lang)] == [Fraction(value) for value in expected]


@pytest.mark.xfail(reason="words that only their sentence tells from numbers, and colloquial short forms")
@pytest.mark.parametrize(("lang", "text", "expected"), CASES["known failures"])
def test_known_failures(lang: Lang, text: str, expected: list[int]) -> None:
    assert [n.value for n in find_numerals(text, lang)] == expected


@pytest.mark.parametrize(("zh", "vi"), CASES["same value"])
def test_translations_have_the_same_value(zh: str, vi: str) -> None:
    assert [n.value for n in find_numerals(zh, "zh")] == [n.value for n in find_numerals(vi, "vi")]


@pytest.mark.parametrize(("lang", "text"), by_language("ordinal"))
def test_ordinals(lang: Lang, text: str) -> None:
    assert [n.ordinal for n in find_numerals(text, lang)] == [True]


@pytest.mark.parametrize(("lang", "text"), by_language("lone"))
def test_lone_number_words_are_marked(lang: Lang, text: str) -> None:
    assert [n.lone for n in find_numerals(text, lang)] == [True]


@pytest.mark.parametrize(("lang", "text"), by_language("not lone"))
def test_certain_numbers_are_not(lang: Lang, text: str) -> None:
    assert [n.lone for n in find_numerals(text, lang)] == [False]


def test_spans_are_the_number_without_its_ordinal_mark() -> None:
    text = "lần thứ mười sáu và 3,5 triệu"
    assert [text[n.start : n.end] for n in find_numerals(text, "vi")] == ["mười sáu", "3,5 triệu"]
    text = "第十六次，百分之三十"
    assert [text[n.start : n.end] for n in find_numerals(text, "zh")] == ["十六", "百分之三十"]
    assert [n.percent for n in find_numerals(text, "zh")] == [False, True]


SMALL_AND_LARGE = st.integers(0, 120_000) | st.integers(0, 10**15 - 1)


@settings(max_examples=400, deadline=None)
@given(SMALL_AND_LARGE)
@example(10)
@example(1005)
@example(10**8 + 10)
def test_any_integer_in_han_parses_to_itself(n: int) -> None:
    assert parse_han(han_numeral(n)) == n
    assert [m.value for m in find_numerals("共" + han_numeral(n) + "元", "zh")] == [n]


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 120_000) | st.integers(1, 10**15 - 1))
@example(15)
@example(1005)
@example(10**9 + 5)
def test_any_integer_in_vietnamese_words_parses_to_itself(n: int) -> None:
    words = vi_numeral(n)
    assert [m.value for m in find_numerals(f"gồm {words} đồng", "vi")] == [n]
    assert [m.value for m in find_numerals(words.upper(), "vi")] == [n]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**15), st.sampled_from(["zh", "vi"]), st.booleans())
def test_any_integer_in_figures_parses_to_itself(n: int, lang: Lang, grouped: bool) -> None:  # noqa: FBT001 - drawn
    figures = f"{n:,}" if grouped else str(n)
    if lang == "vi":
        figures = figures.replace(",", ".")
    full_width = figures.translate({ord("0") + i: ord("０") + i for i in range(10)})
    assert [m.value for m in find_numerals(f" {figures} ", lang)] == [n]
    assert [m.value for m in find_numerals(full_width, lang)] == [n]


@settings(max_examples=200, deadline=None)
@given(st.fractions(0, 10**6, max_denominator=1000))
def test_equal_values_have_equal_keys(value: Fraction) -> None:
    same = value.numerator if value.denominator == 1 else value
    assert number_key(value) == number_key(same)
    text = number_key(value)[1:]
    assert Fraction(text) == value


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.,一二三十百万亿点分之第 ０９多"), st.sampled_from(["zh", "vi"]))
def test_numerals_are_ordered_and_do_not_overlap(text: str, lang: Lang) -> None:
    found = find_numerals(text, lang)
    assert all(n.start < n.end for n in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("XXI", 21),
        ("IV", 4),
        ("XXXIX", 39),
        ("X", None),
        ("IIII", None),
        ("xi", None),
        ("", None),
        ("XL", None),
    ],
)
def test_roman(word: str, value: int | None) -> None:
    assert roman_value(word) == value
