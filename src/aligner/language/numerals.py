"""Numbers by value, wherever they stand in a text: figures, 汉字, Vietnamese words and mixtures of them.

Figures follow the language's separators: 1.234,5 in Vietnamese, 1,234.5 in Chinese; where both marks
occur the last one is the decimal mark in either. Roman figures made of I V X (at least two) count as
figures, for thế kỷ XXI is 二十一世纪. Percentages are read in percent: 百分之三十 = 30% = ba mươi phần trăm
has the value 30; and so are shares of a thousand, ten thousand and more, which the other language may give
in percent: 千分之三 = 3‰ = ba phần nghìn = 0,3%.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from aligner.language.number_words import (
    HAN_NUMERALS,
    VI_LONE,
    VI_NUMBER_WORDS,
    VI_ORDINAL,
    Item,
    Value,
    han_prefix,
    in_percent,
    is_share,
    parse_vi,
    plain,
)
from aligner.language.script import LATIN
from aligner.language.syllables import syllable_key

Side = Literal["zh", "vi"]

DIGITS = "0-9０-９"
"""Figures, for use inside a regular expression's brackets."""

FIGURES = rf"[{DIGITS}]+(?:[.,．，][{DIGITS}]+)*‰?"
"""A number in figures with its separators, or several with separators between them; the sign for a share of
a thousand is part of it."""

_MULTIPLIER = {"百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN_DIGIT = "[〇零一二三四五六七八九]"
_HAN_POINT = rf"点(?={_HAN_DIGIT}+(?![〇零一二三四五六七八九十分刻]))"
_GAP = rf"(?<=[{DIGITS}]) (?=[万萬亿億])"  # 350 万; but 350 千米 are kilometres
ZH_CHUNK = (
    rf"(?:{FIGURES}|(?!○)[{HAN_NUMERALS}])(?:{FIGURES}|[{HAN_NUMERALS}]|[多余餘](?=[千万萬亿億])"
    rf"|分之(?=[{DIGITS}{HAN_NUMERALS}])|{_HAN_POINT}|{_GAP})*"
)
"""A run of figures and 汉字 numerals, and of what joins them."""

_GROUPED = re.compile(r"([0-9]+|[1-9][0-9]{0,2}([.,])[0-9]{3}(\2[0-9]{3})*)$")
_MOST_FIGURES = 39  # longer runs are no numbers anyone compares
_THOUSAND = 1000
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})$")
LATIN_MIX = rf"[{DIGITS}]*[{LATIN}][{LATIN}{DIGITS}]*"
"""A run of Latin letters, with figures among them: ASEAN, G20, 5G."""

_ZH = rf"(?P<latin>{LATIN_MIX})|(?P<chunk>{ZH_CHUNK})"
_VI = rf"(?P<latin>{LATIN_MIX})|(?P<figures>{FIGURES})|[^\s]"
_DECIMALS = re.compile(f"点({_HAN_DIGIT}+)")
_LOWER = re.compile(rf"([{DIGITS}]+)([百千万萬亿億]+)")
_CHUNK = re.compile(rf"(?P<figures>{FIGURES})|(?P<per>分之)|.", re.DOTALL)


class Numeral(NamedTuple):
    """A number in a text.

    Attributes:
        start: offset of its first character; 第 and thứ are not part of it.
        end: offset after its last character.
        value: what it says; a percentage's is in percent.
        ordinal: whether 第 or thứ stands before it.
        percent: whether it is a percentage in words, or a share of a thousand or more.
        lone: one number word by itself without thứ or 第: it may be no number at all
            (统一 "unify", năm "year").
    """

    start: int
    end: int
    value: Value
    ordinal: bool = False
    percent: bool = False
    lone: bool = False


class Piece(NamedTuple):
    """Part of a chunk: `chunk[start:end]`; value None where it is no number."""

    start: int
    end: int
    value: Value | None
    percent: bool = False
    lone: bool = False


def number_key(value: Value) -> str:
    """The key of a number: `#` and its value, as a decimal where that is finite.

    >>> number_key(16), number_key(Fraction(7, 2)), number_key(Fraction(2, 3))
    ('#16', '#3.5', '#2/3')
    """
    if isinstance(value, int):
        return f"#{value}"
    scaled = value
    for places in range(13):
        if scaled.denominator == 1:
            digits = str(scaled.numerator).rjust(places + 1, "0")
            return f"#{digits[:-places]}.{digits[-places:]}" if places else f"#{digits}"
        scaled *= 10
    return f"#{value.numerator}/{value.denominator}"


def roman_value(word: str) -> int | None:
    """Value of a Roman number from II to XXXIX in capitals; None for anything else, single letters too."""
    if not _ROMAN.match(word):
        return None
    tens = len(word) - len(word.lstrip("X"))
    ones = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
    return tens * 10 + ones[word[tens:]]


@lru_cache(maxsize=16384)
def figures_value(figures: str, lang: Side) -> Value | None:
    """Value of figures with separators; None where they are several numbers (a date, a list).

    One mark alone with three figures after it divides thousands or decimals as the language has it:
    1.234 is 1234 in Vietnamese and 1.234 in Chinese, 1,234 the other way round. But 12,500 is 12500 in
    both: the English way is common in Vietnamese too, and no one ends a decimal in zero. One mark with
    another count of figures after it can only be decimal; a comma is that in Vietnamese alone.

    >>> figures_value("1.234,5", "vi") == figures_value("1,234.5", "zh") == Fraction(2469, 2)
    True
    >>> figures_value("5‰", "vi")
    Fraction(1, 2)
    """
    if figures.endswith("‰"):
        value = figures_value(figures[:-1], lang)
        return None if value is None else in_percent(value, _THOUSAND)
    text = figures.translate(_FULL_WIDTH)
    marks = re.sub("[0-9]", "", text)
    if not marks:
        return int(text) if len(text) <= _MOST_FIGURES else None
    own = "," if lang == "vi" else "."
    if len(set(marks)) > 1:
        decimal = marks[-1]
    elif len(marks) > 1:
        decimal = ""
    else:
        grouped = _GROUPED.match(text) and (marks != own or (text[-1] == "0" and lang == "vi"))
        decimal = marks if not grouped and marks in {own, "."} else ""
    whole, fraction = text.rsplit(decimal, 1) if decimal else (text, "0")
    if not _GROUPED.match(whole) or len(text) > _MOST_FIGURES:
        return None
    return plain(Fraction(re.sub("[.,]", "", whole) + "." + fraction))


def figure_pieces(figures: str, at: int, lang: Side) -> Iterator[Piece]:
    """A number in figures, or the several numbers that its separators only list."""
    value = figures_value(figures, lang)
    if value is not None:
        yield Piece(at, at + len(figures), value)
        return
    for match in re.finditer(rf"[{DIGITS}]+", figures):
        part = figures_value(match.group()[:_MOST_FIGURES], lang)
        yield Piece(at + match.start(), at + match.end(), part)


def _zh_parts(chunk: str) -> list[Piece]:
    """The numbers of a chunk one by one, 350万 and 3亿5000万 as one; 分之 as a piece without value."""
    parts: list[Piece] = []
    at = 0
    while at < len(chunk):
        match = _CHUNK.match(chunk, at)
        assert match is not None  # noqa: S101 - the pattern's last branch takes any character
        if match["figures"]:
            parts.extend(figure_pieces(match["figures"], at, "zh"))
            at = match.end()
            at = _multiplied(chunk, at, parts)
        elif chunk[at] in HAN_NUMERALS:
            value, end = han_prefix(chunk, at)
            lone = end == at + 1
            decimals = _DECIMALS.match(chunk, end)
            if decimals:
                digits = "".join(str(han_prefix(c)[0]) for c in decimals[1])
                parts.append(Piece(at, decimals.end(), value + Fraction(int(digits), 10 ** len(digits))))
                at = _multiplied(chunk, decimals.end(), parts)
            else:
                parts.append(Piece(at, end, value, lone=lone))
                at = end
        else:
            if chunk[at] != " ":
                parts.append(Piece(at, match.end(), None))
            at = match.end()
    return parts


def _multiplied(chunk: str, at: int, parts: list[Piece]) -> int:
    """Applies 万, 亿 … after figures to the last part, and adds what follows it in figures: 3万5千."""
    start, _, value, *_ = parts[-1]
    if value is None:
        return at
    end = at
    if chunk[end : end + 1] in {"多", "余", "餘", " "}:
        end += 1
    scale = 1
    while chunk[end : end + 1] in _MULTIPLIER and chunk[end : end + 1]:
        scale *= _MULTIPLIER[chunk[end]]
        end += 1
    if scale == 1:
        return at
    total = value * scale
    rest = _LOWER.match(chunk, end)
    if rest:
        lower: Value = int(rest[1].translate(_FULL_WIDTH))
        for unit in rest[2]:
            lower *= _MULTIPLIER[unit]
        if lower < scale:
            total, end = total + lower, rest.end()
    parts[-1] = Piece(start, end, plain(total))
    return end


@lru_cache(maxsize=16384)
def zh_pieces(chunk: str) -> tuple[Piece, ...]:
    """The numbers of a chunk matched by `ZH_CHUNK`, in order; 分之 joined to percentages and fractions.

    What is no number (a 分之 without a number before it) is a piece without a value. Memoised.
    """
    parts = _zh_parts(chunk)
    joined: list[Piece] = []
    i = 0
    while i < len(parts):
        part = parts[i]
        below = part.value
        if below and i + 2 < len(parts) and chunk[parts[i + 1].start : parts[i + 1].end] == "分之":
            above = parts[i + 2]
            if above.value is not None and below:
                percent = is_share(below)
                value = in_percent(above.value, below) if percent else plain(Fraction(above.value) / below)
                joined.append(Piece(part.start, above.end, value, percent=percent))
                i += 3
                continue
        joined.append(part)
        i += 1
    return tuple(joined)


@lru_cache(maxsize=16384)
def vi_pieces(items: tuple[Item, ...]) -> tuple[Piece, ...]:
    """The numbers of a run of number words and figures; offsets count items.

    A word that is no number by itself (phần, linh, không …) is a piece without a value. Memoised.
    """
    pieces: list[Piece] = []
    at = 0
    while at < len(items):
        parsed = parse_vi(list(items), at)
        item = items[at]
        if parsed is None or (parsed[1] == at + 1 and isinstance(item, str)):
            value = VI_LONE.get(item) if isinstance(item, str) else item
            pieces.append(Piece(at, at + 1, value, lone=isinstance(item, str)))
            at += 1
        else:
            value, end, percent = parsed
            pieces.append(Piece(at, end, value, percent))
            at = end
    return tuple(pieces)


def _find_zh(text: str) -> Iterator[Numeral]:
    for match in re.finditer(_ZH, text):
        if match["latin"]:
            value = roman_value(match["latin"])
            if value is not None:
                yield Numeral(match.start(), match.end(), value, ordinal=_after(text, match.start(), "第"))
            continue
        at = match.start()
        for piece in zh_pieces(match["chunk"]):
            if piece.value is not None:
                ordinal = _after(text, at + piece.start, "第")
                lone = piece.lone and not ordinal
                yield Numeral(at + piece.start, at + piece.end, piece.value, ordinal, piece.percent, lone)


def _after(text: str, at: int, mark: str) -> bool:
    return text[:at].rstrip().endswith(mark) if at else False


def _find_vi(text: str) -> Iterator[Numeral]:
    run: list[tuple[int, int, Item]] = []
    before = ""
    for match in re.finditer(_VI, text):
        item: Item | None = None
        key = ""
        if match["figures"]:
            pieces = list(figure_pieces(match["figures"], match.start(), "vi"))
            if len(pieces) == 1 and pieces[0].value is not None:
                item = pieces[0].value
            else:
                yield from _vi_run(run, before)
                run = []
                yield from (Numeral(p.start, p.end, p.value) for p in pieces if p.value is not None)
        elif match["latin"]:
            key = syllable_key(match["latin"])
            roman = roman_value(match["latin"])
            if key in VI_NUMBER_WORDS:
                item = key
            elif roman is not None:
                item = roman
            elif key in VI_ORDINAL and before == "thưˊ" and not run:
                yield Numeral(match.start(), match.end(), VI_ORDINAL[key], ordinal=True)
        if item is not None:
            run.append((match.start(), match.end(), item))
            continue
        yield from _vi_run(run, before)
        run, before = [], key
    yield from _vi_run(run, before)


def _vi_run(run: list[tuple[int, int, Item]], before: str) -> Iterator[Numeral]:
    """Numbers of a run of number items; `before` is the key of the word in front of it."""
    ordinal = before == "thưˊ"
    for piece in vi_pieces(tuple(item for _, _, item in run)):
        value = piece.value
        if value is None and ordinal and piece.start == 0:
            value = VI_ORDINAL.get(str(run[0][2]))
        if value is not None:
            first = ordinal and piece.start == 0
            yield Numeral(
                run[piece.start][0],
                run[piece.end - 1][1],
                value,
                first,
                piece.percent,
                piece.lone and not first,
            )


def find_numerals(text: str, lang: Side) -> tuple[Numeral, ...]:
    """The numbers of a text in order, not overlapping. Linear.

    >>> [n.value for n in find_numerals("第十六次，共350万", "zh")]
    [16, 3500000]
    >>> [n.value for n in find_numerals("lần thứ mười sáu, 3,5 triệu", "vi")]
    [16, 3500000]
    """
    return tuple(_find_zh(text) if lang == "zh" else _find_vi(text))
