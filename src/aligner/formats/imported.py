"""From units back to bitexts: what a memory or table is as an alignment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from aligner.formats.selection import Tally
from aligner.formats.units import Unit
from aligner.language.script import detect_language, han_share
from aligner.model import Bead, Bitext, Lang, Segment, Side

# How many units with both texts settle which side is Chinese, and how many rows are searched for them.
_ENOUGH = 50
_LOOK_AHEAD = 1000
# How many characters of a text are looked at.
_SAMPLE = 1000


def zh_first(units: Iterable[Unit], tally: Tally) -> Iterator[Unit]:
    """Units of a table, which does not name its languages, with the Chinese text as their source.

    The first fifty units with both texts decide for all: the side with more Han characters is the Chinese
    one, and the tally says whether it was the second. Whether it is simplified or traditional is told from
    the same units.
    """
    stream = iter(units)
    seen: list[Unit] = []
    complete = 0
    for unit in islice(stream, _LOOK_AHEAD):
        seen.append(unit)
        complete += bool(unit.src and unit.tgt)
        if complete == _ENOUGH:
            break
    src, tgt = " ".join(u.src[:_SAMPLE] for u in seen), " ".join(u.tgt[:_SAMPLE] for u in seen)
    turn = tally.turned = han_share(tgt) > han_share(src)
    found = detect_language(tgt if turn else src)
    lang: Lang = found if found in ("zh-Hans", "zh-Hant") else "zh-Hans"
    for unit in chain(seen, stream):
        fixed = unit.turned() if turn else unit
        yield fixed if fixed.lang == lang else fixed._replace(lang=lang)


def bitexts_of(units: Iterable[Unit], name: str, notes: tuple[str, ...] = ()) -> tuple[Bitext, ...]:
    """Imported units, zh first, as bitexts: one for each document they name, in order of appearance.

    A format of units holds joined texts, so each side of a bead becomes one segment; segments are numbered
    anew, and offsets count through their texts one after another, a character apart.

    Args:
        units: zh first.
        name: of the file they come from.
        notes: remarks made while reading it; they go with the first bitext.
    """
    by_document: dict[str, list[Unit]] = {}
    for unit in units:
        by_document.setdefault(unit.document, []).append(unit)
    if not by_document:
        return (_bitext(name, [], notes),)
    return tuple(
        _bitext(document, group, () if number else notes)
        for number, (document, group) in enumerate(by_document.items())
    )


def bitext_of(units: list[Unit], name: str, notes: tuple[str, ...] = ()) -> Bitext:
    """`bitexts_of`, with all documents in one bitext, named by the file where they are several."""
    documents = {unit.document for unit in units}
    return _bitext(documents.pop() if len(documents) == 1 else name, units, notes)


def _bitext(document: str, units: list[Unit], notes: tuple[str, ...]) -> Bitext:
    src_path, _, tgt_path = document.partition(" | ")
    keeps_ids = len({unit.id for unit in units}) == len(units)
    src, tgt = _Texts(), _Texts()
    beads = tuple(
        Bead(
            unit.id if keeps_ids else number,
            src.segments(unit.src),
            tgt.segments(unit.tgt),
            confidence=unit.confidence,
            status=unit.status,
            note=unit.note,
        )
        for number, unit in enumerate(unit for unit in units if unit.src or unit.tgt)
    )
    lang = units[0].lang if units else "zh-Hans"
    return Bitext(Side(lang, src_path, ""), Side("vi", tgt_path or src_path, ""), beads, notes=notes)


class _Texts:
    """Gives texts, one after another, their ids and offsets."""

    def __init__(self) -> None:
        self.count = self.end = 0

    def segments(self, text: str) -> tuple[Segment, ...]:
        """The text as one segment, or none where it is empty."""
        if not text:
            return ()
        start, self.end, number = self.end, self.end + len(text) + 1, self.count
        self.count += 1
        return (Segment(number, text, start, start + len(text)),)
