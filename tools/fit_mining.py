"""Fits the logistic function by which mined pairs get their confidence, on the tuning half.

    python tools/fit_mining.py DATA

Prints the coefficients for `aligner.scale.mining.COEFFICIENTS`: least cross-entropy, with a small ridge.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from benchmarks.mining import documents, mined

from aligner.scale.mining import features

_RIDGE = 0.01


def main() -> None:
    """Prints the coefficients."""
    from scipy.optimize import minimize

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    made, true = documents(parser.parse_args().data)
    rows, right = [], []
    for planted in made:
        if planted.half == "tune":
            for pair in mined(planted):
                rows.append((1.0, *features(pair.score, pair.margin, pair.size)))
                right.append((pair.src.text, pair.tgt.text) in true)
    x, sign = np.array(rows), np.where(right, 1.0, -1.0)

    def loss(w: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        return float(np.logaddexp(0, -sign * (x @ w)).sum() + _RIDGE * (w**2).sum())

    found = minimize(loss, np.zeros(x.shape[1]))
    print(f"{len(rows)} pairs, {sum(right)} right, loss {found.fun:.2f}")
    print("COEFFICIENTS =", tuple(round(float(value), 3) for value in found.x))


if __name__ == "__main__":
    main()
