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
from dataclasses import asdict, dataclass, replace
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from aligner.errors import InputError
from aligner.project import is_source, paired
from aligner.scale.listing import Listing, list_input
from aligner.scale.records import Failure

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
        lengths: of the files, in bytes: a file that has changed is other input.
    """

    kind: ItemKind
    paths: tuple[str, ...]
    name: str
    first: int = 0
    last: int = 0
    offset: int = 0
    lengths: tuple[int, ...] = ()

    @property
    def unit(self) -> str:
        """What is counted of it, before and after it is read: files, rows or pages."""
        return {"jsonl": "rows", "parquet": "rows", "warc": "pages"}.get(self.kind, "files")

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
        failures: files that hold nothing, or cannot even be listed.
    """

    url: str
    shards: tuple[tuple[Item, ...], ...]
    notes: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

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
        failures = [asdict(failure) for failure in self.failures]
        record = {"input": self.url, "fingerprint": self.fingerprint, "shards": shards}
        return {**record, "notes": list(self.notes), "failures": failures}


def plan_of(record: Mapping[str, Any]) -> Plan:
    """The plan that `to_json` made."""
    shards = tuple(
        tuple(
            Item(**{**item, **{name: tuple(item.get(name, ())) for name in ("paths", "lengths")}})
            for item in shard
        )
        for shard in record["shards"]
    )
    failures = tuple(Failure(**failure) for failure in record.get("failures", ()))
    return Plan(record["input"], shards, tuple(record.get("notes", ())), failures)


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
    listing = list_input(url)
    names = listing.paths
    containers = {name: kind for name in names for kind, ends in _CONTAINERS if name.lower().endswith(ends)}
    files = [Path(name) for name in names if name not in containers and is_source(PurePosixPath(name))]
    sources, notes = paired(files, Path())
    items = [
        _item(listing, "pair" if len(source.paths) > 1 else "document", [p.as_posix() for p in source.paths])
        for source in sources
    ]
    failures = list(listing.failures)
    for name, kind in sorted(containers.items()):
        stretches = list(_stretches(listing.system, _item(listing, kind, [name]), shard_size))
        items += stretches
        if not stretches:
            failures.append(Failure(name, "holds no rows", "was it written to its end?"))
    if not items:
        why = f" ({failures[0].document}: {failures[0].problem})" if failures else ""
        raise InputError(f"{url} holds no documents{why}", "name a folder, a pattern or a file of them")
    shards = tuple(_shards(_first(items, limit), shard_size))
    return Plan(url, shards, notes, tuple(failures))


def _item(listing: Listing, kind: ItemKind, names: Sequence[str]) -> Item:
    paths = tuple(listing.paths[name] for name in names)
    return Item(kind, paths, " | ".join(names), lengths=tuple(map(listing.bytes_of, paths)))


def _stretches(system: Any, item: Item, size: int) -> Iterator[Item]:
    """A file of many documents, cut into stretches of `size` rows; an archive is not cut."""
    if item.kind == "warc":
        if any(item.lengths):
            yield item
        return
    starts = _row_starts(system, item, size)
    for (first, offset), (last, _) in pairwise(starts):
        yield replace(item, first=first, last=last, offset=offset)


def _row_starts(system: Any, item: Item, size: int) -> list[tuple[int, int]]:
    """(row, byte offset) where each stretch begins, and where the last one ends.

    Where a file breaks off, the last stretch has one row more than can be read: the task that reads it
    meets the error and reports it.
    """
    path = item.paths[0]
    starts = [(0, 0)]
    row = offset = 0
    try:
        with system.open(path, "rb") as file:
            if item.kind == "parquet":
                import pyarrow.parquet as pq

                rows = pq.ParquetFile(file).metadata.num_rows
                return [(row, 0) for row in range(0, rows, size)] + [(rows, 0)]
            packed = path.lower().endswith(".gz")
            for line in io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file:
                row, offset = row + 1, 0 if packed else offset + len(line)
                if row % size == 0:
                    starts.append((row, offset))
    except Exception:  # noqa: BLE001 - whatever a broken file raises, the task will say what is wrong
        row, offset = row + 1, 0
    return starts if starts[-1][0] == row else [*starts, (row, offset)]


def _first(items: Sequence[Item], limit: int | None) -> Iterator[Item]:
    """As many items as hold `limit` documents; the last one cut."""
    left = limit if limit is not None else sum(item.size for item in items)
    for item in items:
        if left <= 0:
            return
        kept = min(left, item.size)
        left -= kept
        if item.kind in {"jsonl", "parquet"}:
            yield replace(item, last=item.first + kept)
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
