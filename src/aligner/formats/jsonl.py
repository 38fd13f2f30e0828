"""JSON Lines of units: an object a bead with the fields of the bead TSV, texts exactly as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from aligner.errors import FormatError
from aligner.formats.imported import zh_first
from aligner.formats.options import ExportOptions
from aligner.formats.rows import with_hash
from aligner.formats.selection import Tally
from aligner.formats.units import COLUMNS, Unit, row_status
from aligner.lines import field, json_object, text_lines

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def write_units(units: Iterable[Unit], file: BinaryIO, _options: ExportOptions, _tally: Tally) -> None:
    """Writes units, null and rejected beads among them."""
    for unit in units:
        line = _encode(dict(zip(COLUMNS, unit, strict=False)))
        # UTF-8 has no lone surrogates; written with a backslash they are what JSON calls them anyway.
        file.write(line.encode("utf-8", "backslashreplace") + b"\n")


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a file, zh first; only `src` and `tgt` are required.

    Raises:
        FormatError: a line is broken, or the file is empty.
    """
    return map(with_hash, zh_first(_units(file, name, tally), tally))


def _units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    count = 0
    for number, line in text_lines(file, name):
        if line:
            where = f"{name}:{number}"
            yield unit_of(json_object(line, where), count, name, where, tally.unknown)
            count += 1
    if not count:
        raise FormatError(f"{name} is empty", "check that it was saved")


def unit_of(
    record: dict[str, Any], count: int, name: str, where: str, unknown: dict[int, str] | None = None
) -> Unit:
    """The unit an object stands for.

    Args:
        record: its fields by the names of the columns.
        count: its number, where it has no id.
        name: of the file, where it names no document.
        where: file and place, for errors.
        unknown: takes a status that is none, by line; None where that is an error.

    Raises:
        FormatError: a field is missing or cannot be.
    """
    unit = Unit(
        field(record, "id", int, where, count),
        field(record, "src", str, where),
        field(record, "tgt", str, where),
        field(record, "confidence", float, where, 1.0),
        row_status(field(record, "status", str, where, "auto"), where, count + 1, unknown),
        field(record, "document", str, where, "") or name,
        field(record, "note", str, where, ""),
        tuple(field(record, "src_ids", list, where, [])),
        tuple(field(record, "tgt_ids", list, where, [])),
        field(record, "hash", str, where, ""),
        line=count + 1,
    )
    if unit.id < 0 or not 0 <= unit.confidence <= 1:
        raise FormatError(f"{where}: the id or the confidence is out of range")
    if not all(type(number) is int for number in unit.src_ids + unit.tgt_ids):
        raise FormatError(f"{where}: a segment id is not a whole number")
    return unit
