"""Sums over all paths of a lattice: the posterior probability of every edge.

The sums are taken on the natural scale, those of a node relative to the best way to it: so no number that
matters overflows or vanishes, and logarithms are needed only along runs of vi nulls, which stay in one row
and are summed as a whole. Probabilities then flow back from the last node: each node's are divided among
the ways into it, in proportion to their shares.

Several lattices are worked in lockstep; time and memory are O(B·n·m·len(BEAD_TYPES)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aligner import compiled
from aligner.align.lattice import BeadType, Floats, Lattice, Reach, null_runs, reach

_LEAST = 1e-300
_LIFT = 300
"""Bits by which the shares of a row are lowered once they grow beyond: where nothing tells the ways apart,
each row has more of them."""


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
class _Shares:
    """Sums over all ways to each node, over the weight of the best; (B, n+1, m+1) each.

    Attributes:
        m, x, y: of the ways that end in each state.
        any: their sum; 1 at least, but for `lift`.
        steps: by bead type: weight of the last bead and the best way to where it begins, likewise.
        lift: (B, n+1) bits to be added to the logarithms of each row.
    """

    m: Floats
    x: Floats
    y: Floats
    any: Floats
    steps: dict[BeadType, Floats]
    lift: Floats


def posteriors(lattice: Lattice, best: Reach | None = None) -> Posteriors:
    """Probability of every edge: the share of all alignments, by weight, that use it.

    Args:
        lattice: the lattices.
        best: `reach(lattice)`, where it is known.
    """
    best = best or reach(lattice)
    if compiled.LOOPS:
        return _compiled(lattice, best)
    with np.errstate(divide="ignore", under="ignore"):
        return _flow_back(lattice, best, _shares(lattice, best))


def _compiled(lattice: Lattice, best: Reach) -> Posteriors:
    """The same by a compiled loop, which goes from node to node and needs no logarithm."""
    count, n, m = lattice.shape
    beads = {bead_type: np.zeros_like(best.any) for bead_type in lattice.beads}
    src_null, tgt_null, opens, log_total = (
        np.zeros(shape) for shape in ((count, n), (count, m), count, count)
    )
    compiled.run(
        "edge_posteriors",
        lattice.as_compiled(),
        best.any,
        compiled.addresses(beads.values()),
        src_null,
        tgt_null,
        opens,
        log_total,
    )
    return Posteriors(beads, src_null, tgt_null, opens, log_total)


def _shares(lattice: Lattice, best: Reach) -> _Shares:
    """Forward: the shares of all nodes."""
    count, n, m = lattice.shape
    in_m, in_x, in_y, in_any = (np.zeros((count, n + 1, m + 1)) for _ in range(4))
    done = _Shares(in_m, in_x, in_y, in_any, _steps(lattice, best), np.zeros((count, n + 1)))
    done.m[:, 0, 0] = 1.0
    opening, runs = 2.0**lattice.null_open, null_runs(lattice.tgt_null)
    for i in range(n + 1):
        here = done.m[:, i]
        for (a, b), step in done.steps.items():
            if a <= i and b <= m:
                if done.lift[:, i].any():
                    step[:, i] *= np.exp2(done.lift[:, i - a] - done.lift[:, i])[:, None]
                here[:, b:] += done.any[:, i - a, : m + 1 - b] * step[:, i, b:]
        if i:
            down = np.exp2(best.any[:, i - 1] + lattice.src_null[:, i - 1, None] - best.any[:, i])
            done.x[:, i] = (done.m[:, i - 1] * opening + done.x[:, i - 1]) * down
        if m:
            entry = np.log2(here + done.x[:, i]) + best.any[:, i] - runs
            started = np.logaddexp2.accumulate(entry[:, :-1], axis=1)
            done.y[:, i, 1:] = np.exp2(started + runs[:, 1:] + lattice.null_open - best.any[:, i, 1:])
        done.any[:, i] = here + done.x[:, i] + done.y[:, i]
        _lower(done, i)
    return done


def _steps(lattice: Lattice, best: Reach) -> dict[BeadType, Floats]:
    """How much lighter the best way by a bead is than the best way to where it ends."""
    _, n, m = lattice.shape
    steps = {}
    for (a, b), weight in lattice.beads.items():
        steps[a, b] = np.zeros_like(best.any)
        if a <= n and b <= m:
            gain = best.any[:, : n + 1 - a, : m + 1 - b] + weight[:, a:, b:]
            np.exp2(gain - best.any[:, a:, b:], out=steps[a, b][:, a:, b:])
    return steps


def _lower(done: _Shares, i: int) -> None:
    """Lower the shares of a row that have grown too large, and remember by how much."""
    grown = done.any[:, i].max(axis=1) > 2.0**_LIFT
    if grown.any():
        for values in (done.m, done.x, done.y, done.any, *done.steps.values()):
            values[grown, i] *= 2.0**-_LIFT
        done.lift[grown, i:] += _LIFT


def _flow_back(lattice: Lattice, best: Reach, done: _Shares) -> Posteriors:
    """Probabilities from the last node of each lattice to the first; takes `done.steps` over."""
    count, n, m = lattice.shape
    ends = np.arange(count), lattice.sizes[:, 0], lattice.sizes[:, 1]
    opening = 2.0**lattice.null_open
    onward = np.zeros((count, n + 1, m + 1))  # that the path goes on from a node by a bead, or ends in it
    onward[ends] = 1.0
    src_null, tgt_null, opens = np.zeros((count, n)), np.zeros((count, m)), np.zeros(count)
    from_x = np.zeros((count, m + 1))  # that it goes on by a zh null
    for i in range(n, -1, -1):
        in_m, in_x, in_y = done.m[:, i], done.x[:, i], done.y[:, i]
        part = onward[:, i] / np.maximum(done.any[:, i], _LEAST)
        share = in_m * opening / np.maximum(in_m * opening + in_x, _LEAST)
        opened = from_x * share
        entry = in_m + in_x
        through_y, began = _back_along(part * in_y, entry * opening, in_y)
        by_entry = part + began / np.maximum(entry, _LEAST)
        through_m = by_entry * in_m + opened
        through_x = by_entry * in_x + from_x * (1 - share)
        opens += opened.sum(axis=1) + began.sum(axis=1)
        tgt_null += through_y[:, 1:]
        if i:
            src_null[:, i - 1] = through_x.sum(axis=1)
        from_x = through_x
        ratio = through_m / np.maximum(in_m, _LEAST)
        for (a, b), step in done.steps.items():
            if a <= i and b <= m:
                flow = ratio[:, b:] * done.any[:, i - a, : m + 1 - b] * step[:, i, b:]
                step[:, i, b:] = flow
                onward[:, i - a, : m + 1 - b] += flow
    log_total = best.any[ends] + np.log2(done.any[ends]) + done.lift[ends[:2]]
    return Posteriors(done.steps, src_null, tgt_null, opens, log_total)


def _back_along(ends: Floats, opened: Floats, going: Floats) -> tuple[Floats, Floats]:
    """Probabilities along a row of vi nulls, from right to left.

    Args:
        ends: (B, m+1) probability that a run ends in each node.
        opened: share of the ways by which a run begins in the node.
        going: share of the ways by which it was under way already.

    Returns:
        (B, m+1) that the path stands in each node within a run, and that a run begins from it.
    """
    on = going / np.maximum(opened + going, _LEAST)
    before = np.cumsum(np.log2(np.maximum(on, _LEAST)), axis=1)
    before = np.concatenate([np.zeros_like(before[:, :1]), before[:, :-1]], axis=1)
    reached = np.logaddexp2.accumulate((np.log2(ends) + before)[:, ::-1], axis=1)[:, ::-1]
    through = np.exp2(reached - before)
    begun = np.zeros_like(through)
    begun[:, :-1] = through[:, 1:] * (1 - on[:, :-1])
    return through, begun
