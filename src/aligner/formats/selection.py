"""Which units an export takes: filter, cleaning and deduplication, settled here for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from aligner.formats.options import ExportOptions
from aligner.formats.units import Unit, clean
from aligner.wording import counted


class Listed(NamedTuple):
    """A unit that a person may want to look at, for it was not simply written.

    Attributes:
        what: `duplicate`: left out for a more trusted target of its source. Of a merge `new`: the memory did
            not have it; `changed`: it replaced an earlier state; `conflict`: left out, for the memory has
            another target.
        src, tgt: its texts.
        other: the target that stands instead of it, or that it replaced.
        document: its document.
    """

    what: str
    src: str
    tgt: str
    other: str
    document: str


@dataclass(slots=True)
class Tally:
    """What happened on the way; filled while units are written or read.

    Attributes:
        units: how many were written.
        left_out: how many were not, by reason.
        listed: units that were left out for another target, or merged into a memory.
        remarks: what the user should know, one sentence each.
        turned: the column `src` of the table that was read holds Vietnamese.
        unknown: cells that should be a status and are none, by line; None where such a row is an error.
    """

    units: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    listed: list[Listed] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    turned: bool = False
    unknown: dict[int, str] | None = None


def select(
    units: Iterable[Unit], options: ExportOptions, tally: Tally, *, memory: bool, exact: bool
) -> Iterator[Unit]:
    """The units to write, cleaned; what is left out is counted by reason.

    Args:
        units: in the direction of the export.
        options: the filter.
        tally: where to count.
        memory: the format is a translation memory: null and rejected beads are left out.
        exact: the format can hold any text: nothing is cleaned.
    """
    least, statuses, left_out = options.min_confidence, options.statuses, tally.left_out
    for given in units:
        unit = given
        status = unit.status
        if memory and status == "rejected":
            left_out["rejected"] += 1
            continue
        if statuses is not None and status not in statuses:
            left_out["status"] += 1
            continue
        if unit.confidence < least and status not in {"accepted", "edited"}:
            left_out["confidence"] += 1
            continue
        if not exact:
            unit = _cleaned(unit)
        if memory and not (unit.src and unit.tgt):
            left_out["null"] += 1
            continue
        tally.units += 1
        yield unit


# Thousands of units share their document's name.
_clean_name = lru_cache(maxsize=64)(clean)


def _cleaned(unit: Unit) -> Unit:
    src, tgt = clean(unit.src), clean(unit.tgt)
    note, document = unit.note and clean(unit.note), _clean_name(unit.document)
    # Nearly always nothing was to clean, and the copy is saved.
    if src is unit.src and tgt is unit.tgt and note is unit.note and document is unit.document:
        return unit
    return unit._replace(src=src, tgt=tgt, note=note, document=document)


def deduplicate(units: Iterable[Unit], tally: Tally) -> list[Unit]:
    """One unit for each source text, in the order of the units that stay.

    The most trusted target wins: accepted or edited by a person before the machine's, then the higher
    confidence, then the first. Null and rejected beads are no units of a memory and stay as they are.
    The losers are counted; those with another target than the winner's are kept in the tally.
    """
    kept = list(units)
    best: dict[str, int] = {}
    for i, unit in enumerate(kept):
        if unit.src and unit.tgt and unit.status != "rejected":
            known = best.setdefault(unit.src, i)
            if _trust(unit) > _trust(kept[known]):
                best[unit.src] = i
    result = []
    for i, unit in enumerate(kept):
        winner = best.get(unit.src) if unit.tgt and unit.status != "rejected" else None
        if winner in {None, i}:
            result.append(unit)
            continue
        tally.left_out["duplicate"] += 1
        chosen = kept[best[unit.src]].tgt
        if unit.tgt != chosen:
            tally.listed.append(Listed("duplicate", unit.src, unit.tgt, chosen, unit.document))
    tally.units -= len(kept) - len(result)
    if tally.listed:
        tally.remarks.append(
            f"{counted(len(tally.listed), 'unit')} gave way to a more trusted target of their source"
        )
    return result


def _trust(unit: Unit) -> tuple[bool, float]:
    return unit.status in {"accepted", "edited"}, unit.confidence
