"""What a block of beads shows: every candidate with its counterpart and its surroundings.

    texts ──link──▶ links ──candidates──▶ spans ──association──▶ matches ──▶ Sighting…

A sighting is one place where a zh candidate stands with a likely translation. The same walk counts, for each
zh candidate, how often it stands anywhere and what stands beside it: a fragment always has the same
neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from aligner.evidence.encode import Renderings
from aligner.evidence.lexicon import Lexicon
from aligner.evidence.sparse import Floats, Ints
from aligner.language.tokens import Token
from aligner.language.words import vi_words
from aligner.terms.association import best_matches, pair_features
from aligner.terms.candidates import ViSpan, ZhSpan, vi_candidates, zh_candidates
from aligner.terms.categories import HEAD_SIZE, vi_head_kinds, zh_head_kind
from aligner.terms.linking import Linked, link
from aligner.terms.sightings import Sighting, Sightings, Text, ZhFacts, in_columns
from aligner.terms.tagging import Word, known_tag, tag_zh
from aligner.terms.weights import PairWeights

_FLOOR = -7.0
"""Log2 odds below which a pair is forgotten: one in 128."""
_LINKED = 0.3
"""Linked mass from which a word has a counterpart; assumed."""
_NAME = 0.3
"""Linked mass of every syllable of a name; assumed, as in `evidence.links`."""
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_NAME_TAGS = frozenset({"ns", "nr", "nt"})
_NEIGHBOURS = 4  # that are kept on either side
_SENTENCE_END = re.compile(r"[.!?:;…\"“”(«\n]\s*$")
_LOOK_BACK = 8  # characters: spaces and marks before a word
_LISTED = "、"
_QUOTED = re.compile('["“”‘’「」『』«»]')
_EDGES = ("x", "u", "r", "p", "c", "e", "y", "o", "w", "m", "q", "ns", "nr", "nt")
"""Parts of speech that end a term: punctuation, particles, pronouns, prepositions, conjunctions, figures; a
name beside a term is another one."""


def gather(
    texts: Sequence[Text],
    lexicon: Lexicon,
    weights: PairWeights,
    first: int = 0,
    glossary: Renderings | None = None,
) -> Sightings:
    """Walk through a block of beads.

    Args:
        texts: the beads, with text on both sides.
        lexicon: the general table.
        weights: of the features of a pair.
        first: number of the first text.
        glossary: translations known beforehand.
    """
    vi_spans = [vi_words(text.vi) for text in texts]
    names = _whole_names(texts, vi_spans)
    sightings: list[Sighting] = []
    facts: dict[str, _Count] = {}
    linked_texts = link([(text.zh, text.vi) for text in texts], lexicon, glossary)
    for number, (text, words, linked) in enumerate(zip(texts, vi_spans, linked_texts, strict=True), first):
        zh_words = tag_zh(text.zh)
        bead = _Bead(text, linked, zh_words, _with_names_parted(text.vi, words, names))
        _count(bead, number, facts)
        sightings.extend(_sighted(bead, number, weights))
    return in_columns(sightings, {key: fact.facts for key, fact in facts.items()})


class _Count:
    """`ZhFacts` while they are counted."""

    def __init__(self, tags: tuple[str, ...], words: tuple[str, ...]) -> None:
        self.tags = tags
        self.words = words
        self.count = self.beads = self.listed = self.quoted = 0
        self.last = -1
        self.left: dict[str, None] = {}
        self.right: dict[str, None] = {}
        self.edges = [0, 0]

    @property
    def facts(self) -> ZhFacts:
        sides = [
            ("#",) * n + tuple(side) for n, side in zip(self.edges, (self.left, self.right), strict=True)
        ]
        left, right = (side[:_NEIGHBOURS] for side in sides)
        return ZhFacts(self.tags, self.words, self.count, self.beads, self.listed, self.quoted, left, right)


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

    def zh_kinds(self) -> Ints:
        """What kind of thing each zh candidate is by its last characters; see `categories`."""
        zh, text = self.linked.zh, self.text.zh
        ends = ((zh[s.first].start, zh[s.last - 1].end) for s in self.zh_spans)
        return np.array([zh_head_kind(text[max(start, end - HEAD_SIZE) : end]) for start, end in ends])

    def vi_kinds(self) -> Ints:
        """The same of each vi candidate by its first syllables."""
        keys = [token.key for token in self.linked.vi]
        at = [vi_head_kinds(keys[first : first + HEAD_SIZE]) for first in range(len(keys))]
        return np.array([at[s.first][min(s.last - s.first, HEAD_SIZE)] for s in self.vi_spans])

    def zh_key(self, span: ZhSpan) -> str:
        return " ".join(token.key for token in self.linked.zh[span.first : span.last])

    def vi_key(self, span: ViSpan) -> str:
        return " ".join(token.key for token in self.linked.vi[span.first : span.last])


def _count(bead: _Bead, number: int, facts: dict[str, _Count]) -> None:
    """Adds the bead's zh candidates to the counts."""
    text, tokens = bead.text.zh, bead.linked.zh
    before = {word.end: word for word in bead.zh_words}
    after = {word.start: word for word in bead.zh_words}
    for span in bead.zh_spans:
        key = bead.zh_key(span)
        fact = facts.get(key)
        if fact is None:
            words = tuple(text[tokens[a].start : tokens[b - 1].end] for a, b in span.words)
            fact = facts[key] = _Count(span.tags, words)
        start, end = tokens[span.first].start, tokens[span.last - 1].end
        fact.count += 1
        fact.beads += fact.last != number
        fact.last = number
        fact.listed += _LISTED in (text[start - 1 : start], text[end : end + 1])
        fact.quoted += _QUOTED.search(text, start, end) is not None
        sides = (before.get(start), text[start - 1 : start]), (after.get(end), text[end : end + 1])
        for side, (word, char) in enumerate(sides):
            if word is not None and word.tag.startswith(_EDGES):
                fact.edges[side] = min(fact.edges[side] + 1, _NEIGHBOURS)
            else:
                neighbours = fact.right if side else fact.left
                if len(neighbours) < _NEIGHBOURS:
                    neighbours[char if word is None else text[word.start : word.end]] = None


def _sighted(bead: _Bead, number: int, weights: PairWeights) -> Iterator[Sighting]:
    if not (bead.zh_spans and bead.vi_spans):
        return
    words = [(word.start, word.end) for word in bead.zh_words]
    kinds = bead.zh_kinds(), bead.vi_kinds()
    features = pair_features(bead.linked, bead.zh_spans, bead.vi_spans, words, bead.vi_words, kinds)
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
                size = end - at
                tag = known_tag("".join(token.key for token in linked.zh[first : first + size]))
                tags = (tag if tag in _NAME_TAGS else "nz",)
                yield ZhSpan(first, first + size, tags, ((first, first + size),))
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
