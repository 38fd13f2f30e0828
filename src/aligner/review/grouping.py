"""A bitext under work: its segments stay, the way they are grouped into beads changes.

A draft keeps a journal of what was changed in it, so that it can be rolled back to any earlier point at the
cost of what was done since.

A group is a bead by segment numbers. Putting a group where others stand cuts those: what remains of them on
either side of the new one forms groups again, or nulls where it has no counterpart left. So every segment
is in one group at any time, and groups that are not marked as moved stand in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from aligner.model import Bead, Bitext, Segment, Target, bead_hash
from aligner.review.groups import (
    Group,
    Place,
    Texts,
    common,
    cut_for,
    fits,
    is_before,
    nearest_pairs,
    range_of,
    span,
    union,
)


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
        self._by_id: dict[int, Bead] = {}
        self._journal: list[Callable[[], object]] = []
        for number, bead in enumerate(bitext.beads):
            self._take(bead, number)
        self._above = max(sum(map(len, self.segments)), *(bead.id + 1 for bead in bitext.beads), 0)

    def mark(self) -> int:
        """A point to which `roll_back` can return."""
        return len(self._journal)

    def roll_back(self, mark: int) -> None:
        """Takes back all that was changed since a mark."""
        while len(self._journal) > mark:
            self._journal.pop()()

    def say(self, group: Group, **attributes: Any) -> None:
        """Sets attributes of a group that is part of the draft."""
        for name, value in attributes.items():
            self._journal.append(partial(setattr, group, name, getattr(group, name)))
            setattr(group, name, value)

    def _splice(self, start: int, stop: int, groups: Sequence[Group]) -> None:
        """Puts groups in place of those from `start` to `stop`."""
        before = self.groups[start:stop]
        self.groups[start:stop] = groups
        self._journal.append(partial(self.groups.__setitem__, slice(start, start + len(groups)), before))

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
        place = (range_of(bead.src), range_of(bead.tgt))
        self.base[place] = bead
        group = self.make(place)
        group.moved = bead.moved
        self.groups.append(group)
        self._by_hash[bead.hash].append(group)
        for owners, segments in zip(self._owners, (bead.src, bead.tgt), strict=True):
            for segment in segments:
                owners[segment.id] = group

    def _register(self, group: Group) -> None:
        alike = self._by_hash[self.hash(group)]
        alike.append(group)
        self._journal.append(partial(alike.remove, group))
        for owners, ids in zip(self._owners, group.place, strict=True):
            for number in ids:
                if number in owners:
                    self._journal.append(partial(owners.__setitem__, number, owners[number]))
                owners[number] = group

    def _unregister(self, group: Group) -> None:
        alike = self._by_hash[self.hash(group)]
        alike.remove(group)
        self._journal.append(partial(alike.append, group))

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
        edits = self.edits[side]
        for number, text in zip(ids, texts, strict=True):
            if text != self.texts[side][number]:
                self._remember_edit(edits, number)
                edits[number] = text

    def _remember_edit(self, edits: dict[int, str], number: int) -> None:
        if number in edits:
            self._journal.append(partial(edits.__setitem__, number, edits[number]))
        else:
            self._journal.append(partial(edits.pop, number))

    def drop_edits(self, group: Group) -> None:
        """Gives the segments of a group their own texts again."""
        for edits, ids in zip(self.edits, group.place, strict=True):
            for number in ids:
                if number in edits:
                    self._remember_edit(edits, number)
                    del edits[number]

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

    def target(self, group: Group) -> Target:
        """What names a group of the draft: its hash and occurrence number."""
        digest = self.hash(group)
        alike = self._by_hash[digest]
        if len(alike) == 1:
            return Target(digest, 0)
        self.find(digest, 0)  # brings them into order
        return Target(digest, alike.index(group))

    def owner(self, side: int, number: int) -> Group | None:
        """The group that holds a segment; None if there is no such segment."""
        return self._owners[side].get(number)

    def number(self, group: Group) -> int:
        """The id of the bead a group becomes; it does not depend on what was done elsewhere.

        A group of segments that the machine had grouped alike has the id of that bead. Another one has the
        id of the bead that held its first segment, if that is gone and no earlier group began in it; else
        one above all of them, made from the segment.
        """
        known = self.base.get(group.place)
        if known is not None:
            return known.id
        side = 0 if group.place[0] else 1
        first = group.place[side].start
        bead = self.bitext.beads[self.base_order[side][first]]
        if self.group_at((range_of(bead.src), range_of(bead.tgt))) is None and self._heir(bead) is group:
            return bead.id
        return self._above + 2 * first + side

    def _heir(self, bead: Bead) -> Group | None:
        """Of the groups that begin within a bead the first one, zh before vi."""
        for segment in bead.src:
            group = self._owners[0][segment.id]
            if group.place[0].start == segment.id and group.place not in self.base:
                return group
        for segment in bead.tgt:
            group = self._owners[1][segment.id]
            if not group.place[0] and group.place[1].start == segment.id and group.place not in self.base:
                return group
        return None

    def numbered(self, number: int) -> Group | None:
        """The group that becomes the bead with this id; None if there is none."""
        if number >= self._above:
            first, side = divmod(number - self._above, 2)
            group = self._owners[side].get(first)
            return group if group is not None and self.number(group) == number else None
        if not self._by_id:
            self._by_id.update({bead.id: bead for bead in self.bitext.beads})
        bead = self._by_id.get(number)
        if bead is None:
            return None
        return self.group_at((range_of(bead.src), range_of(bead.tgt))) or self._heir(bead)

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
            numbered = zip(self.base_order, starts, strict=True)
            found = nearest_pairs(*([(order[start], start) for start in side] for order, side in numbered))
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
        cut = cut_for(place, touched)
        is_tight = all(fits(group, cut) for group in rest) and not any(group.moved for group in touched)
        rearrange = self._tight if is_tight else self._loose
        pieces = rearrange(window, touched, place, groups)
        for group in touched:
            self._unregister(group)
        self._splice(min(at), max(at) + 1, pieces)
        fresh = [group for group in pieces if group not in rest]
        for group in fresh:
            self._register(group)
        self._keep_notes(touched)
        if not is_tight:
            self._settle(fresh)

    def _keep_notes(self, cut: Sequence[Group]) -> None:
        """A note stays with the first segment of the group it was written on."""
        for group in cut:
            side = 0 if group.place[0] else 1
            heir = self._owners[side][group.place[side].start]
            if group.note and group.note not in heir.note:
                self.say(heir, note="; ".join(filter(None, (heir.note, group.note))))

    def _tight(
        self, window: list[Group], touched: list[Group], place: Place, groups: Sequence[Group]
    ) -> list[Group]:
        """The window with the groups in it where all else fits before or after them."""
        cut = cut_for(place, touched)
        before: list[Group] = []
        after: list[Group] = []
        for group in window:
            if group in touched:
                before += self._remains(cut.below(group.place))
                after += self._remains(cut.above(group.place))
            else:
                (before if is_before(group, cut) else after).append(group)
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
            cut = cut_for(common(place, group.place), [group])
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
            self.say(group, moved=True)  # until its turn comes, so that it does not count as a neighbour
        for group in fresh:
            if group.is_null:
                at = self.groups.index(group)
                self._splice(at, at + 1, [])
                home = self._home(group)
                self._splice(home, home, [group])
            self.say(group, moved=not self._in_order(group))

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
