"""The sparse matrix against dense arrays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aligner.evidence.sparse import Sparse, from_triples

ROWS, COLUMNS = 5, 4
TRIPLES = st.lists(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1), st.floats(-8, 8, width=32)), max_size=20
)


def build(triples: list[tuple[int, int, float]]) -> tuple[Sparse, NDArray[np.float64]]:
    dense = np.zeros((ROWS, COLUMNS))
    for row, column, value in triples:
        dense[row, column] += value
    rows = np.array([t[0] for t in triples], np.int64)
    columns = np.array([t[1] for t in triples], np.int64)
    return from_triples(rows, columns, np.array([t[2] for t in triples], float), (ROWS, COLUMNS)), dense


@settings(deadline=None, max_examples=60)
@given(triples=TRIPLES)
def test_triples_in_any_order_add_up(triples: list[tuple[int, int, float]]) -> None:
    sparse, dense = build(triples)
    assert (sparse.rows, sparse.columns) == (ROWS, COLUMNS)
    assert sparse.dense(np.arange(ROWS), np.arange(COLUMNS)) == pytest.approx(dense, abs=1e-5)
    backwards, _ = build(triples[::-1])
    assert np.array_equal(sparse.indices, backwards.indices)
    for row in range(ROWS):
        columns = sparse.indices[sparse.indptr[row] : sparse.indptr[row + 1]]
        assert len(set(columns.tolist())) == len(columns)


@settings(deadline=None, max_examples=60)
@given(
    triples=TRIPLES,
    rows=st.lists(st.integers(0, ROWS - 1), max_size=8),
    columns=st.lists(st.integers(0, COLUMNS - 1), max_size=COLUMNS, unique=True),
)
def test_any_rows_and_columns(
    triples: list[tuple[int, int, float]], rows: list[int], columns: list[int]
) -> None:
    sparse, dense = build(triples)
    wanted = np.array(rows, np.int64), np.array(columns, np.int64)
    assert sparse.dense(*wanted) == pytest.approx(dense[np.ix_(*wanted)], abs=1e-5)
    owner, entry = sparse.entries(wanted[0])
    found = np.zeros((len(rows), COLUMNS))
    found[owner, sparse.indices[entry]] = sparse.data[entry]
    assert found == pytest.approx(dense[wanted[0]], abs=1e-9)


def test_a_matrix_without_rows_or_columns() -> None:
    none = np.zeros(0, np.int64)
    for shape in ((0, 3), (3, 0), (0, 0)):
        empty = from_triples(none, none, np.zeros(0), shape)
        assert (empty.rows, empty.columns) == shape
        assert empty.dense(np.arange(shape[0]), np.arange(shape[1])).shape == shape
