"""The passes over one document pair: align, learn from the sure beads what is special to it, align again.

The second pass changes two things: the mean length ratio, and the translation table, into which the
document's own counts go. An entry of the table is learned only from agreement between at least two
beads (each entry's largest single contribution is left out), so that no bead can vouch for itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from aligner.align.lattice import BEAD_TYPES, Lattice, Reach, reach
from aligner.align.shares import Posteriors, posteriors
from aligner.align.weigh import lattice_of
from aligner.evidence.combine import BatchWeights, Evidence, batch_weights
from aligner.evidence.habits import Habits, observed
from aligner.evidence.length import document_mean
from aligner.evidence.lexical import EncodedSide, LexicalTable, choices, local_counts
from aligner.evidence.rectangles import Block, rectangles
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples

_SURE = 0.5  # posterior from which a bead's words are counted
"""A bead more likely right than wrong is counted, with its posterior as weight."""
_TAUGHT = 3000
"""Beads that teach at most, spread over the document: more of them say the same again."""
_TOGETHER = 64
"""Beads whose links are counted at once: little enough for a processor's cache."""
_LINK_CELLS = 1_000_000
"""Tokens of one side times those of the other, of all beads whose links are counted at once."""
_NEARLY_NOTHING = 1e-30
"""Keeps the division by the weight of padding, which is 0, from being one by 0."""
_FAINT = 0.02
"""Expected links below this are not counted: many, and each says next to nothing."""
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
    forward = _recount(evidence, encoding.src, encoding.tgt, encoding.table.forward, beads)
    backward = _recount(evidence, encoding.tgt, encoding.src, encoding.table.backward, mirrored)
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
        _tokens(evidence.encoding.src, i0, i1)[simple],
        _tokens(evidence.encoding.tgt, j0, j1)[simple],
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


def _recount(
    evidence: Evidence, giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats
) -> Sparse:
    """The table with expected link counts of the beads mixed in: (τ·t + counts) / (τ + occurrences).

    One step of expectation–maximisation (IBM model 1) that starts from the table, O(links). The bead in
    which a unit stands most is left out of its occurrences too: what stands in one bead keeps its t.
    """
    tau = evidence.parameters.own_counts
    rows, columns, values = [], [], []
    seen, most = np.zeros(table.rows), np.zeros(table.rows)
    for some in _of_like_size(giver, taker, beads):
        units, often, linked = _links(evidence, giver, taker, table, some)
        np.add.at(seen, units, often)
        np.maximum.at(most, units, often)
        rows.append(linked[0])
        columns.append(linked[1])
        values.append(linked[2])
    if not rows:
        return table
    counts = _without_largest(
        np.concatenate(rows), np.concatenate(columns), np.concatenate(values), (table.rows, table.columns)
    )
    old_rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    new_rows = np.repeat(np.arange(table.rows), np.diff(counts.indptr))
    weight = 1 / (tau + seen - most)
    return from_triples(
        np.concatenate([old_rows, new_rows]),
        np.concatenate([table.indices, counts.indices]),
        np.concatenate([table.data * tau * weight[old_rows], counts.data * weight[new_rows]]),
        (table.rows, table.columns),
    )


def _of_like_size(giver: EncodedSide, taker: EncodedSide, beads: Floats) -> Iterator[Floats]:
    """The beads some at a time, short ones first: a long one would fill the others up to its length."""
    i0, i1, j0, j1 = beads[:, :4].astype(np.int64).T
    here, there = _tokens(giver, i0, i1), _tokens(taker, j0, j1)
    order = np.argsort(here + there, kind="stable")
    cells = (here * there)[order]
    start = 0
    while start < len(order):
        count = min(_TOGETHER, len(order) - start)
        while count > 1 and count * cells[start : start + count].max() > _LINK_CELLS:
            count //= 2
        yield beads[order[start : start + count]]
        start += count


def _tokens(side: EncodedSide, first: Ints, last: Ints) -> Floats:
    """Tokens of segments first … last − 1."""
    total = np.concatenate([[0.0], np.cumsum(side.lengths)])
    return np.asarray(total[last] - total[first])


def _links(
    evidence: Evidence, giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats
) -> tuple[Ints, Floats, tuple[Ints, Ints, Floats]]:
    """The units of some beads, bead by bead, how often they stand there; and the links that are not faint.

    A link is a unit, a target and the expected number of links between them. All is weighted by the
    probability of the bead.
    """
    smoothing = evidence.parameters.smoothing
    where = rectangles([tuple(bead) for bead in beads[:, :4].astype(np.int64).tolist()])
    units, targets = local_counts(giver.units, where.zh), local_counts(taker.targets, where.vi)
    here, there = units.counts.sum(axis=2), targets.counts.sum(axis=2)
    bead, number = np.nonzero(here)
    unit = units.columns[bead, number]
    owner, entry = table.entries(unit)
    token = targets.place[bead[owner], table.indices[entry]]
    given = np.zeros((*here.shape, there.shape[1]), np.float32)
    given[bead[owner], number[owner], token] = (1 - smoothing) * table.data[entry]
    chance = smoothing * np.append(taker.chance, 0.0)[targets.columns].astype(np.float32) / 2
    share = here / choices(np.maximum(here.sum(axis=1, keepdims=True), 1), evidence.parameters.dilution)
    link = share[:, :, None] * (given + chance[:, None, :])
    expected = there * beads[:, 4:].astype(np.float32) / (link.sum(axis=1) + chance + _NEARLY_NOTHING)
    link *= expected[:, None, :]
    k, row, column = np.nonzero(link >= _FAINT)
    linked = units.columns[k, row], targets.columns[k, column], link[k, row, column].astype(np.float64)
    return unit, here[bead, number] * beads[bead, 4], linked


def _without_largest(rows: Ints, columns: Ints, values: Floats, shape: tuple[int, int]) -> Sparse:
    """Sums by cell, each less its largest single value; cells of one value vanish."""
    order = np.lexsort((values, columns, rows))
    cell = (rows * shape[1] + columns)[order]
    last = np.append(cell[1:] != cell[:-1], True)[: len(cell)]
    kept = order[~last]
    return from_triples(rows[kept], columns[kept], values[kept], shape)
