"""A bitext as a person reads it: the beads one below the other, the languages side by side.

The lines are broken here rather than by a library, because a Chinese line may break between any two
characters, but must not begin with a comma.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from math import floor

import click

from aligner.language.line_ends import one_line
from aligner.model import Bead, Bitext, Segment
from aligner.wording import counted

# Where the output is no terminal: two columns of sentences that still fit an editor or a page.
PLAIN_WIDTH = 100
NARROWEST = 60
GAP = 2
# A Chinese sentence takes about two thirds of the cells that its translation does.
ZH_SHARE = 0.4
# Only colours, to show at a glance what deserves a look; nothing is decided by them.
SURE, DOUBTFUL = 0.9, 0.5

_WIDE = "⺀-〿぀-ヿ㐀-䶿一-鿿豈-﫿︰-﹏＀-｠￠-￦\U00020000-\U0003ffff"
_OPENING = re.escape("（《〈“‘「『【〔([{")
_CLOSING = re.escape("，。、；：？！）》〉”’」』】〕…—,.;:?!)]}%")
# A document must not be able to steer the terminal it is shown on.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What a line is not broken within: a wide character or a word, with the marks that cling to it.
_PIECE = re.compile(rf"\s+|[{_OPENING}]*(?:(?![{_OPENING}{_CLOSING}])[{_WIDE}]|[^\s{_WIDE}]+|.)[{_CLOSING}]*")


def render(bitexts: Iterable[Bitext], *, terminal: bool) -> str:
    """Every bitext as a table with a line that sums it up; on a terminal of its width and in colour."""
    width = max(shutil.get_terminal_size().columns, NARROWEST) if terminal else PLAIN_WIDTH
    return "\n".join("\n".join(_lines(bitext, width, colour=terminal)) + "\n" for bitext in bitexts)


def _lines(bitext: Bitext, width: int, *, colour: bool) -> Iterator[str]:
    sure = len("confidence")
    number = max([len(str(bead.id)) for bead in bitext.beads] + [len("bead")])
    zh = floor((width - number - sure - 3 * GAP) * ZH_SHARE)
    widths = (number, zh, width - number - zh - sure - 3 * GAP, sure)
    yield from dict.fromkeys((bitext.src.path, bitext.tgt.path))
    yield _row(("bead".rjust(number), "Chinese", "Vietnamese", "confidence"), widths)
    yield "─" * width
    for bead in bitext.beads:
        cells = (
            [str(bead.id).rjust(number)],
            list(_side(bead.src, widths[1])),
            list(_side(bead.tgt, widths[2])),
            [mark.rjust(sure) for mark in _marks(bead)],
        )
        for row in zip_longest(*cells, fillvalue=""):
            yield _row(row, widths, _colour(bead) if colour else None)
        yield ""
    yield summary(bitext)


def _row(cells: tuple[str, ...], widths: tuple[int, ...], colour: str | None = None) -> str:
    padded = [cell + " " * (width - cells_of(cell)) for cell, width in zip(cells, widths, strict=True)]
    if colour:
        padded[-1] = click.style(padded[-1], fg=colour)
    return (" " * GAP).join(padded).rstrip()


def _side(segments: tuple[Segment, ...], width: int) -> Iterator[str]:
    """The segments of one side; several are numbered, so that their borders show."""
    if not segments:
        yield "-"
    for number, segment in enumerate(segments, 1):
        mark = f"{number}) " if len(segments) > 1 else ""
        for place, line in enumerate(wrap(segment.text, width - len(mark))):
            yield (" " * len(mark) if place else mark) + line


def _marks(bead: Bead) -> list[str]:
    # Rounded down: 100% is for certainty.
    marks = [f"{floor(100 * bead.confidence + 1e-9)}%"]
    if bead.status != "auto":
        marks.append(bead.status)
    if bead.moved:
        marks.append("moved")
    return marks


def _colour(bead: Bead) -> str:
    if bead.confidence >= SURE:
        return "green"
    return "yellow" if bead.confidence >= DOUBTFUL else "red"


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for a wide character, none for a combining mark."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def wrap(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells; its own are joined, control characters \ufffd."""
    lines = [""]
    used = 0
    for piece in _PIECE.findall(_CONTROL.sub("\ufffd", one_line(text))):
        cells = cells_of(piece)
        if used + cells > width and used:
            lines.append("")
            used = 0
        if piece == " " and not used:
            continue
        while cells_of(piece) > width:  # a word longer than a line: cut where the line ends
            cut = next(i for i in range(len(piece), 0, -1) if cells_of(piece[:i]) <= width)
            lines[-1:] = [piece[:cut], ""]
            piece = piece[cut:]  # noqa: PLW2901 - what is left of it
        lines[-1] += piece
        used += cells_of(piece)
    return [line.rstrip() for line in lines]


def summary(bitext: Bitext) -> str:
    """How many beads there are of what kind, in one line."""
    full = [bead for bead in bitext.beads if not bead.is_null]
    single = sum(len(bead.src) == len(bead.tgt) == 1 for bead in full)
    parts = (
        f"{single} one to one",
        f"{len(full) - single} of several segments",
        f"{len(bitext.beads) - len(full)} without counterpart",
    )
    doubtful = sum(bead.confidence < DOUBTFUL for bead in bitext.beads)
    ending = f"; {doubtful} with a confidence below {DOUBTFUL:.0%}" if doubtful else ""
    return f"{counted(len(bitext.beads), 'bead')}: {', '.join(parts)}{ending}"
