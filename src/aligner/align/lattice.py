"""The lattice of all monotone alignments, its best path and its posteriors.

A node (i, j) says that i zh and j vi segments are done. An edge is a bead that ends there: a
translation bead of one of `BEAD_TYPES`, or one segment of a run of nulls. A run of nulls pays once
to open, so that an inserted passage is one event, not twenty: three states a node, as in affine-gap
sequence alignment (Gotoh 1982, J. Mol. Biol. 162).

    M   after a translation bead        X   inside a run of zh nulls        Y   inside a run of vi nulls

Between two translation beads zh nulls come before vi nulls; the order carries no meaning, and one
order keeps the posteriors from counting the same set of beads twice.

Several lattices are worked in lockstep (first axis): documents of a corpus, or the blocks of a long
document. Work goes row by row; a row is one vector operation per bead type. Time and memory are
O(B·n·m·len(BEAD_TYPES)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BeadType = tuple[int, int]

BEAD_TYPES: tuple[BeadType, ...] = (
    (1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (3, 3), (1, 4), (4, 1),
)  # fmt: skip
MAX_SPAN = 4
_NEVER = -np.inf


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
    sizes: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(B, n, m)."""
        return (*self.src_null.shape, self.tgt_null.shape[1])


@dataclass(frozen=True, slots=True)
class Edge:
    """A bead of a path: zh segments i0 … i1−1 and vi segments j0 … j1−1."""

    i0: int
    i1: int
    j0: int
    j1: int


@dataclass(frozen=True, slots=True)
class Posteriors:
    """Probabilities of edges under the lattice, natural scale.

    Attributes:
        beads: as `Lattice.beads`.
        src_null: (B, n): probability that zh segment i has no counterpart.
        tgt_null: (B, m).
        opens: (B,): expected number of runs of nulls.
        log_total: (B,): log2 of the sum over all alignments.
    """

    beads: Mapping[BeadType, Floats]
    src_null: Floats
    tgt_null: Floats
    opens: Floats
    log_total: Floats


@dataclass(frozen=True, slots=True)
class _Forward:
    """Weights of reaching each node in each state, and in any state; (B, n+1, m+1) each."""

    m: Floats
    x: Floats
    y: Floats
    any: Floats


def best_paths(lattice: Lattice) -> tuple[list[list[Edge]], Floats]:
    """The heaviest path of each lattice, and its weight.

    Returns:
        Per lattice its edges in order, each null segment an edge of its own, and an array (B,).
    """
    forward = _forward(lattice, np.maximum)
    rows = np.arange(len(lattice.sizes))
    totals = forward.any[rows, lattice.sizes[:, 0], lattice.sizes[:, 1]]
    return [_trace(lattice, forward, b) for b in range(len(lattice.sizes))], totals


def posteriors(lattice: Lattice) -> Posteriors:
    """Probability of every edge: the share of all alignments, by weight, that use it."""
    forward = _forward(lattice, np.logaddexp2)
    back_m, back_x, back_y = _backward(lattice)
    rows = np.arange(len(lattice.sizes))
    total = forward.any[rows, lattice.sizes[:, 0], lattice.sizes[:, 1]]
    scale = total[:, None, None]
    _, n, m = lattice.shape
    beads = {}
    for (a, b), weight in lattice.beads.items():
        posterior = np.zeros_like(weight)
        posterior[:, a:, b:] = np.exp2(
            forward.any[:, : max(n + 1 - a, 0), : max(m + 1 - b, 0)]
            + weight[:, a:, b:]
            + back_m[:, a:, b:]
            - scale
        )
        beads[a, b] = posterior
    in_x = np.exp2(forward.x + back_x - scale)
    in_y = np.exp2(forward.y + back_y - scale)
    return Posteriors(
        beads=beads,
        src_null=in_x.sum(axis=2)[:, 1:],
        tgt_null=in_y.sum(axis=1)[:, 1:],
        opens=_expected_opens(lattice, forward, back_x, back_y, total),
        log_total=total,
    )


def _forward(lattice: Lattice, plus: np.ufunc) -> _Forward:
    """Weights of reaching each node; `plus` is maximum (best path) or logaddexp2 (sum over paths)."""
    count, n, m = lattice.shape
    arrays = [np.full((count, n + 1, m + 1), _NEVER) for _ in range(4)]
    in_m, in_x, in_y, reach = arrays
    in_m[:, 0, 0] = 0.0
    runs = _null_runs(lattice.tgt_null)
    for i in range(n + 1):
        row = in_m[:, i]
        for (a, b), weight in lattice.beads.items():
            if a <= i and b <= m:
                plus(row[:, b:], reach[:, i - a, : m + 1 - b] + weight[:, i, b:], out=row[:, b:])
        if i:
            opened = in_m[:, i - 1] + lattice.null_open
            in_x[:, i] = plus(opened, in_x[:, i - 1]) + lattice.src_null[:, i - 1, None]
        entry = plus(row, in_x[:, i])
        if m:
            started = plus.accumulate(entry[:, :-1] - runs[:, :-1], axis=1)
            in_y[:, i, 1:] = started + runs[:, 1:] + lattice.null_open
        reach[:, i] = plus(entry, in_y[:, i])
    return _Forward(in_m, in_x, in_y, reach)


def _backward(lattice: Lattice) -> tuple[Floats, Floats, Floats]:
    """Log2 weight of all ways to finish from each node, by the state one is in."""
    count, n, m = lattice.shape
    back_m, back_x, back_y = (np.full((count, n + 1, m + 1), _NEVER) for _ in range(3))
    runs = _null_runs(lattice.tgt_null)
    rows = np.arange(count)
    for i in range(n, -1, -1):
        ahead = np.full((count, m + 1), _NEVER)
        ends = rows[lattice.sizes[:, 0] == i]
        ahead[ends, lattice.sizes[ends, 1]] = 0.0
        for (a, b), weight in lattice.beads.items():
            if i + a <= n and b <= m:
                step = weight[:, i + a, b:] + back_m[:, i + a, b:]
                np.logaddexp2(ahead[:, : m + 1 - b], step, out=ahead[:, : m + 1 - b])
        into_y = np.full((count, m + 1), _NEVER)
        back_y[:, i] = ahead
        if m:
            swept = np.logaddexp2.accumulate((ahead + runs)[:, ::-1], axis=1)[:, ::-1]
            back_y[:, i] = swept - runs
            into_y[:, :-1] = swept[:, 1:] - runs[:, :-1] + lattice.null_open
        into_x = np.full((count, m + 1), _NEVER)
        if i < n:
            into_x = back_x[:, i + 1] + lattice.src_null[:, i, None]
        onward = np.logaddexp2(ahead, into_y)
        back_x[:, i] = np.logaddexp2(onward, into_x)
        back_m[:, i] = np.logaddexp2(onward, into_x + lattice.null_open)
    return back_m, back_x, back_y


def _null_runs(tgt_null: Floats) -> Floats:
    """Weight of leaving vi segments 0 … j−1 all null, without the opening: (B, m+1)."""
    runs = np.zeros((tgt_null.shape[0], tgt_null.shape[1] + 1))
    np.cumsum(tgt_null, axis=1, out=runs[:, 1:])
    return runs


def _expected_opens(
    lattice: Lattice, forward: _Forward, back_x: Floats, back_y: Floats, total: Floats
) -> Floats:
    """Expected number of runs of nulls, (B,)."""
    scale = total[:, None, None]
    before_x = forward.m[:, :-1] + lattice.null_open + lattice.src_null[:, :, None]
    opened = np.exp2(before_x + back_x[:, 1:] - scale).sum(axis=(1, 2))
    entry = np.logaddexp2(forward.m, forward.x)[:, :, :-1]
    before_y = entry + lattice.null_open + lattice.tgt_null[:, None, :]
    return np.asarray(opened + np.exp2(before_y + back_y[:, :, 1:] - scale).sum(axis=(1, 2)))


def _trace(lattice: Lattice, forward: _Forward, b: int) -> list[Edge]:
    """Walk the best path back from the last node; where two ways weigh the same, the simpler bead."""
    i, j = (int(k) for k in lattice.sizes[b])
    edges: list[Edge] = []
    state = ""
    while i or j:
        state = state or _state_at(forward, b, i, j)
        if state == "m":
            a, c = _bead_into(lattice, forward, b, i, j)
            edges.append(Edge(i - a, i, j - c, j))
            i, j, state = i - a, j - c, ""
        elif state == "x":
            edges.append(Edge(i - 1, i, j, j))
            i -= 1
            opened = forward.m[b, i, j] + lattice.null_open
            state = "m" if opened >= forward.x[b, i, j] else "x"
        else:
            edges.append(Edge(i, i, j - 1, j))
            j -= 1
            m, x, y = (float(v[b, i, j]) for v in (forward.m, forward.x, forward.y))
            state = "y" if y > max(m, x) + lattice.null_open else "m" if m >= x else "x"
    edges.reverse()
    return edges


def _state_at(forward: _Forward, b: int, i: int, j: int) -> str:
    """The state in which the best path stands at a node."""
    best = forward.any[b, i, j]
    if forward.m[b, i, j] == best:
        return "m"
    return "x" if forward.x[b, i, j] == best else "y"


def _bead_into(lattice: Lattice, forward: _Forward, b: int, i: int, j: int) -> BeadType:
    """The bead type by which the best path came into state M at (i, j)."""
    ways = [
        (float(forward.any[b, i - a, j - c] + weight[b, i, j]), -(a + c), (a, c))
        for (a, c), weight in lattice.beads.items()
        if a <= i and c <= j
    ]
    return max(ways)[2]
