"""How far a score might be off: percentile bootstrap intervals (Efron and Tibshirani 1993).

Whole documents are drawn where there are enough of them, because beads of one document are not
independent of each other. Otherwise the smallest blocks at whose borders both alignments agree are
drawn, neighbours together where there are very many. With few errors to draw from, an interval is too
narrow: all-right documents give [1, 1].
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from aligner.evaluate.counts import Tally, ratios, total

# From this many documents on, documents are drawn. Our choice: with fewer, the few that happen to be
# drawn often decide the interval.
ENOUGH_DOCUMENTS = 20
# At most this many units are drawn, which keeps the work flat in the length of the text. Our choice.
MOST_UNITS = 500
LEVEL = 0.95

Interval = tuple[float, float]


def units(documents: Sequence[Sequence[Tally]]) -> tuple[str, list[Tally]]:
    """What is to be drawn, by name, and its tallies; `documents` are the tallies of their blocks."""
    if len(documents) >= ENOUGH_DOCUMENTS:
        return "documents", [total(document) for document in documents]
    blocks = [tally for document in documents for tally in document]
    run = -(-len(blocks) // MOST_UNITS) or 1
    return "blocks", [total(blocks[i : i + run]) for i in range(0, len(blocks), run)]


def intervals(drawn: Sequence[Tally], samples: int, seed: int) -> list[tuple[Interval, ...] | None]:
    """For strict, lax and null: the 95% intervals of precision, recall and F1; None without samples.

    `samples` × len(drawn) draws.
    """
    if not drawn or not samples:
        return [None] * 3
    rng = random.Random(seed)  # noqa: S311 - statistics, not secrets
    figures = [ratios(_sum(rng.choices(drawn, k=len(drawn)))) for _ in range(samples)]
    by_score = zip(*figures, strict=True)
    return [tuple(_middle(values) for values in zip(*score, strict=True)) for score in by_score]


def _sum(drawn: Sequence[Tally]) -> Tally:
    """`total`, but most units are alike and are multiplied instead of added one by one."""
    counts = Counter(drawn)
    return Tally(*(sum(unit[i] * n for unit, n in counts.items()) for i in range(len(Tally._fields))))


def _middle(values: Sequence[float]) -> Interval:
    ordered = sorted(values)
    cut = round((1 - LEVEL) / 2 * (len(ordered) - 1))
    return ordered[cut], ordered[-1 - cut]
