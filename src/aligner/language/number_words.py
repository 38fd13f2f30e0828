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
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_LEAST_POSITIONAL = 3  # digits in a row that are a number: 五六 is "five or six"
_LONGEST_NUMERAL = 40
HAN_NUMERALS = "".join([*HAN_DIGITS, *_UNITS, *_TENS, *_SCALES])
"""Every character a 汉字 numeral is written with."""

HAN_VALUES: dict[str, int] = {**HAN_DIGITS, **_UNITS, **_TENS, **_SCALES}
"""Value of a numeral character that stands alone."""


def _section(text: str) -> int | None:
    """A number under 10,000 such as 三千零五十二; None where it is not well formed."""
    total, last, digit, zero = 0, 10**4, None, False
    for i, c in enumerate(text):
        if c in _TENS and digit is None and last > _TEN:
            total, last, zero = total + _TENS[c], _TEN, False
        elif c in _UNITS:
            unit = _UNITS[c]
            bare = digit is None  # only ten may lack its digit: first, after zero, or after a hundred
            if unit >= last or (bare and (unit > _TEN or (i and not zero and last != _HUNDRED))):
                return None
            total, last, digit, zero = total + (digit or 1) * unit, unit, None, False
        elif digit is not None or c not in HAN_DIGITS or (zero and HAN_DIGITS[c] == 0):
            return None
        elif HAN_DIGITS[c] == 0:
            zero = True
        else:
            digit = HAN_DIGITS[c]
    if digit is None:
        return None if zero else total
    colloquial = last in {_HUNDRED, _THOUSAND} and not zero  # 一百二 is 120
    return total + digit * (last // _TEN if colloquial else 1)


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
        if len(text) >= _LEAST_POSITIONAL or (text[1:] in {"〇", "零", "○"} and text[0] not in "〇零○"):
            return int("".join(str(HAN_DIGITS[c]) for c in text))
        return None
    return _structured(text)


def han_prefix(text: str, at: int = 0) -> tuple[int, int]:
    """Value and end of the longest 汉字 numeral at an offset that holds a numeral character."""
    end = at
    while end < len(text) and text[end] in HAN_VALUES:
        end += 1
    for stop in range(min(end, at + _LONGEST_NUMERAL), at + 1, -1):
        value = parse_han(text[at:stop])
        if value is not None:
            return value, stop
    return HAN_VALUES[text[at]], at + 1


def han_numeral(n: int) -> str:
    """A whole number from 0 to 10^16 - 1 in 汉字, as read aloud (十六, not 一十六)."""
    if n < _TEN:
        return "〇一二三四五六七八九"[n] if n else "零"
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if n >= scale:
            head, tail = divmod(n, scale)
            left = "" if scale == _TEN and head == 1 else han_numeral(head)
            gap = "零" if tail and tail * 10 < scale else ""
            rest = han_numeral(tail) if tail else ""
            if rest.startswith("十"):
                rest = "一" + rest
            return left + name + gap + rest
    raise AssertionError(n)


_VI_DIGIT_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
VI_DIGITS = {syllable_key(w): n for n, w in enumerate(_VI_DIGIT_WORDS)}
_VI_LAST = {
    **{k: n for k, n in VI_DIGITS.items() if n and k != "năm"},
    **{syllable_key(w): n for w, n in [("mốt", 1), ("tư", 4), ("lăm", 5), ("nhăm", 5), ("bẩy", 7)]},
}
_VI_AFTER_ZERO = {**_VI_LAST, syllable_key("năm"): 5}
VI_SCALES = {
    syllable_key(w): n
    for w, n in [
        ("nghìn", 10**3), ("ngàn", 10**3), ("vạn", 10**4), ("triệu", 10**6), ("tỷ", 10**9), ("tỉ", 10**9),
    ]
}  # fmt: skip
_KHONG, _MUOI, _MUOI10, _CHUC, _TRAM, _RUOI, _PHAY, _PHAN = (
    syllable_key(w) for w in ["không", "mươi", "mười", "chục", "trăm", "rưỡi", "phẩy", "phần"]
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
    word, following, *_ = (*map(str, items[at : at + 2]), "", "")
    if following == _TRAM and word in VI_DIGITS:
        hundreds, i = VI_DIGITS[word], at + 2
    elif word == _TRAM:
        hundreds, i = 1, at + 1
    elif word == _CHUC:
        return _TEN, at + 1
    else:
        return _tens(items, at) or (VI_DIGITS.get(word, 0), at + (word in VI_DIGITS))
    if items[i : i + 1] == [_RUOI]:
        return hundreds * _HUNDRED + _HUNDRED // 2, i + 1
    rest, end = _tens(items, i) or (0, i)
    return hundreds * _HUNDRED + rest, end


def _tens(items: Sequence[Item], at: int) -> tuple[int, int] | None:
    """What stands below the hundreds: linh năm, mười hai, hai mươi mốt, hai chục. Value and end, or None."""
    word, following, last, *_ = (*map(str, items[at : at + 3]), "", "", "")
    if word in _LINH and following in _VI_AFTER_ZERO:
        return _VI_AFTER_ZERO[following], at + 2
    if word == _MUOI10:
        return _TEN + _VI_LAST.get(following, 0), at + 1 + (following in _VI_LAST)
    if word in VI_DIGITS and following == _MUOI:
        return VI_DIGITS[word] * _TEN + _VI_LAST.get(last, 0), at + 2 + (last in _VI_LAST)
    if word in VI_DIGITS and following == _CHUC:
        return VI_DIGITS[word] * _TEN, at + 2
    return None


def _whole(items: Sequence[Item], at: int) -> tuple[Value, int]:
    """A number with scales at an offset: its value and end; end = at where there is none.

    Every scale multiplies the group before it and all smaller parts read so far, so that
    hai nghìn ba trăm tỷ is 2,300 × 10^9; scales must otherwise fall.
    """
    parts: list[tuple[Value, int]] = []  # (value, its scale), scales falling
    i = at
    while i < len(items):
        word = items[i]
        group, end = _group(items, i) if isinstance(word, str) else (word, i + 1)
        named = end > i
        scale = VI_SCALES.get(str(items[end])) if end < len(items) else None
        if scale is None:
            # After a scale only a group of several words goes on: in "hai nghìn năm" năm is the year.
            fits = not parts or (isinstance(word, str) and end > i + 1 and group < parts[-1][1])
            if named and fits:
                parts.append((group, 1))
                i = end
            break
        if parts and (scale == parts[-1][1] or (scale < parts[-1][1] and not named)):
            break
        value: Value = group if named or parts else 1
        while parts and parts[-1][1] < scale:
            value += parts.pop()[0]
        parts.append((value * scale, scale))
        i = end + 1
        if items[i : i + 1] == [_RUOI]:
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
        Value, end and whether it is a percentage (ba mươi phần trăm, năm phần vạn), or None where no number
        starts.

    >>> parse_vi([syllable_key(w) for w in "hai mươi mốt nghìn tỷ".split()])
    (21000000000000, 5, False)
    """
    items = list(items)
    value, end = _whole(items, at)
    decimals = 0
    if items[end : end + 1] == [_PHAY]:
        decimals = next(
            (i for i, w in enumerate(items[end + 1 :]) if w not in VI_DIGITS), len(items) - end - 1
        )
    if end == at or (items[at:end] == [_KHONG] and not decimals):  # không is "not" by itself
        return None
    if decimals:
        fraction = "".join(str(VI_DIGITS[str(w)]) for w in items[end + 1 : end + 1 + decimals])
        value, end = value + Fraction(int(fraction), 10**decimals), end + 1 + decimals
    if items[end : end + 2] == [_PHAN, _TRAM]:
        return plain(value), end + 2, True
    if items[end : end + 1] == [_PHAN]:
        below, stop = _whole([_FOUR if w == _TU else w for w in items], end + 1)
        if stop > end + 1 and is_share(below):
            return in_percent(value, below), stop, True
        if stop > end + 1 and below:
            return plain(Fraction(value) / below), stop, False
    return plain(value), end, False


_TU, _FOUR = syllable_key("tư"), syllable_key("bốn")


def is_share(below: Value) -> bool:
    """Whether what a fraction is counted in is a hundred, a thousand, ten thousand …: a rate."""
    return below >= _HUNDRED and str(below).strip("0") == "1"


def in_percent(above: Value, below: Value) -> Value:
    """A rate as a percentage: five in ten thousand is 0.05."""
    return plain(Fraction(above) * _HUNDRED / below)


def plain(value: Value) -> Value:
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
