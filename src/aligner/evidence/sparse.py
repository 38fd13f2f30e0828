"""A sparse matrix of the few operations the aligner needs, so that numpy is enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows of (column, value) pairs, compressed (CSR); no column twice in a row.

    Attributes:
        indptr: row r holds the entries indptr[r] … indptr[r + 1] − 1.
        indices: column of each entry.
        data: value of each entry.
        columns: how many columns there are.
    """

    indptr: Ints
    indices: Ints
    data: Floats
    columns: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.indptr) - 1

    def entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which entries the named rows hold: (position in `rows`, index of the entry), O(entries)."""
        lengths = self.indptr[rows + 1] - self.indptr[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        before = np.concatenate([[0], np.cumsum(lengths)])[:-1]
        return owner, np.arange(len(owner)) - np.repeat(before - self.indptr[rows], lengths)

    def dense(self, rows: Ints, columns: Ints) -> NDArray[np.float32]:
        """The named rows and columns as an array (len(rows), len(columns)); columns must be distinct."""
        place = np.full(self.columns, -1)
        place[columns] = np.arange(len(columns))
        owner, entry = self.entries(rows)
        column = place[self.indices[entry]]
        kept = column >= 0
        out = np.zeros((len(rows), len(columns)), np.float32)
        out[owner[kept], column[kept]] = self.data[entry[kept]]
        return out


def from_triples(rows: Ints, columns: Ints, data: Floats, shape: tuple[int, int]) -> Sparse:
    """Build from (row, column, value) in any order; values of one cell add up. O(N log N)."""
    cell = rows * shape[1] + columns
    distinct, inverse = np.unique(cell, return_inverse=True)
    summed = np.bincount(inverse, weights=data, minlength=len(distinct)).astype(np.float64)
    row = distinct // shape[1] if shape[1] else distinct
    indptr = np.searchsorted(row, np.arange(shape[0] + 1))
    return Sparse(indptr.astype(np.int64), distinct - row * shape[1], summed, shape[1])
