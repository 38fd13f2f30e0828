"""From two lists of segments to beads: the passes, the best path, and a confidence for each bead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from aligner.align.band import FULL_AREA, blocks
from aligner.align.drafts import Draft, drafts_of
from aligner.align.lattice import Edge
from aligner.align.moved import with_moved
from aligner.align.passes import taught, weigh
from aligner.align.shares import Posteriors
from aligner.evidence.combine import BlockWeights, Evidence
from aligner.evidence.rectangles import Block
from aligner.model import Bead, Segment

Progress = Callable[[int, int], None]
"""Is told how many of how many are done."""


def no_progress(done: int, total: int) -> None:
    """Tells nobody."""


def align(
    src: Sequence[Segment],
    tgt: Sequence[Segment],
    evidence: Evidence,
    *,
    second_pass: bool = True,
    full_area: int = FULL_AREA,
    progress: Progress = no_progress,
) -> tuple[Bead, ...]:
    """Align the segments of two documents.

    Args:
        src: zh segments in order.
        tgt: vi segments in order.
        evidence: as gathered for just these segments.
        second_pass: learn from the first pass and align again.
        full_area: cells up to which the programme is run in one piece.
        progress: told how many zh segments of how many are done, as far as time is concerned: what
            comes before the last pass takes about half of it.

    Returns:
        Beads that cover every segment of both sides once, in order; a null bead holds one segment.
    """
    progress(len(src) // 6, len(src))
    rectangles = blocks(evidence, full_area=full_area)
    progress(len(src) // 3, len(src))
    if second_pass:
        evidence = taught(evidence, rectangles)
    done = len(src)
    found: dict[Block, list[Draft]] = {}
    for batch in weigh(evidence, rectangles):
        drafts = drafts_of(batch, evidence.parameters.calibration)
        found.update(zip(batch.weights.blocks, drafts, strict=True))
        done += sum(i1 - i0 for i0, i1, _, _ in batch.weights.blocks)
        progress(done // 2, len(src))
    in_order = with_moved(evidence, [draft for block in rectangles for draft in found[block]])
    zh, vi = tuple(src), tuple(tgt)
    return tuple(
        [
            Bead(number, zh[i0:i1], vi[j0:j1], score, weights, confidence, moved=moved)
            for number, (i0, i1, j0, j1, score, weights, confidence, moved) in enumerate(in_order)
        ]
    )


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
