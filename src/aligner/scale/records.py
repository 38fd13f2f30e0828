"""Documents as rows: what a run keeps of its input between reading and aligning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from aligner.errors import AlignerError
from aligner.model import Block, Document, Kind, Lang, Origin

if TYPE_CHECKING:
    import pyarrow as pa

_FIELDS = ("id", "pair", "lang", "path", "sha256", "text", "blocks")


@dataclass(frozen=True, slots=True)
class Record:
    """A document of one language.

    Attributes:
        id: where it came from: a path, `path#row` or an address.
        pair: what it and its translation have in common, where that is known; empty where it is to be found.
        document: its text and blocks.
    """

    id: str
    pair: str
    document: Document


@dataclass(frozen=True, slots=True)
class Failure:
    """A document, or a file of them, that could not be used.

    Attributes:
        document: its name.
        problem: what is wrong.
        remedy: what to do about it, where something can be said.
        detail: what a library said, in its own words.
    """

    document: str
    problem: str
    remedy: str = ""
    detail: str = ""

    def to_json(self) -> dict[str, str]:
        """As a line of errors.jsonl."""
        record = {"document": self.document, "problem": self.problem, "remedy": self.remedy}
        return {**record, "detail": self.detail} if self.detail else record


DAMAGED = ("is not what its name says, or is damaged", "open it in its own program")
"""What is wrong with a document on which a reader fails, and what to do."""


def failure_of(name: str, error: Exception, otherwise: tuple[str, str] = DAMAGED) -> Failure:
    """An error as a failure: the problem in our words, what a library said as detail.

    Args:
        name: of the document.
        error: ours, the system's or a library's.
        otherwise: problem and remedy where the error tells a person nothing.
    """
    if isinstance(error, AlignerError):
        return Failure(name, error.problem, error.remedy)
    if isinstance(error, PermissionError):
        words = "may not be read", "check its permissions"
    elif isinstance(error, FileNotFoundError):
        words = "is not there any more", "was it moved while the run read it?"
    elif isinstance(error, OSError) and error.errno:
        words = "cannot be read", "check the disk or the connection"
    elif isinstance(error, MemoryError):
        words = "needs more memory than there is", "cut it into parts"
    elif isinstance(error, ImportError):
        words = "needs a package that is not installed", 'pip install "aligner-zhvi[docs,scale]"'
    else:
        words = otherwise
    return Failure(name, *words, f"{type(error).__name__}: {error}")


def table_of(records: Sequence[Record]) -> pa.Table:
    """Records as a table."""
    import pyarrow as pa

    rows = [_row(record) for record in records]
    schema = pa.schema([(name, pa.string()) for name in _FIELDS])
    return pa.table({name: [row[k] for row in rows] for k, name in enumerate(_FIELDS)}, schema=schema)


def _row(record: Record) -> tuple[str, ...]:
    document = record.document
    blocks = [[b.start, b.end, b.kind, *_origin(b.origin)] for b in document.blocks]
    return (
        _plain(record.id),
        _plain(record.pair),
        document.lang or "",
        _plain(document.path),
        document.sha256,
        # Parquet holds UTF-8, which has no lone surrogates; a replacement keeps every offset.
        _plain(document.text),
        json.dumps(blocks, separators=(",", ":")),
    )


def _plain(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _origin(origin: Origin) -> list[Any]:
    return [origin.page, origin.paragraph, origin.cell, origin.time]


def records_of(table: pa.Table) -> Iterator[Record]:
    """The records of a table."""
    for row in table.to_pylist():
        yield _record(row)


def _record(row: Mapping[str, str]) -> Record:
    blocks = tuple(
        Block(start, end, cast(Kind, kind), Origin(*origin))
        for start, end, kind, *origin in json.loads(row["blocks"])
    )
    document = Document(cast(Lang, row["lang"]), row["path"], row["sha256"], row["text"], blocks)
    return Record(row["id"], row["pair"], document)


def texts_of(records: Iterable[Record]) -> list[str]:
    """The text of each document in its own language: its blocks, a line each."""
    return ["\n".join(r.document.text[b.start : b.end] for b in r.document.blocks) for r in records]
