"""Documents that pair their texts themselves: a sheet with a column in each language, two message catalogues.

Both sides hold blocks whose `origin.paragraph` says which belong together. Rows are never aligned with other
rows; inside a row of several sentences the ordinary alignment decides, as long as it stays within the row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from aligner import documents
from aligner.errors import InputError
from aligner.model import Bead, Document, Segment

Aligned = Callable[[Sequence[Segment], Sequence[Segment]], Sequence[Bead]]
_NOTE = "its rows pair the texts already, and were taken so"
_SHEETS = (".xlsx", ".xlsm", ".csv", ".tsv")
_CATALOGUES = (".po", ".pot")


def paired_file(path: Path, *, encoding: str | None = None) -> tuple[Document, Document] | None:
    """The Chinese and the Vietnamese side of a file that pairs them; None where it does not.

    Raises:
        InputError: it cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in _SHEETS:
        from aligner.documents import sheets

        # Refuses what only seems to be a sheet, before it is looked for columns.
        whole = documents.read(path, encoding=encoding)
        return sheets.read_rows(path, encoding=encoding) if documents.is_bilingual(whole) else None
    if suffix in _CATALOGUES:
        whole = documents.read(path, encoding=encoding)
        return documents.separate(whole) if documents.is_bilingual(whole) else None
    return None


def paired_files(first: Path, second: Path) -> tuple[Document, Document] | None:
    """Two message catalogues of one program joined on their originals; None where they are none.

    Raises:
        InputError: one cannot be read.
    """
    if not all(path.suffix.lower() in _CATALOGUES for path in (first, second)):
        return None
    langs = [documents.read(path).lang for path in (first, second)]
    if None in langs or (langs[0] == "vi") == (langs[1] == "vi"):
        return None
    zh, vi = (second, first) if langs[0] == "vi" else (first, second)
    from aligner.documents import po

    try:
        return po.read_pair(zh, vi)
    except InputError:
        return None  # no message in common: two texts like any others


def with_note(document: Document) -> Document:
    """The document with the remark that its rows were taken as they are."""
    return replace(document, notes=(*document.notes, _NOTE))


def pair_rows(zh: Document, vi: Document, aligned: Aligned) -> tuple[Bead, ...]:
    """The beads of two documents whose blocks are paired by `origin.paragraph`.

    A row of one sentence a side is a bead of confidence 1, for somebody put them side by side. A row with one
    side only is a null bead. In rows of several sentences these are aligned among each other; where that
    would cross a row's end, the whole row is one bead.

    Args:
        zh: the Chinese side.
        vi: the Vietnamese side.
        aligned: the ordinary alignment of some segments.
    """
    rows: defaultdict[int, tuple[list[Segment], list[Segment]]] = defaultdict(lambda: ([], []))
    for side, document in enumerate((zh, vi)):
        for one in documents.segment(document):
            rows[one.origin.paragraph or 0][side].append(one)
    long = {row for row, (src, tgt) in rows.items() if src and tgt and len(src) + len(tgt) > 2}  # noqa: PLR2004 - one of each
    within = _within_rows([rows[row] for row in sorted(long)], aligned)
    beads: list[Bead] = []
    for row in sorted(rows):
        src, tgt = rows[row]
        if row in long:
            beads += within[row]
        elif src and tgt:
            beads.append(Bead(0, tuple(src), tuple(tgt), confidence=1.0))
        else:
            beads += [Bead(0, (s,), (), confidence=1.0) for s in src]
            beads += [Bead(0, (), (s,), confidence=1.0) for s in tgt]
    return tuple(bead.replace(id=number) for number, bead in enumerate(beads))


def _within_rows(
    rows: Sequence[tuple[Sequence[Segment], Sequence[Segment]]], aligned: Aligned
) -> dict[int, list[Bead]]:
    """The beads of rows of several sentences, by row."""
    src = [s for row in rows for s in row[0]]
    tgt = [s for row in rows for s in row[1]]
    found: defaultdict[int, list[Bead]] = defaultdict(list)
    crossed: set[int] = set()
    for bead in aligned(src, tgt) if rows else ():
        touched = {s.origin.paragraph or 0 for s in (*bead.src, *bead.tgt)}
        for row in touched:
            found[row].append(bead)
        if len(touched) > 1:
            crossed |= touched
    for zh, vi in rows:
        number = zh[0].origin.paragraph or 0
        if number in crossed:
            found[number] = [Bead(0, tuple(zh), tuple(vi), confidence=1.0)]
    return found
