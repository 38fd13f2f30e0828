"""Which rows of a table are about a document: those that name it, and those that name none but are its beads.

A document is the same wherever it lies: paths are compared whole first, then by the names of their files.
Rows that name another document are never taken, for documents share sentences, and each of these has
its own decisions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import AlignerError, InputError
from aligner.formats import bitext as bitext_file
from aligner.formats.inputs import open_input
from aligner.formats.units import Unit, document_name
from aligner.model import Bitext

_FOLDER = re.compile(r".*[/\\]")


@dataclass(frozen=True, slots=True)
class Own:
    """The rows of a table about one document.

    Attributes:
        rows: those, each with its document.
        others: how many rows name each of the other documents.
    """

    rows: list[Unit]
    others: Counter[str]


def rows_about(rows: Sequence[Unit], bitext: Bitext, path: Path, table: str) -> Own:
    """The rows of a table about the document of a bitext.

    Args:
        rows: in the order of the table.
        bitext: what they may be about.
        path: its file, for errors.
        table: what rows without a document have instead.

    Raises:
        InputError: there are none, or it cannot be told which.
    """
    every = list(_with_documents(rows, table))
    named = Counter(row.document for row in every)
    own = _document(every, named, bitext, path, table)
    others = Counter({document: count for document, count in named.items() if document not in (own, table)})
    return Own([row for row in every if row.document == own], others)


def _with_documents(rows: Sequence[Unit], table: str) -> Iterator[Unit]:
    """A row without a document was added by hand: it belongs to that of the row before it, or else behind."""
    document = next((row.document for row in rows if row.document != table), table)
    for row in rows:
        if row.document != table:
            document = row.document
        yield row._replace(document=document)


def _document(every: list[Unit], named: Counter[str], bitext: Bitext, path: Path, table: str) -> str:
    """What the rows about the bitext have as their document."""
    name = document_name(bitext)
    if name in named:
        return name
    hashes = {bead.hash for bead in bitext.beads}
    known = {row.document for row in every if row.hash in hashes}
    alike = [document for document in named if document != table and _files(document) == _files(name)]
    if len(alike) > 1:
        raise InputError(
            f"{path}: the table has rows of {' and of '.join(alike[:2])}, and none of {name}",
            "leave only those in it that are meant",
        )
    if alike and alike[0] in known:
        return alike[0]
    if table in known:
        return table
    if known:
        raise _of_another(min(known, key=list(named).index), name, path)
    raise InputError(
        f"no row of the table is about {path}", "is it the table of another bitext, or of an older one?"
    )


def _files(document: str) -> list[str]:
    """The names of a document's files, without their folders, on any system."""
    return [_FOLDER.sub("", part) for part in document.split(" | ")]


def _of_another(document: str, name: str, path: Path) -> InputError:
    renamed = "if its file was renamed since, empty the column document"
    bitext = _bitext_of(document, path.parent)
    remedy = f"apply it to {bitext}" if bitext else "name the bitext of that document"
    return InputError(f"the table is of {document}, and {path} of {name}", f"{remedy}; {renamed}")


def _bitext_of(document: str, folder: Path) -> Path | None:
    """The bitext of a document, if one in this folder is."""
    for path in sorted(folder.glob("*.bitext.jsonl")):
        try:
            with open_input(path) as file:
                header, _ = bitext_file.stream(file, str(path))
        except AlignerError:
            continue
        if _files(document_name(Bitext(header.src, header.tgt, ()))) == _files(document):
            return path
    return None
