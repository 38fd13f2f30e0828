"""The passes over one document pair: align, learn from the sure beads what is special to it, align again.

The second pass changes two things: the mean length ratio, and the translation table, into which the
document's own counts go. An entry of the table is learned only from agreement between at least two
beads (each entry's largest single contribution is left out), so that no bead can vouch for itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from aligner.align.lattice import BEAD_TYPES, Posteriors, posteriors
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import BlockWeights, Evidence, block_weights
from aligner.evidence.habits import Habits, observed
from aligner.evidence.length import document_mean
from aligner.evidence.lexical import EncodedSide, LexicalTable
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples

Block = tuple[int, int, int, int]
_SURE = 0.5  # posterior from which a bead's words are counted
"""A bead more likely right than wrong is counted, with its posterior as weight."""


@dataclasses.dataclass(frozen=True, slots=True)
class WeighedPair:
    """A document pair after a pass: its blocks, their weights and posteriors.

    Attributes:
        evidence: what the weights were made from.
        blocks: weights by block; together they cover both sides in order.
        posteriors: over all blocks, in lockstep.
    """

    evidence: Evidence
    blocks: tuple[BlockWeights, ...]
    posteriors: Posteriors


def weigh(evidence: Evidence, blocks: tuple[Block, ...]) -> WeighedPair:
    """One pass: weights of all beads in the blocks, and their posteriors."""
    weighed = tuple(block_weights(evidence, block, BEAD_TYPES) for block in blocks)
    return WeighedPair(evidence, weighed, posteriors(lattice_of(weighed)))


def likely_beads(pair: WeighedPair, at_least: float) -> Iterator[tuple[int, int, int, int, float]]:
    """(i0, i1, j0, j1, posterior) of every translation bead that is likely enough."""
    for k, block in enumerate(pair.blocks):
        i0, _, j0, _ = block.block
        for (a, b), posterior in pair.posteriors.beads.items():
            for i, j in zip(*np.nonzero(posterior[k] > at_least), strict=True):
                yield i0 + i - a, i0 + i, j0 + j - b, j0 + j, float(posterior[k, i, j])


def learn(pair: WeighedPair) -> Evidence:
    """The evidence with what a pass teaches: the document's habits, and its own counts in the table."""
    evidence = pair.evidence
    encoding = evidence.encoding
    beads = np.array(list(likely_beads(pair, _SURE))).reshape(-1, 5)
    table = LexicalTable(
        forward=_recount(evidence, encoding.src, encoding.tgt, encoding.table.forward, beads),
        backward=_recount(
            evidence, encoding.tgt, encoding.src, encoding.table.backward, beads[:, [2, 3, 0, 1, 4]]
        ),
    )
    return dataclasses.replace(
        evidence,
        encoding=dataclasses.replace(encoding, table=table),
        habits=_habits(pair, beads),
    )


def _habits(pair: WeighedPair, beads: Floats) -> Habits:
    """Expected rates under the posteriors; the length ratio from likely beads of two or three segments."""
    encoding, found = pair.evidence.encoding, pair.posteriors
    i0, i1, j0, j1 = (beads[:, k].astype(np.int64) for k in range(4))
    src_sums = np.concatenate([[0.0], np.cumsum(encoding.src.lengths)])
    tgt_sums = np.concatenate([[0.0], np.cumsum(encoding.tgt.lengths)])
    simple = (i1 - i0) + (j1 - j0) <= 3  # noqa: PLR2004 - 1–1, 1–2 and 2–1: larger ones are less sure
    mean = document_mean(
        (src_sums[i1] - src_sums[i0])[simple],
        (tgt_sums[j1] - tgt_sums[j0])[simple],
        beads[simple, 4],
        pair.evidence.parameters.length_model,
    )
    expected = {bead_type: float(posterior.sum()) for bead_type, posterior in found.beads.items()}
    total = sum(expected.values())
    return observed(
        mean,
        segments=sum(pair.evidence.shape),
        nulls=float(found.src_null.sum() + found.tgt_null.sum()),
        runs=float(found.opens.sum()),
        beads=total,
        merges=total - expected[1, 1],
    )


def _recount(
    evidence: Evidence, giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats
) -> Sparse:
    """The table with expected link counts of the beads mixed in: (τ·t + counts) / (τ + occurrences).

    One step of expectation–maximisation (IBM model 1) that starts from the table, O(links).
    """
    smoothing, tau = evidence.parameters.smoothing, evidence.parameters.own_counts
    rows, columns, values = [], [], []
    seen = np.zeros(table.rows)
    for g0, g1, t0, t1, probability in beads:
        units, unit_counts = _counts(giver.units, int(g0), int(g1))
        targets, target_counts = _counts(taker.targets, int(t0), int(t1))
        if not (len(units) and len(targets)):
            continue
        chance = smoothing * taker.chance[targets]
        share = unit_counts[:, None] / unit_counts.sum()
        link = share * ((1 - smoothing) * table.dense(units, targets) + chance / 2)
        link *= target_counts * probability / (link.sum(axis=0) + chance / 2)
        rows.append(np.repeat(units, len(targets)))
        columns.append(np.tile(targets, len(units)))
        values.append(link.ravel())
        seen[units] += unit_counts * probability
    if not rows:
        return table
    counts = _without_largest(
        np.concatenate(rows), np.concatenate(columns), np.concatenate(values), (table.rows, table.columns)
    )
    old_rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    new_rows = np.repeat(np.arange(table.rows), np.diff(counts.indptr))
    weight = 1 / (tau + seen)
    return from_triples(
        np.concatenate([old_rows, new_rows]),
        np.concatenate([table.indices, counts.indices]),
        np.concatenate([table.data * tau * weight[old_rows], counts.data * weight[new_rows]]),
        (table.rows, table.columns),
    )


def _counts(matrix: Sparse, start: int, end: int) -> tuple[Ints, Floats]:
    """Distinct columns of a run of rows, and their sums."""
    _, entry = matrix.entries(np.arange(start, end))
    columns, inverse = np.unique(matrix.indices[entry], return_inverse=True)
    return columns, np.bincount(inverse, matrix.data[entry], len(columns)).astype(np.float64)


def _without_largest(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Sparse:
    """Sums by cell, each less its largest single value; cells of one value vanish."""
    order = np.lexsort((values, columns, rows))
    cell = (rows * shape[1] + columns)[order]
    last = np.append(cell[1:] != cell[:-1], True)
    kept = order[~last]
    return from_triples(rows[kept], columns[kept], values[kept], shape)
