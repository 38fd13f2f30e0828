"""Learning a lexicon from a corpus that is too large for one machine: counts of its parts, added up.

Each part is learned from by itself (`learning`), with the known lexicon as prior; under the table that this
gives, expected counts of translations are taken, and these add up over the parts. The pooled table is then
the prior and the counts together, as one M step would have it: t = (strength · prior + counts) / (their sum).

We depart from expectation–maximisation over the whole in one thing: links are weighed by what their part has
taught, not by what all of it has; what a part is too small to show stays near the prior.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from aligner.evidence import learning
from aligner.evidence.ibm1 import Ragged, expected_counts, ragged, train_ragged
from aligner.evidence.learning import Corpus
from aligner.evidence.lexicon import Lexicon, Units, make_units
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples

_FAINT = 0.02
"""Counts below this are not kept: many, and each says next to nothing."""


@dataclass(frozen=True, slots=True)
class SideCounts:
    """What a part of a corpus says of one side.

    Attributes:
        keys: units: single tokens, then words.
        tokens: how often each single token stands.
        seen: in how many texts each unit stands, weighted by the pairs' weights.
    """

    keys: tuple[str, ...]
    tokens: Floats
    seen: Floats


@dataclass(frozen=True, slots=True)
class Counts:
    """What a part of a corpus says; parts add up.

    Attributes:
        zh, vi: of either side.
        forward: (zh units × vi single tokens) expected translations.
        backward: (vi units × zh single tokens).
        pairs: how many pairs there were.
    """

    zh: SideCounts
    vi: SideCounts
    forward: Sparse
    backward: Sparse
    pairs: int


def count(corpus: Corpus, known: Lexicon, *, strength: float) -> Counts:
    """What a part of a corpus says. The same part says the same.

    Args:
        corpus: its pairs.
        known: what is known beforehand.
        strength: occurrences of a unit that this outweighs.
    """
    zh, vi = learning.units_of(corpus.zh, known.zh), learning.units_of(corpus.vi, known.vi)
    zh_units, vi_units = (ragged(u.find(t) for t in texts) for u, texts in ((zh, corpus.zh), (vi, corpus.vi)))
    zh_tokens, vi_tokens = learning.numbered(corpus.zh, zh), learning.numbered(corpus.vi, vi)
    forward, backward = learning.priors(known, zh, vi)
    return Counts(
        _side(zh, zh_units, zh_tokens, corpus.weights),
        _side(vi, vi_units, vi_tokens, corpus.weights),
        _expected(zh_units, vi_tokens, forward, vi.chance, corpus.weights, strength),
        _expected(vi_units, zh_tokens, backward, zh.chance, corpus.weights, strength),
        len(corpus.weights),
    )


def _side(units: Units, found: Ragged, tokens: Ragged, weights: Floats) -> SideCounts:
    lengths = np.diff(found.starts)
    seen = np.bincount(found.values, np.repeat(weights, lengths).astype(np.float64), len(units.keys))
    stand: Floats = np.bincount(tokens.values, minlength=units.singles).astype(np.float64)
    return SideCounts(units.keys, stand, np.asarray(seen, np.float64))


def _expected(
    sources: Ragged, targets: Ragged, prior: Sparse, chance: Floats, weights: Floats, strength: float
) -> Sparse:
    table = train_ragged(sources, targets, prior, chance, strength=strength, weights=weights)
    counts = expected_counts(sources, targets, table, chance, weights=weights)
    kept = counts.data >= _FAINT
    rows = np.repeat(np.arange(counts.rows), np.diff(counts.indptr))[kept]
    return from_triples(rows, counts.indices[kept], counts.data[kept], (counts.rows, counts.columns))


def pooled(parts: Iterable[Counts], known: Lexicon, *, strength: float) -> Lexicon | None:
    """The lexicon of a whole corpus; None where its parts hold no pair.

    Args:
        parts: in an order that is always the same, as sums of floating point depend on it.
        known: the prior that the parts were counted with.
        strength: occurrences of a unit that this outweighs.
    """
    listed = [part for part in parts if part.pairs]
    if not listed:
        return None
    zh = _vocabulary([part.zh for part in listed], known.zh)
    vi = _vocabulary([part.vi for part in listed], known.vi)
    zh_at = [_places(part.zh.keys, zh) for part in listed]
    vi_at = [_places(part.vi.keys, vi) for part in listed]
    forward_prior, backward_prior = learning.priors(known, zh, vi)
    forward = _summed([p.forward for p in listed], zh_at, vi_at, (len(zh.keys), vi.singles))
    backward = _summed([p.backward for p in listed], vi_at, zh_at, (len(vi.keys), zh.singles))
    zh_seen, vi_seen = _seen([p.zh for p in listed], zh_at, zh), _seen([p.vi for p in listed], vi_at, vi)
    return learning.compact(
        zh,
        vi,
        learning.pruned(_table(forward, forward_prior, strength), zh, zh_seen),
        learning.pruned(_table(backward, backward_prior, strength), vi, vi_seen),
    )


def _vocabulary(parts: Sequence[SideCounts], known: Units) -> Units:
    """The units of all parts: single tokens, commonest first, then words."""
    tokens: Counter[str] = Counter()
    words: set[str] = set()
    for part in parts:
        singles = len(part.tokens)
        tokens.update(dict(zip(part.keys, part.tokens.tolist(), strict=False)))
        words.update(part.keys[singles:])
    ranked = sorted(tokens, key=lambda key: (-tokens[key], key))[: learning.LARGEST]
    chance = learning.chances(ranked, tokens, known)
    return make_units([*ranked, *sorted(words)], chance, known.unknown)


def _places(keys: Sequence[str], units: Units) -> Ints:
    return np.array([units.index.get(key, -1) for key in keys], np.int64)


def _summed(
    tables: Sequence[Sparse], rows_at: Sequence[Ints], columns_at: Sequence[Ints], shape: tuple[int, int]
) -> Sparse:
    """Tables of parts as one, a part at a time, so that memory is that of the sum."""
    total = from_triples(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), shape)
    for table, row_at, column_at in zip(tables, rows_at, columns_at, strict=True):
        rows = row_at[np.repeat(np.arange(table.rows), np.diff(table.indptr))]
        columns = column_at[table.indices]
        kept = (rows >= 0) & (columns >= 0) & (columns < shape[1])
        before = np.repeat(np.arange(total.rows), np.diff(total.indptr))
        total = from_triples(
            np.concatenate([before, rows[kept]]),
            np.concatenate([total.indices, columns[kept]]),
            np.concatenate([total.data, table.data[kept]]),
            shape,
        )
    return total


def _table(counts: Sparse, prior: Sparse, strength: float) -> Sparse:
    """Counts and prior as rows that sum to one."""
    rows = [np.repeat(np.arange(matrix.rows), np.diff(matrix.indptr)) for matrix in (counts, prior)]
    joined = from_triples(
        np.concatenate(rows),
        np.concatenate([counts.indices, prior.indices]),
        np.concatenate([counts.data, strength * prior.data]),
        (counts.rows, counts.columns),
    )
    row = np.repeat(np.arange(joined.rows), np.diff(joined.indptr))
    total = np.bincount(row, joined.data, joined.rows)
    return Sparse(joined.indptr, joined.indices, joined.data / np.maximum(total, 1e-300)[row], joined.columns)


def _seen(parts: Sequence[SideCounts], places: Sequence[Ints], units: Units) -> Ints:
    total = np.zeros(len(units.keys))
    for part, at in zip(parts, places, strict=True):
        np.add.at(total, at[at >= 0], part.seen[at >= 0])
    return (total > 0).astype(np.int64)
