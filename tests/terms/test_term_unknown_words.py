"""The search for words in no dictionary: the same as jieba's own, states, ties and all."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.terms.unknown_words import State, UnknownWords

CHARACTERS = "张王李建国说道的了和在北京河江省大学人民银行武胜鬿㟅龘壮族一二三"


@functools.cache
def slow() -> Any:
    """jieba's tables and its own search."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba.posseg
    return jieba.posseg


@functools.cache
def fast() -> UnknownWords:
    tables = slow()
    return UnknownWords(tables.char_state_tab_P, tables.start_P, tables.trans_P, tables.emit_P)


def best(text: str) -> list[State]:
    """jieba's own answer."""
    tables = slow()
    return tables.viterbi(text, tables.char_state_tab_P, tables.start_P, tables.trans_P, tables.emit_P)[1]  # type: ignore[no-any-return]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=CHARACTERS, min_size=1, max_size=12))
def test_the_states_are_jieba_s(text: str) -> None:
    assert fast().best(text) == best(text)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=CHARACTERS, min_size=1, max_size=12))
def test_the_words_are_jieba_s_and_cover_the_text(text: str) -> None:
    cut = slow().POSTokenizer._POSTokenizer__cut  # noqa: SLF001 - what is replaced
    assert [tuple(word) for word in fast().words(text)] == [(w.word, w.flag) for w in cut(slow().dt, text)]
    assert "".join(word for word, _ in fast().words(text)) == text


@pytest.mark.parametrize("text", ["鬿", "鬿㟅龘", "武大胜的会谈", "永葆"])
def test_characters_that_the_model_never_saw(text: str) -> None:
    assert fast().best(text) == best(text)
