"""The length evidence: a ratio of two normal densities, bounded below."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.length import document_mean, length_weight
from aligner.evidence.parameters import LengthModel

MODEL = LengthModel(mean=-0.1, variance=0.02, variance_per_token=0.4, background=0.6, strength=20.0)
TOKENS = st.integers(0, 400)


def weight(src: float, tgt: float, mean: float = MODEL.mean) -> float:
    return float(length_weight(np.array(float(src)), np.array(float(tgt)), mean, MODEL))


@settings(deadline=None, max_examples=100)
@given(src=TOKENS, tgt=TOKENS, mean=st.floats(-0.5, 0.5))
def test_weight_is_the_likelihood_ratio_within_bounds(src: int, tgt: int, mean: float) -> None:
    x, y = max(src, 0.5), max(tgt, 0.5)
    deviation, scatter = math.log(y / x) - mean, MODEL.variance_per_token / math.sqrt(x * y)
    true, chance = (NormalDist(0, math.sqrt(v + scatter)).pdf(deviation) for v in (0.02, 0.6))
    got = weight(src, tgt, mean)
    if true > 1e-280 and math.log2(true / chance) > -10:
        assert got == pytest.approx(math.log2(true / chance), abs=1e-6)
    else:
        assert got == -10.0


def test_the_usual_ratio_weighs_most_and_more_in_long_beads() -> None:
    ratio = math.exp(MODEL.mean)
    at = [weight(100, 100 * ratio * factor) for factor in (0.4, 0.7, 1.0, 1.4, 2.5)]
    assert max(at) == at[2] > 0
    assert at[0] < at[1] < at[2] > at[3] > at[4]
    assert weight(100, 100 * ratio) > weight(10, 10 * ratio) > weight(1, ratio)
    assert weight(1, 3) > weight(100, 300)


def test_shapes_broadcast() -> None:
    grid = length_weight(np.ones((3, 1)) * [[5], [8], [0]], np.ones((1, 2)) * [5, 9], 0.0, MODEL)
    assert grid.shape == (3, 2)
    assert grid[1, 1] == weight(8, 9, 0.0)


def mean_of(src: list[float], tgt: list[float], probability: list[float] | None = None) -> float:
    return document_mean(
        np.array(src, float), np.array(tgt, float), np.array(probability or [1.0] * len(src), float), MODEL
    )


def test_the_documents_mean_goes_from_the_prior_to_its_own() -> None:
    assert mean_of([], []) == MODEL.mean
    assert mean_of([1.0], [2.0]) == MODEL.mean  # too short to tell
    own = math.log(60 / 15)
    assert mean_of([15] * 20, [60] * 20) == pytest.approx((MODEL.mean + own) / 2)  # 20 beads of 30 tokens
    assert mean_of([15] * 5000, [60] * 5000) == pytest.approx(own, abs=0.01)


def test_doubtful_beads_count_less() -> None:
    sure, doubtful = mean_of([20] * 5, [40] * 5), mean_of([20] * 5, [40] * 5, [0.5] * 5)
    assert MODEL.mean < doubtful < sure < math.log(2)
    assert mean_of([20] * 5, [40] * 5, [0.0] * 5) == MODEL.mean
    assert mean_of([20] * 10, [40] * 10, [0.5] * 10) == pytest.approx(sure)
