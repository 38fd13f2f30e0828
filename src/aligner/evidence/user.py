"""What the user knows, as evidence: a lexicon learned from their own memories, and their glossary.

The lexicon is put together with the shipped one before a document is looked at, so that both speak as
one source: where both know a unit, t is their weighted mean and the user's counts three times as much.

The glossary's entries are terms of the table (see `encode`): t of a term's tokens is nearly certain.
A glossary is a table parted by TABs. With a header it needs the columns `zh` and `vi`; `zh_variants`,
`vi_variants` (parted by ` | `) and `status` are understood, others are passed over. Without a header
the first two columns are the languages, in either order, as OmegaT and most programs write them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from aligner.errors import FormatError, InputError
from aligner.evidence.encode import Renderings
from aligner.evidence.lexicon import Lexicon, Units, load_lexicon, make_units
from aligner.evidence.sparse import Floats, Ints, Sparse, from_triples
from aligner.language.normal import simplify
from aligner.language.script import han_share
from aligner.language.tokens import token_keys
from aligner.lines import text_lines

OWN_SHARE = 0.75
"""Weight of the user's lexicon where the shipped one knows the same unit; assumed. It was learned with the
shipped one as prior, so it has already taken that into account where the user's texts say little."""

STATUSES = ("candidate", "approved", "deprecated", "rejected")
"""Of a glossary's entries; an entry without one counts as approved, for somebody wrote it down."""

_COLUMNS = ("zh", "vi")
_VARIANTS = "|"


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
) -> tuple[Ints, Ints, Floats]:
    """The entries of a table as (row, column, t) of the common vocabularies."""
    row_at = np.array([all_givers.index[key] for key in givers.keys], np.int64)
    column_at = np.array([all_takers.index[key] for key in takers.keys[: table.columns]], np.int64)
    rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    return row_at[rows], column_at[table.indices], table.data


def _mean(
    general: tuple[Ints, Ints, Floats], own: tuple[Ints, Ints, Floats], share: float, shape: tuple[int, int]
) -> Sparse:
    """The weighted mean of two tables, row by row; a row that one of them lacks is the other's."""
    rows, columns, values = (np.concatenate(pair) for pair in zip(general, own, strict=True))
    is_own = np.arange(len(rows)) >= len(general[0])
    weight = np.zeros((2, shape[0]))
    weight[0, general[0]], weight[1, own[0]] = 1 - share, share
    weight /= np.maximum(weight.sum(axis=0), 1e-300)
    return from_triples(rows, columns, values * weight[is_own.astype(np.int64), rows], shape)


def read_glossary(path: Path, *, approved_only: bool = False) -> Renderings:
    """The entries of a glossary as translations between token keys; rejected ones are left out.

    Args:
        path: a table parted by TABs, UTF-8 or UTF-16.
        approved_only: leave out candidates and deprecated ones too.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no glossary, or a row is incomplete; the message names the row.
    """
    try:
        state = path.stat()
        return _glossary(path, state.st_mtime_ns, state.st_size, approved_only)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({(error.strerror or '').lower()})") from None


@lru_cache(maxsize=4)
def _glossary(path: Path, _changed: int, _size: int, approved_only: bool) -> Renderings:  # noqa: FBT001 - a key of the cache
    """`read_glossary`; read again when the file has changed."""
    with path.open("rb") as file:
        rows = [
            (f"{path}:{number}", line.split("\t"))
            for number, line in text_lines(file, str(path))
            if line.strip() and not line.startswith("#")
        ]
    wanted = {"approved"} if approved_only else set(STATUSES) - {"rejected"}
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for zh_terms, vi_terms, status in _entries(rows, str(path)):
        if status in wanted:
            for term in zh_terms:
                found.setdefault(" ".join(term), {}).update(dict.fromkeys(vi_terms))
    return {term: tuple(renderings) for term, renderings in found.items()}


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


Tokens = tuple[str, ...]
Row = tuple[str, Sequence[str]]


def _entries(rows: Sequence[Row], name: str) -> Iterator[tuple[list[Tokens], list[Tokens], str]]:
    """The zh forms, the vi forms and the status of each row."""
    header = [cell.strip().removeprefix("\ufeff").lower() for cell in rows[0][1]] if rows else []
    if set(_COLUMNS) <= set(header):
        body = rows[1:]
    else:
        body = rows
        header = list(_COLUMNS if _zh_is_first(rows, name) else reversed(_COLUMNS))
    for where, cells in body:
        values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not (values.get("zh") and values.get("vi")):
            missing = "Chinese" if values.get("vi") else "Vietnamese"
            raise FormatError(
                f"{where}: no {missing} term", "give the row both, parted by a TAB, or delete it"
            )
        status = values.get("status", "") or "approved"
        if status not in STATUSES:
            raise FormatError(f"{where}: the status '{status}' is none of {', '.join(STATUSES)}")
        zh = _forms([values["zh"], *values.get("zh_variants", "").split(_VARIANTS)], "zh")
        vi = _forms([values["vi"], *values.get("vi_variants", "").split(_VARIANTS)], "vi")
        if not (zh and vi):
            raise FormatError(f"{where}: a term without letters", "correct or delete the row")
        yield zh, vi, status


def _zh_is_first(rows: Sequence[Row], name: str) -> bool:
    """Whether the first of two columns without a header is the Chinese one.

    Raises:
        FormatError: neither is.
    """
    shares = [han_share("".join(cells[k] for _, cells in rows if len(cells) > k)) for k in (0, 1)]
    if rows and max(shares) == 0:
        raise FormatError(
            f"{name}: no Chinese in the first two columns", "a glossary needs the columns zh and vi"
        )
    return shares[0] >= shares[1]


def _forms(texts: Iterable[str], lang: str) -> list[Tokens]:
    """Forms of a term as token keys; empty ones are left out."""
    keys = (tuple(token_keys(text, "zh" if lang == "zh" else "vi")) for text in texts)
    return list(dict.fromkeys(key for key in keys if key))
