"""Web archives: the pages of a WARC file, by the engine's reader, each whole or told to be cut."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from typing import Any

from aligner.scale.plan import Item
from aligner.scale.records import Failure
from aligner.scale.store import opened

_CUT = ("the archive breaks off here", "was it copied to its end? The pages before this one are used")


def archive_rows(item: Item, url: str) -> Iterator[dict[str, Any] | Failure]:
    """The HTML pages and texts of an archive, as rows of a table.

    What a record is, and its encoding, `datatrove.pipeline.readers.warc` says; records that are no pages
    (pictures, requests) are left out. Its loop over the records is ours: it takes the part of a record that
    is there, where the file breaks off, for the whole.
    """
    from datatrove.pipeline.readers.warc import process_record
    from warcio.archiveiterator import ArchiveIterator

    system, _ = opened(url)
    path = item.paths[0]
    packed = "zstd" if path.lower().endswith(".zst") else None
    with system.open(path, "rb", compression=packed) as file:
        stream = _Stream(gzip.GzipFile(fileobj=file) if path.lower().endswith(".gz") else file)
        number = -1
        cut = False
        for number, record in enumerate(ArchiveIterator(stream)):
            page = process_record(record)
            cut = _is_cut(record)
            if cut:
                yield Failure(f"{item.name}#{number}", *_CUT)
            elif page:
                yield _row(page)
        if stream.is_cut and not cut:
            yield Failure(f"{item.name}#{number + 1}", *_CUT)


class _Stream:
    """A file that may be packed: what of it can be unpacked, and whether it ends before it should."""

    def __init__(self, file: Any) -> None:
        self.is_cut = False
        self._read = getattr(file, "read1", file.read)
        self.tell = file.tell

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        try:
            return bytes(self._read(size))
        except EOFError:
            self.is_cut = True
            return b""


def _is_cut(record: Any) -> bool:
    """Whether the file ends before the record does, which says how long it is."""
    stream = record.raw_stream
    while stream.read(1 << 16):
        pass
    return bool(getattr(stream, "limit", 0) > 0)


def _row(page: dict[str, Any]) -> dict[str, Any]:
    reader = "html" if "<html" in page["text"][:5000].lower() else "text"
    return {"id": page["url"] or page["id"], "text": page["text"], "reader": reader}
