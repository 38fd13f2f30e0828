"""Headlines that run together: where one side shows several segments, the other may hide as many.

A headline has no full stop. When two of them, or a headline and the sentence below it, stand in one
line with nothing but a space between, no rule of one language can part them: in "Chào xuân Hà Nội Người
dân đổ về phố cổ" any capital may begin the second. But if the other language shows two segments, the
evidence can choose the place. A bead of k segments against one is divided where that makes the sum of
its parts heavier than the bead was whole; so is a bead before which headlines of the other side were
left alone.

Cuts are looked for where a new sentence could begin without punctuation: in Vietnamese before a
capital after a space, in Chinese at a space between two Han characters; and only where every segment of
the other side but the last is headline-like too, ending without a full stop. Two plain sentences that
were translated by one stay together.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

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


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """A bead, with the headline-like null beads beside it that may belong to it.

    Attributes:
        src, tgt: all their segments.
        whole: the segments of the bead itself, and what the nulls add to its weight.
    """

    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]
    whole: tuple[tuple[Segment, ...], tuple[Segment, ...], float]


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
    for group in _groups(beads):
        new_src, new_tgt = group.src, group.tgt
        whole_src, whole_tgt, extra = group.whole
        least = weigh_bead(whole_src, whole_tgt) + extra + gain if _is_candidate(group) else 0.0
        if len(new_tgt) == 1 and 1 < len(new_src) <= _MAX_PARTS:
            new_tgt = _divided(new_tgt[0], "vi", new_src, weigh_bead, least)
        elif len(new_src) == 1 and 1 < len(new_tgt) <= _MAX_PARTS:
            new_src = _divided(new_src[0], "zh", new_tgt, lambda v, z: weigh_bead(z, v), least)
        src.extend(new_src)
        tgt.extend(new_tgt)
    if len(src) == sum(len(x.src) for x in beads) and len(tgt) == sum(len(x.tgt) for x in beads):
        return None
    return _renumbered(src), _renumbered(tgt)


def _groups(beads: Sequence[Bead]) -> Iterator[_Group]:
    """Beads in order; a null segment that looks like a headline joins the bead that follows it."""
    waiting: list[Bead] = []
    for bead in beads:
        if bead.is_null and _is_headline((*bead.src, *bead.tgt)[-1]):
            waiting.append(bead)
            continue
        sides = {bool(null.src) for null in waiting}
        joined = not bead.is_null and len(sides) == 1 and len(bead.tgt if True in sides else bead.src) == 1
        if not joined:
            yield from (_Group(null.src, null.tgt, (null.src, null.tgt, 0.0)) for null in waiting)
            waiting = []
        yield _Group(
            (*(s for null in waiting for s in null.src), *bead.src),
            (*(s for null in waiting for s in null.tgt), *bead.tgt),
            (bead.src, bead.tgt, sum(null.score for null in waiting)),
        )
        waiting = []
    yield from (_Group(null.src, null.tgt, (null.src, null.tgt, 0.0)) for null in waiting)


def _is_candidate(group: _Group) -> bool:
    """Whether one side is a single segment with places to cut, the other several headline-like ones."""
    one, others, lang = (group.tgt, group.src, "vi") if len(group.tgt) == 1 else (group.src, group.tgt, "zh")
    if len(one) != 1 or not 1 < len(others) <= _MAX_PARTS or not (group.whole[0] and group.whole[1]):
        return False
    return all(map(_is_headline, others[:-1])) and _CUTS[lang].search(one[0].text) is not None


def _is_headline(segment: Segment) -> bool:
    """Whether a segment ends without a full stop or the like."""
    return _SENTENCE_END.search(segment.text) is None


def _divided(
    segment: Segment, lang: str, others: Sequence[Segment], weigh_parts: Weigher, least: float
) -> tuple[Segment, ...]:
    """The segment cut into as many parts as there are others, or whole if they weigh no more than `least`.

    Every way to place the cuts is weighed by dynamic programming over (part, cut): O(parts · cuts²).
    """
    if not all(map(_is_headline, others[:-1])):
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
    return parts if weight > least else (segment,)


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A stretch of a segment, with its own offsets."""
    text = segment.text[start:end]
    return dataclasses.replace(segment, text=text, start=segment.start + start, end=segment.start + end)


def _renumbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(dataclasses.replace(segment, id=k) for k, segment in enumerate(segments))
