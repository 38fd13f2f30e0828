"""What each source says of a unit, and how their words are merged into the translation table t.

Each source speaks for the units it knows, in proportion to its weight; t is the weighted mean:

    lexicon    learned from open message catalogues (`lexicon`)
    reading    Hán-Việt readings of a character, the first one counting most (`language.readings`)
    name       words with a fixed rendering that is no reading (`language.readings.phrases`)
    sound      foreign names spelled by characters: 特朗普 Trump (`sounds`)
    number     equal values: 十六 = 16 = mười sáu
    latin      the same string on both sides
    glossary   the user's own terms
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np

from aligner.evidence.lexicon import Units
from aligner.evidence.sparse import Ints, Numbers, Sparse, from_triples
from aligner.language.number_words import HAN_NUMERALS, VI_LONE
from aligner.language.numerals import number_key
from aligner.language.readings import all_readings
from aligner.language.tokens import tokens

Source = Literal["lexicon", "reading", "name", "sound", "number", "latin", "glossary"]
Renderings = Mapping[str, tuple[tuple[str, ...], ...]]
"""Term as token keys joined by spaces → its translations as token keys."""
Terms = Mapping[str, tuple[Source, tuple[tuple[str, ...], ...]]]
"""The same with the source that says so."""

WEIGHTS: dict[Source, float] = {
    "lexicon": 0.7, "reading": 0.3, "name": 2.0, "sound": 2.0, "number": 4.0, "latin": 4.0, "glossary": 4.0,
}  # fmt: skip
"""Weights of the sources that know a unit; where several do, t is their weighted mean. Assumed: what is
spelled or counted the same is near certain, what was looked up is likely, what was learned may be."""

_CERTAIN = 0.9
"""t of an equal number or string: one in ten is written otherwise in translation."""


class Table:
    """The table in the making: triples (unit, target, weighted t), and how much weight spoke for a unit."""

    def __init__(self, units: Mapping[str, int], targets: Mapping[str, int]) -> None:
        self._units, self._targets = units, targets
        self._weight = np.zeros(len(units))
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._values: list[Numbers] = []
        self._sources: list[Source] = []

    def add_spelled(self, terms: Terms) -> None:
        """What is known of each unit by how it is written; O(units)."""
        for key, unit in self._units.items():
            for source, shares in _spelled(key, self._targets, terms):
                self._add(unit, source, shares)

    def _add(self, unit: int, source: Source, shares: Sequence[tuple[int, float]]) -> None:
        if not shares and source in {"number", "latin"}:
            return
        weight = WEIGHTS[source]
        self._weight[unit] += weight
        if shares:
            self._append(
                source,
                np.full(len(shares), unit),
                np.array([target for target, _ in shares]),
                weight * np.array([value for _, value in shares]),
            )

    def add_lexicon(self, giver: Units, taker: Units, learned: Sparse) -> None:
        """The lexicon's word on every unit it knows, in a few vector operations."""
        known = [(number, giver.index[key]) for key, number in self._units.items() if key in giver.index]
        if not known:
            return
        local, row = np.array(known).T
        filled = learned.indptr[row + 1] > learned.indptr[row]
        local, row = local[filled], row[filled]
        place = np.full(learned.columns, -1)
        for key, number in self._targets.items():
            single = taker.index.get(key)
            if single is not None and single < learned.columns:
                place[single] = number
        owner, entry = learned.entries(row)
        column = place[learned.indices[entry]]
        kept = column >= 0
        self._weight[local] += WEIGHTS["lexicon"]
        self._append(
            "lexicon", local[owner[kept]], column[kept], WEIGHTS["lexicon"] * learned.data[entry[kept]]
        )

    def _append(self, source: Source, rows: Ints, columns: Ints, values: Numbers) -> None:
        self._rows.append(rows)
        self._columns.append(columns)
        self._values.append(values)
        self._sources.append(source)

    def merged(self, source: Source | None = None) -> Sparse:
        """The weighted mean of what the sources said, or the share of one of them in it."""
        said = [k for k, by in enumerate(self._sources) if source in {None, by}]
        empty = np.zeros(0, np.int64)
        rows = np.concatenate([*(self._rows[k] for k in said), empty])
        columns = np.concatenate([*(self._columns[k] for k in said), empty])
        values = np.concatenate([*(self._values[k] for k in said), np.zeros(0)])
        shape = (len(self._units), len(self._targets))
        return from_triples(rows, columns, values / self._weight[rows], shape)


def _spelled(
    key: str, targets: Mapping[str, int], terms: Terms
) -> Iterable[tuple[Source, list[tuple[int, float]]]]:
    """What every source but the lexicon says of a unit: its name, and (target, t) pairs."""
    if key in terms:
        source, renderings = terms[key]
        yield (
            source,
            [
                (targets[token], _CERTAIN / len(rendering) / len(renderings))
                for rendering in renderings
                for token in rendering
                if token in targets
            ],
        )
    read = all_readings(key) if len(key) == 1 else ()
    if read:
        total = sum(1 / rank for rank in range(1, len(read) + 1))
        yield (
            "reading",
            [(targets[r], 1 / rank / total) for rank, r in enumerate(read, 1) if r in targets],
        )
    if key in targets:
        yield "number" if key.startswith("#") else "latin", [(targets[key], _CERTAIN)]
    value = _lone_values().get(key)
    if value is not None and value in targets:
        yield "number", [(targets[value], _CERTAIN / 2)]
    if key.startswith("#"):
        lone = [targets[k] for k in _lone_keys().get(key, ()) if k in targets]
        yield "number", [(number, _CERTAIN / 2 / len(lone)) for number in lone]


@lru_cache(maxsize=1)
def _lone_values() -> dict[str, str]:
    """Token keys of one numeral that keep their own key (十, hai) → key of the number they name."""
    han = {t.key: t.value for char in HAN_NUMERALS for t in tokens(char, "zh") if t.kind == "han"}
    named = {**{key: value for key, value in han.items() if value is not None}, **VI_LONE}
    return {key: number_key(value) for key, value in named.items()}


@lru_cache(maxsize=1)
def _lone_keys() -> dict[str, list[str]]:
    """The other way round."""
    keys: dict[str, list[str]] = {}
    for key, number in _lone_values().items():
        keys.setdefault(number, []).append(key)
    return keys
