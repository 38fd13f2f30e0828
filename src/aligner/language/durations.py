"""Lengths of time by value and unit: 15日内, 两年半, 24小时; 15 ngày, hai năm rưỡi, nửa tháng.

A numeral makes a duration together with the unit behind it. Units with a fixed ratio are one measure: seconds
to weeks are counted in days, quarters to centuries in months, so that 一年 is 12 tháng and 两周 is 14 ngày.
Between the two measures there is only a span, for a month has 28 to 31 days: 30 ngày may be 一个月 and cannot
be 三个月.

Many numerals before a unit are no length of time: 3月 is March, 3日 the third of a month unless 内, 以 or 之
follows, 8时 a time of the day, 一天 and "một ngày" often some day, 百年 and "trăm năm" a long while, "quý 3
năm 2024" a quarter of a year. Such a reading is kept as doubtful. Idioms (三天两头) are not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from aligner.language.dates import find_dates
from aligner.language.number_words import Value
from aligner.language.numerals import Numeral, find_numerals
from aligner.language.script import LATIN
from aligner.language.syllables import syllable_key

Lang = Literal["zh", "vi"]


class Duration(NamedTuple):
    """A length of time in a text.

    Attributes:
        start: offset of its first character.
        end: offset after its unit; the two lengths of 3至5年 share it.
        months: what it has in units that are multiples of a month.
        days: what it has in units that are multiples or parts of a day.
        sure: whether it can hardly be anything else.
        parts: the lengths it is the sum of (2 năm 6 tháng); none where it is a single one.
    """

    start: int
    end: int
    months: Value
    days: Value
    sure: bool
    parts: tuple[Duration, ...] = ()

    def may_equal(self, other: Duration) -> bool:
        """Whether both can be the same time: exactly, but months against days as far as calendars vary.

        >>> (year,), (days,) = find_durations("两年", "zh"), find_durations("730 ngày", "vi")
        >>> year.may_equal(days)
        True
        """
        months, days = self.months - other.months, other.days - self.days
        if months < 0:
            months, days = -months, -days
        return _SHORTEST * months <= days <= _LONGEST * months


class _Unit(NamedTuple):
    """A unit of time: so many months, or so many days."""

    months: Value
    days: Value

    @property
    def rank(self) -> Value:
        """About its length in days: the parts of a sum come from the largest down."""
        return self.days + _LONGEST * self.months


class _Reading(NamedTuple):
    """What stands behind a numeral: a unit, where it ends, what it adds (半, rưỡi), whether it is sure."""

    unit: _Unit
    end: int
    added: Value
    sure: bool


class _Count(NamedTuple):
    """A numeral and where its unit is looked for: behind its repetition in brackets, if it has one."""

    numeral: Numeral
    end: int


_SHORTEST, _LONGEST = 28, 31  # days of a month
_HOUR, _HALF, _HUNDRED = Fraction(1, 24), Fraction(1, 2), 100
_CALENDAR_YEARS = range(1000, 3000)
_UNITS = {
    "century": _Unit(1200, 0), "decade": _Unit(120, 0), "year": _Unit(12, 0), "quarter": _Unit(3, 0),
    "month": _Unit(1, 0), "week": _Unit(0, 7), "day": _Unit(0, 1), "hour": _Unit(0, _HOUR),
    "minute": _Unit(0, _HOUR / 60), "second": _Unit(0, _HOUR / 3600),
}  # fmt: skip

# Each alternative is a unit, with what must not follow it; "some_" marks those that are as often no length.
_ZH_UNIT = re.compile(
    r"\s*[多余餘来來]?(?P<more>[个個]半)?(?:[个個]?(?P<century>(?<=[个個半])世[纪紀])"
    r"|(?P<year>[周週]年|年(?![级級代度制生]))"
    r"|[个個]?(?P<quarter>(?<=[个個半])季度)|[个個]?(?P<month>(?<=[个個半])月)"
    r"|[个個]?(?P<week>(?:星期|[礼禮]拜)(?![一二三四五六日天])|[周週](?![岁歲边邊围圍末到密期刊一二三四五六日]))"
    r"|[个個]?工作(?P<day1>[日天])|(?P<day2>天(?![下子空地王才气氣然])|日(?=[内內以之])|[昼晝]夜)"
    r"|[个個]?(?P<hour>小[时時]|[钟鐘][头頭])|(?P<minute>分[钟鐘])|(?P<second>秒[钟鐘]?)"
    r"|(?P<some_quarter>季度)|(?P<some_month>月)|(?P<some_day>日)|(?P<some_hour>[点點][钟鐘]?|[时時])"
    r"|(?P<some_minute>分))(?P<half>半(?![年月日天个個小载載]))?"
)
_ZH_HALF = re.compile(
    r"(?<![大多一个個年月周天日时時点點])半(?:[个個]?(?P<year>年)|[个個]?(?P<month>月)|[个個](?P<century>世[纪紀])"
    r"|[个個]?(?P<hour>小[时時]|[钟鐘][头頭])|(?P<some_day>[天日]))"
)
_VI_UNITS = {
    tuple(map(syllable_key, words.split())): _UNITS[unit]
    for unit, spelled in {
        "century": "thế kỷ", "decade": "thập kỷ|thập niên", "year": "năm", "quarter": "quý", "month": "tháng",
        "week": "tuần", "day": "ngày|hôm", "hour": "giờ|tiếng", "minute": "phút", "second": "giây",
    }.items()
    for words in spelled.split("|")
}  # fmt: skip
_FIVE_OR_YEAR, _AND_A_HALF, _SOUND, _OF_THE_CLOCK = map(syllable_key, ("năm", "rưỡi", "tiếng", "đồng"))
_VAGUE = {
    "zh": frozenset("数數几幾好若"),
    "vi": frozenset(map(syllable_key, ("hàng", "mấy", "vài", "dăm", "bao"))),
}
_AT = frozenset(map(syllable_key, ("lúc", "vào", "hồi")))
_TIMES_OF_DAY = frozenset(map(syllable_key, ("sáng", "trưa", "chiều", "tối", "đêm", "kém")))
_WORD = re.compile(rf"\s*([{LATIN}]+|[0-9]+)")
_LAST_WORD = re.compile(rf"([{LATIN}]+)\s*$")
_VI_HALF = re.compile(rf"(?<![{LATIN}])nửa\s(?:đầu\s|cuối\s|sau\s)?(?=[{LATIN}])", re.IGNORECASE)
_TO = {
    "zh": re.compile(r"\s*(?:[-–—~～至到或、])\s*"),
    "vi": re.compile(r"\s*(?:[-–—~]|đến|tới|hoặc)\s*"),
}
_AND = {"zh": re.compile(r"[零又]?"), "vi": re.compile(r"\s*(?:và\s*)?")}
_OPENING, _CLOSING = re.compile(r"\s*[(（]\s*"), re.compile(r"\s*[)）]\s*")
_MOST_WORDS = 4  # thế kỷ rưỡi, and what follows
_LOOK_BACK = 16  # characters in which the word before a numeral is looked for


def find_durations(text: str, lang: Lang) -> tuple[Duration, ...]:
    """The lengths of time of a text in order, sums as one. Linear.

    >>> [(str(d.months), str(d.days)) for d in find_durations("hai năm rưỡi, 3 ngày 12 giờ", "vi")]
    [('30', '0'), ('0', '7/2')]
    """
    counts = list(_counts(text, find_numerals(text, lang)))
    read = [
        _after_zh(text, end) if lang == "zh" else _after_vi(text, numeral.start, end)
        for numeral, end in counts
    ]
    dates = [
        (date.start, date.end)
        for date in (find_dates(text, lang) if any(read) else ())
        if lang == "vi" or (date.month and date.day)
    ]
    single: list[tuple[Duration, _Unit]] = []
    spans: list[Duration] = []
    for i, ((numeral, _), found) in enumerate(zip(counts, read, strict=True)):
        if found is None:
            continue
        dated = any(start < found.end and numeral.start < stop for start, stop in dates)
        sure = found.sure and not dated and _says_how_many(text, counts, i, lang)
        sure = sure and (bool(found.added) or not _is_a(numeral))
        single.append((_duration(numeral, found, sure=sure), found.unit))
        if i and _TO[lang].fullmatch(text, counts[i - 1].end, numeral.start):
            spans.append(_duration(counts[i - 1].numeral, found._replace(added=0), sure=sure))
    single.extend(_halves(text, lang))
    return tuple(sorted([*_sums(text, sorted(single), lang), *spans]))


def _counts(text: str, numerals: Sequence[Numeral]) -> Iterator[_Count]:
    """The numerals that can count a unit: 30（三十） is one, năm behind one is the year, 零 only joins."""
    last: _Count | None = None
    for numeral in numerals:
        if not numeral.value:
            continue
        if last and numeral.value == last.numeral.value and _OPENING.fullmatch(text, last.end, numeral.start):
            closing = _CLOSING.match(text, numeral.end)
            last = last._replace(end=closing.end() if closing else numeral.end)
        elif not (last and _is_year(text, numeral) and not text[last.end : numeral.start].strip()):
            if last:
                yield last
            last = _Count(numeral, numeral.end)
    if last:
        yield last


def _is_year(text: str, numeral: Numeral) -> bool:
    """Whether a numeral is the word năm alone, which is five and year."""
    return numeral.lone and syllable_key(text[numeral.start : numeral.end]) == _FIVE_OR_YEAR


def _duration(numeral: Numeral, found: _Reading, *, sure: bool) -> Duration:
    amount = numeral.value + found.added
    return Duration(numeral.start, found.end, amount * found.unit.months, amount * found.unit.days, sure)


def _says_how_many(text: str, counts: Sequence[_Count], i: int, lang: Lang) -> bool:
    """Whether a numeral is a plain number: no ordinal, no guess (两三, mấy chục), no round hundred."""
    numeral = counts[i].numeral
    beside = [counts[k].numeral for k in (i - 1, i + 1) if 0 <= k < len(counts)]
    before = text[max(0, numeral.start - _LOOK_BACK) : numeral.start]
    word = _LAST_WORD.search(before)
    last = syllable_key(word[1]) if word and lang == "vi" else before[-1:]
    return not (
        numeral.ordinal
        or numeral.value in _CALENDAR_YEARS
        or last in _VAGUE[lang]
        or before[-1:] == "/"
        or any(other.start == numeral.end or other.end == numeral.start for other in beside)
        or (lang == "vi" and any(not text[a.end : numeral.start].strip() for a in beside if a < numeral))
        or (numeral.lone and (numeral.value >= _HUNDRED or _is_year(text, numeral)))
    )


def _is_a(numeral: Numeral) -> bool:
    """Whether it is 一 or một, which is one and "a"."""
    return numeral.lone and numeral.value == 1


def _after_zh(text: str, at: int) -> _Reading | None:
    """The unit behind a Chinese numeral."""
    match = _ZH_UNIT.match(text, at)
    if match is None:
        return None
    added = _HALF if match["more"] or match["half"] else 0
    return _Reading(_unit(match), match.end(), added, _is_sure(match))


def _name(match: re.Match[str]) -> str:
    return next(name for name, value in match.groupdict().items() if value and name not in {"more", "half"})


def _unit(match: re.Match[str]) -> _Unit:
    return _UNITS[_name(match).removeprefix("some_").rstrip("12")]


def _is_sure(match: re.Match[str]) -> bool:
    return not _name(match).startswith("some_")


def _after_vi(text: str, start: int, end: int) -> _Reading | None:
    """The unit behind a Vietnamese numeral, and rưỡi behind that; not sure in a time of the day or a date."""
    words: list[tuple[str, int]] = []
    at = end
    while len(words) < _MOST_WORDS and (match := _WORD.match(text, at)):
        at = match.end()
        words.append((syllable_key(match[1]), at))
    keys = [key for key, _ in words]
    size = next((n for n in (2, 1) if len(keys) >= n and tuple(keys[:n]) in _VI_UNITS), 0)
    if not size:
        return None
    unit, following = _VI_UNITS[tuple(keys[:size])], keys[size] if len(keys) > size else ""
    half = following == _AND_A_HALF
    sure = keys[0] != _SOUND or following == _OF_THE_CLOCK
    if unit is _UNITS["hour"]:
        before = _LAST_WORD.search(text[max(0, start - _LOOK_BACK) : start])
        sure = sure and following not in _TIMES_OF_DAY and not (before and syllable_key(before[1]) in _AT)
    elif unit is _UNITS["year"]:
        sure = not (following.isdigit() and int(following) in _CALENDAR_YEARS)
    return _Reading(unit, words[size - 1 + half][1], _HALF if half else 0, sure)


def _halves(text: str, lang: Lang) -> Iterator[tuple[Duration, _Unit]]:
    """Halves without a numeral: 半年, nửa tháng. 半天 and nửa ngày are as often "a long while"."""
    for match in (_ZH_HALF if lang == "zh" else _VI_HALF).finditer(text):
        if lang == "zh":
            found = _Reading(_unit(match), match.end(), _HALF, _is_sure(match))
        else:
            read = _after_vi(text, match.start(), match.end())
            if read is None:
                continue
            found = read._replace(added=_HALF, sure=read.unit.days < 1)
        unit = found.unit
        yield Duration(match.start(), found.end, _HALF * unit.months, _HALF * unit.days, found.sure), unit


def _sums(text: str, single: Sequence[tuple[Duration, _Unit]], lang: Lang) -> Iterator[Duration]:
    """Lengths that follow each other from the largest unit down, as one: 1小时30分, 2 năm và 6 tháng."""
    run: list[tuple[Duration, _Unit]] = []
    for one in single:
        if run and not (
            one[1].rank < run[-1][1].rank and _AND[lang].fullmatch(text, run[-1][0].end, one[0].start)
        ):
            yield _sum([duration for duration, _ in run])
            run = []
        run.append(one)
    if run:
        yield _sum([duration for duration, _ in run])


def _sum(parts: list[Duration]) -> Duration:
    """One length for its parts; sure where the first and, unless it is of minutes, every other is."""
    if len(parts) == 1:
        return parts[0]
    months, days = sum(part.months for part in parts), sum(part.days for part in parts)
    sure = parts[0].sure and all(part.sure or (part.days and part.days < _HOUR) for part in parts)
    return Duration(parts[0].start, parts[-1].end, months, days, bool(sure), tuple(parts))
