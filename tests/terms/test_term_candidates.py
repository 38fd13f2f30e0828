"""Words with their tags, the candidates made of them, their forms and categories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.tokens import tokens
from aligner.language.words import vi_words
from aligner.terms.candidates import balanced, forms, vi_candidates, zh_candidates
from aligner.terms.categories import category
from aligner.terms.tagging import commonness, tag_zh

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "terms.json").read_text("utf-8")
)


def cases(name: str) -> list[Any]:
    return CASES[name]["cases"]  # type: ignore[no-any-return]


def zh_found(text: str) -> set[str]:
    found = tokens(text, "zh")
    spans = zh_candidates(text, found, tag_zh(text))
    return {text[found[s.first].start : found[s.last - 1].end] for s in spans}


def vi_found(text: str) -> set[str]:
    found = tokens(text, "vi")
    spans = vi_candidates(text, found, vi_words(text))
    return {text[found[s.first].start : found[s.last - 1].end] for s in spans}


@pytest.mark.parametrize("case", cases("tagged words"), ids=lambda case: case["text"])
def test_words_that_jieba_cannot_know(case: dict[str, Any]) -> None:
    text = case["text"]
    words = [text[word.start : word.end] for word in tag_zh(text)]
    assert [word for word in case["words"] if word not in words] == []
    if not case["words"]:
        assert "中意" not in words or "ns" not in {
            w.tag for w in tag_zh(text) if text[w.start : w.end] == "中意"
        }


def test_what_is_listed_between_places_is_a_place() -> None:
    def tag(text: str, word: str) -> str:
        return next(w.tag for w in tag_zh(text) if text[w.start : w.end] == word)

    assert tag("高平说他来", "高平") == "nr"
    assert tag("长沙、高平、西安三地", "高平") == tag("高平、西安三地", "高平") == "ns"
    assert tag("高平、银行、西安", "高平") == "nr"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="中越美国协定的和自治区交通运输12 ，。“”aB\u3000", max_size=24))
def test_words_cover_the_text(text: str) -> None:
    words = tag_zh(text)
    assert "".join(text[word.start : word.end] for word in words) == text
    assert [word.end for word in words[:-1]] == [word.start for word in words[1:]]


@pytest.mark.parametrize("case", cases("zh candidates"), ids=lambda case: case["text"])
def test_chinese_candidates(case: dict[str, Any]) -> None:
    found = zh_found(case["text"])
    assert [form for form in case["has"] if form not in found] == []
    assert [form for form in case["lacks"] if form in found] == []


@pytest.mark.parametrize("case", cases("vi candidates"), ids=lambda case: case["text"])
def test_vietnamese_candidates(case: dict[str, Any]) -> None:
    found = vi_found(case["text"])
    assert [form for form in case["has"] if form not in found] == []
    assert [form for form in case["lacks"] if form in found] == []


def test_a_cut_through_a_word_is_counted() -> None:
    text = "hợp tác nông nghiệp"
    found = tokens(text, "vi")
    cuts = {(s.first, s.last): s.cuts for s in vi_candidates(text, found, [(0, 7), (8, 19)])}
    assert cuts[0, 2] == cuts[2, 4] == cuts[0, 4] == 0
    assert cuts[0, 3] == cuts[1, 2] == 1
    assert cuts[1, 3] == 2


@pytest.mark.parametrize("case", cases("forms"), ids=lambda case: case["plain"])
def test_forms(case: dict[str, Any]) -> None:
    start = case["text"].index(case["form"])
    assert forms(case["text"], start, start + len(case["form"])) == (case["plain"], case["written"])


@pytest.mark.parametrize(
    ("text", "start", "end", "whole"),
    [
        ("(a) b", 1, 5, False),
        ("(a) b", 0, 5, True),
        ("x (a", 0, 4, False),
        ("“a” b", 1, 5, True),
        ("b “a”", 0, 4, True),
        ("b “a” c “d”", 3, 10, True),
        ("b “a e” c", 5, 6, True),
        ("b “a e” c", 5, 9, False),
        ('b "a" c', 0, 4, True),
        ('b "a c', 0, 6, False),
    ],
)
def test_brackets_and_quotes_are_not_cut(text: str, start: int, end: int, *, whole: bool) -> None:
    assert balanced(text, start, end) is whole


@pytest.mark.parametrize("case", cases("categories"), ids=lambda case: case["zh"])
def test_categories(case: dict[str, Any]) -> None:
    assert category(case["zh"], case["vi"], case["tags"]) == case["category"]


def test_commonness_knows_common_words_rare_words_and_no_words() -> None:
    assert commonness("发展") > commonness("渔业") > commonness("水文学") or commonness("水文学") == 0
    assert commonness("發展") == commonness("发展")
    assert commonness("龘龘龘") == 0
