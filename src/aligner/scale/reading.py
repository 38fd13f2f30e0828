"""Items of the plan into documents of one language; whatever cannot be read is told, and the rest goes on."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from aligner.documents import is_bilingual, read_data, segment, separate
from aligner.documents.limits import LIMITS, MEGABYTE, REMEDY, limited, raised
from aligner.errors import InputError
from aligner.model import Document
from aligner.scale.archives import archive_rows
from aligner.scale.plan import Item
from aligner.scale.records import DAMAGED, Failure, Record, failure_of
from aligner.scale.store import opened

Found = Iterator[Record | Failure]
T = TypeVar("T")

_NAMES: Mapping[str, tuple[str, ...]] = {
    "zh": ("zh", "src", "zh_text", "text_zh", "chinese"),
    "vi": ("vi", "tgt", "vi_text", "text_vi", "vietnamese"),
    "text": ("text", "content", "body", "html"),
    "id": ("id", "url", "doc_id", "document"),
}
"""Columns by what they hold, the likeliest name first."""

_KINDS = {int: "a number", float: "a number", bool: "true or false", list: "a list", dict: "an object"}
_NEITHER = (
    "leave it out: only Chinese and Vietnamese are read; "
    "if it is one of them, it is too short to tell, or its encoding is to be named with --encoding"
)
_BROKEN_OFF = ("the file cannot be read from this row on", "is it cut short? What stands before it is used")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; None where the usual names are to be looked for."""

    zh: str | None = None
    vi: str | None = None
    text: str | None = None
    id: str | None = None

    def find(self, what: str, row: Mapping[str, Any]) -> str | None:
        """The column of a row that holds something; one that has no value holds nothing."""
        named: str | None = getattr(self, what)
        names = (named,) if named is not None else _NAMES[what]
        return next((name for name in names if row.get(name) is not None), None)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the input is read.

    Attributes:
        columns: what the columns of tables hold.
        encoding: of text files; None to find it.
        max_size: megabytes a document may have; None for the usual limits.
    """

    columns: Columns = field(default_factory=Columns)
    encoding: str | None = None
    max_size: int | None = None


def read_item(item: Item, url: str, options: ReadOptions) -> Found:
    """The documents of an item.

    Args:
        item: what to read.
        url: the input's address, which says what file system the paths are of.
        options: how.
    """
    with limited(raised(options.max_size) if options.max_size else None):
        if item.kind in {"document", "pair"}:
            yield from _guarded(lambda: _files(item, url, options.encoding), item.name)
        else:
            yield from _rows(item, url, options.columns)


def _rows(item: Item, url: str, columns: Columns) -> Found:
    rows = {"jsonl": _json_rows, "parquet": _parquet_rows, "warc": archive_rows}[item.kind](item, url)
    number = item.first
    while True:
        name = f"{item.name}#{number}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a broken file
            yield failure_of(name if number else item.name, error, _BROKEN_OFF if number else DAMAGED)
            return
        if isinstance(row, Failure):
            yield row
        else:
            yield from _guarded(partial(_row, row, name, columns), name)
        number += 1


def _guarded(read: Callable[[], list[Record]], name: str) -> Found:
    """What a document gives, or why it gives nothing: no document stops a run."""
    try:
        yield from read()
    except Exception as error:  # noqa: BLE001 - one of millions of documents may break any library
        yield failure_of(name, error)


def _files(item: Item, url: str, encoding: str | None) -> list[Record]:
    names = item.name.split(" | ") if len(item.paths) > 1 else [item.name]
    parts = zip(item.paths, names, item.lengths, strict=True)
    documents = [read_data(_bytes(url, *part), part[1], encoding=encoding) for part in parts]
    if len(documents) == 1:
        return _alone(documents[0], item.name, item.name)
    return _together(documents[0], documents[1], names, item.name)


def _bytes(url: str, path: str, name: str, length: int) -> bytes:
    if length > LIMITS.get().size:
        raise InputError(f"{name}: larger than {LIMITS.get().size / MEGABYTE:g} MB", REMEDY)
    system, _ = opened(url)
    return bytes(system.cat_file(path))


def _alone(document: Document, name: str, pair: str) -> list[Record]:
    """A document by itself: both halves of a bilingual one, or one that is to be paired.

    Args:
        document: what was read.
        name: what it is called.
        pair: what to call what the halves have in common; no other document's name may be that.
    """
    if document.lang is None and is_bilingual(document):
        zh, vi = separate(document)
        return [Record(name, pair, _checked(zh)), Record(name, pair, _checked(vi))]
    return [Record(name, "", _checked(document))]


def _together(one: Document, two: Document, names: list[str], pair: str) -> list[Record]:
    """Two documents that belong together.

    Raises:
        InputError: they are not one of each language.
    """
    records = [Record(n, pair, _checked(d)) for n, d in zip(names, (one, two), strict=True)]
    if (one.lang == "vi") == (two.lang == "vi"):
        language = "Vietnamese" if one.lang == "vi" else "Chinese"
        raise InputError(f"{pair}: both are {language}", "a pair is one Chinese and one Vietnamese document")
    return records


def _checked(document: Document) -> Document:
    """The document, if it has one of the two languages and can be segmented.

    Raises:
        InputError: its language is not known.
    """
    if document.lang is None:
        raise InputError(f"{document.path}: its language is not known", _NEITHER)
    segment(document)
    return document


def _row(row: Mapping[str, Any], place: str, columns: Columns) -> list[Record]:
    """The documents of a row.

    It is called by its id, if that is a word or a number, but paired by its place: ids may stand twice.
    """
    key = columns.find("id", row)
    known = key is not None and isinstance(row[key], str | int | float) and row[key] != ""
    name = str(row[key]) if key and known else place
    zh, vi = columns.find("zh", row), columns.find("vi", row)
    if zh and vi:
        sides = (_text(row[zh], f"{name} ({zh})"), _text(row[vi], f"{name} ({vi})"))
        return _together(*sides, [name, name], place)
    text = columns.find("text", row)
    if text is None:
        filled = ", ".join(column for column, value in row.items() if value is not None)
        if zh or vi:
            raise InputError(f"{name}: one side of the pair is empty", "a pair needs both")
        raise InputError(
            f"{name}: no column of texts (columns with a value: {filled or 'none'})",
            "name them: --columns zh=NAME,vi=NAME or --columns text=NAME",
        )
    return _alone(_text(row[text], name, kind=row.get("reader")), name, place)


def _text(value: Any, name: str, kind: str | None = None) -> Document:
    if not isinstance(value, str):
        raise InputError(
            f"{name}: not a text but {_KINDS.get(type(value), 'something else')}", "write it as text"
        )
    document = read_data(value.encode("utf-8", "replace"), name, kind=kind or "text", encoding="utf-8")
    return replace(document, sha256=hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest())


def _json_rows(item: Item, url: str) -> Iterator[dict[str, Any] | Failure]:
    system, _ = opened(url)
    with system.open(item.paths[0], "rb") as file:
        packed = item.paths[0].lower().endswith(".gz")
        lines = io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file
        skip = item.first
        if item.offset:
            file.seek(item.offset)
            skip = 0
        for number, line in enumerate(islice(lines, skip, skip + item.size), item.first):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                words = "the line is not JSON", "is it cut short, or in another encoding than UTF-8?"
                yield Failure(f"{item.name}#{number}", *words, str(error))
                continue
            yield (
                row
                if isinstance(row, dict)
                else Failure(f"{item.name}#{number}", "the line is no JSON object")
            )


def _parquet_rows(item: Item, url: str) -> Iterator[dict[str, Any] | Failure]:
    import pyarrow.parquet as pq

    system, _ = opened(url)
    with system.open(item.paths[0], "rb") as file:
        table = pq.ParquetFile(file)
        before = 0
        for group in range(table.num_row_groups):
            count = table.metadata.row_group(group).num_rows
            if before < item.last and before + count > item.first:
                part = table.read_row_group(group)
                start = max(0, item.first - before)
                yield from part.slice(start, min(count, item.last - before) - start).to_pylist()
            before += count
