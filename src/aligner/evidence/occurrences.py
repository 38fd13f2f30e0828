"""Where the tokens and units of a few segments stand in the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aligner.evidence.lexical import EncodedSide
from aligner.evidence.sparse import Floats, Ints, Sparse
from aligner.language.tokens import tokens
from aligner.model import Segment


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one segment.

    Attributes:
        segment: the segment's id.
        start: offset of its first character in the document.
        end: offset after its last character.
        text: as in the document.
    """

    segment: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Occurrences:
    """One side of a bead, token by token.

    Attributes:
        segments: of the side.
        owner: (tokens,) which of the segments each token stands in.
        start, end: (tokens,) its offsets in the segment's text.
        targets: (tokens,) its number as a target.
        units: (units,) numbers of all units that occur: every token, and every known word of several.
        cover: (tokens, units) 1 where a unit contains a token.
    """

    segments: tuple[Segment, ...]
    owner: Ints
    start: Ints
    end: Ints
    targets: Ints
    units: Ints
    cover: Floats

    def __len__(self) -> int:
        return len(self.targets)

    def span(self, first: int, last: int) -> Span:
        """From one token to another of the same segment."""
        segment = self.segments[self.owner[first]]
        start, end = int(self.start[first : last + 1].min()), int(self.end[first : last + 1].max())
        return Span(segment.id, segment.start + start, segment.start + end, segment.text[start:end])

    def between(self, token: int) -> str | None:
        """The text between a token and the one before it; None where another segment begins."""
        if not token or self.owner[token] != self.owner[token - 1]:
            return None
        text: str = self.segments[self.owner[token]].text
        return text[self.end[token - 1] : self.start[token]]

    def words(
        self, segmenter: Callable[[str], Sequence[tuple[int, int]]], terms: Sequence[tuple[int, int]]
    ) -> Ints:
        """The number of the word that each token belongs to, ascending.

        Args:
            segmenter: the words of a text, as (start, end).
            terms: tokens, as (first, last), that are one word if they are whole words to the segmenter.
        """
        word = np.zeros(len(self), np.int64)
        for k, segment in enumerate(self.segments):
            inside = np.flatnonzero(self.owner == k)
            starts = np.array([start for start, _ in segmenter(segment.text)], np.int64)
            word[inside] = np.searchsorted(starts, self.start[inside], side="right")
        new = np.append(True, (word[1:] != word[:-1]) | (self.owner[1:] != self.owner[:-1]))[: len(self)]
        ends = np.append(new[1:], True)
        for first, last in terms:
            if new[first] and ends[last]:
                new[first + 1 : last + 1] = False
        return np.cumsum(new)

    def runs(self, chosen: Iterable[int]) -> list[tuple[int, int]]:
        """Tokens as (first, last) of those that stand together, with nothing but spaces between them."""
        found: list[tuple[int, int]] = []
        for token in sorted(chosen):
            between = self.between(token)
            if found and found[-1][1] == token - 1 and between is not None and not between.strip():
                found[-1] = found[-1][0], token
            else:
                found.append((token, token))
        return found


def occurrences(
    segments: Sequence[Segment],
    lang: Literal["zh", "vi"],
    side: EncodedSide,
    units: Sequence[str],
    targets: Sequence[str],
    row: int,
) -> Occurrences:
    """Find the tokens and units of neighbouring segments.

    Args:
        segments: the segments.
        lang: their language.
        side: their side as encoded.
        units: unit number → key, of the encoding.
        targets: target number → key.
        row: which row of the encoding the first of them is.
    """
    found: list[tuple[int, int, int, int]] = []
    placed: list[tuple[int, int, int]] = []
    for k, segment in enumerate(segments):
        unit_of = {units[u]: u for u in _columns(side.units, row + k)}
        target_of = {targets[t]: t for t in _columns(side.targets, row + k)}
        here = tokens(segment.text, lang)
        keys = [token.key for token in here]
        placed += [(unit, len(found) + at, size) for unit, at, size in _placed(keys, unit_of)]
        found += [(k, token.start, token.end, target_of[token.key]) for token in here]
    owner, start, end, target = np.array(found, np.int64).reshape(-1, 4).T
    unit, first, size = np.array(placed, np.int64).reshape(-1, 3).T
    at = np.arange(len(found))[:, None]
    cover = ((at >= first) & (at < first + size)).astype(np.float64)
    return Occurrences(tuple(segments), owner, start, end, target, unit, cover)


def _columns(matrix: Sparse, row: int) -> list[int]:
    """Which columns a row has."""
    return [int(column) for column in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]


def _placed(keys: Sequence[str], numbers: Mapping[str, int]) -> Iterator[tuple[int, int, int]]:
    """Every unit among some tokens: its number, first token, and how many tokens it has."""
    longest = max((key.count(" ") + 1 for key in numbers), default=0)
    for length in range(1, min(longest, len(keys)) + 1):
        for start in range(len(keys) - length + 1):
            number = numbers.get(" ".join(keys[start : start + length]))
            if number is not None:
                yield number, start, length
