"""A unit as a row of text cells, and back: what TSV, CSV and the spreadsheets have in common."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.errors import FormatError
from aligner.formats.units import COLUMNS, Unit, imported_hash, row_status, stated_hash

# A table of two columns made by hand says which language it means.
_ALIASES = {"zh": "src", "vi": "tgt"}


def cells(unit: Unit) -> tuple[str, ...]:
    """The cells of a unit, in the order of `COLUMNS`; the confidence with four decimals."""
    return (
        str(unit.id),
        unit.src,
        unit.tgt,
        f"{unit.confidence:.4f}",
        unit.status,
        unit.document,
        unit.note,
        ",".join(map(str, unit.src_ids)),
        ",".join(map(str, unit.tgt_ids)),
        unit.hash,
    )


def is_glossary(header: Sequence[str]) -> bool:
    """Whether a table's header is that of a glossary, not of a bitext."""
    return {"zh", "vi", "zh_variants"} <= set(header)


def is_bitext(header: Sequence[str]) -> bool:
    """Whether a table's header is that of a bitext."""
    names = {_ALIASES.get(name, name) for name in header}
    return {"src", "tgt"} <= names and not is_glossary(header)


class RowReader:
    """Turns the rows of one table into units; columns may stand in any order, unknown ones are ignored.

    Only `src` and `tgt` (or `zh` and `vi`) are required. Where others are missing or empty, rows are
    numbered from 0, trusted (confidence 1, somebody made them) and `auto`.
    """

    def __init__(self, header: Sequence[str], name: str, unknown: dict[int, str] | None = None) -> None:
        """Reads the header.

        Args:
            header: the first row.
            name: of the table, for errors.
            unknown: takes cells that should be a status and are none, by line; None where that is an error.

        Raises:
            FormatError: it is not the header of a bitext.
        """
        if is_glossary(header):
            raise FormatError(f"{name} is a glossary, not a bitext", "name a bitext or a memory")
        if not is_bitext(header):
            raise FormatError(
                f"{name}: the first line does not name the columns src and tgt",
                f"use aligner align, or begin it with a line such as: {' '.join(COLUMNS)}",
            )
        self.name, self.unknown = name, unknown
        self.width = len(header)
        names = [_ALIASES.get(cell, cell) for cell in header]
        self.places = [names.index(column) if column in names else None for column in COLUMNS]
        self.count = 0

    def unit(self, row: Sequence[str], line: int) -> Unit:
        """The unit of a row.

        Args:
            row: its cells.
            line: its number in the file, for errors.

        Raises:
            FormatError: it has another number of cells than the header, or a cell that cannot be.
        """
        if len(row) != self.width:
            raise FormatError(
                f"{self.name}:{line}: {len(row)} cells where the header has {self.width}",
                "is the file cut short, or a TAB or quote inside a text?",
            )
        values = [row[place] if place is not None else "" for place in self.places]
        number, src, tgt, confidence, status, document, note, src_ids, tgt_ids, digest = values
        try:
            unit = Unit(
                int(number) if number else self.count,
                src.strip(),
                tgt.strip(),
                float(confidence) if confidence else 1.0,
                row_status(status, f"{self.name}:{line}", line, self.unknown),
                document or self.name,
                note,
                _ids(src_ids),
                _ids(tgt_ids),
                digest,
                line=line,
            )
        except ValueError:
            raise FormatError(
                f"{self.name}:{line}: the id, the confidence or the segment ids are not numbers"
            ) from None
        if unit.id < 0 or not 0 <= unit.confidence <= 1:
            raise FormatError(f"{self.name}:{line}: the id or the confidence is out of range")
        self.count += 1
        return unit


def _ids(cell: str) -> tuple[int, ...]:
    return tuple([int(number) for number in cell.split(",")]) if cell else ()


def with_hash(unit: Unit) -> Unit:
    """A unit, zh first, with the hash it states if that can be one, else the hash of its texts."""
    return unit if stated_hash(unit.hash) else unit._replace(hash=imported_hash(unit.src, unit.tgt))
