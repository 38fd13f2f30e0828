"""What a person can do to a bead, as the decision that stands for it.

    Request ──decision_for──▶ Decision          (nothing is changed here)

Merging, splitting, moving a segment and setting null are regroupings of one bead or of two neighbours; what
they make is pinned. A bead is split between two of its segments or, where cursors say so, within them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias, cast, get_args

from aligner.errors import UsageError
from aligner.model import Action, Decision
from aligner.review.cutting import Cursor, cut_at, written
from aligner.review.decisions import now
from aligner.review.grouping import Draft
from aligner.review.groups import Group, Place, Texts, span, union

Name: TypeAlias = Literal[
    "accept", "reject", "reset", "note", "edit", "pin", "unpin", "merge", "split", "up", "down", "null"
]
NAMES: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for.

    Attributes:
        name: which operation.
        bead: id of the bead.
        side: 0 for zh, 1 for vi: where the cursor stands; for `split`, `up` and `down`.
        at: in which segment of that side the cursor stands, from 0; for `split`.
        texts: for `edit` the new texts, one for each segment of either side.
        note: for `note` its text.
        cursors: for `split` where either side is cut, within a segment too; None to cut before or after the
            segment with the cursor, the other side in proportion.
    """

    name: Name
    bead: int
    side: int = 0
    at: int = 0
    texts: Texts = ((), ())
    note: str = ""
    cursors: tuple[Cursor, Cursor] | None = None


def decision_for(draft: Draft, request: Request, author: str) -> Decision:
    """The decision that does what is asked.

    Raises:
        UsageError: there is no such bead, or it cannot be done to it.
    """
    group = draft.numbered(request.bead)
    if group is None:
        raise UsageError(f"there is no bead {request.bead}", "it was divided or joined meanwhile")
    if request.name == "split" and request.cursors is not None:
        points, after = cut_at(draft, group, request.cursors)
        # Between segments it is a regrouping like any other.
        action: Action = "cut" if points else "regroup"
        return _said(draft, group, action, author, after=after, value=written(points))
    if request.name in _STRUCTURAL:
        groups, places = _STRUCTURAL[request.name](draft, group, request)
        return regrouping(draft, groups, places, author)
    action = cast("Action", request.name)  # the names that are left are actions
    if action == "edit":
        lengths = tuple(map(len, group.place))
        if tuple(map(len, request.texts)) != lengths:
            raise UsageError(f"bead {request.bead} has {lengths[0]} and {lengths[1]} segments")
        return _said(draft, group, action, author, after=(request.texts,))
    return _said(draft, group, action, author, value=request.note if action == "note" else "")


def _said(
    draft: Draft, group: Group, action: Action, author: str, *, after: Sequence[Texts] = (), value: str = ""
) -> Decision:
    before = draft.source_texts(group.place)
    if action == "edit":
        bead = draft.bead(group, 0)
        before = tuple(s.text for s in bead.src), tuple(s.text for s in bead.tgt)
    return Decision(now(), author, action, (draft.target(group),), (before,), tuple(after), value)


def regrouping(
    draft: Draft,
    groups: Sequence[Group],
    places: Sequence[Place],
    author: str,
    *,
    action: Literal["regroup", "realign"] = "regroup",
    value: str = "",
) -> Decision:
    """The decision that puts some places where some groups are; both cover the same segments in order."""
    return Decision(
        now(),
        author,
        action,
        tuple(map(draft.target, groups)),
        tuple(draft.source_texts(group.place) for group in groups),
        tuple(map(draft.source_texts, places)),
        value,
    )


Regrouped: TypeAlias = tuple[list[Group], list[Place]]


def _merge(draft: Draft, group: Group, _: Request) -> Regrouped:
    groups = [group, _neighbour(draft, group, 1)]
    return groups, [union(groups)]


def _move(draft: Draft, group: Group, request: Request) -> Regrouped:
    """The first or the last segment of a side goes to the neighbour."""
    step = -1 if request.name == "up" else 1
    side, ids = request.side, group.place[request.side]
    if not ids:
        raise UsageError("there is no segment on this side to move")
    other = _neighbour(draft, group, step)
    kept, moved = (ids[1:], ids[:1]) if step < 0 else (ids[:-1], ids[-1:])
    taken = other.place[side]
    joined = moved if not taken else span(min(taken.start, moved.start), len(taken) + 1)
    here, there = _with(group.place, side, kept), _with(other.place, side, joined)
    groups, places = ([other, group], [there, here]) if step < 0 else ([group, other], [here, there])
    return groups, [place for place in places if any(place)]


def _with(place: Place, side: int, ids: range) -> Place:
    return (place[0], ids) if side else (ids, place[1])


def _split(draft: Draft, group: Group, request: Request) -> Regrouped:
    """Cut before the segment with the cursor, after it if it is the first; the other side in proportion."""
    side = request.side
    ids, others = group.place[side], group.place[1 - side]
    if len(ids) < 2:  # noqa: PLR2004 - one segment
        raise UsageError("one segment is not split by itself", "place the cursor in its text, or set it null")
    cut = min(max(request.at, 1), len(ids) - 1)
    lengths = [[len(text) for text in texts] for texts in draft.source_texts(group.place)]
    there = _nearest_cut(sum(lengths[side][:cut]) / max(sum(lengths[side]), 1), lengths[1 - side])
    halves = (ids[:cut], others[:there]), (ids[cut:], others[there:])
    return [group], [(two, one) if side else (one, two) for one, two in halves]


def _nearest_cut(share: float, lengths: Sequence[int]) -> int:
    """Before which segment a side is cut so that about this share of its text stands before.

    Where there are two segments or more, each half gets one.
    """
    count = len(lengths)
    least = 1 if count > 1 else 0
    total = max(sum(lengths), 1)
    cuts = range(least, count - least + 1)
    return min(cuts, key=lambda cut: abs(sum(lengths[:cut]) / total - share))


def _null(draft: Draft, group: Group, _: Request) -> Regrouped:
    """Every segment without a counterpart."""
    if not all(group.place):
        raise UsageError(f"bead {draft.number(group)} has no counterpart already")
    none = range(0)
    singles: list[Place] = [(span(i), none) for i in group.place[0]]
    return [group], singles + [(none, span(j)) for j in group.place[1]]


_STRUCTURAL: dict[str, Callable[[Draft, Group, Request], Regrouped]] = {
    "merge": _merge,
    "split": _split,
    "up": _move,
    "down": _move,
    "null": _null,
}


def _neighbour(draft: Draft, group: Group, step: int) -> Group:
    """The bead before or after, if the two stand one after another on both sides."""
    if group.moved:
        raise UsageError("the bead stands out of order", "it has no neighbour to join with")
    at = draft.groups.index(group) + step
    if not 0 <= at < len(draft.groups):
        raise UsageError(
            "there is no bead before this one" if step < 0 else "there is no bead after this one"
        )
    other = draft.groups[at]
    ordered = [other, group] if step < 0 else [group, other]
    if other.moved or not _follow(ordered):
        raise UsageError("the neighbouring bead stands out of order", "the two cannot be joined")
    return other


def _follow(groups: Sequence[Group]) -> bool:
    """Whether groups stand one after another on both sides, without a gap."""
    for side in (0, 1):
        runs = [group.place[side] for group in groups if group.place[side]]
        if any(one.stop != two.start for one, two in pairwise(runs)):
            return False
    return True
