"""Documents as sparse vectors in which a text and its translation lie close together.

Both languages are described by what can stand in Vietnamese: the tokens of a vi document as they are,
those of a zh document as the tokens that its units most likely become (readings, lexicon, numbers, equal
strings: the table that aligning uses too). Columns are hashes of token keys, so that vectors made on
different machines agree without a common vocabulary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aligner.evidence.encode import phrases_by_tokens
from aligner.evidence.lexicon import Lexicon, Units
from aligner.evidence.sources import Table, Terms, words_of
from aligner.evidence.sparse import Sparse, from_triples
from aligner.evidence.units import SideUnits, find_units
from aligner.language.numbered import numbered
from aligner.language.script import is_han

COLUMNS = 1 << 22
"""Columns of a vector: a token in a thousand shares its column with another one, at 4,000 tokens."""
_STRONG = 0.1
"""t from which a link takes part, as in the coarse pass of the aligner."""
_MOST = 2.0
"""Occurrences that count: what stands everywhere in a document tells it from others no better."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Documents of one language.

    Attributes:
        ids: their names.
        tokens: (documents × `COLUMNS`) how often each token stands, or would stand, in each; at most 2.
    """

    ids: tuple[str, ...]
    tokens: Sparse


def zh_vectors(ids: Sequence[str], texts: Sequence[str], lexicon: Lexicon) -> Vectors:
    """Vectors of zh documents: the vi tokens their units would yield. Linear in the texts' length."""
    terms: Terms = {key: ("name", found) for key, found in phrases_by_tokens().items()}
    side = find_units(numbered(texts, "zh"), lexicon.zh, words_of(terms))
    keys = _possible(side, lexicon.vi)
    table = Table(side.unit_numbers, keys)
    table.add_spelled(terms)
    table.add_lexicon(lexicon.zh, lexicon.vi, lexicon.forward)
    expected = _product(side.units, _strong(table.merged()))
    return Vectors(tuple(ids), _hashed(expected, list(keys)))


def vi_vectors(ids: Sequence[str], texts: Sequence[str], lexicon: Lexicon) -> Vectors:
    """Vectors of vi documents: their tokens."""
    del lexicon  # the same arguments as for zh
    side = find_units(numbered(texts, "vi"), _nothing(), ())
    return Vectors(tuple(ids), _hashed(side.targets, list(side.target_numbers)))


def _possible(side: SideUnits, vi: Units) -> Mapping[str, int]:
    """What a zh document can yield: every token of the lexicon, and what is spelled the same."""
    extra = (key for key in side.target_numbers if key not in vi.index and not is_han(key[0]))
    return {key: number for number, key in enumerate((*vi.keys[: vi.singles], *extra))}


def _strong(table: Sparse) -> Sparse:
    strong = table.data >= _STRONG
    kept = np.concatenate([[0], np.cumsum(strong)])[table.indptr]
    return Sparse(kept, table.indices[strong], table.data[strong], table.columns)


def _product(left: Sparse, right: Sparse) -> Sparse:
    owner, entry = right.entries(left.indices)
    row = np.repeat(np.arange(left.rows), np.diff(left.indptr))[owner]
    return from_triples(
        row, right.indices[entry], left.data[owner] * right.data[entry], (left.rows, right.columns)
    )


def _hashed(matrix: Sparse, keys: Sequence[str]) -> Sparse:
    used = np.unique(matrix.indices)
    column = np.zeros(matrix.columns, np.int64)
    column[used] = [_column(keys[number]) for number in used.tolist()]
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.indptr))
    found = from_triples(row, column[matrix.indices], matrix.data, (matrix.rows, COLUMNS))
    return Sparse(found.indptr, found.indices, np.minimum(found.data, _MOST), COLUMNS)


@lru_cache(maxsize=1 << 17)
def _column(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") % COLUMNS


@lru_cache(maxsize=1)
def _nothing() -> Units:
    return Units((), {}, 0, 1, np.zeros(0), 1.0)
