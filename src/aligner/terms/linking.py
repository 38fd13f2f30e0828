"""Word-level links of aligned beads: which token translates which, with a probability.

The translation table is the aligner's own (`evidence.encode`: lexicon, readings, names, numbers), to which
the beads' own usage is added by EM (`evidence.ibm1`) with the table as prior, so that a name or phrase that
stands several times teaches its translation and one that stands once keeps what its readings say. Both
directions are brought to agree (`evidence.agreement`).

Beads are worked in blocks, each with a table of its own: memory stays bounded, and a block is about what a
document is. Cost: O(tokens of both sides, multiplied) for each bead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from aligner.evidence.agreement import Direction, agree, equal
from aligner.evidence.encode import Encoding, Renderings, encode
from aligner.evidence.ibm1 import Ragged, train_ragged
from aligner.evidence.lexicon import Lexicon
from aligner.evidence.sparse import Floats, Ints, Sparse
from aligner.language.tokens import Token, tokens

_PRIOR = 3.0
"""Occurrences of a unit that the general table outweighs; assumed: a word seen three times in one document is
known as well by its use there as by any lexicon."""
_SMOOTHING = 0.3
"""λ, the share of tokens without counterpart, as the lexicon was learned with."""
_OWN_SHARE = 0.3
"""Weight of the block's own frequencies in the background; assumed."""
_LONGEST_UNIT = 8
"""Tokens of the longest unit looked for: no word of the lexicon is longer."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A bead's tokens and their links.

    Attributes:
        zh, vi: the tokens.
        links: (zh tokens, vi tokens) how likely two are linked, 0 to 1.
    """

    zh: tuple[Token, ...]
    vi: tuple[Token, ...]
    links: Floats


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a bead as numbers: targets by token, units with the tokens they cover."""

    targets: Ints
    units: Ints
    cover: Floats


def link(
    texts: Sequence[tuple[str, str]], lexicon: Lexicon, glossary: Renderings | None = None
) -> Iterator[Linked]:
    """The links of pairs of texts, one after the other.

    Args:
        texts: zh and vi texts that translate each other.
        lexicon: the general table.
        glossary: translations known beforehand.
    """
    zh_texts, vi_texts = [zh for zh, _ in texts], [vi for _, vi in texts]
    encoding = encode(zh_texts, vi_texts, lexicon, glossary=glossary, own_share=_OWN_SHARE)
    forward, backward = _learned(encoding)
    units = _numbers(encoding.src_units), _numbers(encoding.tgt_units)
    targets = _numbers(encoding.src_targets), _numbers(encoding.tgt_targets)
    for zh_text, vi_text in texts:
        zh, vi = tokens(zh_text, "zh"), tokens(vi_text, "vi")
        if not (zh and vi):
            yield Linked(zh, vi, np.zeros((len(zh), len(vi))))
            continue
        src, tgt = _side(zh, units[0], targets[0]), _side(vi, units[1], targets[1])
        found = agree(
            _direction(src, tgt, forward, encoding.tgt.chance),
            _direction(tgt, src, backward, encoding.src.chance),
        )
        yield Linked(zh, vi, found.both)


def _learned(encoding: Encoding) -> tuple[Sparse, Sparse]:
    """Both tables with the texts' own usage."""
    src, tgt, table = encoding.src, encoding.tgt, encoding.table
    train = partial(train_ragged, strength=_PRIOR, smoothing=_SMOOTHING)
    return (
        train(_lists(src.units), _lists(tgt.targets), table.forward, tgt.chance),
        train(_lists(tgt.units), _lists(src.targets), table.backward, src.chance),
    )


def _lists(counts: Sparse) -> Ragged:
    """The rows of a matrix of counts as lists in which a column stands as often as it counts."""
    times = counts.data.astype(np.int64)
    before = np.concatenate([[0], np.cumsum(times)])
    return Ragged(np.repeat(counts.indices, times), before[counts.indptr])


def _numbers(keys: Sequence[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(keys)}


def _side(found: Sequence[Token], units: Mapping[str, int], targets: Mapping[str, int]) -> _Side:
    keys = [token.key for token in found]
    placed = [
        (units[unit], at, at + size)
        for size in range(1, min(_LONGEST_UNIT, len(keys)) + 1)
        for at in range(len(keys) - size + 1)
        if (unit := " ".join(keys[at : at + size])) in units
    ]
    numbers, first, last = np.array(placed, np.int64).reshape(-1, 3).T
    at = np.arange(len(keys))[:, None]
    return _Side(
        np.array([targets[key] for key in keys], np.int64),
        numbers,
        ((at >= first) & (at < last)).astype(np.float64),
    )


def _direction(giver: _Side, taker: _Side, table: Sparse, chance: Floats) -> Direction:
    """What one direction of the model says of a bead."""
    units, unit_at = np.unique(giver.units, return_inverse=True)
    found, found_at = np.unique(taker.targets, return_inverse=True)
    likely = table.dense(units, found)[unit_at][:, found_at] * ((1 - _SMOOTHING) / len(giver.units))
    return Direction(
        likely=giver.cover @ likely,
        explained=likely.sum(axis=0),
        chance=_SMOOTHING * chance[taker.targets],
        same=equal(giver.targets),
    )
