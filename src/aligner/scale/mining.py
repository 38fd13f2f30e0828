"""Sentences that translate each other in documents that do not: comparable texts, which tell one story.

Every zh sentence is weighed against every vi sentence by the aligner's evidence for a 1–1 bead. Kept are
pairs that are each other's best; how sure they are follows from their weight and from how far it stands
above the next best of either sentence (the margin). Order and place say nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aligner.config import AlignOptions
from aligner.evidence.combine import Evidence, block_weights
from aligner.evidence.sparse import Floats, Ints
from aligner.model import Segment
from aligner.pipeline import evidence_of

_ROWS, _COLUMNS = 256, 512
"""Sentences weighed at a time, some 50 MB."""
_CAP = 15.0, 10.0
"""Log2 odds beyond which a score and a margin say no more."""
COEFFICIENTS = (-0.064, 0.34, 0.468, 3.935, -0.746)
"""Of the logistic function over one and `features`, fitted by tools/fit_mining.py on the tuning half of the
development texts."""


@dataclass(frozen=True, slots=True)
class MinedPair:
    """Two sentences taken to translate each other.

    Attributes:
        src, tgt: the segments.
        score: log2 odds of a 1–1 bead of them.
        margin: by how much that exceeds the next best of either, 0 at least.
        size: tokens of both.
        confidence: probability that they translate each other.
    """

    src: Segment
    tgt: Segment
    score: float
    margin: float
    size: int
    confidence: float


def mine(src: Sequence[Segment], tgt: Sequence[Segment], options: AlignOptions) -> list[MinedPair]:
    """Pairs of sentences that are each other's best, with their confidence, in zh order.

    O(zh sentences · vi sentences).
    """
    if not (src and tgt):
        return []
    evidence = evidence_of(src, tgt, options)
    lengths = evidence.encoding.src.lengths, evidence.encoding.tgt.lengths
    rows, columns = _bests(evidence)
    found = []
    for i, j in enumerate(rows.place.tolist()):
        if columns.place[j] == i:
            margin = float(rows.first[i] - max(rows.second[i], columns.second[j]))
            measured = float(rows.first[i]), margin, int(lengths[0][i] + lengths[1][j])
            found.append(MinedPair(src[i], tgt[j], *measured, confidence(*measured)))
    return found


def features(score: float, margin: float, size: int) -> tuple[float, float, float, float]:
    """What tells translations from sentences that share their names.

    The capped score, the capped margin, the score per token, and the logarithm of the size: the longer two
    sentences are, the more they share by chance.
    """
    size = max(size, 1)
    return min(score, _CAP[0]), min(margin, _CAP[1]), score / size, float(np.log(size))


def confidence(score: float, margin: float, size: int) -> float:
    """Probability that two sentences, each other's best, translate each other."""
    return float(1 / (1 + np.exp(-np.dot(COEFFICIENTS, (1.0, *features(score, margin, size))))))


@dataclass(slots=True)
class _Best:
    """The best and the second best weight of each sentence of a side, and where the best is."""

    first: Floats
    second: Floats
    place: Ints

    def see(self, start: int, other: int, weights: Floats) -> None:
        """Takes in weights (own × other) of a rectangle that begins at these sentences."""
        own = slice(start, start + len(weights))
        top = np.argmax(weights, axis=1)
        first = weights[np.arange(len(weights)), top]
        rest = weights.copy()
        rest[np.arange(len(weights)), top] = -np.inf
        second = rest.max(axis=1)
        better = first > self.first[own]
        beaten = np.where(better, self.first[own], first)
        self.second[own] = np.maximum(np.maximum(self.second[own], second), beaten)
        self.place[own] = np.where(better, top + other, self.place[own])
        self.first[own] = np.maximum(self.first[own], first)


def _none_yet(count: int) -> _Best:
    # Where a sentence has one candidate only, the margin is what it has over nothing at all.
    return _Best(np.full(count, -np.inf), np.full(count, -np.inf), np.zeros(count, np.int64))


def _bests(evidence: Evidence) -> tuple[_Best, _Best]:
    n, m = evidence.shape
    rows, columns = _none_yet(n), _none_yet(m)
    for i, j, weights in _rectangles(evidence):
        rows.see(i, j, weights)
        columns.see(j, i, weights.T)
    return rows, columns


def _rectangles(evidence: Evidence) -> Iterator[tuple[int, int, Floats]]:
    n, m = evidence.shape
    for i in range(0, n, _ROWS):
        for j in range(0, m, _COLUMNS):
            block = (i, min(n, i + _ROWS), j, min(m, j + _COLUMNS))
            parts = block_weights(evidence, block, [(1, 1)]).parts[1, 1]
            yield i, j, parts["translation"] + parts["length"] + parts["prior"]
