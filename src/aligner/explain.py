"""Why a bead is a bead: the evidence behind it, its word links, and what would have been made without it.

The alignment is weighed again from the segments in the bitext; the documents are not needed. The bead is
then forbidden, and the best alignment of the place without it is the runner-up; what that weighs less
is the margin by which the bead won. Where a person has set the bead against the evidence, the margin is
negative. Of a null bead the runner-up shows what its text would best have been matched with.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aligner.align.alternative import Alternative, WeighedEdge, alternative
from aligner.align.band import blocks
from aligner.align.drafts import calibrated
from aligner.align.lattice import BEAD_TYPES, Edge
from aligner.align.passes import taught
from aligner.config import AlignOptions
from aligner.errors import InputError, UsageError
from aligner.evidence.combine import Evidence
from aligner.evidence.links import BeadLinks, bead_links
from aligner.evidence.rectangles import Block
from aligner.model import Bead, Bitext, Segment
from aligner.pipeline import evidence_of, signature
from aligner.reasons import made_with_other, reason
from aligner.review.replay import as_aligned

_ORDER = ("prior", "translation", "length", "structure", "quotation")
"""How weights are shown; others follow."""

_AROUND = 8
"""Beads on either side that are weighed anew; a change reaches a neighbour or two, hardly ever further."""
_ROUNDED = 0.01
"""Difference from which a weight is not the one in the file."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of segments as alignment would make or made it.

    Attributes:
        src, tgt: its segments.
        score: log2 odds, the sum of `evidence`.
        evidence: weight by name.
        bead: id of the bead of the bitext with just these segments; None where there is none.
    """

    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]
    score: float
    evidence: Mapping[str, float]
    bead: int | None


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best alignment of a place without a bead.

    Attributes:
        chosen: how this place is aligned with the bead, as far as it differs.
        instead: how it would be without.
        margin: log2 odds by which `chosen` outweighs `instead`.
        differences: the margin by name of evidence.
        match: of a null bead what its text would be matched in; None of others.
        links: word links of `match`.
        reason: one sentence: what made the difference.
    """

    chosen: tuple[Choice, ...]
    instead: tuple[Choice, ...]
    margin: float
    differences: Mapping[str, float]
    match: Choice | None
    links: BeadLinks
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say about a bead.

    Attributes:
        bead: as in the bitext.
        choice: the bead as weighed now.
        confidence: as it comes out now.
        tokens: tokens on the zh and on the vi side.
        links: its word links.
        runner_up: None where nothing else is possible, or where the bead stands out of order.
        notes: what to know about it, a sentence each.
    """

    bead: Bead
    choice: Choice
    confidence: float
    tokens: tuple[int, int]
    links: BeadLinks
    runner_up: RunnerUp | None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As values that JSON knows, rounded to four decimals; the bead as in a bitext file."""
        from aligner.formats.bitext import bead_record

        packed = dataclasses.asdict(dataclasses.replace(self, bead=Bead(0, (), ())))
        rounded: dict[str, Any] = _rounded(packed)
        return {**rounded, "bead": bead_record(self.bead)}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 4) + 0.0 if isinstance(value, float) else value


@dataclass(frozen=True, slots=True)
class _Texts:
    """The segments of a bitext as they were aligned: in order, without empty ones, before any edit.

    Attributes:
        src, tgt: the segments.
        places: by bead id, the rectangle its segments take; of a null bead one side is empty and stands
            where the beads before it end.
    """

    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]
    places: Mapping[int, Block]

    def bead_at(self, place: Block) -> int | None:
        """The bead that takes just these segments."""
        wanted = _key(Edge(*place))
        return next((number for number, block in self.places.items() if _key(Edge(*block)) == wanted), None)


def weighed(bitext: Bitext, options: AlignOptions) -> Evidence:
    """The evidence of the texts of a bitext as in the last pass of its alignment, sources kept apart."""
    texts = _texts(bitext)
    evidence = evidence_of(texts.src, texts.tgt, options, by_source=True)
    return taught(evidence, blocks(evidence)) if options.second_pass else evidence


def explain(
    bitext: Bitext, bead_id: int, options: AlignOptions, evidence: Evidence | None = None
) -> Explanation:
    """Explain a bead of a bitext; costs about as much as aligning it, unless the evidence is given.

    Args:
        bitext: as loaded from any format.
        bead_id: which bead.
        options: as it was aligned. Where the bitext's signature says otherwise, a note does.
        evidence: as `weighed` gives it for the same texts, however they are grouped.

    Raises:
        UsageError: there is no such bead.
        InputError: it holds no text.
    """
    bead = _find(bitext, bead_id)
    texts = _texts(bitext)
    place = texts.places[bead_id]
    i0, i1, j0, j1 = place
    if i0 == i1 and j0 == j1:
        raise InputError(f"bead {bead_id} holds no text", "there is nothing to explain")
    evidence = evidence or weighed(bitext, options)
    window = place if bead.moved else _window(bitext, bead_id, texts.places)
    found = alternative(evidence, window, _edges(place, window))
    choice = _choice(found, place, window, texts)
    lengths = evidence.encoding.src.lengths[i0:i1].sum(), evidence.encoding.tgt.lengths[j0:j1].sum()
    confidence = float(calibrated(found.probability, *evidence.parameters.calibration))
    return Explanation(
        bead=bead,
        choice=choice,
        confidence=confidence,
        tokens=(int(lengths[0]), int(lengths[1])),
        links=bead_links(evidence, place, texts.src, texts.tgt),
        runner_up=None if bead.moved else _runner_up(found, evidence, place, window, texts),
        notes=tuple(_notes(bitext, bead, choice, options)),
    )


def _find(bitext: Bitext, bead_id: int) -> Bead:
    for bead in bitext.beads:
        if bead.id == bead_id:
            return bead
    if not bitext.beads:
        raise UsageError("the bitext holds no beads")
    ids = sorted(bead.id for bead in bitext.beads)
    if bead_id > ids[-1]:
        raise UsageError(f"no bead {bead_id}", f"the bitext has beads {ids[0]} to {ids[-1]}")
    # What is joined has the id of the bead with its first segment, so that is the one before most often.
    at = bisect_left(ids, bead_id)
    near = " or ".join(map(str, ids[max(at - 1, 0) : at + 1]))
    raise UsageError(f"no bead {bead_id}", f"it was joined with another, or left out: see {near}")


def _texts(bitext: Bitext) -> _Texts:
    originals = [(bead.id, *_as_aligned(bead)) for bead in bitext.beads]
    src = sorted((s for _, side, _ in originals for s in side), key=lambda s: s.id)
    tgt = sorted((s for _, _, side in originals for s in side), key=lambda s: s.id)
    src_at = {segment.id: place for place, segment in enumerate(src)}
    tgt_at = {segment.id: place for place, segment in enumerate(tgt)}
    places: dict[int, Block] = {}
    i = j = 0
    for number, zh, vi in originals:
        rows, columns = [src_at[s.id] for s in zh], [tgt_at[s.id] for s in vi]
        i0, i1 = (min(rows), max(rows) + 1) if rows else (i, i)
        j0, j1 = (min(columns), max(columns) + 1) if columns else (j, j)
        places[number] = i0, i1, j0, j1
        i, j = max(i, i1), max(j, j1)
    return _Texts(tuple(src), tuple(tgt), places)


def _as_aligned(bead: Bead) -> tuple[list[Segment], list[Segment]]:
    """The segments of both sides that hold text, with the texts they had before an edit."""
    sides = (bead.src, bead.tgt)
    before = bead.original or tuple(tuple(s.text for s in side) for side in sides)
    whole = [
        [dataclasses.replace(s, text=text) for s, text in zip(side, texts, strict=True)]
        for side, texts in zip(sides, before, strict=True)
    ]
    src, tgt = ([s for s in side if s.text.strip()] for side in whole)
    return src, tgt


def _window(bitext: Bitext, bead_id: int, places: Mapping[int, Block]) -> Block:
    """The rectangle from some beads before to some beads after."""
    ordered = [bead.id for bead in bitext.beads if not bead.moved]
    at = ordered.index(bead_id)
    near = [places[number] for number in ordered[max(0, at - _AROUND) : at + _AROUND + 1]]
    return near[0][0], max(p[1] for p in near), near[0][2], max(p[3] for p in near)


def _edges(place: Block, window: Block) -> list[Edge]:
    """The bead within the window: one edge, or one for each null segment."""
    i0, i1, j0, j1 = place
    i, j = window[0], window[2]
    if i0 < i1 and j0 < j1:
        return [Edge(i0 - i, i1 - i, j0 - j, j1 - j)]
    if i0 < i1:
        return [Edge(row - i, row - i + 1, j0 - j, j0 - j) for row in range(i0, i1)]
    return [Edge(i0 - i, i0 - i, column - j, column - j + 1) for column in range(j0, j1)]


def _key(edge: Edge) -> tuple[int, ...]:
    """Names a bead; where a null stands between the segments of the other side does not matter."""
    if edge.j0 == edge.j1:
        return edge.i0, -1
    return (-1, edge.j0) if edge.i0 == edge.i1 else (edge.i0, edge.i1, edge.j0, edge.j1)


def _choice(found: Alternative, place: Block, window: Block, texts: _Texts) -> Choice:
    """The bead as weighed in the best alignment with it."""
    own = {_key(edge) for edge in _edges(place, window)}
    evidence = _totals([weighed for weighed in found.chosen if _key(weighed.edge) in own])
    i0, i1, j0, j1 = place
    return Choice(texts.src[i0:i1], texts.tgt[j0:j1], sum(evidence.values()), evidence, texts.bead_at(place))


def _totals(path: Sequence[WeighedEdge]) -> dict[str, float]:
    """Weights of several beads by name."""
    total: dict[str, float] = {}
    for weighed in path:
        for name, weight in weighed.weights.items():
            total[name] = total.get(name, 0.0) + weight
    return total


def _runner_up(
    found: Alternative, evidence: Evidence, place: Block, window: Block, texts: _Texts
) -> RunnerUp | None:
    if found.instead is None:
        return None
    chosen, instead = _different(found.chosen, found.instead)
    kept, other = _totals(chosen), _totals(instead)
    differences = {name: kept.get(name, 0.0) - other.get(name, 0.0) for name in {**kept, **other}}
    before, after = _choices(chosen, window, texts), _choices(instead, window, texts)
    match, links = None, BeadLinks()
    if place[0] == place[1] or place[2] == place[3]:
        edge = next(w.edge for w in instead if _covers(w.edge, _edges(place, window)[0]))
        match = next(choice for choice, w in zip(after, instead, strict=True) if w.edge == edge)
        links = bead_links(evidence, _absolute(edge, window), texts.src, texts.tgt)
    subject = "This match" if match else _subject(_segments(texts, place), before, after)
    return RunnerUp(
        chosen=before,
        instead=after,
        margin=sum(differences.values()),
        differences=differences,
        match=match,
        links=links,
        reason=reason(subject, kept, other),
    )


Segments = frozenset[tuple[str, int]]


def _segments(texts: _Texts, place: Block) -> Segments:
    i0, i1, j0, j1 = place
    return _named(texts.src[i0:i1], texts.tgt[j0:j1])


def _named(src: Sequence[Segment], tgt: Sequence[Segment]) -> Segments:
    return frozenset([*(("zh", s.id) for s in src), *(("vi", s.id) for s in tgt)])


def _subject(own: Segments, chosen: Sequence[Choice], instead: Sequence[Choice]) -> str:
    """What the runner-up does with a bead."""
    others = {c.bead: _named(c.src, c.tgt) for c in chosen if not _named(c.src, c.tgt) <= own}
    touching = [(_named(c.src, c.tgt), bool(c.src and c.tgt)) for c in instead]
    touching = [(segments, full) for segments, full in touching if segments & own]
    whole = next((segments for segments, _ in touching if segments >= own), None)
    if whole:
        near = [number for number, segments in others.items() if number is not None and segments & whole]
        merged = all(segments <= whole for segments in others.values() if segments & whole)
        beads = f"bead{'s' * (len(near) > 1)} {' and '.join(map(str, near))}"
        return f"{'Merging it with' if merged else 'Adding to it from'} {beads}" if near else "A larger bead"
    if not any(full for _, full in touching):
        return "Leaving both sides without counterpart"
    if all(segments <= own for segments, _ in touching):
        return "Leaving a part of it without counterpart"
    return "Dividing the place so"


def _different(
    one: Sequence[WeighedEdge], two: Sequence[WeighedEdge]
) -> tuple[list[WeighedEdge], list[WeighedEdge]]:
    """Two paths without what they have in common at their beginnings and ends."""
    left, right = list(one), list(two)
    while left and right and _alike(left[0], right[0]):
        del left[0], right[0]
    while left and right and _alike(left[-1], right[-1]):
        del left[-1], right[-1]
    return left, right


def _alike(one: WeighedEdge, two: WeighedEdge) -> bool:
    return _key(one.edge) == _key(two.edge) and one.weights == two.weights


def _covers(edge: Edge, null: Edge) -> bool:
    """Whether a bead takes in a null segment."""
    if null.j0 == null.j1:
        return edge.i0 <= null.i0 < edge.i1
    return edge.j0 <= null.j0 < edge.j1


def _absolute(edge: Edge, window: Block) -> Block:
    i, j = window[0], window[2]
    return edge.i0 + i, edge.i1 + i, edge.j0 + j, edge.j1 + j


def _choices(path: Sequence[WeighedEdge], window: Block, texts: _Texts) -> tuple[Choice, ...]:
    found = []
    for weighed in path:
        i0, i1, j0, j1 = _absolute(weighed.edge, window)
        score = sum(weighed.weights.values())
        bead = texts.bead_at((i0, i1, j0, j1))
        found.append(Choice(texts.src[i0:i1], texts.tgt[j0:j1], score, weighed.weights, bead))
    return tuple(found)


def waterfall(evidence: Mapping[str, float]) -> list[tuple[str, float, float]]:
    """Every weight as (name, from, to), each from where the ones before it left off; their sum comes last."""
    names = [name for name in _ORDER if name in evidence]
    names += [name for name in evidence if name not in names]
    steps = [0.0]
    for name in names:
        steps.append(steps[-1] + evidence[name])
    return [*zip(names, steps, steps[1:], strict=False), ("score", 0.0, steps[-1])]


def _notes(bitext: Bitext, bead: Bead, choice: Choice, options: AlignOptions) -> list[str]:
    notes = []
    made = as_aligned(bitext.signature)
    differs = made_with_other(made, signature(options)) if made else []
    if differs:
        notes.append(f"the bitext was made with {', '.join(differs)}; all is weighed as it would be now")
    if bead.evidence and abs(bead.score - choice.score) > _ROUNDED:
        notes.append(f"in the bitext its score is {bead.score:.1f}, its confidence {bead.confidence:.0%}")
    if bead.original is not None:
        notes.append("a person edited it; the evidence is that of the texts as they were aligned")
    elif bead.status != "auto":
        notes.append(f"a person {bead.status} it")
    if bead.pinned:
        notes.append("a person fixed its boundaries")
    if bead.moved:
        notes.append("it stands out of order, where no runner-up can be named")
    shape = len(choice.src), len(choice.tgt)
    if choice.src and choice.tgt and shape not in BEAD_TYPES:
        notes.append(f"alignment makes no beads of {shape[0]} and {shape[1]}; it counts as the rarest kind")
    return notes
