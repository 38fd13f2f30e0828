"""What of a bitext is looked at, and in which order: filters, search, worst first, counts, the overview.

Draft + Look ──listing──▶ groups in order ──▶ rows as they are scrolled to
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from aligner.review.grouping import Draft
from aligner.review.groups import Group
from aligner.search.phrases import Phrase, clauses, phrase

Order: TypeAlias = Literal["document", "worst"]
Only: TypeAlias = Literal[
    "all", "open", "doubt", "null", "decided", "rejected", "edited", "noted", "pinned", "moved", "finding"
]
Class: TypeAlias = Literal["decided", "rejected", "null", "low", "doubt", "sure"]
ORDERS: tuple[Order, ...] = get_args(Order)
FILTERS: tuple[Only, ...] = get_args(Only)
CLASSES: tuple[Class, ...] = get_args(Class)

SURE, LOW = 0.9, 0.5
"""Confidences from which a bead is shown as sure, and below which as hardly likely; colours only."""
BUCKETS = 360
"""Parts of the overview strip; no screen on which it stands shows more."""
# What is most worth a look wins where several beads share a part of the strip.
_GRAVITY: dict[Class, str] = {
    "low": "l", "rejected": "r", "null": "n", "doubt": "d", "decided": "a", "sure": "s",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What to show.

    Attributes:
        order: as in the document, or the least sure first; a bead's place does not depend on decisions.
        only: which beads.
        text: a word or phrase that they hold in either language; empty for any.
    """

    order: Order = "document"
    only: Only = "all"
    text: str = ""


class Keys:
    """Whether texts hold a phrase, whatever its spelling; what was once looked at is found at once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def holds(self, text: str, looked_for: Phrase) -> bool:
        """Whether the phrase stands in the text."""
        return f" {' '.join(looked_for.keys)} " in self._keys(text)

    def _keys(self, text: str) -> str:
        found = self._known.get(text)
        if found is None:
            found = "|".join(f" {' '.join(piece.key for piece in clause)} " for clause in clauses(text))
            self._known[text] = found
        return found


def listing(draft: Draft, look: Look, keys: Keys, findings: Collection[int] = ()) -> list[Group]:
    """The groups that are looked at, in order; linear in the bitext.

    All of it in the document's order is the draft's own list, good until the next decision.

    Args:
        draft: the bitext.
        look: what to show.
        keys: what is known of its texts.
        findings: ids of the beads that a check found fault with.

    Raises:
        UsageError: `look.text` holds nothing that can be looked for.
    """
    groups = draft.groups
    if look.only != "all":
        groups = [group for group in groups if _shown(draft, look.only, group, findings)]
    if look.text.strip():
        looked_for = phrase(look.text)
        groups = [g for g in groups if any(keys.holds(text, looked_for) for text in texts_of(draft, g))]
    if look.order == "worst":
        groups = sorted(groups, key=lambda group: machine_confidence(draft, group))
    return groups


def _shown(draft: Draft, only: Only, group: Group, findings: Collection[int]) -> bool:
    if only == "finding":
        return draft.number(group) in findings
    return _FILTERS[only](group)


def texts_of(draft: Draft, group: Group) -> list[str]:
    """The texts of a group's segments as they read now."""
    return [slot.shown for slot in draft.segments.of(group.place)]


def is_decided(group: Group) -> bool:
    """Whether a person decided on a group or its boundaries."""
    return group.status != "auto" or group.pinned


_FILTERS: dict[str, Callable[[Group], bool]] = {
    "decided": is_decided,
    "open": lambda group: not is_decided(group),
    "doubt": lambda group: not is_decided(group) and group.confidence < SURE,
    "null": lambda group: group.is_null,
    "rejected": lambda group: group.status == "rejected",
    "edited": lambda group: group.status == "edited",
    "noted": lambda group: bool(group.note),
    "pinned": lambda group: group.pinned,
    "moved": lambda group: group.moved,
}


def machine_confidence(draft: Draft, group: Group) -> float:
    """How sure the machine was of what stands here, whatever a person made of it."""
    known = draft.machine(group.place)
    if known is not None:
        return known.confidence
    return min(draft.bitext.beads[at].confidence for at in draft.ends(group))


def class_of(group: Group) -> Class:
    """How a group is coloured."""
    if group.status == "rejected":
        return "rejected"
    if is_decided(group):
        return "decided"
    if group.confidence < LOW:
        return "low"
    if group.is_null:
        return "null"
    return "sure" if group.confidence >= SURE else "doubt"


def strip(groups: Sequence[Group]) -> str:
    """The overview: a letter for each part of what is looked at, the first of the gravest class in it."""
    if not groups:
        return ""
    gravity = {name: place for place, name in enumerate(_GRAVITY)}
    parts = min(BUCKETS, len(groups))
    gravest = [len(_GRAVITY)] * parts
    for at, group in enumerate(groups):
        part = at * parts // len(groups)
        gravest[part] = min(gravest[part], gravity[class_of(group)])
    letters = list(_GRAVITY.values())
    return "".join(letters[place] for place in gravest)


def counts(draft: Draft) -> dict[str, int]:
    """How many beads there are in all, decided, doubtful, without counterpart, and of each status."""
    statuses = Counter(group.status for group in draft.groups)
    return {
        "all": len(draft.groups),
        "decided": sum(map(is_decided, draft.groups)),
        "doubt": sum(map(_FILTERS["doubt"], draft.groups)),
        "null": sum(group.is_null for group in draft.groups),
        **{str(status): count for status, count in statuses.items()},
    }
