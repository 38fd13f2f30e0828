"""From the best paths of weighed blocks to beads in numbers: which segments, weights and confidence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from aligner.align.lattice import Floats, Ints, best_edges
from aligner.align.passes import WeighedBlocks


class Draft(NamedTuple):
    """A bead by the numbers of its segments: zh i0 … i1−1, vi j0 … j1−1; see `model.Bead`."""

    i0: int
    i1: int
    j0: int
    j1: int
    score: float
    evidence: dict[str, float]
    confidence: float
    moved: bool = False

    @property
    def is_null(self) -> bool:
        """Whether one side is empty."""
        return self.i0 == self.i1 or self.j0 == self.j1


def drafts_of(batch: WeighedBlocks, calibration: tuple[float, float]) -> list[list[Draft]]:
    """The beads of the best path of each block, in order.

    Weights are to a thousandth of a bit, so that what a bead shows adds up.
    """
    edges, _ = best_edges(batch.lattice, batch.best)
    shown: list[dict[str, float]] = [{}] * len(edges)
    score, found = np.zeros(len(edges)), np.zeros(len(edges))
    for chosen, names, weights, posterior in _by_kind(batch, edges):
        rounded = np.round(weights.astype(np.float64), 3)
        score[chosen], found[chosen] = rounded.sum(axis=0), posterior
        for k, values in zip(chosen.tolist(), rounded.T.tolist(), strict=True):
            shown[k] = dict(zip(names, values, strict=True))
    confidence = np.round(calibrated(found, *calibration), 4)
    corner = np.array([(i0, i0, j0, j0) for i0, _, j0, _ in batch.weights.blocks]).reshape(-1, 4)
    places = (edges[:, 1:] + corner[edges[:, 0]]).T.tolist()
    drafts = list(map(Draft, *places, np.round(score, 3).tolist(), shown, confidence.tolist()))
    ends = np.searchsorted(edges[:, 0], np.arange(len(corner) + 1)).tolist()
    return [drafts[start:end] for start, end in pairwise(ends)]


def _by_kind(batch: WeighedBlocks, edges: Ints) -> Iterator[tuple[Ints, list[str], Floats, Floats]]:
    """Edges of a bead type, or nulls of a side, at a time.

    Yields which edges, names of evidence, weights (names × edges), and posteriors.
    """
    weights, posteriors = batch.weights, batch.posteriors
    k, i0, i1, j0, j1 = edges.T
    zh, vi = i1 - i0, j1 - j0
    for (a, b), parts in weights.parts.items():
        chosen = np.flatnonzero((zh == a) & (vi == b))
        at = k[chosen], i0[chosen], j0[chosen]
        posterior = posteriors.beads[a, b][k[chosen], i1[chosen], j1[chosen]]
        yield chosen, list(parts), np.array([part[at] for part in parts.values()]), posterior
    for null, first, alone, probability in (
        (weights.src_null, i0, vi == 0, posteriors.src_null),
        (weights.tgt_null, j0, zh == 0, posteriors.tgt_null),
    ):
        chosen = np.flatnonzero(alone)
        place = k[chosen], first[chosen]
        found = np.array([part[place] for part in null.values()])
        # The first null of a run pays for opening it.
        goes_on = np.isin(chosen - 1, chosen) & (k[chosen - 1] == k[chosen])
        found[list(null).index("prior")] += np.where(goes_on, 0.0, weights.null_open)
        yield chosen, list(null), found, probability[place]


def calibrated(posterior: Floats | float, slope: float, intercept: float) -> Floats:
    """Platt's logistic calibration on the logit of posteriors, which are kept off 0 and 1.

    >>> calibrated(np.array([0.5]), 1.0, 0.0).tolist()
    [0.5]
    """
    clipped = np.clip(posterior, 1e-6, 1 - 1e-6)
    return np.asarray(1 / (1 + np.exp(-(slope * np.log(clipped / (1 - clipped)) + intercept))))
