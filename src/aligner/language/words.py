"""Words: jieba for Chinese, underthesea for Vietnamese, both loaded on first use, results as spans.

Both are statistical and cut wrongly at times (jieba cuts 武大|胜); what is known for certain is kept: a run
of capitalised Vietnamese syllables is a name and never cut.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from aligner.language.normal import simplify

Span = tuple[int, int]

_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_TOKEN = re.compile(r"\S+")
_SENTENCE_END = re.compile(r"[.!?:;…\"“”(«]\s*$")


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        # jieba's source has invalid escapes and asks for pkg_resources; neither is ours to mend.
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(logging.WARNING)  # its loading message goes to stderr otherwise
    return jieba.Tokenizer()


@lru_cache(maxsize=1)
def _underthesea() -> Callable[..., list[str]]:
    with warnings.catch_warnings():
        # underthesea imports libraries that announce their own deprecations.
        warnings.simplefilter("ignore")
        from underthesea import word_tokenize
    tokenize: Callable[..., list[str]] = word_tokenize
    return tokenize


def zh_words(text: str) -> tuple[Span, ...]:
    """The words of a Chinese text as spans, white space left out.

    Traditional text is cut by its simplified form. The first call loads jieba's dictionary (about a
    second); then linear, about 0.3 million characters a second.
    """
    spans = ((start, end) for _, start, end in _jieba().tokenize(simplify(text)))
    return tuple((start, end) for start, end in spans if not text[start:end].isspace())


def vi_words(text: str) -> tuple[Span, ...]:
    """The words of a Vietnamese text as spans; a run of capitalised syllables is one word.

    At the start of a sentence the first capital tells nothing, so there underthesea decides. Linear,
    about 0.1 million characters a second after the first call, which loads a model.
    """
    composed, offsets = _composed(text)
    words = _underthesea()(composed, use_token_normalize=False)
    spans = [(offsets[start], offsets[end]) for start, end in _located(composed, words)]
    joined: list[Span] = []
    for start, end in spans:
        if joined and _name_goes_on(text, joined[-1], start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _composed(text: str) -> tuple[str, Sequence[int]]:
    """The text with its marks composed, as the model was trained on, and each character's raw offset."""
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    out: list[str] = []
    offsets: list[int] = []
    for match in _CLUSTER.finditer(text):
        composed = unicodedata.normalize("NFC", match.group())
        out.append(composed)
        offsets.extend([match.start()] * len(composed))
    return "".join(out), [*offsets, len(text)]


def _located(text: str, words: list[str]) -> Iterator[Span]:
    """Where the words stand: the tokenizer may change spaces, never letters."""
    at = 0
    for word in words:
        start = at
        while start < len(text) and text[start].isspace():
            start += 1
        end = start
        for char in word:
            if char.isspace():
                continue
            while end < len(text) and text[end].isspace():
                end += 1
            end += text[end : end + 1] == char
        if end > start:
            yield start, end
        at = end


def _name_goes_on(text: str, before: Span, start: int, end: int) -> bool:
    """Whether a cut between two words falls inside a run of capitalised syllables."""
    if text[before[1] : start] != " ":
        return False
    last = _TOKEN.findall(text[before[0] : before[1]])[-1]
    capitals = last[:1].isupper() and text[start : start + 1].isupper() and last[-1:].isalpha()
    alone = len(_TOKEN.findall(text[before[0] : before[1]])) == 1
    opens = not text[: before[0]].strip() or _SENTENCE_END.search(text[: before[0]]) is not None
    return capitals and end > start and not (alone and opens)
