"""From a dozen sentences to entries: what a terminologist would miss is there, and at what level."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from aligner.formats.imported import bitexts_of
from aligner.formats.units import Unit
from aligner.terms.extract import THRESHOLDS, extract
from aligner.terms.model import Level, TermEntry

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "cases" / "term_pairs.json").read_text("utf-8")
)
FOUND = [(why, *pair) for why, pairs in CASES["found"].items() for pair in pairs]


@functools.cache
def entries() -> tuple[TermEntry, ...]:
    """The terms of the sentences at the widest level."""
    units = [Unit(number, zh, vi, document="own") for number, (zh, vi) in enumerate(CASES["beads"])]
    return extract(bitexts_of(units, "own"), "wide")


@pytest.mark.parametrize(("why", "zh", "vi", "level"), FOUND, ids=[f"{zh} {vi}" for _, zh, vi, _ in FOUND])
def test_the_pair_is_found(why: str, zh: str, vi: str, level: Level) -> None:
    found = [e for e in entries() if zh == e.zh and vi in (e.vi, *e.vi_variants)]
    assert found, why
    assert found[0].confidence >= THRESHOLDS[level], why


@pytest.mark.parametrize("zh", CASES["never offered"])
def test_no_entry_is_called(zh: str) -> None:
    assert [e for e in entries() if e.zh == zh] == []


@pytest.mark.parametrize(("zh", "category"), CASES["categories"].items())
def test_the_category(zh: str, category: str) -> None:
    assert [e.category for e in entries() if e.zh == zh] == [category]


def test_every_entry_stands_where_it_says() -> None:
    texts = dict(enumerate(CASES["beads"]))
    for entry in entries():
        for place in entry.occurrences:
            zh, vi = texts[place.bead]
            assert zh[slice(*place.src)]
            assert vi[slice(*place.tgt)]
        assert sum(e.id == entry.id for e in entries()) == 1
