"""The tokens of many texts at once, as numbers: what a long document is worked in.

A text is cut into pieces such that the tokens of the text are those of its pieces: single characters,
numerals and words in Chinese, what stands between spaces in Vietnamese. A document has few distinct pieces;
only these go through the rules of `tokens`, the rest is done on arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from aligner.language.numerals import Side
from aligner.language.spaced import numbered_words
from aligner.language.tokens import ZH_PIECES, may_be_number, token_keys

Ints = NDArray[np.int64]

_TOGETHER = 8192
"""Texts worked at once."""


@dataclass(frozen=True, slots=True)
class NumberedTokens:
    """Tokens of texts in order.

    Attributes:
        keys: number → token key, each key once, by first appearance.
        flat: numbers of the tokens of all texts, one text after the other.
        lengths: (texts,) how many tokens each text has.
    """

    keys: tuple[str, ...]
    flat: Ints
    lengths: Ints

    def texts(self) -> list[list[str]]:
        """The keys by text, as `token_keys` has them."""
        named = list(map(self.keys.__getitem__, self.flat.tolist()))
        ends = np.cumsum(self.lengths).tolist()
        return [named[end - length : end] for end, length in zip(ends, self.lengths.tolist(), strict=True)]


def numbered(texts: Sequence[str], lang: Side) -> NumberedTokens:
    """The tokens of texts, the same as `token_keys(text, lang)` has for each.

    Cost: linear; for ordinary text about a tenth of that of `token_keys`. Memory beside the result does
    not grow with the number of texts.
    """
    index: dict[str, int] = {}
    known: dict[str, list[int]] = {}
    flat, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in range(0, len(texts), _TOGETHER):
        found = _some_numbered(texts[start : start + _TOGETHER], lang, index, known)
        flat.append(found[0])
        lengths.append(found[1])
    return NumberedTokens(tuple(index), np.concatenate(flat), np.concatenate(lengths))


def _some_numbered(
    texts: Sequence[str], lang: Side, index: dict[str, int], known: dict[str, list[int]]
) -> tuple[Ints, Ints]:
    """The numbers of all tokens of some texts, and how many each text has.

    Args:
        texts: texts of one language.
        lang: which.
        index: token key → number; new keys are put into it.
        known: piece → numbers of its tokens; new pieces likewise.
    """
    pieces, names, lengths = _zh_pieces(texts) if lang == "zh" else _vi_pieces(texts)
    present, pieces = _renumbered(pieces, len(names))
    first = np.empty(len(present), np.int64)
    first[pieces[::-1]] = np.arange(len(pieces))[::-1]
    spelled: list[list[int]] = [[]] * len(present)
    for k in np.argsort(first).tolist():
        name = names[present[k]]
        if name not in known:
            known[name] = [index.setdefault(key, len(index)) for key in _piece_keys(name, lang)]
        spelled[k] = known[name]
    sizes = np.fromiter(map(len, spelled), np.int64, len(spelled))
    content = np.fromiter(chain.from_iterable(spelled), np.int64)
    counts = sizes[pieces]
    ends = np.concatenate([[0], np.cumsum(counts)])
    first = (np.cumsum(sizes) - sizes)[pieces]
    flat = content[np.arange(ends[-1]) + np.repeat(first - ends[:-1], counts)]
    return flat, np.diff(ends[np.concatenate([[0], np.cumsum(lengths)])])


@lru_cache(maxsize=32768)
def _piece_keys(piece: str, lang: Side) -> tuple[str, ...]:
    """The tokens of a piece, kept: the next document is written in the same words."""
    return tuple(token_keys(piece, lang))


def _zh_pieces(texts: Sequence[str]) -> tuple[Ints, list[str], Ints]:
    """Numbers of the pieces of all texts, their texts, and how many pieces each text has."""
    whole = "".join([f"{text}\n" for text in texts])  # no piece reaches across the line end
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    limit = int(codes.max(initial=0)) + 1
    chunks: dict[str, int] = {}
    spans = [
        (start, end, chunks.setdefault(whole[start:end], len(chunks)))
        for start, end in _zh_chunks(whole, codes)
    ]
    starts, ends, which = np.array(spans, np.int64).reshape(-1, 3).T
    inside = np.zeros(len(codes) + 1, np.int64)
    inside[starts] += 1
    inside[ends] -= 1
    codes[np.cumsum(inside[:-1]) > 0] = ord("\n")
    codes[starts] = limit + which
    present, pieces = _renumbered(codes, limit + len(chunks))
    named = list(chunks)
    names = [chr(k) if k < limit else named[k - limit] for k in present]
    return pieces, names, np.array([len(text) + 1 for text in texts], np.int64)


def _zh_chunks(whole: str, codes: Ints) -> Iterator[tuple[int, int]]:
    """Where pieces of more than a Han character stand; looked for only where one can begin."""
    present, local = _renumbered(codes, int(codes.max(initial=0)) + 1)
    begins = np.array([_begins_chunk(chr(code)) for code in present], bool)[local]
    change = np.flatnonzero(np.diff(begins, prepend=False, append=False))
    at = 0
    for first, last in change.reshape(-1, 2).tolist():
        at = max(at, first)
        while at < last:
            match = ZH_PIECES.match(whole, at)
            assert match is not None  # noqa: S101 - a piece can begin with any of these characters
            yield match.span()
            at = match.end()


@lru_cache(maxsize=32768)
def _begins_chunk(character: str) -> bool:
    match = ZH_PIECES.match(character)
    return match is not None and match[2] is not None


def _renumbered(values: Ints, limit: int) -> tuple[list[int], Ints]:
    """The distinct values in ascending order, and which of them each value is. Linear."""
    seen = np.zeros(limit, bool)
    seen[values] = True
    present = np.flatnonzero(seen)
    place = np.empty(limit, np.int64)
    place[present] = np.arange(len(present))
    return present.tolist(), place[values]


def _vi_pieces(texts: Sequence[str]) -> tuple[Ints, list[str], Ints]:
    """The same; numbers in words reach across spaces, so neighbouring parts of numbers are one piece."""
    pieces, words, lengths = numbered_words(texts)
    index = {word: number for number, word in enumerate(words)}
    numeric = np.fromiter(map(may_be_number, index), bool, len(index))[pieces]
    last = np.cumsum(lengths)[lengths > 0] - 1
    joined = numeric[:-1] & numeric[1:]
    joined[last[:-1]] = False
    begins = np.flatnonzero(joined & ~np.concatenate([[False], joined])[:-1])
    ends = np.flatnonzero(joined & ~np.concatenate([joined, [False]])[1:]) + 2
    nothing = index.setdefault("", len(index))
    numbers = pieces.copy()
    pieces[1:][joined] = nothing
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        number = " ".join(words[k] for k in numbers[begin:end].tolist())
        pieces[begin] = index.setdefault(number, len(index))
    return pieces, list(index), lengths
