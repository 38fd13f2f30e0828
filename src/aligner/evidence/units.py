"""The units of one side: its tokens, and the words of several tokens that are known.

Texts become numbers of the document's own vocabulary. Words are found by a rolling hash over the token
numbers of the whole side at once, so that a long document costs a few vector operations per word
length; each distinct hit is checked against the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.lexicon import Units
from aligner.evidence.sparse import Ints, Sparse, counted, stacked
from aligner.language.numbered import NumberedTokens

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio, odd: multiples spread evenly (Knuth 1973, vol. 3, § 6.4)."""

_BUCKET_BITS = 18
"""A hash is looked for among the words only if its first bits are those of some word's: a table of 256 KB,
of which ten thousand words take up 4%; for few words a smaller one is as good."""
_BUCKETS = 16
"""Buckets a word, at least, in a smaller table."""

_TOGETHER = 8192
"""Segments worked at once, so that memory beside the counts does not grow with the document."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class SideUnits:
    """One side as counts.

    Attributes:
        unit_numbers: unit → number; first the tokens, as in `target_numbers`, then the words, whose
            tokens are joined by spaces.
        target_numbers: token key → number.
        units: (segments × units) how often each unit stands in each segment; overlapping words count.
        targets: (segments × tokens).
    """

    unit_numbers: dict[str, int]
    target_numbers: dict[str, int]
    units: Sparse
    targets: Sparse


def find_units(tokens: NumberedTokens, known: Units, terms: Iterable[tuple[str, ...]]) -> SideUnits:
    """Count the units of segments.

    Args:
        tokens: of the segments.
        known: the lexicon's units; its words are looked for.
        terms: further words, each as its tokens.

    Cost: O(tokens · word lengths).
    """
    numbers = {key: number for number, key in enumerate(tokens.keys)}
    unit_numbers = dict(numbers)
    candidates = _candidates(numbers, known, terms)
    ends = np.concatenate([[0], np.cumsum(tokens.lengths)])
    units, targets = [], []
    for start in range(0, len(tokens.lengths), _TOGETHER):
        lengths = tokens.lengths[start : start + _TOGETHER]
        flat = tokens.flat[ends[start] : ends[start + len(lengths)]]
        segment = np.repeat(np.arange(len(lengths)), lengths)
        rows, columns = zip(
            (segment, flat), *_words_in(flat, segment, candidates, known, unit_numbers), strict=True
        )
        shape = len(lengths), len(unit_numbers)
        units.append(counted(np.concatenate(rows), np.concatenate(columns), shape))
        targets.append(counted(segment, flat, (len(lengths), len(numbers))))
    return SideUnits(
        unit_numbers,
        numbers,
        units=stacked(units, len(unit_numbers)),
        targets=stacked(targets, len(numbers)),
    )


def _words_in(
    flat: Ints,
    segment: Ints,
    candidates: Iterable[tuple[Ints, list[int | str]]],
    known: Units,
    unit_numbers: dict[str, int],
) -> Iterator[tuple[Ints, Ints]]:
    """The words that stand in segments, by length: segment and unit of each; new units are numbered."""
    for words, names, hashes, windows in _by_length(flat, candidates):
        at, which = _occurrences(flat, segment, words, hashes, windows)
        local = np.zeros(len(words), np.int64)
        for word in np.flatnonzero(np.bincount(which)).tolist():  # np.unique would load numpy.ma
            name = names[word]
            key = known.keys[name] if isinstance(name, int) else name
            local[word] = unit_numbers.setdefault(key, len(unit_numbers))
        yield segment[at], local[which]


def _candidates(
    numbers: dict[str, int], known: Units, terms: Iterable[tuple[str, ...]]
) -> list[tuple[Ints, list[int | str]]]:
    """Words all of whose tokens occur, by length: their token numbers (words × length), and their names.

    A name is the number of a known unit, or the term itself.
    """
    single = np.fromiter(map(known.index.get, numbers, repeat(known.singles)), np.int64, len(numbers))
    place = np.full(known.singles + 1, -1)
    place[np.minimum(single, known.singles)] = np.arange(len(numbers))
    place[known.singles] = -1
    by_length: dict[int, list[tuple[Ints, list[int | str]]]] = {}
    held = np.flatnonzero(place >= 0)
    for words in _lexicon_words(known):
        some = words.made_of(held, place)
        local = place[words.tokens[some]]
        by_length.setdefault(local.shape[1], []).append((local, words.units[some].tolist()))
    for parts in terms:
        if parts[0] not in numbers or not all(part in numbers for part in parts):
            continue
        term = " ".join(parts)
        if term not in known.index:
            row = np.array([[numbers[part] for part in parts]])
            by_length.setdefault(len(parts), []).append((row, [term]))
    return [
        (np.concatenate([local for local, _ in found]), [name for _, names in found for name in names])
        for _, found in sorted(by_length.items())
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """The lexicon's words of one length, by first token.

    Attributes:
        tokens: (words × length) numbers of their tokens; a token that is no unit has the number `singles`.
        units: (words,) their own numbers.
        starts: (singles + 2,) where the words that begin with each token start.
    """

    tokens: Ints
    units: Ints
    starts: Ints

    def made_of(self, held: Ints, place: Ints) -> Ints:
        """Which words have only tokens that are held, in the order of their own numbers.

        Args:
            held: tokens.
            place: a negative number for every other token.
        """
        begin = self.starts[held]
        count = self.starts[held + 1] - begin
        some = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
        for column in range(1, self.tokens.shape[1]):
            some = some[place[self.tokens[some, column]] >= 0]
        return some[np.argsort(self.units[some])]


@lru_cache(maxsize=8)
def _lexicon_words(known: Units) -> list[_Words]:
    """The lexicon's words by length."""
    singles, words = known.singles, known.keys[known.singles :]
    parts = np.fromiter(map(known.index.get, " ".join(words).split(" "), repeat(singles)), np.int64)
    np.minimum(parts, singles, out=parts)
    lengths = np.fromiter(map(str.count, words, repeat(" ")), np.int64, len(words)) + 1
    starts = np.cumsum(lengths) - lengths
    return [
        _by_first(parts[starts[found][:, None] + np.arange(length)], singles + found, singles)
        for length in np.flatnonzero(np.bincount(lengths)).tolist()
        for found in [np.flatnonzero(lengths == length)]
    ]


def _by_first(tokens: Ints, units: Ints, singles: int) -> _Words:
    order = np.argsort(tokens[:, 0], kind="stable")
    tokens = tokens[order]
    return _Words(tokens, units[order], np.searchsorted(tokens[:, 0], np.arange(singles + 2)))


def _by_length(
    flat: Ints, candidates: Iterable[tuple[Ints, list[int | str]]]
) -> Iterator[tuple[Ints, list[int | str], Hashes, Hashes]]:
    """The candidates with their hashes, and those of all stretches of the text as long as they are.

    A hash of a stretch goes on from the hash of the stretch shorter by one token.
    """
    windows, done = np.zeros(len(flat), np.uint64), 0
    tokens = flat.astype(np.uint64)
    for words, names in candidates:
        count, length = words.shape
        if not count or len(flat) < length:
            continue
        for k in range(done, length):
            windows = _step(windows[: len(flat) - k], tokens[k:])
        done = length
        hashes = np.zeros(count, np.uint64)
        for column in words.T.astype(np.uint64):
            hashes = _step(hashes, column)
        yield words, names, hashes, windows


def _step(hashes: Hashes, tokens: Hashes) -> Hashes:
    """A polynomial hash, modulo 2^64, of stretches longer by a token."""
    total = (hashes + tokens + np.uint64(1)) * _FACTOR
    return np.asarray(total ^ (total >> np.uint64(29)))


def _occurrences(
    flat: Ints, segment: Ints, words: Ints, hashes: Hashes, windows: Hashes
) -> tuple[Ints, Ints]:
    """Where words of one length stand: (position of the first token, which word)."""
    count, length = words.shape
    bits = min(_BUCKET_BITS, (_BUCKETS * count).bit_length())
    shift = np.uint64(64 - bits)
    taken = np.zeros(1 << bits, bool)
    taken[hashes >> shift] = True
    at = np.flatnonzero(taken[windows >> shift] & (segment[: len(windows)] == segment[length - 1 :]))
    order = np.argsort(hashes)
    which = order[np.minimum(np.searchsorted(hashes[order], windows[at]), count - 1)]
    same = (flat[at[:, None] + np.arange(length)] == words[which]).all(axis=1)
    return at[same], which[same]
