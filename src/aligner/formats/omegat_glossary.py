"""The glossary OmegaT reads: source TAB target TAB comment, UTF-8, no header, no quoting.

Read: the same file from any tool, in either direction, told by the languages that stand in it. Lines that
begin with # are comments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from aligner.errors import FormatError
from aligner.formats.glossary import joined
from aligner.formats.options import Direction
from aligner.formats.units import clean
from aligner.language.script import detect_language, han_share
from aligner.lines import text_lines
from aligner.terms.model import TermEntry, entry_id

_SAMPLE = 200  # lines looked at to tell the direction
_LEAST_CELLS = 2


def write_entries(entries: Iterable[TermEntry], file: BinaryIO, *, direction: Direction = "zh-vi") -> None:
    """Writes a line for every source form of every entry, its preferred target first."""
    for entry in entries:
        zh, vi = (entry.zh, *entry.zh_variants), (entry.vi, *entry.vi_variants)
        sources, targets = (zh, vi) if direction == "zh-vi" else (vi, zh)
        comment = _comment(entry, targets)
        for source in sources:
            line = "\t".join((clean(source), clean(targets[0]), comment))
            file.write(f"{line}\n".encode("utf-8", "replace"))


def _comment(entry: TermEntry, targets: Sequence[str]) -> str:
    parts = [entry.category, *(["DEPRECATED"] if entry.status == "deprecated" else [])]
    parts += [f"= {' | '.join(map(clean, targets[1:]))}"] if targets[1:] else []
    return "; ".join([*parts, *([clean(entry.note)] if entry.note else [])])


def read_entries(file: BinaryIO, name: str) -> list[TermEntry]:
    """The entries of a glossary, approved, since somebody made them.

    Raises:
        FormatError: it is no such glossary.
    """
    rows = list(_rows(file, name))
    if not rows:
        raise FormatError(f"{name} holds no term", "a line is: source TAB target TAB comment")
    if not any(han_share("".join(cells[:2])) for _, cells in rows):
        raise FormatError(f"{name}: no Chinese in the first two columns", "name the columns zh and vi")
    first_is_vi = Counter(_is_vi_first(cells) for _, cells in rows[:_SAMPLE]).most_common(1)[0][0]
    found: list[TermEntry] = []
    for number, cells in rows:
        if len(cells) < _LEAST_CELLS or not (cells[0] and cells[1]):
            raise FormatError(f"{name}:{number}: no target", "a line is: source TAB target TAB comment")
        zh, vi = (cells[1], cells[0]) if first_is_vi else (cells[0], cells[1])
        note = cells[2] if len(cells) > _LEAST_CELLS else ""
        found.append(TermEntry(zh, vi, status="approved", confidence=1.0, note=note, id=entry_id(zh, vi)))
    return joined(found)


def _rows(file: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in text_lines(file, name):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def _is_vi_first(cells: Sequence[str]) -> bool:
    first, second = cells[0], cells[1] if len(cells) > 1 else ""
    return han_share(second) > han_share(first) or detect_language(first) == "vi"
