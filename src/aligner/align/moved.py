"""Blocks that changed places: found in what stayed null, and aligned within themselves.

A monotone path can follow only one of two blocks that were exchanged; the other one is null on both sides,
at two places. So each run of zh segments that found no counterpart is weighed against each run of vi
segments that found none, by the same evidence and the same lattice. What they gain over staying null, in
log2 odds, must outweigh the number of places at which such a block could have been found by chance, and a
prior against moves, which are rare.

A block that leaps over no more than about its own length has changed places with what it leapt over:
neither of the two is more in order than the other, and both are marked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from aligner.align.drafts import Draft, drafts_of
from aligner.align.passes import weigh
from aligner.evidence.combine import Evidence
from aligner.evidence.rectangles import Block

_LEAST = 3
"""Beads of a block: a sentence or two that fit elsewhere are more likely alike than moved; assumed."""
_RARE = 10.0
"""Log2 odds against a move, beside the number of places to find one at: one in a thousand; assumed."""
_UNSURE = 0.5
"""Confidence below which a bead counts as if it had no counterpart: it may hide a part of a moved block."""
_APART = 3
"""Segments of a side that may stand between two beads of one block."""
_AREA = 1_000_000
"""Cells that are searched at most, the longest runs first: about 5 CPU seconds."""
_EXCHANGED = 1.2
"""How many times as long as a block what it leaps over may be, for the two to have changed places."""

Run = tuple[int, int]
"""First segment of a side, and last + 1."""


def with_moved(evidence: Evidence, drafts: Sequence[Draft]) -> list[Draft]:
    """The beads, those of moved blocks marked, each at the place of its zh text.

    Cost: a look at the nulls; where there are long enough runs of them on both sides, the evidence of the
    runs of zh against the runs of vi.
    """
    found = list(drafts)
    taken: tuple[set[int], set[int]] = set(), set()
    for _, block in sorted(_blocks(evidence, found), key=lambda scored: -scored[0]):
        zh = {i for bead in block for i in range(bead.i0, bead.i1)}
        vi = {j for bead in block for j in range(bead.j0, bead.j1)}
        if zh.isdisjoint(taken[0]) and vi.isdisjoint(taken[1]):
            taken[0].update(zh)
            taken[1].update(vi)
            found = _exchanged(_placed(evidence, found, block, (zh, vi)), block)
    return found


def _blocks(evidence: Evidence, drafts: Sequence[Draft]) -> Iterator[tuple[float, list[Draft]]]:
    """Blocks that were moved, with what they gain over staying null."""
    rectangles = _pairs(_runs(drafts, 0), _runs(drafts, 2))
    least = _RARE + float(np.log2(max(1, evidence.shape[0] * evidence.shape[1])))
    for batch in weigh(evidence, rectangles) if rectangles else ():
        lattice = batch.lattice
        for k, beads in enumerate(drafts_of(batch, evidence.parameters.calibration)):
            i, _, j, _ = batch.weights.blocks[k]
            for block in _together(beads):
                null = sum(lattice.src_null[k, b.i0 - i : b.i1 - i].sum() for b in block)
                null += sum(lattice.tgt_null[k, b.j0 - j : b.j1 - j].sum() for b in block)
                gain = sum(b.score for b in block) - float(null)
                if gain >= least:
                    yield gain, block


def _runs(drafts: Sequence[Draft], at: int) -> list[Run]:
    """Runs of segments without counterpart on one side; `at` is where a draft has the side's numbers."""
    runs: list[Run] = []
    for draft in drafts:
        first, last = (draft.i0, draft.i1) if at == 0 else (draft.j0, draft.j1)
        if first < last and (draft.is_null or draft.confidence < _UNSURE):
            if runs and runs[-1][1] == first:
                runs[-1] = (runs[-1][0], last)
            else:
                runs.append((first, last))
    return [run for run in runs if run[1] - run[0] >= _LEAST]


def _pairs(zh: Sequence[Run], vi: Sequence[Run]) -> list[Block]:
    """Runs of zh against runs of vi, the largest first, as many as can be searched."""
    blocks = [(*one, *other) for one in zh for other in vi]
    blocks.sort(key=lambda b: -min(b[1] - b[0], b[3] - b[2]))
    area = np.cumsum([(b[1] - b[0]) * (b[3] - b[2]) for b in blocks])
    return [block for block, total in zip(blocks, area.tolist(), strict=True) if total <= _AREA]


def _together(path: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Beads of a path that are more likely than not, as far as they stand together on both sides."""
    block: list[Draft] = []
    for bead in path:
        if bead.is_null or bead.confidence < _UNSURE:
            continue
        if block and max(bead.i0 - block[-1].i1, bead.j0 - block[-1].j1) > _APART:
            if len(block) >= _LEAST:
                yield block
            block = []
        block.append(bead)
    if len(block) >= _LEAST:
        yield block


def _placed(
    evidence: Evidence, drafts: Sequence[Draft], block: Sequence[Draft], taken: tuple[set[int], set[int]]
) -> list[Draft]:
    """The drafts with a moved block; what is left of those whose segments it takes stays null."""
    found: list[Draft] = []
    for draft in drafts:
        zh = [i for i in range(draft.i0, draft.i1) if i not in taken[0]]
        vi = [j for j in range(draft.j0, draft.j1) if j not in taken[1]]
        if len(zh) == draft.i1 - draft.i0 and len(vi) == draft.j1 - draft.j0:
            found.append(draft)
        elif zh or vi:
            found += _nulls(evidence, draft, zh, vi)
    starts = [draft.i0 if draft.i1 > draft.i0 else -1 for draft in found]
    starts = np.maximum.accumulate([*starts, -1]).tolist()[: len(found)]
    merged = list(zip(starts, found, strict=True))
    for bead in block:
        at = bisect_left(merged, bead.i0, key=lambda placed: placed[0])
        merged.insert(at, (bead.i0, bead._replace(moved=True)))
    return [draft for _, draft in merged]


def _nulls(evidence: Evidence, old: Draft, zh: Sequence[int], vi: Sequence[int]) -> Iterator[Draft]:
    """Segments of a bead that is given up, as nulls: as sure as the bead was unsure."""
    alone = [(i, i + 1, old.j0, old.j0) for i in zh] + [(old.i1, old.i1, j, j + 1) for j in vi]
    for batch in weigh(evidence, alone):
        for null in chain.from_iterable(drafts_of(batch, evidence.parameters.calibration)):
            yield null._replace(confidence=round(1 - old.confidence, 4))


def _exchanged(drafts: Sequence[Draft], block: Sequence[Draft]) -> list[Draft]:
    """The drafts; marked are also those that a block leapt over, if they are about as long as the block."""
    leapt = {
        k
        for k, draft in enumerate(drafts)
        if not (draft.is_null or draft.moved)
        and (
            (draft.i0 >= block[-1].i1 and draft.j1 <= block[0].j0)
            or (draft.i1 <= block[0].i0 and draft.j0 >= block[-1].j1)
        )
    }
    if sum(map(_length, (drafts[k] for k in leapt))) > _EXCHANGED * sum(map(_length, block)):
        return list(drafts)
    return [draft._replace(moved=True) if k in leapt else draft for k, draft in enumerate(drafts)]


def _length(draft: Draft) -> int:
    """Segments of a bead."""
    return draft.i1 - draft.i0 + draft.j1 - draft.j0
