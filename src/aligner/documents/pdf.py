"""PDF documents with a text layer, by PDFium (the extra `docs`).

A PDF says where each character stands, not what a line, a word or a paragraph is; `pdf_layout` makes these
of it. Text that is set at another angle than most of its page is left out, and pictures, annotations and the
contents of forms are no text. A document without a text layer (a scan), or with fonts that do not say which
characters they draw, is refused.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import regex

from aligner.documents.content import Content
from aligner.documents.extracted import assemble, shaped
from aligner.documents.limits import LIMITS, REMEDY
from aligner.documents.pdf_columns import Line, Page
from aligner.documents.pdf_layout import pieces
from aligner.errors import FormatError, InputError, MissingBackend

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_GAP = 1.5  # em between two stretches on one height that are not one line
_DRIFT = 0.6  # em that a character may stand above or below its line, as a note's number does
_UNREADABLE = regex.compile(r"[\p{Co}\p{Cn}\ufffd]")
_MOST_UNREADABLE = 0.3
_OCR = "recognise its text first (OCR), for example with ocrmypdf"
_QUARTER = math.pi / 2


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:  # noqa: ARG001 - it has its own
    """A PDF document; see `content.Reader`.

    Raises:
        MissingBackend: PDFium is not installed.
    """
    document = _open(data, path)
    try:
        pages = [_page(document, number) for number in range(len(document))]
    finally:
        document.close()
    text = "".join(line.text for page in pages for line in page.lines)
    if not text.strip():
        raise InputError(f"{path}: has no text layer; it is a scan or holds pictures only", _OCR)
    if len(_UNREADABLE.findall(text)) > _MOST_UNREADABLE * len(text):
        raise InputError(f"{path}: its fonts do not say which characters they draw", _OCR)
    return assemble(shaped(pieces(pages)), path)


def _open(data: bytes, path: str) -> PdfDocument:
    try:
        import pypdfium2
    except ImportError:
        raise MissingBackend("reading PDF documents", "docs") from None
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{path}: no PDF document", "give it the suffix of its format")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(f"{path}: is protected by a password", "save it without one") from None
        raise FormatError(f"{path}: broken PDF", "open it in a viewer and print it to a new PDF") from None
    if len(document) > LIMITS.get().pages:
        raise InputError(f"{path}: has more than {LIMITS.get().pages:,} pages", REMEDY)
    return document


def _page(document: PdfDocument, number: int) -> Page:
    """The lines of a page; one that is broken is empty."""
    import pypdfium2

    try:
        page = document[number]
        left, bottom, right, top = page.get_mediabox()
        characters = list(_characters(page))
        page.close()
    except pypdfium2.PdfiumError:
        return Page(number + 1, 1, 1, ())
    angle = Counter(c.angle for c in characters if c.text).most_common(1)
    turn = _TURNS[angle[0][0] if angle else 0]
    corners = [turn(x, y) for x, y in ((left, bottom), (right, top))]
    x0, y0 = (min(values) for values in zip(*corners, strict=True))
    x1, y1 = (max(values) for values in zip(*corners, strict=True))
    kept = (c for c in characters if not c.text or turn is _TURNS[c.angle])
    is_plain = turn is _TURNS[0] and not (x0 or y0)
    upright = kept if is_plain else (c.turned(turn, x0, y0) for c in kept)
    return Page(number + 1, x1 - x0, y1 - y0, tuple(_lines(upright)))


# Text set downwards, on its head or upwards (PDFium counts clockwise), as one sees it who turns the page.
_TURNS: tuple[Callable[[float, float], tuple[float, float]], ...] = (
    lambda x, y: (x, y),
    lambda x, y: (-y, x),
    lambda x, y: (-x, -y),
    lambda x, y: (y, -x),
)


class _Character(NamedTuple):
    """A character and its place; without text it is a space between words.

    Attributes:
        text: the character.
        left, bottom, right, top: its box.
        x, y: where it stands on its line.
        size: of the font, in points.
        angle: in which it is set, in quarters of a turn.
    """

    text: str
    left: float = 0
    bottom: float = 0
    right: float = 0
    top: float = 0
    x: float = 0
    y: float = 0
    size: float = 0
    angle: int = 0

    def turned(
        self, turn: Callable[[float, float], tuple[float, float]], left: float, bottom: float
    ) -> _Character:
        """The same on a page that was turned; its corner is then at 0, 0."""
        (x1, y1), (x2, y2) = turn(self.left, self.bottom), turn(self.right, self.top)
        x, y = turn(self.x, self.y)
        return _Character(
            self.text,
            min(x1, x2) - left,
            min(y1, y2) - bottom,
            max(x1, x2) - left,
            max(y1, y2) - bottom,
            x - left,
            y - bottom,
            self.size,
        )


@dataclass(slots=True)
class _Run:
    """Characters of a line so far; `last` is where the last one begins: parts of a ligature share a place."""

    text: list[str] = field(default_factory=list)
    left: float = 0
    last: float = 0
    right: float = 0
    y: float = 0
    size: float = 0

    def takes(self, character: _Character) -> bool:
        """Whether a character goes on with the line."""
        em = max(self.size, character.size)
        is_beside = self.last - em / 2 <= character.left <= self.right + _GAP * em
        return is_beside and abs(character.y - self.y) <= _DRIFT * em

    def add(self, character: _Character) -> None:
        """One more character."""
        if not self.text:
            self.left, self.right = character.left, character.right
        self.text.append(character.text)
        self.last = character.left
        self.right = max(self.right, character.right)
        if character.size > self.size:
            self.y, self.size = character.y, character.size

    def line(self) -> Line:
        """All of it."""
        return Line("".join(self.text), self.left, self.right, self.y, self.size)


def _lines(characters: Iterable[_Character]) -> Iterator[Line]:
    """The stretches of text of a page, in the order in which it draws them."""
    run = _Run()
    for character in characters:
        if not character.text:
            if run.text:
                run.text.append(" ")
            continue
        if run.text and not run.takes(character):
            yield run.line()
            run = _Run()
        run.add(character)
    if "".join(run.text).strip():
        yield run.line()


def _characters(page: PdfPage) -> Iterator[_Character]:
    """The characters of a page, in the order in which it draws them."""
    from pypdfium2 import raw

    text: Any = page.get_textpage()
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    high = 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004 - first half of a character beyond 16 bits
            high = code
            continue
        if 0xDC00 <= code < 0xE000:  # noqa: PLR2004 - second half
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0
            high = 0
        if raw.FPDFText_IsGenerated(text, index) == 1 or chr(code).isspace():
            yield _SPACE
            continue
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        yield _Character(
            chr(code),
            left.value,
            bottom.value,
            right.value,
            top.value,
            x.value,
            y.value,
            raw.FPDFText_GetFontSize(text, index),
            round(max(0.0, raw.FPDFText_GetCharAngle(text, index)) / _QUARTER) % 4,
        )
    text.close()


_SPACE = _Character("")
