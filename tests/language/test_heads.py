"""N6, N7 and N10: heads, place generics and short country names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from aligner.language.heads import countries, place_generic, strip_heads

CASES = json.loads((Path(__file__).parents[1] / "cases" / "heads.json").read_text(encoding="utf-8"))
Lang = Literal["zh", "vi"]


@pytest.mark.parametrize(("lang", "term", "expected"), CASES["N7 strip"])
def test_heads_are_stripped(lang: Lang, term: str, expected: str) -> None:
    assert strip_heads(term, lang) == expected


@pytest.mark.parametrize(("lang", "term", "name", "generic"), CASES["N10 place"])
def test_place_generics(lang: Lang, term: str, name: str, generic: str) -> None:
    place = place_generic(term, lang)
    assert place is not None
    assert (place.name, place.generic) == (name, generic)
    parts = place.name + place.written if lang == "zh" else f"{place.written} {place.name}"
    assert parts == term


@pytest.mark.parametrize(("lang", "term"), CASES["N10 none"])
def test_no_generic(lang: Lang, term: str) -> None:
    assert place_generic(term, lang) is None


@pytest.mark.parametrize(("word", "expected"), CASES["N6 countries"])
def test_country_words(word: str, expected: list[list[str]]) -> None:
    assert [list(names) for names in countries(word)] == expected
