"""Documents of any length, built from the development texts.

The texts are put one after the other, in a fixed order, none of their segments reordered. They have some
2,300 distinct zh segments; what is longer repeats them, and in each repeat the numerals are changed that
agree on both sides of a gold bead: value + 37 × repeat, in figures. So no two repeats are quite the same,
but they are far more alike than the chapters of a real book: what is found here by its rare words is harder
to find than in a text of that length, and the vocabulary stays small, which makes some steps cheaper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import Case, find_cases

from aligner.evaluate.alignment import IdBead
from aligner.language.numerals import Numeral, Side, find_numerals

SETS = ("threekingdoms/real", "ntrex/mn", "tech/manuals", "tech/hand")
"""Each development text once: no two of these sets share one."""

_STEP = 37
"""What a repeat adds to a number: prime, so that repeats do not meet."""


@dataclass(frozen=True, slots=True)
class Long:
    """A document pair with its gold beads.

    Attributes:
        zh, vi: texts of the segments.
        gold: beads as ids, in order.
    """

    zh: tuple[str, ...]
    vi: tuple[str, ...]
    gold: tuple[IdBead, ...]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both sides, a segment a line; returns their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / "zh.txt", folder / "vi.txt"
        for path, texts in zip(paths, (self.zh, self.vi), strict=True):
            path.write_text("".join(f"{text}\n" for text in texts), "utf-8")
        return paths


def long_document(data: Path, segments: int, *, sets: Sequence[str] = SETS, half: str = "") -> Long:
    """A document of about so many zh segments; it ends with the bead that fills it.

    Args:
        data: the folder of development data.
        segments: zh segments.
        sets: which texts.
        half: `tune` or `report` for one half of the documents only.
    """
    cases = [case for case in find_cases(data) if case.set_name in sets and half in {"", case.half}]
    zh: list[str] = []
    vi: list[str] = []
    gold: list[IdBead] = []
    for src, tgt in _beads(cases):
        gold.append((tuple(range(len(zh), len(zh) + len(src))), tuple(range(len(vi), len(vi) + len(tgt)))))
        zh += src
        vi += tgt
        if len(zh) >= segments:
            break
    return Long(tuple(zh), tuple(vi), tuple(gold))


def _beads(cases: Sequence[Case]) -> Iterator[tuple[list[str], list[str]]]:
    """The beads of all documents, again and again, each repeat with other numbers."""
    beads = [
        ([s.text for s in bead.src], [s.text for s in bead.tgt]) for case in cases for bead in case.gold.beads
    ]
    repeat = 0
    while beads:
        for src, tgt in beads:
            yield changed(src, tgt, repeat * _STEP)
        repeat += 1


def changed(src: Sequence[str], tgt: Sequence[str], by: int) -> tuple[list[str], list[str]]:
    """Texts of a bead whose common numbers are greater by so many, in figures.

    >>> changed(["第十六次会议", "共3人"], ["Hội nghị lần thứ 16", "ba người"], 37)
    (['第53次会议', '共40人'], ['Hội nghị lần thứ 53', 'ba người'])
    """
    if not by:
        return list(src), list(tgt)
    found = [[_whole(text, lang) for text in texts] for texts, lang in ((src, "zh"), (tgt, "vi"))]
    values = [{n.value for numerals in side for n in numerals} for side in found]
    common = values[0] & values[1]
    moved = [
        [
            _with(text, [n for n in numerals if n.value in common], by)
            for text, numerals in zip(texts, side, strict=True)
        ]
        for texts, side in zip((src, tgt), found, strict=True)
    ]
    return moved[0], moved[1]


def _whole(text: str, lang: Side) -> list[Numeral]:
    """The whole numbers of a text, but for single number words, which may be none."""
    return [n for n in find_numerals(text, lang) if isinstance(n.value, int) and not (n.lone or n.percent)]


def _with(text: str, numerals: Sequence[Numeral], by: int) -> str:
    for n in reversed(numerals):
        text = f"{text[: n.start]}{int(n.value) + by}{text[n.end :]}"
    return text


def excerpt(document: Long, segments: int) -> Long:
    """So many zh segments out of the middle against the whole vi side."""
    middle = (len(document.zh) - segments) // 2
    inner = [bead for bead in document.gold if bead[0] and middle <= bead[0][0] < middle + segments]
    first, last = inner[0][0][0], inner[-1][0][-1] + 1
    gold = tuple((tuple(i - first for i in src), tgt) for src, tgt in inner)
    return Long(document.zh[first:last], document.vi, gold)


def exchanged(document: Long, first: int, segments: int, size: int, apart: int) -> tuple[Long, list[IdBead]]:
    """A part of a document with two blocks of its vi side exchanged.

    Args:
        document: a long document.
        first: its bead from which the part begins.
        segments: zh segments of the part.
        size: zh segments of a block.
        apart: zh segments between the blocks; the first one begins 60 segments from the start.

    Returns:
        The part, and the gold beads of the two blocks that are no nulls.
    """
    part = document.gold[first : _filled(document.gold, first, segments)]
    cuts = [0]
    for count in (60, size, apart, size):
        cuts.append(_filled(part, cuts[-1], count))
    _, a, b, c, d = cuts
    order = [*range(a), *range(c, d), *range(b, c), *range(a, b), *range(d, len(part))]
    zh = [document.zh[i] for src, _ in part for i in src]
    vi: list[str] = []
    places: dict[int, tuple[int, ...]] = {}
    for k in order:
        places[k] = tuple(range(len(vi), len(vi) + len(part[k][1])))
        vi += [document.vi[j] for j in part[k][1]]
    start = next(src[0] for src, _ in part if src)
    gold = [(tuple(i - start for i in src), places[k]) for k, (src, _) in enumerate(part)]
    blocks = [gold[k] for k in (*range(a, b), *range(c, d)) if all(gold[k])]
    return Long(tuple(zh), tuple(vi), tuple(gold)), blocks


def _filled(beads: Sequence[IdBead], first: int, segments: int) -> int:
    """The bead after which so many zh segments are reached, counted from a bead."""
    total = 0
    for number in range(first, len(beads)):
        if total >= segments:
            return number
        total += len(beads[number][0])
    return len(beads)
