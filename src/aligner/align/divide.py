"""Sentences that run together: where one side shows several segments, the other may hide as many.

A headline has no full stop. When two of them, or a headline and the sentence below it, stand in one
line with nothing but a space between, no rule of one language can part them; nor where a full stop was
forgotten. But if the other language shows two segments, the evidence can choose the place. A bead of k
segments against one is divided where its parts, and the seams between them (`seams`), weigh more than the
bead did whole; so is a bead before which segments of the other side were left alone.

A seam that neither language marks, under a headline, counts by its words alone; a full stop on one side
only counts against it. So two plain sentences that were translated by one stay together.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence

from aligner.align.seams import Seam, is_ended, seams
from aligner.model import Bead, Segment

_MAX_PARTS = 8
_MAX_SEAMS = 40  # a line with more capitals than that is a list of names
_MAX_GROUP = 3
"""Segments of the other side that one part translates, at most."""
_LEAST = -4.0
"""Log2 odds under which a seam is not looked at, to save time: the texts would hardly ever outweigh it."""

Weigher = Callable[[Sequence[Segment], Sequence[Segment]], float]


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """A bead, with the null beads of one side before it that may belong to it.

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
        if group.whole[0] and group.whole[1]:
            if len(new_tgt) == 1 and 1 < len(new_src) <= _MAX_PARTS:
                new_tgt = _divided(new_tgt[0], "vi", new_src, weigh_bead, group, gain)
            elif len(new_src) == 1 and 1 < len(new_tgt) <= _MAX_PARTS:
                new_src = _divided(new_src[0], "zh", new_tgt, lambda v, z: weigh_bead(z, v), group, gain)
        src.extend(new_src)
        tgt.extend(new_tgt)
    if len(src) == sum(len(x.src) for x in beads) and len(tgt) == sum(len(x.tgt) for x in beads):
        return None
    tgt.sort(key=lambda segment: segment.id)  # beads of moved blocks stand where their zh text does
    return _renumbered(src), _renumbered(tgt)


def _groups(beads: Sequence[Bead]) -> Iterator[_Group]:
    """Beads in order; the null segments of one side before a bead join it, if they are few."""
    waiting: list[Bead] = []
    for bead in beads:
        if bead.is_null:
            waiting.append(bead)
            continue
        sides = {bool(null.src) for null in waiting}
        few = len(waiting) + max(len(bead.src), len(bead.tgt)) <= _MAX_PARTS
        if not (few and len(sides) == 1 and len(bead.tgt if True in sides else bead.src) == 1):
            yield from map(_alone, waiting)
            waiting = []
        yield _Group(
            (*(s for null in waiting for s in null.src), *bead.src),
            (*(s for null in waiting for s in null.tgt), *bead.tgt),
            (bead.src, bead.tgt, sum(null.score for null in waiting)),
        )
        waiting = []
    yield from map(_alone, waiting)


def _alone(null: Bead) -> _Group:
    return _Group(null.src, null.tgt, (null.src, null.tgt, 0.0))


def _divided(
    segment: Segment,
    lang: str,
    others: Sequence[Segment],
    weigh_parts: Weigher,
    group: _Group,
    gain: float,
) -> tuple[Segment, ...]:
    """The segment in parts, each of which translates the next few others; whole if that weighs as much.

    Every way to choose seams is weighed by dynamic programming over (others done, seam), with
    O(others · seams²) weighings.
    """
    found = seams(segment.text, lang)
    if not 0 < len(found) <= _MAX_SEAMS:
        return (segment,)
    starts = [0, *(seam.start for seam in found)]
    best: dict[tuple[int, int], tuple[float, tuple[Segment, ...]]] = {(0, 0): (0.0, ())}
    done = (len(others), len(starts))
    for k, first in itertools.product(range(len(others)), range(len(starts))):
        if (k, first) not in best:
            continue
        before, parts = best[k, first]
        for j, last, seam in _steps(found, others, k, first):
            part = _part(segment, starts[first], found[last].end if last < len(found) else len(segment.text))
            total = before + seam + weigh_parts(others[k:j], [part])
            if (j, last + 1) not in best or total > best[j, last + 1][0]:
                best[j, last + 1] = (total, (*parts, part))
    if done not in best:
        return (segment,)
    weight, parts = best[done]
    src, tgt, extra = group.whole
    whole = weigh_parts(src, tgt) if lang == "vi" else weigh_parts(tgt, src)
    return parts if weight > whole + extra + gain else (segment,)


def _steps(
    found: Sequence[Seam], others: Sequence[Segment], k: int, first: int
) -> Iterator[tuple[int, int, float]]:
    """Where the part that begins with other k, at piece `first`, may end: before other j, with piece `last`.

    Yields j, last, and the weight of the seam there; the last part takes all that is left, the first not all.
    """
    for j in range(k + 1, min(k + _MAX_GROUP, len(others)) + 1):
        ended = is_ended(others[j - 1].text)
        if j == len(others):
            if k:
                yield j, len(found), 0.0
            break
        for last in range(first, len(found)):
            weight = found[last].weight(ended=ended)
            if weight >= _LEAST:
                yield j, last, weight
        if not ended:  # a headline is not taken together with what follows it
            break


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A stretch of a segment, with its own offsets."""
    text = segment.text[start:end]
    return dataclasses.replace(segment, text=text, start=segment.start + start, end=segment.start + end)


def _renumbered(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    return tuple(dataclasses.replace(segment, id=k) for k, segment in enumerate(segments))
