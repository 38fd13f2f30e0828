"""Items of the plan into documents of one language; whatever cannot be read is told, and the rest goes on."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from aligner.documents import is_bilingual, read_data, segment, separate
from aligner.errors import AlignerError, InputError
from aligner.model import Document
from aligner.scale.plan import Item
from aligner.scale.records import Failure, Record
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


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; None where the usual names are to be looked for."""

    zh: str | None = None
    vi: str | None = None
    text: str | None = None
    id: str | None = None

    def find(self, what: str, row: Mapping[str, Any]) -> str | None:
        """The column of a row that holds something."""
        named: str | None = getattr(self, what)
        if named is not None:
            return named if named in row else None
        return next((name for name in _NAMES[what] if name in row), None)


def read_item(item: Item, url: str, columns: Columns) -> Found:
    """The documents of an item.

    Args:
        item: what to read.
        url: the input's address, which says what file system the paths are of.
        columns: what the columns of tables hold.
    """
    if item.kind in {"document", "pair"}:
        yield from _guarded(lambda: _files(item, url), item.name)
        return
    rows = {"jsonl": _json_rows, "parquet": _parquet_rows, "warc": _archive_rows}[item.kind](item, url)
    number = item.first
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - whatever a library makes of a broken file
            yield failure_of(f"{item.name}#{number}", error)
            return
        name = f"{item.name}#{number}"
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


def failure_of(name: str, error: Exception) -> Failure:
    """An error as a line of errors.jsonl."""
    if isinstance(error, AlignerError):
        return Failure(name, error.problem, error.remedy)
    return Failure(name, f"{type(error).__name__}: {error}")


def _files(item: Item, url: str) -> list[Record]:
    system, _ = opened(url)
    names = item.name.split(" | ") if len(item.paths) > 1 else [item.name]
    documents = [read_data(bytes(system.cat_file(p)), n) for p, n in zip(item.paths, names, strict=True)]
    if len(documents) == 1:
        return _alone(documents[0], item.name)
    return _together(documents[0], documents[1], names, item.name)


def _alone(document: Document, name: str) -> list[Record]:
    """A document by itself: both halves of a bilingual one, or one that is to be paired."""
    if document.lang is None and is_bilingual(document):
        zh, vi = separate(document)
        return [Record(name, name, _checked(zh)), Record(name, name, _checked(vi))]
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
    """The document, if it has a language and a segment at least; `segment` refuses it otherwise."""
    segment(document)
    return document


def _row(row: Mapping[str, Any], name: str, columns: Columns) -> list[Record]:
    key = columns.find("id", row)
    name = str(row[key]) if key and row[key] not in {None, ""} else name
    zh, vi = columns.find("zh", row), columns.find("vi", row)
    if zh and vi:
        sides = (_text(row[zh], f"{name} ({zh})"), _text(row[vi], f"{name} ({vi})"))
        return _together(*sides, [name, name], name)
    text = columns.find("text", row)
    if text is None:
        raise InputError(
            f"{name}: no column of texts among {', '.join(row)}",
            "name them: --columns zh=NAME,vi=NAME or --columns text=NAME",
        )
    return _alone(_text(row[text], name, kind=row.get("reader")), name)


def _text(value: Any, name: str, kind: str | None = None) -> Document:
    if not isinstance(value, str):
        raise InputError(f"{name}: not a text but {type(value).__name__}")
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
                assert isinstance(row, dict)  # noqa: S101 - told below
            except (ValueError, RecursionError, AssertionError):
                yield Failure(f"{item.name}#{number}", "the line is no JSON object")
            else:
                yield row


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


def _archive_rows(item: Item, url: str) -> Iterator[dict[str, Any] | Failure]:
    """The pages of a WARC file, by the engine's reader."""
    from datatrove.io import DataFolder
    from datatrove.pipeline.readers import WarcReader

    system, _ = opened(url)
    folder, _, name = item.paths[0].rpartition("/")
    reader = WarcReader(DataFolder(folder, fs=system))
    for document in reader.read_file(name):
        yield {
            "id": document.metadata.get("url") or document.id,
            "text": document.text,
            "reader": "html" if "<html" in document.text[:5000].lower() else "text",
        }
