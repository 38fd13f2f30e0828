"""Glossaries as tables for other programs: CSV and XLSX with a column for each locale.

The columns are those MateCat names (Forbidden, Domain, Subdomain, Definition, then for each locale the term,
notes and an example of use); memoQ and Phrase read the columns named by a locale and let the user map the
others. A variant is a row of its own with the other language's preferred form.

Read: any table with a column for Chinese and one for Vietnamese, by whatever name: `zh`, `zh-CN`, `Chinese`,
`中文`, `tiếng Trung`; and our own sheet, of which forms and status must be there.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from aligner.documents.sheets import read_workbook
from aligner.errors import FormatError
from aligner.formats.csv import header_cells
from aligner.formats.glossary import COLUMNS, cells, entries_of, is_own, joined, variants
from aligner.formats.units import clean
from aligner.formats.workbook import write_workbook
from aligner.lines import shown, text_lines
from aligner.terms.model import CATEGORIES, ENTRY_STATUSES, EntryStatus, TermEntry, entry_id

_ZH = re.compile(
    r"zh|zho|chi|zh[-_].*|cn|chinese.*|中文.*|汉语|漢語|简体.*|簡體.*|繁體.*|tiếng (?:trung|hoa|hán).*",
    re.IGNORECASE,
)
_VI = re.compile(r"vi|vie|vi[-_]vn|vn|vietnamese.*|tiếng việt.*|越南[语語文]?|越[语語文]?", re.IGNORECASE)
_OTHERS = {
    "note": re.compile(r"notes?|comments?|remarks?|definition|ghi chú|备注|備註|说明", re.IGNORECASE),
    "category": re.compile(r"category|domain|subject(?:field)?|lĩnh vực|类别|領域|领域", re.IGNORECASE),
    "status": re.compile(r"status|trạng thái|状态", re.IGNORECASE),
    "forbidden": re.compile(r"forbidden", re.IGNORECASE),
    "zh_variants": re.compile("zh_variants", re.IGNORECASE),
    "vi_variants": re.compile("vi_variants", re.IGNORECASE),
}
_NOTES, _VARIANT = "Notes", "variant"
COMMENT = "#"
"""Begins a line, or a row without a translation, that is passed over."""
_WIDTHS = (12, 24, 32, 24, 32, 14, 12, 12, 12, 60, 60, 24, 24)
_STATUSES: dict[EntryStatus, frozenset[str]] = {
    "approved": frozenset({"", "approved", "preferred", "admitted", "standardized", "final", "valid"}),
    "candidate": frozenset({"candidate", "proposed", "new", "draft", "pending", "not reviewed"}),
    "deprecated": frozenset({"deprecated", "superseded", "obsolete", "forbidden", "do not use"}),
    "rejected": frozenset({"rejected", "declined"}),
}
"""What other programs call a status (TBX-Basic's picklist, memoQ, Phrase)."""
_YES = {"true", "yes", "1", "x", "forbidden"}


def write_sheet(entries: Iterable[TermEntry], file: BinaryIO) -> None:
    """Writes the glossary's own columns as a workbook, to be edited and read back."""
    write_workbook(COLUMNS, map(cells, entries), file, title="glossary", widths=_WIDTHS)


def _rows(entries: Iterable[TermEntry]) -> Iterator[tuple[str, ...]]:
    """The rows of a table with locale columns; rejected entries are left out."""
    for entry in entries:
        if entry.status == "rejected":
            continue
        forbidden = "True" if entry.status == "deprecated" else ""
        pairs = [(entry.zh, entry.vi)]
        pairs += [(zh, entry.vi) for zh in entry.zh_variants]
        pairs += [(entry.zh, vi) for vi in entry.vi_variants]
        for zh, vi in pairs:
            note = "" if (zh, vi) == pairs[0] else _VARIANT
            yield tuple(
                map(
                    clean,
                    (
                        forbidden,
                        entry.category,
                        "",
                        entry.note,
                        zh,
                        note,
                        entry.context_zh,
                        vi,
                        note,
                        entry.context_vi,
                    ),
                )
            )


def _header(zh_code: str, vi_code: str) -> tuple[str, ...]:
    sides = [(code, _NOTES, "Example of use") for code in (zh_code, vi_code)]
    return ("Forbidden", "Domain", "Subdomain", "Definition", *sides[0], *sides[1])


def write_xlsx(entries: Iterable[TermEntry], file: BinaryIO, *, zh_code: str, vi_code: str) -> None:
    """Writes a workbook with locale columns."""
    write_workbook(_header(zh_code, vi_code), _rows(entries), file, title="glossary")


def write_csv(
    entries: Iterable[TermEntry], file: BinaryIO, *, zh_code: str, vi_code: str, bom: bool = False
) -> None:
    """Writes CSV with locale columns (RFC 4180)."""
    file.write(codecs.BOM_UTF8 if bom else b"")
    rows = csv.writer(codecs.getwriter("utf-8")(file, "replace"), lineterminator="\r\n")
    rows.writerow(_header(zh_code, vi_code))
    rows.writerows(_rows(entries))


def read_xlsx(data: bytes, name: str, *, own: bool = False) -> list[TermEntry]:
    """The entries of a workbook's first sheet; where it is to be `own`, it has all our columns.

    Raises:
        FormatError: it is broken, or no glossary; the message names the row.
    """
    sheets = read_workbook(data, name)
    if not (sheets and sheets[0].rows):
        raise FormatError(f"{name} is empty")
    (_, header), *rows = sheets[0].rows
    width = max(header) + 1
    names = [header.get(column, "") for column in range(width)]
    cells_ = ((n, [row.get(column, "") for column in range(max(width, *row) + 1)]) for n, row in rows)
    return entries_of(names, cells_, name) if own else read_table(names, cells_, name)


def read_csv(file: BinaryIO, name: str) -> list[TermEntry]:
    """The entries of a CSV file, or of a table parted by semicolons or TABs.

    Raises:
        FormatError: it is no glossary, or a row is broken; the message names the row.
    """
    lines = text_lines(file, name)
    at, first = first_row(lines)
    separator = max(",;\t", key=first.count)
    rows = csv.reader((f"{line}\n" for _, line in lines), delimiter=separator)
    try:
        return read_table(header_cells(first), ((rows.line_num + at, row) for row in rows if any(row)), name)
    except csv.Error as error:
        raise FormatError(f"{name}:{rows.line_num + at}: broken CSV ({error})") from None


def read_table(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], name: str
) -> list[TermEntry]:
    """The entries of a table: our own sheet, or one of another program's, whose entries are approved.

    Args:
        header: the first row.
        rows: line number and cells of each row.
        name: what errors call the table.

    Raises:
        FormatError: it has no column for Chinese or none for Vietnamese, or a row is broken.
    """
    names = [cell.strip() for cell in header]
    if is_own(names):
        return entries_of(names, rows, name, whole=False)
    zh, vi = _languages(names, name)
    others = {what: _column(names, pattern) for what, pattern in _OTHERS.items()}
    found: list[TermEntry] = []
    said: dict[tuple[str, str], tuple[EntryStatus, int]] = {}
    for number, row in rows:
        value = {what: _cell(row, column) for what, column in others.items()}
        pair = _cell(row, zh), _cell(row, vi)
        if not any(pair) or (row[0].startswith(COMMENT) and not all(pair)):
            continue
        if not all(pair):
            raise FormatError(
                f"{name}:{number}: a term without its translation",
                "fill it in, or delete the row; for a table of sentences: aligner align",
            )
        if found and zh + 1 < len(names) and _is_variant(names[zh + 1], _cell(row, zh + 1)):
            found[-1] = _with_variant(found[-1], *pair)
            continue
        found.append(
            TermEntry(
                *pair,
                zh_variants=variants(value["zh_variants"]),
                vi_variants=variants(value["vi_variants"]),
                category=next((c for c in CATEGORIES if c == value["category"].lower()), "general"),
                status=_status(value, f"{name}:{number}"),
                confidence=1.0,
                note=value["note"],
                id=entry_id(*pair),
            )
        )
        status, line = said.setdefault(found[-1].key, (found[-1].status, number))
        if status != found[-1].status:
            raise FormatError(
                f"{name}:{number}: {' ↔ '.join(pair)} is {found[-1].status} here and {status} in line {line}",
                "keep one of the two rows",
            )
    return joined(found)


def _languages(names: Sequence[str], name: str) -> tuple[int, int]:
    """The columns of Chinese and of Vietnamese.

    Raises:
        FormatError: there is none for one of them.
    """
    zh, vi = _column(names, _ZH), _column(names, _VI)
    if zh is None or vi is None:
        what = "Chinese" if zh is None else "Vietnamese"
        raise FormatError(f"{name}: no column for {what}", "name the columns zh-CN and vi-VN")
    return zh, vi


def _is_variant(column: str, cell: str) -> bool:
    """Whether a row is a variant of the one before it, as `_rows` writes them."""
    return column == _NOTES and cell == _VARIANT


def _with_variant(entry: TermEntry, zh: str, vi: str) -> TermEntry:
    """An entry with a form more on one side."""
    return entry.replace(
        zh_variants=tuple(dict.fromkeys([*entry.zh_variants, *([zh] if zh != entry.zh else [])])),
        vi_variants=tuple(dict.fromkeys([*entry.vi_variants, *([vi] if vi != entry.vi else [])])),
    )


def first_row(lines: Iterator[tuple[int, str]]) -> tuple[int, str]:
    """The first line that is neither empty nor a comment, with its number; an empty one if there is none."""
    return next(((at, line) for at, line in lines if line.strip() and not line.startswith(COMMENT)), (1, ""))


def is_header(cells_: Sequence[str]) -> bool:
    """Whether a table's first row names its columns: both languages, or one of them and all in ASCII."""
    names = [cell.strip().strip('"') for cell in cells_]
    found = [_column(names, pattern) is not None for pattern in (_ZH, _VI)]
    return all(found) or (any(found) and all(cell.isascii() for cell in names))


def _column(names: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((number for number, cell in enumerate(names) if pattern.fullmatch(cell)), None)


def _cell(row: Sequence[str], column: int | None) -> str:
    return " ".join(row[column].split()) if column is not None and column < len(row) else ""


def _status(value: dict[str, str], where: str) -> EntryStatus:
    """What a row's columns say; a term that another program's table gives without a word is approved."""
    if value["forbidden"].lower() in _YES:
        return "deprecated"
    said = value["status"].lower()
    for status, words in _STATUSES.items():
        if said in words:
            return status
    raise FormatError(
        f"{where}: unknown status {shown(value['status'])}", f"it is one of {', '.join(ENTRY_STATUSES)}"
    )
