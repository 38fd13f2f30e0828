"""Brackets that open and do not close, or the other way round.

Brackets pair within a paragraph; one that is left open may close a few paragraphs on (verse in brackets).
Left alone: the number of a list item, 1) or a), and smileys. Quotation marks are not looked at: a speech
of several paragraphs opens in each and closes in the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.model import Origin

_CLOSING = {")": "(", "]": "[", "}": "{", "】": "【", "》": "《", "〉": "〈"}
_SAME = str.maketrans("（）", "()")  # typists close a full-width bracket with an ASCII one
_MARKS = re.compile("[" + re.escape("".join([*_CLOSING, *_CLOSING.values(), "（", "）"])) + "]")
_SMILEY = re.compile(r"[:;=]-?[()]")
_FAR = 10  # segments
_ITEM = re.compile(
    r"(?:^|(?<=[\s;:,.(（]))(?:\d{1,3}|[a-zđA-ZĐ]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})[)）]"
)


class _Bracket(NamedTuple):
    """A bracket: as a key, the number of its segment in the document, and its place."""

    char: str
    number: int
    passage: Passage
    at: int


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the bracket that has no partner."""
    for passages in collection.documents.values():
        left: list[_Bracket] = []
        for _, group in groupby(_brackets(passages), key=_paragraph):
            left += _unpaired(group)
        for bracket in _unpaired(left, _FAR):
            what = "never closes" if bracket.char in _CLOSING.values() else "was never opened"
            written = bracket.passage.text[bracket.at]
            yield Mark(bracket.passage, bracket.at, bracket.at + 1, f"{written} {what}")


def _paragraph(bracket: _Bracket) -> object:
    """What the segments of a paragraph share; where that is not known, a segment is a paragraph."""
    origin = bracket.passage.segment.origin
    return bracket.number if origin == Origin() or bracket.passage.edited else origin


def _brackets(passages: Sequence[Passage]) -> Iterator[_Bracket]:
    """The brackets of a document, without those of list items."""
    for number, passage in enumerate(passages):
        text = passage.text
        found = (m for pattern in (_ITEM, _SMILEY) for m in pattern.finditer(text))
        left_out = {m.end() - 1 for m in found if not _opens_before(text, m.start())}
        for match in _MARKS.finditer(text):
            if match.start() not in left_out:
                yield _Bracket(match.group().translate(_SAME), number, passage, match.start())


def _opens_before(text: str, at: int) -> bool:
    """Whether a round bracket is open at an offset: then what looks like a list number is its content."""
    before = text[:at].translate(_SAME)
    return before.count("(") > before.count(")")


def _unpaired(brackets: Iterable[_Bracket], far: int | None = None) -> list[_Bracket]:
    """Brackets without a partner, `far` segments off at most; each kind by itself, whatever it crosses."""
    waiting: dict[str, list[_Bracket]] = {}
    alone = []
    for bracket in brackets:
        if bracket.char not in _CLOSING:
            waiting.setdefault(bracket.char, []).append(bracket)
            continue
        opened = waiting.get(_CLOSING[bracket.char])
        if opened and (far is None or bracket.number - opened[-1].number <= far):
            opened.pop()
        else:
            alone.append(bracket)
    return sorted(
        [*alone, *(one for left in waiting.values() for one in left)], key=lambda b: (b.number, b.at)
    )
