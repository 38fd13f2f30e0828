"""Learning a lexicon from pairs of texts, with another lexicon as what is known beforehand.

Both directions are IBM model 1 (`ibm1`) over units: single tokens, and words of several. Words are those of
the known lexicon that occur, and pairs of tokens that stand together far more often than by chance. The
known table is the Dirichlet prior of each unit's row, so that a unit seen a few times keeps what was
known of it and a unit seen often is what the texts make of it. What the texts never show is left out:
the result is used beside the known lexicon, not instead of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aligner.evidence.ibm1 import Ragged, ragged, train_ragged
from aligner.evidence.lexicon import Lexicon, Units, make_units
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples
from aligner.language.readings import readings
from aligner.language.script import is_han

Texts = Sequence[Sequence[str]]
"""Token keys by text."""

_SEEN = 2
"""Texts a token must occur in to be learned, if nothing is known of it and it is no Chinese character."""
_WORD_SEEN, _MORE_THAN_CHANCE = 5, 8
"""Occurrences of a pair of tokens, and how many times what chance would bring, to count as a word; as for
the shipped lexicon."""
_GENERAL_TOKENS = 10_000
"""Tokens of the texts that outweigh the known lexicon's p(token); assumed."""
LARGEST = 60_000
"""Single tokens of a side; a lexicon's file numbers them in two bytes."""
_LEAST_T, _MOST = 0.002, 60
_LEAST_T_WORD, _MOST_WORD = 0.01, 12
"""What is kept of a row: entries of at least this t, and at most so many; words are sharper."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pairs to learn from.

    Attributes:
        zh, vi: token keys of both texts of each pair.
        weights: how much each pair counts, 0 to 1.
    """

    zh: Texts
    vi: Texts
    weights: Floats


def learn(
    corpus: Corpus, known: Lexicon, *, strength: float, say: Callable[[str], None] = lambda _: None
) -> Lexicon:
    """Learn a lexicon of what occurs in the corpus; the same corpus gives the same lexicon.

    Args:
        corpus: the pairs.
        known: what is known beforehand.
        strength: occurrences of a unit that this outweighs.
        say: is told what is being done.

    Cost: O(Σ tokens of zh · tokens of vi) for each of five rounds and two directions.
    """
    say("counting words")
    zh = units_of(corpus.zh, known.zh)
    vi = units_of(corpus.vi, known.vi)
    zh_units, vi_units = (ragged(u.find(t) for t in texts) for u, texts in ((zh, corpus.zh), (vi, corpus.vi)))
    zh_tokens, vi_tokens = numbered(corpus.zh, zh), numbered(corpus.vi, vi)
    there, back = priors(known, zh, vi)
    say("learning from Chinese to Vietnamese")
    forward = train_ragged(zh_units, vi_tokens, there, vi.chance, strength=strength, weights=corpus.weights)
    say("learning from Vietnamese to Chinese")
    backward = train_ragged(vi_units, zh_tokens, back, zh.chance, strength=strength, weights=corpus.weights)
    return compact(
        zh,
        vi,
        pruned(forward, zh, _seen(zh_units, len(zh.keys))),
        pruned(backward, vi, _seen(vi_units, len(vi.keys))),
    )


def priors(known: Lexicon, zh: Units, vi: Units) -> tuple[Sparse, Sparse]:
    """What is known beforehand in a corpus's own units, in both directions."""
    return (
        _prior(known.forward, known.zh, zh, known.vi, vi, _read(zh, known.zh, vi)),
        _prior(known.backward, known.vi, vi, known.zh, zh, []),
    )


def units_of(texts: Texts, known: Units) -> Units:
    """The vocabulary of one side: single tokens, commonest first, then words; with p(token)."""
    count = Counter(key for keys in texts for key in keys if not key.startswith("#"))
    spread = Counter(key for keys in texts for key in set(keys))
    general = frozenset(known.keys[: known.singles])
    ranked = sorted(count, key=lambda key: (-count[key], key))
    kept = [key for key in ranked if spread[key] >= _SEEN or key in general or _is_character(key)][:LARGEST]
    known_singles = [key for key in known.keys[: known.singles] if key not in count]
    singles = [*kept, *known_singles[: LARGEST - len(kept)]]
    words = _words(texts, known, count, sum(count.values()))
    return make_units([*singles, *words], chances(singles, count, known), known.unknown)


def chances(singles: Sequence[str], count: Mapping[str, float], known: Units) -> Floats:
    """p(token) of single tokens: how often they were counted, with the known p(token) as prior."""
    expected = np.array([_chance(key, known) for key in singles])
    seen = np.array([count.get(key, 0.0) for key in singles], np.float64)
    return np.asarray((seen + _GENERAL_TOKENS * expected) / (sum(count.values()) + _GENERAL_TOKENS))


def _is_character(key: str) -> bool:
    return len(key) == 1 and is_han(key)


def _chance(key: str, known: Units) -> float:
    number = known.index.get(key, known.singles)
    return float(known.chance[number]) if number < known.singles else known.unknown


def _words(texts: Texts, known: Units, count: Counter[str], total: int) -> list[str]:
    """Known words that occur, and pairs of tokens that are more than chance, sorted."""
    occurring = {
        word
        for keys in texts
        for length in range(2, known.longest + 1)
        for start in range(len(keys) - length + 1)
        if (word := " ".join(keys[start : start + length])) in known.index
    }
    pairs = Counter(pair for keys in texts for pair in pairwise(keys))
    new = {
        " ".join(pair)
        for pair, seen in pairs.items()
        if seen >= _WORD_SEEN
        and not any(key.startswith("#") or key.isascii() for key in pair)
        and seen * total >= _MORE_THAN_CHANCE * math.prod(count[key] for key in pair)
    }
    return sorted(occurring | new)


def numbered(texts: Texts, units: Units) -> Ragged:
    """Token lists as numbers of single tokens; others are left out."""
    index = {key: number for number, key in enumerate(units.keys[: units.singles])}
    return ragged([index[key] for key in keys if key in index] for keys in texts)


Link = tuple[int, int, float]


def _prior(
    table: Sparse, givers: Units, new_givers: Units, takers: Units, new_takers: Units, more: Iterable[Link]
) -> Sparse:
    """The known table in the new vocabularies, and further entries for units it does not know."""
    row_at = np.array([new_givers.index.get(key, -1) for key in givers.keys])
    column_at = np.array([new_takers.index.get(key, -1) for key in takers.keys[: table.columns]])
    rows = row_at[np.repeat(np.arange(table.rows), np.diff(table.indptr))]
    columns = column_at[table.indices]
    kept = (rows >= 0) & (columns >= 0)
    added = list(more)
    return from_triples(
        np.concatenate([rows[kept], np.array([row for row, _, _ in added], np.int64)]),
        np.concatenate([columns[kept], np.array([column for _, column, _ in added], np.int64)]),
        np.concatenate([table.data[kept], np.array([t for _, _, t in added], np.float64)]),
        (len(new_givers.keys), new_takers.singles),
    )


def _read(zh: Units, known: Units, vi: Units) -> Iterator[Link]:
    """The readings of characters that the known lexicon lacks: 1, 1/2, 1/3 … by rank, summing to one."""
    for number, key in enumerate(zh.keys[: zh.singles]):
        if key in known.index or len(key) > 1:
            continue
        found = [(vi.index[r], 1 / rank) for rank, r in enumerate(readings(key), 1) if r in vi.index]
        total = sum(share for _, share in found)
        yield from ((number, column, share / total) for column, share in found)


def _seen(units: Ragged, count: int) -> Ints:
    """How often each unit occurs."""
    return np.bincount(units.values, minlength=count)


def pruned(table: Sparse, units: Units, seen: Ints) -> Sparse:
    """The best entries of the rows of units that occur."""
    rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    order = np.lexsort((-table.data, rows))
    rank = np.arange(len(order)) - table.indptr[rows[order]]
    is_word = rows[order] >= units.singles
    kept = (
        (seen[rows[order]] > 0)
        & (table.data[order] >= np.where(is_word, _LEAST_T_WORD, _LEAST_T))
        & (rank < np.where(is_word, _MOST_WORD, _MOST))
    )
    chosen = order[kept]
    return from_triples(rows[chosen], table.indices[chosen], table.data[chosen], (table.rows, table.columns))


def compact(zh: Units, vi: Units, forward: Sparse, backward: Sparse) -> Lexicon:
    """The lexicon without units that no entry speaks of."""
    zh_kept, vi_kept = _spoken_of(forward, backward), _spoken_of(backward, forward)
    return Lexicon(
        zh=_chosen(zh, zh_kept),
        vi=_chosen(vi, vi_kept),
        forward=_renumbered(forward, zh_kept, vi_kept[: vi.singles]),
        backward=_renumbered(backward, vi_kept, zh_kept[: zh.singles]),
        signature="",
    )


def _spoken_of(giving: Sparse, taking: Sparse) -> Ints:
    """Which units have a row or stand in one: (units,) of booleans."""
    kept = np.diff(giving.indptr) > 0
    kept[taking.indices] = True
    return np.asarray(kept)


def _chosen(units: Units, kept: Ints) -> Units:
    keys = [units.keys[number] for number in np.flatnonzero(kept)]
    return make_units(keys, units.chance[kept[: units.singles]], units.unknown)


def _renumbered(table: Sparse, rows: Ints, columns: Ints) -> Sparse:
    """The table with only some of its rows and columns."""
    column_at = np.cumsum(columns) - 1
    old = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    return from_triples(
        (np.cumsum(rows) - 1)[old],
        column_at[table.indices],
        table.data,
        (int(rows.sum()), int(columns.sum())),
    )
