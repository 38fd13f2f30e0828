"""Numbers that differ by value between the sides of a bead, lengths of time among them by value and unit.

A number may be dropped in translation (五省市: các tỉnh, thành) and may be added, so a finding needs both:
a number on either side that the other side does not have. What can match is read generously: number
words, parts of dates, either reading of a doubtful separator, a year by its last two digits, an hour
of the afternoon by either count, 一千两 as a thousand tael. What can fail to match is read strictly: no
lone number words (统一, năm), no number below ten, for 双方 is "2 bên", and no guesses (十五六万, 数百万).

A number with a unit of time behind it is a length: 半年 is "6 tháng", and 5年 is not "5 tháng". It is
compared whatever its size, with the lengths of the other side and with the numbers there that have no unit;
where it lacks, only another length can be what stands instead.

Fails on amounts converted to a unit that is not one of time, which it reports.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aligner.check.collection import Collection, Passage, Side
from aligner.check.finding import Mark
from aligner.language.dates import find_dates
from aligner.language.durations import Duration, find_durations
from aligner.language.number_words import HAN_NUMERALS, Value, parse_han
from aligner.language.numerals import DIGITS, Numeral, figures_value, find_numerals

_LEAST = 10
_SCALE = re.compile(r"\s+(?P<chars>[万萬亿億千]{1,2})")  # some write 350 万
_SCALES = {"千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_CENTURY, _HALF_DAY, _DAY = 100, 12, 24
_YEARS = range(1000, 3000)
_MAY_BE_STRONG = re.compile(
    rf"[{DIGITS}]{{2}}|[{DIGITS}{HAN_NUMERALS}]\s*[{HAN_NUMERALS}]|[IVX]{{2}}"
    rf"|[{DIGITS}{HAN_NUMERALS}半].{{0,3}}[年月日天周週期拜时時钟鐘头頭秒纪紀度夜]"
)
_UNITS = frozenset("十百千万萬亿億")


class _Number(NamedTuple):
    """A number in a passage: its place, what it may mean, and whether it must have a counterpart.

    As a number and as a length of time these are two questions: `is_strong` and `is_length`.
    """

    passage: Passage
    start: int
    end: int
    values: frozenset[Value]
    is_strong: bool
    length: Duration | None = None

    @property
    def is_length(self) -> bool:
        """Whether it is surely a length of time."""
        return self.length is not None and self.length.sure

    def is_against(self, other: _Number) -> bool:
        """Whether one can stand where the other should."""
        return (self.is_strong and other.is_strong) or (self.is_length and other.is_length)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the numbers of the vi side that stand against others in zh."""
    for pair in collection.pairs:
        if not (pair.trusted and any(_MAY_BE_STRONG.search(passage.text) for passage in pair.zh)):
            continue
        zh, vi = _numbers(pair.zh, "zh"), _numbers(pair.vi, "vi")
        lacking = _unmatched(zh, vi)
        for ours in _unmatched(vi, zh) if lacking else ():
            theirs = [n.passage.text[n.start : n.end] for n in lacking if n.is_against(ours)]
            if theirs:
                yield Mark(ours.passage, ours.start, ours.end, f"the Chinese has {', '.join(theirs)} instead")


def _numbers(passages: Sequence[Passage], side: Side) -> list[_Number]:
    """The numbers of one side; those in dates are left to the rule for dates."""
    found: list[_Number] = []
    for passage in passages:
        numbers = list(_plain_numbers(passage, side))
        for length in reversed(find_durations(passage.text, side)):  # of 3至5年 the second takes its 5 first
            inside = [n for n in numbers if length.start <= n.start < length.end]
            numbers = [n for n in numbers if n not in inside]
            values = frozenset(value for n in inside for value in n.values)
            strong = any(n.is_strong for n in inside)
            found.append(_Number(passage, length.start, length.end, values, strong, length))
        found += numbers
    return sorted(found, key=lambda n: (passages.index(n.passage), n.start))


def _plain_numbers(passage: Passage, side: Side) -> Iterator[_Number]:
    """The numbers of a passage without regard to a unit."""
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
        yield _Number(passage, numeral.start, end, values, strong and max(values) >= _LEAST)


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
    loose = {value for number in those if not number.is_length for value in number.values}
    lengths = [number.length for number in those if number.length]
    return [
        n
        for n in these
        if (n.is_strong or n.is_length)
        and not any(_stands(value, loose if n.is_length else there) for value in n.values)
        and not (n.length and _lasts(n.length, lengths))
    ]


def _lasts(length: Duration, lengths: list[Duration]) -> bool:
    """Whether a length is among the other side's, as one, as part of a sum, or part by part."""
    if any(length.may_equal(same) for other in lengths for same in (other, *other.parts)):
        return True
    return bool(length.parts) and all(_lasts(part, lengths) for part in length.parts)


def _stands(value: Value, there: set[Value]) -> bool:
    """Whether a value, or another way to say it, is among the other side's."""
    if value in there:
        return True
    if value <= _DAY and {value + _HALF_DAY, value - _HALF_DAY} & there:
        return True
    if value in _YEARS and int(value) % _CENTURY >= _LEAST:
        return value % _CENTURY in there
    return any(other % _CENTURY == value for other in there if other in _YEARS)
