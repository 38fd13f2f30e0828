"""The bead TSV: a header line, then a bead a line; no quoting, so TAB and line ends become spaces."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from aligner.errors import FormatError
from aligner.formats.imported import zh_first
from aligner.formats.options import ExportOptions
from aligner.formats.rows import RowReader, cells, with_hash
from aligner.formats.selection import Tally
from aligner.formats.units import COLUMNS, Unit
from aligner.lines import text_lines


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, _tally: Tally) -> None:
    """Writes cleaned units, null and rejected beads among them."""
    if options.bom:
        file.write(codecs.BOM_UTF8)
    file.write("\t".join(COLUMNS).encode() + b"\n")
    file.writelines(("\t".join(cells(unit)) + "\n").encode() for unit in units)


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a table, zh first; UTF-8 with or without mark, or UTF-16 with one.

    Raises:
        FormatError: it is no bead TSV, or a row is broken.
    """
    return map(with_hash, zh_first(_rows(file, name, tally), tally))


def _rows(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    lines = text_lines(file, name)
    _, header = next(lines, (1, ""))
    if not header:
        raise FormatError(f"{name} is empty", "check that it was saved")
    reader = RowReader(header.split("\t"), name, tally.unknown)
    for number, line in lines:
        if line:
            yield reader.unit(line.split("\t"), number)
