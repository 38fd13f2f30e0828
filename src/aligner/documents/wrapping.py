"""Paragraphs of plain text: a line each, or lines that were broken at a fixed width and are joined here.

Press texts and exports of translation tools have a paragraph a line. Mail, READMEs, manuals and old books
break a paragraph where the next word would not have fitted. Which it is, and at which width, the line ends
themselves say: those in mid-sentence agree on a width in a wrapped text, and on none in any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import regex

from aligner.documents.kinds import ends_open, is_list_start
from aligner.language.blanks import trim

# Widths that people and programs wrap at (mail 72, terminals 80, style guides up to 100); Han count two.
_NARROWEST, _WIDEST = 40, 100
# A line of Han may end early by two characters, so that no mark stands at the start of the next.
_HAN_SLACK = 5
# Lines that end in mid-sentence and fill the width, for a text to be wrapped: so many, and so great a share
# of those that end in mid-sentence, and of all that have a line below. By chance a line fills a given width
# in one case of ten: a word has some five letters, lines differ by fifty.
_FEWEST, _SHARE_OF_OPEN, _SHARE_OF_ALL = 2, 1 / 2, 1 / 4

_LINE = regex.compile(r"[^\r\n]+")
_RULE = regex.compile(r"[\s\-=_*~#+.·—─━]{3,}")
_WIDE_CHARACTER = (
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003fffd]"
)
_WIDE = regex.compile(_WIDE_CHARACTER)
_WORD = regex.compile(rf"(?:(?!{_WIDE_CHARACTER})\S)+")
_MARK = regex.compile(r"\p{M}")
_COLUMNS = regex.compile(r"\t|\S {3,}\S")
_VIETNAMESE = regex.compile(r"(?=\p{L})[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds text.

    Attributes:
        text: without white space at its ends.
        start, end: of that in the whole.
        indent: white space before it, in characters.
        columns: its width with the indent.
        after_blank: a blank line or a drawn rule stands before it.
        script: `Han` or `Latin`, whichever has more room; empty where letters say nothing (ASCII alone).
    """

    text: str
    start: int
    end: int
    indent: int
    columns: int
    after_blank: bool
    script: str


def paragraphs(text: str) -> tuple[list[tuple[int, int]], int]:
    """Spans of the paragraphs of a plain text, and how many line ends lie inside them.

    A line is a paragraph, unless the text is wrapped. The width is the one (40 to 100 columns) at which most
    line ends in mid-sentence are explained: the line fits, and would not with the next word. The text is
    wrapped if that explains at least two, half of the line ends in mid-sentence, as many as a quarter of all,
    and more than there are lines too long for it. Then lines are joined wherever the next word would not have
    fitted, except before a list mark, a deeper indent, a blank line, a change of script, and in tables.
    Longer lines (listings) stay as they are.

    What may go wrong: a line that happens to fill the width and ends a paragraph is joined to the next,
    where neither a blank line nor an indent parts them. A paragraph wrapped at another width than most stays
    in lines. Linear in the length of the text.
    """
    lines = list(_lines(text))
    width = _width(lines)
    spans: list[tuple[int, int]] = []
    joined = 0
    above: _Line | None = None
    for below in lines:
        if width and above and _belongs(above, below, width):
            spans[-1] = (spans[-1][0], below.end)
            joined += 1
        else:
            spans.append((below.start, below.end))
        above = below
    return spans, joined


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
        yield _Line(line, start, end, start - match.start(), columns, after_blank, _script(line))
        previous = end


def _script(line: str) -> str:
    wide = len(_WIDE.findall(line))
    if wide * 2 > len(line):
        return "Han"
    if wide and not _VIETNAMESE.search(_WIDE.sub("", line)):
        return ""
    return "Latin" if _VIETNAMESE.search(line) else ""


def _width(lines: Sequence[_Line]) -> int:
    """The width a text was wrapped at, in columns; 0 where it was not."""
    breaks = [(above, below) for above, below in pairwise(lines) if not below.after_blank]
    steps: Counter[int] = Counter()
    is_open = [(above, below) for above, below in breaks if _runs_on(above, below)]
    for above, below in is_open:
        if above.columns <= _WIDEST:
            steps[max(above.columns, _NARROWEST)] += 1
            steps[max(_needed(above, below), _NARROWEST)] -= 1
    explained = list(accumulate(steps[columns] for columns in range(_WIDEST + 1)))
    best = max(explained, default=0)
    if best < max(_FEWEST, _SHARE_OF_OPEN * len(is_open), _SHARE_OF_ALL * len(breaks)):
        return 0
    width = max(columns for columns, count in enumerate(explained) if count == best)
    too_long = sum(line.columns > width and _may_be_broken(line) for line in lines)
    return width if best > too_long else 0


def _may_be_broken(line: _Line) -> bool:
    """Whether it has a place to break at; an address has none."""
    return " " in line.text or _WIDE.search(line.text) is not None


def _runs_on(above: _Line, below: _Line) -> bool:
    """Whether a line clearly ends in mid-sentence."""
    if not _may_continue(above, below) or not ends_open(above.text.rstrip(",，、")):
        return False
    return below.text[0].islower() or bool(_WIDE.match(below.text))


def _belongs(above: _Line, below: _Line, width: int) -> bool:
    """Whether, in a text wrapped at a width, a line continues the paragraph of the line above."""
    return (
        not below.after_blank
        and above.columns <= width < _needed(above, below)
        and _may_continue(above, below)
        and (below.indent <= above.indent or is_list_start(above.text))
    )


def _may_continue(above: _Line, below: _Line) -> bool:
    """Whether nothing in the lines' form says that they do not belong together."""
    return (
        {above.script, below.script} != {"Han", "Latin"}
        and not is_list_start(below.text)
        and not _COLUMNS.search(above.text)
        and not _COLUMNS.search(below.text)
    )


def _needed(above: _Line, below: _Line) -> int:
    """How wide the line above would be with the first word of the line below, or its first characters."""
    word = _WORD.match(below.text)
    if word is None:
        return above.columns + _HAN_SLACK + 1
    return above.columns + 1 + len(word[0]) - len(_MARK.findall(word[0]))
