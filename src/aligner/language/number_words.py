"""Numbers in words: 汉字 numerals and Vietnamese number words, read and written.

Chinese is read as in 三百二十万零五, with 廿 and 卅, the formal 壹贰叁, digit by digit as in years (二〇二五)
and with the colloquial last digit (三万五 = 35,000). Vietnamese is read over syllable keys, mixed with
figures (3,5 triệu; 20 vạn; hai mươi mốt nghìn tỷ), with rưỡi for half. `năm` is five and year: after mười,
mươi, trăm, nghìn … it is the year, for five would be lăm or stand after linh.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from aligner.language.syllables import syllable_key

Value = int | Fraction

HAN_DIGITS = {
    c: n
    for n, chars in enumerate(
        ["〇零○", "一壹弌", "二两贰兩貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"]
    )
    for c in chars
}
_POSITIONAL = frozenset("〇零○一二三四五六七八九")
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
HAN_NUMERALS = "".join([*HAN_DIGITS, *_UNITS, *_TENS, *_SCALES])
"""Every character a 汉字 numeral is written with."""

HAN_VALUES: dict[str, int] = {**HAN_DIGITS, **_UNITS, **_TENS, **_SCALES}
"""Value of a numeral character that stands alone."""


def _section(text: str) -> int | None:
    """A number under 10,000 such as 三千零五十二; None where it is not well formed."""
    total, last, digit, zero = 0, 10**4, None, False
    for i, c in enumerate(text):
        if c in _TENS and digit is None and last > 10:
            total, last, zero = total + _TENS[c], 10, False
        elif c in _UNITS:
            unit = _UNITS[c]
            if unit >= last or (digit is None and (unit > 10 or (i and not zero and last != 100))):
                return None
            total, last, digit, zero = total + (1 if digit is None else digit) * unit, unit, None, False
        elif digit is not None or c not in HAN_DIGITS or (zero and HAN_DIGITS[c] == 0):
            return None
        elif HAN_DIGITS[c] == 0:
            zero = True
        else:
            digit = HAN_DIGITS[c]
    if digit is None:
        return None if zero else total
    colloquial = last in {100, 1000} and not zero
    return total + digit * (last // 10 if colloquial else 1)


def _structured(text: str) -> int | None:
    """A number with units; the largest scale divides it into what is before and after."""
    for scale in (10**8, 10**4):
        at = max((i for i, c in enumerate(text) if _SCALES.get(c) == scale), default=-1)
        if at < 0:
            continue
        before, after = text[:at], text[at + 1 :]
        head = _UNITS.get(before) or _structured(before)
        if not head or head >= (10**8 if scale == 10**8 else 10**4):
            return None
        if not after:
            return head * scale
        tail = _structured(after)
        if tail is None or tail >= scale:
            return None
        colloquial = len(after) == 1 and after in HAN_DIGITS
        return head * scale + tail * (scale // 10 if colloquial else 1)
    return _section(text) if text else None


@lru_cache(maxsize=4096)
def parse_han(text: str) -> int | None:
    """Value of a whole 汉字 numeral, None where it is none.

    Digits in a row are a number from three on, or with a zero among them: 五六 is "five or six".

    >>> parse_han("二〇二五"), parse_han("三百二十万零五"), parse_han("两万五"), parse_han("五六")
    (2025, 3200005, 25000, None)
    """
    if len(text) == 1:
        return HAN_VALUES.get(text)
    if all(c in _POSITIONAL for c in text):
        if len(text) >= 3 or (text[1:] in {"〇", "零", "○"} and text[0] not in "〇零○"):
            return int("".join(str(HAN_DIGITS[c]) for c in text))
        return None
    return _structured(text)


def han_prefix(text: str, at: int = 0) -> tuple[int, int]:
    """Value and end of the longest 汉字 numeral at an offset that holds a numeral character."""
    end = at
    while end < len(text) and text[end] in HAN_VALUES:
        end += 1
    for stop in range(min(end, at + 40), at + 1, -1):
        value = parse_han(text[at:stop])
        if value is not None:
            return value, stop
    return HAN_VALUES[text[at]], at + 1


def han_numeral(n: int) -> str:
    """A whole number from 0 to 10^16 - 1 in 汉字, as read aloud (十六, not 一十六)."""
    if n < 10:
        return "〇一二三四五六七八九"[n] if n else "零"
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if n >= scale:
            head, tail = divmod(n, scale)
            left = "" if scale == 10 and head == 1 else han_numeral(head)
            gap = "零" if tail and tail * 10 < scale else ""
            rest = han_numeral(tail) if tail else ""
            if rest.startswith("十"):
                rest = "一" + rest
            return left + name + gap + rest
    raise AssertionError(n)


_VI_DIGIT_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
VI_DIGITS = {syllable_key(w): n for n, w in enumerate(_VI_DIGIT_WORDS)}
_VI_LAST = {
    **{k: n for k, n in VI_DIGITS.items() if n and n != 5},
    **{syllable_key(w): n for w, n in [("mốt", 1), ("tư", 4), ("lăm", 5), ("nhăm", 5), ("bẩy", 7)]},
}
_VI_AFTER_ZERO = {**_VI_LAST, syllable_key("năm"): 5}
VI_SCALES = {
    syllable_key(w): n
    for w, n in [
        ("nghìn", 10**3), ("ngàn", 10**3), ("vạn", 10**4), ("triệu", 10**6), ("tỷ", 10**9), ("tỉ", 10**9),
    ]
}  # fmt: skip
_MUOI, _MUOI10, _CHUC, _TRAM, _RUOI, _PHAY, _PHAN = (
    syllable_key(w) for w in ["mươi", "mười", "chục", "trăm", "rưỡi", "phẩy", "phần"]
)
_LINH = frozenset([syllable_key("linh"), syllable_key("lẻ")])
VI_LONE: dict[str, int] = {
    **{k: n for k, n in VI_DIGITS.items() if n},
    syllable_key("bẩy"): 7, _MUOI10: 10, _CHUC: 10, _TRAM: 100, **VI_SCALES,
}  # fmt: skip
"""Number words that can be a number by themselves, with their value; tư (private) and không (not) cannot."""

VI_ORDINAL = {syllable_key("nhất"): 1, syllable_key("nhì"): 2, syllable_key("tư"): 4}
"""Words that are numbers only after thứ."""

VI_NUMBER_WORDS = frozenset([*VI_LONE, *VI_DIGITS, *_VI_LAST, *_LINH, _MUOI, _RUOI, _PHAY, _PHAN])
"""Every syllable key that can stand in a number of several words."""

Item = str | int | Fraction
"""What a Vietnamese number is read from: a syllable key, or the value of a number in figures."""


def _group(items: Sequence[Item], at: int) -> tuple[int, int]:
    """A number under 1,000 in words at an offset: its value and end; end = at where there is none."""
    total, i = 0, at
    word = items[i] if i < len(items) else ""
    following = items[i + 1] if i + 1 < len(items) else ""
    if following == _TRAM and word in VI_DIGITS:
        total, i = VI_DIGITS[str(word)] * 100, i + 2
    elif word == _TRAM:
        total, i = 100, i + 1
    word = items[i] if i < len(items) else ""
    following = items[i + 1] if i + 1 < len(items) else ""
    if i > at and word == _RUOI:
        return total + 50, i + 1
    if word in _LINH and following in _VI_AFTER_ZERO:
        return total + _VI_AFTER_ZERO[str(following)], i + 2
    if word == _MUOI10:
        last = _VI_LAST.get(str(following), 0)
        return total + 10 + last, i + 1 + (last > 0)
    if word in VI_DIGITS and following in {_MUOI, _CHUC}:
        last = _VI_LAST.get(str(items[i + 2]), 0) if following == _MUOI and i + 2 < len(items) else 0
        return total + VI_DIGITS[str(word)] * 10 + last, i + 2 + (last > 0)
    if word == _CHUC and i == at:
        return 10, i + 1
    if i == at and word in VI_DIGITS:
        return VI_DIGITS[str(word)], i + 1
    return total, i


def _whole(items: Sequence[Item], at: int) -> tuple[Value, int]:
    """A number with scales at an offset: its value and end; end = at where there is none."""
    parts: list[tuple[Value, int]] = []  # (value, smallest scale in it), scales falling
    i = at
    while i < len(items):
        word = items[i]
        group: Value | None
        if isinstance(word, str):
            group, end = _group(items, i)
            group = None if end == i else group
        else:
            group, end = word, i + 1
        scale = VI_SCALES.get(str(items[end])) if end < len(items) else None
        if scale is None:
            words = end - i
            fits = isinstance(word, str) and words > 1 if parts else True
            if group is not None and fits and not (parts and group >= parts[-1][1]):
                parts.append((group, 1))
                i = end
            break
        if group is None and parts and parts[-1][1] >= scale:
            break
        if group is not None and parts and parts[-1][1] == scale:
            break
        value: Value = group if group is not None else (0 if parts else 1)
        while parts and parts[-1][1] < scale:
            value += parts.pop()[0]
        parts.append((value * scale, scale))
        i = end + 1
        if i < len(items) and items[i] == _RUOI:
            parts.append((Fraction(scale, 2), 1))
            i += 1
            break
    return sum(value for value, _ in parts), i


def parse_vi(items: Sequence[Item], at: int = 0) -> tuple[Value, int, bool] | None:
    """The longest number at an offset of a run of number words and figures.

    Args:
        items: syllable keys and figures' values with nothing but white space between them.
        at: where to start.

    Returns:
        Value, end and whether it is a percentage (ba mươi phần trăm), or None where no number starts.

    >>> parse_vi([syllable_key(w) for w in "hai mươi mốt nghìn tỷ".split()])
    (21000000000000, 5, False)
    """
    value, end = _whole(items, at)
    if end == at or items[at:end] == [syllable_key("không")]:
        return None
    if items[end : end + 1] == [_PHAY]:
        digits = end + 1
        while digits < len(items) and items[digits] in VI_DIGITS:
            digits += 1
        if digits > end + 1:
            fraction = "".join(str(VI_DIGITS[str(w)]) for w in items[end + 1 : digits])
            value, end = value + Fraction(int(fraction), 10 ** len(fraction)), digits
    if list(items[end : end + 2]) == [_PHAN, _TRAM]:
        return _plain(value), end + 2, True
    if items[end : end + 1] == [_PHAN] and end + 1 < len(items):
        below, stop = _whole([_FOUR if w == _TU else w for w in items], end + 1)
        if stop > end + 1 and below:
            return _plain(Fraction(value) / below), stop, False
    return _plain(value), end, False


_TU, _FOUR = syllable_key("tư"), syllable_key("bốn")


def _plain(value: Value) -> Value:
    """An int where the fraction is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _vi_group(n: int, *, full: bool) -> list[str]:
    """A number under 1,000 in words; `full` writes không trăm, as after a larger group."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    words = [_VI_DIGIT_WORDS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0:
        return words + (["linh"] if words and ones else []) + ([_VI_DIGIT_WORDS[ones]] if ones else [])
    words += ["mười"] if tens == 1 else [_VI_DIGIT_WORDS[tens], "mươi"]
    last = {1: "mốt" if tens > 1 else "một", 4: "tư" if tens > 1 else "bốn", 5: "lăm"}
    return words + ([last.get(ones, _VI_DIGIT_WORDS[ones])] if ones else [])


def vi_numeral(n: int) -> str:
    """A whole number from 0 to 10^15 - 1 in Vietnamese words, northern usage (nghìn, linh, mốt, tư, lăm)."""
    if n == 0:
        return "không"
    words: list[str] = []
    if n >= 10**9:
        words = [vi_numeral(n // 10**9), "tỷ"]
        n %= 10**9
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        head, n = divmod(n, scale)
        if head:
            words += [*_vi_group(head, full=bool(words)), name]
    return " ".join(word for word in words if word)
