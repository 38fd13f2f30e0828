"""A document's habits: nothing where it does as others do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.habits import USUAL_MERGES, USUAL_NULLS, Habits, observed

COUNT = st.floats(0, 1e5)


def habits(segments: float, nulls: float, runs: float, beads: float, merges: float) -> Habits:
    return observed(0.2, segments=segments, nulls=nulls, runs=runs, beads=beads, merges=merges)


@settings(deadline=None, max_examples=40)
@given(segments=COUNT, beads=COUNT)
def test_usual_rates_are_no_habit(segments: float, beads: float) -> None:
    found = habits(segments, segments * USUAL_NULLS, segments * USUAL_NULLS, beads, beads * USUAL_MERGES)
    assert found.length_mean == 0.2
    assert [found.nulls, found.runs, found.merges] == pytest.approx([0, 0, 0], abs=1e-9)


def test_a_rate_twice_the_usual_is_one_bit_in_a_long_document() -> None:
    n = 1e6
    found = habits(n, 2 * USUAL_NULLS * n, USUAL_NULLS * n / 2, n, 4 * USUAL_MERGES * n)
    assert [found.nulls, found.runs, found.merges] == pytest.approx([1, -1, 2], abs=0.01)


def test_a_few_segments_say_little() -> None:
    short, long = habits(4, 4, 1, 2, 2), habits(400, 400, 100, 200, 200)
    assert 0 < short.nulls < long.nulls
    assert 0 < short.merges < long.merges
    assert habits(0, 0, 0, 0, 0) == Habits(0.2, 0.0, 0.0, 0.0)


@settings(deadline=None, max_examples=40)
@given(segments=st.floats(0, 1e4), more=st.floats(0.01, 10))
def test_more_nulls_are_more_of_a_habit(segments: float, more: float) -> None:
    fewer, many = habits(segments, 1, 1, 5, 1), habits(segments, 1 + more, 1 + more, 5, 1 + more)
    assert many.nulls > fewer.nulls
    assert many.runs > fewer.runs
    assert many.merges > fewer.merges
