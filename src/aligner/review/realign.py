"""Aligning anew what nobody decided, between the beads that somebody did.

The texts are weighed once, as the last pass of an alignment weighs them; what a person decides about
beads does not change the texts, so this is kept while the bitext is open. Between two fixed beads the best
path is then found within milliseconds. So a realignment changes just what the fixed beads force.

A long document is weighed in stretches, with what each teaches about itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from aligner.align.aligning import posterior
from aligner.align.band import blocks
from aligner.align.drafts import calibrated
from aligner.align.lattice import best_paths
from aligner.align.passes import weigh
from aligner.config import AlignOptions
from aligner.errors import UsageError
from aligner.evidence.combine import Evidence
from aligner.evidence.rectangles import Block
from aligner.explain import weighed
from aligner.model import Bitext, Decision
from aligner.review.grouping import Draft
from aligner.review.groups import Group, Place, span, union
from aligner.review.operations import regrouping

Run = list[Group]
"""Neighbouring groups that may be divided anew, in order."""


@dataclass(frozen=True)
class Weighed:
    """The texts of a stretch of a bitext with all that is known of them.

    Attributes:
        evidence: as in the last pass of an alignment.
        rectangles: the blocks in which it is aligned.
        rows: by side, the number of each segment's row.
    """

    evidence: Evidence
    rectangles: tuple[Block, ...]
    rows: tuple[dict[int, int], dict[int, int]]

    def block(self, place: Place) -> Block | None:
        """The rectangle of a place; None where it is not, or not wholly, in this stretch."""
        ends: list[int] = []
        for rows, ids in zip(self.rows, place, strict=True):
            if not ids or ids[0] not in rows or ids[-1] not in rows:
                return None
            ends += [rows[ids[0]], rows[ids[-1]] + 1]
        return ends[0], ends[1], ends[2], ends[3]


def weigh_texts(bitext: Bitext, options: AlignOptions) -> Weighed:
    """Weighs the texts of a bitext, or of a stretch of one; costs about as much as aligning it.

    Args:
        bitext: its grouping makes no difference.
        options: as it was aligned.
    """
    evidence = weighed(bitext, options)
    full = (sorted(number for number, text in sources(bitext, side) if text.strip()) for side in (0, 1))
    rows = tuple({number: row for row, number in enumerate(side)} for side in full)
    return Weighed(evidence, blocks(evidence), (rows[0], rows[1]))


def sources(bitext: Bitext, side: int) -> Iterator[tuple[int, str]]:
    """Id and text as aligned of every segment of a side."""
    for bead in bitext.beads:
        segments = (bead.src, bead.tgt)[side]
        texts = bead.original[side] if bead.original else [s.text for s in segments]
        yield from ((s.id, text) for s, text in zip(segments, texts, strict=True))


def is_free(draft: Draft, group: Group) -> bool:
    """Whether nobody said anything of a group, so that it may be divided anew."""
    untouched = group.status == "auto" and not (group.pinned or group.moved or group.note)
    return untouched and not draft.is_edited(group) and _has_text(draft, group.place)


def _has_text(draft: Draft, place: Place) -> bool:
    return all(text.strip() for side in draft.source_texts(place) for text in side)


def free_runs(draft: Draft, groups: Sequence[Group]) -> Iterator[Run]:
    """The runs of neighbouring free groups that hold text of both languages."""
    run: Run = []
    for group in [*groups, None]:
        if group is not None and is_free(draft, group) and _continues(run, group):
            run.append(group)
            continue
        if len(run) > 1 and all(union(run)):
            yield run
        run = [group] if group is not None and is_free(draft, group) else []


def _continues(run: Run, group: Group) -> bool:
    """Whether a group goes on where a run ends on both sides."""
    for side in (0, 1):
        last = next((g.place[side] for g in reversed(run) if g.place[side]), None)
        if last and group.place[side] and last.stop != group.place[side].start:
            return False
    return True


def free_run_around(draft: Draft, group: Group) -> Run:
    """The run of free groups in which a group stands, or which stands next to it.

    Raises:
        UsageError: there is none.
    """
    at = draft.groups.index(group)
    start = stop = at
    while start > 0 and is_free(draft, draft.groups[start - 1]):
        start -= 1
    while stop + 1 < len(draft.groups) and is_free(draft, draft.groups[stop + 1]):
        stop += 1
    for run in free_runs(draft, draft.groups[start : stop + 1]):
        if group in run or not is_free(draft, group):
            return run
    raise UsageError("there is nothing to align anew here", "every bead around is pinned or decided")


Change: TypeAlias = tuple[Run, list[tuple[Place, float]]]
"""Neighbouring groups that are better divided otherwise, and how, each part with its confidence."""


def changes(runs: Sequence[Run], stretch: Weighed) -> list[Change]:
    """What the machine would divide otherwise in runs of free groups.

    Args:
        runs: a run that is not wholly in the stretch stays.
        stretch: the texts around.
    """
    found: list[Change] = []
    for run in runs:
        place = union(run)
        block = stretch.block(place)
        if block is not None:
            found += _changed(run, _aligned(stretch, block, place))
    return found


def realignment(draft: Draft, wanted: Sequence[Change], author: str) -> Decision | None:
    """The decision that makes changes; None where there are none.

    Args:
        draft: the bitext.
        wanted: one whose groups are no longer there, or no longer free, is left out.
        author: who asked for it.
    """
    standing = [
        change
        for change in wanted
        if all(draft.group_at(group.place) is group and is_free(draft, group) for group in change[0])
    ]
    old = [group for groups, _ in standing for group in groups]
    new = [part for change in standing for part in _where_they_are(change)]
    if not old:
        return None
    stated = " ".join(f"{confidence:.4f}" for _, confidence in new)
    return regrouping(draft, old, [place for place, _ in new], author, action="realign", value=stated)


def _where_they_are(change: Change) -> list[tuple[Place, float]]:
    """The parts of a change by the numbers that its segments have by now: one before may have been cut."""
    groups, parts = change
    starts = [min((place[side].start for place, _ in parts if place[side]), default=0) for side in (0, 1)]
    src, tgt = (ids.start - start if ids else 0 for ids, start in zip(union(groups), starts, strict=True))
    return [((_moved(place[0], src), _moved(place[1], tgt)), sure) for place, sure in parts]


def _moved(ids: range, by: int) -> range:
    return range(ids.start + by, ids.stop + by)


def _changed(run: Run, found: list[tuple[Place, float]]) -> Iterator[Change]:
    """The parts of a run that are divided otherwise, with their new places."""
    after = _totals([place for place, _ in found])
    reached = {total: at for at, total in enumerate(after, 1)}
    start = at = 0
    for stop, total in enumerate(_totals([group.place for group in run]), 1):
        if total in reached:
            upto = reached[total]
            if [group.place for group in run[start:stop]] != [place for place, _ in found[at:upto]]:
                yield run[start:stop], found[at:upto]
            start, at = stop, upto


def _totals(places: Sequence[Place]) -> list[tuple[int, int]]:
    """How many segments of either side the places hold up to each."""
    src, tgt = (list(accumulate([len(place[side]) for place in places])) for side in (0, 1))
    return list(zip(src, tgt, strict=True))


def _aligned(stretch: Weighed, block: Block, place: Place) -> list[tuple[Place, float]]:
    """The best division of a place, with the confidence of each part, in order."""
    offset = place[0].start - block[0], place[1].start - block[2]
    slope, intercept = stretch.evidence.parameters.calibration
    found: list[tuple[Block, float]] = []
    for batch in weigh(stretch.evidence, _within(block, stretch.rectangles)):
        paths, _ = best_paths(batch.lattice)
        for k, path in enumerate(paths):
            i, _, j, _ = batch.weights.blocks[k]
            for edge in path:
                sure = float(calibrated(posterior(batch.posteriors, k, edge), slope, intercept))
                found.append(((edge.i0 + i, edge.i1 + i, edge.j0 + j, edge.j1 + j), sure))
    return [
        ((span(i0 + offset[0], i1 - i0), span(j0 + offset[1], j1 - j0)), sure)
        for (i0, i1, j0, j1), sure in sorted(found)
    ]


def _within(block: Block, rectangles: Sequence[Block]) -> list[Block]:
    """A block, cut at those corners of the rectangles that lie in it."""
    i0, i1, j0, j1 = block
    corners = [(i, j) for _, i, _, j in rectangles if i0 < i < i1 and j0 < j < j1]
    found = []
    for i, j in [*corners, (i1, j1)]:
        found.append((i0, i, j0, j))
        i0, j0 = i, j
    return found
