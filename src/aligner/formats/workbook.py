"""Writing `.xlsx`: one sheet with a bold header that stays in sight, texts that stay texts.

Every cell that is no figure of ours is a text, marked as such, so that no spreadsheet takes one for a
formula, a number or a date (`=1+1`, `00012`, `3-4`); cells that begin like a formula bear the mark that
keeps them texts when they are edited. The same rows give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from aligner.formats.units import clean

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The styles of cells, in the order of `cellXfs`; 49 is the number format of texts.
_TEXT, _HEADER, _FORMULA_LIKE, _WRAPPED, _WRAPPED_FORMULA_LIKE, _NUMBER = range(6)
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_TOP = '<alignment vertical="top"/>'
_XF = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    "<border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="6">'
    + _XF.format(49, 0) + ">" + _TOP + "</xf>"
    + _XF.format(49, 1) + "/>"
    + _XF.format(49, 0) + ' quotePrefix="1">' + _TOP + "</xf>"
    + _XF.format(49, 0) + ' applyAlignment="1">' + _WRAP + "</xf>"
    + _XF.format(49, 0) + ' applyAlignment="1" quotePrefix="1">' + _WRAP + "</xf>"
    + _XF.format(0, 0) + ' applyAlignment="1">' + _TOP + "</xf>"
    + "</cellXfs>"
)  # fmt: skip
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2"'
    f' Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}
_FORMULA = ("=", "+", "-", "@")
LONGEST = 32_767
"""Characters a cell takes in Excel; what is longer is cut."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Column:
    """How a column looks.

    Attributes:
        title: its cell in the header.
        width: in characters.
        is_number: its cells are figures.
        wraps: long texts go on in the next line of the cell.
        choices: what may stand in it, as a drop-down list.
        shades: colours for figures below a bound, `(bound, RRGGBB)`; the first that holds counts.
    """

    title: str
    width: int = 12
    is_number: bool = False
    wraps: bool = False
    choices: tuple[str, ...] = ()
    shades: tuple[tuple[float, str], ...] = ()


def write_workbook(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    file: BinaryIO,
    *,
    title: str,
    widths: Sequence[int] = (),
) -> None:
    """`write_sheet` with columns of plain texts.

    Args:
        header: the first row.
        rows: the others.
        file: opened for writing bytes; it need not be seekable.
        title: of the sheet, at most 31 characters.
        widths: of the columns in characters; 12 where none is given.
    """
    given = dict(enumerate(widths))
    columns = [Column(name, given.get(number, 12)) for number, name in enumerate(header)]
    write_sheet(columns, rows, file, title=title)


def write_sheet(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], file: BinaryIO, *, title: str
) -> None:
    """Writes a workbook of one sheet; constant memory.

    Args:
        columns: what the columns are.
        rows: their cells.
        file: opened for writing bytes; it need not be seekable.
        title: of the sheet, at most 31 characters.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_PARTS, "xl/styles.xml": _styles(columns)}.items():
            archive.writestr(_member(name), _HEAD + content)
        archive.writestr(
            _member("xl/workbook.xml"),
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name={quoteattr(title)}'
            ' sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        # The size is not known before it is written; the mark for more than 2 GB must be made at once.
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            sheet.writelines(part.encode() for part in _sheet(columns, rows))


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _styles(columns: Sequence[Column]) -> str:
    colours = [colour for column in columns for _, colour in column.shades]
    fills = "".join(
        f'<dxf><fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/><bgColor rgb="FF{colour}"/>'
        "</patternFill></fill></dxf>"
        for colour in colours
    )
    return f'{_STYLES}<dxfs count="{len(colours)}">{fills}</dxfs></styleSheet>'


def _sheet(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews>"
    yield "<cols>"
    for number, column in enumerate(columns, 1):
        yield f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield '<row r="1">' + "".join(_text(column.title, _HEADER) for column in columns) + "</row>"
    number = 1
    for number, row in enumerate(rows, 2):
        cells = "".join(_cell(cell, column) for cell, column in zip(row, columns, strict=True))
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData>"
    yield from _extras(columns, number)
    yield "</worksheet>"


def _extras(columns: Sequence[Column], last: int) -> Iterator[str]:
    """Filter, colours and lists, in the order the format demands."""
    if any(column.choices or column.shades for column in columns):
        yield f'<autoFilter ref="A1:{_letter(len(columns) - 1)}{last}"/>'
    places = [f"{_letter(number)}2:{_letter(number)}{max(last, 2)}" for number in range(len(columns))]
    rule = 0
    for column, place in zip(columns, places, strict=True):
        if not column.shades:
            continue
        yield f'<conditionalFormatting sqref="{place}">'
        for bound, _ in column.shades:
            yield f'<cfRule type="cellIs" dxfId="{rule}" priority="{rule + 1}" stopIfTrue="1"'
            yield f' operator="lessThan"><formula>{bound:g}</formula></cfRule>'
            rule += 1
        yield "</conditionalFormatting>"
    lists = [(column, place) for column, place in zip(columns, places, strict=True) if column.choices]
    if lists:
        yield f'<dataValidations count="{len(lists)}">'
        for column, place in lists:
            allowed = escape(f'"{",".join(column.choices)}"')
            yield f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{place}">'
            yield f"<formula1>{allowed}</formula1></dataValidation>"
        yield "</dataValidations>"


def _letter(number: int) -> str:
    """A column's letter; our tables have no more than 26."""
    return chr(ord("A") + number)


def _cell(text: str, column: Column) -> str:
    if column.is_number:
        return f'<c s="{_NUMBER}"><v>{text}</v></c>' if text else f'<c s="{_NUMBER}"/>'
    content = clean(text)[:LONGEST]
    if content.startswith(_FORMULA):
        return _text(content, _WRAPPED_FORMULA_LIKE if column.wraps else _FORMULA_LIKE)
    return _text(content, _WRAPPED if column.wraps else _TEXT)


def _text(text: str, style: int) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
