"""The band: the rectangles in which the full programme is run.

A short document is one rectangle, and the programme is exact. A long one is cut where the way is
beyond doubt: between two neighbouring 1–1 pairs, each of which is by far the best partner of both its
segments within the corridor of the coarse pass. Each rectangle between two cuts is then aligned
exactly; wider corridors and fewer cuts only add alignments to choose from.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from aligner import compiled
from aligner.align.coarse import corridor
from aligner.evidence.combine import Evidence
from aligner.evidence.lexical import LexicalTable, Singles, lexical_cells, telling
from aligner.evidence.rectangles import Block, rectangles
from aligner.evidence.sparse import Ints

FULL_AREA = 150_000
"""Documents up to this many cells (such as 380 × 380 segments) are aligned in one piece: 0.3 s, 60 MB."""
_LARGEST_AREA = 1_000_000
"""A rectangle beyond this, where the two texts share nothing, is cut along the corridor."""
_LARGEST_SIDE = 2_000
"""So is one of more segments than that on a side, however narrow: memory grows with what stands in it."""
_BLOCK = 4
"""Segments of a side from which a rectangle is closed at the next cut."""
_CLEAR = 4.0
"""Log2 odds by which an anchor must beat the next best of its row and its column. On the tuning half of the
development data, with noise, 1,348 cuts at 4 bits hold as many wrong ones as 619 at 8 bits: none to speak of;
below 4 bits there are more."""
_TELLING = 10.0
"""How much more likely than by chance a token must become for an entry of the table to count for anchors:
a fifth of all links do, and nine tenths of the cuts remain."""
_TOGETHER, _TOGETHER_COMPILED = 8, 32
"""Rectangles of the corridor worked at once: little enough for a processor's cache; compiled loops, which
work one after the other, are called less often instead."""


def blocks(evidence: Evidence, *, full_area: int = FULL_AREA) -> tuple[Block, ...]:
    """Rectangles that follow each other from corner to corner."""
    n, m = evidence.shape
    if n * m <= full_area:
        return ((0, n, 0, m),)
    path = corridor(evidence.encoding)
    nodes = [(0, 0), *_cuts(anchors(evidence, [block for block in path if block[0] < block[1]])), (n, m)]
    return tuple(_bounded(_closed(nodes), path))


def anchors(evidence: Evidence, path: Sequence[Block]) -> list[tuple[int, int]]:
    """Pairs (i, j) that are clearly each other's best within the corridor, strictly increasing in both.

    Cost: the lexical evidence of 1–1 beads in the corridor, by the telling entries of the table alone.
    """
    n, m = evidence.shape
    row_best, row_at, row_next = np.full(n, -np.inf), np.zeros(n, np.int64), np.full(n, -np.inf)
    column_best, column_at, column_next = np.full(m, -np.inf), np.zeros(m, np.int64), np.full(m, -np.inf)
    for (i0, i1, j0, j1), scores in _pair_scores(evidence, path):
        row_best[i0:i1], row_at[i0:i1], row_next[i0:i1] = _two_best(scores)
        row_at[i0:i1] += j0
        best, at, second = _two_best(scores.T)
        better = best > column_best[j0:j1]
        column_next[j0:j1] = np.where(
            better, np.maximum(column_best[j0:j1], second), np.maximum(column_next[j0:j1], best)
        )
        column_at[j0:j1] = np.where(better, at + i0, column_at[j0:j1])
        column_best[j0:j1] = np.maximum(column_best[j0:j1], best)
    rows = np.arange(n)
    clear = (
        (column_at[row_at] == rows)
        & (row_best >= _CLEAR)
        & (row_best - row_next >= _CLEAR)
        & (row_best - column_next[row_at] >= _CLEAR)
    )
    return _increasing(rows[clear], row_at[clear])


def _pair_scores(evidence: Evidence, path: Sequence[Block]) -> Iterator[tuple[Block, Singles]]:
    """Translation weight of every 1–1 bead of each rectangle."""
    encoding, p = evidence.encoding, evidence.parameters
    table = LexicalTable(
        telling(encoding.table.forward, encoding.tgt.chance, _TELLING),
        telling(encoding.table.backward, encoding.src.chance, _TELLING),
    )
    together = _TOGETHER_COMPILED if compiled.LOOPS else _TOGETHER
    for start in range(0, len(path), together):
        some = path[start : start + together]
        where = rectangles(some)
        cells = lexical_cells(
            encoding.src,
            encoding.tgt,
            table,
            where,
            max_span=1,
            smoothing=p.smoothing,
            dilution=p.dilution,
        )
        forward, backward = cells.bead(1, 1)
        scores = p.forward * forward + p.backward * backward
        for block, score in zip(some, scores, strict=True):
            yield block, score[: block[1] - block[0], : block[3] - block[2]]


def _two_best(scores: Singles) -> tuple[Singles, Ints, Singles]:
    """Of each row: the best value, where it stands, and the second best value."""
    at = scores.argmax(axis=1)
    rows = np.arange(len(scores))
    best = scores[rows, at]
    others = scores.copy()
    others[rows, at] = -np.inf
    return best, at, others.max(axis=1)


def _increasing(rows: Ints, columns: Ints) -> list[tuple[int, int]]:
    """The longest subsequence in which columns increase; rows do already. O(k log k)."""
    tails: list[int] = []
    tail_at: list[int] = []
    before = np.full(len(rows), -1)
    for k, column in enumerate(columns.tolist()):
        place = bisect_left(tails, column)
        before[k] = tail_at[place - 1] if place else -1
        if place == len(tails):
            tails.append(column)
            tail_at.append(k)
        else:
            tails[place], tail_at[place] = column, k
    chain: list[tuple[int, int]] = []
    k = tail_at[-1] if tail_at else -1
    while k >= 0:
        chain.append((int(rows[k]), int(columns[k])))
        k = int(before[k])
    return chain[::-1]


def _cuts(chain: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Nodes between two neighbouring anchors."""
    return [(i, j) for (h, k), (i, j) in pairwise(chain) if (i - h, j - k) == (1, 1)]


def _closed(nodes: Sequence[tuple[int, int]]) -> list[Block]:
    """Rectangles between nodes, each closed at the first node that makes it large enough."""
    found: list[Block] = []
    i0, j0 = nodes[0]
    for i, j in nodes[1:-1]:
        if max(i - i0, j - j0) >= _BLOCK:
            found.append((i0, i, j0, j))
            i0, j0 = i, j
    found.append((i0, nodes[-1][0], j0, nodes[-1][1]))
    return found


def _bounded(rectangles: Sequence[Block], path: Sequence[Block]) -> list[Block]:
    """The rectangles, those beyond bounds cut where the middle of the corridor goes."""
    middle_i = np.array([i0 for i0, _, _, _ in path] + [path[-1][1]])
    middle_j = np.array([j0 for _, _, j0, _ in path] + [path[-1][3]])
    middle_j[1:-1] = (middle_j[1:-1] + np.array([j1 for _, _, _, j1 in path[:-1]])) // 2
    found: list[Block] = []
    for i0, i1, j0, j1 in rectangles:
        inside = (middle_i > i0) & (middle_i < i1) & (middle_j >= j0) & (middle_j <= j1)
        small = (i1 - i0) * (j1 - j0) <= _LARGEST_AREA and max(i1 - i0, j1 - j0) <= _LARGEST_SIDE
        if small or not inside.any():
            found.append((i0, i1, j0, j1))
            continue
        nodes = zip(middle_i[inside].tolist(), np.maximum.accumulate(middle_j[inside]).tolist(), strict=True)
        a, b = i0, j0
        for i, j in [*nodes, (i1, j1)]:
            found.append((a, i, b, j))
            a, b = i, j
    return found
