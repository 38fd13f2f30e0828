"""XLSX: the bead table as a workbook, to be read, edited by a person and given to `aligner apply`.

The header stays in sight, the status is chosen from a list, low confidences are coloured, and every text is
a text whatever it begins with. Texts are cleaned as for TSV; Excel takes 32,767 characters a cell, longer
texts are cut and a remark says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from aligner.documents.sheets import Sheet, read_workbook
from aligner.errors import FormatError
from aligner.formats.imported import zh_first
from aligner.formats.options import ExportOptions
from aligner.formats.rows import RowReader, cells, is_bitext, is_glossary, with_hash
from aligner.formats.selection import Tally
from aligner.formats.units import COLUMNS, Unit
from aligner.formats.workbook import LONGEST, Column, write_sheet
from aligner.model import STATUSES

_LOOKS = {
    "id": Column("id", 6, is_number=True),
    "src": Column("src", 50, wraps=True),
    "tgt": Column("tgt", 60, wraps=True),
    # Red: more likely wrong than right. Yellow: below the bound from which nearly all beads are right.
    "confidence": Column("confidence", 11, is_number=True, shades=((0.5, "F8CBAD"), (0.9, "FFE699"))),
    "status": Column("status", 11, choices=STATUSES),
    "document": Column("document", 24),
    "note": Column("note", 30, wraps=True),
    "hash": Column("hash", 18),
}


def write_units(units: Iterable[Unit], file: BinaryIO, _options: ExportOptions, tally: Tally) -> None:
    """Writes cleaned units, null and rejected beads among them."""
    long = 0

    def rows() -> Iterator[tuple[str, ...]]:
        nonlocal long
        for unit in units:
            long += max(len(unit.src), len(unit.tgt), len(unit.note)) > LONGEST
            yield cells(unit)

    columns = [_LOOKS.get(name, Column(name, 10)) for name in COLUMNS]
    write_sheet(columns, rows(), file, title="beads")
    if long:
        tally.remarks.append(f"{long} texts are cut at the {LONGEST:,} characters that a cell takes")


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of the first sheet that has the columns `src` and `tgt`, zh first; read whole.

    Raises:
        FormatError: it is no workbook, has no such sheet, or a row is broken.
    """
    return map(with_hash, zh_first(_rows(file.read(), name, tally), tally))


def _rows(data: bytes, name: str, tally: Tally) -> Iterator[Unit]:
    sheet, header = bead_sheet(data, name)
    names = [header.get(column, "") for column in range(max(header) + 1)]
    reader = RowReader(names, name, tally.unknown)
    for number, texts in sheet.rows[1:]:
        row = [texts.get(column, "") for column in range(len(names))]
        if any(row):
            yield reader.unit(row, number)


def bead_sheet(data: bytes, name: str) -> tuple[Sheet, dict[int, str]]:
    """The sheet of a workbook that is a table of beads, and its header by column.

    Raises:
        FormatError: there is none.
    """
    for sheet in read_workbook(data, name):
        header = _header(sheet)
        if is_bitext(list(header.values())):
            return sheet, header
    raise FormatError(
        f"{name}: no sheet whose first row names the columns src and tgt",
        f"begin the sheet with: {' '.join(COLUMNS)}",
    )


def has_glossary(data: bytes, name: str) -> bool:
    """Whether a workbook holds terms, in our own columns or those of other tools, and no beads.

    Raises:
        FormatError: it is no workbook.
    """
    headers = [list(_header(sheet).values()) for sheet in read_workbook(data, name)]
    return any(map(is_glossary, headers)) or not any(map(is_bitext, headers))


def _header(sheet: Sheet) -> dict[int, str]:
    """The cells of the first row by column."""
    return {column: text.strip() for column, text in sheet.rows[0][1].items()} if sheet.rows else {}
