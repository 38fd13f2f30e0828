"""Normal forms N1 to N4 and N8: which spellings are the same, and where each key character came from."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.normal import key, keyed, simplify

CASES = json.loads((Path(__file__).parents[1] / "cases" / "normal_forms.json").read_text(encoding="utf-8"))


def pairs(kind: str) -> list[tuple[str, str, str]]:
    return [(rule, *pair) for rule, found in CASES[kind].items() for pair in found]


@pytest.mark.parametrize(("rule", "left", "right"), pairs("same"))
def test_spellings_of_one_text_have_one_key(rule: str, left: str, right: str) -> None:
    assert key(left) == key(right), rule


@pytest.mark.parametrize(("rule", "left", "right"), pairs("different"))
def test_different_words_have_different_keys(rule: str, left: str, right: str) -> None:
    assert key(left) != key(right), rule


@pytest.mark.parametrize(("text", "expected"), CASES["keys"])
def test_key(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(("rule", "left", "right"), pairs("same"))
def test_decomposed_input_gives_the_same_key(rule: str, left: str, right: str) -> None:
    assert key(unicodedata.normalize("NFD", left)) == key(right), rule


def test_raw_span_leads_back_to_the_document() -> None:
    raw = "  Tỉnh – khu “Quảng\u00a0Ninh”"
    result = keyed(raw)
    assert result.text == "tinhˀ-khu quangˀ ninh"
    at = result.text.index("quangˀ")
    start, end = result.raw_span(at, at + len("quangˀ ninh"))
    assert raw[start:end] == "Quảng\u00a0Ninh"
    start, end = result.raw_span(0, len("tinhˀ"))
    assert raw[start:end] == "Tỉnh"


def test_raw_span_of_decomposed_text_includes_the_marks() -> None:
    raw = unicodedata.normalize("NFD", "hội nghị")
    result = keyed(raw)
    start, end = result.raw_span(0, len("hôiˌ"))
    assert unicodedata.normalize("NFC", raw[start:end]) == "hội"


TEXTS = st.text() | st.text(
    alphabet=" -–—…..。\"”'aàạăậđyỳkĩKMỹ越國\u0301\u0323\u0302１Ａ，\u200bßİ™㎏¨․ˋˌ豈"
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_key_is_idempotent(text: str) -> None:
    once = key(text)
    assert key(once) == once


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_offsets_are_monotone_and_inside_the_text(text: str) -> None:
    result = keyed(text)
    assert len(result.starts) == len(result.ends) == len(result.text)
    assert list(result.starts) == sorted(result.starts)
    assert list(result.ends) == sorted(result.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(result.starts, result.ends, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="中國國发發a là ủy"))
def test_simplify_keeps_the_length_and_is_idempotent(text: str) -> None:
    simple = simplify(text)
    assert len(simple) == len(text)
    assert simplify(simple) == simple
