"""From weighed rectangles to lattices: padding, so that rectangles of one size class go in lockstep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from aligner.align.lattice import BEAD_TYPES, Floats, Lattice
from aligner.evidence.combine import BatchWeights

_STEPS = 256
"""Steps of a bit in which weights go. Sums of such are exact, so that ways which weigh the same do so to the
last digit, on whatever processor and in whatever order they are added up: not a rounding error but the order
of the bead types decides between them."""


def lattice_of(weights: BatchWeights) -> Lattice:
    """One lattice a rectangle, padded to the largest; memory O(rectangles · n · m)."""
    sizes = weights.sizes
    n, m = (int(k) for k in sizes.max(axis=0, initial=0))
    beads = {t: np.full((len(sizes), n + 1, m + 1), -np.inf) for t in BEAD_TYPES}
    ends = np.arange(n + 1)[None, :, None], np.arange(m + 1)[None, None, :]
    outside = (ends[0] > sizes[:, 0, None, None]) | (ends[1] > sizes[:, 1, None, None])
    padded = outside.any()
    for a, b in weights.parts:
        beads.setdefault((a, b), np.full((len(sizes), n + 1, m + 1), -np.inf))
        beads[a, b][:, a:, b:] = _in_steps(weights.total((a, b)))
        if padded:
            beads[a, b][outside] = -np.inf
    src_null, tgt_null = _in_steps(_total(weights.src_null)), _in_steps(_total(weights.tgt_null))
    src_null[np.arange(n) >= sizes[:, :1]] = 0.0
    tgt_null[np.arange(m) >= sizes[:, 1:]] = 0.0
    return Lattice(beads, src_null, tgt_null, float(_in_steps(np.array(weights.null_open))), sizes)


def _in_steps(weights: Floats) -> Floats:
    """The weights, each at the nearest step."""
    return np.asarray(np.rint(weights * _STEPS) / _STEPS)


def _total(parts: Mapping[str, Floats]) -> Floats:
    return np.asarray(sum(parts.values()), np.float64)
