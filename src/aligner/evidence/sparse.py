"""A sparse matrix of the few operations the aligner needs, so that numpy is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]


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
    data: Numbers
    columns: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.indptr) - 1

    def entries(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which entries the named rows hold: (position in `rows`, index of the entry), O(entries)."""
        first = self.indptr[rows]
        lengths = self.indptr[rows + 1] - first
        owner = np.repeat(np.arange(len(rows)), lengths)
        entry = np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        entry += np.arange(len(owner))
        return owner, entry

    def where(self, kept: NDArray[np.bool_]) -> Sparse:
        """Some of the entries, as named by an array over all of them."""
        indptr = np.concatenate([[0], np.cumsum(kept)])[self.indptr]
        return Sparse(indptr, self.indices[kept], self.data[kept], self.columns)

    def as_compiled(self, kind: type[np.floating[Any]]) -> compiled.Matrix:
        """The matrix as compiled loops take it, its values in single or in double precision."""
        arrays = (self.indptr, np.int64), (self.indices, np.int64), (self.data, kind)
        return compiled.Matrix(*(np.ascontiguousarray(a, dtype) for a, dtype in arrays), self.columns)

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


def from_triples(rows: Ints, columns: Ints, data: Numbers, shape: tuple[int, int]) -> Sparse:
    """Build from (row, column, value) in any order; values of one cell add up. O(N log N)."""
    cell = rows * shape[1] + columns
    order = np.argsort(cell)
    cell = cell[order]
    first = _first_of_each(cell)
    summed = np.add.reduceat(data[order], first) if len(first) else np.zeros(0)
    return _compressed(cell[first], summed.astype(np.float64), shape)


def counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Sparse:
    """How often each (row, column) is named. O(N log N), several times as fast as `from_triples`."""
    cell = np.sort(rows * shape[1] + columns)
    first = _first_of_each(cell)
    return _compressed(cell[first], np.diff(first, append=len(cell)).astype(np.float32), shape)


def stacked(parts: Sequence[Sparse], columns: int) -> Sparse:
    """The rows of several matrices one after the other, with so many columns. Linear."""
    ends = np.cumsum([0, *(len(part.indices) for part in parts)]).tolist()
    indptr = [part.indptr[1:] + end for part, end in zip(parts, ends, strict=False)]
    return Sparse(
        np.concatenate([np.zeros(1, np.int64), *indptr]),
        np.concatenate([np.zeros(0, np.int64), *(part.indices for part in parts)]),
        np.concatenate([np.zeros(0, np.float32), *(part.data for part in parts)]),
        columns,
    )


def _first_of_each(cell: Ints) -> Ints:
    """Where each value of an ascending array stands first."""
    return np.flatnonzero(np.concatenate([[True], cell[1:] != cell[:-1]])[: len(cell)])


def _compressed(cell: Ints, data: Numbers, shape: tuple[int, int]) -> Sparse:
    """From the numbers of cells, ascending, each once."""
    indptr = np.searchsorted(cell, np.arange(shape[0] + 1) * shape[1])
    row = np.repeat(np.arange(shape[0]), np.diff(indptr))
    return Sparse(indptr.astype(np.int64), cell - row * shape[1], data, shape[1])
