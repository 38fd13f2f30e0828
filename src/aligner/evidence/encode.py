"""Two lists of texts into numbers: the document's own vocabularies, and its translation table t.

The table merges what is known from several sources; each speaks for the units it knows, in proportion
to its weight:

    lexicon    learned from open message catalogues (`lexicon`)
    reading    Hán-Việt readings of a character, the first one counting most (`language.readings`)
    name       words with a fixed rendering that is no reading (`language.readings.phrases`)
    sound      foreign names spelled by characters: 特朗普 Trump (`sounds`)
    number     equal values: 十六 = 16 = mười sáu
    latin      the same string on both sides
    glossary   the user's own terms

Nothing counts twice, because a token is explained by t once, whatever its sources. What each of them
contributes to t is kept on request (`by_source`), to explain an alignment by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Literal

import numpy as np

from aligner.evidence.lexical import EncodedSide, LexicalTable
from aligner.evidence.lexicon import Lexicon, Units
from aligner.evidence.sounds import names_by_sound
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples
from aligner.language.number_words import HAN_NUMERALS, VI_LONE
from aligner.language.numerals import number_key
from aligner.language.readings import all_readings, phrases
from aligner.language.syllables import is_syllable
from aligner.language.tokens import token_keys, tokens

Source = Literal["lexicon", "reading", "name", "sound", "number", "latin", "glossary"]
Renderings = Mapping[str, tuple[tuple[str, ...], ...]]
"""Term as token keys joined by spaces → its translations as token keys."""
Terms = Mapping[str, tuple[Source, tuple[tuple[str, ...], ...]]]
"""The same with the source that says so."""

_WEIGHTS: dict[Source, float] = {
    "lexicon": 0.7, "reading": 0.3, "name": 2.0, "sound": 2.0, "number": 4.0, "latin": 4.0, "glossary": 4.0,
}  # fmt: skip
"""Weights of the sources that know a unit; where several do, t is their weighted mean. Assumed: what is
spelled or counted the same is near certain, what was looked up is likely, what was learned may be."""

_CERTAIN = 0.9
"""t of an equal number or string: one in ten is written otherwise in translation."""


_LONGEST_FOR_SOUND = 3000
"""Segments of zh up to which names are looked for by sound."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A document pair as numbers, with its vocabularies to name them by.

    Attributes:
        src, tgt: the two sides.
        table: t in both directions.
        src_units, tgt_units: unit number → key; tokens of a word are joined by spaces.
        src_targets, tgt_targets: target number → token key.
        by_source: what each source contributes to t before the document's own counts, as tables that
            add up to it; empty unless asked for.
    """

    src: EncodedSide
    tgt: EncodedSide
    table: LexicalTable
    src_units: tuple[str, ...]
    tgt_units: tuple[str, ...]
    src_targets: tuple[str, ...]
    tgt_targets: tuple[str, ...]
    by_source: Mapping[Source, LexicalTable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side's tokens and the vocabularies made of them."""

    tokens: list[list[str]]
    units: list[list[str]]
    unit_numbers: dict[str, int]
    target_numbers: dict[str, int]


def encode(
    src: Sequence[str],
    tgt: Sequence[str],
    lexicon: Lexicon,
    *,
    glossary: Renderings | None = None,
    own_share: float,
    by_source: bool = False,
) -> Encoding:
    """Encode zh and vi texts, one a segment; linear in their length.

    Args:
        src: zh texts.
        tgt: vi texts.
        lexicon: the general table.
        glossary: the user's terms, zh → vi.
        own_share: weight of the document's own frequencies in the background p(w), 0 to 1: what is
            frequent in this document tells its segments apart less.
        by_source: keep what each source contributes to the table.
    """
    tokens_zh = [token_keys(text, "zh") for text in src]
    tokens_vi = [token_keys(text, "vi") for text in tgt]
    terms: Terms = {
        **_said_by("sound", _names_by_sound(tokens_zh, tokens_vi)),
        **_said_by("name", phrases_by_tokens()),
        **_said_by("glossary", glossary or {}),
    }
    inverse = _inverted(terms)
    zh = _side(tokens_zh, lexicon.zh, terms)
    vi = _side(tokens_vi, lexicon.vi, inverse)
    forward = _pieces(zh, vi, lexicon.zh, lexicon.vi, lexicon.forward, terms)
    backward = _pieces(vi, zh, lexicon.vi, lexicon.zh, lexicon.backward, inverse)
    return Encoding(
        src=_encoded(zh, lexicon.zh, own_share),
        tgt=_encoded(vi, lexicon.vi, own_share),
        table=LexicalTable(forward.merged(), backward.merged()),
        src_units=tuple(zh.unit_numbers),
        tgt_units=tuple(vi.unit_numbers),
        src_targets=tuple(zh.target_numbers),
        tgt_targets=tuple(vi.target_numbers),
        by_source={
            source: LexicalTable(forward.merged(source), backward.merged(source)) for source in _WEIGHTS
        }
        if by_source
        else {},
    )


@lru_cache(maxsize=1)
def phrases_by_tokens() -> Renderings:
    """The table of fixed renderings, keyed as units are."""
    return {" ".join(token_keys(word, "zh")): found for word, found in phrases().items()}


@lru_cache(maxsize=1)
def _lone_values() -> dict[str, str]:
    """Token keys of one numeral that keep their own key (十, hai) → key of the number they name."""
    han = {t.key: t.value for char in HAN_NUMERALS for t in tokens(char, "zh") if t.kind == "han"}
    named = {**{key: value for key, value in han.items() if value is not None}, **VI_LONE}
    return {key: number_key(value) for key, value in named.items()}


def _names_by_sound(zh: Sequence[Sequence[str]], vi: Sequence[Sequence[str]]) -> Renderings:
    """Stretches of characters that spell a Latin word of the other side.

    Passed over: words that can be Vietnamese, words that stand in Latin letters on both sides, and
    documents so long that the search would take longer than the rest.
    """
    if len(zh) > _LONGEST_FOR_SOUND:
        return {}
    known = {key for keys in zh for key in keys if key.isascii()}
    words = {key for keys in vi for key in keys if key.isalpha() and not is_syllable(key)} - known
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for match in names_by_sound(zh, words):
        name = " ".join(match.chars)
        found[name] = (*found.get(name, ()), (match.latin,))
    return found


def _said_by(source: Source, renderings: Renderings) -> Terms:
    return {key: (source, found) for key, found in renderings.items()}


def _inverted(terms: Terms) -> Terms:
    """The same renderings from the other side."""
    inverse: dict[str, tuple[Source, tuple[tuple[str, ...], ...]]] = {}
    for key, (source, renderings) in terms.items():
        for rendering in renderings:
            name = " ".join(rendering)
            before = inverse[name][1] if name in inverse and inverse[name][0] == source else ()
            inverse[name] = (source, (*before, tuple(key.split(" "))))
    return inverse


def _side(token_lists: list[list[str]], units: Units, terms: Terms) -> _Side:
    longest = max(units.longest, *(term.count(" ") + 1 for term in terms), 1)
    unit_lists = [[*keys, *_words_in(keys, units.index, terms, longest)] for keys in token_lists]
    return _Side(
        tokens=token_lists,
        units=unit_lists,
        unit_numbers={k: i for i, k in enumerate(dict.fromkeys(chain.from_iterable(unit_lists)))},
        target_numbers={k: i for i, k in enumerate(dict.fromkeys(chain.from_iterable(token_lists)))},
    )


def _words_in(keys: Sequence[str], words: Mapping[str, int], terms: Terms, longest: int) -> list[str]:
    """All words and terms of several tokens that stand in a list of tokens, overlapping ones too."""
    found = []
    for length in range(2, min(longest, len(keys)) + 1):
        for start in range(len(keys) - length + 1):
            word = " ".join(keys[start : start + length])
            if word in words or word in terms:
                found.append(word)
    return found


def _encoded(side: _Side, units: Units, own_share: float) -> EncodedSide:
    counted = _counts(side.tokens, side.target_numbers)
    frequency = np.bincount(counted.indices, counted.data, counted.columns)
    general = np.array([_chance(key, units) for key in side.target_numbers])
    return EncodedSide(
        units=_counts(side.units, side.unit_numbers),
        targets=counted,
        chance=(1 - own_share) * general + own_share * frequency / max(1.0, frequency.sum()),
    )


def _chance(key: str, units: Units) -> float:
    """p(token) in general text.

    A number is taken to be as rare as its digits are many (one token in fifty is a number; each digit
    divides by ten): Benford's law without its fine print.
    """
    number = units.index.get(key)
    if number is not None and number < units.singles:
        return max(float(units.chance[number]), units.unknown)
    if key.startswith("#"):
        return max(0.02 * 10.0 ** -(len(key) - 1), units.unknown)
    return units.unknown


def _counts(lists: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> Sparse:
    """How often each key stands in each list."""
    rows, columns, values = [], [], []
    for row, keys in enumerate(lists):
        for key, count in Counter(keys).items():
            rows.append(row)
            columns.append(numbers[key])
            values.append(count)
    shape = (len(lists), len(numbers))
    return from_triples(np.array(rows, np.int64), np.array(columns, np.int64), np.array(values, float), shape)


def _pieces(
    giver: _Side,
    taker: _Side,
    giver_units: Units,
    taker_units: Units,
    learned: Sparse,
    terms: Terms,
) -> _Pieces:
    """What all sources say of the giver's units in terms of the taker's tokens."""
    targets = taker.target_numbers
    pieces = _Pieces(len(giver.unit_numbers), len(targets))
    for key, unit in giver.unit_numbers.items():
        for source, shares in _spelled(key, targets, terms):
            pieces.add(unit, source, shares)
    pieces.add_lexicon(giver.unit_numbers, targets, giver_units, taker_units, learned)
    return pieces


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
    elif key in targets:
        yield "number" if key.startswith("#") else "latin", [(targets[key], _CERTAIN)]
    value = _lone_values().get(key)
    if value is not None and value in targets:
        yield "number", [(targets[value], _CERTAIN / 2)]
    if key.startswith("#"):
        lone = [targets[k] for k, v in _lone_values().items() if v == key and k in targets]
        yield "number", [(number, _CERTAIN / 2 / len(lone)) for number in lone]


class _Pieces:
    """Triples (unit, target, weighted t) from several sources, and how much weight spoke for each unit."""

    def __init__(self, units: int, targets: int) -> None:
        self._shape = (units, targets)
        self._weight = np.zeros(units)
        self._rows: list[Ints] = []
        self._columns: list[Ints] = []
        self._values: list[Floats] = []
        self._sources: list[Source] = []

    def add(self, unit: int, source: Source, shares: Sequence[tuple[int, float]]) -> None:
        """One source's word on one unit."""
        if not shares and source in {"number", "latin"}:
            return
        weight = _WEIGHTS[source]
        self._weight[unit] += weight
        if shares:
            self._rows.append(np.full(len(shares), unit))
            self._columns.append(np.array([target for target, _ in shares]))
            self._values.append(weight * np.array([value for _, value in shares]))
            self._sources.append(source)

    def add_lexicon(
        self,
        unit_numbers: Mapping[str, int],
        target_numbers: Mapping[str, int],
        giver: Units,
        taker: Units,
        learned: Sparse,
    ) -> None:
        """The lexicon's word on every unit it knows, in a few vector operations."""
        known = [(number, giver.index[key]) for key, number in unit_numbers.items() if key in giver.index]
        if not known:
            return
        local, row = np.array(known).T
        filled = learned.indptr[row + 1] > learned.indptr[row]
        local, row = local[filled], row[filled]
        place = np.full(learned.columns, -1)
        for key, number in target_numbers.items():
            single = taker.index.get(key)
            if single is not None and single < learned.columns:
                place[single] = number
        owner, entry = learned.entries(row)
        column = place[learned.indices[entry]]
        kept = column >= 0
        weight = _WEIGHTS["lexicon"]
        self._weight[local] += weight
        self._rows.append(local[owner[kept]])
        self._columns.append(column[kept])
        self._values.append(weight * learned.data[entry[kept]])
        self._sources.append("lexicon")

    def merged(self, source: Source | None = None) -> Sparse:
        """The weighted mean of what the sources said, or the share of one of them in it."""
        said = [k for k, by in enumerate(self._sources) if source in {None, by}]
        empty = np.zeros(0, np.int64)
        rows = np.concatenate([*(self._rows[k] for k in said), empty])
        columns = np.concatenate([*(self._columns[k] for k in said), empty])
        values = np.concatenate([*(self._values[k] for k in said), np.zeros(0)])
        return from_triples(rows, columns, values / self._weight[rows], self._shape)
