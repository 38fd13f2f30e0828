"""Words with their part of speech: jieba's for Chinese, with what it cannot know put right.

jieba's tags are those of its dictionary (ICTCLAS's set: n noun, v verb, vn verb used as noun, a adjective,
ns nr nt nz names …), so a verb that stands as a noun is still `v`. Six things are put right: a list of
countries in short (中越, which it cuts or takes for other words) is one word, four characters that are two
words are two, so are a light verb and its object (作|报告), a place's long generic (自治区) is a word of its
own, what is listed between places is a place, though it looks like a person (长沙、高平、西安), and words of
grammar in a short quotation are part of a name.
"""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from aligner.language.heads import countries, place_generic
from aligner.language.normal import simplify
from aligner.terms.unknown_words import UnknownWords

_DIVISIBLE = 4
_VERB_AND_OBJECT, _LIGHT_VERBS = 3, "作做"
_LISTED = "、"
_QUOTATION = re.compile('[“‘「『"]([一-鿿]{1,6})[”’」』"]')
_GRAMMAR = ("p", "c", "u", "d", "r", "y")
_KNOWN = 50
"""jieba's count from which half of a four-character word is a word of its own; its rarer entries are often
fragments. Assumed."""
_LEAST_COUNTRIES = 2
_HAN_RUN = re.compile(r"[一-鿿]{2,}")


class Word(NamedTuple):
    """A word of a text: `text[start:end]`.

    Attributes:
        start: offset of its first character.
        end: offset after its last character.
        tag: part of speech.
    """

    start: int
    end: int
    tag: str


@lru_cache(maxsize=1)
def _tagger() -> Any:
    with warnings.catch_warnings():
        # jieba's source has invalid escapes and asks for pkg_resources; neither is ours to mend.
        warnings.simplefilter("ignore")
        import jieba
        import jieba.posseg as model
    jieba.setLogLevel(logging.WARNING)
    tagger = model.POSTokenizer(jieba.dt)
    tagger.initialize()
    unknown = UnknownWords(model.char_state_tab_P, model.start_P, model.trans_P, model.emit_P)
    # jieba has no other place to put in a faster search; the result is the same.
    tagger._POSTokenizer__cut = unknown.words  # noqa: SLF001
    return tagger


@lru_cache(maxsize=65536)
def commonness(word: str) -> float:
    """How common a Chinese word is in general text, as log2 of its share of all words; 0 where unknown.

    After the counts of jieba's dictionary, which come from newspapers and novels. Always negative for a
    word it knows: 发展 −10, 备忘录 −18.
    """
    words = _tagger().tokenizer
    count = words.FREQ.get(simplify(word), 0)
    return math.log2(count / words.total) if count else 0.0


def tag_zh(text: str) -> tuple[Word, ...]:
    """The words of a Chinese text with their tags, white space and punctuation among them (tag x).

    The first call loads jieba's dictionaries (over a second); then linear, about 0.1 million characters a
    second.
    """
    plain = simplify(text)
    found: list[Word] = []
    at = 0
    for pair in _tagger().cut(plain):
        found.append(Word(at, at + len(pair.word), pair.flag))
        at += len(pair.word)
    divided = [word for whole in _with_countries(plain, found) for word in _divided(plain, whole)]
    return tuple(_with_quoted(plain, list(_with_listed_places(plain, divided))))


def _with_quoted(text: str, words: list[Word]) -> Iterator[Word]:
    """The words, those of grammar in a short quotation (“三同”原则) made names: they are mentioned."""
    quoted = [match.span(1) for match in _QUOTATION.finditer(text)]
    for word in words:
        inside = any(start <= word.start and word.end <= end for start, end in quoted)
        yield word._replace(tag="nz") if inside and word.tag.startswith(_GRAMMAR) else word


def known_tag(word: str) -> str:
    """The part of speech jieba's dictionary has for a word; empty for one it does not know."""
    return str(_tagger().word_tag_tab.get(simplify(word), ""))


def _with_listed_places(text: str, words: list[Word]) -> Iterator[Word]:
    """The words, those tagged as persons whose neighbours in a list are all places made places."""
    for at, word in enumerate(words):
        if word.tag == "nr":
            beside = [
                words[at + 2 * step].tag
                for step in (-1, 1)
                if 0 <= at + 2 * step < len(words)
                and text[words[at + step].start : words[at + step].end] == _LISTED
            ]
            yield word._replace(tag="ns") if set(beside) == {"ns"} else word
        else:
            yield word


def _with_countries(text: str, words: list[Word]) -> Iterator[Word]:
    """The words, with lists of countries made whole where the dictionary's words do not speak against it."""
    spans = dict(_country_spans(text, words))
    at = 0
    for start, end in spans.items():
        yield from (word for word in words if at <= word.start and word.end <= start)
        for word in words:  # what a guessed word held before and after the list
            if word.start < start < word.end:
                yield Word(word.start, start, word.tag)
        yield Word(start, end, "ns")
        for word in words:
            if word.start < end < word.end:
                yield Word(end, word.end, word.tag)
        at = end
    yield from (word for word in words if word.start >= at)


def _country_spans(text: str, words: list[Word]) -> Iterator[tuple[int, int]]:
    known = _tagger().tokenizer.FREQ
    free = [False] * len(text)  # characters whose word is a single character or a guess
    for word in words:
        written = text[word.start : word.end]
        guess = len(written) == 1 or known.get(written, 0) < _KNOWN or bool(countries(written))
        free[word.start : word.end] = [guess] * (word.end - word.start)
    at = 0
    for run in _HAN_RUN.finditer(text):
        at = max(at, run.start())
        while at < run.end() - 1:
            end = at + _LEAST_COUNTRIES
            if free[at] and free[end - 1] and countries(text[at:end]):
                while end < run.end() and free[end] and countries(text[at : end + 1]):
                    end += 1
                yield at, end
                at = end
            else:
                at += 1


def _divided(text: str, word: Word) -> Iterator[Word]:
    """A word that is two, and a place with a long generic; else the word itself."""
    written = text[word.start : word.end]
    tags, known = _tagger().word_tag_tab, _tagger().tokenizer.FREQ
    cut = 0
    if len(written) == _DIVISIBLE and word.tag not in {"nr", "ns", "i", "m", "t"}:
        halves = written[:2], written[2:]
        cut = 2 if all(known.get(half, 0) >= _KNOWN for half in halves) else 0
    elif len(written) == _VERB_AND_OBJECT and written[0] in _LIGHT_VERBS:
        cut = 1 if known.get(written[1:], 0) >= _KNOWN > known.get(written[:2], 0) else 0
    elif word.tag == "ns":
        place = place_generic(written, "zh")
        cut = len(place.name) if place and len(place.written) > 1 else 0
    if not cut:
        yield word
        return
    first = "ns" if word.tag == "ns" else tags.get(written[:cut], word.tag)
    yield Word(word.start, word.start + cut, first)
    yield Word(word.start + cut, word.end, tags.get(written[cut:], "n"))
