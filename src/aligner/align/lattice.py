"""The lattice of all monotone alignments, its best path and its posteriors.

A node (i, j) says that i zh and j vi segments are done. An edge is a bead that ends there: a
translation bead of one of `BEAD_TYPES`, or one segment of a run of nulls. A run of nulls pays once
to open, so that an inserted passage is one event, not twenty: three states a node, as in affine-gap
sequence alignment (Gotoh 1982, J. Mol. Biol. 162).

    M   after a translation bead        X   inside a run of zh nulls        Y   inside a run of vi nulls

Between two translation beads zh nulls come before vi nulls; the order carries no meaning, and one
order keeps the posteriors from counting the same set of beads twice.

Several lattices are worked in lockstep (first axis): documents of a corpus, or the blocks of a long
document. Work goes row by row; a row is a few vector operations per bead type. Time and memory are
O(B·n·m·len(BEAD_TYPES)). The sums over all paths are taken in `shares`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BeadType = tuple[int, int]

BEAD_TYPES: tuple[BeadType, ...] = (
    (1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (3, 3), (1, 4), (4, 1),
)  # fmt: skip
MAX_SPAN = 4
_NEVER = -np.inf
_M, _X, _Y = 1, 2, 3

Nodes = tuple[Ints, Ints, Ints]
"""Lattices, and in each the numbers of zh and of vi segments done."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Edge weights in log2, for B lattices padded to the size of the largest.

    Attributes:
        beads: by type (a, b): array (B, n+1, m+1); at [·, i, j] the weight of the bead of zh
            segments i−a … i−1 and vi segments j−b … j−1; −inf where there is none.
        src_null: (B, n): weight of leaving zh segment i without counterpart.
        tgt_null: (B, m): likewise for vi.
        null_open: added once per run of nulls.
        sizes: (B, 2): number of zh and vi segments of each lattice.
    """

    beads: Mapping[BeadType, Floats]
    src_null: Floats
    tgt_null: Floats
    null_open: float
    sizes: Ints

    @property
    def shape(self) -> tuple[int, int, int]:
        """(B, n, m)."""
        return (*self.src_null.shape, self.tgt_null.shape[1])

    def as_compiled(self) -> compiled.Lattice:
        """The lattices as compiled loops take them."""
        types = np.array(list(self.beads), np.int64).reshape(-1, 2)
        nulls = (np.ascontiguousarray(values, np.float64) for values in (self.src_null, self.tgt_null))
        return compiled.Lattice(
            *self.shape,
            len(types),
            np.ascontiguousarray(types[:, 0]),
            np.ascontiguousarray(types[:, 1]),
            compiled.addresses([np.ascontiguousarray(beads, np.float64) for beads in self.beads.values()]),
            *nulls,
            np.ascontiguousarray(self.sizes, np.int64),
            self.null_open,
        )


@dataclass(frozen=True, slots=True)
class Edge:
    """A bead of a path: zh segments i0 … i1−1 and vi segments j0 … j1−1."""

    i0: int
    i1: int
    j0: int
    j1: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Weight of the best way to each node by state, and in any state; (B, n+1, m+1) each."""

    m: Floats
    x: Floats
    y: Floats
    any: Floats


def best_paths(lattice: Lattice) -> tuple[list[list[Edge]], Floats]:
    """The heaviest path of each lattice, and its weight.

    Returns:
        Per lattice its edges in order, each null segment an edge of its own, and an array (B,).
    """
    edges, totals = best_edges(lattice, reach(lattice))
    paths: list[list[Edge]] = [[] for _ in range(len(lattice.sizes))]
    for b, i0, i1, j0, j1 in edges.tolist():
        paths[b].append(Edge(i0, i1, j0, j1))
    return paths, totals


def best_edges(lattice: Lattice, best: Reach) -> tuple[Ints, Floats]:
    """The same as an array (edges, 5) of lattice, i0, i1, j0, j1, in order."""
    rows = np.arange(len(lattice.sizes))
    totals = best.any[rows, lattice.sizes[:, 0], lattice.sizes[:, 1]]
    backwards = np.concatenate([*_edges_back(lattice, best), np.zeros((0, 5), np.int64)])
    edges = backwards[::-1]
    return _each_null(edges[np.argsort(edges[:, 0], kind="stable")]), totals


def reach(lattice: Lattice) -> Reach:
    """Weight of the best way to reach each node."""
    count, n, m = lattice.shape
    in_m, in_x, in_y, best = (np.full((count, n + 1, m + 1), _NEVER) for _ in range(4))
    if compiled.LOOPS:
        compiled.run("best_ways", lattice.as_compiled(), in_m, in_x, in_y, best)
        return Reach(in_m, in_x, in_y, best)
    in_m[:, 0, 0] = 0.0
    runs = null_runs(lattice.tgt_null)
    for i in range(n + 1):
        row = in_m[:, i]
        for (a, b), weight in lattice.beads.items():
            if a <= i and b <= m:
                np.maximum(row[:, b:], best[:, i - a, : m + 1 - b] + weight[:, i, b:], out=row[:, b:])
        if i:
            opened = in_m[:, i - 1] + lattice.null_open
            in_x[:, i] = np.maximum(opened, in_x[:, i - 1]) + lattice.src_null[:, i - 1, None]
        entry = np.maximum(row, in_x[:, i])
        if m:
            started = np.maximum.accumulate(entry[:, :-1] - runs[:, :-1], axis=1)
            in_y[:, i, 1:] = started + runs[:, 1:] + lattice.null_open
        np.maximum(entry, in_y[:, i], out=best[:, i])
    return Reach(in_m, in_x, in_y, best)


def null_runs(tgt_null: Floats) -> Floats:
    """Weight of leaving vi segments 0 … j−1 all null, without the opening: (B, m+1)."""
    runs = np.zeros((tgt_null.shape[0], tgt_null.shape[1] + 1))
    np.cumsum(tgt_null, axis=1, out=runs[:, 1:])
    return runs


def _edges_back(lattice: Lattice, best: Reach) -> Iterator[Ints]:
    """All best paths at once from their last nodes back, a bead or a run of nulls of each at a time."""
    types = np.array(sorted(lattice.beads, key=lambda t: (t[0] + t[1], -t[0])))
    into = _beads_into(lattice, best, types)
    x_starts, y_starts = _run_starts(lattice, best)
    i, j = lattice.sizes[:, 0].copy(), lattice.sizes[:, 1].copy()
    state = np.zeros(len(i), np.int64)
    left = np.flatnonzero(i + j > 0)
    while len(left):
        here = left, i[left], j[left]
        at = np.where(state[left] > 0, state[left], _state_at(best, here))
        step = types[into[here]]
        i[left] = np.where(at == _M, here[1] - step[:, 0], np.where(at == _X, x_starts[here], here[1]))
        j[left] = np.where(at == _M, here[2] - step[:, 1], np.where(at == _Y, y_starts[here], here[2]))
        yield np.stack([left, i[left], here[1], j[left], here[2]], axis=1)
        before = left, i[left], j[left]
        opened = np.where((at == _Y) & (best.m[before] < best.x[before]), _X, _M)
        state[left] = np.where(at == _M, 0, opened)
        left = left[i[left] + j[left] > 0]


def _state_at(best: Reach, here: Nodes) -> Ints:
    """The state in which the best path stands at nodes."""
    return np.where(best.m[here] == best.any[here], _M, np.where(best.x[here] == best.any[here], _X, _Y))


def _run_starts(lattice: Lattice, best: Reach) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where the run of nulls opened that ends at each node: its zh number in state X, its vi number in Y."""
    _, n, m = lattice.shape
    x_starts, y_starts = (np.zeros(best.m.shape, np.int32) for _ in range(2))
    opens_x = best.m + lattice.null_open >= best.x
    opens_y = best.y <= np.maximum(best.m, best.x) + lattice.null_open
    rows, columns = np.arange(n, dtype=np.int32)[:, None], np.arange(m, dtype=np.int32)
    np.maximum.accumulate(np.where(opens_x[:, :-1], rows, 0), axis=1, out=x_starts[:, 1:])
    np.maximum.accumulate(np.where(opens_y[:, :, :-1], columns, 0), axis=2, out=y_starts[:, :, 1:])
    return x_starts, y_starts


def _each_null(edges: Ints) -> Ints:
    """The edges, each run of nulls as an edge a segment."""
    zh, vi = edges[:, 2] - edges[:, 1], edges[:, 4] - edges[:, 3]
    count = np.where((zh == 0) | (vi == 0), zh + vi, 1)
    single = np.repeat(edges, count, axis=0)
    number = np.arange(len(single)) - np.repeat(np.cumsum(count) - count, count)
    for null, first, last in ((vi == 0, 1, 2), (zh == 0, 3, 4)):
        inside = np.repeat(null, count)
        single[inside, first] += number[inside]
        single[inside, last] = single[inside, first] + 1
    return single


def _beads_into(lattice: Lattice, best: Reach, types: Ints) -> NDArray[np.int8]:
    """By which of the types the best way comes into state M at each node; of equal ones the first."""
    _, n, m = lattice.shape
    into = np.zeros(best.m.shape, np.int8)
    for number, (a, b) in reversed(list(enumerate(types.tolist()))):
        if a <= n and b <= m:
            way = best.any[:, : n + 1 - a, : m + 1 - b] + lattice.beads[a, b][:, a:, b:]
            into[:, a:, b:][way == best.m[:, a:, b:]] = number
    return into
