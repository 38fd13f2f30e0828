"""From two lists of segments to beads: the passes, the best path, and a confidence for each bead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aligner.align.band import blocks
from aligner.align.lattice import Edge, Posteriors, best_paths
from aligner.align.passes import learn, survey, weigh
from aligner.evidence.combine import Block, BlockWeights, Evidence
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
    rectangles = blocks(evidence)
    if second_pass:
        evidence = learn(evidence, survey(evidence, rectangles))
    drafts: dict[Block, list[Bead]] = {}
    slope, intercept = evidence.parameters.calibration
    for batch in weigh(evidence, rectangles):
        paths, _ = best_paths(batch.lattice)
        for k, path in enumerate(paths):
            i0, i1, j0, j1 = block = batch.blocks[k].block
            here, there = src[i0:i1], tgt[j0:j1]
            drafts[block] = [
                Bead(
                    id=0,
                    src=tuple(here[edge.i0 : edge.i1]),
                    tgt=tuple(there[edge.j0 : edge.j1]),
                    score=round(sum(weights.values()), 3),
                    evidence=weights,
                    confidence=round(calibrated(posterior(batch.posteriors, k, edge), slope, intercept), 4),
                )
                for edge, weights in zip(path, _shown(batch.blocks[k], path), strict=True)
            ]
    in_order = (bead for block in rectangles for bead in drafts[block])
    return tuple(bead.replace(id=number) for number, bead in enumerate(in_order))


def _shown(block: BlockWeights, path: Sequence[Edge]) -> Iterator[dict[str, float]]:
    """The weights of each edge to a thousandth of a bit, so that what a bead shows adds up."""
    for weights in weights_of(block, path):
        yield {name: round(weight, 3) for name, weight in weights.items()}


def weights_of(block: BlockWeights, path: Sequence[Edge]) -> Iterator[dict[str, float]]:
    """The weights by name of each edge of a path; the first null of a run pays for opening it."""
    open_runs = {"src": False, "tgt": False}
    for edge in path:
        a, b = edge.i1 - edge.i0, edge.j1 - edge.j0
        if a and b:
            open_runs = {"src": False, "tgt": False}
            yield {name: float(weight[edge.i0, edge.j0]) for name, weight in block.parts[a, b].items()}
            continue
        side, null, at = ("src", block.src_null, edge.i0) if a else ("tgt", block.tgt_null, edge.j0)
        weights = {name: float(weight[at]) for name, weight in null.items()}
        weights["prior"] += 0.0 if open_runs[side] else block.null_open
        open_runs[side] = True
        yield weights


def posterior(found: Posteriors, k: int, edge: Edge) -> float:
    """The probability of an edge under lattice k."""
    a, b = edge.i1 - edge.i0, edge.j1 - edge.j0
    if a and b:
        return float(found.beads[a, b][k, edge.i1, edge.j1])
    return float(found.src_null[k, edge.i0] if a else found.tgt_null[k, edge.j0])


def calibrated(posterior: float, slope: float, intercept: float) -> float:
    """Platt's logistic calibration on the logit of a posterior, which is kept off 0 and 1.

    >>> round(calibrated(0.5, 1.0, 0.0), 3)
    0.5
    """
    clipped = min(max(posterior, 1e-6), 1 - 1e-6)
    logit = np.log(clipped / (1 - clipped))
    return float(1 / (1 + np.exp(-(slope * logit + intercept))))
