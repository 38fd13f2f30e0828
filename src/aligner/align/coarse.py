"""The coarse pass: which stretch of vi can belong to which stretch of zh in a long document.

zh is cut into chunks of some dozens of segments, vi into windows as long that overlap by half; both are
measured in tokens, of which a translation has about as many as its source, so that chunk and window step
along together. A chunk is turned into the vi tokens it would most likely yield (only links with t ≥ 0.1),
and compared with each window by cosine of their idf-weighted tokens.

The best monotone way through that small matrix gathers whatever stands out of a row and a column. Where it
leaves out more than a little of one side it pays once: else it would go through a text that says like things
again and again by jumping to the likeliest place each time. The way gives a corridor; only there are
anchors looked for. Chunks grow with the square root of the length, so that time and memory stay near linear.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.encode import Encoding
from aligner.evidence.rectangles import Block
from aligner.evidence.sparse import Floats, Ints, Sparse

_LEAST_CHUNK = 32
"""Segments of average length in a chunk, at least."""
_STRONG = 0.1
"""t from which a link takes part: about the share of its readings that a character takes."""
_STEPS = 2
"""Windows begin this many times a chunk."""
_ADVANCES = (2, 1, 3)
"""Windows by which the way may go on from one chunk to the next for nothing, the likeliest first."""
_MARGIN = 2
"""Windows added on either side of the way."""
_JUMP = 2.0
"""What leaving out a stretch costs: the gain of so many chunks, taken at the best window of the median
chunk; assumed."""


def corridor(encoding: Encoding) -> list[Block]:
    """Rectangles (i0, i1, j0, j1) that follow the best way, in order.

    Their zh ranges divide the document, their vi ranges overlap and cover it. A rectangle without zh segments
    is a vi stretch that the way leaves out.
    """
    n, m = encoding.src.targets.rows, encoding.tgt.targets.rows
    src, tgt = encoding.src.lengths + 1, encoding.tgt.lengths + 1  # a segment without tokens is one, too
    size = max(_LEAST_CHUNK, np.sqrt(max(n, m)) / 4) * float(src.sum() + tgt.sum()) / (n + m)
    zh, vi = _borders(src, size), _borders(tgt, size / _STEPS)
    way = _way(_standing_out(_similarity(encoding, zh, vi)))
    return list(_covering(way, zh, vi))


def _borders(lengths: Floats, size: float) -> Ints:
    """Segments at which stretches of so many tokens begin, and the number of segments."""
    total = float(lengths.sum())
    count = max(1, round(total / size))
    inner = np.searchsorted(np.cumsum(lengths) - lengths / 2, np.arange(1, count) * (total / count))
    return np.unique(np.concatenate([[0], inner, [len(lengths)]]).astype(np.int64))


def _similarity(encoding: Encoding, zh: Ints, vi: Ints) -> NDArray[np.float32]:
    """Cosine of every zh chunk with every vi window."""
    expected = _expected_tokens(encoding.src.units, encoding.table.forward, zh)
    windows = vi[:-1], np.append(vi[_STEPS:], [len(encoding.tgt.lengths)] * (_STEPS - 1))
    present = _counts(encoding.tgt.targets, *windows)
    np.minimum(present, 2.0, out=present)
    np.minimum(expected, 2.0, out=expected)
    share = (present > 0).mean(axis=0)
    idf = np.log((1 + 1 / len(present)) / (share + 1 / len(present))).astype(np.float32)
    for counts in (expected, present):
        np.multiply(counts, idf, out=counts)
        np.divide(counts, np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9), out=counts)
    return np.asarray(expected @ present.T)


def _counts(matrix: Sparse, first: Ints, last: Ints) -> NDArray[np.float32]:
    """Sums of the rows first … last − 1, dense."""
    counts = np.zeros((len(first), matrix.columns), np.float32)
    for k, (begin, end) in enumerate(zip(matrix.indptr[first], matrix.indptr[last], strict=True)):
        counts[k] = np.bincount(matrix.indices[begin:end], matrix.data[begin:end], matrix.columns)
    return counts


def _expected_tokens(units: Sparse, table: Sparse, borders: Ints) -> NDArray[np.float32]:
    """What tokens the chunks would yield by the strong entries of the table, dense."""
    narrow = table.where(table.data >= _STRONG)
    expected = np.zeros((len(borders) - 1, table.columns), np.float32)
    for chunk, (begin, end) in enumerate(pairwise(units.indptr[borders])):
        owner, entry = narrow.entries(units.indices[begin:end])
        values = units.data[begin:end][owner] * narrow.data[entry]
        expected[chunk] = np.bincount(narrow.indices[entry], values, table.columns)
    return expected


def _standing_out(similarity: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each cell stands above what its row and its column have elsewhere; 0 at least."""
    rows = similarity.mean(axis=1, keepdims=True) + similarity.std(axis=1, keepdims=True)
    columns = similarity.mean(axis=0, keepdims=True) + similarity.std(axis=0, keepdims=True)
    return np.asarray(np.maximum(similarity - np.maximum(rows, columns), 0.0))


def _way(gain: NDArray[np.float32]) -> Ints:
    """The window of each chunk on the best monotone way; −1 for chunks left out.

    What comes before the first match and after the last is left out for nothing.
    """
    jump = np.float32(_JUMP * np.median(gain.max(axis=1)))
    matched, left = gain.copy(), np.zeros_like(gain)
    for p in range(1, len(gain)):
        before, out = matched[p - 1], left[p - 1]
        onto = np.maximum(np.maximum.accumulate(before) - jump, np.maximum.accumulate(out))
        for advance in _ADVANCES:
            np.maximum(onto[advance:], before[:-advance], out=onto[advance:])
        matched[p] += onto
        left[p] = np.maximum(out, before - jump)
    return _back(matched, left, jump)


def _back(matched: NDArray[np.float32], left: NDArray[np.float32], jump: np.float32) -> Ints:
    """The best way from its last match to its first; of equal ways the one that goes on evenly."""
    windows = np.full(len(matched), -1)
    last, q = (int(at) for at in np.unravel_index(matched.argmax(), matched.shape))
    is_match = True
    for p in range(last, -1, -1):
        windows[p] = q if is_match else -1
        if p and is_match:
            q, is_match = _before(matched[p - 1], left[p - 1], q, jump)
        elif p:
            is_match = bool(left[p - 1, q] < matched[p - 1, q] - jump)
    return windows


def _before(
    matched: NDArray[np.float32], left: NDArray[np.float32], q: int, jump: np.float32
) -> tuple[int, bool]:
    """Where the best way to a match at window q comes from, and whether that is a match as well."""
    steps = [(matched[q - advance], q - advance, True) for advance in _ADVANCES if advance <= q]
    out, jumped = int(left[: q + 1].argmax()), int(matched[: q + 1].argmax())
    ways = [*steps, (left[out], out, False), (matched[jumped] - jump, jumped, True)]
    _, window, is_match = max(ways, key=lambda way: way[0])
    return window, is_match


def _covering(windows: Ints, zh: Ints, vi: Ints) -> Iterator[Block]:
    """The rectangles of the chunks, and of the vi stretches between them."""
    last = len(vi) - 1
    at = 0
    for p, window in enumerate(_filled(windows, last).tolist()):
        i0, i1 = int(zh[p]), int(zh[p + 1])
        j0 = int(vi[max(0, window - _MARGIN)])
        j1 = int(vi[min(last, window + _STEPS + _MARGIN)])
        if j0 > at:
            yield i0, i0, at, j0
        yield i0, i1, j0, j1
        at = max(at, j1)
    if at < vi[-1]:
        yield int(zh[-1]), int(zh[-1]), at, int(vi[-1])


def _filled(windows: Ints, count: int) -> Ints:
    """The windows; chunks left out go on evenly before the first match and after the last, or lie between."""
    chunks = np.arange(len(windows))
    known = np.flatnonzero(windows >= 0)
    first, last = known[0], known[-1]
    found = np.interp(chunks, known, windows[known])
    found[:first] = windows[first] - _STEPS * (first - chunks[:first])
    found[last:] = windows[last] + _STEPS * (chunks[last:] - last)
    return np.clip(np.rint(found), 0, count - 1).astype(np.int64)
