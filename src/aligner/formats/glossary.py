"""glossary.tsv: the term base a person edits; a header line, then an entry a row.

No quoting: TAB and line ends within a cell become spaces. Variants are separated by ` | `. Read back from a
spreadsheet it may come in UTF-16, with cells quoted, with decimal commas, its columns in another order: all
that is understood. What is not is refused with the row's number, and nothing is guessed: a column that is
missing, two rows for one term, a status that does not exist.
"""

from __future__ import annotations

import codecs
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

from aligner.errors import FormatError
from aligner.formats.units import clean
from aligner.lines import shown, text_lines
from aligner.terms.model import CATEGORIES, ENTRY_STATUSES, TermEntry, entry_id

COLUMNS: tuple[str, ...] = (
    "id", "zh", "vi", "zh_variants", "vi_variants", "category", "status", "confidence", "frequency",
    "context_zh", "context_vi", "beads", "note",
)  # fmt: skip
_NEEDED = ("zh", "vi", "status")
_OURS = frozenset({"id", "confidence", "frequency", "context_zh", "context_vi", "beads"})
_SEPARATOR = " | "
_QUOTE = '"'
Named = TypeVar("Named", bound=str)


def cells(entry: TermEntry) -> tuple[str, ...]:
    """The cells of an entry, in the order of `COLUMNS`; the confidence with four decimals."""
    return (
        entry.id or entry_id(entry.zh, entry.vi),
        clean(entry.zh),
        clean(entry.vi),
        _forms(entry.zh_variants),
        _forms(entry.vi_variants),
        entry.category,
        entry.status,
        f"{entry.confidence:.4f}",
        str(entry.frequency),
        clean(entry.context_zh),
        clean(entry.context_vi),
        clean(entry.beads),
        clean(entry.note),
    )


def _forms(forms: Iterable[str]) -> str:
    """Variants as one cell, as they will be read back: none empty, none with spaces at its ends."""
    cleaned = (clean(form.replace("|", "/")).strip() for form in forms)
    return _SEPARATOR.join(dict.fromkeys(filter(None, cleaned)))


def write_entries(entries: Iterable[TermEntry], file: BinaryIO, *, bom: bool = False) -> None:
    """Writes a glossary as TSV.

    A straight quotation mark at either end of a cell is written as a curly one, so that a spreadsheet's
    quoting can be told from the text's.
    """
    file.write(codecs.BOM_UTF8 if bom else b"")
    file.write("\t".join(COLUMNS).encode() + b"\n")
    file.writelines(
        ("\t".join(map(_unquotable, cells(entry))) + "\n").encode("utf-8", "replace") for entry in entries
    )


def _unquotable(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith(_QUOTE):
        cell = "“" + cell[1:]
    return cell[:-1] + "”" if cell.endswith(_QUOTE) else cell


def read_entries(file: BinaryIO, name: str, *, whole: bool = True) -> list[TermEntry]:
    """The entries of a glossary as TSV, in order.

    Args:
        file: opened for reading bytes.
        name: what errors call it.
        whole: whether it must have all columns; see `entries_of`.

    Raises:
        FormatError: it is no glossary, or a row is broken; the message names the row.
    """
    lines = [(number, line.split("\t")) for number, line in text_lines(file, name) if line.strip()]
    if not lines:
        raise FormatError(f"{name} is empty", f"begin it with the line: {' '.join(COLUMNS)}")
    if _is_quoted(cell for _, row in lines for cell in row):
        lines = [(number, [_unquoted(cell) for cell in row]) for number, row in lines]
    (_, header), *rows = lines
    return entries_of(header, rows, name, whole=whole)


def _is_quoted(cells_: Iterable[str]) -> bool:
    """Whether a spreadsheet has quoted the cells: every quotation mark is part of a cell's quoting."""
    with_marks = [cell for cell in cells_ if _QUOTE in cell]
    return bool(with_marks) and all(
        len(cell) > 1 and cell[0] == cell[-1] == _QUOTE and cell[1:-1].replace('""', "").count(_QUOTE) == 0
        for cell in with_marks
    )


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', _QUOTE) if cell.startswith(_QUOTE) else cell


def is_own(header: Sequence[str]) -> bool:
    """Whether a table's header is that of our sheet, whole or not: it has columns that only we write."""
    return len(_OURS & {cell.strip().strip(_QUOTE).lower() for cell in header}) > 1


def entries_of(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], name: str, *, whole: bool = True
) -> list[TermEntry]:
    """The entries of a table's rows.

    Args:
        header: the names of its columns, in any order; unknown ones are ignored.
        rows: (line number, cells) of each row; a row may leave out empty cells at its end.
        name: what errors call the table.
        whole: whether it must have all columns, since it will be written over; else forms and status.

    Raises:
        FormatError: a column is missing, or a row is broken; the message names it.
    """
    names = [cell.strip().lower() for cell in header]
    missing = [column for column in (COLUMNS if whole else _NEEDED) if column not in names]
    if missing:
        raise FormatError(
            f"{name}: the column {', '.join(missing)} is missing", f"a glossary has: {' '.join(COLUMNS)}"
        )
    places = [names.index(column) if column in names else len(names) for column in COLUMNS]
    found: list[TermEntry] = []
    lines: dict[tuple[str, str], int] = {}
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise FormatError(f"{name}:{number}: more cells than columns", "is there a TAB inside a cell?")
        values = [row[place].strip() if place < len(row) else "" for place in places]
        entry = _entry(dict(zip(COLUMNS, values, strict=True)), f"{name}:{number}")
        if entry.key in lines:
            raise FormatError(
                f"{name}:{number}: {entry.zh} ↔ {entry.vi} stands in line {lines[entry.key]} too",
                "keep one of the two rows",
            )
        lines[entry.key] = number
        found.append(entry)
    return _with_own_ids(found)


def joined(entries: Iterable[TermEntry]) -> list[TermEntry]:
    """Entries of a table made elsewhere, those of one key as one, with the other spellings as variants."""
    found: dict[tuple[str, str], TermEntry] = {}
    for entry in entries:
        known = found.get(entry.key)
        if known is None:
            found[entry.key] = entry
            continue
        zh = dict.fromkeys((*known.zh_variants, entry.zh, *entry.zh_variants))
        vi = dict.fromkeys((*known.vi_variants, entry.vi, *entry.vi_variants))
        found[entry.key] = known.replace(
            zh_variants=tuple(form for form in zh if form != known.zh),
            vi_variants=tuple(form for form in vi if form != known.vi),
        )
    return list(found.values())


def _entry(row: dict[str, str], where: str) -> TermEntry:
    for column in ("zh", "vi"):
        if not row[column]:
            raise FormatError(f"{where}: the cell {column} is empty", "fill it in, or delete the row")
    return TermEntry(
        zh=row["zh"],
        vi=row["vi"],
        zh_variants=variants(row["zh_variants"]),
        vi_variants=variants(row["vi_variants"]),
        category=_named(row["category"] or "general", CATEGORIES, "category", where),
        status=_named(row["status"] or "candidate", ENTRY_STATUSES, "status", where),
        confidence=_number(row["confidence"], "confidence", where, float),
        frequency=_number(row["frequency"], "frequency", where, int),
        context_zh=row["context_zh"],
        context_vi=row["context_vi"],
        beads=row["beads"],
        note=row["note"],
        id=row["id"],
    )


def variants(cell: str) -> tuple[str, ...]:
    """The forms of a cell, parted by bars, each once."""
    return tuple(dict.fromkeys(form for part in cell.split("|") if (form := part.strip())))


def _named(cell: str, known: Sequence[Named], what: str, where: str) -> Named:
    for name in known:
        if cell.lower() == name:
            return name
    raise FormatError(f"{where}: unknown {what} {shown(cell)}", f"it is one of {', '.join(known)}")


def _number(cell: str, what: str, where: str, kind: Callable[[Any], Any]) -> Any:
    try:
        value = float(cell.replace(",", ".") or 0)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise FormatError(f"{where}: the {what} {shown(cell)} is no number", "write it as 0.5")
    return kind(value)


def _with_own_ids(entries: Sequence[TermEntry]) -> list[TermEntry]:
    """The entries, those without an id or with one that stands above already given their own."""
    taken: set[str] = set()
    out = []
    for entry in entries:
        own = entry
        if not entry.id or entry.id in taken:
            own = entry.replace(id=next(_free_ids(entry, taken)))
        taken.add(own.id)
        out.append(own)
    return out


def _free_ids(entry: TermEntry, taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        found = entry_id(entry.zh, entry.vi + " " * bool(number) + str(number or ""))
        if found not in taken:
            yield found
        number += 1
