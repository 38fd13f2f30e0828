"""A segment cut at the cursor: one becomes two, and its bead becomes two.

    where the cursors stand ──cut_at──▶ points, and two beads' texts ──divided──▶ the places of the two beads

The decision `cut` names its bead and holds both beads that it makes, by their texts as aligned; its value
says which segments are cut, and after how many characters: `src:0:15 tgt:1:31`. Where a segment had been
edited, so that it is cut in its new text too, that follows: `src:0:15/17`. Blanks at a cut go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aligner.errors import UsageError
from aligner.model import Decision
from aligner.review.grouping import Draft
from aligner.review.groups import Group, Place, Texts, span
from aligner.review.segments import halves

Cursor: TypeAlias = tuple[int, int]
"""On one side of a bead: in which segment, from 0, and after how many of its characters as they read.

Line ends do not count, for a page writes them in its own way.
"""

_SIDES = ("src", "tgt")
_POINT = re.compile(r"(src|tgt):(\d{1,9}):(\d{1,9})(?:/(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Point:
    """Where a segment is cut.

    Attributes:
        side: 0 for zh, 1 for vi.
        segment: which of the bead's, from 0.
        at: characters before the cut in its text as aligned.
        shown: the same in its text as it read.
    """

    side: int
    segment: int
    at: int
    shown: int


def written(points: Sequence[Point]) -> str:
    """Points as the value of a decision."""
    parts = (
        f"{_SIDES[p.side]}:{p.segment}:{p.at}" + (f"/{p.shown}" if p.shown != p.at else "") for p in points
    )
    return " ".join(parts)


def points_of(value: str) -> list[Point]:
    """The inverse of `written`; none where it says nothing of the kind, or cuts a side twice."""
    found = [_POINT.fullmatch(part) for part in value.split(" ")]
    points = [
        Point(_SIDES.index(m[1]), int(m[2]), int(m[3]), int(m[4] or m[3])) for m in found if m is not None
    ]
    is_sound = len(points) == len(found) and len({point.side for point in points}) == len(points)
    return points if is_sound else []


def cut_at(
    draft: Draft, group: Group, cursors: tuple[Cursor, Cursor]
) -> tuple[list[Point], tuple[Texts, Texts]]:
    """Where segments are cut by a cursor on either side, if any are; and the texts of the two beads.

    Raises:
        UsageError: nothing would stand before the cut, or after it.
    """
    points: list[Point] = []
    before: list[tuple[str, ...]] = []
    behind: list[tuple[str, ...]] = []
    source, shown = draft.source_texts(group.place), draft.texts(group)
    for side, cursor in enumerate(cursors):
        first, point = _resolved(side, cursor, source[side], shown[side])
        middle = halves(source[side][first], point.at) if point else None
        if point and middle is None:
            raise UsageError(
                "the text as aligned cannot be cut where its edit is cut", "take the edit back first"
            )
        points += [point] if point else []
        before.append((*source[side][:first], *(middle or ())[:1]))
        behind.append((*(middle or ())[1:], *source[side][first + len(middle or ()) // 2 :]))
    if not (any(before) and any(behind)):
        raise UsageError("nothing would stand on one side of the cut", "place the cursor within the text")
    return points, ((before[0], before[1]), (behind[0], behind[1]))


def _resolved(
    side: int, cursor: Cursor, source: Sequence[str], shown: Sequence[str]
) -> tuple[int, Point | None]:
    """How many segments stand wholly before a cursor, and where it cuts the next one, if it does."""
    segment, characters = cursor
    if not 0 <= segment < len(shown):
        return (0 if segment < 0 else len(shown)), None
    text = shown[segment]
    at = _counted(text, characters)
    if not text[:at].strip():
        return segment, None
    if not text[at:].strip():
        return segment + 1, None
    return segment, Point(side, segment, _as_aligned(text, source[segment], at), at)


def _counted(text: str, characters: int) -> int:
    """The place after so many characters, line ends aside, and the marks that belong to the last one."""
    at = 0
    while at < len(text) and (characters > 0 or text[at] in "\r\n" or unicodedata.combining(text[at])):
        characters -= text[at] not in "\r\n"
        at += 1
    return at


def _as_aligned(shown: str, source: str, at: int) -> int:
    """Where a place of an edited text stands in the text as aligned.

    Exact where both begin or end alike; within what was changed in proportion.
    """
    start = _alike(shown, source)
    if at <= start:
        return at
    end = _alike(shown[start:][::-1], source[start:][::-1])
    if at >= len(shown) - end:
        return len(source) - (len(shown) - at)
    share = (at - start) / (len(shown) - end - start)
    return start + round(share * (len(source) - end - start))


def _alike(one: str, other: str) -> int:
    """With how many characters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def divided(draft: Draft, group: Group, decision: Decision) -> list[Place] | str:
    """Cuts the segments of a group as a decision says; the places of the two beads, or why it cannot be."""
    points = points_of(decision.value)
    texts = [list(side) for side in draft.source_texts(group.place)]
    for point in points:
        side = texts[point.side]
        parts = halves(side[point.segment], point.at) if point.segment < len(side) else None
        side[point.segment : point.segment + 1] = parts or ()
    if not points or texts != [[text for bead in decision.after for text in bead[side]] for side in (0, 1)]:
        return "it does not cut the text that it names"
    for point in points:
        number = group.place[point.side].start + point.segment
        slot = draft.segments.slots[point.side][number]
        parts = halves(slot.text, point.at) or (slot.text, "")
        # A text that was edited otherwise meanwhile stays whole, with the first half.
        edits = parts if slot.edit is None else halves(slot.edit, point.shown) or (slot.edit, "")
        draft.cut(point.side, number, parts, edits)
    return parted(group.place, decision.after)


def parted(place: Place, after: Sequence[Texts]) -> list[Place]:
    """The places of beads with so many segments, one after another from the start of a place."""
    starts = [ids.start for ids in place]
    places = []
    for texts in after:
        sizes = [len(side) for side in texts]
        places.append((span(starts[0], sizes[0]), span(starts[1], sizes[1])))
        starts = [start + size for start, size in zip(starts, sizes, strict=True)]
    return places
