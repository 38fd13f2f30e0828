"""The units of one side: its tokens, and the words of several tokens that are known.

Texts become numbers of the document's own vocabulary. Words are found by a rolling hash over the token
numbers of the whole side at once, so that a long document costs a few vector operations per word
length; each distinct hit is checked against the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.lexicon import Units
from aligner.evidence.sparse import Ints, Sparse, from_triples

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""2^64 divided by the golden ratio, odd: multiples spread evenly (Knuth 1973, vol. 3, § 6.4)."""

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


def find_units(tokens: Sequence[Sequence[str]], known: Units, terms: Iterable[str]) -> SideUnits:
    """Count the units of segments given as token keys.

    Args:
        tokens: token keys by segment.
        known: the lexicon's units; its words are looked for.
        terms: further words, tokens joined by spaces.

    Cost: O(tokens · word lengths · log words).
    """
    numbers = {key: number for number, key in enumerate(dict.fromkeys(chain.from_iterable(tokens)))}
    flat = np.fromiter((numbers[key] for keys in tokens for key in keys), np.int64)
    segment = np.repeat(np.arange(len(tokens)), [len(keys) for keys in tokens])
    rows, columns = [segment], [flat]
    unit_numbers = dict(numbers)
    for candidates, names in _candidates(numbers, known, terms):
        at, which = _occurrences(flat, segment, candidates)
        local = np.zeros(len(names), np.int64)
        for word in np.unique(which).tolist():
            local[word] = unit_numbers.setdefault(names[word], len(unit_numbers))
        rows.append(segment[at])
        columns.append(local[which])
    return SideUnits(
        unit_numbers,
        numbers,
        units=_counted(np.concatenate(rows), np.concatenate(columns), (len(tokens), len(unit_numbers))),
        targets=_counted(segment, flat, (len(tokens), len(numbers))),
    )


def _counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> Sparse:
    return from_triples(rows, columns, np.ones(len(rows)), shape)


def _candidates(
    numbers: dict[str, int], known: Units, terms: Iterable[str]
) -> Iterable[tuple[Ints, list[str]]]:
    """Words all of whose tokens occur: by length, their token numbers (words × length) and names."""
    place = np.full(known.singles + 1, -1)
    for key, number in numbers.items():
        single = known.index.get(key, known.singles)
        place[min(single, known.singles)] = number
    place[known.singles] = -1
    by_length: dict[int, list[tuple[Ints, list[str]]]] = {}
    for singles, words in _components(known.keys, known.singles):
        local = place[singles]
        present = np.nonzero((local >= 0).all(axis=1))[0]
        names = [known.keys[word] for word in words[present].tolist()]
        by_length.setdefault(local.shape[1], []).append((local[present], names))
    for term in terms:
        parts = term.split(" ")
        if len(parts) > 1 and term not in known.index and all(part in numbers for part in parts):
            row = np.array([[numbers[part] for part in parts]])
            by_length.setdefault(len(parts), []).append((row, [term]))
    for found in by_length.values():
        yield np.concatenate([local for local, _ in found]), [name for _, names in found for name in names]


@lru_cache(maxsize=8)
def _components(keys: tuple[str, ...], singles: int) -> list[tuple[Ints, Ints]]:
    """The lexicon's words by length: numbers of their tokens (words × length), and their own numbers.

    A token that is no single unit gets the number `singles`.
    """
    index = {key: number for number, key in enumerate(keys[:singles])}
    grouped: dict[int, tuple[list[list[int]], list[int]]] = {}
    for number, key in enumerate(keys[singles:], singles):
        parts = key.split(" ")
        rows, words = grouped.setdefault(len(parts), ([], []))
        rows.append([index.get(part, singles) for part in parts])
        words.append(number)
    return [(np.array(rows), np.array(words)) for rows, words in grouped.values()]


def _occurrences(flat: Ints, segment: Ints, words: Ints) -> tuple[Ints, Ints]:
    """Where words of one length stand: (position of the first token, which word)."""
    nothing = np.zeros(0, np.int64)
    count, length = words.shape
    if not count or len(flat) < length:
        return nothing, nothing
    wanted = _hashes(words.T)
    order = np.argsort(wanted)
    starts = len(flat) - length + 1
    windows = np.stack([flat[k : k + starts] for k in range(length)])
    seen = _hashes(windows)
    place = np.minimum(np.searchsorted(wanted[order], seen), count - 1)
    which = order[place]
    hit = (wanted[which] == seen) & (segment[:starts] == segment[length - 1 :])
    at, which = np.nonzero(hit)[0], which[hit]
    same = (windows[:, at] == words[which].T).all(axis=0)
    return at[same], which[same]


def _hashes(columns: Ints) -> Hashes:
    """A polynomial hash of each column of numbers, modulo 2^64."""
    total = np.zeros(columns.shape[1], np.uint64)
    for row in columns.astype(np.uint64):
        total = (total + row + np.uint64(1)) * _FACTOR
        total ^= total >> np.uint64(29)
    return total
