"""Beads as rows of the page: what the template needs to know of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor

from aligner.check import Finding
from aligner.model import Bead, Segment
from aligner.review.groups import Group
from aligner.review.view import class_of
from aligner.review.web.opened import OpenBitext
from aligner.search.phrases import Mark, Phrase, places

CHUNK = 40
"""Rows that are asked for at a time: about three screens."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a segment's text; `marked` where it holds what is searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A segment of a row.

    Attributes:
        text: as it reads now.
        pieces: the same, cut at marks.
        kind: of its block.
        original: its text before an edit; empty where it is the same.
    """

    text: str
    pieces: tuple[Piece, ...]
    kind: str
    original: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bead of the page.

    Attributes:
        bead: the bead.
        index: its place in what is looked at, from 0.
        look: how it is coloured.
        percent: its confidence, rounded down: 100 is for certainty.
        sides: its zh and its vi segments.
        findings: what a check found.
    """

    bead: Bead
    index: int
    look: str
    percent: int
    sides: tuple[tuple[Cell, ...], tuple[Cell, ...]]
    findings: Sequence[Finding]


def rows(opened: OpenBitext, groups: Sequence[Group], chunk: int, phrase: Phrase | None) -> list[Row]:
    """The rows of a chunk of a listing; to be called while the session is held for reading."""
    draft, findings = opened.session.draft, opened.findings()
    start = chunk * CHUNK
    return [
        _row(draft.bead(group, draft.number(group)), start + at, group, findings, phrase)
        for at, group in enumerate(groups[start : start + CHUNK])
    ]


def _row(
    bead: Bead, index: int, group: Group, findings: Mapping[int, Sequence[Finding]], phrase: Phrase | None
) -> Row:
    before = bead.original or ((), ())
    src, tgt = (
        tuple(_cell(s, texts[at] if texts else "", phrase) for at, s in enumerate(segments))
        for segments, texts in zip((bead.src, bead.tgt), before, strict=True)
    )
    percent = floor(100 * bead.confidence + 1e-9)
    return Row(bead, index, class_of(group), percent, (src, tgt), findings.get(bead.id, ()))


def _cell(segment: Segment, original: str, phrase: Phrase | None) -> Cell:
    text = segment.text
    marks = list(places(text, phrase)) if phrase else []
    changed = original if original != text else ""
    return Cell(text, tuple(cut(text, marks)), segment.kind, changed)


def cut(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """A text cut at marks, which are in order and do not overlap."""
    parts: list[Piece] = []
    at = 0
    for start, end in marks:
        parts += [Piece(text[at:start], marked=False), Piece(text[start:end], marked=True)]
        at = end
    parts.append(Piece(text[at:], marked=False))
    return [part for part in parts if part.text]
