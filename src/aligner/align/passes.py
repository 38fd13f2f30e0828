"""The passes over one document pair: align, learn from the sure beads what is special to it, align again.

The second pass changes two things: the mean length ratio, and the translation table, into which the
document's own counts go (`own_counts`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from aligner.align.lattice import BEAD_TYPES, Lattice, Reach, reach
from aligner.align.own_counts import recounted, tokens_of
from aligner.align.shares import Posteriors, posteriors
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import BatchWeights, Evidence, batch_weights
from aligner.evidence.habits import Habits, observed
from aligner.evidence.length import document_mean
from aligner.evidence.lexical import LexicalTable
from aligner.evidence.rectangles import Block
from aligner.evidence.sparse import Floats

_SURE = 0.5  # posterior from which a bead's words are counted
"""A bead more likely right than wrong is counted, with its posterior as weight."""
_TAUGHT = 3000
"""Beads that teach at most, spread over the document: more of them say the same again."""
_BATCH_CELLS = 30_000
"""Cells worked in lockstep: enough to make vector operations pay, few enough for a processor's cache."""


@dataclasses.dataclass(frozen=True, slots=True)
class WeighedBlocks:
    """Blocks of about one size, worked in lockstep.

    Attributes:
        weights: of all beads in them.
        lattice: the same as lattices, padded.
        best: the best way to each node.
        posteriors: over the lattices.
    """

    weights: BatchWeights
    lattice: Lattice
    best: Reach
    posteriors: Posteriors


@dataclasses.dataclass(frozen=True, slots=True)
class Survey:
    """What a pass found out about a document pair.

    Attributes:
        beads: (k, 5): i0, i1, j0, j1 and posterior of every translation bead more likely than not.
        nulls: expected number of null segments.
        runs: expected number of runs of nulls.
        translated: expected number of translation beads.
        merged: of those, other than 1–1.
        segments: of both sides, that were looked at.
    """

    beads: Floats
    nulls: float
    runs: float
    translated: float
    merged: float
    segments: int


def weigh(evidence: Evidence, blocks: Sequence[Block]) -> Iterator[WeighedBlocks]:
    """One pass over the blocks, a batch at a time, so that memory does not grow with the document.

    Blocks come in order of size, not of place.
    """
    for batch in _batches(blocks):
        weights = batch_weights(evidence, batch, BEAD_TYPES)
        lattice = lattice_of(weights)
        best = reach(lattice)
        yield WeighedBlocks(weights, lattice, best, posteriors(lattice, best))


def _batches(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks of like size together, up to a number of cells after padding."""
    batch: list[Block] = []
    n = m = 0
    for block in sorted(blocks, key=lambda b: (b[1] - b[0]) + (b[3] - b[2])):
        n, m = max(n, block[1] - block[0]), max(m, block[3] - block[2])
        if batch and (len(batch) + 1) * (n + 1) * (m + 1) > _BATCH_CELLS:
            yield batch
            batch, n, m = [], block[1] - block[0], block[3] - block[2]
        batch.append(block)
    if batch:
        yield batch


def survey(evidence: Evidence, blocks: Sequence[Block]) -> Survey:
    """A pass that only looks: likely beads and expected counts."""
    beads: list[Floats] = [np.zeros((0, 5))]
    nulls = runs = translated = merged = 0.0
    for batch in weigh(evidence, blocks):
        found = batch.posteriors
        expected = {bead_type: float(posterior.sum()) for bead_type, posterior in found.beads.items()}
        nulls += float(found.src_null.sum() + found.tgt_null.sum())
        runs += float(found.opens.sum())
        translated += sum(expected.values())
        merged += sum(expected.values()) - expected[1, 1]
        beads.extend(_likely_beads(batch))
    segments = sum(i1 - i0 + j1 - j0 for i0, i1, j0, j1 in blocks)
    return Survey(np.concatenate(beads), nulls, runs, translated, merged, segments)


def _likely_beads(batch: WeighedBlocks) -> Iterator[Floats]:
    """Beads more likely than not, a row each."""
    first = np.array([(i0, j0) for i0, _, j0, _ in batch.weights.blocks])
    for (a, b), posterior in batch.posteriors.beads.items():
        k, i, j = np.nonzero(posterior > _SURE)
        i1, j1 = first[k, 0] + i, first[k, 1] + j
        yield np.stack([i1 - a, i1, j1 - b, j1, posterior[k, i, j]], axis=1)


def taught(evidence: Evidence, blocks: Sequence[Block]) -> Evidence:
    """The evidence of the second pass: a first pass over the blocks, and what it teaches.

    Of a long document a part is enough, taken from all over it.
    """
    segments = sum(i1 - i0 + j1 - j0 for i0, i1, j0, j1 in blocks)
    return learn(evidence, survey(evidence, blocks[:: 1 + segments // (2 * _TAUGHT)]))


def learn(evidence: Evidence, seen: Survey) -> Evidence:
    """The evidence with what a pass teaches: the document's habits, and its own counts in the table."""
    encoding = evidence.encoding
    beads = seen.beads[np.argsort(seen.beads[:, 0], kind="stable")]
    mirrored = beads[:, [2, 3, 0, 1, 4]]
    src, tgt, table, parameters = encoding.src, encoding.tgt, encoding.table, evidence.parameters
    forward = recounted(src, tgt, table.forward, beads, parameters)
    backward = recounted(tgt, src, table.backward, mirrored, parameters)
    return dataclasses.replace(
        evidence,
        encoding=dataclasses.replace(encoding, table=LexicalTable(forward, backward)),
        habits=_habits(evidence, seen),
    )


def _habits(evidence: Evidence, seen: Survey) -> Habits:
    """Rates as expected; the length ratio from likely beads of two or three segments."""
    i0, i1, j0, j1 = seen.beads[:, :4].astype(np.int64).T
    simple = (i1 - i0) + (j1 - j0) <= 3  # noqa: PLR2004 - 1–1, 1–2 and 2–1: larger ones are less sure
    mean = document_mean(
        tokens_of(evidence.encoding.src, i0, i1)[simple],
        tokens_of(evidence.encoding.tgt, j0, j1)[simple],
        seen.beads[simple, 4],
        evidence.parameters.length_model,
    )
    return observed(
        mean,
        segments=seen.segments,
        nulls=seen.nulls,
        runs=seen.runs,
        beads=seen.translated,
        merges=seen.merged,
    )
