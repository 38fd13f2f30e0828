"""The article's terms, with nothing but what is shipped: how many of the gold's, and how many are right."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from benchmarks.terms import (
    ARTICLE,
    GOLD,
    MUST,
    VERDICTS,
    Judgement,
    at_level,
    bitexts,
    interval,
    missing,
    read_gold,
    read_rows,
    read_verdicts,
    recall,
)

from aligner.model import Bitext
from aligner.terms.extract import extract
from aligner.terms.model import LEVELS, Level, TermEntry

SOURCE = Path(__file__).parents[2] / "src"


@functools.cache
def article() -> list[Bitext]:
    """The article, aligned with nothing but what is shipped."""
    return bitexts(ARTICLE)


@functools.cache
def found() -> tuple[TermEntry, ...]:
    """The article's terms at the widest level, once a test session."""
    return extract(article(), "wide")


@pytest.mark.parametrize(("level", "least", "most"), [("balanced", 0.70, 200), ("wide", 0.80, 500)])
def test_the_core_terms_are_found(level: Level, least: float, most: int) -> None:
    entries = at_level(found(), level)
    assert len(entries) <= most
    assert recall(entries, read_gold(GOLD), "core") >= least


def test_the_levels_are_what_is_extracted_at_them() -> None:
    sizes = [len(at_level(found(), level)) for level in LEVELS]
    assert sizes == sorted(sizes)
    strict = extract(article(), "strict")
    assert {entry.key for entry in strict} == {entry.key for entry in at_level(found(), "strict")}


def test_the_strict_list_was_judged_and_is_good() -> None:
    strict = at_level(found(), "strict")
    judgement = Judgement(strict, [read_verdicts(path) for path in VERDICTS])
    assert [(e.zh, e.vi) for e in judgement.unjudged] == [], "judge them in tests/gold/strict.judge*.tsv"
    assert len(strict) >= 60
    assert judgement.share("correct") >= 0.95
    assert judgement.share("term") >= 0.80


def test_the_list_has_what_it_must_have() -> None:
    assert missing(at_level(found(), "strict"), MUST) == []


def test_no_program_names_what_must_be_found() -> None:
    named = [row["zh"] for row in read_rows(MUST)]
    texts = [
        path.read_text("utf-8", "ignore")
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".tsv", ".txt", ".toml", ".json"}
    ]
    assert len(texts) > 100
    assert [name for name in named if any(name in text for text in texts)] == []


def test_every_entry_has_a_context_that_holds_it() -> None:
    for entry in found():
        assert any(form in entry.context_zh for form in (entry.zh, *entry.zh_variants)), entry.zh
        assert any(form in entry.context_vi for form in (entry.vi, *entry.vi_variants)), entry.vi


def test_one_concept_is_one_entry() -> None:
    keys = [entry.key for entry in found()]
    assert len(keys) == len(set(keys))
    zh = [entry.zh for entry in found()]
    assert len(zh) == len(set(zh))


def test_a_share_of_few_is_uncertain() -> None:
    low, high = interval(57, 67)
    assert low < 57 / 67 < high
    assert interval(570, 670)[0] > low
    assert interval(0, 0) == (0.0, 1.0)
