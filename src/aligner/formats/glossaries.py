"""Glossaries in and out: the formats, and which is meant.

TermEntry… ──▶ tsv, jsonl, sheet, csv, xlsx, tbx, tbx3, omegat-glossary
TermEntry… ◀── the same files, and what other tools write, by name and content
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from aligner.errors import FormatError, UsageError
from aligner.formats import glossary, glossary_table, omegat_glossary, tbx
from aligner.formats.inputs import is_document, name_of, open_input
from aligner.formats.options import Direction
from aligner.language.script import han_share
from aligner.lines import field, json_object, text_lines
from aligner.output import Destination, open_output
from aligner.terms.model import Occurrence, TermEntry

GLOSSARY_FORMATS: dict[str, str] = {
    "tsv": ".tsv",
    "jsonl": ".jsonl",
    "sheet": ".sheet.xlsx",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "tbx": ".tbx",
    "tbx3": ".v3.tbx",
    "omegat-glossary": ".txt",
}
"""Formats of glossaries, and the end of their files' names."""
_BINARY = {"sheet", "xlsx"}
_PLAIN = {".txt", ".text"}  # OmegaT's glossaries are named so
_READ = "a table (TSV, CSV, XLSX) with a column for each language, TBX, JSONL or OmegaT's glossary"
_ZIP, _XML = b"PK", b"<"


@dataclass(frozen=True, slots=True)
class GlossaryOptions:
    """How a glossary is written.

    Attributes:
        direction: of the OmegaT glossary, which has a source.
        zh_code, vi_code: language codes.
        bom: CSV and TSV begin with a byte order mark, which Excel needs.
    """

    direction: Direction = "zh-vi"
    zh_code: str = "zh-CN"
    vi_code: str = "vi-VN"
    bom: bool = False


def write_glossary(
    entries: Iterable[TermEntry],
    format_name: str,
    destination: Destination = None,
    options: GlossaryOptions | None = None,
    *,
    inputs: Iterable[str | Path] = (),
) -> None:
    """Writes a glossary.

    Args:
        entries: its entries.
        format_name: a key of `GLOSSARY_FORMATS`.
        destination: a path, `-` or None for stdout.
        options: codes and direction.
        inputs: files it comes from, which must not be overwritten.

    Raises:
        UsageError: there is no such format.
        OutputError: the destination cannot be written; what stood there is untouched.
    """
    if format_name not in GLOSSARY_FORMATS:
        raise UsageError(f"no glossary format '{format_name}'", f"it is one of {', '.join(GLOSSARY_FORMATS)}")
    with open_output(destination, inputs=inputs, binary=format_name in _BINARY) as file:
        write_entries(entries, format_name, file, options or GlossaryOptions())


def write_entries(entries: Iterable[TermEntry], name: str, file: BinaryIO, options: GlossaryOptions) -> None:
    """`write_glossary` into a file that is open."""
    codes = {"zh_code": options.zh_code, "vi_code": options.vi_code}
    if name == "tsv":
        glossary.write_entries(entries, file, bom=options.bom)
    elif name == "jsonl":
        lines = (json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries)
        file.writelines(line.encode("utf-8", "backslashreplace") for line in lines)
    elif name == "sheet":
        glossary_table.write_sheet(entries, file)
    elif name == "csv":
        glossary_table.write_csv(entries, file, bom=options.bom, **codes)
    elif name == "xlsx":
        glossary_table.write_xlsx(entries, file, **codes)
    elif name == "omegat-glossary":
        kept = (entry for entry in entries if entry.status != "rejected")
        omegat_glossary.write_entries(kept, file, direction=options.direction)
    else:
        tbx.write_entries(entries, file, version=3 if name == "tbx3" else 2, **codes)


def load_glossary(path: str | Path) -> list[TermEntry]:
    """The entries of a glossary in any format that can be read: TSV, CSV, XLSX, TBX, JSONL, OmegaT.

    Args:
        path: the file, `-` for stdin.

    Raises:
        InputError: it cannot be read.
        FormatError: it is broken, or no glossary; the message names the row.
    """
    name, suffix = name_of(path), Path(path).suffix.lower()
    with open_input(path) as file:
        data = file.read()
    if not data:
        raise FormatError(f"{name} is empty", "check that it was saved")
    if is_document(path) and suffix not in _PLAIN:
        raise FormatError(f"{name} is a document, not a term base", f"{_READ} can be read")
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if suffix in {".xlsx", ".xlsm"} or data.startswith(_ZIP):
        return _not_exchanged(glossary_table.read_xlsx(data, name), name)
    if suffix in {".tbx", ".xml"} or head.startswith(_XML):
        return tbx.read_entries(BytesIO(data), name)
    if suffix == ".jsonl":
        return _read_jsonl(BytesIO(data), name)
    return _not_exchanged(_read_table(data, name, suffix), name)


def _not_exchanged(entries: list[TermEntry], name: str) -> list[TermEntry]:
    """The entries of a table, unless its columns hold each other's language.

    Raises:
        FormatError: they do.
    """
    zh, vi = (any(map(han_share, forms)) for forms in ([e.zh for e in entries], [e.vi for e in entries]))
    if vi and not zh:
        raise FormatError(f"{name}: the Chinese stands in the column vi", "exchange the columns' names")
    return entries


def load_sheet(path: str | Path) -> list[TermEntry]:
    """The entries of a glossary that will be written over: our own sheet, whole, TSV or XLSX.

    Another program's table is refused, for not all that is in it would be kept.

    Raises:
        InputError: it cannot be read.
        FormatError: it is broken, or not our own; the message names the row.
    """
    name = name_of(path)
    with open_input(path) as file:
        data = file.read()
    if data.startswith(_ZIP):
        return glossary_table.read_xlsx(data, name, own=True)
    return glossary.read_entries(BytesIO(data), name)


def _read_table(data: bytes, name: str, suffix: str) -> list[TermEntry]:
    """A table with a header, or OmegaT's without one."""
    _, first = glossary_table.first_row(text_lines(BytesIO(data), name))
    if "\t" in first:
        if glossary.is_own(first.split("\t")):
            return glossary.read_entries(BytesIO(data), name, whole=False)
        if not glossary_table.is_header(first.split("\t")):
            return omegat_glossary.read_entries(BytesIO(data), name)
    elif suffix in {".txt", ".utf8", ".tab"} and "," not in first and ";" not in first:
        raise FormatError(f"{name} is no term base: its first line has one column", f"{_READ} can be read")
    return glossary_table.read_csv(BytesIO(data), name)


def _read_jsonl(file: BinaryIO, name: str) -> list[TermEntry]:
    entries = []
    for number, line in text_lines(file, name):
        where = f"{name}:{number}"
        record = json_object(line, where)
        row = {column: record.get(column, "") for column in glossary.COLUMNS}
        row |= {c: " | ".join(field(record, c, list, where, [])) for c in ("zh_variants", "vi_variants")}
        evidence = field(record, "evidence", dict, where, {})
        try:
            found = occurrences_of(field(record, "occurrences", list, where, []))
        except (KeyError, TypeError, ValueError):
            raise FormatError(f"{where}: an occurrence is not one", "write the file again") from None
        row_cells = [(number, [str(row[c]) for c in glossary.COLUMNS])]
        entries += [
            entry.replace(evidence=evidence, occurrences=found)
            for entry in glossary.entries_of(glossary.COLUMNS, row_cells, name)
        ]
    return entries


def occurrences_of(records: Iterable[Mapping[str, Any]]) -> tuple[Occurrence, ...]:
    """Occurrences from their JSON form."""
    return tuple(
        Occurrence(str(r["document"]), int(r["bead"]), _span(r["src"]), _span(r["tgt"])) for r in records
    )


def _span(pair: Sequence[int]) -> tuple[int, int]:
    start, end = pair
    return int(start), int(end)
