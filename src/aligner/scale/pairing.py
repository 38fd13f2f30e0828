"""Which Chinese document is translated by which Vietnamese one, in two piles of them.

Documents are compared by the cosine of their idf-weighted vectors. A pair's score is its margin: the
cosine over the mean of what either document has with its nearest neighbours (Artetxe & Schwenk 2019,
"Margin-based parallel corpus mining", ACL, there for sentences). Two documents of one subject are both
near to everything on that subject; only a translation stands out. Pairs are taken best first, each
document once, down to the margin from which a pair is more likely right than wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aligner.evidence.sparse import Floats, Ints, Sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

NEIGHBOURS = 4
"""Nearest documents a margin is taken over; as in the paper."""
_FEATURES = 256
"""Tokens that describe a document at most, the weightiest; some three pages have no more."""
_BLOCK = 1024
"""Documents a side that are compared at once, in a table of 8 MB: a shard may be an archive of any size."""
_SLOPE, _OFFSET = 30.0, 1.1
"""The confidence of a pair is a logistic function of its margin; see `confidence`."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of documents that may belong together.

    Attributes:
        zh, vi: numbers of the documents.
        cosine: how alike they are, 0 to 1.
    """

    zh: Ints
    vi: Ints
    cosine: Floats


@dataclass(frozen=True, slots=True)
class Match:
    """Two documents that translate each other.

    Attributes:
        zh, vi: their numbers.
        cosine: how alike they are, 0 to 1.
        margin: how much more alike than either is to others; about 1 for documents of one subject.
        confidence: probability that they are a pair.
    """

    zh: int
    vi: int
    cosine: float
    margin: float
    confidence: float


def frequencies(vectors: Sparse) -> Sparse:
    """In how many documents each token stands, as one row."""
    column, count = np.unique(vectors.indices, return_counts=True)
    return Sparse(np.array([0, len(column)]), column, count.astype(np.float64), vectors.columns)


def weights(vectors: Sparse, frequency: Floats, documents: int) -> csr_matrix:
    """Unit vectors: tokens weighted by idf, the weightiest `_FEATURES` of each document.

    Args:
        vectors: (documents × columns).
        frequency: by column, in how many vi documents it stands.
        documents: how many vi documents there are.
    """
    from scipy.sparse import csr_matrix

    idf = np.log((documents + 1) / (frequency + 0.5))
    known = frequency > 0
    idf[~known] = 0.0
    data = vectors.data * np.maximum(idf, 0.0)[vectors.indices]
    row = np.repeat(np.arange(vectors.rows), np.diff(vectors.indptr))
    order = np.lexsort((vectors.indices, -data, row))
    rank = np.arange(len(order)) - np.repeat(vectors.indptr[:-1], np.diff(vectors.indptr))
    kept = np.sort(order[(rank < _FEATURES) & (data[order] > 0)])
    norm = np.sqrt(np.bincount(row[kept], data[kept] ** 2, vectors.rows))
    values = data[kept] / norm[row[kept]]
    indptr = np.searchsorted(row[kept], np.arange(vectors.rows + 1))
    return csr_matrix((values, vectors.indices[kept], indptr), (vectors.rows, vectors.columns))


def nearest(
    own: csr_matrix, others: Iterable[csr_matrix], count: int = NEIGHBOURS, *, block: int = _BLOCK
) -> tuple[Ints, Ints, Floats]:
    """The most alike documents of the other language, over several shards of them.

    Returns:
        (own document, other document counted over the shards, cosine), best first for each own one; ties
        go to the earlier document.
    """
    found = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    first = 0
    for other in others:
        for i in range(0, own.shape[0], block):
            for j in range(0, other.shape[0], block):
                cosines = (own[i : i + block] @ other[j : j + block].T).toarray()
                rows, columns = np.nonzero(_may_be_best(cosines, count))
                near = (rows + i, columns + first + j, cosines[rows, columns])
                together = [np.concatenate(parts) for parts in zip(found, near, strict=True)]
                found = _best(together[0], together[1], together[2], count)
        first += other.shape[0]
    return found


def _may_be_best(cosines: Floats, count: int) -> NDArray[np.bool_]:
    """Which entries are among the largest of their row, ties included."""
    least = np.zeros((len(cosines), 1))
    if cosines.shape[1] > count:
        least = np.partition(cosines, -count, axis=1)[:, -count, None]
    return np.asarray((cosines >= least) & (cosines > 0))


def _best(rows: Ints, columns: Ints, values: Floats, count: int) -> tuple[Ints, Ints, Floats]:
    order = np.lexsort((columns, -values, rows))
    rows = rows[order]
    starts = np.searchsorted(rows, rows)
    kept = np.arange(len(rows)) - starts < count
    return rows[kept], columns[order][kept], values[order][kept]


def matches(from_zh: Edges, from_vi: Edges, *, least: float = 0.5) -> list[Match]:
    """The pairs: best margin first, each document once.

    Args:
        from_zh: the nearest vi documents of each zh document.
        from_vi: the nearest zh documents of each vi document.
        least: confidence that a pair must have.

    O(edges · log edges).
    """
    size = 1 + max([0, *(int(e.zh.max()) for e in (from_zh, from_vi) if len(e.zh))])
    other = 1 + max([0, *(int(e.vi.max()) for e in (from_zh, from_vi) if len(e.vi))])
    zh_mean = np.bincount(from_zh.zh, from_zh.cosine, size) / NEIGHBOURS
    vi_mean = np.bincount(from_vi.vi, from_vi.cosine, other) / NEIGHBOURS
    cells = np.concatenate([from_zh.zh * other + from_zh.vi, from_vi.zh * other + from_vi.vi])
    cell, first = np.unique(cells, return_index=True)
    cosine = np.concatenate([from_zh.cosine, from_vi.cosine])[first]
    zh, vi = cell // other, cell % other
    margin = 2 * cosine / (zh_mean[zh] + vi_mean[vi])
    found: list[Match] = []
    taken_zh: set[int] = set()
    taken_vi: set[int] = set()
    for k in np.lexsort((vi, zh, -cosine, -margin)).tolist():
        a, b, sure = int(zh[k]), int(vi[k]), confidence(float(margin[k]))
        if sure < least:
            break
        if a not in taken_zh and b not in taken_vi:
            taken_zh.add(a)
            taken_vi.add(b)
            found.append(Match(a, b, float(cosine[k]), float(margin[k]), sure))
    return sorted(found, key=lambda match: (match.zh, match.vi))


def confidence(margin: float) -> float:
    """Probability that the best pair of its documents is a translation."""
    return float(1 / (1 + np.exp(-_SLOPE * (margin - _OFFSET))))
