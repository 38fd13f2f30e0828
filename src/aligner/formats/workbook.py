"""Writing `.xlsx`: one sheet of texts, with a bold header that stays in sight.

Every cell is a text, marked as such, so that no spreadsheet takes one for a formula, a number or a date
(`=1+1`, `00012`, `3-4`); cells that begin like a formula bear the mark that keeps them texts when they are
edited. The same rows give the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape

from aligner.formats.units import clean

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
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
    # Style 0 is a text, 1 the header, 2 a text that begins like a formula; 49 is the number format of texts.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/>'
    '</font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
    ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1">'
    "<border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    "</cellXfs></styleSheet>",
}
_FORMULA = ("=", "+", "-", "@")
_LONGEST = 32_767
"""Characters a cell takes in Excel."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_workbook(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    file: BinaryIO,
    *,
    title: str,
    widths: Sequence[int] = (),
) -> None:
    """Writes a workbook of one sheet.

    Args:
        header: the first row.
        rows: the others.
        file: opened for writing bytes; it need not be seekable.
        title: of the sheet, at most 31 characters.
        widths: of the columns in characters; 12 where none is given.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_member(name), _HEAD + content)
        archive.writestr(
            _member("xl/workbook.xml"),
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{escape(title)}"'
            ' sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open(_member("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.writelines(part.encode() for part in _sheet(header, rows, widths))


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _sheet(header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    yield "</sheetView></sheetViews>"
    yield "<cols>"
    for number in range(1, len(header) + 1):
        width = widths[number - 1] if number <= len(widths) else 12
        yield f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
    yield "</cols><sheetData>"
    yield _row(header, 1, is_header=True)
    for number, row in enumerate(rows, 2):
        yield _row(row, number, is_header=False)
    yield "</sheetData></worksheet>"


def _row(row: Sequence[str], number: int, *, is_header: bool) -> str:
    cells = "".join(_cell(clean(cell)[:_LONGEST], is_header=is_header) for cell in row)
    return f'<row r="{number}">{cells}</row>'


def _cell(text: str, *, is_header: bool) -> str:
    style = 1 if is_header else 2 if text.startswith(_FORMULA) else 0
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
