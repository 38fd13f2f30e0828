"""Sentences that run together: where one side shows several segments, the other may hide as many.

A headline has no full stop. When two of them, or a headline and the sentence below it, stand in one
line with nothing but a space between, no rule of one language can part them; nor where a full stop was
forgotten. But if the other language shows two segments, the evidence can choose the place. A bead of k
segments against one is divided where its parts, and the seams between them (`seams`), weigh more than the
bead did whole; so is a bead before which segments of the other side were left alone.

A seam that neither language marks, under a headline, counts by its words alone; a full stop on one side
only counts against it. So two plain sentences that were translated by one stay together.

Weighing costs far more than choosing, and hardly more for many beads than for one. So every part that any
way of dividing needs is gathered first, of all segments that may be divided; then all are weighed together.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence

from aligner.align.seams import Seam, is_ended, seams
from aligner.evidence.apart import Segments
from aligner.model import Bead, Segment

_MAX_PARTS = 8
_MAX_SEAMS = 40  # a line with more capitals than that is a list of names
_MAX_GROUP = 3
"""Segments of the other side that one part translates, at most."""
_LEAST = -4.0
"""Log2 odds under which a seam is not looked at, to save time: the texts would hardly ever outweigh it."""
_TOGETHER = 64
"""Segments whose ways of dividing are weighed at once, so that memory does not grow with the document."""

Weigher = Callable[[Sequence[tuple[Segments, Segments]]], Sequence[float]]
"""The scores of beads of these zh and vi segments, in log2 odds."""
Node = tuple[int, int]
"""How many of the other segments are translated, and how many pieces of the divided segment are used up."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """A bead, with the null beads of one side before it that may belong to it.

    Attributes:
        src, tgt: all their segments.
        whole: the segments of the bead itself, and what the nulls add to its weight.
    """

    src: Segments
    tgt: Segments
    whole: tuple[Segments, Segments, float]


@dataclasses.dataclass(frozen=True, slots=True)
class _Question:
    """Whether, and where, to divide a segment.

    Attributes:
        segment: the segment.
        lang: its language.
        others: what its parts must translate, in order.
        whole: the segments of the bead undivided, and what is added to its weight.
        parts: the stretch between two nodes, by pieces.
        steps: from each node to the nodes after it, and the weight of the seam there; only such as lead on
            to the end.
    """

    segment: Segment
    lang: str
    others: Segments
    whole: tuple[Segments, Segments, float]
    parts: dict[tuple[int, int], Segment]
    steps: dict[Node, list[tuple[Node, float]]]

    def beads(self) -> Iterator[tuple[Segments, Segments]]:
        """What is to be weighed: the undivided bead, then one for every step."""
        yield self.whole[:2]
        for (k, first), steps in self.steps.items():
            for (j, last), _ in steps:
                part, others = (self.parts[first, last],), self.others[k:j]
                yield (others, part) if self.lang == "vi" else (part, others)

    def answer(self, weights: Iterator[float], gain: float) -> Segments:
        """The segment in its best parts, or whole; by dynamic programming over the nodes.

        Args:
            weights: of the beads; as many are taken.
            gain: by how much the parts must outweigh the whole.
        """
        least = next(weights) + self.whole[2] + gain
        best: dict[Node, tuple[float, Segments]] = {(0, 0): (0.0, ())}
        for node, steps in self.steps.items():
            before, parts = best[node]
            for end, seam in steps:
                total = before + seam + next(weights)
                if end not in best or total > best[end][0]:
                    best[end] = (total, (*parts, self.parts[node[1], end[1]]))
        weight, parts = best[max(best)]  # where all others are translated
        return parts if weight > least else (self.segment,)


def divide(beads: Sequence[Bead], weigh: Weigher, *, gain: float) -> tuple[Segments, Segments] | None:
    """Segments of both sides after dividing where it pays, renumbered; None where nothing changed.

    Args:
        beads: an alignment.
        weigh: weighs beads, many at once.
        gain: by how much the parts must outweigh the whole.
    """
    groups = list(_groups(beads))
    questions = {k: asked for k, group in enumerate(groups) for asked in _asked(group)}
    answers: dict[int, Segments] = {}
    for start in range(0, len(questions), _TOGETHER):
        some = list(questions.items())[start : start + _TOGETHER]
        weights = iter(weigh([bead for _, asked in some for bead in asked.beads()]))
        answers |= {k: asked.answer(weights, gain) for k, asked in some}
    if all(len(parts) == 1 for parts in answers.values()):
        return None
    src: list[Segment] = []
    tgt: list[Segment] = []
    for k, group in enumerate(groups):
        lang = questions[k].lang if k in questions else None
        src.extend(answers[k] if lang == "zh" else group.src)
        tgt.extend(answers[k] if lang == "vi" else group.tgt)
    tgt.sort(key=lambda segment: segment.id)  # beads of moved blocks stand where their zh text does
    return _renumbered(src), _renumbered(tgt)


def _groups(beads: Sequence[Bead]) -> Iterator[_Group]:
    """Beads in order; the null segments of one side before a bead join it, if they are few."""
    waiting: list[Bead] = []
    for bead in beads:
        if bead.is_null:
            waiting.append(bead)
            continue
        sides = {bool(null.src) for null in waiting}
        few = len(waiting) + max(len(bead.src), len(bead.tgt)) <= _MAX_PARTS
        if not (few and len(sides) == 1 and len(bead.tgt if True in sides else bead.src) == 1):
            yield from map(_alone, waiting)
            waiting = []
        yield _Group(
            (*(s for null in waiting for s in null.src), *bead.src),
            (*(s for null in waiting for s in null.tgt), *bead.tgt),
            (bead.src, bead.tgt, sum(null.score for null in waiting)),
        )
        waiting = []
    yield from map(_alone, waiting)


def _alone(null: Bead) -> _Group:
    return _Group(null.src, null.tgt, (null.src, null.tgt, 0.0))


def _asked(group: _Group) -> Iterator[_Question]:
    """The question that a group raises, if it does; segments without text have no say."""
    src, tgt, whole_src, whole_tgt = map(_with_text, (group.src, group.tgt, *group.whole[:2]))
    if not (whole_src and whole_tgt):
        return
    if len(tgt) == 1 and 1 < len(src) <= _MAX_PARTS:
        segment, lang, others = tgt[0], "vi", src
    elif len(src) == 1 and 1 < len(tgt) <= _MAX_PARTS:
        segment, lang, others = src[0], "zh", tgt
    else:
        return
    found = seams(segment.text, lang)
    steps = _ways(found, others) if len(found) <= _MAX_SEAMS else {}
    if steps:
        starts = [0, *(seam.start for seam in found)]
        ends = [*(seam.end for seam in found), len(segment.text)]
        used = {(first, last) for (_, first), onward in steps.items() for (_, last), _ in onward}
        parts = {(first, last): _part(segment, starts[first], ends[last - 1]) for first, last in used}
        whole = (whole_src, whole_tgt, group.whole[2])
        yield _Question(segment, lang, others, whole, parts, steps)


def _ways(found: Sequence[Seam], others: Sequence[Segment]) -> dict[Node, list[tuple[Node, float]]]:
    """The steps by node that lie on a way from the first node to the last, O(others · seams²)."""
    reached: set[Node] = {(0, 0)}
    steps: dict[Node, list[tuple[Node, float]]] = {}
    for node in itertools.product(range(len(others)), range(len(found) + 1)):
        if node in reached:
            steps[node] = list(_steps(found, others, *node))
            reached.update(after for after, _ in steps[node])
    leading: set[Node] = {(len(others), len(found) + 1)}
    for node in reversed(list(steps)):
        steps[node] = [step for step in steps[node] if step[0] in leading]
        if steps[node]:
            leading.add(node)
    return {node: onward for node, onward in steps.items() if onward}


def _steps(
    found: Sequence[Seam], others: Sequence[Segment], k: int, first: int
) -> Iterator[tuple[Node, float]]:
    """Where the part that begins with other k, at piece `first`, may end; and the weight of the seam there.

    The last part takes all that is left, the first not all.
    """
    for j in range(k + 1, min(k + _MAX_GROUP, len(others)) + 1):
        ended = is_ended(others[j - 1].text)
        if j == len(others):
            if k:
                yield (j, len(found) + 1), 0.0
            break
        for last in range(first, len(found)):
            weight = found[last].weight(ended=ended)
            if weight >= _LEAST:
                yield (j, last + 1), weight
        if not ended:  # a headline is not taken together with what follows it
            break


def _with_text(segments: Segments) -> Segments:
    return tuple(segment for segment in segments if segment.text.strip())


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A stretch of a segment, with its own offsets."""
    text = segment.text[start:end]
    return dataclasses.replace(segment, text=text, start=segment.start + start, end=segment.start + end)


def _renumbered(segments: Sequence[Segment]) -> Segments:
    return tuple(dataclasses.replace(segment, id=k) for k, segment in enumerate(segments))
