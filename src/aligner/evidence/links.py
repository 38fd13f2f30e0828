"""Word links inside a bead: which word translates which, what each link weighs, and how it is known.

The translation weight of a bead is a sum over its tokens (see `lexical`): each vi token's log ratio
under the zh units, and each zh token's under the vi units. Every token's part goes to the links it
has, in proportion to their posteriors; a token without link is listed with the part it has, mostly a
loss. So links and unlinked tokens add up to the translation weight.

Posteriors come from `agreement`, words from `grouping`. What it cannot do: free renderings have no links,
and a Vietnamese word of which only one syllable is known is linked by that syllable alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from aligner.evidence.agreement import Agreed, Direction, agree, equal
from aligner.evidence.combine import Evidence
from aligner.evidence.encode import Source
from aligner.evidence.grouping import Group, groups, terms
from aligner.evidence.lexical import choices
from aligner.evidence.occurrences import Occurrences, Span, occurrences
from aligner.evidence.parameters import Parameters
from aligner.evidence.rectangles import Block
from aligner.evidence.sparse import Floats, Ints, Sparse
from aligner.language.line_ends import one_line
from aligner.language.words import vi_words, zh_words
from aligner.model import Segment

LinkSource: TypeAlias = Source | Literal["own"]
"""How a link is known: by a source of the table, or from the document's own sure beads."""

_LEAST = 0.3
"""Posterior from which a token link counts, as the geometric mean of both directions; assumed: .5 would
ask both directions to be more sure than not, and lose words with several translations."""
_RIVAL = 0.5
"""A link counts if it is at least half as likely as the best one of either of its tokens; assumed."""
_ALONE = 0.8
"""Posterior from which one direction suffices for two words that have no other link: a rare name may be
known in one direction only. After the heuristic `final-and` of Koehn, Och & Marcu (2003, NAACL)."""
_ROUNDING = 1e-4
"""What is less than this share of t is no source but a rounding error."""


@dataclass(frozen=True, slots=True)
class Link:
    """A zh word and the vi word it is linked with.

    Attributes:
        src, tgt: the words.
        weight: its part of the bead's translation weight, in log2 odds.
        probability: that its words come from each other: mean posterior of the linked tokens of both
            sides, 0 to 1; below a half where one direction alone knows of it.
        sources: how it is known, as shares that add up to 1, largest first; empty where the encoding
            did not keep its sources.
    """

    src: Span
    tgt: Span
    weight: float
    probability: float
    sources: Mapping[LinkSource, float]

    @property
    def source(self) -> LinkSource | None:
        """The source that says most."""
        return next(iter(self.sources), None)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Words in a row that nothing on the other side explains.

    Attributes:
        span: where they stand.
        weight: their part of the bead's translation weight, mostly negative.
    """

    span: Span
    weight: float


@dataclass(frozen=True, slots=True)
class BeadLinks:
    """All links of a bead, in the order of the zh text, and what is left over on each side."""

    links: tuple[Link, ...] = ()
    src_unlinked: tuple[Unlinked, ...] = ()
    tgt_unlinked: tuple[Unlinked, ...] = ()

    @property
    def weight(self) -> float:
        """The translation weight of the bead, which all parts add up to."""
        unlinked = sum(part.weight for part in (*self.src_unlinked, *self.tgt_unlinked))
        return unlinked + sum(link.weight for link in self.links)


def bead_links(evidence: Evidence, block: Block, src: Sequence[Segment], tgt: Sequence[Segment]) -> BeadLinks:
    """The word links of a bead; O(zh tokens · vi tokens), after jieba has loaded.

    Args:
        evidence: of the document pair; for links that say how they are known, encoded `by_source`.
        block: (i0, i1, j0, j1): zh segments i0 … i1−1 with vi segments j0 … j1−1.
        src: the zh segments that were encoded.
        tgt: the vi segments that were encoded.

    Returns:
        The links. In a null bead all is unlinked, with weight 0.
    """
    i0, i1, j0, j1 = block
    encoding, p = evidence.encoding, evidence.parameters
    zh = occurrences(src[i0:i1], "zh", encoding.src, encoding.src_units, encoding.src_targets, i0)
    vi = occurrences(tgt[j0:j1], "vi", encoding.tgt, encoding.tgt_units, encoding.tgt_targets, j0)
    if not (len(zh) and len(vi)):
        loss = np.log2(p.smoothing) if i0 < i1 and j0 < j1 else 0.0
        zh_rest = _unlinked(zh, np.full(len(zh), p.backward * loss), np.zeros((0, len(zh))))
        return BeadLinks(
            (), zh_rest, _unlinked(vi, np.full(len(vi), p.forward * loss), np.zeros((0, len(vi))))
        )
    from_zh, from_vi = _likely(zh, vi, encoding.table.forward, p), _likely(vi, zh, encoding.table.backward, p)
    forward = _direction(zh, from_zh, p.smoothing * encoding.tgt.chance[vi.targets])
    backward = _direction(vi, from_vi, p.smoothing * encoding.src.chance[zh.targets])
    found = agree(forward, backward)
    words = zh.words(zh_words, terms(zh, from_zh, forward)), vi.words(vi_words, terms(vi, from_vi, backward))
    kept = _kept(found, words)
    grouped = groups(zh, vi, kept, words)
    parts = p.backward * _ratio(backward, p.smoothing), p.forward * _ratio(forward, p.smoothing)
    given = _given(grouped, found, kept)
    sources = _sources(evidence, zh, vi) if encoding.by_source else {}
    return BeadLinks(
        tuple(
            _link(group, zh, vi, found, (to_src, to_tgt), parts, sources)
            for group, to_src, to_tgt in zip(grouped, *given, strict=True)
        ),
        _unlinked(zh, parts[0], given[0]),
        _unlinked(vi, parts[1], given[1]),
    )


def same_words(links: Sequence[Link]) -> list[list[tuple[int, Link]]]:
    """Links by their numbers, those of the same words together, as a reader sees them; the heaviest first."""
    grouped: defaultdict[tuple[str, str], list[tuple[int, Link]]] = defaultdict(list)
    for number, link in enumerate(links):
        grouped[one_line(link.src.text), one_line(link.tgt.text).casefold()].append((number, link))
    return sorted(grouped.values(), key=lambda group: -sum(link.weight for _, link in group))


def _table(giver: Occurrences, taker: Occurrences, table: Sparse) -> Floats:
    """(units, tokens) t of each of the taker's tokens from each of the giver's units, as they occur."""
    units, unit_at = np.unique(giver.units, return_inverse=True)
    targets, target_at = np.unique(taker.targets, return_inverse=True)
    return np.asarray(table.dense(units, targets)[unit_at][:, target_at])


def _likely(giver: Occurrences, taker: Occurrences, table: Sparse, p: Parameters) -> Floats:
    """How likely each of the giver's units makes each of the taker's tokens: one direction of the score."""
    share = (1 - p.smoothing) / float(choices(np.asarray(len(giver.units), np.float32), p.dilution))
    return _table(giver, taker, table) * share


def _direction(giver: Occurrences, likely: Floats, chance: Floats) -> Direction:
    return Direction(giver.cover @ likely, likely.sum(axis=0), chance, equal(giver.targets))


def _ratio(direction: Direction, smoothing: float) -> Floats:
    """Each token's part of the lexical score: log2 of its likelihood over its chance."""
    return np.asarray(np.log2(smoothing * (1 + direction.explained / direction.chance)))


def _kept(found: Agreed, words: tuple[Ints, Ints]) -> Floats:
    """Which token links count: what the tokens of a word say together, they say as one."""
    same = equal(words[0]), equal(words[1])
    forward = np.minimum(same[0] @ found.forward, 1.0)
    backward = np.minimum(found.backward @ same[1], 1.0)
    both = np.sqrt(forward * backward)
    best = np.maximum(both.max(axis=1, keepdims=True), both.max(axis=0, keepdims=True))
    kept = (both >= _LEAST) & (both >= _RIVAL * best)
    taken = (same[0] @ kept).any(axis=1, keepdims=True) | (kept @ same[1]).any(axis=0, keepdims=True)
    return np.asarray(kept | (~taken & (np.maximum(forward, backward) >= _ALONE)), np.float64)


def _given(grouped: Sequence[Group], found: Agreed, kept: Floats) -> tuple[Floats, Floats]:
    """What share of each zh and of each vi token goes to each group: (groups, tokens) twice.

    A token goes to the links it has; one that has none but stands inside a linked word goes with it.
    """
    n, m = kept.shape
    to_src, to_tgt = np.zeros((len(grouped), n)), np.zeros((len(grouped), m))
    for k, group in enumerate(grouped):
        i, j = np.array(group.pairs).T
        np.add.at(to_src[k], i, found.backward[i, j])
        np.add.at(to_tgt[k], j, found.forward[i, j])
    return _divided(to_src, [g.src for g in grouped]), _divided(to_tgt, [g.tgt for g in grouped])


def _divided(claims: Floats, spans: Sequence[tuple[int, int]]) -> Floats:
    """Claims as shares of each token; what nobody claims goes to the first whose span it stands in."""
    total = claims.sum(axis=0)
    given: Floats = claims / np.where(total > 0, total, 1.0)
    for k, (first, last) in enumerate(spans):
        free = first + np.flatnonzero(~given[:, first : last + 1].any(axis=0))
        given[k, free] = 1.0
    return given


def _link(
    group: Group,
    zh: Occurrences,
    vi: Occurrences,
    found: Agreed,
    given: tuple[Floats, Floats],
    parts: tuple[Floats, Floats],
    sources: Mapping[LinkSource, tuple[Floats, Floats]],
) -> Link:
    i, j = np.array(group.pairs).T
    forward, backward = found.forward[i, j], found.backward[i, j]
    of_tgt = np.asarray(np.bincount(j, forward), np.float64)
    of_src = np.asarray(np.bincount(i, backward), np.float64)
    shares: dict[LinkSource, float] = {}
    if sources:
        # A token's gain counts for a source as far as its link is the source's; losses count for none.
        gain = [np.maximum(to * part, _ROUNDING) for to, part in zip(given, parts, strict=True)]
        on_src = gain[0][i] * backward / np.maximum(of_src[i], _ROUNDING)
        on_tgt = gain[1][j] * forward / np.maximum(of_tgt[j], _ROUNDING)
        said = {
            source: float(on_tgt @ zh_gives[i, j] + on_src @ vi_gives[i, j])
            for source, (zh_gives, vi_gives) in sources.items()
        }
        ranked = sorted(said.items(), key=lambda item: -item[1])
        shares = {source: share / sum(said.values()) for source, share in ranked if share > 0}
    return Link(
        src=zh.span(*group.src),
        tgt=vi.span(*group.tgt),
        weight=float(given[0] @ parts[0] + given[1] @ parts[1]),
        probability=(_mean(of_src, i) + _mean(of_tgt, j)) / 2,
        sources=shares,
    )


def _mean(posterior: Floats, tokens: Ints) -> float:
    """Mean posterior of some tokens, each counted once."""
    return float(np.minimum(posterior[np.unique(tokens)], 1.0).mean())


def _sources(evidence: Evidence, zh: Occurrences, vi: Occurrences) -> dict[LinkSource, tuple[Floats, Floats]]:
    """Each source's share of t between every two tokens, 0 to 1, forward and backward, (zh, vi) each."""
    encoding = evidence.encoding
    forward = _shares({s: t.forward for s, t in encoding.by_source.items()}, encoding.table.forward, zh, vi)
    backward = _shares(
        {s: t.backward for s, t in encoding.by_source.items()}, encoding.table.backward, vi, zh
    )
    return {source: (forward[source], backward[source].T) for source in forward}


def _shares(
    known: Mapping[Source, Sparse], table: Sparse, giver: Occurrences, taker: Occurrences
) -> dict[LinkSource, Floats]:
    """Shares of one direction.

    The second pass shrinks what was known of a unit by one factor and adds the document's own counts; the
    factor is that of the entry which grew least.
    """
    units, unit_at = np.unique(giver.units, return_inverse=True)
    everything = np.arange(table.columns)
    before = sum(
        (part.dense(units, everything) for part in known.values()), np.zeros((len(units), table.columns))
    )
    after = table.dense(units, everything)
    ratio = np.where(before > 0, after / np.where(before > 0, before, 1.0), np.inf).min(axis=1)
    shrunk = np.where(np.isfinite(ratio), ratio, 0.0)[unit_at][:, None]
    parts: dict[LinkSource, Floats] = {
        source: giver.cover @ (shrunk * _table(giver, taker, part)) for source, part in known.items()
    }
    total = giver.cover @ _table(giver, taker, table)
    rest = total - sum(parts.values())
    parts["own"] = np.where(rest > _ROUNDING * total, rest, 0.0)
    return {source: part / np.where(total > 0, total, 1.0) for source, part in parts.items()}


def _unlinked(side: Occurrences, parts: Floats, given: Floats) -> tuple[Unlinked, ...]:
    """The tokens that went to no link, those that stand together as one."""
    free = np.flatnonzero(~given.any(axis=0))
    return tuple(
        Unlinked(side.span(first, last), float(parts[first : last + 1].sum()))
        for first, last in side.runs(int(token) for token in free)
    )
