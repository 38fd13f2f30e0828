"""Dates as (year, month, day), whatever of the three the text says.

The text is first written as a row of one-letter codes (a number that can be a day or month, a year, the
words for year, month and day, what joins numbers, anything else); dates are then patterns over the codes,
the same idea for both languages: 2月19日 is `NmNd`, "ngày 19 tháng 2" is `dNmN`.

A list or span names several dates, and what one of them leaves out comes from its neighbour:
2月19日至21日 and "từ ngày 19-21/2" are both (2, 19) and (2, 21). Figures like 19/2 count only where a word
before them or a year makes them a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from aligner.language.number_words import HAN_NUMERALS, VI_NUMBER_WORDS, Item, han_prefix, parse_vi
from aligner.language.script import LATIN
from aligner.language.syllables import syllable_key

YMD = tuple[int | None, int | None, int | None]


class Date(NamedTuple):
    """A date in a text; what it does not say is None. The dates of a list or span share its offsets."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    @property
    def ymd(self) -> YMD:
        """What is compared."""
        return self.year, self.month, self.day


class _Item(NamedTuple):
    """One code, the number it stands for, and where it was read."""

    code: str
    value: int
    start: int
    end: int


# Codes: N day or month, Y year, y m d the words for them, e a word that makes figures a date (sáng, từ),
# - to, "," and, / . themselves, x anything else.
_ISO = r"(?P<y0>Y)(?P<s0>[-/.])(?P<m0>N)(?P=s0)(?P<d0>N)(?![-/.]?[NY])"
_ZH = re.compile(
    _ISO + r"|(?:(?P<y1>Y)y)?(?P<m1>N)m(?P<d1>N(?:[-,]N)*)d"
    r"|(?:(?P<y2>Y)y)?(?P<m2>N(?:[-,]N)*)m|(?P<y3>Y(?:[-,]Y)*)y|(?P<d4>N(?:[-,]N)*)d"
)
_VI = re.compile(
    _ISO + r"|d?(?P<d1>N(?:[-,]N)*)(?P<s1>[-/.])(?P<m1>N)(?P=s1)(?P<y1>Y)"
    r"|[de](?P<d2>N(?:[-,]N)*)/(?P<m2>N)(?!/[NY])(?:y(?P<y2>Y))?"
    r"|(?P<d3>N-N)/(?P<m3>N)(?!/[NY])|(?<=-)(?P<d4>N)/(?P<m4>N)(?!/[NY])"
    r"|[de](?P<d5>N(?:[-,]N)*)m(?P<m5>N|y(?!Y))(?:,?[-/y](?P<y5>Y))?"
    r"|(?P<d10>N(?:[-,]N)*)m(?P<m10>N|y(?!Y)),?[-/y](?P<y10>Y)|(?<!N)m(?P<m6>(?:N(?!m)|y(?!Y))(?:[-,]N(?!m))*)(?:,?[-/y](?P<y6>Y))?"
    r"|d(?P<d7>N(?:[-,]N)*)|y(?P<y8>Y(?:[-,]Y)*)|(?P<y9>Y-Y)"
)
_ZH_ITEM = re.compile(
    rf"(?P<figures>[0-9０-９]+)|(?P<han>[{HAN_NUMERALS}])|(?P<other>[日号號](?=[元本圆线楼院]))|\S"
)
_VI_ITEM = re.compile(rf"(?P<figures>[0-9０-９]+)|(?P<word>[{LATIN}]+)|\S")
_ZH_CODES = {
    "年": "y", "月": "m", "日": "d", "号": "d", "號": "d", "至": "-", "到": "-", "、": ",", "和": ",",
    ",": ",", "/": "/", ".": ".", **dict.fromkeys("-—–－~～─", "-"),
}  # fmt: skip
_VI_CODES = {
    "/": "/", ".": ".", ",": ",", "(": "e", **dict.fromkeys("-—–－~", "-"),
    **{syllable_key(w): "-" for w in ("đến", "tới")},
    **{syllable_key(w): "d" for w in ("ngày", "mùng", "mồng")},
    **{syllable_key(w): "e" for w in ("sáng", "trưa", "chiều", "tối", "đêm", "hôm", "từ")},
    syllable_key("và"): ",", syllable_key("tháng"): "m", syllable_key("năm"): "y",
}  # fmt: skip
_VI_MONTHS = {syllable_key("giêng"): 1, syllable_key("tư"): 4, syllable_key("chạp"): 12}
_LAST_DAY, _YEARS, _YEAR_DIGITS = 31, range(1000, 3000), 4
_LAST_MONTH, _FIVE = 12, 5  # tháng năm
_NAM = syllable_key("năm")
_LINH = frozenset([syllable_key("linh"), syllable_key("lẻ")])
_AFTER_FIVE = frozenset([syllable_key("mươi"), syllable_key("trăm")])


def _number(value: int, digits: int, start: int, end: int) -> _Item:
    """Codes a number: N up to 31, Y for four digits, else nothing that can be in a date."""
    if digits < _YEAR_DIGITS and 0 < value <= _LAST_DAY:
        return _Item("N", value, start, end)
    return _Item("Y" if digits == _YEAR_DIGITS and value in _YEARS else "x", value, start, end)


def _zh_items(text: str) -> Iterator[_Item]:
    at = 0
    while match := _ZH_ITEM.search(text, at):
        start, at = match.span()
        if match["figures"]:
            yield _number(int(match["figures"]), at - start, start, at)
        elif match["han"]:
            value, at = han_prefix(text, start)
            yield _number(value, len(str(value)), start, at)
        else:
            yield _Item("x" if match["other"] else _ZH_CODES.get(match.group(), "x"), 0, start, at)


def _vi_words(run: list[tuple[str, int, int]], before: str) -> Iterator[_Item]:
    """Items of a run of number words."""
    keys: list[Item] = [key for key, _, _ in run]
    at = 0
    while at < len(run):
        key, start, end = run[at]
        if before in {"m", "d"} and key in _VI_MONTHS:
            yield _Item("N", _VI_MONTHS[key], start, end)
            at += 1
            continue
        parsed = parse_vi(keys, at)
        if parsed is None:
            yield _Item("x", 0, start, end)
            at += 1
        else:
            value, at, _ = parsed
            yield _number(int(value), len(str(value)), start, run[at - 1][2])


def _vi_items(text: str) -> Iterator[_Item]:
    matches = list(_VI_ITEM.finditer(text))
    keys = [syllable_key(match["word"]) if match["word"] else match.group() for match in matches]
    run: list[tuple[str, int, int]] = []
    before = ""
    for match, key, following in zip(matches, keys, [*keys, ""][1:], strict=True):
        start, end = match.span()
        # năm is the year, but five inside a number: linh năm, năm mươi
        five = following in _AFTER_FIVE or (bool(run) and run[-1][0] in _LINH)
        if key in VI_NUMBER_WORDS and (key != _NAM or five):
            run.append((key, start, end))
            continue
        for item in _vi_words(run, before):
            before = item.code
            yield item
        run = []
        if match["figures"]:
            item = _number(int(match["figures"]), end - start, start, end)
        elif before in {"m", "d"} and key in _VI_MONTHS:
            item = _Item("N", _VI_MONTHS[key], start, end)
        elif before == "d" and key == _NAM and not following.isdigit():
            item = _Item("N", _FIVE, start, end)
        else:
            item = _Item(_VI_CODES.get(key, "x"), 0, start, end)
        before = item.code
        yield item
    yield from _vi_words(run, before)


def _read(match: re.Match[str], items: list[_Item]) -> Iterator[Date]:
    """The dates of one match: one for every combination of the lists in it (at most one list)."""
    units: dict[str, list[int | None]] = {"y": [None], "m": [None], "d": [None]}
    for name, codes in match.groupdict().items():
        if codes is not None and name[0] in units:
            first = match.start(name)
            units[name[0]] = [
                _FIVE if item.code == "y" else item.value
                for item in items[first : match.end(name)]
                if item.code in {"N", "Y", "y"}
            ]
    start, end = items[match.start()].start, items[match.end() - 1].end
    for year in units["y"]:
        for month in units["m"]:
            if month is None or month <= _LAST_MONTH:
                yield from (Date(start, end, year, month, day) for day in units["d"])


def _shared(dates: list[Date], linked: list[bool]) -> list[Date]:
    """Fills what a date leaves out from the other end of its span: month and year, never the day."""
    for i, joined in enumerate(linked):
        if not joined:
            continue
        left, right = dates[i], dates[i + 1]
        if left.month is None and left.day is not None:
            left = left._replace(month=right.month)
        if right.month is None and right.day is not None:
            right = right._replace(month=left.month)
        if left.year is None and left.month is not None:
            left = left._replace(year=right.year)
        if right.year is None and right.month is not None:
            right = right._replace(year=left.year)
        dates[i], dates[i + 1] = left, right
    return dates


def find_dates(text: str, lang: Literal["zh", "vi"]) -> tuple[Date, ...]:
    """The dates of a text in order; those of a list or span one by one. Linear.

    >>> [d.ymd for d in find_dates("2月19日至21日", "zh")]
    [(None, 2, 19), (None, 2, 21)]
    >>> [d.ymd for d in find_dates("từ ngày 19-21/2", "vi")]
    [(None, 2, 19), (None, 2, 21)]
    """
    items = list(_zh_items(text) if lang == "zh" else _vi_items(text))
    codes = "".join(item.code for item in items)
    dates: list[Date] = []
    linked: list[bool] = []
    last_end = -1
    for match in (_ZH if lang == "zh" else _VI).finditer(codes):
        found = list(_read(match, items))
        if not found:
            continue
        if dates:
            between = codes[last_end : match.start()]
            linked.append(between == "-")
        linked.extend([False] * (len(found) - 1))
        dates.extend(found)
        last_end = match.end()
    return tuple(_shared(dates, linked))
