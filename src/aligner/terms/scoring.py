"""From sightings to scored candidates: the translations of each pooled, and the best one chosen.

One zh candidate is one concept. Its translations are pooled over all beads by their key, so that spellings
of one form (Võ Đại Thắng, VÕ ĐẠI THẮNG; KT-XH, kinh tế - xã hội) count together; the form with the highest
pooled odds is preferred, another that was the best translation somewhere is a variant if it is likely
enough.

The confidence is the probability that the translation is right times the probability that it is a term:
σ(Σ translation weights) · σ(Σ term weights), weights in log2 odds.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aligner.terms.candidates import forms
from aligner.terms.gather import Gathered, Sighting, Text, ZhFacts
from aligner.terms.termhood import NESTED, is_name, termhood
from aligner.terms.weights import PairWeights

_SAID = 0.005  # weights below this are not told
_SOLID = 0.5
"""Confidence from which a longer term swallows what stands inside it."""
FEATURES = ("links", "leak", "free", "odd", "cuts")


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


def probability(odds: float) -> float:
    """A probability from log2 odds."""
    return 1 / (1 + math.exp2(-max(-60.0, min(60.0, odds))))


def score(gathered: Gathered, texts: Sequence[Text], weights: PairWeights) -> list[Scored]:
    """All candidates with their translations, the most confident first."""
    by_zh: defaultdict[str, list[Sighting]] = defaultdict(list)
    for sighting in gathered.sightings:
        by_zh[sighting.zh].append(sighting)
    scored = []
    for key, sightings in by_zh.items():
        fact = gathered.facts[key]
        renderings = _renderings(sightings, texts, weights)
        zh = _form([forms(texts[s.text].zh, *s.src)[0] for s in sightings if s.best])
        main = renderings[0]
        scored.append(Scored(zh, key, fact, renderings, termhood(fact, main.sightings, zh, main.vi)))
    return sorted(_without_fragments(scored), key=lambda s: -s.confidence)


def _renderings(
    sightings: Sequence[Sighting], texts: Sequence[Text], weights: PairWeights
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
        }
        form = _form([forms(texts[s.text].vi, *s.tgt)[0] for s in seen])
        found.append(Rendering(form, key, tuple(seen), parts))
    return tuple(sorted(found, key=lambda r: -r.odds))


def _form(surfaces: Sequence[str]) -> str:
    """The commonest form; of equally common ones the first."""
    return Counter(surfaces).most_common(1)[0][0]


def _without_fragments(scored: Sequence[Scored]) -> list[Scored]:
    """The candidates, longest first, with what only stands inside longer ones weighed down."""
    covered: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    out = []
    for candidate in sorted(scored, key=lambda s: -len(s.zh)):
        places = {(s.text, s.src) for r in candidate.renderings for s in r.sightings}
        inside = sum(any(a <= src[0] and src[1] <= b for a, b in covered[text]) for text, src in places)
        share = 0.0 if is_name(candidate.fact.tags) else inside / max(candidate.fact.count, len(places))
        found = Scored(
            candidate.zh,
            candidate.key,
            candidate.fact,
            candidate.renderings,
            candidate.term,
            NESTED * share**2,
        )
        out.append(found)
        if found.confidence >= _SOLID:
            for text, src in places:
                covered[text].append(src)
    return out
