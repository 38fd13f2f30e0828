"""Groups of segments by number, and the cut that takes a place out of the groups that hold it."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from aligner.model import Segment, Status

Texts: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
"""The texts of the src and of the tgt segments of a bead."""

Place: TypeAlias = tuple[range, range]
"""The numbers of the src and of the tgt segments of a bead or of a run of beads."""


@dataclass(eq=False, slots=True)
class Group:
    """A bead by segment numbers, and what is known and was said of it."""

    place: Place
    score: float = 0.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    status: Status = "auto"
    pinned: bool = False
    moved: bool = False
    note: str = ""

    @property
    def is_null(self) -> bool:
        """Whether one side is empty."""
        return not all(self.place)


@dataclass(frozen=True, slots=True)
class Cut:
    """Where segments are parted, by side: below the starts, and from the ends on."""

    starts: tuple[int, int]
    ends: tuple[int, int]

    def below(self, place: Place) -> Place:
        """The segments of a place that stand before the cut."""
        src, tgt = (range(i.start, min(i.stop, at)) for i, at in zip(place, self.starts, strict=True))
        return src, tgt

    def above(self, place: Place) -> Place:
        """The segments of a place that stand after the cut."""
        src, tgt = (range(max(i.start, at), i.stop) for i, at in zip(place, self.ends, strict=True))
        return src, tgt


def cut_for(place: Place, touched: Sequence[Group]) -> Cut:
    """The cut that takes a place out of the groups that hold it.

    Where the place has nothing on a side, the other side decides: what is left of the first group keeps
    its segments there, before the place if anything is left of it before.
    """
    starts, ends = [ids.start for ids in place], [ids.stop for ids in place]
    for side, other in ((0, 1), (1, 0)):
        if not place[side]:
            first = touched[0].place
            kept_before = first[side] and first[other].start < place[other].start
            following = (group.place[side].start for group in touched if group.place[side])
            at = first[side].stop if kept_before else next(following, sys.maxsize)
            starts[side] = ends[side] = at
    return Cut((starts[0], starts[1]), (ends[0], ends[1]))


def is_before(group: Group, cut: Cut) -> bool:
    """Whether a group stands wholly before a cut."""
    sides = [(ids, at) for ids, at in zip(group.place, cut.starts, strict=True) if ids]
    # Of a group that was moved only one side need stand there; the first that it has is taken.
    return all(ids.stop <= at for ids, at in sides[: 1 if group.moved else 2])


def fits(group: Group, cut: Cut) -> bool:
    """Whether a group stands wholly before or wholly after a cut, or need not."""
    if group.moved or is_before(group, cut):
        return True
    return all(ids.start >= at for ids, at in zip(group.place, cut.ends, strict=True) if ids)


def common(place: Place, other: Place) -> Place:
    """The segments that two places share."""
    src, tgt = (range(max(i.start, j.start), min(i.stop, j.stop)) for i, j in zip(place, other, strict=True))
    return src, tgt


def span(start: int, length: int = 1) -> range:
    """So many numbers from `start` on."""
    return range(start, start + length)


def union(groups: Sequence[Group]) -> Place:
    """From the first to the last segment of some groups, by side."""
    sides = [[group.place[side] for group in groups if group.place[side]] for side in (0, 1)]
    src, tgt = (
        range(min(i.start for i in ids), max(i.stop for i in ids)) if ids else range(0) for ids in sides
    )
    return src, tgt


def range_of(segments: Sequence[Segment]) -> range:
    """The numbers of consecutive segments."""
    return span(segments[0].id, len(segments)) if segments else range(0)


def nearest_pairs(src: list[tuple[int, int]], tgt: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of starts that are each other's nearest, in order of src; O((m + n) log(m + n)).

    Args:
        src: (order, start) of each start on the src side.
        tgt: the same of the tgt side.
    """
    src_at, tgt_at = sorted(src), sorted(tgt)
    back = {start: _nearest_to(order, src_at) for order, start in tgt_at}
    pairs = [(start, _nearest_to(order, tgt_at)) for order, start in src_at]
    return sorted(pair for pair in pairs if back[pair[1]] == pair[0])


def _nearest_to(order: int, others: list[tuple[int, int]]) -> int:
    """The start whose order is nearest; the earlier of two."""
    at = bisect_left(others, (order, -1))
    around = others[max(0, at - 1) : at + 1]
    return min(around, key=lambda other: abs(other[0] - order))[1]
