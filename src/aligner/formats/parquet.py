r"""Parquet: the fields of the bead TSV with their types, texts as they are; with the extra `parquet`.

Segment ids are lists of numbers. A lone surrogate, which UTF-8 cannot hold, becomes `\ud800` written out.
Read by pandas, DuckDB, Spark and whatever else reads Parquet, and back by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from aligner.errors import FormatError, MissingBackend
from aligner.formats.imported import zh_first
from aligner.formats.jsonl import unit_of
from aligner.formats.options import ExportOptions
from aligner.formats.rows import with_hash
from aligner.formats.selection import Tally
from aligner.formats.units import COLUMNS, Unit
from aligner.lines import shown

_ROWS = 20_000
"""Units a row group: small enough to hold, large enough to pack well."""
_ALIASES = {"zh": "src", "vi": "tgt"}


def write_units(units: Iterable[Unit], file: BinaryIO, _options: ExportOptions, _tally: Tally) -> None:
    """Writes units, null and rejected beads among them; a row group of them is in memory.

    Raises:
        MissingBackend: pyarrow is not installed.
    """
    pa, pq = _pyarrow()
    ids = pa.list_(pa.int64())
    kinds = {"id": pa.int64(), "confidence": pa.float64(), "src_ids": ids, "tgt_ids": ids}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    rest = iter(units)
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema, compression="zstd") as writer:
        while group := list(islice(rest, _ROWS)):
            columns = [[_plain(unit[place]) for unit in group] for place in range(len(COLUMNS))]
            writer.write_table(pa.table(columns, schema=schema))


def _plain(value: Any) -> Any:
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a file, zh first; only `src` and `tgt` (or `zh` and `vi`) are required.

    Raises:
        FormatError: it is broken, or a row is.
        MissingBackend: pyarrow is not installed.
    """
    return map(with_hash, zh_first(_units(file, name, tally), tally))


def _units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    pa, pq = _pyarrow()
    count = 0
    try:
        table = pq.ParquetFile(BytesIO(file.read()))
        given = {_ALIASES.get(column, column): column for column in table.schema_arrow.names}
        if not {"src", "tgt"} <= given.keys():
            raise FormatError(f"{name} has no columns src and tgt", "name them so, or zh and vi")
        wanted = {column: given[column] for column in COLUMNS if column in given}
        for batch in table.iter_batches(_ROWS, columns=list(wanted.values())):
            for row in batch.to_pylist():
                record = {column: row[of] for column, of in wanted.items() if row[of] is not None}
                yield unit_of(record, count, name, f"{name}: row {count}", tally.unknown)
                count += 1
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FormatError(f"{name}: broken Parquet ({shown(str(error))})", "is the file cut short?") from None


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingBackend("Parquet", "parquet") from None
    return pa, pq
