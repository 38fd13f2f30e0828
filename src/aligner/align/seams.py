"""Where a sentence may begin although no full stop says so, and how likely that is.

In Vietnamese a seam is a space before a capital; in "Chào xuân Hà Nội Người dân đổ về phố cổ" there are
three. The words around it tell how likely it is, by naive Bayes over three questions. Names and titles
have capitals inside a sentence; but a closed-class word (Các, Khi, Với, Một) has one only at its
beginning, a foreign name begins few sentences, and after a preposition none begins. In Chinese, which
has no capitals, a seam is a space between two Han characters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from aligner.language.function_words import function_words
from aligner.language.syllables import is_syllable, syllable_key

_SEAMS = {
    "vi": regex.compile(r"(?<=[\p{L}\p{N})\]”\"’'.…!?:;])\s+(?=[“\"‘'(]?\p{Lu})"),
    "zh": regex.compile(r"(?<=[\p{Han}\p{N})）》”])\s+(?=[\p{Han}\p{N}(（《“])"),
}
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_END = regex.compile(r"[.。．!！?？…:：;；]\W*$")

_ODDS: tuple[Mapping[str, float], ...] = (
    {"capital": -2.1, "small": 1.1, "unfinished": -4.5},
    {"closed": 3.8, "foreign": -2.4, "other": -0.2},
    {"capital": -0.7, "small": 0.4, "none": 0.0},
)
"""Log2 likelihood ratio of beginnings against capitals inside a sentence, by the word before the seam, the
first and the second after it, as `python -m benchmarks.seams` counts them on the tuning half."""
_SHARE = 0.5
"""The three facts depend on each other, so that their sum says too much; chosen on the tuning half."""
_UNMARKED = -6.0
"""A sentence of one language ends in a full stop, its translation in none; assumed: one in 64."""
_MARKED = -3.0
"""A mark stands at the seam, and none in the other language; assumed."""

_OPENERS = ("các", "những", "mỗi", "mọi")
"""Beside the closed-class words that no term begins with."""
_NEEDS_MORE = (
    "các những mỗi mọi một của và hoặc với tại từ bởi vì rằng như đã đang sẽ bị giữa nhằm nếu tuy dù dẫu"
    " nhưng"
)
"""Prepositions, conjunctions, determiners and auxiliaries: more must follow. From general knowledge."""


@dataclass(frozen=True, slots=True)
class Seam:
    """A place to divide a text: `text[:end]` and `text[start:]`.

    Attributes:
        end: where the first part ends.
        start: where the second begins.
        odds: log2 likelihood ratio that a sentence begins here, by the words around it.
        marked: whether the first part ends in a full stop or the like.
        kinds: of the words around it, by which its odds are known; empty in Chinese.
    """

    end: int
    start: int
    odds: float
    marked: bool
    kinds: tuple[str, ...] = ()

    def weight(self, *, ended: bool) -> float:
        """Log2 odds of the seam.

        Args:
            ended: whether the segment that the other language has here ends in a full stop or the like.
        """
        if self.marked:
            return self.odds + (0.0 if ended else _MARKED)
        return self.odds + (_UNMARKED if ended else 0.0)


def seams(text: str, lang: str) -> tuple[Seam, ...]:
    """The seams of a text in order, O(len(text))."""
    words = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    found: list[Seam] = []
    for match in _SEAMS[lang].finditer(text):
        at = bisect_left(starts, match.end())
        if 0 < at < len(words):
            kinds = _kinds([text[start:end] for start, end in words[at - 1 : at + 2]]) if lang == "vi" else ()
            odds = _SHARE * sum(table[kind] for table, kind in zip(_ODDS, kinds, strict=False))
            found.append(Seam(*match.span(), odds, is_ended(text[: match.start()]), kinds))
    return tuple(found)


def is_ended(text: str) -> bool:
    """Whether a text ends in a full stop or the like; a headline does not."""
    return _END.search(text[-_TAIL:]) is not None


_TAIL = 12  # characters looked at for a full stop and the closing marks after it


def _kinds(words: Sequence[str]) -> tuple[str, str, str]:
    """Kinds of the word before the seam, of the first after it, and of the second if there is one."""
    before, first, *rest = words
    key = syllable_key(first)
    return (
        "capital"
        if before[:1].isupper()
        else "unfinished"
        if syllable_key(before) in _needs_more()
        else "small",
        "closed" if key in _openers() else "other" if is_syllable(key) else "foreign",
        ("capital" if rest[0][:1].isupper() else "small") if rest else "none",
    )


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    return function_words()["edge", "vi"] | {syllable_key(word) for word in _OPENERS}


@lru_cache(maxsize=1)
def _needs_more() -> frozenset[str]:
    return frozenset(map(syllable_key, _NEEDS_MORE.split()))
