"""How the rows of an edited table divide the segments of some beads: merged, split, a sentence moved.

Rows and beads whose texts, put together, are the same but for white space divide the same segments, so the
rows say how; a row must end where a segment ends. Where texts were changed too, the segment ids that the rows
state tell; and a row that took in the whole text of a bead without a row was merged with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from aligner.formats.units import Unit, clean
from aligner.model import Bead, Segment
from aligner.review.groups import Place, span


@dataclass(frozen=True, slots=True)
class Division:
    """Some rows that stand for some beads, one after another.

    Attributes:
        rows: the rows; those whose texts were emptied are none.
        beads: the beads.
        counts: how many zh and vi segments each row has; None where that cannot be told.
        exact: the rows' texts are those of the segments, white space aside.
    """

    rows: tuple[Unit, ...]
    beads: tuple[Bead, ...]
    counts: tuple[tuple[int, int], ...] | None
    exact: bool = True


def divide(rows: Sequence[Sequence[Unit]], beads: Sequence[Bead]) -> list[Division]:
    """Cuts a run of beads into the shortest parts that their rows account for.

    Args:
        rows: for each bead its rows.
        beads: consecutive beads.
    """
    rows = [[row for row in own if row.src or row.tgt] for own in rows]
    result = []
    start = 0
    while start < len(beads):
        division = _by_text(rows[start:], beads[start:]) or _by_ids(rows[start:], beads[start:])
        division = division or _taken_in(rows[start:], beads[start:])
        if division is None:
            own = tuple(rows[start])
            plain = ((len(beads[start].src), len(beads[start].tgt)),) if len(own) == 1 else None
            division = Division(own, (beads[start],), plain, exact=False)
        result.append(division)
        start += len(division.beads)
    return result


def _by_text(rows: Sequence[Sequence[Unit]], beads: Sequence[Bead]) -> Division | None:
    """The fewest beads whose texts are those of their rows; O(characters)."""
    left: list[str] = ["", ""]
    right: list[str] = ["", ""]
    for number, bead in enumerate(beads):
        for side, text in enumerate((bead.src_text, bead.tgt_text)):
            left[side] += bare(text)
        for row in rows[number]:
            for side, text in enumerate((row.src, row.tgt)):
                right[side] += bare(text)
        if left == right:
            own = tuple(row for bead_rows in rows[: number + 1] for row in bead_rows)
            chosen = tuple(beads[: number + 1])
            return Division(own, chosen, _counts(own, chosen))
        if not all(a.startswith(b) or b.startswith(a) for a, b in zip(left, right, strict=True)):
            return None
    return None


def _counts(rows: Sequence[Unit], beads: Sequence[Bead]) -> tuple[tuple[int, int], ...] | None:
    """How many segments each row has; None where a row ends within one."""
    sides = []
    for side in (0, 1):
        segments = [s for bead in beads for s in (bead.tgt if side else bead.src)]
        ends = list(accumulate(len(bare(segment.text)) for segment in segments))
        wanted = list(accumulate(len(bare(row.tgt if side else row.src)) for row in rows))
        places = [0]
        for length in wanted:
            at = places[-1]
            while at < len(ends) and ends[at] <= length:
                at += 1
            if (ends[at - 1] if at else 0) != length:
                return None
            places.append(at)
        places[-1] = len(segments)
        sides.append([b - a for a, b in pairwise(places)])
    counts = tuple(zip(*sides, strict=True))
    return counts if all(any(count) for count in counts) else None


def _by_ids(rows: Sequence[Sequence[Unit]], beads: Sequence[Bead]) -> Division | None:
    """The fewest beads whose segments the ids of their rows divide otherwise."""
    stated: tuple[list[int], list[int]] = [], []
    given: tuple[list[int], list[int]] = [], []
    own: list[Unit] = []
    for number, bead in enumerate(beads):
        given[0].extend(s.id for s in bead.src)
        given[1].extend(s.id for s in bead.tgt)
        for row in rows[number]:
            own.append(row)
            stated[0].extend(row.src_ids)
            stated[1].extend(row.tgt_ids)
        if stated == given and own and not (number == 0 and len(own) == 1):
            counts = tuple((len(row.src_ids), len(row.tgt_ids)) for row in own)
            if all(any(count) for count in counts):
                return Division(tuple(own), tuple(beads[: number + 1]), counts, exact=False)
        if any(a[: len(b)] != b[: len(a)] for a, b in zip(stated, given, strict=True)):
            return None
    return None


def _taken_in(rows: Sequence[Sequence[Unit]], beads: Sequence[Bead]) -> Division | None:
    """Two beads of which one has the only row, and the other's text in it."""
    if len(beads) < 2:  # noqa: PLR2004 - two beads
        return None
    for owner, lost in ((0, 1), (1, 0)):
        if len(rows[owner]) != 1 or rows[lost]:
            continue
        row, (zh, vi) = rows[owner][0], (bare(beads[lost].src_text), bare(beads[lost].tgt_text))
        if (zh and zh in bare(row.src)) or (vi and vi in bare(row.tgt)):
            both = beads[0], beads[1]
            count = sum(len(bead.src) for bead in both), sum(len(bead.tgt) for bead in both)
            return Division((row,), both, (count,), exact=False)
    return None


def places_by(places: Sequence[Place], counts: Sequence[tuple[int, int]]) -> list[Place]:
    """Places of so many segments each, over the segments of other places."""
    starts = [min((place[side].start for place in places if place[side]), default=0) for side in (0, 1)]
    parts: list[Place] = []
    for count in counts:
        zh, vi = (
            span(start, length) if length else range(0) for start, length in zip(starts, count, strict=True)
        )
        parts.append((zh, vi))
        starts = [start + length for start, length in zip(starts, count, strict=True)]
    return parts


def new_texts(segments: Sequence[Segment], text: str, joiner: str) -> tuple[str, ...]:
    """A text given to several segments: those it begins and ends with keep theirs, the rest goes to one.

    Args:
        segments: of one side of a bead.
        text: of the row.
        joiner: what stands between segments that are joined.
    """
    texts = [segment.text for segment in segments]
    if not texts:
        return ()
    start, rest = 0, text
    while start < len(texts) - 1 and rest.startswith(texts[start].strip()):
        rest = rest[len(texts[start].strip()) :].removeprefix(joiner)
        start += 1
    end = len(texts)
    while end - 1 > start and rest.endswith(texts[end - 1].strip()):
        end -= 1
        rest = rest[: len(rest) - len(texts[end].strip())].removesuffix(joiner)
    return (*texts[:start], rest, *[""] * (end - start - 1), *texts[end:])


def bare(text: str) -> str:
    """A text as a table holds it, without white space."""
    return "".join(clean(text).split())
