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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
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

_SOURCES: tuple[Source, ...] = tuple(WEIGHTS)

_CERTAIN = 0.9
"""t of an equal number or string: one in ten is written otherwise in translation."""


class Table:
    """The table in the making: triples (unit, target, weighted t), and how much weight spoke for a unit."""

    def __init__(self, units: Mapping[str, int], targets: Mapping[str, int]) -> None:
        self._units, self._targets = units, targets
        self._weight = np.zeros(len(units))
        self._said: list[tuple[Ints, Ints, Numbers, Ints]] = []
        """Rows, columns, values, and the number of the source of each."""

    def add_spelled(self, terms: Terms) -> None:
        """What is known of each unit by how it is written; O(units)."""
        spoken = [0.0] * len(self._units)
        said: list[tuple[int, int, float, int]] = []
        units = self._units.keys()
        known = {*(units & terms.keys()), *(units & self._targets.keys()), *(units & _lone_values().keys())}
        for key, unit in self._units.items():
            if not (key in known or len(key) == 1 or key.startswith("#")):
                continue
            for source, shares in _spelled(key, self._targets, terms):
                weight = WEIGHTS[source]
                spoken[unit] += weight
                number = _SOURCES.index(source)
                said += [(unit, target, weight * share, number) for target, share in shares]
        self._weight += spoken
        rows, columns, values, sources = zip(*said, strict=True) if said else ((), (), (), ())
        self._said.append((_ints(rows), _ints(columns), np.array(values, np.float64), _ints(sources)))

    def add_lexicon(self, giver: Units, taker: Units, learned: Sparse) -> None:
        """The lexicon's word on every unit it knows, in a few vector operations."""
        number = _SOURCES.index("lexicon")
        local, row = _known(self._units, giver)
        filled = learned.indptr[row + 1] > learned.indptr[row]
        local, row = local[filled], row[filled]
        target, single = _known(self._targets, taker)
        place = np.full(learned.columns, -1)
        place[single[single < learned.columns]] = target[single < learned.columns]
        owner, entry = learned.entries(row)
        column = place[learned.indices[entry]]
        kept = column >= 0
        self._weight[local] += WEIGHTS["lexicon"]
        rows, values = local[owner[kept]], WEIGHTS["lexicon"] * learned.data[entry[kept]]
        self._said.append((rows, column[kept], values, np.full(len(rows), number)))

    def merged(self, source: Source | None = None) -> Sparse:
        """The weighted mean of what the sources said, or the share of one of them in it."""
        nothing = _ints(()), _ints(()), np.zeros(0), _ints(())
        rows, columns, values, by = map(np.concatenate, zip(*self._said, nothing, strict=True))
        if source is not None:
            chosen = by == _SOURCES.index(source)
            rows, columns, values = rows[chosen], columns[chosen], values[chosen]
        shape = (len(self._units), len(self._targets))
        return from_triples(rows, columns, values / self._weight[rows], shape)


def words_of(terms: Iterable[str]) -> list[tuple[str, ...]]:
    """Those of several tokens, as their tokens."""
    return [tuple(term.split(" ")) for term in terms if " " in term]


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _known(numbers: Mapping[str, int], units: Units) -> tuple[Ints, Ints]:
    """Those of some keys that are units: their own numbers, and the units'."""
    found = np.fromiter(map(units.index.get, numbers, repeat(-1)), np.int64, len(numbers))
    own = np.fromiter(numbers.values(), np.int64, len(numbers))
    return own[found >= 0], found[found >= 0]


def _spelled(
    key: str, targets: Mapping[str, int], terms: Terms
) -> Iterator[tuple[Source, list[tuple[int, float]]]]:
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
    read = _read(key) if len(key) == 1 else ()
    if read:
        yield "reading", [(targets[reading], share) for reading, share in read if reading in targets]
    if key in targets:
        yield "number" if key.startswith("#") else "latin", [(targets[key], _CERTAIN)]
    value = _lone_values().get(key)
    if value is not None and value in targets:
        yield "number", [(targets[value], _CERTAIN / 2)]
    if key.startswith("#"):
        lone = [targets[k] for k in _lone_keys().get(key, ()) if k in targets]
        if lone:
            yield "number", [(number, _CERTAIN / 2 / len(lone)) for number in lone]


@lru_cache(maxsize=32768)
def _read(char: str) -> tuple[tuple[str, float], ...]:
    """The readings of a character, the first one with the largest share."""
    found = all_readings(char)
    total = sum(1 / rank for rank in range(1, len(found) + 1))
    return tuple((reading, 1 / rank / total) for rank, reading in enumerate(found, 1))


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
