"""Two lists of texts into numbers: the document's own vocabularies, and its translation table t.

Nothing counts twice, because a token is explained by t once, whatever the sources that t was merged
from (`sources`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

import numpy as np

from aligner.evidence.lexical import EncodedSide, LexicalTable
from aligner.evidence.lexicon import Lexicon, Units
from aligner.evidence.sounds import names_by_sound
from aligner.evidence.sources import WEIGHTS, Renderings, Source, Table, Terms, words_of
from aligner.evidence.sparse import Floats
from aligner.evidence.units import SideUnits, find_units
from aligner.language.numbered import NumberedTokens, numbered
from aligner.language.readings import phrases
from aligner.language.syllables import is_syllable
from aligner.language.tokens import token_keys

__all__ = ["Encoding", "Renderings", "Source", "encode"]

_LONGEST_FOR_SOUND = 3000
"""Segments of a side up to which names are looked for by sound."""


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


def encode(
    src: Sequence[str],
    tgt: Sequence[str],
    lexicon: Lexicon,
    *,
    glossary: Renderings | None = None,
    own_share: float,
    by_sound: bool = True,
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
        by_sound: look for foreign names by their sound.
        by_source: keep what each source contributes to the table.
    """
    tokens_zh, tokens_vi = numbered(src, "zh"), numbered(tgt, "vi")
    terms, inverse = _terms(_names_by_sound(tokens_zh, tokens_vi) if by_sound else {}, glossary or {})
    zh = find_units(tokens_zh, lexicon.zh, terms.words)
    vi = find_units(tokens_vi, lexicon.vi, inverse.words)
    forward = Table(zh.unit_numbers, vi.target_numbers)
    forward.add_spelled(terms.said)
    forward.add_lexicon(lexicon.zh, lexicon.vi, lexicon.forward)
    backward = Table(vi.unit_numbers, zh.target_numbers)
    backward.add_spelled(inverse.said)
    backward.add_lexicon(lexicon.vi, lexicon.zh, lexicon.backward)
    return Encoding(
        src=_encoded(zh, lexicon.zh, own_share),
        tgt=_encoded(vi, lexicon.vi, own_share),
        table=LexicalTable(forward.merged(), backward.merged()),
        src_units=tuple(zh.unit_numbers),
        tgt_units=tuple(vi.unit_numbers),
        src_targets=tuple(zh.target_numbers),
        tgt_targets=tuple(vi.target_numbers),
        by_source={
            source: LexicalTable(forward.merged(source), backward.merged(source)) for source in WEIGHTS
        }
        if by_source
        else {},
    )


@lru_cache(maxsize=1)
def phrases_by_tokens() -> Renderings:
    """The table of fixed renderings, keyed as units are."""
    return {" ".join(token_keys(word, "zh")): found for word, found in phrases().items()}


def _names_by_sound(zh: NumberedTokens, vi: NumberedTokens) -> Renderings:
    """Stretches of characters that spell a Latin word of the other side.

    Passed over: words that can be Vietnamese, words that stand in Latin letters on both sides, and
    documents so long that the search would take longer than the rest.
    """
    if max(len(zh.lengths), len(vi.lengths)) > _LONGEST_FOR_SOUND:
        return {}
    known = {key for key in zh.keys if key.isascii()}
    words = {key for key in vi.keys if key.isalpha() and not is_syllable(key)} - known
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for match in names_by_sound(zh.texts(), words) if words else ():
        name = " ".join(match.chars)
        found[name] = (*found.get(name, ()), (match.latin,))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of terms of one language.

    Attributes:
        said: their renderings.
        words: those of several tokens, as their tokens.
    """

    said: Terms
    words: list[tuple[str, ...]]


def _terms(by_sound: Renderings, glossary: Renderings) -> tuple[_Known, _Known]:
    """What is known of zh and of vi terms; of several sources the last one counts."""
    zh, vi = _names()
    if glossary:
        terms = {**_said_by("sound", by_sound), **zh.said, **_said_by("glossary", glossary)}
        return _known(terms), _known(_inverted(terms))
    if not by_sound:
        return zh, vi
    heard = _said_by("sound", {key: found for key, found in by_sound.items() if key not in zh.said})
    spelled = _inverted(heard)
    return (
        _Known({**heard, **zh.said}, [*words_of(heard), *zh.words]),
        _Known({**spelled, **vi.said}, [*words_of(spelled.keys() - vi.said.keys()), *vi.words]),
    )


@lru_cache(maxsize=1)
def _names() -> tuple[_Known, _Known]:
    """The table of fixed renderings, from zh and from vi."""
    names = _said_by("name", phrases_by_tokens())
    return _known(names), _known(_inverted(names))


def _known(terms: Terms) -> _Known:
    return _Known(terms, words_of(terms))


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


def _encoded(side: SideUnits, units: Units, own_share: float) -> EncodedSide:
    frequency = np.bincount(side.targets.indices, side.targets.data, side.targets.columns)
    general = _chances(list(side.target_numbers), units)
    return EncodedSide(
        units=side.units,
        targets=side.targets,
        chance=(1 - own_share) * general + own_share * frequency / max(1.0, frequency.sum()),
    )


def _chances(keys: Sequence[str], units: Units) -> Floats:
    """p(token) in general text.

    A number is taken to be as rare as its digits are many (one token in fifty is a number; each digit
    divides by ten): Benford's law without its fine print.
    """
    single = np.fromiter(map(units.index.get, keys, repeat(units.singles)), np.int64, len(keys))
    known = single < units.singles
    chances = np.full(len(keys), units.unknown)
    chances[known] = np.maximum(units.chance[single[known]], units.unknown)
    for k in np.flatnonzero(~known).tolist():
        if keys[k].startswith("#"):
            chances[k] = max(0.02 * 10.0 ** -(len(keys[k]) - 1), units.unknown)
    return chances
