"""From sightings to scored candidates: the translations of each pooled, and the best one chosen.

One zh candidate is one concept. Its translations are pooled over all beads by their key, so that spellings
of one form (Võ Đại Thắng, VÕ ĐẠI THẮNG; KT-XH, kinh tế - xã hội) count together; the form with the highest
pooled odds is preferred, another that was the best translation somewhere is a variant if it is likely
enough.

Candidates then compete: for a translation that several claim in one place, and for the place itself, where
one stands inside another.

The confidence is the probability that the translation is right times the probability that it is a term:
σ(Σ translation weights) · σ(Σ term weights), weights in log2 odds.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aligner.evidence.encode import Renderings
from aligner.terms.candidates import forms
from aligner.terms.categories import is_persons_name, is_written_as_name
from aligner.terms.sightings import Sighting, Sightings, Text, ZhFacts
from aligner.terms.termhood import CLAIMED, NESTED, frame, is_name, termhood
from aligner.terms.weights import PairWeights

_SAID = 0.005  # weights below this are not told
_ENOUGH = 5
"""Occurrences from which counting says something; below, every pair that is seen is significant."""
_SIGNIFICANT = 10.83
"""G² that is exceeded by chance once in a thousand (χ², one degree of freedom)."""
_DICE_LEAST, _BY_CHANCE = -2.0, -2.0
_SOLID = 0.5
"""Confidence from which a longer term swallows what stands inside it."""
FEATURES = ("links", "leak", "free", "odd", "cuts", "clash")


@dataclass(frozen=True, slots=True)
class Rendering:
    """A candidate's translation, pooled over all beads.

    Attributes:
        vi: its commonest form.
        sightings: where it stands.
        weights: in log2 odds by name.
    """

    vi: str
    key: str
    sightings: tuple[Sighting, ...]
    weights: Mapping[str, float]

    @property
    def odds(self) -> float:
        """Log2 odds that it is right."""
        return sum(self.weights.values())


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its translations and what speaks for it."""

    zh: str
    key: str
    fact: ZhFacts
    renderings: tuple[Rendering, ...]
    term: Mapping[str, float]
    nested: float = 0.0
    known: bool = False

    @property
    def evidence(self) -> dict[str, float]:
        """All weights by name, those of the translation first."""
        parts = {f"translation {name}": weight for name, weight in self.renderings[0].weights.items()}
        parts |= {f"term {name}": weight for name, weight in {**self.term, "nested": self.nested}.items()}
        return {name: round(weight, 3) for name, weight in parts.items() if abs(weight) >= _SAID}

    @property
    def confidence(self) -> float:
        """Probability that it is a term and its translation right."""
        return probability(self.renderings[0].odds) * probability(sum(self.term.values()) + self.nested)

    @property
    def solidity(self) -> float:
        """The same of its words, however general their head: what stands inside them is a fragment."""
        if self.known:
            return 1.0
        odds = sum(self.term.values()) - self.term.get("general", 0.0) + self.nested
        return probability(self.renderings[0].odds) * probability(odds)


def probability(odds: float) -> float:
    """A probability from log2 odds."""
    return 1 / (1 + math.exp2(-max(-60.0, min(60.0, odds))))


def score(
    sightings: Sightings,
    texts: Sequence[Text],
    weights: PairWeights,
    *,
    least: float = 0.0,
    glossary: Renderings | None = None,
) -> list[Scored]:
    """All candidates with their translations, the most confident first.

    Args:
        sightings: of all texts.
        texts: the texts.
        weights: of the features of a pair.
        least: confidence below which a candidate is not worth keeping.
        glossary: translations known beforehand: what a person approved covers and claims for certain.
    """
    known = _known(glossary or {})
    counts = Counts(len(texts), sightings.beads_of_vi())
    scored = []
    for key, fact, seen in sightings.by_zh():
        renderings = _renderings(seen, fact, texts, weights, counts)
        if probability(renderings[0].odds) < least:
            continue
        zh = _form([forms(texts[s.text].zh, *s.src)[0] for s in seen if s.best])
        main = renderings[0]
        # Whatever is no term itself may still claim a translation or cover a fragment.
        term = termhood(fact, main.sightings, zh, main.vi)
        scored.append(Scored(zh, key, fact, renderings, term, known=(key, main.key) in known))
    claims = _claims(scored)
    whole = _without_fragments(_claimed(scored, claims))
    kept = [_without_borrowed(candidate, claims) for candidate in whole if candidate.confidence >= least]
    return sorted(kept, key=lambda s: -s.confidence)


def _known(glossary: Renderings) -> frozenset[tuple[str, str]]:
    """Pairs of keys."""
    return frozenset((zh, " ".join(vi)) for zh, forms_ in glossary.items() for vi in forms_)


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted over all beads.

    Attributes:
        beads: how many there are.
        of_vi: in how many of them a vi key was sighted.
    """

    beads: int
    of_vi: Mapping[str, int]


def _renderings(
    sightings: Sequence[Sighting],
    fact: ZhFacts,
    texts: Sequence[Text],
    weights: PairWeights,
    counts: Counts,
) -> tuple[Rendering, ...]:
    by_vi: defaultdict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_vi[sighting.vi].append(sighting)
    places = len({(sighting.text, sighting.src) for sighting in sightings})
    found = []
    for key, seen in by_vi.items():
        if not any(s.best for s in seen):
            continue
        clear = sorted(seen, key=lambda s: -s.score)[: (len(seen) + 1) // 2]
        mean = [sum(column) / len(clear) for column in zip(*(s.features for s in clear), strict=True)]
        parts = {name: getattr(weights, name) * value for name, value in zip(FEATURES, mean, strict=True)}
        beads = len({s.text for s in seen})
        parts["links"] += weights.linked * mean[0]
        parts |= {
            "base": weights.base,
            "seen": weights.seen * math.log2(beads),
            "share": weights.share * math.log2(len({(s.text, s.src) for s in seen}) / places),
            "together": together(beads, fact.beads, counts.of_vi[key], counts.beads),
        }
        form = _form([forms(texts[s.text].vi, *s.tgt)[0] for s in seen])
        found.append(Rendering(form, key, tuple(seen), parts))
    return tuple(sorted(found, key=lambda r: -r.odds))


def together(both: int, of_zh: int, of_vi: int, beads: int) -> float:
    """What counting adds where there is enough to count: do the two forms keep to each other?

    The Dice coefficient, 0 at one half; and a penalty where the log-likelihood ratio (Dunning 1993,
    Computational Linguistics 19(1)) leaves it open whether they meet by chance. In log2 odds; assumed.

    Args:
        both: beads in which they are linked.
        of_zh: how often the zh form stands anywhere.
        of_vi: beads in which the vi form was linked with anything.
        beads: all beads.

    >>> together(2, 2, 2, 1000), together(20, 20, 20, 1000)
    (0.0, 1.0)
    """
    if of_zh < _ENOUGH:
        return 0.0
    dice = 2 * both / (of_zh + of_vi)
    weight = max(_DICE_LEAST, min(1.0, math.log2(2 * dice)))
    return weight + (0.0 if log_likelihood(both, of_zh, of_vi, beads) >= _SIGNIFICANT else _BY_CHANCE)


def log_likelihood(both: int, of_one: int, of_other: int, beads: int) -> float:
    """Dunning's G² of two forms that stand in so many beads, alone and together; 0 for fewer than chance."""
    beads = max(beads, of_one + of_other - both)
    expected = of_one * of_other / beads
    if both <= expected:
        return 0.0
    table = (both, of_one - both, of_other - both, beads - of_one - of_other + both)
    totals = (of_one, of_one, beads - of_one, beads - of_one)
    columns = (of_other, beads - of_other, of_other, beads - of_other)
    return 2 * sum(
        cell * math.log(cell * beads / (row * column))
        for cell, row, column in zip(table, totals, columns, strict=True)
        if cell and row and column
    )


def _form(surfaces: Sequence[str]) -> str:
    """The commonest form; of equally common ones the first."""
    return Counter(surfaces).most_common(1)[0][0]


class _Claim(NamedTuple):
    """Who has a stretch of Vietnamese for its translation, and how surely; what is approved comes first."""

    known: bool
    odds: float
    key: str
    src: tuple[int, int]
    solid: bool


_Claims = Mapping[tuple[int, tuple[int, int]], _Claim]


def _claims(scored: Sequence[Scored]) -> _Claims:
    """The surest claim by text and place in it; only what is a candidate's first translation is claimed."""
    best: dict[tuple[int, tuple[int, int]], _Claim] = {}
    for candidate in scored:
        main, solid = candidate.renderings[0], candidate.solidity >= _SOLID
        for sighting in main.sightings:
            place = sighting.text, sighting.tgt
            claim = _Claim(candidate.known, main.odds, candidate.key, sighting.src, solid)
            best[place] = max(best.get(place, claim), claim)
    return best


def _without_borrowed(candidate: Scored, claims: _Claims) -> Scored:
    """A candidate without the translations that are those of longer terms it stands in.

    越南 is no tiếng Việt, though it stands in 越南语言, of which that is the surer translation. One that is
    borrowed in at least half of its places goes.
    """
    main, *others = candidate.renderings
    kept = [
        other
        for other in others
        if 2 * sum(_is_borrowed(s, other, claims) for s in other.sightings) < len(other.sightings)
    ]
    return dataclasses.replace(candidate, renderings=(main, *kept)) if others else candidate


def _is_borrowed(sighting: Sighting, rendering: Rendering, claims: _Claims) -> bool:
    """Whether a longer term around this place has the translation that stands there, and more surely."""
    claim = claims.get((sighting.text, sighting.tgt))
    if claim is None or claim.src == sighting.src or not claim.solid:
        return False
    (first, last), (start, end) = claim.src, sighting.src
    return first <= start and end <= last and (claim.known or claim.odds >= rendering.odds)


def _claimed(scored: Sequence[Scored], claims: _Claims) -> list[Scored]:
    """The candidates, those weighed down whose translation is that of a surer candidate in the same places.

    A stretch of Vietnamese translates one stretch of Chinese: of 卫生 and 涉及卫生, both y tế, one says more
    than the translation does (competitive linking, Melamed 2000, Computational Linguistics 26(2)). What a
    person approved comes first, and counts double.
    """
    out = []
    for candidate in scored:
        seen = candidate.renderings[0].sightings
        winners = [claims[s.text, s.tgt] for s in seen]
        lost = sum((1 + winner.known) * (winner.key != candidate.key) for winner in winners) / len(seen)
        term = {**candidate.term, "claimed": CLAIMED * lost**2} if lost else candidate.term
        out.append(dataclasses.replace(candidate, term=term))
    return out


class _Cover(NamedTuple):
    """A place that a solid term covers, `start` to `end`, but for what stands from `core` to `core_end`.

    A person's name hides even names: 诸葛 is no name in 诸葛亮, while 河北 is one in 河北省.
    """

    start: int
    end: int
    core: int
    core_end: int
    person: bool

    def hides(self, start: int, end: int, *, named: bool) -> bool:
        """Whether what stands there is a fragment of the term."""
        inside = self.start <= start and end <= self.end and (start, end) != (self.core, self.core_end)
        return inside and (self.person or not named)


def _without_fragments(scored: Sequence[Scored]) -> list[Scored]:
    """The candidates, longest first, with what only stands inside longer ones weighed down.

    A term hides its parts, but neither the rest of it behind a name (中越 | 命运共同体) nor that before a
    general noun (智能口岸 | 建设), which are the terms there, nor the names in it.
    """
    covered: defaultdict[int, list[_Cover]] = defaultdict(list)
    out = []
    for candidate in sorted(scored, key=lambda s: -len(s.zh)):
        vi = candidate.renderings[0].vi
        named = is_name(candidate.fact.tags) and is_written_as_name(vi)
        places = {(s.text, s.src) for r in candidate.renderings for s in r.sightings}
        inside = sum(any(cover.hides(*src, named=named) for cover in covered[text]) for text, src in places)
        share = inside / max(candidate.fact.count, len(places))
        term = candidate.term
        if all(any(c.person and c.hides(*src, named=True) for c in covered[text]) for text, src in places):
            term = {name: weight for name, weight in term.items() if name != "name"}
        found = dataclasses.replace(candidate, term=term, nested=NESTED * share**2)
        out.append(found)
        if found.solidity >= _SOLID:
            before, behind = frame(candidate.fact)
            person = is_persons_name(candidate.zh, vi)
            for text, (start, end) in places:
                covered[text].append(_Cover(start, end, start + before, end - behind, person))
    return out
