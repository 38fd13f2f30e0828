"""The index of a concordance: an SQLite file beside the corpus, made anew for what changed.

SQLite's own full text search cuts text at blanks, so that it cannot find a Chinese word of two characters in
a sentence. Here it is given words ready-made, in two columns: single characters and words by their normal
form, and pairs of neighbours (会晤 is one word of it, and so is hội đàm). A phrase is then a sequence of
pairs, each much rarer than its parts.

The file holds nothing that cannot be made again, and is made again when it is broken or of another version.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

from aligner.errors import OutputError
from aligner.formats import load_bitexts
from aligner.formats.units import document_name
from aligner.model import Bitext
from aligner.review.decisions import decisions_path
from aligner.search.phrases import PAIR, Phrase, index_words

FILE = ".search.sqlite"
_VERSION = "2"
_SCHEMA = """
CREATE TABLE about (version TEXT);
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, stamp TEXT, first INTEGER, last INTEGER);
CREATE TABLE beads (id INTEGER PRIMARY KEY, path TEXT, document TEXT, bead INTEGER, src TEXT, tgt TEXT,
                    confidence REAL, status TEXT);
CREATE VIRTUAL TABLE words USING fts5(singles, pairs, content='',
                                      tokenize="unicode61 remove_diacritics 0");
"""
Row = tuple[str, str, int, str, str, float, str]
"""Path of the file, document, bead, zh text, vi text, confidence and status."""


class Index:
    """An open index. Close it, or use it in a `with` statement."""

    def __init__(self, path: Path | None) -> None:
        """Opens the index in a file, in memory where there is none.

        Raises:
            OutputError: the file can be neither read nor made.
        """
        self._path = path
        try:
            self._base = self._opened()
        except sqlite3.Error as error:
            if path is None or not path.is_file():
                raise OutputError(
                    f"{path} cannot be made ({error})", "is the folder write-protected?"
                ) from None
            path.unlink()  # broken, or of another version
            self._base = self._opened()

    def _opened(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path or ":memory:", timeout=30, isolation_level=None)
        try:
            _prepare(base)
        except BaseException:
            base.close()
            raise
        return base

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._base.close()

    def refresh(self, paths: Iterable[Path]) -> int:
        """Brings the index up to date with some files, and forgets all others; how many were read.

        Linear in the texts of the files that changed.

        Raises:
            InputError: a file cannot be read.
        """
        wanted = {str(path): path for path in paths}
        known = dict(self._base.execute("SELECT path, stamp FROM files"))
        stamps = {name: _stamp(path) for name, path in wanted.items()}
        changed = [name for name in wanted if known.get(name) != stamps[name]]
        gone = [name for name in known if name not in wanted]
        if not (changed or gone):
            return 0
        with self._all_or_nothing():
            for name in [*gone, *changed]:
                self._forget(name)
            for name in changed:
                self._add(name, stamps[name], load_bitexts(wanted[name]))
        return len(changed)

    def add(self, name: str, stamp: str, bitexts: Sequence[Bitext]) -> None:
        """Takes in a file that it does not hold yet.

        Args:
            name: its path.
            stamp: changes whenever the file does.
            bitexts: what it holds.
        """
        with self._all_or_nothing():
            self._add(name, stamp, bitexts)

    @contextlib.contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def _forget(self, name: str) -> None:
        span = self._base.execute("SELECT first, last FROM files WHERE path = ?", (name,)).fetchone()
        if span is None:
            return
        old = self._base.execute("SELECT id, src, tgt FROM beads WHERE id BETWEEN ? AND ?", span)
        self._base.executemany(
            "INSERT INTO words (words, rowid, singles, pairs) VALUES ('delete', ?, ?, ?)",
            ((number, *_words(src, tgt)) for number, src, tgt in old.fetchall()),
        )
        self._base.execute("DELETE FROM beads WHERE id BETWEEN ? AND ?", span)
        self._base.execute("DELETE FROM files WHERE path = ?", (name,))

    def _add(self, name: str, stamp: str, bitexts: Sequence[Bitext]) -> None:
        (first,) = self._base.execute("SELECT coalesce(max(id), 0) + 1 FROM beads").fetchone()
        number = first
        for bitext in bitexts:
            document = document_name(bitext)
            rows = [
                (
                    number + i,
                    name,
                    document,
                    bead.id,
                    bead.src_text,
                    bead.tgt_text,
                    bead.confidence,
                    bead.status,
                )
                for i, bead in enumerate(bitext.beads)
            ]
            self._base.executemany("INSERT INTO beads VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._base.executemany(
                "INSERT INTO words (rowid, singles, pairs) VALUES (?, ?, ?)",
                ((row[0], *_words(row[4], row[5])) for row in rows),
            )
            number += len(rows)
        self._base.execute("INSERT INTO files (path, stamp, first, last) VALUES (?, ?, ?, ?)",
                           (name, stamp, first, number - 1))  # fmt: skip

    def __len__(self) -> int:
        """How many beads it holds."""
        (count,) = self._base.execute("SELECT count(*) FROM beads").fetchone()
        return int(count)

    def candidates(self, phrases: Sequence[Phrase]) -> Iterator[Row]:
        """The beads that hold all of the phrases, and perhaps some more, in the order of the files."""
        query = " AND ".join(map(_match, phrases))
        found = self._base.execute(
            "SELECT path, document, bead, src, tgt, confidence, status FROM words"
            " JOIN beads ON beads.id = words.rowid WHERE words MATCH ? ORDER BY words.rowid",
            (query,),
        )
        yield from found

    def rows(self) -> Iterator[Row]:
        """Every bead, in the order of the files."""
        yield from self._base.execute(
            "SELECT path, document, bead, src, tgt, confidence, status FROM beads ORDER BY id"
        )


def _prepare(base: sqlite3.Connection) -> None:
    # What a crash could spoil is made again.
    base.execute("PRAGMA synchronous = OFF")
    if not base.execute("SELECT 1 FROM sqlite_master").fetchone():
        base.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        base.execute("INSERT INTO about VALUES (?)", (_VERSION,))
    if base.execute("SELECT version FROM about").fetchone() != (_VERSION,):
        raise sqlite3.DatabaseError("another version")


def _stamp(path: Path) -> str:
    """What changes when a bitext or its decisions do."""
    parts = []
    for file in (path, decisions_path(path)):
        with contextlib.suppress(OSError):
            found = file.stat()
            parts.append(f"{found.st_size}:{found.st_mtime_ns}")
    return " ".join(parts)


def _words(src: str, tgt: str) -> tuple[str, str]:
    """The two columns for the texts of a bead."""
    (a, b), (c, d) = index_words(src), index_words(tgt)
    return f"{a} {c}", f"{b} {d}"


def _match(looked_for: Phrase) -> str:
    """A phrase in SQLite's query language."""
    if len(looked_for.keys) == 1:
        return f'singles : "{looked_for.keys[0]}"'
    return f'pairs : "{" ".join(map(PAIR.join, pairwise(looked_for.keys)))}"'
