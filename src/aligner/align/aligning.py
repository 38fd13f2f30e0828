"""From two lists of segments to beads: the passes, the best path, and a confidence for each bead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from aligner.align.band import blocks
from aligner.align.lattice import Edge, Floats, Ints, best_edges
from aligner.align.passes import WeighedBlocks, taught, weigh
from aligner.align.shares import Posteriors
from aligner.evidence.combine import BlockWeights, Evidence
from aligner.evidence.rectangles import Block
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
        evidence = taught(evidence, rectangles)
    drafts: dict[Block, list[_Draft]] = {block: [] for block in rectangles}
    for batch in weigh(evidence, rectangles):
        for draft in _drafts(batch, evidence.parameters.calibration):
            drafts[draft.block].append(draft)
    in_order = (draft for block in rectangles for draft in drafts[block])
    return tuple(
        Bead(
            number,
            tuple(src[draft.block[0] + draft.i0 : draft.block[0] + draft.i1]),
            tuple(tgt[draft.block[2] + draft.j0 : draft.block[2] + draft.j1]),
            draft.score,
            draft.evidence,
            draft.confidence,
        )
        for number, draft in enumerate(in_order)
    )


class _Draft(NamedTuple):
    """A bead of a block, by numbers counted within it."""

    block: Block
    i0: int
    i1: int
    j0: int
    j1: int
    score: float
    evidence: dict[str, float]
    confidence: float


def _drafts(batch: WeighedBlocks, calibration: tuple[float, float]) -> Iterator[_Draft]:
    """The beads of the best paths, block by block, each block's in order.

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
    columns = edges.tolist(), np.round(score, 3).tolist(), shown, confidence.tolist()
    for (k, i0, i1, j0, j1), total, evidence, sure in zip(*columns, strict=True):
        yield _Draft(batch.weights.blocks[k], i0, i1, j0, j1, total, evidence, sure)


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


def calibrated(posterior: Floats | float, slope: float, intercept: float) -> Floats:
    """Platt's logistic calibration on the logit of posteriors, which are kept off 0 and 1.

    >>> calibrated(np.array([0.5]), 1.0, 0.0).tolist()
    [0.5]
    """
    clipped = np.clip(posterior, 1e-6, 1 - 1e-6)
    return np.asarray(1 / (1 + np.exp(-(slope * np.log(clipped / (1 - clipped)) + intercept))))
