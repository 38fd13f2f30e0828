"""What stands between spaces in many texts, as numbers: the words of Vietnamese before any rule is asked."""

from __future__ import annotations

from collections.abc import Sequence
from ctypes import c_int64
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from aligner import compiled

Ints = NDArray[np.int64]
Numbered = tuple[Ints, list[str], Ints]
"""Numbers of the words of all texts; the different words, by first appearance; how many each text has."""


def numbered_words(texts: Sequence[str]) -> Numbered:
    """The words of texts as `str.split` parts them. Linear."""
    return (words_split if compiled.LOOPS is None else words_by_loop)(texts)


def words_split(texts: Sequence[str]) -> Numbered:
    """The same by `str.split` and a dictionary."""
    split = [text.split() for text in texts]
    lengths = np.fromiter(map(len, split), np.int64, len(split))
    words = list(chain.from_iterable(split))
    index = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return np.fromiter(map(index.__getitem__, words), np.int64, len(words)), list(index), lengths


def words_by_loop(texts: Sequence[str]) -> Numbered:
    """The same by a compiled loop over the characters, which makes strings of the different words alone."""
    whole = "".join(texts)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    most = len(codes) // 2 + len(texts)  # words, each with a space or an end after it
    slots = np.zeros(1 << max(1, (2 * most).bit_length()), np.int32)
    words, first, last = (np.empty(most, np.int64) for _ in range(3))
    lengths, distinct = np.zeros(len(texts), np.int64), c_int64(0)
    compiled.run(
        "number_words", codes, ends, len(texts), slots, len(slots), words, lengths, first, last, distinct
    )
    spans = zip(first[: distinct.value].tolist(), last[: distinct.value].tolist(), strict=True)
    return words[: lengths.sum()].copy(), [whole[start:end] for start, end in spans], lengths
