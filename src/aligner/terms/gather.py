"""What a block of beads shows: every candidate with its counterpart and its surroundings.

    texts ──link──▶ links ──candidates──▶ spans ──association──▶ matches ──▶ Sighting…

A sighting is one place where a zh candidate stands with a likely translation. The same walk counts, for each
zh candidate, how often it stands anywhere and what stands beside it: a fragment always has the same
neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from aligner.evidence.lexicon import Lexicon
from aligner.evidence.sparse import Floats
from aligner.language.tokens import Token
from aligner.language.words import vi_words
from aligner.terms.association import best_matches, pair_features
from aligner.terms.candidates import ViSpan, ZhSpan, vi_candidates, zh_candidates
from aligner.terms.linking import Linked, link
from aligner.terms.tagging import Word, tag_zh
from aligner.terms.weights import PairWeights

_FLOOR = -7.0
"""Log2 odds below which a pair is forgotten: one in 128."""
_LINKED = 0.3
"""Linked mass from which a word has a counterpart; assumed."""
_NAME = 0.3
"""Linked mass of every syllable of a name; assumed, as in `evidence.links`."""
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_NEIGHBOURS = 4
"""Different neighbours that are kept: from so many on a candidate is free."""
_SENTENCE_END = re.compile(r"[.!?:;…\"“”(«\n]\s*$")
_LOOK_BACK = 8  # characters: spaces and marks before a word
_LISTED = "、"
_QUOTED = re.compile('["“”‘’「」『』«»]')
_EDGES = ("x", "u", "r", "p", "c", "e", "y", "o", "w", "m", "q", "ns", "nr", "nt")
"""Parts of speech that end a term: punctuation, particles, pronouns, prepositions, conjunctions, figures; a
name beside a term is another one."""


class Text(NamedTuple):
    """A bead as the extraction reads it.

    Attributes:
        document: the bitext's name.
        bead: its id.
        zh, vi: its texts, joined as `Bead.src_text` and `Bead.tgt_text`.
        confidence: of the bead.
    """

    document: str
    bead: int
    zh: str
    vi: str
    confidence: float = 1.0


class Sighting(NamedTuple):
    """A candidate with its likely translation, in one bead.

    Attributes:
        text: number of the bead among the texts.
        zh, vi: keys of the candidates: token keys, joined by spaces.
        src, tgt: offsets in the bead's texts.
        score: log2 odds of the pair.
        features: of the pair; see `association`.
        order: 1 where the last word of the zh candidate comes first in Vietnamese, as the head of a noun
            phrase does; −1 where the first one stays first; 0 elsewhere and where there is no telling.
        headed: the last word of the zh candidate has a counterpart.
        capital: the vi form begins with a capital that the sentence does not ask for.
        best: no other candidate is a better translation here.
    """

    text: int
    zh: str
    vi: str
    src: tuple[int, int]
    tgt: tuple[int, int]
    score: float
    features: tuple[float, ...]
    order: float
    headed: bool
    capital: bool
    best: bool


@dataclass(slots=True)
class ZhFacts:
    """What is counted of a zh candidate over all texts.

    Attributes:
        tags: parts of speech of its words, where it was first seen.
        words: its words, as written there.
        count: how often it stands anywhere.
        listed: how often as a member of an enumeration.
        quoted: how often it holds words in quotation marks, and others.
        left, right: what stands beside it, a few of each; "" is the edge of a phrase.
    """

    tags: tuple[str, ...]
    words: tuple[str, ...]
    count: int = 0
    listed: int = 0
    quoted: int = 0
    left: set[str] = field(default_factory=set)
    right: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a block shows.

    Attributes:
        sightings: in the order of the texts.
        facts: by zh key, of candidates that were sighted.
    """

    sightings: list[Sighting]
    facts: dict[str, ZhFacts]


def gather(texts: Sequence[Text], lexicon: Lexicon, weights: PairWeights, first: int = 0) -> Gathered:
    """Walk through a block of beads.

    Args:
        texts: the beads, with text on both sides.
        lexicon: the general table.
        weights: of the features of a pair.
        first: number of the first text.
    """
    vi_spans = [vi_words(text.vi) for text in texts]
    names = _whole_names(texts, vi_spans)
    sightings: list[Sighting] = []
    facts: dict[str, ZhFacts] = {}
    linked_texts = link([(text.zh, text.vi) for text in texts], lexicon)
    for number, (text, words, linked) in enumerate(zip(texts, vi_spans, linked_texts, strict=True), first):
        zh_words = tag_zh(text.zh)
        bead = _Bead(text, linked, zh_words, _with_names_parted(text.vi, words, names))
        _count(bead, facts)
        sightings.extend(_sighted(bead, number, weights))
    seen = {sighting.zh for sighting in sightings}
    return Gathered(sightings, {key: fact for key, fact in facts.items() if key in seen})


class _Bead:
    """A bead with its candidates."""

    def __init__(
        self, text: Text, linked: Linked, zh_words: Sequence[Word], vi_spans: Sequence[tuple[int, int]]
    ) -> None:
        self.text = text
        self.linked = linked
        self.zh_words = zh_words
        self.vi_words = vi_spans
        spans = zh_candidates(text.zh, linked.zh, zh_words)
        names = {(span.first, span.last): span for span in _projected_names(text.vi, linked)}
        known = {(s.first, s.last) for s in spans if len(s.words) == 1}
        self.zh_spans = [s for s in spans if (s.first, s.last) in known or (s.first, s.last) not in names]
        self.zh_spans += [span for place, span in names.items() if place not in known]
        self.vi_spans = vi_candidates(text.vi, linked.vi, vi_spans)

    def zh_key(self, span: ZhSpan) -> str:
        return " ".join(token.key for token in self.linked.zh[span.first : span.last])

    def vi_key(self, span: ViSpan) -> str:
        return " ".join(token.key for token in self.linked.vi[span.first : span.last])


def _count(bead: _Bead, facts: dict[str, ZhFacts]) -> None:
    """Adds the bead's zh candidates to the counts."""
    text, tokens = bead.text.zh, bead.linked.zh
    before = {word.end: word for word in bead.zh_words}
    after = {word.start: word for word in bead.zh_words}
    for span in bead.zh_spans:
        key = bead.zh_key(span)
        fact = facts.get(key)
        if fact is None:
            words = tuple(text[tokens[a].start : tokens[b - 1].end] for a, b in span.words)
            fact = facts[key] = ZhFacts(span.tags, words)
        start, end = tokens[span.first].start, tokens[span.last - 1].end
        fact.count += 1
        fact.listed += _LISTED in (text[start - 1 : start], text[end : end + 1])
        fact.quoted += _QUOTED.search(text, start, end) is not None
        _add(fact.left, text, before.get(start), text[start - 1 : start])
        _add(fact.right, text, after.get(end), text[end : end + 1])


def _add(neighbours: set[str], text: str, word: Word | None, char: str) -> None:
    """Adds what stands beside a candidate; particles, punctuation and names belong to no other term."""
    if len(neighbours) >= _NEIGHBOURS:
        return
    if word is None:
        neighbours.add(char)
    elif word.tag.startswith(_EDGES):
        neighbours.add(f"#{len(neighbours)}")
    else:
        neighbours.add(text[word.start : word.end])


def _sighted(bead: _Bead, number: int, weights: PairWeights) -> Iterator[Sighting]:
    if not (bead.zh_spans and bead.vi_spans):
        return
    words = [(word.start, word.end) for word in bead.zh_words]
    features = pair_features(bead.linked, bead.zh_spans, bead.vi_spans, words, bead.vi_words)
    zh, vi = bead.linked.zh, bead.linked.vi
    for match in best_matches(features, weights, _FLOOR):
        source, target = bead.zh_spans[match.zh], bead.vi_spans[match.vi]
        places = _places(source, target, bead.linked.links)
        tgt = vi[target.first].start, vi[target.last - 1].end
        yield Sighting(
            number,
            bead.zh_key(source),
            bead.vi_key(target),
            (zh[source.first].start, zh[source.last - 1].end),
            tgt,
            match.score,
            match.features,
            _order(places),
            places[-1] is not None,
            bead.text.vi[tgt[0]].isupper() and not starts_sentence(bead.text.vi, tgt[0]),
            match.best,
        )


def starts_sentence(text: str, at: int) -> bool:
    """Whether a Vietnamese sentence or quotation begins here, so that a capital says nothing."""
    before = text[max(0, at - _LOOK_BACK) : at]
    return not text[:at].strip() or _SENTENCE_END.search(before) is not None


def _places(source: ZhSpan, target: ViSpan, links: Floats) -> list[float | None]:
    """Where each word of a candidate stands in its translation, in tokens; None where it is not linked."""
    inside = links[:, target.first : target.last]
    places: list[float | None] = []
    for first, last in source.words:
        mass = inside[first:last].sum(axis=0)
        total = float(mass.sum())
        places.append(float((mass * np.arange(len(mass))).sum()) / total if total >= _LINKED else None)
    return places


def _order(places: Sequence[float | None]) -> float:
    """1 where the last zh word comes first in Vietnamese, −1 where the first one stays first, else 0."""
    known = [place for place in places if place is not None]
    if len(known) <= 1:
        return 0.0
    return float(places[-1] == min(known)) - float(places[0] == min(known))


def _projected_names(text: str, linked: Linked) -> Iterator[ZhSpan]:
    """Chinese names shown by a run of capitals: each syllable linked to the next character (武大|胜)."""
    tokens, links = linked.vi, linked.links
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and _is_name_part(text, tokens, at, end):
            end += 1
        if _SHORTEST_NAME <= end - at <= _LONGEST_NAME:
            first = int(links[:, at].argmax())
            row = range(first, first + end - at)
            if row[-1] < len(links) and all(
                links[i, j] >= _NAME for i, j in zip(row, range(at, end), strict=True)
            ):
                yield ZhSpan(first, first + end - at, ("nz",), ((first, first + end - at),))
        at = max(end, at + 1)


def _is_name_part(text: str, tokens: Sequence[Token], first: int, at: int) -> bool:
    token = tokens[at]
    written = text[token.start : token.end]
    follows = at == first or text[tokens[at - 1].end : token.start] == " "
    return (
        follows and token.kind == "syllable" and written[:1].isupper() and written[1:] == written[1:].lower()
    )


def _whole_names(texts: Sequence[Text], words: Sequence[Sequence[tuple[int, int]]]) -> frozenset[str]:
    """Names of two or three syllables that stand as a word somewhere in the block."""
    found = set()
    for text, spans in zip(texts, words, strict=True):
        for start, end in spans:
            written = text.vi[start:end]
            if written.istitle() and written.count(" ") in {1, 2}:
                found.add(written)
    return frozenset(found)


def _with_names_parted(
    text: str, words: Sequence[tuple[int, int]], names: frozenset[str]
) -> list[tuple[int, int]]:
    """The words, a run of capitals divided where its end is a name that stands alone elsewhere."""
    found: list[tuple[int, int]] = []
    for start, end in words:
        written = text[start:end]
        parts = written.split(" ")
        cut = (
            next(
                (k for k in range(1, len(parts) - 1) if " ".join(parts[k:]) in names),
                0,
            )
            if written[:1].isupper()
            else 0
        )
        if cut:
            middle = end - len(" ".join(parts[cut:]))
            found += [(start, middle - 1), (middle, end)]
        else:
            found.append((start, end))
    return found
