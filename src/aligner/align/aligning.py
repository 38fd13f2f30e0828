"""From two lists of segments to beads: the passes, the best path, and a confidence for each bead."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aligner.align.lattice import Edge, best_paths
from aligner.align.passes import WeighedPair, learn, weigh
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import Evidence
from aligner.model import Bead, Segment


def align(
    src: Sequence[Segment], tgt: Sequence[Segment], evidence: Evidence, *, second_pass: bool = True
) -> tuple[Bead, ...]:
    """Align the segments of two documents.

    Args:
        src: zh segments in order.
        tgt: vi segments in order.
        evidence: as gathered for just these segments.
        second_pass: learn from the first pass and align again.

    Returns:
        Beads that cover every segment of both sides once, in order; a null bead holds one segment.
    """
    return beads_of(src, tgt, passes(evidence, second_pass=second_pass))


def passes(evidence: Evidence, *, second_pass: bool) -> WeighedPair:
    """The first pass, and where wanted the second."""
    n, m = evidence.shape
    blocks = ((0, n, 0, m),)
    pair = weigh(evidence, blocks)
    return weigh(learn(pair), blocks) if second_pass else pair


def beads_of(src: Sequence[Segment], tgt: Sequence[Segment], pair: WeighedPair) -> tuple[Bead, ...]:
    """The beads of the best path through every block."""
    paths, _ = best_paths(lattice_of(pair.blocks))
    beads: list[Bead] = []
    for k, path in enumerate(paths):
        i0, _, j0, _ = pair.blocks[k].block
        after_null: tuple[bool, bool] = (False, False)
        for edge in path:
            after_null, evidence = _evidence(pair, k, edge, after_null)
            beads.append(
                Bead(
                    id=len(beads),
                    src=tuple(src[i0 + edge.i0 : i0 + edge.i1]),
                    tgt=tuple(tgt[j0 + edge.j0 : j0 + edge.j1]),
                    score=round(sum(evidence.values()), 3),
                    evidence={name: round(weight, 3) for name, weight in evidence.items()},
                    confidence=round(_confidence(pair, k, edge), 4),
                )
            )
    return tuple(beads)


def _evidence(
    pair: WeighedPair, k: int, edge: Edge, after_null: tuple[bool, bool]
) -> tuple[tuple[bool, bool], dict[str, float]]:
    """Which side's run of nulls the edge leaves open, and its weights by name."""
    block = pair.blocks[k]
    a, b = edge.i1 - edge.i0, edge.j1 - edge.j0
    if a and b:
        parts = block.parts[a, b]
        return (False, False), {name: float(weight[edge.i0, edge.j0]) for name, weight in parts.items()}
    null, at = (block.src_null, edge.i0) if a else (block.tgt_null, edge.j0)
    weights = {name: float(weight[at]) for name, weight in null.items()}
    if not (after_null[0] if a else after_null[1]):
        weights["prior"] += block.null_open
    return (after_null[0] or bool(a), after_null[1] or bool(b)), weights


def _confidence(pair: WeighedPair, k: int, edge: Edge) -> float:
    """The calibrated posterior of an edge of the best path."""
    found = pair.posteriors
    a, b = edge.i1 - edge.i0, edge.j1 - edge.j0
    if a and b:
        posterior = float(found.beads[a, b][k, edge.i1, edge.j1])
    else:
        posterior = float(found.src_null[k, edge.i0] if a else found.tgt_null[k, edge.j0])
    slope, intercept = pair.evidence.parameters.calibration
    return float(calibrated(posterior, slope, intercept))


def calibrated(posterior: float, slope: float, intercept: float) -> float:
    """Platt's logistic calibration on the logit of a posterior, which is kept off 0 and 1.

    >>> round(calibrated(0.5, 1.0, 0.0), 3)
    0.5
    """
    clipped = min(max(posterior, 1e-6), 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped))
    return float(1 / (1 + np.exp(-(slope * logit + intercept))))
