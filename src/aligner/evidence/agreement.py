"""Which token belongs to which: the posteriors of IBM model 1 in both directions, brought to agree.

Each direction alone answers "which unit gave rise to this token": a token of the taker was there by
chance, or came from one of the giver's tokens (Brown et al. 1993, Computational Linguistics 19(2)). A
link is believed as far as both directions do: the geometric mean of the two posteriors (after Liang,
Taskar & Klein 2006, "Alignment by agreement", NAACL; they train on the product, we only read it off).

The model knows no places. So candidates are weighed by what is linked around them: Vietnamese puts
modifiers after the head, and words change places, but within a word the order stays (全面|战略 → chiến
lược|toàn diện), and neighbours stay near; the next token in the same order counts most. Of a word that
stands twice, both occurrences claim the same counterparts; these claims are settled by relaxation
labelling (Rosenfeld, Hummel & Zucker 1976, IEEE Trans. SMC 6): in each round an occurrence's share grows
with its surroundings, and with what the other direction says. Where nothing else decides, the nearer
place does. Only the choice among candidates changes; how far a token is explained at all stays as the
score has it.

Cost: O(n · m · (n + m)) for n and m tokens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aligner.evidence.sparse import Floats, Ints

_ROUNDS = 8
"""Rounds of weighing anew: a share that leads by half in each is then beyond doubt."""
_REACH = 3
"""How far neighbours are looked for, in tokens: two words of two that change places are that far apart."""
_NEXT, _NEAR = 1.0, 0.3
"""Say of the next token, in the same order or with the same counterpart, and of one near by in any order;
assumed."""
_SELF = 0.1
"""What a link has to say for itself where nothing around it is linked; assumed."""
_TENSION = 0.2
"""Pull towards the diagonal, e to this power from corner to corner. Dyer, Chahuneau & Smith (2013, NAACL)
learn about 4 for European languages; here clauses are turned round, and it must only break ties."""


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction's opinion on every pair of tokens.

    Attributes:
        likely: (givers, takers): how likely the units that contain the giver's token make the taker's.
        explained: (takers,): the sum over all units, each counted once.
        chance: (takers,): how likely the token is there by chance.
        same: (givers, givers): 1 where two tokens are equal.
    """

    likely: Floats
    explained: Floats
    chance: Floats
    same: Floats

    def posterior(self, weight: Floats) -> Floats:
        """P(the taker's token comes from a unit with the giver's token), 0 to 1.

        Args:
            weight: (givers, takers) by which candidates are weighed; all equal changes nothing.
        """
        whole = self.likely.sum(axis=0) / np.maximum(self.explained + self.chance, 1e-300)
        weighed = self.likely * weight
        return np.asarray(np.minimum(weighed * (whole / np.maximum(weighed.sum(axis=0), 1e-300)), 1.0))

    def shared(self, claims: Floats) -> Floats:
        """Claims as shares among equal tokens."""
        return np.asarray(claims / np.maximum(self.same @ claims, 1e-300))


@dataclass(frozen=True, slots=True)
class Agreed:
    """Posteriors after agreement, (zh tokens, vi tokens) each.

    Attributes:
        forward: that the vi token comes from the zh token.
        backward: that the zh token comes from the vi token.
    """

    forward: Floats
    backward: Floats

    @property
    def both(self) -> Floats:
        """The geometric mean of both directions."""
        return np.asarray(np.sqrt(self.forward * self.backward))


def equal(keys: Ints) -> Floats:
    """1 where two tokens have the same key."""
    return np.asarray(keys[:, None] == keys[None, :], np.float64)


def agree(forward: Direction, backward: Direction) -> Agreed:
    """Bring two directions to agree.

    Args:
        forward: zh gives, vi takes.
        backward: vi gives, zh takes.

    Returns:
        Posteriors; swapping the arguments transposes and swaps them.
    """
    near = _diagonal(*forward.likely.shape)
    zh_share, vi_share = forward.shared(near), backward.shared(near.T).T
    context = np.ones_like(near)
    for _ in range(_ROUNDS):
        found = Agreed(forward.posterior(zh_share * context), backward.posterior((vi_share * context).T).T)
        context = _SELF + _support(found.both)
        zh_share, vi_share = (
            forward.shared(zh_share * context * (_SELF + vi_share)),
            backward.shared((vi_share * context * (_SELF + zh_share)).T).T,
        )
    return Agreed(forward.posterior(zh_share * context), backward.posterior((vi_share * context).T).T)


def _diagonal(n: int, m: int) -> Floats:
    """Preference for pairs that stand at the same part of both texts."""
    zh, vi = (np.arange(k) + 0.5 for k in (n, m))
    apart = np.abs(zh[:, None] / max(n, 1) - vi[None, :] / max(m, 1))
    return np.asarray(np.exp(-_TENSION * apart))


def _support(links: Floats) -> Floats:
    """What the links around each pair say for it.

    Of the pairs (i + a, j + b) in no line with (i, j), those at distance r = max(|a|, |b|) count 1 / r. They
    are summed as nested squares without their middle lines, which takes a sixth of the additions.
    """
    n, m = links.shape
    padded = np.zeros((n + 2 * _REACH, m + 2 * _REACH))
    padded[_REACH : _REACH + n, _REACH : _REACH + m] = links

    def moved(by: int, across: int) -> Floats:
        return padded[_REACH + by : _REACH + by + n, _REACH + across : _REACH + across + m]

    near = np.zeros((n, m))
    columns = np.zeros((n + 2 * _REACH, m))
    for r in range(1, _REACH + 1):
        columns += padded[:, _REACH + r : _REACH + r + m] + padded[:, _REACH - r : _REACH - r + m]
        rows = sum(
            columns[_REACH + a : _REACH + a + n] + columns[_REACH - a : _REACH - a + n]
            for a in range(1, r + 1)
        )
        near += rows * (1 / r - (1 / (r + 1) if r < _REACH else 0))
    beside = moved(1, 1) + moved(-1, -1) + moved(1, 0) + moved(-1, 0) + moved(0, 1) + moved(0, -1)
    return np.asarray(_NEXT * beside + _NEAR * near)
