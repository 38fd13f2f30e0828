"""Line ends inside a paragraph: what stands for them, and where the text around them goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.language.line_ends import one_line, unbroken, unbroken_at

CASES = json.loads((Path(__file__).parent.parent / "cases" / "line_ends.json").read_text("utf-8"))
texts = st.text(alphabet="壮族，aế12.% \t\r\n", max_size=30)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_lines_are_joined(case: Mapping[str, str]) -> None:
    assert unbroken(case["lines"]) == case["whole"]
    assert one_line(case["lines"]) == case["whole"]


@given(texts)
def test_a_whole_text_stays(text: str) -> None:
    whole = unbroken(text)
    assert unbroken(whole) == whole
    assert not {"\r", "\n"} & set(whole)


@given(texts)
def test_every_character_keeps_its_place(text: str) -> None:
    whole, offsets = unbroken_at(text, range(len(text) + 1))
    assert whole == unbroken(text)
    assert offsets == sorted(offsets)
    for char, at in zip(text, offsets, strict=False):
        assert char.isspace() or whole[at] == char
