"""IBM model 1: learning a translation table from pairs of token lists, by expectation–maximisation.

The model is the one the lexical evidence scores with (see `lexical`): a token w of the target is
there either by chance, with probability λ · p(w), or it translates a unit of the source, each of them
equally likely:

    P(w | Z) = λ · p(w) + (1 − λ) · mean over units u of Z of t(w | u)

Brown et al. 1993, "The mathematics of statistical machine translation", Computational Linguistics 19(2).
We depart from it in two ways. The empty word is not learned but is the background p(w), as in the
score. And t has a Dirichlet prior: `strength` · prior(w|u) is added to the expected counts in each
round (Mermer & Saraçlar 2011, ACL), so that a unit never or rarely seen keeps what was known before.

Memory and time of a round are O(Σ units · targets over the pairs).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.sparse import Floats, Ints, Sparse

_FLAT = 1e-3
"""Every link's first t, less than any prior's: where nothing is known, links share a token evenly."""

_CHUNK = 1 << 23
"""Links taken at a time: bounds the memory of a round."""

_LARGEST_MAP = 1 << 29
"""Cells a map may have: 2.5 GB."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers, end to end: list r is `values[starts[r]:starts[r + 1]]`."""

    values: Ints
    starts: Ints

    def __len__(self) -> int:
        return len(self.starts) - 1

    def distinct(self, width: int) -> tuple[Ints, Ints, Floats]:
        """(list, value, count) of the distinct values of each list; values are below `width`."""
        row = np.repeat(np.arange(len(self)), np.diff(self.starts))
        cell, count = np.unique(row * width + self.values, return_counts=True)
        return cell // width, cell % width, count.astype(np.float64)


def ragged(lists: Iterable[Sequence[int]]) -> Ragged:
    """Put lists of numbers end to end."""
    rows = [list(values) for values in lists]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return Ragged(np.fromiter(chain.from_iterable(rows), np.int64, count=int(starts[-1])), starts)


def train(
    pairs: Iterable[tuple[Sequence[int], Sequence[int]]],
    prior: Sparse,
    chance: Floats,
    *,
    strength: float,
    iterations: int = 5,
    smoothing: float = 0.3,
    weights: Floats | None = None,
) -> Sparse:
    """Learn t(target | source unit) from pairs of (source units, target tokens).

    Args:
        pairs: numbers of source units (rows of the prior) and of target tokens (its columns).
        prior: what is known beforehand, rows that sum to at most 1.
        chance: p(w) of each target token.
        strength: how many occurrences of a unit the prior outweighs.
        iterations: rounds; the table hardly changes after five.
        smoothing: λ while learning. More than in the score, so that words without a counterpart
            do not settle on rare units.
        weights: of each pair; 1 each if None.

    Returns:
        The table, (units × targets) like the prior: rows of units that were seen, or have a prior,
        sum to 1. The same input gives the same table.
    """
    listed = list(pairs)
    sources = ragged(source for source, _ in listed)
    targets = ragged(target for _, target in listed)
    return train_ragged(
        sources,
        targets,
        prior,
        chance,
        strength=strength,
        iterations=iterations,
        smoothing=smoothing,
        weights=weights,
    )


def train_ragged(
    sources: Ragged,
    targets: Ragged,
    prior: Sparse,
    chance: Floats,
    *,
    strength: float,
    iterations: int = 5,
    smoothing: float = 0.3,
    weights: Floats | None = None,
) -> Sparse:
    """`train` for pairs that are arrays already: list r of `sources` goes with list r of `targets`."""
    links = _link(sources, targets, prior, smoothing)
    cells = links.cells
    unit, target = cells // prior.columns, cells % prior.columns
    pseudo = np.zeros(len(cells))
    prior_rows = np.repeat(np.arange(prior.rows), np.diff(prior.indptr))
    pseudo[np.searchsorted(cells, prior_rows * prior.columns + prior.indices)] = strength * prior.data
    seen = links.count if weights is None else links.count * weights[links.row].astype(np.float32)
    by_chance = (smoothing * chance[links.target]).astype(np.float32)
    table = (_FLAT + (pseudo / strength if strength else pseudo)).astype(np.float32)
    for _ in range(iterations):
        counts = pseudo + _expected(links, table, seen, by_chance)
        total = np.bincount(unit, weights=counts, minlength=prior.rows)
        table = (counts / np.maximum(total, 1e-300)[unit]).astype(np.float32)
    indptr = np.searchsorted(unit, np.arange(prior.rows + 1)).astype(np.int64)
    return Sparse(indptr, target, table.astype(np.float64), prior.columns)


@dataclass(frozen=True, slots=True)
class _Links:
    """Every (unit, target token) that stand in the same pair, grouped by target token and pair.

    Attributes:
        cells: distinct unit · columns + target of all links and of the prior, ascending.
        cell: index into `cells` of each link.
        share: (1 − λ) · occurrences of the unit / units in the pair, of each link.
        group: first link of each group.
        size: links in each group.
        row, target, count: pair, target token and its occurrences, of each group.
    """

    cells: Ints
    cell: NDArray[np.int32]
    share: NDArray[np.float32]
    group: Ints
    size: Ints
    row: Ints
    target: Ints
    count: NDArray[np.float32]


def _link(sources: Ragged, targets: Ragged, prior: Sparse, smoothing: float) -> _Links:
    """Lay out the links of all pairs."""
    s_row, s_unit, s_count = sources.distinct(prior.rows)
    t_row, t_target, t_count = targets.distinct(prior.columns)
    starts = np.searchsorted(s_row, np.arange(len(sources) + 1))
    size = np.diff(starts)[t_row]
    linked = size > 0
    t_row, t_target, t_count, size = t_row[linked], t_target[linked], t_count[linked], size[linked]
    group = np.cumsum(size) - size
    entry = np.arange(int(size.sum())) + np.repeat(starts[t_row] - group, size)
    lengths = np.maximum(np.diff(sources.starts), 1)
    share = (1 - smoothing) * s_count / lengths[s_row]
    prior_rows = np.repeat(np.arange(prior.rows), np.diff(prior.indptr))
    wanted = s_unit[entry]
    wanted *= prior.columns
    wanted += np.repeat(t_target, size)
    prior_rows = np.repeat(np.arange(prior.rows), np.diff(prior.indptr))
    cells, cell = _number_cells(
        wanted, prior_rows * prior.columns + prior.indices, prior.rows * prior.columns
    )
    return _Links(
        cells=cells,
        cell=cell,
        share=share[entry].astype(np.float32),
        group=group,
        size=size,
        row=t_row,
        target=t_target,
        count=t_count.astype(np.float32),
    )


def _number_cells(wanted: Ints, others: Ints, size: int) -> tuple[Ints, NDArray[np.int32]]:
    """The distinct cells of both lists, ascending, and the place of each of `wanted` among them.

    By sorting; or, where there are more links than that is good for, by a map of all cells there can be.
    """
    if len(wanted) * 20 < size or size > _LARGEST_MAP:
        cells, place = np.unique(np.concatenate([wanted, others]), return_inverse=True)
        return np.asarray(cells), np.asarray(place[: len(wanted)], np.int32)
    present = np.zeros(size, np.bool_)
    present[wanted] = True
    present[others] = True
    cells = np.flatnonzero(present)
    numbers = np.zeros(size, np.int32)
    numbers[cells] = np.arange(len(cells), dtype=np.int32)
    return np.asarray(cells), numbers[wanted]


def _expected(
    links: _Links, table: NDArray[np.float32], seen: NDArray[np.float32], by_chance: NDArray[np.float32]
) -> Floats:
    """Expected counts of each cell under a table: the E step, a few million links at a time."""
    counts = np.zeros(len(links.cells))
    cuts = np.searchsorted(links.group, np.arange(0, len(links.cell), _CHUNK))
    for first, last in pairwise(np.unique(np.append(cuts, len(links.group)))):
        groups = slice(first, last)
        start = links.group[first]
        end = links.group[last] if last < len(links.group) else len(links.cell)
        cell = links.cell[start:end]
        likely = table[cell] * links.share[start:end]
        total = np.add.reduceat(likely, links.group[groups] - start) + by_chance[groups]
        likely *= np.repeat(seen[groups] / np.maximum(total, np.float32(1e-30)), links.size[groups])
        counts += np.bincount(cell, weights=likely, minlength=len(counts))
    return counts
