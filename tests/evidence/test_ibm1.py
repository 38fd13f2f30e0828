"""IBM model 1 against itself written slowly, and against tables that generated the data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from aligner.evidence import ibm1
from aligner.evidence.ibm1 import ragged, train, train_ragged
from aligner.evidence.sparse import Floats, Sparse, from_triples

UNITS, TOKENS = 4, 5
CHANCE = np.array([0.3, 0.2, 0.2, 0.2, 0.1])
Pair = tuple[list[int], list[int]]
PAIRS = st.lists(
    st.tuples(
        st.lists(st.integers(0, UNITS - 1), max_size=5), st.lists(st.integers(0, TOKENS - 1), max_size=5)
    ),
    max_size=6,
)
NOTHING = from_triples(*(np.zeros(0, np.int64),) * 2, np.zeros(0), (UNITS, TOKENS))
READINGS = from_triples(
    np.array([0, 0, 3]), np.array([1, 2, 4]), np.array([0.75, 0.25, 1.0]), (UNITS, TOKENS)
)


def dense(table: Sparse) -> Floats:
    return np.asarray(table.dense(np.arange(table.rows), np.arange(table.columns)), np.float64)


def slowly(
    pairs: list[Pair], prior: Floats, *, strength: float, iterations: int, smoothing: float, weights: Floats
) -> NDArray[np.float64]:
    """The formulas, token by token."""
    known = prior > 0
    for units, tokens in pairs:
        known[np.ix_(units, tokens)] = True
    table = np.where(known, 1e-3 + prior * (strength > 0), 0.0)
    for _ in range(iterations):
        counts = strength * prior
        for (units, tokens), weight in zip(pairs, weights, strict=True):
            for token in tokens if units else []:
                link = [(1 - smoothing) / len(units) * table[unit, token] for unit in units]
                total = sum(link) + smoothing * CHANCE[token]
                for unit, share in zip(units, link, strict=True):
                    counts[unit, token] += weight * share / total
        table = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-300)
    return table


@settings(deadline=None, max_examples=60)
@given(pairs=PAIRS, strength=st.sampled_from([0.0, 2.0]), iterations=st.integers(1, 3), data=st.data())
def test_fast_training_is_the_slow_one(
    pairs: list[Pair], strength: float, iterations: int, data: st.DataObject
) -> None:
    weights = np.array(
        data.draw(st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=len(pairs), max_size=len(pairs)))
    )
    settings_ = {"strength": strength, "iterations": iterations, "smoothing": 0.3}
    fast = train(pairs, READINGS, CHANCE, weights=weights, **settings_)  # type: ignore[arg-type]
    slow = slowly(pairs, dense(READINGS), weights=weights, **settings_)  # type: ignore[arg-type]
    assert dense(fast) == pytest.approx(slow, rel=1e-4, abs=1e-6)


def test_what_always_goes_together_is_learned() -> None:
    pairs = [([0, 1], [0, 1]), ([0, 2], [0, 2]), ([1, 2], [1, 2])] * 5
    table = dense(train(pairs, NOTHING, CHANCE, strength=0.0, iterations=20))
    for unit in range(3):
        assert table[unit].argmax() == unit
        assert table[unit, unit] > 0.9


def test_a_prior_decides_what_the_pairs_leave_open() -> None:
    pairs = [([0, 1], [1, 3])] * 3
    without = dense(train(pairs, NOTHING, CHANCE, strength=0.0))
    assert without[0, 1] == pytest.approx(without[1, 1])
    with_prior = dense(train(pairs, READINGS, CHANCE, strength=1.0))
    assert with_prior[0, 1] > 0.8
    assert with_prior[1, 3] > 0.8
    assert with_prior[3, 4] == pytest.approx(1.0)  # never seen: the prior alone


def test_rows_sum_to_one_or_are_empty() -> None:
    table = dense(train([([0, 1, 1], [2, 2, 3])], READINGS, CHANCE, strength=2.0))
    sums = table.sum(axis=1)
    assert sums[[0, 1, 3]] == pytest.approx(1.0)
    assert sums[2] == 0


def test_a_weight_counts_as_repetitions_do() -> None:
    pairs: list[Pair] = [([0, 1], [0, 1]), ([1, 2], [1, 3])]
    weighted = train(pairs, NOTHING, CHANCE, strength=0.0, weights=np.array([3.0, 1.0]))
    repeated = train([pairs[0]] * 3 + pairs[1:], NOTHING, CHANCE, strength=0.0)
    assert dense(weighted) == pytest.approx(dense(repeated), abs=1e-5)


def test_chance_keeps_common_tokens_off_rare_units() -> None:
    """Unit 3 occurs once, beside token 0, which stands everywhere."""
    pairs: list[Pair] = [([0], [0, 1])] * 5 + [([1], [0, 2])] * 5 + [([0, 3], [0, 1, 3])]
    table = dense(train(pairs, NOTHING, np.array([0.5, 0.2, 0.2, 0.05, 0.05]), strength=0.0, iterations=10))
    assert table[3, 3] > 2 * table[3, 0]


@pytest.mark.parametrize("kept", [0, 1000])
def test_links_in_batches_give_the_same(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    sizes = generator.integers(0, 7, (30, 2)).tolist()
    sources = ragged(generator.integers(0, UNITS, n).tolist() for n, _ in sizes)
    targets = ragged(generator.integers(0, TOKENS, m).tolist() for _, m in sizes)
    weights = generator.random(30)
    at_once = train_ragged(sources, targets, READINGS, CHANCE, strength=1.0, weights=weights)
    monkeypatch.setattr(ibm1, "_BATCH", 7)
    monkeypatch.setattr(ibm1, "_KEPT", kept)
    in_batches = train_ragged(sources, targets, READINGS, CHANCE, strength=1.0, weights=weights)
    assert np.array_equal(at_once.indices, in_batches.indices)
    assert at_once.data == pytest.approx(in_batches.data, rel=1e-5)
