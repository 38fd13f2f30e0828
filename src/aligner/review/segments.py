"""The segments of a bitext under work, in the order of their documents: edited, cut in two, found by text.

A segment's number is its place in this order, so a cut moves all that follow. Its key stays: that is its
number in the bitext as stored, and for the second half of a cut one above all of them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from aligner.model import Bead, Segment
from aligner.review.groups import Group, Place, Texts, nearest_pairs, span

_NOBODY = Group((range(0), range(0)))
"""Who owns a segment that no group has taken yet."""


@dataclass(eq=False, slots=True)
class Slot:
    """A segment, and what is known of it.

    Attributes:
        segment: as stored, or the part of it that a cut left.
        text: as aligned, before any edit.
        key: names it whatever is cut before it.
        bead: number of the bead that it stands in as stored; near ones are near in both documents.
        edit: the text that a person gave it; None where nobody did.
        owner: the group that holds it.
    """

    segment: Segment
    text: str
    key: int
    bead: int
    edit: str | None = None
    owner: Group = _NOBODY

    @property
    def shown(self) -> str:
        """Its text as it reads now."""
        return self.text if self.edit is None else self.edit


class Segments:
    """Both sides of a bitext.

    Attributes:
        slots: by side, in order.
        origin: the place of each bead as stored, by keys.
    """

    def __init__(self, beads: Sequence[Bead]) -> None:
        """Takes beads apart; their edited texts become edits of segments."""
        self.slots: tuple[list[Slot], list[Slot]] = ([], [])
        self.origin: list[Place] = []
        self._cuts: tuple[list[int], list[int]] = ([], [])
        self._starts: tuple[dict[str, list[int]], ...] = ()
        for number, bead in enumerate(beads):
            before = bead.original or (None, None)
            for slots, segments, texts in zip(self.slots, (bead.src, bead.tgt), before, strict=True):
                for segment, text in zip(segments, texts or [s.text for s in segments], strict=True):
                    edit = None if text == segment.text else segment.text
                    slots.append(Slot(segment, text, segment.id, number, edit))
        ranks = [_in_order(slots) for slots in self.slots]
        for bead in beads:
            src, tgt = (
                span(ranks[side].get(s[0].id, s[0].id), len(s)) if s else range(0)
                for side, s in enumerate((bead.src, bead.tgt))
            )
            self.origin.append((src, tgt))
        self._by_key = tuple(slots.copy() for slots in self.slots)

    def of(self, place: Place) -> Iterator[Slot]:
        """The slots of a place, zh before vi."""
        for slots, ids in zip(self.slots, place, strict=True):
            yield from slots[ids.start : ids.stop]

    def texts(self, place: Place) -> Texts:
        """The texts as aligned, before any edit."""
        src, tgt = (
            tuple([slot.text for slot in slots[ids.start : ids.stop]])
            for slots, ids in zip(self.slots, place, strict=True)
        )
        return src, tgt

    def keyed(self, side: int, key: int) -> Slot | None:
        """The segment with this key."""
        known = self._by_key[side]
        return known[key] if 0 <= key < len(known) else None

    def segments(self, side: int, ids: range) -> tuple[Segment, ...]:
        """Segments as they read now, with the ids they have now."""
        found = [
            s.segment if s.segment.text == s.shown else replace(s.segment, text=s.shown)
            for s in self.slots[side][ids.start : ids.stop]
        ]
        if not self._cuts[side]:
            return tuple(found)
        before = (bisect_right(self._cuts[side], number) for number in ids)
        return tuple([replace(s, id=s.id + cuts) for s, cuts in zip(found, before, strict=True)])

    def stored(self, place: Place) -> int | None:
        """Which bead of the bitext as stored has exactly these segments; None if none has."""
        if not any(place):
            return None
        side = 0 if place[0] else 1
        number = self.slots[side][place[side].start].bead
        for slots, ids, keys in zip(self.slots, place, self.origin[number], strict=True):
            if not (ids or keys):
                continue
            if not (ids and keys) or slots[ids.start].key != keys.start or slots[ids.stop - 1].bead != number:
                return None
            if ids.stop < len(slots) and slots[ids.stop].bead == number:
                return None
        return number

    def cuts(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """By side, the numbers of the second halves."""
        return tuple(self._cuts[0]), tuple(self._cuts[1])

    def cut(self, side: int, number: int, texts: Sequence[str], edits: Sequence[str]) -> Callable[[], None]:
        """Makes two segments of one; the second stands at `number + 1`. Returns what takes it back.

        Args:
            side: 0 for zh, 1 for vi.
            number: of the segment.
            texts: what either half has of its text as aligned.
            edits: the text that either half is to show.
        """
        slots = self.slots[side]
        whole = slots[number]
        before = whole.segment, whole.text, whole.edit
        first, second = _parted(whole.segment, texts)
        shown = [None if edit == text else edit for text, edit in zip(texts, edits, strict=True)]
        key = len(self._by_key[side])
        half = Slot(second, texts[1], key, whole.bead, shown[1], whole.owner)
        whole.segment, whole.text, whole.edit = first, texts[0], shown[0]
        slots.insert(number + 1, half)
        self._by_key[side].append(half)
        self._shift_cuts(side, number + 1, 1)
        insort(self._cuts[side], number + 1)

        def back() -> None:
            whole.segment, whole.text, whole.edit = before
            del slots[number + 1]
            self._by_key[side].pop()
            self._cuts[side].remove(number + 1)
            self._shift_cuts(side, number + 1, -1)

        return back

    def _shift_cuts(self, side: int, number: int, step: int) -> None:
        cuts = self._cuts[side]
        at = bisect_left(cuts, number)
        cuts[at:] = [cut + step for cut in cuts[at:]]
        self._starts = ()

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
            numbered = zip(self.slots, starts, strict=True)
            found = nearest_pairs(
                *([(slots[start].bead, start) for start in side] for slots, side in numbered)
            )
        if not found:
            return None
        src, tgt = found[min(occurrence, len(found) - 1)]
        return span(src, lengths[0]), span(tgt, lengths[1])

    def _runs(self, side: int, texts: Sequence[str]) -> list[int]:
        """The numbers at which these texts, as aligned, begin to stand one after another."""
        if not texts:
            return []
        if not self._starts:
            built: tuple[defaultdict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
            for index, slots in zip(built, self.slots, strict=True):
                for number, slot in enumerate(slots):
                    index[slot.text].append(number)
            self._starts = tuple(dict(index) for index in built)
        slots = self.slots[side]
        wanted = list(texts)
        return [
            start
            for start in self._starts[side].get(texts[0], [])
            if [slot.text for slot in slots[start : start + len(wanted)]] == wanted
        ]


def _in_order(slots: list[Slot]) -> dict[int, int]:
    """Brings slots into order and gives them their keys; by id the number, where that is another one."""
    slots.sort(key=attrgetter("key"))
    ranks = {}
    for number, slot in enumerate(slots):
        if slot.key != number:
            ranks[slot.key] = number
            slot.key = number
    return ranks


def _parted(segment: Segment, texts: Sequence[str]) -> tuple[Segment, Segment]:
    """Two segments of one, each where it stands in the document."""
    # A memory knows no offsets: there they end where the segment does.
    first_end = min(segment.start + len(texts[0]), segment.end)
    second_start = max(segment.end - len(texts[1]), segment.start)
    return (
        replace(segment, text=texts[0], end=first_end),
        replace(segment, text=texts[1], start=second_start),
    )


def halves(text: str, at: int) -> tuple[str, str] | None:
    """A text cut before a character, without the blanks there; None where one half would have none.

    >>> halves("Hai bên, hội đàm", 8)
    ('Hai bên,', 'hội đàm')
    """
    first, second = text[: max(at, 0)].rstrip(), text[max(at, 0) :].lstrip()
    return (first, second) if first.strip() and second.strip() else None
