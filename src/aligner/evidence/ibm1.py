"""IBM model 1: learning a translation table from pairs of token lists, by expectation–maximisation.

The model is the one the lexical evidence scores with (see `lexical`): a token w of the target is
there either by chance, with probability λ · p(w), or it translates a unit of the source, each of them
equally likely:

    P(w | Z) = λ · p(w) + (1 − λ) · mean over units u of Z of t(w | u)

Brown et al. 1993, "The mathematics of statistical machine translation", Computational Linguistics 19(2).
We depart from it in two ways. The empty word is not learned but is the background p(w), as in the
score. And t has a Dirichlet prior: `strength` · prior(w|u) is added to the expected counts in each
round (Mermer & Saraçlar 2011, ACL), so that a unit never or rarely seen keeps what was known before.

Time of a round is O(links) = O(Σ units · targets over the pairs); memory is that of the table's cells and
of one batch of links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.sparse import Floats, Ints, Sparse

_FLAT = 1e-3
"""Every link's first t, less than any prior's: where nothing is known, links share a token evenly."""

_BATCH = 1 << 23
"""Links laid out at a time: some 400 MB while it is done."""
_KEPT = 1 << 26
"""Links that are kept laid out from round to round, 8 bytes each; of more than that every round lays out
its batches anew, which takes about as long as the round itself."""


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

    def part(self, first: int, last: int) -> Ragged:
        """Lists first … last − 1."""
        start, end = self.starts[first], self.starts[last]
        return Ragged(self.values[start:end], self.starts[first : last + 1] - start)


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
    seen = np.ones(len(sources)) if weights is None else weights
    batches = _batches(sources, targets)
    laid_out = (
        [_link(sources, targets, batch, prior, smoothing) for batch in batches] if _fits(batches) else None
    )

    def links() -> Iterator[_Links]:
        return iter(laid_out or (_link(sources, targets, batch, prior, smoothing) for batch in batches))

    prior_rows = np.repeat(np.arange(prior.rows), np.diff(prior.indptr))
    cells = _all_cells(prior_rows * prior.columns + prior.indices, links())
    unit, target = cells // prior.columns, cells % prior.columns
    pseudo = np.zeros(len(cells))
    pseudo[np.searchsorted(cells, prior_rows * prior.columns + prior.indices)] = strength * prior.data
    table = (_FLAT + (pseudo / strength if strength else pseudo)).astype(np.float32)
    for _ in range(iterations):
        counts = pseudo.copy()
        for batch in links():
            place = np.searchsorted(cells, batch.cells)
            by_chance = (smoothing * chance[batch.target]).astype(np.float32)
            occurrences = batch.count * seen[batch.row].astype(np.float32)
            counts[place] += _expected(batch, table[place], occurrences, by_chance)
        total = np.bincount(unit, weights=counts, minlength=prior.rows)
        table = (counts / np.maximum(total, 1e-300)[unit]).astype(np.float32)
    indptr = np.searchsorted(unit, np.arange(prior.rows + 1)).astype(np.int64)
    return Sparse(indptr, target, table.astype(np.float64), prior.columns)


def expected_counts(
    sources: Ragged,
    targets: Ragged,
    table: Sparse,
    chance: Floats,
    *,
    smoothing: float = 0.3,
    weights: Floats | None = None,
) -> Sparse:
    """How often each unit is expected to be translated by each target token: the E step under a table.

    Unlike a table, counts of several parts of a corpus add up. Arguments are those of `train_ragged`.
    """
    seen = np.ones(len(sources)) if weights is None else weights
    known = np.repeat(np.arange(table.rows), np.diff(table.indptr)) * table.columns + table.indices
    counts = np.zeros(len(known))
    for batch in _batches(sources, targets):
        links = _link(sources, targets, batch, table, smoothing)
        place = np.minimum(np.searchsorted(known, links.cells), max(0, len(known) - 1))
        listed = known[place] == links.cells
        t = np.where(listed, table.data[place], 0.0).astype(np.float32)
        by_chance = (smoothing * chance[links.target]).astype(np.float32)
        occurrences = links.count * seen[links.row].astype(np.float32)
        np.add.at(counts, place[listed], _expected(links, t, occurrences, by_chance)[listed])
    return Sparse(table.indptr, table.indices, counts, table.columns)


@dataclass(frozen=True, slots=True)
class _Links:
    """Every (unit, target token) that stand in the same pair of a batch, grouped by target token and pair.

    Attributes:
        cells: distinct unit · columns + target of the links, ascending.
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


def _batches(sources: Ragged, targets: Ragged) -> list[tuple[int, int, int]]:
    """Runs of pairs with about `_BATCH` links: (first pair, pair after the last, links)."""
    total = np.cumsum(np.diff(sources.starts) * np.diff(targets.starts))
    found = []
    first = done = 0
    while first < len(sources):
        last = max(first + 1, int(np.searchsorted(total, done + _BATCH, side="right")))
        found.append((first, last, int(total[last - 1]) - done))
        first, done = last, int(total[last - 1])
    return found


def _fits(batches: Sequence[tuple[int, int, int]]) -> bool:
    return sum(links for _, _, links in batches) <= _KEPT


def _link(
    sources: Ragged, targets: Ragged, batch: tuple[int, int, int], prior: Sparse, smoothing: float
) -> _Links:
    """Lay out the links of a batch of pairs."""
    first, last, _ = batch
    givers, takers = sources.part(first, last), targets.part(first, last)
    s_row, s_unit, s_count = givers.distinct(prior.rows)
    t_row, t_target, t_count = takers.distinct(prior.columns)
    starts = np.searchsorted(s_row, np.arange(len(givers) + 1))
    size = np.diff(starts)[t_row]
    linked = size > 0
    t_row, t_target, t_count, size = t_row[linked], t_target[linked], t_count[linked], size[linked]
    group = np.cumsum(size) - size
    entry = np.arange(int(size.sum())) + np.repeat(starts[t_row] - group, size)
    lengths = np.maximum(np.diff(givers.starts), 1)
    share = (1 - smoothing) * s_count / lengths[s_row]
    cells, cell = _cells(s_unit, entry, t_target, size, prior.columns)
    return _Links(
        cells=cells,
        cell=cell,
        share=share[entry].astype(np.float32),
        group=group,
        size=size,
        row=first + t_row,
        target=t_target,
        count=t_count.astype(np.float32),
    )


def _cells(
    s_unit: Ints, entry: Ints, t_target: Ints, size: Ints, columns: int
) -> tuple[Ints, NDArray[np.int32]]:
    """The distinct cells of a batch, ascending, and the place of each link's among them.

    By a map of all cells that its units and targets could make, which is several times as fast as sorting.
    """
    units, unit = np.unique(s_unit, return_inverse=True)
    targets, target = np.unique(t_target, return_inverse=True)
    wanted = unit[entry] * len(targets)
    wanted += np.repeat(target, size)
    present = np.zeros(len(units) * len(targets), np.bool_)
    present[wanted] = True
    local = np.flatnonzero(present)
    place = np.zeros(len(present), np.int32)
    place[local] = np.arange(len(local), dtype=np.int32)
    width = max(1, len(targets))
    return units[local // width] * columns + targets[local % width], place[wanted]


def _all_cells(known: Ints, links: Iterable[_Links]) -> Ints:
    """The distinct cells of the prior and of all batches, ascending."""
    cells = _merged([known])
    waiting: list[Ints] = []
    for batch in links:
        waiting.append(batch.cells)
        if sum(map(len, waiting)) > _BATCH + len(cells):
            cells, waiting = _merged([cells, *waiting]), []
    return _merged([cells, *waiting])


def _merged(sorted_cells: Sequence[Ints]) -> Ints:
    """The distinct values of some ascending lists; a stable sort takes them as the runs they are."""
    values = np.sort(np.concatenate(sorted_cells), kind="stable")
    new = np.append(True, values[1:] != values[:-1])[: len(values)]
    return np.asarray(values[new])


def _expected(
    links: _Links, table: NDArray[np.float32], seen: NDArray[np.float32], by_chance: NDArray[np.float32]
) -> Floats:
    """Expected counts of each cell of a batch under a table: the E step."""
    if not len(links.cell):
        return np.zeros(len(links.cells))
    likely = table[links.cell] * links.share
    total = np.add.reduceat(likely, links.group) + by_chance
    likely *= np.repeat(seen / np.maximum(total, np.float32(1e-30)), links.size)
    return np.bincount(links.cell, weights=likely, minlength=len(links.cells)).astype(np.float64)
