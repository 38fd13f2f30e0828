"""A document's habits: how its translator worked, learned from a first pass.

A novel merges sentences, a manual never does; a news desk drops paragraphs, a treaty nothing. The
rates of a first pass, drawn towards what is usual, move the priors of the second. A habit enters as
log2 of its rate over the usual rate, times a fitted weight; before the first pass it is 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

USUAL_NULLS = 2.0**-5
"""Share of segments without counterpart, and of runs of them, in an ordinary document; assumed, and only
a zero point: what it is wrong by goes into the fitted weights."""
USUAL_MERGES = 2.0**-2
"""Share of beads other than 1–1; assumed, likewise."""
_SEGMENTS = 10.0
"""A document's own rates weigh as much as the usual ones once it has this many segments."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What is special to a document.

    Attributes:
        length_mean: mean of ln(vi tokens / zh tokens).
        nulls: log2 of the share of null segments over the usual share.
        runs: the same of runs of nulls.
        merges: the same of beads other than 1–1.
    """

    length_mean: float
    nulls: float = 0.0
    runs: float = 0.0
    merges: float = 0.0


def observed(
    length_mean: float, *, segments: float, nulls: float, runs: float, beads: float, merges: float
) -> Habits:
    """Habits from expected counts of a pass.

    Args:
        length_mean: as estimated by `length.document_mean`.
        segments: of both sides together.
        nulls: segments expected to be null.
        runs: runs of nulls expected.
        beads: translation beads expected.
        merges: those of them that are not 1–1.
    """
    return Habits(
        length_mean=length_mean,
        nulls=_log_rate(nulls, segments, USUAL_NULLS),
        runs=_log_rate(runs, segments, USUAL_NULLS),
        merges=_log_rate(merges, beads, USUAL_MERGES),
    )


def _log_rate(count: float, total: float, usual: float) -> float:
    """log2 of a rate drawn towards the usual one, over the usual one."""
    return float(np.log2((count + _SEGMENTS * usual) / (total + _SEGMENTS) / usual))
