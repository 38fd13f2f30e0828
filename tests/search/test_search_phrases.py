"""Where a phrase stands, whatever its spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.search.phrases import PAIR, clauses, compared, index_words, phrase, pieces, places

CASES = json.loads((Path(__file__).parent.parent / "cases" / "search.json").read_text("utf-8"))
TEXTS = st.text(alphabet="会晤會談省 ủyỷub,，.。“”-ăaGDP２5\u0309", max_size=24)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_places(case: Mapping[str, Any]) -> None:
    found = [case["text"][start:end] for start, end in places(case["text"], phrase(case["query"]))]
    assert found == case["found"]


@pytest.mark.parametrize("text", ["", "  ", "。，", "“”"])
def test_nothing_to_look_for_is_said(text: str) -> None:
    with pytest.raises(UsageError, match="nothing to search for"):
        phrase(text)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_the_fast_words_are_those_of_the_pieces(text: str) -> None:
    found = [[piece.key for piece in clause] for clause in clauses(text)]
    singles = [key for keys in found for key in keys]
    pairs = [f"{a}{PAIR}{b}" for keys in found for a, b in pairwise(keys)]
    assert index_words(text) == (" ".join(singles), " ".join(pairs))


@given(TEXTS, st.data())
@settings(max_examples=200, deadline=None)
def test_any_part_of_a_clause_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    parts = [clause for clause in clauses(text) if clause]
    if not parts:
        return
    clause = data.draw(st.sampled_from(parts))
    first = data.draw(st.integers(0, len(clause) - 1))
    last = data.draw(st.integers(first, len(clause) - 1))
    start, end = clause[first].start, clause[last].end
    found = list(places(text, phrase(text[start:end])))
    assert any(s <= start < e or (s, e) == (start, end) for s, e in found)


TEXT = st.text(st.sampled_from("会晤會見见 一二ǀ,，“”-\n12１Ａa bBủỷuỳ豈㈠éé́0́"), max_size=14)


@given(text=TEXT, wanted=TEXT)
@settings(max_examples=400, deadline=None)
def test_the_fast_way_finds_what_comparing_piece_by_piece_finds(text: str, wanted: str) -> None:
    assume(list(pieces(wanted)))
    looked_for = phrase(wanted)
    assert list(places(text, looked_for)) == list(compared(text, list(looked_for.keys)))
