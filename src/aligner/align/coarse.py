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

from aligner.evidence.encode import Encoding
from aligner.evidence.lexical import Singles
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
_TOGETHER = 256
"""Windows compared at once."""
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
    borders = np.concatenate([[0], inner, [len(lengths)]]).astype(np.int64)
    return np.flatnonzero(np.bincount(borders))  # each once; np.unique would load numpy.ma


def _similarity(encoding: Encoding, zh: Ints, vi: Ints) -> Singles:
    """Cosine of every zh chunk with every vi window."""
    expected = _expected_tokens(encoding.src.units, encoding.table.forward, zh)
    first, last = vi[:-1], np.append(vi[_STEPS:], [len(encoding.tgt.lengths)] * (_STEPS - 1))
    some = [slice(k, k + _TOGETHER) for k in range(0, len(first), _TOGETHER)]
    standing = np.zeros(expected.shape[1])
    for windows in some:
        standing += np.count_nonzero(_counts(encoding.tgt.targets, first[windows], last[windows]), axis=0)
    idf = np.log((len(first) + 1) / (standing + 1)).astype(np.float32)
    _weighted(expected, idf)
    similarity = np.empty((len(expected), len(first)), np.float32)
    for windows in some:
        present = _counts(encoding.tgt.targets, first[windows], last[windows])
        np.matmul(expected, _weighted(present, idf).T, out=similarity[:, windows])
    return similarity


def _weighted(counts: Singles, idf: Singles) -> Singles:
    """The counts, up to 2, by idf, each row of length 1; in place."""
    np.minimum(counts, 2.0, out=counts)
    np.multiply(counts, idf, out=counts)
    norms = np.sqrt(np.einsum("ij,ij->i", counts, counts))
    np.divide(counts, np.maximum(norms, 1e-9)[:, None], out=counts)
    return counts


def _counts(matrix: Sparse, first: Ints, last: Ints) -> Singles:
    """Sums of the rows first … last − 1, dense."""
    counts = np.zeros((len(first), matrix.columns), np.float32)
    for k, (begin, end) in enumerate(zip(matrix.indptr[first], matrix.indptr[last], strict=True)):
        counts[k] = np.bincount(matrix.indices[begin:end], matrix.data[begin:end], matrix.columns)
    return counts


def _expected_tokens(units: Sparse, table: Sparse, borders: Ints) -> Singles:
    """What tokens the chunks would yield by the strong entries of the table, dense."""
    narrow = table.where(table.data >= _STRONG)
    expected = np.zeros((len(borders) - 1, table.columns), np.float32)
    for chunk, (begin, end) in enumerate(pairwise(units.indptr[borders])):
        owner, entry = narrow.entries(units.indices[begin:end])
        values = units.data[begin:end][owner] * narrow.data[entry]
        expected[chunk] = np.bincount(narrow.indices[entry], values, table.columns)
    return expected


def _standing_out(similarity: Singles) -> Singles:
    """How far each cell stands above what its row and its column have elsewhere; 0 at least."""
    rows = similarity.mean(axis=1, keepdims=True) + similarity.std(axis=1, keepdims=True)
    columns = similarity.mean(axis=0, keepdims=True) + similarity.std(axis=0, keepdims=True)
    above = np.maximum(rows, columns)
    np.subtract(similarity, above, out=above)
    return np.asarray(np.maximum(above, 0.0, out=above))


def _median(values: Singles) -> np.float32:
    """As numpy's, which would load numpy.ma first.

    >>> [float(_median(np.arange(n, dtype=np.float32))) for n in (1, 2, 3, 4)]
    [0.0, 0.5, 1.0, 1.5]
    """
    middle = np.sort(values)[(len(values) - 1) // 2 : len(values) // 2 + 1]
    return np.float32(middle.mean())


def _way(gain: Singles) -> Ints:
    """The window of each chunk on the best monotone way; −1 for chunks left out.

    What comes before the first match and after the last is left out for nothing; after a jump the way goes
    on where the window before it ended.
    """
    jump = np.float32(_JUMP * _median(gain.max(axis=1)))
    matched, left = gain.copy(), np.zeros_like(gain)
    for p in range(1, len(gain)):
        before = matched[p - 1]
        left[p] = left[p - 1]
        np.maximum(left[p, _STEPS:], before[:-_STEPS] - jump, out=left[p, _STEPS:])
        onto = np.maximum.accumulate(left[p])
        for advance in _ADVANCES:
            np.maximum(onto[advance:], before[:-advance], out=onto[advance:])
        matched[p] += onto
    return _back(matched, left)


def _back(matched: Singles, left: Singles) -> Ints:
    """The best way from its last match to its first; of equal ways the one that goes on evenly.

    Args:
        matched: (chunks × windows) what the best way gathers that matches a chunk with a window.
        left: what it gathered before a chunk if vi goes on with a window, after a jump.
    """
    windows = np.full(len(matched), -1)
    p, q = (int(at) for at in np.unravel_index(matched.argmax(), matched.shape))
    while p >= 0:
        windows[p] = q
        steps = [
            (float(matched[p - 1, q - advance]), q - advance) for advance in _ADVANCES if p and advance <= q
        ]
        step, earlier = max(steps, key=lambda way: way[0], default=(0.0, 0))
        on = int(left[p, : q + 1].argmax())
        if step > 0 and step >= left[p, on]:
            p, q = p - 1, earlier
            continue
        while p and left[p - 1, on] == left[p, on]:
            p -= 1
        p, q = p - 1, on - _STEPS
    return windows


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
