"""Numbers that differ by value between the sides of a bead.

A number may be dropped in translation (五省市: các tỉnh, thành) and may be added, so a finding needs both:
a number on either side that the other side does not have. What can match is read generously: number
words, parts of dates, either reading of a doubtful separator, a year by its last two digits, an hour
of the afternoon by either count, 一千两 as a thousand tael. What can fail to match is read strictly: no
lone number words (统一, năm), no number below ten, for 双方 is "2 bên" and 半年 "6 tháng", and no
guesses (十五六万, 数百万).

Fails on amounts converted to another unit, which it reports.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aligner.check.collection import Collection, Passage, Side
from aligner.check.finding import Mark
from aligner.language.dates import find_dates
from aligner.language.number_words import HAN_NUMERALS, Value, parse_han
from aligner.language.numerals import DIGITS, Numeral, figures_value, find_numerals

_LEAST = 10
_SCALE = re.compile(r"\s+(?P<chars>[万萬亿億千]{1,2})")  # some write 350 万
_SCALES = {"千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CENTURY, _HALF_DAY, _DAY = 100, 12, 24
_YEARS = range(1000, 3000)
_MAY_BE_STRONG = re.compile(rf"[{DIGITS}]{{2}}|[{DIGITS}{HAN_NUMERALS}]\s*[{HAN_NUMERALS}]|[IVX]{{2}}")
_UNITS = frozenset("十百千万萬亿億")


class _Number(NamedTuple):
    """A number in a passage: its place, what it may mean, and whether it must have a counterpart."""

    passage: Passage
    start: int
    end: int
    values: frozenset[Value]
    is_strong: bool


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the numbers of the vi side that stand against others in zh."""
    for pair in collection.pairs:
        if not (pair.trusted and any(_MAY_BE_STRONG.search(passage.text) for passage in pair.zh)):
            continue
        zh, vi = _numbers(pair.zh, "zh"), _numbers(pair.vi, "vi")
        lacking_zh, lacking_vi = _unmatched(zh, vi), _unmatched(vi, zh)
        if lacking_zh and lacking_vi:
            theirs = ", ".join(n.passage.text[n.start : n.end] for n in lacking_zh)
            for ours in lacking_vi:
                yield Mark(ours.passage, ours.start, ours.end, f"the Chinese has {theirs} instead")


def _numbers(passages: Sequence[Passage], side: Side) -> list[_Number]:
    """The numbers of one side; those in dates are left to the rule for dates."""
    found = []
    for passage in passages:
        text = passage.text
        spans = {(date.start, date.end) for date in find_dates(text, side)}
        numerals = find_numerals(text, side)
        ends = {numeral.end for numeral in numerals} if side == "zh" else set()
        starts = {numeral.start for numeral in numerals} if side == "zh" else set()
        for numeral in numerals:
            in_date = any(start < numeral.end and numeral.start < end for start, end in spans)
            guess = numeral.start in ends or numeral.end in starts or _is_bare(text, numeral)
            strong = not (numeral.lone or in_date or guess)
            values, end = _meanings(text, numeral)
            is_strong = strong and max(values) >= _LEAST
            found.append(_Number(passage, numeral.start, end, values, is_strong))
    return found


def _is_bare(text: str, numeral: Numeral) -> bool:
    """Whether it names units only: 百万 of 数百万, "millions"."""
    return all(char in _UNITS for char in text[numeral.start : numeral.end])


def _meanings(text: str, numeral: Numeral) -> tuple[frozenset[Value], int]:
    """What a number may mean to the other side, and where it ends."""
    written, end = text[numeral.start : numeral.end], numeral.end
    meanings = {numeral.value}
    if written[:1].isdigit():
        either = (figures_value(written, "zh"), figures_value(written, "vi"))
        meanings |= {other for other in either if other is not None}
        scale = _SCALE.match(text, end)
        if scale:
            factor = math.prod(_SCALES[char] for char in scale["chars"])
            meanings, end = {value * factor for value in meanings}, scale.end()
    elif written[-1:] in {"两", "兩"}:
        meanings |= {value for value in [parse_han(written[:-1])] if value is not None}
    return frozenset(meanings), end


def _unmatched(these: list[_Number], those: list[_Number]) -> list[_Number]:
    """The numbers that need a counterpart on the other side and have none there."""
    there = {value for number in those for value in number.values}
    return [n for n in these if n.is_strong and not any(_stands(value, there) for value in n.values)]


def _stands(value: Value, there: set[Value]) -> bool:
    """Whether a value, or another way to say it, is among the other side's."""
    if value in there:
        return True
    if value <= _DAY and {value + _HALF_DAY, value - _HALF_DAY} & there:
        return True
    if value in _YEARS and int(value) % _CENTURY >= _LEAST:
        return value % _CENTURY in there
    return any(other % _CENTURY == value for other in there if other in _YEARS)
