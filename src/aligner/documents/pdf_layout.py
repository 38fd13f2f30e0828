"""From the lines of pages to paragraphs. Pure geometry, after `pdf_columns`: no PDF in here.

Lines are joined to a paragraph where the line above is full, that is, where the next word would not have
fitted. Small print below the text of a page is a note, and goes to the end.

What may go wrong: a heading that is set like the text is told by its shape only; in text that is set ragged
a line may look full that is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from aligner.documents.extracted import Piece
from aligner.documents.kinds import ends_sentence, is_list_start
from aligner.documents.pdf_columns import BLANK, Line, Page, by_row, columns, pitch, without_edges
from aligner.language.script import HAN
from aligner.language.syllables import has_vietnamese_letter, is_syllable, syllable_key
from aligner.model import Kind, Origin

# In em, the size of the letters, or shares; assumed from how pages are set.
_INDENT = 0.8
_SHORT_COLUMN = 3  # lines: too few to tell how wide it is
_HEADING_SIZE = 1.12  # of the size of running text
_HEADING_LINES = 3
_NOTE_SIZE = 0.92
_FILLED = 0.7  # share of lines that are full in a block set to a width of its own

_WIDE = regex.compile(rf"[{HAN}\u3000-\u303f\uff00-\uff60]")
_HYPHEN = regex.compile(r"(?:(\p{L}+)|\d)[-\u00ad\u2010\u0002]$")
_PARTED = "\u0002"  # what PDFium makes of a hyphen that parts a word
_LETTERS = regex.compile(r"\p{L}+")
_WORD = regex.compile(r"\S+")
_NOTE_MARK = regex.compile(r"[\[(（]?(?:\d{1,3}|[*†‡①-⑳¹²³⁰⁴-⁹]+)[\])）.]?\s*\S")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that may go on.

    Attributes:
        text: so far.
        last: its last line.
        right: edge of the column of that line.
        page: on which it begins.
        count: of its lines.
    """

    text: str
    last: Line
    right: float
    page: int
    count: int = 1


def pieces(pages: Sequence[Page]) -> list[Piece]:
    """The paragraphs of a document, notes at the end.

    Quadratic in the rows of a page, at most 400; linear in the number of pages.
    """
    cleaned = without_edges(pages)
    body = _body_size(cleaned)
    found_columns = [
        (page.number, _first_note(page, body), _rows(column))
        for page in cleaned
        for column in columns(page.lines, page.width)
    ]
    ends: defaultdict[int, list[float]] = defaultdict(list)
    for _, _, lines in found_columns:
        ends[_place(lines)] += [line.right for line in lines]
    edges = {place: _edge(rights) for place, rights in ends.items()}
    found: dict[bool, list[_Paragraph]] = {False: [], True: []}
    for number, first_note, lines in found_columns:
        edge = _edge([line.right for line in lines])
        if len(lines) <= _SHORT_COLUMN:
            edge = max(edge, edges[_place(lines)])
        _join(lines, found, number, first_note, edge)
    return [Piece(p.text, _kind(p, body), Origin(page=p.page)) for p in found[False] + found[True]]


def _edge(rights: Sequence[float]) -> float:
    """Where full lines end: a tenth of the lines may stick out."""
    return sorted(rights, reverse=True)[len(rights) // 10]


def _place(lines: Sequence[Line]) -> int:
    """Where a column begins, in steps of ten points: columns that begin there end at the same edge."""
    return round(min(line.left for line in lines) / 10)


def _kind(paragraph: _Paragraph, body: float) -> Kind:
    """Larger letters than those of the text make a heading, if it is no paragraph of many lines."""
    if paragraph.last.size >= body * _HEADING_SIZE and paragraph.count <= _HEADING_LINES:
        return "heading"
    return "list" if is_list_start(paragraph.text) else "text"


def _body_size(pages: Iterable[Page]) -> float:
    """The size that most letters are set in."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=10.0)


def _first_note(page: Page, body: float) -> float:
    """The height under which the page has notes only; 0 where it has none."""
    height = 0.0
    for row in reversed(by_row(page.lines)):
        if any(line.size >= body * _NOTE_SIZE for line in row):
            break
        if _NOTE_MARK.match(row[0].text):
            height = row[0].y + row[0].size / 2
    return height


def _rows(column: Sequence[Line]) -> list[Line]:
    """The lines of a column, those on the same height made one."""
    return [
        Line(
            " ".join(line.text.strip() for line in row),
            row[0].left,
            max(line.right for line in row),
            row[0].y,
            max(line.size for line in row),
        )
        for row in by_row(column)
    ]


def _join(
    lines: Sequence[Line], found: dict[bool, list[_Paragraph]], page: int, first_note: float, widest: float
) -> None:
    """Adds the lines of a column to the paragraphs of text or of notes, the last of which may go on."""
    left = min(line.left for line in lines)
    usual = pitch(lines)
    before: dict[bool, Line] = {}
    for line, right in zip(lines, _right_edges(lines, usual, widest), strict=True):
        is_note = line.y < first_note
        paragraphs = found[is_note]
        above = before.get(is_note)
        last = paragraphs[-1] if paragraphs else None
        is_short = len(lines) <= _SHORT_COLUMN and last is not None and ends_sentence(last.text)
        if last is None or is_short or _begins(last, above, line, left, usual):
            paragraphs.append(_Paragraph(line.text, line, right, page))
        else:
            last.text = _joined(last.text, line.text)
            last.last, last.right, last.count = line, right, last.count + 1
        before[is_note] = line


def _right_edges(lines: Sequence[Line], usual: float, widest: float) -> list[float]:
    """For every line of a column where lines end that are full: in a box or quotation further left."""
    blocks: list[list[Line]] = []
    for line in lines:
        above = blocks[-1][-1] if blocks else None
        if above and above.y - line.y <= BLANK * usual and above.size == line.size:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    edges: list[float] = []
    for block in blocks:
        edge = _edge([line.right for line in block])
        full = sum(_is_full(above, below, edge) for above, below in pairwise(block))
        is_filled = len(block) > _SHORT_COLUMN and full >= _FILLED * (len(block) - 1)
        edges += [edge if is_filled else widest] * len(block)
    return edges


def _begins(last: _Paragraph, above: Line | None, line: Line, left: float, usual: float) -> bool:
    """Whether a line begins a paragraph.

    Args:
        last: the paragraph before it.
        above: the line above it in its column; None for the first.
        line: the line.
        left: edge of the column.
        usual: usual distance of its lines.
    """
    if last.text.endswith(_PARTED):
        return False
    small, large = sorted((last.last.size, line.size))
    if large > small * _HEADING_SIZE or is_list_start(line.text) or not _is_full(last.last, line, last.right):
        return True
    if above is None:
        return line.left > left + _INDENT * line.size or ends_sentence(last.text)
    return above.y - line.y > BLANK * usual or _is_indented(above, line, left)


def _is_indented(above: Line, line: Line, left: float) -> bool:
    """Whether a line begins further right than the one above, which is not the first of a hanging item."""
    further = line.left - above.left > _INDENT * line.size / 2
    return further and line.left > left + _INDENT * line.size / 2 and not is_list_start(above.text)


def _is_full(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of a line would not have fitted into the one above."""
    if _WIDE.match(line.text):
        return above.right + 2 * line.size >= right
    word = _WORD.match(line.text)
    length = max(1, len(line.text))
    letters = len(word[0]) + 1 if word else 1
    return above.right + letters * (line.right - line.left) / length >= right - line.size / 2


def _joined(above: str, below: str) -> str:
    """Two lines of a paragraph as one; a hyphen that only parts a word goes."""
    if match := _HYPHEN.search(above):
        word, rest = match[1], _LETTERS.match(below)
        parts_word = word and rest and rest[0][0].islower()
        if parts_word and rest and not (_is_vietnamese(word) and _is_vietnamese(rest[0])):
            return above[: match.end(1)] + below
        return above.replace("\u0002", "-") + below
    if _WIDE.match(above[-1:]) and _WIDE.match(below):
        return above + below
    return f"{above} {below}"


def _is_vietnamese(word: str) -> bool:
    key = syllable_key(word)
    return is_syllable(key) and (has_vietnamese_letter(key) or len(word) > 1)
