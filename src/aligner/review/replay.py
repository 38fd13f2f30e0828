"""Decisions applied to a bitext: replayed one by one on a working copy, in the order they were taken.

A decision names its beads by content, so it holds for any alignment of the same segments. Where the bead it
names is no longer there but its segments are, the bead is put back, for a person decided on that group;
where they are gone too, a remark tells so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from aligner.errors import InputError
from aligner.model import Bead, Bitext, Decision, Target, bead_hash
from aligner.review.cutting import divided, parted
from aligner.review.grouping import Draft
from aligner.review.groups import Group, Place, Texts, span, union

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
    done = already_applied(bitext, every)
    if done == len(every):
        return bitext
    draft = Draft(bitext)
    replay = Replay(draft, every)
    remarks = []
    for number, decision in standing(every, done):
        if problem := replay.apply(decision):
            remarks.append(not_applied(number, decision, problem))
    notes = dict.fromkeys((*bitext.notes, *remarks))
    signature = as_aligned(bitext.signature) + _MARK + digest(every)
    return bitext.replace(beads=beads_of(draft), signature=signature, notes=tuple(notes))


def as_aligned(signature: str) -> str:
    """The signature of a bitext before any decision: what made it, without what people decided since.

    >>> as_aligned("aligner:1|lexicon:1:ab|decisions:2-0011aabb")
    'aligner:1|lexicon:1:ab'
    """
    return signature.partition(_MARK)[0]


def not_applied(number: int, decision: Decision, problem: str) -> str:
    """The remark on a decision that cannot be applied."""
    what = f"decision {number} ({decision.action}, {decision.time}, {decision.author})"
    return f"{what} is kept but not applied: {problem}"


def digest(decisions: Sequence[Decision]) -> str:
    """Names a list of decisions: how many they are, and 8 hex digits made from their times."""
    times = "\n".join(decision.time for decision in decisions)
    return f"{len(decisions)}-{hashlib.sha256(times.encode()).hexdigest()[:8]}"


def already_applied(bitext: Bitext, decisions: Sequence[Decision]) -> int:
    """How many of the decisions, from the first on, the bitext's signature says it contains."""
    mark = bitext.signature.partition(_MARK)[2]
    count = mark.partition("-")[0]
    if count.isdecimal() and mark == digest(decisions[: int(count)]):
        return int(count)
    return 0


def standing(decisions: Sequence[Decision], done: int) -> list[tuple[int, Decision]]:
    """The decisions after the first `done` that nobody took back, numbered from 1.

    An undo may itself be taken back; the last word counts.

    Raises:
        InputError: one of the first `done` is taken back.
    """
    taken_back: set[str] = set()
    found = []
    for number in range(len(decisions), done, -1):
        decision = decisions[number - 1]
        if decision.time in taken_back:
            continue
        if decision.action == "undo":
            taken_back.add(decision.value)
        else:
            found.append((number, decision))
    if any(decision.time in taken_back for decision in decisions[:done]):
        raise InputError(
            "a decision takes back one that the bitext already contains", "apply all of them to it as stored"
        )
    return found[::-1]


class Replay:
    """Applies decisions to a draft, one by one."""

    def __init__(self, draft: Draft, decisions: Iterable[Decision] = ()) -> None:
        """Takes all decisions of a file, for the texts they hold; none is applied yet."""
        self.draft = draft
        # A bead that was edited before is shown with its edited text; its own texts are in an older decision.
        self._texts: dict[str, Texts] = {}
        self.learn(decisions)

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Takes the texts of more decisions of the file."""
        for decision in decisions:
            for texts in (*decision.before, *decision.after):
                self._texts[bead_hash(*texts)] = texts

    def apply(self, decision: Decision) -> str:
        """Applies a decision; returns why it cannot be, or nothing."""
        if decision.action == "regroup":
            return self._regroup(decision.targets, decision.after)
        if decision.action == "cut":
            return self._cut(decision)
        if decision.action == "realign":
            return self._realign(decision)
        problem = ""
        for at, target in enumerate(decision.targets):
            group = self.draft.find(target.hash, target.occurrence)
            if group is None and decision.action in {"reset", "unpin"}:
                continue  # it asks for nothing but the machine's view, and has it
            group = group or self._put_back(target)
            if group is None:
                problem = "its text is no longer in the documents"
            elif decision.action == "edit":
                after = decision.after[at] if at < len(decision.after) else ((), ())
                problem = self._edit(group, after) or problem
            else:
                self._say(group, decision)
        return problem

    def _put_back(self, target: Target) -> Group | None:
        """The bead with this name, put together again from its segments; None where they are gone."""
        texts = self._texts.get(target.hash)
        place = self.draft.segments.search(texts, target.occurrence) if texts else None
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
        if self.draft.machine(place) is None:
            group.confidence = 1.0
        return group

    def _say(self, group: Group, decision: Decision) -> None:
        """What is said of a bead without touching its segments."""
        say = self.draft.say
        match decision.action:
            case "accept":
                say(group, status="accepted")
            case "reject":
                say(group, status="rejected")
            case "reset":
                say(group, status="auto")
                self.draft.drop_edits(group)
            case "note":
                say(group, note=decision.value)
            case "pin" | "unpin":
                say(group, pinned=decision.action == "pin")

    def _edit(self, group: Group, after: Texts) -> str:
        """Gives segments other texts; one text for several segments goes to the first of them."""
        lengths = [len(ids) for ids in group.place]
        for length, texts in zip(lengths, after, strict=True):
            if len(texts) not in {length, min(length, 1)}:
                return f"it has {len(texts)} texts for {length} segments"
        self.draft.drop_edits(group)
        for side, (length, texts) in enumerate(zip(lengths, after, strict=True)):
            self.draft.edit(side, group.place[side], [*texts, *[""] * (length - len(texts))])
        self.draft.say(group, status="edited" if self.draft.is_edited(group) else "accepted")
        return ""

    def _regroup(self, targets: Sequence[Target], after: Sequence[Texts]) -> str:
        """Divides a run of segments anew; the new beads are pinned."""
        places = self._divided(targets, after)
        return places if isinstance(places, str) else self._put_pinned(places)

    def _cut(self, decision: Decision) -> str:
        """Cuts segments of a bead in two, and the bead with them; both halves are pinned."""
        target = decision.targets[0]
        group = self.draft.find(target.hash, target.occurrence) or self._put_back(target)
        if group is not None:
            places = divided(self.draft, group, decision)
            return places if isinstance(places, str) else self._put_pinned(places)
        # The documents may have been cut there themselves meanwhile.
        src, tgt = (tuple(text for bead in decision.after for text in bead[side]) for side in (0, 1))
        place = self.draft.segments.search((src, tgt), target.occurrence)
        if place is None or not any(place):
            return "its text is no longer in the documents"
        return self._put_pinned(parted(place, decision.after))

    def _put_pinned(self, places: Sequence[Place]) -> str:
        """Groups segments as a person decided."""
        present = [self.draft.group_at(part) for part in places]
        groups = [group or self._by_person(part) for group, part in zip(present, places, strict=True)]
        if None in present:
            self.draft.put(groups)
        for group in groups:
            edited = group.status == "auto" and self.draft.is_edited(group)
            self.draft.say(group, pinned=True, **{"status": "edited"} if edited else {})
        return ""

    def _realign(self, decision: Decision) -> str:
        """Divides several runs anew as the machine proposed it; the new beads are neither pinned nor sure."""
        stated = decision.value.split()
        problem, at = "", 0
        for targets, after in _runs(decision):
            places = self._divided(targets, after)
            if isinstance(places, str):
                problem = places
            else:
                self._put_realigned(places, stated[at : at + len(after)])
            at += len(after)
        return problem

    def _put_realigned(self, places: Sequence[Place], stated: Sequence[str]) -> None:
        present = [self.draft.group_at(part) for part in places]
        if None not in present:
            return
        groups = [group or self.draft.make(part) for group, part in zip(present, places, strict=True)]
        for number, (group, known) in enumerate(zip(groups, present, strict=True)):
            if known is None and self.draft.machine(group.place) is None:
                group.confidence = _probability(stated[number]) if number < len(stated) else 0.0
        self.draft.put(groups)

    def _divided(self, targets: Sequence[Target], after: Sequence[Texts]) -> list[Place] | str:
        """The places of new groups over the segments of some beads; or why there are none."""
        place = self._run(targets)
        if place is None:
            return "its text is no longer in the documents, or no longer in one place"
        counts = [[len(texts[side]) for texts in after] for side in (0, 1)]
        if [sum(side) for side in counts] != [len(ids) for ids in place]:
            return "it does not divide the segments it names"
        sides = [_parts(ids, side) for ids, side in zip(place, counts, strict=True)]
        places = list(zip(*sides, strict=True))
        if not all(any(part) for part in places):
            return "it makes a bead without segments"
        return places

    def _run(self, targets: Sequence[Target]) -> Place | None:
        """The segments of a regrouping's targets: the beads themselves, or wherever their texts stand."""
        found = [self.draft.find(target.hash, target.occurrence) for target in targets]
        groups = [group for group in found if group is not None]
        if groups and len(groups) == len(found):
            place = union(groups)
            sizes = [sum(len(group.place[side]) for group in groups) for side in (0, 1)]
            if sizes == [len(ids) for ids in place]:
                return place
        beads = [self._texts.get(target.hash) for target in targets]
        known = [texts for texts in beads if texts is not None]
        if not known or len(known) < len(beads):
            return None
        src, tgt = (tuple(text for texts in known for text in texts[side]) for side in (0, 1))
        found_at = self.draft.segments.search((src, tgt), targets[0].occurrence)
        return found_at if found_at and any(found_at) else None


def _runs(decision: Decision) -> Iterator[tuple[Sequence[Target], Sequence[Texts]]]:
    """The targets and the new groups of a realignment, parted wherever both cover as many segments."""
    reached = {total: at for at, total in enumerate(_totals(decision.after), 1)}
    start = at = 0
    for stop, total in enumerate(_totals(decision.before), 1):
        if total in reached or stop == len(decision.before):
            upto = reached.get(total, len(decision.after))
            yield decision.targets[start:stop], decision.after[at:upto]
            start, at = stop, upto


def _totals(beads: Sequence[Texts]) -> Iterator[tuple[int, int]]:
    """How many zh and how many vi segments the beads hold up to each."""
    src = tgt = 0
    for texts in beads:
        src, tgt = src + len(texts[0]), tgt + len(texts[1])
        yield src, tgt


def _probability(text: str) -> float:
    """A stated confidence; 0 where it is none."""
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _parts(ids: range, counts: Sequence[int]) -> list[range]:
    """Consecutive parts of these sizes."""
    parts = []
    start = ids.start
    for count in counts:
        parts.append(span(start, count))
        start += count
    return parts


def beads_of(draft: Draft) -> tuple[Bead, ...]:
    """The groups of a draft as beads."""
    return tuple(draft.bead(group, draft.number(group)) for group in draft.groups)
