"""OpenDocument texts (`.odt`, ISO/IEC 26300): headings, paragraphs, lists, tables, notes, text boxes.

Read as with all changes accepted. Hidden text, comments, headers and footers, the labels of lists, and
tables of contents and indexes are left out. Footnotes and endnotes stand at the end, in the order of their
references; a text box stands after the paragraph it is anchored in. Where nothing is marked as a heading,
headings are told by their shape, as in plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from aligner.documents.archive import Archive, attribute, local
from aligner.documents.content import Content
from aligner.documents.office import Paragraphs
from aligner.errors import InputError
from aligner.model import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = regex.compile(r"[ \t\r\n]+")
_SKIPPED = frozenset(
    ["annotation", "tracked-changes", "note-citation", "ruby-text", "script", "forms", "title", "desc"]
)
_INDEXES = frozenset(
    """
    table-of-content alphabetical-index illustration-index table-index object-index user-index bibliography
    """.split()  # noqa: SIM905 - a list of names, not of strings
)
_CAPTIONS = frozenset(["Caption", "Figure", "Illustration", "Table", "Drawing"])


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:  # noqa: ARG001 - its own is declared
    """An OpenDocument text; see `content.Reader`."""
    archive = Archive(data, path)
    _refuse_encrypted(archive, path)
    root = archive.xml("content.xml")
    styles = _styles(archive.xml("styles.xml")) if "styles.xml" in archive else {}
    reader = _Reader({**styles, **_styles(root)})
    for body in root.iter("{*}text"):
        if local(_parent(body)) == "body":
            reader.blocks(body, "text")
            reader.found.end("text")
    while reader.notes:
        waiting, reader.notes = reader.notes, []
        for note in waiting:
            reader.blocks(note, "text")
            reader.found.end("text")
    return reader.found.content(path)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style says; None where it leaves it to its parent."""

    parent: str | None = None
    kind: Kind | None = None
    font: str | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class _Reader:
    """The walk through a document, and what it has found."""

    styles: Mapping[str, _Style]
    found: Paragraphs = field(default_factory=Paragraphs)
    notes: list[_Element] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    cell: str | None = None

    def style(self, name: str | None) -> _Style:
        """A style with what its parents say; a loop of parents is cut."""
        seen: set[str] = set()
        kind = font = hidden = None
        while name and name not in seen and (style := self.styles.get(name)):
            seen.add(name)
            kind, font = kind or style.kind, font or style.font
            hidden = style.hidden if hidden is None else hidden
            name = style.parent
        return _Style(None, kind, font, hidden)

    def blocks(self, element: _Element, kind: Kind) -> None:
        """What stands at the level of paragraphs."""
        for part in element:
            tag = local(part)
            if tag in ("p", "h"):
                self.paragraph(part, "heading" if tag == "h" else kind)
            elif tag == "table":
                self.table(part)
            elif tag in _INDEXES:
                self.found.contents = True
            elif tag not in _SKIPPED and attribute(part, "display") != "none":
                self.blocks(part, "list" if tag in ("list-item", "numbered-paragraph") else kind)

    def paragraph(self, element: _Element, kind: Kind) -> None:
        style = self.style(attribute(element, "style-name"))
        heads = style.kind in ("heading", "title", "caption")
        self.inline(element, style)
        self.found.end(style.kind if heads and style.kind else kind, self.cell)
        boxes, self.boxes = self.boxes, []
        cell, self.cell = self.cell, None
        for box in boxes:
            self.blocks(box, "text")
        self.cell = cell

    def inline(self, element: _Element, style: _Style) -> None:
        """What stands inside a paragraph."""
        self.add(element.text, style)
        for part in element:
            tag = local(part)
            if tag == "span":
                own = self.style(attribute(part, "style-name"))
                hidden = style.hidden if own.hidden is None else own.hidden
                self.inline(part, _Style(font=own.font or style.font, hidden=hidden))
            elif tag == "s":
                count = attribute(part, "c") or "1"
                # Nine digits are as many as nobody has spaces.
                self.found.add(" " * min(int(count[:9]) if count.isdecimal() else 1, 1000))
            elif tag in ("tab", "line-break"):
                self.found.add("\t" if tag == "tab" else "\n", style.font)
            elif tag == "note-body":
                self.notes.append(part)
            elif tag == "text-box":
                self.boxes.append(part)
            elif tag not in _SKIPPED and attribute(part, "is-hidden") != "true":
                self.inline(part, style)
            self.add(part.tail, style)

    def add(self, text: str | None, style: _Style) -> None:
        if text and not style.hidden:
            self.found.add(_SPACE.sub(" ", text), style.font)

    def table(self, element: _Element) -> None:
        """The cells of a table, row by row; a table of a single cell is a frame around text."""
        rows = [[cell for cell in row if local(cell) == "table-cell"] for row in _rows(element)]
        is_frame = sum(map(len, rows)) == 1
        outer = self.cell
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                self.cell = outer if is_frame else f"{number}:{column}"
                self.blocks(cell, "text")
        self.cell = outer


def _rows(element: _Element) -> list[_Element]:
    rows: list[_Element] = []
    for part in element:
        if local(part) == "table-row":
            rows.append(part)
        elif local(part) in ("table-header-rows", "table-rows", "table-row-group"):
            rows += _rows(part)
    return rows


def _styles(root: _Element) -> dict[str, _Style]:
    """The styles of paragraphs and text that a part defines, by name."""
    styles: dict[str, _Style] = {}
    for element in root.iter("{*}style"):
        name = attribute(element, "name") or ""
        properties = next((part for part in element if local(part) == "text-properties"), None)
        font = display = None
        if properties is not None:
            font = attribute(properties, "font-name") or attribute(properties, "font-family")
            display = attribute(properties, "display")
        styles[name] = _Style(
            attribute(element, "parent-style-name"),
            _kind(name, attribute(element, "default-outline-level")),
            font.strip("'") if font else None,
            None if display is None else display == "none",
        )
    return styles


def _kind(name: str, level: str | None) -> Kind | None:
    """The kind that a built-in style means; their names are English whatever the program's language."""
    if name == "Title":
        return "title"
    if level or name == "Subtitle" or name.startswith("Heading_20_"):
        return "heading"
    return "caption" if name in _CAPTIONS else None


def _parent(element: _Element) -> _Element:
    parent = element.getparent()
    return element if parent is None else parent


def _refuse_encrypted(archive: Archive, path: str) -> None:
    name = "META-INF/manifest.xml"
    if name in archive and any(True for _ in archive.xml(name).iter("{*}encryption-data")):
        raise InputError(f"{path}: is protected by a password", "save it without one")
