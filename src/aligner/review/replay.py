"""Decisions applied to a bitext: replayed one by one on a working copy, in the order they were taken.

A decision names its beads by content, so it holds for any alignment of the same segments. Where the bead it
names is no longer there but its segments are, the bead is put back, for a person decided on that group;
where they are gone too, a remark tells so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from aligner.errors import InputError
from aligner.model import Bead, Bitext, Decision, bead_hash
from aligner.review.grouping import Draft, Group, Place, Texts, span, union

_MARK = "|decisions:"


def apply_decisions(bitext: Bitext, decisions: Iterable[Decision]) -> Bitext:
    """The bitext as people left it; a pure function.

    Decisions are replayed in order, without those taken back. Beads keep their ids; a bead that a regrouping
    made has the id of the bead that held its first segment, or one above all others. What was applied is
    part of the signature, so that applying the same decisions again changes nothing, and a bitext with
    some of them gets the rest.

    Costs a pass over the bitext, and one over the list of beads for each regrouping.

    Args:
        bitext: as stored.
        decisions: all of its decisions, in the order of their file.

    Returns:
        The bitext; its notes tell which decisions could not be applied, by number from 1 in the file.

    Raises:
        InputError: a decision takes back one that the bitext already contains.
    """
    every = tuple(decisions)
    done = _already_applied(bitext, every)
    if done == len(every):
        return bitext
    draft = Draft(bitext)
    replay = _Replay(draft, every)
    for number, decision in _standing(every, done):
        problem = replay.apply(decision)
        if problem:
            what = f"decision {number} ({decision.action}, {decision.time}, {decision.author})"
            replay.remarks.append(f"{what} is kept but not applied: {problem}")
    notes = dict.fromkeys((*bitext.notes, *replay.remarks))
    signature = bitext.signature.partition(_MARK)[0] + _MARK + _digest(every)
    return bitext.replace(beads=_beads(draft), signature=signature, notes=tuple(notes))


def _digest(decisions: Sequence[Decision]) -> str:
    times = "\n".join(decision.time for decision in decisions)
    return f"{len(decisions)}-{hashlib.sha256(times.encode()).hexdigest()[:8]}"


def _already_applied(bitext: Bitext, decisions: Sequence[Decision]) -> int:
    """How many of the decisions, from the first on, the bitext's signature says it contains."""
    mark = bitext.signature.partition(_MARK)[2]
    count = mark.partition("-")[0]
    if count.isdecimal() and mark == _digest(decisions[: int(count)]):
        return int(count)
    return 0


def _standing(decisions: Sequence[Decision], done: int) -> list[tuple[int, Decision]]:
    """The decisions after the first `done` that nobody took back, numbered from 1.

    An undo may itself be taken back; the last word counts.
    """
    taken_back: set[str] = set()
    standing = []
    for number in range(len(decisions), done, -1):
        decision = decisions[number - 1]
        if decision.time in taken_back:
            continue
        if decision.action == "undo":
            taken_back.add(decision.value)
        else:
            standing.append((number, decision))
    if any(decision.time in taken_back for decision in decisions[:done]):
        raise InputError(
            "a decision takes back one that the bitext already contains", "apply all of them to it as stored"
        )
    return standing[::-1]


class _Replay:
    """Applies decisions to a draft, one by one."""

    def __init__(self, draft: Draft, decisions: Iterable[Decision]) -> None:
        self.draft = draft
        self.remarks: list[str] = []
        # A bead that was edited before is shown with its edited text; its own texts are in an older decision.
        self.texts: dict[str, Texts] = {
            bead_hash(*texts): texts
            for decision in decisions
            for texts in (*decision.before, *decision.after)
        }

    def apply(self, decision: Decision) -> str:
        """Applies a decision; returns why it cannot be, or nothing."""
        if decision.action == "regroup":
            return self._regroup(decision)
        problem = ""
        for at, target in enumerate(decision.targets):
            group = self.draft.find(target.hash, target.occurrence)
            if group is None and decision.action in {"reset", "unpin"}:
                continue  # it asks for nothing but the machine's view, and has it
            group = group or self._put_back(target.hash, target.occurrence)
            if group is None:
                problem = "its text is no longer in the documents"
            elif decision.action == "edit":
                after = decision.after[at] if at < len(decision.after) else ((), ())
                problem = self._edit(group, after) or problem
            else:
                self._say(group, decision)
        return problem

    def _put_back(self, digest: str, occurrence: int) -> Group | None:
        """The bead with this hash, put together again from its segments; None where they are gone."""
        texts = self.texts.get(digest)
        place = self.draft.search(texts, occurrence) if texts else None
        if place is None or not any(place):
            return None
        group = self.draft.group_at(place)
        if group is None:
            group = self._by_person(place)
            self.draft.put([group])
        return group

    def _by_person(self, place: Place) -> Group:
        """A new group that a person decided on; certain, unless the machine had its own figure for it."""
        group = self.draft.make(place)
        if place not in self.draft.base:
            group.confidence = 1.0
        return group

    def _say(self, group: Group, decision: Decision) -> None:
        """What is said of a bead without touching its segments."""
        match decision.action:
            case "accept":
                group.status = "accepted"
            case "reject":
                group.status = "rejected"
            case "reset":
                group.status = "auto"
                self.draft.drop_edits(group)
            case "note":
                group.note = decision.value
            case "pin" | "unpin":
                group.pinned = decision.action == "pin"

    def _edit(self, group: Group, after: Texts) -> str:
        """Gives segments other texts; one text for several segments goes to the first of them."""
        lengths = [len(ids) for ids in group.place]
        for length, texts in zip(lengths, after, strict=True):
            if len(texts) not in {length, min(length, 1)}:
                return f"it has {len(texts)} texts for {length} segments"
        self.draft.drop_edits(group)
        for side, (length, texts) in enumerate(zip(lengths, after, strict=True)):
            self.draft.edit(side, group.place[side], [*texts, *[""] * (length - len(texts))])
        group.status = "edited" if self.draft.is_edited(group) else "accepted"
        return ""

    def _regroup(self, decision: Decision) -> str:
        """Divides a run of segments anew; the new beads are pinned."""
        place = self._run(decision)
        if place is None:
            return "its text is no longer in the documents, or no longer in one place"
        counts = [[len(texts[side]) for texts in decision.after] for side in (0, 1)]
        if [sum(side) for side in counts] != [len(ids) for ids in place]:
            return "it does not divide the segments it names"
        places = list(
            zip(*(_divided(ids, side) for ids, side in zip(place, counts, strict=True)), strict=True)
        )
        if not all(any(part) for part in places):
            return "it makes a bead without segments"
        present = [self.draft.group_at(part) for part in places]
        groups = [group or self._by_person(part) for group, part in zip(present, places, strict=True)]
        if None in present:
            self.draft.put(groups)
        for group in groups:
            group.pinned = True
            if group.status == "auto" and self.draft.is_edited(group):
                group.status = "edited"
        return ""

    def _run(self, decision: Decision) -> Place | None:
        """The segments of a regrouping's targets: the beads themselves, or wherever their texts stand."""
        found = [self.draft.find(target.hash, target.occurrence) for target in decision.targets]
        groups = [group for group in found if group is not None]
        if groups and len(groups) == len(found):
            place = union(groups)
            sizes = [sum(len(group.place[side]) for group in groups) for side in (0, 1)]
            if sizes == [len(ids) for ids in place]:
                return place
        beads = [self.texts.get(target.hash) for target in decision.targets]
        known = [texts for texts in beads if texts is not None]
        if not known or len(known) < len(beads):
            return None
        src, tgt = (tuple(text for texts in known for text in texts[side]) for side in (0, 1))
        found_at = self.draft.search((src, tgt), decision.targets[0].occurrence)
        return found_at if found_at and any(found_at) else None


def _divided(ids: range, counts: Sequence[int]) -> list[range]:
    """Consecutive parts of these sizes."""
    parts = []
    start = ids.start
    for count in counts:
        parts.append(span(start, count))
        start += count
    return parts


def _beads(draft: Draft) -> tuple[Bead, ...]:
    """The groups of a draft as beads, with ids that do not depend on what was done elsewhere."""
    base = draft.base
    taken = {base[group.place].id for group in draft.groups if group.place in base}
    above = max(sum(map(len, draft.segments)), *(bead.id + 1 for bead in draft.bitext.beads), 0)
    beads = []
    for group in draft.groups:
        known = base.get(group.place)
        if known is not None:
            number = known.id
        else:
            side = 0 if group.place[0] else 1
            first = group.place[side].start
            number = draft.bitext.beads[draft.base_order[side][first]].id
            if number in taken:
                number = above + 2 * first + side
            taken.add(number)
        beads.append(draft.bead(group, number))
    return tuple(beads)
