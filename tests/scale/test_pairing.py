"""Pairing: sparse products and margins against their definitions, and texts that belong together."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scale.conftest import ONLY_VI, ONLY_ZH, TEXTS

from aligner.evidence.lexicon import load_lexicon
from aligner.evidence.sparse import from_triples
from aligner.scale.pairing import NEIGHBOURS, Edges, confidence, frequencies, matches, nearest, weights
from aligner.scale.vectors import COLUMNS, vi_vectors, zh_vectors

Matrix = list[list[float]]
small = st.lists(
    st.lists(st.sampled_from([0.0, 0.0, 0.2, 0.5, 0.9]), min_size=5, max_size=5), min_size=1, max_size=5
)


def edges(cosine: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[Edges, Edges]:
    """The nearest neighbours from either side, the obvious way."""
    pairs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for i, row in enumerate(cosine):
        best = sorted((j for j in range(len(row)) if row[j]), key=lambda j: (-row[j], j))
        pairs[0].extend((i, j) for j in best[:NEIGHBOURS])
    for j, column in enumerate(cosine.T):
        best = sorted((i for i in range(len(column)) if column[i]), key=lambda i: (-column[i], i))
        pairs[1].extend((i, j) for i in best[:NEIGHBOURS])
    made = []
    for found in pairs:
        zh, vi = (np.array([pair[k] for pair in found], np.int64) for k in (0, 1))
        made.append(Edges(zh, vi, cosine[zh, vi]))
    return made[0], made[1]


@settings(max_examples=60, deadline=None)
@given(small)
def test_matches_are_one_to_one_and_best_first(rows: Matrix) -> None:
    cosine = np.array(rows)
    found = matches(*edges(cosine), least=0.0)
    assert len({m.zh for m in found}) == len({m.vi for m in found}) == len(found)
    zh_mean = np.sort(cosine, axis=1)[:, -NEIGHBOURS:].sum(axis=1) / NEIGHBOURS
    vi_mean = np.sort(cosine, axis=0)[-NEIGHBOURS:].sum(axis=0) / NEIGHBOURS
    margin = {(m.zh, m.vi): m.margin for m in found}
    for m in found:
        assert np.isclose(m.margin, 2 * cosine[m.zh, m.vi] / (zh_mean[m.zh] + vi_mean[m.vi]))
    # Greedy, best first: no pair left out beats both of the pairs that took its documents.
    by_zh, by_vi = {m.zh: m for m in found}, {m.vi: m for m in found}
    for i, j in np.argwhere(cosine > 0).tolist():
        if (i, j) not in margin:
            own = 2 * cosine[i, j] / (zh_mean[i] + vi_mean[j])
            rivals = [m.margin for m in (by_zh.get(i), by_vi.get(j)) if m]
            assert rivals, (i, j)
            assert max(rivals) >= own - 1e-9


@settings(max_examples=60, deadline=None)
@given(small, small, st.integers(1, 3), st.integers(1, 9))
def test_nearest_against_the_full_product(own: Matrix, other: Matrix, shard: int, block: int) -> None:
    left, right = (make(rows) for rows in (own, other))
    rows, columns, cosine = nearest(
        left, [right[k : k + shard] for k in range(0, len(other), shard)], block=block
    )
    full = (left @ right.T).toarray()
    for i in range(len(own)):
        expected = sorted((j for j in range(len(other)) if full[i, j]), key=lambda j: (-full[i, j], j))[
            :NEIGHBOURS
        ]
        assert sorted(columns[rows == i].tolist()) == sorted(expected) or np.allclose(
            np.sort(cosine[rows == i]), np.sort(full[i, expected])
        )


def make(rows: Matrix) -> Any:
    i, j = np.nonzero(np.array(rows))
    vectors = from_triples(i, j, np.array(rows)[i, j], (len(rows), 5))
    return weights(vectors, np.full(5, 1.0), 10)


def test_a_text_and_its_translation_are_nearest() -> None:
    lexicon = load_lexicon()
    zh = zh_vectors(["z"] * 7, [*(text for text, _ in TEXTS), ONLY_ZH], lexicon)
    vi = vi_vectors(["v"] * 7, [*(text for _, text in TEXTS), ONLY_VI], lexicon)
    counted = frequencies(vi.tokens)
    frequency = np.zeros(COLUMNS)
    frequency[counted.indices] = counted.data
    left, right = (weights(vectors.tokens, frequency, 7) for vectors in (zh, vi))
    from_zh = Edges(*nearest(left, [right]))
    own, other, cosine = nearest(right, [left])
    found = matches(from_zh, Edges(other, own, cosine))
    assert [(m.zh, m.vi) for m in found] == [(k, k) for k in range(6)]


def test_confidence_grows_with_the_margin() -> None:
    values = [confidence(margin) for margin in (0.5, 1.0, 1.1, 1.3, 2.0)]
    assert values == sorted(values)
    assert values[0] < 0.1
    assert values[-1] > 0.9


def test_no_documents_at_all() -> None:
    nothing = np.zeros(0, np.int64)
    assert matches(Edges(nothing, nothing, np.zeros(0)), Edges(nothing, nothing, np.zeros(0))) == []
