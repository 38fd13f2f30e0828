"""The parts of a page: rows of lines, columns in reading order, and the heads and feet that are no text.

A page is cut where a gutter runs between columns: a vertical gap that no line crosses, with at least three
lines on either side; what stands above and below it is read before and after. Rows that recur at the head or
foot of pages, rows set off there on most of them, and page numbers there, are no text.

Places are in points, y upwards. What may go wrong: a table is read column by column.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

BLANK = 1.35
"""Distance of lines, in that of neighbours, from which on it parts them: half a line and less (assumed)."""

# Assumed from how pages are set: gutters have a centimetre, heads and feet stand in the margins.
_GUTTER = 0.8  # em, the size of the letters
_NARROWEST_COLUMN = 0.15  # of the page's width
_COLUMN_LINES = 3
_MARGIN = 0.12  # of the page's height: where running heads and feet stand
_EDGE_ROWS = 3  # rows looked at there
_RECURS = 0.3  # share of pages; heads may differ between left and right pages
_LEAST_PAGES = 3
_APART = 0.8  # share of pages on which a head that changes is set off from the text
_MOST_ROWS = 400  # a page with more is no page of text: it is read as it stands
_DEEPEST = 8

_PAGE_NUMBER = regex.compile(
    r"[\s\-–—·•|~]*(?:trang|page|tr\.|p\.|第)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:页|頁)?(?:\s*[/／]\s*\d{1,4})?[\s\-–—·•|~]*",
    regex.I,
)
_DIGITS = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text on one baseline.

    Attributes:
        text: its characters.
        left, right: where it begins and ends, in points.
        y: of the baseline, upwards.
        size: of its letters, in points.
    """

    text: str
    left: float
    right: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page.

    Attributes:
        number: from 1.
        width, height: in points.
        lines: in any order.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


def _edges(page: Page) -> Iterator[Line]:
    """The lines of the outermost rows, within the margins."""
    low, high = page.height * _MARGIN, page.height * (1 - _MARGIN)
    rows = by_row(page.lines)
    outer = [*rows[:_EDGE_ROWS], *rows[-_EDGE_ROWS:]]
    for row in {id(row): row for row in outer}.values():
        yield from (line for line in row if line.y < low or line.y > high)


def _signature(line: Line) -> tuple[str, int]:
    """What recurs: the text but for its numbers, at the same height."""
    return _DIGITS.sub("#", line.text.strip()), _height(line)


def _height(line: Line) -> int:
    """Where a line stands, in steps of six points."""
    return round(line.y / 6)


def _recurring(pages: Sequence[Page]) -> set[tuple[str, int]]:
    """Signatures of lines that stand at the edge of many pages."""
    counts = Counter(signature for page in pages for signature in set(map(_signature, _edges(page))))
    least = max(_LEAST_PAGES, _RECURS * len(pages))
    return {signature for signature, count in counts.items() if count >= least}


def _standing(pages: Sequence[Page]) -> set[int]:
    """Heights at which many pages have a row of their own, set off from the text: heads that change.

    The first line of the text stands at the same height on many pages too, but the next follows closely.
    """
    apart: defaultdict[int, list[bool]] = defaultdict(list)
    for page in pages:
        rows = by_row(_edges(page))
        everything = by_row(page.lines)
        usual = pitch([row[0] for row in everything])
        for row, beside in ((everything[:1], everything[1:2]), (everything[-1:], everything[-2:-1])):
            if row and beside and row[0] in rows:
                gap = abs(row[0][0].y - beside[0][0].y)
                apart[_height(row[0][0])].append(gap > BLANK * usual)
    least = max(_LEAST_PAGES, _RECURS * len(pages))
    return {
        height for height, gaps in apart.items() if len(gaps) >= least and statistics.mean(gaps) >= _APART
    }


def without_edges(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet and page numbers."""
    recurring, standing = _recurring(pages), _standing(pages)
    return [_inner(page, recurring, standing) for page in pages]


def _inner(page: Page, recurring: set[tuple[str, int]], standing: set[int]) -> Page:
    """The page without running heads and feet and page numbers."""
    rows = by_row(page.lines)
    outermost = {line for row in (*rows[:1], *rows[-1:]) for line in row}
    gone = {
        line
        for line in _edges(page)
        if _signature(line) in recurring
        or (line in outermost and _height(line) in standing)
        or _PAGE_NUMBER.fullmatch(line.text.strip())
    }
    lines = tuple(line for line in page.lines if line not in gone and line.text.strip())
    return Page(page.number, page.width, page.height, lines)


def by_row(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines on the same height, from the top down, each row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.y, line.left)):
        if rows and abs(rows[-1][0].y - line.y) <= min(rows[-1][0].size, line.size) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def columns(lines: Sequence[Line], width: float, depth: int = _DEEPEST) -> Iterator[list[Line]]:
    """The columns of a page in reading order."""
    rows = by_row(lines)
    cut = _longest_gutter(rows, width) if depth and len(rows) <= _MOST_ROWS else None
    if cut is None:
        if rows:
            yield [line for row in rows for line in row]
        return
    first, last, x = cut
    yield from columns([line for row in rows[:first] for line in row], width, depth - 1)
    within = [line for row in rows[first:last] for line in row]
    yield from columns([line for line in within if line.right <= x], width, depth - 1)
    yield from columns([line for line in within if line.right > x], width, depth - 1)
    yield from columns([line for row in rows[last:] for line in row], width, depth - 1)


def _longest_gutter(rows: Sequence[Sequence[Line]], width: float) -> tuple[int, int, float] | None:
    """First and last row, and place, of the gutter that runs along most rows; None where there is none."""
    candidates = {round(line.right, 0): line.right for row in rows for line in row}
    best: tuple[int, int, float] | None = None
    for x in candidates.values():
        start = 0
        for end in range(len(rows) + 1):
            if end < len(rows) and not any(line.left < x - 0.5 < x + 0.5 < line.right for line in rows[end]):
                continue
            is_longer = best is None or end - start > best[1] - best[0]
            if is_longer and _is_gutter(rows[start:end], x, width):
                best = start, end, x
            start = end + 1
    return best


def _is_gutter(rows: Sequence[Sequence[Line]], x: float, width: float) -> bool:
    """Whether there are two columns of text on either side of a place that no line crosses."""
    left = [line for row in rows for line in row if line.right <= x]
    right = [line for row in rows for line in row if line.right > x]
    if min(len(left), len(right)) < _COLUMN_LINES:
        return False
    edge, begin = max(line.right for line in left), min(line.left for line in right)
    if begin - edge < _GUTTER * statistics.median(line.size for line in left + right):
        return False
    narrowest = min(edge - min(line.left for line in left), max(line.right for line in right) - begin)
    overlap = min(left[0].y, right[0].y) - max(left[-1].y, right[-1].y)
    return narrowest >= _NARROWEST_COLUMN * width and overlap > 0


def pitch(lines: Sequence[Line]) -> float:
    """The usual distance from line to line."""
    steps = [above.y - below.y for above, below in pairwise(lines)]
    if not steps:
        return 0.0
    size = statistics.median(line.size for line in lines)
    close = [step for step in steps if size / 2 < step < 3 * size]
    return statistics.median_low(close) if close else 1.5 * size
