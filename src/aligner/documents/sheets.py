"""Sheets (`.xlsx`, `.csv`, `.tsv`): a column of Chinese beside a column of Vietnamese, paired row by row.

The two columns are found by what stands in them, whatever the others hold (numbers, notes, identifiers);
a first row that names the languages is left out. Read as a document a sheet gives the cells of both
columns, row by row, so that it can be aligned like any bilingual document; `read_rows` keeps the pairing. A
sheet in one language gives all its text.

Of `.xlsx` only texts and the last results of formulas are read; hidden sheets, comments and the readings
over characters are not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import string
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import regex

from aligner.documents.archive import Archive, attribute, local, related, relations
from aligner.documents.content import Content
from aligner.documents.extracted import Piece, assemble
from aligner.documents.loading import decode, load, refuse_binary
from aligner.errors import FormatError, InputError
from aligner.language.script import detect_language, zh_variant
from aligner.model import Block, Document, Origin

if TYPE_CHECKING:
    from lxml.etree import _Element

Side = Literal["zh", "vi"]

_DELIMITERS = ",;\t|"
_LINES = 50  # looked at to find the delimiter
_SAMPLE = 500  # rows looked at to find the columns
_REFERENCE = regex.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_MOST_COLUMNS = 16_384  # of Excel
_LONGEST_CELL = 131_072  # four of Excel's; the csv module's own limit is set for the whole process by others
# Share of a column's texts that are in its language: names and numbers are in none.
_LEAST_SHARE = 0.5
_HEADER = regex.compile(
    r"zh|zh[-_].{2,4}|cn|chinese.*|中文.*|汉语|漢語|原文|译文|譯文|简体.*|繁體.*|tiếng (?:trung|hoa|hán).*"
    r"|vi|vi[-_]vn|vn|vietnamese.*|tiếng việt.*|越南[语語文]?|越[语語文]|bản (?:gốc|dịch)"
    r"|src|tgt|source.*|target.*",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of texts.

    Attributes:
        name: empty where there is only one.
        rows: number from 1, and texts by column from 0.
    """

    name: str
    rows: tuple[tuple[int, dict[int, str]], ...]

    def cell(self, row: int, column: int) -> str:
        """What spreadsheets call a cell: `B12`, with the sheet's name before it where there are several."""
        place = f"{_letters(column)}{row}"
        return f"{self.name}!{place}" if self.name else place


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """A workbook or table; see `content.Reader`."""
    sheets, notes = _sheets(data, path, encoding)
    return assemble((piece for piece, _ in _cells(sheets)), path, notes)


def read_rows(path: Path | str, *, encoding: str | None = None) -> tuple[Document, Document]:
    """The Chinese and the Vietnamese cells of a sheet that pairs them.

    Returns:
        Two documents that share the text and differ in the blocks; `origin.cell` says where a block
        stood, and the cells of a row have the same `origin.paragraph`. A row may have one cell only.

    Raises:
        InputError: it cannot be read, or no sheet has a column in each language.
    """
    data = load(path)
    sheets, notes = _sheets(data, str(path), encoding)
    found = list(_cells(sheets))
    content = assemble((piece for piece, _ in found), str(path), notes)
    sides = {piece.origin.cell: side for piece, side in found}
    blocks: dict[Side | None, list[Block]] = {"zh": [], "vi": [], None: []}
    for block in content.blocks:
        blocks[sides[block.origin.cell]].append(block)
    if not (blocks["zh"] and blocks["vi"]):
        raise InputError(
            f"{path}: no sheet with a column of Chinese and one of Vietnamese",
            "put the texts of the two languages side by side",
        )
    digest = hashlib.sha256(data).hexdigest()
    variant = zh_variant("".join(content.text[b.start : b.end] for b in blocks["zh"][:_SAMPLE]))
    return (
        Document(variant, str(path), digest, content.text, tuple(blocks["zh"]), content.notes),
        Document("vi", str(path), digest, content.text, tuple(blocks["vi"]), content.notes),
    )


def read_workbook(data: bytes, path: str) -> tuple[Sheet, ...]:
    """The sheets of an `.xlsx` file that are shown, cell by cell.

    Raises:
        FormatError: it is broken, or no workbook.
        InputError: it is too large.
    """
    return tuple(_workbook(Archive(data, path)))


def _cells(sheets: Sequence[Sheet]) -> Iterator[tuple[Piece, Side | None]]:
    """The cells that count, row by row, and whose side they are on."""
    number = 0
    for sheet in sheets:
        sides = _columns(sheet)
        for place, (row, texts) in enumerate(sheet.rows):
            if place == 0 and sides and all(_HEADER.fullmatch(texts.get(c, "zh").strip()) for c in sides):
                continue
            wanted = [column for column in sorted(texts) if not sides or column in sides]
            for column in wanted:
                origin = Origin(paragraph=number, cell=sheet.cell(row, column))
                yield Piece(texts[column], "cell", origin), sides.get(column)
            number += bool(wanted)


def _columns(sheet: Sheet) -> dict[int, Side]:
    """The column of each language, the fullest; empty where there are not both."""
    counts: dict[Side, Counter[int]] = {"zh": Counter(), "vi": Counter()}
    texts: Counter[int] = Counter()
    step = max(1, len(sheet.rows) // _SAMPLE)
    for _, row in sheet.rows[::step]:
        for column, text in row.items():
            if any(map(str.isalpha, text)):
                texts[column] += 1
                if lang := detect_language(text):
                    counts["vi" if lang == "vi" else "zh"][column] += 1
    found: dict[int, Side] = {}
    for side, counted in counts.items():
        full = [(n, -column) for column, n in counted.items() if n >= _LEAST_SHARE * texts[column]]
        if full:
            found[-max(full)[1]] = side
    return found if len(found) == len(counts) else {}


def _sheets(data: bytes, path: str, encoding: str | None) -> tuple[list[Sheet], tuple[str, ...]]:
    if data.startswith(b"PK") or Path(path).suffix.lower() in (".xlsx", ".xlsm"):
        return list(_workbook(Archive(data, path))), ()
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    if Path(path).suffix.lower() in (".tsv", ".tab"):
        records = [
            [_unquoted(field) for field in line.split("\t")] for line in regex.split(r"\r\n|\r|\n", text)
        ]
    else:
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        except csv.Error as error:
            raise FormatError(f"{path}: not a table ({error})", "save it again as CSV, or as .xlsx") from None
        if any(len(field) > _LONGEST_CELL for record in records for field in record):
            raise FormatError(
                f"{path}: not a table (a quote is not closed)", "save it again as CSV, or as .xlsx"
            )
    rows = (
        (n, {c: t for c, t in enumerate(record) if t.strip()}) for n, record in enumerate(records, start=1)
    )
    return [Sheet("", tuple((n, texts) for n, texts in rows if texts))], notes


def _unquoted(field: str) -> str:
    """Tables with TABs have no quotes of their own, but spreadsheets put some around texts that hold any."""
    if len(field) > 1 and field[0] == field[-1] == '"' and '"' not in field[1:-1].replace('""', ""):
        return field[1:-1].replace('""', '"')
    return field


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first lines into the same number of fields, more than one."""
    head = text[: 1 << 16].splitlines()[:_LINES]

    def evenness(delimiter: str) -> int:
        try:
            widths = Counter(len(record) for record in csv.reader(head, delimiter=delimiter))
        except csv.Error:
            return 0
        return max((n for width, n in widths.items() if width > 1), default=0)

    return max(_DELIMITERS, key=evenness)


def _workbook(archive: Archive) -> Iterator[Sheet]:
    """The sheets of a workbook that are shown, in order."""
    main = next(iter(related(archive, "").get("officeDocument", [])), "xl/workbook.xml")
    if main not in archive:
        raise FormatError(f"{archive.path}: no workbook in it", "give it the suffix of its format")
    targets = relations(archive, main)
    strings: list[str] = []
    for kind, name in targets.values():
        if kind == "sharedStrings" and name in archive:
            strings += [_text(element) for element in archive.elements(name, "si")]
    shown = [e for e in archive.xml(main).iter("{*}sheet") if attribute(e, "state") in (None, "visible")]
    for element in shown:
        relation = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
        _, name = targets.get(relation, ("", ""))
        if name in archive:
            title = attribute(element, "name") or "" if len(shown) > 1 else ""
            yield Sheet(title, tuple(_rows(archive, name, strings)))


def _rows(archive: Archive, name: str, strings: Sequence[str]) -> Iterator[tuple[int, dict[int, str]]]:
    number = 0
    for row in archive.elements(name, "row"):
        given = attribute(row, "r") or ""
        number = int(given) if given.isdecimal() and len(given) <= len("1048576") else number + 1
        texts: dict[int, str] = {}
        column = -1
        for cell in row:
            match = _REFERENCE.fullmatch(attribute(cell, "r") or "")
            column = _number(match[1]) if match else column + 1
            if column < _MOST_COLUMNS and (text := _value(cell, strings)).strip():
                texts[column] = text
        if texts:
            yield number, texts


def _value(cell: _Element, strings: Sequence[str]) -> str:
    """The text of a cell; an error has none."""
    kind = attribute(cell, "t") or "n"
    if kind == "e":
        return ""
    if kind == "inlineStr":
        return _text(cell)
    value = next((part.text or "" for part in cell if local(part) == "v"), "")
    if kind != "s":
        return value
    return strings[int(value)] if value.isdecimal() and int(value[:9]) < len(strings) else ""


def _text(element: _Element) -> str:
    """The text of a string with its formatted parts, without readings."""
    return "".join(
        part.text or ""
        for part in element.iter("{*}t")
        if not any(local(parent) == "rPh" for parent in part.iterancestors())
    )


def _letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
