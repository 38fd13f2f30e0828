"""Word documents (`.docx`, ECMA-376): paragraphs, headings by style, lists, tables, notes, text boxes.

Read as with all changes accepted: inserted text counts, deleted text does not; nor does hidden text, what
fields are told to do, comments, headers and footers, and a table of contents or index, which says again
what is said elsewhere. Footnotes and endnotes stand at the end, in the order of their references; a text
box stands after the paragraph it is anchored in. Where no style names a heading, headings are told by
their shape, as in plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attr
from typing import TYPE_CHECKING

from aligner.documents.archive import Archive, attribute, local, related
from aligner.documents.content import Content
from aligner.documents.docx_styles import Styles, child, formatting, paragraph_kind, read_styles
from aligner.documents.office import Paragraphs
from aligner.errors import FormatError
from aligner.model import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element

_GONE = frozenset(["del", "moveFrom", "sectPr", "pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr"])
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_LISTS_AGAIN = ("TOC", "INDEX", "TOA")
_SYMBOL_FONTS = range(0xF000, 0xF100)


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:  # noqa: ARG001 - its own is declared
    """A Word document; see `content.Reader`."""
    archive = Archive(data, path)
    main = next(iter(related(archive, "").get("officeDocument", [])), "word/document.xml")
    if main not in archive:
        raise FormatError(f"{path}: no Word document in it", "give it the suffix of its format")
    parts = related(archive, main)
    styles = next(
        (read_styles(archive.xml(name)) for name in parts.get("styles", []) if name in archive), None
    )
    reader = _Reader(styles or Styles({}))
    body = child(archive.xml(main), "body")
    if body is not None:
        reader.blocks(body)
    reader.end_paragraph()
    for kind in ("footnotes", "endnotes"):
        for name in parts.get(kind, []):
            if name in archive and reader.references[kind]:
                reader.notes(archive.xml(name), kind)
    return reader.found.content(path)


@dataclass(slots=True)
class _Reader:
    """The walk through a document, and what it has found.

    Attributes:
        found: the paragraphs so far.
        boxes: text boxes anchored in the paragraph being read.
        fields: of each field around: whether its result is being read, and is to be shown.
        instruction: what the innermost field is told to do.
        references: ids of the notes referred to, in order.
        cell: where in a table we are.
        kind: of the paragraph being read.
        silent: whether that is a line of a table of contents.
    """

    styles: Styles
    found: Paragraphs = attr(default_factory=Paragraphs)
    boxes: list[_Element] = attr(default_factory=list)
    fields: list[bool] = attr(default_factory=list)
    instruction: str = ""
    references: dict[str, dict[str, None]] = attr(default_factory=lambda: {"footnotes": {}, "endnotes": {}})
    cell: str | None = None
    kind: Kind = "text"
    silent: bool = False

    def blocks(self, element: _Element) -> None:
        """What stands at the level of paragraphs."""
        for part in _shown(element):
            tag = local(part)
            if tag == "p":
                self.paragraph(part)
            elif tag == "tbl":
                self.table(part)
            else:
                self.blocks(part)

    def paragraph(self, element: _Element) -> None:
        properties = child(element, "pPr")
        named = child(properties, "pStyle") if properties is not None else None
        style = self.styles.of(attribute(named, "val") if named is not None else None).over(
            self.styles.default
        )
        own = paragraph_kind(properties)
        heads = style.kind in ("heading", "title")
        self.kind = (style.kind if heads and own != "text" else own or style.kind) or "text"
        self.silent = style.contents
        self.found.contents |= style.contents
        for part in _shown(element):
            self.inline(part, style.font, hidden=bool(style.hidden))
        self.silent = False
        if not _is_mark_deleted(properties):
            self.end_paragraph()

    def end_paragraph(self) -> None:
        """Ends the paragraph; the boxes anchored in it follow."""
        self.found.end(self.kind, self.cell)
        boxes = self.boxes
        self.boxes = []
        cell, self.cell = self.cell, None
        for box in boxes:
            self.blocks(box)
        self.cell = cell

    def inline(self, element: _Element | None, font: str | None, *, hidden: bool) -> None:
        """What stands inside a paragraph."""
        if element is None:
            return
        tag = local(element)
        if tag == "r":
            self.run(element, font, hidden=hidden)
        elif tag == "t":  # in formulas
            self.add(element.text or "", None, hidden=hidden)
        elif tag == "txbxContent":
            self.boxes.append(element)
        else:
            for part in _shown(element):
                self.inline(part, font, hidden=hidden)

    def run(self, element: _Element, font: str | None, *, hidden: bool) -> None:
        properties = child(element, "rPr")
        style = formatting(properties)
        named = child(properties, "rStyle") if properties is not None else None
        if named is not None:
            style = style.over(self.styles.of(attribute(named, "val")))
        hidden = hidden if style.hidden is None else style.hidden
        font = style.font or font
        for part in _shown(element):
            tag = local(part)
            text = part.text or "" if tag == "t" else _MARKS.get(tag)
            if text is not None:
                self.add(text, font, hidden=hidden)
            elif tag == "sym":
                self.add(_symbol(attribute(part, "char") or ""), None, hidden=hidden)
            elif tag in ("fldChar", "instrText"):
                self.field(part, tag)
            elif tag in _NOTES:
                if self.is_shown(hidden=hidden):
                    self.references[_NOTES[tag]][attribute(part, "id") or ""] = None
            elif tag != "delText":
                self.inline(child(part, "rubyBase") if tag == "ruby" else part, font, hidden=hidden)

    def is_shown(self, *, hidden: bool) -> bool:
        """Whether text counts here: not hidden, not what a field is told, not a table of contents."""
        return not hidden and not self.silent and all(self.fields)

    def add(self, text: str, font: str | None, *, hidden: bool) -> None:
        if self.is_shown(hidden=hidden):
            self.found.add(text, font)

    def field(self, element: _Element, tag: str) -> None:
        """A field begins, its instruction ends and its result begins, or it ends."""
        mark = attribute(element, "fldCharType")
        if tag == "instrText":
            self.instruction += element.text or ""
        elif mark == "begin":
            self.fields.append(False)
            self.instruction = ""
        elif mark == "separate" and self.fields:
            again = self.instruction.strip().startswith(_LISTS_AGAIN)
            self.found.contents |= again
            self.fields[-1] = not again
        elif mark == "end" and self.fields:
            self.fields.pop()

    def table(self, element: _Element) -> None:
        """The cells of a table, row by row; a table of a single cell is a frame around text."""
        rows = [[*_cells(row)] for row in _rows(element)]
        outer = self.cell
        is_frame = sum(map(len, rows)) == 1
        for number, row in enumerate(rows, start=1):
            for column, cell in row:
                self.cell = outer if is_frame else f"{number}:{column}"
                self.blocks(cell)
        self.end_paragraph()
        self.cell = outer

    def notes(self, root: _Element, kind: str) -> None:
        """The notes referred to, in the order of their references."""
        known = {attribute(note, "id"): note for note in root}
        references = self.references[kind]
        self.references = {"footnotes": {}, "endnotes": {}}
        for name in references:
            if (note := known.get(name)) is not None:
                self.blocks(note)
                self.end_paragraph()


def _shown(element: _Element) -> Iterator[_Element]:
    """The children that count; of alternatives the first, which is the newest."""
    for part in element:
        tag = local(part)
        if tag == "AlternateContent":
            alternatives = [
                alternative for alternative in part if local(alternative) in ("Choice", "Fallback")
            ]
            yield from alternatives[:1]
        elif tag not in _GONE:
            yield part


def _rows(element: _Element) -> Iterator[_Element]:
    """The rows of a table, whatever stands around them; deleted ones are left out."""
    for part in _shown(element):
        if local(part) != "tr":
            yield from _rows(part)
            continue
        properties = child(part, "trPr")
        if properties is None or child(properties, "del") is None:
            yield part


def _cells(row: _Element) -> Iterator[tuple[int, _Element]]:
    """The cells of a row with their columns, from 1; what continues a cell above is left out."""
    column = 1
    for cell in _each_cell(row):
        properties = child(cell, "tcPr")
        span = child(properties, "gridSpan") if properties is not None else None
        merged = child(properties, "vMerge") if properties is not None else None
        if merged is None or attribute(merged, "val") == "restart":
            yield column, cell
        width = attribute(span, "val") or "1" if span is not None else "1"
        column += int(width) if width.isdecimal() else 1


def _each_cell(element: _Element) -> Iterator[_Element]:
    for part in _shown(element):
        if local(part) == "tc":
            yield part
        else:
            yield from _each_cell(part)


def _is_mark_deleted(properties: _Element | None) -> bool:
    """Whether the end of the paragraph was deleted, so that the next one continues it."""
    run = child(properties, "rPr") if properties is not None else None
    return run is not None and (child(run, "del") is not None or child(run, "moveFrom") is not None)


def _symbol(code: str) -> str:
    """A character named by its code; those of symbol fonts have no meaning outside of them."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "" if number in _SYMBOL_FONTS or not 0 < number < 0x110000 else chr(number)  # noqa: PLR2004 - Unicode's end
