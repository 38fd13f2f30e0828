"""The coarse pass: which stretch of vi can belong to which stretch of zh in a long document.

Both sides are cut into chunks of some dozens of segments. A zh chunk is turned into the vi tokens it
would most likely yield (only links with t ≥ 0.1), and chunks are compared by cosine of their
idf-weighted tokens. The best monotone path through that small matrix, which gathers whatever stands out
of a row and a column, gives a corridor; what lies outside it is never looked at again. Chunks grow with
the square root of the length, so that time and memory stay near linear.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.encode import Encoding
from aligner.evidence.sparse import Floats, Sparse

_LEAST_CHUNK = 32
_STRONG = 0.1
"""t from which a link takes part: about the share of its readings that a character takes."""
_MARGIN = 1
"""Chunks added on either side of the path: chunk borders of the two sides do not meet."""


def corridor(encoding: Encoding) -> list[tuple[int, int, int, int]]:
    """Rectangles (i0, i1, j0, j1) that follow the best path, one a zh chunk, in order.

    Their zh ranges divide the document; their vi ranges overlap and cover it.
    """
    n, m = encoding.src.targets.rows, encoding.tgt.targets.rows
    size = max(_LEAST_CHUNK, int(np.sqrt(max(n, m)) / 4))
    similarity = _similarity(encoding, size)
    rows: list[tuple[int, int, int, int]] = []
    for p, (first, last) in enumerate(_path_ranges(_standing_out(similarity))):
        j0, j1 = max(0, (first - _MARGIN) * size), min(m, (last + 1 + _MARGIN) * size)
        rows.append((p * size, min(n, (p + 1) * size), j0, j1))
    return rows


def _similarity(encoding: Encoding, size: int) -> Floats:
    """Cosine of every zh chunk with every vi chunk."""
    expected = _expected_tokens(encoding.src.units, encoding.table.forward, size)
    present = _chunk_counts(encoding.tgt.targets, size)
    np.minimum(present, 2.0, out=present)
    np.minimum(expected, 2.0, out=expected)
    share = (present > 0).mean(axis=0)
    idf = np.log((1 + 1 / len(present)) / (share + 1 / len(present))).astype(np.float32)
    for counts in (expected, present):
        np.multiply(counts, idf, out=counts)
        np.divide(counts, np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9), out=counts)
    return np.asarray(expected @ present.T, np.float64)


def _chunk_counts(matrix: Sparse, size: int) -> NDArray[np.float32]:
    """Sum of the rows of each chunk, dense."""
    counts = np.zeros((-(-matrix.rows // size), matrix.columns), np.float32)
    for chunk in range(len(counts)):
        part = slice(matrix.indptr[chunk * size], matrix.indptr[min((chunk + 1) * size, matrix.rows)])
        counts[chunk] = np.bincount(matrix.indices[part], matrix.data[part], matrix.columns)
    return counts


def _expected_tokens(units: Sparse, table: Sparse, size: int) -> NDArray[np.float32]:
    """What tokens the chunks would yield by the strong entries of the table, dense."""
    narrow = table.where(table.data >= _STRONG)
    expected = np.zeros((-(-units.rows // size), table.columns), np.float32)
    for chunk in range(len(expected)):
        part = slice(units.indptr[chunk * size], units.indptr[min((chunk + 1) * size, units.rows)])
        owner, entry = narrow.entries(units.indices[part])
        values = units.data[part][owner] * narrow.data[entry]
        expected[chunk] = np.bincount(narrow.indices[entry], values, table.columns)
    return expected


def _standing_out(similarity: Floats) -> Floats:
    """How far each cell stands above what its row and its column have elsewhere; 0 at least."""
    rows = similarity.mean(axis=1, keepdims=True) + similarity.std(axis=1, keepdims=True)
    columns = similarity.mean(axis=0, keepdims=True) + similarity.std(axis=0, keepdims=True)
    return np.asarray(np.maximum(similarity - np.maximum(rows, columns), 0.0))


def _path_ranges(gain: Floats) -> list[tuple[int, int]]:
    """The first and last column that the best monotone path visits in each row.

    The path goes from corner to corner by steps right, down or both, and gathers the gain of every
    cell it visits.
    """
    count, width = gain.shape
    best = np.zeros((count + 1, width + 1))
    for p in range(count):
        onto = np.maximum(best[p, 1:], best[p, :-1]) + gain[p]
        gathered = np.cumsum(gain[p])
        best[p + 1, 1:] = np.maximum.accumulate(onto - gathered) + gathered
    ranges = [(width - 1, 0)] * count
    p, q = count, width
    while p > 0:
        first, last = ranges[p - 1]
        ranges[p - 1] = (min(first, q - 1), max(last, q - 1))
        here = best[p, q] - gain[p - 1, q - 1]
        if (
            q > 1
            and best[p, q - 1] >= max(best[p - 1, q - 1], best[p - 1, q])
            and _same(best[p, q - 1], here)
        ):
            q -= 1
        elif q > 1 and _same(best[p - 1, q - 1], here):
            p, q = p - 1, q - 1
        elif _same(best[p - 1, q], here):
            p -= 1
        elif q > 1:
            q -= 1
        else:
            p -= 1
    return ranges


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))
