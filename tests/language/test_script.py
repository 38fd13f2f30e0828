"""Which script and language a text is in, and where a mixed line changes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.script import detect_language, han_share, is_han, language_runs, zh_variant

CASES = json.loads((Path(__file__).parents[1] / "cases" / "scripts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "expected"), CASES["language"])
def test_language_of_short_items(text: str, expected: str | None) -> None:
    assert detect_language(text) == expected


@pytest.mark.xfail(reason="unmarked Vietnamese that could as well be another language")
@pytest.mark.parametrize(("text", "expected"), CASES["known failures"])
def test_known_failures(text: str, expected: str) -> None:
    assert detect_language(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES["variant"])
def test_variant(text: str, expected: str) -> None:
    assert zh_variant(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES["runs"])
def test_runs_of_a_mixed_line(text: str, expected: list[list[str]]) -> None:
    assert [[run.lang, text[run.start : run.end]] for run in language_runs(text)] == expected


def test_han_characters() -> None:
    assert all(map(is_han, "中國々〇㐀𠀀"))
    assert not any(map(is_han, "aあー，1 "))


@pytest.mark.parametrize(
    ("text", "share"), [("中文", 1.0), ("中a文b", 0.5), ("abc", 0.0), ("", 0.0), ("123", 0.0)]
)
def test_han_share(text: str, share: float) -> None:
    assert han_share(text) == share


def test_majority_decides_a_mixed_text() -> None:
    assert detect_language("Đoàn đại biểu Quảng Tây (广西) thăm tỉnh Quảng Ninh") == "vi"
    assert detect_language("广宁省委书记武大胜（Vũ Đại Thắng）会见代表团") == "zh-Hans"


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from(["越南", "Việt", "GDP", " ", "2025", "，", "hội", "the"])).map("".join)
)
def test_runs_are_ordered_alternate_and_cover_every_han_character(text: str) -> None:
    runs = language_runs(text)
    for run in runs:
        assert 0 <= run.start < run.end <= len(text)
    for before, after in itertools.pairwise(runs):
        assert before.end <= after.start
        assert before.lang != after.lang
    zh = {i for run in runs if run.lang == "zh" for i in range(run.start, run.end)}
    assert {i for i, c in enumerate(text) if is_han(c)} <= zh
