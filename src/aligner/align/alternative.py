"""What would have been: the best alignment of a place that contains a bead, and the best that does not.

Both are best paths of the same lattice, one with every edge forbidden that contradicts the bead, one
with the bead's own edge forbidden. So their difference is exactly what the bead is worth here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from aligner.align.aligning import posterior, weights_of
from aligner.align.lattice import BEAD_TYPES, Edge, Floats, Lattice, best_paths
from aligner.align.shares import posteriors
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import BlockWeights, Evidence, batch_weights
from aligner.evidence.parameters import BeadType
from aligner.evidence.rectangles import Block

_NEVER = -1e6
"""Weight of a null that must not be: beyond any sum, yet finite, because runs of nulls are subtracted."""


@dataclass(frozen=True, slots=True)
class WeighedEdge:
    """A bead of a path with its weights.

    Attributes:
        edge: counted within the block.
        weights: log2 odds by name of evidence.
    """

    edge: Edge
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Two alignments of a block.

    Attributes:
        chosen: the best one with the bead.
        instead: the best one without it; None where there is none.
        probability: of the bead, before calibration.
    """

    chosen: tuple[WeighedEdge, ...]
    instead: tuple[WeighedEdge, ...] | None
    probability: float


def alternative(evidence: Evidence, block: Block, bead: Sequence[Edge]) -> Alternative:
    """Weigh a block with and without a bead.

    Args:
        evidence: of the document pair, as in the last pass.
        block: a rectangle around the bead whose corners are taken as certain.
        bead: one edge, or the edges of a run of nulls of one side, counted within the block. A type that
            alignment never makes counts as likely as the rarest that it makes.

    Cost: that of aligning the block three times.
    """
    own = {(edge.i1 - edge.i0, edge.j1 - edge.j0) for edge in bead if edge.i1 > edge.i0 and edge.j1 > edge.j0}
    types = [*BEAD_TYPES, *sorted(own - {*BEAD_TYPES})]
    weighed = batch_weights(_with_types(evidence, own), [block], types)
    weights, lattice = weighed.block(0), lattice_of(weighed)
    chosen = _best(_only(lattice, bead), weights)
    assert chosen is not None  # noqa: S101 - the rest of the block can always be null
    found = posteriors(lattice)
    return Alternative(
        chosen=chosen,
        instead=_best(_never(lattice, bead), weights),
        probability=min(posterior(found, 0, edge) for edge in bead),
    )


def _with_types(evidence: Evidence, types: Iterable[BeadType]) -> Evidence:
    """The evidence with a prior for every type."""
    p = evidence.parameters
    rarest = min(p.priors.values())
    priors = {**dict.fromkeys(types, rarest), **p.priors}
    return dataclasses.replace(evidence, parameters=dataclasses.replace(p, priors=priors))


def _best(lattice: Lattice, weights: BlockWeights) -> tuple[WeighedEdge, ...] | None:
    """The best path with its weights; None where every path does what is forbidden."""
    paths, totals = best_paths(lattice)
    if not totals[0] > _NEVER / 2:
        return None
    return tuple(map(WeighedEdge, paths[0], weights_of(weights, paths[0])))


def _never(lattice: Lattice, bead: Sequence[Edge]) -> Lattice:
    """The lattice without the bead."""
    beads, src_null, tgt_null = _copies(lattice)
    for edge in bead:
        a, b = edge.i1 - edge.i0, edge.j1 - edge.j0
        if a and b:
            beads[a, b][0, edge.i1, edge.j1] = -np.inf
        else:
            src_null[0, edge.i0 : edge.i1] = _NEVER
            tgt_null[0, edge.j0 : edge.j1] = _NEVER
    return dataclasses.replace(lattice, beads=beads, src_null=src_null, tgt_null=tgt_null)


def _only(lattice: Lattice, bead: Sequence[Edge]) -> Lattice:
    """The lattice without whatever else would take the bead's segments."""
    beads, src_null, tgt_null = _copies(lattice)
    for edge in bead:
        translated = edge.i1 > edge.i0 and edge.j1 > edge.j0
        for (a, b), weight in beads.items():
            own = weight[0, edge.i1, edge.j1] if translated else -np.inf
            if edge.i1 > edge.i0:
                weight[0, edge.i0 + 1 : edge.i1 + a, :] = -np.inf
            if edge.j1 > edge.j0:
                weight[0, :, edge.j0 + 1 : edge.j1 + b] = -np.inf
            if (a, b) == (edge.i1 - edge.i0, edge.j1 - edge.j0):
                weight[0, edge.i1, edge.j1] = own
        if translated:
            src_null[0, edge.i0 : edge.i1] = _NEVER
            tgt_null[0, edge.j0 : edge.j1] = _NEVER
    return dataclasses.replace(lattice, beads=beads, src_null=src_null, tgt_null=tgt_null)


def _copies(lattice: Lattice) -> tuple[dict[BeadType, Floats], Floats, Floats]:
    beads = {bead_type: weight.copy() for bead_type, weight in lattice.beads.items()}
    return beads, lattice.src_null.copy(), lattice.tgt_null.copy()
