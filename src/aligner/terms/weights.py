"""The weights of term extraction, in log2 odds per unit of the feature."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairWeights:
    """Weights of the features of `association`, to choose a candidate's counterpart by.

    Attributes:
        base: before anything is known.
        links: of linked token pairs inside.
        leak: of linked token pairs that one side has outside.
        free: of pairs of unlinked tokens, one on either side.
        odd: of unlinked tokens without a partner on the other side.
        cuts: per end inside a Vietnamese word.
        seen: per doubling of the beads in which a translation is seen.
        share: per doubling of its share in all the places where the zh candidate stands.
    """

    base: float = 3.7
    links: float = 1.5
    leak: float = -8.5
    free: float = -3.7
    odd: float = -3.1
    cuts: float = -2.5
    seen: float = 0.9
    share: float = 1.8
