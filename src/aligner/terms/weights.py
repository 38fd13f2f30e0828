"""The weights of term extraction, in log2 odds per unit of the feature."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairWeights:
    """Weights of the features of `association`, fitted by tools/lexicon/fit_terms.py; `clash` is assumed.

    A candidate's counterpart is chosen by all but the last three; how far it is trusted, depends on them too.

    Attributes:
        base: before anything is known.
        links: of linked token pairs inside.
        leak: of linked token pairs that one side has outside.
        free: of pairs of unlinked tokens, one on either side.
        odd: of unlinked tokens without a partner on the other side.
        cuts: per end inside a Vietnamese word.
        clash: where the heads name different kinds of thing.
        linked: of linked token pairs inside once more: what has many links is right more often, whichever
            counterpart is chosen.
        seen: per doubling of the beads in which a translation is seen.
        share: per doubling of its share in all the places where the zh candidate stands.
    """

    base: float = 1.1
    links: float = 1.3
    leak: float = -7.8
    free: float = -4.0
    odd: float = -3.4
    cuts: float = -2.8
    clash: float = -3.0
    linked: float = 1.7
    seen: float = 0.7
    share: float = 1.8
