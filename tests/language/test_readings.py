"""Hán-Việt readings (N8), their variants (N9) and the words that are no readings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.language.normal import simplify
from aligner.language.readings import all_readings, phrase_readings, phrases, reading_variants, readings
from aligner.language.syllables import is_syllable, syllable_key
from aligner.language.tables import read_rows

CASES = json.loads((Path(__file__).parents[1] / "cases" / "readings.json").read_text(encoding="utf-8"))
PAIRS = [
    (char, syllable_key(syllable))
    for word, reading in CASES["N8 words"]
    for char, syllable in zip(word, reading.split(), strict=True)
]


@pytest.mark.parametrize(("word", "reading"), CASES["N8 words"])
def test_words_read_aloud(word: str, reading: str) -> None:
    for char, syllable in zip(word, reading.split(), strict=True):
        assert syllable_key(syllable) in all_readings(char), char


def test_the_first_reading_is_nearly_always_the_one_meant() -> None:
    right = sum(readings(char)[:1] == (syllable,) for char, syllable in PAIRS)
    assert right / len(PAIRS) > 0.94


def test_a_simplified_character_has_the_readings_of_its_traditional_forms() -> None:
    assert set(readings("干")) >= {syllable_key(r) for r in ("can", "cán")}
    assert syllable_key("cán") in readings("幹")
    assert set(readings("发")) >= set(readings("發"))


def test_no_reading_for_what_is_no_character() -> None:
    assert readings("A") == readings("，") == readings("") == ()


def test_the_table_holds_syllable_keys_without_repetition() -> None:
    for char, found in read_rows("readings.tsv"):
        keys = found.split()
        assert len(char) == 1
        assert len(set(keys)) == len(keys)
        assert all(is_syllable(key) and syllable_key(key) == key for key in keys), char


@pytest.mark.parametrize(("left", "right"), CASES["N9 variants"])
def test_variants_are_symmetrical(left: str, right: str) -> None:
    a, b = syllable_key(left), syllable_key(right)
    assert b in reading_variants(a)
    assert a in reading_variants(b)
    assert a not in reading_variants(a)


def test_most_syllables_have_no_variants() -> None:
    assert reading_variants(syllable_key("quốc")) == ()


def test_all_readings_are_readings_then_variants() -> None:
    assert all_readings("武")[: len(readings("武"))] == readings("武")
    assert {syllable_key("vũ"), syllable_key("võ")} <= set(all_readings("武"))


@pytest.mark.parametrize(("phrase", "expected"), CASES["phrases"])
def test_phrases(phrase: str, expected: str) -> None:
    assert tuple(map(syllable_key, expected.split())) in phrase_readings(phrase)


def test_phrases_are_keyed_by_simplified_words() -> None:
    assert all(simplify(word) == word for word in phrases())
    assert phrase_readings("不在表中") == ()
