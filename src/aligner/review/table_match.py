"""Which rows of an edited table speak of which beads.

A row names its bead by hash; where texts repeat in the document, by the segment ids it states, else by its
turn among the rows with that hash. A row whose hash no bead has may still stand for the bead with just its
texts: the table was applied before, and what it asked for has been done. What is left is stale, or somebody
added it.

Rows are put back into the order of the document, with those that name no bead after the row they followed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from aligner.formats.units import Unit, clean, imported_hash
from aligner.model import Bead


@dataclass(frozen=True, slots=True)
class Matched:
    """Rows by bead.

    Attributes:
        rows: for each bead its rows: those that name it, and those without a bead that follow them.
        strangers: of those rows the ones that name no bead of this bitext, by line.
        stale: of the strangers the ones that state segments, or the hash of other texts than theirs, by line.
        doubled: rows that say the same as an earlier row, with that row's line.
        moved: rows that stand out of order.
    """

    rows: list[list[Unit]]
    strangers: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    doubled: list[tuple[Unit, int]] = field(default_factory=list)
    moved: list[Unit] = field(default_factory=list)


def match(rows: Sequence[Unit], beads: Sequence[Bead]) -> Matched:
    """Finds the beads of rows; O(rows · log rows + beads).

    Args:
        rows: zh first, in the order of the table.
        beads: of the bitext as it is now.
    """
    by_hash: defaultdict[str, list[int]] = defaultdict(list)
    by_text: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, bead in enumerate(beads):
        by_hash[bead.hash].append(number)
        by_text[clean(bead.src_text), clean(bead.tgt_text)].append(number)
    result = Matched([[] for _ in beads])
    taken: dict[int, list[Unit]] = {}
    places: list[tuple[Unit, int | None]] = []
    for row in rows:
        at = _bead_of(row, by_hash[row.hash] or by_text[row.src, row.tgt], beads, taken)
        if at is None:
            result.strangers.add(row.line)
            if row.src_ids or row.tgt_ids or row.hash != imported_hash(row.src, row.tgt):
                result.stale.add(row.line)
        else:
            same = next((known for known in taken.get(at, ()) if _says(known) == _says(row)), None)
            if same is not None:
                result.doubled.append((row, same.line))
                continue
            taken.setdefault(at, []).append(row)
        places.append((row, at))
    _arrange(places, result)
    return result


def _says(row: Unit) -> tuple[str, ...]:
    return row.src, row.tgt, row.status, row.note


def _bead_of(
    row: Unit, found: Sequence[int], beads: Sequence[Bead], taken: dict[int, list[Unit]]
) -> int | None:
    """Of the beads that a row may mean the one with its ids, else the first that no row means yet."""
    if len(found) <= 1:
        return found[0] if found else None
    stated = [at for at in found if _ids(beads[at]) == (row.src_ids, row.tgt_ids)]
    return stated[0] if stated else next((at for at in found if at not in taken), found[-1])


def _ids(bead: Bead) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple([s.id for s in bead.src]), tuple([s.id for s in bead.tgt])


def _arrange(places: Sequence[tuple[Unit, int | None]], result: Matched) -> None:
    """Gives beads their rows; rows out of the longest ascending run of beads count as moved."""
    in_order = _ascending([at for _, at in places if at is not None])
    before = 0
    turn = 0
    for row, at in places:
        if at is None:
            result.rows[before].append(row) if result.rows else None
            continue
        if turn not in in_order:
            result.moved.append(row)
        turn += 1
        result.rows[at].append(row)
        before = at


def _ascending(numbers: Sequence[int]) -> set[int]:
    """Places of a longest run of numbers none of which is smaller than the one before it."""
    ends: list[int] = []
    tails: list[int] = []
    previous: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(ends, number + 1)
        ends[at : at + 1] = [number]
        previous.append(tails[at - 1] if at else -1)
        tails[at : at + 1] = [place]
    found: set[int] = set()
    place = tails[-1] if tails else -1
    while place >= 0:
        found.add(place)
        place = previous[place]
    return found
