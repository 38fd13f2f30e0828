"""What the readers of word processors' formats share: text gathered run by run into paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

from aligner.documents.content import Content
from aligner.documents.extracted import Piece, assemble, shaped
from aligner.documents.legacy import converter_of
from aligner.model import Kind, Origin

_CONTENTS_LEFT_OUT = "a table of contents or index was left out, since it says again what is said elsewhere"
_CONVERTED = "text in fonts for TCVN3 or VNI was converted to Unicode"


@dataclass(slots=True)
class Paragraphs:
    """The paragraphs of a document so far, and the one being read.

    Attributes:
        pieces: the paragraphs.
        parts: text of the paragraph being read, with what makes Unicode of it.
        contents: whether a table of contents or index was left out.
        converted: whether text was in the code of a font.
    """

    pieces: list[Piece] = field(default_factory=list)
    parts: list[tuple[Callable[[str], str] | None, str]] = field(default_factory=list)
    contents: bool = False
    converted: bool = False

    def add(self, text: str, font: str | None = None) -> None:
        """More text of the paragraph, in a font."""
        convert = converter_of(font) if font else None
        self.converted = self.converted or (convert is not None and not text.isascii())
        self.parts.append((convert, text))

    def end(self, kind: Kind, cell: str | None = None) -> None:
        """Ends the paragraph; one without text is none."""
        text = ""
        for convert, parts in groupby(self.parts, key=lambda part: part[0]):
            joined = "".join(part for _, part in parts)
            text += convert(joined) if convert else joined
        self.parts.clear()
        if text.strip():
            self.pieces.append(Piece(text, "cell" if cell and kind == "text" else kind, Origin(cell=cell)))

    def content(self, path: str) -> Content:
        """All of it as a document.

        Raises:
            InputError: there is no text.
        """
        notes = (_CONTENTS_LEFT_OUT,) if self.contents else ()
        return assemble(shaped(self.pieces), path, (*notes, _CONVERTED) if self.converted else notes)
