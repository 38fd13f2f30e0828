"""Beads whose sides differ in length by far more than is usual: something dropped, or a wrong bead.

Length is counted in tokens (characters and syllables). The logarithm of the ratio of the two is
compared with its median over all beads of a document pair (of the collection where there are few). Odd
is what is further from it than four times the median deviation and than a factor of two and a half;
sides under `_LONG_ENOUGH` tokens vary too much to tell.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from aligner.check.collection import Collection, Pair
from aligner.check.finding import Mark
from aligner.language.tokens import token_keys

_LONG_ENOUGH = 10
_FACTOR = math.log(2.5)
_DEVIATIONS = 4
_ENOUGH_BEADS = 20
# Syllables to a character where there is nothing to take a median of: both are morphemes, and
# Vietnamese spends some on grammar that Chinese leaves out (general knowledge of the two languages).
_USUAL = math.log(1.3)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the vi side."""
    groups: defaultdict[str, list[tuple[Pair, float, int]]] = defaultdict(list)
    for pair in collection.pairs:
        if pair.trusted:
            zh = sum(len(token_keys(passage.text, "zh")) for passage in pair.zh)
            vi = sum(len(token_keys(passage.text, "vi")) for passage in pair.vi)
            if zh and vi:
                groups[pair.zh[0].document].append((pair, math.log(vi / zh), max(zh, vi)))
    everything = [ratio for group in groups.values() for _, ratio, _ in group]
    for group in groups.values():
        ratios = [ratio for _, ratio, _ in group]
        middle, limit = _usual(ratios if len(ratios) >= _ENOUGH_BEADS else everything)
        for pair, ratio, longer in group:
            if longer >= _LONG_ENOUGH and abs(ratio - middle) > limit:
                times = math.exp(abs(ratio - middle))
                which = "longer" if ratio > middle else "shorter"
                yield Mark(pair.vi[0], 0, 0, f"{times:.1f} times {which} than usual beside the Chinese")


def _usual(ratios: list[float]) -> tuple[float, float]:
    """The median, and how far from it is odd."""
    if len(ratios) < _ENOUGH_BEADS:
        return _USUAL, _FACTOR
    middle = median(ratios)
    return middle, max(_FACTOR, _DEVIATIONS * median(abs(ratio - middle) for ratio in ratios))
