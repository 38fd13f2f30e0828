"""Whether a confidence means what it says: of the beads given 0.9, are nine in ten right?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The beads whose confidence lies in [low, high), 1.0 in the last bin.

    Attributes:
        low: lower bound.
        high: upper bound.
        count: how many beads.
        confidence: their mean confidence.
        right: the share of them that is strictly right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences and outcomes are apart; null beads included, one a segment.

    Attributes:
        bins: the reliability table, ten bins of equal width, empty ones left out.
        ece: expected calibration error, Σ n/N · |mean confidence − share right| (Naeini et al. 2015).
        brier: mean squared difference of confidence and outcome, 0 or 1 (Brier 1950).
    """

    bins: tuple[Bin, ...]
    ece: float
    brier: float


def calibrate(claims: Iterable[tuple[float, bool]]) -> Calibration | None:
    """The reliability of (confidence, whether right) pairs; None where there are none."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in claims:
        rows[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    count = sum(map(len, rows))
    if not count:
        return None
    bins = tuple(
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(row),
            sum(confidence for confidence, _ in row) / len(row),
            sum(right for _, right in row) / len(row),
        )
        for number, row in enumerate(rows)
        if row
    )
    ece = sum(b.count * abs(b.confidence - b.right) for b in bins) / count
    brier = sum((confidence - right) ** 2 for row in rows for confidence, right in row) / count
    return Calibration(bins, ece, brier)
