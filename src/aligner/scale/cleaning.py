"""Why a bead is not worth keeping in a corpus, and what a person should know of one that is.

Each rule looks at one bead; what stands in many documents is known beforehand (`lines`), and what stands
twice is found by the engine's MinHash (`duplicates`). A bead is dropped for the first reason that holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import regex

from aligner.evidence.length import length_weight
from aligner.evidence.parameters import shipped_parameters
from aligner.language.script import is_han
from aligner.language.syllables import has_vietnamese_letter
from aligner.language.tokens import token_keys


class Pair(NamedTuple):
    """The texts of a bead, and their tokens.

    Attributes:
        zh, vi: the texts.
        zh_keys, vi_keys: their token keys.
    """

    zh: str
    vi: str
    zh_keys: tuple[str, ...]
    vi_keys: tuple[str, ...]


_ENOUGH = 6
"""Tokens from which a text's language can be told: a name or a command has none of its own."""
_LEAST_SHARE = 0.1
"""Share of a text's tokens that are in its language, at least: a sentence about programs has many Latin
names, a sentence in another language next to nothing of this one."""

_ODD = -6.0
"""Log2 odds of the lengths from which a bead is odd: sixty-four to one against, by the length model that
aligning uses."""


_HUNDRED = 100
_ROUNDED = Fraction(1, 2)
"""What a percentage may be off for being rounded to a whole one."""


def make_pair(zh: str, vi: str) -> Pair:
    """A bead's texts, tokenised."""
    return Pair(zh, vi, tuple(token_keys(zh, "zh")), tuple(token_keys(vi, "vi")))


def _other_language(pair: Pair) -> bool:
    zh = sum(is_han(key[0]) for key in pair.zh_keys)
    vi = sum(has_vietnamese_letter(key) for key in pair.vi_keys)
    han = sum(is_han(key[0]) for key in pair.vi_keys)
    return _lacks(zh, pair.zh_keys) or _lacks(vi, pair.vi_keys) or 2 * han > max(1, len(pair.vi_keys))


def _lacks(own: int, keys: tuple[str, ...]) -> bool:
    """Whether a text long enough to tell has next to nothing of its language."""
    return len(keys) >= _ENOUGH and own < _LEAST_SHARE * len(keys)


def _odd_length(pair: Pair) -> bool:
    model = shipped_parameters().length_model
    zh, vi = np.array([float(len(pair.zh_keys))]), np.array([float(len(pair.vi_keys))])
    return float(length_weight(zh, vi, model.mean, model)[0]) < _ODD


def _other_numbers(pair: Pair) -> bool:
    """Whether both sides give numbers, and none of them is on the other side, in whatever form."""
    zh, vi = ({key for key in keys if key.startswith("#")} for keys in (pair.zh_keys, pair.vi_keys))
    if not (zh and vi) or zh & vi:
        return False
    ours, theirs = ({Fraction(key[1:]) for key in keys} for keys in (zh, vi))
    if _decades(pair.zh_keys) & _tens(theirs):
        return False
    return not (_is_among(ours, theirs) or _is_among(theirs, ours))


def _decades(keys: tuple[str, ...]) -> set[Fraction]:
    """The decades of centuries that a zh text names: 80 of 20世纪80年代, in Vietnamese 1980."""
    after = zip(keys, keys[1:], keys[2:], strict=False)
    return {Fraction(key[1:]) for key, *unit in after if key.startswith("#") and unit == ["年", "代"]}


def _tens(values: Collection[Fraction]) -> set[Fraction]:
    """What years say of their decade without the century: 80 for 1980."""
    return {value % _HUNDRED for value in values if value > _HUNDRED}


def _is_among(values: Collection[Fraction], others: Collection[Fraction]) -> bool:
    """Whether one of the values stands among others as a percentage, rounded perhaps, or as a fraction.

    三分之一 is 33,3% and 1/3, 四分之三 is 75%: a fraction is looked for as its hundredfold, give or take half
    a percent, and as two numbers of which it is the quotient. A wrong number may pass for such a form (0,05%
    for five); a right one is not dropped.
    """
    return any(
        (0 < value < 1 and any(abs(_HUNDRED * value - other) < _ROUNDED for other in others))
        or (value.denominator > 1 and _is_quotient(value, others))
        for value in values
    )


def _is_quotient(value: Fraction, others: Collection[Fraction]) -> bool:
    return any(below and {value * below, value / _HUNDRED * below} & set(others) for below in others)


def _copied(pair: Pair) -> bool:
    """Whether one side is the other, untranslated."""
    return pair.zh_keys == pair.vi_keys


RULES: Mapping[str, Callable[[Pair], bool]] = {
    "copy": _copied,
    "language": _other_language,
    "length": _odd_length,
    "numbers": _other_numbers,
}
"""Reasons that can be seen in one bead."""

_PERSONAL: Mapping[str, regex.Pattern[str]] = {
    "email": regex.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"),
    # Mobile and landline numbers of both countries, with or without country code.
    "phone": regex.compile(
        r"(?<![\d.])(?:\+?84[\s.-]?|0)[235789]\d{1,2}[\s.-]?\d{3}[\s.-]?\d{3,4}(?![\d.])"
        r"|(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"
    ),
    # Citizens' numbers: 18 places in China (GB 11643), 12 in Vietnam, beginning with the province's code.
    "citizen-number": regex.compile(
        r"(?<!\d)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?!\d)|(?<!\d)0\d{2}[0-3]\d{8}(?!\d)"
    ),
}


def flags(zh: str, vi: str) -> tuple[str, ...]:
    """Kinds of personal data that seem to stand in a bead: email, phone, citizen-number."""
    return tuple(kind for kind, pattern in _PERSONAL.items() if pattern.search(zh) or pattern.search(vi))


def reason(pair: Pair, leave_out: Collection[str]) -> str | None:
    """The first reason to drop a bead, for what it says itself; None to keep it."""
    return next((name for name, holds in RULES.items() if name not in leave_out and holds(pair)), None)


_FEWEST = 5
"""Documents a line must stand in to be boilerplate at all."""
_SHARE = 0.01
"""Share of the documents from which on it is."""
_KEPT_LINES = 20_000
"""Lines counted per shard at most, the most frequent ones."""


def line_key(text: str) -> str:
    """Names a line whatever its spaces and case."""
    plain = " ".join(text.split()).casefold()
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def common_lines(counts: Counter[str], documents: int) -> frozenset[str]:
    """Keys of the lines that stand in so many documents that they belong to the site, not to the text.

    Args:
        counts: in how many documents each line stands.
        documents: how many documents there are.
    """
    least = max(_FEWEST, _SHARE * documents)
    return frozenset(key for key, count in counts.items() if count >= least)


def most_common(counts: Counter[str]) -> dict[str, int]:
    """What a shard tells of its lines: those that stand in two documents at least, the commonest first."""
    several = [(key, count) for key, count in counts.items() if count > 1]
    return dict(sorted(several, key=lambda item: (-item[1], item[0]))[:_KEPT_LINES])
