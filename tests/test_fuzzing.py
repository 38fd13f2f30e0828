"""A small part of what `make fuzz` runs by the thousand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzzing import EVERY, attempt, case


@pytest.mark.parametrize("first", range(len(EVERY)), ids=[name for _, name, _, _ in EVERY])
def test_a_damaged_file_is_read_or_refused_in_one_line(first: int, tmp_path: Path) -> None:
    outcomes = [attempt(seed, tmp_path) for seed in range(first, 12 * len(EVERY), len(EVERY))]
    assert all(outcomes)


def test_the_same_seed_gives_the_same_case() -> None:
    assert all(case(seed)[2] == case(seed)[2] for seed in range(60))
    assert len({case(seed)[2] for seed in range(60)}) > 50
