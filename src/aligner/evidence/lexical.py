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

Several rectangles are worked at once (first axis), padded to the size of the largest. Cost: for each
segment O(entries of the table for its units), and O(n · W · MAX_SPAN) logarithms for rectangles of n
segments and W distinct tokens; where the loop is compiled, as many multiplications as tokens in every
cell instead, and a logarithm a cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner import compiled
from aligner.evidence.rectangles import Rectangles, Stretches
from aligner.evidence.sparse import Ints, Sparse

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
"""Single precision is exact to a hundredth of a bit here, and twice as fast."""

_BITS = 1 / np.log(2)
_TOGETHER = 2048
"""Units whose entries of the table are looked up at once: little enough for a processor's cache."""
USUAL_UNITS = 30.0
"""N₀: units of an ordinary segment; only a zero point, its error goes into the fitted weights."""


@dataclass(frozen=True, slots=True)
class EncodedSide:
    """The segments of one side as numbers of the document's own vocabularies.

    Attributes:
        units: (segments × units) counts of explaining units: tokens, and words of several tokens.
        targets: (segments × targets) counts of explained tokens.
        chance: (targets,) background probability p(w) of each target.
        lengths: (segments,) tokens in each.
    """

    units: Sparse
    targets: Sparse
    chance: Floats
    lengths: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", _row_sums(self.targets))


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
    """Log2 likelihood ratios for B rectangles of up to n zh and m vi segments.

    Attributes:
        forward: for a = 1 … : array (B, n − a + 1, m); [k, i, j] how well zh segments i … i+a−1 of
            rectangle k explain its vi segment j; meaningless beyond the rectangle's own size.
        backward: for b = 1 … : array (B, m − b + 1, n); [k, j, i] how well vi j … j+b−1 explain zh i.
    """

    forward: tuple[Singles, ...]
    backward: tuple[Singles, ...]

    def bead(self, a: int, b: int) -> tuple[Singles, Singles]:
        """Forward and backward sums of all a–b beads, (B, n−a+1, m−b+1) each, by first segments."""
        backward = windows(self.backward[b - 1], a, axis=2)
        return windows(self.forward[a - 1], b, axis=2), backward.swapaxes(1, 2)


def lexical_cells(
    src: EncodedSide,
    tgt: EncodedSide,
    table: LexicalTable,
    rectangles: Rectangles,
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
        rectangles: the rectangles.
        max_span: longest span of segments.
        smoothing: λ.
        dilution: α.
    """
    model = max_span, smoothing, dilution
    forward = _Direction(src.units, rectangles.zh, tgt, rectangles.vi, table.forward, *model)
    backward = _Direction(tgt.units, rectangles.vi, src, rectangles.zh, table.backward, *model)
    explained = _explained_by_loop if compiled.LOOPS else _explained
    return LexicalCells(explained(forward), explained(backward))


def telling(table: Sparse, chance: Floats, least: float) -> Sparse:
    """The entries of a table that make their target more likely than chance by a factor of `least`."""
    return table.where(table.data >= least * chance[table.indices])


def choices(units: Singles, dilution: float) -> Singles:
    """N(Z): among how many units, as it were, a span of so many lets a token choose."""
    return np.asarray(USUAL_UNITS * (units / USUAL_UNITS) ** dilution, np.float32)


class _Direction(NamedTuple):
    """What explains what, and by which model.

    Attributes:
        units: the units that explain.
        spans: the segments that they stand in.
        taker: the side whose tokens are explained.
        segments: of that side.
        table: t from the one to the other.
        max_span: longest span of segments that explain.
        smoothing: λ.
        dilution: α.
    """

    units: Sparse
    spans: Stretches
    taker: EncodedSide
    segments: Stretches
    table: Sparse
    max_span: int
    smoothing: float
    dilution: float

    @property
    def longest(self) -> int:
        """The longest span that there is."""
        return min(self.max_span, self.spans.width)


def _explained(way: _Direction) -> tuple[Singles, ...]:
    """For each span length: how well spans explain each segment of the taker."""
    taken = local_counts(way.taker.targets, way.segments)
    given, sizes = _given(way.units, way.spans, way.table, taken)
    chance = np.append(way.taker.chance, np.inf)[taken.columns]
    given *= ((1 - way.smoothing) / way.smoothing / chance).astype(np.float32)[:, None, :]
    floor = np.float32(np.log2(way.smoothing)) * taken.counts.sum(axis=1)[:, None, :]
    cells = []
    for span in range(1, way.longest + 1):
        size = np.maximum(windows(sizes, span, axis=1), 1)
        odds = windows(given, span, axis=1) / choices(size, way.dilution)[:, :, None]
        cells.append((np.log1p(odds, out=odds) @ taken.counts) * np.float32(_BITS) + floor)
    return tuple(cells)


def _explained_by_loop(way: _Direction) -> tuple[Singles, ...]:
    """The same by a compiled loop: a multiplication a token, and a logarithm a cell."""
    count, width = len(way.spans.sizes), way.spans.width
    cells = tuple(
        np.zeros((count, width - span + 1, way.segments.width), np.float32)
        for span in range(1, way.longest + 1)
    )
    compiled.run(
        "explain_spans",
        way.units.as_compiled(np.float32),
        way.taker.targets.as_compiled(np.float32),
        way.table.as_compiled(np.float64),
        np.ascontiguousarray(way.taker.chance, np.float64),
        way.spans.as_compiled(),
        way.segments.as_compiled(),
        len(cells),
        way.smoothing,
        way.dilution,
        USUAL_UNITS,
        compiled.addresses(cells),
    )
    return cells


@dataclass(frozen=True, slots=True)
class LocalCounts:
    """What stands in rectangles, by numbers of their own; number 0 is whatever does not stand there.

    Attributes:
        place: (B, columns) each column's number within each rectangle.
        columns: (B, C) the columns by that number; beyond the last column where there is none.
        counts: (B, C, width) how often each stands in each segment of its rectangle.
    """

    place: NDArray[np.int32]
    columns: Ints
    counts: Singles


def local_counts(matrix: Sparse, segments: Stretches) -> LocalCounts:
    """The rows of a matrix that rectangles cover, over the columns that occur in each. Linear."""
    rows, at = segments.rows()
    owner, entry = matrix.entries(rows)
    rectangle, segment = np.divmod(at[owner], max(segments.width, 1))
    column = matrix.indices[entry]
    stands = np.zeros(len(segments.sizes) * matrix.columns, bool)
    stands[rectangle * matrix.columns + column] = True
    where, found = np.divmod(np.flatnonzero(stands), max(matrix.columns, 1))
    size = np.bincount(where, minlength=len(segments.sizes))
    number = np.arange(len(where)) - np.repeat(np.cumsum(size) - size, size) + 1
    place = np.zeros((len(segments.sizes), matrix.columns), np.int32)
    place[where, found] = number
    columns = np.full((len(place), int(size.max(initial=0)) + 1), matrix.columns)
    columns[where, number] = found
    counts = np.zeros((*columns.shape, segments.width), np.float32)
    counts[rectangle, place[rectangle, column], segment] = matrix.data[entry]
    return LocalCounts(place, columns, counts)


def _given(units: Sparse, spans: Stretches, table: Sparse, taken: LocalCounts) -> tuple[Singles, Singles]:
    """Σ over the units of each segment of t(token | unit): (B, segments, tokens); and units a segment."""
    place, width = taken.place, taken.columns.shape[1]
    rows, at = spans.rows()
    owner, entry = units.entries(rows)
    unit, count, segment = units.indices[entry], units.data[entry], at[owner]
    rectangle = segment // max(spans.width, 1) * place.shape[1]
    given = np.zeros(len(spans.sizes) * spans.width * width, np.float32)
    for start in range(0, len(unit), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        first = table.indptr[unit[some]]
        links = table.indptr[unit[some] + 1] - first
        link = np.repeat(first - np.cumsum(links) + links, links)
        link += np.arange(len(link))
        cell = place.ravel()[np.repeat(rectangle[some], links) + table.indices[link]]
        begin = int(segment[start]) * width
        cell = cell + np.repeat(segment[some] * width - begin, links)
        found = np.bincount(cell, table.data[link] * np.repeat(count[some], links))
        given[begin : begin + len(found)] += found
    sizes = np.bincount(segment, count, len(spans.sizes) * spans.width)
    shape = len(spans.sizes), spans.width
    return given.reshape(*shape, width), sizes.reshape(shape).astype(np.float32)


def windows(cells: NDArray[Any], width: int, *, axis: int) -> NDArray[Any]:
    """Sums of `width` neighbours along an axis; added up anew, so that no rounding error runs along."""
    last = cells.shape[axis] - width + 1
    moved = cells.swapaxes(0, axis)
    total = moved[:last]
    for offset in range(1, width):
        total = total + moved[offset : offset + last]
    return total.swapaxes(0, axis)


def _row_sums(matrix: Sparse) -> Floats:
    """Sum of each row; in double precision, since all rows are added up on the way."""
    total = np.concatenate([[0.0], np.cumsum(matrix.data, dtype=np.float64)])
    return np.asarray(total[matrix.indptr[1:]] - total[matrix.indptr[:-1]])
