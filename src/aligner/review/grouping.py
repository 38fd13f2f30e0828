"""A bitext under work: its segments stay, the way they are grouped into beads changes.

A group is a bead by segment numbers. Putting a group where others stand cuts those: what remains of them on
either side of the new one forms groups again, or nulls where it has no counterpart left. So every segment
is in one group at any time, and groups that are not marked as moved stand in order.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from aligner.model import Bead, Bitext, Segment, Status, bead_hash

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


class Draft:
    """The working copy of one bitext."""

    def __init__(self, bitext: Bitext) -> None:
        """Takes a bitext apart; its edited texts become edits of segments."""
        self.bitext = bitext
        self.segments: tuple[dict[int, Segment], dict[int, Segment]] = ({}, {})
        self.texts: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self.edits: tuple[dict[int, str], dict[int, str]] = ({}, {})
        self.groups: list[Group] = []
        self._owners: tuple[dict[int, Group], dict[int, Group]] = ({}, {})
        self._by_hash: defaultdict[str, list[Group]] = defaultdict(list)
        self._starts: tuple[dict[str, list[int]], ...] = ()
        self.base: dict[Place, Bead] = {}
        # By segment, the number of the bead it was in; near numbers mean near in both documents.
        self.base_order: tuple[dict[int, int], dict[int, int]] = ({}, {})
        for number, bead in enumerate(bitext.beads):
            self._take(bead, number)

    def _take(self, bead: Bead, number: int) -> None:
        originals = bead.original or ((), ())
        for side, segments in enumerate((bead.src, bead.tgt)):
            sources = originals[side] or [segment.text for segment in segments]
            for segment, source in zip(segments, sources, strict=True):
                self.segments[side][segment.id] = segment
                self.texts[side][segment.id] = source
                self.base_order[side][segment.id] = number
                if source != segment.text:
                    self.edits[side][segment.id] = segment.text
        place = (_range(bead.src), _range(bead.tgt))
        self.base[place] = bead
        group = self.make(place)
        group.moved = bead.moved
        self.groups.append(group)
        self._register(group)

    def _register(self, group: Group) -> None:
        self._by_hash[self.hash(group)].append(group)
        for owners, ids in zip(self._owners, group.place, strict=True):
            for number in ids:
                owners[number] = group

    def source_texts(self, place: Place) -> Texts:
        """The texts of these segments as aligned, before any edit."""
        src, tgt = place
        return tuple([self.texts[0][i] for i in src]), tuple([self.texts[1][i] for i in tgt])

    def hash(self, group: Group) -> str:
        """`Bead.hash` of the bead a group becomes."""
        return bead_hash(*self.source_texts(group.place))

    def make(self, place: Place) -> Group:
        """A new group; what the machine knew is kept where it had grouped these segments alike."""
        bead = self.base.get(place)
        if bead is None:
            return Group(place)
        return Group(
            place, bead.score, bead.evidence, bead.confidence, bead.status, bead.pinned, note=bead.note
        )

    def edit(self, side: int, ids: range, texts: Sequence[str]) -> None:
        """Gives segments other texts; those that stay as they are are no edits."""
        for number, text in zip(ids, texts, strict=True):
            if text != self.texts[side][number]:
                self.edits[side][number] = text

    def drop_edits(self, group: Group) -> None:
        """Gives the segments of a group their own texts again."""
        for edits, ids in zip(self.edits, group.place, strict=True):
            for number in ids:
                edits.pop(number, None)

    def is_edited(self, group: Group) -> bool:
        """Whether a segment of the group has another text than its document."""
        sides = zip(self.edits, group.place, strict=True)
        return any(number in edits for edits, ids in sides for number in ids)

    def bead(self, group: Group, number: int) -> Bead:
        """The bead a group becomes, with this id."""
        src, tgt = (self._segments(side, group.place[side]) for side in (0, 1))
        return Bead(
            number,
            src,
            tgt,
            group.score,
            group.evidence,
            group.confidence,
            group.status,
            group.pinned,
            group.moved,
            self.source_texts(group.place) if self.is_edited(group) else None,
            group.note,
        )

    def _segments(self, side: int, ids: range) -> tuple[Segment, ...]:
        segments, edits = self.segments[side], self.edits[side]
        texts = [(segments[i], edits.get(i, self.texts[side][i])) for i in ids]
        return tuple([s if s.text == text else replace(s, text=text) for s, text in texts])

    def find(self, digest: str, occurrence: int) -> Group | None:
        """The group with this hash and occurrence number, None if there are fewer."""
        found = self._by_hash.get(digest, [])
        if occurrence >= len(found):
            return None
        if len(found) > 1:
            order = {id(group): i for i, group in enumerate(self.groups)}
            found.sort(key=lambda group: order[id(group)])
        return found[occurrence]

    def group_at(self, place: Place) -> Group | None:
        """The group of exactly these segments, if there is one."""
        side = 0 if place[0] else 1
        group = self._owners[side].get(place[side].start)
        return group if group is not None and group.place == place else None

    def search(self, texts: Texts, occurrence: int) -> Place | None:
        """Where these texts stand one after another on either side; None where they do not.

        Where they stand more than once, each place of one side is paired with the nearest of the other, as
        near as the machine's alignment puts them, and the occurrence number chooses.
        """
        starts = [self._runs(side, texts[side]) for side in (0, 1)]
        lengths = [len(side) for side in texts]
        if any(length and not found for length, found in zip(lengths, starts, strict=True)):
            return None
        if not all(lengths):
            side = 0 if lengths[0] else 1
            found = [(start, start) for start in starts[side]]
        else:
            found = self._nearest(*starts)
        if not found:
            return None
        src, tgt = found[min(occurrence, len(found) - 1)]
        return span(src, lengths[0]), span(tgt, lengths[1])

    def _runs(self, side: int, texts: Sequence[str]) -> list[int]:
        """The segment numbers at which these texts begin, ascending."""
        if not texts:
            return []
        if not self._starts:
            built: tuple[defaultdict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
            for index, numbered in zip(built, self.texts, strict=True):
                for number in sorted(numbered):
                    index[numbered[number]].append(number)
            self._starts = tuple(dict(index) for index in built)
        source = self.texts[side]
        return [
            start
            for start in self._starts[side].get(texts[0], [])
            if all(source.get(start + i) == text for i, text in enumerate(texts))
        ]

    def _nearest(self, src: list[int], tgt: list[int]) -> list[tuple[int, int]]:
        """Pairs of starts that are each other's nearest, in order of src; O((m + n) log(m + n))."""
        src_at = sorted((self.base_order[0][start], start) for start in src)
        tgt_at = sorted((self.base_order[1][start], start) for start in tgt)
        back = {start: _nearest_to(order, src_at) for order, start in tgt_at}
        pairs = [(start, _nearest_to(order, tgt_at)) for order, start in src_at]
        return sorted(pair for pair in pairs if back[pair[1]] == pair[0])

    def put(self, groups: Sequence[Group]) -> None:
        """Groups these segments so, and cuts the groups that held any of them.

        Costs a pass over the list of groups, and over the segments between the first and the last group
        that is cut.

        Args:
            groups: at least one; together they cover consecutive segments on either side. A group that
                is part of the draft already may be among them.
        """
        place = union(groups)
        owners = (self._owners[side][number] for side in (0, 1) for number in place[side])
        touched = list(dict.fromkeys(owners))
        at = [self.groups.index(group) for group in touched]
        window = self.groups[min(at) : max(at) + 1]
        rest = [group for group in window if group not in touched]
        cut = _cut_for(place, touched)
        is_tight = all(_fits(group, cut) for group in rest) and not any(group.moved for group in touched)
        rearrange = self._tight if is_tight else self._loose
        pieces = rearrange(window, touched, place, groups)
        for group in touched:
            self._by_hash[self.hash(group)].remove(group)
        self.groups[min(at) : max(at) + 1] = pieces
        fresh = [group for group in pieces if group not in rest]
        for group in fresh:
            self._register(group)
        if not is_tight:
            self._settle(fresh)

    def _tight(
        self, window: list[Group], touched: list[Group], place: Place, groups: Sequence[Group]
    ) -> list[Group]:
        """The window with the groups in it where all else fits before or after them."""
        cut = _cut_for(place, touched)
        before: list[Group] = []
        after: list[Group] = []
        for group in window:
            if group in touched:
                before += self._remains(cut.below(group.place))
                after += self._remains(cut.above(group.place))
            else:
                (before if _is_before(group, cut) else after).append(group)
        return [*before, *groups, *after]

    def _loose(
        self, window: list[Group], touched: list[Group], place: Place, groups: Sequence[Group]
    ) -> list[Group]:
        """The window with the groups in it where others stand across: each is cut for itself."""
        result: list[Group] = []
        for group in window:
            if group not in touched:
                result.append(group)
                continue
            cut = _cut_for(_common(place, group.place), [group])
            result += self._remains(cut.below(group.place))
            if group is touched[0]:
                result += groups
            result += self._remains(cut.above(group.place))
        return result

    def _remains(self, place: Place) -> list[Group]:
        """What is left of a group that was cut: a group, or single nulls."""
        if all(place) or place in self.base:
            return [self.make(place)]
        src, tgt = place
        none = range(0)
        return [self.make((span(i), none)) for i in src] + [self.make((none, span(j))) for j in tgt]

    def _settle(self, fresh: list[Group]) -> None:
        """Brings nulls to where their text stands, and marks the other groups out of order as moved."""
        for group in fresh:
            group.moved = True  # until its turn comes, so that it does not count as a neighbour
        for group in fresh:
            if group.is_null:
                self.groups.remove(group)
                self.groups.insert(self._home(group), group)
            group.moved = not self._in_order(group)

    def _home(self, null: Group) -> int:
        """Where a null belongs: after the nearest earlier segment of its side that was not moved."""
        side = 0 if null.place[0] else 1
        number = null.place[side].start - 1
        while number in self._owners[side]:
            owner = self._owners[side][number]
            if not owner.moved:
                return self.groups.index(owner) + 1
            number = owner.place[side].start - 1
        return 0

    def _in_order(self, group: Group) -> bool:
        at = self.groups.index(group)
        for side, ids in enumerate(group.place):
            before = self._neighbour(range(at - 1, -1, -1), side)
            after = self._neighbour(range(at + 1, len(self.groups)), side)
            if ids and ((before and before[-1] > ids[0]) or (after and after[0] < ids[-1])):
                return False
        return True

    def _neighbour(self, places: range, side: int) -> range:
        """The segments of the first group on the way that has any on this side and was not moved."""
        on_the_way = (self.groups[at] for at in places)
        return next((g.place[side] for g in on_the_way if g.place[side] and not g.moved), range(0))


@dataclass(frozen=True, slots=True)
class _Cut:
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


def _cut_for(place: Place, touched: Sequence[Group]) -> _Cut:
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
    return _Cut((starts[0], starts[1]), (ends[0], ends[1]))


def _is_before(group: Group, cut: _Cut) -> bool:
    sides = [(ids, at) for ids, at in zip(group.place, cut.starts, strict=True) if ids]
    # Of a group that was moved only one side need stand there; the first that it has is taken.
    return all(ids.stop <= at for ids, at in sides[: 1 if group.moved else 2])


def _fits(group: Group, cut: _Cut) -> bool:
    """Whether a group stands wholly before or wholly after a cut, or need not."""
    if group.moved or _is_before(group, cut):
        return True
    return all(ids.start >= at for ids, at in zip(group.place, cut.ends, strict=True) if ids)


def _common(place: Place, other: Place) -> Place:
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


def _range(segments: Sequence[Segment]) -> range:
    return span(segments[0].id, len(segments)) if segments else range(0)


def _nearest_to(order: int, others: list[tuple[int, int]]) -> int:
    """The start whose order is nearest; the earlier of two."""
    at = bisect_left(others, (order, -1))
    around = others[max(0, at - 1) : at + 1]
    return min(around, key=lambda other: abs(other[0] - order))[1]
