"""The document's own counts: what its sure beads say of the translation table.

One step of expectation–maximisation (IBM model 1, Brown et al. 1993) that starts from the table: expected
links of all beads are counted, each weighted by the bead's probability, and mixed with what is known. We
depart from it in one thing: of each entry, and of each unit's occurrences, the bead that says most is left
out, so that no bead can vouch for itself, and what stands in one bead alone keeps its t.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import c_int64
from dataclasses import dataclass

import numpy as np

from aligner import compiled
from aligner.evidence.lexical import USUAL_UNITS, EncodedSide, choices, local_counts
from aligner.evidence.parameters import Parameters
from aligner.evidence.rectangles import rectangles
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples

_FAINT = 0.02
"""Expected links below this are not counted: many, and each says next to nothing."""
_TOGETHER = 64
"""Beads whose links are counted at once: little enough for a processor's cache."""
_CELLS = 1_000_000
"""Tokens of one side times those of the other, of all beads whose links are counted at once."""
_NEARLY_NOTHING = 1e-30
"""Keeps the division by the weight of padding, which is 0, from being one by 0."""
_ROOM = 1 << 18
"""Links that the compiled loop may find before they are put away."""


@dataclass(frozen=True, slots=True)
class _Links:
    """Expected links of beads, all weighted by the beads' probabilities.

    Attributes:
        units, targets, values: unit, target and expected number of each link in each bead.
        seen: (units,) how often each unit stands in the beads.
        most: (units,) how often in the one in which it stands most.
    """

    units: Ints
    targets: Ints
    values: Floats
    seen: Floats
    most: Floats


def recounted(
    giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats, parameters: Parameters
) -> Sparse:
    """The table with the expected links of beads mixed in: (τ·t + counts) / (τ + occurrences). O(links).

    Args:
        giver: the side of the table's units.
        taker: the side of its targets.
        table: t.
        beads: (k, 5): first and last + 1 segment of the giver, of the taker, and probability.
        parameters: how many occurrences the table is worth, τ, and what links are weighed by.
    """
    tau = parameters.own_counts
    links = (_links_by_loop if compiled.LOOPS else _links)(giver, taker, table, beads, parameters)
    shape = (table.rows, table.columns)
    counts = _without_largest(links, shape)
    old_rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    new_rows = np.repeat(np.arange(table.rows), np.diff(counts.indptr))
    weight = 1 / (tau + links.seen - links.most)
    return from_triples(
        np.concatenate([old_rows, new_rows]),
        np.concatenate([table.indices, counts.indices]),
        np.concatenate([table.data * tau * weight[old_rows], counts.data * weight[new_rows]]),
        shape,
    )


def tokens_of(side: EncodedSide, first: Ints, last: Ints) -> Floats:
    """Tokens of segments first … last − 1."""
    total = np.concatenate([[0.0], np.cumsum(side.lengths)])
    return np.asarray(total[last] - total[first])


def _links(
    giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats, parameters: Parameters
) -> _Links:
    """The links of all beads that are not faint, some beads at a time."""
    seen, most = np.zeros(table.rows), np.zeros(table.rows)
    units, targets, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for some in _of_like_size(giver, taker, beads):
        (standing, often), (unit, target, value) = _links_of_some(giver, taker, table, some, parameters)
        np.add.at(seen, standing, often)
        np.maximum.at(most, standing, often)
        units.append(unit)
        targets.append(target)
        values.append(value)
    return _Links(np.concatenate(units), np.concatenate(targets), np.concatenate(values), seen, most)


def _links_by_loop(
    giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats, parameters: Parameters
) -> _Links:
    """The same by a compiled loop, from bead to bead."""
    seen, most = np.zeros(table.rows), np.zeros(table.rows)
    where = np.ascontiguousarray(beads[:, :4], np.int64)
    # The links of a token add up to how often it stands, at most, and none that counts is below _FAINT: so
    # there is room for those of any bead, and each call gets on.
    longest = tokens_of(taker, where[:, 2], where[:, 3]).max(initial=0)
    room = max(_ROOM, 1 + int(longest / _FAINT))
    buffers = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    bead, links = c_int64(0), c_int64(0)
    document = (
        giver.units.as_compiled(np.float32),
        taker.targets.as_compiled(np.float32),
        table.as_compiled(np.float64),
        np.ascontiguousarray(taker.chance, np.float64),
    )
    probabilities = np.ascontiguousarray(beads[:, 4], np.float64)
    found = [tuple(buffer[:0].copy() for buffer in buffers)]
    while bead.value < len(beads):
        compiled.run(
            "link_beads",
            *document,
            where,
            probabilities,
            len(beads),
            parameters.smoothing,
            parameters.dilution,
            USUAL_UNITS,
            _FAINT,
            room,
            bead,
            links,
            *buffers,
            seen,
            most,
        )
        found.append(tuple(buffer[: links.value].copy() for buffer in buffers))
    units, targets, values = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Links(units, targets, values, seen, most)


def _of_like_size(giver: EncodedSide, taker: EncodedSide, beads: Floats) -> Iterator[Floats]:
    """The beads some at a time, short ones first: a long one would fill the others up to its length."""
    i0, i1, j0, j1 = beads[:, :4].astype(np.int64).T
    here, there = tokens_of(giver, i0, i1), tokens_of(taker, j0, j1)
    order = np.argsort(here + there, kind="stable")
    cells = (here * there)[order]
    start = 0
    while start < len(order):
        count = min(_TOGETHER, len(order) - start)
        while count > 1 and count * cells[start : start + count].max() > _CELLS:
            count //= 2
        yield beads[order[start : start + count]]
        start += count


def _links_of_some(
    giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats, parameters: Parameters
) -> tuple[tuple[Ints, Floats], tuple[Ints, Ints, Floats]]:
    """The units of some beads, bead by bead, and how often they stand there; and the links not faint."""
    smoothing = parameters.smoothing
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
    share = here / choices(np.maximum(here.sum(axis=1, keepdims=True), 1), parameters.dilution)
    link = share[:, :, None] * (given + chance[:, None, :])
    expected = there * beads[:, 4:].astype(np.float32) / (link.sum(axis=1) + chance + _NEARLY_NOTHING)
    link *= expected[:, None, :]
    k, row, column = np.nonzero(link >= _FAINT)
    linked = units.columns[k, row], targets.columns[k, column], link[k, row, column].astype(np.float64)
    return (unit, here[bead, number] * beads[bead, 4]), linked


def _without_largest(links: _Links, shape: tuple[int, int]) -> Sparse:
    """Sums by cell, each less its largest single value; cells of one value vanish. O(N log N)."""
    cell = links.units * shape[1] + links.targets
    order = np.argsort(cell, kind="stable")
    cell, values = cell[order], links.values[order]
    first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1])[: len(cell)])
    several = np.diff(first, append=len(cell)) > 1
    left = np.add.reduceat(values, first) - np.maximum.reduceat(values, first) if len(first) else values
    row, column = np.divmod(cell[first[several]], max(shape[1], 1))
    return from_triples(row, column, left[several], shape)
