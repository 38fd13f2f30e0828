"""Headlines that run together: where one side shows several segments, the other may hide as many.

A headline has no full stop. When two of them, or a headline and the sentence below it, stand in one
line with nothing but a space between, no rule of one language can part them: in "Chào xuân Hà Nội Người
dân đổ về phố cổ" any capital may begin the second. But if the other language shows two segments, the
evidence can choose the place. A bead of k segments against one is divided where that makes the sum of
its parts clearly heavier than the bead was whole.

Cuts are looked for where a new sentence could begin without punctuation: in Vietnamese before a
capital after a space, in Chinese at a space between two Han characters; and only where every segment of
the other side but the last is headline-like too, ending without a full stop. Two plain sentences that
were translated by one stay together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import regex

from aligner.model import Bead, Segment

_CUTS = {
    "vi": regex.compile(r"(?<=[\p{L}\p{N})”\"])\s+(?=[“\"(]?\p{Lu})"),
    "zh": regex.compile(r"(?<=[\p{Han}\p{N})）》”])\s+(?=[\p{Han}\p{N}(（《“])"),
}
_SENTENCE_END = regex.compile(r"[.。．!！?？…:：;；]\W*$")
_MAX_PARTS = 4
_MAX_CUTS = 40  # a line with more capitals than that is a list of names

Weigher = Callable[[Sequence[Segment], Sequence[Segment]], float]


def divide(
    beads: Sequence[Bead], weigh_bead: Weigher, *, gain: float
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]] | None:
    """Segments of both sides after dividing where it pays, renumbered; None where nothing changed.

    Args:
        beads: an alignment.
        weigh_bead: the score of a bead of these segments, in log2 odds.
        gain: by how much the parts must outweigh the whole.
    """
    src: list[Segment] = []
    tgt: list[Segment] = []
    for bead in beads:
        a, b = len(bead.src), len(bead.tgt)
        new_src, new_tgt = bead.src, bead.tgt
        if b == 1 and 1 < a <= _MAX_PARTS:
            new_tgt = _divided(bead.tgt[0], "vi", bead.src, weigh_bead, gain)
        elif a == 1 and 1 < b <= _MAX_PARTS:
            new_src = _divided(bead.src[0], "zh", bead.tgt, lambda v, z: weigh_bead(z, v), gain)
        src.extend(new_src)
        tgt.extend(new_tgt)
    if len(src) == sum(len(x.src) for x in beads) and len(tgt) == sum(len(x.tgt) for x in beads):
        return None
    return _renumbered(src), _renumbered(tgt)


def _divided(
    segment: Segment, lang: str, others: Sequence[Segment], weigh_parts: Weigher, gain: float
) -> tuple[Segment, ...]:
    """The segment cut into as many parts as there are others, or whole where that does not pay.

    Every way to place the cuts is weighed by dynamic programming over (part, cut): O(parts · cuts²).
    """
    if any(_SENTENCE_END.search(other.text) for other in others[:-1]):
        return (segment,)
    gaps = [match.span() for match in _CUTS[lang].finditer(segment.text)]
    if not 0 < len(gaps) <= _MAX_CUTS or len(gaps) < len(others) - 1:
        return (segment,)
    starts = [0, *(end for _, end in gaps)]
    ends = [*(start for start, _ in gaps), len(segment.text)]
    best: dict[int, tuple[float, tuple[Segment, ...]]] = {0: (0.0, ())}
    for k, other in enumerate(others):
        left = len(others) - k - 1
        reached: dict[int, tuple[float, tuple[Segment, ...]]] = {}
        for first, (weight, parts) in best.items():
            lasts = [len(ends) - 1] if not left else range(first, len(ends) - left)
            for last in lasts:
                part = _part(segment, starts[first], ends[last])
                total = weight + weigh_parts([other], [part])
                if last + 1 not in reached or total > reached[last + 1][0]:
                    reached[last + 1] = (total, (*parts, part))
        best = reached
    weight, parts = best[len(ends)]
    return parts if weight > weigh_parts(others, [segment]) + gain else (segment,)


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A stretch of a segment, with its own offsets."""
    text = segment.text[start:end]
    return dataclasses.replace(segment, text=text, start=segment.start + start, end=segment.start + end)


def _renumbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(dataclasses.replace(segment, id=k) for k, segment in enumerate(segments))
