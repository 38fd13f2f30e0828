"""Searching: which beads are wanted, and the places in them."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import regex

from aligner.errors import OutputError, UsageError
from aligner.search.index import FILE, Index, Row
from aligner.search.phrases import Mark, phrase, places

_PATIENCE = 2.0
"""Seconds for one text after which a regular expression is taken to be one that never ends."""

Find: TypeAlias = Callable[[str], list[Mark]]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for.

    Attributes:
        text: a word, a phrase or, with `is_regex`, a regular expression.
        together: words or phrases that must stand in the same bead, in either language.
        without: words or phrases that must not.
        is_regex: whether `text` is a regular expression, matched without regard to case.
    """

    text: str
    together: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    is_regex: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A bead with what was looked for.

    Attributes:
        path: file of its bitext.
        document: name of the document.
        bead: id of the bead.
        src, tgt: its texts.
        src_marks, tgt_marks: where what was looked for stands in them.
        confidence, status: of the bead.
    """

    path: str
    document: str
    bead: int
    src: str
    tgt: str
    src_marks: tuple[Mark, ...]
    tgt_marks: tuple[Mark, ...]
    confidence: float
    status: str

    def as_dict(self) -> dict[str, Any]:
        """As values that JSON knows."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in the order of the files, and whether there are more."""

    hits: tuple[Hit, ...]
    more: bool = False


def index_of(folder: Path | None, paths: Iterable[Path]) -> Index:
    """The index for some bitexts, up to date.

    Args:
        folder: where it lies; None keeps it in memory. Where that folder cannot be written, memory too.
        paths: the bitexts, in any format that loads.

    Raises:
        InputError: one of them cannot be read.
    """
    wanted = list(paths)
    if folder:
        for _ in range(2):
            with suppress(OutputError, sqlite3.Error):
                return _refreshed(Index(folder / FILE), wanted)
            with suppress(OSError):  # broken: made anew, unless the folder is write-protected
                (folder / FILE).unlink(missing_ok=True)
    return _refreshed(Index(None), wanted)


def _refreshed(index: Index, paths: Iterable[Path]) -> Index:
    try:
        index.refresh(paths)
    except BaseException:
        index.close()
        raise
    return index


def search(index: Index, query: Query, limit: int | None = 50) -> Found:
    """The beads that a query asks for.

    Args:
        index: of the bitexts.
        query: what.
        limit: how many hits at most; None for all.

    Raises:
        UsageError: there is nothing to look for, or the regular expression is none.
    """
    stop = None if limit is None else limit + 1
    hits = tuple(islice(_hits(index, query), stop))
    if limit is not None and len(hits) > limit:
        return Found(hits[:limit], more=True)
    return Found(hits)


def _hits(index: Index, query: Query) -> Iterator[Hit]:
    together = [phrase(text) for text in query.together]
    if query.is_regex:
        finds = [_regex(query.text), *(_phrase(text) for text in query.together)]
        rows = index.candidates(together) if together else index.rows()
    else:
        finds = [_phrase(text) for text in (query.text, *query.together)]
        rows = index.candidates([phrase(query.text), *together])
    unwanted = [_phrase(text) for text in query.without]
    for stored in rows:
        row = _composed(stored) if query.is_regex else stored
        marks = [_marks(find, row) for find in finds]
        if all(src or tgt for src, tgt in marks) and not any(any(_marks(find, row)) for find in unwanted):
            yield _hit(row, marks)


def _composed(row: Row) -> Row:
    """The row with its texts in normal form C, as regular expressions are."""
    src, tgt = (unicodedata.normalize("NFC", text) for text in row[3:5])
    return (*row[:3], src, tgt, *row[5:])


def _phrase(text: str) -> Find:
    looked_for = phrase(text)
    return lambda where: list(places(where, looked_for))


def _regex(text: str) -> Find:
    if not text:
        raise UsageError("nothing to search for", "name a regular expression")
    try:
        pattern = regex.compile(unicodedata.normalize("NFC", text), regex.IGNORECASE)
    except regex.error as error:
        raise UsageError(f"'{text}' is no regular expression ({error})") from None

    def find(where: str) -> list[Mark]:
        try:
            return [match.span() for match in pattern.finditer(where, timeout=_PATIENCE) if match.group()]
        except TimeoutError:
            raise UsageError(f"the regular expression '{text}' takes too long", "make it simpler") from None

    return find


def _marks(find: Find, row: Row) -> tuple[list[Mark], list[Mark]]:
    return find(row[3]), find(row[4])


def _hit(row: Row, marks: Sequence[tuple[list[Mark], list[Mark]]]) -> Hit:
    path, document, bead, src, tgt, confidence, status = row
    sides = (tuple(sorted(mark for found in marks for mark in found[side])) for side in (0, 1))
    src_marks, tgt_marks = map(_disjoint, sides)
    return Hit(path, document, bead, src, tgt, src_marks, tgt_marks, confidence, status)


def _disjoint(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Marks in order, those that touch as one."""
    joined: list[Mark] = []
    for start, end in marks:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)
