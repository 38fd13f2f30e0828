"""Dates that differ between the sides of a bead.

Two dates agree where no part that both state differs: 2月19日 and ngày 19/2/2025 do. A finding needs a
date on either side that agrees with none of the other's, and the two must state a part in common, so
that a date which is merely dropped, or said otherwise ("the day before"), is none. 15日内 is no date but
a length of time, which the rule for numbers compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aligner.check.collection import Collection, Passage, Side
from aligner.check.finding import Mark
from aligner.language.dates import YMD, Date, find_dates
from aligner.language.durations import find_durations

_MAY_BE = re.compile("[年月日号號]|[0-9０-９]")

_Placed = tuple[Passage, Date]


def find(collection: Collection) -> Iterator[Mark]:
    """Marks every vi date that contradicts a zh one."""
    for pair in collection.pairs:
        if not (pair.trusted and any(_MAY_BE.search(passage.text) for passage in pair.zh)):
            continue
        zh, vi = _dates(pair.zh, "zh"), _dates(pair.vi, "vi")
        lacking = [date for date in zh if not _stands(date, vi)]
        for passage, date in vi:
            if _stands((passage, date), zh):
                continue
            against = next((other for other in lacking if _contradict(date.ymd, other[1].ymd)), None)
            if against:
                there, other = against
                said = there.text[other.start : other.end]
                yield Mark(passage, date.start, date.end, f"the Chinese has {said} instead")


def _dates(passages: Sequence[Passage], side: Side) -> list[_Placed]:
    found: list[_Placed] = []
    for passage in passages:
        dates = find_dates(passage.text, side)
        lengths = [length for length in find_durations(passage.text, side) if length.sure] if dates else []
        found += [
            (passage, date)
            for date in dates
            if not any(length.start <= date.start < length.end for length in lengths)
        ]
    return found


def _stands(date: _Placed, there: list[_Placed]) -> bool:
    """Whether some date of the other side agrees with this one."""
    return any(not _contradict(date[1].ymd, other.ymd) for _, other in there)


def _contradict(one: YMD, other: YMD) -> bool:
    """Whether a part that both state differs, or they state none in common."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return any(a != b for a, b in both)
