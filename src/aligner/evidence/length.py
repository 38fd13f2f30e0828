"""Length: do the two sides of a bead have lengths that go together?

Lengths are counted in tokens (Han characters, syllables, numbers, Latin words): on running text the
ratio of tokens varies less than that of letters. The log ratio d = ln(tgt / src) − μ of a true bead is
taken as normal, as Gale & Church (1993, Computational Linguistics 19) do for the difference of
lengths; the weight is the log2 likelihood ratio against a wide normal for beads that do not belong
together. We depart from them in three points: the log ratio instead of the difference, which holds for
short and long beads alike; the likelihood ratio instead of a tail probability, which adds up with other
evidence; and μ is estimated for each document after a first pass, because a novel and a manual differ.

The weight is bounded below, since a free translation can have any length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.parameters import LengthModel

Floats = NDArray[np.float64]
_FLOOR = -10.0  # log2 odds: length alone never says more than a thousand to one against


def length_weight(src: Floats, tgt: Floats, mean: float, model: LengthModel) -> Floats:
    """Log2 likelihood ratio of true against chance for lengths in tokens; arrays broadcast.

    A side without any token (punctuation only) counts as half a token.
    """
    src, tgt = np.maximum(src, 0.5), np.maximum(tgt, 0.5)
    deviation = np.log(tgt) - (np.log(src) + mean)
    scatter = (model.variance_per_token / np.sqrt(src)) / np.sqrt(tgt)
    true, chance = model.variance + scatter, model.background + scatter
    wider = (model.background - model.variance) / true  # chance / true − 1
    nats = 0.5 * (np.log1p(wider) - deviation * deviation * wider / chance)
    return np.asarray(np.maximum(nats / np.log(2), _FLOOR))


def document_mean(src: Floats, tgt: Floats, probability: Floats, model: LengthModel) -> float:
    """The document's own mean log ratio, from beads weighted by their probability and precision.

    The prior mean counts as `model.strength` beads of thirty tokens; O(number of beads).
    """
    usable = (src > 2) & (tgt > 2)  # noqa: PLR2004 - shorter ones say nothing about a ratio
    src, tgt, probability = src[usable], tgt[usable], probability[usable]
    typical = model.variance + model.variance_per_token / 30
    precision = probability * typical / (model.variance + model.variance_per_token / np.sqrt(src * tgt))
    weighted = float((precision * np.log(tgt / src)).sum())
    return (model.strength * model.mean + weighted) / (model.strength + float(precision.sum()))
