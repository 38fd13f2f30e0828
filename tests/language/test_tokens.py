"""Tokens: what evidence is counted over."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.normal import key
from aligner.language.tables import read_rows
from aligner.language.tokens import token_keys, tokens

CASES = json.loads((Path(__file__).parents[1] / "cases" / "tokens.json").read_text(encoding="utf-8"))
Lang = Literal["zh", "vi"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"), [(lang, *case) for lang in ("zh", "vi") for case in CASES[lang]]
)
def test_keys(lang: Lang, text: str, expected: list[str]) -> None:
    assert [t.key for t in tokens(text, lang)] == [word if word[0] == "#" else key(word) for word in expected]


@pytest.mark.parametrize(("lang", "text", "kind"), CASES["kinds"])
def test_kinds(lang: Lang, text: str, kind: str) -> None:
    assert [t.kind for t in tokens(text, lang)] == [kind]


def test_an_abbreviation_spreads_its_span() -> None:
    text = "của UBND tỉnh"
    found = tokens(text, "vi")
    assert [text[t.start : t.end] for t in found] == ["của", "UBND", "UBND", "UBND", "UBND", "tỉnh"]


def test_numbers_carry_their_value_and_lone_words_keep_their_key() -> None:
    (number,) = tokens("hai mươi mốt", "vi")
    assert (number.key, number.value, number.kind) == ("#21", 21, "number")
    word, _ = tokens("hai nước", "vi")
    assert (word.key, word.value, word.kind) == ("hai", 2, "syllable")
    assert [t.value for t in tokens("三国", "zh")] == [3, None]


def test_spans_of_run_together_syllables() -> None:
    text = "xuânnhững"
    assert [text[t.start : t.end] for t in tokens(text, "vi")] == ["xuân", "những"]


@pytest.mark.parametrize(
    "word", ["ASEAN", "G20", "Windows", "COVID", "5G", "300km", "XXI", "my", "café", "3.5", "ａｂ"]
)
def test_the_same_letters_have_the_same_key_in_both_languages(word: str) -> None:
    assert token_keys(word, "zh") == token_keys(word, "vi")


def test_every_abbreviation_of_the_table_expands() -> None:
    for short, long in read_rows("abbreviations.tsv"):
        assert token_keys(f"({short})", "vi") == [key(word) for word in long.split()], short


def test_lower_case_is_no_abbreviation() -> None:
    assert token_keys("tp tx", "vi") == ["tp", "tx"]


PIECES = str.split(
    "một hai mươi nghìn tỷ UBND KT-XH 3,5 19-21/2 xuânnhững , . 中 二 十六 350万 百分之 G20 XXI 5kg an ở Ủy "
    "phần trăm thứ 分之 点 國 兩萬 J.K Привет あ ○ 〇"
)
TEXTS = (
    st.text()
    | st.lists(st.sampled_from([*PIECES, " "])).map("".join)
    | st.lists(st.sampled_from(PIECES)).map(" ".join)
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "vi"]))
def test_fast_keys_equal_the_keys_of_tokens(text: str, lang: Lang) -> None:
    assert token_keys(text, lang) == [t.key for t in tokens(text, lang)]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(["zh", "vi"]))
def test_spans_are_ordered_and_hold_what_they_say(text: str, lang: Lang) -> None:
    found = tokens(text, lang)
    assert all(0 <= t.start < t.end <= len(text) for t in found)
    assert all(t.key and not t.key.isspace() for t in found)
    for before, after in itertools.pairwise(found):
        assert before.end <= after.start or (before.start, before.end) == (after.start, after.end)
    letters = {i for i, c in enumerate(text) if c.isalpha()}
    assert letters <= {i for t in found for i in range(t.start, t.end)}
