"""Plain text: a paragraph a line, or hard-wrapped paragraphs with their lines joined.

Press texts and exports of translation tools have a paragraph a line. Mail, READMEs and old books break
a paragraph into lines of equal width; a block then spans the line ends, which stay in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from aligner.documents.content import Content
from aligner.documents.kinds import ends_open, is_list_start, kinds_of
from aligner.documents.loading import decode, refuse_binary
from aligner.errors import InputError
from aligner.language.sentences import trim
from aligner.model import Block, Origin

# Widths that people and programs wrap at (mail 72, terminals 80, style guides up to 100); Han count two.
_NARROWEST, _WIDEST = 40, 100
# A line of Han may end early by two characters, so that no mark stands at the start of the next.
_HAN_SLACK = 5

_LINE = regex.compile(r"[^\r\n]+")
_RULE = regex.compile(r"[\s\-=_*~#+.·—─━]{3,}")
_WIDE = regex.compile(
    r"[\u3000\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd]"
)
_MARK = regex.compile(r"\p{M}")
_MARKUP = regex.compile(r"\s*<(?:\?xml|!doctype|html)\b", regex.I)


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """A plain text file; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    if _MARKUP.match(text):
        raise InputError(
            f"{path}: seems to be HTML or XML, not plain text",
            "give it the suffix .html if it is a page, else save it as text",
        )
    spans, joined = paragraphs(text)
    kinds = kinds_of([text[start:end] for start, end in spans])
    blocks = tuple(
        Block(start, end, kind, Origin(paragraph=number))
        for number, ((start, end), kind) in enumerate(zip(spans, kinds, strict=True))
    )
    if joined:
        notes += (f"{joined} lines that were broken at a fixed width were joined to paragraphs",)
    return Content(text, blocks, notes)


def paragraphs(text: str) -> tuple[list[tuple[int, int]], int]:
    """Spans of the paragraphs of a plain text, and how many line ends lie inside them.

    A line is a paragraph, unless the document is wrapped: its lines are at most 100 columns wide, and
    at least two lines, and a quarter of those that have a line below, break in mid-sentence where the
    next word would not have fitted. Then lines are joined wherever the next word would not have fitted,
    except before a list mark, a deeper indent, a blank line, or a change of script.

    What may go wrong: a line that happens to fill the width and ends a paragraph is joined to the next.
    Linear in the length of the text.
    """
    lines = list(_lines(text))
    width = max((line.columns for line in lines if " " in line.text or _WIDE.search(line.text)), default=0)
    breaks = [(above, below) for above, below in pairwise(lines) if not below.after_blank]
    certain = sum(_runs_on(above, below, width) for above, below in breaks)
    wrapped = _NARROWEST <= width <= _WIDEST and certain >= max(2, len(breaks) / 4)
    spans: list[tuple[int, int]] = []
    joined = 0
    above: _Line | None = None
    for below in lines:
        if wrapped and above and _belongs(above, below, width):
            spans[-1] = (spans[-1][0], below.end)
            joined += 1
        else:
            spans.append((below.start, below.end))
        above = below
    return spans, joined


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    end: int
    indent: int
    columns: int
    after_blank: bool


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold text; rules drawn with dashes or stars are left out like blank lines."""
    previous = 0
    for match in _LINE.finditer(text):
        span = trim(text, *match.span())
        if span is None or _RULE.fullmatch(match[0]):
            continue
        start, end = span
        gap = text[previous:start]
        line = text[start:end]
        whole = text[match.start() : end]
        columns = len(whole) + len(_WIDE.findall(whole)) - len(_MARK.findall(whole))
        after_blank = gap.replace("\r\n", "\n").replace("\r", "\n").count("\n") > 1
        yield _Line(line, start, end, start - match.start(), columns, after_blank)
        previous = end


def _runs_on(above: _Line, below: _Line, width: int) -> bool:
    """Whether a line clearly breaks in mid-sentence because the next word did not fit."""
    if not _is_full(above, below, width) or _is_wide(above) != _is_wide(below):
        return False
    if is_list_start(below.text) or not ends_open(above.text.rstrip(",，、")):
        return False
    return below.text[0].islower() or bool(_WIDE.match(below.text))


def _belongs(above: _Line, below: _Line, width: int) -> bool:
    """Whether, in a wrapped document, a line continues the paragraph of the line above."""
    return (
        not below.after_blank
        and _is_full(above, below, width)
        and _is_wide(above) == _is_wide(below)
        and not is_list_start(below.text)
        and (below.indent <= above.indent or is_list_start(above.text))
        and "\t" not in above.text + below.text
    )


def _is_full(above: _Line, below: _Line, width: int) -> bool:
    """Whether the first word of the line below would not have fitted above (greedy filling)."""
    if _WIDE.match(below.text):
        return above.columns + _HAN_SLACK >= width
    word = below.text.split(maxsplit=1)[0]
    return above.columns + 1 + len(word) > width


def _is_wide(line: _Line) -> bool:
    """Whether it is written mostly in Han."""
    return len(_WIDE.findall(line.text)) * 2 > len(line.text)
