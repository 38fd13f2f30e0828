"""Sightings: the places where a zh candidate stands with a likely translation, and what is counted of it.

A corpus has a million of them, so they are kept in columns, some sixty bytes each, and made into values one
candidate at a time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.sparse import Ints

_MOST_NEIGHBOURS = 4
"""Different neighbours that are kept: from so many on a candidate is free."""


class Text(NamedTuple):
    """A bead as the extraction reads it.

    Attributes:
        document: the bitext's name.
        bead: its id.
        zh, vi: its texts, joined as `Bead.src_text` and `Bead.tgt_text`.
        confidence: of the bead.
    """

    document: str
    bead: int
    zh: str
    vi: str
    confidence: float = 1.0


class Sighting(NamedTuple):
    """A candidate with a likely translation, in one bead.

    Attributes:
        text: number of the bead among the texts.
        zh, vi: keys of the candidates: token keys, joined by spaces.
        src, tgt: offsets in the bead's texts.
        score: log2 odds by which it was chosen.
        features: of the pair; see `association`.
        order: 1 where the last word of the zh candidate comes first in Vietnamese, as the head of a noun
            phrase does; −1 where the first one stays first; 0 elsewhere and where there is no telling.
        headed: the last word of the zh candidate has a counterpart.
        capital: the vi form begins with a capital that the sentence does not ask for.
        best: no other candidate is a better translation here.
    """

    text: int
    zh: str
    vi: str
    src: tuple[int, int]
    tgt: tuple[int, int]
    score: float
    features: tuple[float, ...]
    order: float
    headed: bool
    capital: bool
    best: bool


@dataclass(frozen=True, slots=True)
class ZhFacts:
    """What is counted of a zh candidate over all texts.

    Attributes:
        tags: parts of speech of its words, where it was first seen.
        words: its words, as written there.
        count: how often it stands anywhere.
        beads: in how many beads.
        listed: how often as a member of an enumeration.
        quoted: how often it holds words in quotation marks, and others.
        left, right: what stands beside it, up to four different things; what begins with # is the edge of a
            phrase.
    """

    tags: tuple[str, ...]
    words: tuple[str, ...]
    count: int = 0
    beads: int = 0
    listed: int = 0
    quoted: int = 0
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()

    def plus(self, other: ZhFacts) -> ZhFacts:
        """The facts of both together."""
        return dataclasses.replace(
            self,
            count=self.count + other.count,
            beads=self.beads + other.beads,
            listed=self.listed + other.listed,
            quoted=self.quoted + other.quoted,
            left=_neighbours(self.left, other.left),
            right=_neighbours(self.right, other.right),
        )


def _neighbours(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    """Different neighbours; every edge of a phrase is another one."""
    if len(one) >= _MOST_NEIGHBOURS or one == two:
        return one if not (two and two[0] == "#") else (*one, *two)[:_MOST_NEIGHBOURS]
    new = [n for n in two if n == "#" or n not in one]
    return (*one, *new)[:_MOST_NEIGHBOURS] if new else one


_COLUMNS = np.dtype(
    [
        ("text", "<i4"),
        ("zh", "<i4"),
        ("vi", "<i4"),
        ("src", "<i4", 2),
        ("tgt", "<i4", 2),
        ("score", "<f4"),
        ("features", "<f4", 6),
        ("order", "<f4"),
        ("headed", "?"),
        ("capital", "?"),
        ("best", "?"),
    ]
)


@dataclass(frozen=True, slots=True)
class Sightings:
    """Sightings in columns.

    Attributes:
        rows: a row each, zh and vi as numbers of keys.
        zh_keys, vi_keys: the keys.
        facts: of each zh key.
    """

    rows: NDArray[np.void]
    zh_keys: tuple[str, ...]
    vi_keys: tuple[str, ...]
    facts: tuple[ZhFacts, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def by_zh(self) -> Iterator[tuple[str, ZhFacts, list[Sighting]]]:
        """Every zh candidate with its facts and sightings, in the order of the texts; O(N log N)."""
        order = np.argsort(self.rows["zh"], kind="stable")
        ends = np.searchsorted(self.rows["zh"][order], np.arange(len(self.zh_keys)), side="right")
        start = 0
        for zh, end in enumerate(ends.tolist()):
            if start < end:
                yield (
                    self.zh_keys[zh],
                    self.facts[zh],
                    [self._one(row) for row in self.rows[order[start:end]]],
                )
            start = end

    def _one(self, row: np.void) -> Sighting:
        values: Any = row.item()
        text, zh, vi, src, tgt, score, features, *rest = values
        spans = tuple(src.tolist()), tuple(tgt.tolist())
        return Sighting(
            text, self.zh_keys[zh], self.vi_keys[vi], *spans, score, tuple(features.tolist()), *rest
        )

    def beads_of_vi(self) -> dict[str, int]:
        """In how many beads each vi key was sighted."""
        pairs = np.unique(np.stack([self.rows["vi"], self.rows["text"]], axis=1), axis=0)
        counts: Ints = np.bincount(pairs[:, 0], minlength=len(self.vi_keys)) if len(pairs) else pairs[:, 0]
        return dict(zip(self.vi_keys, counts.tolist(), strict=False))


def in_columns(sightings: Sequence[Sighting], facts: dict[str, ZhFacts]) -> Sightings:
    """Columns of sightings; `facts` has one for each of their zh keys."""
    zh = {key: number for number, key in enumerate(dict.fromkeys(s.zh for s in sightings))}
    vi = {key: number for number, key in enumerate(dict.fromkeys(s.vi for s in sightings))}
    rows = np.array([(s.text, zh[s.zh], vi[s.vi], *s[3:]) for s in sightings], _COLUMNS)
    return Sightings(rows, tuple(zh), tuple(vi), tuple(facts[key] for key in zh))


def combined(parts: Iterable[Sightings]) -> Sightings:
    """The sightings of several blocks, in their order."""
    zh: dict[str, int] = {}
    vi: dict[str, int] = {}
    facts: list[ZhFacts] = []
    rows = [np.zeros(0, _COLUMNS)]
    for part in parts:
        zh_numbers = np.array([zh.setdefault(key, len(zh)) for key in part.zh_keys], np.int32)
        vi_numbers = np.array([vi.setdefault(key, len(vi)) for key in part.vi_keys], np.int32)
        for number, fact in zip(zh_numbers.tolist(), part.facts, strict=True):
            if number == len(facts):
                facts.append(fact)
            else:
                facts[number] = facts[number].plus(fact)
        moved = part.rows.copy()
        if len(moved):
            moved["zh"], moved["vi"] = zh_numbers[moved["zh"]], vi_numbers[moved["vi"]]
        rows.append(moved)
    return Sightings(np.concatenate(rows), tuple(zh), tuple(vi), tuple(facts))
