"""The lexical evidence: how much better two blocks of text explain each other than chance does.

A vi segment v is scored against a span Z of zh segments by the likelihood ratio of IBM model 1
(Brown et al. 1993, Computational Linguistics 19) with a share λ of tokens explained by nothing:

    forward(Z, v) = Σ over tokens w of v   log2( (1 − λ) · Σ over units u in Z of t(w|u) / N(Z) / p(w)  +  λ )

    N(Z) = N₀ · (|Z| / N₀)^α      with N₀ = 30 units

and a zh segment against a span of vi segments likewise (backward). Both are sums over the segments of
one side, so that the score of any m–n bead is a difference of two cumulative sums: an m–n bead costs
no more than a 1–1 bead. A unit is a single token or a word of several; explained are always single
tokens, so nothing counts twice.

In model 1 α = 1: every unit is as likely as any other to have yielded w, and each token of a bead of two
sentences pays a bit for the choice. But words stay near each other in translation, so the choice is
narrower; α < 1, fitted, is the cheapest way to say so.

Cost: O(n · W · MAX_SPAN) logarithms for n segments and W distinct tokens in the block, in matrix form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.sparse import Ints, Sparse

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Single precision is exact to a hundredth of a bit here, and twice as fast."""

_BITS = 1 / np.log(2)
_USUAL_UNITS = np.float32(30)
"""N₀: units of an ordinary segment; only a zero point, its error goes into the fitted weights."""


@dataclass(frozen=True, slots=True)
class EncodedSide:
    """The segments of one side as numbers of the document's own vocabularies.

    Attributes:
        units: (segments × units) counts of explaining units: tokens, and words of several tokens.
        targets: (segments × targets) counts of explained tokens.
        chance: (targets,) background probability p(w) of each target.
    """

    units: Sparse
    targets: Sparse
    chance: Floats

    @property
    def lengths(self) -> Floats:
        """Tokens in each segment."""
        return _row_sums(self.targets)


@dataclass(frozen=True, slots=True)
class LexicalTable:
    """The translation table t of one document pair.

    Attributes:
        forward: (zh units × vi targets) t(w|u).
        backward: (vi units × zh targets).
    """

    forward: Sparse
    backward: Sparse


@dataclass(frozen=True, slots=True)
class LexicalCells:
    """Log2 likelihood ratios for a rectangle of n zh and m vi segments.

    Attributes:
        forward: for a = 1 … : array (n − a + 1, m); [i, j] how well zh segments i … i+a−1 explain vi j.
        backward: for b = 1 … : array (m − b + 1, n); [j, i] how well vi j … j+b−1 explain zh i.
    """

    forward: tuple[Floats, ...]
    backward: tuple[Floats, ...]

    def bead(self, a: int, b: int) -> tuple[Floats, Floats]:
        """Forward and backward sums of all a–b beads, (n−a+1, m−b+1) each, by first segments."""
        return _windows(self.forward[a - 1], b), _windows(self.backward[b - 1], a).T


def lexical_cells(
    src: EncodedSide,
    tgt: EncodedSide,
    table: LexicalTable,
    block: tuple[int, int, int, int],
    *,
    max_span: int,
    smoothing: float,
    dilution: float,
) -> LexicalCells:
    """Score every span of up to `max_span` segments against every segment of the other side.

    Args:
        src: the zh side.
        tgt: the vi side.
        table: t for both directions.
        block: (i0, i1, j0, j1): zh segments i0 … i1−1 against vi segments j0 … j1−1.
        max_span: longest span of segments.
        smoothing: λ.
        dilution: α.
    """
    i0, i1, j0, j1 = block
    src_rows, tgt_rows = np.arange(i0, i1), np.arange(j0, j1)
    return LexicalCells(
        forward=_directed(src, src_rows, tgt, tgt_rows, table.forward, max_span, smoothing, dilution),
        backward=_directed(tgt, tgt_rows, src, src_rows, table.backward, max_span, smoothing, dilution),
    )


def choices(units: Singles, dilution: float) -> Singles:
    """N(Z): among how many units, as it were, a span of so many lets a token choose."""
    return np.asarray(_USUAL_UNITS * (units / _USUAL_UNITS) ** dilution, np.float32)


def _directed(
    giver: EncodedSide,
    giver_rows: Ints,
    taker: EncodedSide,
    taker_rows: Ints,
    table: Sparse,
    max_span: int,
    smoothing: float,
    dilution: float,
) -> tuple[Floats, ...]:
    """For each span length: how well spans of the giver explain each segment of the taker."""
    units, unit_counts = local_counts(giver.units, giver_rows)
    targets, target_counts = local_counts(taker.targets, taker_rows)
    given = unit_counts @ table.dense(units, targets)
    given *= ((1 - smoothing) / (smoothing * taker.chance[targets])).astype(np.float32)
    floor = np.log2(smoothing) * target_counts.sum(axis=1)
    sizes = unit_counts.sum(axis=1, keepdims=True)
    cells = []
    for span in range(1, min(max_span, len(giver_rows)) + 1):
        size = np.maximum(_windows_rows(sizes, span), 1)
        odds = _windows_rows(given, span) / choices(size, dilution)
        cells.append((np.log1p(odds) @ target_counts.T) * _BITS + floor)
    return tuple(cells)


def local_counts(matrix: Sparse, rows: Ints) -> tuple[Ints, Singles]:
    """The columns that occur in the named rows, and these rows as a dense array over them."""
    _, entry = matrix.entries(rows)
    columns = np.unique(matrix.indices[entry])
    return columns, matrix.dense(rows, columns)


def _windows(cells: NDArray[Any], width: int) -> NDArray[Any]:
    """Sums of `width` neighbouring columns."""
    return _windows_rows(cells.T, width).T


def _windows_rows(cells: NDArray[Any], width: int) -> NDArray[Any]:
    """Sums of `width` neighbouring rows; added up anew, so that no rounding error runs along."""
    last = len(cells) - width + 1
    total = cells[:last]
    for offset in range(1, width):
        total = total + cells[offset : offset + last]
    return total


def _row_sums(matrix: Sparse) -> Floats:
    """Sum of each row."""
    total = np.concatenate([[0.0], np.cumsum(matrix.data)])
    return np.asarray(total[matrix.indptr[1:]] - total[matrix.indptr[:-1]])
