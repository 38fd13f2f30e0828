r"""CSV: the columns of the bead TSV with commas and quotes (RFC 4180), lines ending in `\r\n`.

Texts are cleaned as for TSV. A text that begins with `=`, `+`, `-` or `@` is written as it is: CSV cannot say
that a cell is text, and a quote before it would stay in the text for every other program.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from aligner.errors import FormatError
from aligner.formats.imported import zh_first
from aligner.formats.options import ExportOptions
from aligner.formats.rows import RowReader, cells, with_hash
from aligner.formats.selection import Tally
from aligner.formats.units import COLUMNS, Unit
from aligner.lines import text_lines

# The csv module's own limit is 128 KB a cell, and a setting of the process; a segment may be longer.
_LONGEST_CELL = 1 << 30


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, _tally: Tally) -> None:
    """Writes cleaned units, null and rejected beads among them."""
    if options.bom:
        file.write(codecs.BOM_UTF8)
    rows = csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(map(cells, units))


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a table, zh first; cells parted by the comma, semicolon or TAB its header uses.

    Raises:
        FormatError: it is no such table, or a row is broken.
    """
    return map(with_hash, zh_first(_rows(file, name, tally), tally))


def header_cells(line: str) -> list[str]:
    """The column names in the first line of a CSV file, by whichever separator gives most of them."""
    return max((line.replace('"', "").split(separator) for separator in ",;\t"), key=len)


def _rows(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    lines = text_lines(file, name)
    _, header = next(lines, (1, ""))
    if not header:
        raise FormatError(f"{name} is empty", "check that it was saved")
    names = header_cells(header)
    reader = RowReader(names, name, tally.unknown)
    separator = next(mark for mark in ",;\t" if mark in header)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader((f"{line}\n" for _, line in lines), delimiter=separator, strict=True)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise FormatError(
                f"{name}:{rows.line_num + 1}: broken CSV ({error})", "is a quote not closed?"
            ) from None
        if row is None:
            return
        if row:
            yield reader.unit(row, rows.line_num + 1)
