"""Candidates: the stretches of a text that could be a term, by the words they are made of.

Chinese: runs of up to eight words that begin and end on a word, hold no punctuation but joined names and
quoted words (“三好”学生), no particle and no pronoun; how much their parts of speech look like a noun
phrase's is their `shape`. Vietnamese: runs of up to sixteen syllables that neither begin nor end with a
closed-class word; where they cut one of the segmenter's words, `cuts` counts it, for the segmenter errs.
Brackets may stand inside (Móng Cái (Việt Nam) - Đông Hưng (Trung Quốc)), but are never cut. A comma, a
semicolon, a full stop end every candidate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from aligner.language.function_words import function_words
from aligner.language.normal import key, simplify
from aligner.language.script import HAN
from aligner.language.tokens import Token
from aligner.terms.tagging import Word

_MOST_WORDS = 8
_MOST_SYLLABLES = 16
_MOST_CHARACTERS = 24

_PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "(": ")", "（": "）", "«": "»"}
_CLOSING = frozenset(_PAIRS.values())
_BRACKETS = (("(", ")"), ("（", "）"))
_SAME = "\"'"
_QUOTES = frozenset("\"'“”‘’「」『』«»")
_JOINER = re.compile(r"[\s\-‐‑‒–—―−－·・]*")
# Between two tokens of one candidate: dashes, spaces, quotation marks, brackets.
_INNER = re.compile(r"[\s\-‐‑‒–—―−－·・\"'“”‘’「」『』()（）«»&]*")
_SHORT_QUOTATION = re.compile('[“«"][^“”«»"]{1,16}[”»"]')
_PAIRED = re.compile(r"[\"'“”‘’「」『』«»()（）]")

# Parts of speech a candidate must not hold (particles, pronouns, prepositions, conjunctions, interjections,
# onomatopoeia, modal particles) and those it must not begin or end with besides.
_NEVER = ("u", "r", "p", "c", "e", "y", "o", "w")
_NOT_FIRST = (*_NEVER, "d", "f", "k", "q", "t", "zg", "h")
_NOT_LAST = (*_NEVER, "d", "m", "t", "zg", "h", "p")


class ZhSpan(NamedTuple):
    """A Chinese candidate: tokens `first` to `last` (exclusive).

    Attributes:
        first, last: its tokens.
        shape: log2 odds by its parts of speech that it is a noun phrase; see `termhood`.
        words: the words it is made of, as (first, last) tokens.
        named: whether a part is tagged as a name.
    """

    first: int
    last: int
    tags: tuple[str, ...]
    words: tuple[tuple[int, int], ...]


class ViSpan(NamedTuple):
    """A Vietnamese candidate: tokens `first` to `last` (exclusive).

    Attributes:
        first, last: its tokens.
        cuts: how many of its two ends fall inside a word.
    """

    first: int
    last: int
    cuts: int


def zh_candidates(text: str, tokens: Sequence[Token], words: Sequence[Word]) -> list[ZhSpan]:
    """The candidates of a Chinese text; a few for each word.

    Args:
        text: the text.
        tokens: its tokens.
        words: its words, which cover it.
    """
    starts = {token.start: number for number, token in enumerate(tokens)}
    ends = {token.end: number + 1 for number, token in enumerate(tokens)}
    edge = function_words()["edge", "zh"]
    solid = [(w, starts[w.start], ends[w.end]) for w in words if w.start in starts and w.end in ends]
    found: list[ZhSpan] = []
    for at, (word, first, _) in enumerate(solid):
        if word.tag.startswith(_NOT_FIRST) or simplify(text[word.start : word.end]) in edge:
            continue
        taken: list[tuple[Word, int, int]] = []
        for entry in solid[at : at + _MOST_WORDS]:
            if taken and (entry[1] != taken[-1][2] or not _joined(text, taken[-1][0].end, entry[0].start)):
                break
            if entry[0].tag.startswith(_NEVER) or entry[0].end - word.start > _MOST_CHARACTERS:
                break
            taken.append(entry)
            last = entry[0]
            if last.tag.startswith(_NOT_LAST) or simplify(text[last.start : last.end]) in edge:
                continue
            if entry[2] - first > 1 and balanced(text, word.start, last.end):
                tags = tuple(w.tag for w, _, _ in taken)
                found.append(ZhSpan(first, entry[2], tags, tuple((a, b) for _, a, b in taken)))
    return found


def _joined(text: str, end: int, start: int) -> bool:
    """Whether what stands between two words leaves them in one candidate."""
    return _INNER.fullmatch(text, end, start) is not None


def balanced(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no pair of brackets or quotation marks; one may close right behind it."""
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    open_ones: list[str] = [_PAIRS[before]] if before in _QUOTES and before in _PAIRS else []
    beside = bool(open_ones)
    for char in text[start:end]:
        if char in _PAIRS:
            open_ones.append(_PAIRS[char])
        elif char in _CLOSING:
            if not open_ones:
                return False
            if open_ones.pop() != char:
                return False
            beside = beside and bool(open_ones)
    if beside:  # what opened before the stretch does not concern it
        open_ones = open_ones[1:]
    odd = any(text.count(mark, start, end) % 2 for mark in _SAME)
    if odd and not {before, behind} & set(_SAME):
        return False
    return not open_ones or open_ones == [behind]


def vi_candidates(text: str, tokens: Sequence[Token], words: Sequence[tuple[int, int]]) -> list[ViSpan]:
    """The candidates of a Vietnamese text; up to sixteen for each syllable.

    Args:
        text: the text.
        tokens: its tokens; those of an abbreviation share a span and are not parted.
        words: its words as spans.
    """
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    able = _able(text, tokens, words)
    count = len(tokens)
    unsafe = _PAIRED.search(text) is not None
    found: list[ViSpan] = []
    for first in range(count):
        if not able[first] or (first and tokens[first - 1].start == tokens[first].start):
            continue
        start = tokens[first].start
        for last in range(first, min(first + _MOST_SYLLABLES, count)):
            token = tokens[last]
            before = tokens[last - 1]
            if last > first and before.end <= token.start and not _joined(text, before.end, token.start):
                break
            if not able[last] or (last + 1 < count and tokens[last + 1].start == token.start):
                continue
            if unsafe and not balanced(text, start, token.end):
                continue
            found.append(ViSpan(first, last + 1, (start not in starts) + (token.end not in ends)))
    return found


def _able(text: str, tokens: Sequence[Token], words: Sequence[tuple[int, int]]) -> list[bool]:
    """Whether a candidate may begin or end with each token: whether its word is no closed-class word.

    In a short quotation (nguyên tắc “3 cùng”) any word may: it is mentioned, not used.
    """
    edge = function_words()["edge", "vi"]
    quoted = [match.span() for match in _SHORT_QUOTATION.finditer(text)]
    word_at = {place: word for word in words for place in range(*word)}
    able = []
    for token in tokens:
        start, end = word_at.get(token.start, (token.start, token.end))
        alone = start == token.start and end <= token.end
        word = token.key if alone else _word_key(text[start:end])
        mentioned = any(a <= token.start and token.end <= b for a, b in quoted)
        able.append(token.kind == "number" or mentioned or word not in edge)
    return able


_word_key = lru_cache(maxsize=65536)(key)  # a text's words come again and again


_QUOTE = re.compile("[\"'“”‘’「」『』«»]")
_OPENING = {closing: mark for mark, closing in _PAIRS.items()}


def forms(text: str, start: int, end: int) -> tuple[str, str]:
    """A candidate as a glossary shows it, without quotation marks; and with them, as it stands in the text.

    >>> forms("评选“三好”学生和", 3, 8)
    ('三好学生', '“三好”学生')
    """
    inside = text[start:end]
    for mark in _QUOTE.findall(inside):
        if mark in _OPENING and inside.count(_OPENING[mark]) < inside.count(mark):
            inside = text[start - 1 : start] * (text[start - 1 : start] == _OPENING[mark]) + inside
        elif mark in _PAIRS and inside.count(_PAIRS[mark]) < inside.count(mark):
            inside += text[end : end + 1] * (text[end : end + 1] == _PAIRS[mark])
        elif mark in _SAME and inside.count(mark) % 2:
            inside = text[start - 1] + inside if text[start - 1 : start] == mark else inside
            inside += mark if inside.count(mark) % 2 and text[end : end + 1] == mark else ""
    for opening, closing in _BRACKETS:
        if inside.count(opening) > inside.count(closing) and text[end : end + 1] == closing:
            inside += closing
    written = re.sub(rf"\s+(?=[{HAN}])|(?<=[{HAN}])\s+", "", " ".join(inside.split()))
    return _QUOTE.sub("", written), written
