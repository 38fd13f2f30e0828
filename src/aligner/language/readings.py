"""Hán-Việt readings: how Vietnamese reads a Chinese character aloud.

More than half of formal Vietnamese is Chinese read aloud, so a reading found in the other sentence is
evidence of translation. Readings are syllable keys (see `syllables`), best first; how they were gathered
and ranked, from which sources and under which licences, says `data/readings.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from aligner.language.normal import simplify
from aligner.language.syllables import syllable_key
from aligner.language.tables import read_lines, read_rows


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Character → its readings joined by spaces; about 11,700 rows."""
    return {line[0]: line[2:] for line in read_lines("readings.tsv")}


@lru_cache(maxsize=32768)
def readings(char: str) -> tuple[str, ...]:
    """The readings of a character, best first; empty where none is known.

    A simplified character has the readings of all its traditional forms. Obsolete readings of
    well-known characters are left out. Constant time after the first call, which reads the table.

    >>> readings("国"), readings("長")[:2], readings("A")
    (('quôcˊ',), ('trươngˀ', 'trươngˋ'), ())
    """
    found = _table().get(char) or _table().get(simplify(char), "")
    return tuple(found.split())


@lru_cache(maxsize=1)
def _variants() -> dict[str, tuple[str, ...]]:
    groups = [[syllable_key(word) for word in row] for row in read_rows("variants.tsv")]
    return {key: tuple(other for other in group if other != key) for group in groups for key in group}


def reading_variants(key: str) -> tuple[str, ...]:
    """Other spellings of a Hán-Việt syllable, by region or taboo: vũ and võ, hoàng and huỳnh.

    Symmetrical; empty for nearly every syllable.
    """
    return _variants().get(key, ())


@lru_cache(maxsize=32768)
def all_readings(char: str) -> tuple[str, ...]:
    """The readings of a character followed by the variants of each, without repetition."""
    found = readings(char)
    return tuple(dict.fromkeys([*found, *(variant for key in found for variant in reading_variants(key))]))


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Words whose Vietnamese is no regular reading: simplified word → renderings as syllable keys.

    Names (芒街 Móng Cái), abbreviated organisations (东盟 ASEAN), and a few characters with a fixed
    native counterpart (年 năm). A small table of general knowledge, no dictionary.
    """
    return {
        word: tuple(tuple(map(syllable_key, rendering.split())) for rendering in renderings)
        for word, *renderings in read_rows("phrases.tsv")
    }


def phrase_readings(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The renderings `phrases()` has for a word, in either script; empty for nearly every word.

    >>> phrase_readings("芒街")
    (('mongˊ', 'caiˊ'),)
    """
    return phrases().get(simplify(phrase), ())
