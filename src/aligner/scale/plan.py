"""What a run reads, cut into shards before anything is read: the same input makes the same shards.

The shards depend on the input and on their size alone, never on the number of workers, so that a run
that was interrupted, or that is done on another machine, makes the same files.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from aligner.errors import InputError
from aligner.project import is_source, paired

ItemKind = Literal["document", "pair", "jsonl", "parquet", "warc"]

_CONTAINERS: tuple[tuple[ItemKind, tuple[str, ...]], ...] = (
    ("jsonl", (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")),
    ("parquet", (".parquet",)),
    ("warc", (".warc", ".warc.gz", ".warc.zst")),
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something to read: a document, a pair of them, or a stretch of a file that holds many.

    Attributes:
        kind: what it is.
        paths: its file, or the zh and the vi file of a pair, as the file system calls them.
        name: what its documents are called: the path below the input folder.
        first, last: the rows first … last − 1 of a table; all of an archive.
        offset: where row `first` begins in a JSON Lines file that is not compressed, in bytes.
    """

    kind: ItemKind
    paths: tuple[str, ...]
    name: str
    first: int = 0
    last: int = 0
    offset: int = 0

    @property
    def size(self) -> int:
        """How many documents, or pairs of them, it is known to hold; 1 for an archive."""
        return self.last - self.first if self.kind in {"jsonl", "parquet"} else 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The input of a run.

    Attributes:
        url: the input as the user named it.
        shards: what each task reads.
        notes: remarks, one sentence each.
    """

    url: str
    shards: tuple[tuple[Item, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def documents(self) -> int:
        """Documents and pairs, as far as they are known before reading."""
        return sum(item.size for shard in self.shards for item in shard)

    @property
    def fingerprint(self) -> str:
        """Names the plan by what is read."""
        packed = json.dumps([[asdict(item) for item in shard] for shard in self.shards], sort_keys=True)
        return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """As it is kept in the output folder."""
        shards = [[asdict(item) for item in shard] for shard in self.shards]
        return {"input": self.url, "fingerprint": self.fingerprint, "shards": shards}


def plan_of(record: Mapping[str, Any]) -> Plan:
    """The plan that `to_json` made."""
    shards = tuple(
        tuple(Item(**{**item, "paths": tuple(item["paths"])}) for item in shard) for shard in record["shards"]
    )
    return Plan(record["input"], shards)


def make_plan(url: str, *, shard_size: int, limit: int | None = None) -> Plan:
    """Lists the input and cuts it into shards.

    Files are documents, two that differ in nothing but a language tag being a pair (`project.paired`);
    JSON Lines, Parquet and WARC files hold many.

    Args:
        url: a folder, a pattern with `*`, or a file; local, or an address fsspec knows.
        shard_size: documents of a shard.
        limit: documents to read at most.

    Raises:
        InputError: there is nothing there, or it cannot be listed.
    """
    system, root, paths = _listed(url)
    names = {_below(path, root): path for path in paths if _is_regular(system, path)}
    containers = {name: kind for name in names for kind, ends in _CONTAINERS if name.lower().endswith(ends)}
    files = [Path(name) for name in names if name not in containers and is_source(PurePosixPath(name))]
    sources, notes = paired(files, Path())
    items = [
        Item(
            "pair" if len(source.paths) > 1 else "document",
            tuple(names[path.as_posix()] for path in source.paths),
            " | ".join(path.as_posix() for path in source.paths),
        )
        for source in sources
    ]
    for name, kind in sorted(containers.items()):
        items.extend(_stretches(system, Item(kind, (names[name],), name), shard_size))
    if not items:
        raise InputError(f"{url} holds no documents", "name a folder, a pattern or a file of them")
    shards = tuple(_shards(_first(items, limit), shard_size))
    return Plan(url, shards, notes)


def _listed(url: str) -> tuple[Any, str, list[str]]:
    """The file system, the folder that names are below, and the files in order."""
    from aligner.scale.store import opened

    system, path = opened(url)
    try:
        if any(mark in path for mark in "*?["):
            found = [str(p) for p in system.glob(path) if not system.isdir(p)]
            fixed = path[: min(path.index(mark) for mark in "*?[" if mark in path)]
            return system, fixed.rpartition("/")[0], sorted(found)
        if system.isfile(path):
            return system, path.rpartition("/")[0], [path]
        found = [str(p) for p in system.find(path)] if system.isdir(path) else []
    except OSError as error:
        raise InputError(f"{url} cannot be listed ({error})") from None
    if not found:
        raise InputError(f"{url} is no folder or file with documents", "check the name")
    return system, path, sorted(found)


def _is_regular(system: Any, path: str) -> bool:
    """Whether a path is a file: a pipe among the files would be waited for without end."""
    from aligner.scale.store import is_local

    return not is_local(system) or Path(path).is_file()


def _below(path: str, root: str) -> str:
    return path[len(root) :].lstrip("/") if path.startswith(root) else path


def _stretches(system: Any, item: Item, size: int) -> Iterator[Item]:
    """A file of many documents, cut into stretches of `size` rows; an archive is not cut."""
    if item.kind == "warc":
        yield item
        return
    starts = _row_starts(system, item, size)
    for (first, offset), (last, _) in pairwise(starts):
        yield Item(item.kind, item.paths, item.name, first, last, offset)


def _row_starts(system: Any, item: Item, size: int) -> list[tuple[int, int]]:
    """(row, byte offset) where each stretch begins, and where the last one ends.

    A file that cannot be read gives one empty stretch: the task that reads it reports the error.
    """
    path = item.paths[0]
    try:
        with system.open(path, "rb") as file:
            if item.kind == "parquet":
                import pyarrow.parquet as pq

                rows = pq.ParquetFile(file).metadata.num_rows
                return [(row, 0) for row in range(0, rows, size)] + [(rows, 0)]
            packed = path.lower().endswith(".gz")
            return _line_starts(gzip.GzipFile(fileobj=file) if packed else file, size, packed=packed)
    except Exception:  # noqa: BLE001 - whatever a broken file raises, the task will say what is wrong
        return [(0, 0), (1, 0)]


def _line_starts(file: Any, size: int, *, packed: bool) -> list[tuple[int, int]]:
    starts, row, offset = [(0, 0)], 0, 0
    for line in io.BufferedReader(file) if packed else file:
        if row and row % size == 0:
            starts.append((row, 0 if packed else offset))
        row += 1
        offset += len(line)
    return [*starts, (row, offset)] if row else starts


def _first(items: Sequence[Item], limit: int | None) -> Iterator[Item]:
    """As many items as hold `limit` documents; the last one cut."""
    left = limit if limit is not None else sum(item.size for item in items)
    for item in items:
        if left <= 0:
            return
        kept = min(left, item.size)
        left -= kept
        if item.kind in {"jsonl", "parquet"}:
            yield Item(item.kind, item.paths, item.name, item.first, item.first + kept, item.offset)
        else:
            yield item


def _shards(items: Iterator[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Items in order; a stretch of a table or an archive is a shard of its own."""
    files: list[Item] = []
    tables: list[Item] = []
    for item in items:
        (files if item.kind in {"document", "pair"} else tables).append(item)
    rest = iter(files)
    while shard := tuple(islice(rest, size)):
        yield shard
    for item in tables:
        yield (item,)
