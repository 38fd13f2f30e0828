"""What the user knows, as evidence: a lexicon learned from their own memories, and their glossary.

The lexicon is put together with the shipped one before a document is looked at, so that both speak as
one source: where both know a unit, t is their weighted mean and the user's counts three times as much.

The glossary's entries are terms of the table (see `encode`): t of a term's tokens is nearly certain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from aligner.evidence.encode import Renderings
from aligner.evidence.lexicon import Lexicon, Units, load_lexicon, make_units
from aligner.evidence.sparse import Ints, Numbers, Sparse, from_triples
from aligner.language.normal import simplify
from aligner.language.numerals import Side
from aligner.language.tokens import token_keys
from aligner.model import Term

OWN_SHARE = 0.75
"""Weight of the user's lexicon where the shipped one knows the same unit; assumed. It was learned with the
shipped one as prior, so it has already taken that into account where the user's texts say little."""


def lexicon_with(own: Path | None) -> Lexicon:
    """The shipped lexicon, or it and the user's.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no lexicon.
    """
    return _merged(own) if own else load_lexicon()


@lru_cache(maxsize=2)
def _merged(own: Path) -> Lexicon:
    return merge(load_lexicon(), load_lexicon(own))


def merge(general: Lexicon, own: Lexicon, *, share: float = OWN_SHARE) -> Lexicon:
    """Two lexicons as one, O(entries · log entries).

    Args:
        general: what is known anyway; p(token) is its own, but for tokens it lacks.
        own: the more trusted one.
        share: weight of `own` in t of a unit that both know.
    """
    zh, vi = _union(general.zh, own.zh), _union(general.vi, own.vi)
    return Lexicon(
        zh=zh,
        vi=vi,
        forward=_mean(
            _placed(general.forward, general.zh, zh, general.vi, vi),
            _placed(own.forward, own.zh, zh, own.vi, vi),
            share,
            (len(zh.keys), vi.singles),
        ),
        backward=_mean(
            _placed(general.backward, general.vi, vi, general.zh, zh),
            _placed(own.backward, own.vi, vi, own.zh, zh),
            share,
            (len(vi.keys), zh.singles),
        ),
        signature=f"{general.signature}+{own.signature}",
    )


def _union(general: Units, own: Units) -> Units:
    """All units of both, single tokens first."""
    own_singles = own.keys[: own.singles]
    new = [number for number, key in enumerate(own_singles) if key not in general.index]
    singles = [*general.keys[: general.singles], *(own_singles[number] for number in new)]
    words = dict.fromkeys([*general.keys[general.singles :], *own.keys[own.singles :]])
    known = set(singles)
    return make_units(
        [*singles, *(word for word in words if word not in known)],
        np.concatenate([general.chance, own.chance[new]]),
        general.unknown,
    )


def _placed(
    table: Sparse, givers: Units, all_givers: Units, takers: Units, all_takers: Units
) -> tuple[Ints, Ints, Numbers]:
    """The entries of a table as (row, column, t) of the common vocabularies."""
    row_at = np.array([all_givers.index[key] for key in givers.keys], np.int64)
    column_at = np.array([all_takers.index[key] for key in takers.keys[: table.columns]], np.int64)
    rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    return row_at[rows], column_at[table.indices], table.data


def _mean(
    general: tuple[Ints, Ints, Numbers], own: tuple[Ints, Ints, Numbers], share: float, shape: tuple[int, int]
) -> Sparse:
    """The weighted mean of two tables, row by row; a row that one of them lacks is the other's."""
    rows, columns, values = (np.concatenate(pair) for pair in zip(general, own, strict=True))
    is_own = np.arange(len(rows)) >= len(general[0])
    weight = np.zeros((2, shape[0]))
    weight[0, general[0]], weight[1, own[0]] = 1 - share, share
    weight /= np.maximum(weight.sum(axis=0), 1e-300)
    return from_triples(rows, columns, values * weight[is_own.astype(np.int64), rows], shape)


def renderings(entries: Iterable[Term], *, approved_only: bool = False) -> Renderings:
    """The entries of a glossary as translations between token keys; rejected ones are left out.

    Args:
        entries: in the order of the glossary.
        approved_only: leave out candidates and deprecated ones too.

    A form without letters and figures has no tokens, and says nothing.
    """
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for entry in entries:
        if entry.status == "approved" or not (approved_only or entry.status == "rejected"):
            vi_terms = dict.fromkeys(_forms([entry.vi, *entry.vi_variants], "vi"))
            for term in _forms([entry.zh, *entry.zh_variants], "zh") if vi_terms else ():
                found.setdefault(" ".join(term), {}).update(vi_terms)
    return {term: tuple(known) for term, known in found.items()}


def terms_in(glossary: Renderings, texts: Iterable[str]) -> Renderings:
    """The entries whose first character stands in some zh texts: a glossary is large, a text is not."""
    if not glossary:
        return {}
    present = {"#"}.union(*(simplify(text).casefold() for text in texts))
    return {term: renderings for term, renderings in glossary.items() if term[0] in present}


def fingerprint(glossary: Renderings) -> str:
    """`glossary:` and twelve hex digits over its entries; the order of the rows and notes do not matter."""
    entries = sorted((term, sorted(renderings)) for term, renderings in glossary.items())
    return f"glossary:{hashlib.sha256(repr(entries).encode()).hexdigest()[:12]}"


def _forms(texts: Iterable[str], lang: Side) -> list[tuple[str, ...]]:
    """Forms of a term as token keys; empty ones are left out."""
    keys = (tuple(token_keys(text, lang)) for text in texts)
    return list(dict.fromkeys(key for key in keys if key))
