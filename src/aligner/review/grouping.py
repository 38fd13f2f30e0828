"""A bitext under work: the way its segments are grouped into beads changes, and one may be cut in two.

A draft keeps a journal of what was changed in it, so that it can be rolled back to any earlier point at the
cost of what was done since.

A group is a bead by segment numbers. Putting a group where others stand cuts those: what remains of them on
either side of the new one forms groups again, or nulls where it has no counterpart left. So every segment
is in one group at any time, and groups that are not marked as moved stand in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from aligner.model import Bead, Bitext, Target, bead_hash
from aligner.review.groups import (
    Group,
    Place,
    Texts,
    common,
    cut_for,
    fits,
    is_before,
    span,
    union,
)
from aligner.review.segments import Segments


class Draft:
    """The working copy of one bitext."""

    def __init__(self, bitext: Bitext) -> None:
        """Takes a bitext apart."""
        self.bitext = bitext
        self.segments = Segments(bitext.beads)
        self.groups: list[Group] = []
        self._by_hash: defaultdict[str, list[Group]] = defaultdict(list)
        self._by_id: dict[int, int] = {}
        self._journal: list[Callable[[], object]] = []
        for bead, place in zip(bitext.beads, self.segments.origin, strict=True):
            group = _group_of(bead, place)
            group.moved = bead.moved
            self.groups.append(group)
            self._by_hash[bead.hash].append(group)
            for slot in self.segments.of(place):
                slot.owner = group
        size = sum(map(len, self.segments.slots))
        self._above = max(size, *(bead.id + 1 for bead in bitext.beads), 0)

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
            self._set(group, name, value)

    def _set(self, thing: object, name: str, value: object) -> None:
        self._journal.append(partial(setattr, thing, name, getattr(thing, name)))
        setattr(thing, name, value)

    def _splice(self, start: int, stop: int, groups: Sequence[Group]) -> None:
        """Puts groups in place of those from `start` to `stop`."""
        before = self.groups[start:stop]
        self.groups[start:stop] = groups
        self._journal.append(partial(self.groups.__setitem__, slice(start, start + len(groups)), before))

    def _register(self, group: Group) -> None:
        alike = self._by_hash[self.hash(group)]
        alike.append(group)
        self._journal.append(partial(alike.remove, group))
        for slot in self.segments.of(group.place):
            if slot.owner is not group:
                self._set(slot, "owner", group)

    def _unregister(self, group: Group) -> None:
        alike = self._by_hash[self.hash(group)]
        alike.remove(group)
        self._journal.append(partial(alike.append, group))

    def source_texts(self, place: Place) -> Texts:
        """The texts of these segments as aligned, before any edit."""
        return self.segments.texts(place)

    def hash(self, group: Group) -> str:
        """`Bead.hash` of the bead a group becomes."""
        return bead_hash(*self.source_texts(group.place))

    def make(self, place: Place) -> Group:
        """A new group; what the machine knew is kept where it had grouped these segments alike."""
        bead = self.machine(place)
        return Group(place) if bead is None else _group_of(bead, place)

    def machine(self, place: Place) -> Bead | None:
        """The bead of exactly these segments in the bitext as stored, if there is one."""
        number = self.segments.stored(place)
        return None if number is None else self.bitext.beads[number]

    def edit(self, side: int, ids: range, texts: Sequence[str]) -> None:
        """Gives segments other texts; those that stay as they are are no edits."""
        for slot, text in zip(self.segments.slots[side][ids.start : ids.stop], texts, strict=True):
            if text != slot.text:
                self._set(slot, "edit", text)

    def drop_edits(self, group: Group) -> None:
        """Gives the segments of a group their own texts again."""
        for slot in self.segments.of(group.place):
            if slot.edit is not None:
                self._set(slot, "edit", None)

    def is_edited(self, group: Group) -> bool:
        """Whether a segment of the group has another text than its document."""
        return any(slot.edit is not None for slot in self.segments.of(group.place))

    def cut(self, side: int, number: int, texts: Sequence[str], edits: Sequence[str]) -> None:
        """Cuts a segment in two, in the group that holds it; see `Segments.cut`. A pass over all groups."""
        group = self.segments.slots[side][number].owner
        self._unregister(group)
        back = self.segments.cut(side, number, texts, edits)
        self._shift(side, number, 1)

        def undone() -> None:
            self._shift(side, number, -1)
            back()

        self._journal.append(undone)
        self._register(group)

    def _shift(self, side: int, number: int, step: int) -> None:
        """Counts the segments of all groups anew, one more or one less standing after a segment."""
        for group in self.groups:
            ids = group.place[side]
            if ids and ids.stop > number:
                start = ids.start + step if ids.start > number else ids.start
                moved = range(start, ids.stop + step)
                group.place = (group.place[0], moved) if side else (moved, group.place[1])

    def bead(self, group: Group, number: int) -> Bead:
        """The bead a group becomes, with this id."""
        src, tgt = (self.segments.segments(side, group.place[side]) for side in (0, 1))
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

    def texts(self, group: Group) -> Texts:
        """The texts of a group's segments as they read now."""
        src, tgt = (
            tuple([slot.shown for slot in slots[ids.start : ids.stop]])
            for slots, ids in zip(self.segments.slots, group.place, strict=True)
        )
        return src, tgt

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
        slots = self.segments.slots[side]
        return slots[number].owner if 0 <= number < len(slots) else None

    def ends(self, group: Group) -> list[int]:
        """Where in the bitext as stored a group's first and last segments stand, in beads."""
        sides = zip(self.segments.slots, group.place, strict=True)
        return [slots[i].bead for slots, ids in sides if ids for i in (ids[0], ids[-1])]

    def number(self, group: Group) -> int:
        """The id of the bead a group becomes; it does not depend on what was done elsewhere.

        A group of segments that the machine had grouped alike has the id of that bead. Another one has the
        id of the bead that held its first segment, if that is gone and no earlier group began in it; else
        one above all of them, made from the segment.
        """
        known = self.machine(group.place)
        if known is not None:
            return known.id
        side = 0 if group.place[0] else 1
        first = self.segments.slots[side][group.place[side].start]
        if self._whole(first.bead) is None and self._heir(first.bead) is group:
            return self.bitext.beads[first.bead].id
        return self._above + 2 * first.key + side

    def _whole(self, bead: int) -> Group | None:
        """The group of exactly the segments of a stored bead, by its place in the file."""
        place = self.segments.origin[bead]
        side = 0 if place[0] else 1
        first = self.segments.keyed(side, place[side].start)
        found = first.owner if first else None
        return found if found and self.segments.stored(found.place) == bead else None

    def _heir(self, bead: int) -> Group | None:
        """Of the groups that begin within a stored bead the first one, zh before vi."""
        for side, keys in enumerate(self.segments.origin[bead]):
            for key in keys:
                slot = self.segments.keyed(side, key)
                if slot is None or (side and slot.owner.place[0]):
                    continue
                begins = self.segments.slots[side][slot.owner.place[side].start] is slot
                if begins and self.machine(slot.owner.place) is None:
                    return slot.owner
        return None

    def numbered(self, number: int) -> Group | None:
        """The group that becomes the bead with this id; None if there is none."""
        if number >= self._above:
            key, side = divmod(number - self._above, 2)
            slot = self.segments.keyed(side, key)
            return slot.owner if slot is not None and self.number(slot.owner) == number else None
        if not self._by_id:
            self._by_id.update({bead.id: at for at, bead in enumerate(self.bitext.beads)})
        at = self._by_id.get(number)
        return None if at is None else self._whole(at) or self._heir(at)

    def group_at(self, place: Place) -> Group | None:
        """The group of exactly these segments, if there is one."""
        side = 0 if place[0] else 1
        group = self.owner(side, place[side].start)
        return group if group is not None and group.place == place else None

    def put(self, groups: Sequence[Group]) -> None:
        """Groups these segments so, and cuts the groups that held any of them.

        Costs a pass over the list of groups, and over the segments between the first and the last group
        that is cut.

        Args:
            groups: at least one; together they cover consecutive segments on either side. A group that
                is part of the draft already may be among them.
        """
        place = union(groups)
        touched = list(dict.fromkeys(slot.owner for slot in self.segments.of(place)))
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
            heir = self.segments.slots[side][group.place[side].start].owner
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
        if all(place) or self.machine(place) is not None:
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
        while (owner := self.owner(side, number)) is not None:
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


def _group_of(bead: Bead, place: Place) -> Group:
    """A group as the machine left it."""
    return Group(place, bead.score, bead.evidence, bead.confidence, bead.status, bead.pinned, note=bead.note)
