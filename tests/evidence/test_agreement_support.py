"""What the links around a pair say for it, against the sum written out."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.evidence import agreement


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (4, 3), (9, 13)])
def test_support_is_the_sum_over_all_neighbours(shape: tuple[int, int]) -> None:
    links = np.random.default_rng(7).random(shape)
    reach = agreement._REACH  # noqa: SLF001 - the oracle needs the constants
    expected = np.zeros(shape)
    for i, j in np.ndindex(*shape):
        for a in range(-reach, reach + 1):
            for b in range(-reach, reach + 1):
                inside = 0 <= i + a < shape[0] and 0 <= j + b < shape[1]
                if not inside:
                    continue
                near = agreement._NEAR / max(abs(a), abs(b)) if a and b else 0.0  # noqa: SLF001
                beside = (a, b) in {(1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)}
                expected[i, j] += (near + agreement._NEXT * beside) * links[i + a, j + b]  # noqa: SLF001
    np.testing.assert_allclose(agreement._support(links), expected, rtol=1e-12)  # noqa: SLF001
