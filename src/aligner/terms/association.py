"""How well two stretches of a bead belong together, by the links inside and between them.

For a zh candidate Z and a vi candidate V, with linked mass m between tokens (`linking`):

    links     Σ of m inside Z × V: what speaks for them
    leak      Σ of m from Z to outside V and from V to outside Z; a token equal to one inside is not outside
    unlinked  tokens of Z and of V that nothing explains: as many on either side may be a free rendering
              (`free`), what is over on one side is something added or left out (`odd`)
    cuts      ends of V that fall inside a Vietnamese word
    clash     the heads name different kinds of thing (委员会 against hội nghị)

The logarithm of one plus each is a feature of a log-linear choice among the V of a bead (a second token that
leaks says less than the first); the weights are in `weights`. Sums over all pairs of spans come from
cumulative sums, so a bead costs O(|Z spans| · |V spans|).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from aligner.evidence.sparse import Floats, Ints
from aligner.language.tokens import Token
from aligner.terms.candidates import ViSpan, ZhSpan
from aligner.terms.linking import Linked
from aligner.terms.weights import PairWeights

_LONGEST_WORD = 4
"""Syllables of the longest Vietnamese word whose parts explain each other; longer ones are names."""
_ALTERNATIVES, _NEARLY = 3, 2.0
"""How many counterparts of a candidate are kept in a bead, and by how much a second may be worse than the
first: with a head or without, both may be the usual translation, and other beads will tell."""
_FAINT = 0.15
"""Links below this are not counted: a token that has many and faint ones is not known to have any."""
_WHOLE = 0.8
"""How far a token counts as explained where another of its word is; assumed."""


class Match(NamedTuple):
    """A zh candidate's counterpart in a bead.

    Attributes:
        zh, vi: the candidates, as indices into those given.
        features: of the pair, in the order of `PairWeights`.
        score: log2 odds.
        best: no other candidate is better.
    """

    zh: int
    vi: int
    features: tuple[float, ...]
    score: float
    best: bool


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """Features of all pairs of spans of a bead, (zh spans, vi spans) each."""

    links: Floats
    leak: Floats
    free: Floats
    odd: Floats
    cuts: Floats
    clash: Floats

    def score(self, weights: PairWeights) -> Floats:
        """Log2 odds of every pair."""
        return np.asarray(
            weights.base
            + weights.links * self.links
            + weights.leak * self.leak
            + weights.free * self.free
            + weights.odd * self.odd
            + weights.cuts * self.cuts
            + weights.clash * self.clash
        )

    def of(self, zh: int, vi: int) -> tuple[float, ...]:
        """The features of one pair."""
        parts = (self.links, self.leak, self.free, self.odd, self.cuts, self.clash)
        return tuple(float(part[zh, vi]) for part in parts)


def pair_features(
    linked: Linked,
    zh_spans: Sequence[ZhSpan],
    vi_spans: Sequence[ViSpan],
    zh_words: Sequence[tuple[int, int]],
    vi_words: Sequence[tuple[int, int]],
    kinds: tuple[Ints, Ints] | None = None,
) -> PairFeatures:
    """Measure all pairs of candidates of a bead.

    Args:
        linked: its tokens and links.
        zh_spans: its zh candidates, at least one.
        vi_spans: its vi candidates, at least one.
        zh_words: its zh words as spans of the text.
        vi_words: its vi words.
        kinds: what kind of thing each zh and each vi candidate is by its head, 0 where there is no telling.
    """
    mass = np.where(linked.links >= _FAINT, linked.links, 0.0)
    a, b = np.array([(span.first, span.last) for span in zh_spans], np.int64).T
    c, d = np.array([(span.first, span.last) for span in vi_spans], np.int64).T
    total = np.zeros((mass.shape[0] + 1, mass.shape[1] + 1))
    total[1:, 1:] = mass.cumsum(axis=0).cumsum(axis=1)
    inside = total[b][:, d] - total[a][:, d] - total[b][:, c] + total[a][:, c]
    zh_types, vi_types = _types(linked.zh), _types(linked.vi)
    from_zh = _sums(mass @ vi_types, a, b) @ np.minimum(_sums(vi_types, c, d), 1).T
    from_vi = np.minimum(_sums(zh_types, a, b), 1) @ _sums(mass.T @ zh_types, c, d).T
    zh_bare = _bare(mass.sum(axis=1), _word_numbers(linked.zh, zh_words))
    vi_bare = _bare(mass.sum(axis=0), _word_numbers(linked.vi, vi_words))
    zh_open, vi_open = _sums(zh_bare, a, b)[:, None], _sums(vi_bare, c, d)[None, :]
    out = (_sums(mass.sum(axis=1), a, b)[:, None] - from_zh) + (
        _sums(mass.sum(axis=0), c, d)[None, :] - from_vi
    )
    return PairFeatures(
        links=np.log1p(np.maximum(inside, 0.0)),
        leak=np.log1p(np.maximum(out, 0.0)),
        free=np.log1p(np.minimum(zh_open, vi_open)),
        odd=np.log1p(np.abs(zh_open - vi_open)),
        cuts=np.broadcast_to(np.array([float(span.cuts) for span in vi_spans]), inside.shape),
        clash=np.zeros(inside.shape) if kinds is None else _clash(*kinds),
    )


def _clash(zh: Ints, vi: Ints) -> Floats:
    """(zh, vi) 1 where both kinds are known and differ."""
    differ = (zh[:, None] != vi) & (zh[:, None] > 0) & (vi > 0)
    return np.asarray(differ, np.float64)


def _sums(values: Floats, start: Ints, end: Ints) -> Floats:
    """Sums of runs of rows."""
    total = np.concatenate([np.zeros((1, *values.shape[1:])), values.cumsum(axis=0)])
    return np.asarray(total[end] - total[start])


def _types(tokens: Sequence[Token]) -> Floats:
    """(tokens, distinct keys) which key each token has."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(token.key for token in tokens))}
    out = np.zeros((len(tokens), len(numbers)))
    out[np.arange(len(tokens)), [numbers[token.key] for token in tokens]] = 1.0
    return out


def _word_numbers(tokens: Sequence[Token], words: Sequence[tuple[int, int]]) -> Ints:
    """Which word each token stands in."""
    starts = np.array([start for start, _ in words], np.int64)
    return np.searchsorted(starts, [token.start for token in tokens], side="right")


def _bare(linked: Floats, word: Ints) -> Floats:
    """How far each token is unexplained, 0 to 1; the linked part of a short word speaks for the whole."""
    explained = np.minimum(linked, 1.0)
    size = np.bincount(word)
    best = np.zeros(len(size))
    np.maximum.at(best, word, explained)
    whole = np.where((size[word] > 1) & (size[word] <= _LONGEST_WORD), _WHOLE * best[word], 0.0)
    return np.asarray(1.0 - np.maximum(explained, whole))


def best_matches(features: PairFeatures, weights: PairWeights, floor: float) -> list[Match]:
    """For every zh candidate its best counterparts, up to three that are nearly as good as each other.

    Args:
        features: of a bead.
        weights: of the features.
        floor: log2 odds below which a pair is not worth mentioning.
    """
    score = features.score(weights)
    count = min(_ALTERNATIVES, score.shape[1])
    ranked = np.argpartition(-score, count - 1, axis=1)[:, :count]
    found = []
    for zh, candidates in enumerate(ranked):
        best = max(candidates, key=lambda vi: score[zh, vi])
        least = max(floor, score[zh, best] - _NEARLY)
        found += [
            Match(zh, int(vi), features.of(zh, int(vi)), float(score[zh, vi]), vi == best)
            for vi in candidates
            if score[zh, vi] > least
        ]
    return found
