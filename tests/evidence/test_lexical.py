"""The lexical score against its formula, written out as loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.lexical import EncodedSide, LexicalCells, LexicalTable, lexical_cells
from aligner.evidence.rectangles import Block, rectangles
from aligner.evidence.sparse import Sparse, from_triples

pytestmark = pytest.mark.usefixtures("twins")

UNITS, TARGETS = 6, 5
SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5))


def random_matrix(rng: np.random.Generator, rows: int, columns: int, share: float) -> Sparse:
    """Small whole numbers at a share of the cells."""
    values = np.where(rng.random((rows, columns)) < share, rng.integers(1, 4, (rows, columns)), 0)
    row, column = np.nonzero(values)
    return from_triples(row, column, values[row, column].astype(float), (rows, columns))


def random_table(rng: np.random.Generator) -> Sparse:
    values = rng.random((UNITS, TARGETS)) * (rng.random((UNITS, TARGETS)) < 0.5) / TARGETS
    row, column = np.nonzero(values)
    return from_triples(row, column, values[row, column], (UNITS, TARGETS))


def random_pair(seed: int, sizes: tuple[int, int]) -> tuple[EncodedSide, EncodedSide, LexicalTable]:
    rng = np.random.default_rng(seed)
    src, tgt = (
        EncodedSide(
            units=random_matrix(rng, n, UNITS, 0.3),
            targets=random_matrix(rng, n, TARGETS, 0.4),
            chance=rng.uniform(1e-7, 0.3, TARGETS),
        )
        for n in sizes
    )
    return src, tgt, LexicalTable(random_table(rng), random_table(rng))


def cells_of(
    src: EncodedSide,
    tgt: EncodedSide,
    table: LexicalTable,
    block: Block,
    *,
    max_span: int,
    smoothing: float,
    dilution: float,
) -> LexicalCells:
    """Cells of one rectangle, and beside it of another one whose size must not matter."""
    i0, i1, j0, j1 = block
    n, m = src.units.rows, tgt.units.rows
    found = lexical_cells(
        src,
        tgt,
        table,
        rectangles([(0, n, 0, m), block, (i0, i0, j0, j1)]),
        max_span=max_span,
        smoothing=smoothing,
        dilution=dilution,
    )
    return LexicalCells(
        tuple(c[1:2, : i1 - i0 - a, : j1 - j0] for a, c in enumerate(found.forward) if a < i1 - i0),
        tuple(c[1:2, : j1 - j0 - b, : i1 - i0] for b, c in enumerate(found.backward) if b < j1 - j0),
    )


def occurrences(matrix: Sparse, rows: range) -> list[int]:
    """The columns of some rows, each as often as it is counted."""
    dense = matrix.dense(np.array(rows), np.arange(matrix.columns))
    return [column for row in dense for column, count in enumerate(row) for _ in range(int(count))]


def slow_score(
    giver: EncodedSide,
    span: range,
    taker: EncodedSide,
    segment: int,
    table: Sparse,
    smoothing: float,
    dilution: float = 1.0,
) -> float:
    """Σ over tokens w of log2((1 − λ) · Σ over units u of t(w|u) / N / p(w) + λ), N = 30 · (units / 30)^α."""
    t = table.dense(np.arange(UNITS), np.arange(TARGETS))
    units = occurrences(giver.units, span)
    total = 0.0
    for w in occurrences(taker.targets, range(segment, segment + 1)):
        choices = 30 * (max(len(units), 1) / 30) ** dilution
        mean = sum(float(t[u, w]) for u in units) / choices
        total += math.log2((1 - smoothing) * mean / taker.chance[w] + smoothing)
    return total


@settings(deadline=None, max_examples=35)
@given(seed=st.integers(0, 10**6), sizes=SIZES, data=st.data())
def test_cells_are_the_formula(seed: int, sizes: tuple[int, int], data: st.DataObject) -> None:
    src, tgt, table = random_pair(seed, sizes)
    i0, j0 = (data.draw(st.integers(0, n - 1)) for n in sizes)
    i1, j1 = (data.draw(st.integers(first + 1, n)) for first, n in zip((i0, j0), sizes, strict=True))
    span, smoothing = data.draw(st.integers(1, 4)), data.draw(st.sampled_from([0.05, 0.3, 0.9]))
    dilution = data.draw(st.sampled_from([0.0, 0.5, 0.8, 1.0]))
    cells = cells_of(src, tgt, table, (i0, i1, j0, j1), max_span=span, smoothing=smoothing, dilution=dilution)
    assert len(cells.forward) == min(span, i1 - i0)
    assert len(cells.backward) == min(span, j1 - j0)
    for a, (forward,) in enumerate(cells.forward, 1):
        assert forward.shape == (i1 - i0 - a + 1, j1 - j0)
        for i, j in np.ndindex(*forward.shape):
            zh = range(i0 + i, i0 + i + a)
            want = slow_score(src, zh, tgt, j0 + j, table.forward, smoothing, dilution)
            assert forward[i, j] == pytest.approx(want, abs=0.01)
    for b, (backward,) in enumerate(cells.backward, 1):
        for j, i in np.ndindex(*backward.shape):
            vi = range(j0 + j, j0 + j + b)
            want = slow_score(tgt, vi, src, i0 + i, table.backward, smoothing, dilution)
            assert backward[j, i] == pytest.approx(want, abs=0.01)


def test_model_1_takes_the_mean() -> None:
    """Without dilution a span counts as many choices as it has units, and dilution changes nothing at 30."""
    src, tgt, table = random_pair(4, (2, 2))
    units = from_triples(np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([30.0]), (1, UNITS))
    usual = EncodedSide(units, src.targets, src.chance)
    for dilution in (0.3, 1.0):
        cells = cells_of(usual, tgt, table, (0, 1, 0, 2), max_span=1, smoothing=0.3, dilution=dilution)
        want = [slow_score(usual, range(1), tgt, j, table.forward, 0.3) for j in range(2)]
        assert cells.forward[0][0, 0] == pytest.approx(want, abs=0.01)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**6), sizes=SIZES)
def test_a_bead_adds_up_its_segments(seed: int, sizes: tuple[int, int]) -> None:
    src, tgt, table = random_pair(seed, sizes)
    n, m = sizes
    cells = cells_of(src, tgt, table, (0, n, 0, m), max_span=4, smoothing=0.3, dilution=1.0)
    for a, b in [(a, b) for a in range(1, min(4, n) + 1) for b in range(1, min(4, m) + 1)]:
        (forward,), (backward,) = cells.bead(a, b)
        assert forward.shape == backward.shape == (n - a + 1, m - b + 1)
        for i, j in np.ndindex(*forward.shape):
            assert forward[i, j] == pytest.approx(
                sum(slow_score(src, range(i, i + a), tgt, k, table.forward, 0.3) for k in range(j, j + b)),
                abs=0.01,
            )
            assert backward[i, j] == pytest.approx(
                sum(slow_score(tgt, range(j, j + b), src, k, table.backward, 0.3) for k in range(i, i + a)),
                abs=0.01,
            )


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), sizes=SIZES)
def test_swapping_the_sides_mirrors_the_cells(seed: int, sizes: tuple[int, int]) -> None:
    src, tgt, table = random_pair(seed, sizes)
    n, m = sizes
    here = cells_of(src, tgt, table, (0, n, 0, m), max_span=3, smoothing=0.2, dilution=0.8)
    mirrored = LexicalTable(table.backward, table.forward)
    there = cells_of(tgt, src, mirrored, (0, m, 0, n), max_span=3, smoothing=0.2, dilution=0.8)
    for one, other in [(here.forward, there.backward), (here.backward, there.forward)]:
        assert len(one) == len(other)
        for cells, same in zip(one, other, strict=True):
            assert np.array_equal(cells, same)


def test_what_nothing_explains_costs_its_smoothing() -> None:
    one = from_triples(np.array([0]), np.array([0]), np.array([3.0]), (1, 1))
    none = from_triples(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), (1, 1))
    side = EncodedSide(units=none, targets=one, chance=np.array([0.01]))
    cells = cells_of(
        side, side, LexicalTable(none, none), (0, 1, 0, 1), max_span=4, smoothing=0.25, dilution=1.0
    )
    assert cells.forward[0].tolist() == [[[-6.0]]]  # three tokens at log2 of a quarter each
    assert side.lengths.tolist() == [3.0]


def test_segments_after_sixteen_million_tokens_are_as_long_as_they_are() -> None:
    """2²⁴ is the last integer up to which single precision counts."""
    counts = Sparse(np.arange(4), np.zeros(3, np.int64), np.array([2**24, 1, 3], np.float32), 1)
    assert EncodedSide(counts, counts, np.ones(1)).lengths.tolist() == [2**24, 1, 3]
